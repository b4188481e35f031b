import type { Appointment } from '../../../domain/booking/appointment.ts';
import {
  costsOn,
  linesOf,
  type Directory,
  type Locale,
  type MessageRules,
  type Venue,
} from '../../../domain/booking/office.ts';
import { isUnproven } from '../../../domain/booking/pending.ts';
import { formatReference, spellReference } from '../../../domain/booking/reference.ts';
import { isMobileNumber } from '../../../domain/messages/mobile.ts';
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
import { keyOf } from './findAppointment.ts';
import type { LookupErrors, LookupField, LookupForm, LookupValues } from './forms.ts';

/** The picture of the office an appointment is shown with. */
export interface Surroundings {
  directory: Directory;
  /** Its visit; undefined when that does not take place any more. */
  stop: Stop | undefined;
  now: Instant;
  zone: Zone;
  locale: Locale;
}

/** pending: to be confirmed; open: can be changed; begun and over: only the office can; off: the visit does not take place. */
export type AppointmentStage = 'pending' | 'open' | 'begun' | 'over' | 'cancelled' | 'off';

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
  /** How the office writes to this person; null: it does not, or must not yet. */
  told: 'email' | 'sms' | null;
  /** E-mail address or telephone number; empty: none. */
  contact: string;
  /** Until when it is to be confirmed: "10:40 Uhr"; null: nothing is to be confirmed. */
  until: string | null;
  /** There is or was something to put into a calendar. */
  hasCalendar: boolean;
  directions: string | null;
  map: MapView | null;
  links: { page: string; move: string; cancellation: string; confirmation: string; calendarFile: string };
}

function venueOf({ directory, stop }: Surroundings): Venue | undefined {
  return stop === undefined ? undefined : directory.venues.get(stop.venueId);
}

function stageOf(appointment: Appointment, { stop, now }: Surroundings): AppointmentStage {
  if (appointment.state === 'cancelled') {
    return 'cancelled';
  }
  if (isChangeable(appointment, now)) {
    if (stop === undefined) return 'off';
    return appointment.state === 'pending' ? 'pending' : 'open';
  }
  return appointment.endsAt <= now || appointment.state === 'served' || appointment.state === 'missed'
    ? 'over'
    : 'begun';
}

/** Only what will happen is promised: nothing where the office has no way, nor to an address that is not proven. */
function toldBy(appointment: Appointment, messages: MessageRules | undefined): AppointmentView['told'] {
  const { contactKind, contact } = appointment;
  if (messages === undefined || contact === null || isUnproven(appointment)) return null;
  if (contactKind === 'email') return messages.sendsMail ? 'email' : null;
  return contactKind === 'phone' && messages.sendsSms && isMobileNumber(contact) ? 'sms' : null;
}

/** "10:40 Uhr", on another day with the day. */
function untilWords(until: Instant, { now, zone, locale }: Surroundings): string {
  const end = zone.local(until);
  const time = timeOfDay(end.minute, locale);
  return end.date === zone.local(now).date ? time : `${dayDate(end.date, locale)}, ${time}`;
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
    told: toldBy(appointment, municipality?.messages),
    contact: appointment.contact ?? '',
    until:
      appointment.state === 'pending' && appointment.holdUntil !== null
        ? untilWords(appointment.holdUntil, surroundings)
        : null,
    hasCalendar: !isUnproven(appointment),
    directions: venue === undefined ? null : directionsLink(venue),
    map:
      venue === undefined
        ? null
        : presentMap(settings, [], { at: [venue.at.lat, venue.at.lon], title: `${venue.name}, ${venue.locality}` }, t),
    links: {
      page: p.appointment(key),
      move: p.move(key),
      cancellation: p.cancellation(key),
      confirmation: p.confirmation(key),
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
  /** The person is written to about what has just been done. */
  isTold: boolean;
}

const STAGE_NOTICES: Readonly<Record<AppointmentStage, string | null>> = {
  pending: null,
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
  const success = (name: 'justMoved' | 'justCancelled'): NoticeView => ({
    kind: 'success',
    title: t(`manage.appointment.${name}.title`),
    text: t(`manage.appointment.${name}.${view.told ?? 'text'}`, { when: view.when, contact: view.contact }),
  });
  const isCancelled = view.stage === 'cancelled';
  const heading = t(isCancelled ? 'manage.appointment.headingCancelled' : 'manage.appointment.heading');
  const doneWords = isCancelled && done.cancelled ? 'justCancelled' : !isCancelled && done.moved ? 'justMoved' : null;
  const notice = doneWords === 'justCancelled' ? null : STAGE_NOTICES[view.stage];
  return {
    title: heading,
    heading,
    done: doneWords === null ? null : success(doneWords),
    notice: notice === null ? null : words(notice === 'off' ? 'warning' : 'info', notice),
    canChange: view.stage === 'open' || view.stage === 'off',
    isShown: !isCancelled,
    isTold: doneWords !== null && view.told !== null,
  };
}

/** What became of the wish to have the mail once more. */
export type ResendNotice = 'queued' | 'tooSoon' | 'limit';

const RESEND_KINDS: Readonly<Record<ResendNotice, NoticeView['kind']>> = {
  queued: 'success',
  tooSoon: 'info',
  limit: 'warning',
};

export interface PendingPageView {
  /** What has just been done. */
  done: NoticeView | null;
  /** "Wir schicken Ihnen eine E-Mail an …" */
  lead: string;
  canResend: boolean;
}

/** The page of an appointment whose e-mail address is to be confirmed. */
export function presentPendingPage(
  view: AppointmentView,
  moved: boolean,
  resent: ResendNotice | null,
  locale: Locale,
): PendingPageView {
  const t = translator(locale);
  const facts = { when: view.when, contact: view.contact };
  const resend: NoticeView | null =
    resent === null
      ? null
      : {
          kind: RESEND_KINDS[resent],
          title: t(`manage.pending.${resent}.title`),
          text: t(`manage.pending.${resent}.text`, facts),
        };
  const move: NoticeView = {
    kind: 'success',
    title: t('manage.appointment.justMoved.title'),
    text: t('manage.pending.moved', facts),
  };
  return {
    done: resend ?? (moved ? move : null),
    lead: t('manage.pending.lead', { contact: view.contact, until: view.until ?? '' }),
    canResend: resent !== 'limit',
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

/** What to keep of a booking: whoever gets no message has it from the page alone. */
export function presentBookedNotice(view: AppointmentView, locale: Locale): NoticeView {
  const t = translator(locale);
  const name = view.withoutContact ? 'strong' : (view.told ?? 'note');
  return {
    kind: view.withoutContact ? 'warning' : 'info',
    title: t(`manage.booked.${name}.title`),
    text: t(`manage.booked.${name}.text`, { contact: view.contact }),
  };
}

/** "Dienstag, 8. Dezember, 9:40 Uhr" */
export function shortWhen(date: string, tick: number, locale: Locale): string {
  return `${dayDate(date, locale)}, ${timeOfDay(tickToMinute(tick), locale)}`;
}
