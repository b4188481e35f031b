import { MINUTES_PER_DAY, TICK_MINUTES, weekdayOf } from '../../time.ts';
import type { Concern, Obstacle, TooClose } from '../conflicts.ts';
import { isEnough } from '../day.ts';
import { isSound, type Subject, type SubjectStop } from './subject.ts';

/** The date, the order of the stops, the ways between them, and the working day. */

/** Longer than this between two stops is time that somebody could use. */
export const LONG_WAIT_MINUTES = 90;

// Impossible

export function dateInPast({ plan, today }: Subject): Obstacle[] {
  return plan.date < today ? [{ kind: 'dateInPast', date: plan.date, today }] : [];
}

export function noStops({ stops }: Subject): Obstacle[] {
  return stops.length === 0 ? [{ kind: 'noStops' }] : [];
}

export function badTime({ stops }: Subject): Obstacle[] {
  return stops
    .filter((stop) => !isSound(stop))
    .map(({ index, venueId }) => ({ kind: 'badTime', stop: index, venueId }));
}

export function stopsUnordered({ stops }: Subject): Obstacle[] {
  return neighbours(stops)
    .filter(([before, stop]) => stop.fromMinute < before.fromMinute)
    .map(([before, { index, venueId }]) => ({
      kind: 'stopsUnordered',
      stop: index,
      venueId,
      previousVenueId: before.venueId,
    }));
}

export function stopsOverlap(subject: Subject): Obstacle[] {
  return neighbours(subject.stops)
    .filter(([before, stop]) => stop.fromMinute >= before.fromMinute && stop.fromMinute < before.toMinute)
    .map(([before, stop]) => tooClose('stopsOverlap', before, stop, subject));
}

/** Tear-down, way and set-up do not fit in between. */
export function tooCloseStops(subject: Subject): Obstacle[] {
  return neighbours(subject.stops)
    .filter(([before, stop]) => stop.fromMinute >= before.toMinute)
    .map(([before, stop]) => tooClose('tooCloseStops', before, stop, subject))
    .filter(({ missingMinutes }) => missingMinutes > 0);
}

export function startsTooEarly({ day }: Subject): Obstacle[] {
  return day !== null && day.departureMinute < 0
    ? [{ kind: 'startsTooEarly', departureMinute: day.departureMinute }]
    : [];
}

export function returnsTooLate({ day }: Subject): Obstacle[] {
  return day !== null && day.returnMinute > MINUTES_PER_DAY
    ? [{ kind: 'returnsTooLate', returnMinute: day.returnMinute }]
    : [];
}

/** ArbZG § 3: ten hours at most, breaks not counted. */
export function workingDayTooLong({ day, rules }: Subject): Obstacle[] {
  const maxMinutes = rules.maxWorkingMinutes;
  if (day === null || day.workingMinutes <= maxMinutes) return [];
  const { workingMinutes } = day;
  return [{ kind: 'workingDayTooLong', workingMinutes, maxMinutes, overMinutes: workingMinutes - maxMinutes }];
}

/** ArbZG § 4, see `breakMinutesDue`. */
export function noBreak({ day, rules }: Subject): Obstacle[] {
  if (day === null || isEnough(day, rules)) return [];
  return [
    {
      kind: 'noBreak',
      longestMinutes: day.longestWithoutBreak,
      breakAfterMinutes: rules.breakAfterMinutes,
      dueMinutes: day.breakMinutesDue,
      foundMinutes: day.breakMinutes,
    },
  ];
}

// Warning

export function holiday({ plan, holiday: name }: Subject): Concern[] {
  return name === null ? [] : [{ kind: 'holiday', date: plan.date, name }];
}

export function sunday({ plan, holiday: name }: Subject): Concern[] {
  return name === null && weekdayOf(plan.date) === 7 ? [{ kind: 'sunday', date: plan.date }] : [];
}

export function longWait({ day, stops }: Subject): Concern[] {
  if (day === null) return [];
  return neighbours(stops).flatMap(([before, { index, venueId }]): Concern[] => {
    const times = day.stops[index];
    if (times === undefined || times.slackMinutes <= LONG_WAIT_MINUTES) return [];
    return [
      {
        kind: 'longWait',
        stop: index,
        venueId,
        previousVenueId: before.venueId,
        fromMinute: times.arrivalMinute,
        toMinute: times.setUpFrom,
        minutes: times.slackMinutes,
      },
    ];
  });
}

/** Each stop with the one before it; without those whose time is none. */
function neighbours(stops: readonly SubjectStop[]): [before: SubjectStop, stop: SubjectStop][] {
  return stops.flatMap((stop, index): [SubjectStop, SubjectStop][] => {
    const before = stops[index - 1];
    return before !== undefined && isSound(before) && isSound(stop) ? [[before, stop]] : [];
  });
}

function tooClose<Kind extends string>(
  kind: Kind,
  before: SubjectStop,
  stop: SubjectStop,
  { travel }: Subject,
): TooClose<Kind> {
  const travelMinutes = Math.ceil((travel.seconds[stop.index]?.[stop.index + 1] ?? 0) / 60);
  const ready = before.toMinute + before.tearDownMinutes + travelMinutes + stop.setUpMinutes;
  const missingMinutes = ready - stop.fromMinute;
  const moveByMinutes = Math.ceil(missingMinutes / TICK_MINUTES) * TICK_MINUTES;
  return {
    kind,
    stop: stop.index,
    venueId: stop.venueId,
    previousVenueId: before.venueId,
    travelMinutes,
    tearDownMinutes: before.tearDownMinutes,
    setUpMinutes: stop.setUpMinutes,
    missingMinutes,
    moveByMinutes,
    movedFromMinute: stop.fromMinute + moveByMinutes,
    movedToMinute: stop.toMinute + moveByMinutes,
  };
}
