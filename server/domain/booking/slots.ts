/**
 * Free times at the counters of one stop on one day.
 *
 * Time is counted in ticks of five minutes: tick t covers the minutes [5t, 5t + 5) of the local day. A *gap* is a
 * longest run of free ticks of one counter inside the stop's window.
 *
 * Every feasible start may be booked, but only some are offered: those that lie a whole number of appointments from
 * one end of their gap. Such a start costs exactly one of the appointments of that length that still fit; a start in
 * between can cost two. Everything here is linear in the ticks of a counter, because one page asks for dozens of stops.
 */
import { TICKS_PER_DAY } from '../time.ts';

/** One lane of service. */
export interface CounterDay {
  counter: number;
  /** Ticks that are not available, in any order; repetitions and ticks outside the window do no harm. */
  taken: readonly number[];
}

/** The window of a stop on one day. Each counter is listed once. */
export interface StopDay {
  /** First tick of the window, inclusive, 0 to 288. */
  fromTick: number;
  /** End of the window, exclusive, 0 to 288; not after fromTick means that the window is empty. */
  toTick: number;
  counters: readonly CounterDay[];
}

/** A time that is offered. */
export interface Start {
  /** First tick of the appointment. */
  tick: number;
  /** The counter at which it fits best. */
  counter: number;
  /** Ticks of the gap that then stay too few for another appointment of the same length (less than its length). */
  waste: number;
}

/**
 * The first tick that may be booked, inclusive (lead time); null when nothing may be booked on that day any more.
 * The result of `earliestTick` in rules.ts fits here unchanged.
 */
export type EarliestTick = number | null;

/**
 * Every tick at which an appointment of `ticks` ticks could start on at least one counter, ascending.
 * Used to check what somebody asks for.
 * @throws RangeError when the length is not a whole number of at least 1 or the window does not lie within a day.
 */
export function freeStarts(day: StopDay, ticks: number, earliestTick: EarliestTick = 0): number[] {
  checkLength(ticks);
  const free = new Uint8Array(TICKS_PER_DAY);
  forEachGap(day, earliestTick, (from, to) => {
    if (to - from >= ticks) free.fill(1, from, to - ticks + 1);
  });

  const starts: number[] = [];
  for (let tick = 0; tick < TICKS_PER_DAY; tick++) {
    if (free[tick] === 1) starts.push(tick);
  }
  return starts;
}

/**
 * The starts offered to citizens, best first, each tick once.
 *
 * In a gap [a, b) these are a + k·ticks and b − (k + 1)·ticks. Taking any of them at its counter lowers `capacity` by
 * exactly one: left and right of it remain floor(left / ticks) + floor(right / ticks) = floor((b − a) / ticks) − 1.
 *
 * Order: gaps that fit exactly, then smaller before larger gaps (large ones are kept whole); in a gap first the starts
 * next to a booking or the edge of the window; then the earlier time, then the lower counter number.
 * @throws RangeError as `freeStarts`.
 */
export function offeredStarts(day: StopDay, ticks: number, earliestTick: EarliestTick = 0): Start[] {
  checkLength(ticks);
  // For each tick the best rank so far (0 = not offered) and the counter it belongs to.
  const ranks = new Int32Array(TICKS_PER_DAY);
  const counters = new Float64Array(TICKS_PER_DAY);
  let offered = 0;

  forEachGap(day, earliestTick, (from, to, counter) => {
    const last = to - ticks;
    for (let tick = from; tick <= last; tick += ticks) offer(tick, from, to, counter);
    for (let tick = last; tick >= from; tick -= ticks) offer(tick, from, to, counter);
  });

  function offer(tick: number, from: number, to: number, counter: number): void {
    const rank = packedRank(tick, ticks, from, to);
    const best = ranks[tick]!;
    if (best === 0) offered++;
    if (best === 0 || rank < best || (rank === best && counter < counters[tick]!)) {
      ranks[tick] = rank;
      counters[tick] = counter;
    }
  }

  // Rank and tick in one integer, so that sorting needs no objects.
  const keys = new Int32Array(offered);
  let count = 0;
  for (let tick = 0; tick < TICKS_PER_DAY; tick++) {
    if (ranks[tick] !== 0) keys[count++] = ranks[tick]! * TICKS_PER_DAY + tick;
  }
  keys.sort();
  return Array.from(keys, (key) => {
    const tick = key % TICKS_PER_DAY;
    const gapLength = Math.floor(ranks[tick]! / 2);
    return { tick, counter: counters[tick]!, waste: gapLength % ticks };
  });
}

/**
 * How many appointments of `ticks` ticks still fit, all counters together.
 * @throws RangeError as `freeStarts`.
 */
export function capacity(day: StopDay, ticks: number, earliestTick: EarliestTick = 0): number {
  checkLength(ticks);
  let fitting = 0;
  forEachGap(day, earliestTick, (from, to) => {
    fitting += Math.floor((to - from) / ticks);
  });
  return fitting;
}

/**
 * The counter at which an appointment of `ticks` ticks from `startTick` wastes least, or null when none is free
 * (or the start is not a whole tick).
 * For an offered start this is the counter it was offered with. Order: starts that are packed against an end of their
 * gap; starts that leave scraps at both ends; starts that cost a second appointment; within these as `offeredStarts`.
 * @throws RangeError as `freeStarts`.
 */
export function bestCounter(
  day: StopDay,
  ticks: number,
  startTick: number,
  earliestTick: EarliestTick = 0,
): number | null {
  checkLength(ticks);
  if (!Number.isInteger(startTick)) return null;

  let best: number | null = null;
  let bestRank = Infinity;
  forEachGap(day, earliestTick, (from, to, counter) => {
    if (startTick < from || startTick + ticks > to) return;

    const rank = scrapClass(startTick, ticks, from, to) * RANKS + packedRank(startTick, ticks, from, to);
    if (rank < bestRank || (rank === bestRank && best !== null && counter < best)) {
      best = counter;
      bestRank = rank;
    }
  });
  return best;
}

/**
 * The n starts nearest to the wanted tick, nearest first, of two equally near ones the earlier: what is offered when
 * somebody else was faster. The wanted tick itself is among them if it is among the starts.
 */
export function nearestStarts(starts: readonly Start[], wantedTick: number, n: number): Start[] {
  return [...starts]
    .sort((a, b) => Math.abs(a.tick - wantedTick) - Math.abs(b.tick - wantedTick) || a.tick - b.tick)
    .slice(0, Math.max(0, n));
}

/**
 * At most `max` of the starts, ascending by tick, for a short list with a real choice.
 *
 * The time from the first to the last start is cut into three equal parts (morning, noon, afternoon of this stop); the
 * parts take turns giving their best start, the part with the best start of all begins. So the best start is always
 * shown and no part is left out while there is room.
 * @param starts best first, as `offeredStarts` returns them
 */
export function pickForDisplay(starts: readonly Start[], max: number): Start[] {
  if (starts.length <= max) return [...starts].sort(byTick);

  // A Map keeps the order in which the parts first appear, that is by their best start.
  const first = starts.reduce((tick, start) => Math.min(tick, start.tick), Infinity);
  const last = starts.reduce((tick, start) => Math.max(tick, start.tick), -Infinity);
  const parts = new Map<number, Start[]>();
  for (const start of starts) {
    const part = Math.floor(((start.tick - first) * DAY_PARTS) / (last - first + 1));
    const members = parts.get(part);
    if (members) members.push(start);
    else parts.set(part, [start]);
  }

  const picked: Start[] = [];
  for (let round = 0; picked.length < max; round++) {
    for (const members of parts.values()) {
      const start = members[round];
      if (start && picked.length < max) picked.push(start);
    }
  }
  return picked.sort(byTick);
}

const DAY_PARTS = 3;

/** Above every value of packedRank: 2 · 288 + 1 is the largest. */
const RANKS = 2 * TICKS_PER_DAY + 2;

/** Lower is better: the gap's length first, then whether the start touches one of its ends. At least 2. */
function packedRank(tick: number, ticks: number, from: number, to: number): number {
  const touches = tick === from || tick + ticks === to;
  return 2 * (to - from) + (touches ? 0 : 1);
}

/** 0: packed against an end; 1: scraps on both sides, but no appointment lost; 2: costs a second appointment. */
function scrapClass(tick: number, ticks: number, from: number, to: number): number {
  const left = (tick - from) % ticks;
  const right = (to - tick - ticks) % ticks;
  if (left === 0 || right === 0) return 0;
  return left + right < ticks ? 1 : 2;
}

/** Calls `visit` for each gap with its first tick (inclusive), its end (exclusive) and its counter. */
function forEachGap(
  day: StopDay,
  earliestTick: EarliestTick,
  visit: (from: number, to: number, counter: number) => void,
): void {
  checkBoundary(day.fromTick);
  checkBoundary(day.toTick);
  if (earliestTick === null) return;

  const windowStart = Math.max(day.fromTick, Math.ceil(earliestTick));
  const windowEnd = day.toTick;
  const taken = new Uint8Array(TICKS_PER_DAY);
  for (const { counter, taken: takenTicks } of day.counters) {
    taken.fill(0);
    // Writing outside a typed array does nothing, which is what ticks outside the day deserve.
    for (const tick of takenTicks) taken[tick] = 1;

    let from = windowStart;
    while (from < windowEnd) {
      let to = from;
      while (to < windowEnd && taken[to] === 0) to++;
      if (to > from) visit(from, to, counter);
      from = to + 1;
    }
  }
}

function byTick(a: Start, b: Start): number {
  return a.tick - b.tick;
}

function checkLength(ticks: number): void {
  if (!Number.isInteger(ticks) || ticks < 1) throw new RangeError(`not a length in ticks: ${ticks}`);
}

function checkBoundary(tick: number): void {
  if (!Number.isInteger(tick) || tick < 0 || tick > TICKS_PER_DAY) throw new RangeError(`outside the day: ${tick}`);
}
