import type { Appointment } from '../../../domain/booking/appointment.ts';
import {
  costsOn,
  linesOf,
  type Directory,
  type Locale,
  type Municipality,
  type Venue,
} from '../../../domain/booking/office.ts';
import { formatReference, spellReference } from '../../../domain/booking/reference.ts';
import { TICK_MINUTES, tickToMinute, type Instant } from '../../../domain/time.ts';
import type { Stop } from '../../../domain/tours/stop.ts';
import { pathsFor } from '../../../paths.ts';
import { dayDate, duration, longDate, timeOfDay } from '../../../web/format.ts';
import { translator } from '../../../web/locale.ts';
import { isChangeable } from '../changeAppointment.ts';
import type { MapSettings } from '../deps.ts';
import type { Zone } from '../ports.ts';
import {
  bringList,
  costWords,
  directionsLink,
  lineWords,
  municipalityOfVenue,
  presentMap,
  presentVenue,
  whenWords,
  type MapView,
  type VenueView,
} from '../presenter.ts';
import type { CalendarEntry } from './calendarFile.ts';
import { keyOf } from './findAppointment.ts';
import type { LookupErrors, LookupField, LookupForm, LookupValues } from './forms.ts';

/** The picture of the office an appointment is shown with. */
export interface Surroundings {
  directory: Directory;
  /** Its visit; undefined when that does not take place any more. */
  stop: Stop | undefined;
  now: Instant;
  locale: Locale;
}

/** open: can be changed; begun and over: only the office can; off: the visit does not take place. */
export type AppointmentStage = 'open' | 'begun' | 'over' | 'cancelled' | 'off';

export interface AppointmentView {
  stage: AppointmentStage;
  /** 'K7M 4QX 2FA' */
  reference: string;
  groups: string[];
  date: string;
  time: string;
  /** Date and time in one. */
  when: string;
  place: VenueView | null;
  /** "Bürgerkoffer Meerane" */
  sender: string;
  services: string[];
  /** "30 Minuten, 59,00 € mit Karte" */
  effort: string;
  costs: string;
  person: string;
  bring: string[];
  cardOnly: boolean;
  withoutContact: boolean;
  directions: string | null;
  map: MapView | null;
  links: { page: string; move: string; cancellation: string; calendarFile: string };
}

function venueOf({ directory, stop }: Surroundings): Venue | undefined {
  return stop === undefined ? undefined : directory.venues.get(stop.venueId);
}

function stageOf(appointment: Appointment, { stop, now }: Surroundings): AppointmentStage {
  if (appointment.state === 'cancelled') {
    return 'cancelled';
  }
  if (isChangeable(appointment, now)) {
    return stop === undefined ? 'off' : 'open';
  }
  return appointment.endsAt <= now || appointment.state === 'served' || appointment.state === 'missed'
    ? 'over'
    : 'begun';
}

/** Everything that the pages of one appointment say about it. */
export function presentAppointment(
  appointment: Appointment,
  surroundings: Surroundings,
  settings: MapSettings,
): AppointmentView {
  const { directory, locale } = surroundings;
  const t = translator(locale);
  const p = pathsFor(locale);
  const key = keyOf(appointment);
  const venue = venueOf(surroundings);
  const municipality = venue === undefined ? undefined : municipalityOfVenue(directory, venue);
  const lines = linesOf(directory, appointment);
  const costs = costsOn(lines, appointment.date);
  const words = costWords(costs.cents, costs.open, locale);
  const pays = costs.cents > 0 || costs.open;
  const cardOnly = municipality?.cardOnly === true && pays;
  return {
    stage: stageOf(appointment, surroundings),
    reference: formatReference(appointment.reference),
    groups: spellReference(appointment.reference).map((group) => group.join('')),
    date: longDate(appointment.date, locale),
    time: timeOfDay(tickToMinute(appointment.startTick), locale),
    when: whenWords(appointment.date, appointment.startTick, locale),
    place: venue === undefined ? null : presentVenue(venue, locale),
    sender: t('manage.sender', { owner: municipality?.name ?? '' }).trim(),
    services: lines.map((line) => lineWords(line, locale)),
    effort: t(cardOnly ? 'manage.effortByCard' : 'manage.effort', {
      duration: duration(appointment.ticks * TICK_MINUTES, locale),
      costs: words,
    }),
    costs: words,
    person: [appointment.firstName, appointment.familyName].filter((name) => name !== null && name !== '').join(' '),
    bring: bringList(lines, cardOnly, pays ? 1 : 0, locale),
    cardOnly,
    withoutContact: appointment.contactKind === 'none',
    directions: venue === undefined ? null : directionsLink(venue),
    map:
      venue === undefined
        ? null
        : presentMap(settings, [], { at: [venue.at.lat, venue.at.lon], title: `${venue.name}, ${venue.locality}` }, t),
    links: {
      page: p.appointment(key),
      move: p.move(key),
      cancellation: p.cancellation(key),
      calendarFile: p.calendarFile(key),
    },
  };
}

export interface NoticeView {
  kind: 'success' | 'info' | 'warning';
  title: string;
  text: string;
}

export interface AppointmentPageView {
  title: string;
  heading: string;
  /** What has just been done. */
  done: NoticeView | null;
  /** Why nothing can be changed. */
  notice: NoticeView | null;
  canChange: boolean;
  isShown: boolean;
}

const STAGE_NOTICES: Readonly<Record<AppointmentStage, string | null>> = {
  open: null,
  off: 'off',
  begun: 'begun',
  over: 'over',
  cancelled: 'cancelled',
};

/** Which parts the page of an appointment has. */
export function presentAppointmentPage(
  view: AppointmentView,
  done: { moved: boolean; cancelled: boolean },
  locale: Locale,
): AppointmentPageView {
  const t = translator(locale);
  const words = (kind: NoticeView['kind'], name: string): NoticeView => ({
    kind,
    title: t(`manage.appointment.${name}.title`),
    text: t(`manage.appointment.${name}.text`, { when: view.when }),
  });
  const isCancelled = view.stage === 'cancelled';
  const heading = t(isCancelled ? 'manage.appointment.headingCancelled' : 'manage.appointment.heading');
  const doneWords = isCancelled && done.cancelled ? 'justCancelled' : !isCancelled && done.moved ? 'justMoved' : null;
  const notice = doneWords === 'justCancelled' ? null : STAGE_NOTICES[view.stage];
  return {
    title: heading,
    heading,
    done: doneWords === null ? null : words('success', doneWords),
    notice: notice === null ? null : words(notice === 'off' ? 'warning' : 'info', notice),
    canChange: view.stage === 'open' || view.stage === 'off',
    isShown: !isCancelled,
  };
}

export interface LookupView {
  values: LookupValues;
  errors: LookupErrors;
  /** For the error summary, in the order of the fields. */
  summary: { href: string; text: string }[] | null;
  /** Both fields are marked, without telling which is wrong. */
  invalid: Readonly<Record<LookupField, boolean>>;
  blocked: string | null;
}

const LOOKUP_FIELDS: readonly LookupField[] = ['vorgangsnummer', 'familienname'];

/** The form that finds an appointment. `form` is null when it was not sent yet. */
export function presentLookup(
  form: LookupForm | null,
  outcome: 'unknown' | { blockedUntil: string } | null,
  locale: Locale,
): LookupView {
  const t = translator(locale);
  const errors: LookupErrors =
    form?.kind === 'invalid'
      ? form.errors
      : outcome === 'unknown'
        ? { vorgangsnummer: t('manage.lookup.errors.unknown') }
        : {};
  const items = LOOKUP_FIELDS.flatMap((field) => {
    const text = errors[field];
    return text === undefined ? [] : [{ href: `#${field}`, text }];
  });
  return {
    values: form?.values ?? { vorgangsnummer: '', familienname: '' },
    errors,
    summary: items.length === 0 ? null : items,
    invalid: {
      vorgangsnummer: errors.vorgangsnummer !== undefined,
      familienname: errors.familienname !== undefined || outcome === 'unknown',
    },
    blocked: outcome !== null && outcome !== 'unknown' ? outcome.blockedUntil : null,
  };
}

/** "Bitte versuchen Sie es ab 9:42 Uhr noch einmal": the first whole minute at which the wait is over. */
export function waitWords(until: Instant, zone: Zone, locale: Locale): string {
  const { minute } = zone.local(until + 59_999);
  return translator(locale)('manage.wait.until', { time: timeOfDay(minute, locale) });
}

/** Where mail about an appointment comes from when a municipality has no address: leads nowhere on purpose (RFC 2606). */
const NO_ADDRESS = 'keine-antwort@koffertour.invalid';

/** What to keep of a booking: nobody gets a message, so the page itself has to say it. */
export function presentBookedNotice(view: AppointmentView, locale: Locale): NoticeView {
  const t = translator(locale);
  const name = view.withoutContact ? 'strong' : 'note';
  return {
    kind: view.withoutContact ? 'warning' : 'info',
    title: t(`manage.booked.${name}.title`),
    text: t(`manage.booked.${name}.text`),
  };
}

/** What the calendar file says. */
export function presentCalendarEntry(
  appointment: Appointment,
  surroundings: Surroundings,
  view: AppointmentView,
  zone: Zone,
  origin: string,
): CalendarEntry {
  const { directory, locale } = surroundings;
  const t = translator(locale);
  const venue = venueOf(surroundings);
  const municipality: Municipality | undefined =
    venue === undefined ? undefined : municipalityOfVenue(directory, venue);
  const paragraphs = [
    view.services.join('\n'),
    [t('manage.bring'), ...view.bring.map((item) => `- ${item}`)].join('\n'),
    t('manage.calendar.reference', { reference: view.reference }),
    t('manage.calendar.change', { url: origin + view.links.page }),
  ];
  return {
    secret: appointment.secret,
    sequence: appointment.sequence,
    cancelled: appointment.state === 'cancelled',
    start: { date: appointment.date, minute: tickToMinute(appointment.startTick) },
    end: zone.local(appointment.endsAt),
    timeZone: zone.name,
    summary:
      venue === undefined
        ? t('layout.office')
        : t('manage.calendar.summary', { locality: venue.locality, venue: venue.name }),
    location: view.place === null ? null : `${view.place.name}, ${view.place.address}`,
    at: venue?.at ?? null,
    description: paragraphs.filter((paragraph) => paragraph !== '').join('\n\n'),
    url: origin + view.links.page,
    organizer: {
      name: municipality?.officeName ?? t('layout.office'),
      email: municipality?.contactEmail ?? NO_ADDRESS,
    },
    now: surroundings.now,
  };
}

/** "Dienstag, 8. Dezember, 9:40 Uhr" */
export function shortWhen(date: string, tick: number, locale: Locale): string {
  return `${dayDate(date, locale)}, ${timeOfDay(tickToMinute(tick), locale)}`;
}
