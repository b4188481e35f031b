import {
  daysBetween,
  MILLISECONDS_PER_MINUTE,
  MINUTES_PER_DAY,
  type Instant,
  type LocalDate,
} from '../../domain/time.ts';
import { lateDay, type LateAppointment, type LateDay } from '../../domain/tours/late.ts';
import { mayTick } from '../../domain/tours/people.ts';
import type { DayWork } from './deps.ts';
import type { DelayOutcome, Sent } from './outcomes.ts';
import type { CrewTour } from './ports.ts';

/** More than so much later nobody says, in minutes. */
export const MOST_MINUTES_LATE = 480;

type Written = { kind: 'done' | 'already' | 'conflict'; date: LocalDate } | { kind: 'gone' };

/**
 * Keeps that the crew is so much later, and tells those who wait for it. What was said last counts.
 * @param minutes 0 to MOST_MINUTES_LATE; 0: on time again
 */
export async function reportDelay(
  deps: Pick<DayWork, 'days' | 'unit' | 'freshTimes' | 'messages' | 'clock' | 'zone'>,
  sent: Sent,
  tourId: number,
  minutes: number,
): Promise<DelayOutcome> {
  if (!Number.isInteger(minutes) || minutes < 0 || minutes > MOST_MINUTES_LATE) {
    throw new RangeError(`not a delay: ${minutes}`);
  }
  const written = await deps.unit(async (unit): Promise<Written> => {
    const now = deps.clock.now();
    const tour = await unit.lock(sent.userId, { tourId });
    if (tour === null || !mayTick(tour.date, deps.zone.local(now).date)) return { kind: 'gone' };
    const { date } = tour;
    const delay = { tourId, kind: 'late', appointmentId: null, minutes, text: null } as const;
    const use = await unit.keyUse(sent.key, delay);
    if (use === 'same') return { kind: 'already', date };
    const action = { ...delay, key: sent.key, stateBefore: null, at: sent.at, recordedAt: now, userId: sent.userId };
    return { kind: use === 'new' && (await unit.record(action)) ? 'done' : 'conflict', date };
  });
  if (written.kind === 'gone') return written;
  if (written.kind !== 'done') return { kind: written.kind, date: written.date };

  const { date } = written;
  const tour = (await deps.days.day(sent.userId, date, false)).find(({ id }) => id === tourId);
  // What waited for a signal may be older than what a colleague has said since: that counts, and nobody is told of this.
  if (tour === undefined || delaySaid(tour)?.key !== sent.key) return { kind: 'done', date, late: [], told: [] };
  const times = tour.times ?? (await deps.freshTimes(tourId));
  const { touched } = lateDayOf(deps, { ...tour, times }, { at: sent.at, minutes });
  const told = touched.length === 0 ? [] : await deps.messages.tell(tourId, expectedOf(tour, touched));
  return { kind: 'done', date, late: touched, told };
}

/** The day of a tour with a delay that was said at that moment: what the page shows, and who is told. */
export function lateDayOf(
  deps: Pick<DayWork, 'zone'>,
  tour: Pick<CrewTour, 'date' | 'stops' | 'times'>,
  said: { at: Instant; minutes: number },
): LateDay {
  const { date, minute } = deps.zone.local(said.at);
  const saidAtMinute = daysBetween(tour.date, date) * MINUTES_PER_DAY + minute;
  return lateDay(tour.stops, tour.times, { saidAtMinute, minutes: said.minutes });
}

/** What the crew said last of being late and did not take back; null: nothing. */
export function delaySaid(tour: Pick<CrewTour, 'actions'>): { at: Instant; minutes: number; key: string } | null {
  const said = tour.actions.findLast(({ kind }) => kind === 'late');
  return said === undefined ? null : { at: said.at, minutes: said.minutes ?? 0, key: said.key };
}

function expectedOf(
  tour: Pick<CrewTour, 'stops'>,
  late: readonly LateAppointment[],
): { appointmentId: number; expectedAt: Instant }[] {
  const promised = new Map(
    tour.stops.flatMap(({ appointments }) => appointments.map(({ id, startsAt }) => [id, startsAt] as const)),
  );
  return late.map(({ appointmentId, lateMinutes }) => ({
    appointmentId,
    expectedAt: (promised.get(appointmentId) ?? 0) + lateMinutes * MILLISECONDS_PER_MINUTE,
  }));
}
