import type { Actor, Scope } from '../../domain/access.ts';
import type { Directory, Locale } from '../../domain/booking/office.ts';
import type { AppointmentState } from '../../domain/booking/states.ts';
import type { LetterKind } from '../../domain/hotline/letters.ts';
import type { TextKind } from '../../domain/messages/message.ts';
import type { TextPieces } from '../../domain/messages/texts.ts';
import type { Instant, LocalDate, MinuteOfDay } from '../../domain/time.ts';

/** Who prints, with the municipalities whose letters they may print. */
export interface Printer {
  actor: Actor;
  scope: Scope;
}

/** A letter in a list: nothing of it but what tells letters apart. */
export interface ListedLetter {
  id: number;
  municipalityId: number;
  /** Nine symbols without separators. */
  reference: string;
  kind: LetterKind;
  state: AppointmentState;
  date: LocalDate;
  createdAt: Instant;
}

export interface PrintedLetter extends ListedLetter {
  printedAt: Instant;
  /** Null: no longer known. */
  printedBy: string | null;
  /** False once the appointment has begun, and while a newer letter to the same person waits or was printed. */
  canRepeat: boolean;
}

export interface LetterLine {
  serviceId: number;
  persons: number;
  /** For one person, when it was booked; null: set by the municipal statute. */
  feeCents: number | null;
  names: Readonly<Record<Locale, string>>;
  documents: Readonly<Record<Locale, readonly string[]>>;
}

/** A letter that waits, with everything it says as things stand now. */
export interface OpenLetter extends ListedLetter {
  appointmentId: number;
  locale: Locale;
  firstName: string | null;
  familyName: string | null;
  /** `extra`: a line of its own (c/o); null: none. */
  address: { extra: string | null; street: string; postcode: string; city: string };
  startTick: number;
  ticks: number;
  /** Null: where it was is no longer known. */
  venueId: number | null;
  /** The office had to cancel it; false: the person did, or it takes place. */
  cancelledByOffice: boolean;
  /** The office had to move it; missing or false: the person wished it, or nobody knows. */
  movedByOffice?: boolean;
  lines: readonly LetterLine[];
}

export interface Letters {
  /** Of appointments still to come, oldest letter first. */
  waiting(scope: Scope, now: Instant): Promise<ListedLetter[]>;
  /** Printed at or after `since`, newest first. */
  printed(scope: Scope, since: Instant, now: Instant, limit: number): Promise<PrintedLetter[]>;
  /** The waiting letters of one municipality, oldest first. */
  open(municipalityId: number, now: Instant, limit: number): Promise<OpenLetter[]>;
}

/** What one transaction can do with letters. */
export interface LetterUnit {
  /** The waiting letters about these appointments; neither they nor the appointments change until the unit ends. */
  lockOpen(scope: Scope, appointmentIds: readonly number[]): Promise<OpenLetter[]>;
  /** Which of these appointments there are, and the letters about them that were printed. */
  known(
    scope: Scope,
    appointmentIds: readonly number[],
  ): Promise<{ appointmentId: number; reference: string; printedIds: readonly number[] }[]>;
  /** Marks letters that `lockOpen` found, with one entry in the history for each municipality. */
  mark(printer: Printer, letters: readonly OpenLetter[], now: Instant): Promise<void>;
  /**
   * Puts a printed letter into the queue again, if none waits already.
   * @returns null for what does not exist in the scope; `no` when the appointment has begun or its data is gone
   */
  repeat(printer: Printer, letterId: number, now: Instant): Promise<'queued' | 'waits' | 'no' | null>;
}

export type RunLetterUnit = <T>(work: (unit: LetterUnit) => Promise<T>) => Promise<T>;
/** What a municipality worded itself, the same as in mails; `NO_PIECES` where it did not. */
export type ReadTexts = (municipalityId: number, kind: TextKind, locale: Locale) => Promise<TextPieces>;
export type ReadDirectory = () => Promise<Directory>;

export interface Clock {
  now(): Instant;
}

export interface Zone {
  local(instant: Instant): { date: LocalDate; minute: MinuteOfDay };
}
