import type { AppointmentState } from '../../domain/booking/states.ts';
import type { Instant, LocalDate } from '../../domain/time.ts';
import type { LateAppointment } from '../../domain/tours/late.ts';

/** What the use cases of the clerk's day are asked and what they answer. All of them may be sent twice. */

/** Who acts, when it happened, and under which key: the same key twice is one action. */
export interface Sent {
  userId: number;
  /** 8 to 36 letters, digits, hyphens. */
  key: string;
  /** Told by the phone where the action waited for a signal; never after now, at most two days before. */
  at: Instant;
}

export type TickState = 'arrived' | 'served' | 'missed';

/** `date`: of the tour, for the way back to its page. */
export type ActionOutcome =
  /** `appointmentId`: what it was about, where it was about one. */
  | { kind: 'done'; date: LocalDate; appointmentId: number | null }
  /** The same was here before under this key, or it is as it should be already. */
  | { kind: 'already'; date: LocalDate; appointmentId: number | null }
  /**
   * It is not what the clerk saw: somebody else was faster; or the key was used for something else. `state`: of the
   * appointment now.
   */
  | { kind: 'conflict'; date: LocalDate; appointmentId: number | null; state: AppointmentState | null }
  /** Not there, not theirs, not published any more, or its day is over for more than a day. */
  | { kind: 'gone' };

/** What becomes of a delay that was reported. */
export type DelayOutcome =
  /** `late`: who is to come and is concerned, by time; `told`: the ids of those who were told, the others are called. */
  | { kind: 'done'; date: LocalDate; late: readonly LateAppointment[]; told: readonly number[] }
  | { kind: 'already'; date: LocalDate }
  /** The key was used for something else. */
  | { kind: 'conflict'; date: LocalDate }
  | { kind: 'gone' };

export interface WalkIn {
  stopId: number;
  counter: number;
  services: readonly { serviceId: number; persons: number }[];
  familyName: string | null;
  firstName: string | null;
}

export type WalkInOutcome =
  | { kind: 'done'; date: LocalDate; appointmentId: number }
  | { kind: 'already'; date: LocalDate }
  /** The key was used for something else: nobody was entered. */
  | { kind: 'conflict'; date: LocalDate }
  /** No free time of that length at this counter from now until the end of the stop. `longestMinutes`: what there is. */
  | { kind: 'full'; date: LocalDate; neededMinutes: number; longestMinutes: number }
  /** Kit or clerk cannot do it; ids of the services. */
  | { kind: 'notPossible'; date: LocalDate; serviceIds: readonly number[] }
  | { kind: 'gone' };
