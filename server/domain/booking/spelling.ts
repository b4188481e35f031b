import type { Locale } from './office.ts';
import { spellReference } from './reference.ts';

/**
 * Words that tell letters and digits apart on the telephone.
 *
 * German: the board of town names of DIN 5009:2022-06, Anhang B; "zwo" because "zwei" is taken for "drei". English: the
 * ICAO alphabet (Annex 10, volume II, 5.2.1.3) in its own spelling (Alfa, Juliett); digits as people say them.
 */
const WORDS: Readonly<Record<Locale, Readonly<Record<string, string>>>> = {
  de: {
    ...byInitial(
      'Aachen Berlin Chemnitz Düsseldorf Essen Frankfurt Goslar Hamburg Ingelheim Jena Köln Leipzig München Nürnberg',
      'Offenbach Potsdam Quickborn Rostock Salzwedel Tübingen Unna Völklingen Wuppertal Xanten Ypsilon Zwickau',
    ),
    ...byDigit('null eins zwo drei vier fünf sechs sieben acht neun'),
  },
  en: {
    ...byInitial(
      'Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike November',
      'Oscar Papa Quebec Romeo Sierra Tango Uniform Victor Whiskey X-ray Yankee Zulu',
    ),
    ...byDigit('zero one two three four five six seven eight nine'),
  },
};

export interface SpelledSymbol {
  /** As it is written: 'K', '7'. */
  symbol: string;
  /** A word that begins with the letter, or the digit in words: 'Köln', 'sieben'. */
  word: string;
}

/**
 * A reference for spelling aloud, in the groups it is written in: 'K7M…' → [[K Köln, 7 sieben, M München], …].
 * @param reference nine symbols without separators, as stored; a symbol without a word stands for itself
 */
export function spell(reference: string, locale: Locale): SpelledSymbol[][] {
  return spellReference(reference).map((group) =>
    group.map((symbol) => ({ symbol, word: WORDS[locale][symbol] ?? symbol })),
  );
}

function byInitial(...lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(lines.flatMap((line) => line.split(' ')).map((word) => [word.charAt(0), word]));
}

/** From 0 on. */
function byDigit(words: string): Record<string, string> {
  return Object.fromEntries(words.split(' ').map((word, digit) => [String(digit), word]));
}
