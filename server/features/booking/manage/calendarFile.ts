import { createHash } from 'node:crypto';
import ical, { ICalAlarmType, ICalCalendarMethod, ICalEventStatus } from 'ical-generator';
import { tzlib_get_ical_block } from 'timezones-ical-library';
import type { Coordinates } from '../../../domain/geo.ts';
import { clockTime } from '../../../web/format.ts';
import type { Instant, LocalDate, MinuteOfDay } from '../../../domain/time.ts';

/** What a calendar file of one appointment says. */
export interface CalendarEntry {
  /** Secret of the appointment: gives an identity that stays the same and can't be guessed. */
  secret: string;
  /** Raised by each change of the appointment. */
  sequence: number;
  cancelled: boolean;
  /** Wall-clock times of the zone. */
  start: { date: LocalDate; minute: MinuteOfDay };
  end: { date: LocalDate; minute: MinuteOfDay };
  /** IANA name. */
  timeZone: string;
  summary: string;
  location: string | null;
  at: Coordinates | null;
  description: string;
  /** Absolute address of the page that shows the appointment. */
  url: string;
  organizer: { name: string; email: string };
  /** When the file is made. */
  now: Instant;
}

/** Seconds before the appointment at which a calendar reminds of it. */
const REMINDERS = [24 * 60 * 60, 60 * 60];

/** Calendars do not need no-break spaces, and some show them as signs. */
function plain(text: string): string {
  return text.replace(/\u00A0/g, ' ');
}

function wallClock({ date, minute }: { date: LocalDate; minute: MinuteOfDay }): string {
  return `${date}T${clockTime(minute).padStart(5, '0')}:00`;
}

/** Identity of the appointment in calendars: the same for every file of it (RFC 5545, UID). */
export function calendarUid(secret: string): string {
  return `${createHash('sha256').update(secret).digest('hex').slice(0, 40)}@koffertour`;
}

/** How the file is sent: a cancelled appointment is taken out of the calendar (RFC 5546, PUBLISH and CANCEL). */
export function calendarMethod(entry: Pick<CalendarEntry, 'cancelled'>): 'PUBLISH' | 'CANCEL' {
  return entry.cancelled ? 'CANCEL' : 'PUBLISH';
}

/**
 * The appointment as an iCalendar file (RFC 5545). Times are wall-clock times with the rules of their zone in the file,
 * so that 9:00 stays 9:00 whatever zone the device is set to.
 */
export function buildCalendarFile(entry: CalendarEntry): string {
  const calendar = ical({
    prodId: { company: 'Koffertour', product: 'Koffertour', language: 'DE' },
    method: ICalCalendarMethod[calendarMethod(entry)],
    // A zone of the calendar itself would be written into DTSTAMP, which has to be UTC.
    timezone: { name: null, generator: (zone) => tzlib_get_ical_block(zone)[0] ?? null },
  });
  const event = calendar.createEvent({
    id: calendarUid(entry.secret),
    sequence: entry.sequence,
    stamp: new Date(entry.now),
    start: wallClock(entry.start),
    end: wallClock(entry.end),
    timezone: entry.timeZone,
    summary: plain(entry.summary),
    description: plain(entry.description),
    url: entry.url,
    organizer: entry.organizer,
    status: entry.cancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
  });
  if (entry.location !== null) {
    event.location(
      entry.at === null
        ? { title: plain(entry.location) }
        : { title: plain(entry.location), geo: { lat: entry.at.lat, lon: entry.at.lon } },
    );
  }
  if (!entry.cancelled) {
    for (const triggerBefore of REMINDERS) {
      event.createAlarm({ type: ICalAlarmType.display, triggerBefore, description: plain(entry.summary) });
    }
  }
  return calendar.toString();
}
