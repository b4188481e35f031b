import { mayPrepare } from '../../domain/tours/people.ts';
import type { DayWork } from './deps.ts';
import type { ActionOutcome, Sent } from './outcomes.ts';

/** Longest note, in characters. */
export const LONGEST_NOTE = 500;

/**
 * Leaves a note for the office with the tour, up to the day after it. Planners see it; it is deleted with the other
 * entries of the crew 30 days after the tour.
 * @param text not empty, at most LONGEST_NOTE characters
 */
export function writeNote(
  deps: Pick<DayWork, 'unit' | 'clock' | 'zone'>,
  sent: Sent,
  tourId: number,
  text: string,
): Promise<ActionOutcome> {
  return deps.unit(async (unit): Promise<ActionOutcome> => {
    const now = deps.clock.now();
    const tour = await unit.lock(sent.userId, { tourId });
    if (tour === null || !mayPrepare(tour.date, deps.zone.local(now).date)) return { kind: 'gone' };
    const { date } = tour;
    const note = { tourId, kind: 'note', appointmentId: null, minutes: null, text } as const;
    const use = await unit.keyUse(sent.key, note);
    if (use === 'same') return { kind: 'already', date, appointmentId: null };
    const action = { ...note, key: sent.key, stateBefore: null, at: sent.at, recordedAt: now, userId: sent.userId };
    const isNew = use === 'new' && (await unit.record(action));
    return isNew
      ? { kind: 'done', date, appointmentId: null }
      : { kind: 'conflict', date, appointmentId: null, state: null };
  });
}
