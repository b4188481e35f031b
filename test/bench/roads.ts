import { Buffer } from 'node:buffer';
import { statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { Coordinates } from '../../server/domain/geo.ts';
import { packGraph } from '../../server/domain/roads/file.ts';
import type { RoadGraph } from '../../server/domain/roads/graph.ts';
import { createRoadSearch } from '../../server/domain/roads/search.ts';
import type { Snapped } from '../../server/domain/roads/snap.ts';
import { openRoadNetwork } from '../../server/gateways/roads/network.ts';
import type { OsmData } from '../../server/osm/data.ts';
import { SILENT } from '../../server/osm/progress.ts';
import { readExtract } from '../../server/osm/read.ts';
import { buildRoads } from '../../server/osm/roads/build.ts';
import { createTempDir } from '../support/tempDir.ts';
import { benchFile } from './extract.ts';
import { tiled } from './tiled.ts';

/**
 * Roads of an extract: import, size, matrices, single routes; against a textbook Dijkstra with a binary heap, and on
 * graphs four and nine times as large.
 */
export async function run(): Promise<string> {
  const file = benchFile('rnv.osm.pbf');
  const begun = performance.now();
  const data = await readExtract(file, { area: null }, SILENT, new AbortController().signal);
  const read = performance.now() - begun;
  const once = await measure(data, 'the extract', read);
  const factors: string[] = [];
  for (const side of [2, 3]) {
    const larger = await measure(tiled(data, side, 'roads'), `${side * side} times the extract`, null);
    const times = larger.arcs / once.arcs;
    factors.push(`${times.toFixed(1)} times the arcs take ${(larger.fifty / once.fifty).toFixed(1)} times as long`);
  }
  console.log(`\ngrowth of 50 × 50: ${factors.join(', ')}`);
  return `50 × 50 in ${once.fifty.toFixed(0)} ms, ${once.faster.toFixed(1)} times as fast as a binary heap`;
}

interface Figures {
  arcs: number;
  /** Milliseconds of a matrix of 50 places. */
  fifty: number;
  /** Than a binary heap. */
  faster: number;
}

/** @param read milliseconds; null: was not read */
async function measure(data: OsmData, what: string, read: number | null): Promise<Figures> {
  console.log(`\n${what}`);
  const begun = performance.now();
  const { graph, counts } = buildRoads(data, SILENT);
  const built = performance.now();
  const parts = packGraph(graph, (text) => Buffer.from(text));
  const file = createTempDir('roads').file('roads.bin');
  await writeFile(file, parts);
  const written = performance.now();
  const reading = read === null ? '' : `read ${seconds(read)}, `;
  console.log(`${reading}graph ${seconds(built - begun)}, written ${seconds(written - built)}`);
  console.log(
    `junctions ${counts['junctions']}, arcs ${graph.arcCount}, turns ${graph.turnTo.length}, ${megabytes(statSync(file).size)}`,
  );

  const before = process.memoryUsage().arrayBuffers;
  const loading = performance.now();
  const network = openRoadNetwork(file);
  const loaded = performance.now() - loading;
  const memory = process.memoryUsage().arrayBuffers - before;
  console.log(`load with spatial index ${loaded.toFixed(0)} ms, in memory ${megabytes(memory)}`);

  const random = randomOf(7);
  const places = (count: number): Snapped[] =>
    Array.from({ length: count }, () => ({
      stretch: Math.floor(random() * graph.stretchCount),
      along: random(),
      metres: 0,
      at: { lat: 0, lon: 0 },
    }));
  const search = createRoadSearch(graph);
  const matrix = (count: number): number => {
    const some = places(count);
    return timed(() => some.forEach((place) => search.paths(place, some)));
  };
  matrix(50); // warm
  const fifty = median(Array.from({ length: 5 }, () => matrix(50)));
  const hundred = median(Array.from({ length: 5 }, () => matrix(100)));
  const routes = Array.from({ length: 200 }, () => {
    const [from, to] = places(2) as [Snapped, Snapped];
    return timed(() => search.paths(from, [to]));
  });
  const textbook = textbookOf(graph);
  const sources = places(10);
  textbook(sources[0]?.stretch ?? 0);
  const plain = timed(() => sources.forEach(({ stretch }) => textbook(stretch))) * 5;
  console.log(`50 × 50 ${fifty.toFixed(0)} ms, 100 × 100 ${hundred.toFixed(0)} ms`);
  console.log(`route ${median(routes).toFixed(2)} ms, p95 ${quantile(routes, 0.95).toFixed(2)} ms`);

  // As pages ask: places on the map, put on roads first, lines with the names of streets.
  const spots = (): Coordinates[] => places(50).map(({ stretch }) => spotAt(graph, stretch));
  const asked = median(
    Array.from({ length: 5 }, () => {
      const some = spots();
      return timed(() => some.forEach((spot) => network.row(spot, some)));
    }),
  );
  const lines = Array.from({ length: 200 }, () => {
    const [from, to] = spots() as [Coordinates, Coordinates];
    return timed(() => network.line(from, to));
  });
  console.log(`50 × 50 from places on the map ${asked.toFixed(0)} ms`);
  console.log(`line with streets ${median(lines).toFixed(2)} ms, p95 ${quantile(lines, 0.95).toFixed(2)} ms`);
  console.log(`RSS ${megabytes(process.memoryUsage().rss)}`);
  return { arcs: graph.arcCount, fifty, faster: plain / fifty };
}

/** A place beside the first point of a stretch. */
function spotAt(graph: RoadGraph, stretch: number): Coordinates {
  const at = graph.firstPoint[stretch] as number;
  return { lat: (graph.pointLat[at] as number) / 1e7 + 0.0003, lon: (graph.pointLon[at] as number) / 1e7 + 0.0003 };
}

/** The same search as it stands in textbooks: a binary heap of objects, to the end. */
function textbookOf(graph: RoadGraph): (stretch: number) => Float64Array {
  return (stretch) => {
    const costs = new Float64Array(graph.arcCount).fill(Infinity);
    const heap: { arc: number; cost: number }[] = [];
    const push = (entry: { arc: number; cost: number }): void => {
      heap.push(entry);
      for (let i = heap.length - 1; i > 0;) {
        const parent = (i - 1) >> 1;
        if ((heap[parent] as typeof entry).cost <= (heap[i] as typeof entry).cost) break;
        [heap[parent], heap[i]] = [heap[i] as typeof entry, heap[parent] as typeof entry];
        i = parent;
      }
    };
    const pop = (): { arc: number; cost: number } | undefined => {
      const first = heap[0];
      const last = heap.pop();
      if (heap.length === 0 || last === undefined) return first;
      heap[0] = last;
      for (let i = 0; ;) {
        let least = i;
        for (const child of [i * 2 + 1, i * 2 + 2]) {
          if (child < heap.length && (heap[child] as typeof last).cost < (heap[least] as typeof last).cost)
            least = child;
        }
        if (least === i) break;
        [heap[least], heap[i]] = [heap[i] as typeof last, heap[least] as typeof last];
        i = least;
      }
      return first;
    };
    const begin = graph.stretchArcs[stretch * 2] ?? -1;
    push({ arc: begin === -1 ? (graph.stretchArcs[stretch * 2 + 1] ?? 0) : begin, cost: 0 });
    for (let next = pop(); next !== undefined; next = pop()) {
      const { arc, cost } = next;
      if (cost > (costs[arc] ?? 0)) continue;
      for (let i = graph.firstTurn[arc] ?? 0; i < (graph.firstTurn[arc + 1] ?? 0); i++) {
        const to = graph.turnTo[i] ?? 0;
        const reached = cost + (graph.turnTime[i] ?? 0) + (graph.turnPenalty[i] ?? 0) + (graph.arcTime[to] ?? 0);
        if (reached >= (costs[to] ?? 0)) continue;
        costs[to] = reached;
        push({ arc: to, cost: reached });
      }
    }
    return costs;
  };
}

function randomOf(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

function timed(work: () => void): number {
  const begun = performance.now();
  work();
  return performance.now() - begun;
}

function quantile(values: readonly number[], part: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * part)] ?? 0;
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
