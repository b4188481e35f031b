import type { Directory, Locale, Venue } from '../../domain/booking/office.ts';
import type { Instant } from '../../domain/time.ts';
import { pathsFor } from '../../paths.ts';
import { uidOf, type CalendarEvent } from '../../web/calendar.ts';
import { distance, timeSpan } from '../../web/format.ts';
import { translator, type Translate } from '../../web/locale.ts';
import type { Zone } from '../../zone.ts';
import { clock, moment, wallTime } from './eventTimes.ts';
import type { FeedKind, FeedStop, FeedTimes, FeedTour } from './ports.ts';

export interface TourEventContext {
  kind: FeedKind;
  directory: Directory;
  locale: Locale;
  zone: Zone;
  now: Instant;
  /** Scheme, host and port. */
  origin: string;
  /** Makes identities nobody can guess. */
  key: string;
}

/**
 * What all events of a calendar are written with. A year has thousands of texts, nearly all of the same few times,
 * places and services: each of these is put together once.
 */
interface Writing extends TourEventContext {
  t: Translate;
  /** "Stand: …": calendars ask seldom. */
  asOf: string;
  clock: (minute: number) => string;
  arrival: (minute: number) => string;
  departure: (minute: number) => string;
  setUp: (from: number, to: number) => string;
  tearDown: (from: number, to: number) => string;
  /** "Personalausweis beantragen (2 Personen)" */
  service: (serviceId: number, persons: number) => string;
  /** Title of a stop in the calendar of a clerk. */
  title: (venueId: number, appointments: number) => string;
  place: (venueId: number) => string;
  /** "Abfahrt …" by place and minute. */
  leaves: (place: string) => (minute: number) => string;
  arrives: (place: string) => (minute: number) => string;
  address: (venueId: number) => string | null;
  /** By any key that says all that the text hangs on. */
  once: (key: string, make: () => string) => string;
}

/** What the events of one tour share. */
interface OfTour {
  tour: FeedTour;
  /** Both parts of the identity of its events, see `uidIn`. */
  digest: string;
  host: string;
  url: string;
}

/**
 * The tours as events: each stop, each way between them, each break. Never with anything about who comes. Made one after
 * the other, when they are asked for.
 */
export function* tourEvents(tours: readonly FeedTour[], context: TourEventContext): Generator<CalendarEvent> {
  const { kind, key, locale, origin } = context;
  const writing = writingOf(context);
  const p = pathsFor(locale);
  for (const tour of tours) {
    const [digest = '', host = ''] = uidOf(`tour-${kind}`, `${key}:${tour.id}`).split('@');
    const own: OfTour = {
      tour,
      digest,
      host,
      url: origin + (kind === 'clerk' ? p.myDayOn(tour.date) : p.tour(tour.id)),
    };
    for (let index = 0; index < tour.stops.length; index++) {
      yield stopEvent(tour.stops[index] as FeedStop, index, own, writing);
    }
    if (tour.times === null || tour.cancelled || kind === 'planner') continue;
    for (let index = 0; index < tour.times.legs.length; index++) {
      const leg = legEvent(tour.times, index, own, writing);
      if (leg !== null) yield leg;
    }
    if (kind === 'clerk') yield* breakEvents(tour.times, own, writing);
  }
}

function writingOf(context: TourEventContext): Writing {
  const { directory, locale, now, zone } = context;
  const t = translator(locale);
  const place = remember((venueId) => {
    const venue = directory.venues.get(venueId);
    return venue === undefined ? t('calendar.event.place') : placeOf(venue);
  });
  return {
    ...context,
    t,
    asOf: t('calendar.event.asOf', { when: moment(now, zone, locale) }),
    clock: remember((minute) => clock(minute, locale)),
    arrival: remember((minute) => t('calendar.event.arrival', { time: clock(minute, locale) })),
    departure: remember((minute) => t('calendar.event.departure', { time: clock(minute, locale) })),
    setUp: rememberTwo((from, to) => t('calendar.event.setUp', { time: span(from, to, locale) })),
    tearDown: rememberTwo((from, to) => t('calendar.event.tearDown', { time: span(from, to, locale) })),
    service: rememberTwo((serviceId, count) => {
      const name = directory.servicesById.get(serviceId)?.texts[locale].name ?? t('calendar.event.retired');
      return count === 1 ? name : t('calendar.event.persons', { name, count });
    }),
    title: rememberTwo((venueId, count) =>
      t('calendar.event.clerkStop', {
        place: place(venueId),
        appointments: t('calendar.event.appointments', { count }),
      }),
    ),
    place,
    leaves: remember((from: string) =>
      remember((minute) => t('calendar.event.leaves', { time: clock(minute, locale), place: from })),
    ),
    arrives: remember((to: string) =>
      remember((minute) => t('calendar.event.arrives', { time: clock(minute, locale), place: to })),
    ),
    address: remember((venueId) => {
      const venue = directory.venues.get(venueId);
      return venue === undefined ? null : addressOf(venue);
    }),
    once: rememberTexts(),
  };
}

/** The same text for the same key, made once. */
function remember<Text, Key = number>(make: (key: Key) => Text): (key: Key) => Text {
  const known = new Map<Key, Text>();
  return (key) => {
    let text = known.get(key);
    if (text === undefined) {
      text = make(key);
      known.set(key, text);
    }
    return text;
  };
}

function rememberTwo(make: (a: number, b: number) => string): (a: number, b: number) => string {
  const of = remember((a) => remember((b) => make(a, b)));
  return (a, b) => of(a)(b);
}

function rememberTexts(): Writing['once'] {
  const known = new Map<string, string>();
  return (key, make) => {
    let text = known.get(key);
    if (text === undefined) {
      text = make();
      known.set(key, text);
    }
    return text;
  };
}

/** Not by the stop alone: on another tour its version may be a lower one, and SEQUENCE must never fall. */
function uidIn({ digest, host }: OfTour, part: string, id: number): string {
  return `${digest}-${part}${id}@${host}`;
}

function stopEvent(stop: FeedStop, index: number, own: OfTour, writing: Writing): CalendarEvent {
  const { kind, directory, t, once } = writing;
  const { tour } = own;
  const { kit, crew } = tour;
  const { venueId } = stop;
  const title =
    kind === 'clerk'
      ? writing.title(venueId, stop.appointments.length)
      : kind === 'kit'
        ? writing.place(venueId)
        : [writing.place(venueId), kit, ...crew].filter((part) => part !== null).join(' · ');
  const lines: string[] = [];
  addTimes(lines, stop, index, tour, writing);
  if (kit !== null) lines.push(once(`kit ${kit}`, () => t('calendar.event.kit', { kit })));
  if (crew.length > 0) {
    const names = crew.length === 1 ? (crew[0] ?? '') : crew.join(', ');
    lines.push(once(`crew ${names}`, () => t('calendar.event.crew', { names })));
  }
  if (kind === 'clerk') addAppointments(lines, stop, writing);
  lines.push(writing.asOf);
  return {
    uid: uidIn(own, 'h', stop.id),
    sequence: tour.version,
    start: wallTime(tour.date, stop.fromMinute),
    end: wallTime(tour.date, stop.toMinute),
    summary: tour.cancelled ? t('calendar.event.off', { what: title }) : title,
    description: lines.join('\n'),
    location: writing.address(venueId),
    at: directory.venues.get(venueId)?.at ?? null,
    url: own.url,
    cancelled: tour.cancelled,
    organizer: null,
    alarms: NONE,
    transparent: kind !== 'clerk',
  };
}

/** When the crew arrives, sets up, takes down and leaves. */
function addTimes(lines: string[], stop: FeedStop, index: number, tour: FeedTour, writing: Writing): void {
  const arrival = tour.times?.arrivals[index];
  const { fromMinute, toMinute } = stop;
  const left = toMinute + stop.tearDownMinutes;
  if (tour.times === null && !tour.cancelled) lines.push(writing.t('calendar.event.noTimes'));
  if (arrival !== undefined) lines.push(writing.arrival(arrival));
  if (stop.setUpMinutes > 0) lines.push(writing.setUp(fromMinute - stop.setUpMinutes, fromMinute));
  if (left > toMinute) lines.push(writing.tearDown(toMinute, left));
  if (arrival !== undefined) lines.push(writing.departure(left));
}

/** One line an appointment: time, reference, services with persons. The place is that of the event. */
function addAppointments(lines: string[], stop: FeedStop, writing: Writing): void {
  lines.push('');
  if (stop.appointments.length === 0) lines.push(writing.t('calendar.event.noAppointments'));
  for (const { fromMinute, reference, services } of stop.appointments) {
    const title = reference === null ? writing.t('calendar.event.noReference') : inGroups(reference);
    let line = `${writing.clock(fromMinute)} · ${title}`;
    let separator = ' · ';
    for (const { serviceId, persons } of services) {
      line += separator + writing.service(serviceId, persons);
      separator = ', ';
    }
    lines.push(line);
  }
  lines.push('');
}

/** 'K7M 4QX 2FA', as `formatReference` has it, which takes ten times as long: a year has ten thousand of them. */
function inGroups(reference: string): string {
  return `${reference.slice(0, 3)} ${reference.slice(3, 6)} ${reference.slice(6)}`.trimEnd();
}

/** The way to a stop or, the last one, back; null: there is none to go. */
function legEvent(times: FeedTimes, index: number, own: OfTour, writing: Writing): CalendarEvent | null {
  const { t, locale, once, kind } = writing;
  const { tour } = own;
  const leg = times.legs[index];
  if (leg === undefined || leg.minutes === 0) return null;
  const before = tour.stops[index - 1];
  const from = before === undefined ? times.departureMinute : before.toMinute + before.tearDownMinutes;
  const to = from + leg.minutes;
  const isLast = index === tour.stops.length;
  const place = placeAt(tour, index, writing);
  const placeBefore = placeAt(tour, index - 1, writing);
  const summary = once(`leg ${isLast} ${leg.minutes} ${leg.metres} ${leg.estimated} ${place}`, () => {
    const words = { place, minutes: leg.minutes, distance: distance(leg.metres, locale) };
    const way = isLast ? t('calendar.event.wayBack', words) : t('calendar.event.way', words);
    return leg.estimated ? t('calendar.event.estimated', { way }) : way;
  });
  const leaves = writing.leaves(placeBefore)(from);
  const arrives = writing.arrives(place)(to);
  return between(
    own,
    uidIn(own, 'f', index),
    from,
    to,
    summary,
    `${leaves}\n${arrives}\n${writing.asOf}`,
    kind !== 'clerk',
  );
}

/** Where a stop is; before the first and after the last: where the tour begins and ends. */
function placeAt({ stops, depot }: FeedTour, position: number, { directory, t }: Writing): string {
  const stop = stops[position];
  if (stop === undefined) return depot ?? t('calendar.event.depot');
  return directory.venues.get(stop.venueId)?.locality ?? t('calendar.event.place');
}

function breakEvents(times: FeedTimes, own: OfTour, { t, asOf }: Writing): CalendarEvent[] {
  return times.breaks.map(({ fromMinute, toMinute }, index) =>
    between(own, uidIn(own, 'p', index), fromMinute, toMinute, t('calendar.event.break'), asOf, false),
  );
}

const NONE: readonly number[] = [];

/** What is not a stop. @param from minute of the tour's date */
function between(
  { tour, url }: OfTour,
  uid: string,
  from: number,
  to: number,
  summary: string,
  description: string,
  transparent: boolean,
): CalendarEvent {
  return {
    uid,
    sequence: tour.version,
    start: wallTime(tour.date, from),
    end: wallTime(tour.date, to),
    summary,
    description,
    location: null,
    at: null,
    url,
    cancelled: false,
    organizer: null,
    alarms: NONE,
    transparent,
  };
}

/** "8:40 bis 9 Uhr"; over midnight each time for itself. */
function span(from: number, to: number, locale: Locale): string {
  return from >= 0 && to <= 1440 ? timeSpan(from, to, locale) : `${clock(from, locale)} – ${clock(to, locale)}`;
}

/** "Schönberg, Gemeindeamt" */
export function placeOf({ locality, name }: Pick<Venue, 'locality' | 'name'>): string {
  return `${locality}, ${name}`;
}

/** "Gemeindeamt, Am Anger 2, 08393 Schönberg" */
export function addressOf({ name, street, postcode, city }: Venue): string {
  return `${name}, ${street}, ${postcode} ${city}`;
}
