import type { Directory, Line } from '../../domain/booking/office.ts';
import { nearestStarts, offeredStarts, pickForDisplay, type Start } from '../../domain/booking/slots.ts';
import type { Coordinates } from '../../domain/geo.ts';
import { addDays } from '../../domain/time.ts';
import { comingStops, type Coming } from '../../domain/tours/coming.ts';
import type { Stop, StopWithCounters } from '../../domain/tours/stop.ts';
import { dayFor, earliestAt, farthestHorizon, kitsFor, nearVenues, ticksOf, type LocalTime } from './offers.ts';
import type { Availability, Clock, ReadDirectory, Zone } from './ports.ts';

export interface FindTimesDeps {
  directory: ReadDirectory;
  availability: Availability;
  clock: Clock;
  zone: Zone;
}

export interface TimesQuery {
  from: Coordinates | null;
  lines: readonly Line[];
  /** The stop the citizen came with: shown first. */
  stopId: number | null;
  /** Show all times of that stop, not only as many as one can oversee. */
  allTimes: boolean;
  /** First stop of the page among the others, counted from 0. */
  offset: number;
  /** An appointment whose own time counts as free: it is being moved. */
  exceptAppointment?: number;
}

export interface OfferedStop {
  stop: Stop;
  /** Metres from where the citizen looks; null: no place named. */
  metres: number | null;
  /** Ascending by time. */
  starts: Start[];
  /** True when more starts are offered than shown. */
  more: boolean;
}

export interface TimesPage {
  now: LocalTime;
  /** The stop asked for; its `starts` are empty when it is full. Null: none asked for, or gone. */
  chosen: OfferedStop | null;
  /** Other stops with free times, soonest first. */
  others: OfferedStop[];
  /** Offsets of the page before and after; null: there is none. */
  earlier: number | null;
  later: number | null;
}

/** What a person can oversee. */
const STARTS_A_STOP = 12;
const STOPS_A_PAGE = 4;
/** More stops than anybody pages through; bounds the work of one request. */
const MOST_STOPS = 500;
/** How many stops are looked into at once for free times: few at first, more where much is full. */
const BATCH = 8;
const LARGEST_BATCH = 128;

function offer(
  directory: Directory,
  now: LocalTime,
  lines: readonly Line[],
  stop: StopWithCounters,
  metres: number | null,
  most: number,
): OfferedStop {
  const starts = offeredStarts(
    dayFor(directory, stop, lines, { channel: 'online', today: now.date }),
    ticksOf(lines),
    earliestAt(directory, stop, now),
  );
  return { stop, metres, starts: pickForDisplay(starts, most), more: starts.length > most };
}

/** Free times for these services near a place: the chosen stop first, then the others, a page at a time. */
export async function findTimes(deps: FindTimesDeps, query: TimesQuery): Promise<TimesPage> {
  const directory = await deps.directory();
  const instant = deps.clock.now();
  const now = deps.zone.local(instant);
  const near = nearVenues(directory, query.from);
  const metresOf = new Map(near.map(({ venue, metres }) => [venue.id, metres]));

  const asked = query.stopId === null ? undefined : await deps.availability.stop(query.stopId);
  const others = comingStops({
    read: (fromDate, toDate, limit) =>
      deps.availability.stops({
        venueIds: near.map(({ venue }) => venue.id),
        fromDate,
        toDate,
        kitIds: kitsFor(directory, query.lines),
        limit,
      }),
    isWanted: (stop) => stop.id !== asked?.id && earliestAt(directory, stop, now) !== null,
    firstDate: now.date,
    lastDate: addDays(now.date, farthestHorizon(directory)),
    most: MOST_STOPS,
  });

  const look = async (stops: readonly Stop[], most: number): Promise<OfferedStop[]> =>
    (await deps.availability.withCounters(stops, instant, query.exceptAppointment)).map((stop) =>
      offer(directory, now, query.lines, stop, metresOf.get(stop.venueId) ?? null, most),
    );

  const [chosen] = asked === undefined ? [] : await look([asked], query.allTimes ? Infinity : STARTS_A_STOP);
  const page = await takeForward(others, query.offset, look);
  return {
    now,
    chosen: chosen ?? null,
    others: page.stops,
    earlier: query.offset === 0 ? null : await offsetBefore(others, query.offset, look),
    later: page.next,
  };
}

type Look = (stops: readonly Stop[], most: number) => Promise<OfferedStop[]>;

/** The next stops with free times from `offset` on, and the offset at which to go on. */
async function takeForward(
  others: Coming,
  offset: number,
  look: Look,
): Promise<{ stops: OfferedStop[]; next: number | null }> {
  const found: OfferedStop[] = [];
  for (let at = offset, batch = BATCH; ; at += batch, batch = Math.min(LARGEST_BATCH, batch * 4)) {
    const stops = (await others(at + batch)).slice(at);
    if (stops.length === 0) {
      return { stops: found, next: null };
    }
    const looked = await look(stops, STARTS_A_STOP);
    for (const [index, stop] of looked.entries()) {
      if (stop.starts.length === 0) {
        continue;
      }
      if (found.length === STOPS_A_PAGE) {
        return { stops: found, next: at + index };
      }
      found.push(stop);
    }
  }
}

/** Where the page before `offset` begins. */
async function offsetBefore(others: Coming, offset: number, look: Look): Promise<number> {
  const before = await others(Math.min(offset, MOST_STOPS));
  let found = 0;
  for (let end = before.length; end > 0; end -= BATCH) {
    const begin = Math.max(0, end - BATCH);
    const looked = await look(before.slice(begin, end), 1);
    for (let index = looked.length - 1; index >= 0; index--) {
      if ((looked[index]?.starts.length ?? 0) > 0 && ++found === STOPS_A_PAGE) {
        return begin + index;
      }
    }
  }
  return 0;
}

export interface Alternative {
  stop: Stop;
  start: Start;
}

/** How many other times somebody is shown whose time has just gone. */
const ALTERNATIVES = 3;

/**
 * The nearest times to one that has just gone: of the same stop as near as possible, then of the next stops.
 * Ascending.
 */
export function nearestAlternatives(page: TimesPage, wantedTick: number): Alternative[] {
  const same = page.chosen === null ? [] : nearestStarts(page.chosen.starts, wantedTick, ALTERNATIVES);
  const chosen = page.chosen;
  const found = chosen === null ? [] : same.map((start) => ({ stop: chosen.stop, start }));
  for (const { stop, starts } of page.others) {
    const [first] = nearestStarts(starts, wantedTick, 1);
    if (found.length < ALTERNATIVES && first !== undefined) {
      found.push({ stop, start: first });
    }
  }
  return found.sort((a, b) => a.stop.startsAt - b.stop.startsAt || a.start.tick - b.start.tick);
}
