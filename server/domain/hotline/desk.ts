import type { Scope } from '../access.ts';
import type { Appointment } from '../booking/appointment.ts';
import type { Instant, LocalDate } from '../time.ts';

/** What is agreed between the screen of the hotline and the bookings behind it. */

/** Who sits at the telephone. */
export interface Agent {
  userId: number;
  name: string;
  /** The municipalities whose calls the agent takes. */
  scope: Scope;
}

/** Where a letter goes; as typed, so parts may be empty until checked. */
export interface PostalAddress {
  /** A line of its own: c/o, part of a house; empty: none. */
  extra: string;
  street: string;
  /** Five digits. */
  postcode: string;
  city: string;
}

/** How a caller hears of the appointment besides the call itself. */
export type CallerContactKind = 'phone' | 'email' | 'letter' | 'none';

/** Who comes, as the agent typed it. */
export interface CallerInput {
  firstName: string | null;
  familyName: string | null;
  /** Null: not chosen yet. */
  contactKind: CallerContactKind | null;
  /** Number or e-mail address; null for letter and none. */
  contact: string | null;
  /** Only for a letter. */
  address: PostalAddress | null;
}

export type CallerField =
  'firstName' | 'familyName' | 'contactKind' | 'email' | 'phone' | 'extra' | 'street' | 'postcode' | 'city';

export type CallerProblem =
  'missing' | 'tooLong' | 'notAName' | 'noAt' | 'noDomain' | 'noLocalPart' | 'malformed' | 'notAPhone' | 'notAPostcode';

/** An appointment that the caller may have already. */
export interface SimilarAppointment {
  id: number;
  reference: string;
  date: LocalDate;
  startTick: number;
  stopId: number;
  serviceIds: readonly number[];
  firstName: string | null;
  familyName: string | null;
  /** `contact`: same telephone or e-mail; `name`: same name and a service in common. */
  because: 'contact' | 'name';
}

export type BookForCaller =
  /** Booked now or before: sending the same twice gives the same answer. */
  | { kind: 'booked'; appointment: Appointment }
  /** Nothing was booked: perhaps one of these should be moved instead. */
  | { kind: 'similar'; appointments: readonly SimilarAppointment[] }
  | { kind: 'slotTaken' }
  | { kind: 'tooManyOpen'; max: number }
  | { kind: 'incomplete'; problems: ReadonlyMap<CallerField, CallerProblem> }
  | { kind: 'unknown' };

export type MoveForCaller =
  | { kind: 'moved'; appointment: Appointment }
  | { kind: 'slotTaken' }
  /** The visit is gone, is over, or cannot do these services; or there is no room for their minutes. */
  | { kind: 'notOffered' }
  /** Begun, cancelled, unknown, or of a municipality the agent takes no calls for. */
  | { kind: 'notChangeable' };

/** How somebody asks for an appointment: both parts, or the reference. */
export type LookUp = { by: 'reference'; reference: string } | { by: 'name'; familyName: string; date: LocalDate };

export type LookUpOutcome =
  | { kind: 'found'; secret: string }
  /** More than one has this name on that day: the reference is needed. */
  | { kind: 'several' }
  | { kind: 'none' };

/** One call: what an agent has on the screen. It opens exactly one appointment, for this agent only. */
export interface Call {
  token: string;
  userId: number;
  purpose: 'booking' | 'managing';
  /** Of the appointment that is held, booked or looked up; null: none yet. */
  secret: string | null;
  /** What stands in the search box. */
  query: string;
  startedAt: Instant;
}
