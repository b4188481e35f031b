/**
 * What a change of a stop does to those who have booked there. A promise is date, time and venue; the counter is none,
 * so appointments are put to other counters where that lets more of them stay (docs/adr/0011).
 */
import { minuteToTick } from '../time.ts';
import type { LocalDate, MinuteOfDay } from '../time.ts';
import { countersFor, type ServiceNeeds, type StaffedCounter } from './capability.ts';

/** How a change would break a promise. */
export type Breach =
  | 'tourCancelled'
  | 'stopGone'
  | 'dateChanged'
  | 'venueChanged'
  /** Its time is no longer inside the announced time. */
  | 'outsideWindow'
  /** No counter is left for it at its time. */
  | 'noCounter'
  /** Kit, crew or announcement no longer allow what is booked. */
  | 'serviceImpossible';

/** A stop as far as it matters to those who have booked there. */
export interface StopState {
  date: LocalDate;
  venueId: number;
  /** Inclusive, on the five-minute grid. */
  fromMinute: MinuteOfDay;
  /** Exclusive. */
  toMinute: MinuteOfDay;
  counters: readonly StaffedCounter[];
  kitCapabilities: readonly string[];
  /** Ids of services; null: whatever kit and crew can do. */
  announced: readonly number[] | null;
}

/** Time at a stop that somebody has. */
export interface BookedTime {
  id: number;
  /**
   * `promised`: an appointment to come. `held`: reserved while somebody types. `ended`: a reservation whose time has
   * run out; it has no claim any more. `done`: over; it stays on record where it was.
   */
  claim: 'promised' | 'held' | 'ended' | 'done';
  counter: number;
  startTick: number;
  ticks: number;
  serviceIds: readonly number[];
}

export interface StopChange {
  before: StopState;
  /** Null: there is no such stop any more. */
  after: StopState | null;
  /** What to call it when there is none. */
  gone: 'tourCancelled' | 'stopGone';
  booked: readonly BookedTime[];
  needs: ServiceNeeds;
}

/** What becomes of one booked time. */
export interface Fate {
  id: number;
  /** Empty: the promise is kept. Only for what is promised. */
  breaches: readonly Breach[];
  /** Where it is if it stays, at the same time of day; null: it cannot. */
  counter: number | null;
}

/**
 * The fate of everybody at a stop, in the order of `booked`. All that have a counter can stay together: no two of them
 * overlap at one.
 */
export function fatesOf(change: StopChange): Fate[] {
  const { after, booked } = change;
  if (after === null) {
    return booked.map(({ id, claim }) => ({
      id,
      breaches: claim === 'promised' ? [change.gone] : [],
      counter: null,
    }));
  }
  const all = after.counters.map(({ counter }) => counter);
  const seen = booked.map((time) => {
    const breaches = time.claim === 'promised' ? promisesBroken(change, after, time) : [];
    return { time, breaches, able: time.claim === 'done' ? all : countersOpenTo(change, after, time) };
  });
  const counters = placeAtCounters(
    seen.flatMap(({ time, breaches, able }) =>
      time.claim === 'ended' ? [] : [{ ...time, able, weight: weightOf(time, breaches) }],
    ),
  );
  return seen.map(({ time, breaches, able }) => {
    const stays = time.claim === 'ended' ? able.find((counter) => counter === time.counter) : counters.get(time.id);
    const counter = stays ?? null;
    const lacksCounter = time.claim === 'promised' && counter === null && (able.length > 0 || breaches.length === 0);
    return { id: time.id, breaches: lacksCounter ? [...breaches, 'noCounter'] : breaches, counter };
  });
}

function isInside(window: Pick<StopState, 'fromMinute' | 'toMinute'>, { startTick, ticks }: BookedTime): boolean {
  return startTick >= minuteToTick(window.fromMinute) && startTick + ticks <= minuteToTick(window.toMinute);
}

function ableCounters(change: StopChange, stop: StopState, time: BookedTime): number[] {
  return countersFor(time.serviceIds, change.needs, stop.kitCapabilities, stop.counters);
}

function isAnnounced(stop: StopState, time: BookedTime): boolean {
  const { announced } = stop;
  return announced === null || time.serviceIds.every((id) => announced.includes(id));
}

/** True when the services could not be done before either: the change is not to blame, and nobody is asked. */
function wasImpossible(change: StopChange, time: BookedTime): boolean {
  return ableCounters(change, change.before, time).length === 0;
}

/** The counters at which it could be, whoever else is there. */
function countersOpenTo(change: StopChange, after: StopState, time: BookedTime): number[] {
  const { before } = change;
  if (!isInside(after, time)) return [];
  // Somebody who is still choosing has chosen this day and this place, and is not asked.
  const isLoose = time.claim === 'held' || time.claim === 'ended';
  if (isLoose && (after.date !== before.date || after.venueId !== before.venueId)) return [];
  if (isLoose && !isAnnounced(after, time)) return [];
  const able = ableCounters(change, after, time);
  if (able.length > 0 || isLoose || !wasImpossible(change, time)) return able;
  return after.counters.filter(({ qualifiedFor }) => qualifiedFor !== null).map(({ counter }) => counter);
}

function promisesBroken(change: StopChange, after: StopState, time: BookedTime): Breach[] {
  const { before } = change;
  const breaches: Breach[] = [];
  if (after.date !== before.date) breaches.push('dateChanged');
  if (after.venueId !== before.venueId) breaches.push('venueChanged');
  if (!isInside(after, time)) breaches.push('outsideWindow');
  const isNoLongerAble = ableCounters(change, after, time).length === 0 && !wasImpossible(change, time);
  const isNoLongerAnnounced = isAnnounced(before, time) && !isAnnounced(after, time);
  if (isNoLongerAble || isNoLongerAnnounced) breaches.push('serviceImpossible');
  return breaches;
}

/** One kept promise outweighs everything below it, however many there are at one stop. */
function weightOf(time: BookedTime, breaches: readonly Breach[]): number {
  if (time.claim !== 'promised') return 1e3;
  return breaches.length === 0 ? 1e11 : 1e7;
}

/** Time that wants a counter. */
export interface Placeable {
  id: number;
  /** Where it is now: kept where that costs nobody a place. */
  counter: number;
  startTick: number;
  ticks: number;
  /** The counters at which it may be. */
  able: readonly number[];
  /** Worth of having it placed, over 1000; fewer than 1000 are ever placed together. */
  weight: number;
}

/** So many ways of having filled the counters are followed at once; beyond, the best of them. */
const MOST_WAYS = 4_000;
/** The same where there are many counters: then almost everybody fits anyway, and each way costs more. */
const MOST_WAYS_MANY_COUNTERS = 200;
const MANY_COUNTERS = 5;

interface Way {
  /** Tick at which each counter is free again; those free already are 0, so that equal ways are one. */
  freeAt: readonly number[];
  worth: number;
  counter: number | null;
  before: Way | null;
}

/**
 * Gives as many as possible (by weight) a counter so that no two overlap at one, and of all ways to do so the one in
 * which most keep theirs. Goes through the times in order and remembers, for each way the counters can be occupied,
 * only the best one: exact as long as there are at most MOST_WAYS of these, which few counters do not exceed.
 * @returns the counter by id; who got none is left out
 */
export function placeAtCounters(items: readonly Placeable[]): Map<number, number> {
  if (fitsAsItIs(items)) return new Map(items.map(({ id, counter }) => [id, counter]));

  const ordered = [...items].sort((a, b) => a.startTick - b.startTick || a.id - b.id);
  const counters = [...new Set(items.flatMap(({ able }) => able))].sort((a, b) => a - b);
  let ways: Way[] = [{ freeAt: counters.map(() => 0), worth: 0, counter: null, before: null }];
  for (const item of ordered) {
    ways = nextWays(ways, item, counters);
  }
  const placed = new Map<number, number>();
  let way: Way | null = ways.reduce((best, one) => (one.worth > best.worth ? one : best));
  for (const item of ordered.reverse()) {
    const counter: number | null = way?.counter ?? null;
    if (counter !== null) placed.set(item.id, counter);
    way = way?.before ?? null;
  }
  return placed;
}

function fitsAsItIs(items: readonly Placeable[]): boolean {
  const taken = new Set<string>();
  for (const { counter, startTick, ticks, able } of items) {
    if (!able.includes(counter)) return false;
    for (let tick = startTick; tick < startTick + ticks; tick++) {
      const place = `${counter} ${tick}`;
      if (taken.has(place)) return false;
      taken.add(place);
    }
  }
  return true;
}

function nextWays(ways: readonly Way[], item: Placeable, counters: readonly number[]): Way[] {
  const best = new Map<string, Way>();
  const keep = (way: Way): void => {
    const key = way.freeAt.join();
    const known = best.get(key);
    if (known === undefined || way.worth > known.worth) best.set(key, way);
  };
  for (const before of ways) {
    const freeAt = before.freeAt.map((tick) => (tick <= item.startTick ? 0 : tick));
    keep({ freeAt, worth: before.worth, counter: null, before });
    counters.forEach((counter, index) => {
      if (freeAt[index] !== 0 || !item.able.includes(counter)) return;
      const worth = before.worth + item.weight + (counter === item.counter ? 1 : 0);
      keep({ freeAt: freeAt.with(index, item.startTick + item.ticks), worth, counter, before });
    });
  }
  const next = [...best.values()];
  const most = counters.length < MANY_COUNTERS ? MOST_WAYS : MOST_WAYS_MANY_COUNTERS;
  return next.length <= most ? next : next.sort((a, b) => b.worth - a.worth).slice(0, most);
}
