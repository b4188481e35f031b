import type { Appointment } from '../../../domain/booking/appointment.ts';
import type { Directory, Locale } from '../../../domain/booking/office.ts';
import type { Start } from '../../../domain/booking/slots.ts';
import { tickToMinute } from '../../../domain/time.ts';
import type { Stop } from '../../../domain/tours/stop.ts';
import { pathsFor, type Query } from '../../../paths.ts';
import { clockTime, dayDate, timeOfDay } from '../../../web/format.ts';
import { translator } from '../../../web/locale.ts';
import { slotValue } from '../choice.ts';
import type { Alternative, OfferedStop, TimesPage } from '../findTimes.ts';
import type { Slot } from '../holdTime.ts';
import { distanceWords, presentLeaf, presentVenue, type DateLeafView } from '../presenter.ts';
import { keyOf } from './findAppointment.ts';
import { shortWhen, type AppointmentView } from './presenter.ts';

export interface SlotView {
  id: string;
  value: string;
  /** "9:40" */
  time: string;
  chosen: boolean;
}

export interface DayView {
  id: string;
  leaf: DateLeafView;
  /** "Dienstag, 8. Dezember" */
  title: string;
  /** "Schönberg, Gemeindeamt · 2 km · stufenfrei" */
  place: string;
  parts: { label: string; slots: SlotView[] }[];
  /** Where all times of the day are shown; null: they are. */
  allLink: string | null;
}

export interface AlternativeView {
  id: string;
  value: string;
  leaf: DateLeafView;
  day: string;
  time: string;
  place: string;
}

export interface MoveView {
  action: string;
  back: string;
  /** "Dienstag, 8. Dezember 2026, 9:40 Uhr" */
  presentWhen: string;
  presentWhere: string | null;
  days: DayView[];
  alternatives: AlternativeView[];
  /** The wanted time that has gone: "Dienstag, 8. Dezember, 9:40 Uhr". */
  taken: string | null;
  /** The error summary when nothing was chosen. */
  missing: { text: string; href: string }[] | null;
  isEmpty: boolean;
  earlier: string | null;
  later: string | null;
}

/** What the address of the page says besides the key. */
export interface MoveQuery {
  /** A stop to look at first instead of that of the appointment. */
  halt: number | null;
  ab: number;
  alle: boolean;
}

export interface MoveInput {
  appointment: Appointment;
  view: AppointmentView;
  directory: Directory;
  /** Null when none of the services is offered any more. */
  page: TimesPage | null;
  query: MoveQuery;
  /** Times next to the one that has gone. */
  alternatives: readonly Alternative[];
  wanted: Slot | null;
  problem: 'missing' | 'taken' | null;
  locale: Locale;
}

const NOON = 12 * 60;

/** The page that offers other times for an appointment. */
export function presentMove(input: MoveInput): MoveView {
  const { appointment, view, page, query, locale } = input;
  const t = translator(locale);
  const key = keyOf(appointment);
  const p = pathsFor(locale);
  const say = (change: Partial<MoveQuery>): Query => {
    const { halt, ab, alle } = { ...query, ...change };
    return { halt, ab: ab === 0 ? null : ab, alle: alle ? 1 : null };
  };

  // The time the appointment has already is no choice, and none is offered twice.
  const used = new Set([slotValue({ stopId: appointment.stopId, tick: appointment.startTick })]);
  const alternatives = input.alternatives.flatMap(({ stop, start }) => {
    const value = slotValue({ stopId: stop.id, tick: start.tick });
    if (used.has(value)) {
      return [];
    }
    used.add(value);
    return [presentAlternative(input, stop, start, value)];
  });

  const chosen = page === null || page.chosen === null || query.ab > 0 ? [] : [page.chosen];
  const days = [...chosen, ...(page?.others ?? [])].flatMap((offered) => {
    const starts = offered.starts.filter(({ tick }) => !used.has(slotValue({ stopId: offered.stop.id, tick })));
    return starts.length === 0
      ? []
      : [presentDay(input, offered, starts, p.move(key, say({ halt: offered.stop.id, ab: 0, alle: true })))];
  });
  const first = alternatives[0]?.id ?? days[0]?.parts[0]?.slots[0]?.id;

  return {
    action: p.move(key, say({})),
    back: p.appointment(key),
    presentWhen: view.when,
    presentWhere: view.place === null ? null : `${view.place.locality}, ${view.place.name}`,
    days,
    alternatives,
    taken: input.problem === 'taken' && input.wanted !== null ? takenWords(input, input.wanted) : null,
    missing:
      input.problem === 'missing' && first !== undefined
        ? [{ text: t('manage.move.missing'), href: `#${first}` }]
        : null,
    isEmpty: first === undefined,
    earlier: page === null || page.earlier === null ? null : p.move(key, say({ ab: page.earlier })),
    later: page === null || page.later === null ? null : p.move(key, say({ ab: page.later })),
  };
}

function placeWords({ directory, locale }: MoveInput, stop: Stop, metres: number | null): string {
  const venue = directory.venues.get(stop.venueId);
  if (venue === undefined) {
    return '';
  }
  const { locality, name, way } = presentVenue(venue, locale);
  const far = distanceWords(metres, locale);
  return [`${locality}, ${name}`, ...(far === null ? [] : [far]), way].join('\u00A0· ');
}

function presentAlternative(input: MoveInput, stop: Stop, start: Start, value: string): AlternativeView {
  const { locale } = input;
  return {
    id: `naechste-${stop.id}-${start.tick}`,
    value,
    leaf: presentLeaf(stop.date, locale),
    day: dayDate(stop.date, locale),
    time: timeOfDay(tickToMinute(start.tick), locale),
    place: placeWords(input, stop, null),
  };
}

function presentDay(
  input: MoveInput,
  { stop, metres, more }: OfferedStop,
  starts: readonly Start[],
  all: string,
): DayView {
  const { locale } = input;
  const t = translator(locale);
  const slots = starts.map(({ tick }) => ({
    minute: tickToMinute(tick),
    slot: {
      id: `zeit-${stop.id}-${tick}`,
      value: slotValue({ stopId: stop.id, tick }),
      time: clockTime(tickToMinute(tick)),
      chosen: false,
    },
  }));
  const part = (name: string, fits: (minute: number) => boolean) => ({
    label: t(name),
    slots: slots.filter(({ minute }) => fits(minute)).map(({ slot }) => slot),
  });
  return {
    id: `halt-${stop.id}`,
    leaf: presentLeaf(stop.date, locale),
    title: dayDate(stop.date, locale),
    place: placeWords(input, stop, metres),
    parts: [
      part('manage.move.morning', (minute) => minute < NOON),
      part('manage.move.afternoon', (minute) => minute >= NOON),
    ].filter(({ slots: own }) => own.length > 0),
    allLink: more ? `${all}#halt-${stop.id}` : null,
  };
}

/** The wanted time in words; a stop that nobody knows any more has none. */
function takenWords({ page, locale }: MoveInput, wanted: Slot): string {
  const stop = [page?.chosen, ...(page?.others ?? [])].find((offered) => offered?.stop.id === wanted.stopId)?.stop;
  return stop === undefined ? '' : shortWhen(stop.date, wanted.tick, locale);
}
