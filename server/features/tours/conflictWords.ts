import { MINUTES_PER_DAY, weekdayOf } from '../../domain/time.ts';
import type { Conflict } from '../../domain/tours/conflicts.ts';
import type { WeeklyWindow } from '../../domain/tours/picture.ts';
import { dayDate, longDate, timeOfDay, timeSpan } from '../../web/format.ts';
import { translator, type Locale, type Parameters } from '../../web/locale.ts';
import type { PlanningNames } from './planningNames.ts';

/** Keys of title and text, with what fills their gaps. */
export interface ConflictWords {
  title: string;
  text: string;
  parameters: Parameters;
}

/** What a conflict is called. Stops and counters are counted from 1 here. */
export function conflictWords(conflict: Conflict, names: PlanningNames, locale: Locale): ConflictWords {
  const parameters = { ...commonGaps(conflict, names), ...ownGaps(conflict, names, locale) };
  if (conflict.kind === 'unknown') {
    return { title: `conflicts.unknown.${conflict.what}`, text: 'conflicts.unknown.text', parameters };
  }
  return {
    title: `conflicts.${conflict.kind}.title`,
    text: `conflicts.${conflict.kind}.${variant(conflict)}`,
    parameters,
  };
}

/** Which of its sentences. */
function variant(conflict: Conflict): string {
  if ('byTourId' in conflict && conflict.byTourId === null) return 'hidden';
  if (conflict.kind === 'venueClosed' && conflict.everywhere) return 'everywhere';
  if (conflict.kind === 'outsideOpeningWindow' && conflict.windows.length === 0) return 'closed';
  if (conflict.kind === 'outsideWorkingTime' && conflict.hours.length === 0) return 'none';
  if (conflict.kind === 'noBreak' && conflict.longestMinutes <= conflict.breakAfterMinutes) return 'short';
  return 'text';
}

/** Gaps that are the same wherever they are. */
function commonGaps(conflict: Conflict, names: PlanningNames): Parameters {
  return {
    ...('stop' in conflict && conflict.stop !== null && { stop: conflict.stop + 1 }),
    ...('venueId' in conflict && { venue: names.venue(conflict.venueId) }),
    ...('previousVenueId' in conflict && { previous: names.venue(conflict.previousVenueId) }),
    ...('depotId' in conflict && { depot: names.depot(conflict.depotId) }),
    ...('kitId' in conflict && { kit: names.kit(conflict.kitId) }),
    ...('clerkId' in conflict && { clerk: names.clerk(conflict.clerkId) }),
    ...('byTourId' in conflict && { tour: names.tour(conflict.byTourId) }),
    ...('serviceIds' in conflict && { services: names.services(conflict.serviceIds) }),
    ...('minutes' in conflict && { minutes: names.minutes(conflict.minutes) }),
  };
}

function ownGaps(conflict: Conflict, names: PlanningNames, locale: Locale): Parameters {
  const t = translator(locale);
  switch (conflict.kind) {
    case 'dateInPast':
      return { date: longDate(conflict.date, locale), today: longDate(conflict.today, locale) };
    case 'kitTaken':
    case 'clerkTaken':
    case 'sunday':
      return { date: dayDate(conflict.date, locale) };
    case 'holiday':
      return { date: dayDate(conflict.date, locale), name: conflict.name };
    case 'clerkAbsent':
      return {
        absence: t(`conflicts.absence.${conflict.absence}`),
        when: names.days(conflict.fromDate, conflict.toDate),
      };
    case 'venueClosed':
      return {
        municipality: names.municipalityOfVenue(conflict.venueId),
        when: names.days(conflict.fromDate, conflict.toDate),
        reason: names.reason(conflict.reason),
      };
    case 'outsideOpeningWindow':
      return {
        time: span(conflict.fromMinute, conflict.toMinute, locale),
        weekday: weekdayWord(conflict.date, locale),
        hours: hoursOf(conflict.windows, names, locale),
      };
    case 'outsideWorkingTime':
      return {
        time: span(conflict.departureMinute, conflict.returnMinute, locale),
        weekday: weekdayWord(conflict.date, locale),
        hours: hoursOf(conflict.hours, names, locale),
      };
    case 'stopsOverlap':
    case 'tooCloseStops':
      return {
        missing: names.minutes(conflict.missingMinutes),
        tearDown: names.minutes(conflict.tearDownMinutes),
        travel: names.minutes(conflict.travelMinutes),
        setUp: names.minutes(conflict.setUpMinutes),
        earliest: onClock(conflict.movedFromMinute, locale),
      };
    case 'tooManyCounters':
      return { counters: conflict.counters, count: conflict.clerks };
    case 'kitLacks':
      return { capabilities: names.capabilities(conflict.capabilities) };
    case 'startsTooEarly':
      return { time: onClock(conflict.departureMinute, locale) };
    case 'returnsTooLate':
      return { time: onClock(conflict.returnMinute, locale) };
    case 'workingDayTooLong':
      return {
        working: names.minutes(conflict.workingMinutes),
        max: names.minutes(conflict.maxMinutes),
        over: names.minutes(conflict.overMinutes),
      };
    case 'noBreak':
      return {
        after: names.minutes(conflict.breakAfterMinutes),
        longest: names.minutes(conflict.longestMinutes),
        due: names.minutes(conflict.dueMinutes),
        found: names.minutes(conflict.foundMinutes),
      };
    case 'serviceNotPossibleAtCounter':
      return { counter: conflict.counter };
    case 'longWait':
      return { time: span(conflict.fromMinute, conflict.toMinute, locale) };
    case 'sameVenueTwice':
      return { first: conflict.firstStop + 1 };
    case 'badTime':
    case 'clerkRetired':
    case 'clerkTwice':
    case 'crewNotQualified':
    case 'depotRetired':
    case 'kitDefect':
    case 'kitRetired':
    case 'noCrew':
    case 'noDepot':
    case 'noKit':
    case 'noStops':
    case 'nothingPossible':
    case 'serviceNotPossibleHere':
    case 'serviceRetired':
    case 'stopsUnordered':
    case 'unknown':
    case 'venueRetired':
      return {};
  }
}

/** "von 9 bis 12 Uhr und von 14 bis 18 Uhr" */
function hoursOf(windows: readonly WeeklyWindow[], names: PlanningNames, locale: Locale): string {
  const t = translator(locale);
  return names.list(
    windows.map(({ fromMinute, toMinute }) => t('conflicts.hours', { span: timeSpan(fromMinute, toMinute, locale) })),
  );
}

/** "von 8:10 bis 15:20 Uhr", also where it leaves the day. */
function span(from: number, to: number, locale: Locale): string {
  return translator(locale)('conflicts.hours', { span: timeSpan(wrapped(from), wrapped(to), locale) });
}

/** "dienstags" */
function weekdayWord(date: string, locale: Locale): string {
  return translator(locale)(`conflicts.weekday.${weekdayOf(date)}`);
}

/** "9:05 Uhr", also for minutes of the day before or after. */
function onClock(minute: number, locale: Locale): string {
  return timeOfDay(wrapped(minute), locale);
}

/** The same time on the clock; midnight at the end of the day stays 24:00. */
function wrapped(minute: number): number {
  if (minute >= 0 && minute <= MINUTES_PER_DAY) return minute;
  return ((minute % MINUTES_PER_DAY) + MINUTES_PER_DAY) % MINUTES_PER_DAY;
}
