import { startUntil, type Compiled } from './compiled.ts';

/**
 * Cheapest walks from every node to the end that keep the windows and may visit a stop again once they have forgotten
 * it: the ng-route relaxation (Baldacci, Mingozzi, Roberti, Operations Research 2012), worked out backwards. A label is
 * a walk: the latest start at its first node, its cost less the prices of the stops after that node, and what it
 * remembers. Per node the labels are in the order of their cost.
 */
export interface Relaxation {
  /** Words of 32 bits in a set of nodes. */
  words: number;
  /** True: walks are told apart by how many stops they visit, and a whole one visits as many as there are. */
  counted: boolean;
  /** Per label: how many stops it visits. */
  visits: Int16Array;
  /** Per label. */
  late: Float64Array;
  cost: Float64Array;
  /** `words` per label; the first node of the walk is in it. */
  memory: Int32Array;
  node: Int32Array;
  /** The label of the rest of the walk, -1 at the end. */
  next: Int32Array;
  /** The same by node (`listAt`), in the order of the cost, side by side as they are read most often. */
  byNode: WalksOfNode[];
  labels: number;
  /** False: stopped at the limit of labels, so nothing follows from it. */
  complete: boolean;
}

export interface WalksOfNode {
  count: number;
  label: Int32Array;
  cost: Float64Array;
  late: Float64Array;
  memory: Int32Array;
}

export interface RelaxationOptions {
  /** What is added up, `from * size + to`; of no matter where there is no arc. */
  cost: Int32Array;
  /** Per stop, what a visit earns. */
  prices: Float64Array;
  /** `words` per node: whom a walk remembers when it is at the node; itself among them. */
  neighbours: Int32Array;
  limit: number;
  /** Asked now and then with the walks made longer since the last time. */
  isOver: (steps: number) => boolean;
  /** Leave out what cannot become a day better than what is known. */
  completion?: Completion;
}

/** What completes a walk on its other side. */
export interface Completion {
  /** Of the reversed graph with the same prices. */
  walks: Relaxation;
  /** Walks from the start to the end, prices given back, that cost as much are of no use. */
  below: number;
  /** Set to 1 for arcs, `from * size + to`, that some walk of use may take. */
  used: Uint8Array;
}

/** Storage that is used again and again: a relaxation is worked out some fifty times. */
export function createRelaxation({ n, size: nodes }: Compiled, counted: boolean): Relaxation {
  const words = (nodes + 31) >>> 5;
  const room = 4096;
  return {
    words,
    counted,
    visits: new Int16Array(room),
    late: new Float64Array(room),
    cost: new Float64Array(room),
    memory: new Int32Array(room * words),
    node: new Int32Array(room),
    next: new Int32Array(room),
    byNode: Array.from({ length: counted ? nodes * (n + 1) : nodes }, () => ({
      count: 0,
      label: new Int32Array(4),
      cost: new Float64Array(4),
      late: new Float64Array(4),
      memory: new Int32Array(4 * words),
    })),
    labels: 0,
    complete: false,
  };
}

/** Where the walks from a node that visit so many stops stand in `byNode`. */
export function listAt(counted: boolean, n: number, node: number, visits: number): number {
  return counted ? node * (n + 1) + visits : node;
}

const BUCKETS = 2048;
const bucketFirst = new Int32Array(BUCKETS);
const bucketLast = new Int32Array(BUCKETS);
let inBucket = new Int32Array(4096);
let dead = new Uint8Array(4096);
const memoryOfNew = new Int32Array(64);

function grow(relaxation: Relaxation): void {
  const room = relaxation.late.length * 2;
  const bigger = <T extends Float64Array | Int32Array>(old: T, Kind: new (length: number) => T, factor = 1): T => {
    const result = new Kind(room * factor);
    result.set(old);
    return result;
  };
  relaxation.late = bigger(relaxation.late, Float64Array);
  relaxation.cost = bigger(relaxation.cost, Float64Array);
  relaxation.memory = bigger(relaxation.memory, Int32Array, relaxation.words);
  const visits = new Int16Array(room);
  visits.set(relaxation.visits);
  relaxation.visits = visits;
  relaxation.node = bigger(relaxation.node, Int32Array);
  relaxation.next = bigger(relaxation.next, Int32Array);
}

export function relax(graph: Compiled, relaxation: Relaxation, options: RelaxationOptions): void {
  const { n, size: nodes, arc, time, from: early, to: late, windows } = graph;
  const { words, byNode, counted } = relaxation;
  const { firstPosition, lastPosition } = graph;
  const { prices, neighbours, limit, isOver, cost: arcCost } = options;
  const end = n + 1;
  const { completion } = options;
  const reach = reachBefore(graph, words);
  const other = completion?.walks;
  let allPrices = 0;
  for (let stop = 0; stop < n; stop++) allPrices += prices[stop]!;
  const below = completion === undefined ? Infinity : completion.below - allPrices;
  const latest = late[end]!;
  const width = (latest - early[n]!) / (BUCKETS - 1) || 1;
  bucketFirst.fill(-1);
  for (const walks of byNode) walks.count = 0;
  relaxation.labels = 0;
  relaxation.complete = true;
  if (inBucket.length < relaxation.late.length) {
    inBucket = new Int32Array(relaxation.late.length);
    dead = new Uint8Array(relaxation.late.length);
  }
  for (let word = 0; word < words; word++) relaxation.memory[word] = 0;
  relaxation.memory[end >>> 5]! |= 1 << (end & 31);
  relaxation.late[0] = latest;
  relaxation.cost[0] = 0;
  relaxation.node[0] = end;
  relaxation.next[0] = -1;
  relaxation.visits[0] = 0;
  place(byNode[listAt(counted, n, end, 0)]!, 0, words, 0, 0, latest, relaxation.memory);
  relaxation.labels = 1;
  inBucket[0] = -1;
  dead[0] = 0;
  bucketFirst[0] = 0;
  bucketLast[0] = 0;

  let extended = 0;
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    for (let label = bucketFirst[bucket]!; label !== -1; label = inBucket[label]!) {
      if (dead[label] === 1) continue;
      if ((++extended & 255) === 0 && isOver(256)) {
        relaxation.complete = false;
        return;
      }
      const to = relaxation.node[label]!;
      if (to === n) continue;
      const start = relaxation.late[label]!;
      const price = to === end ? 0 : prices[to]!;
      const costHere = relaxation.cost[label]! - price;
      const memoryAt = label * words;
      const visitsHere = relaxation.visits[label]!;
      for (let from = 0; from <= n; from++) {
        const at = from * nodes + to;
        if (arc[at] === 0) continue;
        if ((relaxation.memory[memoryAt + (from >>> 5)]! & (1 << (from & 31))) !== 0) continue;
        let visits = visitsHere;
        if (counted) {
          if (from === n) {
            if (visits !== n) continue;
          } else {
            visits++;
            const position = n + 1 - visits;
            if (position < firstPosition[from]! || position > lastPosition[from]!) continue;
          }
        }
        let until = start - time[at]!;
        if (until < early[from]!) continue;
        if (until > late[from]!) until = late[from]!;
        if (windows[from] !== null) {
          until = startUntil(graph, from, until);
          if (until < early[from]!) continue;
        }
        const costNew = costHere + arcCost[at]!;
        for (let word = 0; word < words; word++) {
          memoryOfNew[word] = relaxation.memory[memoryAt + word]! & neighbours[from * words + word]!;
        }
        forgetLate(reach[from]!, until, words);
        memoryOfNew[from >>> 5]! |= 1 << (from & 31);
        if (completion !== undefined) {
          if (costNew + wayTo(other!, n, from, visits, until, from === n ? 0 : prices[from]!) >= below) continue;
          completion.used[at] = 1;
        }
        const walks = byNode[listAt(counted, n, from, visits)]!;
        const position = placeFor(walks, words, costNew, until);
        if (position === -1) continue;
        const fresh = relaxation.labels;
        if (fresh >= limit) {
          relaxation.complete = false;
          return;
        }
        if (fresh === relaxation.late.length) {
          grow(relaxation);
        }
        if (fresh === inBucket.length) {
          const bigger = new Int32Array(fresh * 2);
          bigger.set(inBucket);
          inBucket = bigger;
          const flags = new Uint8Array(fresh * 2);
          flags.set(dead);
          dead = flags;
        }
        relaxation.labels = fresh + 1;
        place(walks, position, words, fresh, costNew, until, memoryOfNew);
        relaxation.visits[fresh] = visits;
        relaxation.late[fresh] = until;
        relaxation.cost[fresh] = costNew;
        relaxation.node[fresh] = from;
        relaxation.next[fresh] = label;
        for (let word = 0; word < words; word++) relaxation.memory[fresh * words + word] = memoryOfNew[word]!;
        dead[fresh] = 0;
        inBucket[fresh] = -1;
        const target = Math.max(bucket, Math.floor((latest - until) / width));
        if (bucketFirst[target] === -1) bucketFirst[target] = fresh;
        else inBucket[bucketLast[target]!] = fresh;
        bucketLast[target] = fresh;
      }
    }
  }
}

/** From which instant on a stop can have been visited before a node: ascending, and the sets up to there. */
interface Reach {
  from: Float64Array;
  /** `words` each, one more than instants. */
  sets: Int32Array;
}

function reachBefore({ n, size, from: early, least, before }: Compiled, words: number): Reach[] {
  return Array.from({ length: size }, (_, node) => {
    const soonest = (stop: number): number => early[stop]! + least[stop * size + node]!;
    const stops = Array.from({ length: n }, (_, stop) => stop)
      .filter((stop) => stop !== node && before[node * size + stop] === 0)
      .sort((one, other) => soonest(one) - soonest(other));
    const sets = new Int32Array((stops.length + 1) * words);
    stops.forEach((stop, at) => {
      for (let word = 0; word < words; word++) sets[(at + 1) * words + word] = sets[at * words + word]!;
      sets[(at + 1) * words + (stop >>> 5)]! |= 1 << (stop & 31);
    });
    return { from: Float64Array.from(stops, soonest), sets };
  });
}

/** Takes from `memoryOfNew` what cannot come before the node anyway when service there begins by `until`. */
function forgetLate({ from, sets }: Reach, until: number, words: number): void {
  let low = 0;
  let high = from.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (from[middle]! <= until) low = middle + 1;
    else high = middle;
  }
  for (let word = 0; word < words; word++) memoryOfNew[word]! &= sets[low * words + word]!;
}

/**
 * Where a walk with `memoryOfNew` belongs among those of its node, which are rid of what it dominates; -1 if one of them
 * is no worse in anything.
 */
function placeFor(walks: WalksOfNode, words: number, costNew: number, until: number): number {
  const { cost, late, memory, label } = walks;
  const length = walks.count;
  const first = ~memoryOfNew[0]!;
  const second = words > 1 ? ~memoryOfNew[1]! : 0;
  let position = 0;
  for (; position < length; position++) {
    if (cost[position]! > costNew) break;
    const at = position * words;
    if ((memory[at]! & first) !== 0 || late[position]! < until) continue;
    if (words > 1) {
      if ((memory[at + 1]! & second) !== 0) continue;
      let subset = true;
      for (let word = 2; word < words; word++) if ((memory[at + word]! & ~memoryOfNew[word]!) !== 0) subset = false;
      if (!subset) continue;
    }
    return -1;
  }
  let kept = position;
  for (let behind = position; behind < length; behind++) {
    let worse = late[behind]! <= until;
    for (let word = 0; worse && word < words; word++) {
      if ((memoryOfNew[word]! & ~memory[behind * words + word]!) !== 0) worse = false;
    }
    if (worse) {
      dead[label[behind]!] = 1;
      continue;
    }
    if (kept < behind) {
      label[kept] = label[behind]!;
      cost[kept] = cost[behind]!;
      late[kept] = late[behind]!;
      for (let word = 0; word < words; word++) memory[kept * words + word] = memory[behind * words + word]!;
    }
    kept++;
  }
  walks.count = kept;
  return position;
}

function place(
  walks: WalksOfNode,
  position: number,
  words: number,
  label: number,
  cost: number,
  late: number,
  memory: Int32Array,
): void {
  const { count } = walks;
  if (count === walks.label.length) {
    const { label: labels, cost: costs, late: lates, memory: memories } = walks;
    (walks.label = new Int32Array(count * 2)).set(labels);
    (walks.cost = new Float64Array(count * 2)).set(costs);
    (walks.late = new Float64Array(count * 2)).set(lates);
    (walks.memory = new Int32Array(count * 2 * words)).set(memories);
  }
  if (position < count) {
    walks.label.copyWithin(position + 1, position, count);
    walks.cost.copyWithin(position + 1, position, count);
    walks.late.copyWithin(position + 1, position, count);
    walks.memory.copyWithin((position + 1) * words, position * words, count * words);
  }
  walks.label[position] = label;
  walks.cost[position] = cost;
  walks.late[position] = late;
  for (let word = 0; word < words; word++) walks.memory[position * words + word] = memory[word]!;
  walks.count = count + 1;
}

/** Least cost of a walk from the start to the node that shares nothing with `memoryOfNew` but the node. */
function wayTo(
  reversedWalks: Relaxation,
  n: number,
  node: number,
  visits: number,
  until: number,
  price: number,
): number {
  const { words, byNode, counted } = reversedWalks;
  // Turned, the start is the end; both walks visit the node itself.
  const turned = node === n ? n + 1 : node;
  const list = listAt(counted, n, turned, node === n ? 0 : n + 1 - visits);
  const { count, late, cost, memory } = byNode[list]!;
  const own = node >>> 5;
  const bit = 1 << (node & 31);
  for (let at = 0; at < count; at++) {
    if (-late[at]! > until) continue;
    let apart = true;
    for (let word = 0; word < words; word++) {
      const shared = memory[at * words + word]! & memoryOfNew[word]!;
      if (shared !== 0 && (word !== own || shared !== bit)) {
        apart = false;
        break;
      }
    }
    if (apart) return cost[at]! - price;
  }
  return Infinity;
}
