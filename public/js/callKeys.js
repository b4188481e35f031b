// The keys of the hotline's screen: whatever is marked with data-kt-key is pressed by that key, and focused instead
// where data-kt-key-focus stands too. One listener on the document, so nothing is bound twice, whatever htmx swaps.
//
//   <button … data-kt-key="m" aria-keyshortcuts="m">          single characters: not while somebody types,
//   <button … data-kt-key="n Escape">                         and not when they are switched off; Escape always
//   <button type="button" data-kt-key="?">                    opens <dialog id="tasten">
//   <input type="checkbox" data-kt-keys-switch>               "Einzelne Tasten benutzen" (WCAG 2.1.4)
//
// No key with Ctrl, Alt or Meta, no F-keys, no "/": those belong to browsers and screen readers.
import { callText, said, say } from './callStatus.js';

const STORED = 'kt-call-keys'; // localStorage: 'off' or nothing
const PATIENCE = 5000; // milliseconds for the second Escape

let offHere = null; // true or false: what was chosen where nothing can be stored
let question = 0; // timer of the question that the second Escape answers

document.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
  if (event.repeat) {
    // A held Enter must not send the form that the answer to its first press has put under it.
    if (event.key === 'Enter' && document.querySelector('[data-kt-call-search]')) event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.altKey || event.metaKey || isSomethingOpen()) return;
  if (event.key === 'Escape') {
    escape(event);
    return;
  }
  withdrawQuestion();
  // 'Enter' and 'ArrowDown' have names of several letters.
  if ([...event.key].length !== 1 || isOff() || isTyping(event.target)) return;
  const control = controlOf(event.key.toLowerCase());
  if (!control) return;
  event.preventDefault();
  press(control);
});

document.addEventListener('click', ({ target }) => {
  const dialog = keyDialog();
  if (!dialog || !(target instanceof Element)) return;
  if (target.closest('[data-kt-key="?"]')) open(dialog);
  else if (target.closest('[data-kt-keys-close]')) dialog.close();
});

document.addEventListener('change', ({ target }) => {
  if (!target.matches?.('[data-kt-keys-switch]')) return;
  offHere = !target.checked;
  try {
    if (offHere) localStorage.setItem(STORED, 'off');
    else localStorage.removeItem(STORED);
  } catch {
    // not allowed to store anything: it holds until the page is loaded anew
  }
  showSwitch();
  say(callText(offHere ? 'keysOff' : 'keysOn'));
});

/** The first that can be seen and used. */
function controlOf(key) {
  return [...document.querySelectorAll(`[data-kt-key~="${CSS.escape(key)}"]`)].find(isUsable);
}

function isUsable(element) {
  if (element.matches(':disabled, [aria-disabled="true"]') || element.closest('[inert]')) return false;
  return element.checkVisibility?.({ visibilityProperty: true }) ?? element.offsetParent !== null;
}

function press(control) {
  if (!control.hasAttribute('data-kt-key-focus')) {
    control.click();
    return;
  }
  control.focus();
  if (control.matches('input')) control.select();
}

/** Ends the call at once, or after a second press when something would be lost. */
function escape(event) {
  const control = controlOf('Escape');
  const form = document.getElementById('ende-form'); // nothing to press while nothing is held
  if (!control && !form) return;
  event.preventDefault(); // it would stop what is being loaded
  const ask = callText('ask');
  if (question === 0 && ask !== '' && hasTypedCaller()) {
    say(ask);
    question = setTimeout(withdrawQuestion, PATIENCE);
    return;
  }
  withdrawQuestion();
  if (control) press(control);
  else form.requestSubmit();
}

function withdrawQuestion() {
  if (question === 0) return;
  clearTimeout(question);
  question = 0;
  if (said() === callText('ask')) say('');
}

/** Something about the caller was typed that the server did not fill in by itself. */
function hasTypedCaller() {
  const forms = new Set([...document.querySelectorAll('[data-kt-say]')].map((field) => field.form));
  return [...forms].some(
    (form) =>
      form &&
      [...form.elements].some(
        (field) =>
          isText(field) &&
          field.value.trim() !== '' &&
          (field.value !== field.defaultValue || field.matches('[data-kt-say]')),
      ),
  );
}

const NO_TEXT = ['button', 'checkbox', 'color', 'file', 'hidden', 'image', 'radio', 'range', 'reset', 'submit'];

function isText(field) {
  return field.matches('textarea') || (field.matches('input') && !NO_TEXT.includes(field.type));
}

/** Characters go into what has the focus. */
function isTyping(target) {
  if (!(target instanceof Element)) return false;
  return isText(target) || target.matches('select') || target.isContentEditable === true;
}

/** A dialog or a list of suggestions has the keys to itself. */
function isSomethingOpen() {
  return document.querySelector('dialog[open], [role="combobox"][aria-expanded="true"]') !== null;
}

function isOff() {
  if (offHere !== null) return offHere;
  try {
    return localStorage.getItem(STORED) === 'off';
  } catch {
    return false;
  }
}

function keyDialog() {
  return document.querySelector('dialog#tasten');
}

function open(dialog) {
  if (dialog.open) return;
  showSwitch();
  dialog.showModal(); // the browser gives the focus back when it closes
}

/** Also for the style: hints at keys that do nothing are not shown. */
function showSwitch() {
  for (const box of document.querySelectorAll('[data-kt-keys-switch]')) box.checked = !isOff();
  document.documentElement.toggleAttribute('data-kt-keys-off', isOff());
}

showSwitch();
document.addEventListener('htmx:after:swap', showSwitch);
