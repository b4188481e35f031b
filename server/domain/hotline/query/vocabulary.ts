import type { Directory, Service, Venue } from '../../booking/office.ts';
import type { Place, PlaceIndex } from '../../places/placeIndex.ts';
import { serviceWordsOf, type ServiceWords } from './serviceWords.ts';
import { streetsOf, type Streets } from './streets.ts';

/** The words that mean something in one picture of the office. */
export interface Vocabulary {
  readonly index: PlaceIndex;
  readonly venues: readonly Venue[];
  readonly streets: Streets;
  readonly services: ServiceWords;
  /** Kilometres to the nearest venue, worked out when a place is asked for. */
  readonly distances: Map<Place, number>;
  /** What tells places from their namesakes, likewise. */
  readonly details: Map<Place, string>;
}

const ofDirectory = new WeakMap<Directory, Vocabulary>();
/** The directory is read anew every second, and its index of places is kept while no place changes. */
const newestFor = new WeakMap<PlaceIndex, Vocabulary>();

/** The vocabulary of the office. Cheap: it is built once, and what did not change is kept from picture to picture. */
export function vocabularyOf(directory: Directory): Vocabulary {
  const known = ofDirectory.get(directory);
  if (known !== undefined) return known;
  const newest = newestFor.get(directory.places);
  const venues = [...directory.venues.values()].filter((venue) => !venue.retired);
  const sameVenues = newest !== undefined && areSame(newest.venues, venues, isSameVenue);
  const sameServices = newest !== undefined && areSame(newest.services.services, directory.services, isSameService);
  const vocabulary: Vocabulary = {
    index: directory.places,
    venues,
    streets: sameVenues ? newest.streets : streetsOf(venues),
    // The services themselves must be those of this picture: fees and rules may have changed.
    services: sameServices ? withServices(newest.services, directory.services) : serviceWordsOf(directory.services),
    details: newest?.details ?? new Map<Place, string>(),
    distances: sameVenues ? newest.distances : new Map<Place, number>(),
  };
  ofDirectory.set(directory, vocabulary);
  newestFor.set(directory.places, vocabulary);
  return vocabulary;
}

function areSame<T>(before: readonly T[], now: readonly T[], isSame: (a: T, b: T) => boolean): boolean {
  return before.length === now.length && now.every((one, i) => before[i] !== undefined && isSame(before[i], one));
}

function isSameVenue(a: Venue, b: Venue): boolean {
  return (
    a.street === b.street &&
    a.locality === b.locality &&
    a.postcode === b.postcode &&
    a.city === b.city &&
    a.at.lat === b.at.lat &&
    a.at.lon === b.at.lon
  );
}

function isSameService(a: Service, b: Service): boolean {
  return (
    a.id === b.id &&
    a.slug === b.slug &&
    a.position === b.position &&
    a.texts.de.name === b.texts.de.name &&
    a.texts.en.name === b.texts.en.name &&
    a.synonyms.join('\n') === b.synonyms.join('\n')
  );
}

function withServices(known: ServiceWords, services: readonly Service[]): ServiceWords {
  return { ...known, services };
}
