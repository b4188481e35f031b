import type { Directory, Venue } from '../booking/office.ts';
import { distanceMetres, type Coordinates } from '../geo.ts';

export interface NearVenue {
  venue: Venue;
  /** Metres as the crow flies; null where the citizen named no place. */
  metres: number | null;
}

/** A visit this far away counts as "near", in metres. */
const NEAR = 15_000;
/** Where fewer venues are near, the next ones count too, up to here. */
const FAR = 60_000;
const ENOUGH_VENUES = 8;

/** All venues by name, once for each picture of the office. */
const byName = new WeakMap<Directory, NearVenue[]>();

function venuesByName(directory: Directory): NearVenue[] {
  const known = byName.get(directory);
  if (known !== undefined) {
    return known;
  }
  const { compare } = new Intl.Collator('de');
  const all = [...directory.venues.values()]
    .sort((a, b) => compare(a.locality, b.locality) || a.id - b.id)
    .map((venue) => ({ venue, metres: null }));
  byName.set(directory, all);
  return all;
}

/**
 * Venues by distance: all that are near, and where these are few the next ones. Without a place: all, by name.
 * @param isMeant others do not count at all, so that they take no other venue's place
 */
export function nearVenues(
  directory: Directory,
  from: Coordinates | null,
  isMeant?: (venue: Venue) => boolean,
): readonly NearVenue[] {
  if (from === null) {
    const all = venuesByName(directory);
    return isMeant === undefined ? all : all.filter(({ venue }) => isMeant(venue));
  }
  const venues = [...directory.venues.values()];
  const byDistance = (isMeant === undefined ? venues : venues.filter(isMeant))
    .map((venue) => ({ venue, metres: distanceMetres(from, venue.at) }))
    .filter(({ metres }) => metres <= FAR)
    .sort((a, b) => a.metres - b.metres || a.venue.id - b.venue.id);
  // A retired venue only has visits that were published before: it takes no other venue's place.
  let current = 0;
  return byDistance.filter(({ venue, metres }) => {
    const isNear = metres <= NEAR || current < ENOUGH_VENUES;
    current += venue.retired ? 0 : 1;
    return isNear;
  });
}
