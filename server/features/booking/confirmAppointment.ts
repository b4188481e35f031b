import type { Appointment } from '../../domain/booking/appointment.ts';
import { BETWEEN_VERIFY_MAILS, hasRunOut, mayBeAskedAgain } from '../../domain/booking/pending.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { HoldDeps } from './holdTime.ts';
import { occupancyOf, rulesOf } from './keepHold.ts';
import type { AppointmentUnit } from './ports.ts';
import { contactKeyOf } from './saveDetails.ts';

export type ConfirmOutcome =
  /** Confirmed now or before; served and missed ones have been, too. */
  | { kind: 'confirmed' }
  /** The wait is over, or somebody else has the time. */
  | { kind: 'expired' }
  /** Cancelled, or its visit does not take place: its own page says so. */
  | { kind: 'off' }
  | { kind: 'unknown' };

/**
 * The button behind the link in the mail. One transaction: the ticks become lasting, the contact's place is kept until the
 * visit, the state changes, the confirmation is queued. Whether somebody else was quicker the key of the tick decides.
 */
export async function confirmAppointment(
  deps: Pick<HoldDeps, 'directory' | 'unit' | 'clock'>,
  secret: string,
): Promise<ConfirmOutcome> {
  const directory = await deps.directory();
  return deps.unit(async (unit): Promise<ConfirmOutcome> => {
    const now = deps.clock.now();
    const appointment = await unit.bySecret(secret);
    if (appointment === undefined || appointment.state === 'held') return { kind: 'unknown' };
    if (appointment.state === 'cancelled') return { kind: 'off' };
    if (appointment.state === 'expired' || hasRunOut(appointment, now)) return { kind: 'expired' };
    if (appointment.state !== 'pending') return { kind: 'confirmed' };
    const rules = (await rulesOf(directory, unit, appointment))?.rules;
    if (rules === undefined) return { kind: 'off' };
    if (!(await makeLasting(unit, appointment, rules.maxOpenPerContact, now))) {
      throw new Refusal<ConfirmOutcome>({ kind: 'expired' });
    }
    await unit.queueMessage({ appointmentId: appointment.id, kind: 'booked', changedBy: 'person' }, now);
    return { kind: 'confirmed' };
  });
}

/**
 * Inside a transaction: a pending appointment becomes an ordinary one.
 * @returns false when its time or its contact's place belongs to somebody else; the unit must be refused then
 */
export async function makeLasting(
  unit: AppointmentUnit,
  appointment: Appointment,
  maxOpen: number,
  now: number,
): Promise<boolean> {
  if (!(await unit.confirmPending(appointment.id, now))) return false;
  if (!(await unit.occupy(appointment.id, occupancyOf(appointment), null, now))) return false;
  const key = contactKeyOf(appointment);
  if (key === null || (await unit.keepContact(appointment.id, appointment.endsAt))) return true;
  return unit.claimContact(appointment.id, key, maxOpen, appointment.endsAt, now);
}

export type AskAgainOutcome =
  | { kind: 'queued' }
  /** The last one was asked for less than a minute ago. */
  | { kind: 'tooSoon' }
  | { kind: 'limit' }
  /** There is nothing to confirm any more, or no way to send it. */
  | { kind: 'notPending' };

/** Sends the mail with the link once more: one a minute, and only a few, as the address may be somebody else's. */
export async function askAgain(deps: Pick<HoldDeps, 'unit' | 'clock'>, secret: string): Promise<AskAgainOutcome> {
  return deps.unit(async (unit): Promise<AskAgainOutcome> => {
    const now = deps.clock.now();
    const appointment = await unit.bySecret(secret); // locked: two presses of the button meet here
    if (appointment?.state !== 'pending' || hasRunOut(appointment, now)) return { kind: 'notPending' };
    const mails = await unit.verifyMails(appointment.id);
    if (mails.lastAt !== null && now - mails.lastAt < BETWEEN_VERIFY_MAILS) return { kind: 'tooSoon' };
    if (!mayBeAskedAgain(mails)) return { kind: 'limit' };
    const id = await unit.queueMessage({ appointmentId: appointment.id, kind: 'verify', changedBy: 'person' }, now);
    return { kind: id === null ? 'notPending' : 'queued' };
  });
}
