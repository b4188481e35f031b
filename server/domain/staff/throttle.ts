/** How guesses are slowed down: what is counted and how long one has to wait. Times in milliseconds. */
export interface Throttle {
  /** So many attempts may be made one after the other. */
  free: number;
  /** The wait after the last of them; doubled by each further attempt. */
  firstWait: number;
  longestWait: number;
  /** When so much time has passed since the first attempt, and no wait is left, counting begins anew. */
  window: number;
}

const MINUTE = 60_000;

/** `account`: an e-mail address, whether it has an account or not; `code`: the second factor of a user. */
export type ThrottleKind = 'account' | 'address' | 'code';

export const THROTTLES: Readonly<Record<ThrottleKind, Throttle>> = {
  account: { free: 5, firstWait: MINUTE, longestWait: 60 * MINUTE, window: 60 * MINUTE },
  code: { free: 5, firstWait: MINUTE, longestWait: 60 * MINUTE, window: 60 * MINUTE },
  // A whole town hall may stand behind one address.
  address: { free: 20, firstWait: MINUTE, longestWait: 60 * MINUTE, window: 60 * MINUTE },
};

/** How long nobody may try again after so many attempts; 0: at once. @param attempts from 1 */
export function waitAfter(attempts: number, throttle: Throttle): number {
  const over = attempts - throttle.free;
  return over < 0 ? 0 : Math.min(throttle.longestWait, throttle.firstWait * 2 ** over);
}

/** The most attempts that fit into one window, however they are spread. */
export function mostAttempts(throttle: Throttle): number {
  let attempts = 0;
  for (let time = 0; time < throttle.window; time += waitAfter(attempts, throttle)) {
    attempts += 1;
  }
  return attempts;
}
