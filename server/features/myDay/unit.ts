import type { AuditEntry } from '../../domain/audit.ts';
import type { AppointmentLine, Occupancy } from '../../domain/booking/appointment.ts';
import type { AppointmentState } from '../../domain/booking/states.ts';
import type { Instant, LocalDate, MinuteOfDay } from '../../domain/time.ts';
import type { TourAction } from './ports.ts';

/** A tour of somebody's own crew, locked: nobody else ticks, books or plans there until the unit ends. */
export interface LockedTour {
  id: number;
  date: LocalDate;
  municipalityId: number;
  /** The user, for the history. */
  userName: string;
}

/** Who is at a stop of the tour, or was to be. */
export interface DayAppointment {
  id: number;
  state: AppointmentState;
  endsAt: Instant;
  /** When the crew last ticked it (by when it happened); null: never. */
  lastAt: Instant | null;
}

/** A stop of the tour with its counters and what is taken of them. */
export interface DayStop {
  id: number;
  venue: string;
  kitId: number | null;
  fromMinute: MinuteOfDay;
  /** Exclusive. */
  toMinute: MinuteOfDay;
  counters: readonly {
    counter: number;
    clerkId: number | null;
    /** Times that open again later for the public are free for the office, and not among these. */
    taken: readonly number[];
  }[];
}

export interface RecordedAction {
  kind: TourAction['kind'];
  appointmentId: number | null;
  stateBefore: AppointmentState | null;
  isUndone: boolean;
}

/** What somebody wants to do under a key: an action, or to take one back. */
export type Meant =
  | Pick<NewAction, 'tourId' | 'kind' | 'appointmentId' | 'minutes' | 'text'>
  | { tourId: number; kind: 'walkIn'; familyName: string | null; firstName: string | null }
  | { tourId: number; undoes: string };

export interface NewAction {
  key: string;
  tourId: number;
  kind: TourAction['kind'];
  appointmentId: number | null;
  stateBefore: AppointmentState | null;
  minutes: number | null;
  text: string | null;
  at: Instant;
  recordedAt: Instant;
  userId: number;
}

/** Somebody who came without an appointment, and has one from now on. */
export interface NewWalkIn extends Occupancy {
  reference: string;
  secret: string;
  familyName: string | null;
  firstName: string | null;
  /** The family name folded, for finding the appointment by it. */
  familyKey: string | null;
  createdAt: Instant;
  lines: readonly AppointmentLine[];
}

/** What one transaction can do with a day. */
export interface DayUnit {
  /**
   * The tour of this thing, if it is published and this user is of its crew (see `CrewDays`), locked until the unit
   * ends. Null: else.
   */
  lock(
    userId: number,
    what: { tourId: number } | { stopId: number } | { appointmentId: number },
  ): Promise<LockedTour | null>;
  /**
   * Whether this key is new, was used for the same before (it was only sent again), or for something else, here or on
   * any other tour: then nothing was done of what is meant now.
   */
  keyUse(key: string, meant: Meant): Promise<'new' | 'same' | 'other'>;
  /** Null: not on this tour. */
  appointment(tourId: number, appointmentId: number): Promise<DayAppointment | null>;
  /** Null: not on this tour. */
  stop(tourId: number, stopId: number, now: Instant): Promise<DayStop | null>;
  /** @returns false when an action has its key already, of whatever tour */
  record(action: NewAction): Promise<boolean>;
  /** Null: not of this tour. */
  action(tourId: number, key: string): Promise<RecordedAction | null>;
  markUndone(key: string, undoKey: string, at: Instant): Promise<void>;
  /**
   * Sets the state of an appointment. One that is no longer to come gives its contact's place free; one that is again
   * takes it back if it is still free. Its time stays its own, unless whoever plans has changed the tour meanwhile.
   * @returns false when it is to come again and its time is gone: somebody has it, or it was on another date; then
   *   refuse the unit
   */
  setState(appointmentId: number, state: AppointmentState, now: Instant): Promise<boolean>;
  /** Cancels; the time is free at once. */
  cancel(appointmentId: number, now: Instant): Promise<void>;
  /** @returns its id, or 'taken' when secret or reference exist already or somebody has the time; then refuse the unit */
  insertWalkIn(walkIn: NewWalkIn, now: Instant): Promise<number | 'taken'>;
  /** Sets which things are packed. */
  pack(tourId: number, items: readonly string[], userId: number, at: Instant): Promise<void>;
  audit(author: { userId: number; name: string }, at: Instant, entry: AuditEntry): Promise<void>;
}

/** Runs `work` in one transaction; a thrown `Refusal` undoes it and is answered. `work` may be run more than once. */
export type RunDayUnit = <T>(work: (unit: DayUnit) => Promise<T>) => Promise<T>;
