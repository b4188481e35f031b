import type { RoadGraph } from '../../server/domain/roads/graph.ts';
import type { RoadPath } from '../../server/domain/roads/search.ts';
import type { Snapped } from '../../server/domain/roads/snap.ts';

/** What a path takes when it is driven arc by arc; throws where it is none that may be driven. */
export function driven(graph: RoadGraph, path: RoadPath, source: Snapped, target: Snapped) {
  const partBefore = (arc: number, { along }: Snapped): number =>
    (graph.arcStretch[arc] ?? 0) & 1 ? 1 - along : along;
  const stretchOf = (arc: number): number => (graph.arcStretch[arc] ?? 0) >> 1;
  const timeBefore = (arc: number, place: Snapped): number =>
    Math.round((graph.arcTime[arc] ?? 0) * partBefore(arc, place));
  const [first] = path.arcs;
  const last = path.arcs.at(-1);
  if (first === undefined || last === undefined) throw new Error('a path without arcs');
  if (stretchOf(first) !== source.stretch || stretchOf(last) !== target.stretch)
    throw new Error('not from here to there');
  if (path.arcs.length === 1) {
    const time = Math.round((graph.arcTime[first] ?? 0) * (partBefore(first, target) - partBefore(first, source)));
    if (time < 0) throw new Error('driven backwards');
    return { time, cost: time };
  }
  let time = (graph.arcTime[first] ?? 0) - timeBefore(first, source);
  let cost = time;
  for (let i = 1; i < path.arcs.length; i++) {
    const [from, to] = [path.arcs[i - 1] ?? 0, path.arcs[i] ?? 0];
    const turn = turnsOf(graph, from).find(({ next }) => next === to);
    if (turn === undefined) throw new Error('a turn that is forbidden, or none');
    const arcTime = i === path.arcs.length - 1 ? timeBefore(to, target) : (graph.arcTime[to] ?? 0);
    time += turn.time + arcTime;
    cost += turn.time + turn.penalty + arcTime;
  }
  return { time, cost };
}

export function turnsOf(graph: RoadGraph, arc: number): { next: number; time: number; penalty: number }[] {
  const turns = [];
  for (let i = graph.firstTurn[arc] ?? 0; i < (graph.firstTurn[arc + 1] ?? 0); i++) {
    turns.push({ next: graph.turnTo[i] ?? 0, time: graph.turnTime[i] ?? 0, penalty: graph.turnPenalty[i] ?? 0 });
  }
  return turns;
}

/** The least cost from one place to another, by trying every arc again and again until nothing gets better. */
export function bruteForce(graph: RoadGraph, source: Snapped, target: Snapped): number {
  const costs = new Array<number>(graph.arcCount).fill(Infinity);
  const before = (arc: number, { along }: Snapped): number =>
    Math.round((graph.arcTime[arc] ?? 0) * ((graph.arcStretch[arc] ?? 0) & 1 ? 1 - along : along));
  const arcsOf = ({ stretch }: Snapped): number[] =>
    [graph.stretchArcs[stretch * 2] ?? -1, graph.stretchArcs[stretch * 2 + 1] ?? -1].filter((arc) => arc !== -1);
  const relax = (from: number, cost: number): boolean => {
    let better = false;
    for (const { next, time, penalty } of turnsOf(graph, from)) {
      const reached = cost + time + penalty + (graph.arcTime[next] ?? 0);
      if (reached >= (costs[next] ?? 0)) continue;
      costs[next] = reached;
      better = true;
    }
    return better;
  };
  for (const arc of arcsOf(source)) relax(arc, (graph.arcTime[arc] ?? 0) - before(arc, source));
  for (let again = true; again;) {
    again = false;
    for (let arc = 0; arc < graph.arcCount; arc++) {
      if (costs[arc] !== Infinity && relax(arc, costs[arc] ?? 0)) again = true;
    }
  }
  const ends = arcsOf(target).map((arc) => (costs[arc] ?? 0) - (graph.arcTime[arc] ?? 0) + before(arc, target));
  if (source.stretch === target.stretch) {
    const against = target.along < source.along ? 1 : 0;
    const arc = graph.stretchArcs[source.stretch * 2 + against] ?? -1;
    if (arc !== -1) ends.push(Math.round((graph.arcTime[arc] ?? 0) * Math.abs(target.along - source.along)));
  }
  return Math.min(...ends);
}
