import { foldName, compact, unique } from './fold.ts';
import {
  beginningWith,
  inhabitants,
  letterBits,
  lowerBound,
  type Place,
  type PlaceIndex,
  type Entry,
} from './placeIndex.ts';
import { parseQuery, type Query } from './placeQuery.ts';
import { allowedErrors, typingErrors, type Extent } from './typingErrors.ts';

/**
 * Search of places (towns, villages, stations, postcodes) as citizens write them.
 *
 * Two questions: `suggestPlaces` while typing, `resolvePlace` when the form is sent. Names are folded once, when the
 * index is built; a query is looked up in a sorted list, and only if nothing fits, typing errors are tried.
 */

/** How a place was found: `word` = at a later word of the name, or by its municipality. */
export type PlaceMatch = 'exact' | 'prefix' | 'word' | 'fuzzy' | 'postcode';

/** A place found. `score` orders hits of one query (higher is better) and means nothing between queries. */
export interface PlaceHit {
  readonly place: Place;
  readonly match: PlaceMatch;
  readonly score: number;
}

/**
 * Answer to a place that was sent in: `several` = all of these were meant equally, let the citizen choose;
 * `near` = nothing of that name, but perhaps one of these ("Meinten Sie …?"); `empty` = nothing was entered.
 */
export type PlaceAnswer =
  | { readonly kind: 'one'; readonly place: Place; readonly match: PlaceMatch }
  | { readonly kind: 'several'; readonly hits: readonly PlaceHit[] }
  | { readonly kind: 'near'; readonly hits: readonly PlaceHit[] }
  | { readonly kind: 'none' }
  | { readonly kind: 'empty' };

interface Found {
  readonly exact: PlaceHit[];
  readonly prefix: PlaceHit[];
  readonly word: PlaceHit[];
}

/** The most places offered where a list is cut: "did you mean", and everything that begins with a few letters. */
const MAX_NEAR = 5;
const MAX_SEVERAL = 20;

const SCORE: Record<PlaceMatch, number> = { exact: 1000, prefix: 800, word: 600, fuzzy: 400, postcode: 500 };

/**
 * Places to offer while somebody is typing, best first, each place once, at most `limit` (a limit below 1 gives none).
 * Typing errors are forgiven only if nothing else fits. Never throws, whatever the query is.
 */
export function suggestPlaces(index: PlaceIndex, query: string, limit: number): PlaceHit[] {
  if (!(limit >= 1)) return [];

  const parsed = parseQuery(query);
  return suggestionsFor(index, parsed).slice(0, Math.floor(limit));
}

/**
 * The place meant by what was sent in. A name that is complete wins over longer ones that begin with it; settlements
 * win over stations unless a station was asked for; a postcode chooses between places of one name but never overrules
 * the name, because towns have several. All places of a complete postcode are returned, other lists are cut.
 * Never throws, whatever the query is.
 */
export function resolvePlace(index: PlaceIndex, query: string): PlaceAnswer {
  if (query.trim() === '') return { kind: 'empty' };

  const parsed = parseQuery(query);
  if (parsed.names.length === 0) return resolvePostcode(index, parsed);
  return resolveName(index, parsed);
}

/**
 * Places that are called exactly so: by name, by name and municipality, or (`word`) by the later words of a name.
 * Best first, stations last; a name that folds to nothing finds nothing.
 */
export function placesCalled(index: PlaceIndex, name: string): PlaceHit[] {
  const key = compact(foldName(name));
  if (key === '') return [];
  const hits: PlaceHit[] = [];
  for (let at = lowerBound(index.entries, key, keyOf); index.entries[at]?.key === key; at++) {
    const entry = index.entries[at];
    if (entry !== undefined) hits.push(hitOf(entry.place, matchOf(entry, true), 0));
  }
  return hits.length > 1 ? bestPerPlace(index, hits) : hits;
}

/** Whether any name begins with these folded words; if not, none does with more words either. */
export function beginsPlace(index: PlaceIndex, folded: string): boolean {
  const key = compact(folded);
  return index.entries[lowerBound(index.entries, key, keyOf)]?.key.startsWith(key) ?? false;
}

/** Places whose name, alone or with the municipality, begins so and goes on. Best first. */
export function placesBeginning(index: PlaceIndex, name: string): PlaceHit[] {
  const key = compact(foldName(name));
  return bestPerPlace(
    index,
    directHits(index, key).filter((hit) => hit.match === 'prefix' || hit.match === 'word'),
  );
}

/**
 * Places whose whole name (`beginning`: or its beginning) is so except for one or two typing errors, best first; none
 * for less than four letters. Looks at every name: ask once for each word.
 */
export function placesMisspelt(index: PlaceIndex, name: string, extent: Extent): PlaceHit[] {
  return bestPerPlace(index, fuzzyHitsOf(index, compact(foldName(name)), extent));
}

/** The settlements of a postcode, or of all that begin with these digits, the largest first. */
export function placesOfPostcode(index: PlaceIndex, digits: string): PlaceHit[] {
  return postcodeHits(index, digits);
}

function suggestionsFor(index: PlaceIndex, query: Query): PlaceHit[] {
  if (query.names.length === 0) {
    return query.postcode === '' ? stationsIfWanted(index, query) : postcodeHits(index, query.postcode);
  }

  const found = mergeFound(index, findAll(index, query.names, query), findAll(index, query.reduced, query));
  const direct = postcodeFirst(bestPerPlace(index, [...found.exact, ...found.prefix, ...found.word]), query);
  if (direct.length > 0) return direct;

  const misspelt = postcodeFirst(fuzzyHits(index, query, 'beginning'), query);
  if (misspelt.length > 0) return misspelt;

  const contained = containedHits(index, query);
  if (contained.length > 0) return contained;
  return query.postcode.length === 5 ? postcodeHits(index, query.postcode) : [];
}

function resolvePostcode(index: PlaceIndex, query: Query): PlaceAnswer {
  if (query.postcode === '') return severalOrNone(stationsIfWanted(index, query).slice(0, MAX_SEVERAL));

  const hits = postcodeHits(index, query.postcode);
  const only = hits[0];
  if (only && hits.length === 1) return { kind: 'one', place: only.place, match: 'postcode' };
  if (hits.length > 0)
    return { kind: 'several', hits: query.postcode.length === 5 ? hits : hits.slice(0, MAX_SEVERAL) };
  return nearOrNone(neighbouringPostcodes(index, query.postcode));
}

function resolveName(index: PlaceIndex, query: Query): PlaceAnswer {
  const found = findAll(index, query.names, query);
  const exact = meant(found.exact, query);
  if (exact.length > 0) return oneOrSeveral(exact);

  const reduced = findAll(index, query.reduced, query);
  const exactReduced = meant(reduced.exact, query);
  if (exactReduced.length > 0) return oneOrSeveral(exactReduced);

  const pieces = meant(exactPieces(index, query), query);
  if (pieces.length > 0) return oneOrSeveral(pieces);

  const all = mergeFound(index, found, reduced);
  const begun = meant(all.prefix.length > 0 ? all.prefix : all.word, query).slice(0, MAX_SEVERAL);
  if (begun.length === 1 && longestLength(query.names) < 3) return { kind: 'near', hits: begun };
  if (begun.length > 0) return oneOrSeveral(begun);

  const whole = meant(fuzzyHits(index, query, 'whole'), query);
  if (whole.length > 0) return { kind: 'near', hits: whole.slice(0, MAX_NEAR) };

  const contained = containedHits(index, query);
  if (contained.length > 0) return { kind: 'near', hits: contained.slice(0, MAX_NEAR) };

  const beginning = meant(fuzzyHits(index, query, 'beginning'), query);
  if (beginning.length > 0) return { kind: 'near', hits: beginning.slice(0, MAX_NEAR) };
  return query.postcode.length === 5 ? nearOrNone(postcodeHits(index, query.postcode)) : { kind: 'none' };
}

function oneOrSeveral(hits: readonly PlaceHit[]): PlaceAnswer {
  const [first, second] = hits;
  if (!first) return { kind: 'none' };
  return second ? { kind: 'several', hits } : { kind: 'one', place: first.place, match: first.match };
}

function severalOrNone(hits: readonly PlaceHit[]): PlaceAnswer {
  return hits.length > 0 ? { kind: 'several', hits } : { kind: 'none' };
}

function nearOrNone(hits: readonly PlaceHit[]): PlaceAnswer {
  return hits.length > 0 ? { kind: 'near', hits: hits.slice(0, MAX_NEAR) } : { kind: 'none' };
}

// Finding

function findAll(index: PlaceIndex, names: readonly string[], query: Query): Found {
  const hits = onlyStationsIfWanted(
    bestPerPlace(
      index,
      names.flatMap((name) => directHits(index, compact(name))),
    ),
    query,
  );
  return {
    exact: hits.filter((hit) => hit.match === 'exact'),
    prefix: hits.filter((hit) => hit.match === 'prefix'),
    word: hits.filter((hit) => hit.match === 'word'),
  };
}

function mergeFound(index: PlaceIndex, a: Found, b: Found): Found {
  return {
    exact: bestPerPlace(index, [...a.exact, ...b.exact]),
    prefix: bestPerPlace(index, [...a.prefix, ...b.prefix]),
    word: bestPerPlace(index, [...a.word, ...b.word]),
  };
}

function directHits(index: PlaceIndex, key: string): PlaceHit[] {
  if (key === '') return [];
  return beginningWith(index.entries, key, keyOf).map((entry) => {
    const match = matchOf(entry, entry.key.length === key.length);
    return hitOf(entry.place, match, match === 'word' && entry.role === 'owned' ? 1 : 0);
  });
}

function matchOf(entry: Entry, isWhole: boolean): PlaceMatch {
  if (entry.role === 'tail') return 'word';
  if (isWhole) return 'exact';
  return entry.role === 'owned' ? 'word' : 'prefix';
}

function onlyStationsIfWanted(hits: PlaceHit[], query: Query): PlaceHit[] {
  return query.wantsStation ? hits.filter((hit) => hit.place.kind === 'station') : hits;
}

/**
 * What was meant among hits that fit equally well: a station only if no settlement fits, and those with the postcode
 * entered, if there are any.
 */
function meant(hits: readonly PlaceHit[], query: Query): PlaceHit[] {
  const settlements = hits.filter((hit) => hit.place.kind !== 'station');
  return preferPostcode(settlements.length > 0 ? settlements : hits, query.postcode);
}

/** The same while typing, where stations may follow the settlements. */
function postcodeFirst(hits: readonly PlaceHit[], query: Query): PlaceHit[] {
  const agreeing = preferPostcode(hits, query.postcode);
  const leavesSettlement = query.wantsStation || agreeing.some((hit) => hit.place.kind !== 'station');
  return leavesSettlement ? agreeing : [...hits];
}

function stationsIfWanted(index: PlaceIndex, query: Query): PlaceHit[] {
  if (!query.wantsStation) return [];
  const stations = index.places.filter((place) => place.kind === 'station');
  return bestPerPlace(
    index,
    stations.map((place) => hitOf(place, 'word', 0)),
  );
}

/** Hits with that postcode if there are any, else all: the name counts more than a mistaken or second postcode. */
function preferPostcode(hits: readonly PlaceHit[], postcode: string): PlaceHit[] {
  const agreeing = postcode === '' ? [] : hits.filter((hit) => hit.place.postcode.startsWith(postcode));
  return agreeing.length > 0 ? agreeing : [...hits];
}

/** The settlements of a postcode or of its beginning: by inhabitants; in one postcode then by nearness to the largest. */
function postcodeHits(index: PlaceIndex, postcode: string): PlaceHit[] {
  const places = beginningWith(index.byPostcode, postcode, postcodeOf);
  const settlements = places.filter((place) => place.kind !== 'station');
  const ranked = (settlements.length > 0 ? settlements : places)
    .map((place) => ({ place, rank: rankOf(index, place) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ place }) => place);
  const centre = ranked[0];
  if (centre && postcode.length === 5) {
    ranked.sort((a, b) => inhabitants(b) - inhabitants(a) || squareKm(a, centre) - squareKm(b, centre));
  }
  return ranked.map((place) => hitOf(place, 'postcode', 0));
}

/** For a postcode nobody has: places that share its first four digits, else its first three. */
function neighbouringPostcodes(index: PlaceIndex, postcode: string): PlaceHit[] {
  if (postcode.length < 5) return [];
  const four = postcodeHits(index, postcode.slice(0, 4));
  return four.length > 0 ? four : postcodeHits(index, postcode.slice(0, 3));
}

/** Complete names among the pieces of an address: "Meerane, Hauptstraße 5". */
function exactPieces(index: PlaceIndex, query: Query): PlaceHit[] {
  if (query.pieces.length === 0) return [];
  return findAll(index, query.pieces, query).exact;
}

/** Complete names anywhere among the words: "ich wohne in Meerane am Markt". Only the longest names found are kept. */
function containedHits(index: PlaceIndex, query: Query): PlaceHit[] {
  const words = (query.names[0] ?? '').split(' ');
  for (let length = Math.min(5, words.length); length >= 1; length--) {
    const runs = words
      .slice(0, words.length - length + 1)
      .map((_, i) => words.slice(i, i + length).join(' '))
      .filter((run) => run.length >= 4);
    const hits = findAll(index, runs, { ...query, wantsStation: false }).exact;
    if (hits.length > 0) {
      return meant(hits, query).map((hit) => hitOf(hit.place, 'word', 0));
    }
  }
  return [];
}

// Typing errors

function fuzzyHits(index: PlaceIndex, query: Query, extent: Extent): PlaceHit[] {
  const folded = unique([...query.names, ...query.reduced].map(compact)).flatMap((name) =>
    fuzzyHitsOf(index, name, extent),
  );
  // A wrong letter can make an umlaut that nobody meant: "Maeerane" would fold to "marane", two errors away.
  const hits = folded.length > 0 ? folded : fuzzyHitsOf(index, query.literal, extent);
  return onlyStationsIfWanted(bestPerPlace(index, hits), query);
}

function fuzzyHitsOf(index: PlaceIndex, name: string, extent: Extent): PlaceHit[] {
  const bound = allowedErrors(name.length);
  if (bound === 0) return [];

  const letters = letterBits(name);
  const errorsIn = typingErrors(name, bound, extent);
  const hits: PlaceHit[] = [];
  for (const entry of index.entries) {
    if (entry.key.length < name.length - bound || entry.key.length < 4) continue;
    if (extent === 'whole' && entry.key.length > name.length + bound) continue;
    // Each letter that the name does not have at all costs an error of its own.
    if (bitCount(letters & ~entry.letters) > bound) continue;

    const errors = errorsIn(entry.key);
    if (errors > bound) continue;
    const unfinished = entry.key.length > name.length + bound ? 1 : 0;
    const firstLetterWrong = entry.key.charCodeAt(0) === name.charCodeAt(0) ? 0 : 1;
    const roleCost = entry.role === 'name' || entry.role === 'alias' ? 0 : 1;
    hits.push(hitOf(entry.place, 'fuzzy', errors * 20 + unfinished * 8 + firstLetterWrong * 4 + roleCost));
  }
  return hits;
}

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}

// Order

function hitOf(place: Place, match: PlaceMatch, cost: number): PlaceHit {
  return { place, match, score: SCORE[match] - cost };
}

/** Each place once with its best hit, in order. */
function bestPerPlace(index: PlaceIndex, hits: readonly PlaceHit[]): PlaceHit[] {
  const best = new Map<Place, PlaceHit>();
  for (const hit of hits) {
    const known = best.get(hit.place);
    if (!known || hit.score > known.score) best.set(hit.place, hit);
  }
  return [...best.values()]
    .map((hit) => ({ hit, rank: rankOf(index, hit.place) }))
    .sort((a, b) => b.hit.score - a.hit.score || a.rank - b.rank)
    .map(({ hit }) => hit);
}

function rankOf(index: PlaceIndex, place: Place): number {
  return index.ranks.get(place) ?? 0;
}

/** Square of a rough distance: good enough to order the places of one postcode. */
function squareKm(a: Place, b: Place): number {
  const north = (a.lat - b.lat) * 111.2;
  const east = (a.lon - b.lon) * 111.2 * Math.cos((b.lat * Math.PI) / 180);
  return north * north + east * east;
}

function longestLength(names: readonly string[]): number {
  return names.reduce((longest, name) => Math.max(longest, name.length), 0);
}

const keyOf = (entry: Entry): string => entry.key;
const postcodeOf = (place: Place): string => place.postcode;
