/**
 * Who waits how long when a crew is late.
 *
 * The crew says how late it is at the stop at which it is, or to which it goes next. From there:
 * - At a stop that is not open yet everything begins so much later; free time at a counter makes good for it. At one
 *   that is open the first who is still to be served at each counter comes up so much later, as the crew says; after
 *   that free time makes good for it too.
 * - A stop is left at its announced end, not before; later when its people take longer, or when the crew says so while
 *   it is packed up.
 * - On the way the waiting time makes good for the delay, except for the breaks, which are due. Without times of the
 *   tour nothing is known of waiting, and nothing is made good.
 */
import type { AppointmentState } from '../booking/states.ts';
import type { MinuteOfDay } from '../time.ts';
import type { TourTimes } from './times.ts';

/** Less than this later than promised is no reason to call anybody, in minutes. */
export const WORTH_TELLING = 5;

export interface StopToCome {
  id: number;
  /** Announced, inclusive. */
  fromMinute: MinuteOfDay;
  /** Announced, exclusive. */
  toMinute: MinuteOfDay;
  tearDownMinutes: number;
  appointments: readonly {
    id: number;
    counter: number;
    /** As promised. */
    fromMinute: MinuteOfDay;
    minutes: number;
    state: AppointmentState;
  }[];
}

export interface Delay {
  /** When it was said, in minutes of the tour's date; below 0 the day before. */
  saidAtMinute: number;
  /** 0: on time. */
  minutes: number;
}

export interface LateAppointment {
  appointmentId: number;
  stopId: number;
  /** In minutes of the tour's date; may be over 1440. */
  expectedMinute: number;
  lateMinutes: number;
}

export interface LateStop {
  stopId: number;
  /** How much later than announced it is open; 0: on time, or over. */
  lateMinutes: number;
  /** How much later than announced it is closed. */
  leavesLateMinutes: number;
  /** All who are not served yet and did not stay away, by promised time. `lateMinutes` 0: on time. */
  appointments: readonly LateAppointment[];
}

export interface LateDay {
  /** In the order of the day. */
  stops: readonly LateStop[];
  /** How much later the crew is back. */
  returnsLateMinutes: number;
  /** Who is to come, has not arrived, and waits at least WORTH_TELLING minutes; by expected time. */
  touched: readonly LateAppointment[];
}

/** @param stops in the order of the day; @param times null: not known */
export function lateDay(stops: readonly StopToCome[], times: TourTimes | null, delay: Delay): LateDay {
  const at = stops.findIndex((stop) => stop.toMinute + stop.tearDownMinutes > delay.saidAtMinute);
  const late: LateStop[] = [];
  let lateBy = 0;
  stops.forEach((stop, index) => {
    if (index === at) {
      lateBy = delay.minutes;
    } else if (index > at && at !== -1) {
      lateBy = Math.max(0, lateBy - spareMinutes(stops, times, index));
    }
    const isOpen = index === at && stop.fromMinute <= delay.saidAtMinute;
    const there = at === -1 || index < at || lateBy === 0 ? onTime(stop) : lateStop(stop, lateBy, isOpen, delay);
    late.push(there);
    lateBy = there.leavesLateMinutes;
  });
  const toCome = new Set(
    stops.flatMap(({ appointments }) => appointments.filter(({ state }) => isToCome(state)).map(({ id }) => id)),
  );
  return {
    stops: late,
    // Behind the last stop there is only the way back.
    returnsLateMinutes: at === -1 && stops.length > 0 ? delay.minutes : (late.at(-1)?.leavesLateMinutes ?? 0),
    touched: late
      .flatMap(({ appointments }) => appointments)
      .filter(({ appointmentId, lateMinutes }) => lateMinutes >= WORTH_TELLING && toCome.has(appointmentId))
      .sort((a, b) => a.expectedMinute - b.expectedMinute || a.appointmentId - b.appointmentId),
  };
}

function isToCome(state: AppointmentState): boolean {
  return state === 'pending' || state === 'confirmed';
}

/** Still to be served: to come, or there. */
function waits(state: AppointmentState): boolean {
  return isToCome(state) || state === 'arrived';
}

/** Waiting time before this stop without the breaks in it. */
function spareMinutes(stops: readonly StopToCome[], times: TourTimes | null, index: number): number {
  const before = stops[index - 1];
  const stop = stops[index];
  const timed = times?.stops[index];
  if (times === null || before === undefined || stop === undefined || timed === undefined) return 0;
  const left = before.toMinute + before.tearDownMinutes;
  const resting = times.breaks
    .filter(({ fromMinute, toMinute }) => fromMinute >= left && toMinute <= stop.fromMinute)
    .reduce((sum, { fromMinute, toMinute }) => sum + toMinute - fromMinute, 0);
  return Math.max(0, timed.waitingMinutes - resting);
}

function inOrder(stop: StopToCome): StopToCome['appointments'] {
  return stop.appointments
    .filter(({ state }) => waits(state))
    .sort((a, b) => a.fromMinute - b.fromMinute || a.counter - b.counter || a.id - b.id);
}

function onTime(stop: StopToCome): LateStop {
  return {
    stopId: stop.id,
    lateMinutes: 0,
    leavesLateMinutes: 0,
    appointments: inOrder(stop).map(({ id, fromMinute }) => ({
      appointmentId: id,
      stopId: stop.id,
      expectedMinute: fromMinute,
      lateMinutes: 0,
    })),
  };
}

function lateStop(stop: StopToCome, lateBy: number, isOpen: boolean, delay: Delay): LateStop {
  // What the plan says the crew would do now, so late as it is.
  const reached = delay.saidAtMinute - lateBy;
  /** When each counter is free for the next one. */
  const freeAt = new Map<number, number>();
  const appointments: LateAppointment[] = [];
  for (const { id, counter, fromMinute, minutes } of inOrder(stop)) {
    const isOver = isOpen && fromMinute + minutes <= reached;
    const free = freeAt.get(counter) ?? (isOpen ? fromMinute : stop.fromMinute) + lateBy;
    const expectedMinute = isOver ? fromMinute : Math.max(fromMinute, free);
    if (!isOver) freeAt.set(counter, expectedMinute + minutes);
    appointments.push({
      appointmentId: id,
      stopId: stop.id,
      expectedMinute,
      lateMinutes: expectedMinute - fromMinute,
    });
  }
  return {
    stopId: stop.id,
    lateMinutes: isOpen ? 0 : lateBy,
    leavesLateMinutes: Math.max(
      isOpen && stop.toMinute <= delay.saidAtMinute ? lateBy : 0,
      ...[...freeAt.values()].map((free) => free - stop.toMinute),
    ),
    appointments,
  };
}
