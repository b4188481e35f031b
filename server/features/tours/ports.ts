import type { MapSettings } from '../../web/mapView.ts';
import type { Actor, Scope } from '../../domain/access.ts';
import type { RecordedEntry } from '../../domain/audit.ts';
import type { ContactKind } from '../../domain/booking/appointment.ts';
import type { Locale } from '../../domain/booking/office.ts';
import type { Instant, LocalDate, MinuteOfDay } from '../../domain/time.ts';
import type { TravelTimes } from '../../domain/routing/travel.ts';
import type { PlanningPicture } from '../../domain/tours/picture.ts';
import type { DayRoute, TourTimes } from '../../domain/tours/times.ts';
import type { Tour } from '../../domain/tours/tour.ts';

export type { RunTourUnit, TourUnit } from './unit.ts';

/** What the tours feature needs from outside. Written by compose.ts, checked there. */

/** Reads the picture for tours and busy days from `fromDate` to `toDate`, both inclusive. */
export type ReadPicture = (scope: Scope, fromDate: LocalDate, toDate: LocalDate) => Promise<PlanningPicture>;

/** To be asked outside of transactions only; inside there is `KnownTravel`. */
export type { TravelTimes };

export interface Holidays {
  /** Name of the public holiday in this federal state (`SN` …), or null. */
  on(date: LocalDate, region: string): string | null;
}

export interface Clock {
  now(): Instant;
}

export interface Zone {
  readonly name: string;
  instantAt(date: LocalDate, minute: MinuteOfDay): Instant;
  local(instant: Instant): { date: LocalDate; minute: MinuteOfDay };
}

/** Somebody who plans: the actor with the municipalities in which tours may be changed. */
export interface Planner {
  actor: Actor;
  scope: Scope;
}

/** The tour with this id, if it belongs to a municipality of the scope. */
export type ReadTour = (scope: Scope, tourId: number) => Promise<Tour | null>;

/** Id of the tour a stop is on. */
export type ReadTourOfStop = (stopId: number) => Promise<number | null>;

/** What the times of a tour are to be computed from, as it is now. */
export interface TourRoute {
  tourId: number;
  date: LocalDate;
  version: number;
  route: DayRoute;
  /** When the stored times were computed; null: there are none. */
  computedAt: Instant | null;
}

export interface StoredTimes {
  /** By tour; they may be out of date, their basis tells. */
  storedTimes(tourIds: readonly number[]): Promise<ReadonlyMap<number, TourTimes>>;
  /** Of these tours, or of all between both dates, both inclusive, earliest first; none of cancelled tours. */
  routes(
    which: { tourIds: readonly number[] } | { fromDate: LocalDate; toDate: LocalDate },
  ): Promise<readonly TourRoute[]>;
}

/** What was changed in a tour, newest first; empty for a tour outside the scope. */
export type ReadTourHistory = (scope: Scope, tourId: number) => Promise<readonly RecordedEntry[]>;

/** What the crew wrote down for the office on the way. */
export interface TourNote {
  key: string;
  text: string;
  at: Instant;
  by: string | null;
}

/** The notes of a tour, oldest first. */
export type ReadTourNotes = (tourId: number) => Promise<readonly TourNote[]>;

/** Where and when something is, in words that a person can be told. */
export interface CallPlace {
  date: LocalDate;
  minute: MinuteOfDay;
  venue: { id: number; name: string; locality: string } | null;
}

/** Somebody who has to be told of a change. */
export interface Call {
  id: number;
  /** What was last decided: other date or venue (`changed`), another time (`moved`), or `cancelled`. */
  kind: 'changed' | 'moved' | 'cancelled';
  createdAt: Instant;
  doneAt: Instant | null;
  /** Name of who has called. */
  doneBy: string | null;
  /** Null once the personal data has been deleted. */
  reference: string | null;
  firstName: string | null;
  familyName: string | null;
  contactKind: ContactKind | null;
  contact: string | null;
  locale: Locale;
  /** What the person had been told last. */
  old: CallPlace;
  /** What holds now; null: cancelled. */
  now: (CallPlace & { minutes: number }) | null;
}

export interface CallList {
  /** Oldest visit first. */
  open(scope: Scope): Promise<readonly Call[]>;
  /** Those done, the last one first. */
  done(scope: Scope, limit: number): Promise<readonly Call[]>;
  /** Notes that the person was told. Twice is the same as once. @returns false outside the scope */
  markDone(planner: Planner, callId: number): Promise<boolean>;
}

export interface Randomness {
  /** Names a series of tours: 22 characters. */
  series(): string;
}

export type { MapSettings };
