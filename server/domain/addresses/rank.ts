import { distanceMetres, type Coordinates } from '../geo.ts';
import type { AddressHit } from './address.ts';
import { holdsNumber, numberKey, type AddressQuery, type TypedNumber } from './query.ts';
import { isSuffix, searchWords, stemOf, wordsOf } from './words.ts';

/** A place or street that may be meant, as the database has it. */
export interface Candidate extends Coordinates {
  /** The lower, the more important. */
  id: number;
  kind: 'place' | 'street';
  name: string;
  place: string | null;
  municipality: string | null;
  postcode: string | null;
  houses: number;
}

export interface CandidateHouse extends Coordinates {
  id: number;
  nameId: number;
  number: string;
  base: number;
  postcode: string | null;
}

/** A candidate and how well it fits. */
export interface Rated {
  candidate: Candidate;
  /** Higher is better; of one query only. */
  score: number;
  /** All of its name was typed, and everything typed belongs to it. */
  isComplete: boolean;
  /** A typing error was forgiven. */
  isCorrected: boolean;
  /** What is left of the numbers typed, when those of its name are taken away. */
  number: TypedNumber | null;
}

const POINTS = { word: 10, beginning: 7, place: 6, placeBeginning: 4, corrected: -4, whole: 8, spare: -2, number: 5 };

/**
 * How well each candidate fits, best first; those that lack a word of the query are left out.
 * @param corrections by word of the query: words that differ from it by one typing error
 */
export function rate(
  candidates: readonly Candidate[],
  query: AddressQuery,
  corrections: ReadonlyMap<string, readonly string[]>,
  near: Coordinates | undefined,
): Rated[] {
  return candidates
    .flatMap((candidate) => rateOne(candidate, query, corrections) ?? [])
    .sort(
      (a, b) =>
        b.score - a.score ||
        (near === undefined ? 0 : farther(near, a.candidate, b.candidate)) ||
        a.candidate.id - b.candidate.id,
    );
}

/** Of two that fit alike, the nearer one where one of them is much nearer. */
function farther(near: Coordinates, a: Coordinates, b: Coordinates): number {
  return Math.round((distanceMetres(near, a) - distanceMetres(near, b)) / 500);
}

function rateOne(
  candidate: Candidate,
  { words, numbers }: AddressQuery,
  corrections: ReadonlyMap<string, readonly string[]>,
): Rated | null {
  const name = wordsOf(candidate.name);
  const nameWords = searchWords(candidate.name);
  const around = [
    ...wordsOf(candidate.place ?? ''),
    ...wordsOf(candidate.municipality ?? ''),
    ...(candidate.postcode === null ? [] : [candidate.postcode]),
  ];
  let score = 0;
  let isCorrected = false;
  const typed: string[] = [];
  for (const word of words) {
    const found = fit(word, nameWords, around) ?? fitCorrected(corrections.get(word) ?? [], nameWords, around);
    if (found === null) return null;
    score += found.points;
    if (found.corrected) isCorrected = true;
    if (found.inName !== null) typed.push(found.inName);
  }
  if (typed.length === 0) {
    // Only a place around it was named: everything in it fits, but only the place itself is meant.
    if (candidate.kind === 'street') return null;
    score -= 20;
  }
  // Numbers of the name first; "Straße des 17. Juni 17" has the same one twice.
  const own = name.filter((word) => /^\d+$/.test(word));
  const left = numbers.filter(({ text }) => {
    const at = own.indexOf(text);
    if (at !== -1) own.splice(at, 1);
    return at === -1;
  });
  const ofName = numbers.length - left.length;
  const joined = typed.join('');
  const whole = name.join('');
  // What was not typed of the name counts, unless it only says "street".
  const spare = name.filter((word) => !isTyped(word, typed) && !isSuffix(word) && !/^\d+$/.test(word)).length;
  const isWhole = joined === whole || (spare === 0 && own.length === 0);
  const exactly = joined === whole ? 2 : 0;
  score += (isWhole ? POINTS.whole : 0) + spare * POINTS.spare + exactly + ofName * POINTS.number;
  if (left.length > 0) score += candidate.kind === 'street' ? POINTS.number : -POINTS.number;
  else if (candidate.kind === 'place' && isWhole) score += 3;
  return { candidate, score, isComplete: isWhole && left.length <= 1, isCorrected, number: left[0] ?? null };
}

/** Whether a word of the name was typed: as it is, without "street", or as a part of what was written as one word. */
function isTyped(word: string, typed: readonly string[]): boolean {
  return typed.some((one) => one === word || (one.length > word.length && one.includes(word)) || isStem(one, word));
}

/** "haupt" of "hauptstrasse". */
function isStem(typed: string, word: string): boolean {
  return stemOf(word) === typed || (word.startsWith(typed) && isSuffix(word.slice(typed.length)));
}

interface Fit {
  points: number;
  /** The word of the name that it is or begins; null: of a place around it. */
  inName: string | null;
  corrected: boolean;
}

function fit(word: string, name: readonly string[], around: readonly string[]): Fit | null {
  if (name.includes(word)) return { points: isSuffix(word) ? 1 : POINTS.word, inName: word, corrected: false };
  if (around.includes(word)) return { points: POINTS.place, inName: null, corrected: false };
  if (name.some((one) => one.startsWith(word))) return { points: POINTS.beginning, inName: word, corrected: false };
  if (around.some((one) => one.startsWith(word)))
    return { points: POINTS.placeBeginning, inName: null, corrected: false };
  return null;
}

function fitCorrected(alternatives: readonly string[], name: readonly string[], around: readonly string[]): Fit | null {
  const inName = alternatives.find((one) => name.includes(one));
  if (inName !== undefined) return { points: POINTS.word + POINTS.corrected, inName, corrected: true };
  if (!alternatives.some((one) => around.includes(one))) return null;
  return { points: POINTS.place + POINTS.corrected, inName: null, corrected: true };
}

/** The house that is meant in a street, or the nearest one along it; null: the street has none near that number. */
export function houseFor(
  typed: TypedNumber,
  houses: readonly CandidateHouse[],
): { house: CandidateHouse; exact: boolean } | null {
  const key = numberKey(typed.text);
  const same = houses.find(({ number }) => numberKey(number) === key);
  if (same !== undefined) return { house: same, exact: true };
  const held = houses.find(({ number }) => holdsNumber(number, typed.base));
  if (held !== undefined) return { house: held, exact: true };
  // Streets have an odd and an even side.
  const away = ({ base }: CandidateHouse): number =>
    Math.abs(base - typed.base) + ((base - typed.base) % 2 === 0 ? 0 : 1.5);
  let best: CandidateHouse | null = null;
  for (const house of houses) if (best === null || away(house) < away(best)) best = house;
  return best === null ? null : { house: best, exact: false };
}

/** What a search answers of a candidate. */
export function hitOf(candidate: Candidate, number: TypedNumber | null, houses: readonly CandidateHouse[]): AddressHit {
  const { id, kind, name, place, municipality } = candidate;
  const isHouse = kind === 'street' && number !== null;
  const found = isHouse ? houseFor(number, houses) : null;
  const postcode = found?.house.postcode ?? candidate.postcode;
  const shown = found?.exact === true ? found.house.number : (number?.text ?? null);
  const at = found?.house ?? candidate;
  return {
    id: !isHouse
      ? `${kind === 'street' ? 's' : 'p'}${id}`
      : found?.exact === true
        ? `h${found.house.id}`
        : `s${id}.${number.base}`,
    kind: isHouse ? 'house' : kind,
    name: isHouse ? `${name} ${shown ?? ''}`.trim() : name,
    detail: detailOf(kind, name, place, municipality, postcode),
    street: kind === 'street' ? name : null,
    number: isHouse ? shown : null,
    postcode,
    place: kind === 'place' && name !== municipality ? name : place,
    municipality,
    approximate: isHouse && found?.exact !== true,
    lat: at.lat,
    lon: at.lon,
  };
}

/** "08393 Meerane, Seiferitz" */
function detailOf(
  kind: Candidate['kind'],
  name: string,
  place: string | null,
  municipality: string | null,
  postcode: string | null,
): string {
  const town = kind === 'place' && name === municipality ? null : (municipality ?? (kind === 'street' ? place : null));
  const part = place !== null && place !== town && place !== name ? place : null;
  const first = [postcode, town].filter((one) => one !== null).join(' ');
  return [first, part].filter((one) => one !== null && one !== '').join(', ');
}
