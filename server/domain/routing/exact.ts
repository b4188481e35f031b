import { compile, FAR } from './compiled.ts';
import { beam, type Incumbent } from './beam.ts';
import type { Objective, RoutingProblem } from './problem.ts';
import { priceVisits, squeeze, type PricedBound } from './prices.ts';
import { schedule } from './schedule.ts';
import { valueOf } from './costs.ts';
import { createSingleRouteSearch, type SingleRouteSearch } from './search.ts';

export interface DayProof extends Incumbent {
  /** Infinity: proved that there is no order. */
  bound: number;
  proved: boolean;
}

export interface DayOptions {
  objective: Objective;
  seed: number;
  /** Asked now and then with the steps done since the last time. */
  isOver: (steps: number) => boolean;
}

/** Partial days per number of stops in the first, cheap attempt. */
const FIRST_WIDTH = 128;
const WIDTH_FACTOR = 8;
/** Steps of an iteration of the search. */
const STEPS_PER_ITERATION = 10;
/** Steps of search for each other step, and after how many of those it begins. */
const SEARCH_SHARE = 0.35;
const BEFORE_SEARCHING_ALONG = 50_000;
/** Share of the best known value below which a bound is worth another start. */
const FAR_FROM_KNOWN = 0.8;

/**
 * The best day for any objective, with several windows and with a break: an order by search, a bound by prices, and the
 * growing beam that either finds something better or proves that there is nothing.
 */
export function proveDay(problem: RoutingProblem, { objective, seed, isOver }: DayOptions): DayProof {
  const graph = compile(problem);
  if (graph === null) return { order: null, value: Infinity, bound: Infinity, proved: true };
  const { n } = graph;
  let known: Incumbent = { order: null, value: Infinity };
  let over = false;
  let owed = -BEFORE_SEARCHING_ALONG;
  let aside: SingleRouteSearch | null = null;
  const stopped = (steps: number): boolean => {
    over ||= isOver(steps);
    owed += steps * SEARCH_SHARE;
    if (n > 14 && owed > 0 && !over) searchAlong();
    return over;
  };
  const take = (order: readonly number[] | null): void => {
    if (order === null) return;
    const day = schedule(problem, order, objective);
    const value = valueOf(objective, day);
    if (day.violations.length === 0 && value < known.value) known = { order: [...order], value };
  };
  /** While a proof goes on for long, better orders are looked for, too: an annealing that heats up again and again. */
  const searchAlong = (): void => {
    aside ??= createSingleRouteSearch(graph, objective === 'makespan', seed + 1_000, 80 * n);
    for (; owed > 0 && !over; owed -= STEPS_PER_ITERATION * 10) {
      aside.run(10);
      over ||= isOver(STEPS_PER_ITERATION * 10);
    }
    if (aside.best !== null) take(aside.best);
  };
  const cost = objective === 'travelTime' ? graph.cost : graph.time.map((seconds) => Math.min(seconds, FAR));
  // What no order can do without, besides what the prices say.
  const base = objective === 'makespan' ? problem.shift.from : 0;
  const pricing = (
    iterations: number,
    nearest: number,
    from: PricedBound | null,
    order: readonly number[] | null = known.order,
  ): PricedBound =>
    priceVisits(graph, {
      cost,
      upperBound: known.value - base,
      order,
      counted: false,
      iterations,
      nearest,
      from,
      limit: n > 30 ? 60_000 : 15_000,
      isOver: stopped,
    });
  const boundOf = (bound: PricedBound): number => Math.ceil(bound.bound + base - 1e-6);

  const proved = (): DayProof => ({ ...known, bound: known.value, proved: true });
  let cycle = 0;
  /** One annealing from hot to cold, while none goes on aside: from the best known order where the search counts what the objective counts. */
  const seek = (iterations: number): void => {
    if (known.value <= lower || aside !== null) return;
    const search = createSingleRouteSearch(graph, objective === 'makespan', seed + cycle++, iterations);
    if (known.order !== null && objective === 'travelTime') search.adopt(known.order, known.value);
    for (let done = 0; done < iterations && !over; done += 10) {
      search.run(10);
      over ||= isOver(STEPS_PER_ITERATION * 10);
    }
    take(search.best);
  };
  let lower = -Infinity;
  if (n > 14) seek(30 * n);
  let bound = pricing(n > 14 ? 60 : 1, Math.min(6, n), null);
  if (n > 14 && known.order !== null && bound.bound < FAR_FROM_KNOWN * (known.value - base)) {
    // Walks that earn by going in circles, as where service is inside the matrix: these prices forbid it.
    const other = pricing(60, Math.min(6, n), null, null);
    if (other.bound > bound.bound) bound = other;
  }
  lower = boundOf(bound);
  if (lower >= known.value) return proved();
  const squeezed = (rounds: number): void => {
    bound = squeeze(graph, bound, {
      cost,
      upperBound: known.value - base,
      rounds,
      mayCount: rounds > 2,
      limit: 100_000,
      isOver: stopped,
    });
    lower = Math.max(lower, boundOf(bound));
  };
  for (let stage = 0; n > 14 && stage < 20 && bound.labels < 20_000 && !over; stage++) {
    const before = bound.bound;
    squeezed(2);
    if (lower >= known.value) return proved();
    seek(100 * n);
    bound = pricing(60, 0, bound);
    lower = Math.max(lower, boundOf(bound));
    if (lower >= known.value) return proved();
    const gain = bound.bound - before;
    if (stage >= 2 && gain < (known.value - base - before) * 0.05) break;
  }
  for (let width = FIRST_WIDTH, round = 0; !over; width *= WIDTH_FACTOR, round++) {
    if (round > 0 || n > 14) {
      if (n > 14) seek(200 * n);
      if (round === 1 && n <= 14) bound = pricing(25, Math.min(8, n), null);
      squeezed(20);
      if (lower >= known.value) return proved();
    }
    if (over) break;
    const result = beam(problem, graph, { objective, width, bound, known, isOver: stopped });
    if (result.value < known.value) known = { order: result.order, value: result.value };
    if (result.complete && result.lost >= known.value - 1 + 1e-6) return proved();
    if (result.complete) lower = Math.max(lower, Math.min(known.value, Math.ceil(result.lost - 1e-6)));
    if (lower >= known.value) return proved();
    if (!result.complete && !over) break;
  }
  return { ...known, bound: Math.min(lower, known.value), proved: false };
}
