import type { LocalDate } from '../../time.ts';
import { dateOf, firstOf, fullYear, lastOf, later, monthFromNow, nextDate } from './calendar.ts';
import { isBare } from './span.ts';
import { isNumber, means, valueOf, type Token } from './words.ts';

/** Days that are written with numbers and names of months. */

export interface Days {
  /** Both inclusive. */
  readonly from: LocalDate;
  readonly to: LocalDate;
}

/** Days that were read. */
export interface Reading extends Days {
  /** The token behind the last one that was read. */
  readonly end: number;
  /** Tokens among them that only belong to others. */
  readonly little: number;
}

/** Years outside are typing errors; both inclusive. */
const FIRST_YEAR = 1900;
const LAST_YEAR = 2199;

/** 8.12., 8.12.26, 8. Dezember 2026, December 8th, 2026-12-08, Dezember. */
export function numericDays(tokens: readonly Token[], start: number, from: LocalDate, today: LocalDate): Reading[] {
  const [a, b, c] = [tokens[start], tokens[start + 1], tokens[start + 2]];
  const readings: Reading[] = [];
  const add = (year: number | null, month: number, day: number, end: number): void => {
    const isFar = year !== null && (year < FIRST_YEAR || year > LAST_YEAR);
    const date = isFar ? null : year === null ? nextDate(from, month, day) : dateOf(year, month, day);
    if (date !== null) readings.push({ from: date, to: date, end, little: 0 });
  };
  const month = valueOf(a, 'month');
  if (isNumber(a) && isNumber(b) && (b.gap === '.' || b.gap === '. ' || b.gap === '/')) {
    const hasYear = isNumber(c) && c.gap === b.gap.trim() && (c.raw.length === 2 || c.raw.length === 4);
    const hasLateYear = isNumber(c) && /^\.\s+$/.test(c.gap) && c.raw.length === 4 && c.number >= 2000;
    if (hasYear || hasLateYear) add(fullYear(c.raw), b.number, a.number, start + 3);
    else if (b.gap !== '. ' || b.after.startsWith('.')) add(null, b.number, a.number, start + 2);
  }
  if (isNumber(a) && a.raw.length === 4 && b?.gap === '-' && c?.gap === '-' && b.number !== null && c.number !== null) {
    add(a.number, b.number, c.number, start + 3);
  }
  const monthAfter = valueOf(b, 'month');
  if (isNumber(a) && monthAfter !== null && /^\.?\s*-?$/.test(b?.gap ?? '-')) {
    const { year, end, isGiven } = yearOf(tokens[start + 2], start + 2, monthAfter, today);
    add(isGiven ? year : null, monthAfter, a.number, end);
  }
  const suffix = isNumber(a) && /^(st|nd|rd|th|te|ter|ten)$/.test(b?.word ?? '') && b?.gap === '' ? 1 : 0;
  if (suffix === 1) {
    const of = means(tokens[start + 2], 'of') ? 1 : 0;
    const late = valueOf(tokens[start + 2 + of], 'month');
    if (late !== null) add(null, late, a?.number ?? 0, start + 3 + of);
  }
  if (month !== null) {
    if (isNumber(b) && isBare(b.gap) && b.number <= 31 && b.raw.length <= 2) {
      const ordinal = c !== undefined && c.gap === '' && /^(st|nd|rd|th)$/.test(c.word) ? 1 : 0;
      add(null, month, b.number, start + 2 + ordinal);
    }
    const { year, end } = yearOf(tokens[start + 1], start + 1, month, today);
    readings.push(clipped(today, firstOf(year, month), lastOf(year, month), end));
  }
  return readings;
}

/** The year written at a token, else the next one that has days of this month left. */
export function yearOf(
  token: Token | undefined,
  at: number,
  month: number,
  today: LocalDate,
): { year: number; end: number; isGiven: boolean } {
  if (
    isNumber(token) &&
    token.raw.length === 4 &&
    token.number >= FIRST_YEAR &&
    token.number <= LAST_YEAR &&
    isBare(token.gap)
  ) {
    return { year: token.number, end: at + 1, isGiven: true };
  }
  const now = monthFromNow(today, 0);
  return { year: month < now.month ? now.year + 1 : now.year, end: at, isGiven: false };
}

/** Days of which those before today are cut off; what is over altogether stays. */
export function clipped(today: LocalDate, from: LocalDate, to: LocalDate, end: number): Reading {
  return { from: to >= today ? later(from, today) : from, to, end, little: 0 };
}
