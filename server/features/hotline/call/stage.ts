import type { Appointment } from '../../../domain/booking/appointment.ts';
import { hasRunOut } from '../../../domain/booking/pending.ts';
import { isOpen as isOpenState } from '../../../domain/booking/states.ts';
import type { Call } from '../../../domain/hotline/desk.ts';
import type { HotlineDeps } from '../deps.ts';
import type { AppointmentExtras } from '../ports.ts';

/** How far a call has come. */
export type Stage =
  /** @property lost a time was held, but not any more */
  | { kind: 'searching'; lost: boolean }
  /** @property over the hold has run out; booking takes it up again while nobody else has it */
  | { kind: 'held'; appointment: Appointment; over: boolean }
  | { kind: 'booked' | 'found'; appointment: Appointment; extras: AppointmentExtras };

export async function stageOf(deps: HotlineDeps, call: Call | undefined, now: number): Promise<Stage> {
  if (call === undefined || call.secret === null) return { kind: 'searching', lost: false };
  const appointment = await deps.appointments.bySecret(call.secret);
  if (appointment === undefined || appointment.state === 'expired') return { kind: 'searching', lost: true };
  if (appointment.state === 'held') {
    return { kind: 'held', appointment, over: (appointment.holdUntil ?? 0) <= now };
  }
  const extras = await deps.appointments.extras(appointment.id);
  return { kind: call.purpose === 'booking' ? 'booked' : 'found', appointment, extras };
}

/** The appointment whose time may be changed in this call; null: none. */
export function changeableOf(stage: Stage, now: number): Appointment | null {
  if (stage.kind !== 'booked' && stage.kind !== 'found') return null;
  const { appointment } = stage;
  const isOpen = isOpenState(appointment.state) && !hasRunOut(appointment, now);
  return isOpen && appointment.startsAt > now ? appointment : null;
}
