/**
 * The reference of an appointment (Vorgangsnummer): eight random symbols and a check symbol, shown as 'K7M 4QX 2FA'.
 *
 * The check is a weighted sum modulo a prime, as in ISBN-10 (ISO 2108) and the pure systems of ISO/IEC 7064: the
 * symbols' values times the weights 9, 8, … 1 must add up to a multiple of 29. Because 29 is prime and the weights are
 * different and not 0 modulo 29,
 * - one wrong symbol changes the sum by weight · difference, which is no multiple of 29: always detected;
 * - swapping two different symbols changes it by (difference of weights) · (difference of values): always detected,
 *   neighbours or not.
 * Any other mistake slips through once in 29 times. 29^8 ≈ 5.0 · 10^11 references: not to be guessed.
 */

/** 29 symbols without those that are mistaken for each other: 0 O, 1 I, 8 B, 2 Z. */
export const REFERENCE_ALPHABET = 'ACDEFGHJKLMNPQRSTUVWXY2345679';

/** Number of symbols including the check symbol, without separators. */
export const REFERENCE_LENGTH = 9;

const GROUP_LENGTH = 3;

/** What somebody meant by what they typed. */
export type ParsedReference =
  /** `reference`: nine symbols without separators, as stored. */
  | { kind: 'ok'; reference: string }
  | { kind: 'empty' }
  /** `symbol`: the first one that no reference contains, in capitals, for the message. */
  | { kind: 'wrongSymbol'; symbol: string }
  | { kind: 'wrongLength' }
  /** All symbols are possible, but at least one is wrong or two are swapped. */
  | { kind: 'wrongCheck' };

/**
 * A new reference of nine symbols without separators.
 * @param randomInt gives a uniformly random integer from 0 inclusive to `max` exclusive; for real references it must
 *   be cryptographically secure, because who knows the reference and the name can cancel the appointment.
 */
export function createReference(randomInt: (max: number) => number): string {
  let symbols = '';
  for (let i = 1; i < REFERENCE_LENGTH; i++) symbols += REFERENCE_ALPHABET.charAt(randomInt(REFERENCE_ALPHABET.length));

  // The check symbol has the weight 1, so it is what is missing to the next multiple of 29.
  const rest = weightedSum(symbols) % REFERENCE_ALPHABET.length;
  return symbols + REFERENCE_ALPHABET.charAt((REFERENCE_ALPHABET.length - rest) % REFERENCE_ALPHABET.length);
}

/** In groups of three for reading: 'K7M4QX2FA' → 'K7M 4QX 2FA'. */
export function formatReference(reference: string): string {
  return spellReference(reference)
    .map((group) => group.join(''))
    .join(' ');
}

/** The symbols in groups for spelling on the phone: 'K7M4QX2FA' → [['K','7','M'], ['4','Q','X'], ['2','F','A']]. */
export function spellReference(reference: string): string[][] {
  const groups: string[][] = [];
  for (let i = 0; i < reference.length; i += GROUP_LENGTH) groups.push([...reference.slice(i, i + GROUP_LENGTH)]);
  return groups;
}

/**
 * Reads a reference as people type, paste or dictate it: small letters, spaces, dots, slashes and dashes of all kinds,
 * full-width forms and invisible characters do no harm, and Z counts as 2. The other look-alikes (0 O 1 I B 8) are
 * not guessed at, because each could stand for several symbols.
 */
export function parseReference(input: string): ParsedReference {
  const symbols = Array.from(input.normalize('NFKC').replace(SEPARATORS, ''), canonicalSymbol);
  if (symbols.length === 0) return { kind: 'empty' };

  const wrong = symbols.find((symbol) => !REFERENCE_ALPHABET.includes(symbol));
  if (wrong !== undefined) return { kind: 'wrongSymbol', symbol: wrong };
  if (symbols.length !== REFERENCE_LENGTH) return { kind: 'wrongLength' };

  const reference = symbols.join('');
  return weightedSum(reference) % REFERENCE_ALPHABET.length === 0 ? { kind: 'ok', reference } : { kind: 'wrongCheck' };
}

/** White space, dashes (Pd, minus), invisible format characters (Cf: soft hyphen, zero width), dots and slashes. */
const SEPARATORS = /[\s\p{Pd}\p{Cf}\u2212.·•_/\\\u2044\u2215]/gu;

function canonicalSymbol(symbol: string): string {
  const upper = symbol.toUpperCase();
  if (upper === 'Z') return '2';
  // 'ß' would become two symbols.
  return upper.length === symbol.length ? upper : symbol;
}

/** Weights 9, 8, … from the left; the ninth symbol has the weight 1. */
function weightedSum(symbols: string): number {
  let sum = 0;
  for (let i = 0; i < symbols.length; i++) {
    sum += (REFERENCE_LENGTH - i) * REFERENCE_ALPHABET.indexOf(symbols.charAt(i));
  }
  return sum;
}
