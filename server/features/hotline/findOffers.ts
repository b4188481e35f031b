import type { Scope } from '../../domain/access.ts';
import type { Line, Venue } from '../../domain/booking/office.ts';
import type { Coordinates } from '../../domain/geo.ts';
import type { ChosenTime } from '../../domain/hotline/choose.ts';
import { compareDates, type LocalDate, type MinuteOfDay } from '../../domain/time.ts';
import type { Stop } from '../../domain/tours/stop.ts';
import type { Availability, Clock, ReadDirectory, Slot, Zone } from './ports.ts';
import { beginSearch, type Looked } from './searchTimes.ts';

export interface FindOffersDeps {
  directory: ReadDirectory;
  availability: Availability;
  clock: Clock;
  zone: Zone;
}

export interface OffersQuery {
  /** Where the caller lives; null: not said. */
  from: Coordinates | null;
  /** Empty: only the visits are looked up, no times. */
  lines: readonly Line[];
  /** Both inclusive; null: any. */
  dates: { from: LocalDate; to: LocalDate } | null;
  /** When it may begin, from inclusive, to exclusive; null: any. */
  minutes: { from: MinuteOfDay; to: MinuteOfDay } | null;
  stepFree: boolean;
  scope: Scope;
  /** How many times are wanted, at most 9. */
  count: number;
  /** An appointment whose own time counts as free: it is being moved. */
  exceptAppointment?: number;
  /** Where that appointment is now: not offered again. */
  exceptSlot?: Slot;
}

/** A free time to be read aloud. */
export interface Offer {
  stop: Stop;
  venue: Venue;
  tick: number;
  /** Metres as the crow flies; null: no place was named. */
  metres: number | null;
  /** The soonest of all offered; of exactly one. */
  soonest: boolean;
  /** Nothing later is free on this visit. */
  lastOfVisit: boolean;
}

/** A visit near the caller, whether or not it has free times. */
export interface NearVisit {
  stop: Stop;
  venue: Venue;
  metres: number | null;
  /** Appointments with these services (without any: of the shortest) that still fit. */
  free: number;
}

export interface Offers {
  today: LocalDate;
  /** Best first: in the caller's place, soon; then the soonest of all; then variety. */
  offers: Offer[];
  /** True when there are more times than asked for. */
  more: boolean;
  /**
   * Nearest first, of one venue the soonest; at most 6. On the days and at the hours asked for; without any then, the
   * next ones.
   */
  visits: NearVisit[];
  /**
   * Why there is no time; null: there is. `noVisit`: none is planned near; `notThen`: only on other days or at other
   * times; `full`; `notThere`: the visits near cannot do these services.
   */
  none: 'noVisit' | 'notThen' | 'full' | 'notThere' | null;
}

/** How many visits are shown beside the times. */
const MOST_VISITS = 6;
/** Most times that are asked for. */
const MOST_TIMES = 9;

/**
 * Visits near a caller and the next free times as they are best offered: three queries where times are free soon, a
 * few more where visits are rare or much is full. `none` speaks of the visits in the agent's scope, without steps where that is asked for.
 */
export async function findOffers(deps: FindOffersDeps, query: OffersQuery): Promise<Offers> {
  const search = await beginSearch(deps, query);
  const count = Math.max(1, Math.min(MOST_TIMES, query.count));
  const chosen = query.lines.length === 0 ? [] : await search.choose(count + 1);
  const visits = (await search.visits(MOST_VISITS)).map(toVisit);
  const offers = toOffers(chosen.slice(0, count));
  const found = { today: search.today, offers, more: chosen.length > count, visits };

  const isFound = query.lines.length === 0 ? visits.length > 0 : offers.length > 0;
  if (isFound) return { ...found, none: null };
  if (query.dates !== null || query.minutes !== null) {
    const anytime = await findOffers(deps, { ...query, dates: null, minutes: null, count: 1 });
    return {
      ...found,
      visits: visits.length > 0 ? visits : anytime.visits,
      none: anytime.none === null ? 'notThen' : anytime.none,
    };
  }
  if (search.foundAble()) return { ...found, none: 'full' };
  return { ...found, none: (await search.isAnyPlanned()) ? 'notThere' : 'noVisit' };
}

function toOffers(chosen: readonly ChosenTime<Looked>[]): Offer[] {
  const soonest = chosen.reduce<ChosenTime<Looked> | undefined>(
    (first, time) => (first === undefined || isSooner(time, first) ? time : first),
    undefined,
  );
  return chosen.map((time) => {
    const { stop, venue, metres, lastTick } = time.visit;
    const { tick } = time;
    return { stop, venue, tick, metres, soonest: time === soonest, lastOfVisit: tick >= (lastTick ?? 0) };
  });
}

function isSooner(a: ChosenTime<Looked>, b: ChosenTime<Looked>): boolean {
  return (compareDates(a.visit.date, b.visit.date) || a.tick - b.tick) < 0;
}

function toVisit({ stop, venue, metres, capacity }: Looked): NearVisit {
  return { stop, venue, metres, free: capacity };
}
