import type { Way } from '../../../domain/routing/travel.ts';
import { duration } from '../../../web/format.ts';
import type { CrewStop } from '../ports.ts';
import { presentAppointment, type AppointmentView } from './appointmentPresenter.ts';
import { isThere, minuteOf, ownFirst, turnsAt, type Day } from './day.ts';
import type { Link } from './nowPresenter.ts';
import type { Step } from './steps.ts';
import { clock, legWords, presentPlace, type PlaceView } from './words.ts';

export interface TimelineItem {
  /** Place on the page to come to; null: none. */
  id: string | null;
  /** Classes that say how it looks. */
  classes: string;
  time: string;
  /** Expected time, where it is later than planned. */
  expected: string | null;
  /** Number of a stop, else an icon. */
  number: number | null;
  icon: string;
  title: string;
  note: string | null;
  /** "über Poststraße, B 175"; null: not known. */
  streets: string | null;
  stop: StopView | null;
}

export interface StopView {
  place: PlaceView;
  counters: readonly { id: string; title: string; appointments: readonly AppointmentView[] }[];
  /** Says that nobody has booked; null: somebody has. */
  empty: string | null;
  walkIn: string | null;
  notice: Link;
}

const ICONS = {
  departure: 'kt-icon--case',
  drive: 'kt-icon--car',
  wait: 'kt-icon--clock',
  break: 'kt-icon--cup',
  setUp: 'kt-icon--setup',
  open: 'kt-icon--pin',
  tearDown: 'kt-icon--teardown',
  return: 'kt-icon--flag',
} as const;

/**
 * The whole day, one thing after the other.
 * @param ways between `placesOn`, to say by which streets
 */
export function presentTimeline(day: Day, ways: readonly Way[]): TimelineItem[] {
  return day.steps.map((step, index) => presentStep(day, ways, step, index));
}

function presentStep(day: Day, ways: readonly Way[], step: Step, index: number): TimelineItem {
  const expected = day.expected.find((one) => one.kind === step.kind && stopOf(one) === stopOf(step));
  const stop = step.kind === 'open' ? day.tour.stops[step.stop] : undefined;
  const isNow = step.kind === 'open' && isThere(day, step.stop);
  const isPast = !isNow && (expected ?? step).to <= minuteOf(day, day.tour.date);
  const isOnTheWay =
    step.kind === 'drive' || step.kind === 'departure' || step.kind === 'wait' || step.kind === 'break';
  const drivesNext = day.steps[index + 1]?.kind === 'drive';
  return {
    id: stop === undefined ? null : `halt-${stop.id}`,
    classes: [
      ...(step.kind === 'open' ? ['kt-timeline__item--stop'] : []),
      ...(isOnTheWay || drivesNext ? ['kt-timeline__item--drive'] : []),
      ...(step.kind === 'drive' || step.kind === 'wait' ? ['kt-timeline__item--leg'] : []),
      ...(isNow ? ['kt-timeline__item--now'] : []),
      ...(isPast ? ['kt-timeline__item--past'] : []),
    ].join(' '),
    time: timeOf(day, step, index),
    expected:
      expected !== undefined && expected.from > step.from
        ? day.t('myDay.expected', { time: clock(expected.from) })
        : null,
    number: step.kind === 'open' ? step.stop + 1 : null,
    icon: ICONS[step.kind],
    title: titleOf(day, step),
    note: noteOf(day, step),
    streets: step.kind === 'drive' ? streetsOf(day, ways, step.stop) : null,
    stop: stop === undefined || step.kind !== 'open' ? null : presentStop(day, stop, step.stop),
  };
}

/** Who leaves drives at once: the same time is not said twice. */
function timeOf({ steps }: Day, step: Step, index: number): string {
  const before = steps[index - 1];
  return before?.kind === 'departure' && before.from === step.from ? '' : clock(step.from);
}

function stopOf(step: Step): number | null {
  return 'stop' in step ? step.stop : null;
}

function titleOf({ t, tour }: Day, step: Step): string {
  const depot = tour.depot?.name ?? tour.kit?.name ?? tour.municipality.name;
  const stop = 'stop' in step && step.stop !== null ? tour.stops[step.stop] : undefined;
  const place = stop?.venue.locality ?? '';
  switch (step.kind) {
    case 'departure':
      return t('myDay.step.departure', { depot });
    case 'return':
      return t('myDay.step.return', { depot });
    case 'drive':
      return step.stop === null ? t('myDay.step.home') : t('myDay.step.drive', { place });
    case 'open':
      return t('myDay.step.open', { venue: stop?.venue.name ?? '', place, time: clock(step.to) });
    case 'wait':
    case 'break':
    case 'setUp':
    case 'tearDown':
      return t(`myDay.step.${step.kind}`);
  }
}

function noteOf({ t, locale, tour }: Day, step: Step): string | null {
  switch (step.kind) {
    case 'drive':
      return legWords(step.leg, locale, t);
    case 'open':
      return t('myDay.appointments', { count: tour.stops[step.stop]?.appointments.length ?? 0 });
    case 'departure':
    case 'return':
      return null;
    case 'wait':
    case 'break':
    case 'setUp':
    case 'tearDown':
      return duration(step.to - step.from, locale);
  }
}

/** A long way has more streets than anybody reads: those driven longest, in the order of the way. */
const MOST_STREETS = 5;

/** By which streets the way to a stop leads; null: back to the depot. */
function streetsOf({ t, tour }: Day, ways: readonly Way[], stop: number | null): string | null {
  // Where there is no depot the first way leads to the second stop.
  const index = (stop ?? tour.stops.length) - (tour.depot === null ? 1 : 0);
  const streets = ways[index]?.streets ?? [];
  const longest = [...streets].sort((a, b) => b.metres - a.metres).slice(0, MOST_STREETS);
  const names = streets.filter((street) => longest.includes(street)).map(({ name }) => name);
  const different = names.filter((name, at) => name !== names[at - 1]);
  return different.length === 0 ? null : t('myDay.streets', { names: different.join(', ') });
}

function presentStop(day: Day, stop: CrewStop, index: number): StopView {
  const { t, p } = day;
  const turns = isThere(day, index) ? turnsAt(day, index) : [];
  const isTurn = (id: number): boolean => turns.some(({ appointment }) => appointment?.id === id);
  const several = stop.counters.length > 1;
  return {
    place: presentPlace(stop, day.locale),
    counters: ownFirst(stop.counters).flatMap(({ counter, clerkName, isMe }) => {
      const own = stop.appointments.filter((appointment) => appointment.counter === counter);
      const words = { counter, clerk: isMe ? t('myDay.counter.me') : (clerkName ?? t('myDay.counter.nobody')) };
      if (own.length === 0 && !several) return [];
      return [
        {
          id: `schalter-${stop.id}-${counter}`,
          title: several ? t('myDay.counter.with', words) : t('myDay.counter.only'),
          appointments: own.map((appointment) => presentAppointment(day, appointment, isTurn(appointment.id))),
        },
      ];
    }),
    empty: stop.appointments.length === 0 ? t('myDay.noAppointments') : null,
    walkIn: day.mayTick ? p.tourWalkIn(stop.id) : null,
    notice: { text: t('myDay.links.notice'), href: p.stopNotice(stop.id) },
  };
}
