// On the board a tour can be dragged to another day or kit, and a stop to another tour. What is dropped sends the same
// form as the pages behind "Verschieben", so the server says what is possible; here is only shown what can't be at all.
// Fingers scroll: only mouse and pen drag.

/** Under the pointer when it went down: the link of a tour lies over all of it, its stops included. */
let pressed = null;
/** What is being dragged: { element, tour, isStop, chip, cell }. */
let dragged = null;

const closest = (target, selector) =>
  (target instanceof Element ? target : target?.parentElement)?.closest(selector) ?? null;

document.addEventListener('pointerdown', (event) => {
  const under = document.elementsFromPoint(event.clientX, event.clientY);
  pressed = event.pointerType === 'touch' ? null : under.find((element) => element.matches('[data-kt-move-stop]'));
});

// Only what the pointer is on becomes draggable, whatever page was loaded or swapped in meanwhile.
document.addEventListener('pointerover', (event) => {
  if (event.pointerType === 'touch') return;
  closest(event.target, '[data-kt-move]')?.setAttribute('draggable', 'true');
});

document.addEventListener('dragstart', (event) => {
  const chip = closest(event.target, '[data-kt-move]');
  if (!chip) return;
  const stop = pressed && chip.contains(pressed) ? pressed : null;
  dragged = { element: stop ?? chip, chip, cell: chip.closest('[data-kt-date]'), isStop: stop !== null };
  event.dataTransfer.effectAllowed = 'move';
  event.dataTransfer.setData('text/plain', chip.dataset.ktTour);
  const { left, top } = dragged.element.getBoundingClientRect();
  event.dataTransfer.setDragImage(dragged.element, event.clientX - left, event.clientY - top);
  // A browser ends a drag whose page changes in the same moment.
  setTimeout(() => dragged && mark());
});

for (const type of ['dragenter', 'dragover']) {
  document.addEventListener(type, (event) => {
    if (!dragged) return;
    const target = targetAt(event);
    for (const over of document.querySelectorAll('[data-kt-drop-over]')) {
      if (over !== target) delete over.dataset.ktDropOver;
    }
    if (!target) return;
    event.preventDefault(); // may be dropped here
    event.dataTransfer.dropEffect = 'move';
    target.dataset.ktDropOver = '';
  });
}

document.addEventListener('drop', (event) => {
  const target = dragged && targetAt(event);
  if (!target) return;
  event.preventDefault();
  const { isStop, element, chip, cell } = dragged;
  finish();
  if (isStop) {
    send(element.dataset.ktMoveStop, {
      version: chip.dataset.ktVersion,
      ziel: `${target.dataset.ktTour}.${target.dataset.ktVersion}`,
    });
    return;
  }
  const kit = target.dataset.ktKit ?? '';
  send(chip.dataset.ktMove, {
    version: chip.dataset.ktVersion,
    datum: target.dataset.ktDate,
    koffer: kit === cell?.dataset.ktKit ? '' : kit, // empty: it keeps its own
  });
});

document.addEventListener('dragend', finish); // also after Escape
document.addEventListener('htmx:after:swap', finish);

const targetAt = (event) => closest(event.target, '[data-kt-drop="possible"]');

/** Shows where it can go; its own place and what is out of the question stay as they are. */
function mark() {
  dragged.element.dataset.ktDragged = '';
  if (dragged.isStop) {
    for (const chip of document.querySelectorAll('[data-kt-tour][data-kt-move]')) {
      const isSameDay = chip.closest('[data-kt-date]')?.dataset.ktDate === dragged.cell?.dataset.ktDate;
      if (chip !== dragged.chip && (isSameDay || chip.matches('.kt-tour--draft'))) chip.dataset.ktDrop = 'possible';
    }
    return;
  }
  const { ktDate: ownDate, ktKit: ownKit = '' } = dragged.cell?.dataset ?? {};
  for (const cell of document.querySelectorAll('[data-kt-date]')) {
    const { ktDate: date, ktKit: kit = '' } = cell.dataset;
    // In the rows of people a tour stands several times a day; the row of tours without kit takes none away.
    if ((date === ownDate && kit === ownKit) || (kit === '' && ownKit !== '')) continue;
    const hasTour = cell.querySelector('[data-kt-tour]:not(.kt-tour--cancelled)') !== null;
    cell.dataset.ktDrop = kit !== '' && hasTour ? 'taken' : 'possible';
    if (cell.dataset.ktDrop === 'taken') cell.append(takenMark());
  }
}

/** "belegt", with a sign: colour alone would say nothing to many. */
function takenMark() {
  const mark = document.createElement('p');
  mark.className = 'kt-drop-mark';
  mark.setAttribute('aria-hidden', 'true'); // gone again before anybody could read it
  const icon = document.createElement('span');
  icon.className = 'kern-icon kern-icon--close kern-icon--small';
  mark.append(icon, document.querySelector('[data-kt-taken-word]')?.dataset.ktTakenWord ?? '');
  return mark;
}

function finish() {
  dragged = null;
  for (const mark of document.querySelectorAll('.kt-drop-mark')) mark.remove();
  for (const element of document.querySelectorAll('[data-kt-drop], [data-kt-drop-over], [data-kt-dragged]')) {
    delete element.dataset.ktDrop;
    delete element.dataset.ktDropOver;
    delete element.dataset.ktDragged;
  }
}

/** Sends the form of the page that moves it; the answer comes as a page, whatever it is. */
function send(action, fields) {
  const form = document.createElement('form');
  form.method = 'post';
  form.action = action;
  form.hidden = true;
  form.dataset.ktOnce = '';
  for (const [name, value] of Object.entries(fields)) {
    const input = document.createElement('input');
    input.type = 'hidden';
    input.name = name;
    input.value = value ?? '';
    form.append(input);
  }
  document.getElementById('main').append(form);
  window.htmx?.process(form); // to be boosted as the other forms of the page
  form.requestSubmit();
}
