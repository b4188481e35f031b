import type { Instant } from '../../../domain/time.ts';
import type { CrewAppointment } from '../ports.ts';
import type { Step } from './steps.ts';

/** Where the crew is in its day. */
export type Phase =
  /** Still at the depot. */
  | { kind: 'before'; step: Step }
  | { kind: 'drive'; step: Extract<Step, { kind: 'drive' }> }
  | { kind: 'wait'; step: Extract<Step, { kind: 'wait' | 'break' }> }
  | { kind: 'setUp'; step: Extract<Step, { kind: 'setUp' }> }
  | { kind: 'serve'; stop: number }
  | { kind: 'tearDown'; step: Extract<Step, { kind: 'tearDown' }> }
  | { kind: 'done' };

/** So long somebody who is there and not served keeps a stop going after its end, in minutes. */
const LONGEST_OVERTIME = 60;

/**
 * The phase of this moment.
 * @param steps in order, with the delay that is known
 * @param now minute of the tour's date; beyond 0 to 1440 on other days
 * @param present for each stop whether somebody is there who has not been served yet: the clock does not send the crew
 *   away from them
 */
export function phaseAt(steps: readonly Step[], now: number, present: readonly boolean[]): Phase {
  const first = steps[0];
  if (first === undefined) return { kind: 'done' };
  const occupied = present.findIndex((isThere, stop) => isThere && isAround(steps, stop, now));
  if (occupied >= 0) return { kind: 'serve', stop: occupied };
  if (now < first.from) return { kind: 'before', step: first };
  // Of what lies in between (a few minutes of waiting are no step of their own), the one before goes on.
  const step = steps.findLast(({ from }) => from <= now);
  const last = steps.at(-1);
  if (step === undefined || last === undefined || now >= last.to) return { kind: 'done' };
  return phaseOf(gapAfter(step, steps, now) ?? step, steps);
}

/**
 * The time between two stops of a tour without known ways: packed up there, not yet due here. Null: there is no such
 * gap, or it is over.
 */
function gapAfter(step: Step, steps: readonly Step[], now: number): Extract<Step, { kind: 'wait' }> | null {
  const next = steps.find(({ from }) => from > now);
  const isLeft = (step.kind === 'open' || step.kind === 'tearDown') && step.to <= now;
  if (!isLeft || (next?.kind !== 'setUp' && next?.kind !== 'open')) return null;
  return { kind: 'wait', from: step.to, to: next.from, stop: next.stop };
}

function isAround(steps: readonly Step[], stop: number, now: number): boolean {
  const open = steps.find((step) => step.kind === 'open' && step.stop === stop);
  const next = steps.find((step) => step.kind === 'open' && step.stop === stop + 1);
  if (open === undefined) return false;
  return now >= open.from - LONGEST_OVERTIME && now < Math.min(open.to + LONGEST_OVERTIME, next?.from ?? Infinity);
}

function phaseOf(step: Step, steps: readonly Step[]): Phase {
  switch (step.kind) {
    case 'drive':
      return { kind: 'drive', step };
    case 'wait':
    case 'break':
      return { kind: 'wait', step };
    case 'setUp':
      return { kind: 'setUp', step };
    case 'open':
      return { kind: 'serve', stop: step.stop };
    case 'tearDown':
      return { kind: 'tearDown', step };
    case 'departure': {
      const way = steps.find((one) => one.kind === 'drive');
      return way === undefined ? { kind: 'done' } : { kind: 'drive', step: way };
    }
    case 'return':
      return { kind: 'done' };
  }
}

/** Whose turn it is at a counter. */
export interface Turn {
  /** `here`: has come and waits or is being served. `due`: the time has come. `next`: is still to come. `free`: nobody. */
  kind: 'here' | 'due' | 'next' | 'free';
  appointment: CrewAppointment | null;
  /** Their time came before, and nobody has said what became of them. */
  open: readonly CrewAppointment[];
}

/**
 * Whose turn it is: the first of those who are there; else who is due by the clock; else the next one.
 * @param appointments of one counter, by time
 * @param startsAt when an appointment is expected to begin: its promised time, or later
 */
export function turnOf(
  appointments: readonly CrewAppointment[],
  now: Instant,
  startsAt: (appointment: CrewAppointment) => Instant = (appointment) => appointment.startsAt,
): Turn {
  const here = appointments.find(({ state }) => state === 'arrived');
  const coming = appointments.filter(({ state }) => state === 'confirmed' || state === 'pending');
  const due = coming.filter((appointment) => startsAt(appointment) <= now);
  const appointment = here ?? due.at(-1) ?? coming[0] ?? null;
  const kind =
    appointment === null ? 'free' : appointment === here ? 'here' : due.includes(appointment) ? 'due' : 'next';
  return { kind, appointment, open: due.filter((one) => one !== appointment) };
}
