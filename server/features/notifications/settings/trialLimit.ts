import type { Instant } from '../../../domain/time.ts';

const MOST = 5;
const WITHIN = 60_000;

/**
 * Five trial mails a minute for each user: more would be a way to try out other people's servers. Counted in this
 * process: with several there may be as many times five.
 */
export function createTrialLimit() {
  const sent = new Map<number, Instant[]>();
  return {
    /** Counts one if it is allowed. */
    take(userId: number, now: Instant): boolean {
      for (const [user, times] of sent) {
        const recent = times.filter((time) => time > now - WITHIN);
        if (recent.length === 0) sent.delete(user);
        else sent.set(user, recent);
      }
      const times = sent.get(userId) ?? [];
      if (times.length >= MOST) return false;
      sent.set(userId, [...times, now]);
      return true;
    },
  };
}
