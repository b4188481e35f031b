/** The life of an appointment. */

/** In the order in which they are usually passed. */
export const APPOINTMENT_STATES = [
  /** Reserved for minutes while the data is entered. */
  'held',
  /** Waits for the button behind the link in the e-mail. */
  'pending',
  'confirmed',
  /** The person is there. */
  'arrived',
  'served',
  /** The person did not come. */
  'missed',
  'cancelled',
  /** Held or pending for too long. */
  'expired',
] as const;

export type AppointmentState = (typeof APPOINTMENT_STATES)[number];

/**
 * From each state to the states that may follow.
 *
 * A clerk may tick `served` without `arrived` (one press on a phone with bad signal) and take a mistaken tick back to
 * whatever was before it; who comes late turns from `missed` to `arrived`. Nothing leads back from `cancelled` and `expired`: their time has
 * been given up and may belong to somebody else.
 */
export const TRANSITIONS: Readonly<Record<AppointmentState, readonly AppointmentState[]>> = {
  held: ['pending', 'confirmed', 'cancelled', 'expired'],
  pending: ['confirmed', 'cancelled', 'expired'],
  confirmed: ['arrived', 'served', 'missed', 'cancelled'],
  arrived: ['served', 'cancelled', 'confirmed', 'missed'],
  served: ['arrived', 'confirmed'],
  missed: ['arrived', 'confirmed'],
  cancelled: [],
  expired: [],
};

/** The states in which an appointment occupies its ticks, so that nobody else can have them. */
export const LIVE_STATES = [
  'held',
  'pending',
  'confirmed',
  'arrived',
  'served',
  'missed',
] as const satisfies readonly AppointmentState[];

/** The states that count towards the limit of open appointments per contact. */
export const OPEN_STATES = ['pending', 'confirmed'] as const satisfies readonly AppointmentState[];

/** True for the name of a state, for what comes from a form or the database. */
export function isAppointmentState(value: unknown): value is AppointmentState {
  return includes(APPOINTMENT_STATES, value);
}

/** True when the one state may follow the other directly; staying in a state is no transition. */
export function canTransition(from: AppointmentState, to: AppointmentState): boolean {
  return TRANSITIONS[from].includes(to);
}

/** True when an appointment in this state occupies its ticks. */
export function isLive(state: AppointmentState): boolean {
  return includes(LIVE_STATES, state);
}

/** True when the appointment is still to come and counts towards the limit per contact. */
export function isOpen(state: AppointmentState): boolean {
  return includes(OPEN_STATES, state);
}

/**
 * True when the person may move or cancel the appointment. A held time is not yet an appointment: it is chosen anew.
 */
export function canBeChangedByCitizen(state: AppointmentState): boolean {
  return isOpen(state);
}

function includes(states: readonly AppointmentState[], value: unknown): boolean {
  return states.some((state) => state === value);
}
