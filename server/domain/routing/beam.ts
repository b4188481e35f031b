import type { Compiled } from './compiled.ts';
import type { Objective, RoutingProblem } from './problem.ts';
import type { PricedBound } from './prices.ts';
import { listAt } from './relaxation.ts';
import { schedule } from './schedule.ts';
import { createStates, growStates, type States } from './states.ts';
import { valueOf } from './costs.ts';

/** What is known of the best day so far. */
export interface Incumbent {
  order: number[] | null;
  value: number;
}

export interface BeamResult extends Incumbent {
  /** Nothing that was left out can be better than this; Infinity: nothing was left out. */
  lost: number;
  /** False: `isOver` stopped it. */
  complete: boolean;
}

export interface BeamOptions {
  objective: Objective;
  /** At most so many partial days of the same number of stops are followed. */
  width: number;
  /** Seconds of `cost` or, for the other objectives, of time still to come. */
  bound: PricedBound;
  known: Incumbent;
  isOver: (steps: number) => boolean;
}

/**
 * Dynamic programming over (visited stops, last stop), by number of stops: the complete anytime beam search of Kuroiwa
 * and Beck (CABS, 2023) when called again with growing width. A partial day is a function of its departure t: service
 * at the last stop begins at max(earliest, t + length) for t ≤ latest (Savelsbergh 1992), with its cost and whether the
 * break is behind it. One that is no better in anything than another of the same stops and last stop is dropped, and so
 * is one that cannot be completed for less than what is known, by the bound of `priceVisits`.
 */
export function beam(problem: RoutingProblem, graph: Compiled, options: BeamOptions): BeamResult {
  const { n, size, arc, time, cost, from: early, to: late, windows, before } = graph;
  const { objective, width, isOver } = options;
  const { walks, prices } = options.bound;
  const { words } = walks;
  const rule = problem.break;
  const flexible = rule !== null || objective === 'duration';
  const after = rule?.afterSeconds ?? Infinity;
  const pause = rule?.seconds ?? 0;
  const byCost = objective === 'travelTime';
  let { order, value } = options.known;
  let lost = Infinity;
  const totalPrice = prices.reduce((sum, price) => sum + price, 0);
  const predecessors = new Int32Array(size * words);
  for (let one = 0; one < n; one++) {
    for (let other = 0; other < n; other++) {
      if (before[one * size + other] === 1) predecessors[other * words + (one >>> 5)]! |= 1 << (one & 31);
    }
  }
  const services = problem.stops.map(({ serviceSeconds }) => serviceSeconds);
  const bounds = Array.from({ length: n }, (_, stop) =>
    problem.stops[stop]!.windows.flatMap(({ from, to }) => [from, to]),
  );

  const states = createStates(words);
  const visited = new Int32Array(words);
  let table = new Int32Array(1 << 10);
  let layerStart = 0;
  let layerDepth = 0;
  states.node[0] = n;
  states.earliest[0] = problem.shift.from;
  states.latest[0] = problem.shift.to;
  states.rest[0] = totalPrice;
  states.parent[0] = -1;
  states.count = 1;
  let layer: Int32Array = Int32Array.of(0);
  const result = (complete: boolean): BeamResult => ({ order, value, lost, complete });

  for (let depth = 1; depth <= n && layer.length > 0; depth++) {
    layerStart = states.count;
    layerDepth = depth;
    table.fill(-1);
    for (let at = 0; at < layer.length; at++) {
      if ((at & 63) === 63 && isOver(64)) return result(false);
      const state = layer[at]!;
      const last = states.node[state]!;
      for (let stop = 0; stop < n; stop++) {
        if (arc[last * size + stop] === 0) continue;
        if ((states.visited[state * words + (stop >>> 5)]! & (1 << (stop & 31))) !== 0) continue;
        let ready = true;
        for (let word = 0; word < words; word++) {
          visited[word] = states.visited[state * words + word]!;
          if ((predecessors[stop * words + word]! & ~visited[word]!) !== 0) ready = false;
        }
        if (!ready) continue;
        extend(state, last, stop, 0);
        if (mayRest(state, last)) extend(state, last, stop, pause);
      }
      // Tables and lists must not grow out of bounds where nothing can be proved anyway.
      if (states.count > MOST_STATES) return result(false);
    }
    layer = bestOf(depth);
  }
  if (n === 0) finish(0);
  return result(true);

  /** Whether the break can be taken after the service of the last stop. */
  function mayRest(state: number, last: number): boolean {
    if (rule === null || last === n || states.rested[state] === 1) return false;
    const service = services[last]!;
    const length = states.length[state]! + service;
    return length <= after && states.earliest[state]! + service - after <= states.latest[state]!;
  }

  function extend(state: number, last: number, stop: number, rest: number): void {
    const travel = time[last * size + stop]! + rest;
    const arrival = states.earliest[state]! + travel;
    const length = states.length[state]! + travel;
    const rested = rest > 0 || states.rested[state] === 1 ? 1 : 0;
    const costNew = byCost ? states.cost[state]! + cost[last * size + stop]! : 0;
    const until = late[stop]!;
    if (arrival > until) return;
    const own = windows[stop];
    let reached = -Infinity;
    for (let window = 0; window === 0 || (own !== null && window < own!.length); window += 2) {
      const opens = own === null ? early[stop]! : bounds[stop]![window]!;
      const closes = own === null ? until : Math.min(until, bounds[stop]![window + 1]!);
      const begin = Math.max(arrival, opens);
      if (begin > closes) continue;
      const latest = Math.min(states.latest[state]!, closes - length);
      // A later window is of use only where it lets the day begin later.
      if (latest <= reached) break;
      reached = latest;
      add(state, stop, begin, length, latest, costNew, rested);
      if (!flexible) break;
    }
  }

  function add(
    parent: number,
    stop: number,
    begin: number,
    length: number,
    latest: number,
    costNew: number,
    rested: number,
  ): void {
    if (rule !== null && rested === 0) {
      // Neither a break early enough nor a day short enough to need none.
      const span = Math.max(length, begin - latest) + services[stop]!;
      if (span > after) return;
    }
    const rest = states.rest[parent]! - prices[stop]!;
    const base = byCost ? costNew : objective === 'makespan' ? begin : Math.max(length, begin - latest);
    const toCome = completion(stop, begin);
    const least = base + rest + toCome;
    if (!(least < value - 1 + 1e-6)) return;
    const old = visited[stop >>> 5]!;
    visited[stop >>> 5] = old | (1 << (stop & 31));
    insert(parent, stop, begin, length, latest, costNew, rested, rest, least);
    visited[stop >>> 5] = old;
  }

  /** Least cost of a remembered walk from the stop to the end, less prices; `visited` without the stop. */
  function completion(stop: number, begin: number): number {
    const {
      count,
      late: lates,
      cost: costs,
      memory,
    } = walks.byNode[listAt(walks.counted, n, stop, n + 1 - layerDepth)]!;
    for (let at = 0; at < count; at++) {
      if (lates[at]! < begin) continue;
      let apart = true;
      for (let word = 0; word < words; word++) {
        if ((memory[at * words + word]! & visited[word]!) !== 0) apart = false;
      }
      if (apart) return costs[at]!;
    }
    return Infinity;
  }

  function insert(
    parent: number,
    stop: number,
    begin: number,
    length: number,
    latest: number,
    costNew: number,
    rested: number,
    rest: number,
    least: number,
  ): void {
    if ((states.count - layerStart) * 2 >= table.length) rehash();
    const mask = table.length - 1;
    let slot = hash(visited, 0, stop) & mask;
    let head = -1;
    for (; ; slot = (slot + 1) & mask) {
      head = table[slot]!;
      if (head === -1) break;
      if (states.node[head] !== stop) continue;
      let same = true;
      for (let word = 0; word < words; word++) {
        if (states.visited[head * words + word] !== visited[word]) same = false;
      }
      if (same) break;
    }
    let previous = -1;
    for (let other = head; other !== -1;) {
      const following = states.sibling[other]!;
      const noWorse =
        states.earliest[other]! <= begin &&
        states.cost[other]! <= costNew &&
        (!flexible ||
          (states.length[other]! <= length && states.latest[other]! >= latest && states.rested[other]! >= rested));
      if (noWorse) return;
      const worse =
        states.earliest[other]! >= begin &&
        states.cost[other]! >= costNew &&
        (!flexible ||
          (states.length[other]! >= length && states.latest[other]! <= latest && states.rested[other]! <= rested));
      if (worse) {
        states.least[other] = Infinity;
        if (previous === -1) head = following;
        else states.sibling[previous] = following;
      } else previous = other;
      other = following;
    }
    const fresh = states.count++;
    if (fresh === states.node.length) growStates(states, words);
    for (let word = 0; word < words; word++) states.visited[fresh * words + word] = visited[word]!;
    states.node[fresh] = stop;
    states.earliest[fresh] = begin;
    states.cost[fresh] = costNew;
    states.length[fresh] = length;
    states.latest[fresh] = latest;
    states.rested[fresh] = rested;
    states.rest[fresh] = rest;
    states.least[fresh] = least;
    states.parent[fresh] = parent;
    states.sibling[fresh] = head;
    table[slot] = fresh;
  }

  function hash(set: Int32Array, at: number, stop: number): number {
    let mixed = Math.imul(stop + 1, 0x9e3779b1);
    for (let word = 0; word < words; word++) {
      mixed = Math.imul(mixed ^ set[at + word]!, 0x85ebca6b);
      mixed ^= mixed >>> 15;
    }
    return mixed ^ (mixed >>> 13);
  }

  function rehash(): void {
    const heads = table.filter((head) => head !== -1);
    table = new Int32Array(table.length * 4).fill(-1);
    const mask = table.length - 1;
    for (const head of heads) {
      let slot = hash(states.visited, head * words, states.node[head]!) & mask;
      while (table[slot] !== -1) slot = (slot + 1) & mask;
      table[slot] = head;
    }
  }

  /** The new layer without what was dropped, at most `width` of it; complete days become known. */
  function bestOf(depth: number): Int32Array {
    const kept: number[] = [];
    for (let state = layerStart; state < states.count; state++) {
      if (states.least[state]! < value - 1 + 1e-6) kept.push(state);
    }
    if (kept.length > 1) kept.sort((one, other) => states.least[one]! - states.least[other]!);
    if (depth === n) {
      for (const state of kept) finish(state);
      return new Int32Array(0);
    }
    if (kept.length > width) {
      lost = Math.min(lost, states.least[kept[width]!]!);
      kept.length = width;
    }
    return Int32Array.from(kept);
  }

  /** Drives home, with a break before if that is needed, and keeps the day if it is the best. */
  function finish(state: number): void {
    const last = states.node[state]!;
    for (const rest of mayRest(state, last) ? [0, pause] : [0]) {
      const travel = (n === 0 ? (problem.travel[0]![1] ?? 0) : time[last * size + n + 1]!) + rest;
      const back = states.earliest[state]! + travel;
      const length = states.length[state]! + travel;
      const latest = Math.min(states.latest[state]!, late[n + 1]! - length);
      if (back > late[n + 1]! || latest < problem.shift.from) continue;
      const span = Math.max(length, back - latest);
      if (rest === 0 && states.rested[state] === 0 && span > after) continue;
      const figures = {
        travelTime: states.cost[state]! + (byCost ? cost[last * size + n + 1]! : 0),
        makespan: back,
        duration: span,
      };
      if (figures[objective] >= value) continue;
      const found: number[] = [];
      for (let at = state; at > 0; at = states.parent[at]!) found.push(states.node[at]!);
      found.reverse();
      const day = schedule(problem, found, objective);
      if (day.violations.length > 0) continue;
      order = found;
      value = valueOf(objective, day);
    }
  }
}

const MOST_STATES = 3_000_000;
export type { States };
