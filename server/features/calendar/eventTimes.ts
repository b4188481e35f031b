import { addDays, MINUTES_PER_DAY, type Instant, type LocalDate } from '../../domain/time.ts';
import { shortDate, timeOfDay } from '../../web/format.ts';
import type { Locale } from '../../web/locale.ts';
import type { Zone } from '../../zone.ts';

/** A wall-clock time; minutes before or after the day belong to the day before or after. */
export function wallTime(date: LocalDate, minute: number): { date: LocalDate; minute: number } {
  const days = Math.floor(minute / MINUTES_PER_DAY);
  return { date: days === 0 ? date : addDays(date, days), minute: minute - days * MINUTES_PER_DAY };
}

/** "8:40 Uhr" of whichever day. */
export function clock(minute: number, locale: Locale): string {
  return timeOfDay(((minute % MINUTES_PER_DAY) + MINUTES_PER_DAY) % MINUTES_PER_DAY, locale);
}

/** "23. November 2026, 14:05 Uhr" */
export function moment(instant: Instant, zone: Zone, locale: Locale): string {
  const { date, minute } = zone.local(instant);
  return `${shortDate(date, locale)} ${date.slice(0, 4)}, ${timeOfDay(minute, locale)}`;
}
