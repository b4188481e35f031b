// The service worker of the clerk's day: registered from its pages only, told to forget when somebody signs out.

const PAGES = 'kt-days'; // as in public/sw.js

/**
 * @param {string} scope '/intern' or '/en/intern'
 * @param {{ fresh: () => void, signedOut: () => void }} on a newer page than the shown one is here; somebody has signed
 *   out in another tab
 */
export async function startWorker(scope, on) {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return; // not a secure context, or switched off
  try {
    await serviceWorker.register('/sw.js', { scope, updateViaCache: 'none' });
  } catch {
    return; // the page works, it is only not kept
  }
  serviceWorker.addEventListener('message', ({ data }) => {
    on[data?.kind]?.();
  });
  // This page came before the worker was there: it is fetched once more, to be kept.
  if (!serviceWorker.controller) {
    const { active } = await serviceWorker.ready;
    active?.postMessage({ kind: 'keep', url: location.href });
  }
}

/** The worker does the same when it sees the form; this is for the case that there is none any more. */
export function forgetPages() {
  return window.caches?.delete(PAGES).catch(() => undefined);
}
