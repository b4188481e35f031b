import type { RoadGraph } from './graph.ts';
import { createBucketQueue } from './queue.ts';
import type { Snapped } from './snap.ts';

/** A way found. */
export interface RoadPath {
  /** Tenths of a second, driving only. */
  time: number;
  /** The same with penalties: by this the way was chosen. */
  cost: number;
  /** Decimetres, driving only. */
  length: number;
  /** Arcs in the order of the way, the first and the last one driven in part; a single one where both ends lie on it. */
  arcs: number[];
}

export interface RoadSearch {
  /** Ways from one place to each of the others, in their order; null: there is none. */
  paths(source: Snapped, targets: readonly Snapped[]): (RoadPath | null)[];
}

const FAR = 0xffff_ffff;
const NO_ARC = -1;
const DIRECTIONS = [0, 1] as const;
type Direction = (typeof DIRECTIONS)[number];

/**
 * Searches of one graph, one after the other in the same memory: Dijkstra from one place over arcs and turns, ended when
 * the arcs of all targets are settled. What an arc holds is the cost of having driven it to its end. The arcs on which
 * the source lies count as not yet driven: to a place behind him on a one-way street somebody has to come round.
 */
export function createRoadSearch(graph: RoadGraph): RoadSearch {
  const { arcCount, arcTime, arcStretch, stretchArcs, stretchLength, firstTurn, turnTo, turnTime, turnPenalty } = graph;
  // A turn and the arc behind it are one step, both numbers beside each other: the loop below lives on few reads.
  const steps = new Uint32Array(turnTo.length * 2);
  const turnFrom = new Uint32Array(turnTo.length);
  let longest = 1;
  for (let arc = 0; arc < arcCount; arc++) {
    for (let i = firstTurn[arc] as number; i < (firstTurn[arc + 1] as number); i++) {
      const to = turnTo[i] as number;
      const cost = (turnTime[i] as number) + (turnPenalty[i] as number) + (arcTime[to] as number);
      steps[i * 2] = to;
      steps[i * 2 + 1] = cost;
      turnFrom[i] = arc;
      longest = Math.max(longest, cost, arcTime[arc] as number);
    }
  }
  // At first there may be what is left of an arc and a step behind it.
  const queue = createBucketQueue(longest * 2, turnTo.length + 2);
  const costs = new Uint32Array(arcCount);
  /** The turn by which an arc is entered. */
  const enteredBy = new Uint32Array(arcCount);
  /** Turns out of an arc of the source: the way begins there. */
  const isFirst = new Uint8Array(turnTo.length);
  const isWanted = new Uint8Array(arcCount);

  const arcOf = ({ stretch }: Snapped, direction: Direction): number => stretchArcs[stretch * 2 + direction] as number;

  /** How much of an arc lies between its beginning and the place, 0 to 1. */
  const before = ({ along }: Snapped, direction: Direction): number => (direction === 1 ? 1 - along : along);

  const timeBefore = (place: Snapped, direction: Direction): number =>
    Math.round((arcTime[arcOf(place, direction)] as number) * before(place, direction));

  function relax(arc: number, cost: number): void {
    const end = (firstTurn[arc + 1] as number) * 2;
    for (let i = (firstTurn[arc] as number) * 2; i < end; i += 2) {
      const to = steps[i] as number;
      const reached = cost + (steps[i + 1] as number);
      if (reached < (costs[to] as number)) {
        costs[to] = reached;
        enteredBy[to] = i >> 1;
        queue.put(to, reached);
      }
    }
  }

  function begin(source: Snapped, mark: 0 | 1): void {
    for (const direction of DIRECTIONS) {
      const arc = arcOf(source, direction);
      if (arc === NO_ARC) continue;
      for (let i = firstTurn[arc] as number; i < (firstTurn[arc + 1] as number); i++) isFirst[i] = mark;
      if (mark === 1) relax(arc, (arcTime[arc] as number) - timeBefore(source, direction));
    }
  }

  /** @param wanted arcs to be settled, each once */
  function settle(wanted: number): void {
    let open = wanted;
    while (open > 0) {
      const arc = queue.take();
      if (arc === NO_ARC) return;
      const cost = queue.cost();
      if (cost !== costs[arc]) continue; // reached sooner since it was put there
      if (isWanted[arc] === 1) {
        isWanted[arc] = 0;
        open -= 1;
      }
      relax(arc, cost);
    }
  }

  function want(targets: readonly Snapped[], mark: 0 | 1): number {
    let count = 0;
    for (const target of targets) {
      for (const direction of DIRECTIONS) {
        const arc = arcOf(target, direction);
        if (arc === NO_ARC || isWanted[arc] === mark) continue;
        isWanted[arc] = mark;
        count += 1;
      }
    }
    return count;
  }

  /** Along one stretch, where the place lies ahead. */
  function straight(source: Snapped, target: Snapped): RoadPath | null {
    if (source.stretch !== target.stretch) return null;
    const direction: Direction = target.along >= source.along ? 0 : 1;
    const arc = arcOf(source, direction);
    if (arc === NO_ARC) return null;
    const part = Math.abs(target.along - source.along);
    const time = Math.round((arcTime[arc] as number) * part);
    return { time, cost: time, length: Math.round((stretchLength[source.stretch] as number) * part), arcs: [arc] };
  }

  function found(source: Snapped, target: Snapped): RoadPath | null {
    let best = straight(source, target);
    for (const direction of DIRECTIONS) {
      const arc = arcOf(target, direction);
      if (arc === NO_ARC || costs[arc] === FAR) continue;
      const left = (arcTime[arc] as number) - timeBefore(target, direction);
      const cost = (costs[arc] as number) - left;
      if (best !== null && best.cost <= cost) continue;
      best = follow(source, target, arc, direction, cost);
    }
    return best;
  }

  /** From the end back to the beginning. */
  function follow(source: Snapped, target: Snapped, last: number, direction: Direction, cost: number): RoadPath {
    const arcs = [last];
    const lengthOf = (arc: number): number => stretchLength[(arcStretch[arc] as number) >> 1] as number;
    let penalties = 0;
    let length = lengthOf(last) * before(target, direction);
    for (let turn = enteredBy[last] as number; ;) {
      const arc = turnFrom[turn] as number;
      penalties += turnPenalty[turn] as number;
      arcs.push(arc);
      if (isFirst[turn] === 1 && isBegin(source, arc, turn)) {
        length += lengthOf(arc) * (1 - before(source, ((arcStretch[arc] as number) & 1) as Direction));
        break;
      }
      length += lengthOf(arc);
      turn = enteredBy[arc] as number;
    }
    return { time: cost - penalties, cost, length: Math.round(length), arcs: arcs.reverse() };
  }

  /** An arc of the source may be driven again later on: at the beginning it costs what is left of it only. */
  function isBegin(source: Snapped, arc: number, turn: number): boolean {
    const direction = ((arcStretch[arc] as number) & 1) as Direction;
    const left = (arcTime[arc] as number) - timeBefore(source, direction);
    return costs[steps[turn * 2] as number] === left + (steps[turn * 2 + 1] as number);
  }

  return {
    paths(source, targets) {
      costs.fill(FAR);
      queue.clear();
      const wanted = want(targets, 1);
      begin(source, 1);
      settle(wanted);
      const paths = targets.map((target) => found(source, target));
      want(targets, 0);
      begin(source, 0);
      return paths;
    },
  };
}
