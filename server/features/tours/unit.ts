import type { Scope } from '../../domain/access.ts';
import type { AuditEntry } from '../../domain/audit.ts';
import type { ContactKind, Occupancy } from '../../domain/booking/appointment.ts';
import type { Instant, LocalDate, MinuteOfDay } from '../../domain/time.ts';
import type { BookedTime } from '../../domain/tours/affected.ts';
import type { PlanningPicture } from '../../domain/tours/picture.ts';
import type { DayRoute, TourTimes } from '../../domain/tours/times.ts';
import type { Tour, TourPlan, TourState } from '../../domain/tours/tour.ts';

/** A plan with the instants of its stops, in the order of `plan.stops`. */
export interface TimedPlan {
  plan: TourPlan;
  instants: readonly { startsAt: Instant; endsAt: Instant }[];
}

/** Kit and clerks that are on another tour that day. */
export interface Taken {
  kitId: number | null;
  clerkIds: readonly number[];
}

/** Somebody's time at a stop, with what a planner may see of the person. */
export interface BookedAppointment extends BookedTime {
  stopId: number;
  startsAt: Instant;
  endsAt: Instant;
  /** From when on its time is free; null once it is booked for good. */
  holdUntil: Instant | null;
  reference: string;
  name: string;
  contactKind: ContactKind;
  contact: string | null;
  lines: readonly { serviceId: number; persons: number }[];
}

/** A stop at which appointments can be made. */
export interface OpenStop {
  id: number;
  tourId: number;
  date: LocalDate;
  fromMinute: MinuteOfDay;
  toMinute: MinuteOfDay;
  venueId: number;
  kitId: number;
  announced: readonly number[] | null;
  counters: readonly {
    counter: number;
    clerkId: number | null;
    /** What is taken, and by which appointment; times that reopen later for the public are free for the office. */
    taken: readonly { tick: number; appointmentId: number }[];
  }[];
}

/** An appointment that somebody is told of, with what had been promised. */
export interface Told {
  appointmentId: number;
  kind: 'changed' | 'moved' | 'cancelled';
  promised: { date: LocalDate; minute: MinuteOfDay; venueId: number };
}

/** What one transaction can do with tours. */
export interface TourUnit {
  picture(scope: Scope, fromDate: LocalDate, toDate: LocalDate, now: Instant): Promise<PlanningPicture>;
  /** The tours by id, locked until the unit ends: meanwhile nobody books there or changes an appointment. */
  lock(tourIds: readonly number[]): Promise<Map<number, Tour>>;
  /** Id of the tour a stop is on. */
  tourOfStop(stopId: number): Promise<number | null>;
  lastChange(tourId: number): Promise<{ by: string; at: Instant } | null>;
  audit(author: { userId: number; name: string }, at: Instant, entry: AuditEntry): Promise<void>;

  insert(timed: TimedPlan, as: 'draft' | 'published', series: string | null, now: Instant): Promise<number | Taken>;
  /**
   * Writes a plan over what the tour was and raises its version. Counters and stops it no longer has are left for
   * `tidy`, because appointments may still be there.
   * @returns ids of the stops in the order of the plan
   */
  write(tourId: number, timed: TimedPlan): Promise<{ stopIds: number[] } | Taken>;
  /** Sets the state, with its time, and raises the version; a cancelled tour gives kit and crew free. */
  setState(tourId: number, state: TourState, now: Instant): Promise<void>;
  setSeries(tourId: number, series: string): Promise<void>;
  /** Removes the counters and stops that the plan has not; what was cancelled there stays on record. */
  tidy(tourId: number, keep: readonly { stopId: number; counters: number }[], now: Instant): Promise<void>;
  delete(tourId: number): Promise<void>;
  /** What the times of a tour are to be computed from, as it is now; null: no such tour, or cancelled. */
  route(tourId: number): Promise<DayRoute | null>;
  /** Writes the times of a tour, locked or made in this unit, over those it had; null: it has none. */
  writeTimes(tourId: number, times: TourTimes | null, now: Instant): Promise<void>;

  /** Who has time at the stops of a tour, by time. */
  booked(tourId: number, now: Instant): Promise<BookedAppointment[]>;
  /** Gives up all ticks of these appointments; they are free at once. */
  release(appointmentIds: readonly number[]): Promise<void>;
  /** Takes the ticks; false: somebody has one of them. */
  occupy(appointmentId: number, place: Occupancy, freeAt: Instant | null, now: Instant): Promise<boolean>;
  /** Writes where an appointment is now. @param isNews raises what calendars count changes by */
  relocate(appointmentId: number, place: Occupancy, isNews: boolean): Promise<void>;
  changeCounter(appointmentId: number, counter: number): Promise<void>;
  cancel(appointmentId: number, now: Instant): Promise<void>;
  discard(holdIds: readonly number[]): Promise<void>;
  /** Puts somebody on the call list. Who is on it already was first told something else: that is kept. */
  tell(told: Told, now: Instant): Promise<void>;

  /** Published stops between the dates, both inclusive, of tours and venues in the scope. */
  openStops(scope: Scope, fromDate: LocalDate, toDate: LocalDate, now: Instant): Promise<OpenStop[]>;
  /** One of them, its tour locked against changes. */
  openStop(scope: Scope, stopId: number, now: Instant): Promise<OpenStop | null>;
}

/** Runs `work` in one transaction; a thrown `Refusal` undoes it and is answered. `work` may be run more than once. */
export type RunTourUnit = <T>(work: (unit: TourUnit) => Promise<T>) => Promise<T>;
