import { weekdayOf, type LocalDate } from '../../../domain/time.ts';
import type { PlanningClerk } from '../../../domain/tours/picture.ts';
import { tourNumber } from '../../../domain/tours/tour.ts';
import { busyNote, ordered, townOf, type BoardContext } from './context.ts';
import type { LookedAt } from './look.ts';

/** Who is where, for the table below the board. */
export interface CrewRow {
  name: string;
  small: string;
  cells: readonly CrewCell[];
}

export interface CrewCell {
  which: string;
  tours: readonly { text: string; href: string }[];
  /** "frei", "nicht da" … Null: the tours say it. */
  note: string | null;
  kind: 'busy' | 'absent' | 'free';
}

export function absentOn({ absences }: PlanningClerk, date: LocalDate): boolean {
  return absences.some(({ fromDate, toDate }) => fromDate <= date && date <= toDate);
}

/** @param all tours of the week, also those that the filter hides: somebody on one of them is not free */
export function presentCrew(
  all: readonly LookedAt[],
  columns: readonly { date: LocalDate; which: string }[],
  context: BoardContext,
): CrewRow[] {
  const { filter } = context.query;
  const out = new Map<string, LookedAt[]>();
  for (const looked of all) {
    if (looked.tour.state === 'cancelled') continue;
    for (const id of looked.tour.clerkIds) {
      const key = `${id} ${looked.tour.date}`;
      out.set(key, [...(out.get(key) ?? []), looked]);
    }
  }
  const isShown = ({ id, retired, municipalityId }: PlanningClerk): boolean =>
    (!retired || context.planned.has(id)) &&
    (filter.clerkId ?? id) === id &&
    (filter.municipalityId ?? municipalityId) === municipalityId;
  return ordered(context.picture.clerks.values(), context)
    .filter(isShown)
    .map((clerk) => ({
      name: clerk.name,
      small: [townOf(clerk.municipalityId, context), hoursText(clerk, context)]
        .filter((one) => one !== null)
        .join(', '),
      cells: columns.map(({ date, which }) => ({
        which,
        ...presentCell(clerk, date, out.get(`${clerk.id} ${date}`) ?? [], context),
      })),
    }));
}

function presentCell(
  clerk: PlanningClerk,
  date: LocalDate,
  tours: readonly LookedAt[],
  context: BoardContext,
): Omit<CrewCell, 'which'> {
  const { t, p, picture } = context;
  const links = tours.map(({ tour }) => ({
    text: t('board.tour', { number: tourNumber(tour.id) }),
    href: p.tour(tour.id),
  }));
  if (absentOn(clerk, date)) return { tours: links, note: t('board.crew.absent'), kind: 'absent' };
  if (links.length > 0) return { tours: links, note: null, kind: 'busy' };

  const busy = picture.busy.find(({ what, id, date: on }) => what === 'clerk' && id === clerk.id && on === date);
  if (busy !== undefined) return { tours: [], note: busyNote(busy, context), kind: 'busy' };

  const isDayOff = clerk.hours.length > 0 && !clerk.hours.some(({ weekday }) => weekday === weekdayOf(date));
  return { tours: [], note: t(isDayOff ? 'board.crew.dayOff' : 'board.free'), kind: 'free' };
}

/** Minutes of work on tours in the week, by clerk. */
export function plannedMinutes(all: readonly LookedAt[]): Map<number, number> {
  const planned = new Map<number, number>();
  for (const { tour, day } of all) {
    if (tour.state === 'cancelled') continue;
    for (const id of tour.clerkIds) planned.set(id, (planned.get(id) ?? 0) + (day?.workingMinutes ?? 0));
  }
  return planned;
}

/** "21 von 39 Std.": on tours, of the weekly working time where it is known. */
export function hoursText(clerk: PlanningClerk, context: BoardContext): string {
  const { t, locale } = context;
  const number = (minutes: number): string => NUMBERS[locale].format(minutes / 60);
  const planned = context.planned.get(clerk.id) ?? 0;
  const weekly = clerk.hours.reduce((sum, { fromMinute, toMinute }) => sum + toMinute - fromMinute, 0);
  if (weekly === 0) return t('board.crew.planned', { hours: number(planned) });
  const parameters = { hours: number(planned), weekly: number(weekly) };
  return planned > weekly ? t('board.crew.tooMany', parameters) : t('board.crew.hours', parameters);
}

const NUMBERS = {
  de: new Intl.NumberFormat('de-DE', { maximumFractionDigits: 1 }),
  en: new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 }),
};
