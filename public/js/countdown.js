// <span data-kt-countdown="2026-11-22T09:24:00Z" data-kt-countdown-now="2026-11-22T09:15:18Z"
//       data-text-left="Noch {time} Minuten" data-text-over="Die Zeit ist abgelaufen."
//       data-announce-minutes="Noch {minutes} Minuten …" data-announce-one="Noch eine Minute …" data-announce-over="…">
// Both instants come from the server and their difference is counted down by a clock that only runs
// forward: a wrong clock in the browser does not matter. Without JavaScript the server's text stays.
import { announce } from './announce.js';

const SECOND = 1000;
const ANNOUNCED_MINUTES = [5, 2, 1];

/** What is known of an element: since when it counts, and what was left the last time. */
const counts = new WeakMap();

/** Milliseconds left; may be negative. Starts anew when the server sends other instants (the time was extended). */
function remaining(element) {
  const { ktCountdown: until, ktCountdownNow: now } = element.dataset;
  let count = counts.get(element);
  if (count?.until !== until || count.now !== now) {
    count = { until, now, started: performance.now(), total: Date.parse(until) - Date.parse(now), before: undefined };
    counts.set(element, count);
  }
  return count.total - (performance.now() - count.started);
}

function show(element) {
  const left = remaining(element);
  if (Number.isNaN(left)) return;
  const seconds = Math.max(0, Math.ceil(left / SECOND));
  const { textLeft = '{time}', textOver = '' } = element.dataset;
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  setText(element, seconds > 0 ? textLeft.replace('{time}', time) : textOver);

  const bar = (element.closest('.kt-hold, [data-kt-hold]') ?? document).querySelector('[data-kt-countdown-bar]');
  if (bar) bar.value = Math.min(bar.max, seconds);
  if (seconds === 0) for (const part of document.querySelectorAll('[data-kt-countdown-expired]')) part.hidden = false;

  const count = counts.get(element);
  if (count.before !== undefined) speak(element.dataset, count.before, seconds);
  count.before = seconds;
}

/** Speaks at 5, 2 and 1 minutes and at the end, not each second. */
function speak(texts, before, seconds) {
  if (before > 0 && seconds === 0) return announce(texts.announceOver);
  const minutes = ANNOUNCED_MINUTES.findLast((minute) => before > minute * 60 && seconds <= minute * 60);
  if (minutes === undefined || seconds === 0) return;
  const text = (minutes === 1 && texts.announceOne) || texts.announceMinutes;
  announce(text?.replace('{minutes}', String(minutes)));
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function tick() {
  for (const element of document.querySelectorAll('[data-kt-countdown]')) show(element);
}

tick();
setInterval(tick, SECOND);
document.addEventListener('htmx:after:swap', tick);
document.addEventListener('visibilitychange', tick); // timers of a hidden page may be minutes apart
