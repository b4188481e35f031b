import type { Coordinates } from '../geo.ts';
import type { RoadGraph } from './graph.ts';

/** A place on a road. */
export interface Snapped {
  stretch: number;
  /** How far along the stretch, 0 to 1, in its direction. */
  along: number;
  /** From the place to the road, as the crow flies. */
  metres: number;
  at: Coordinates;
}

/** On foot from the road to the place: 4.5 km/h (a suitcase is pulled), by a way a third longer than straight. */
export const WALKING_SECONDS_PER_METRE = 1.3 / 1.25;

/** Farther from any road than this, a place is not on the map of roads. In metres. */
export const FARTHEST_ROAD = 1_000;

const METRES_PER_DEGREE = 111_195;
const UNITS = 1e7;

/** The point of a stretch that is nearest to a place; on pieces this short the earth is flat. */
export function nearestOn(graph: RoadGraph, stretch: number, place: Coordinates): Snapped {
  const { pointLat, pointLon } = graph;
  const shrink = Math.cos((place.lat * Math.PI) / 180);
  const x = (i: number): number => ((pointLon[i] as number) / UNITS - place.lon) * METRES_PER_DEGREE * shrink;
  const y = (i: number): number => ((pointLat[i] as number) / UNITS - place.lat) * METRES_PER_DEGREE;

  const begin = graph.firstPoint[stretch] as number;
  const end = graph.firstPoint[stretch + 1] as number;
  let best = { squared: Infinity, before: 0, x: 0, y: 0 };
  let length = 0;
  let [ax, ay] = [x(begin), y(begin)];
  for (let i = begin + 1; i < end; i++) {
    const [bx, by] = [x(i), y(i)];
    const [dx, dy] = [bx - ax, by - ay];
    const squaredLength = dx * dx + dy * dy;
    const part = squaredLength === 0 ? 0 : Math.min(1, Math.max(0, -(ax * dx + ay * dy) / squaredLength));
    const [px, py] = [ax + part * dx, ay + part * dy];
    const squared = px * px + py * py;
    const piece = Math.sqrt(squaredLength);
    if (squared < best.squared) best = { squared, before: length + part * piece, x: px, y: py };
    length += piece;
    [ax, ay] = [bx, by];
  }
  return {
    stretch,
    along: length === 0 ? 0 : best.before / length,
    metres: Math.sqrt(best.squared),
    at: {
      lat: place.lat + best.y / METRES_PER_DEGREE,
      lon: place.lon + best.x / (METRES_PER_DEGREE * shrink),
    },
  };
}
