import { compile, reversed, startFrom, type Compiled } from './compiled.ts';
import { runPass, type Labels } from './ngRoutes.ts';
import type { RoutingProblem } from './problem.ts';
import { createSingleRouteSearch, type SingleRouteSearch } from './search.ts';

/**
 * The order with the earliest return, with a proof. A search gives an order. Then it is asked with a deadline: is there
 * one that is back before? Windows and precedences are narrowed by the deadline; ng-routes with small neighbourhoods are
 * looked for in turn forwards and backwards, each pass bounded by the one before, and the neighbourhoods grow where the
 * routes found repeat a stop (Roberti, Mingozzi 2014, "Dynamic ng-path relaxation for the delivery man problem"). It
 * ends when there is no ng-route any more.
 */
export interface ProofInput {
  seed: number;
  /** Asked now and then with the steps done since the last time; true: stop now. */
  isOver: (steps: number) => boolean;
}

export interface Proof {
  /** Null: none was found; where `proved`: there is none. */
  order: number[] | null;
  /** Infinity without an order. */
  value: number;
  bound: number;
  proved: boolean;
}

/** Neighbours of a stop at the beginning, itself not counted. */
const FIRST_NEIGHBOURS = 4;
/** Iterations of the search per stop: after each pass, and until it has become cold. */
const SEARCH_FIRST = 25;
const SEARCH_CYCLE = 80;
/** A step of the search in the unit of `isOver`: labels tried. */
const STEPS_PER_ITERATION = 200;

/** Finds the order with the earliest return, or as good a one as could be found before `isOver`. */
export function proveReturn(problem: RoutingProblem, { seed, isOver }: ProofInput): Proof {
  const loose = compile(problem);
  if (loose === null) return { order: null, value: Infinity, bound: Infinity, proved: true };
  const { n } = loose;
  const search = createSingleRouteSearch(loose, true, seed, SEARCH_CYCLE * n);
  let over = false;
  const stopped = (steps: number): boolean => (over ||= isOver(steps));
  runSearch(search, 2 * SEARCH_FIRST * n, stopped);

  let relaxation: Relaxation | null = null;
  let deadline = NaN;
  let completion: Labels | null = null;
  for (let backwards = false; !over; backwards = !backwards) {
    if (relaxation === null || search.cost - 1 < deadline || Number.isNaN(deadline)) {
      // Whoever wants to be back earlier has narrower windows.
      deadline = search.cost - 1;
      const graph = compile(problem, deadline);
      if (graph === null) return proofOf(search, true, loose);
      const grown: Relaxation | null = relaxation;
      relaxation = relax(graph);
      if (grown !== null) {
        for (let k = 0; k < grown.neighbours.length; k++) {
          relaxation.neighbours[k] = (relaxation.neighbours[k] as number) | (grown.neighbours[k] as number);
        }
      }
      completion = null;
    }
    const pass = runPass({
      graph: backwards ? relaxation.backward : relaxation.forward,
      words: relaxation.words,
      neighbours: relaxation.neighbours,
      completion,
      isOver: stopped,
    });
    if (!pass.complete) break;
    if (pass.best.length === 0) return proofOf(search, true, loose);
    let improved = false;
    for (const one of pass.best) {
      const route = backwards ? one.toReversed() : one;
      if (isElementary(route)) {
        const value = returnOf(loose, route);
        if (value < search.cost) {
          search.adopt(route, costOf(loose, route));
          improved = true;
        }
      }
      forbidRepetitions(relaxation, route);
    }
    completion = improved ? null : pass.labels;
    runSearch(search, SEARCH_FIRST * n, stopped);
  }
  return proofOf(search, false, loose);
}

interface Relaxation {
  forward: Compiled;
  backward: Compiled;
  words: number;
  neighbours: Int32Array;
}

function relax(graph: Compiled): Relaxation {
  const words = Math.max(1, Math.ceil(graph.n / 32));
  const neighbours = new Int32Array(graph.n * words);
  for (let i = 0; i < graph.n; i++) {
    addNeighbour(neighbours, words, i, i);
    const others = Array.from({ length: graph.n }, (_, j) => j)
      .filter((j) => j !== i && canRepeatAround(graph, i, j))
      .sort((a, b) => between(graph, i, a) - between(graph, i, b) || a - b);
    for (const j of others.slice(0, FIRST_NEIGHBOURS)) addNeighbour(neighbours, words, i, j);
  }
  return { forward: graph, backward: reversed(graph), words, neighbours };
}

function between({ cost, size }: Compiled, i: number, j: number): number {
  return Math.min(cost[i * size + j] as number, cost[j * size + i] as number);
}

/** True when a route could visit j, then i, then j again: only then i has to remember j. */
function canRepeatAround(graph: Compiled, i: number, j: number): boolean {
  const { size, before, from, to, least } = graph;
  if (before[i * size + j] === 1 || before[j * size + i] === 1) return false;
  const at = (from[j] as number) + (least[j * size + i] as number);
  return Math.max(at, from[i] as number) + (least[i * size + j] as number) <= (to[j] as number);
}

function addNeighbour(neighbours: Int32Array, words: number, of: number, stop: number): boolean {
  const at = of * words + (stop >> 5);
  const bit = 1 << (stop & 31);
  if (((neighbours[at] as number) & bit) !== 0) return false;
  neighbours[at] = (neighbours[at] as number) | bit;
  return true;
}

/** Forbids the repetitions in a route: everything between two visits of a stop has to remember it. */
function forbidRepetitions({ neighbours, words }: Relaxation, route: readonly number[]): boolean {
  const seen = new Map<number, number>();
  let grown = false;
  for (const [at, stop] of route.entries()) {
    const previous = seen.get(stop);
    if (previous !== undefined) {
      for (let p = previous + 1; p < at; p++) {
        if (addNeighbour(neighbours, words, route[p] as number, stop)) grown = true;
      }
    }
    seen.set(stop, at);
  }
  return grown;
}

function isElementary(route: readonly number[]): boolean {
  return new Set(route).size === route.length;
}

function runSearch(search: SingleRouteSearch, iterations: number, stopped: (steps: number) => boolean): void {
  for (let done = 0; done < iterations; done += 20) {
    if (stopped(20 * STEPS_PER_ITERATION)) return;
    search.run(20);
  }
}

function costOf({ cost, size, n }: Compiled, route: readonly number[]): number {
  let sum = 0;
  let at = n;
  for (const stop of [...route, n + 1]) {
    sum += cost[at * size + stop] as number;
    at = stop;
  }
  return sum;
}

function returnOf(graph: Compiled, route: readonly number[]): number {
  let at = graph.from[graph.n] as number;
  let here = graph.n;
  for (const stop of [...route, graph.n + 1]) {
    at = startFrom(graph, stop, at + (graph.time[here * graph.size + stop] as number));
    if (at > (graph.to[stop] as number)) return Infinity;
    here = stop;
  }
  return at;
}

function proofOf(search: SingleRouteSearch, proved: boolean, graph: Compiled): Proof {
  const { best, cost } = search;
  return { order: best, value: cost, bound: proved ? cost : Math.min(cost, graph.from[graph.n + 1] as number), proved };
}
