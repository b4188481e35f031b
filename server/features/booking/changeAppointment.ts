import type { Appointment } from '../../domain/booking/appointment.ts';
import type { Directory, Line } from '../../domain/booking/office.ts';
import { DEFAULT_RULES, reopenAt } from '../../domain/booking/rules.ts';
import { canBeChangedByCitizen } from '../../domain/booking/states.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { Instant } from '../../domain/time.ts';
import { findPlace, type HoldDeps, type Slot } from './holdTime.ts';
import { rulesOf } from './keepHold.ts';

/** The services of an appointment as the office offers them today; a retired one drops out. */
export function linesOf(directory: Directory, appointment: Pick<Appointment, 'lines'>): Line[] {
  return appointment.lines.flatMap(({ serviceId, persons }) => {
    const service = directory.servicesById.get(serviceId);
    return service === undefined ? [] : [{ service, persons }];
  });
}

/** True until it begins: after that only the office can change it. */
export function isChangeable(appointment: Appointment, now: Instant): boolean {
  return canBeChangedByCitizen(appointment.state) && appointment.startsAt > now;
}

export type MoveOutcome =
  | { kind: 'moved' }
  | { kind: 'slotTaken' }
  | { kind: 'notOffered' }
  /** Begun, cancelled or unknown: nothing is left to change. */
  | { kind: 'notChangeable' };

/** Races against other processes for a counter are tried again so often. */
const MAX_RACES = 5;

/**
 * Moves an appointment in one transaction: its old time is given up only because the new one is its own. The old time
 * opens again after a random delay, like a cancelled one.
 */
export async function moveAppointment(deps: HoldDeps, secret: string, slot: Slot): Promise<MoveOutcome> {
  const directory = await deps.directory();
  for (let race = 0; race < MAX_RACES; race++) {
    const outcome = await deps.unit(async (unit): Promise<MoveOutcome | { kind: 'raced' }> => {
      const now = deps.clock.now();
      const appointment = await unit.bySecret(secret);
      if (appointment === undefined || !isChangeable(appointment, now)) {
        return { kind: 'notChangeable' };
      }
      if (appointment.stopId === slot.stopId && appointment.startTick === slot.tick) {
        return { kind: 'moved' }; // sent twice
      }
      const lines = linesOf(directory, appointment);
      const place = await findPlace(deps, directory, unit, slot, lines, now, appointment.id);
      if (typeof place === 'string') {
        return { kind: place };
      }
      const rules = (await rulesOf(directory, unit, appointment))?.rules ?? DEFAULT_RULES;
      if (!(await unit.relocate(appointment.id, place))) {
        return { kind: 'notChangeable' };
      }
      if (!(await unit.occupy(appointment.id, place, null, now))) {
        throw new Refusal({ kind: 'raced' });
      }
      await unit.release(
        appointment.id,
        place,
        reopenAt(now, rules, () => deps.random.fraction()),
      );
      return { kind: 'moved' };
    });
    if (outcome.kind !== 'raced') {
      return outcome;
    }
  }
  return { kind: 'slotTaken' };
}

export type CancelOutcome = { kind: 'cancelled' } | { kind: 'notChangeable' };

/** Cancels an appointment; cancelling it twice is the same. Its time opens again after a random delay. */
export async function cancelAppointment(deps: HoldDeps, secret: string): Promise<CancelOutcome> {
  const directory = await deps.directory();
  return deps.unit(async (unit): Promise<CancelOutcome> => {
    const now = deps.clock.now();
    const appointment = await unit.bySecret(secret);
    if (appointment?.state === 'cancelled') {
      return { kind: 'cancelled' };
    }
    if (appointment === undefined || !isChangeable(appointment, now)) {
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
    return { kind: 'cancelled' };
  });
}
