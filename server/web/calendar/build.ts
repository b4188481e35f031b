import ical, { escape, ICalCalendarMethod, type ICalCalendar } from 'ical-generator';
import type { Calendar } from '../calendar.ts';
import { appleColour } from './colours.ts';
import { quickly, withGenerator } from './events.ts';
import { Lines } from './lines.ts';
import { zoneRules } from './zoneRules.ts';

const END = 'END:VCALENDAR';

/** How a calendar is sent: the method stands in the file and has to stand here too (RFC 6047, 2.4). */
export function calendarType({ method }: Pick<Calendar, 'method'>): string {
  return `text/calendar; charset=utf-8; method=${method}`;
}

/** A calendar that has no events yet. */
function emptyCalendar({ method, feed, timeZone }: Calendar): ICalCalendar {
  const calendar = ical({
    prodId: { company: 'Koffertour', product: 'Koffertour', language: 'DE' },
    method: ICalCalendarMethod[method],
    // No `timezone`: that of a calendar would be written into DTSTAMP, which has to be UTC.
  });
  if (feed !== null) {
    // Unlike those of events, the texts of a calendar are written as they come.
    calendar
      .name(escape(feed.name, false))
      .description(escape(feed.description, false))
      .source(feed.source)
      .ttl(feed.refreshMinutes * 60)
      .x('X-WR-TIMEZONE', timeZone);
    const colour = appleColour(feed.colour);
    if (colour !== null) {
      calendar.x('X-APPLE-CALENDAR-COLOR', colour);
    }
  }
  return calendar;
}

/**
 * The calendar as a file (RFC 5545, 5546, 7986), lines of at most 75 octets. Times are wall-clock times with the rules
 * of their zone in the file, so that 9:00 stays 9:00 whatever zone the device is set to.
 *
 * ical-generator writes it; what it does too slowly for thousands of events is done here: the rules of the zone, the
 * events of feeds, and the folding.
 * @throws when the time zone is unknown
 */
export function buildCalendar(calendar: Calendar): string {
  return Buffer.concat([...calendarPieces(calendar)]).toString();
}

/**
 * The same in pieces of some ten thousand octets, each made when it is asked for, and so are the events in it: for
 * calendars of megabytes.
 * @throws when the time zone is unknown
 */
export function* calendarPieces(calendar: Calendar): Generator<Buffer, void, undefined> {
  const { feed, timeZone, now, events } = calendar;
  const empty = emptyCalendar(calendar);
  const carefully = withGenerator(empty, timeZone, now);
  const fast = quickly(timeZone, now);
  const lines = new Lines();
  lines.raw(empty.toString().slice(0, -END.length));
  // RFC 7986; ical-generator has only Apple's.
  if (feed !== null) lines.raw(`COLOR:${feed.colour}\r\n`);
  lines.raw(zoneRules(timeZone));
  for (const event of events) {
    const write = feed === null || event.alarms.length > 0 ? carefully : fast;
    write(event, lines);
    if (lines.isMuch) yield lines.take();
  }
  lines.raw(`${END}\r\n`);
  yield lines.take();
}
