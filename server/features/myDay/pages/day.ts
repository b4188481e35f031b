import { randomUUID } from 'node:crypto';
import {
  daysBetween,
  MILLISECONDS_PER_MINUTE,
  MINUTES_PER_DAY,
  type Instant,
  type LocalDate,
} from '../../../domain/time.ts';
import { WORTH_TELLING, type LateAppointment, type LateDay } from '../../../domain/tours/late.ts';
import { mayPrepare, mayShowPeople, mayTick } from '../../../domain/tours/people.ts';
import type { TourTimes } from '../../../domain/tours/times.ts';
import type { Paths } from '../../../paths.ts';
import type { Locale, Translate } from '../../../web/locale.ts';
import type { CrewAppointment, CrewTour, Zone } from '../ports.ts';
import { delaySaid, lateDayOf } from '../reportDelay.ts';
import { phaseAt, turnOf, type Phase, type Turn } from './phase.ts';
import { lateStepsOf, stepsOf, type Step } from './steps.ts';

/** Who asks in which language, when. */
export interface Asker {
  locale: Locale;
  t: Translate;
  p: Paths;
  zone: Zone;
  now: Instant;
  today: LocalDate;
}

/** A day of a crew with all that follows from what is known of it: what the presenters read. */
export interface Day extends Asker {
  tour: CrewTour;
  times: TourTimes | null;
  /** As planned. */
  steps: readonly Step[];
  /** As it is to be expected; the same where nobody is late. */
  expected: readonly Step[];
  phase: Phase;
  /** Null: nobody said anything, or that they are on time. */
  late: { minutes: number; day: LateDay } | null;
  /** Names and contacts may be shown. */
  people: boolean;
  mayTick: boolean;
  mayPrepare: boolean;
  /** A new key for what a form sends. */
  key: () => string;
}

/** @param times of the tour, computed a moment ago where they were missing */
export function dayOf(asker: Asker, tour: CrewTour, times: TourTimes | null, key: () => string = randomUUID): Day {
  const { today, zone } = asker;
  const steps = stepsOf(tour.stops, times);
  const said = delaySaid(tour);
  const late =
    said === null || said.minutes === 0
      ? null
      : { minutes: said.minutes, day: lateDayOf({ zone }, { ...tour, times }, said) };
  const expected = late === null ? steps : lateStepsOf(tour.stops, times, late.day);
  const isDay = mayTick(tour.date, today);
  const present = tour.stops.map(({ appointments }) => isDay && appointments.some(({ state }) => state === 'arrived'));
  return {
    ...asker,
    tour,
    times,
    steps,
    expected,
    late,
    phase: phaseAt(expected, minuteOf(asker, tour.date), present),
    people: mayShowPeople(tour.date, today),
    mayTick: isDay,
    mayPrepare: mayPrepare(tour.date, today),
    key,
  };
}

/** This moment in minutes of that date; below 0 before it, from 1440 on after it. */
export function minuteOf({ zone, now }: Pick<Asker, 'zone' | 'now'>, date: LocalDate): number {
  const local = zone.local(now);
  return daysBetween(date, local.date) * MINUTES_PER_DAY + local.minute;
}

/** How much later than promised somebody's turn comes; null: on time, or over. */
export function latenessOf({ late }: Pick<Day, 'late'>, appointment: CrewAppointment): LateAppointment | null {
  const found = late?.day.stops
    .flatMap(({ appointments }) => appointments)
    .find(({ appointmentId }) => appointmentId === appointment.id);
  return found === undefined || found.lateMinutes < WORTH_TELLING ? null : found;
}

export interface CounterTurn extends Turn {
  counter: number;
  clerkName: string | null;
  isMe: boolean;
}

/** Whose turn it is at each counter of a stop, one's own first. */
export function turnsAt(day: Day, stop: number): CounterTurn[] {
  const here = day.tour.stops[stop];
  if (here === undefined) return [];
  const startsAt = (appointment: CrewAppointment): Instant =>
    appointment.startsAt + (latenessOf(day, appointment)?.lateMinutes ?? 0) * MILLISECONDS_PER_MINUTE;
  return ownFirst(here.counters).map((one) => ({
    ...one,
    ...turnOf(
      here.appointments.filter(({ counter }) => counter === one.counter),
      day.now,
      startsAt,
    ),
  }));
}

/** One's own counters first, else by number. */
export function ownFirst<C extends { counter: number; isMe: boolean }>(counters: readonly C[]): C[] {
  return [...counters].sort((a, b) => Number(b.isMe) - Number(a.isMe) || a.counter - b.counter);
}

/** The stop the crew is at, else the next one it comes to, from 0; null: on the way home, or the day is over. */
export function stopAhead({ phase }: Pick<Day, 'phase'>): number | null {
  switch (phase.kind) {
    case 'before':
      return 0;
    case 'serve':
      return phase.stop;
    case 'done':
      return null;
    case 'tearDown':
    case 'drive':
    case 'wait':
    case 'setUp':
      return phase.step.stop;
  }
}

/** True: the crew is at this stop. */
export function isThere({ phase }: Pick<Day, 'phase'>, stop: number): boolean {
  return (
    (phase.kind === 'serve' && phase.stop === stop) ||
    ((phase.kind === 'setUp' || phase.kind === 'tearDown') && phase.step.stop === stop)
  );
}
