import type { Appointment, NewHold, Occupancy, PersonalDetails } from '../../domain/booking/appointment.ts';
import type { BookingChannel } from '../../domain/booking/channels.ts';
import type { Directory } from '../../domain/booking/office.ts';
import type { VerifyMails } from '../../domain/booking/pending.ts';
import type { LetterKind } from '../../domain/hotline/letters.ts';
import type { ChangedBy, MessageKind } from '../../domain/messages/message.ts';
import type { Instant, LocalDate, MinuteOfDay } from '../../domain/time.ts';
import type { Stop, StopQuery, StopWithCounters } from '../../domain/tours/stop.ts';

/** The newest picture of the office, at most some seconds old. */
export type ReadDirectory = () => Promise<Directory>;

/** Reads published stops. */
export interface Availability {
  /** Ascending by date, time, venue. One query, whatever the number of venues and days. */
  stops(query: StopQuery): Promise<Stop[]>;
  stop(id: number): Promise<Stop | undefined>;
  /**
   * Adds counters and taken ticks: two queries for all stops together.
   * @param exceptAppointment its ticks count as free (for moving it)
   * @param channel for the hotline a cancelled time is free at once; default: online
   */
  withCounters(
    stops: readonly Stop[],
    now: Instant,
    exceptAppointment?: number,
    channel?: BookingChannel,
  ): Promise<StopWithCounters[]>;
}

/** Reads appointments by what the citizen holds in hand. */
export interface Appointments {
  bySecret(secret: string): Promise<Appointment | undefined>;
  byReference(reference: string): Promise<(Appointment & { familyKey: string | null }) | undefined>;
  openOfContact(contactKey: string, now: Instant): Promise<number>;
  /** Where a stop is, also one that does not take place; undefined: it does not exist any more. */
  placeOfStop(stopId: number): Promise<{ venueId: number | null; municipalityId: number } | undefined>;
}

/** What one transaction can do with appointments; nothing is kept when it throws. */
export interface AppointmentUnit {
  /** The stop while its tour is published; the tour can't change until the unit ends. */
  publishedStop(stopId: number): Promise<Stop | undefined>;
  withCounters(
    stops: readonly Stop[],
    now: Instant,
    exceptAppointment?: number,
    channel?: BookingChannel,
  ): Promise<StopWithCounters[]>;
  bySecret(secret: string): Promise<Appointment | undefined>;
  /** @returns 'taken' when secret or reference exist already */
  insertHold(hold: NewHold): Promise<number | 'taken'>;
  /**
   * Occupies the ticks of an appointment: new ones, expired ones of somebody else, or its own.
   * @param freeAt when they may be taken over; null: never
   * @param channel the hotline may take a cancelled time before it opens again; default: online
   * @returns false when at least one belongs to somebody else; the caller must refuse the unit then, or
   *   release all of it
   */
  occupy(
    id: number,
    place: Occupancy,
    freeAt: Instant | null,
    now: Instant,
    channel?: BookingChannel,
  ): Promise<boolean>;
  /** Gives up what the appointment occupies outside `keep`; it stays closed until `reopenAt`, null: free at once. */
  release(id: number, keep: Occupancy | null, reopenAt: Instant | null): Promise<void>;
  /** Puts time, services and hold of a held appointment anew. */
  replaceHold(id: number, hold: Pick<NewHold, 'holdUntil' | 'lines' | 'originPlaceId'> & Occupancy): Promise<void>;
  saveDetails(id: number, details: PersonalDetails): Promise<void>;
  extendHold(id: number, holdUntil: Instant, extensions: number): Promise<void>;
  /** held → confirmed. @returns false when it is not held any more */
  confirm(id: number, now: Instant): Promise<boolean>;
  /** held → pending until this instant. @returns false when it is not held any more */
  awaitConfirmation(id: number, until: Instant): Promise<boolean>;
  /** pending → confirmed. @returns false when it is not pending any more */
  confirmPending(id: number, now: Instant): Promise<boolean>;
  /** How often the address of this appointment was asked to be confirmed. */
  verifyMails(id: number): Promise<VerifyMails>;
  /** Takes one of the places a contact has for open appointments. @returns false when all are taken */
  claimContact(id: number, contactKey: string, max: number, endsAt: Instant, now: Instant): Promise<boolean>;
  /** Keeps the place this appointment has for its contact until then. @returns false when it has none */
  keepContact(id: number, endsAt: Instant): Promise<boolean>;
  releaseContact(id: number): Promise<void>;
  /** confirmed or pending → new place; a pending one waits until the same moment as before. @returns false when it is not open any more */
  relocate(id: number, place: Occupancy): Promise<boolean>;
  /** confirmed or pending → cancelled. @returns false when it is not open any more */
  cancel(id: number, now: Instant): Promise<boolean>;
  /** Deletes a hold with all that was typed; its ticks are free at once. */
  discard(id: number): Promise<void>;
  /**
   * Has somebody with an address for letters written to about a change they asked for; of what waits already, one
   * letter is left. @returns its id; null: there is nothing to write, or no address
   */
  queueLetter(id: number, kind: LetterKind, now: Instant): Promise<number | null>;
  /**
   * Has somebody with an e-mail address (or a mobile number, where the office sends short messages) told of what was
   * just changed in this unit. @returns its id; null: there is no way to tell them
   */
  queueMessage(message: NewMessage, now: Instant): Promise<number | null>;
}

/** What somebody is to be told; the facts are those of the appointment as this unit has left it. */
export interface NewMessage {
  appointmentId: number;
  kind: Exclude<MessageKind, 'late'>;
  changedBy: ChangedBy;
  /** Of a move: where and when it was before. */
  before?: { date: LocalDate; startTick: number; venueId: number | null } | null;
}

/**
 * Runs `work` in one transaction: durable when it answers, without any trace when it throws. A thrown `Refusal`
 * (domain/refusal.ts) is answered as its value.
 */
export type RunAppointmentUnit = <T>(work: (unit: AppointmentUnit) => Promise<T>) => Promise<T>;

/** Slows down who guesses references. Addresses are kept as keyed hashes only. */
export interface LookupGuard {
  /** @returns until when this address has to wait, or null */
  blockedUntil(address: string, now: Instant): Promise<Instant | null>;
  /** Counts a failure. @returns until when this address has to wait now, or null */
  failed(address: string, now: Instant): Promise<Instant | null>;
}

export interface Clock {
  now(): Instant;
}

/** Wall-clock time of the office. */
export interface Zone {
  /** IANA name, e.g. Europe/Berlin. */
  readonly name: string;
  instantAt(date: LocalDate, minute: MinuteOfDay): Instant;
  local(instant: Instant): { date: LocalDate; minute: MinuteOfDay };
}

export interface Randomness {
  /** Uniform from 0 inclusive to max exclusive, not predictable. */
  int(max: number): number;
  /** 22 characters, 128 bit, for addresses. */
  secret(): string;
  /** Uniform in [0, 1). */
  fraction(): number;
}
