// A form with data-kt-once is sent once, however often somebody taps. The server would not book twice
// either; this spares the second request and the doubt.

const PAUSE = 5000; // milliseconds; after that another try is allowed, the first may have been lost

/** Forms on their way: form → timer. */
const sent = new Map();

// capturing, so that it runs before htmx
document.addEventListener(
  'submit',
  (event) => {
    const form = event.target;
    if (!form.matches('[data-kt-once]') || event.defaultPrevented) return;
    if (sent.has(form)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    sent.set(
      form,
      setTimeout(() => release(form), PAUSE),
    );
    for (const button of buttonsOf(form)) button.setAttribute('aria-disabled', 'true');
  },
  true,
);

// An answer has come (a 422 may be corrected at once), or the page came back from the browser's memory.
document.addEventListener('htmx:finally:request', releaseAll);
window.addEventListener('pageshow', releaseAll);

function releaseAll() {
  for (const form of [...sent.keys()]) release(form);
}

function release(form) {
  clearTimeout(sent.get(form));
  sent.delete(form);
  for (const button of buttonsOf(form)) button.removeAttribute('aria-disabled');
}

function buttonsOf(form) {
  return [...form.elements].filter((element) => element.matches('button:not([type="button"]), input[type="submit"]'));
}
