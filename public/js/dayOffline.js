// The clerk's day without a signal: forms with data-kt-queue are kept on the phone first and then sent, so a tick is
// never lost, with or without a signal. Shown at #warteschlange, whose texts come with the page:
// <div id="warteschlange" data-kt-offline data-kt-user="…" data-kt-texts='{…}' hidden>; data-kt-kept: the page is the
// copy that the service worker kept at that time.
import { announce } from './announce.js';
import { alone } from './dayLock.js';
import { createQueue, readAnswer } from './dayQueue.js';
import { applyQueue, renderQueue } from './dayQueueView.js';
import { newKey, openStore } from './dayStore.js';
import { forgetPages, startWorker } from './dayWorker.js';

const PATIENCE = 8000; // milliseconds until a request without an answer counts as none
const AGAIN = [1000, 3000, 10_000, 30_000]; // milliseconds until the next tries; the last one for all that follow
const SOON = 2000; // milliseconds until another tab has sent
const OLD = 60_000; // milliseconds until a page that is looked at again is fetched anew

const place = () => document.getElementById('warteschlange');
const store = openStore();
const registered = new Set(); // scopes
let queue; // of the user of the page
let texts = {};
let status = null; // why the last try stopped: null, 'busy', 'retry', 'signIn'

/* Starting, and again after each change of page ------------------------------ */

function start() {
  const element = place();
  if (!element?.dataset.ktUser) {
    queue = undefined;
    // in both languages: the service worker sees only the pages of its own
    if (/\/intern\/anmelden(\/|$)/.test(location.pathname)) void forgetPages();
    return;
  }
  texts = JSON.parse(element.dataset.ktTexts);
  remember(element.dataset);
  const { ktUser: user, ktScope: scope } = element.dataset;
  if (queue?.user !== user) queue = Object.assign(queueOf(user), { user });
  if (!registered.has(scope)) {
    registered.add(scope);
    void startWorker(scope, { fresh: () => void refresh({ isKept: true }), signedOut: leave });
  }
  void show().then(send);
}

function queueOf(user) {
  const at = (name) => async (value) => (await store)[name](value);
  return createQueue({
    store: { all: at('all'), put: at('put'), remove: at('remove') },
    post,
    alone,
    now: () => Date.now(),
    newKey,
    user,
    canSend: () => navigator.onLine,
  });
}

/* Sending --------------------------------------------------------------------- */

async function post({ user, url, body }) {
  try {
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: {
        Accept: 'application/json',
        'Content-Type': 'application/x-www-form-urlencoded',
        'X-Kt-User': user, // not under the name of somebody who has signed in meanwhile
      },
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE),
    });
    const isJson = /json/.test(response.headers.get('Content-Type') ?? '');
    const json = isJson ? await response.json() : null;
    // Each answer of the server has this policy. A proxy while it restarts, or a hotel, says 404 without it.
    const ours = response.headers.has('Content-Security-Policy');
    return readAnswer({ status: response.status, type: response.type, json, ours }, texts.refused);
  } catch {
    return { kind: 'retry' }; // no signal, or no answer in time
  }
}

let sending = false;
let timer;
let failures = 0; // in a row, since something has changed
let shownAt = Date.now(); // when the shown page came

async function send() {
  if (!queue || sending) return;
  sending = true;
  clearTimeout(timer);
  try {
    const entries = await queue.all();
    if (!entries.some(({ state }) => state === 'waiting')) {
      status = null;
      if (place()?.dataset.ktKept && navigator.onLine) await refresh();
      return;
    }
    const { sent, stopped, refused } = await queue.send();
    status = stopped;
    failures = stopped === 'retry' ? failures + 1 : 0;
    if (sent.length > 0 || refused > 0) {
      const refusedTexts = (await queue.all()).filter(({ state }) => state === 'refused').map(({ text }) => text);
      announce([...new Set([...sent, ...(refused > 0 ? refusedTexts : [])])].join(' '));
      tell('sent');
      if (stopped === null) await refresh();
    }
    await show();
  } finally {
    sending = false;
  }
  if (!(await waits())) return;
  // null: something was ticked while the last ones were sent
  const wait = AGAIN[Math.min(failures, AGAIN.length) - 1] ?? AGAIN.at(-1);
  timer = setTimeout(() => void send(), status === null ? 0 : status === 'busy' ? SOON : wait);
}

async function waits() {
  return (await queue?.all())?.some(({ state }) => state === 'waiting') ?? false;
}

/** The page as the server has it now, without losing the place; not while somebody types. */
async function refresh({ isKept = false } = {}) {
  const element = place();
  if (!element || isTyping()) return;
  if (!window.htmx) {
    location.reload();
    return;
  }
  const focused = document.activeElement?.closest('[data-kt-termin]')?.id;
  try {
    await window.htmx.ajax('GET', location.pathname + location.search, {
      source: element, // keeps place and focus: it has data-kt-keep-place
      // the service worker has just kept it: asked for once more, it would be late once more
      headers: isKept ? { 'X-Kt-Kept-Now': '1' } : {},
      target: '#main',
      select: '#main',
      swap: 'outerMorph',
    });
  } catch {
    return; // the signal is gone again
  }
  const before = focused && document.activeElement === document.body && document.getElementById(focused);
  if (before) {
    before.setAttribute('tabindex', '-1');
    before.focus({ preventScroll: true });
  }
}

// Only a page of the day of the same person takes its place: neither what a proxy says instead of it, nor, under this
// address, the page to sign in.
document.addEventListener('htmx:before:swap', (event) => {
  const { ctx } = event.detail;
  if (ctx.sourceElement?.id !== 'warteschlange') return;
  const mark = `data-kt-user="${queue?.user}"`;
  if (ctx.text?.includes(mark)) {
    shownAt = Date.now();
    return;
  }
  event.preventDefault();
  if (ctx.response?.raw?.redirected) leave();
});

let isLeaving = false; // this tab signs out itself

/** Somebody has signed out, or the session is over: names do not stay on the screen. */
function leave() {
  if (!isLeaving) location.reload();
}

function isTyping() {
  const { activeElement } = document;
  return (
    activeElement?.matches('textarea, input:not([type="checkbox"], [type="radio"], [type="submit"])') === true &&
    activeElement.value !== activeElement.defaultValue
  );
}

/* Showing --------------------------------------------------------------------- */

async function show() {
  const element = place();
  if (!element || !queue) return;
  const entries = await queue.all();
  // Sent at once when there is a signal: nobody needs to read of it.
  const quiet = (status === null || status === 'busy') && navigator.onLine && !element.dataset.ktKept;
  renderQueue(element, {
    entries,
    texts,
    locale: document.documentElement.lang,
    keptAt: Number(element.dataset.ktKept) || null,
    quiet,
    signIn: status === 'signIn',
    isOnline: navigator.onLine,
  });
  applyQueue(entries, texts, quiet);
}

/* What is done with it ---------------------------------------------------------- */

// capturing, so that it runs before htmx
document.addEventListener(
  'submit',
  (event) => {
    const form = event.target;
    if (event.defaultPrevented || !queue || !form.matches('[data-kt-queue]')) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    void take(form, event.submitter);
  },
  true,
);

async function take(form, submitter) {
  const fields = new URLSearchParams(new FormData(form));
  if (submitter?.name) fields.append(submitter.name, submitter.value);
  const appointment = form.closest('[data-kt-termin]');
  let added;
  try {
    added = await queue.add({
      url: submitter?.formAction && submitter.hasAttribute('formaction') ? submitter.formAction : form.action,
      fields,
      label: labelOf(form, submitter, appointment),
      termin: appointment?.dataset.ktTermin ?? '',
      undo: document.querySelector('[data-kt-undo]')?.dataset.ktUndo ?? '',
    });
  } catch {
    sendPlainly(form, submitter); // it cannot be kept, but nothing that was ticked is swallowed
    return;
  }
  // double.js waits for an answer before the same form may be sent again
  form.dispatchEvent(new CustomEvent('htmx:finally:request', { bubbles: true }));
  if (form.querySelector('textarea')) form.reset(); // the next note is another one
  if (added === 'added' && !navigator.onLine) announce(texts.kept);
  tell('changed');
  await show();
  await send();
}

/** As without a script; a browser that has no signal says so. */
function sendPlainly(form, submitter) {
  if (submitter?.name) {
    form.append(
      Object.assign(document.createElement('input'), { type: 'hidden', name: submitter.name, value: submitter.value }),
    );
  }
  HTMLFormElement.prototype.submit.call(form); // asks no listener
}

/** "9:40 Ist da": the time and what the button says, never a name. */
function labelOf(form, submitter, appointment) {
  const time = appointment?.querySelector('[data-kt-time]')?.textContent ?? '';
  const button = submitter ?? form.querySelector('button:not([type="button"])');
  const words = form.dataset.ktLabel ?? visibleText(button);
  return `${time} ${words}`.replace(/\s+/g, ' ').trim();
}

function visibleText(element) {
  const copy = element?.cloneNode(true);
  for (const hidden of copy?.querySelectorAll('.kern-sr-only') ?? []) hidden.remove();
  return copy?.textContent.trim() ?? '';
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-kt-queue-remove]');
  if (!button || !queue) return;
  const item = button.closest('li');
  const next = item?.nextElementSibling ?? item?.previousElementSibling;
  void queue.remove(button.dataset.ktQueueRemove, button.getAttribute('aria-label')).then(async () => {
    tell('changed');
    const wasAlone = !next;
    await show();
    if (wasAlone) document.querySelector('#main h1')?.focus();
    else place()?.querySelector('[data-kt-queue-remove]')?.focus();
    await refresh(); // the state that the tick had changed on this page
    await send();
  });
});

/* Signing out --------------------------------------------------------------------- */

const WARNING = 'kt-abmelden';
const REMEMBERED = 'kt-offline';

/** For the warning on other pages of this tab; there nothing is sent. */
function remember({ ktUser: user, ktTexts }) {
  try {
    sessionStorage.setItem(REMEMBERED, JSON.stringify({ user, texts: JSON.parse(ktTexts) }));
  } catch {
    // not allowed: then only the pages of the day warn
  }
}

function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(REMEMBERED));
  } catch {
    return null;
  }
}

document.addEventListener(
  'submit',
  (event) => {
    const form = event.target;
    if (!/\/intern\/abmelden$/.test(new URL(form.action, location.href).pathname)) return;
    if (form.dataset.ktSure === undefined) {
      event.preventDefault();
      event.stopImmediatePropagation();
      void askBefore(form);
      return;
    }
    isLeaving = true;
    void forgetPages();
    try {
      sessionStorage.removeItem(REMEMBERED);
    } catch {
      // not allowed: nothing is remembered
    }
  },
  true,
);

/** The first press warns where something has not been sent, the second one signs out. */
async function askBefore(form) {
  const known = remembered();
  const entries = known ? await (await store).all().catch(() => []) : [];
  const waiting = entries.filter(({ user, state }) => user === known.user && state === 'waiting').length;
  if (waiting > 0 && !document.getElementById(WARNING)) {
    warn(form, waiting, known.texts);
    return;
  }
  form.dataset.ktSure = '';
  form.requestSubmit();
}

function warn(form, waiting, texts) {
  const text = (waiting === 1 ? texts.signOutOne : texts.signOutMany).replace('{count}', String(waiting));
  form.closest('header')?.after(noticeOf(WARNING, text));
  announce(text);
}

function noticeOf(id, text) {
  const notice = Object.assign(document.createElement('div'), { id, className: 'kt-notice kt-notice--warning' });
  const icon = Object.assign(document.createElement('span'), { className: 'kern-icon kern-icon--warning' });
  icon.setAttribute('aria-hidden', 'true');
  notice.append(icon, Object.assign(document.createElement('p'), { className: 'kt-notice__text', textContent: text }));
  return notice;
}

/* Forms that are not kept: somebody without an appointment needs a free time from the server ---- */

const NOT_SENT = 'kt-nicht-gesendet';

document.addEventListener('htmx:error', ({ detail }) => {
  const { ctx, error } = detail ?? {};
  const known = ctx?.request?.method === 'POST' && error && remembered();
  if (!known) return;
  document.getElementById(NOT_SENT)?.remove();
  document.getElementById('meldungen')?.append(noticeOf(NOT_SENT, known.texts.notSent));
});
document.addEventListener('htmx:after:swap', () => document.getElementById(NOT_SENT)?.remove());

/* When to try again ----------------------------------------------------------------- */

const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('kt-queue');
// Another tab has put something in, or sent it: then this page is out of date.
channel?.addEventListener('message', ({ data }) => void show().then(() => (data === 'sent' ? refresh() : undefined)));

function tell(what) {
  channel?.postMessage(what);
}

window.addEventListener('online', () => {
  failures = 0;
  void show().then(send);
});
window.addEventListener('offline', () => void show());
window.addEventListener('pageshow', (event) => {
  if (!event.persisted) return;
  start();
  void refresh(); // it may be another's by now
});
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState !== 'visible') return;
  failures = 0;
  // The phone comes out of the pocket: what is next is something else by now.
  const isOld = place() && Date.now() - shownAt > OLD && navigator.onLine;
  void send().then(() => (isOld && Date.now() - shownAt > OLD ? refresh() : undefined));
});
document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
  // its own refresh: what waits is shown again, nothing is sent
  if (ctx.sourceElement?.id === 'warteschlange') void show();
  else {
    shownAt = Date.now();
    start();
  }
});
start();
