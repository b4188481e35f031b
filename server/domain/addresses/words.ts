import { foldLetters } from '../places/fold.ts';

/** The words by which places and streets are found, and how a query is cut into the same ones. */

/** What streets are called besides their name; said alone it tells nothing. */
const SUFFIXES = [
  'strasse',
  'gasse',
  'gasschen',
  'gasslein',
  'gassle',
  'weg',
  'platz',
  'allee',
  'ring',
  'ufer',
  'steig',
  'damm',
];

const ABBREVIATIONS: ReadonlyMap<string, string> = new Map([
  ['str', 'strasse'],
  ['strase', 'strasse'],
  ['pl', 'platz'],
  ['g', 'gasse'],
  ['st', 'sankt'],
  ['skt', 'sankt'],
  ['dr', 'doktor'],
  ['prof', 'professor'],
]);

/** Longer words are no words. */
const LONGEST_WORD = 40;

/** "Karl-Marx-Str." → karl, marx, strasse; "Hauptstr" → hauptstrasse. ASCII letters and digits, as written otherwise. */
export function wordsOf(text: string): string[] {
  return foldLetters(text)
    .split(' ')
    .filter((word) => word !== '' && word.length <= LONGEST_WORD)
    .map(
      (word) =>
        ABBREVIATIONS.get(word) ??
        word.replace(/^(.{3,}?)(?:str|strase)$/, '$1strasse').replace(/^(.{4,})pl$/, '$1platz'),
    );
}

/** A word without what streets are called: "hauptstrasse" → "haupt"; null: it is nothing else, or has none. */
export function stemOf(word: string): string | null {
  const suffix = SUFFIXES.find((one) => word.endsWith(one));
  if (suffix === undefined) return null;
  const stem = word.slice(0, -suffix.length).replace(/s$/, '');
  return stem.length >= 2 ? stem : null;
}

export function isSuffix(word: string): boolean {
  return SUFFIXES.includes(word);
}

/** Everything by which a name is found: its words, the parts of those, and all of it as one word. */
export function searchWords(name: string): string[] {
  const words = wordsOf(name);
  const parts = words.flatMap((word) => {
    const stem = stemOf(word);
    return stem === null ? [] : [word.slice(0, stem.length), stem, ...SUFFIXES.filter((one) => word.endsWith(one))];
  });
  const whole = words.length > 1 ? [words.join('').slice(0, LONGEST_WORD)] : [];
  return [...new Set([...words, ...parts, ...whole])];
}

/** The word that marks the rows of an import. */
export function importWord(importId: number): string {
  return `x${importId}x`;
}

/** Forms of a word that lack one letter; two words of which one typing error makes one another share a form or are one. */
export function formsOf(word: string): string[] {
  const forms = new Set([word]);
  if (word.length >= SHORTEST_FORGIVEN) {
    for (let i = 0; i < word.length; i++) forms.add(word.slice(0, i) + word.slice(i + 1));
  }
  return [...forms];
}

/** In shorter words no typing error is forgiven: too many others are as near. */
export const SHORTEST_FORGIVEN = 4;
