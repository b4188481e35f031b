import { addDays, isLocalDate, weekdayOf, type LocalDate } from '../../time.ts';

/** Days of months and weeks without knowing how they are written. */

/** The day of these numbers; null when it does not exist. */
export function dateOf(year: number, month: number, day: number): LocalDate | null {
  const pad = (value: number, width: number): string => String(value).padStart(width, '0');
  const date = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
  return isLocalDate(date) ? date : null;
}

/** The next such day from `from` on, inclusive: 29 February may be some years away. Null when no year has it. */
export function nextDate(from: LocalDate, month: number, day: number): LocalDate | null {
  const year = Number(from.slice(0, 4));
  for (let ahead = 0; ahead <= 8; ahead++) {
    const date = dateOf(year + ahead, month, day);
    if (date !== null && date >= from) return date;
  }
  return null;
}

/** The next such weekday (1 = Monday) after `after`, exclusive. */
export function nextWeekday(after: LocalDate, weekday: number): LocalDate {
  return addDays(after, ((weekday - weekdayOf(after) + 6) % 7) + 1);
}

/** The first day of a month. */
export function firstOf(year: number, month: number): LocalDate {
  return dateOf(year, month, 1) ?? '9999-01-01';
}

/** The last day of a month. */
export function lastOf(year: number, month: number): LocalDate {
  return (
    dateOf(year, month, 31) ??
    dateOf(year, month, 30) ??
    dateOf(year, month, 29) ??
    dateOf(year, month, 28) ??
    '9999-12-31'
  );
}

/** The year as written: '26' is 2026. */
export function fullYear(written: string): number {
  return written.length === 2 ? 2000 + Number(written) : Number(written);
}

export function later(a: LocalDate, b: LocalDate): LocalDate {
  return a > b ? a : b;
}

export function earlier(a: LocalDate, b: LocalDate): LocalDate {
  return a < b ? a : b;
}

/** The month so many months after that of a day. */
export function monthFromNow(today: LocalDate, ahead: number): { year: number; month: number } {
  const months = Number(today.slice(0, 4)) * 12 + Number(today.slice(5, 7)) - 1 + ahead;
  return { year: Math.floor(months / 12), month: (months % 12) + 1 };
}
