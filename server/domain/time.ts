/**
 * Local dates, minutes of the day and the five-minute grid, without a time zone.
 *
 * The conversion between wall-clock time and instants happens at the edge of the program; nothing in this file knows
 * of summer time. Civil-date arithmetic after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms",
 * https://howardhinnant.github.io/date_algorithms.html (days_from_civil, civil_from_days, weekday_from_days).
 */

/** A calendar day 'YYYY-MM-DD' in the proleptic Gregorian calendar, years 0001 to 9999. Sorts as a string. */
export type LocalDate = string;

/** Whole minutes since local midnight on the clock on the wall, 0 to 1440 inclusive (1440 = '24:00', an end only). */
export type MinuteOfDay = number;

/** Whole milliseconds since 1970-01-01T00:00Z. */
export type Instant = number;

/** Width of one row of the booking grid in minutes. */
export const TICK_MINUTES = 5;

export const MINUTES_PER_DAY = 1440;

/** Number of ticks of a day: ticks run from 0 to 287 inclusive. */
export const TICKS_PER_DAY = MINUTES_PER_DAY / TICK_MINUTES;

export const MILLISECONDS_PER_MINUTE = 60_000;

/**
 * True when the text is a day that exists: '2026-02-28' is one, '2026-02-29', '2026-2-8' and '0000-01-01' are not.
 */
export function isLocalDate(text: unknown): text is LocalDate {
  if (typeof text !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;

  const year = Number(text.slice(0, 4));
  const month = Number(text.slice(5, 7));
  const day = Number(text.slice(8, 10));
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

/**
 * The day n days later (n < 0: earlier).
 * @throws RangeError for a date that does not exist, a fraction of days, or a result outside the years 0001 to 9999.
 */
export function addDays(date: LocalDate, n: number): LocalDate {
  if (!Number.isInteger(n)) throw new RangeError(`not a whole number of days: ${n}`);

  return dateOfDayNumber(dayNumber(date) + n);
}

/**
 * Days from a to b: 0 for the same day, 1 when b is the day after a, negative when b is earlier.
 * @throws RangeError for a date that does not exist.
 */
export function daysBetween(a: LocalDate, b: LocalDate): number {
  return dayNumber(b) - dayNumber(a);
}

/** Order for sorting: negative when a is before b, 0 for the same day, positive when a is after b. */
export function compareDates(a: LocalDate, b: LocalDate): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/**
 * Day of the week after ISO 8601: 1 = Monday to 7 = Sunday.
 * @throws RangeError for a date that does not exist.
 */
export function weekdayOf(date: LocalDate): number {
  return weekdayOfDayNumber(dayNumber(date));
}

/** A week after ISO 8601; `year` is the year the week is counted in, not always that of the date. */
export interface IsoWeek {
  year: number;
  /** 1 to 53 inclusive. */
  week: number;
}

/**
 * The ISO 8601 week of a day: weeks begin on Monday, week 1 is the one with the year's first Thursday.
 * @throws RangeError for a date that does not exist.
 */
export function isoWeek(date: LocalDate): IsoWeek {
  const day = dayNumber(date);
  const thursday = day - weekdayOfDayNumber(day) + 4;
  const year = civilFromDays(thursday).year;
  return { year, week: Math.floor((thursday - daysFromCivil(year, 1, 1)) / 7) + 1 };
}

/** The tick that covers this minute: minutes 540 to 544 lie in tick 108. */
export function minuteToTick(minute: MinuteOfDay): number {
  return Math.floor(minute / TICK_MINUTES);
}

/** The minute at which the tick begins; for an exclusive end tick the minute at which the time ends. */
export function tickToMinute(tick: number): MinuteOfDay {
  return tick * TICK_MINUTES;
}

/** How many ticks a duration in minutes occupies, rounded up: 20 → 4, 21 → 5, 0 → 0. */
export function minutesToTicks(minutes: number): number {
  return Math.ceil(minutes / TICK_MINUTES);
}

/**
 * The clock time in two digits each: 545 → '09:05', 1440 → '24:00'.
 * @throws RangeError outside 0 to 1440 or for fractions.
 */
export function formatMinute(minute: MinuteOfDay): string {
  if (!Number.isInteger(minute) || minute < 0 || minute > MINUTES_PER_DAY) {
    throw new RangeError(`not a minute of the day: ${minute}`);
  }

  return `${pad(Math.floor(minute / 60), 2)}:${pad(minute % 60, 2)}`;
}

/** The minute of '09:05' or '9:05', spaces around it allowed; '24:00' is 1440. Null when it is no time of day. */
export function parseMinute(text: string): MinuteOfDay | null {
  const match = /^(\d{1,2}):(\d{2})$/.exec(text.trim());
  if (!match) return null;

  const minutes = Number(match[2]);
  const minute = Number(match[1]) * 60 + minutes;
  return minutes <= 59 && minute <= MINUTES_PER_DAY ? minute : null;
}

/** Days since 1970-01-01. */
function dayNumber(date: LocalDate): number {
  if (!isLocalDate(date)) throw new RangeError(`not a date: ${String(date)}`);

  return daysFromCivil(Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8, 10)));
}

function dateOfDayNumber(days: number): LocalDate {
  const { year, month, day } = civilFromDays(days);
  if (year < 1 || year > 9999) throw new RangeError(`year outside 0001 to 9999: ${year}`);

  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

/** 1970-01-01 was a Thursday. */
function weekdayOfDayNumber(days: number): number {
  return modulo(days + 3, 7) + 1;
}

// In both algorithms the year begins on 1 March, so that the leap day is its last; an era has 400 years = 146097 days,
// and 719468 days lie between 0000-03-01 and 1970-01-01.

function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146097 + dayOfEra - 719468;
}

function civilFromDays(days: number): { year: number; month: number; day: number } {
  const z = days + 719468;
  const era = Math.floor(z / 146097);
  const dayOfEra = z - era * 146097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function modulo(n: number, divisor: number): number {
  return ((n % divisor) + divisor) % divisor;
}

function pad(n: number, width: number): string {
  return String(n).padStart(width, '0');
}
