/** Places on the globe and the distance between them as the crow flies. */

/** WGS 84 in decimal degrees: lat -90 to 90 (north positive), lon -180 to 180 (east positive), bounds inclusive. */
export interface Coordinates {
  lat: number;
  lon: number;
}

/** A rectangle of degrees, all four edges inclusive; west <= east always (see boundingBox for the date line). */
export interface BoundingBox {
  south: number;
  west: number;
  north: number;
  east: number;
}

/** Mean radius of the Earth in metres (IUGG, arithmetic mean of the WGS 84 half-axes: (2a + b) / 3). */
export const EARTH_RADIUS_METRES = 6_371_008.8;

/** True for an object with a finite `lat` and `lon` inside the bounds of {@link Coordinates}. */
export function isCoordinates(value: unknown): value is Coordinates {
  if (typeof value !== 'object' || value === null || !('lat' in value) || !('lon' in value)) return false;

  return isDegrees(value.lat, 90) && isDegrees(value.lon, 180);
}

/**
 * Great-circle distance in metres (not rounded) by the haversine formula; the sphere is at most about 0.6 % off.
 * Source: R. W. Sinnott, "Virtues of the Haversine", Sky and Telescope 68 (1984), p. 159.
 */
export function distanceMetres(a: Coordinates, b: Coordinates): number {
  const sinLat = Math.sin(radians(b.lat - a.lat) / 2);
  const sinLon = Math.sin(radians(b.lon - a.lon) / 2);
  const h = sinLat * sinLat + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * sinLon * sinLon;
  return 2 * EARTH_RADIUS_METRES * Math.asin(Math.min(1, Math.sqrt(h)));
}

/**
 * A rectangle that contains every place at most `metres` away from the centre, for a first coarse search by index.
 * Where the circle touches a pole or crosses the date line, it spans all longitudes, so that `west <= lon <= east`
 * stays a valid test.
 * Source: J. P. Matuschek, "Finding Points Within a Distance of a Latitude/Longitude Using Bounding Coordinates"
 * (the circle is widest not at the centre's latitude: delta lon = asin(sin r / cos lat)).
 * @throws RangeError for a negative or infinite radius.
 */
export function boundingBox(center: Coordinates, metres: number): BoundingBox {
  if (!(metres >= 0) || !Number.isFinite(metres)) throw new RangeError(`not a radius in metres: ${metres}`);

  // One metre more than asked for: rounding in the haversine formula (up to 0.1 m) can then lose no place.
  const angle = (metres + 1) / EARTH_RADIUS_METRES;
  const south = center.lat - degrees(angle);
  const north = center.lat + degrees(angle);
  const allLongitudes = { south: Math.max(south, -90), west: -180, north: Math.min(north, 90), east: 180 };
  if (south <= -90 || north >= 90) return allLongitudes;

  const halfWidth = degrees(Math.asin(Math.min(1, Math.sin(angle) / Math.cos(radians(center.lat)))));
  const west = center.lon - halfWidth;
  const east = center.lon + halfWidth;
  return west < -180 || east > 180 ? allLongitudes : { south, west, north, east };
}

function isDegrees(value: unknown, limit: number): boolean {
  return typeof value === 'number' && value >= -limit && value <= limit;
}

function radians(deg: number): number {
  return (deg * Math.PI) / 180;
}

function degrees(rad: number): number {
  return (rad * 180) / Math.PI;
}
