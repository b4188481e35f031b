import type { LocalDate } from '../../../domain/time.ts';
import type { TourWithLoad } from '../../../domain/tours/tour.ts';
import { dateLeaf, dayDate } from '../../../web/format.ts';
import { loadOfAll, type LoadView } from './chips.ts';
import type { BoardContext } from './context.ts';

/** A day of the board: the head of a column, the cell of a month. */
export interface DayView {
  date: LocalDate;
  /** "Montag" */
  weekday: string;
  /** "7. Dez" */
  short: string;
  /** "Mo 7." where the column has no head. */
  which: string;
  long: string;
  isToday: boolean;
  isPast: boolean;
  /** Public holidays and days on which a whole municipality makes no visits. */
  notes: readonly string[];
  load: LoadView | null;
}

/** @param tours of that day */
export function presentDay(date: LocalDate, tours: readonly TourWithLoad[], context: BoardContext): DayView {
  const { t, locale, today } = context;
  const { weekday, day, month } = dateLeaf(date, locale);
  const long = dayDate(date, locale);
  return {
    date,
    weekday: long.split(',')[0] ?? weekday,
    short: t('board.day.short', { day, month }),
    which: t('board.day.which', { weekday, day }),
    long,
    isToday: date === today,
    isPast: date < today,
    notes: notesOf(date, context),
    load: loadOfAll(tours, context),
  };
}

function notesOf(date: LocalDate, { t, picture, holidayOn, query }: BoardContext): string[] {
  const municipalities = [...picture.municipalities.values()].filter(
    ({ id }) => query.filter.municipalityId === null || query.filter.municipalityId === id,
  );
  const holidays = new Set(municipalities.flatMap(({ holidayRegion }) => holidayOn(date, holidayRegion) ?? []));
  const closings = picture.closings.flatMap(({ municipalityId, venueId, fromDate, toDate, reason }) => {
    const municipality = municipalities.find(({ id }) => id === municipalityId);
    if (venueId !== null || municipality === undefined || date < fromDate || date > toDate) return [];
    const where = municipalities.length > 1 ? 'in' : 'all';
    return reason.trim() === ''
      ? t(`board.closed.${where}NoReason`, { municipality: municipality.name })
      : t(`board.closed.${where}`, { municipality: municipality.name, reason: reason.trim() });
  });
  return [...[...holidays].map((name) => t('board.holiday', { name })), ...closings];
}
