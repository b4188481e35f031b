import type { Appointment, Occupancy } from '../../domain/booking/appointment.ts';
import type { Directory, Municipality } from '../../domain/booking/office.ts';
import { canExtendHold, holdUntil } from '../../domain/booking/rules.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { Instant } from '../../domain/time.ts';
import { municipalityOf } from './offers.ts';
import type { HoldDeps } from './holdTime.ts';
import type { AppointmentUnit } from './ports.ts';

export function occupancyOf(appointment: Appointment): Occupancy {
  const { stopId, counter, date, startTick, ticks, startsAt, endsAt } = appointment;
  return { stopId, counter, date, startTick, ticks, startsAt, endsAt };
}

export type KeepOutcome =
  | { kind: 'kept'; holdUntil: Instant }
  /** It was extended as often as allowed; it still runs to its end. */
  | { kind: 'limit' }
  /** The hold had ended and somebody else has the time now. */
  | { kind: 'slotTaken' }
  | { kind: 'booked' }
  | { kind: 'unknown' };

/**
 * The municipality whose rules apply to an appointment; undefined when its visit is not offered any more.
 * @param directory read before the unit began: inside it, units that all wait for another connection to read it would
 *   wait for each other
 */
export async function rulesOf(
  directory: Directory,
  unit: AppointmentUnit,
  hold: Appointment,
): Promise<Municipality | undefined> {
  const stop = await unit.publishedStop(hold.stopId);
  return stop === undefined || !directory.kits.has(stop.kitId) ? undefined : municipalityOf(directory, stop);
}

/** Holds a time longer, one whole period from now. A hold that has ended is taken up again if nobody has the time yet. */
export async function extendHold(deps: HoldDeps, secret: string): Promise<KeepOutcome> {
  const directory = await deps.directory();
  return deps.unit(async (unit): Promise<KeepOutcome> => {
    const now = deps.clock.now();
    const hold = await unit.bySecret(secret);
    if (hold === undefined) {
      return { kind: 'unknown' };
    }
    if (hold.state !== 'held') {
      return { kind: 'booked' };
    }
    const rules = (await rulesOf(directory, unit, hold))?.rules;
    if (rules === undefined || hold.startsAt <= now) {
      return { kind: 'slotTaken' };
    }
    if (!canExtendHold(hold.holdExtensions, rules)) {
      return { kind: 'limit' };
    }
    const until = holdUntil(now, rules);
    if (!(await unit.occupy(hold.id, occupancyOf(hold), until, now))) {
      throw new Refusal<KeepOutcome>({ kind: 'slotTaken' });
    }
    await unit.extendHold(hold.id, until, hold.holdExtensions + 1);
    return { kind: 'kept', holdUntil: until };
  });
}

/** Gives a hold up and forgets what was typed. Giving up what is gone or booked changes nothing. */
export async function releaseHold(deps: Pick<HoldDeps, 'unit'>, secret: string): Promise<void> {
  await deps.unit(async (unit) => {
    const hold = await unit.bySecret(secret);
    if (hold?.state === 'held') {
      await unit.discard(hold.id);
    }
  });
}
