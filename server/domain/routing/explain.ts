import type { RoutingProblem } from './problem.ts';
import type { RouteSchedule, Violation } from './schedule.ts';

/** Why a day cannot be kept; instants and lengths in seconds, stops as indexes of `problem.stops`. */
export type Explanation =
  | Violation
  /** Even on the least way from the depot, leaving at the begin of the shift, the crew comes too late. */
  | { kind: 'outOfReach'; stop: number; arrival: number; windowTo: number }
  /** Served at the earliest, the crew is not back in time. */
  | { kind: 'noWayBack'; stop: number; return: number; shiftTo: number }
  /** Neither can be served after the other: when the crew would be at the second, and at the first. */
  | {
      kind: 'pairExcluded';
      first: number;
      second: number;
      arrival: number;
      windowTo: number;
      otherArrival: number;
      otherWindowTo: number;
    }
  /** Service and the least travel alone are longer than the shift. */
  | { kind: 'shiftTooShort'; neededSeconds: number; shiftSeconds: number }
  /** So long a day needs a break, and with it no order is possible. */
  | { kind: 'noPlaceForBreak'; breakSeconds: number; afterSeconds: number }
  /** None of these reasons alone: no order keeps all windows together. */
  | { kind: 'noOrder' };

/**
 * Why the schedule breaks what it breaks; without a schedule, what can be said about why no order is possible: all
 * reasons that concern one stop, else two of them, else the length of the day.
 *
 * @param withoutBreak whether there is an order if no break is taken, where that has been tried
 */
export function explain(
  problem: RoutingProblem,
  schedule: RouteSchedule | null,
  withoutBreak: 'possible' | 'unknown' = 'unknown',
): Explanation[] {
  if (schedule !== null) return schedule.violations;
  const least = leastTimes(problem);
  const single = singleReasons(problem, least);
  if (single.length > 0) return single;
  const pairs = excludedPairs(problem, least);
  if (pairs.length > 0) return pairs;
  const short = tooShort(problem, least);
  if (short !== null) return [short];
  if (withoutBreak === 'possible' && problem.break !== null) {
    return [{ kind: 'noPlaceForBreak', breakSeconds: problem.break.seconds, afterSeconds: problem.break.afterSeconds }];
  }
  return [{ kind: 'noOrder' }];
}

/** From the start of service at one node to the arrival at another, by whatever way over stops. */
type LeastTimes = (from: number, to: number) => number;

function leastTimes(problem: RoutingProblem): LeastTimes {
  const size = problem.stops.length + 2;
  const least = problem.travel.map((row, from) =>
    row.map((seconds) => seconds + (problem.stops[from - 1]?.serviceSeconds ?? 0)),
  );
  for (let via = 1; via < size - 1; via++) {
    for (let from = 0; from < size - 1; from++) {
      for (let to = 1; to < size; to++) {
        least[from]![to] = Math.min(least[from]![to]!, least[from]![via]! + least[via]![to]!);
      }
    }
  }
  return (from, to) => least[from]![to]!;
}

function singleReasons(problem: RoutingProblem, least: LeastTimes): Explanation[] {
  const { shift, stops } = problem;
  const end = stops.length + 1;
  return stops.flatMap((_, stop): Explanation[] => {
    const arrival = shift.from + least(0, stop + 1);
    const start = earliestStart(problem, stop, arrival);
    if (start === null) return [{ kind: 'outOfReach', stop, arrival, windowTo: lastWindowEnd(problem, stop) }];
    const back = start + least(stop + 1, end);
    return back > shift.to ? [{ kind: 'noWayBack', stop, return: back, shiftTo: shift.to }] : [];
  });
}

function excludedPairs(problem: RoutingProblem, least: LeastTimes): Explanation[] {
  const { shift, stops } = problem;
  const pairs: Explanation[] = [];
  for (let first = 0; first < stops.length; first++) {
    for (let second = first + 1; second < stops.length; second++) {
      const later = (one: number, other: number): number =>
        earliestStart(problem, one, shift.from + least(0, one + 1))! + least(one + 1, other + 1);
      const arrival = later(first, second);
      const otherArrival = later(second, first);
      const windowTo = lastWindowEnd(problem, second);
      const otherWindowTo = lastWindowEnd(problem, first);
      if (arrival > windowTo && otherArrival > otherWindowTo) {
        pairs.push({ kind: 'pairExcluded', first, second, arrival, windowTo, otherArrival, otherWindowTo });
      }
    }
  }
  return pairs;
}

/** Every stop is left once and entered once: the larger of the two sums of the least ways (and the service). */
function tooShort({ stops, shift, travel }: RoutingProblem, least: LeastTimes): Explanation | null {
  const nodes = Array.from({ length: stops.length }, (_, stop) => stop + 1);
  const end = stops.length + 1;
  if (stops.length === 0) {
    const needed = travel[0]![1]!;
    return needed > shift.to - shift.from ? tooLong(needed, shift.to - shift.from) : null;
  }
  const service = stops.reduce((sum, { serviceSeconds }) => sum + serviceSeconds, 0);
  const leave = (node: number): number =>
    Math.min(...[...nodes, end].filter((to) => to !== node).map((to) => least(node, to) - serviceOf(stops, node)));
  const enter = (node: number): number =>
    Math.min(
      ...[0, ...nodes].filter((from) => from !== node).map((from) => least(from, node) - serviceOf(stops, from)),
    );
  const leaving = Math.min(...nodes.map((to) => least(0, to))) + nodes.reduce((sum, node) => sum + leave(node), 0);
  const entering =
    Math.min(...nodes.map((node) => least(node, end) - serviceOf(stops, node))) +
    nodes.reduce((sum, node) => sum + enter(node), 0);
  const needed = service + Math.max(leaving, entering);
  return needed > shift.to - shift.from ? tooLong(needed, shift.to - shift.from) : null;
}

function tooLong(neededSeconds: number, shiftSeconds: number): Explanation {
  return { kind: 'shiftTooShort', neededSeconds, shiftSeconds };
}

function serviceOf(stops: RoutingProblem['stops'], node: number): number {
  return stops[node - 1]?.serviceSeconds ?? 0;
}

function earliestStart({ stops }: RoutingProblem, stop: number, arrival: number): number | null {
  const window = stops[stop]!.windows.find(({ to }) => to >= arrival);
  return window === undefined ? null : Math.max(arrival, window.from);
}

function lastWindowEnd({ stops }: RoutingProblem, stop: number): number {
  return stops[stop]!.windows.at(-1)!.to;
}
export { explainIn, type ExplainWords } from './explainIn.ts';
