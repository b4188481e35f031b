// One tab of several sends what waits.

const LONGEST_BUSY = 30_000; // milliseconds until a tab that sends counts as asleep

let busySince = 0; // since when another tab has been at it; 0: it is not

/**
 * Web Locks: one tab sends. One that was put to sleep while sending must not hold up the others; what it was sending
 * may then be sent twice, which is once for the server.
 */
export async function alone(work) {
  if (!navigator.locks) return work();
  const steal = busySince > 0 && Date.now() - busySince > LONGEST_BUSY;
  let isBusy = false;
  const done = await navigator.locks.request('kt-queue', steal ? { steal } : { ifAvailable: true }, (lock) => {
    isBusy = !lock;
    return lock ? work() : undefined;
  });
  busySince = isBusy ? busySince || Date.now() : 0;
  return done;
}
