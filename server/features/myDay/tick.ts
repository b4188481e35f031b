import { canTransition, type AppointmentState } from '../../domain/booking/states.ts';
import { Refusal } from '../../domain/refusal.ts';
import { mayTick } from '../../domain/tours/people.ts';
import type { DayWork } from './deps.ts';
import type { ActionOutcome, Sent, TickState } from './outcomes.ts';

/**
 * From which states a tick leads on. Fewer than canTransition allows: back goes only who takes a tick back, so that an
 * old "arrived" which waited for a signal does not undo a "served" of the colleague.
 */
const TICKED_FROM: Readonly<Record<TickState, readonly AppointmentState[]>> = {
  arrived: ['confirmed', 'missed'],
  served: ['confirmed', 'arrived'],
  missed: ['confirmed'],
};

/** Ticks that somebody arrived, was served or did not come; on the day of the tour and the day after. */
export function tick(
  deps: Pick<DayWork, 'unit' | 'clock' | 'zone'>,
  sent: Sent,
  appointmentId: number,
  to: TickState,
): Promise<ActionOutcome> {
  return deps.unit(async (unit): Promise<ActionOutcome> => {
    const now = deps.clock.now();
    const tour = await unit.lock(sent.userId, { appointmentId });
    if (tour === null || !mayTick(tour.date, deps.zone.local(now).date)) return { kind: 'gone' };
    const appointment = await unit.appointment(tour.id, appointmentId);
    if (appointment === null) return { kind: 'gone' };

    const { date } = tour;
    const { state } = appointment;
    if (state === to) return { kind: 'already', date, appointmentId };
    const use = await unit.keyUse(sent.key, { tourId: tour.id, kind: to, appointmentId, minutes: null, text: null });
    if (use === 'same') return { kind: 'already', date, appointmentId };
    if (use === 'other' || !TICKED_FROM[to].includes(state) || !canTransition(state, to)) {
      return { kind: 'conflict', date, appointmentId, state };
    }
    const isNew = await unit.record({
      key: sent.key,
      tourId: tour.id,
      kind: to,
      appointmentId,
      stateBefore: state,
      minutes: null,
      text: null,
      // Phones' clocks differ; what happened to one person stays in its order.
      at: Math.max(sent.at, appointment.lastAt ?? 0),
      recordedAt: now,
      userId: sent.userId,
    });
    // Somebody on another tour used this key a moment ago.
    if (!isNew) throw new Refusal<ActionOutcome>({ kind: 'conflict', date, appointmentId, state });
    await unit.setState(appointmentId, to, now);
    return { kind: 'done', date, appointmentId };
  });
}
