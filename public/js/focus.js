// After a boosted change of page the focus would stay on a link that is gone, and a screen reader would
// say nothing. A full page load does by itself what this does for swaps: top of the page, new title
// (htmx sets it). Errors come first, else the h1.

import { announce } from './announce.js';

/** @returns {HTMLElement | null} what must be read first after something was refused */
const errorSummary = () => document.querySelector('#main [data-kt-autofocus], #main .kt-errors');

function focusOn(element, options) {
  // An h1 takes the focus once; it is no stop of the Tab key.
  if (!element.hasAttribute('tabindex')) element.setAttribute('tabindex', '-1');
  // What has the focus already, by `autofocus`, is not scrolled to once more.
  if (element === document.activeElement && !options?.preventScroll) element.scrollIntoView({ block: 'center' });
  element.focus(options);
}

let place = null; // scroll position to come back to, for [data-kt-keep-place]

document.addEventListener('htmx:before:swap', ({ detail: { ctx } }) => {
  // A filter changes the list under the reader's hand: focus and position stay.
  place = ctx.sourceElement?.closest?.('[data-kt-keep-place]') ? { x: scrollX, y: scrollY } : null;
});

document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
  if (!isPageChange(ctx)) return;
  const errors = errorSummary();
  if (place && !errors) {
    scrollTo({ left: place.x, top: place.y, behavior: 'instant' });
    if (document.activeElement !== document.body) return;
  } else if (!ctx.request?.anchor && !isHistory(ctx)) {
    scrollTo({ left: 0, top: 0, behavior: 'instant' });
  }
  const first = errors ?? document.querySelector('#main h1') ?? document.getElementById('main');
  if (first) focusOn(first, { preventScroll: !errors });
  // A role=status that comes with the page is not read: what has just been done is said in the permanent region.
  announce(document.querySelector('#main [data-kt-announce]')?.textContent.trim());
});

// without htmx: a refused form comes back as a whole page
const errors = errorSummary();
if (errors) focusOn(errors);

function isPageChange(ctx) {
  return ctx.target === '#main' || ctx.target === document.body || ctx.target?.id === 'main';
}

/** Going back and forward: the browser restores the position. */
function isHistory(ctx) {
  return ctx.request?.headers?.['HX-History-Restore-Request'] === 'true';
}
