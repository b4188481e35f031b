/** Deepest zoom level of the WMTS set GoogleMapsCompatible that we accept; x and y then stay below 2^22. */
export const DEEPEST_ZOOM = 22;
/** Where the Web Mercator square ends, degrees: atan(sinh(π)). */
const MERCATOR_LATITUDE = 85.0511287798066;

/** A bounding box in degrees (WGS 84); the edges belong to it. It does not cross the 180th meridian. */
export interface TileArea {
  south: number;
  west: number;
  north: number;
  east: number;
}

/** A tile's address: column x counts from west, row y from north, both 0 … 2^z − 1. */
export interface TileAddress {
  z: number;
  y: number;
  x: number;
}

/**
 * The tile that contains a coordinate (degrees, WGS 84) at zoom level z. A tile owns its west and north edge; the
 * world's east edge and what lies beyond the Mercator square belong to the outermost tiles.
 *
 * Source: https://wiki.openstreetmap.org/wiki/Slippy_map_tilenames; the same grid is the well-known scale set
 * GoogleMapsCompatible of OGC WMTS 1.0.0 (07-057r7), annex E.4.
 */
export function tileAt(latitude: number, longitude: number, z: number): TileAddress {
  const tiles = 2 ** z;
  const lat = Math.min(MERCATOR_LATITUDE, Math.max(-MERCATOR_LATITUDE, latitude));
  const radians = (lat * Math.PI) / 180;
  const column = ((longitude + 180) / 360) * tiles;
  const row = ((1 - Math.asinh(Math.tan(radians)) / Math.PI) / 2) * tiles;
  const within = (value: number): number => Math.min(tiles - 1, Math.max(0, Math.floor(value)));
  return { z, y: within(row), x: within(column) };
}

/** The edges of a tile in degrees (WGS 84); the inverse of {@link tileAt}. */
export function tileBounds({ z, y, x }: TileAddress): TileArea {
  const tiles = 2 ** z;
  const longitude = (column: number): number => (column / tiles) * 360 - 180;
  const latitude = (row: number): number => (Math.atan(Math.sinh(Math.PI * (1 - (2 * row) / tiles))) * 180) / Math.PI;
  return { south: latitude(y + 1), west: longitude(x), north: latitude(y), east: longitude(x + 1) };
}

/** True if the address exists (integers, 0 ≤ z ≤ 22) and the tile contains at least one point of the area. */
export function tileTouches(area: TileArea, { z, y, x }: TileAddress): boolean {
  if (![z, y, x].every(Number.isInteger) || z < 0 || z > DEEPEST_ZOOM) return false;
  const first = tileAt(area.north, area.west, z);
  const last = tileAt(area.south, area.east, z);
  return x >= first.x && x <= last.x && y >= first.y && y <= last.y;
}
