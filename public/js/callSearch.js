// The one search of the hotline's screen. htmx asks while somebody types (see views/hotline); this file adds Enter and
// the arrow keys, says what failed, and lets the read-back follow what is typed about the caller.
//
//   <form id="suchform" data-kt-call-search>  <input id="suche">   its hx-trigger knows "kt:search": at once
//   <div id="ergebnis" data-kt-query="köthel perso">               what these results are an answer to
//     <ol data-kt-call-times><li><button name="zeit">…             Enter in the field presses the first;
//     <a data-kt-call-enter>…                                      this one before any time
//   <input data-kt-say="vorname">  <span data-kt-said="vorname">   what is typed stands in the read-back
import { announce } from './announce.js';
import { callText, said, say } from './callStatus.js';

const RESULTS = 'ergebnis';
const PATIENCE = 8000; // milliseconds; longer than the slowest search by far
const PAUSE = 600; // milliseconds without a new answer before one is said aloud

/** Each call has addresses of its own. */
const callOf = () => document.querySelector('[data-kt-call-search]')?.getAttribute('action');

let call = callOf();
let asking = null; // htmx's context of the search under way
let pause = 0; // timer of the announcement
let lastSaid = '';

const results = () => document.getElementById(RESULTS);
const fieldOf = (target) =>
  target instanceof Element && target.matches('[data-kt-call-search] input:not([type="hidden"])') ? target : null;

document.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  const field = fieldOf(event.target);
  if (field && event.key === 'Enter') enter(field, event);
  else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') move(field, event);
});

/** Holds the first time if what is shown answers what is typed; asks at once if not. */
function enter(field, event) {
  if (event.repeat) {
    event.preventDefault();
    return;
  }
  const isAnswered = results() && words(results().dataset.ktQuery) === words(field.value);
  if (isAnswered) {
    event.preventDefault();
    if (field.value.trim() !== '') firstAction()?.click();
    return;
  }
  const source = field.form.matches('[hx-trigger]') ? field.form : field.form.querySelector('[hx-trigger]');
  if (!source?.getAttribute('hx-trigger').includes('kt:search')) return; // sent as any form
  event.preventDefault();
  source.dispatchEvent(new CustomEvent('kt:search')); // htmx drops the question that waits for a pause
}

function firstAction() {
  return actions('[data-kt-call-enter]')[0] ?? actions('[data-kt-call-times] button[name="zeit"]')[0];
}

/** Down from the field into the results, up and down within, up from the first back. */
function move(field, event) {
  const all = actions('[data-kt-call-enter], [data-kt-call-times] :is(a[href], button), [data-kt-key]');
  const at = all.indexOf(document.activeElement);
  if (!field && at === -1) return;
  const to = at + (event.key === 'ArrowDown' ? 1 : -1);
  const input = field ?? document.querySelector('[data-kt-call-search] input:not([type="hidden"])');
  const next = to === -1 ? input : all[to];
  if (!next || (field && event.key === 'ArrowUp')) return;
  event.preventDefault(); // the page stays where it is
  next.focus();
}

function actions(selector) {
  return [...(results()?.querySelectorAll(selector) ?? [])].filter(
    (element) => !element.matches(':disabled, [aria-disabled="true"]') && (element.checkVisibility?.() ?? true),
  );
}

function words(text) {
  return (text ?? '').trim().replace(/\s+/g, ' ');
}

// The way of a question. hx-sync="…:replace" aborts the one before; the rest is seen to here.

const isSearch = (ctx) => ctx?.target?.id === RESULTS;

document.addEventListener('htmx:config:request', ({ detail: { ctx } }) => {
  if (isSearch(ctx)) ctx.request.timeout = PATIENCE;
});

document.addEventListener('htmx:before:request', ({ detail: { ctx } }) => {
  // A time is being held, or the call ends: what was asked before that has no place to go.
  if (!isSearch(ctx)) asking?.request.abort();
  asking = isSearch(ctx) ? ctx : null;
});

document.addEventListener('htmx:response:error', ({ detail: { ctx } }) => {
  // The office's own message would be put elsewhere (HX-Retarget): it is said at the foot, below.
  if (isSearch(ctx)) ctx.hx = {};
});

document.addEventListener('htmx:before:swap', (event) => {
  const { ctx } = event.detail;
  if (!isSearch(ctx)) return;
  const { status, raw } = ctx.response;
  if (ctx === asking && status < 400 && ctx.text.includes(`id="${RESULTS}"`)) return;
  event.preventDefault(); // stale, or no results at all: what is shown stays
  if (ctx !== asking) return;
  if (raw.redirected)
    location.reload(); // signed out meanwhile
  else failed();
});

document.addEventListener('htmx:error', ({ detail: { ctx } }) => {
  if (isSearch(ctx) && ctx === asking) failed();
});

document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
  emptyForNewCall();
  follow();
  if (!isSearch(ctx)) {
    lastSaid = '';
    showSearched();
    focusNext();
    return;
  }
  for (const note of document.querySelectorAll('[data-kt-call-old]')) note.remove();
  if (said() === callText('failed')) say('');
  // The control that asked is gone with the old results.
  if (document.activeElement === document.body) document.querySelector('[data-kt-call-search] input')?.focus();
  clearTimeout(pause);
  pause = setTimeout(sayResults, PAUSE);
});

function sayResults() {
  const text = results()?.querySelector('[data-kt-announce]')?.textContent.trim().replace(/\s+/g, ' ') ?? '';
  if (text !== lastSaid) announce(text);
  lastSaid = text;
}

/** A morph also leaves in the search box what was typed there: what is shown belongs to what the server searched for. */
function showSearched() {
  const field = document.querySelector('[data-kt-call-search] input:not([type="hidden"])');
  if (field) field.value = field.defaultValue;
}

/** focus.js has put it on the heading, as on any page; here it goes to what is to be done next, unless that is an error. */
function focusNext() {
  if (!document.querySelector('[data-kt-call-texts]')) return;
  if (document.querySelector('#main [data-kt-autofocus], #main .kt-errors')) return;
  document.querySelector('#main [autofocus]')?.focus();
}

/** A morph leaves in a field what was typed: nothing of one caller may be there for the next. */
function emptyForNewCall() {
  const next = callOf();
  if (next === undefined || next === call) return;
  call = next;
  for (const form of document.querySelectorAll('#main form')) form.reset();
}

function failed() {
  say(callText('failed'));
  const shown = results();
  if (!shown || shown.querySelector('[data-kt-call-old]')) return;
  const note = document.createElement('p');
  note.className = 'kt-text kt-small';
  note.dataset.ktCallOld = '';
  note.textContent = callText('old').replace('{query}', words(shown.dataset.ktQuery) || '–');
  shown.prepend(note);
}

// The read-back follows what is typed about the caller.

document.addEventListener('input', ({ target }) => {
  if (target.matches?.('[data-kt-say]')) follow();
});

function follow() {
  for (const field of document.querySelectorAll('[data-kt-say]')) {
    for (const place of document.querySelectorAll(`[data-kt-said="${CSS.escape(field.dataset.ktSay)}"]`)) {
      const text = field.value.trim() || (place.dataset.ktSaidEmpty ?? '');
      if (place.textContent !== text) place.textContent = text;
    }
  }
}

follow();
window.addEventListener('pageshow', follow); // the browser has put back what was typed
