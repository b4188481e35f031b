import type { AddressBook, KnownHouse, KnownPlace, KnownStreet } from '../../domain/addresses/address.ts';
import { distanceMetres } from '../../domain/geo.ts';
import { DEGREE, type OsmData } from '../data.ts';
import { addTo } from '../lists.ts';
import type { Progress } from '../progress.ts';
import { readHouses, tidy, type RawHouse } from './houses.ts';
import { middleOf, readPlaces, shortName, type Where } from './where.ts';

export interface ExtractedAddresses {
  book: AddressBook;
  counts: Record<string, number>;
  faults: Record<string, number>;
}

/** Ways that have addresses when they have a name. */
const STREETS = new Set([
  'primary',
  'secondary',
  'tertiary',
  'trunk',
  'unclassified',
  'residential',
  'living_street',
  'pedestrian',
  'service',
  'track',
  'footway',
  'path',
  'cycleway',
  'steps',
  'road',
]);

/** Parts of one street that lie nearer together than this belong to one place, where no boundary runs between. */
const APART = 400;
/** The same number twice within so many metres is one house: entrance and building. */
const SAME_HOUSE = 60;

/** A part of a street: a way or a house. Positions in 1e-7 degrees. */
interface Part {
  lat: number;
  lon: number;
  where: Where;
  house: RawHouse | null;
}

/**
 * Streets with their houses, and places, from an extract. The ways of one name in one place are one street; the same
 * name in another place or municipality is another one. Where the extract has boundaries they decide, else what houses
 * say of themselves, else what is nearest.
 */
export function extractAddresses(data: OsmData, progress: Progress): ExtractedAddresses {
  progress.phase('addresses', null);
  const faults = new Map<string, number>();
  const fault = (what: string): void => void faults.set(what, (faults.get(what) ?? 0) + 1);
  const places = readPlaces(data);
  const houses = readHouses(data, fault).map((house) => ({
    ...house,
    city: house.city === null ? null : places.canonical(house.city),
  }));

  const parts = new Map<string, Part[]>();
  const add = (name: string, part: Part): void => addTo(parts, `${name}|${part.where.municipality ?? ''}`, part);
  const nearCity = cityFinder(houses);
  for (const house of houses) {
    const where = whereOf(house, places.at(house.lat, house.lon), nearCity);
    add(house.street, { lat: house.lat, lon: house.lon, where, house });
  }
  for (let way = 0; way < data.ways.count; way++) {
    const name = data.ways.tags.get(way, 'name');
    if (name === undefined || !STREETS.has(data.ways.tags.get(way, 'highway') ?? '')) continue;
    const middle = middleOf(data, way);
    if (middle === null || !isInArea(data, middle)) continue;
    const where = places.at(middle.lat, middle.lon);
    const city = where.municipality ?? nearCity(middle.lat, middle.lon);
    add(tidy(name), { ...middle, where: withoutRepetition({ ...where, municipality: city }), house: null });
  }

  const streets: KnownStreet[] = [];
  let duplicates = 0;
  for (const [key, all] of parts) {
    const name = key.slice(0, key.lastIndexOf('|'));
    for (const group of groupsOf(all)) {
      const made = streetOf(name, group);
      duplicates += made.duplicates;
      streets.push(made.street);
    }
  }
  const count = streets.reduce((sum, street) => sum + street.houses.length, 0);
  const book = { streets, places: placesOf(places, streets, nearCity) };
  return {
    book,
    counts: {
      streets: streets.length,
      houses: count,
      places: book.places.length,
      municipalities: new Set(streets.map(({ municipality }) => municipality ?? '').filter((one) => one !== '')).size,
      'houses twice': duplicates,
    },
    faults: Object.fromEntries(faults),
  };
}

/** Streets that only reach into the area belong to the next extract. */
function isInArea({ area }: OsmData, { lat, lon }: { lat: number; lon: number }): boolean {
  if (area === null) return true;
  const [y, x] = [lat / DEGREE, lon / DEGREE];
  return y >= area.south && y <= area.north && x >= area.west && x <= area.east;
}

/** What a house says of itself fills in what no boundary says; else what its neighbours say. */
function whereOf(house: RawHouse, found: Where, nearCity: ReturnType<typeof cityFinder>): Where {
  const municipality = found.municipality ?? house.city ?? nearCity(house.lat, house.lon);
  const place = found.isCertain ? found.place : (house.suburb ?? found.place);
  return withoutRepetition({ ...found, municipality, place, postcode: house.postcode ?? found.postcode });
}

/** A place that is called as its municipality adds nothing. */
function withoutRepetition(where: Where): Where {
  const { municipality, place } = where;
  const isSame =
    municipality !== null && place !== null && (place === municipality || shortName(place) === shortName(municipality));
  return isSame ? { ...where, place: null } : where;
}

/** Houses of a cell that are looked at. */
const MOST_IN_CELL = 40;

/** The town of the nearest house that names one, by cells of about 500 m and their neighbours. */
function cityFinder(houses: readonly RawHouse[]): (lat: number, lon: number) => string | null {
  const size = 50_000;
  const cells = new Map<string, RawHouse[]>();
  for (const house of houses) {
    if (house.city === null) continue;
    const key = `${Math.floor(house.lat / size)},${Math.floor(house.lon / size)}`;
    if ((cells.get(key)?.length ?? 0) < MOST_IN_CELL) addTo(cells, key, house);
  }
  return (lat, lon) => {
    let best: { city: string | null; squared: number } = { city: null, squared: Infinity };
    for (let y = -2; y <= 2; y++) {
      for (let x = -2; x <= 2; x++) {
        for (const house of cells.get(`${Math.floor(lat / size) + y},${Math.floor(lon / size) + x}`) ?? []) {
          const squared = (house.lat - lat) ** 2 + ((house.lon - lon) * 0.63) ** 2;
          if (squared < best.squared) best = { city: house.city, squared };
        }
      }
    }
    return best.city;
  };
}

/** Parts of one name in one municipality, by place. */
function groupsOf(parts: readonly Part[]): Part[][] {
  const certain = new Map<string, Part[]>();
  const open: Part[] = [];
  for (const part of parts) {
    if (!part.where.isCertain) {
      open.push(part);
      continue;
    }
    const key = part.where.place ?? '';
    addTo(certain, key, part);
  }
  return [...certain.values(), ...clusters(open)];
}

/** Without boundaries, what lies close together is one street, whatever small place is nearest to each part of it. */
function clusters(parts: readonly Part[]): Part[][] {
  const size = APART * 90; // cells of 1e-7 degrees
  const cells = new Map<string, number[]>();
  const keyOf = (y: number, x: number): string => `${y},${x}`;
  const cellOf = ({ lat, lon }: Part): [number, number] => [Math.floor(lat / size), Math.floor((lon * 0.63) / size)];
  parts.forEach((part, index) => {
    const key = keyOf(...cellOf(part));
    addTo(cells, key, index);
  });
  const groups: Part[][] = [];
  const done = new Set<string>();
  for (const part of parts) {
    const begin = cellOf(part);
    if (done.has(keyOf(...begin))) continue;
    done.add(keyOf(...begin));
    const queue = [begin];
    const group: Part[] = [];
    for (const [y, x] of queue) {
      for (const index of cells.get(keyOf(y, x)) ?? []) group.push(parts[index] as Part);
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          const key = keyOf(y + dy, x + dx);
          if (done.has(key) || !cells.has(key)) continue;
          done.add(key);
          queue.push([y + dy, x + dx]);
        }
      }
    }
    groups.push(group);
  }
  return groups;
}

function streetOf(name: string, parts: readonly Part[]): { street: KnownStreet; duplicates: number } {
  const withHouses = parts.filter(({ house }) => house !== null);
  const telling = withHouses.length > 0 ? withHouses : parts;
  const postcode = mostFrequent(telling.map(({ where }) => where.postcode));
  const { houses, duplicates } = housesOf(withHouses, postcode);
  const mean = {
    lat: telling.reduce((sum, { lat }) => sum + lat, 0) / telling.length,
    lon: telling.reduce((sum, { lon }) => sum + lon, 0) / telling.length,
  };
  const away = ({ lat, lon }: Part): number => Math.hypot(lat - mean.lat, (lon - mean.lon) * 0.63);
  const middle = telling.reduce((best, part) => (away(part) < away(best) ? part : best));
  const where = middle.where;
  return {
    duplicates,
    street: {
      name,
      place: mostFrequent(telling.map((part) => part.where.place ?? '')) || null,
      municipality: where.municipality,
      ags: where.ags,
      postcode,
      lat: middle.lat / DEGREE,
      lon: middle.lon / DEGREE,
      houses,
    },
  };
}

function housesOf(parts: readonly Part[], postcode: string | null): { houses: KnownHouse[]; duplicates: number } {
  const byNumber = new Map<string, KnownHouse[]>();
  let duplicates = 0;
  for (const { house, where } of parts) {
    if (house === null) continue;
    const known: KnownHouse = {
      number: house.number,
      postcode: where.postcode === postcode ? null : where.postcode,
      lat: house.lat / DEGREE,
      lon: house.lon / DEGREE,
    };
    const same = byNumber.get(house.number) ?? [];
    if (same.some((other) => distanceMetres(other, known) < SAME_HOUSE)) duplicates += 1;
    else byNumber.set(house.number, [...same, known]);
  }
  const houses = [...byNumber.values()].flat().sort((a, b) => compareNumbers(a.number, b.number));
  return { houses, duplicates };
}

/** 1, 2, 2 a, 2 b, 10 */
export function compareNumbers(a: string, b: string): number {
  const difference = Number.parseInt(a.replace(/^\D+/, ''), 10) - Number.parseInt(b.replace(/^\D+/, ''), 10);
  return difference !== 0 && !Number.isNaN(difference) ? difference : a < b ? -1 : a > b ? 1 : 0;
}

function mostFrequent<T>(values: readonly T[]): T | null {
  const counts = new Map<T, number>();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  let best: T | null = null;
  for (const [value, count] of counts) if (best === null || count > (counts.get(best) ?? 0)) best = value;
  return best;
}

function placesOf(
  { places, at }: ReturnType<typeof readPlaces>,
  streets: readonly KnownStreet[],
  nearCity: (lat: number, lon: number) => string | null,
): KnownPlace[] {
  const postcodes = new Map<string, (string | null)[]>();
  for (const { place, municipality, postcode } of streets) {
    for (const key of [`${place ?? ''}|${municipality ?? ''}`, `|${municipality ?? ''}`]) {
      addTo(postcodes, key, postcode);
    }
  }
  return places.map((place) => {
    const where = at(Math.round(place.lat * DEGREE), Math.round(place.lon * DEGREE));
    const isTown = place.kind === 'city' || place.kind === 'town';
    const municipality = where.municipality ?? (isTown ? place.name : nearCity(place.lat * DEGREE, place.lon * DEGREE));
    const isOwn = municipality !== null && shortName(municipality) === shortName(place.name);
    const known = postcodes.get(`${isOwn ? '' : place.name}|${municipality ?? ''}`);
    return {
      ...place,
      municipality,
      ags: where.ags,
      postcode: where.postcode ?? mostFrequent(known ?? []) ?? null,
    };
  });
}
