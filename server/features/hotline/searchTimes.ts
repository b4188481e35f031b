import { isIn } from '../../domain/access.ts';
import type { Directory } from '../../domain/booking/office.ts';
import { capacity, freeStarts, offeredStarts } from '../../domain/booking/slots.ts';
import { chooseTimes, homeReach, SOON_DAYS, type ChosenTime, type FreeVisit } from '../../domain/hotline/choose.ts';
import { addDays, compareDates, minutesToTicks, tickToMinute, type LocalDate } from '../../domain/time.ts';
import { comingStops, type Coming } from '../../domain/tours/coming.ts';
import { nearVenues, type NearVenue } from '../../domain/tours/near.ts';
import { dayFor, earliestAt, farthestHorizon, kitsFor, ticksOf, type LocalTime } from '../../domain/tours/offers.ts';
import type { Stop, StopWithCounters } from '../../domain/tours/stop.ts';
import type { FindOffersDeps, OffersQuery } from './findOffers.ts';

/** How many of the nearest venues are read on their own: among these the caller's place is found. */
const LOCAL_VENUES = 16;
const MOST_LOCAL = 120;
/** More stops than anybody asks for; bounds the work of one search. */
const MOST_STOPS = 600;
/** How many days are searched at first: near a place, and in all of the office. */
const FIRST_DAYS = { near: 7, everywhere: 1 } as const;
/** How many stops are looked into at first, and then at once: few at first, more where much is full. */
const FIRST_VENUES = 6;
const FIRST_EACH = 2;
const FIRST_SOONEST = 12;
const BATCH = 32;
const LARGEST_BATCH = 128;
/** What the shortest appointment takes where the office has no services yet, in minutes. */
const SHORTEST = 10;

/** A visit that was looked into. */
export interface Looked extends FreeVisit, NearVenue {
  stop: Stop;
  /** The last tick of the visit at which something free begins, whenever the caller wants to come; null: nothing. */
  lastTick: number | null;
  /** Appointments that still fit. */
  capacity: number;
  /** True when one of its counters can do all of the services. */
  isAble: boolean;
  metres: number | null;
}

/** A search that knows what it has read so far. */
export interface Search {
  today: LocalDate;
  /** The times that suit best; one more than asked for shows that there are more. */
  choose(count: number): Promise<ChosenTime<Looked>[]>;
  /** Of each venue the soonest visit, the nearest first. */
  visits(count: number): Promise<Looked[]>;
  /** True when a counter at one of the visits looked into can do all of the services. */
  foundAble(): boolean;
  /** True when any visit is planned, whatever can be done there. */
  isAnyPlanned(): Promise<boolean>;
}

/** Begins a search: two queries where visits are frequent, a few more where they are rare. */
export async function beginSearch(deps: FindOffersDeps, query: OffersQuery): Promise<Search> {
  const directory = await deps.directory();
  const instant = deps.clock.now();
  const now = deps.zone.local(instant);
  const near = nearVenues(directory, query.from, (venue) => {
    return isIn(query.scope, venue.municipalityId) && (!query.stepFree || venue.stepFree);
  });
  const places = new Map(near.map((place) => [place.venue.id, place]));
  const metresOf = (stop: Stop): number => places.get(stop.venueId)?.metres ?? 0;
  const firstDate = later(now.date, query.dates?.from);
  const lastDate = earlier(addDays(now.date, farthestHorizon(directory)), query.dates?.to);
  const kits = new Set(kitsFor(directory, query.lines));
  const isAble = ({ kitId, announced }: Stop): boolean =>
    kits.has(kitId) && query.lines.every(({ service }) => announced?.includes(service.id) ?? true);

  const read = (venues: readonly NearVenue[], kitIds: Iterable<number>) => {
    const venueIds = venues.map(({ venue }) => venue.id);
    return (fromDate: LocalDate, toDate: LocalDate, limit: number): Promise<Stop[]> =>
      compareDates(fromDate, toDate) > 0
        ? Promise.resolve([])
        : deps.availability.stops({ venueIds, fromDate, toDate, kitIds: [...kitIds], limit });
  };
  const readAny = read(near, directory.kits.keys());
  const isWanted = (stop: Stop): boolean => isComing(directory, stop, now) && isThen(stop, query);

  const coming: Coming = comingStops({
    read: read(near, kits),
    isWanted: (stop) => isWanted(stop) && isAble(stop),
    firstDate,
    lastDate,
    most: MOST_STOPS,
    firstDays: query.from === null ? FIRST_DAYS.everywhere : FIRST_DAYS.near,
  });
  const readLocal = async (): Promise<Stop[]> => {
    if (query.from === null) return [];
    const nearest = read(near.slice(0, LOCAL_VENUES), directory.kits.keys());
    return nearest(firstDate, earlier(lastDate, addDays(firstDate, SOON_DAYS)), MOST_LOCAL);
  };
  const isAsked = query.lines.length > 0 || query.from === null;
  const [readNear] = await Promise.all([readLocal(), isAsked ? coming(FIRST_SOONEST) : []]);
  const planned = readNear.filter(isWanted);
  const local = planned.filter(isAble).sort((a, b) => metresOf(a) - metresOf(b) || a.startsAt - b.startsAt);

  const looked = new Map<number, Looked>();
  const lookInto = async (wanted: Iterable<Stop>): Promise<void> => {
    const fresh = new Map([...wanted].filter(({ id }) => !looked.has(id)).map((stop) => [stop.id, stop]));
    if (fresh.size === 0) return;
    const stops = await deps.availability.withCounters(
      [...fresh.values()],
      instant,
      query.exceptAppointment,
      'hotline',
    );
    for (const stop of stops) {
      const place = places.get(stop.venueId);
      if (place !== undefined) looked.set(stop.id, { ...place, ...freeAt(directory, now, query, stop) });
    }
  };
  const free = (): Looked[] => [...looked.values()].filter(({ ticks }) => ticks.length > 0);
  const isFree = ({ id }: Stop): boolean => (looked.get(id)?.ticks.length ?? 0) > 0;

  /** Stops to look into before it is certain what the caller's place and the next one have to offer; nearest first. */
  function unsureNear(): Stop[] {
    const nearest = local.find(isFree);
    if (nearest === undefined) return local;
    const reach = homeReach(metresOf(nearest));
    const first = soonestOf(local.filter((stop) => metresOf(stop) <= reach && isFree(stop)));
    const next = local.find((stop) => metresOf(stop) > reach && isFree(stop));
    const nextMetres = next === undefined ? Infinity : metresOf(next);
    return local.filter((stop) => {
      const metres = metresOf(stop);
      if (metres < metresOf(nearest)) return true;
      return metres <= reach ? stop.startsAt < (first?.startsAt ?? 0) : metres < nextMetres;
    });
  }

  /** Where nothing is planned soon among the nearest venues, what comes later or is farther away. */
  async function soonestPlanned(): Promise<readonly Stop[]> {
    return planned.length === 0 ? coming(FIRST_SOONEST) : planned;
  }

  async function firstOfVenues(count: number): Promise<Stop[]> {
    const first = new Map<number, Stop>();
    for (const stop of await soonestPlanned()) {
      if (!first.has(stop.venueId)) first.set(stop.venueId, stop);
    }
    return [...first.values()].sort((a, b) => metresOf(a) - metresOf(b) || a.startsAt - b.startsAt).slice(0, count);
  }

  return {
    today: now.date,

    async choose(count) {
      let ahead = FIRST_SOONEST;
      await lookInto([
        ...(await firstOfVenues(FIRST_VENUES)),
        ...firstOfEach(local, FIRST_VENUES, FIRST_EACH),
        ...(await coming(ahead)),
      ]);
      for (let batch = BATCH; ; batch = Math.min(LARGEST_BATCH, batch * 4)) {
        const seen = await coming(ahead);
        const chosen = chooseTimes(free(), count);
        const isEnough = chosen.length === count && seen.some(isFree);
        const unsure = unsureNear()
          .filter(({ id }) => !looked.has(id))
          .slice(0, batch);
        const further = isEnough ? [] : (await coming(ahead + batch)).slice(ahead);
        if (unsure.length === 0 && further.length === 0) return chosen;
        ahead += further.length;
        await lookInto([...unsure, ...further]);
      }
    },

    async visits(count) {
      const stops = await firstOfVenues(count);
      await lookInto(stops);
      return stops.flatMap(({ id }) => looked.get(id) ?? []);
    },

    foundAble: () => [...looked.values()].some((one) => one.isAble),

    async isAnyPlanned() {
      if (planned.length > 0 || looked.size > 0) return true;
      return (await readAny(firstDate, lastDate, MOST_LOCAL)).some(isWanted);
    },
  };
}

/** Not over, and may be booked by now. */
function isComing(directory: Directory, stop: Stop, now: LocalTime): boolean {
  const isOver = stop.date === now.date && stop.toMinute <= now.minute;
  return !isOver && earliestAt(directory, stop, now, 'hotline') !== null;
}

/** True when some of the visit is on a day and at an hour that suits. */
function isThen(stop: Stop, { dates, minutes }: OffersQuery): boolean {
  const isDay = dates === null || (compareDates(dates.from, stop.date) <= 0 && compareDates(stop.date, dates.to) <= 0);
  return isDay && (minutes === null || (stop.fromMinute < minutes.to && minutes.from < stop.toMinute));
}

/** What is free at a visit. */
function freeAt(
  directory: Directory,
  now: LocalTime,
  { lines, minutes, exceptSlot }: OffersQuery,
  stop: StopWithCounters,
): Omit<Looked, keyof NearVenue> {
  const day = dayFor(directory, stop, lines, { channel: 'hotline', today: now.date });
  const ticks = lines.length === 0 ? shortestOf(directory) : ticksOf(lines);
  const earliest = earliestAt(directory, stop, now, 'hotline');
  const suits = (tick: number): boolean => {
    const minute = tickToMinute(tick);
    const isOwn = exceptSlot?.stopId === stop.id && exceptSlot.tick === tick;
    return !isOwn && (minutes === null || (minutes.from <= minute && minute < minutes.to));
  };
  const offered = offeredStarts(day, ticks, earliest)
    .map(({ tick }) => tick)
    .sort((a, b) => a - b);
  const suiting = offered.filter(suits);
  return {
    stop,
    venueId: stop.venueId,
    date: stop.date,
    // Somebody who can only come at a certain time gets it, even where it costs a second appointment.
    ticks: suiting.length === 0 && minutes !== null ? freeStarts(day, ticks, earliest).filter(suits) : suiting,
    lastTick: offered.at(-1) ?? null,
    capacity: capacity(day, ticks, earliest),
    isAble: day.counters.length > 0,
  };
}

/** Length of the shortest appointment in ticks. */
function shortestOf({ services }: Directory): number {
  const shortest = Math.min(...services.map(({ minutes }) => minutes));
  return minutesToTicks(Number.isFinite(shortest) ? shortest : SHORTEST);
}

/** Of the first `venues` venues the first `each` stops. @param stops those of one venue behind each other */
function firstOfEach(stops: readonly Stop[], venues: number, each: number): Stop[] {
  const ofVenue = new Map<number, Stop[]>();
  for (const stop of stops) {
    const known = ofVenue.get(stop.venueId);
    if (known === undefined) ofVenue.set(stop.venueId, [stop]);
    else if (known.length < each) known.push(stop);
  }
  return [...ofVenue.values()].slice(0, venues).flat();
}

function soonestOf(stops: readonly Stop[]): Stop | undefined {
  return stops.reduce<Stop | undefined>(
    (first, stop) => (first === undefined || stop.startsAt < first.startsAt ? stop : first),
    undefined,
  );
}

function later(a: LocalDate, b: LocalDate | undefined): LocalDate {
  return b === undefined || compareDates(a, b) > 0 ? a : b;
}

function earlier(a: LocalDate, b: LocalDate | undefined): LocalDate {
  return b === undefined || compareDates(a, b) < 0 ? a : b;
}
