import type { Objective, RoutingProblem, TimeSpan } from './problem.ts';

/** A day in a given order; instants and lengths in seconds as in the problem. */
export interface RouteSchedule {
  departure: number;
  return: number;
  travelSeconds: number;
  /** Sum of `cost`, or of `travel` where the problem has none. */
  cost: number;
  waitingSeconds: number;
  /** To exclusive; each lies between the end of a visit and its departure. */
  breaks: TimeSpan[];
  /** In the order given. */
  visits: RouteVisit[];
  /** Empty: the day keeps every window, the shift and the break. */
  violations: Violation[];
}

export interface RouteVisit {
  /** Index in `problem.stops`. */
  stop: number;
  arrival: number;
  /** From the arrival to the start of service. */
  waiting: number;
  start: number;
  end: number;
  /** The end of service, or of the break after it. */
  departure: number;
}

export type Violation =
  /** Even leaving at the begin of the shift the crew arrives after the last window of the stop. */
  | { kind: 'windowMissed'; stop: number; arrival: number; windowTo: number; lateSeconds: number }
  | { kind: 'shiftEnd'; return: number; shiftTo: number; lateSeconds: number }
  /** No place for the break where the windows would still be kept, or none early enough. */
  | { kind: 'breakMissing'; daySeconds: number; afterSeconds: number; breakSeconds: number };

/**
 * A partial day as a function of its departure t: service at the last stop ends at max(earliest, t + length), for
 * t ≤ latest (Savelsbergh's forward time slack, 1992; the segments of Vidal et al. 2013).
 */
interface PartialDay {
  earliest: number;
  length: number;
  latest: number;
  /** Position in the order after which the break is taken, -1: not yet. */
  breakAt: number;
}

/**
 * The times of a day whose order is given. Every departure, every choice among several windows and every place of the
 * break is considered: the day that is kept is the shortest one (for `makespan` the earliest back), then the one that is
 * back earliest, leaving as late as that allows. An order that cannot be kept leaves at the begin of the shift, is as
 * little late as that allows, and says by how much.
 *
 * `order` are indexes of `problem.stops`; it need not hold all of them.
 */
export function schedule(
  problem: RoutingProblem,
  order: readonly number[],
  objective: Objective = 'travelTime',
): RouteSchedule {
  const kept = bestDay(problem, order, objective);
  if (kept !== null) return timesOf(problem, order, kept, []);
  const late = leastLate(problem, order);
  const violations = violationsOf(problem, late);
  const relaxed = relax(problem, late);
  return timesOf(relaxed, order, bestDay(relaxed, order, objective) ?? late.day, violations);
}

/** Whether the order can be kept at all, and what is left of the windows does not matter. */
function bestDay(problem: RoutingProblem, order: readonly number[], objective: Objective): PartialDay | null {
  let days: PartialDay[] = [{ earliest: problem.shift.from, length: 0, latest: problem.shift.to, breakAt: -1 }];
  order.forEach((stop, position) => {
    const { windows, serviceSeconds } = problem.stops[stop]!;
    const next: PartialDay[] = [];
    for (const day of days) {
      const travel = problem.travel[nodeBefore(order, position)]![stop + 1]!;
      const earliest = day.earliest + travel;
      const length = day.length + travel;
      for (const { from, to } of windows) {
        const start = Math.max(earliest, from);
        const latest = Math.min(day.latest, to - length);
        if (start > to || latest < problem.shift.from) continue;
        const served = {
          earliest: start + serviceSeconds,
          length: length + serviceSeconds,
          latest,
          breakAt: day.breakAt,
        };
        next.push(served, ...withBreak(problem, served, position));
      }
    }
    days = undominated(next);
  });
  const back = problem.travel[nodeBefore(order, order.length)]![problem.stops.length + 1]!;
  let best: PartialDay | null = null;
  for (const day of days) {
    const length = day.length + back;
    const done = {
      ...day,
      earliest: day.earliest + back,
      length,
      latest: Math.min(day.latest, problem.shift.to - length),
    };
    if (done.earliest > problem.shift.to || done.latest < problem.shift.from) continue;
    const rule = problem.break;
    if (rule !== null && done.breakAt === -1 && shortest(done) > rule.afterSeconds) continue;
    if (best === null || compareDays(objective, done, best) < 0) best = done;
  }
  return best;
}

/** The same day with the break after this stop, if that is early enough for some departure. */
function withBreak({ break: rule }: RoutingProblem, day: PartialDay, position: number): PartialDay[] {
  if (rule === null || day.breakAt !== -1) return [];
  // It begins at max(earliest, t + length) ≤ t + after: for every t ≥ earliest − after, if length ≤ after. The day that
  // is kept leaves at earliest − length or at latest, never before that bound, so it need not be carried along.
  if (day.length > rule.afterSeconds || day.earliest - rule.afterSeconds > day.latest) return [];
  return [{ ...day, earliest: day.earliest + rule.seconds, length: day.length + rule.seconds, breakAt: position }];
}

function undominated(days: readonly PartialDay[]): PartialDay[] {
  return days.filter(
    (day, index) =>
      !days.some(
        (other, at) =>
          at !== index &&
          (other.breakAt !== -1 || day.breakAt === -1) &&
          other.earliest <= day.earliest &&
          other.length <= day.length &&
          other.latest >= day.latest &&
          (at < index ||
            other.earliest < day.earliest ||
            other.length < day.length ||
            other.latest > day.latest ||
            (other.breakAt !== -1 && day.breakAt === -1)),
      ),
  );
}

/** Least return − departure over all departures. */
function shortest(day: PartialDay): number {
  return Math.max(day.length, day.earliest - day.latest);
}

function compareDays(objective: Objective, one: PartialDay, other: PartialDay): number {
  const byLength = shortest(one) - shortest(other);
  const byReturn = one.earliest - other.earliest;
  return objective === 'makespan' ? byReturn || byLength : byLength || byReturn;
}

function timesOf(
  problem: RoutingProblem,
  order: readonly number[],
  day: PartialDay,
  violations: Violation[],
): RouteSchedule {
  // Back at the earliest, and no sooner on the road than that needs.
  const departure = Math.max(problem.shift.from, Math.min(day.latest, day.earliest - day.length));
  return { ...drive(problem, order, departure, day.breakAt), violations };
}

/** Leaves then, starts each service as early as it can, or at once where all windows are over. */
function drive(
  problem: RoutingProblem,
  order: readonly number[],
  departure: number,
  breakAt: number,
): Omit<RouteSchedule, 'violations'> {
  const costs = problem.cost ?? problem.travel;
  const visits: RouteVisit[] = [];
  const breaks: TimeSpan[] = [];
  let now = departure;
  let travelSeconds = 0;
  let cost = 0;
  order.forEach((stop, position) => {
    const from = nodeBefore(order, position);
    const travel = problem.travel[from]![stop + 1]!;
    travelSeconds += travel;
    cost += costs[from]![stop + 1]!;
    const { windows, serviceSeconds } = problem.stops[stop]!;
    const arrival = now + travel;
    const window = windows.find(({ to }) => to >= arrival);
    const start = window === undefined ? arrival : Math.max(arrival, window.from);
    const end = start + serviceSeconds;
    now = end;
    if (breakAt === position && problem.break !== null) {
      now = end + problem.break.seconds;
      breaks.push({ from: end, to: now });
    }
    visits.push({ stop, arrival, waiting: start - arrival, start, end, departure: now });
  });
  const last = nodeBefore(order, order.length);
  const end = problem.stops.length + 1;
  return {
    departure,
    return: now + problem.travel[last]![end]!,
    travelSeconds: travelSeconds + problem.travel[last]![end]!,
    cost: cost + costs[last]![end]!,
    waitingSeconds: visits.reduce((sum, { waiting }) => sum + waiting, 0),
    breaks,
    visits,
  };
}

function nodeBefore(order: readonly number[], position: number): number {
  return position === 0 ? 0 : order[position - 1]! + 1;
}

/** The drive that leaves at the begin of the shift and is late by the least, with its break where one is due. */
interface LateDay {
  day: PartialDay;
  times: Omit<RouteSchedule, 'violations'>;
  breakMissing: boolean;
}

function leastLate(problem: RoutingProblem, order: readonly number[]): LateDay {
  const rule = problem.break;
  const departure = problem.shift.from;
  let best: LateDay | null = null;
  let leastLateness = Infinity;
  for (let breakAt = -1; breakAt < (rule === null ? 0 : order.length); breakAt++) {
    const times = drive(problem, order, departure, breakAt);
    const begin = times.breaks[0]?.from;
    if (rule !== null && begin !== undefined && begin - departure > rule.afterSeconds) continue;
    const breakMissing = rule !== null && breakAt === -1 && times.return - departure > rule.afterSeconds;
    const lateness = latenessOf(problem, times);
    // Among equals the day with its break; a break that makes a window late is not taken, and reported as missing.
    if (lateness < leastLateness || (lateness === leastLateness && best?.breakMissing === true)) {
      leastLateness = lateness;
      const day = { earliest: times.return, length: times.return - departure, latest: departure, breakAt };
      best = { day, times, breakMissing };
    }
  }
  return best!;
}

function latenessOf(problem: RoutingProblem, times: Omit<RouteSchedule, 'violations'>): number {
  const late = times.visits.map(({ stop, arrival }) => Math.max(0, arrival - lastWindowEnd(problem, stop)));
  return late.reduce((sum, seconds) => sum + seconds, Math.max(0, times.return - problem.shift.to));
}

function violationsOf(problem: RoutingProblem, late: LateDay): Violation[] {
  const { times } = late;
  const violations: Violation[] = [];
  for (const { stop, arrival } of times.visits) {
    const windowTo = lastWindowEnd(problem, stop);
    if (arrival > windowTo) {
      violations.push({ kind: 'windowMissed', stop, arrival, windowTo, lateSeconds: arrival - windowTo });
    }
  }
  const shiftTo = problem.shift.to;
  if (times.return > shiftTo) {
    violations.push({ kind: 'shiftEnd', return: times.return, shiftTo, lateSeconds: times.return - shiftTo });
  }
  if (late.breakMissing && problem.break !== null) {
    const { afterSeconds, seconds } = problem.break;
    const daySeconds = times.return - times.departure;
    violations.push({ kind: 'breakMissing', daySeconds, afterSeconds, breakSeconds: seconds });
  }
  return violations;
}

function lastWindowEnd(problem: RoutingProblem, stop: number): number {
  return problem.stops[stop]!.windows.at(-1)!.to;
}

/** The problem with just as much room as the late day needs, so that it may leave later than at the begin. */
function relax(problem: RoutingProblem, { times, breakMissing, day }: LateDay): RoutingProblem {
  const stops = [...problem.stops];
  for (const { stop, start, arrival } of times.visits) {
    const { windows, serviceSeconds } = stops[stop]!;
    if (arrival > windows.at(-1)!.to) stops[stop] = { serviceSeconds, windows: [{ from: start, to: start }] };
  }
  const withoutBreak = breakMissing || (problem.break !== null && day.breakAt === -1);
  return {
    ...problem,
    stops,
    shift: { from: problem.shift.from, to: Math.max(problem.shift.to, times.return) },
    break: withoutBreak ? null : problem.break,
  };
}
