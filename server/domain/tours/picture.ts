import type { Coordinates } from '../geo.ts';
import type { LocalDate, MinuteOfDay } from '../time.ts';
import type { TourWithLoad } from './tour.ts';

/**
 * Everything that planning tours by hand looks at, for a span of days, as one consistent picture: read in a few
 * queries, asked by pure functions. It holds only what belongs to municipalities in the planner's scope; of tours of
 * others it says no more than that a kit or a clerk is busy.
 */
export interface PlanningPicture {
  municipalities: ReadonlyMap<number, PlanningMunicipality>;
  depots: ReadonlyMap<number, PlanningDepot>;
  venues: ReadonlyMap<number, PlanningVenue>;
  kits: ReadonlyMap<number, PlanningKit>;
  clerks: ReadonlyMap<number, PlanningClerk>;
  services: ReadonlyMap<number, PlanningService>;
  closings: readonly Closing[];
  /** All states, ascending by date, first stop, id. */
  tours: readonly TourWithLoad[];
  /** Kits and clerks that are on a tour (not cancelled) that day, also on tours that are not in `tours`. */
  busy: readonly Busy[];
}

export interface PlanningMunicipality {
  id: number;
  slug: string;
  name: string;
  /** Of public holidays: federal state as in ISO 3166-2:DE without "DE-", e.g. SN. */
  holidayRegion: string;
  setUpMinutes: number;
  tearDownMinutes: number;
  /** Work on one day at most, breaks not counted (ArbZG § 3). */
  maxWorkingMinutes: number;
  /** After so much work without one a break is due (ArbZG § 4). */
  breakAfterMinutes: number;
  breakMinutes: number;
}

export interface PlanningDepot {
  id: number;
  municipalityId: number;
  name: string;
  at: Coordinates;
  retired: boolean;
}

/** A span of one weekday; 1 = Monday to 7 = Sunday. */
export interface WeeklyWindow {
  weekday: number;
  /** Inclusive. */
  fromMinute: MinuteOfDay;
  /** Exclusive. */
  toMinute: MinuteOfDay;
}

export interface PlanningVenue {
  id: number;
  slug: string;
  municipalityId: number;
  name: string;
  locality: string;
  at: Coordinates;
  retired: boolean;
  /** When it is open; none at all: not known, no check. */
  windows: readonly WeeklyWindow[];
}

export interface Closing {
  municipalityId: number;
  /** Null: the whole municipality. */
  venueId: number | null;
  /** Inclusive. */
  fromDate: LocalDate;
  /** Inclusive. */
  toDate: LocalDate;
  reason: string;
}

export interface PlanningKit {
  id: number;
  municipalityId: number;
  name: string;
  depotId: number;
  status: 'ready' | 'defect';
  capabilities: readonly string[];
  retired: boolean;
}

export interface PlanningClerk {
  id: number;
  municipalityId: number;
  name: string;
  depotId: number | null;
  /** Ids of services. */
  qualifiedFor: readonly number[];
  /** Weekly working time; none at all: not known, no check. */
  hours: readonly WeeklyWindow[];
  absences: readonly { fromDate: LocalDate; toDate: LocalDate; kind: 'vacation' | 'training' | 'away' }[];
  retired: boolean;
}

export interface PlanningService {
  id: number;
  /** German and English. */
  names: Readonly<Record<'de' | 'en', string>>;
  minutes: number;
  needs: readonly string[];
  retired: boolean;
}

export interface Busy {
  date: LocalDate;
  what: 'kit' | 'clerk';
  /** Of the kit or clerk. */
  id: number;
  tourId: number;
  /** False: a tour of a municipality outside the planner's scope, of which nothing more is told. */
  visible: boolean;
}
