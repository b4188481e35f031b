import { hasRunOut, mayBeAskedAgain } from '../../../domain/booking/pending.ts';
import type { AppointmentState } from '../../../domain/booking/states.ts';
import { tidyNote } from '../../../domain/hotline/caller.ts';
import type { Agent } from '../../../domain/hotline/desk.ts';
import type { LettersSoFar } from '../../../domain/hotline/letters.ts';
import { MILLISECONDS_PER_MINUTE, type Instant } from '../../../domain/time.ts';
import { appointmentEntry, letterEntry, messageEntry } from './history.ts';
import type { DeskDeps, DeskUnit } from './ports.ts';
import { findBySecret, type Found } from './scope.ts';

const NO_APPOINTMENT: readonly AppointmentState[] = ['held', 'expired'];

/**
 * Adds a note for those who go there. The same words by the same agent within a minute are one note.
 * @returns false when it is empty or longer than 300 characters, or there is no such appointment
 */
export async function addNote(deps: DeskDeps, agent: Agent, secret: string, typed: string): Promise<boolean> {
  const text = tidyNote(typed);
  if (text === null) return false;
  return deps.unit(async (unit) => {
    const now = deps.clock.now();
    const found = await findBySecret(unit, agent, secret);
    if (found === undefined || NO_APPOINTMENT.includes(found.appointment.state)) return false;
    const { appointment, municipalityId } = found;
    const last = await unit.lastNote(appointment.id);
    const isTwice = last?.text === text && last.userId === agent.userId && now - last.at <= MILLISECONDS_PER_MINUTE;
    if (!isTwice) {
      await unit.insertNote(appointment.id, text, now, agent.userId);
      await unit.audit(agent, now, appointmentEntry(municipalityId, 'noted', appointment));
    }
    return true;
  });
}

/** By which way somebody is told; null: there is none, or the appointment has begun. */
export type ToldBy = 'letter' | 'email' | 'phone' | null;

/**
 * Tells the person once more how things stand, by the way they chose: a letter or a message; when one waits already, it
 * is that one.
 */
export async function confirmAgain(deps: DeskDeps, agent: Agent, secret: string): Promise<ToldBy> {
  return deps.unit(async (unit) => {
    const now = deps.clock.now();
    const found = await findBySecret(unit, agent, secret);
    if (found === undefined || NO_APPOINTMENT.includes(found.appointment.state)) return null;
    const { appointment } = found;
    if (appointment.startsAt <= now) return null; // no letter arrives in time, and nobody needs a message
    const letters = await unit.letters(appointment.id);
    return letters === undefined
      ? messageAgain(unit, agent, found, now)
      : letterAgain(unit, agent, found, letters, now);
  });
}

async function letterAgain(
  unit: DeskUnit,
  agent: Agent,
  { appointment, municipalityId }: Found,
  letters: LettersSoFar,
  now: Instant,
): Promise<ToldBy> {
  if (letters.waiting !== null) return 'letter';
  const kind = appointment.state === 'cancelled' ? 'cancelled' : 'confirmed';
  const id = await unit.queueLetter(appointment.id, kind, now);
  if (id === null) return null;
  await unit.audit(agent, now, letterEntry(municipalityId, id, appointment));
  return 'letter';
}

async function messageAgain(
  unit: DeskUnit,
  agent: Agent,
  { appointment, municipalityId }: Found,
  now: Instant,
): Promise<ToldBy> {
  const { id, state, contactKind } = appointment;
  if (contactKind !== 'email' && contactKind !== 'phone') return null;
  if (await unit.messageWaits(id)) return contactKind;
  const isTooMuch = hasRunOut(appointment, now) || !mayBeAskedAgain(await unit.verifyMails(id));
  if (state === 'pending' && isTooMuch) return null;
  const kind = state === 'cancelled' ? 'cancelled' : state === 'pending' ? 'verify' : 'booked';
  const messageId = await unit.queueMessage({ appointmentId: id, kind, changedBy: 'hotline' }, now);
  if (messageId === null) return null;
  await unit.audit(agent, now, messageEntry(municipalityId, messageId, appointment));
  return contactKind;
}
