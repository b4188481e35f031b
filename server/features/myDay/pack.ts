import { packingList, type PackingItem } from '../../domain/tours/packing.ts';
import { mayPrepare } from '../../domain/tours/people.ts';
import type { DayWork } from './deps.ts';
import type { ActionOutcome } from './outcomes.ts';
import type { CrewTour } from './ports.ts';

/**
 * Sets what is packed for a tour, up to the day after it: all of these things and nothing else. Of two who pack at the
 * same time the last one counts.
 * @param items as `packingList` names them; what is not on the list of the tour is left out
 */
export async function pack(
  deps: Pick<DayWork, 'days' | 'unit' | 'clock' | 'zone'>,
  userId: number,
  tourId: number,
  items: readonly string[],
): Promise<ActionOutcome> {
  const date = await deps.days.dateOf(userId, { tourId });
  const tours = date === null ? [] : await deps.days.day(userId, date, false);
  const known = tours.find(({ id }) => id === tourId);
  if (known === undefined) return { kind: 'gone' };
  const needed = new Set(packingListOf(known).map(({ item }) => item));
  return deps.unit(async (unit): Promise<ActionOutcome> => {
    const now = deps.clock.now();
    const tour = await unit.lock(userId, { tourId });
    if (tour === null || !mayPrepare(tour.date, deps.zone.local(now).date)) return { kind: 'gone' };
    const packed = items.filter((item) => needed.has(item));
    await unit.pack(tourId, packed, userId, now);
    return { kind: 'done', date: tour.date, appointmentId: null };
  });
}

/** What the booked services of a tour need; who stayed away needs nothing more, but it was packed for them too. */
export function packingListOf(tour: Pick<CrewTour, 'stops'>): PackingItem[] {
  return packingList(tour.stops.flatMap(({ appointments }) => appointments));
}
