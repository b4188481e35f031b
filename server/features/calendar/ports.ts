import type { Scope } from '../../domain/access.ts';
import type { AuditEntry } from '../../domain/audit.ts';
import type { Locale } from '../../domain/booking/office.ts';
import type { Instant, LocalDate, MinuteOfDay } from '../../domain/time.ts';
import type { StopWithCounters } from '../../domain/tours/stop.ts';

/** What calendars need from outside. Written by compose.ts, checked there. */

/** clerk: the own tours; kit: where one kit is; planner: all tours of the own municipalities. */

export type FeedKind = 'clerk' | 'kit' | 'planner';

export interface Feed {
  id: number;
  userId: number;
  kind: FeedKind;
  /** Only of kind kit. */
  kitId: number | null;
  label: string;
  locale: Locale;
  createdAt: Instant;
  /** When a calendar asked last, to the hour; null: never. */
  usedAt: Instant | null;
}

export interface NewFeed extends Omit<Feed, 'id' | 'usedAt'> {
  /** Of the secret part of the address, see `hashOfToken`. */
  tokenHash: string;
}

interface Author {
  userId: number;
  name: string;
}

export interface Feeds {
  /** Oldest first. */
  ofUser(userId: number): Promise<readonly Feed[]>;
  byToken(tokenHash: string): Promise<Feed | undefined>;
  /** `there`: with this address there is one already. `tooMany`: the user has `most` of them. */
  create(
    feed: NewFeed,
    most: number,
    author: Author,
    entry: Omit<AuditEntry, 'subjectId'>,
  ): Promise<'made' | 'there' | 'tooMany'>;
  /** False: the user has no such calendar. */
  end(
    userId: number,
    feedId: number,
    author: Author,
    at: Instant,
    entryOf: (feed: Feed) => Omit<AuditEntry, 'subjectId'>,
  ): Promise<boolean>;
  /** Remembers that a calendar has asked; writes at most once an hour. */
  used(feed: Feed, now: Instant): Promise<void>;
}

export interface Kit {
  id: number;
  name: string;
  municipalityId: number;
}

/** Whose tours are wanted. */
export type TourSet =
  | { kind: 'clerk'; userId: number }
  | { kind: 'kit'; kitId: number; scope: Scope }
  /** Those that were cancelled since then, too. */
  | { kind: 'planner'; scope: Scope; cancelledSince: Instant };

/** A tour that was published. */
export interface FeedTour {
  id: number;
  date: LocalDate;
  cancelled: boolean;
  version: number;
  municipality: string;
  kit: string | null;
  depot: string | null;
  /** Names, by name. */
  crew: readonly string[];
  /** In the order of the day. */
  stops: readonly FeedStop[];
  /** Null: not computed yet, or out of date. */
  times: FeedTimes | null;
}

export interface FeedStop {
  id: number;
  venueId: number;
  fromMinute: MinuteOfDay;
  /** Exclusive. */
  toMinute: MinuteOfDay;
  setUpMinutes: number;
  tearDownMinutes: number;
  /** By time; without anything that says who it is. */
  appointments: readonly {
    fromMinute: MinuteOfDay;
    reference: string | null;
    services: readonly { serviceId: number; persons: number }[];
  }[];
}

/** Minutes of the tour's date; negative: the day before, over 1440: the day after. */
export interface FeedTimes {
  departureMinute: number;
  returnMinute: number;
  /** Depot to the first stop, from stop to stop, and back: one more than stops. */
  legs: readonly { minutes: number; metres: number; estimated: boolean }[];
  /** One a stop. */
  arrivals: readonly number[];
  breaks: readonly { fromMinute: number; toMinute: number }[];
}

/** A public visit, with its counters but nothing of what is taken. */
export interface Visit extends Omit<StopWithCounters, 'kitId'> {
  tourId: number;
  version: number;
  cancelled: boolean;
  kitId: number | null;
}

export interface Tours {
  /** Earliest first; one statement, however many there are. @param fromDate inclusive */
  tours(which: TourSet, fromDate: LocalDate, appointments: boolean, now: Instant): Promise<readonly FeedTour[]>;
  /** By date and time. @param fromDate inclusive @param cancelledSince of what was called off, whenever it was to be */
  visits(venueIds: readonly number[], fromDate: LocalDate, cancelledSince: Instant): Promise<readonly Visit[]>;
  /** When anything changed that public calendars of a municipality tell of. */
  lastChange(municipalityId: number): Promise<Instant>;
  /** Not retired, by name. */
  kits(): Promise<readonly Kit[]>;
  /** The user is a clerk of the office. */
  isClerk(userId: number): Promise<boolean>;
}
