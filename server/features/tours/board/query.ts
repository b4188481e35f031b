import { addDays, weekdayOf, type LocalDate } from '../../../domain/time.ts';
import type { TourWithLoad } from '../../../domain/tours/tour.ts';
import type { Paths, Query } from '../../../paths.ts';
import { firstOfMonth, mondayOf, monthName, parseMonth, parseWeek, weekName } from './calendar.ts';

/** What somebody wants to see of the board. Everything is in the address, so that a view can be kept and sent on. */

export const STATES = { entwurf: 'draft', veroeffentlicht: 'published', abgesagt: 'cancelled' } as const;
export type StateName = keyof typeof STATES;

/** Only tours of all that is named; null: of any. */
export interface BoardFilter {
  municipalityId: number | null;
  kitId: number | null;
  clerkId: number | null;
  venueId: number | null;
  state: StateName | null;
}

export type Rows = 'kits' | 'team';

export interface BoardQuery {
  /** Monday. */
  week: LocalDate;
  /** First day of the month. */
  month: LocalDate;
  rows: Rows;
  /** Saturday and Sunday also without a tour. */
  weekend: boolean;
  filter: BoardFilter;
}

/** This week; on Saturdays and Sundays the next one: this one is over for most. @returns its Monday */
function weekToShow(today: LocalDate): LocalDate {
  const monday = mondayOf(today);
  return weekdayOf(today) > 5 ? addDays(monday, 7) : monday;
}

/** What cannot be understood is as if it had not been said. */
export function parseBoardQuery(query: Readonly<Record<string, unknown>>, today: LocalDate): BoardQuery {
  const state = query['stand'];
  return {
    week: parseWeek(query['woche']) ?? weekToShow(today),
    month: parseMonth(query['monat']) ?? firstOfMonth(today),
    rows: query['zeilen'] === 'team' ? 'team' : 'kits',
    weekend: query['wochenende'] === '1',
    filter: {
      municipalityId: idIn(query['kommune']),
      kitId: idIn(query['koffer']),
      clerkId: idIn(query['person']),
      venueId: idIn(query['standort']),
      state: typeof state === 'string' && Object.hasOwn(STATES, state) ? (state as StateName) : null,
    },
  };
}

function idIn(value: unknown): number | null {
  return typeof value === 'string' && /^[1-9]\d{0,8}$/.test(value) ? Number(value) : null;
}

export function isFiltered({ filter }: BoardQuery): boolean {
  return countFilters(filter) > 0;
}

export function countFilters(filter: BoardFilter): number {
  return Object.values(filter).filter((one) => one !== null).length;
}

export function withoutFilter(query: BoardQuery): BoardQuery {
  return { ...query, filter: { municipalityId: null, kitId: null, clerkId: null, venueId: null, state: null } };
}

function filterFields({ rows, weekend, filter }: BoardQuery): Query {
  return {
    zeilen: rows === 'team' ? 'team' : null,
    wochenende: weekend ? '1' : null,
    kommune: filter.municipalityId,
    koffer: filter.kitId,
    person: filter.clerkId,
    standort: filter.venueId,
    stand: filter.state,
  };
}

export function weekHref(p: Paths, query: BoardQuery, changed: Partial<BoardQuery> = {}): string {
  const wanted = { ...query, ...changed };
  return p.boardWeek({ woche: weekName(wanted.week), ...filterFields(wanted) });
}

export function monthHref(p: Paths, query: BoardQuery, changed: Partial<BoardQuery> = {}): string {
  const wanted = { ...query, ...changed };
  return p.boardMonth({ monat: monthName(wanted.month), ...filterFields(wanted) });
}

export function isWanted(tour: TourWithLoad, filter: BoardFilter): boolean {
  return (
    (filter.municipalityId === null || tour.municipalityId === filter.municipalityId) &&
    (filter.kitId === null || tour.kitId === filter.kitId) &&
    (filter.clerkId === null || tour.clerkIds.includes(filter.clerkId)) &&
    (filter.venueId === null || tour.stops.some(({ venueId }) => venueId === filter.venueId)) &&
    (filter.state === null || tour.state === STATES[filter.state])
  );
}
