import { foldName } from '../../places/fold.ts';
import type { Place, PlaceIndex } from '../../places/placeIndex.ts';
import {
  beginsPlace,
  placesBeginning,
  placesCalled,
  placesMisspelt,
  placesOfPostcode,
  type PlaceHit,
} from '../../places/search.ts';
import type { Extent } from '../../places/typingErrors.ts';
import type { Vocabulary } from './vocabulary.ts';
import { FORGIVEN, LITTLE, TOGETHER, WORD, type Span } from './span.ts';
import { streetsCalled, type Street } from './streets.ts';
import { isNumber, isFiller, isKnown, means, words, type Token } from './words.ts';

/** Which place the words of a text mean. */

/** What a run of words can mean: places, or streets in places. All fit equally well; the likeliest is found later. */
export interface PlaceReading {
  readonly places: readonly Place[];
  readonly streets: readonly Street[];
  /** The postcode if nothing but it was entered. */
  readonly postcode: string;
  readonly exact: boolean;
}

const LONGEST_NAME = 5;
/** Typing errors are looked for in so many words of one text: it reads every name. */
const MOST_MISSPELT = 6;
const MAX_MEMO = 2_000;
const MOST_HITS = 60;
/** An error in fewer letters of an unfinished name could be anybody's name: "Meier" is not Meerane. */
const LONG_BEGINNING = 6;
/** More than a number of persons: "Hauptstraße 5 Perso" is not five of them. */
const HOUSE_NUMBER = WORD + 2;
const OWNER_WORDS = new Set(['ot', 'ortsteil']);
const STATION_WORDS = new Set(['bahnhof', 'hauptbahnhof', 'bhf', 'hbf', 'bf']);
const PREPOSITIONS = new Set(words('in nach aus bei near from'));
const ABBREVIATIONS = new Set(['st', 'skt', 'b', 'sa', 'sachs', 'thur']);
const SEPARATOR = /^[\s,./()–-]*$/;

/** Every reading of a place in the text. */
export function placeSpans(
  tokens: readonly Token[],
  vocabulary: Vocabulary,
  isOther: (at: number) => boolean,
): Span<PlaceReading>[] {
  const whole: Span<PlaceReading>[] = [];
  const partial: Span<PlaceReading>[] = [];
  for (let start = 0; start < tokens.length; start++) {
    whole.push(...postcodesAt(tokens, start, vocabulary.index));
    for (let end = start + 1; end <= Math.min(tokens.length, start + LONGEST_NAME); end++) {
      if (end > start + 1 && !SEPARATOR.test(tokens[end - 1]?.gap ?? '!')) break;
      const run = tokens.slice(start, end);
      if (!goesOn(run, vocabulary.index)) break;
      const exact = calledExactly(run, start, vocabulary.index);
      if (exact !== null) whole.push(exact);
      const begun = end - start <= 3 ? begunAt(run, start, vocabulary.index) : null;
      if (begun !== null && exact === null) partial.push(begun);
    }
  }
  const covered = new Set(whole.flatMap((span) => range(span.start, span.end)));
  partial.push(...misspelt(tokens, vocabulary.index, (at) => covered.has(at) || isOther(at)));
  const streets = streetSpans(tokens, vocabulary);
  const named = [...whole, ...withPostcodes(tokens, whole)];
  const all = [...named, ...partial, ...streets, ...addresses(tokens, named, streets)];
  return all.flatMap((span) => [span, ...withPreposition(tokens, span)]);
}

/** Whether longer runs can still be a name: words such as "Bahnhof" and "OT" are no part of it. */
function goesOn(run: readonly Token[], index: PlaceIndex): boolean {
  const isBeside = run.some((token) => OWNER_WORDS.has(token.word) || STATION_WORDS.has(token.word));
  // "St." alone is the beginning of another name than "Sankt".
  const isShort = run.length === 1 && (run[0]?.word.length ?? 0) < 4;
  return isBeside || isShort || beginsPlace(index, nameOf(run));
}

function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, i) => start + i);
}

/** "08393", "D-08393", and the beginning of a postcode from four digits on. */
function postcodesAt(tokens: readonly Token[], start: number, index: PlaceIndex): Span<PlaceReading>[] {
  const token = tokens[start];
  const isCountry = (token?.word === 'd' || token?.word === 'de') && tokens[start + 1]?.raw.length === 5;
  const digits = isCountry ? (tokens[start + 1]?.raw ?? '') : (token?.raw ?? '');
  const end = isCountry ? start + 2 : start + 1;
  const two =
    /^\d{2}$/.test(token?.raw ?? '') && /^\d{3}$/.test(tokens[start + 1]?.raw ?? '') && tokens[start + 1]?.gap === ' ';
  const postcode = two ? `${token?.raw}${tokens[start + 1]?.raw}` : digits;
  if (!/^\d{4,5}$/.test(postcode)) return [];
  const places = placesOfPostcode(index, postcode).map((hit) => hit.place);
  if (places.length === 0) return [];
  const score = postcode.length === 5 ? WORD + 1 : WORD / 2;
  const value = { places: places.slice(0, MOST_HITS), streets: [], postcode, exact: true };
  return [{ start, end: two ? start + 2 : end, score, value, exact: true }];
}

function nameOf(run: readonly Token[]): string {
  const name = run.map((token) => token.word).join(' ');
  // Words are folded already, but abbreviations only beside other words.
  return run.length > 1 && run.some((token) => ABBREVIATIONS.has(token.word)) ? foldName(name) : name;
}

function calledExactly(run: readonly Token[], start: number, index: PlaceIndex): Span<PlaceReading> | null {
  const [first, last] = [run[0], run.at(-1)];
  if (first === undefined || last === undefined || first.number !== null) return null;
  if (run.length === 1 && (first.word.length < 2 || (isFiller(first) && first.word.length < 5))) return null;
  const names = run.filter((token, i) => i === 0 || !OWNER_WORDS.has(token.word));
  const settled = names.filter((token) => !STATION_WORDS.has(token.word));
  const wantsStation = settled.length < names.length && settled.length > 0;
  if (settled.some((token) => token.number !== null)) return null;
  const name = nameOf(wantsStation ? settled : names);
  const found = remembered(called, index, name, () => placesCalled(index, name));
  const stations = found.filter((hit) => hit.place.kind === 'station');
  const hits = wantsStation && stations.length > 0 ? stations : settlementsIn(found);
  const exact = hits.filter((hit) => hit.match === 'exact');
  const best = exact.length > 0 ? exact : hits;
  if (best.length === 0) return null;
  const little = run.length - settled.length;
  const each = exact.length > 0 ? WORD : WORD * 0.6;
  const score = each * (run.length - little) + (LITTLE + 1) * little + TOGETHER * (run.length - 1);
  return spanOf(start, run.length, score, best, true);
}

function settlementsIn(hits: readonly PlaceHit[]): readonly PlaceHit[] {
  const settlements = hits.filter((hit) => hit.place.kind !== 'station');
  return settlements.length > 0 ? settlements : hits;
}

/** An unfinished name: "meer", "bad kös". */
function begunAt(run: readonly Token[], start: number, index: PlaceIndex): Span<PlaceReading> | null {
  const last = run.at(-1);
  if (last === undefined || last.word.length < 3 || run.some((token) => token.number !== null) || isKnown(last))
    return null;
  const name = nameOf(run);
  const hits = remembered(beginning, index, name, () => placesBeginning(index, name).slice(0, 2 * MOST_HITS));
  const names = hits.filter((hit) => hit.match === 'prefix');
  // One word may begin a later word of a name; "meerane" begins no other place because a village belongs to it.
  const found = settlementsIn(names.length > 0 ? names : hits).slice(0, MOST_HITS);
  if (found.length === 0) return null;
  const share = names.length > 0 ? 4 + Math.min(2, last.word.length * 0.35) : 3;
  const score = run.length === 1 ? share : WORD * (run.length - 1) + share;
  return spanOf(start, run.length, score, found, true);
}

/** Typing errors in single words, and in two words of which the text explains neither. */
function misspelt(tokens: readonly Token[], index: PlaceIndex, isOther: (at: number) => boolean): Span<PlaceReading>[] {
  const spans: Span<PlaceReading>[] = [];
  let asked = 0;
  for (const [start, token] of tokens.entries()) {
    if (asked >= MOST_MISSPELT) break;
    if (token.number !== null || isOther(start) || isKnown(token)) continue;
    const isLast = start === tokens.length - 1;
    if (token.word.length >= 4) {
      asked++;
      const { hits, extent } = nearestNames(index, token.word, isLast);
      const best = closest(settlementsIn(hits));
      const errors = (400 - (best[0]?.score ?? 400)) / 20;
      const score = extent === 'whole' ? 7 - Math.min(3, errors * 0.8) : 3.5;
      if (best.length > 0) spans.push(spanOf(start, 1, score, best, false));
    }
    const next = tokens[start + 1];
    const isPair = next !== undefined && next.number === null && !isOther(start + 1) && /^[\s.-]+$/.test(next.gap);
    if (isPair && token.word.length + next.word.length >= 7) {
      asked++;
      const best = closest(settlementsIn(nearestNames(index, nameOf([token, next]), false).hits));
      if (best.length > 0) spans.push(spanOf(start, 2, 2 * WORD - 2 * FORGIVEN + 1, best, false));
    }
  }
  return spans;
}

interface Nearest {
  readonly hits: readonly PlaceHit[];
  readonly extent: Extent;
}

const nearest = new WeakMap<PlaceIndex, Map<string, Nearest>>();
const called = new WeakMap<PlaceIndex, Map<string, readonly PlaceHit[]>>();
const beginning = new WeakMap<PlaceIndex, Map<string, readonly PlaceHit[]>>();

/** An agent's words come again with every key that is pressed, and with every choice that is read. */
function remembered<Answer>(
  memos: WeakMap<PlaceIndex, Map<string, Answer>>,
  index: PlaceIndex,
  name: string,
  find: () => Answer,
): Answer {
  const memo = memos.get(index) ?? new Map<string, Answer>();
  memos.set(index, memo);
  const known = memo.get(name);
  if (known !== undefined) return known;
  if (memo.size >= MAX_MEMO) memo.clear();
  const answer = find();
  memo.set(name, answer);
  return answer;
}

function nearestNames(index: PlaceIndex, name: string, unfinished: boolean): Nearest {
  return remembered(nearest, index, `${unfinished ? '>' : '='}${name}`, () => {
    const whole = placesMisspelt(index, name, 'whole').slice(0, MOST_HITS);
    if (whole.length > 0 || !unfinished || name.length < LONG_BEGINNING) return { hits: whole, extent: 'whole' };
    return { hits: placesMisspelt(index, name, 'beginning').slice(0, MOST_HITS), extent: 'beginning' };
  });
}

function closest(hits: readonly PlaceHit[]): readonly PlaceHit[] {
  const best = hits[0]?.score ?? 0;
  return hits.filter((hit) => hit.score >= best);
}

function spanOf(
  start: number,
  length: number,
  score: number,
  hits: readonly PlaceHit[],
  exact: boolean,
): Span<PlaceReading> {
  const value = { places: hits.map((hit) => hit.place), streets: [], postcode: '', exact };
  return { start, end: start + length, score, value, exact };
}

/** "08393 Schönberg", "Schönberg 08393": a postcode chooses between places of a name and never overrules it. */
function withPostcodes(tokens: readonly Token[], spans: readonly Span<PlaceReading>[]): Span<PlaceReading>[] {
  const codes = spans.filter((span) => span.value.postcode.length === 5);
  const names = spans.filter((span) => span.value.postcode === '');
  return codes.flatMap((code) =>
    names.flatMap((name) => {
      const [first, second] = code.start < name.start ? [code, name] : [name, code];
      if (first.end !== second.start || !SEPARATOR.test(tokens[second.start]?.gap ?? '')) return [];
      const agreeing = name.value.places.filter((place) => place.postcode === code.value.postcode);
      const value = { ...name.value, places: agreeing.length > 0 ? agreeing : name.value.places };
      return [
        { start: first.start, end: second.end, score: first.score + second.score + TOGETHER, value, exact: true },
      ];
    }),
  );
}

function streetSpans(tokens: readonly Token[], vocabulary: Vocabulary): Span<PlaceReading>[] {
  const spans: Span<PlaceReading>[] = [];
  for (let start = 0; start < tokens.length; start++) {
    for (let end = start + 1; end <= Math.min(tokens.length, start + 4); end++) {
      const run = tokens.slice(start, end);
      if (run.some((token, i) => token.number !== null || (i > 0 && !/^[\s.-]*$/.test(token.gap)))) break;
      const streets = streetsCalled(
        vocabulary.streets,
        run.map((token) => token.word),
      );
      if (streets.length === 0) continue;
      const number = houseNumberEnd(tokens, end);
      const score = WORD * (end - start) + TOGETHER * (end - start - 1);
      const value = { places: [], streets, postcode: '', exact: true };
      spans.push({ start, end: number, score: score + (number > end ? HOUSE_NUMBER : 0), value, exact: true });
    }
  }
  return spans;
}

/** Behind "5" or "5a"; the same place when there is no house number. */
function houseNumberEnd(tokens: readonly Token[], at: number): number {
  const token = tokens[at];
  if (!isNumber(token) || token.raw.length > 3 || !/^\.?\s+$/.test(token.gap) || /^[.:]/.test(token.after)) return at;
  const letter = tokens[at + 1];
  const isUnit = means(letter, 'hour', 'persons', 'times');
  if (isUnit) return at;
  return letter !== undefined && letter.gap === '' && letter.raw.length === 1 ? at + 2 : at + 1;
}

/** A place with a street beside it: "Glauchau, Hauptstraße 5". Where the street is known, it is what is meant. */
function addresses(
  tokens: readonly Token[],
  places: readonly Span<PlaceReading>[],
  streets: readonly Span<PlaceReading>[],
): Span<PlaceReading>[] {
  const unknown = unknownStreets(tokens);
  return places.flatMap((place) =>
    [...streets, ...unknown].flatMap((street) => {
      const [first, second] = place.start < street.start ? [place, street] : [street, place];
      const between = tokens.slice(first.end, second.start);
      const isAdjacent = between.length === 0 || (between.length === 1 && PREPOSITIONS.has(between[0]?.word ?? ''));
      if (second.start < first.end || !isAdjacent || !SEPARATOR.test(tokens[second.start]?.gap ?? '')) return [];
      const there = streetsIn(street.value.streets, place.value.places);
      const value = there.length > 0 ? { ...place.value, places: [], streets: there, postcode: '' } : place.value;
      return [
        { start: first.start, end: second.end, score: place.score + street.score + TOGETHER, value, exact: true },
      ];
    }),
  );
}

function streetsIn(streets: readonly Street[], places: readonly Place[]): Street[] {
  if (streets.length === 0) return [];
  const names = new Set(places.map((place) => foldName(place.name)));
  const towns = new Set(places.map((place) => `${place.postcode} ${foldName(place.name)}`));
  const there = streets.filter((street) => names.has(street.localityKey));
  return there.length > 0 ? there : streets.filter((street) => towns.has(`${street.postcode} ${street.cityKey}`));
}

/** A street that no venue stands in says nothing more than its place. */
function unknownStreets(tokens: readonly Token[]): Span<PlaceReading>[] {
  const spans: Span<PlaceReading>[] = [];
  for (const [start, token] of tokens.entries()) {
    const isStreet =
      /.(strasse|str|weg|gasse|platz|ring|allee|hof|markt)$/.test(token.word) || /^(strasse|str)$/.test(token.word);
    const end = houseNumberEnd(tokens, start + 1);
    if (!isStreet || (end === start + 1 && !/(strasse|str)$/.test(token.word))) continue;
    const value = { places: [], streets: [], postcode: '', exact: true };
    const score = WORD / 2 + (end > start + 1 ? HOUSE_NUMBER : 0);
    spans.push({ start, end, score, value, exact: true });
  }
  return spans;
}

function withPreposition(tokens: readonly Token[], span: Span<PlaceReading>): Span<PlaceReading>[] {
  const before = tokens[span.start - 1];
  const isNext = before !== undefined && PREPOSITIONS.has(before.word) && /^\s+$/.test(tokens[span.start]?.gap ?? '');
  return isNext ? [{ ...span, start: span.start - 1, score: span.score + LITTLE + 0.1 }] : [];
}
