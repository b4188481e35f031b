import type { Instant } from '../domain/time.ts';

export interface RemindersPort {
  /** Appointments of which their people are to be reminded now, in order, after this one; at most so many. */
  due(now: Instant, after: Due | null, limit: number): Promise<Due[]>;
  /** Puts a reminder of each into the outbox, in one transaction. @returns how many were new */
  remind(appointmentIds: readonly number[], now: Instant): Promise<number>;
}

export interface Due {
  appointmentId: number;
  startsAt: Instant;
}

/** So many reminders are written in one transaction. */
const BATCH = 200;

/**
 * Reminds people of their appointments, once of each time. What was missed while nothing ran is made up for: late is
 * better than never, but not after the start.
 */
export async function queueReminders(
  port: RemindersPort,
  now: Instant,
  stopping?: AbortSignal,
): Promise<{ reminders: number }> {
  let reminders = 0;
  let last: Due | null = null;
  while (stopping?.aborted !== true) {
    const due: Due[] = await port.due(now, last, BATCH);
    if (due.length > 0) {
      reminders += await port.remind(
        due.map(({ appointmentId }) => appointmentId),
        now,
      );
    }
    last = due.at(-1) ?? null;
    if (due.length < BATCH) break;
  }
  return { reminders };
}
