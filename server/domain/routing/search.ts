import { startFrom, startUntil, type Compiled } from './compiled.ts';
import { seededRandom } from './random.ts';

/**
 * Slack induction by string removals (Christiaens, Vanden Berghe 2020) for one route: a string of stops is taken out
 * and each is put back where it costs least; annealing decides whether the new order stays. Stops that fit nowhere
 * stay out, those that were out most often count most (as in the fleet minimisation of the same paper).
 */
export interface SingleRouteSearch {
  /** The best order with all stops; null: none yet. */
  best: number[] | null;
  /** Its travel, in cost of the graph; for the makespan its return. */
  cost: number;
  /** Goes on for so many iterations. */
  run(iterations: number): void;
  /** Takes over an order that is better than what is known. */
  adopt(order: readonly number[], cost: number): void;
}

const BLINK = 0.01;
const LONGEST_STRING = 12;

/**
 * @param byReturn true: the earliest return counts, by looking for orders that are back before the best one so far
 * @param iterations after how many the annealing is cold
 */
export function createSingleRouteSearch(
  graph: Compiled,
  byReturn: boolean,
  seed: number,
  iterations: number,
): SingleRouteSearch {
  const { n, size, time, cost, arc } = graph;
  const random = seededRandom(seed);
  const START = n;
  const END = n + 1;
  // The current route with start and end, and until when / from when each position can be served.
  let route = new Int32Array(n + 2);
  let length = 0;
  let routeCost = 0;
  const early = new Float64Array(n + 3);
  const late = new Float64Array(n + 3);
  let trial = new Int32Array(n + 2);
  const out: number[] = [];
  let outside: number[] = Array.from({ length: n }, (_, stop) => stop);
  const timesOut = new Float64Array(n).fill(1);
  const removed = new Uint8Array(n);
  // What a worse choice costs on average: the scale of the temperature, whatever service is in the costs.
  let spread = 0;
  for (let i = 0; i < n; i++) {
    const costs: number[] = [];
    for (let j = 0; j <= n + 1; j++) {
      if (j !== i && arc[i * size + j] === 1) costs.push(cost[i * size + j] as number);
    }
    costs.sort((a, b) => a - b);
    spread += (costs[Math.min(3, costs.length - 1)] ?? 0) - (costs[0] ?? 0);
  }
  const hot = Math.max(1, spread / Math.max(1, n));
  const cold = hot * 0.01;
  let cycle = iterations;
  let long = iterations;
  let cycles = 0;
  let done = 0;
  let deadline = graph.to[END] as number;

  const search: SingleRouteSearch = { best: null, cost: Infinity, run, adopt };

  /** When each position is reached at the earliest, and when it must begin at the latest; known before and behind. */
  function evaluate(order: Int32Array, count: number, before = 0, behind = count - 1): void {
    if (before === 0) early[0] = graph.from[START] as number;
    for (let p = Math.max(1, before); p < count; p++) {
      const node = order[p] as number;
      const at = (early[p - 1] as number) + (time[(order[p - 1] as number) * size + node] as number);
      early[p] = startFrom(graph, node, at);
    }
    if (behind === count - 1) late[count - 1] = deadline;
    for (let p = Math.min(behind, count - 2); p >= 0; p--) {
      const node = order[p] as number;
      const at = (late[p + 1] as number) - (time[node * size + (order[p + 1] as number)] as number);
      late[p] = startUntil(graph, node, at);
    }
  }

  /** Puts the stop where it costs least. False: it fits nowhere. */
  function insert(order: Int32Array, count: number, stop: number): number {
    let bestAt = -1;
    let bestDelta = Infinity;
    for (let p = 1; p < count; p++) {
      const a = order[p - 1] as number;
      const b = order[p] as number;
      const delta =
        (cost[a * size + stop] as number) +
        (cost[stop * size + b] as number) -
        (a === START && b === END ? 0 : (cost[a * size + b] as number));
      if (delta >= bestDelta || random() < BLINK) continue;
      const at = startFrom(graph, stop, (early[p - 1] as number) + (time[a * size + stop] as number));
      if (at > (graph.to[stop] as number)) continue;
      if (at + (time[stop * size + b] as number) > (late[p] as number)) continue;
      bestAt = p;
      bestDelta = delta;
    }
    return bestAt;
  }

  function costOf(order: Int32Array, count: number): number {
    let sum = 0;
    if (count <= 2) return 0;
    for (let p = 1; p < count; p++) sum += cost[(order[p - 1] as number) * size + (order[p] as number)] as number;
    return sum;
  }

  function keepIfBest(): void {
    if (outside.length > 0) return;
    if (byReturn) evaluate(route, length);
    const value = byReturn ? (early[length - 1] as number) : routeCost;
    if (value >= search.cost) return;
    search.best = [...route.subarray(1, length - 1)];
    search.cost = value;
    if (byReturn) hurry(value - 1);
  }

  /** From now on only earlier returns count: stops leave the route until it keeps the new deadline. */
  function hurry(to: number): void {
    deadline = to;
    for (;;) {
      evaluate(route, length);
      let inTime = true;
      for (let p = 0; p < length; p++) if ((early[p] as number) > (late[p] as number)) inTime = false;
      if (inTime || length === 2) break;
      const at = 1 + Math.floor(random() * (length - 2));
      outside.push(route[at] as number);
      route.copyWithin(at, at + 1, length);
      length--;
    }
    routeCost = costOf(route, length);
  }

  /** Begins anew when it has become cold: in turn from the best order, longer each time, and for short from nothing. */
  function reheat(): void {
    done = 0;
    cycles++;
    const anew = cycles % 2 === 1 && !byReturn;
    if (!anew) long = Math.round(long * 1.4);
    cycle = anew ? Math.round(iterations / 4) : long;
    if (search.best === null) return;
    if (anew) {
      length = 2;
      route[0] = START;
      route[1] = END;
      outside = Array.from({ length: n }, (_, stop) => stop);
    } else {
      route.set([START, ...search.best, END]);
      length = n + 2;
      outside = [];
    }
    routeCost = costOf(route, length);
    if (byReturn) hurry(search.cost - 1);
  }

  function step(): void {
    if (done >= cycle) reheat();
    const temperature = hot * (cold / hot) ** (done / cycle);
    done++;
    removed.fill(0);
    out.length = 0;
    for (const stop of outside) out.push(stop);
    const stops = length - 2;
    if (stops > 0) {
      const strings = 1 + Math.floor(random() * 3);
      for (let k = 0; k < strings; k++) {
        const longest = Math.min(LONGEST_STRING, stops);
        const count = 1 + Math.floor(random() * longest);
        const kept = random() < 0.5 && count > 1 ? 1 + Math.floor(random() * Math.min(count, stops - count + 1)) : 0;
        const from = 1 + Math.floor(random() * Math.max(1, stops - count - kept + 1));
        // Split string: some stops in the middle stay.
        const gap = kept > 0 ? from + 1 + Math.floor(random() * (count - 1)) : from + count;
        for (let p = from; p < from + count + kept && p <= stops; p++) {
          if (p >= gap && p < gap + kept) continue;
          const stop = route[p] as number;
          if (removed[stop] === 1) continue;
          removed[stop] = 1;
          out.push(stop);
        }
      }
    }
    let count = 0;
    for (let p = 0; p < length; p++) {
      const node = route[p] as number;
      if (node >= n || removed[node] === 0) trial[count++] = node;
    }
    arrange(out);
    const left: number[] = [];
    evaluate(trial, count);
    for (const stop of out) {
      const at = insert(trial, count, stop);
      if (at < 0) {
        left.push(stop);
        continue;
      }
      trial.copyWithin(at + 1, at, count);
      late.copyWithin(at + 1, at, count);
      trial[at] = stop;
      count++;
      evaluate(trial, count, at, at);
    }
    const trialCost = costOf(trial, count);
    const weight = (stops: readonly number[]): number =>
      stops.reduce((sum, stop) => sum + (timesOut[stop] as number), 0);
    const accepted =
      left.length > 0 || outside.length > 0
        ? left.length < outside.length || weight(left) <= weight(outside)
        : trialCost < routeCost - temperature * Math.log(random());
    for (const stop of left) timesOut[stop] = (timesOut[stop] as number) + 1;
    if (!accepted) return;
    [route, trial] = [trial, route];
    length = count;
    routeCost = trialCost;
    outside = left;
    keepIfBest();
  }

  /** In which order stops come back: by chance, by the end of their window, or from far to near. */
  function arrange(stops: number[]): void {
    const way = random();
    if (way < 0.4) {
      for (let k = stops.length - 1; k > 0; k--) {
        const other = Math.floor(random() * (k + 1));
        [stops[k], stops[other]] = [stops[other] as number, stops[k] as number];
      }
    } else if (way < 0.6) {
      stops.sort((a, b) => (graph.to[a] as number) - (graph.to[b] as number));
    } else if (way < 0.8) {
      stops.sort((a, b) => width(a) - width(b));
    } else {
      stops.sort((a, b) => (cost[START * size + b] as number) - (cost[START * size + a] as number));
    }
  }

  function width(stop: number): number {
    return (graph.to[stop] as number) - (graph.from[stop] as number);
  }

  function run(count: number): void {
    for (let k = 0; k < count; k++) step();
  }

  function adopt(order: readonly number[], adoptedCost: number): void {
    route.set([START, ...order, END]);
    length = n + 2;
    outside = [];
    routeCost = adoptedCost;
    keepIfBest();
  }

  route[0] = START;
  route[1] = END;
  length = 2;
  return search;
}
