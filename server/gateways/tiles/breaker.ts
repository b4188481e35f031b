import { hasPassed, MINUTE } from './time.ts';

const FAILURES_TO_OPEN = 5;
const FIRST_PAUSE_MS = MINUTE;
const LONGEST_PAUSE_MS = 15 * MINUTE;

/**
 * Circuit breaker: 5 failures in a row begin a pause of 60 s. After it one request goes through as a probe; if it
 * fails the next pause is twice as long, up to 15 min; any success ends the pause.
 */
export function createBreaker(clock: () => number) {
  let failures = 0;
  let pause = 0;
  let pausedAt = 0;
  let probing = false;

  function isPaused(): boolean {
    return pause > 0 && (probing || !hasPassed(clock(), pausedAt, pause));
  }

  function begin(span: number): number {
    pause = span;
    pausedAt = clock();
    return span;
  }

  /** Asks for leave to make one request; null during a pause. `failed` returns the pause it begins in ms, else 0. */
  function enter(): { succeeded(): void; failed(): number } | null {
    if (isPaused()) return null;
    const isProbe = pause > 0;
    if (isProbe) probing = true;
    return {
      succeeded() {
        failures = 0;
        pause = 0;
        probing = false;
      },
      failed() {
        if (isProbe && pause > 0) {
          probing = false;
          return begin(Math.min(2 * pause, LONGEST_PAUSE_MS));
        }
        // Requests that were under way when the pause began do not make it longer.
        if (pause > 0) return 0;
        failures += 1;
        return failures >= FAILURES_TO_OPEN ? begin(FIRST_PAUSE_MS) : 0;
      },
    };
  }

  return { isPaused, enter };
}
