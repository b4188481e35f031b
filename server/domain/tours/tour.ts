import type { Instant, LocalDate, MinuteOfDay } from '../time.ts';

/** A tour as a planner makes it: one local date, one kit, a crew, a depot, stops with announced times. */

export const TOUR_STATES = ['draft', 'published', 'cancelled'] as const;
export type TourState = (typeof TOUR_STATES)[number];

/** Halt with appointments at a venue. */
export interface PlannedStop {
  /** Null: not saved yet. */
  id: number | null;
  venueId: number;
  /** Announced time, inclusive, on the five-minute grid. */
  fromMinute: MinuteOfDay;
  /** Exclusive. */
  toMinute: MinuteOfDay;
  /** Counter n is staffed by the n-th of the crew. */
  counters: number;
  setUpMinutes: number;
  tearDownMinutes: number;
}

/** What a planner decides about a tour. */
export interface TourPlan {
  municipalityId: number;
  date: LocalDate;
  /** Where it starts and ends. */
  depotId: number | null;
  kitId: number | null;
  /** In the order of the counters they staff. */
  clerkIds: readonly number[];
  /** Ids of the services that are announced; null: whatever kit and crew can do. */
  announced: readonly number[] | null;
  /** For those who work with the program. */
  note: string | null;
  /** In the order of the day. */
  stops: readonly PlannedStop[];
}

export interface Tour extends TourPlan {
  id: number;
  state: TourState;
  /** Raised by each change; who changes an older one is told. */
  version: number;
  /** The same for all tours made by one repetition; null: made alone. */
  series: string | null;
  createdAt: Instant;
  publishedAt: Instant | null;
  cancelledAt: Instant | null;
}

/** A tour with what is booked on it, for the board. */
export interface TourWithLoad extends Tour {
  /** Minutes of the counters that can be booked, and that are booked or held. */
  possibleMinutes: number;
  bookedMinutes: number;
  /** Appointments that are to come, not those who only hold a time. */
  appointments: number;
}

/** How a tour is called in sentences and lists. */
export function tourNumber(tourId: number): string {
  return String(tourId);
}
