import type { QueryReference } from '../query.ts';
import { dateSpans, type Days } from './dates.ts';
import { placeSpans, type PlaceReading } from './placeReading.ts';
import { isServiceWord, namesService, serviceSpans } from './serviceReading.ts';
import { nameSpans, personSpans, referenceSpans, stepFreeSpans, type Persons } from './smaller.ts';
import type { Span } from './span.ts';
import { timeSpans, type Window } from './times.ts';
import type { Vocabulary } from './vocabulary.ts';
import { isFiller, isSoonest, type Token } from './words.ts';

/*
 * Every part of a text is read in every way it can be; of all ways to cut the text into readings that do not overlap,
 * the one with the highest sum is taken. So "morgen früh" is not a wrong day, and "Ende November" no half of it, without
 * a rule for each pair. This is how address parsers and Duckling decide, with fixed worths instead of learnt ones. There
 * is one place, one span of days, one time and one reference in a text.
 */

interface Readings {
  place: PlaceReading;
  date: Days;
  time: Window;
  reference: QueryReference;
  service: null;
  persons: Persons;
  stepFree: true;
  /** Somebody's name, announced by "Frau" or "Herr". */
  name: string;
  /** A word without meaning here, such as "bitte". */
  filler: null;
  /** A day that does not exist. */
  nonsense: null;
}

/** A reading that was chosen. */
export type Segment = {
  [Kind in keyof Readings]: { kind: Kind } & Span<Readings[Kind]>;
}[keyof Readings];

const ONCE: Partial<Record<Segment['kind'], number>> = { place: 1, date: 2, time: 4, reference: 8 };
const MASKS = 16;
const FILLER = 0.5;
/** Of equal readings the first in the text is taken. */
const EARLIER = 0.0001;

/** Cuts a text into the readings that fit best together, in the order of the text. What is missing means nothing. */
export function segment(tokens: readonly Token[], vocabulary: Vocabulary, today: string): Segment[] {
  const byStart = candidates(tokens, vocabulary, today);
  const best: Float64Array[] = Array.from({ length: tokens.length + 1 }, () => new Float64Array(MASKS).fill(-Infinity));
  const steps: (Step | undefined)[][] = Array.from({ length: tokens.length + 1 }, () => []);
  const at = (position: number, mask: number): number => best[position]?.[mask] ?? -Infinity;
  const reach = (position: number, mask: number, score: number, step: Step): void => {
    if (score <= at(position, mask)) return;
    (best[position] as Float64Array)[mask] = score;
    (steps[position] as Step[])[mask] = step;
  };
  (best[0] as Float64Array)[0] = 0;
  for (let position = 0; position < tokens.length; position++) {
    for (let mask = 0; mask < MASKS; mask++) {
      const score = at(position, mask);
      if (score === -Infinity) continue;
      reach(position + 1, mask, score, { from: position, mask });
      for (const found of byStart[position] ?? []) {
        const bit = ONCE[found.kind] ?? 0;
        if ((mask & bit) !== 0) continue;
        reach(found.end, mask | bit, score + found.score - EARLIER * position, { from: position, mask, found });
      }
    }
  }
  let mask = 0;
  for (let other = 1; other < MASKS; other++) if (at(tokens.length, other) > at(tokens.length, mask)) mask = other;
  const chosen: Segment[] = [];
  for (let position = tokens.length; position > 0;) {
    const step = steps[position]?.[mask];
    if (step === undefined) break;
    if (step.found !== undefined) chosen.unshift(step.found);
    position = step.from;
    mask = step.mask;
  }
  return chosen;
}

interface Step {
  readonly from: number;
  readonly mask: number;
  readonly found?: Segment;
}

function candidates(tokens: readonly Token[], vocabulary: Vocabulary, today: string): Segment[][] {
  const byStart: Segment[][] = tokens.map(() => []);
  const add = (one: Segment): void => {
    byStart[one.start]?.push(one);
  };
  const isService = (at: number): boolean => namesService(tokens[at], vocabulary.services);
  const isServiceExactly = (at: number): boolean => {
    const token = tokens[at];
    return token !== undefined && isServiceWord(token, vocabulary.services);
  };
  tokens.forEach((token, start) => {
    if (isFiller(token) || isSoonest(tokens, start))
      add({ kind: 'filler', start, end: start + 1, score: FILLER, value: null, exact: true });
  });
  for (const span of dateSpans(tokens, today)) {
    if (span.value === null) add({ ...span, kind: 'nonsense', value: null });
    else add({ ...span, kind: 'date', value: span.value });
  }
  for (const span of timeSpans(tokens)) add({ ...span, kind: 'time' });
  for (const span of referenceSpans(tokens)) add({ ...span, kind: 'reference' });
  for (const span of stepFreeSpans(tokens)) add({ ...span, kind: 'stepFree' });
  for (const span of personSpans(tokens, isService)) add({ ...span, kind: 'persons' });
  for (const span of serviceSpans(tokens, vocabulary.services)) add({ ...span, kind: 'service' });
  for (const span of nameSpans(tokens, isServiceExactly)) add({ ...span, kind: 'name' });
  for (const span of placeSpans(tokens, vocabulary, isServiceExactly)) add({ ...span, kind: 'place' });
  return byStart;
}
