import type { ContactKind } from '../../domain/booking/appointment.ts';
import type { Instant, LocalDate, MinuteOfDay } from '../../domain/time.ts';
import type { Breach } from '../../domain/tours/affected.ts';
import type { Conflict } from '../../domain/tours/conflicts.ts';
import type { SkipReason } from '../../domain/tours/repeat.ts';
import type { TourPlan } from '../../domain/tours/tour.ts';

/** What the use cases of this feature take and answer. */

export type { Breach } from '../../domain/tours/affected.ts';

/** What a planner decides for one appointment whose promise a change would break. */
export type Decision =
  /** It stays with its stop, at the time `Affected.stayAt` says. */
  | { appointmentId: number; kind: 'stay' }
  | { appointmentId: number; kind: 'move'; stopId: number; tick: number }
  | { appointmentId: number; kind: 'cancel' };

/** An appointment whose promise a change would break. */
export interface Affected {
  appointmentId: number;
  reference: string;
  name: string;
  contactKind: ContactKind;
  contact: string | null;
  /** Names of the services in German and English, with persons. */
  services: readonly { de: string; en: string; persons: number }[];
  /** What was promised. */
  promised: { date: LocalDate; minute: MinuteOfDay; minutes: number; venueId: number };
  breaches: readonly Breach[];
  /** Where and when it would be if it stays; null: it cannot stay. */
  stayAt: { date: LocalDate; minute: MinuteOfDay; venueId: number } | null;
  /** Free times elsewhere or at another time, the best fitting first, at most eight. */
  options: readonly { stopId: number; tick: number; date: LocalDate; minute: MinuteOfDay; venueId: number }[];
  /** What was decided in the request, where that is no longer possible. */
  refused: Decision | null;
}

/** Somebody else has changed the tour meanwhile. */
export interface Stale {
  kind: 'stale';
  /** Who, as far as known. */
  by: string | null;
  at: Instant | null;
}

export interface SaveTour {
  /** Null: a new one, as a draft. */
  tourId: number | null;
  /** The version that was shown; ignored for a new one. */
  version: number;
  plan: TourPlan;
  decisions: readonly Decision[];
}

export type SaveOutcome =
  | { kind: 'saved'; tourId: number; version: number }
  | Stale
  /** Deleted, outside the planner's scope, or cancelled. */
  | { kind: 'gone' }
  /** The database refused a kit or clerk that is on another tour that day. */
  | { kind: 'taken'; kitId: number | null; clerkIds: readonly number[] }
  /** A published tour would break promises: each needs a decision. */
  | { kind: 'decide'; affected: readonly Affected[] }
  /** A published tour must be able to take place: what stands against the change, not what stood before it. */
  | { kind: 'impossible'; conflicts: readonly Conflict[] };

export type PublishOutcome =
  { kind: 'published' } | Stale | { kind: 'gone' } | { kind: 'impossible'; conflicts: readonly Conflict[] };

export type CancelOutcome =
  { kind: 'cancelled' } | Stale | { kind: 'gone' } | { kind: 'decide'; affected: readonly Affected[] };

/** Only drafts are deleted; what was published is cancelled. */
export type DeleteOutcome = { kind: 'deleted' } | Stale | { kind: 'gone' } | { kind: 'notADraft' };

export interface Repetition {
  tourId: number;
  /** 1 = every week, at most 8. */
  everyWeeks: number;
  /** 1 = Monday to 7 = Sunday. */
  weekdays: readonly number[];
  /** Inclusive. */
  until: LocalDate;
  /** State of the new tours. */
  as: 'draft' | 'published';
}

/** A tour to be published that could not take place, for other reasons than dates are usually skipped for. */
export interface NotPossible {
  kind: 'notPossible';
  conflicts: readonly Conflict[];
}

/** A date of a repetition: why it is skipped; no reasons: a tour is made. */
export interface RepetitionDay {
  date: LocalDate;
  skip: readonly (SkipReason | NotPossible)[];
}

/** Moves a tour: what is not named stays as it is. */
export interface MoveTour {
  tourId: number;
  version: number;
  date?: LocalDate;
  kitId?: number;
  clerkIds?: readonly number[];
  decisions: readonly Decision[];
}

/** Moves a stop, at its time of day, to another tour: one of the same day or a draft. */
export interface MoveStop {
  stopId: number;
  toTourId: number;
  /** Versions that were shown of the tour it leaves and the tour it goes to. */
  versions: { from: number; to: number };
  decisions: readonly Decision[];
}

/** `saved` names the tour the stop is on now. */
export type MoveStopOutcome =
  | SaveOutcome
  /** The other tour is published and on another day, or it is the same tour. */
  | { kind: 'notThere' };

export type RepeatOutcome =
  | { kind: 'repeated'; tourIds: readonly number[]; skipped: number }
  | { kind: 'gone' }
  /** Nothing is left to make. */
  | { kind: 'nothing' };
