import type { Coordinates } from '../domain/geo.ts';
import type { Instant, LocalDate, MinuteOfDay } from '../domain/time.ts';

/** One event of a calendar. Times are wall-clock times of the calendar's zone. */
export interface CalendarEvent {
  /** The same in every file that tells of it, unique in the world (RFC 5545, 3.8.4.7). */
  uid: string;
  /** Raised by each change. */
  sequence: number;
  start: { date: LocalDate; minute: MinuteOfDay };
  /** Exclusive. */
  end: { date: LocalDate; minute: MinuteOfDay };
  summary: string;
  description: string;
  location: string | null;
  at: Coordinates | null;
  /** Absolute. */
  url: string | null;
  cancelled: boolean;
  /** Whose event it is; null: of nobody one could write to. */
  organizer: { name: string; email: string } | null;
  /** Seconds before the start at which a calendar reminds of it; empty: never. */
  alarms: readonly number[];
  /** Does not take anybody's time: free for other appointments. */
  transparent?: boolean;
}

export interface Calendar {
  /**
   * CANCEL takes the events of the file out of a calendar (each of them is `cancelled`); what is subscribed to is always
   * PUBLISH, with those that are off as `cancelled`.
   */
  method: 'PUBLISH' | 'CANCEL';
  /** IANA name. */
  timeZone: string;
  /** When the file is made. */
  now: Instant;
  /** Those of what is sent by `sendCalendar` may be made while they are written. */
  events: Iterable<CalendarEvent>;
  /** Of what is subscribed to; null: a file of one event. */
  feed: {
    name: string;
    description: string;
    /** How often calendars should ask for news. */
    refreshMinutes: number;
    /** Name of CSS (RFC 7986, COLOR). */
    colour: string;
    /** Absolute address of the feed itself. */
    source: string | null;
  } | null;
}

export { buildCalendar, calendarType } from './calendar/build.ts';
export { NO_ADDRESS } from './calendar/events.ts';
export { sendCalendar } from './calendar/send.ts';
export { calendarUid, uidOf } from './calendar/uid.ts';
