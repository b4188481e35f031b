import fc from 'fast-check';
import { valueOf } from '../../../server/domain/routing/costs.ts';
import { seededRandom } from '../../../server/domain/routing/random.ts';
import { schedule } from '../../../server/domain/routing/schedule.ts';
import type { Objective, RoutingProblem, TimeSpan } from '../../../server/domain/routing/problem.ts';

/*
 * Random days and, beside them, the slowest possible way to judge an order: every departure, minute by minute, every
 * choice of windows and every place of the break.
 */

export const OBJECTIVES: readonly Objective[] = ['travelTime', 'makespan', 'duration'];

export interface DayShape {
  stops: number;
  windows: number;
  withBreak: boolean;
}

/** Small numbers, so that ties, waiting and impossible days are frequent. The matrix is neither symmetric nor triangular. */
export function days(shape: Partial<DayShape> = {}): fc.Arbitrary<RoutingProblem> {
  const { stops = 5, windows = 2, withBreak } = shape;
  return fc
    .record({
      count: fc.integer({ min: 0, max: stops }),
      withBreak: withBreak === undefined ? fc.boolean() : fc.constant(withBreak),
      afterSeconds: fc.integer({ min: 8, max: 45 }),
      breakSeconds: fc.integer({ min: 1, max: 8 }),
      from: fc.integer({ min: -5, max: 5 }),
      length: fc.integer({ min: 20, max: 90 }),
      separateCost: fc.boolean(),
    })
    .chain(({ count, afterSeconds, breakSeconds, from, length, separateCost, ...rest }) => {
      const matrix = fc.array(
        fc.array(fc.integer({ min: 0, max: 12 }), { minLength: count + 2, maxLength: count + 2 }),
        {
          minLength: count + 2,
          maxLength: count + 2,
        },
      );
      const stop = fc.record({
        serviceSeconds: fc.integer({ min: 0, max: 6 }),
        windows: fc
          .array(fc.record({ from: fc.integer({ min: -5, max: 60 }), width: fc.integer({ min: 0, max: 30 }) }), {
            minLength: 1,
            maxLength: windows,
          })
          .map(disjoint),
      });
      return fc.record({
        travel: matrix,
        ...(separateCost ? { cost: matrix } : {}),
        stops: fc.array(stop, { minLength: count, maxLength: count }),
        shift: fc.constant({ from, to: from + length }),
        break: fc.constant(rest.withBreak ? { afterSeconds, seconds: breakSeconds } : null),
      });
    });
}

function disjoint(raw: readonly { from: number; width: number }[]): TimeSpan[] {
  const spans: TimeSpan[] = [];
  for (const { from, width } of [...raw].sort((one, other) => one.from - other.from)) {
    const begin = Math.max(from, (spans.at(-1)?.to ?? -Infinity) + 1);
    spans.push({ from: begin, to: begin + width });
  }
  return spans;
}

/** The least value of an order over every departure; null: no departure keeps everything. */
export function slowValue(problem: RoutingProblem, order: readonly number[], objective: Objective): number | null {
  const costs = problem.cost ?? problem.travel;
  const nodes = [0, ...order.map((stop) => stop + 1), problem.stops.length + 1];
  const cost = nodes.slice(1).reduce((sum, node, at) => sum + costs[nodes[at]!]![node]!, 0);
  let best: number | null = null;
  for (let departure = problem.shift.from; departure <= problem.shift.to; departure++) {
    for (let breakAt = -1; breakAt < (problem.break === null ? 0 : order.length); breakAt++) {
      const back = drive(problem, order, departure, breakAt);
      if (back === null) continue;
      const value = { travelTime: cost, makespan: back, duration: back - departure }[objective];
      if (best === null || value < best) best = value;
    }
  }
  return best;
}

function drive(problem: RoutingProblem, order: readonly number[], departure: number, breakAt: number): number | null {
  let now = departure;
  let at = 0;
  for (const [position, stop] of order.entries()) {
    const { windows, serviceSeconds } = problem.stops[stop]!;
    now += problem.travel[at]![stop + 1]!;
    // Starting later than one could never helps: the next window after that is a different departure.
    const starts = windows.filter(({ to }) => to >= now).map(({ from }) => Math.max(from, now));
    if (starts.length === 0) return null;
    now = starts[0]! + serviceSeconds;
    if (position === breakAt) {
      if (now - departure > problem.break!.afterSeconds) return null;
      now += problem.break!.seconds;
    }
    at = stop + 1;
  }
  now += problem.travel[at]![problem.stops.length + 1]!;
  if (now > problem.shift.to) return null;
  if (problem.break !== null && breakAt === -1 && now - departure > problem.break.afterSeconds) return null;
  return now;
}

export function* permutations(count: number): Generator<number[]> {
  if (count === 0) {
    yield [];
    return;
  }
  for (const shorter of permutations(count - 1)) {
    for (let at = 0; at < count; at++) yield shorter.toSpliced(at, 0, count - 1);
  }
}

/** The least value of all orders; null: there is none. */
export function bruteForce(problem: RoutingProblem, objective: Objective): number | null {
  let best: number | null = null;
  for (const order of permutations(problem.stops.length)) {
    const value = slowValue(problem, order, objective);
    if (value !== null && (best === null || value < best)) best = value;
  }
  return best;
}

/** A day of exactly `count` stops in a plane, with wide windows, so that many orders are possible. */
export function easyDay(count: number, seed: number, withBreak: boolean): RoutingProblem {
  const random = seededRandom(seed);
  const upTo = (most: number): number => Math.floor(random() * (most + 1));
  const places = Array.from({ length: count + 1 }, () => [upTo(60), upTo(60)] as const);
  const nodes = [...places, places[0]!];
  const travel = nodes.map(([x, y]) => nodes.map(([a, b]) => Math.round(Math.hypot(x - a, y - b)) + upTo(5)));
  const stops = Array.from({ length: count }, () => {
    const from = upTo(300);
    const second = from + 150 + upTo(60);
    const windows = [
      { from, to: from + 40 + upTo(100) },
      { from: second, to: second + upTo(90) },
    ];
    return { serviceSeconds: upTo(12), windows: random() < 0.5 ? windows : windows.slice(0, 1) };
  });
  return { travel, stops, shift: { from: 0, to: 600 }, break: withBreak ? { afterSeconds: 180, seconds: 20 } : null };
}

/** As `bruteForce`, where `schedule` is trusted with the departure, which its own tests are about. */
export function bruteForceBySchedule(problem: RoutingProblem, objective: Objective): number | null {
  let best: number | null = null;
  for (const order of permutations(problem.stops.length)) {
    const day = schedule(problem, order, objective);
    if (day.violations.length > 0) continue;
    const value = valueOf(objective, day);
    if (best === null || value < best) best = value;
  }
  return best;
}

/** As `easyDay`, but every stop has time all day, so that there are orders however many stops. */
export function wideDay(count: number, seed: number): RoutingProblem {
  const day = easyDay(count, seed, false);
  const stops = day.stops.map(({ serviceSeconds }) => ({ serviceSeconds, windows: [{ from: 0, to: 2000 }] }));
  return { ...day, stops, shift: { from: 0, to: 2400 } };
}

/** A day that is possible: windows of up to `width` around the times of a random order. */
export function tourDay(count: number, seed: number, width: number): RoutingProblem {
  const day = easyDay(count, seed, false);
  const random = seededRandom(seed + 1);
  let now = 0;
  const stops = day.stops.map(({ serviceSeconds }, stop) => {
    now += day.travel[stop]![stop + 1]!;
    const from = now - Math.floor(random() * width);
    now += serviceSeconds;
    return { serviceSeconds, windows: [{ from, to: from + width }] };
  });
  return { ...day, stops, shift: { from: 0, to: now + 200 } };
}
