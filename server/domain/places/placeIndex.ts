import { foldName, foldLetters, compact, unique } from './fold.ts';

/** What a place is. `place` is a postal place whose standing is not known. */
export type PlaceKind = 'town' | 'municipality' | 'village' | 'place' | 'station';

/** A place that can be found. */
export interface Place {
  readonly id: number;
  readonly name: string;
  /** Name of the municipality it belongs to; null if unknown. */
  readonly municipality: string | null;
  readonly kind: PlaceKind;
  /** Main postcode, five digits. It does not identify a municipality, and a town may have more than this one. */
  readonly postcode: string;
  /** Degrees, WGS 84. */
  readonly lat: number;
  /** Degrees, WGS 84. */
  readonly lon: number;
  /** Inhabitants; null if unknown. */
  readonly population: number | null;
}

/** name: the name itself; alias: the name without its addition; owned: together with its municipality; tail: from a later word on. */
type EntryRole = 'name' | 'alias' | 'owned' | 'tail';

export interface Entry {
  /** Folded, without spaces. */
  readonly key: string;
  readonly role: EntryRole;
  /** The letters that occur in `key`, one bit each. */
  readonly letters: number;
  readonly place: Place;
}

/** Places prepared for searching. Build it once with `buildPlaceIndex` and keep it. */
export interface PlaceIndex {
  readonly places: readonly Place[];
  /** Sorted by key. */
  readonly entries: readonly Entry[];
  /** Sorted by postcode. */
  readonly byPostcode: readonly Place[];
  /** Order of places that fit equally well: 0 comes first. */
  readonly ranks: ReadonlyMap<Place, number>;
}

const KIND_RANK: Record<PlaceKind, number> = { town: 0, municipality: 1, village: 2, place: 3, station: 4 };

export const STATION_WORDS = new Set(['bahnhof', 'hauptbahnhof', 'bhf', 'hbf', 'bf']);

/** Prepares places for searching. The order of `places` does not matter; the array is not kept. */
export function buildPlaceIndex(places: readonly Place[]): PlaceIndex {
  const entries = places.flatMap(entriesOf);
  entries.sort((a, b) => compareText(a.key, b.key) || a.place.id - b.place.id);
  const byPostcode = [...places].sort((a, b) => compareText(a.postcode, b.postcode) || a.id - b.id);
  return { places: [...places], entries, byPostcode, ranks: ranksOf(places) };
}

export function letterBits(key: string): number {
  let bits = 0;
  for (let i = 0; i < key.length; i++) {
    const code = key.charCodeAt(i);
    bits |= 1 << (code >= 97 && code <= 122 ? code - 97 : 26);
  }
  return bits;
}

function entriesOf(place: Place): Entry[] {
  const roles = new Map<string, EntryRole>();
  const add = (folded: string, role: EntryRole): void => {
    const key = compact(folded);
    if (key !== '' && !roles.has(key)) roles.set(key, role);
  };

  const forms = nameForms(place.name);
  const own = place.kind === 'station' ? [...forms, ...forms.map(withoutStationWords)] : forms;
  own.forEach((form, i) => add(form, i === 0 || place.kind === 'station' ? 'name' : 'alias'));
  for (const owner of place.municipality === null ? [] : nameForms(place.municipality)) {
    if (own.includes(owner)) continue;
    for (const form of own) {
      add(`${owner} ${form}`, 'owned');
      add(`${form} ${owner}`, 'owned');
    }
  }
  for (const form of own) tailsOf(form).forEach((tail) => add(tail, 'tail'));
  return [...roles].map(([key, role]) => ({ key, role, letters: letterBits(key), place }));
}

/** The name, and the name without what distinguishes it: brackets, "bei …", what follows a slash. */
function nameForms(name: string): string[] {
  const full = foldName(name);
  return unique([
    full,
    foldName(name.replace(/\([^)]*\)?/g, ' ')),
    foldName(name.split('/')[0] ?? ''),
    full.split(' bei ')[0] ?? '',
  ]).filter((form) => form !== '');
}

function withoutStationWords(folded: string): string {
  return folded
    .split(' ')
    .filter((word) => !STATION_WORDS.has(word))
    .join(' ');
}

function tailsOf(folded: string): string[] {
  const words = folded.split(' ');
  return words.slice(1).map((_, i) => words.slice(i + 1).join(' '));
}

/** Settlements before stations, then the more inhabitants, then the kind, then the name. */
function ranksOf(places: readonly Place[]): Map<Place, number> {
  const ordered = places
    .map((place) => ({ place, name: foldLetters(place.name) }))
    .sort(
      (a, b) =>
        Number(a.place.kind === 'station') - Number(b.place.kind === 'station') ||
        inhabitants(b.place) - inhabitants(a.place) ||
        KIND_RANK[a.place.kind] - KIND_RANK[b.place.kind] ||
        compareText(a.name, b.name) ||
        a.place.id - b.place.id,
    );
  return new Map(ordered.map(({ place }, rank) => [place, rank]));
}

export function inhabitants(place: Place): number {
  return place.population ?? 0;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Position of the first item whose text is not below `text`. */
export function lowerBound<T>(items: readonly T[], text: string, textOf: (item: T) => string): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = items[middle];
    if (item !== undefined && textOf(item) < text) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function beginningWith<T>(items: readonly T[], text: string, textOf: (item: T) => string): T[] {
  const start = lowerBound(items, text, textOf);
  let end = start;
  for (let item = items[end]; item !== undefined && textOf(item).startsWith(text); item = items[end]) end++;
  return items.slice(start, end);
}
