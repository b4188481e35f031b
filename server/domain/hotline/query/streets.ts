import type { Venue } from '../../booking/office.ts';
import type { Coordinates } from '../../geo.ts';
import { foldName } from '../../places/fold.ts';

/** A street in a place, known because a venue stands there. */
export interface Street {
  readonly name: string;
  readonly locality: string;
  readonly postcode: string;
  readonly city: string;
  /** Folded locality and city, for comparing with names of places. */
  readonly localityKey: string;
  readonly cityKey: string;
  /** Where the venue is. */
  readonly at: Coordinates;
}

/** Streets by their folded name without spaces. */
export type Streets = ReadonlyMap<string, readonly Street[]>;

/** The streets of venues, each place once. */
export function streetsOf(venues: Iterable<Venue>): Streets {
  const streets = new Map<string, Street[]>();
  const names = new Map<string, string>();
  const folded = (name: string): string => {
    const known = names.get(name) ?? foldName(name);
    names.set(name, known);
    return known;
  };
  const seen = new Set<string>();
  for (const venue of venues) {
    const name = venue.street.replace(/\s+\d.*$/, '').trim();
    const key = keyOf(folded(name).split(' '));
    if (venue.retired || key.length < 4) continue;
    const { locality, postcode, city, at } = venue;
    const place = [key, locality, city].join('|');
    if (seen.has(place)) continue;
    seen.add(place);
    const known = streets.get(key);
    const street = { name, locality, postcode, city, localityKey: folded(locality), cityKey: folded(city), at };
    if (known === undefined) streets.set(key, [street]);
    else known.push(street);
  }
  return streets;
}

/** The streets called so. */
export function streetsCalled(streets: Streets, words: readonly string[]): readonly Street[] {
  return streets.get(keyOf(words)) ?? [];
}

/** "Dorfstr." and "Dorf-Straße" are "Dorfstraße". */
function keyOf(words: readonly string[]): string {
  return words.join('').replace(/str$/, 'strasse');
}
