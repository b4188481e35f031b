import { statSync } from 'node:fs';
import { createVectorTiles } from '../../server/gateways/tiles/vector.ts';
import type { OsmData } from '../../server/osm/data.ts';
import { areaOf, tilesOf } from '../../server/osm/map/grid.ts';
import { writeMap } from '../../server/osm/map/write.ts';
import { SILENT } from '../../server/osm/progress.ts';
import { readExtract } from '../../server/osm/read.ts';
import { createTempDir } from '../support/tempDir.ts';
import { benchFile } from './extract.ts';
import { tiled } from './tiled.ts';

const NEVER = new AbortController().signal;

/** So many copies of the town side by side have as many houses as a rural district of 60 km. */
const DISTRICT = 8;

/** The map of an extract, and of a district made of it: how long writing it takes, how large it is, how fast a tile comes. */
export async function run(): Promise<string> {
  const data = await readExtract(benchFile('lauf-200115.osm.pbf'), { area: null }, SILENT, NEVER);
  await measure('the extract', data);
  return measure(`${DISTRICT * DISTRICT} times the extract`, tiled(data, DISTRICT, 'everything'));
}

async function measure(what: string, data: OsmData): Promise<string> {
  console.log(`\n${what}`);
  const file = createTempDir('tiles').file('map.mbtiles');
  let most = 0;
  const progress = {
    ...SILENT,
    done: () => {
      most = Math.max(most, process.memoryUsage().rss);
    },
  };
  const begun = performance.now();
  const { counts } = await writeMap(data, file, progress, NEVER);
  const took = (performance.now() - begun) / 1_000;
  console.log(`import ${took.toFixed(2)} s, ${counts['features']} features, ${counts['tiles']} tiles`);
  console.log(`file ${(statSync(file).size / 1e6).toFixed(1)} MB, RSS at most ${(most / 1e6).toFixed(0)} MB`);

  const tiles = await createVectorTiles(file);
  const range = tilesOf(areaOf(data), 14);
  const times: number[] = [];
  let largest = 0;
  for (let x = range.west; x <= range.east; x++) {
    for (let y = range.north; y <= range.south; y++) {
      const asked = performance.now();
      const answer = await tiles.get(14, y, x);
      times.push(performance.now() - asked);
      if (answer.kind === 'tile') largest = Math.max(largest, answer.gzipped.length);
    }
  }
  await tiles.close();
  times.sort((a, b) => a - b);
  const at = (part: number): string => (times[Math.floor(times.length * part)] ?? 0).toFixed(2);
  console.log(`tile ${at(0.5)} ms, p95 ${at(0.95)} ms; the largest of level 14 ${(largest / 1e3).toFixed(0)} kB`);
  return `${took.toFixed(2)} s, a tile in ${at(0.95)} ms (p95)`;
}
