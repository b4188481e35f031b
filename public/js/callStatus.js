// What the screen of the hotline says at its foot: one line for what has just happened, seen and heard.
//   <p … data-kt-call-texts data-ask="…" …>                all words come from the server
//   <p class="kt-statusline__item" data-kt-call-message>   made by this script where it is missing
import { announce } from './announce.js';

/** A word of the page; empty where the page has none. */
export function callText(name) {
  return document.querySelector('[data-kt-call-texts]')?.dataset[name] ?? '';
}

/** Shows a sentence in the status line and says it; empty: takes the last one away. */
export function say(text) {
  const line = document.querySelector('[data-kt-call-message]') ?? newLine();
  if (line) {
    const strong = document.createElement('strong');
    strong.textContent = text;
    line.replaceChildren(strong);
    line.hidden = text === '';
  }
  announce(text);
}

/** What stands there, to know whether it may be taken away. */
export function said() {
  return document.querySelector('[data-kt-call-message]')?.textContent ?? '';
}

function newLine() {
  const foot = document.querySelector('.kt-statusline__inner');
  if (!foot) return null;
  const line = document.createElement('p');
  line.className = 'kt-statusline__item';
  line.dataset.ktCallMessage = '';
  foot.prepend(line);
  return line;
}
