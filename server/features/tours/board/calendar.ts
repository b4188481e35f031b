import { addDays, isLocalDate, isoWeek, weekdayOf, type LocalDate } from '../../../domain/time.ts';

/** Weeks and months as addresses name them: `2026-W50` after ISO 8601, `2026-12`. Years from 2000 to 2099. */

export function mondayOf(date: LocalDate): LocalDate {
  return addDays(date, 1 - weekdayOf(date));
}

/** The week of a day as in an address; the year is the one the week is counted in. */
export function weekName(date: LocalDate): string {
  const { year, week } = isoWeek(date);
  return `${year}-W${String(week).padStart(2, '0')}`;
}

/** Monday of the named week; null for a week that does not exist, such as the 53rd of a year with 52. */
export function parseWeek(text: unknown): LocalDate | null {
  const [, year, week] = (typeof text === 'string' && /^(20\d\d)-W(\d\d)$/.exec(text)) || [];
  if (year === undefined || week === undefined) return null;

  // 4 January is always in week 1.
  const monday = addDays(mondayOf(`${year}-01-04`), (Number(week) - 1) * 7);
  return weekName(monday) === text ? monday : null;
}

/** First day of the month `2026-12`, or null. */
export function parseMonth(text: unknown): LocalDate | null {
  const first = typeof text === 'string' && /^20\d\d-\d\d$/.test(text) ? `${text}-01` : null;
  return isLocalDate(first) ? first : null;
}

export function firstOfMonth(date: LocalDate): LocalDate {
  return `${date.slice(0, 8)}01`;
}

/** The month of a day as in an address. */
export function monthName(date: LocalDate): string {
  return date.slice(0, 7);
}

/** First day of the next month. @param first first day of a month */
export function nextMonth(first: LocalDate): LocalDate {
  return firstOfMonth(addDays(first, 31));
}

/** First day of the month before. @param first first day of a month */
export function previousMonth(first: LocalDate): LocalDate {
  return firstOfMonth(addDays(first, -1));
}

/** Every day from `from` to `to`, both inclusive. */
export function daysFrom(from: LocalDate, to: LocalDate): LocalDate[] {
  const days: LocalDate[] = [];
  for (let day = from; day <= to; day = addDays(day, 1)) days.push(day);
  return days;
}
