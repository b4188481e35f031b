// "Meinen Standort verwenden": <button type="button" hidden data-kt-locate data-kt-locate-url="/besuche"
// data-kt-locate-status="standort-meldung" data-busy="…" data-error-denied="…" data-error-unavailable="…">.
// Shown only where the browser can tell a position. Works by delegation, so swaps by htmx need no new listeners.

const PATIENCE = 10_000; // milliseconds

const isPossible = window.isSecureContext && 'geolocation' in navigator;

function reveal() {
  if (!isPossible) return;
  for (const button of document.querySelectorAll('[data-kt-locate]')) button.hidden = false;
}

function say(button, text) {
  const status = document.getElementById(button.dataset.ktLocateStatus ?? '');
  if (!status) return;
  if (!status.hasAttribute('role')) status.setAttribute('role', 'status');
  status.textContent = text ?? '';
}

function locate(button) {
  setBusy(button, true);
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      setBusy(button, false);
      say(button, '');
      const url = new URL(button.dataset.ktLocateUrl, location.href);
      // Data minimisation: three decimals are about 100 m. That is enough to find the nearest visit, and the exact
      // position of a home never reaches the server or its log.
      url.searchParams.set('lat', coords.latitude.toFixed(3));
      url.searchParams.set('lon', coords.longitude.toFixed(3));
      location.assign(url);
    },
    (error) => {
      setBusy(button, false);
      const wasDenied = error.code === error.PERMISSION_DENIED;
      say(button, wasDenied ? button.dataset.errorDenied : button.dataset.errorUnavailable);
      // A disabled button loses the focus; give it back unless the person has gone elsewhere.
      if (document.activeElement === document.body) button.focus({ preventScroll: true });
    },
    { enableHighAccuracy: false, timeout: PATIENCE, maximumAge: 0 },
  );
}

function setBusy(button, isBusy) {
  button.disabled = isBusy;
  if (isBusy) {
    button.setAttribute('aria-busy', 'true');
    say(button, button.dataset.busy);
  } else {
    button.removeAttribute('aria-busy');
  }
}

document.addEventListener('click', (event) => {
  const button = event.target instanceof Element ? event.target.closest('[data-kt-locate]') : null;
  if (button && isPossible && !button.disabled) locate(button);
});

// Back to a page that the browser had kept: the button must not be left busy.
window.addEventListener('pageshow', (event) => {
  if (!event.persisted) return;
  for (const button of document.querySelectorAll('[data-kt-locate]')) setBusy(button, false);
});

document.addEventListener('htmx:after:swap', reveal);
document.addEventListener('DOMContentLoaded', reveal);
reveal();
