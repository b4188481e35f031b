import type { Coordinates } from '../../geo.ts';
import { foldName } from '../../places/fold.ts';
import type { Place } from '../../places/placeIndex.ts';
import { placesCalled } from '../../places/search.ts';
import type { QueryPlace } from '../query.ts';
import type { PlaceReading } from './placeReading.ts';
import type { Street } from './streets.ts';
import type { Vocabulary } from './vocabulary.ts';

/** A place that may be meant, and how to write it so that nothing else is. */
export interface PlaceCandidate {
  readonly value: QueryPlace;
  readonly wordings: readonly string[];
}

const KM_PER_DEGREE = 111.2;
/** Within so many kilometres of a venue, the larger place is the likelier one. */
const NEAR_KM = 5;

/**
 * The places a reading can mean, the likeliest first: nearest to a venue of the office, then the larger one. A
 * postcode means the largest place that has it and is called by its digits. At most `most`.
 */
export function placeCandidates(reading: PlaceReading, most: number, vocabulary: Vocabulary): PlaceCandidate[] {
  if (reading.streets.length > 0) return reading.streets.slice(0, most).map(streetCandidate);
  if (reading.postcode.length === 5) {
    const places = reading.places.slice(0, most - 1).map((place) => placeCandidate(place, vocabulary));
    const [centre] = reading.places;
    if (centre === undefined) return [];
    const value = { ...valueOf(centre, vocabulary), name: reading.postcode, detail: centre.name };
    return places.length === 1 ? [{ value, wordings: [] }] : [{ value, wordings: [] }, ...places];
  }
  const ordered = reading.places
    .map((place) => ({ place, far: Math.floor(kilometresToVenue(place, vocabulary) / NEAR_KM) }))
    .sort((a, b) => a.far - b.far || (b.place.population ?? 0) - (a.place.population ?? 0) || a.place.id - b.place.id);
  return ordered.slice(0, most).map(({ place }) => placeCandidate(place, vocabulary));
}

function placeCandidate(place: Place, vocabulary: Vocabulary): PlaceCandidate {
  const owner = place.municipality !== null && place.municipality !== place.name ? place.municipality : null;
  const wordings = [
    ...(owner === null ? [] : [`${place.name}, ${owner}`]),
    `${place.postcode} ${place.name}`,
    ...(owner === null ? [] : [`${place.postcode} ${place.name}, ${owner}`]),
    place.name,
  ];
  return { value: valueOf(place, vocabulary), wordings };
}

function valueOf(place: Place, vocabulary: Vocabulary): QueryPlace {
  return {
    name: place.name,
    detail: detailOf(place, vocabulary),
    at: { lat: place.lat, lon: place.lon },
    placeId: place.id,
    certain: true,
  };
}

/** The municipality if that tells it from its namesakes, else the postcode; nothing when there are none. */
function detailOf(place: Place, vocabulary: Vocabulary): string {
  const known = vocabulary.details.get(place) ?? findDetail(place, vocabulary);
  vocabulary.details.set(place, known);
  return known;
}

function findDetail(place: Place, vocabulary: Vocabulary): string {
  const name = foldName(place.name);
  const others = placesCalled(vocabulary.index, place.name)
    .map((hit) => hit.place)
    .filter((other) => other !== place && other.kind !== 'station' && foldName(other.name) === name);
  if (others.length === 0) return '';
  const { municipality } = place;
  const tells = municipality !== null && others.every((other) => other.municipality !== municipality);
  return tells && foldName(municipality) !== name ? municipality : place.postcode;
}

function streetCandidate(street: Street): PlaceCandidate {
  const { name, locality, postcode, city, at } = street;
  const value = {
    name: `${name}, ${locality}`,
    detail: locality === city ? postcode : `${postcode} ${city}`,
    at,
    placeId: null,
    certain: true,
  };
  return { value, wordings: [`${name}, ${locality}`, `${name}, ${postcode} ${locality}`, `${name}, ${city}`] };
}

function kilometresToVenue(place: Place, vocabulary: Vocabulary): number {
  const known = vocabulary.distances.get(place);
  if (known !== undefined) return known;
  const at: Coordinates = { lat: place.lat, lon: place.lon };
  const width = Math.cos((at.lat * Math.PI) / 180);
  // Flat is good enough to tell five kilometres from fifty, and it is asked for every place of a name.
  let least = Infinity;
  for (const venue of vocabulary.venues) {
    const north = (venue.at.lat - at.lat) * KM_PER_DEGREE;
    const east = (venue.at.lon - at.lon) * KM_PER_DEGREE * width;
    least = Math.min(least, north * north + east * east);
  }
  const kilometres = vocabulary.venues.length === 0 ? 0 : Math.sqrt(least);
  vocabulary.distances.set(place, kilometres);
  return kilometres;
}
