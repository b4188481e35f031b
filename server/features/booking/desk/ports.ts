import type { Scope } from '../../../domain/access.ts';
import type { AuditEntry } from '../../../domain/audit.ts';
import type { Appointment } from '../../../domain/booking/appointment.ts';
import type { PostalAddress } from '../../../domain/hotline/desk.ts';
import type { LettersSoFar } from '../../../domain/hotline/letters.ts';
import type { Candidate } from '../../../domain/hotline/similar.ts';
import type { Instant, LocalDate } from '../../../domain/time.ts';
import type { HoldDeps } from '../holdTime.ts';
import type { AppointmentUnit } from '../ports.ts';

/** Open appointments that a caller may have already. */
export interface SimilarQuery {
  /** Null: no contact was given. */
  contactKey: string | null;
  /** Null: no family name was given. */
  familyKey: string | null;
  /** At least one of these is in common when only the name is the same. */
  serviceIds: readonly number[];
  /** Begins after this. */
  from: Instant;
  /** Begins until this, inclusive. */
  to: Instant;
  scope: Scope;
  /** The one being booked. */
  except: number;
  /** Only this one; undefined: all. */
  only?: number;
}

/** An appointment that was looked up; `state` is anything but held or expired. */
export interface LookedUp {
  id: number;
  secret: string;
  municipalityId: number;
}

/** What one transaction of an agent can do. */
export interface DeskUnit extends AppointmentUnit {
  /** Locked until the unit ends; undefined also when its personal data is deleted. */
  byId(id: number): Promise<Appointment | undefined>;
  /** The municipality a stop is in, published or not. */
  municipalityOfStop(stopId: number): Promise<number | undefined>;
  /** @param address null: none is kept any more */
  saveAddress(id: number, address: PostalAddress | null): Promise<void>;
  similar(query: SimilarQuery): Promise<Candidate[]>;
  /** Undefined: no address. */
  letters(id: number): Promise<LettersSoFar | undefined>;
  /** A message about it is on its way, or waits to be. */
  messageWaits(id: number): Promise<boolean>;
  lastNote(id: number): Promise<{ text: string; at: Instant; userId: number | null } | undefined>;
  insertNote(id: number, text: string, at: Instant, userId: number): Promise<void>;
  /** At most two, in the scope. */
  byReference(reference: string, scope: Scope): Promise<LookedUp[]>;
  /** At most two, in the scope. */
  byName(familyKey: string, date: LocalDate, scope: Scope): Promise<LookedUp[]>;
  audit(author: { userId: number; name: string }, at: Instant, entry: AuditEntry): Promise<void>;
}

/** Reads outside of a transaction. */
export interface DeskAppointments {
  bySecret(secret: string): Promise<Appointment | undefined>;
  similar(query: SimilarQuery): Promise<Candidate[]>;
}

export interface DeskDeps extends HoldDeps {
  unit: <T>(work: (unit: DeskUnit) => Promise<T>) => Promise<T>;
  appointments: DeskAppointments;
}
