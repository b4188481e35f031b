import { isHoliday } from 'feiertagejs';
import { addDays, daysBetween, parseMinute, weekdayOf } from '../domain/time.ts';
import type { LocalDate, MinuteOfDay } from '../domain/time.ts';
import type { DemoMunicipalitySlug } from './venues.ts';

/*
 * The tours of the demonstration: a pattern that repeats every four weeks, counted in whole weeks since a fixed Monday,
 * so that what is planned for a date does not depend on the day on which the program is started.
 */

/** How many days ahead tours exist, counted from today; the last one is inclusive. */
export const DEMO_HORIZON_DAYS = 56;

/** How much of a stop is booked from the beginning. */
export type Demand =
  /** Not even the shortest service fits any more. */
  | 'full'
  /** One or two of the shortest appointments are left. */
  | 'last'
  /** The nearer, the fuller. */
  | 'usual'
  | 'none';

/** Week of the four-week cycle. */
type CycleWeek = 0 | 1 | 2 | 3;

export interface PatternStop {
  /** Slug of the venue. */
  readonly venue: string;
  /** Window on the five-minute grid: from inclusive, to exclusive. */
  readonly fromMinute: MinuteOfDay;
  readonly toMinute: MinuteOfDay;
  /** By week of the cycle; a week not named is 'usual'. */
  readonly demand: Readonly<Partial<Record<CycleWeek, Demand>>>;
}

export interface TourPattern {
  /** 1 to 99, given once for ever: it tells which tours of a database this pattern has made. */
  readonly number: number;
  readonly municipality: DemoMunicipalitySlug;
  /** 1 = Monday to 6 = Saturday. */
  readonly weekday: number;
  readonly weeks: readonly CycleWeek[];
  /** Also on a Saturday beside a closed Friday or Monday, whatever the week. */
  readonly besideLongWeekend: boolean;
  /** Index into DEMO_KITS. */
  readonly kit: 0 | 1;
  /** Indexes into DEMO_CLERKS; the first staffs counter 1, the second counter 2 of each stop. */
  readonly crew: readonly number[];
  readonly stops: readonly PatternStop[];
}

export interface PlannedTour {
  readonly date: LocalDate;
  readonly pattern: TourPattern;
  readonly stops: readonly { readonly stop: PatternStop; readonly demand: Demand }[];
}

const EVERY_WEEK: readonly CycleWeek[] = [0, 1, 2, 3];
const EVEN_WEEKS: readonly CycleWeek[] = [0, 2];
const ODD_WEEKS: readonly CycleWeek[] = [1, 3];

function stop(venue: string, from: string, to: string, demand: PatternStop['demand'] = {}): PatternStop {
  return { venue, fromMinute: minute(from), toMinute: minute(to), demand };
}

function minute(clock: string): MinuteOfDay {
  const parsed = parseMinute(clock);
  if (parsed === null) throw new RangeError(`not a time of day: ${clock}`);
  return parsed;
}

const WITH_KIT_1 = { kit: 0, besideLongWeekend: false } as const;
const WITH_KIT_2 = { kit: 1, besideLongWeekend: false } as const;

/** On no day do two of them need the same kit or the same clerk. */
export const TOUR_PATTERNS: readonly TourPattern[] = [
  {
    ...WITH_KIT_1,
    number: 1,
    municipality: 'meerane',
    weekday: 1,
    weeks: EVERY_WEEK,
    crew: [0, 2],
    stops: [stop('meerane-stadtbibliothek', '13:00', '18:00')],
  },
  {
    ...WITH_KIT_1,
    number: 2,
    municipality: 'schoenberg',
    weekday: 2,
    weeks: EVERY_WEEK,
    crew: [1],
    stops: [stop('schoenberg-gemeindeamt', '09:00', '12:00', { 1: 'full', 3: 'last' })],
  },
  {
    ...WITH_KIT_1,
    number: 3,
    municipality: 'schoenberg',
    weekday: 3,
    weeks: EVEN_WEEKS,
    crew: [0],
    stops: [
      stop('koethel-feuerwehrhaus', '09:00', '11:30', { 2: 'full' }),
      stop('tettau-dorfgemeinschaftshaus', '13:00', '15:30', { 0: 'last', 2: 'none' }),
    ],
  },
  {
    ...WITH_KIT_1,
    number: 4,
    municipality: 'meerane',
    weekday: 3,
    weeks: ODD_WEEKS,
    crew: [1],
    stops: [stop('waldsachsen-alte-schule', '14:00', '17:00', { 1: 'last', 3: 'full' })],
  },
  {
    ...WITH_KIT_1,
    number: 5,
    municipality: 'schoenberg',
    weekday: 4,
    weeks: EVEN_WEEKS,
    crew: [0],
    stops: [stop('pfaffroda-buergerhaus', '10:00', '12:30', { 0: 'full', 2: 'last' })],
  },
  {
    ...WITH_KIT_1,
    number: 6,
    municipality: 'meerane',
    weekday: 4,
    weeks: ODD_WEEKS,
    crew: [2],
    stops: [
      stop('seiferitz-vereinshaus', '09:00', '11:30', { 1: 'none', 3: 'last' }),
      stop('crotenlaide-feuerwehrhaus', '13:00', '15:30', { 1: 'last', 3: 'full' }),
    ],
  },
  {
    ...WITH_KIT_1,
    number: 7,
    municipality: 'meerane',
    weekday: 5,
    weeks: EVERY_WEEK,
    crew: [1],
    stops: [stop('meerane-buergertreff-west', '09:00', '13:00', { 0: 'full', 2: 'full' })],
  },
  {
    ...WITH_KIT_1,
    number: 8,
    municipality: 'meerane',
    weekday: 6,
    weeks: EVEN_WEEKS,
    besideLongWeekend: true,
    crew: [0],
    stops: [stop('meerane-stadtbibliothek', '09:00', '12:00', { 0: 'last', 2: 'none' })],
  },
  {
    ...WITH_KIT_2,
    number: 9,
    municipality: 'meerane',
    weekday: 2,
    weeks: EVEN_WEEKS,
    crew: [3],
    stops: [stop('meerane-seniorenzentrum-lindenhof', '13:00', '16:30', { 0: 'none' })],
  },
  {
    ...WITH_KIT_2,
    number: 10,
    municipality: 'schoenberg',
    weekday: 4,
    weeks: ODD_WEEKS,
    crew: [3],
    stops: [stop('schoenberg-gemeindeamt', '14:00', '17:00', { 3: 'none' })],
  },
  {
    ...WITH_KIT_2,
    number: 11,
    municipality: 'meerane',
    weekday: 5,
    weeks: ODD_WEEKS,
    crew: [2, 3],
    stops: [stop('meerane-stadtbibliothek', '13:00', '16:00', { 1: 'none' })],
  },
];

/**
 * A venue that is visited rarely. It is not part of the cycle: the next visit is planned only when the last one is
 * over, so that exactly one lies ahead within the horizon on every day (a visit every 13 weeks would be missing from
 * five of them).
 */
export const RARE_PATTERN: TourPattern = {
  ...WITH_KIT_2,
  number: 50,
  municipality: 'meerane',
  weekday: 3,
  weeks: [],
  crew: [2],
  stops: [stop('dittrich-gemeinderaum', '10:00', '12:30', { 0: 'none', 1: 'none', 2: 'none', 3: 'none' })],
};

/** False on Sundays, public holidays in Saxony, Christmas Eve and New Year's Eve. */
export function isOpenDay(date: LocalDate): boolean {
  return weekdayOf(date) !== 7 && !/-12-(24|31)$/.test(date) && !isHoliday(date, 'SN');
}

/** The tours of the pattern from one date to another, both inclusive, in order of date. Without the rare one. */
export function planTours(from: LocalDate, to: LocalDate): PlannedTour[] {
  const tours: PlannedTour[] = [];
  for (let date = from; date <= to; date = addDays(date, 1)) {
    if (!isOpenDay(date)) continue;
    for (const pattern of TOUR_PATTERNS) {
      if (isDue(pattern, date)) tours.push(tourOn(pattern, date));
    }
  }
  return tours;
}

/** The days on which the rare tour could be, from today + 56 backwards to tomorrow: the farthest one first. */
export function rareTourChoices(today: LocalDate): PlannedTour[] {
  const tours: PlannedTour[] = [];
  for (let date = addDays(today, DEMO_HORIZON_DAYS); date > today; date = addDays(date, -1)) {
    if (weekdayOf(date) === RARE_PATTERN.weekday && isOpenDay(date)) tours.push(tourOn(RARE_PATTERN, date));
  }
  return tours;
}

function isDue(pattern: TourPattern, date: LocalDate): boolean {
  if (weekdayOf(date) !== pattern.weekday) return false;
  if (pattern.weeks.includes(cycleWeek(date))) return true;
  return pattern.besideLongWeekend && !(isOpenDay(addDays(date, -1)) && isOpenDay(addDays(date, 2)));
}

function tourOn(pattern: TourPattern, date: LocalDate): PlannedTour {
  const week = cycleWeek(date);
  return { date, pattern, stops: pattern.stops.map((one) => ({ stop: one, demand: one.demand[week] ?? 'usual' })) };
}

/** Weeks since Monday, 1 January 2024, modulo four. */
function cycleWeek(date: LocalDate): CycleWeek {
  const weeks = Math.floor(daysBetween('2024-01-01', date) / 7);
  return (((weeks % 4) + 4) % 4) as CycleWeek;
}
