import type { Appointment } from '../../../domain/booking/appointment.ts';
import type { Directory } from '../../../domain/booking/office.ts';
import type { Agent, MoveForCaller } from '../../../domain/hotline/desk.ts';
import { chooseSimilar } from '../../../domain/hotline/similar.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { cancelIn, isChangeable, moveTo, retryRaces, type CancelOutcome } from '../changeAppointment.ts';
import type { Slot } from '../holdTime.ts';
import { similarQuery } from './book.ts';
import { appointmentEntry } from './history.ts';
import type { DeskDeps, DeskUnit } from './ports.ts';
import { find, findBySecret, unitFor, type Found } from './scope.ts';

/** Inside a transaction: to the new time, with history; the letter goes with it. */
async function moveFound(
  deps: DeskDeps,
  agent: Agent,
  directory: Directory,
  unit: DeskUnit,
  { appointment, municipalityId }: Found,
  slot: Slot,
): Promise<MoveForCaller> {
  const now = deps.clock.now();
  if (!isChangeable(appointment, now)) return { kind: 'notChangeable' };
  const outcome = await moveTo(deps, directory, unitFor(agent, directory, unit), appointment, slot, now, 'hotline');
  if (outcome.kind === 'unchanged') return { kind: 'moved', appointment };
  if (outcome.kind !== 'moved') return outcome;
  const moved = await unit.bySecret(appointment.secret);
  if (moved === undefined) return { kind: 'notChangeable' };
  await unit.audit(agent, now, appointmentEntry(municipalityId, 'moved', moved, appointment));
  return { kind: 'moved', appointment: moved };
}

/** Moves an appointment for a caller in one transaction. Sent twice it is moved once. */
export async function moveForCaller(deps: DeskDeps, agent: Agent, secret: string, slot: Slot): Promise<MoveForCaller> {
  const directory = await deps.directory();
  return retryRaces<MoveForCaller>(() =>
    deps.unit(async (unit): Promise<MoveForCaller> => {
      const found = await findBySecret(unit, agent, secret);
      return found === undefined ? { kind: 'notChangeable' } : moveFound(deps, agent, directory, unit, found, slot);
    }),
  );
}

/** True when `book` would point this appointment out for what was typed into the hold. */
async function isPointedOut(
  deps: DeskDeps,
  agent: Agent,
  unit: DeskUnit,
  hold: Appointment,
  appointmentId: number,
): Promise<boolean> {
  const query = similarQuery(agent, hold, hold, deps.clock.now(), appointmentId);
  const candidates = await unit.similar(query);
  return chooseSimilar(candidates, { firstName: hold.firstName, serviceIds: query.serviceIds }).length > 0;
}

/**
 * Moves the appointment a caller has already to the time that is held for a second one, in one transaction: it keeps
 * its own services, name and contact, the hold is given up. When it is refused, the hold stays.
 */
export async function moveInsteadForCaller(
  deps: DeskDeps,
  agent: Agent,
  holdSecret: string,
  appointmentId: number,
): Promise<MoveForCaller> {
  const directory = await deps.directory();
  return retryRaces<MoveForCaller>(() =>
    deps.unit(async (unit): Promise<MoveForCaller> => {
      const held = await findBySecret(unit, agent, holdSecret);
      if (held?.appointment.state !== 'held') return sentTwice(held, appointmentId);
      const hold = held.appointment;
      if (!(await isPointedOut(deps, agent, unit, hold, appointmentId))) return { kind: 'notChangeable' };
      const found = await find(unit, agent, await unit.byId(appointmentId));
      if (found === undefined) return { kind: 'notChangeable' };
      // Given up first: what it occupies is what the other one moves to.
      await unit.discard(hold.id);
      const slot = { stopId: hold.stopId, tick: hold.startTick };
      const outcome = await moveFound(deps, agent, directory, unit, found, slot);
      if (outcome.kind !== 'moved') throw new Refusal<MoveForCaller>(outcome);
      return outcome;
    }),
  );
}

/** The call knows the moved appointment already when the same is sent again. */
function sentTwice(found: Found | undefined, appointmentId: number): MoveForCaller {
  return found?.appointment.id === appointmentId
    ? { kind: 'moved', appointment: found.appointment }
    : { kind: 'notChangeable' };
}

/** Cancels an appointment for a caller in one transaction; cancelling it twice is the same. */
export async function cancelForCaller(deps: DeskDeps, agent: Agent, secret: string): Promise<CancelOutcome> {
  const directory = await deps.directory();
  return deps.unit(async (unit): Promise<CancelOutcome> => {
    const now = deps.clock.now();
    const found = await findBySecret(unit, agent, secret);
    if (found === undefined) return { kind: 'notChangeable' };
    const outcome = await cancelIn(deps, directory, unit, found.appointment, now, 'hotline');
    if (outcome.kind === 'unchanged') return { kind: 'cancelled' };
    if (outcome.kind === 'cancelled') {
      await unit.audit(agent, now, appointmentEntry(found.municipalityId, 'cancelled', found.appointment));
    }
    return outcome;
  });
}
