import { addDays, daysBetween, weekdayOf, type LocalDate } from '../time.ts';
import { busyTourOf } from './checks/free.ts';
import { absenceOn, closingOn, isInOpeningWindows } from './checks/calendar.ts';
import type { AbsenceKind } from './conflicts.ts';
import type { PlanningPicture } from './picture.ts';
import type { TourPlan } from './tour.ts';

export interface RepetitionRule {
  /** Exclusive: the date of the tour that is repeated. Weeks count from its week's Monday. */
  from: LocalDate;
  /** 1 = every week, at most 8. */
  everyWeeks: number;
  /** 1 = Monday to 7 = Sunday. */
  weekdays: readonly number[];
  /** Inclusive. */
  until: LocalDate;
}

/** So many dates at most come of one repetition. */
export const MAX_REPETITIONS = 366;
export const MAX_WEEKS_BETWEEN = 8;

/**
 * The dates of the rule, ascending; at most MAX_REPETITIONS. Weeks are counted on, not numbered: the 53rd week of a year
 * and New Year change nothing.
 * @throws RangeError for a number of weeks outside 1 to MAX_WEEKS_BETWEEN, or a date that does not exist
 */
export function repetitionDates({ from, everyWeeks, weekdays, until }: RepetitionRule): LocalDate[] {
  if (!Number.isInteger(everyWeeks) || everyWeeks < 1 || everyWeeks > MAX_WEEKS_BETWEEN) {
    throw new RangeError(`not a number of weeks: ${everyWeeks}`);
  }

  const wanted = [1, 2, 3, 4, 5, 6, 7].filter((weekday) => weekdays.includes(weekday));
  const days = daysBetween(from, until);
  const firstMonday = 1 - weekdayOf(from);
  const dates: LocalDate[] = [];
  for (let monday = firstMonday; wanted.length > 0 && monday <= days; monday += 7 * everyWeeks) {
    for (const weekday of wanted) {
      const day = monday + weekday - 1;
      if (day > 0 && day <= days) dates.push(addDays(from, day));
      if (dates.length === MAX_REPETITIONS) return dates;
    }
  }
  return dates;
}

/** Why a date is left out. */
export type SkipReason =
  | { kind: 'inPast' }
  | { kind: 'holiday'; name: string }
  | { kind: 'venueClosed'; venueId: number; everywhere: boolean; reason: string }
  | { kind: 'outsideOpeningWindow'; venueId: number }
  | { kind: 'clerkAbsent'; clerkId: number; absence: AbsenceKind; fromDate: LocalDate; toDate: LocalDate }
  /** `tourId` null: a tour of which the planner may not know more. */
  | { kind: 'clerkTaken'; clerkId: number; tourId: number | null }
  | { kind: 'kitTaken'; kitId: number; tourId: number | null }
  /** A tour of the same series is there already: sent twice, a repetition makes nothing twice. */
  | { kind: 'inSeries'; tourId: number };

export interface RepetitionInput {
  plan: TourPlan;
  /** Of the tour that is repeated; null: it never was. */
  series: string | null;
  dates: readonly LocalDate[];
  /** For all the dates. */
  picture: PlanningPicture;
  holidayOn: (date: LocalDate) => string | null;
  today: LocalDate;
}

export interface PlannedRepetition {
  date: LocalDate;
  /** Empty: it will be made. */
  skip: SkipReason[];
}

/**
 * Which of the dates get a tour like the plan, and why the others do not. Only what depends on the date is looked at:
 * the rest is the same as with the plan itself, see `checkTour`.
 */
export function planRepetition(input: RepetitionInput): PlannedRepetition[] {
  return input.dates.map((date) => ({ date, skip: skipReasons(date, input) }));
}

function skipReasons(date: LocalDate, input: RepetitionInput): SkipReason[] {
  const holiday = input.holidayOn(date);
  const reasons: SkipReason[] = [
    ...(date < input.today ? [{ kind: 'inPast' } as const] : []),
    ...(holiday === null ? [] : [{ kind: 'holiday', name: holiday } as const]),
    ...venuesOn(date, input),
    ...crewOn(date, input),
    ...kitOn(date, input),
  ];
  return reasons.length > 0 ? reasons : seriesOn(date, input);
}

function seriesOn(date: LocalDate, { series, picture }: RepetitionInput): SkipReason[] {
  if (series === null) return [];
  const tour = picture.tours.find((one) => one.series === series && one.date === date && one.state !== 'cancelled');
  return tour === undefined ? [] : [{ kind: 'inSeries', tourId: tour.id }];
}

/** Each venue once, however often it is visited. */
function venuesOn(date: LocalDate, { plan, picture }: RepetitionInput): SkipReason[] {
  const venueIds = [...new Set(plan.stops.map(({ venueId }) => venueId))];
  return venueIds.flatMap((venueId): SkipReason[] => {
    const venue = picture.venues.get(venueId);
    if (venue === undefined) return [];
    const closing = closingOn(date, venue, picture.closings);
    if (closing !== undefined) {
      return [{ kind: 'venueClosed', venueId, everywhere: closing.venueId === null, reason: closing.reason }];
    }
    const isOpen = plan.stops.every(
      (stop) => stop.venueId !== venueId || isInOpeningWindows(stop, date, venue.windows),
    );
    return isOpen ? [] : [{ kind: 'outsideOpeningWindow', venueId }];
  });
}

function crewOn(date: LocalDate, { plan, picture }: RepetitionInput): SkipReason[] {
  return [...new Set(plan.clerkIds)].flatMap((clerkId): SkipReason[] => {
    const away = absenceOn(date, picture.clerks.get(clerkId));
    if (away !== undefined) {
      return [{ kind: 'clerkAbsent', clerkId, absence: away.kind, fromDate: away.fromDate, toDate: away.toDate }];
    }
    const busy = busyTourOf(picture, 'clerk', clerkId, date, null);
    return busy === undefined ? [] : [{ kind: 'clerkTaken', clerkId, tourId: busy.visible ? busy.tourId : null }];
  });
}

function kitOn(date: LocalDate, { plan, picture }: RepetitionInput): SkipReason[] {
  if (plan.kitId === null) return [];
  const busy = busyTourOf(picture, 'kit', plan.kitId, date, null);
  return busy === undefined ? [] : [{ kind: 'kitTaken', kitId: plan.kitId, tourId: busy.visible ? busy.tourId : null }];
}
