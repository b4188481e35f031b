// After a tick the page of the day comes back, perhaps with a taller card at its top: the appointment that was ticked
// stays where it was on the screen. Runs after focus.js, which keeps the position of the page.

let ticked = null; // id of the appointment in the course of the day
let top = null;

document.addEventListener(
  'submit',
  ({ target }) => {
    ticked = target.closest('[data-kt-termin][id]')?.id ?? null;
  },
  true,
);

document.addEventListener('htmx:before:swap', () => {
  const element = ticked && document.getElementById(ticked);
  const box = element?.getBoundingClientRect();
  // only what is on the screen can jump
  top = box && box.bottom > 0 && box.top < innerHeight ? box.top : null;
});

document.addEventListener('htmx:after:swap', () => {
  if (top === null) return;
  const element = document.getElementById(ticked);
  if (element) scrollBy({ top: element.getBoundingClientRect().top - top, behavior: 'instant' });
  top = null;
});
