import { estimateMatrix } from '../../server/domain/routing/travelEstimate.ts';
import type { Objective, RoutingProblem } from '../../server/domain/routing/problem.ts';
import { seededRandom } from '../../server/domain/routing/random.ts';
import { solve } from '../../server/domain/routing/solve.ts';

const STOPS = 12;
const DAYS = 1_000;
const BREAK = { afterSeconds: 6 * 3600, seconds: 1800 };

/** What a day that a crew could have takes to solve with a proof; the goal is 20 ms at p99. */
export function run(): Promise<string> {
  const rows: {
    objective: string;
    break: string;
    proved: number;
    possible: number;
    p50: number;
    p99: number;
    max: number;
  }[] = [];
  for (const objective of ['travelTime', 'makespan', 'duration'] satisfies Objective[]) {
    for (const rule of [null, BREAK]) {
      const milliseconds: number[] = [];
      let proved = 0;
      let possible = 0;
      // The first hundred are for the compiler of Node to get warm.
      for (let seed = -100; seed < DAYS; seed++) {
        const problem = { ...randomDay(seed), break: rule };
        const begin = performance.now();
        const found = solve(problem, { objective, seed: 1, stop: () => performance.now() - begin > 5_000 });
        if (seed < 0) continue;
        milliseconds.push(performance.now() - begin);
        if (found.proved) proved++;
        if (found.order !== null) possible++;
      }
      milliseconds.sort((one, other) => one - other);
      const at = (share: number): number => Number(milliseconds[Math.ceil(share * DAYS) - 1]!.toFixed(2));
      rows.push({
        objective,
        break: rule === null ? 'no' : '30 min',
        proved,
        possible,
        p50: at(0.5),
        p99: at(0.99),
        max: at(1),
      });
    }
  }
  console.table(rows);
  const [, travelWithBreak] = rows;
  return Promise.resolve(
    `${travelWithBreak!.p99} ms at p99 for least travel with a break, ${DAYS} days of ${STOPS} stops`,
  );
}

/**
 * Twelve stops within half an hour's drive around a depot in Lusatia, 10 to 25 minutes of service each, in windows of 60
 * to 180 minutes that lie around the times of some day that is possible without a break; with it not all days are.
 */
function randomDay(seed: number): RoutingProblem {
  const random = seededRandom(seed);
  const between = (least: number, most: number): number => Math.round(least + random() * (most - least));
  const depot = { lat: 51.52, lon: 14.0 };
  const places = Array.from({ length: STOPS }, () => ({
    lat: depot.lat + (random() - 0.5) * 0.3,
    lon: depot.lon + (random() - 0.5) * 0.45,
  }));
  const travel = estimateMatrix([depot, ...places, depot]).seconds;
  let now = 7 * 3600;
  let here = 0;
  const left = new Set(places.keys());
  const stops: RoutingProblem['stops'][number][] = [];
  while (left.size > 0) {
    // Mostly the nearest next one.
    const near = [...left].sort((one, other) => travel[here]![one + 1]! - travel[here]![other + 1]!);
    const stop = near[random() < 0.6 ? 0 : between(0, Math.min(3, near.length - 1))]!;
    left.delete(stop);
    now += travel[here]![stop + 1]!;
    const width = between(60, 180) * 60;
    const from = now - between(0, width);
    const serviceSeconds = between(10, 25) * 60;
    stops[stop] = { serviceSeconds, windows: [{ from, to: from + width }] };
    now += serviceSeconds;
    here = stop + 1;
  }
  return { travel, stops, shift: { from: 6 * 3600, to: 20 * 3600 }, break: null };
}
