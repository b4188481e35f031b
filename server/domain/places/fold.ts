/** The form in which names are compared, and the steps to it. */

export const STATE_WORDS: ReadonlyMap<string, string> = new Map([
  ['sa', 'sachsen'],
  ['sachs', 'sachsen'],
  ['thur', 'thuringen'],
]);

/**
 * Brings a name into the form in which names are compared: lower case, ASCII letters and digits, words separated by
 * one space, "ä", "ae" and "a" alike, "ß" as "ss", "St." as "sankt", "b." as "bei". Folding twice changes nothing.
 */
export function foldName(text: string): string {
  return expandAbbreviations(foldLetters(text));
}

/** "ue" stands for "ü" only where German allows it: not in "Aue", "Neuen" or "Quelle". */
export function foldLetters(text: string): string {
  return plainLetters(text).replace(/([ao]|(?<![aeouq])u)e+/g, '$1');
}

/** Small ASCII letters and digits, words separated by one space; every "e" that was typed is kept. */
export function plainLetters(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/ß/g, 'ss')
    .replace(/æ/g, 'a')
    .replace(/[œø]/g, 'o')
    .replace(/ł/g, 'l')
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}

/** Writes out what stands between or before other words; alone, "St" or "B" is the beginning of a name. */
export function expandAbbreviations(folded: string): string {
  const words = folded.split(' ');
  const last = words.length - 1;
  return words
    .map((word, i) => {
      if (i < last && (word === 'st' || word === 'skt')) return 'sankt';
      if (i > 0 && i < last && word === 'b') return 'bei';
      return i > 0 ? (STATE_WORDS.get(word) ?? word) : word;
    })
    .join(' ');
}

export function compact(folded: string): string {
  return folded.replaceAll(' ', '');
}

export function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
