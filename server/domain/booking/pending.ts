/** An appointment that waits until its e-mail address is confirmed (docs/adr/0018). */
import { MILLISECONDS_PER_MINUTE, type Instant } from '../time.ts';
import type { Appointment } from './appointment.ts';
import type { BookingChannel } from './channels.ts';
import type { MessageRules } from './office.ts';

/** Who books for a time that begins sooner than this would hardly read a mail before it: nothing is asked of them. */
const SHORTEST_WAIT = 10 * MILLISECONDS_PER_MINUTE;

/** So many mails at most ask to confirm one address, the first of the booking included, one a minute. */
export const MOST_VERIFY_MAILS = 4;
export const BETWEEN_VERIFY_MAILS = MILLISECONDS_PER_MINUTE;

/**
 * Until when a time booked now waits for its e-mail address, exclusive; never beyond its beginning. Null: it is booked at
 * once, as nothing is to be confirmed.
 */
export function waitsUntil(
  booked: Pick<Appointment, 'contactKind' | 'startsAt'>,
  channel: BookingChannel,
  messages: MessageRules | undefined,
  now: Instant,
): Instant | null {
  const isAsked = messages?.confirmsEmail === true && messages.sendsMail;
  if (!isAsked || channel !== 'online' || booked.contactKind !== 'email') return null;
  if (booked.startsAt - now < SHORTEST_WAIT) return null;
  return Math.min(now + messages.confirmMinutes * MILLISECONDS_PER_MINUTE, booked.startsAt);
}

/** True when the wait is over: its time is free for others, whether or not a job has written that down. */
export function hasRunOut({ state, holdUntil }: Pick<Appointment, 'state' | 'holdUntil'>, now: Instant): boolean {
  return state === 'pending' && (holdUntil ?? 0) <= now;
}

/** True when nobody has shown that the address is theirs, also when it was cancelled before. */
export function isUnproven({ state, holdUntil }: Pick<Appointment, 'state' | 'holdUntil'>): boolean {
  return state === 'pending' || (state === 'cancelled' && holdUntil !== null);
}

/** The mails of one appointment that ask to confirm the address. */
export interface VerifyMails {
  /** Sent, being sent or given up. */
  tried: number;
  /** One of them has not left yet: another one takes its place. */
  waiting: boolean;
  /** When the newest was put into the outbox; null: none was. */
  lastAt: Instant | null;
}

/** True when another one would not be too many for somebody whose address it may not be. */
export function mayBeAskedAgain({ tried, waiting }: VerifyMails): boolean {
  return waiting || tried < MOST_VERIFY_MAILS;
}
