// A morph keeps an input and gives it a new value, so the tick somebody set would pass to another time. After each
// swap the ticks of radio buttons are those of the server; where it sent none, the value chosen before, if it is
// still there, and else none.

/** @returns {HTMLInputElement[]} */
const radios = () => [...document.querySelectorAll('#main input[type=radio]')];

let before = new Map(); // name of a group -> chosen value

document.addEventListener('htmx:before:swap', () => {
  before = new Map(
    radios()
      .filter((radio) => radio.checked)
      .map((radio) => [radio.name, radio.value]),
  );
});

document.addEventListener('htmx:after:swap', () => {
  const sent = new Set(
    radios()
      .filter((radio) => radio.defaultChecked)
      .map((radio) => radio.name),
  );
  for (const radio of radios()) {
    radio.checked = sent.has(radio.name) ? radio.defaultChecked : before.get(radio.name) === radio.value;
  }
});
