import { addDays, isLocalDate, isoWeek, weekdayOf, type LocalDate } from '../../../domain/time.ts';

/** The Monday of the week of that day. */
export function mondayOf(date: LocalDate): LocalDate {
  return addDays(date, 1 - weekdayOf(date));
}

/** "2026-W50" */
export function weekName(monday: LocalDate): string {
  const { year, week } = isoWeek(monday);
  return `${String(year).padStart(4, '0')}-W${String(week).padStart(2, '0')}`;
}

/** The Monday of "2026-W50", or of the week of "2026-12-08"; null: it is neither. */
export function parseWeek(text: unknown): LocalDate | null {
  if (isUsual(text)) return mondayOf(text);
  const [, year, week] = (typeof text === 'string' && /^(\d{4})-W(\d{2})$/.exec(text)) || [];
  // ISO 8601: 4 January always lies in the first week.
  if (year === undefined || !isUsual(`${year}-01-04`)) return null;
  const monday = addDays(mondayOf(`${year}-01-04`), (Number(week) - 1) * 7);
  return weekName(monday) === text ? monday : null;
}

/** A date whose neighbours can be named too. */
export function isUsual(text: unknown): text is LocalDate {
  return isLocalDate(text) && text >= '2000-01-01' && text < '2200-01-01';
}
