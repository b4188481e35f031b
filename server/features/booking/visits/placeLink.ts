import type { Directory, Venue } from '../../../domain/booking/office.ts';
import { distanceMetres } from '../../../domain/geo.ts';
import { pathsFor } from '../../../paths.ts';
import type { Locale } from '../../../web/locale.ts';

/** A place of the same name farther from the venue than this is another one. In metres. */
const SAME_PLACE = 10_000;

/** The visits around the place a venue is in; the venue itself where that place is not on the list of places. */
export function placeLink(directory: Directory, venue: Venue, locale: Locale): string {
  const place = directory.places.places.find(
    (one) => one.name === venue.locality && one.kind !== 'station' && distanceMetres(one, venue.at) < SAME_PLACE,
  );
  const p = pathsFor(locale);
  return place === undefined ? p.venue(venue.slug) : p.visits({ place: place.id });
}
