import { weekdayOf, type LocalDate } from '../../time.ts';
import type { Closing, PlanningClerk, PlanningVenue, WeeklyWindow } from '../picture.ts';

/** What the calendar says of a venue or a clerk on one day. */

/** The closing that keeps the venue shut that day: its own before that of its whole municipality. */
export function closingOn(
  date: LocalDate,
  venue: Pick<PlanningVenue, 'id' | 'municipalityId'>,
  closings: readonly Closing[],
): Closing | undefined {
  const thatDay = closings.filter(
    (closing) =>
      closing.fromDate <= date &&
      date <= closing.toDate &&
      (closing.venueId === null ? closing.municipalityId === venue.municipalityId : closing.venueId === venue.id),
  );
  return thatDay.find(({ venueId }) => venueId !== null) ?? thatDay[0];
}

/** The absence of the clerk that day, if there is one. */
export function absenceOn(
  date: LocalDate,
  clerk: Pick<PlanningClerk, 'absences'> | undefined,
): PlanningClerk['absences'][number] | undefined {
  return clerk?.absences.find(({ fromDate, toDate }) => fromDate <= date && date <= toDate);
}

/** The windows of that weekday, ascending, with those that touch or overlap made one. */
export function windowsOn(date: LocalDate, windows: readonly WeeklyWindow[]): WeeklyWindow[] {
  const weekday = weekdayOf(date);
  return mergeSpans(windows.filter((one) => one.weekday === weekday)).map((span) => ({ weekday, ...span }));
}

/** Part of a day; from inclusive, to exclusive. */
interface Span {
  fromMinute: number;
  toMinute: number;
}

/** Ascending, with those that touch or overlap made one. */
export function mergeSpans(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const { fromMinute, toMinute } of [...spans].sort((a, b) => a.fromMinute - b.fromMinute)) {
    const before = merged.at(-1);
    if (before !== undefined && fromMinute <= before.toMinute) {
      before.toMinute = Math.max(before.toMinute, toMinute);
    } else {
      merged.push({ fromMinute, toMinute });
    }
  }
  return merged;
}

/** True when the span lies in one window of that day, or when no window at all is known. */
export function isInOpeningWindows(span: Span, date: LocalDate, windows: readonly WeeklyWindow[]): boolean {
  if (windows.length === 0) return true;
  return windowsOn(date, windows).some(
    ({ fromMinute, toMinute }) => fromMinute <= span.fromMinute && span.toMinute <= toMinute,
  );
}

/** How many minutes of the span none of the others covers, which do not overlap. */
export function minutesOutside(span: Span, cover: readonly Span[]): number {
  const inside = cover.reduce(
    (sum, { fromMinute, toMinute }) =>
      sum + Math.max(0, Math.min(toMinute, span.toMinute) - Math.max(fromMinute, span.fromMinute)),
    0,
  );
  return Math.max(0, span.toMinute - span.fromMinute - inside);
}
