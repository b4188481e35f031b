// Keeps the clerk's day readable without a signal (docs/adr/0014-offline-day.md). Served as /sw.js with `ktVersion` and
// `ktSettings` in front (server/web/serviceWorker.ts); registered by js/dayWorker.js from the pages of the day only.
// What it keeps: pages of the day and of the week, which name people, until sign-out and for two days at most; the
// static files they need; map tiles that were seen on them. No other page, no answer to a form, no error.
'use strict';

const { needed, styles, icon, tiles, languages, timeZone } = self.ktSettings;

const FILES = `kt-files-${self.ktVersion}`;
const PAGES = 'kt-days';
const TILES = 'kt-tiles';

const PATIENCE = 4000; // milliseconds until a kept page is shown instead of one that does not come
const JUST_NOW = 10_000;
const LONGEST_KEPT = 48 * 60 * 60 * 1000;
const MOST_TILES = 400;
const KEPT_AT = 'X-Kt-Kept';
const USER = 'X-Kt-User';

/** Counts sign-outs: a page that was on its way then must not be kept any more. */
let epoch = 0;

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(FILES)
      .then((cache) => cache.addAll(needed))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(Promise.all([dropOldFiles(), dropOldPages()]).then(() => self.clients.claim()));
});

self.addEventListener('message', (event) => {
  const { kind, url } = event.data ?? {};
  if (kind === 'keep') event.waitUntil(fetchAndKeep(new URL(url)).catch(() => undefined));
  if (kind === 'forget') event.waitUntil(forget());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.method === 'POST') {
    if (languages.some(({ signOut }) => url.pathname === signOut)) event.respondWith(signOut(event));
    else if (isStaff(url) && wantsHtml(request) && request.mode !== 'navigate') event.respondWith(sendForm(event));
    return;
  }
  if (request.method !== 'GET') return;
  if (url.pathname.startsWith('/assets/')) event.respondWith(file(request, url));
  else if (url.pathname.startsWith(tiles) && isFromDay(request)) event.respondWith(tile(event));
  else if (isDay(url) && wantsHtml(request)) event.respondWith(dayPage(event, url));
  else if (isStaff(url) && wantsHtml(request)) event.respondWith(otherPage(event, url));
});

/* What is what ------------------------------------------------------------- */

const DATE = /^\/\d{4}-\d{2}-\d{2}$/;

function languageOf(url) {
  return languages.find(({ home }) => url.pathname === home || url.pathname.startsWith(`${home}/`));
}

function isStaff(url) {
  return languageOf(url) !== undefined;
}

/** A page that is kept: today, a day by its date, a week. */
function isDay(url) {
  const language = languageOf(url);
  if (!language) return false;
  const { day, week } = language;
  if (url.pathname === week) return true;
  if (url.search !== '') return false;
  return url.pathname === day || (url.pathname.startsWith(`${day}/`) && DATE.test(url.pathname.slice(day.length)));
}

/** The date in the address, or undefined. */
function dateOf(url) {
  const language = languageOf(url);
  const rest = language && url.pathname.startsWith(`${language.day}/`) ? url.pathname.slice(language.day.length) : '';
  return DATE.test(rest) ? rest.slice(1) : undefined;
}

function isSignIn(url) {
  return languages.some(({ signIn }) => url.pathname === signIn || url.pathname.startsWith(`${signIn}/`));
}

/** Whole pages only: a part that htmx asks for, or JSON, is not for keeping. */
function wantsHtml(request) {
  if (request.headers.get('HX-Request-Type') === 'partial') return false;
  return request.mode === 'navigate' || /text\/html/.test(request.headers.get('Accept') ?? '');
}

function isFromDay(request) {
  return URL.canParse(request.referrer) && isDay(new URL(request.referrer));
}

const isoDate = new Intl.DateTimeFormat('sv-SE', { timeZone }); // 2026-12-08

/** What day it is at the office. */
function localDate(milliseconds) {
  return isoDate.format(milliseconds);
}

/* Pages -------------------------------------------------------------------- */

/** From the network; what was kept instead when it does not come in time or the server is in trouble. */
async function dayPage(event, url) {
  if (event.request.headers.has('X-Kt-Kept-Now')) {
    const now = await newestKept(url);
    if (now && Date.now() - now.at < JUST_NOW) return now.response;
  }
  const asked = epoch;
  const answer = fetch(event.request).then((response) => {
    event.waitUntil(look(url, response, asked));
    return response;
  });
  event.waitUntil(answer.catch(() => undefined));
  const kept = await newestKept(url);
  if (!kept) return answer.catch(() => offlinePage(url));
  let late = false;
  const first = await Promise.race([
    answer.then(
      (response) => (response.status >= 500 ? undefined : response),
      () => undefined,
    ),
    new Promise((resolve) => {
      setTimeout(() => {
        late = true;
        resolve(undefined);
      }, PATIENCE);
    }),
  ]);
  if (first) return first;
  if (late) event.waitUntil(answer.then((response) => response.ok && tellFresh(url)).catch(() => undefined));
  return marked(kept);
}

/** Another page for those who work with the program: never kept; without a signal a page says what can be read. */
async function otherPage(event, url) {
  try {
    const response = await fetch(event.request);
    // Somebody has to sign in: nobody is at work here, so nothing may be left to read.
    if (response.ok && isSignIn(new URL(response.url || url))) await forget();
    return response;
  } catch {
    return offlinePage(url);
  }
}

/** A form that htmx sends: the page it leads to is kept as if it had been asked for. */
async function sendForm(event) {
  const asked = epoch;
  const response = await fetch(event.request);
  if (response.redirected) event.waitUntil(look(new URL(response.url), response, asked));
  return response;
}

/** Signing out deletes first: it has to be gone even if the server cannot be reached. */
async function signOut(event) {
  await forget();
  try {
    const response = await fetch(event.request);
    await tell(event, 'signedOut');
    return response;
  } catch {
    await tell(event, 'signedOut');
    return offlinePage(new URL(event.request.url), 'signedOut');
  }
}

/**
 * What an answer tells: a page to keep, or that the session is over.
 * @param asked the epoch in which it was asked for
 */
async function look(url, response, asked) {
  const shown = response.url ? new URL(response.url) : url;
  if (isSignIn(shown)) await forget();
  else if (response.ok && response.type === 'basic' && isDay(shown)) await keep(shown, response.clone(), asked);
}

async function fetchAndKeep(url) {
  if (!isDay(url)) return;
  const asked = epoch;
  const response = await fetch(url, { headers: { Accept: 'text/html' }, credentials: 'same-origin' });
  await look(url, response, asked);
}

async function keep(url, response, asked) {
  const html = await response.text();
  const user = /data-kt-user="([^"]+)"/.exec(html)?.[1];
  if (!user) return; // not one of the pages made for this
  const cache = await caches.open(PAGES);
  await dropOldPages(user);
  if (asked !== epoch) return;
  const headers = new Headers(response.headers); // the policy for scripts among them
  for (const name of ['Content-Encoding', 'Content-Length']) headers.delete(name);
  headers.set(KEPT_AT, String(Date.now()));
  headers.set(USER, user);
  // made anew: an answer that followed a redirect must not answer a navigation
  await cache.put(url.pathname + url.search, new Response(html, { status: 200, headers }));
}

/** The newest copy that shows this page: "today" stands under its date as well. */
async function newestKept(url) {
  const language = languageOf(url);
  const now = Date.now();
  const today = localDate(now);
  const dated = `${language.day}/${today}`;
  const names =
    url.pathname === language.day || url.pathname === dated ? [language.day, dated] : [url.pathname + url.search];
  const cache = await caches.open(PAGES);
  const found = [];
  for (const name of names) {
    const response = await cache.match(name);
    const at = Number(response?.headers.get(KEPT_AT));
    if (!response || now - at > LONGEST_KEPT) continue;
    // "today" that was kept yesterday shows another day
    if (name === language.day && localDate(at) !== today) continue;
    found.push({ response, at });
  }
  return found.sort((a, b) => b.at - a.at)[0];
}

/** A kept page says of itself since when. */
async function marked({ response, at }) {
  const html = (await response.text()).replace(' data-kt-offline', ` data-kt-offline data-kt-kept="${at}"`);
  return new Response(html, { status: 200, headers: response.headers });
}

async function forget() {
  epoch += 1;
  await caches.delete(PAGES);
}

/** Deletes pages of days before yesterday, pages that are too old, and those of anybody else. @param user who is here */
async function dropOldPages(user) {
  const cache = await caches.open(PAGES);
  const now = Date.now();
  const yesterday = localDate(now - 24 * 60 * 60 * 1000);
  for (const request of await cache.keys()) {
    const response = await cache.match(request);
    const date = dateOf(new URL(request.url));
    const isOld =
      now - Number(response?.headers.get(KEPT_AT)) > LONGEST_KEPT || (date !== undefined && date < yesterday);
    if (isOld || (user && response?.headers.get(USER) !== user)) await cache.delete(request);
  }
}

/** Tells the other tabs. */
async function tell(event, kind) {
  for (const client of await self.clients.matchAll({ type: 'window' })) {
    if (client.id !== event.clientId && client.id !== event.resultingClientId) client.postMessage({ kind });
  }
}

async function tellFresh(url) {
  for (const client of await self.clients.matchAll({ type: 'window' })) {
    if (new URL(client.url).pathname === url.pathname) client.postMessage({ kind: 'fresh' });
  }
}

/* Static files and tiles ---------------------------------------------------- */

/** Their addresses change with their content. A page kept before an upgrade gets today's file of the same name. */
async function file(request, url) {
  const kept = await caches.match(request);
  if (kept) return kept;
  try {
    return await fetch(request);
  } catch (error) {
    const name = url.pathname.replace(/^\/assets\/[^/]+\//, '');
    const same = needed.find((address) => address.replace(/^\/assets\/[^/]+\//, '') === name);
    const instead = same && (await caches.match(same));
    if (instead) return instead;
    throw error;
  }
}

async function dropOldFiles() {
  for (const name of await caches.keys()) {
    if (name.startsWith('kt-files-') && name !== FILES) await caches.delete(name);
  }
}

async function tile(event) {
  const cache = await caches.open(TILES);
  const kept = await cache.match(event.request);
  if (kept) return kept;
  const response = await fetch(event.request);
  if (response.ok) event.waitUntil(keepTile(cache, event.request, response.clone()));
  return response;
}

async function keepTile(cache, request, response) {
  await cache.put(request, response);
  const all = await cache.keys(); // oldest first
  for (const old of all.slice(0, Math.max(0, all.length - MOST_TILES))) await cache.delete(old);
}

/* The page for "no signal" --------------------------------------------------- */

const escaped = (text) =>
  text.replace(/[&<>"]/g, (symbol) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[symbol]);

/** @param because 'signedOut': somebody wanted to sign out and could not tell the server */
async function offlinePage(url, because) {
  const language = languageOf(url) ?? languages[0];
  const { texts, locale } = language;
  const days = [];
  for (const request of await (await caches.open(PAGES)).keys()) {
    const kept = new URL(request.url);
    const date = languageOf(kept) === language ? dateOf(kept) : undefined;
    const isToday = kept.pathname === language.day;
    if (date || isToday) days.push({ href: kept.pathname, date: date ?? localDate(Date.now()) });
  }
  const words = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' });
  const links = [...new Map(days.map((day) => [day.date, day])).values()]
    .sort((a, b) => (a.date < b.date ? -1 : 1))
    .map(
      ({ href, date }) =>
        `<li><a class="kt-link" href="${href}">${escaped(words.format(new Date(`${date}T12:00:00Z`)))}</a></li>`,
    );
  const list =
    links.length > 0
      ? `<p class="kt-text">${escaped(texts.days)}</p><ul class="kt-list">${links.join('')}</ul>`
      : `<p class="kt-text">${escaped(texts.none)}</p>`;
  const html = `<!DOCTYPE html>
<html lang="${locale}">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(texts.title)} – Koffertour</title>
<meta name="robots" content="noindex, nofollow">
<link rel="icon" href="${icon}" type="image/svg+xml">
${styles.map((href) => `<link rel="stylesheet" href="${href}">`).join('\n')}
</head>
<body class="kt-page">
<main class="kt-main" id="main" tabindex="-1"><div class="kt-container kt-flow">
<h1 class="kern-heading-large kt-heading" tabindex="-1">${escaped(texts.title)}</h1>
<p class="kt-text">${escaped(because === 'signedOut' ? texts.signedOut : texts.text)}</p>
${because === 'signedOut' ? '' : list}
<p class="kt-text"><a class="kt-link" href="${because === 'signedOut' ? language.day : escaped(url.pathname + url.search)}">${escaped(texts.again)}</a></p>
</div></main>
</body>
</html>`;
  return new Response(html, {
    status: 503,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
      'Content-Security-Policy': "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    },
  });
}
