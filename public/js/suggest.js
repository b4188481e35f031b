// Turns <input data-kt-suggest="/orte"> in a GET form into an editable combobox with a listbox (WAI-ARIA 1.2,
// list autocomplete with manual selection). Without it, or without a network, the field stays a plain field.
//
//   <div class="kt-suggest">                           made by this script where it is missing
//     <input id="ort" name="ort"
//       data-kt-suggest="/orte"                        asked as GET /orte?q=… with Accept: application/json
//       data-kt-suggest-id-name="place"                name of the hidden field for the id (default "place")
//       data-kt-suggest-label="Vorschläge"             name of the list (default: the label of the field)
//       data-kt-suggest-min="2"                        letters before the first question (default 2)
//       data-kt-suggest-fill='{"plz":"postcode"}'>     fields of the form (by name) that a choice fills, from the
//                                                      `fill` of the suggestion; the form is then not sent
//
// Answer: { suggestions: [{ label, detail, value, id, href }], status: '5 Vorschläge' }. All words come from there.
//
// Everything listens on the document and builds what is missing when it is needed: a morph by htmx may keep the field,
// drop the attributes and elements that only this script knows, or bring a new field, in any combination.

const PAUSE = 120; // milliseconds without a key before the server is asked
const LONGEST = 80; // letters sent; the server reads no more
const FIELD = 'input[data-kt-suggest]';

/** Field → { wrapper, list, status, suggestions, active: index or -1, timer, request: AbortController } */
const boxes = new WeakMap();
let count = 0;

function enhanceAll() {
  // A morph moves the field out of a wrapper which the server does not know, and may leave that behind.
  for (const wrapper of document.querySelectorAll('[data-kt-suggest-wrapper]')) {
    if (!wrapper.querySelector(FIELD)) wrapper.remove();
  }
  for (const input of document.querySelectorAll(FIELD)) boxOf(input);
}

/** The combobox of a field, completed where something is missing. */
function boxOf(input) {
  let box = boxes.get(input);
  if (!box) {
    box = { wrapper: null, list: null, status: null, suggestions: [], active: -1, timer: 0, request: null };
    boxes.set(input, box);
  }
  const wrapper = input.closest('.kt-suggest') ?? wrap(input);
  if (box.wrapper !== wrapper || !wrapper.contains(box.list) || !wrapper.contains(box.status)) {
    for (const old of wrapper.querySelectorAll('[data-kt-suggest-part]')) old.remove();
    box.wrapper = wrapper;
    build(input, box);
  }
  if (input.getAttribute('role') !== 'combobox' || input.getAttribute('aria-controls') !== box.list.id)
    describe(input, box);
  return box;
}

function wrap(input) {
  const hadFocus = document.activeElement === input;
  const { selectionStart, selectionEnd } = input;
  const wrapper = document.createElement('div');
  wrapper.className = 'kt-suggest';
  wrapper.dataset.ktSuggestWrapper = '';
  input.before(wrapper);
  wrapper.append(input);
  if (hadFocus) {
    // Moving an element takes the focus from it.
    input.focus({ preventScroll: true });
    input.setSelectionRange(selectionStart, selectionEnd);
  }
  return wrapper;
}

function build(input, box) {
  if (!input.id) input.id = `kt-suggest-${++count}`;
  const label = input.labels?.[0];
  box.list = document.createElement('ul');
  box.list.id = `${input.id}-list`;
  box.list.className = 'kt-suggest__list';
  box.list.hidden = true;
  box.list.dataset.ktSuggestPart = '';
  box.list.setAttribute('role', 'listbox');
  if (input.dataset.ktSuggestLabel) {
    box.list.setAttribute('aria-label', input.dataset.ktSuggestLabel);
  } else if (label) {
    if (!label.id) label.id = `${input.id}-label`;
    box.list.setAttribute('aria-labelledby', label.id);
  }
  // Not role="status": the field must be able to say its sentence beside the messages of the page.
  box.status = document.createElement('div');
  box.status.className = 'kern-sr-only';
  box.status.dataset.ktSuggestPart = '';
  box.status.setAttribute('aria-live', 'polite');
  box.suggestions = [];
  box.active = -1;
  box.wrapper.append(box.list, box.status);
}

function describe(input, box) {
  input.setAttribute('role', 'combobox');
  input.setAttribute('aria-autocomplete', 'list');
  input.setAttribute('aria-controls', box.list.id);
  input.setAttribute('aria-expanded', String(!box.list.hidden));
  // The browser's own list would cover ours.
  input.setAttribute('autocomplete', 'off');
  input.setAttribute('autocapitalize', 'off');
  input.setAttribute('spellcheck', 'false');
}

// Asking the server

function askSoon(input, box) {
  stopAsking(box);
  const shortest = Number(input.dataset.ktSuggestMin ?? 2);
  if (input.value.trim().length < shortest) {
    show(input, box, [], '');
    return;
  }
  box.timer = setTimeout(() => void ask(input, box), PAUSE);
}

function stopAsking(box) {
  clearTimeout(box.timer);
  box.request?.abort();
  box.request = null;
}

async function ask(input, box) {
  const request = new AbortController();
  box.request = request;
  const url = new URL(input.dataset.ktSuggest, location.href);
  url.searchParams.set('q', input.value.slice(0, LONGEST));

  let answer;
  try {
    const response = await fetch(url, { headers: { Accept: 'application/json' }, signal: request.signal });
    if (!response.ok) throw new Error(`status ${response.status}`);
    answer = await response.json();
  } catch {
    // Superseded, or no network: a plain field needs neither list nor message.
    if (box.request === request) show(input, box, [], '');
    return;
  }
  // Only the latest question counts, and only while somebody is still in the field.
  if (box.request !== request || document.activeElement !== input) return;
  box.request = null;
  const suggestions = Array.isArray(answer?.suggestions) ? answer.suggestions : [];
  show(input, box, suggestions, typeof answer?.status === 'string' ? answer.status : '');
}

// Showing

function show(input, box, suggestions, status) {
  box.suggestions = suggestions;
  box.list.replaceChildren(...suggestions.map((suggestion, i) => option(input, suggestion, i)));
  box.status.textContent = status;
  if (suggestions.length > 0) open(input, box);
  else close(input, box);
}

function option(input, suggestion, i) {
  const item = document.createElement('li');
  item.id = `${input.id}-option-${i}`;
  item.className = 'kt-suggest__option';
  item.setAttribute('role', 'option');
  item.setAttribute('aria-selected', 'false');
  const label = document.createElement('span');
  label.textContent = String(suggestion.label ?? suggestion.value ?? '');
  item.append(label);
  if (suggestion.detail) {
    const detail = document.createElement('span');
    detail.className = 'kt-suggest__detail';
    detail.textContent = String(suggestion.detail);
    // The space keeps the two apart where they are read out as one text.
    item.append(' ', detail);
  }
  return item;
}

function open(input, box) {
  box.list.hidden = false;
  input.setAttribute('aria-expanded', 'true');
  activate(input, box, -1);
}

function close(input, box) {
  box.list.hidden = true;
  input.setAttribute('aria-expanded', 'false');
  activate(input, box, -1);
}

/** Builds nothing: a browser also says focusout while an element is being moved, by us or by a morph. */
function leave(input) {
  const box = boxes.get(input);
  if (!box?.list) return;
  stopAsking(box);
  close(input, box);
}

/** Marks the option that Enter would take; -1 marks none. The focus stays in the field. */
function activate(input, box, index) {
  box.active = index;
  [...box.list.children].forEach((item, i) => item.setAttribute('aria-selected', String(i === index)));
  const item = box.list.children[index];
  if (!item) {
    input.removeAttribute('aria-activedescendant');
    return;
  }
  input.setAttribute('aria-activedescendant', item.id);
  item.scrollIntoView({ block: 'nearest' });
}

// Choosing

function pick(input, box, index) {
  const suggestion = box.suggestions[index];
  if (!suggestion) return;

  stopAsking(box);
  if (input.dataset.ktSuggestFill) {
    close(input, box);
    box.status.textContent = String(suggestion.filled ?? '');
    fillIn(input, suggestion.fill ?? {});
    return;
  }
  input.value = String(suggestion.value ?? suggestion.label ?? '');
  setId(input, box, suggestion.id);
  close(input, box);
  box.status.textContent = '';
  if (input.form) input.form.requestSubmit();
  else if (typeof suggestion.href === 'string') location.assign(new URL(suggestion.href, location.href));
}

/** What the suggestion does not know stays as it is. Others listen for `change`: the map moves its marker. */
function fillIn(input, values) {
  for (const [name, part] of Object.entries(JSON.parse(input.dataset.ktSuggestFill))) {
    const field = input.form?.elements[name];
    if (!(field instanceof HTMLInputElement) || typeof values[part] !== 'string' || values[part] === '') continue;
    field.value = values[part];
    field.dispatchEvent(new Event('change', { bubbles: true }));
  }
}

/** The hidden field beside the name. Without an id it is disabled, so that the address of the result stays short. */
function setId(input, box, id) {
  const name = input.dataset.ktSuggestIdName ?? 'place';
  const known = [...(input.form?.elements ?? [])].find((field) => field.type === 'hidden' && field.name === name);
  const isGiven = id !== undefined && id !== null && id !== '';
  if (!known && !isGiven) return;

  const field = known ?? document.createElement('input');
  if (!known) {
    field.type = 'hidden';
    field.name = name;
    field.dataset.ktSuggestPart = '';
    box.wrapper.append(field);
  }
  field.value = isGiven ? String(id) : '';
  field.disabled = !isGiven;
}

// Listening

function fieldOf(event) {
  return event.target instanceof Element && event.target.matches(FIELD) ? event.target : null;
}

function move(input, box, event) {
  const last = box.suggestions.length - 1;
  event.preventDefault();
  if (last < 0) return;

  const down = event.key === 'ArrowDown';
  if (box.list.hidden) {
    open(input, box);
    if (!event.altKey) activate(input, box, down ? 0 : last);
  } else if (event.altKey) {
    if (!down) close(input, box);
  } else if (down) {
    activate(input, box, box.active < last ? box.active + 1 : 0);
  } else {
    activate(input, box, box.active > 0 ? box.active - 1 : last);
  }
}

document.addEventListener('focusin', (event) => {
  const input = fieldOf(event);
  if (input) boxOf(input);
});

document.addEventListener('focusout', (event) => {
  const input = fieldOf(event);
  if (input) leave(input);
});

document.addEventListener('input', (event) => {
  const input = fieldOf(event);
  if (!input) return;
  const box = boxOf(input);
  if (!input.dataset.ktSuggestFill) setId(input, box, null);
  askSoon(input, box);
});

document.addEventListener('keydown', (event) => {
  const input = fieldOf(event);
  if (!input || event.isComposing || event.ctrlKey || event.metaKey) return;
  const box = boxOf(input);
  switch (event.key) {
    case 'ArrowDown':
    case 'ArrowUp':
      move(input, box, event);
      break;
    case 'Enter':
      if (box.list.hidden || box.active < 0) break; // sends the form as typed
      event.preventDefault();
      pick(input, box, box.active);
      break;
    case 'Escape':
      if (box.list.hidden && input.value === '') break;
      event.preventDefault();
      stopAsking(box);
      if (box.list.hidden) {
        input.value = '';
        setId(input, box, null);
        show(input, box, [], '');
      } else {
        close(input, box);
      }
      break;
  }
});

// A press on the list must not take the focus out of the field, or the list would close before the click arrives.
document.addEventListener('mousedown', (event) => {
  if (event.target instanceof Element && event.target.closest('.kt-suggest__list')) event.preventDefault();
});

document.addEventListener('click', (event) => {
  const item = event.target instanceof Element ? event.target.closest('.kt-suggest__option') : null;
  const input = item?.closest('.kt-suggest')?.querySelector(FIELD);
  if (!input) return;
  const box = boxOf(input);
  pick(input, box, [...box.list.children].indexOf(item));
});

// The form is on its way: an answer that comes now would open a list over the results.
document.addEventListener('submit', (event) => {
  for (const input of event.target.querySelectorAll?.(FIELD) ?? []) {
    leave(input);
  }
});

document.addEventListener('htmx:after:swap', enhanceAll);
document.addEventListener('DOMContentLoaded', enhanceAll);
enhanceAll();
