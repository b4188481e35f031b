import { startFrom, type Compiled } from './compiled.ts';

/**
 * Dynamic programming over ng-routes (Baldacci, Mingozzi, Roberti 2011 and 2012): a route may come back to a stop only
 * after it has been outside the stop's neighbourhood. The more neighbours, the nearer to a real route, and with all of
 * them it is one. By position in the order (layers), labels hold the time and what of the visited stops is remembered.
 * Labels of a pass in the other direction say what completes a label in time, and end those that nothing completes.
 */

/** All labels of one pass. Bucket (position, stop) is `start[position * n + stop]` … `end[…]` − 1. */
export interface Labels {
  /** Words of 32 bits in a set of stops. */
  words: number;
  start: Int32Array;
  end: Int32Array;
  /** Start of service. */
  time: Int32Array;
  /** `words` a label. */
  visited: Int32Array;
  parent: Int32Array;
  stop: Int16Array;
  count: number;
}

export interface Pass {
  labels: Labels;
  /** The ng-routes with the earliest end, each as stops in the order of the pass, earliest first; empty: there are none. */
  best: number[][];
  /** False: stopped before the end; then there is nothing to conclude. */
  complete: boolean;
}

export interface PassInput {
  /** As it is, or reversed. */
  graph: Compiled;
  words: number;
  /** Neighbourhoods: `words` a stop, the stop itself included. */
  neighbours: Int32Array;
  /** Labels of the other direction with smaller or equal neighbourhoods. */
  completion: Labels | null;
  /** Asked now and then with the number of labels tried since the last time. */
  isOver: (tried: number) => boolean;
}

/** Where labels grow; kept between passes, as making it anew costs more than a small pass. */
class Pool {
  capacity = 1 << 12;
  time = new Int32Array(this.capacity);
  parent = new Int32Array(this.capacity);
  stop = new Int16Array(this.capacity);
  visited: Int32Array;
  count = 0;
  private readonly words: number;

  constructor(words: number) {
    this.words = words;
    this.visited = new Int32Array(this.capacity * words);
  }

  grow(): void {
    this.capacity *= 2;
    this.time = longer(this.time, this.capacity);
    this.parent = longer(this.parent, this.capacity);
    this.visited = longer(this.visited, this.capacity * this.words);
    const stop = new Int16Array(this.capacity);
    stop.set(this.stop);
    this.stop = stop;
  }
}

function longer(array: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const result = new Int32Array(length);
  result.set(array);
  return result;
}

/** How many kept labels a new one is compared with at most; the rest costs more than it saves. */
const COMPARED = 600;
/** How many of the best routes are answered. */
const ROUTES = 40;
/** More than a bucket ever has candidates. */
const CANDIDATES = 2 ** 22;

/** Runs the dynamic programme once, from the start of the graph to its end. */
export function runPass(input: PassInput): Pass {
  const { graph, words, neighbours, completion } = input;
  const { n, size, time, arc, firstPosition, lastPosition, to, windows, from } = graph;
  const pool = new Pool(words);
  const start = new Int32Array((n + 2) * n);
  const end = new Int32Array((n + 2) * n);

  // Candidates of one bucket.
  let room = 1 << 10;
  let candidateTime = new Int32Array(room);
  let candidateParent = new Int32Array(room);
  let candidateVisited = new Int32Array(room * words);
  let keys = new Float64Array(room);
  let tried = 0;

  const result = (best: number[][], complete: boolean): Pass => ({
    labels: {
      words,
      start,
      end,
      time: pool.time,
      visited: pool.visited,
      parent: pool.parent,
      stop: pool.stop,
      count: pool.count,
    },
    best,
    complete,
  });

  for (let position = 1; position <= n; position++) {
    for (let j = 0; j < n; j++) {
      const bucket = position * n + j;
      start[bucket] = end[bucket] = pool.count;
      if (position < (firstPosition[j] as number) || position > (lastPosition[j] as number)) continue;
      const latest = to[j] as number;
      const earliest = from[j] as number;
      const severalWindows = windows[j] !== null;
      const word = j >> 5;
      const bit = 1 << (j & 31);
      // The other direction counts positions from the other end.
      const other = (n + 1 - position) * n + j;
      const otherStart = completion === null ? 0 : (completion.start[other] as number);
      const otherEnd = completion === null ? 0 : (completion.end[other] as number);
      if (completion !== null && otherStart === otherEnd) continue;
      let candidates = 0;

      for (let i = position === 1 ? n : 0; i < (position === 1 ? n + 1 : n); i++) {
        if (arc[i * size + j] === 0) continue;
        const step = time[i * size + j] as number;
        const before = (position - 1) * n + i;
        const first = position === 1 ? 0 : (start[before] as number);
        const last = position === 1 ? 1 : (end[before] as number);
        tried += last - first;
        if (tried > 50_000) {
          if (input.isOver(tried)) return result([], false);
          tried = 0;
        }
        for (let label = first; label < last; label++) {
          if (position > 1 && ((pool.visited[label * words + word] as number) & bit) !== 0) continue;
          let at = (position === 1 ? (from[n] as number) : (pool.time[label] as number)) + step;
          if (at < earliest) at = earliest;
          else if (at > latest) continue;
          if (severalWindows) {
            at = startFrom(graph, j, at);
            if (at > latest) continue;
          }
          if (candidates === room) {
            room *= 2;
            candidateTime = longer(candidateTime, room);
            candidateParent = longer(candidateParent, room);
            candidateVisited = longer(candidateVisited, room * words);
            const more = new Float64Array(room);
            more.set(keys);
            keys = more;
          }
          const base = candidates * words;
          for (let w = 0; w < words; w++) {
            candidateVisited[base + w] =
              position === 1 ? 0 : (pool.visited[label * words + w] as number) & (neighbours[j * words + w] as number);
          }
          candidateVisited[base + word] = (candidateVisited[base + word] as number) | bit;

          if (completion !== null) {
            let possible = false;
            for (let b = otherStart; b < otherEnd; b++) {
              // Those that can begin latest stand first.
              if (at > -(completion.time[b] as number)) break;
              let common = 0;
              for (let w = 0; w < words; w++) {
                const both = (candidateVisited[base + w] as number) & (completion.visited[b * words + w] as number);
                common |= w === word ? both & ~bit : both;
              }
              if (common === 0) {
                possible = true;
                break;
              }
            }
            if (!possible) continue;
          }
          candidateTime[candidates] = at;
          candidateParent[candidates] = position === 1 ? -1 : label;
          candidates++;
        }
      }
      if (candidates === 0) continue;

      // Earliest first, as the other direction reads them so.
      for (let k = 0; k < candidates; k++) keys[k] = ((candidateTime[k] as number) - earliest) * CANDIDATES + k;
      if (candidates > 1) keys.subarray(0, candidates).sort();
      const kept = pool.count;
      for (let k = 0; k < candidates; k++) {
        const candidate = (keys[k] as number) % CANDIDATES;
        const at = candidateTime[candidate] as number;
        const base = candidate * words;
        let dominated = false;
        const compared = Math.min(pool.count, kept + COMPARED);
        tried += (compared - kept) >> 4;
        if (tried > 50_000) {
          if (input.isOver(tried)) return result([], false);
          tried = 0;
        }
        for (let label = kept; label < compared; label++) {
          if ((pool.time[label] as number) > at) continue;
          let more = 0;
          for (let w = 0; w < words; w++) {
            more |= (pool.visited[label * words + w] as number) & ~(candidateVisited[base + w] as number);
          }
          if (more === 0) {
            dominated = true;
            break;
          }
        }
        if (dominated) continue;
        if (pool.count === pool.capacity) pool.grow();
        const label = pool.count++;
        pool.time[label] = at;
        pool.parent[label] = candidateParent[candidate] as number;
        pool.stop[label] = j;
        for (let w = 0; w < words; w++) {
          pool.visited[label * words + w] = candidateVisited[base + w] as number;
        }
      }
      end[bucket] = pool.count;
      tried += candidates;
    }
  }
  input.isOver(tried);

  const ends: { at: number; label: number }[] = [];
  const terminal = n + 1;
  for (let i = 0; i < n; i++) {
    if (arc[i * size + terminal] === 0) continue;
    const bucket = n * n + i;
    const step = time[i * size + terminal] as number;
    for (let label = start[bucket] as number; label < (end[bucket] as number); label++) {
      const at = (pool.time[label] as number) + step;
      if (at > (to[terminal] as number)) continue;
      ends.push({ at, label });
    }
  }
  ends.sort((a, b) => a.at - b.at || a.label - b.label);
  const best = ends.slice(0, ROUTES).map(({ label }) => routeTo(pool, label));
  return result(best, true);
}

function routeTo(pool: Pool, last: number): number[] {
  const route: number[] = [];
  for (let label = last; label >= 0; label = pool.parent[label] as number) route.push(pool.stop[label] as number);
  return route.reverse();
}
