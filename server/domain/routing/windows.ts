import type { RoutingProblem, TimeSpan } from './problem.ts';

/**
 * Where one more stop fits into a day whose order is given, and when it can be served there: forward and backward
 * segments of the day (Savelsbergh 1992; Vidal et al. 2013) are made once, then a place in the order is decided in
 * constant time. Seconds and inclusive windows as in problem.ts; of `travel` and `cost` only the ways of the order are
 * read.
 */

/** A stop that is not in the problem yet. */
export interface NewStop {
  serviceSeconds: number;
  /** Travel from each node of the problem to it; the last one is not read. */
  to: readonly number[];
  /** Travel from it to each node of the problem; the first one is not read. */
  from: readonly number[];
  /** As `cost` of the problem; missing: as `to` and `from`. */
  costTo?: readonly number[];
  costFrom?: readonly number[];
}

/**
 * One way to fit it in: before `order[position]`, or last where that is `order.length`. Served from s on, the day leaves
 * the depot at min(latest, s − lead) and is back at max(earliest, s + tail).
 */
export interface Fit {
  position: number;
  /** When service can start so that everything else is kept; not empty. */
  starts: TimeSpan;
  /** So much more than without it, may be negative where a detour is shorter than the way. */
  addedCost: number;
  latest: number;
  lead: number;
  earliest: number;
  tail: number;
}

/**
 * A part of a day as a function of the instant a at which it begins: it ends at max(earliest, a + length), for
 * a ≤ latest. `breakFrom` and `breakLength`: its break begins at max(breakFrom, a + breakLength); null: it has none.
 */
interface Segment {
  earliest: number;
  length: number;
  latest: number;
  break: { from: number; length: number } | null;
}

/** The segments of a day, before and after each position. */
export interface DayRoom {
  before: readonly (readonly Segment[])[];
  after: readonly (readonly Segment[])[];
}

/** What is known of a day whatever comes in between. Empty lists where the day cannot be kept. */
export function roomOf(problem: RoutingProblem, order: readonly number[]): DayRoom {
  const rule = problem.break;
  const { shift } = problem;
  const way = (position: number): number =>
    problem.travel[nodeAt(problem, order, position - 1)]![nodeAt(problem, order, position)]!;

  // before[p]: from the departure to the moment at which the crew can leave what comes before position p.
  let days: Segment[] = [{ earliest: shift.from, length: 0, latest: shift.to, break: null }];
  const before = [days];
  order.forEach((stop, position) => {
    const { windows, serviceSeconds } = problem.stops[stop]!;
    const next: Segment[] = [];
    for (const day of days) {
      for (const served of serve(drive(day, way(position)), windows, serviceSeconds)) {
        if (served.latest < shift.from) continue;
        next.push(served);
        if (rule !== null && served.break === null && served.length <= rule.afterSeconds) {
          next.push(rest(served, rule.seconds));
        }
      }
    }
    days = undominated(next);
    before.push(days);
  });

  // after[p]: from the arrival at position p (order.length: at the end of the day) to the return.
  let rests: Segment[] = [{ earliest: -Infinity, length: 0, latest: shift.to, break: null }];
  const after = [rests];
  for (let position = order.length - 1; position >= 0; position--) {
    const { windows, serviceSeconds } = problem.stops[order[position]!]!;
    const next: Segment[] = [];
    for (const { from, to } of windows) {
      const own: Segment = { earliest: from + serviceSeconds, length: serviceSeconds, latest: to, break: null };
      for (const begin of rule === null ? [own] : [own, rest(own, rule.seconds)]) {
        for (const end of rests) {
          if (begin.break !== null && end.break !== null) continue;
          const joined = join(begin, way(position + 1), end);
          if (joined !== null) next.push(joined);
        }
      }
    }
    rests = undominated(next);
    after.unshift(rests);
  }
  return { before, after };
}

/** Every way to fit the stop in, ascending by position; several of one position may overlap. */
export function fitsOf(
  problem: RoutingProblem,
  order: readonly number[],
  stop: NewStop,
  room: DayRoom = roomOf(problem, order),
): Fit[] {
  const { to, from, costTo = to, costFrom = from } = stop;
  const costs = problem.cost ?? problem.travel;
  const found: Fit[] = [];
  for (let position = 0; position <= order.length; position++) {
    const [previous, next] = [nodeAt(problem, order, position - 1), nodeAt(problem, order, position)];
    const [into, out] = [to[previous]!, from[next]!];
    const addedCost = costTo[previous]! + costFrom[next]! - costs[previous]![next]!;
    for (const before of room.before[position]!) {
      for (const after of room.after[position]!) {
        if (before.break !== null && after.break !== null) continue;
        const isOpen = problem.break !== null && before.break === null && after.break === null;
        for (const rests of isOpen ? BOTH : WITHOUT) {
          const { break: rule } = problem;
          const tail = stop.serviceSeconds + (rests && rule !== null ? rule.seconds : 0) + out;
          const lead = before.length + into;
          const starts = startsBetween(
            problem,
            before,
            { into, lead, tail, service: stop.serviceSeconds, rests },
            after,
          );
          if (starts.from > starts.to) continue;
          const { latest } = before;
          found.push({
            position,
            starts,
            addedCost,
            latest,
            lead,
            earliest: after.earliest,
            tail: tail + after.length,
          });
        }
      }
    }
  }
  return found;
}

/** Whether the break follows the new stop: tried both ways, or there is none to place. */
const BOTH = [false, true] as const;
const WITHOUT = [false] as const;

/** The start within `span` with which the day is shortest, the earliest of equals; null: the fit has none there. */
export function shortestIn(fit: Fit, span: TimeSpan): { start: number; daySeconds: number } | null {
  const from = Math.max(fit.starts.from, span.from);
  const to = Math.min(fit.starts.to, span.to);
  if (from > to) return null;
  // The length is convex, and least between its two corners; before the first one it falls.
  const start = Math.min(to, Math.max(from, Math.min(fit.earliest - fit.tail, fit.latest + fit.lead)));
  return { start, daySeconds: daySecondsAt(fit, start) };
}

function daySecondsAt({ latest, lead, earliest, tail }: Fit, start: number): number {
  return Math.max(earliest, start + tail) - Math.min(latest, start - lead);
}

/** When service can start at any position: ascending, disjoint. */
export function startsOfAll(fits: readonly Pick<Fit, 'starts'>[]): TimeSpan[] {
  const joined: TimeSpan[] = [];
  for (const { from, to } of fits.map(({ starts }) => starts).sort((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last.to + 1) last.to = Math.max(last.to, to);
    else joined.push({ from, to });
  }
  return joined;
}

function nodeAt(problem: RoutingProblem, order: readonly number[], position: number): number {
  if (position === -1) return 0;
  return position === order.length ? problem.stops.length + 1 : order[position]! + 1;
}

interface Between {
  into: number;
  lead: number;
  /** Service, the break after it and the way on. */
  tail: number;
  service: number;
  rests: boolean;
}

/** Starts of service between two segments; empty where `from` > `to`. */
function startsBetween(
  { break: rule, shift }: RoutingProblem,
  before: Segment,
  { into, lead, tail, service, rests }: Between,
  after: Segment,
): TimeSpan {
  // The crew leaves as late as it can: at t = min(latest, start − lead), which makes the day the shortest.
  const span = { from: Math.max(before.earliest + into, shift.from + lead), to: after.latest - tail };
  if (rule === null || before.break !== null) return span;
  // The break, or where there is none the end, has to come in time: max(fixed, start + length) ≤ t + afterSeconds.
  const fixed = rests ? -Infinity : after.break !== null ? after.break.from : after.earliest;
  const length = rests ? service : tail + (after.break !== null ? after.break.length : after.length);
  if (fixed - rule.afterSeconds > before.latest || lead + length > rule.afterSeconds) return NEVER;
  span.from = Math.max(span.from, fixed - rule.afterSeconds + lead);
  span.to = Math.min(span.to, before.latest + rule.afterSeconds - length);
  return span;
}

const NEVER: TimeSpan = { from: 0, to: -1 };

function drive(day: Segment, travel: number): Segment {
  return { ...day, earliest: day.earliest + travel, length: day.length + travel };
}

function serve(day: Segment, windows: readonly TimeSpan[], serviceSeconds: number): Segment[] {
  return windows.flatMap(({ from, to }) => {
    const start = Math.max(day.earliest, from);
    if (start > to) return [];
    return [
      {
        ...day,
        earliest: start + serviceSeconds,
        length: day.length + serviceSeconds,
        latest: Math.min(day.latest, to - day.length),
      },
    ];
  });
}

function rest(part: Segment, seconds: number): Segment {
  return {
    ...part,
    earliest: part.earliest + seconds,
    length: part.length + seconds,
    break: { from: part.earliest, length: part.length },
  };
}

/** One after the other, with a drive between them; null: the second is over before. */
function join(first: Segment, travel: number, second: Segment): Segment | null {
  if (first.earliest + travel > second.latest) return null;
  const length = first.length + travel;
  return {
    earliest: Math.max(second.earliest, first.earliest + travel + second.length),
    length: length + second.length,
    latest: Math.min(first.latest, second.latest - length),
    break:
      first.break ??
      (second.break === null
        ? null
        : {
            from: Math.max(second.break.from, first.earliest + travel + second.break.length),
            length: length + second.break.length,
          }),
  };
}

/** Those that no other one is at least as good as, whatever comes before and after. */
function undominated(parts: readonly Segment[]): Segment[] {
  const kept: Segment[] = [];
  for (const part of parts) {
    if (kept.some((other) => isAsGood(other, part))) continue;
    for (let i = kept.length - 1; i >= 0; i--) if (isAsGood(part, kept[i]!)) kept.splice(i, 1);
    kept.push(part);
  }
  return kept;
}

function isAsGood(one: Segment, other: Segment): boolean {
  if (one.earliest > other.earliest || one.length > other.length || one.latest < other.latest) return false;
  if (one.break === null || other.break === null) return one.break === other.break;
  return one.break.from <= other.break.from && one.break.length <= other.break.length;
}
