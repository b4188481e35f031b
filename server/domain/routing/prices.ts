import { assignmentPrices } from './assignment.ts';
import { reversed, type Compiled } from './compiled.ts';
import { createRelaxation, listAt, relax, type Relaxation } from './relaxation.ts';

/** A lower bound of what is added up on the way from the start to the end, and what it was worked out with. */
export interface PricedBound {
  /** No order costs less; Infinity: no order is in time. */
  bound: number;
  /** Per stop. */
  prices: Float64Array;
  neighbours: Int32Array;
  /** Of these prices and neighbourhoods; complete, unless it was stopped. */
  walks: Relaxation;
  labels: number;
}

export interface PricingOptions {
  cost: Int32Array;
  /** What is known to be possible; Infinity if nothing is. */
  upperBound: number;
  /** An order to take the first prices from; null: from the assignment of each stop to the next. */
  order: readonly number[] | null;
  iterations: number;
  /** Whether walks are told apart by the number of stops. */
  counted: boolean;
  /** Neighbours of each stop to begin with, itself not counted. */
  nearest: number;
  /** Goes on from these prices and neighbourhoods. */
  from: PricedBound | null;
  /** Labels of one relaxation; where there are more, the neighbourhoods stay as they are. */
  limit: number;
  isOver: (steps: number) => boolean;
}

/** Labels of one call, about. */
const WORK = 400_000;
const LEAST_FACTOR = 0.003;
/** Share of the newest walk in the direction. */
const WEIGHT_OF_NEW = 0.25;

/**
 * Prices for visits by subgradient steps (Held, Karp 1971; as in Baldacci, Mingozzi, Roberti 2012), so that the cheapest
 * walk visits each stop about once, with neighbourhoods that grow where it still repeats one (Roberti, Mingozzi 2014).
 */
export function priceVisits(graph: Compiled, options: PricingOptions): PricedBound {
  const { n } = graph;
  const { cost, upperBound, iterations, limit, isOver } = options;
  const walks = createRelaxation(graph, options.counted);
  const { words } = walks;
  let { nearest } = options;
  let neighbours = options.from?.neighbours ?? nearestNeighbours(graph, words, nearest);
  const prices = options.from?.prices.slice() ?? halfWays(graph, cost, options.order) ?? assignmentPrices(graph, cost);
  const best = { bound: options.from?.bound ?? -Infinity, prices: prices.slice(), neighbours };
  const visits = new Int32Array(n + 2);
  const direction = new Float64Array(n);
  let factor = options.from === null ? 0.5 : 0.25;
  let stale = 0;
  let work = 0;
  let length = 1;
  let isFirst = true;
  const move = (): void => {
    const target = Number.isFinite(upperBound) ? upperBound : best.bound + Math.abs(best.bound) * 0.05 + 1;
    const step = (factor * Math.max(0.5, target - best.bound)) / length;
    for (let stop = 0; stop < n; stop++) prices[stop] = best.prices[stop]! + step * direction[stop]!;
  };
  for (let iteration = 0; iteration < iterations; iteration++) {
    if (isOver(n) || work > WORK) break;
    relax(graph, walks, { cost, prices, neighbours, limit, isOver });
    work += walks.labels;
    if (!walks.complete) {
      // Too many: less memory to begin with, or what has been enough before.
      if (best.bound === -Infinity && nearest > 0) {
        nearest >>= 1;
        neighbours = nearestNeighbours(graph, words, nearest);
        best.neighbours = neighbours;
        continue;
      }
      factor *= 0.5;
      if (best.bound === -Infinity || factor < LEAST_FACTOR) break;
      move();
      continue;
    }
    const whole = walks.byNode[listAt(walks.counted, n, n, n)]!;
    if (whole.count === 0) return { ...best, bound: Infinity, walks, labels: 0 };
    const first = whole.label[0]!;
    const value = prices.reduce((sum, price) => sum + price, 0) + walks.cost[first]!;
    visits.fill(0);
    for (let label = walks.next[first]!; label !== -1; label = walks.next[label]!) visits[walks.node[label]!]!++;
    let along = 0;
    let norm = 0;
    const weight = isFirst ? 1 : WEIGHT_OF_NEW;
    for (let stop = 0; stop < n; stop++) {
      along += (1 - visits[stop]!) * direction[stop]!;
      direction[stop] = weight * (1 - visits[stop]!) + (1 - weight) * direction[stop]!;
      norm += direction[stop]! ** 2;
    }
    if (isFirst || value > best.bound + 1e-7) {
      isFirst = false;
      // As long as the new walk agrees with the direction, longer steps.
      if (along > 0) factor = Math.min(2, factor * 1.3);
      stale = 0;
      best.bound = Math.max(value, best.bound);
      best.prices.set(prices);
      best.neighbours = neighbours;
      if (Math.ceil(best.bound - 1e-6) >= upperBound) break;
    } else if (++stale >= 4) {
      stale = 0;
      factor *= 0.7;
      if (factor < LEAST_FACTOR) break;
    }
    if (norm < 1e-9) break;
    length = norm;
    move();
  }
  relax(graph, walks, { ...options, prices: best.prices, neighbours: best.neighbours });
  if (!walks.complete) {
    // Without memory there are few.
    best.neighbours = nearestNeighbours(graph, words, 0);
    relax(graph, walks, { ...options, prices: best.prices, neighbours: best.neighbours, limit: Infinity });
  }
  return { ...best, walks, labels: walks.labels };
}

/**
 * Makes walks longer in memory and arcs fewer, in turn from both ends, each pass bounded by the one before (bounded
 * bidirectional labels; Baldacci, Mingozzi, Roberti 2012), as long as that helps. Arcs that no walk cheaper than
 * `upperBound` takes are removed from the graph.
 */
export function squeeze(graph: Compiled, start: PricedBound, options: SqueezeOptions): PricedBound {
  const { cost, upperBound, rounds, limit, isOver } = options;
  const { n, size, arc } = graph;
  const { prices } = start;
  let bound = start.bound;
  let { neighbours, walks } = start;
  const total = prices.reduce((sum, price) => sum + price, 0);
  let other: Relaxation | null = null;
  let counted = walks.counted;
  for (let round = 0; round < rounds; round++) {
    const backwards = round % 2 === 0;
    if (other === null && !backwards) break;
    const turned = backwards ? reversed({ ...graph, cost }) : { ...graph, cost };
    const used = new Uint8Array(size * size);
    const fresh = createRelaxation(graph, counted);
    const completion = { walks: backwards ? walks : other!, below: upperBound - 1 + 1e-6, used };
    relax(turned, fresh, {
      cost: turned.cost,
      prices,
      neighbours,
      limit,
      isOver,
      completion,
    });
    if (isOver(n) || !fresh.complete) break;
    for (let from = 0; from < size; from++) {
      for (let to = 0; to < size; to++) {
        const at = from * size + to;
        const isUsed = backwards ? used[turn(to, n) * size + turn(from, n)] : used[at];
        if (isUsed === 0) arc[at] = 0;
      }
    }
    const whole = fresh.byNode[listAt(counted, n, n, n)]!;
    if (whole.count === 0) return { bound: Infinity, prices, neighbours, walks: fresh, labels: 0 };
    const first = whole.label[0]!;
    bound = Math.max(bound, total + fresh.cost[first]!);
    if (backwards) other = fresh;
    else walks = fresh;
    if (Math.ceil(bound - 1e-6) >= upperBound) break;
    const grown = rememberRepetitions(fresh, first, neighbours);
    if (grown === null) {
      // Nothing is repeated, so something is skipped, which only a count forbids.
      if (counted) break;
      counted = options.mayCount;
      if (!counted) break;
    } else neighbours = grown;
  }
  return { bound, prices, neighbours, walks, labels: walks.labels };
}

export interface SqueezeOptions {
  cost: Int32Array;
  upperBound: number;
  rounds: number;
  /** Whether walks may be told apart by their number of stops once nothing else helps. */
  mayCount: boolean;
  limit: number;
  isOver: (steps: number) => boolean;
}

/** Half of the ways to and from each stop in the best known order: walks then cost about nothing, whomever they skip. */
function halfWays({ n, size }: Compiled, cost: Int32Array, order: readonly number[] | null): Float64Array | null {
  if (order === null) return null;
  const nodes = [n, ...order, n + 1];
  const prices = new Float64Array(n);
  for (let at = 1; at <= n; at++) {
    prices[nodes[at]!] = (cost[nodes[at - 1]! * size + nodes[at]!]! + cost[nodes[at]! * size + nodes[at + 1]!]!) / 2;
  }
  return prices;
}

function turn(node: number, n: number): number {
  return node === n ? n + 1 : node === n + 1 ? n : node;
}

function nearestNeighbours({ n, size, time, arc }: Compiled, words: number, nearest: number): Int32Array {
  const neighbours = new Int32Array(size * words);
  for (let node = 0; node < size; node++) {
    neighbours[node * words + (node >>> 5)]! |= 1 << (node & 31);
    const near = Array.from({ length: n }, (_, other) => other)
      .filter((other) => other !== node && arc[node * size + other] === 1 && arc[other * size + node] === 1)
      .sort((one, other) => time[node * size + one]! - time[node * size + other]!);
    for (const other of near.slice(0, nearest)) neighbours[node * words + (other >>> 5)]! |= 1 << (other & 31);
  }
  return neighbours;
}

/** Everything between two visits of a stop remembers the stop from now on. Null: nothing is repeated. */
function rememberRepetitions(
  { words, node, next }: Relaxation,
  first: number,
  neighbours: Int32Array,
): Int32Array | null {
  const walk: number[] = [];
  for (let label = next[first]!; label !== -1; label = next[label]!) walk.push(node[label]!);
  const seen = new Map<number, number>();
  const grown = neighbours.slice();
  let changed = false;
  walk.forEach((stop, at) => {
    const previous = seen.get(stop);
    seen.set(stop, at);
    if (previous === undefined) return;
    for (let between = previous + 1; between < at; between++) {
      grown[walk[between]! * words + (stop >>> 5)]! |= 1 << (stop & 31);
      changed = true;
    }
  });
  return changed ? grown : null;
}
