import type { Actor, Scope } from '../../domain/access.ts';
import type { RecordedEntry } from '../../domain/audit.ts';
import type { ContactKind } from '../../domain/booking/appointment.ts';
import type { Locale } from '../../domain/booking/office.ts';
import type { Coordinates } from '../../domain/geo.ts';
import type { Instant, LocalDate, MinuteOfDay } from '../../domain/time.ts';
import type { PlanningPicture, TravelMatrix } from '../../domain/tours/picture.ts';
import type { Tour } from '../../domain/tours/tour.ts';

export type { RunTourUnit, TourUnit } from './unit.ts';

/** What the tours feature needs from outside. Written by compose.ts, checked there. */

/** Reads the picture for tours and busy days from `fromDate` to `toDate`, both inclusive. */
export type ReadPicture = (scope: Scope, fromDate: LocalDate, toDate: LocalDate) => Promise<PlanningPicture>;

/** How long the way takes; `estimated` says that it is computed from the distance, not from roads. */
export interface TravelTimes {
  readonly estimated: boolean;
  /** All ways between the places. */
  matrix(places: readonly Coordinates[]): Promise<TravelMatrix>;
}

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

/** What was changed in a tour, newest first; empty for a tour outside the scope. */
export type ReadTourHistory = (scope: Scope, tourId: number) => Promise<readonly RecordedEntry[]>;

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

/** Where the map's parts come from; null tiles: the map keeps a neutral ground. */
export interface MapSettings {
  tiles: {
    attribution: string;
    area: { south: number; west: number; north: number; east: number };
    zoom: { min: number; max: number };
  } | null;
  leafletJs: string;
  leafletCss: string;
}
