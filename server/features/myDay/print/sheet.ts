import { formatReference } from '../../../domain/booking/reference.ts';
import type { LocalDate } from '../../../domain/time.ts';
import { tourNumber } from '../../../domain/tours/tour.ts';
import type { TourTimes } from '../../../domain/tours/times.ts';
import type { Paths } from '../../../paths.ts';
import { clockTime, dayDate, longDate, timeOfDay, timeSpan } from '../../../web/format.ts';
import type { Locale, Translate } from '../../../web/locale.ts';
import type { CrewAppointment, CrewStop, CrewTour } from '../ports.ts';
import { presentSteps, type SheetStep } from './times.ts';

/** What the clerk takes along on paper. See public/css/sheet.css for the measures. */

export interface SheetAppointment {
  time: string;
  counter: string;
  /** Null on days on which nobody needs to know. */
  name: string | null;
  /** A telephone number, or empty. */
  phone: string;
  services: string;
  /** Of the hotline: "Notiz: kommt mit Rollator". */
  notes: readonly string[];
}

export interface SheetStop {
  number: string;
  title: string;
  hours: string;
  address: string;
  /** Access and whom to call, as the venue says. */
  notes: string[];
  /** "Schalter 1: Sabine Lorenz, Schalter 2: Marie Ahnert". */
  counters: string;
  /** More than one counter: the column is worth its room. */
  many: boolean;
  before: SheetStep[];
  appointments: SheetAppointment[];
  notice: { href: string; text: string };
}

export interface SheetTour {
  /** "Tour 203 · Koffer 1 · mit Marie Ahnert" */
  kicker: string;
  note: string | null;
  stops: SheetStop[];
  home: SheetStep[];
  packing: string[];
}

export interface SheetView {
  title: string;
  heading: string;
  back: { href: string; text: string };
  tours: SheetTour[];
  /** False: names and numbers appear the day before. */
  people: boolean;
  foot: string;
}

export interface SheetContext {
  locale: Locale;
  t: Translate;
  p: Paths;
  date: LocalDate;
  people: boolean;
  /** Local date and minute of printing. */
  now: { date: LocalDate; minute: number };
  /** What has to be packed for these appointments, in words. */
  packing: (tour: CrewTour) => string[];
}

export function presentSheet(
  tours: readonly { tour: CrewTour; times: TourTimes | null }[],
  context: SheetContext,
): SheetView {
  const { t, p, locale, date, people, now } = context;
  return {
    title: t('sheet.title', { date: longDate(date, locale) }),
    heading: dayDate(date, locale),
    back: { href: p.myDayOn(date), text: t('sheet.back2day', { date: dayDate(date, locale) }) },
    tours: tours.map(({ tour, times }) => presentTour(tour, times, context)),
    people,
    foot: t('sheet.foot', { date: longDate(now.date, locale), time: timeOfDay(now.minute, locale) }),
  };
}

function presentTour(tour: CrewTour, times: TourTimes | null, context: SheetContext): SheetTour {
  const { t, locale } = context;
  const steps = presentSteps(tour, times, locale, t);
  const others = tour.crew.filter(({ isMe }) => !isMe).map(({ name }) => name);
  return {
    kicker: [
      t('sheet.tour', { number: tourNumber(tour.id) }),
      ...(tour.kit === null ? [] : [tour.kit.name]),
      ...(others.length === 0 ? [] : [t('sheet.with', { names: others.join(', ') })]),
    ].join(' · '),
    note: tour.note,
    stops: tour.stops.map((stop, index) => presentStop(stop, index, steps.before[index] ?? [], context)),
    home: steps.home,
    packing: context.packing(tour),
  };
}

function presentStop(stop: CrewStop, index: number, before: SheetStep[], context: SheetContext): SheetStop {
  const { t, p, locale } = context;
  const { venue } = stop;
  return {
    number: String(index + 1),
    title: t('sheet.place', { locality: venue.locality, venue: venue.name }),
    hours: timeSpan(stop.fromMinute, stop.toMinute, locale),
    address: addressOf(stop),
    notes: [venue.access[locale], venue.contact].filter((line) => line !== null && line !== '') as string[],
    counters: stop.counters
      .map(({ counter, clerkName }) =>
        clerkName === null ? t('sheet.counter', { counter }) : t('sheet.counterOf', { counter, name: clerkName }),
      )
      .join(' · '),
    many: hasMany(stop),
    before,
    appointments: stop.appointments.map((appointment) => presentAppointment(appointment, context)),
    notice: { href: p.stopNotice(stop.id), text: t('sheet.noticeLink', { place: venue.locality }) },
  };
}

function presentAppointment(appointment: CrewAppointment, { t, locale, people }: SheetContext): SheetAppointment {
  const { person } = appointment;
  const unnamed = appointment.channel === 'walk-in' ? t('sheet.walkIn') : t('sheet.noName');
  return {
    time: clockTime(appointment.fromMinute),
    counter: String(appointment.counter),
    name: people ? (person?.name ?? unnamed) : null,
    phone: person?.contactKind === 'phone' ? (person.contact ?? '') : '',
    services: appointment.services
      .map(({ names, persons }) => (persons === 1 ? names[locale] : t('sheet.times', { persons, name: names[locale] })))
      .join(', '),
    notes: person?.notes.map((text) => t('sheet.noted', { text })) ?? [],
  };
}

function hasMany({ counters, appointments }: CrewStop): boolean {
  return counters.length > 1 || appointments.some(({ counter }) => counter > 1);
}

function addressOf({ venue }: Pick<CrewStop, 'venue'>): string {
  return `${venue.street}, ${venue.postcode} ${venue.city}`;
}

export interface NoticeView {
  title: string;
  place: string;
  venue: string;
  day: string;
  hours: string;
  back: { href: string; text: string };
  /** More than one counter: the column is worth its room. */
  counters: boolean;
  appointments: { time: string; counter: string; sign: string }[];
  /** False: the signs appear the day before. */
  people: boolean;
  foot: string;
}

/**
 * What hangs at the venue: anybody reads it, so it says neither names nor services, and of a reference only the last
 * group, which those who booked know and nobody else.
 */
export function presentNotice(stop: CrewStop, context: Omit<SheetContext, 'packing'>): NoticeView {
  const { t, p, locale, date, people, now } = context;
  const booked = stop.appointments.filter(({ channel, state }) => channel !== 'walk-in' && state !== 'missed');
  return {
    title: t('sheet.notice.title', { place: stop.venue.locality, date: longDate(date, locale) }),
    place: stop.venue.locality,
    venue: `${stop.venue.name}, ${stop.venue.street}`,
    day: dayDate(date, locale),
    hours: timeSpan(stop.fromMinute, stop.toMinute, locale),
    back: { href: p.myDayOn(date), text: t('sheet.back2day', { date: dayDate(date, locale) }) },
    counters: hasMany(stop),
    appointments: booked.map(({ fromMinute, counter, person }) => ({
      time: clockTime(fromMinute),
      counter: String(counter),
      sign: people && person !== null ? `… ${lastGroup(person.reference)}` : '',
    })),
    people,
    foot: t('sheet.notice.foot', { date: longDate(now.date, locale), time: timeOfDay(now.minute, locale) }),
  };
}

/** 'K7M4QX2FA' → '2FA' */
function lastGroup(reference: string): string {
  return formatReference(reference).split(' ').at(-1) ?? '';
}
