import {
  clerkAbsent,
  clerkRetired,
  clerkTaken,
  clerkTwice,
  depotRetired,
  kitDefect,
  kitRetired,
  kitTaken,
  noCrew,
  noDepot,
  noKit,
  outsideWorkingTime,
  unknownThings,
} from './checks/people.ts';
import { outsideOpeningWindow, sameVenueTwice, venueClosed, venueRetired } from './checks/venues.ts';
import {
  crewNotQualified,
  kitLacks,
  nothingPossible,
  serviceNotPossibleAtCounter,
  serviceNotPossibleHere,
  serviceRetired,
  tooManyCounters,
} from './checks/services.ts';
import { subjectOf, type Subject } from './checks/subject.ts';
import {
  badTime,
  dateInPast,
  holiday,
  longWait,
  noBreak,
  noStops,
  returnsTooLate,
  startsTooEarly,
  stopsOverlap,
  stopsUnordered,
  sunday,
  tooCloseStops,
  workingDayTooLong,
} from './checks/times.ts';
import type { LocalDate, MinuteOfDay } from '../time.ts';
import type { TravelMatrix } from '../routing/travel.ts';
import type { PlanningPicture, WeeklyWindow } from './picture.ts';
import type { TourPlan } from './tour.ts';

/** What is to be checked. Nothing is read beyond it: the same input gives the same answer. */
export interface CheckInput {
  /** Null: a tour that is not saved yet. Its own kit and crew do not count as taken. */
  tourId: number | null;
  plan: TourPlan;
  picture: PlanningPicture;
  /** Between `placesOfDay(plan, picture)`, in that order. */
  travel: TravelMatrix;
  /** Name of the public holiday on the date of the plan, where the municipality is. */
  holiday: string | null;
  today: LocalDate;
}

export type UnknownThing = 'municipality' | 'depot' | 'kit' | 'clerk' | 'venue' | 'service';

/**
 * Why a tour cannot take place like this. `stop`: index in `plan.stops` from 0; `position`: index in `plan.clerkIds`
 * from 0. `free…Ids` would mend it, the best first: of the same municipalities, there that day, and able to do what is
 * announced. `forAnnounced`: false when nothing is, so that nothing had to be looked at.
 */
export type Obstacle =
  | { kind: 'dateInPast'; date: LocalDate; today: LocalDate }
  | { kind: 'noStops' }
  | { kind: 'noDepot'; depotIds: number[] }
  | { kind: 'noKit'; forAnnounced: boolean; freeKitIds: number[] }
  | { kind: 'noCrew'; forAnnounced: boolean; freeClerkIds: number[] }
  /** Does not exist, or belongs to a municipality outside the planner's scope. */
  | { kind: 'unknown'; what: UnknownThing; id: number; stop: number | null }
  | { kind: 'depotRetired'; depotId: number; depotIds: number[] }
  | { kind: 'kitRetired'; kitId: number; forAnnounced: boolean; freeKitIds: number[] }
  | { kind: 'kitDefect'; kitId: number; forAnnounced: boolean; freeKitIds: number[] }
  /** `byTourId` null: a tour of which the planner may not know more. */
  | {
      kind: 'kitTaken';
      kitId: number;
      byTourId: number | null;
      date: LocalDate;
      forAnnounced: boolean;
      freeKitIds: number[];
    }
  | { kind: 'clerkTwice'; clerkId: number; position: number; forAnnounced: boolean; freeClerkIds: number[] }
  | { kind: 'clerkRetired'; clerkId: number; position: number; forAnnounced: boolean; freeClerkIds: number[] }
  | {
      kind: 'clerkTaken';
      clerkId: number;
      position: number;
      byTourId: number | null;
      date: LocalDate;
      forAnnounced: boolean;
      freeClerkIds: number[];
    }
  /** Both dates inclusive. */
  | {
      kind: 'clerkAbsent';
      clerkId: number;
      position: number;
      absence: AbsenceKind;
      fromDate: LocalDate;
      toDate: LocalDate;
      forAnnounced: boolean;
      freeClerkIds: number[];
    }
  | { kind: 'venueRetired'; stop: number; venueId: number }
  /** Both dates inclusive; `everywhere`: the whole municipality makes no visits. */
  | {
      kind: 'venueClosed';
      stop: number;
      venueId: number;
      everywhere: boolean;
      reason: string;
      fromDate: LocalDate;
      toDate: LocalDate;
    }
  /** `windows`: when the venue is open that day; none at all: closed that weekday. */
  | {
      kind: 'outsideOpeningWindow';
      stop: number;
      venueId: number;
      date: LocalDate;
      fromMinute: MinuteOfDay;
      toMinute: MinuteOfDay;
      windows: WeeklyWindow[];
    }
  | { kind: 'serviceRetired'; serviceIds: number[] }
  /** Announced, but the kit has not got the `capabilities` that these services need. */
  | {
      kind: 'kitLacks';
      kitId: number;
      serviceIds: number[];
      capabilities: string[];
      forAnnounced: boolean;
      freeKitIds: number[];
    }
  /** Announced, but nobody at any counter of any stop is qualified. */
  | { kind: 'crewNotQualified'; serviceIds: number[]; forAnnounced: boolean; freeClerkIds: number[] }
  | { kind: 'tooManyCounters'; stop: number; venueId: number; counters: number; clerks: number }
  /** The announced time is empty or not within one day. */
  | { kind: 'badTime'; stop: number; venueId: number }
  /** Begins before the stop that stands in front of it. */
  | { kind: 'stopsUnordered'; stop: number; venueId: number; previousVenueId: number }
  /** Begins before the stop in front of it has ended. */
  | TooClose<'stopsOverlap'>
  | TooClose<'tooCloseStops'>
  /** `departureMinute` is negative: the day before. */
  | { kind: 'startsTooEarly'; departureMinute: number }
  /** `returnMinute` is over 1440: the day after. */
  | { kind: 'returnsTooLate'; returnMinute: number }
  | { kind: 'workingDayTooLong'; workingMinutes: number; maxMinutes: number; overMinutes: number }
  | {
      kind: 'noBreak';
      /** The longest time of work without a break. */
      longestMinutes: number;
      breakAfterMinutes: number;
      /** How much break the day needs altogether, and how much of it fits between the stops. */
      dueMinutes: number;
      foundMinutes: number;
    };

/** `stop` comes too soon after the one before it. All in minutes. */
export interface TooClose<Kind extends string> {
  kind: Kind;
  stop: number;
  venueId: number;
  previousVenueId: number;
  travelMinutes: number;
  tearDownMinutes: number;
  setUpMinutes: number;
  missingMinutes: number;
  /** How much later it would have to begin: `missingMinutes` up to the five-minute grid. */
  moveByMinutes: number;
  /** The announced time moved by so much; may leave the day. */
  movedFromMinute: number;
  movedToMinute: number;
}

export type AbsenceKind = 'vacation' | 'training' | 'away';

/** What a planner should know of a tour that can take place. */
export type Concern =
  | { kind: 'holiday'; date: LocalDate; name: string }
  | { kind: 'sunday'; date: LocalDate }
  | {
      kind: 'outsideWorkingTime';
      clerkId: number;
      position: number;
      date: LocalDate;
      /** Of the tour. */
      departureMinute: number;
      returnMinute: number;
      /** Of the clerk that day; none: a day without working time. */
      hours: WeeklyWindow[];
      /** How much of the tour lies outside the hours. */
      minutes: number;
      forAnnounced: boolean;
      freeClerkIds: number[];
    }
  /** Nothing is announced, and kit and crew together can do nothing. */
  | { kind: 'nothingPossible' }
  /** Announced and possible at another stop, but not at this one. */
  | { kind: 'serviceNotPossibleHere'; stop: number; venueId: number; serviceIds: number[] }
  /** Announced and possible at another counter, but not at this one (from 1). */
  | { kind: 'serviceNotPossibleAtCounter'; counter: number; clerkId: number; serviceIds: number[] }
  /** Nothing to do between two stops. */
  | {
      kind: 'longWait';
      stop: number;
      venueId: number;
      previousVenueId: number;
      fromMinute: MinuteOfDay;
      toMinute: MinuteOfDay;
      minutes: number;
    }
  | { kind: 'sameVenueTwice'; stop: number; firstStop: number; venueId: number };

/** Something that stands against a tour: "geht nicht" or "Achtung". */
export type Conflict = ({ severity: 'impossible' } & Obstacle) | ({ severity: 'warning' } & Concern);

/** Everything that stands against the plan, obstacles first; empty: nothing does. Never throws, whatever the plan. */
export function checkTour(input: CheckInput): Conflict[] {
  const subject = subjectOf(input);
  return [
    ...IMPOSSIBLE.flatMap((constraint) => constraint(subject)).map(
      (obstacle) => ({ severity: 'impossible', ...obstacle }) as const,
    ),
    ...WARNINGS.flatMap((constraint) => constraint(subject)).map(
      (concern) => ({ severity: 'warning', ...concern }) as const,
    ),
  ];
}

/** True when nothing but warnings is among them. */
export function isPossible(conflicts: readonly Conflict[]): boolean {
  return conflicts.every(({ severity }) => severity !== 'impossible');
}

/** "Geht nicht". In the order in which they are shown. */
const IMPOSSIBLE: readonly ((subject: Subject) => Obstacle[])[] = [
  dateInPast,
  unknownThings,
  noDepot,
  depotRetired,
  noKit,
  kitRetired,
  kitDefect,
  kitTaken,
  noCrew,
  clerkTwice,
  clerkRetired,
  clerkAbsent,
  clerkTaken,
  noStops,
  venueRetired,
  venueClosed,
  outsideOpeningWindow,
  badTime,
  stopsUnordered,
  stopsOverlap,
  tooCloseStops,
  tooManyCounters,
  serviceRetired,
  kitLacks,
  crewNotQualified,
  startsTooEarly,
  returnsTooLate,
  workingDayTooLong,
  noBreak,
];

/** "Achtung". */
const WARNINGS: readonly ((subject: Subject) => Concern[])[] = [
  holiday,
  sunday,
  outsideWorkingTime,
  nothingPossible,
  serviceNotPossibleHere,
  serviceNotPossibleAtCounter,
  longWait,
  sameVenueTwice,
];
