import { createHash, timingSafeEqual } from 'node:crypto';
import type { Appointment } from '../../../domain/booking/appointment.ts';
import { hasRunOut } from '../../../domain/booking/pending.ts';
import { parseReference } from '../../../domain/booking/reference.ts';
import { foldName } from '../../../domain/places/fold.ts';
import type { Instant } from '../../../domain/time.ts';
import type { Appointments, Clock, LookupGuard } from '../ports.ts';

export interface FindDeps {
  appointments: Appointments;
  guard: LookupGuard;
  clock: Clock;
}

export type FindOutcome =
  | { kind: 'found'; appointment: Appointment }
  | { kind: 'unknown' }
  /** Too many wrong tries from this address: the next one counts from `until` on. */
  | { kind: 'blocked'; until: Instant };

/** The part of an address that opens an appointment without signing in: `K7M4QX2FA-<secret>`. */
export function keyOf(appointment: Pick<Appointment, 'reference' | 'secret'>): string {
  return `${appointment.reference}-${appointment.secret}`;
}

/** Takes a key apart at its first dash, because the secret may contain others; null when it can't be one. */
export function parseKey(key: string): { reference: string; secret: string } | null {
  const dash = key.indexOf('-');
  const parsed = parseReference(key.slice(0, Math.max(0, dash)));
  const secret = key.slice(dash + 1);
  return parsed.kind === 'ok' && secret !== '' ? { reference: parsed.reference, secret } : null;
}

/** Compares in a time that does not tell how much of it was right. */
export function sameSecret(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

/** A time that is only held, or was not confirmed in time, is no appointment. */
function isShown(appointment: Appointment, now: Instant): boolean {
  return appointment.state !== 'held' && !isExpired(appointment, now);
}

/** True for what was not confirmed in time, whether or not a job has written that down. */
export function isExpired(appointment: Appointment, now: Instant): boolean {
  return appointment.state === 'expired' || hasRunOut(appointment, now);
}

/**
 * Finds an appointment by the secret link. Wrong keys count as guesses. A right one opens even from an address that has
 * to wait: 128 bits are not guessed, and somebody else behind the same connection may have mistyped a reference.
 * What was not confirmed in time is found too: who has its link is told so.
 */
export async function findByKey(deps: FindDeps, key: string, address: string): Promise<FindOutcome> {
  const parsed = parseKey(key);
  const appointment = parsed === null ? undefined : await deps.appointments.byReference(parsed.reference);
  if (
    parsed !== null &&
    appointment !== undefined &&
    appointment.state !== 'held' &&
    sameSecret(appointment.secret, parsed.secret)
  ) {
    return { kind: 'found', appointment };
  }
  const now = deps.clock.now();
  const until = await deps.guard.blockedUntil(address, now);
  if (until !== null) {
    return { kind: 'blocked', until };
  }
  await deps.guard.failed(address, now);
  return { kind: 'unknown' };
}

/**
 * Finds an appointment by reference and family name. Which of both was wrong is not told.
 * @param reference nine symbols, as `parseReference` gives them
 */
export async function findByName(
  deps: FindDeps,
  reference: string,
  familyName: string,
  address: string,
): Promise<FindOutcome> {
  const now = deps.clock.now();
  const blocked = await deps.guard.blockedUntil(address, now);
  if (blocked !== null) {
    return { kind: 'blocked', until: blocked };
  }
  const appointment = await deps.appointments.byReference(reference);
  if (appointment !== undefined && isShown(appointment, now) && isSameName(appointment, familyName)) {
    return { kind: 'found', appointment };
  }
  const until = await deps.guard.failed(address, now);
  return until === null ? { kind: 'unknown' } : { kind: 'blocked', until };
}

function isSameName(appointment: Appointment & { familyKey: string | null }, typed: string): boolean {
  const key = foldName(typed).slice(0, 100);
  if (key !== '') {
    return key === appointment.familyKey;
  }
  // Names in letters that folding does not know are compared as they are written.
  return typed.trim() !== '' && typed.trim() === appointment.familyName?.trim();
}
