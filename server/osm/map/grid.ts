import type { BoundingBox } from '../../domain/geo.ts';
import { DEGREE, type OsmData } from '../data.ts';

/** Tiles of the web: x from the west, y from the north, both from 0 (Web Mercator, EPSG:3857). */
export interface TileRange {
  west: number;
  east: number;
  north: number;
  south: number;
}

const STEEPEST = 85.0511;

export function tileX(lon: number, z: number): number {
  return Math.min(2 ** z - 1, Math.max(0, Math.floor(((lon + 180) / 360) * 2 ** z)));
}

export function tileY(lat: number, z: number): number {
  const sine = Math.sin((Math.min(STEEPEST, Math.max(-STEEPEST, lat)) * Math.PI) / 180);
  const part = 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
  return Math.min(2 ** z - 1, Math.max(0, Math.floor(part * 2 ** z)));
}

/** Tiles of a level that the area touches, all bounds inclusive. */
export function tilesOf({ south, west, north, east }: BoundingBox, z: number): TileRange {
  return { west: tileX(west, z), east: tileX(east, z), north: tileY(north, z), south: tileY(south, z) };
}

/** What was asked for, else what the nodes cover. */
export function areaOf({ area, nodes }: OsmData): BoundingBox {
  if (area !== null) return area;
  const box = { south: 90, west: 180, north: -90, east: -180 };
  for (let i = 0; i < nodes.count; i++) {
    const [lat, lon] = [(nodes.lat[i] as number) / DEGREE, (nodes.lon[i] as number) / DEGREE];
    if (lat < box.south) box.south = lat;
    if (lat > box.north) box.north = lat;
    if (lon < box.west) box.west = lon;
    if (lon > box.east) box.east = lon;
  }
  return nodes.count === 0 ? { south: 0, west: 0, north: 0, east: 0 } : box;
}
