import type { Appointment } from '../../domain/booking/appointment.ts';
import type { BookingChannel } from '../../domain/booking/channels.ts';
import { linesOf, type Directory } from '../../domain/booking/office.ts';
import { hasRunOut, mayBeAskedAgain } from '../../domain/booking/pending.ts';
import { DEFAULT_RULES, reopenAt } from '../../domain/booking/rules.ts';
import { canBeChangedByCitizen } from '../../domain/booking/states.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { Instant } from '../../domain/time.ts';
import { findPlace, type HoldDeps, type Slot } from './holdTime.ts';
import { rulesOf } from './keepHold.ts';
import type { AppointmentUnit } from './ports.ts';

/** True until it begins: after that only the office can change it. False for one that was not confirmed in time. */
export function isChangeable(appointment: Appointment, now: Instant): boolean {
  return canBeChangedByCitizen(appointment.state) && appointment.startsAt > now && !hasRunOut(appointment, now);
}

export type MoveOutcome =
  | { kind: 'moved' }
  | { kind: 'slotTaken' }
  | { kind: 'notOffered' }
  /** Begun, cancelled or unknown: nothing is left to change. */
  | { kind: 'notChangeable' };

/** Races against other processes for a counter are tried again so often. */
const MAX_RACES = 5;

/** Runs a unit again while it lost a race for a counter; at last the time counts as taken. */
export async function retryRaces<T extends { kind: string }>(
  run: () => Promise<T | { kind: 'raced' }>,
): Promise<T | { kind: 'slotTaken' }> {
  for (let race = 0; race < MAX_RACES; race++) {
    const outcome = await run();
    if (outcome.kind !== 'raced') {
      return outcome as T;
    }
  }
  return { kind: 'slotTaken' };
}

/**
 * The part of a move inside the transaction, for an appointment that was read in it and may be changed.
 * @returns `unchanged`: it is there already
 * @throws Refusal with `raced` when somebody else took the place found
 */
export async function moveTo(
  deps: Pick<HoldDeps, 'zone' | 'random'>,
  directory: Directory,
  unit: AppointmentUnit,
  appointment: Appointment,
  slot: Slot,
  now: Instant,
  channel: BookingChannel = 'online',
): Promise<MoveOutcome | { kind: 'unchanged' }> {
  if (appointment.stopId === slot.stopId && appointment.startTick === slot.tick) {
    return { kind: 'unchanged' }; // sent twice
  }
  const lines = linesOf(directory, appointment);
  const place = await findPlace(deps, directory, unit, slot, lines, now, appointment.id, channel);
  if (typeof place === 'string') {
    return { kind: place };
  }
  const rules = (await rulesOf(directory, unit, appointment))?.rules ?? DEFAULT_RULES;
  if (!(await unit.relocate(appointment.id, place))) {
    return { kind: 'notChangeable' };
  }
  // Whoever has not confirmed yet has no more at the new time than at the old one.
  const freeAt = appointment.state === 'pending' ? appointment.holdUntil : null;
  if (!(await unit.occupy(appointment.id, place, freeAt, now, channel))) {
    throw new Refusal({ kind: 'raced' });
  }
  await unit.release(
    appointment.id,
    place,
    reopenAt(now, rules, () => deps.random.fraction()),
  );
  await unit.queueLetter(appointment.id, 'moved', now);
  const { date, startTick } = appointment;
  const venueId = (await unit.publishedStop(appointment.stopId))?.venueId ?? null;
  const changedBy = channel === 'hotline' ? 'hotline' : 'person';
  if (appointment.state === 'pending') {
    if (mayBeAskedAgain(await unit.verifyMails(appointment.id))) {
      await unit.queueMessage({ appointmentId: appointment.id, kind: 'verify', changedBy }, now);
    }
    return { kind: 'moved' };
  }
  const before = { date, startTick, venueId };
  await unit.queueMessage({ appointmentId: appointment.id, kind: 'moved', changedBy, before }, now);
  return { kind: 'moved' };
}

/**
 * Moves an appointment in one transaction: its old time is given up only because the new one is its own. The old time
 * opens again after a random delay, like a cancelled one.
 */
export async function moveAppointment(deps: HoldDeps, secret: string, slot: Slot): Promise<MoveOutcome> {
  const directory = await deps.directory();
  return retryRaces<MoveOutcome>(() =>
    deps.unit(async (unit): Promise<MoveOutcome> => {
      const now = deps.clock.now();
      const appointment = await unit.bySecret(secret);
      if (appointment === undefined || !isChangeable(appointment, now)) {
        return { kind: 'notChangeable' };
      }
      const outcome = await moveTo(deps, directory, unit, appointment, slot, now);
      return outcome.kind === 'unchanged' ? { kind: 'moved' } : outcome;
    }),
  );
}

export type CancelOutcome = { kind: 'cancelled' } | { kind: 'notChangeable' };

/**
 * The part of a cancellation inside the transaction, for an appointment that was read in it.
 * @returns `unchanged`: it was cancelled before
 */
export async function cancelIn(
  deps: Pick<HoldDeps, 'random'>,
  directory: Directory,
  unit: AppointmentUnit,
  appointment: Appointment,
  now: Instant,
  channel: BookingChannel = 'online',
): Promise<CancelOutcome | { kind: 'unchanged' }> {
  if (appointment.state === 'cancelled') {
    return { kind: 'unchanged' };
  }
  if (!isChangeable(appointment, now)) {
    return { kind: 'notChangeable' };
  }
  const rules = (await rulesOf(directory, unit, appointment))?.rules ?? DEFAULT_RULES;
  if (!(await unit.cancel(appointment.id, now))) {
    return { kind: 'notChangeable' };
  }
  await unit.release(
    appointment.id,
    null,
    reopenAt(now, rules, () => deps.random.fraction()),
  );
  await unit.releaseContact(appointment.id);
  await unit.queueLetter(appointment.id, 'cancelled', now);
  const changedBy = channel === 'hotline' ? 'hotline' : 'person';
  // Nobody has shown that the address is theirs: it is not written to again. What waits for it is out of date by now.
  if (appointment.state !== 'pending') {
    await unit.queueMessage({ appointmentId: appointment.id, kind: 'cancelled', changedBy }, now);
  }
  return { kind: 'cancelled' };
}

/** Cancels an appointment; cancelling it twice is the same. Its time opens again after a random delay. */
export async function cancelAppointment(deps: HoldDeps, secret: string): Promise<CancelOutcome> {
  const directory = await deps.directory();
  return deps.unit(async (unit): Promise<CancelOutcome> => {
    const appointment = await unit.bySecret(secret);
    if (appointment === undefined) {
      return { kind: 'notChangeable' };
    }
    const outcome = await cancelIn(deps, directory, unit, appointment, deps.clock.now());
    return outcome.kind === 'unchanged' ? { kind: 'cancelled' } : outcome;
  });
}
