import { isOpen } from '../booking/states.ts';
import { MILLISECONDS_PER_MINUTE, type Instant } from '../time.ts';
import type { OutgoingMessage } from './message.ts';

/** When a message is sent, tried again and given up. */

/** What a message is tried at all for. `late`: nobody needs it any more, and no newer one says it instead. */
export type Fate = 'send' | 'superseded' | 'late';

/** What becomes of a message whose turn it is, with the appointment as it is now. */
export function fateOf(
  message: Pick<OutgoingMessage, 'kind' | 'sequence' | 'expiresAt'> & {
    appointment: Pick<OutgoingMessage['appointment'], 'state' | 'sequence'>;
  },
  now: Instant,
): Fate {
  return isOutdated(message) ? 'superseded' : message.expiresAt <= now ? 'late' : 'send';
}

function isOutdated({
  kind,
  sequence,
  appointment,
}: Pick<OutgoingMessage, 'kind' | 'sequence'> & {
  appointment: Pick<OutgoingMessage['appointment'], 'state' | 'sequence'>;
}): boolean {
  if (kind === 'cancelled') return false; // it stays true, whatever comes after it
  if (appointment.sequence > sequence) return true;
  if (kind === 'verify') return appointment.state !== 'pending';
  return kind === 'reminder' || kind === 'late'
    ? !isOpen(appointment.state)
    : appointment.state === 'cancelled' || appointment.state === 'expired';
}

/** Minutes until the next try after the first, second, … that failed; the last one again and again. */
const DELAYS = [1, 5, 15, 30, 60, 120, 240, 480] as const;

/** So much earlier or later, so that what failed together does not come back together. */
const JITTER = 0.1;

/** So long a message is tried, in milliseconds. */
export const PATIENCE = 48 * 60 * MILLISECONDS_PER_MINUTE;

/**
 * Milliseconds until the next try.
 * @param tries that have failed, 1 or more
 * @param random 0 inclusive to 1 exclusive
 */
export function retryDelay(tries: number, random: number): number {
  const minutes = DELAYS[Math.min(Math.max(tries, 1), DELAYS.length) - 1] ?? DELAYS[0];
  return Math.round(minutes * MILLISECONDS_PER_MINUTE * (1 + JITTER * (2 * random - 1)));
}

/** True when the person has to be called if this message does not arrive: the office changed what they rely on. */
export function needsCall({ kind, changedBy }: Pick<OutgoingMessage, 'kind' | 'changedBy'>): boolean {
  return changedBy === 'office' && (kind === 'moved' || kind === 'cancelled');
}

/**
 * When no further try is made. Of what somebody has to be called about otherwise, half of the time until what they had
 * been promised is left for the call.
 * @param promisedAt when the person would come, as far as they know
 */
export function giveUpAt(
  message: Pick<OutgoingMessage, 'kind' | 'changedBy' | 'createdAt' | 'expiresAt'>,
  promisedAt: Instant,
): Instant {
  const { createdAt, expiresAt } = message;
  const longest = Math.min(expiresAt, createdAt + PATIENCE);
  return needsCall(message) && promisedAt > createdAt
    ? Math.min(longest, createdAt + Math.floor((promisedAt - createdAt) / 2))
    : longest;
}

/** The next try, or null: it is given up. The last try is made when the time is over, if not before. */
export function nextTry(now: Instant, delay: number, until: Instant, expiresAt: Instant): Instant | null {
  const next = Math.min(now + delay, until);
  return now >= until || next >= expiresAt ? null : next;
}

const LONGEST_REASON = 300;

/**
 * What the other side said, as it may be stored and logged: one line of 300 characters at most, without e-mail addresses
 * and without what may be a telephone number. Codes such as "550 5.1.1" stay.
 */
export function safeReason(reason: string): string {
  const line = reason
    .replace(/[\u0000-\u001f\u007f]+/g, ' ')
    .replace(/[^\s<>(),;:]*@[^\s<>(),;:]*/g, '…')
    .replace(/\+?\d(?:[ /()-]{0,2}\d){5,}/g, '…')
    .trim();
  const characters = Array.from(line);
  return characters.length <= LONGEST_REASON ? line : `${characters.slice(0, LONGEST_REASON - 1).join('')}…`;
}
