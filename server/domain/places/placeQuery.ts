import { STATE_WORDS, foldLetters, plainLetters, expandAbbreviations, compact, unique } from './fold.ts';
import { STATION_WORDS } from './placeIndex.ts';

export interface Query {
  /** Folded texts that mean the name, the most faithful first; none if only a postcode was entered. */
  readonly names: readonly string[];
  /** The letters as typed, without spaces and umlaut folding; for typing errors only. */
  readonly literal: string;
  /** The same after leaving something out ("in Schönberg", "Schönberg (Sachsen)"); asked if `names` find nothing exact. */
  readonly reduced: readonly string[];
  /** Folded pieces between commas, brackets and around the postcode. */
  readonly pieces: readonly string[];
  /** One to five digits, or empty. */
  readonly postcode: string;
  readonly wantsStation: boolean;
}

const MAX_QUERY_LENGTH = 80;

const OWNER_WORDS = new Set(['ot', 'ortsteil']);

const LEADING_WORDS = new Set(['in', 'nach', 'aus', 'bei', 'ort', 'gemeinde', 'stadt', 'plz']);

const STATES = new Set(['sachsen', 'thuringen']);

export function parseQuery(query: string): Query {
  const text = query.slice(0, MAX_QUERY_LENGTH);
  const { words, postcode, wantsStation } = readWords(text);
  const withoutBrackets = readWords(text.replace(/\([^)]*\)?/g, ' ')).words;

  const names = foldedVariants(words);
  const withoutRepetition = words.filter((word, i) => word !== words[i - 1]);
  const reductions = [withoutLeadingWords(words), withoutStateWords(words), beforeBei(words)];
  const reduced = [...reductions, withoutBrackets, withoutRepetition].flatMap(foldedVariants);
  return {
    names,
    literal: compact(plainLetters(text.replace(/\d+/g, ' '))),
    reduced: unique(reduced).filter((name) => !names.includes(name)),
    pieces: unique(
      text
        .replace(/\d{5}/g, ',')
        .split(/[,;/()|\n]+/)
        .flatMap((piece) => foldedVariants(withoutLeadingWords(readWords(piece).words))),
    ),
    postcode,
    wantsStation,
  };
}

/** Separates the digits of a postcode and words such as "Bahnhof" or "Ortsteil" from the words of the name. */
function readWords(text: string): { words: string[]; postcode: string; wantsStation: boolean } {
  const tokens = joinDigits(
    foldLetters(text)
      .replace(/(\d)(?=[a-z])|([a-z])(?=\d)/g, '$1$2 ')
      .split(' ')
      .filter((token) => token !== ''),
  );
  const postcodes = tokens.filter((token) => /^\d{1,5}$/.test(token));
  const postcode = postcodes.find((token) => token.length === 5) ?? postcodes[0] ?? '';
  const words = tokens.filter((token, i) => {
    const isCountry = (token === 'd' || token === 'de') && /^\d/.test(tokens[i + 1] ?? '');
    return !isCountry && !/^\d{1,5}$/.test(token) && !OWNER_WORDS.has(token);
  });
  const names = words.filter((word) => !STATION_WORDS.has(word));
  return { words: names, postcode, wantsStation: names.length < words.length };
}

/** "08 393" is a postcode too. */
function joinDigits(tokens: readonly string[]): string[] {
  const joined: string[] = [];
  for (const token of tokens) {
    const both = (joined.at(-1) ?? '') + token;
    if (/^\d{5}$/.test(both) && token.length < 5) joined.splice(-1, 1, both);
    else joined.push(token);
  }
  return joined;
}

export function withoutLeadingWords(words: readonly string[]): readonly string[] {
  const first = words.findIndex((word) => !LEADING_WORDS.has(word));
  return first === -1 ? [] : words.slice(first);
}

function withoutStateWords(words: readonly string[]): readonly string[] {
  const last = words.findLastIndex((word) => !STATES.has(STATE_WORDS.get(word) ?? word));
  return words.slice(0, last + 1);
}

function beforeBei(words: readonly string[]): readonly string[] {
  const at = words.findIndex((word) => word === 'bei' || word === 'b');
  return at > 0 && at < words.length - 1 ? words.slice(0, at) : [];
}

/** The words as they are ("Sa" may begin "Saara") and with abbreviations written out ("Lichtenstein Sa." is in Sachsen). */
function foldedVariants(words: readonly string[]): string[] {
  const plain = words.join(' ');
  return unique([expandAbbreviations(plain), plain]).filter((name) => name !== '');
}
