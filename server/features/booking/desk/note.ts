import type { AppointmentState } from '../../../domain/booking/states.ts';
import { tidyNote } from '../../../domain/hotline/caller.ts';
import type { Agent } from '../../../domain/hotline/desk.ts';
import { MILLISECONDS_PER_MINUTE } from '../../../domain/time.ts';
import { appointmentEntry, letterEntry } from './history.ts';
import type { DeskDeps } from './ports.ts';
import { findBySecret } from './scope.ts';

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

/**
 * Has the letter printed again; when one waits already, it is that one.
 * @returns false without an address for letters, or when the appointment has begun: no letter arrives in time
 */
export async function sendLetterAgain(deps: DeskDeps, agent: Agent, secret: string): Promise<boolean> {
  return deps.unit(async (unit) => {
    const now = deps.clock.now();
    const found = await findBySecret(unit, agent, secret);
    if (found === undefined || NO_APPOINTMENT.includes(found.appointment.state)) return false;
    const { appointment, municipalityId } = found;
    const letters = await unit.letters(appointment.id);
    if (letters === undefined || appointment.startsAt <= now) return false;
    if (letters.waiting !== null) return true;
    const kind = appointment.state === 'cancelled' ? 'cancelled' : 'confirmed';
    const id = await unit.queueLetter(appointment.id, kind, now);
    if (id !== null) await unit.audit(agent, now, letterEntry(municipalityId, id, appointment));
    return id !== null;
  });
}
