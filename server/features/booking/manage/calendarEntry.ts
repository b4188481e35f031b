import type { Appointment, AppointmentLine } from '../../../domain/booking/appointment.ts';
import {
  costsOn,
  linesOf,
  type Directory,
  type Locale,
  type Municipality,
  type Venue,
} from '../../../domain/booking/office.ts';
import { formatReference } from '../../../domain/booking/reference.ts';
import { TICK_MINUTES, tickToMinute, type Instant, type LocalDate } from '../../../domain/time.ts';
import { pathsFor } from '../../../paths.ts';
import { calendarUid, NO_ADDRESS, type Calendar } from '../../../web/calendar.ts';
import { duration } from '../../../web/format.ts';
import { translator } from '../../../web/locale.ts';
import type { Zone } from '../ports.ts';
import { bringList, costWords, lineWords, municipalityOfVenue, presentVenue } from '../presenter.ts';
import { keyOf } from './findAppointment.ts';

/**
 * The appointment as citizens have it in their own calendar: the page of the appointment and the mails give the same
 * file, made by {@link calendarEntryOf} from plain facts, which `buildCalendar` (web/calendar.ts) writes down.
 */

export interface CalendarFacts {
  /** An appointment, or that of a message. */
  appointment: Pick<Appointment, 'secret' | 'reference'> & {
    lines: readonly Pick<AppointmentLine, 'serviceId' | 'persons'>[];
  };
  /** An appointment, or the time of a message. */
  time: { date: LocalDate; startTick: number; ticks: number; endsAt: Instant };
  /** Undefined: no longer known. */
  venue: Venue | undefined;
  /** Whose appointment it is, where the venue does not tell. */
  municipality?: Municipality | undefined;
  /** iCalendar SEQUENCE of what the file tells. */
  sequence: number;
  cancelled: boolean;
}

export interface CalendarSurroundings {
  directory: Directory;
  locale: Locale;
  /** Of the addresses in the file, e.g. https://koffer.example */
  origin: string;
  zone: Zone;
  now: Instant;
}

/** Seconds before the appointment at which a calendar reminds of it: a day and an hour. */
const REMINDERS = [24 * 60 * 60, 60 * 60];

/** What the file tells besides when and where, the most needed first. */
function describe(
  { appointment, time, venue, cancelled }: CalendarFacts,
  municipality: Municipality | undefined,
  url: string,
  { directory, locale }: CalendarSurroundings,
): string {
  const t = translator(locale);
  const reference = t('manage.calendar.reference', { reference: formatReference(appointment.reference) });
  if (cancelled) {
    return [t('calendarEntry.cancelled'), reference].join('\n\n');
  }
  const lines = linesOf(directory, appointment);
  const costs = costsOn(lines, time.date);
  const pays = costs.cents > 0 || costs.open;
  const cardOnly = municipality?.cardOnly === true && pays;
  const bring = bringList(lines, cardOnly, pays ? 1 : 0, locale);
  const effort = t(cardOnly ? 'manage.effortByCard' : 'manage.effort', {
    duration: duration(time.ticks * TICK_MINUTES, locale),
    costs: costWords(costs.cents, costs.open, locale),
  });
  const phone = municipality?.contactPhone ?? null;
  const paragraphs = [
    [...lines.map((line) => lineWords(line, locale)), effort],
    bring.length === 0 ? [] : [t('calendarEntry.bring'), ...bring.map((item) => `- ${item}`)],
    venue === undefined ? [] : [t('calendarEntry.way', { way: presentVenue(venue, locale).access })],
    [reference, t('manage.calendar.change', { url })],
    [
      t('calendarEntry.phone'),
      ...(phone === null || municipality === undefined ? [] : [`${municipality.officeName}: ${phone}`]),
    ],
  ];
  return paragraphs
    .filter((paragraph) => paragraph.length > 0)
    .map((paragraph) => paragraph.join('\n'))
    .join('\n\n');
}

/**
 * What the calendar of the citizen is told: that the appointment is, or with `cancelled` that it is no more. Both say the
 * same UID, and the higher sequence counts, so that every file changes the same event.
 */
export function calendarEntryOf(facts: CalendarFacts, surroundings: CalendarSurroundings): Calendar {
  const { appointment, time, venue, sequence, cancelled } = facts;
  const { directory, locale, origin, zone, now } = surroundings;
  const t = translator(locale);
  const municipality = facts.municipality ?? (venue === undefined ? undefined : municipalityOfVenue(directory, venue));
  const url = origin + pathsFor(locale).appointment(keyOf(appointment));
  const place = venue === undefined ? null : presentVenue(venue, locale);
  const summary =
    venue === undefined
      ? t('layout.office')
      : t('manage.calendar.summary', { locality: venue.locality, venue: venue.name });
  return {
    method: cancelled ? 'CANCEL' : 'PUBLISH',
    timeZone: zone.name,
    now,
    events: [
      {
        uid: calendarUid(appointment.secret),
        sequence,
        start: { date: time.date, minute: tickToMinute(time.startTick) },
        end: zone.local(time.endsAt),
        summary: cancelled ? t('calendarEntry.cancelledSummary', { summary }) : summary,
        description: describe(facts, municipality, url, surroundings),
        location: place === null ? null : `${place.name}, ${place.address}`,
        at: venue?.at ?? null,
        url,
        cancelled,
        organizer: {
          name: municipality?.officeName ?? t('layout.office'),
          email: municipality?.contactEmail ?? NO_ADDRESS,
        },
        alarms: cancelled ? [] : REMINDERS,
      },
    ],
    feed: null,
  };
}
