import type { Coordinates } from './geo.ts';

/** Degrees of latitude a metre. */
const DEGREES_PER_METRE = 1 / 111_195;

/**
 * The line with fewer points, none of those left out further than so many metres from it; first and last stay. Douglas
 * and Peucker, "Algorithms for the reduction of the number of points required to represent a digitized line", The
 * Canadian Cartographer 10 (1973). The way along roads of a day is some thousand points, of which a map shows a tenth.
 */
export function simplifyLine(points: readonly Coordinates[], metres: number): Coordinates[] {
  const tolerance = metres * DEGREES_PER_METRE;
  const shrink = Math.cos(((points[0]?.lat ?? 0) * Math.PI) / 180);
  const keep = new Set([0, points.length - 1]);
  const spans: [from: number, to: number][] = [[0, points.length - 1]];
  for (let span = spans.pop(); span !== undefined; span = spans.pop()) {
    const [from, to] = span;
    let farthest = -1;
    let distance = tolerance;
    for (let index = from + 1; index < to; index++) {
      const off = offLine(points[index], points[from], points[to], shrink);
      if (off > distance) [farthest, distance] = [index, off];
    }
    if (farthest < 0) continue;
    keep.add(farthest);
    spans.push([from, farthest], [farthest, to]);
  }
  return points.filter((_, index) => keep.has(index));
}

/** Degrees from a point to the line between two others, on a plane where a degree of longitude is `shrink` of latitude. */
function offLine(
  point: Coordinates | undefined,
  a: Coordinates | undefined,
  b: Coordinates | undefined,
  shrink: number,
): number {
  if (point === undefined || a === undefined || b === undefined) return 0;
  const [x, y] = [(b.lon - a.lon) * shrink, b.lat - a.lat];
  const [px, py] = [(point.lon - a.lon) * shrink, point.lat - a.lat];
  const length = x * x + y * y;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, (px * x + py * y) / length));
  return Math.hypot(px - along * x, py - along * y);
}
