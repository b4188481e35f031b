import type { RoutingProblem } from './problem.ts';

/**
 * A problem as the algorithms want it: node 0 … n − 1 are the stops, n is the start, n + 1 the end; flat typed arrays;
 * windows narrowed as far as no order can tell. Everything in whole seconds.
 */
export interface Compiled {
  /** Number of stops. */
  n: number;
  /** n + 2. */
  size: number;
  /** From the start of service at `from` to the arrival at `to`: `time[from * size + to]`, service included. */
  time: Int32Array;
  /** What the objective travel time counts: `cost[from * size + to]`, without service. */
  cost: Int32Array;
  /** First and last start of service of each node. */
  from: Int32Array;
  to: Int32Array;
  /** Where a node has several windows: its bounds [from, to, from, to, …] ascending; else null. */
  windows: (Int32Array | null)[];
  /** True: `from` can come directly before `to`. */
  arc: Uint8Array;
  /** True: the one must be visited at some time before the other. */
  before: Uint8Array;
  /** Position in the order at which a stop can be, 1 … n, inclusive. */
  firstPosition: Int32Array;
  lastPosition: Int32Array;
  /** Least time from the start of service of the one to that of the other, over others if that is shorter. */
  least: Int32Array;
}

/** Never reached: large, but sums of some of them stay integers of 32 bits. */
export const FAR = 1 << 28;

/**
 * Compiles a problem. Null: no order keeps the windows, which was seen without looking at orders.
 * Narrowing by Desrochers, Desrosiers, Solomon (1992, "A new optimization algorithm for the vehicle routing problem
 * with time windows", section 5) with precedences in place of arcs, which holds without the triangle inequality as the
 * least times are shortest paths.
 * @param deadline to be back at this time at the latest, if that is before the end of the shift
 */
export function compile(problem: RoutingProblem, deadline = Infinity): Compiled | null {
  const n = problem.stops.length;
  const size = n + 2;
  // In the problem 0 is the start, 1 … n the stops, n + 1 the end.
  const row = (node: number): number => (node < n ? node + 1 : node === n ? 0 : n + 1);
  const time = new Int32Array(size * size).fill(FAR);
  const cost = new Int32Array(size * size).fill(FAR);
  for (let a = 0; a < size; a++) {
    if (a === n + 1) continue;
    const service = a < n ? (problem.stops[a]?.serviceSeconds ?? 0) : 0;
    for (let b = 0; b < size; b++) {
      if (a === b || b === n || (a === n && b === n + 1 && n > 0)) continue;
      const travel = problem.travel[row(a)]?.[row(b)] ?? 0;
      cost[a * size + b] = problem.cost?.[row(a)]?.[row(b)] ?? travel;
      time[a * size + b] = travel + service;
    }
  }
  const end = Math.min(problem.shift.to, deadline);
  const from = new Int32Array(size);
  const to = new Int32Array(size);
  const windows: (Int32Array | null)[] = [];
  for (let node = 0; node < n; node++) {
    const own = problem.stops[node]?.windows ?? [];
    from[node] = Math.max(problem.shift.from, own[0]?.from ?? 0);
    to[node] = Math.min(end, own.at(-1)?.to ?? -1);
    windows.push(own.length > 1 ? Int32Array.from(own.flatMap((window) => [window.from, window.to])) : null);
  }
  windows.push(null, null);
  from[n] = to[n] = problem.shift.from;
  from[n + 1] = problem.shift.from;
  to[n + 1] = end;
  if (problem.shift.from > end) return null;

  const compiled: Compiled = {
    n,
    size,
    time,
    cost,
    from,
    to,
    windows,
    arc: new Uint8Array(size * size),
    before: new Uint8Array(size * size),
    firstPosition: new Int32Array(size),
    lastPosition: new Int32Array(size),
    least: leastTimes(time, size),
  };
  return narrow(compiled) ? compiled : null;
}

/** All pairs of shortest paths (Floyd 1962, Warshall 1962). */
function leastTimes(time: Int32Array, size: number): Int32Array {
  const least = Int32Array.from(time);
  for (let via = 0; via < size; via++) {
    for (let a = 0; a < size; a++) {
      const first = least[a * size + via] as number;
      if (first >= FAR) continue;
      for (let b = 0; b < size; b++) {
        const sum = first + (least[via * size + b] as number);
        if (sum < (least[a * size + b] as number)) least[a * size + b] = sum;
      }
    }
  }
  for (let a = 0; a < size; a++) least[a * size + a] = 0;
  return least;
}

/** The first start of service in a window of the node that is not before `at`; more than `to` when there is none. */
export function startFrom(c: Pick<Compiled, 'from' | 'to' | 'windows'>, node: number, at: number): number {
  const earliest = Math.max(at, c.from[node] as number);
  const windows = c.windows[node] ?? null;
  if (windows === null || earliest > (c.to[node] as number)) return earliest;
  for (let w = 0; w < windows.length; w += 2) {
    if (earliest <= (windows[w + 1] as number)) return Math.max(earliest, windows[w] as number);
  }
  return FAR;
}

/** The last start of service in a window of the node that is not after `at`; less than `from` when there is none. */
export function startUntil(c: Pick<Compiled, 'from' | 'to' | 'windows'>, node: number, at: number): number {
  const latest = Math.min(at, c.to[node] as number);
  const windows = c.windows[node] ?? null;
  if (windows === null || latest < (c.from[node] as number)) return latest;
  for (let w = windows.length - 2; w >= 0; w -= 2) {
    if (latest >= (windows[w] as number)) return Math.min(latest, windows[w + 1] as number);
  }
  return -FAR;
}

/** Narrows windows, finds precedences and forbidden arcs until nothing changes. False: no order is possible. */
function narrow(c: Compiled): boolean {
  const { n, size, time, from, to, before, arc, least } = c;
  for (let i = 0; i < n; i++) {
    before[n * size + i] = 1;
    before[i * size + n + 1] = 1;
  }
  before[n * size + n + 1] = 1;
  for (let changed = true; changed;) {
    changed = false;
    for (let i = 0; i < size; i++) {
      let earliest = from[i] as number;
      let latest = to[i] as number;
      for (let j = 0; j < size; j++) {
        if (j === i) continue;
        if (before[j * size + i] === 1)
          earliest = Math.max(earliest, (from[j] as number) + (least[j * size + i] as number));
        if (before[i * size + j] === 1) latest = Math.min(latest, (to[j] as number) - (least[i * size + j] as number));
      }
      earliest = startFrom(c, i, earliest);
      latest = startUntil(c, i, latest);
      if (earliest > latest) return false;
      if (earliest !== from[i] || latest !== to[i]) {
        from[i] = earliest;
        to[i] = latest;
        changed = true;
      }
    }
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        if (i === j || before[i * size + j] === 1) continue;
        // The one after the other would be too late: it is before.
        if ((from[j] as number) + (least[j * size + i] as number) > (to[i] as number)) {
          before[i * size + j] = 1;
          changed = true;
        }
      }
    }
    if (closeTransitively(before, n, size)) changed = true;
    for (let i = 0; i < n; i++) if (before[i * size + i] === 1) return false;
  }

  for (let a = 0; a < size; a++) {
    for (let b = 0; b < size; b++) {
      if (a === b || (time[a * size + b] as number) >= FAR) continue;
      if (before[b * size + a] === 1) continue;
      const start = startFrom(c, b, (from[a] as number) + (time[a * size + b] as number));
      arc[a * size + b] = start <= (to[b] as number) && !hasBetween(before, a, b, n, size) ? 1 : 0;
    }
  }
  for (let i = 0; i < n; i++) {
    let earlier = 0;
    let later = 0;
    for (let j = 0; j < n; j++) {
      earlier += before[j * size + i] as number;
      later += before[i * size + j] as number;
    }
    c.firstPosition[i] = earlier + 1;
    c.lastPosition[i] = n - later;
  }
  c.firstPosition[n + 1] = c.lastPosition[n + 1] = n + 1;
  return true;
}

function closeTransitively(before: Uint8Array, n: number, size: number): boolean {
  let changed = false;
  for (let via = 0; via < n; via++) {
    for (let i = 0; i < n; i++) {
      if (before[i * size + via] === 0) continue;
      for (let j = 0; j < n; j++) {
        if (before[via * size + j] === 1 && before[i * size + j] === 0) {
          before[i * size + j] = 1;
          changed = true;
        }
      }
    }
  }
  return changed;
}

/** True when some stop must be between the two, so that they cannot follow each other. */
function hasBetween(before: Uint8Array, a: number, b: number, n: number, size: number): boolean {
  for (let m = 0; m < n; m++) {
    if (m !== a && m !== b && before[a * size + m] === 1 && before[m * size + b] === 1) return true;
  }
  return false;
}

/** The same problem with time running backwards: an order of the one, reversed, is an order of the other. */
export function reversed(c: Compiled): Compiled {
  const { n, size } = c;
  const turn = (node: number): number => (node === n ? n + 1 : node === n + 1 ? n : node);
  const swap = (matrix: Int32Array | Uint8Array): Int32Array | Uint8Array => {
    const result = matrix.slice();
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < size; b++) result[turn(b) * size + turn(a)] = matrix[a * size + b] as number;
    }
    return result;
  };
  const from = new Int32Array(size);
  const to = new Int32Array(size);
  const firstPosition = new Int32Array(size);
  const lastPosition = new Int32Array(size);
  for (let node = 0; node < size; node++) {
    from[turn(node)] = -(c.to[node] as number);
    to[turn(node)] = -(c.from[node] as number);
    firstPosition[node] = n + 1 - (c.lastPosition[node] as number);
    lastPosition[node] = n + 1 - (c.firstPosition[node] as number);
  }
  firstPosition[n + 1] = lastPosition[n + 1] = n + 1;
  return {
    n,
    size,
    time: swap(c.time) as Int32Array,
    cost: swap(c.cost) as Int32Array,
    from,
    to,
    windows: c.windows.map((own) => (own === null ? null : Int32Array.from([...own].reverse(), (bound) => -bound))),
    arc: swap(c.arc) as Uint8Array,
    before: swap(c.before) as Uint8Array,
    firstPosition,
    lastPosition,
    least: swap(c.least) as Int32Array,
  };
}
