import { addDays } from '../../../domain/time.ts';
import { dayDate, duration, timeOfDay } from '../../../web/format.ts';
import type { CrewAppointment } from '../ports.ts';
import { presentAppointment, titleOf, type AppointmentView } from './appointmentPresenter.ts';
import { latenessOf, minuteOf, turnsAt, type CounterTurn, type Day } from './day.ts';
import type { Step } from './steps.ts';
import { clock, legWords, presentPlace, type PlaceView } from './words.ts';

export interface Link {
  text: string;
  href: string;
}

/** What is next, in large type. */
export interface NowView {
  icon: string;
  kicker: string;
  title: string;
  lines: readonly string[];
  /** Where to go. */
  place: PlaceView | null;
  /** Whose turn it is, with what can be ticked. */
  appointment: AppointmentView | null;
  /** The other counters of the stop. */
  others: readonly Link[];
  /** Their time is over and nothing has been ticked. */
  open: readonly Link[];
  /** Nobody has left yet: there is time to pack. */
  isBefore: boolean;
  /** Where to say that it gets late, and to take somebody without an appointment. */
  delay: string | null;
  walkIn: string | null;
}

type Part = Pick<NowView, 'icon' | 'kicker' | 'title' | 'lines'> & Partial<NowView>;

/** The card at the top of the day: one for each phase. */
export function presentNow(day: Day): NowView {
  const part = partOf(day);
  const { phase, tour, p } = day;
  const isUnderWay = day.mayTick && phase.kind !== 'done';
  const stop = phase.kind === 'serve' ? phase.stop : phase.kind === 'setUp' ? phase.step.stop : null;
  const at = stop === null ? undefined : tour.stops[stop];
  return {
    place: null,
    appointment: null,
    others: [],
    ...part,
    isBefore: phase.kind === 'before',
    open: openEntries(day, part.appointment?.id ?? null),
    delay: isUnderWay ? p.tourDelay(tour.id) : null,
    walkIn: isUnderWay && at !== undefined ? p.tourWalkIn(at.id) : null,
  };
}

function partOf(day: Day): Part {
  const { phase } = day;
  switch (phase.kind) {
    case 'before':
      return before(day, phase.step);
    case 'drive':
      return drive(day, phase.step);
    case 'wait':
      return wait(day, phase.step);
    case 'setUp':
      return setUp(day, phase.step);
    case 'serve':
      return serve(day, phase.stop);
    case 'tearDown':
      return tearDown(day, phase.step);
    case 'done':
      return done(day);
  }
}

function localityOf({ tour }: Day, stop: number): string {
  return tour.stops[stop]?.venue.locality ?? '';
}

/** "Heute", "Morgen", else the day. */
function dayWord({ tour, today, locale, t }: Day): string {
  if (tour.date === today) return t('myDay.today');
  if (tour.date === addDays(today, 1)) return t('myDay.tomorrow');
  return dayDate(tour.date, locale);
}

function before(day: Day, step: Step): Part {
  const { t, locale, tour, expected } = day;
  const wayThere = expected.find((one) => one.kind === 'drive');
  const first = tour.stops[0];
  const left = step.from - minuteOf(day, tour.date);
  const time = timeOfDay(Math.max(0, step.from), locale);
  const depot = tour.depot?.name ?? tour.kit?.name ?? tour.municipality.name;
  return {
    icon: 'kt-icon kt-icon--case',
    kicker: `${dayWord(day)}, ${depot}`,
    title: step.kind === 'departure' ? t('myDay.now.leave', { time }) : t('myDay.now.setUpAt', { time }),
    lines: [
      ...(tour.date === day.today && left > 0 ? [t('myDay.now.left', { duration: duration(left, locale) })] : []),
      ...(wayThere === undefined || first === undefined
        ? []
        : [t('myDay.now.way', { place: first.venue.locality, leg: legWords(wayThere.leg, locale, t) })]),
      ...(first === undefined ? [] : [opening(day, 0)]),
    ],
    place: first === undefined ? null : presentPlace(first, day.locale),
  };
}

/** "Aufbau ab 8:38, offen ab 9:00" */
function opening(day: Day, stop: number): string {
  const { t, expected } = day;
  const open = expected.find((step) => step.kind === 'open' && step.stop === stop);
  const setUpStep = expected.find((step) => step.kind === 'setUp' && step.stop === stop);
  const time = open === undefined ? '' : clock(open.from);
  return setUpStep === undefined
    ? t('myDay.now.opens', { time })
    : t('myDay.now.setUpAndOpens', { setUp: clock(setUpStep.from), time });
}

function drive(day: Day, step: Extract<Step, { kind: 'drive' }>): Part {
  const { t, locale, tour } = day;
  const base = { icon: 'kt-icon kt-icon--car', kicker: t('myDay.now.onTheWay') };
  const arrival = t('myDay.now.arrival', { time: clock(step.to), leg: legWords(step.leg, locale, t) });
  if (step.stop === null) return { ...base, title: homeward(day), lines: [arrival] };
  const stop = tour.stops[step.stop];
  return {
    ...base,
    title: t('myDay.step.drive', { place: localityOf(day, step.stop) }),
    lines: [arrival, opening(day, step.stop)],
    place: stop === undefined ? null : presentPlace(stop, day.locale),
  };
}

function homeward({ t, tour }: Day): string {
  return tour.depot === null ? t('myDay.step.home') : t('myDay.step.homeTo', { depot: tour.depot.name });
}

function wait(day: Day, step: Extract<Step, { kind: 'wait' | 'break' }>): Part {
  const { t, tour } = day;
  const time = clock(step.to);
  const stop = tour.stops[step.stop];
  return {
    icon: 'kt-icon kt-icon--cup',
    kicker: localityOf(day, step.stop),
    title: step.kind === 'break' ? t('myDay.now.breakUntil', { time }) : t('myDay.now.freeUntil', { time }),
    lines: [...nextWords(day, step), opening(day, step.stop)],
    place: stop === undefined ? null : presentPlace(stop, day.locale),
  };
}

/** "Danach: Fahrt nach Köthel, 4 Minuten, 2 km" */
function nextWords(day: Day, step: Step): string[] {
  const { t, locale, expected } = day;
  const at = expected.indexOf(step);
  const next = expected[at + 1];
  if (at < 0 || next === undefined) return [];
  if (next.kind === 'drive') {
    const what = next.stop === null ? homeward(day) : t('myDay.step.drive', { place: localityOf(day, next.stop) });
    return [t('myDay.now.next', { what: `${what}, ${legWords(next.leg, locale, t)}` })];
  }
  if (next.kind === 'break' || next.kind === 'wait') {
    return [t('myDay.now.next', { what: t(`myDay.step.${next.kind}`) })];
  }
  return [];
}

function setUp(day: Day, step: Extract<Step, { kind: 'setUp' }>): Part {
  const { t, tour } = day;
  const stop = tour.stops[step.stop];
  const first = turnsAt(day, step.stop)[0]?.appointment ?? null;
  return {
    icon: 'kt-icon kt-icon--setup',
    kicker: localityOf(day, step.stop),
    title: t('myDay.now.setUp', { time: clock(step.to) }),
    lines: [],
    place: stop === undefined ? null : presentPlace(stop, day.locale),
    appointment: first === null ? null : presentAppointment(day, first, true),
  };
}

function serve(day: Day, stop: number): Part {
  const { t, tour } = day;
  const here = tour.stops[stop];
  const [turn, ...others] = turnsAt(day, stop);
  const open = day.expected.find((step) => step.kind === 'open' && step.stop === stop);
  const until = open === undefined ? [] : [t('myDay.now.openUntil', { time: clock(open.to) })];
  const place = here?.venue.locality ?? '';
  const appointment = turn?.appointment ?? null;
  return {
    icon: 'kt-icon kt-icon--pin',
    kicker: turn === undefined ? place : t('myDay.now.counter', { place, counter: turn.counter }),
    title: turn === undefined || appointment === null ? t('myDay.now.nobody') : turnTitle(day, turn, appointment),
    lines: appointment === null ? until : [],
    appointment: appointment === null ? null : presentAppointment(day, appointment, true),
    others: others.map((other) => otherCounter(day, other, here?.id ?? 0)),
  };
}

/** "Jetzt: 9:40 Karin Vogel", "Als Nächstes: 10:20 Ingrid Fritzsche" */
function turnTitle(day: Day, turn: CounterTurn, appointment: CrewAppointment): string {
  const who = `${clock(appointment.fromMinute)} ${titleOf(day, appointment)}`;
  return turn.kind === 'next' ? day.t('myDay.now.nextTurn', { who }) : day.t('myDay.now.turn', { who });
}

function otherCounter(day: Day, turn: CounterTurn, stopId: number): Link {
  const { t } = day;
  const words = { counter: turn.counter, clerk: turn.clerkName ?? t('myDay.counter.nobody') };
  const counter = t('myDay.counter.with', words);
  return turn.appointment === null
    ? { text: `${counter}: ${t('myDay.now.nobody')}`, href: `#halt-${stopId}` }
    : { text: `${counter}: ${turnTitle(day, turn, turn.appointment)}`, href: `#termin-${turn.appointment.id}` };
}

function tearDown(day: Day, step: Extract<Step, { kind: 'tearDown' }>): Part {
  const next = day.tour.stops[step.stop + 1];
  return {
    icon: 'kt-icon kt-icon--teardown',
    kicker: localityOf(day, step.stop),
    title: day.t('myDay.now.tearDown', { time: clock(step.to) }),
    lines: nextWords(day, step),
    place: next === undefined ? null : presentPlace(next, day.locale),
  };
}

function done(day: Day): Part {
  const { t, tour } = day;
  const states = tour.stops.flatMap(({ appointments }) => appointments.map(({ state }) => state));
  const count = (state: CrewAppointment['state']): number => states.filter((one) => one === state).length;
  return {
    icon: 'kt-icon kt-icon--flag',
    kicker: dayWord(day),
    title: t('myDay.now.done'),
    lines: [t('myDay.now.served', { served: count('served'), missed: count('missed') })],
  };
}

/** Nothing was ticked, and their time is over. */
function openEntries(day: Day, shown: number | null): Link[] {
  if (!day.mayTick) return [];
  const now = minuteOf(day, day.tour.date);
  return day.tour.stops.flatMap(({ appointments }) =>
    appointments
      .filter((appointment) => {
        const { id, state, fromMinute, minutes } = appointment;
        const starts = latenessOf(day, appointment)?.expectedMinute ?? fromMinute;
        return state === 'confirmed' && id !== shown && starts + minutes <= now;
      })
      .map((appointment) => ({
        text: `${clock(appointment.fromMinute)} ${titleOf(day, appointment)}`,
        href: `#termin-${appointment.id}`,
      })),
  );
}
