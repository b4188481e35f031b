import {
  feeOn,
  linesOf,
  type Directory,
  type Line,
  type Locale,
  type Municipality,
  type Venue,
} from '../../../domain/booking/office.ts';
import { formatReference } from '../../../domain/booking/reference.ts';
import { oneLine } from '../../../domain/messages/layout.ts';
import type { MessageTime, OutgoingMessage } from '../../../domain/messages/message.ts';
import type { PlaceholderValues } from '../../../domain/messages/placeholders.ts';
import { daysBetween, MILLISECONDS_PER_MINUTE, tickToMinute, type Instant } from '../../../domain/time.ts';
import { pathsFor } from '../../../paths.ts';
import { dayDate, longDate, shortDate, timeOfDay } from '../../../web/format.ts';
import { translator, type Translate } from '../../../web/locale.ts';
import { keyOf } from '../manage/findAppointment.ts';
import { costWords, presentVenue } from '../presenter.ts';
import type { MessageDeps } from './deps.ts';

/** What a message tells, in words of its language. */
export interface MessageFacts {
  locale: Locale;
  t: Translate;
  municipality: Municipality | undefined;
  venue: Venue | undefined;
  lines: readonly Line[];
  person: { firstName: string; familyName: string };
  /** "Dienstag, 8. Dezember 2026, 9:40 Uhr" */
  when: string;
  /** "Schönberg, Gemeindeamt" and "Am Anger 2, 08393 Schönberg"; null: no longer known. */
  place: { name: string; address: string; access: string } | null;
  before: { when: string; place: string | null } | null;
  reference: string;
  costs: { words: string; pays: boolean };
  cardOnly: boolean;
  links: Record<'appointment' | 'cancellation' | 'confirmation' | 'visits' | 'imprint' | 'privacy', string>;
  values: PlaceholderValues;
}

/** Lateness is told in steps of five minutes, rather too much than too little. */
const LATE_STEP = 5 * MILLISECONDS_PER_MINUTE;

/** Gathers the facts of a message. */
export function factsOf(
  message: OutgoingMessage,
  directory: Directory,
  deps: Pick<MessageDeps, 'clock' | 'zone' | 'origin' | 'proof'>,
): MessageFacts {
  const { appointment, time, before } = message;
  const { locale } = appointment;
  const t = translator(locale);
  const municipality = directory.municipalities.get(message.municipalityId);
  const venue = venueOf(directory, time);
  const costs = costsOf(message, directory, locale);
  const person = personOf(appointment);
  const links = linksOf(message, deps);
  const phone = municipality?.contactPhone ?? '';
  const when = whenWords(time, locale);
  return {
    locale,
    t,
    municipality,
    venue,
    lines: linesOf(directory, appointment),
    person,
    when,
    place: venue === undefined ? null : placeOf(venue, locale),
    before:
      before === null ? null : { when: whenWords(before, locale), place: placeName(venueOf(directory, before), t) },
    reference: formatReference(appointment.reference),
    costs,
    cardOnly: municipality?.cardOnly === true && costs.pays,
    links,
    values: {
      ...timeValues(time, venue, locale),
      ...(before === null ? {} : oldValues(before, venueOf(directory, before), locale)),
      ...lateValues(message, deps, locale),
      frist: momentWords(message.expiresAt, deps, locale),
      wann: dayWords(message, deps, locale),
      vorname: person.firstName,
      nachname: person.familyName,
      vorgangsnummer: formatReference(appointment.reference),
      ...(municipality === undefined ? {} : { amt: plain(municipality.officeName) }),
      ...(phone === '' ? {} : { telefon: plain(phone) }),
    },
  };
}

/**
 * The text on one line with ordinary blanks. Others keep words together while lines are made (see `wrap`), but are not
 * sent: programs show them in their own ways.
 */
export function plain(text: string): string {
  return oneLine(text);
}

/** "Dienstag, 8. Dezember 2026, 9:40 Uhr" */
export function whenWords({ date, startTick }: Pick<MessageTime, 'date' | 'startTick'>, locale: Locale): string {
  return `${longDate(date, locale)}, ${clockWords(startTick, locale)}`;
}

/** "9:40 Uhr" */
function clockWords(startTick: number, locale: Locale): string {
  return timeOfDay(tickToMinute(startTick), locale);
}

/** "Schönberg, Gemeindeamt" */
export function placeName(venue: Venue, t: Translate): string;
export function placeName(venue: Venue | undefined, t: Translate): string | null;
export function placeName(venue: Venue | undefined, t: Translate): string | null {
  return venue === undefined ? null : plain(t('messages.place', { locality: venue.locality, venue: venue.name }));
}

function venueOf(directory: Directory, { venueId }: Pick<MessageTime, 'venueId'>): Venue | undefined {
  return venueId === null ? undefined : directory.venues.get(venueId);
}

function placeOf(venue: Venue, locale: Locale): { name: string; address: string; access: string } {
  const { address, access } = presentVenue(venue, locale);
  return { name: placeName(venue, translator(locale)), address, access: plain(access) };
}

function timeValues(time: MessageTime, venue: Venue | undefined, locale: Locale): PlaceholderValues {
  return {
    datum: longDate(time.date, locale),
    'datum-kurz': shortDate(time.date, locale),
    uhrzeit: clockWords(time.startTick, locale),
    ...(venue === undefined
      ? {}
      : {
          ort: plain(venue.locality),
          standort: plain(venue.name),
          anschrift: presentVenue(venue, locale).address,
        }),
  };
}

function oldValues(
  before: Pick<MessageTime, 'date' | 'startTick'>,
  venue: Venue | undefined,
  locale: Locale,
): PlaceholderValues {
  return {
    'datum-alt': longDate(before.date, locale),
    'uhrzeit-alt': clockWords(before.startTick, locale),
    ...(venue === undefined ? {} : { 'ort-alt': plain(venue.locality), 'standort-alt': plain(venue.name) }),
  };
}

function lateValues(
  { expectedAt, time }: OutgoingMessage,
  { zone }: Pick<MessageDeps, 'zone'>,
  locale: Locale,
): PlaceholderValues {
  if (expectedAt === null) return {};
  const late = Math.max(1, Math.ceil((expectedAt - time.startsAt) / LATE_STEP)) * LATE_STEP;
  return {
    'uhrzeit-neu': timeOfDay(zone.local(time.startsAt + late).minute, locale),
    minuten: String(late / MILLISECONDS_PER_MINUTE),
  };
}

/** "heute", "morgen", "am Dienstag" */
function dayWords(
  { time }: OutgoingMessage,
  { clock, zone }: Pick<MessageDeps, 'clock' | 'zone'>,
  locale: Locale,
): string {
  const t = translator(locale);
  const days = daysBetween(zone.local(clock.now()).date, time.date);
  if (days === 0) return t('messages.day.today');
  if (days === 1) return t('messages.day.tomorrow');
  return t('messages.day.on', { day: dayDate(time.date, locale) });
}

/** "Montag, 23. November, 10:20 Uhr" */
function momentWords(instant: Instant, { zone }: Pick<MessageDeps, 'zone'>, locale: Locale): string {
  const { date, minute } = zone.local(instant);
  return `${dayDate(date, locale)}, ${timeOfDay(minute, locale)}`;
}

/**
 * Names as they are written in a mail. What a mail program would make a link of is left out: a form that writes mails to
 * anybody must not carry advertising.
 */
function personOf({ firstName, familyName }: OutgoingMessage['appointment']): MessageFacts['person'] {
  const safe = (name: string | null): string => {
    const words = plain(name ?? '');
    return /[@:/<>]|[\p{L}\p{N}-]\.\p{L}{2,}/u.test(words) ? '' : words;
  };
  return { firstName: safe(firstName), familyName: safe(familyName) };
}

/** As on the page of the appointment; what a service no longer offered cost when it was booked still counts. */
function costsOf({ appointment, time }: OutgoingMessage, directory: Directory, locale: Locale): MessageFacts['costs'] {
  const fees = appointment.lines.map(({ serviceId, persons, feeCents }) => {
    const service = directory.servicesById.get(serviceId);
    const cents = service === undefined ? feeCents : (feeOn(service, time.date)?.cents ?? null);
    return { cents, persons };
  });
  const cents = fees.reduce((sum, fee) => sum + (fee.cents ?? 0) * fee.persons, 0);
  const open = fees.some((fee) => fee.cents === null);
  return { words: costWords(cents, open, locale), pays: open || cents > 0 };
}

function linksOf(
  { appointment, recipient }: OutgoingMessage,
  { origin, proof }: Pick<MessageDeps, 'origin' | 'proof'>,
): MessageFacts['links'] {
  const p = pathsFor(appointment.locale);
  const key = keyOf(appointment);
  return {
    appointment: origin + p.appointment(key),
    cancellation: origin + p.cancellation(key),
    confirmation: origin + p.confirmation(key, { nachweis: proof({ secret: appointment.secret, contact: recipient }) }),
    visits: origin + p.visits(),
    imprint: origin + p.imprint(),
    privacy: origin + p.privacy(),
  };
}
