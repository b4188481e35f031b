import { ICalAlarmType, ICalEvent, ICalEventStatus, ICalEventTransparency, type ICalCalendar } from 'ical-generator';
import type { Instant } from '../../domain/time.ts';
import type { CalendarEvent } from '../calendar.ts';
import { finished, Lines } from './lines.ts';
import { wallClock, wallClockDigits } from './wallClock.ts';

/** Writes one event to the lines of a calendar. */
export type WriteEvent = (event: CalendarEvent, lines: Lines) => void;

/** Where answers go when there is nobody to write to: leads nowhere on purpose (RFC 2606). */
export const NO_ADDRESS = 'keine-antwort@koffertour.invalid';

/** What is published has to name an organizer (RFC 5546, 3.2.1). */
const NOBODY = { name: 'Koffertour', email: NO_ADDRESS };

/**
 * A name as a parameter. There is no way to write a double quote that all parsers understand (RFC 5545, 3.2), and some
 * take a colon for the end of it even between quotes.
 */
function parameter(text: string): string {
  return text
    .replace(/["\\]/g, "'")
    .replace(/\s*:[\s:]*/g, ' – ')
    .replace(/\s+/g, ' ')
    .trim();
}

function organizerOf({ organizer }: CalendarEvent): { name: string; email: string } {
  const { name, email } = organizer ?? NOBODY;
  return { name: parameter(name) || NOBODY.name, email };
}

/** Alarms come after everything that is said of the event itself (RFC 5545, 3.6.1); the generator has them in between. */
function alarmsLast(text: string): string {
  return text.replace(/\r\n(BEGIN:VALARM\r\n[^]*\r\nEND:VALARM)(\r\n[^]*)(?=\r\nEND:VEVENT)/, '$2\r\n$1');
}

/** @param stamp when the file is made */
export function withGenerator(calendar: ICalCalendar, timezone: string, stamp: Instant): WriteEvent {
  return (event, lines) =>
    lines.raw(
      alarmsLast(
        new ICalEvent(
          {
            id: event.uid,
            sequence: event.sequence,
            stamp: new Date(stamp),
            start: wallClock(event.start),
            end: wallClock(event.end),
            timezone,
            summary: event.summary,
            description: event.description === '' ? null : event.description,
            location:
              event.location === null || event.location === ''
                ? null
                : {
                    title: event.location,
                    ...(event.at === null ? {} : { geo: { lat: event.at.lat, lon: event.at.lon } }),
                  },
            url: event.url,
            organizer: organizerOf(event),
            status: event.cancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
            transparency: event.transparent === true ? ICalEventTransparency.TRANSPARENT : ICalEventTransparency.OPAQUE,
            alarms: event.alarms.map((triggerBefore) => ({
              type: ICalAlarmType.display,
              triggerBefore,
              description: event.summary,
            })),
          },
          calendar,
        ).toString(),
      ),
    );
}

const OPAQUE = finished('TRANSP:OPAQUE\r\n');
const TRANSPARENT = finished('TRANSP:TRANSPARENT\r\n');
const CONFIRMED = finished('STATUS:CONFIRMED\r\nEND:VEVENT\r\n');
const CANCELLED = finished('STATUS:CANCELLED\r\nEND:VEVENT\r\n');
const ORGANIZER_NOBODY = organizerLine(NOBODY);

function organizerLine({ name, email }: typeof NOBODY): Buffer {
  const lines = new Lines();
  lines.raw(`ORGANIZER;CN="${name}":mailto:`);
  lines.value(email);
  lines.raw('\r\n');
  return lines.take();
}

/** Writes lines that are the same ones again and again, with a value each; each is finished once. */
function again(name: string): (value: string, lines: Lines) => void {
  const known = new Map<string, Buffer>();
  return (value, lines) => {
    let line = known.get(value);
    if (line === undefined) {
      const own = new Lines(256);
      own.raw(name);
      own.value(value);
      own.raw('\r\n');
      line = own.take();
      known.set(value, line);
    }
    lines.finished(line);
  };
}

/**
 * Writes the same as {@link withGenerator}, sign by sign (test/web/calendarText.test.ts), in a small part of the time: a
 * calendar that is subscribed to has thousands of events and is asked for day and night. For events without alarms.
 * @param stamp when the file is made
 */
export function quickly(timezone: string, stamp: Instant): WriteEvent {
  const made = `\r\nDTSTAMP:${new Date(stamp).toISOString().replace(/[-:]|\.\d+/g, '')}\r\nDTSTART;TZID=${timezone}:`;
  const end = `\r\nDTEND;TZID=${timezone}:`;
  const placeLine = again('LOCATION:');
  const urlLine = again('URL;VALUE=URI:');
  // Nearly always that of the event before.
  let last: CalendarEvent['organizer'] = null;
  let organizer = ORGANIZER_NOBODY;
  return (event, lines) => {
    if (event.organizer?.name !== last?.name || event.organizer?.email !== last?.email) {
      organizer = organizerLine(organizerOf(event));
      last = event.organizer;
    }
    lines.raw('BEGIN:VEVENT\r\nUID:');
    lines.raw(event.uid);
    lines.raw('\r\nSEQUENCE:');
    lines.raw(String(event.sequence));
    lines.raw(made);
    lines.raw(wallClockDigits(event.start));
    lines.raw(end);
    lines.raw(wallClockDigits(event.end));
    lines.raw('\r\nSUMMARY:');
    lines.value(event.summary);
    lines.raw('\r\n');
    lines.finished(event.transparent === true ? TRANSPARENT : OPAQUE);
    if (event.location !== null && event.location !== '') {
      placeLine(event.location, lines);
      if (event.at !== null) lines.raw(`GEO:${event.at.lat};${event.at.lon}\r\n`);
    }
    if (event.description !== '') {
      lines.raw('DESCRIPTION:');
      lines.value(event.description);
      lines.raw('\r\n');
    }
    lines.finished(organizer);
    if (event.url !== null) urlLine(event.url, lines);
    lines.finished(event.cancelled ? CANCELLED : CONFIRMED);
  };
}
