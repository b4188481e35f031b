// The form of a tour checks itself while it is filled in: htmx sends it after each change (see views/tours/edit) and
// puts the answer beside it, without touching a field. This file says the result aloud, and keeps one free place in
// the crew.
import { announce } from './announce.js';

let said = ''; // the last verdict, so that the same one is not said after each field

document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
  if (ctx.target?.id !== 'tour-check') return;
  const verdict = document.querySelector('#tour-check [data-kt-verdict]')?.textContent.trim() ?? '';
  const titles = [...document.querySelectorAll('#tour-check .kt-conflict__title')].map((title) =>
    title.textContent.replace(/\s+/g, ' ').trim(),
  );
  const text = [verdict, ...titles].join('. ');
  if (text !== said) announce(text);
  said = text;
});

// Whoever fills the last place gets another one; the server does the same when the page comes anew.
document.addEventListener('change', ({ target }) => {
  const places = target.closest?.('[data-kt-crew]');
  if (!places || target.value === '') return;
  const selects = [...places.querySelectorAll('select')];
  const last = selects.at(-1);
  if (target !== last || selects.length >= 9) return;
  const next = selects.length + 1;
  const place = last.closest('.kern-form-input').cloneNode(true);
  for (const element of place.querySelectorAll('.kern-error')) element.remove();
  place.classList.remove('kern-form-input--error');
  const select = place.querySelector('select');
  select.id = select.name = `team-${next}`;
  select.value = '';
  for (const option of select.options) option.defaultSelected = false;
  const label = place.querySelector('label');
  label.htmlFor = select.id;
  label.textContent = label.textContent.replace(/\d+/, String(next));
  places.append(place);
});
