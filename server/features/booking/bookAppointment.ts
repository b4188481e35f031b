import type { Appointment } from '../../domain/booking/appointment.ts';
import type { BookingChannel } from '../../domain/booking/channels.ts';
import type { Directory } from '../../domain/booking/office.ts';
import { waitsUntil } from '../../domain/booking/pending.ts';
import { checkPerson } from '../../domain/booking/person.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { Instant } from '../../domain/time.ts';
import { makeLasting } from './confirmAppointment.ts';
import type { HoldDeps } from './holdTime.ts';
import { occupancyOf, rulesOf } from './keepHold.ts';
import type { AppointmentUnit } from './ports.ts';
import { contactKeyOf } from './saveDetails.ts';

export type BookOutcome =
  /** Booked now or before: sending the same booking twice gives the same answer. */
  | { kind: 'booked'; appointment: Appointment }
  /** The hold had ended and somebody else has the time, or the visit is off. */
  | { kind: 'slotTaken' }
  | { kind: 'tooManyOpen'; max: number }
  /** Name or contact is missing or cannot be right. */
  | { kind: 'incomplete' }
  | { kind: 'unknown' };

/**
 * The part of a booking inside the transaction, for a hold that was read in it and whose details are complete: the
 * ticks become lasting, the contact's place is taken, the state changes. Where the municipality wants e-mail addresses
 * confirmed, what is booked online by one waits for that, and its ticks are lasting only afterwards.
 * @returns `confirmed`: booked now, as far as it can be; it may be pending
 * @throws Refusal with `slotTaken` or `tooManyOpen`
 */
export async function confirmHold(
  directory: Directory,
  unit: AppointmentUnit,
  hold: Appointment,
  now: Instant,
  channel: BookingChannel = 'online',
): Promise<Exclude<BookOutcome, { kind: 'incomplete' }> | { kind: 'confirmed'; appointment: Appointment }> {
  const municipality = await rulesOf(directory, unit, hold);
  const rules = municipality?.rules;
  if (rules === undefined || hold.startsAt <= now) {
    return { kind: 'slotTaken' };
  }
  const until = waitsUntil(hold, channel, municipality?.messages, now);
  // First the row of the appointment: two requests that book the same hold meet here, and the second sees `booked`.
  const isOurs = until === null ? await unit.confirm(hold.id, now) : await unit.awaitConfirmation(hold.id, until);
  if (!isOurs) {
    const other = await unit.bySecret(hold.secret);
    return other === undefined ? { kind: 'unknown' } : { kind: 'booked', appointment: other };
  }
  if (!(await unit.occupy(hold.id, occupancyOf(hold), until, now, channel))) {
    throw new Refusal<BookOutcome>({ kind: 'slotTaken' });
  }
  const key = contactKeyOf({ contactKind: hold.contactKind, contact: hold.contact });
  const contactUntil = until ?? hold.endsAt;
  if (key !== null && !(await unit.claimContact(hold.id, key, rules.maxOpenPerContact, contactUntil, now))) {
    throw new Refusal<BookOutcome>({ kind: 'tooManyOpen', max: rules.maxOpenPerContact });
  }
  if (until !== null) {
    const pending: Appointment = { ...hold, state: 'pending', holdUntil: until };
    const asked = await unit.queueMessage({ appointmentId: hold.id, kind: 'verify', changedBy: 'person' }, now);
    if (asked !== null) return { kind: 'confirmed', appointment: pending };
    // The office has lost its way to send mail a moment ago: nobody could confirm, so nobody is asked to.
    if (!(await makeLasting(unit, pending, rules.maxOpenPerContact, now))) {
      throw new Refusal<BookOutcome>({ kind: 'slotTaken' });
    }
    return { kind: 'confirmed', appointment: { ...pending, state: 'confirmed', holdUntil: null } };
  }
  const changedBy = channel === 'hotline' ? 'hotline' : 'person';
  await unit.queueMessage({ appointmentId: hold.id, kind: 'booked', changedBy }, now);
  return { kind: 'confirmed', appointment: { ...hold, state: 'confirmed', holdUntil: null } };
}

/**
 * Books what is held. One transaction: the ticks become lasting, the contact's place is taken, the state changes; when
 * it answers `booked` all of it is durable. The appointment may be pending.
 */
export async function bookAppointment(deps: HoldDeps, secret: string): Promise<BookOutcome> {
  const directory = await deps.directory();
  return deps.unit(async (unit): Promise<BookOutcome> => {
    const now = deps.clock.now();
    const hold = await unit.bySecret(secret);
    if (hold === undefined) {
      return { kind: 'unknown' };
    }
    if (hold.state !== 'held') {
      return { kind: 'booked', appointment: hold };
    }
    if (checkPerson(hold).size > 0) {
      return { kind: 'incomplete' };
    }
    const outcome = await confirmHold(directory, unit, hold, now);
    return outcome.kind === 'confirmed' ? { ...outcome, kind: 'booked' } : outcome;
  });
}
