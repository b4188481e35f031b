import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import Flatbush from 'flatbush';
import GeoJSONVT, { type LegacyFeature, type LegacyTile } from 'geojson-vt';
import vtpbf from 'vt-pbf';
import type { BoundingBox } from '../../domain/geo.ts';
import type { OsmData } from '../data.ts';
import type { Progress } from '../progress.ts';
import { mapFeatures } from './features.ts';
import { areaOf, tilesOf } from './grid.ts';
import { createTileFile, type Tile } from './mbtiles.ts';
import { LAYERS, TILE_ZOOM, type LayerName } from './schema.ts';
import type { FeatureTable, MapFeature } from './table.ts';

export interface WrittenMap {
  counts: Record<string, number>;
  faults: Record<string, number>;
}

const EXTENT = 4096;
/** Drawn beyond the edge of a tile, so that lines have no gaps there. */
const BUFFER = 80;
/** Levels are made cell by cell, each a tile of the first of some levels: memory holds one cell at a time. */
const BANDS = [
  { from: TILE_ZOOM.min, to: 9 },
  { from: 10, to: 11 },
  { from: 12, to: TILE_ZOOM.max },
] as const;

const zipped = promisify<Uint8Array, { level: number }, Buffer>(gzip);

/**
 * Writes the map of an extract as vector tiles, see schema.ts. Tiles without anything in them are left out.
 * @throws the reason of `stopping` when that is aborted; errors of the file system
 */
export async function writeMap(
  data: OsmData,
  file: string,
  progress: Progress,
  stopping: AbortSignal,
): Promise<WrittenMap> {
  const faults = new Map<string, number>();
  const features = mapFeatures(data, (what) => void faults.set(what, (faults.get(what) ?? 0) + 1));
  const area = areaOf(data);
  const cells = BANDS.flatMap((band) => cellsOf(area, band));
  progress.phase('map', cells.length);

  const tiles = await createTileFile(file);
  const counts = { tiles: 0, bytes: 0 };
  try {
    await tiles.describe(metadataOf(area));
    const index = indexOf(features);
    for (const [done, { from, to, x, y }] of cells.entries()) {
      stopping.throwIfAborted();
      const cell = boxOf(x, y, from);
      const near = index?.search(cell.west, cell.south, cell.east, cell.north, (i) => features.from(i) <= to) ?? [];
      const own = near.sort((a, b) => a - b).map((i) => features.get(i));
      const made = await tilesOfLevels(own, from, to, within(area, cell, from));
      await tiles.add(made);
      counts.tiles += made.length;
      counts.bytes += made.reduce((sum, { data: bytes }) => sum + bytes.length, 0);
      progress.done(done + 1);
    }
  } finally {
    await tiles.close();
  }
  return { counts: { ...counts, features: features.count }, faults: Object.fromEntries(faults) };
}

interface Cell {
  from: number;
  to: number;
  /** Tile of level `from`. */
  x: number;
  y: number;
}

function cellsOf(area: BoundingBox, { from, to }: { from: number; to: number }): Cell[] {
  const { west, east, north, south } = tilesOf(area, from);
  const cells: Cell[] = [];
  for (let x = west; x <= east; x++) for (let y = north; y <= south; y++) cells.push({ from, to, x, y });
  return cells;
}

function metadataOf(area: BoundingBox): Record<string, string> {
  const { south, west, north, east } = area;
  return {
    name: 'Koffertour',
    format: 'pbf',
    type: 'baselayer',
    minzoom: String(TILE_ZOOM.min),
    maxzoom: String(TILE_ZOOM.max),
    bounds: [west, south, east, north].join(','),
    center: [(west + east) / 2, (south + north) / 2, 11].join(','),
    attribution: '© OpenStreetMap-Mitwirkende',
    json: JSON.stringify({
      vector_layers: Object.entries(LAYERS).map(([id, fields]) => ({
        id,
        fields: Object.fromEntries(fields.map((field) => [field, 'String'])),
      })),
    }),
  };
}

/** Tiles of these levels that the box touches. */
async function tilesOfLevels(
  features: readonly MapFeature[],
  from: number,
  to: number,
  box: BoundingBox,
): Promise<Tile[]> {
  const layers = (Object.keys(LAYERS) as LayerName[]).flatMap((name) => {
    const own = features.filter(({ layer }) => layer === name);
    if (own.length === 0) return [];
    const index = new GeoJSONVT(
      {
        type: 'FeatureCollection',
        features: own.map(({ geometry, tags, from: first }) => ({
          type: 'Feature',
          properties: { ...tags, from: first },
          geometry,
        })),
      },
      // The nearest level keeps what is there; further ones are simplified by what is not seen.
      { maxZoom: to, indexMaxZoom: from, indexMaxPoints: 0, extent: EXTENT, buffer: BUFFER, tolerance: 4 },
    );
    return [{ name, index }];
  });
  const made: Promise<Tile>[] = [];
  for (let z = from; z <= to; z++) {
    const range = tilesOf(box, z);
    for (let x = range.west; x <= range.east; x++) {
      for (let y = range.north; y <= range.south; y++) {
        const found: Record<string, Pick<LegacyTile, 'features'>> = {};
        for (const { name, index } of layers) {
          const tile = index.getTile(z, x, y);
          const visible = tile === null ? [] : visibleOn(z, tile.features);
          if (tile !== null && visible.length > 0) found[name] = { features: visible };
        }
        if (Object.keys(found).length === 0) continue;
        const packed = vtpbf.fromGeojsonVt(found, { version: 2, extent: EXTENT });
        made.push(zipped(packed, { level: 6 }).then((bytes) => ({ z, x, y, data: bytes })));
      }
    }
  }
  return Promise.all(made);
}

/** What is drawn on this level, without the mark that says so. */
function visibleOn(z: number, features: readonly LegacyFeature[]): LegacyFeature[] {
  return features.flatMap((feature) => {
    const { from, ...tags } = (feature.tags ?? {}) as { from: number };
    return from <= z ? [{ ...feature, tags }] : [];
  });
}

/** Which features touch a box. */
function indexOf(features: FeatureTable): Flatbush | null {
  if (features.count === 0) return null;
  const index = new Flatbush(features.count, 16, Float32Array);
  for (let i = 0; i < features.count; i++) index.add(...features.box(i));
  index.finish();
  return index;
}

/** Degrees of a tile, with what is drawn beyond its edge. */
function boxOf(x: number, y: number, z: number): BoundingBox {
  const width = 360 / 2 ** z;
  const margin = (width * BUFFER) / EXTENT;
  const latAt = (row: number): number => (Math.atan(Math.sinh(Math.PI * (1 - (2 * row) / 2 ** z))) * 180) / Math.PI;
  return {
    west: x * width - 180 - margin,
    east: (x + 1) * width - 180 + margin,
    north: latAt(y) + margin,
    south: latAt(y + 1) - margin,
  };
}

/** What of the area lies in a cell, without its margin: a tile belongs to one cell. */
function within(area: BoundingBox, cell: BoundingBox, z: number): BoundingBox {
  const margin = ((360 / 2 ** z) * BUFFER) / EXTENT + 1e-7;
  return {
    south: Math.max(area.south, cell.south + margin),
    west: Math.max(area.west, cell.west + margin),
    north: Math.min(area.north, cell.north - margin),
    east: Math.min(area.east, cell.east - margin),
  };
}
