import type { Coordinates } from '../geo.ts';
import type { WayStreet } from '../routing/travel.ts';
import type { RoadGraph } from './graph.ts';
import type { RoadPath } from './search.ts';
import type { Snapped } from './snap.ts';

const UNITS = 1e7;

/** Shorter pieces without a name (a link, a roundabout) say nothing between two streets. In metres. */
const SHORT = 150;

/** The line of a path along the roads, from the road at its beginning to the road at its end; at least two points. */
export function lineOf(graph: RoadGraph, path: RoadPath, source: Snapped, target: Snapped): Coordinates[] {
  const points: Coordinates[] = [source.at];
  path.arcs.forEach((arc, index) => {
    const stretch = (graph.arcStretch[arc] as number) >> 1;
    const isBack = ((graph.arcStretch[arc] as number) & 1) === 1;
    const corners = cornersOf(graph, stretch);
    const total = corners.at(-1)?.along ?? 0;
    // Parts of the whole, in the direction of the stretch.
    const from = index === 0 ? source.along : isBack ? 1 : 0;
    const to = index === path.arcs.length - 1 ? target.along : isBack ? 0 : 1;
    const [low, high] = [Math.min(from, to) * total, Math.max(from, to) * total];
    const driven = corners.filter(({ along }) => along > low && along < high);
    const ends = [...(from === 0 || from === 1 ? [corners[from === 0 ? 0 : corners.length - 1]] : [])];
    const inOrder = isBack ? driven.reverse() : driven;
    for (const corner of [...ends, ...inOrder]) if (corner !== undefined) points.push(corner.at);
  });
  points.push(target.at);
  return points.filter(
    (point, i) => i === 0 || i === points.length - 1 || !isSame(point, points[i - 1] as Coordinates),
  );
}

function isSame(a: Coordinates, b: Coordinates): boolean {
  return a.lat === b.lat && a.lon === b.lon;
}

/** Points of a stretch with how far along they are, in a unit of no meaning outside. */
function cornersOf(graph: RoadGraph, stretch: number): { at: Coordinates; along: number }[] {
  const corners: { at: Coordinates; along: number }[] = [];
  let along = 0;
  for (let i = graph.firstPoint[stretch] as number; i < (graph.firstPoint[stretch + 1] as number); i++) {
    const at = { lat: (graph.pointLat[i] as number) / UNITS, lon: (graph.pointLon[i] as number) / UNITS };
    const before = corners.at(-1)?.at;
    if (before !== undefined) {
      along += Math.hypot(at.lat - before.lat, (at.lon - before.lon) * Math.cos((at.lat * Math.PI) / 180));
    }
    corners.push({ at, along });
  }
  return corners;
}

/** The streets of a path one after the other: by name, outside of towns by number ("B 175"). */
export function streetsOf(graph: RoadGraph, path: RoadPath, source: Snapped, target: Snapped): WayStreet[] {
  const pieces = path.arcs.map((arc, index) => {
    const directed = graph.arcStretch[arc] as number;
    const stretch = directed >> 1;
    const isBack = (directed & 1) === 1;
    const from = index === 0 ? source.along : isBack ? 1 : 0;
    const to = index === path.arcs.length - 1 ? target.along : isBack ? 0 : 1;
    const metres = ((graph.stretchLength[stretch] as number) / 10) * Math.abs(to - from);
    const name = graph.names[graph.stretchName[stretch] as number] ?? '';
    const ref = graph.refs[graph.stretchRef[stretch] as number] ?? '';
    return { name: name === '' ? (ref.split(';')[0]?.trim() ?? '') : name, metres };
  });
  const merged = together(pieces).filter(({ name, metres }) => name !== '' || metres >= SHORT);
  return together(merged)
    .filter(({ name }) => name !== '')
    .map(({ name, metres }) => ({ name, metres: Math.round(metres) }));
}

/** Neighbours of one name are one street. */
function together(pieces: readonly WayStreet[]): WayStreet[] {
  const streets: WayStreet[] = [];
  for (const { name, metres } of pieces) {
    const last = streets.at(-1);
    if (last?.name === name) last.metres += metres;
    else streets.push({ name, metres });
  }
  return streets;
}
