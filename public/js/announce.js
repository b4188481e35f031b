/**
 * Says a sentence to people who use a screen reader, through #meldungen: the permanent role="status"
 * region outside #main. It is not shown and does not disturb what the server put there.
 * @param {string} text
 */
export function announce(text) {
  const region = document.getElementById('meldungen');
  if (!region || !text) return;
  let line = region.querySelector('[data-kt-announcement]');
  if (!line) {
    line = document.createElement('p');
    line.className = 'kern-sr-only';
    line.dataset.ktAnnouncement = '';
    region.append(line);
  }
  // Saying the same sentence twice needs a change in between.
  line.textContent = '';
  setTimeout(() => {
    line.textContent = text;
  }, 50);
}
