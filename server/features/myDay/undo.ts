import type { AppointmentState } from '../../domain/booking/states.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { LocalDate } from '../../domain/time.ts';
import { mayPrepare, mayTick } from '../../domain/tours/people.ts';
import type { DayWork } from './deps.ts';
import type { ActionOutcome, Sent } from './outcomes.ts';
import type { TourAction } from './ports.ts';
import { walkInEntry } from './walkInEntry.ts';

/** What an action made of its appointment. */
const MADE: Readonly<Partial<Record<TourAction['kind'], AppointmentState>>> = {
  arrived: 'arrived',
  served: 'served',
  missed: 'missed',
  walkIn: 'arrived',
};

/**
 * Takes an action back. A tick only while the appointment is still as the tick made it: ticks lead from one state to
 * the next without coming back to one, so that is the latest of its appointment. Somebody without an appointment is
 * cancelled, and the time is free at once.
 * @param sent its key is that of the taking back
 */
export function undo(
  deps: Pick<DayWork, 'unit' | 'clock' | 'zone'>,
  sent: Sent,
  tourId: number,
  actionKey: string,
): Promise<ActionOutcome> {
  return deps.unit(async (unit): Promise<ActionOutcome> => {
    const now = deps.clock.now();
    const tour = await unit.lock(sent.userId, { tourId });
    const action = tour === null ? null : await unit.action(tour.id, actionKey);
    if (tour === null || action === null || !isInTime(action.kind, tour.date, deps.zone.local(now).date)) {
      return { kind: 'gone' };
    }
    const { date } = tour;
    const { appointmentId } = action;
    if (action.isUndone) return { kind: 'already', date, appointmentId };
    // Of another action: of this one nothing was taken back under this key, else it would be marked so.
    const isKeyUsed = (await unit.keyUse(sent.key, { tourId: tour.id, undoes: actionKey })) !== 'new';

    if (appointmentId === null) {
      if (isKeyUsed) return { kind: 'conflict', date, appointmentId, state: null };
    } else {
      const appointment = await unit.appointment(tour.id, appointmentId);
      if (appointment === null) return { kind: 'gone' };
      if (isKeyUsed || appointment.state !== MADE[action.kind]) {
        return { kind: 'conflict', date, appointmentId, state: appointment.state };
      }
      if (action.kind === 'walkIn') {
        await unit.cancel(appointmentId, now);
        await unit.audit({ userId: sent.userId, name: tour.userName }, now, walkInEntry(tour, appointmentId, 'undone'));
      } else if (action.stateBefore !== null && !(await unit.setState(appointmentId, action.stateBefore, now))) {
        throw new Refusal<ActionOutcome>({ kind: 'conflict', date, appointmentId, state: appointment.state });
      }
    }
    await unit.markUndone(actionKey, sent.key, now);
    return { kind: 'done', date, appointmentId };
  });
}

function isInTime(kind: TourAction['kind'], date: LocalDate, today: LocalDate): boolean {
  return kind === 'note' ? mayPrepare(date, today) : mayTick(date, today);
}
