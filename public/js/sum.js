// <p data-kt-sum data-locale="de" data-text="Gewählt: {minutes} Minuten, {costs}" data-free="kostenlos" …>
// below checkboxes with data-kt-minutes and data-kt-cents (missing: the fee is set by the municipal statute).
// Tells while choosing what the next page says anyway: how long it takes and what it costs.

function costs(cents, open, { locale, free, statute, andStatute }) {
  const amount = new Intl.NumberFormat(locale === 'en' ? 'en-GB' : 'de-DE', { style: 'currency', currency: 'EUR' });
  if (open) return cents === 0 ? statute : andStatute.replace('{amount}', amount.format(cents / 100));
  return cents === 0 ? free : amount.format(cents / 100);
}

function show(form) {
  const sum = form.querySelector('[data-kt-sum]');
  const chosen = [...form.querySelectorAll('[data-kt-minutes]:checked')];
  let minutes = 0;
  let cents = 0;
  for (const box of chosen) {
    const persons = Number(form.elements[`personen-${box.value}`]?.value ?? 1);
    minutes += Number(box.dataset.ktMinutes) * persons;
    cents += Number(box.dataset.ktCents ?? 0) * persons;
  }
  const open = chosen.some((box) => box.dataset.ktCents === undefined);
  sum.hidden = chosen.length === 0;
  const text = sum.dataset.text
    .replace('{minutes}', String(Math.ceil(minutes / 5) * 5))
    .replace('{costs}', costs(cents, open, sum.dataset));
  if (sum.textContent !== text) sum.textContent = chosen.length === 0 ? '' : text;
}

document.addEventListener('change', (event) => {
  const form = event.target.closest?.('form');
  if (form?.querySelector('[data-kt-sum]')) show(form);
});

// Back from the next page: the browser has restored the ticks, not the sum.
window.addEventListener('pageshow', () => {
  for (const sum of document.querySelectorAll('[data-kt-sum]')) {
    if (sum.closest('form').querySelector('[data-kt-minutes]:checked')) show(sum.closest('form'));
  }
});
