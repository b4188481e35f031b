import { z } from 'zod';
import type { Directory } from '../../domain/booking/office.ts';
import type { Coordinates } from '../../domain/geo.ts';
import type { Query } from '../../paths.ts';

/** Where the citizen looks from. */
export type Origin =
  | { kind: 'place'; placeId: number; name: string; at: Coordinates }
  /** The device's position, rounded to about 100 m. */
  | { kind: 'position'; at: Coordinates }
  | { kind: 'anywhere' };

const wholeId = z.coerce
  .number()
  .int()
  .positive()
  .max(2 ** 31 - 1);

/** A number in the query; empty counts as not said. */
const degrees = (most: number) =>
  z
    .preprocess((text) => (text === '' ? undefined : text), z.coerce.number().min(-most).max(most).optional())
    .catch(undefined);

const schema = z.object({
  place: wholeId.optional().catch(undefined),
  lat: degrees(90),
  lon: degrees(180),
});

/** Reads `place` or `lat` and `lon`; whatever makes no sense counts as not said. */
export function parseOrigin(query: unknown, directory: Directory): Origin {
  const { place: placeId, lat, lon } = schema.parse(query);
  const place = placeId === undefined ? undefined : directory.placesById.get(placeId);
  if (place !== undefined) {
    return { kind: 'place', placeId: place.id, name: place.name, at: { lat: place.lat, lon: place.lon } };
  }
  if (lat !== undefined && lon !== undefined) {
    return { kind: 'position', at: { lat, lon } };
  }
  return { kind: 'anywhere' };
}

/** The query that says the same again. */
export function originQuery(origin: Origin): Query {
  switch (origin.kind) {
    case 'place':
      return { place: origin.placeId };
    case 'position':
      return { lat: origin.at.lat, lon: origin.at.lon };
    case 'anywhere':
      return {};
  }
}

export function coordinatesOf(origin: Origin): Coordinates | null {
  return origin.kind === 'anywhere' ? null : origin.at;
}
