// How the queue is shown: the list at #warteschlange, and at each appointment what waits for it.

import { takesBack } from './dayQueue.js';

/** @param {string} tag @param {{ className?: string, textContent?: string }} properties @param {...(Node | string)} parts */
function make(tag, properties, ...parts) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...parts);
  return element;
}

function timeOf(at, locale) {
  return new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : 'de-DE', { hour: 'numeric', minute: '2-digit' })
    .format(at)
    .replace(/^0(?=\d)/, '');
}

/**
 * @param {HTMLElement} element
 * @param {{ entries: object[], texts: Record<string, string>, locale: string, keptAt: number | null, quiet: boolean,
 *   signIn: boolean, isOnline: boolean }} state
 */
export function renderQueue(element, { entries, texts, locale, keptAt, quiet, signIn, isOnline }) {
  const waiting = entries.filter(({ state }) => state === 'waiting');
  const refused = entries.filter(({ state }) => state === 'refused');
  const parts = [];

  if (keptAt !== null) {
    parts.push(line('kern-icon kt-icon kt-icon--offline', texts.keptPage.replace('{time}', timeOf(keptAt, locale))));
  } else if (!isOnline) parts.push(line('kern-icon kt-icon kt-icon--offline', texts.offline));

  if (waiting.length > 0 && !quiet) {
    const head = waiting.length === 1 ? texts.waitingOne : texts.waitingMany.replace('{count}', String(waiting.length));
    parts.push(make('p', { className: 'kt-queue__title', textContent: head }));
    if (signIn) {
      parts.push(
        make(
          'p',
          { className: 'kt-queue__text' },
          make('a', { className: 'kt-link', href: texts.signInHref, textContent: texts.signIn }),
        ),
      );
    }
    parts.push(list(waiting, texts.takeBack, texts, locale));
  }
  if (refused.length > 0) {
    parts.push(make('p', { className: 'kt-queue__title', textContent: texts.refusedTitle }));
    parts.push(list(refused, texts.understood, texts, locale));
  }
  element.replaceChildren(...parts);
  element.hidden = parts.length === 0;
}

function line(icon, text) {
  const picture = make('span', { className: `${icon} kt-icon--small` });
  picture.setAttribute('aria-hidden', 'true');
  return make('p', { className: 'kt-queue__line' }, picture, make('span', { textContent: text }));
}

function list(entries, does, texts, locale) {
  return make(
    'ul',
    { className: 'kt-queue__list' },
    ...entries.map(({ key, at, label, text, state }) => {
      const button = make(
        'button',
        { className: 'kern-btn kern-btn--secondary kt-btn-compact kt-queue__button', type: 'button' },
        make('span', { className: 'kern-label', textContent: does }),
      );
      button.dataset.ktQueueRemove = key;
      // KERN makes a button with hidden words a square for an icon
      button.setAttribute('aria-label', `${does}: ${label}`);
      const when = texts.at.replace('{time}', timeOf(at, locale));
      return make(
        'li',
        { className: 'kt-queue__item' },
        make(
          'p',
          { className: 'kt-queue__text' },
          make('strong', { textContent: label }),
          ` ${when}`,
          ...(state === 'refused' ? [make('br', {}), text] : []),
        ),
        button,
      );
    }),
  );
}

/** At each appointment the last state that waits for it, at once. @param quiet without words: it is being sent */
export function applyQueue(entries, texts, quiet) {
  for (const mark of document.querySelectorAll('[data-kt-waits]')) mark.remove();
  for (const shown of document.querySelectorAll('.kt-queue__replaced')) shown.classList.remove('kt-queue__replaced');
  const last = new Map();
  for (const entry of entries) {
    if (entry.state !== 'waiting' || !entry.termin) continue;
    if (entry.stand) last.set(entry.termin, entry.stand);
    else if (takesBack(entry)) last.delete(entry.termin);
  }
  for (const [termin, stand] of last) {
    for (const appointment of document.querySelectorAll(`[data-kt-termin="${CSS.escape(termin)}"]`)) {
      for (const button of appointment.querySelectorAll('button[name="stand"]')) {
        button.setAttribute('aria-pressed', String(button.value === stand));
      }
      if (quiet) continue;
      const shown = appointment.querySelector('[data-kt-state]');
      const mark = make('span', { className: 'kt-queue__mark', textContent: texts[`state_${stand}`] ?? texts.waits });
      mark.dataset.ktWaits = '';
      if (shown) {
        shown.after(mark);
        shown.classList.add('kt-queue__replaced');
      } else appointment.append(mark);
    }
  }
}
