import { bestCounter, nearestStarts, offeredStarts, type StopDay } from '../../domain/booking/slots.ts';
import { addDays, minuteToTick, tickToMinute, type Instant, type LocalDate } from '../../domain/time.ts';
import { countersFor } from '../../domain/tours/capability.ts';
import type { PlanningPicture } from '../../domain/tours/picture.ts';
import type { TourWork } from './deps.ts';
import type { Affected } from './outcomes.ts';
import type { BookedAppointment, OpenStop } from './unit.ts';

/** Where somebody whose promise would break could go instead. */

/** Date, time and venue that somebody was promised. */
export type Promised = Omit<Affected['promised'], 'minutes'>;

/** Days before and after the day that was promised. */
const SEARCH_DAYS = 14;
const MOST_OPTIONS = 8;
/** Of one stop, so that other days are among them too. */
const MOST_OF_A_STOP = 4;

/** The days between which there may be options for these, both inclusive. */
export function searchedDays(promised: readonly { date: LocalDate }[], today: string): { from: string; to: string } {
  const dates = promised.map(({ date }) => date).sort();
  const from = addDays(dates[0] ?? today, -SEARCH_DAYS);
  return { from: from < today ? today : from, to: addDays(dates.at(-1) ?? today, SEARCH_DAYS) };
}

/** The window of a stop with the counters at which somebody can be served, whatever time. */
export function dayAt(
  stop: OpenStop,
  serviceIds: readonly number[],
  picture: PlanningPicture,
  isFree: (appointmentId: number) => boolean,
): StopDay {
  const kit = picture.kits.get(stop.kitId);
  const { announced } = stop;
  const isOffered = announced === null || serviceIds.every((id) => announced.includes(id));
  const able =
    kit === undefined || kit.retired || kit.status !== 'ready' || !isOffered
      ? []
      : countersFor(
          serviceIds,
          new Map([...picture.services].map(([id, { needs }]) => [id, needs])),
          kit.capabilities,
          stop.counters.map(({ counter, clerkId }) => ({
            counter,
            qualifiedFor: clerkId === null ? null : (picture.clerks.get(clerkId)?.qualifiedFor ?? null),
          })),
        );
  return {
    fromTick: minuteToTick(stop.fromMinute),
    toTick: minuteToTick(stop.toMinute),
    counters: stop.counters
      .filter(({ counter }) => able.includes(counter))
      .map(({ counter, taken }) => ({
        counter,
        taken: taken.filter(({ appointmentId }) => !isFree(appointmentId)).map(({ tick }) => tick),
      })),
  };
}

/** The counter at which somebody could be at this tick; null: none, or the time has passed. */
export function counterAt(
  deps: Pick<TourWork, 'zone'>,
  stop: OpenStop,
  tick: number,
  booked: BookedAppointment,
  picture: PlanningPicture,
  now: Instant,
): number | null {
  if (!Number.isInteger(tick) || tick < 0 || deps.zone.instantAt(stop.date, tickToMinute(tick)) <= now) return null;
  return bestCounter(
    dayAt(stop, booked.serviceIds, picture, (id) => id === booked.id),
    booked.ticks,
    tick,
  );
}

export interface OptionsQuery {
  booked: BookedAppointment;
  promised: Promised;
  /** All that could be offered to anybody, over the days searched. */
  stops: readonly OpenStop[];
  picture: PlanningPicture;
  now: Instant;
  /** Appointments whose time counts as free: it is being decided upon. */
  undecided: ReadonlySet<number>;
}

/** Free times, at the same venue first, the nearest in time first. */
export function optionsFor(deps: Pick<TourWork, 'zone'>, query: OptionsQuery): Affected['options'] {
  const { booked, promised, picture } = query;
  const homeOf = (venueId: number): number | undefined => picture.venues.get(venueId)?.municipalityId;
  const from = addDays(promised.date, -SEARCH_DAYS);
  const to = addDays(promised.date, SEARCH_DAYS);
  const wantedTick = minuteToTick(promised.minute);
  const found = query.stops
    .filter(({ date, venueId }) => date >= from && date <= to && homeOf(venueId) === homeOf(promised.venueId))
    .flatMap((stop) => {
      const day = dayAt(stop, booked.serviceIds, picture, (id) => id === booked.id || query.undecided.has(id));
      const starts = offeredStarts(day, booked.ticks).filter(
        ({ tick }) =>
          deps.zone.instantAt(stop.date, tickToMinute(tick)) > query.now &&
          !(stop.id === booked.stopId && tick === booked.startTick), // that would be to stay
      );
      return nearestStarts(starts, wantedTick, MOST_OF_A_STOP).map(({ tick }) => {
        const { id: stopId, date, venueId } = stop;
        const minute = tickToMinute(tick);
        const distance = Math.abs(deps.zone.instantAt(date, minute) - booked.startsAt);
        return { option: { stopId, tick, date, minute, venueId }, distance };
      });
    });
  const elsewhere = ({ option }: (typeof found)[number]): number => (option.venueId === promised.venueId ? 0 : 1);
  return found
    .sort((a, b) => elsewhere(a) - elsewhere(b) || a.distance - b.distance || a.option.stopId - b.option.stopId)
    .slice(0, MOST_OPTIONS)
    .map(({ option }) => option);
}
