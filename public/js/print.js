// Buttons that only work with JavaScript are hidden by the server and shown here:
//   <button type="button" data-kt-print hidden>Drucken</button>
//   <button type="button" data-kt-copy="K7M 4QX 2FA" data-copied="Vorgangsnummer kopiert" hidden>
//     <span class="kern-label">Kopieren</span></button>
import { announce } from './announce.js';

const CONFIRMED = 3000; // milliseconds the button shows that it worked

function reveal() {
  for (const button of document.querySelectorAll('[data-kt-print]')) button.hidden = false;
  // only in secure contexts
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll('[data-kt-copy]')) button.hidden = false;
}

document.addEventListener('click', (event) => {
  if (event.target.closest('[data-kt-print]')) window.print();
  const button = event.target.closest('[data-kt-copy]');
  if (button) void copy(button);
});

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.ktCopy);
  } catch {
    // not allowed: the text stands on the page and can be selected
    button.hidden = true;
    return;
  }
  const label = button.querySelector('.kern-label') ?? button;
  const before = (button.dataset.ktLabel ??= label.textContent);
  label.textContent = button.dataset.copied;
  announce(button.dataset.copied);
  setTimeout(() => {
    label.textContent = before;
  }, CONFIRMED);
}

reveal();
document.addEventListener('htmx:after:swap', reveal);
