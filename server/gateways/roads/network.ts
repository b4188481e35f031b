import { readFileSync } from 'node:fs';
import Flatbush from 'flatbush';
import type { Coordinates } from '../../domain/geo.ts';
import { unpackGraph } from '../../domain/roads/file.ts';
import type { RoadGraph } from '../../domain/roads/graph.ts';
import { ROAD_CLASSES } from '../../domain/roads/profile.ts';
import { createRoadSearch } from '../../domain/roads/search.ts';
import { FARTHEST_ROAD, nearestOn, WALKING_SECONDS_PER_METRE, type Snapped } from '../../domain/roads/snap.ts';
import { lineOf, streetsOf } from '../../domain/roads/way.ts';
import type { RoadFigures, RoadLine } from '../travel/provider.ts';

const METRES_PER_DEGREE = 111_195;
const UNITS = 1e7;

/** Stretches whose boxes are looked at before a near road is known. */
const CANDIDATES = 12;

/** The boxes are in metres of one latitude: in the north and south of a state those are wrong by so much at most. */
const BOX_ERROR = 1.04;

/** Places put on roads before: those of a matrix are in each of its rows. */
const MAX_REMEMBERED = 5_000;

/** Nobody lives at a motorway: another road so much farther away is taken all the same. In metres. */
const DISLIKED = 60;
const DISLIKES: ReadonlySet<number> = new Set(
  (['motorway', 'motorway_link', 'trunk', 'trunk_link', 'track', 'ferry'] as const).map((one) =>
    ROAD_CLASSES.indexOf(one),
  ),
);

export type RoadNetwork = ReturnType<typeof createRoadNetwork>;

/**
 * Reads a file of roads.
 * @throws RoadFileBroken; errors of the file system
 */
export function openRoadNetwork(file: string): RoadNetwork {
  const bytes = readFileSync(file);
  // Small files share a buffer with others; the columns need one of their own that begins at 0.
  const isOwn = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength;
  const buffer = isOwn ? bytes.buffer : new Uint8Array(bytes).buffer;
  return createRoadNetwork(unpackGraph(buffer, (text) => Buffer.from(text).toString('utf8')));
}

/** Answers about the roads of a graph, in this thread and at once. */
export function createRoadNetwork(graph: RoadGraph) {
  const search = createRoadSearch(graph);
  const shrink = Math.cos((((graph.pointLat[0] ?? 0) / UNITS) * Math.PI) / 180);
  const index = indexOf(graph, shrink);

  const remembered = new Map<string, Snapped | null>();

  /** Null: no road is near enough. */
  function snap(place: Coordinates): Snapped | null {
    const key = `${place.lat},${place.lon}`;
    let snapped = remembered.get(key);
    if (snapped === undefined) {
      snapped = nearest(place);
      if (remembered.size >= MAX_REMEMBERED) remembered.clear();
      remembered.set(key, snapped);
    }
    return snapped;
  }

  function nearest(place: Coordinates): Snapped | null {
    if (index === null) return null;
    const x = place.lon * METRES_PER_DEGREE * shrink;
    const y = place.lat * METRES_PER_DEGREE;
    const some = index.neighbors(x, y, CANDIDATES, FARTHEST_ROAD * BOX_ERROR);
    const near = bestOf(some, place);
    // A long stretch has a large box that says little. So the others come in whose boxes are not farther than that road.
    const reach = (near?.rated ?? FARTHEST_ROAD) * BOX_ERROR;
    const best = some.length < CANDIDATES ? near : bestOf(index.neighbors(x, y, Infinity, reach), place);
    return best?.snapped ?? null;
  }

  function bestOf(stretches: readonly number[], place: Coordinates): { snapped: Snapped; rated: number } | null {
    let best: { snapped: Snapped; rated: number } | null = null;
    for (const stretch of stretches) {
      const snapped = nearestOn(graph, stretch, place);
      if (snapped.metres > FARTHEST_ROAD) continue;
      const rated = snapped.metres + (DISLIKES.has(graph.stretchClass[stretch] as number) ? DISLIKED : 0);
      if (best === null || rated < best.rated) best = { snapped, rated };
    }
    return best;
  }

  return {
    snap,

    /** From one place to each of the others: null where no road leads there. */
    row(source: Coordinates, destinations: readonly Coordinates[]): (RoadFigures | null)[] {
      const from = snap(source);
      if (from === null) return destinations.map(() => null);
      const ends = destinations.map(snap);
      const paths = search.paths(
        from,
        ends.filter((end) => end !== null),
      );
      return ends.map((end) => {
        const path = end === null ? null : (paths.shift() ?? null);
        if (end === null || path === null) return null;
        const walking = (from.metres + end.metres) * WALKING_SECONDS_PER_METRE;
        return { seconds: Math.round(path.time / 10 + walking), metres: Math.round(path.length / 10) };
      });
    },

    line(source: Coordinates, destination: Coordinates): RoadLine | null {
      const [from, to] = [snap(source), snap(destination)];
      if (from === null || to === null) return null;
      const [path] = search.paths(from, [to]);
      if (path === null || path === undefined) return null;
      return { points: lineOf(graph, path, from, to), streets: streetsOf(graph, path, from, to) };
    },
  };
}

/** Boxes of the stretches in metres; null: there is no stretch. */
function indexOf(graph: RoadGraph, shrink: number): Flatbush | null {
  if (graph.stretchCount === 0) return null;
  const index = new Flatbush(graph.stretchCount, 16, Float64Array);
  for (let stretch = 0; stretch < graph.stretchCount; stretch++) {
    let [south, west, north, east] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let i = graph.firstPoint[stretch] as number; i < (graph.firstPoint[stretch + 1] as number); i++) {
      const y = ((graph.pointLat[i] as number) / UNITS) * METRES_PER_DEGREE;
      const x = ((graph.pointLon[i] as number) / UNITS) * METRES_PER_DEGREE * shrink;
      south = Math.min(south, y);
      north = Math.max(north, y);
      west = Math.min(west, x);
      east = Math.max(east, x);
    }
    index.add(west, south, east, north);
  }
  index.finish();
  return index;
}
