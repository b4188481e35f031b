import { wordsOf } from './words.ts';

/** A house number as it was typed. */
export interface TypedNumber {
  /** "10", "10 e", "1–4" */
  text: string;
  /** Without letters. */
  base: number;
}

export interface AddressQuery {
  /** In the order typed, without house number and words that say nothing. */
  words: readonly string[];
  /** What may be a house number, or a number in a name ("Straße des 17. Juni"). */
  numbers: readonly TypedNumber[];
}

/** What is longer is not read. */
const LONGEST = 120;
const MOST_WORDS = 10;

const SAY_NOTHING = new Set([
  'nr',
  'hausnr',
  'hausnummer',
  'no',
  'ot',
  'ortsteil',
  'bei',
  'in',
  'plz',
  'deutschland',
  'germany',
]);

const NUMBER =
  /(?<![\p{L}\d])(\d{1,4})(?:\s?([a-zA-Z])(?![\p{L}\d]))?(?:\s?[-–—/]\s?(\d{1,4})(?:\s?([a-zA-Z])(?![\p{L}\d]))?)?(?![\p{L}\d])/gu;

/** Reads an address as it was typed, in whatever order. Never throws. */
export function parseAddress(typed: string): AddressQuery {
  // "Poststr12": letters and a number that were typed as one.
  const text = typed
    .normalize('NFC')
    .slice(0, LONGEST)
    .replace(/(\p{L}{3})(?=\d)/gu, '$1 ');
  const numbers: TypedNumber[] = [];
  const rest = text.replace(NUMBER, (_, base: string, letter?: string, to?: string, last?: string) => {
    const first = letter === undefined ? base : `${base} ${letter.toLowerCase()}`;
    const second = to === undefined ? '' : `–${last === undefined ? to : `${to} ${last.toLowerCase()}`}`;
    numbers.push({ text: first + second, base: Number(base) });
    return ' ';
  });
  const words = wordsOf(rest).filter((word) => !SAY_NOTHING.has(word));
  return { words: words.slice(0, MOST_WORDS), numbers: numbers.slice(0, 3) };
}

/** The same number however it is written: "10E" and "10 e". */
export function numberKey(number: string): string {
  return number.toLowerCase().replace(/\s/g, '').replace(/[-—/]/g, '–');
}

/** "1–5" holds 3 and, as streets have sides, not 4; "10 a–c" holds what begins with 10. */
export function holdsNumber(range: string, base: number): boolean {
  const [, from = '', to = ''] = /^(\d+)[^–]*–(\d+)/.exec(numberKey(range)) ?? [];
  if (from === '') return false;
  const isOneSided = (Number(from) - Number(to)) % 2 === 0;
  return base >= Number(from) && base <= Number(to) && (!isOneSided || (base - Number(from)) % 2 === 0);
}
