import type { AppointmentLine } from '../booking/appointment.ts';
import type { Locale } from '../booking/office.ts';
import type { AppointmentState } from '../booking/states.ts';
import type { Instant, LocalDate } from '../time.ts';

/** What citizens are told, and its way out. */

export const MESSAGE_KINDS = ['verify', 'booked', 'moved', 'cancelled', 'reminder', 'late'] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];

export const MESSAGE_CHANNELS = ['email', 'sms'] as const;
export type MessageChannel = (typeof MESSAGE_CHANNELS)[number];

/** Whose wish a change was: the person's own, the person's on the phone, or the office had to. */
export type ChangedBy = 'person' | 'hotline' | 'office';

/**
 * waiting: to be sent from `nextAt` on; sending: a process has claimed it; superseded: what it says is no longer so,
 * and a newer message tells that; failed: given up, the person has to be told in another way.
 */
export const MESSAGE_STATES = ['waiting', 'sending', 'sent', 'superseded', 'failed'] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

/** Texts that a municipality can word itself; each in every language. */
export const TEXT_KINDS = [
  'verify',
  'booked',
  'moved',
  'movedByOffice',
  'cancelled',
  'cancelledByOffice',
  'reminder',
  'late',
] as const;
export type TextKind = (typeof TEXT_KINDS)[number];

export function textKindOf({ kind, changedBy }: { kind: MessageKind; changedBy: ChangedBy }): TextKind {
  if (changedBy !== 'office') return kind;
  if (kind === 'moved') return 'movedByOffice';
  return kind === 'cancelled' ? 'cancelledByOffice' : kind;
}

/** Where and when an appointment is, or was. */
export interface MessageTime {
  date: LocalDate;
  startTick: number;
  ticks: number;
  startsAt: Instant;
  endsAt: Instant;
  /** Null: no longer known. */
  venueId: number | null;
}

/** A message with everything that is needed to write it: facts as they were when it was queued, the person as now. */
export interface OutgoingMessage {
  id: number;
  /** 22 characters; makes the Message-ID. */
  key: string;
  municipalityId: number;
  channel: MessageChannel;
  kind: MessageKind;
  changedBy: ChangedBy;
  /** E-mail address or telephone number. */
  recipient: string;
  /** iCalendar SEQUENCE of what it tells. */
  sequence: number;
  time: MessageTime;
  before: Pick<MessageTime, 'date' | 'startTick' | 'venueId'> | null;
  expectedAt: Instant | null;
  createdAt: Instant;
  /** Exclusive: from then on nobody needs it. */
  expiresAt: Instant;
  /** How often it was tried before. */
  attempts: number;
  appointment: {
    id: number;
    reference: string;
    secret: string;
    locale: Locale;
    state: AppointmentState;
    /** As it is now; higher than that of the message: the message is out of date. */
    sequence: number;
    firstName: string | null;
    familyName: string | null;
    originPlaceId: number | null;
    lines: readonly AppointmentLine[];
  };
}

/** What is sent by e-mail. */
export interface WrittenMail {
  subject: string;
  /** Plain text, lines end with \n. */
  text: string;
  /** The same words; null: plain text only. */
  html: string | null;
  calendar: { method: 'PUBLISH' | 'CANCEL'; content: string } | null;
}

/** What is sent, by channel. */
export type WrittenMessage = ({ channel: 'email' } & WrittenMail) | { channel: 'sms'; text: string };

/**
 * What became of one attempt. `sent`: the other side has taken it over. `refused`: it never will take this one (an
 * address that does not exist). `later`: not now (busy, greylisting). `down`: nothing at all can be sent for this
 * municipality now (no connection, wrong password, bad certificate); that is no fault of the message.
 * `reason` is what the other side said, in its words; without addresses of people.
 */
export type Delivery =
  | { kind: 'sent' }
  | { kind: 'refused'; reason: string }
  | { kind: 'later'; reason: string }
  | { kind: 'down'; reason: string };
