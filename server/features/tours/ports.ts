import type { Actor, Scope } from '../../domain/access.ts';
import type { Coordinates } from '../../domain/geo.ts';
import type { Instant, LocalDate, MinuteOfDay } from '../../domain/time.ts';
import type { PlanningPicture, TravelMatrix } from '../../domain/tours/picture.ts';

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
