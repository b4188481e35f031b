import type { MapSettings } from '../../web/mapView.ts';
import type { ContactKind } from '../../domain/booking/appointment.ts';
import type { Directory, Locale } from '../../domain/booking/office.ts';
import type { AppointmentState } from '../../domain/booking/states.ts';
import type { Coordinates } from '../../domain/geo.ts';
import type { TravelTimes } from '../../domain/routing/travel.ts';
import type { Instant, LocalDate, MinuteOfDay } from '../../domain/time.ts';
import type { TourTimes } from '../../domain/tours/times.ts';

/** What the clerk's day needs from outside. Written by compose.ts, checked there. */

/** A published tour of somebody's own crew. */
export interface CrewTour {
  id: number;
  date: LocalDate;
  municipality: { id: number; name: string };
  kit: { id: number; name: string; capabilities: readonly string[] } | null;
  depot: { name: string; at: Coordinates } | null;
  /** Of the planner, for those who work with the program. */
  note: string | null;
  crew: readonly { clerkId: number; name: string; isMe: boolean }[];
  /** In the order of the day. */
  stops: readonly CrewStop[];
  /** Null: not computed yet, or out of date. */
  times: TourTimes | null;
  /** Oldest first, by when it happened; those taken back are left out. */
  actions: readonly TourAction[];
  /** What of the packing list is packed. */
  packed: readonly string[];
}

export interface CrewStop {
  id: number;
  venue: {
    name: string;
    locality: string;
    street: string;
    postcode: string;
    city: string;
    at: Coordinates;
    /** Of the venue, for those who come with the kit. */
    contact: string | null;
    /** Of the contact, by itself. */
    phone: string | null;
    /** The way in, and what is to be known there. */
    access: Readonly<Record<Locale, string | null>>;
  };
  fromMinute: MinuteOfDay;
  /** Exclusive. */
  toMinute: MinuteOfDay;
  startsAt: Instant;
  endsAt: Instant;
  setUpMinutes: number;
  tearDownMinutes: number;
  counters: readonly { counter: number; clerkId: number | null; clerkName: string | null; isMe: boolean }[];
  /** By time, then counter: those to come and those that were, not those cancelled, expired or only held. */
  appointments: readonly CrewAppointment[];
}

export interface CrewAppointment {
  id: number;
  counter: number;
  fromMinute: MinuteOfDay;
  minutes: number;
  startsAt: Instant;
  endsAt: Instant;
  state: Extract<AppointmentState, 'pending' | 'confirmed' | 'arrived' | 'served' | 'missed'>;
  channel: 'online' | 'hotline' | 'clerk' | 'walk-in';
  /** Null on days on which nobody needs to know, and once it is deleted. */
  person: CrewPerson | null;
  services: readonly CrewService[];
}

export interface CrewPerson {
  reference: string;
  /** Null: a walk-in who gave none. */
  name: string | null;
  contactKind: ContactKind | null;
  contact: string | null;
  locale: Locale;
  /** What the hotline noted for the crew, oldest first. */
  notes: readonly string[];
}

export interface CrewService {
  serviceId: number;
  names: Readonly<Record<Locale, string>>;
  persons: number;
  /** For one person. */
  feeCents: number | null;
  /** What the citizen brings. */
  documents: Readonly<Record<Locale, readonly string[]>>;
  /** Capabilities of the kit. */
  needs: readonly string[];
  /** Paper forms to take along. */
  forms: readonly string[];
}

export interface TourAction {
  key: string;
  kind: 'arrived' | 'served' | 'missed' | 'walkIn' | 'late' | 'note';
  appointmentId: number | null;
  /** Of a delay. */
  minutes: number | null;
  /** Of a note. */
  text: string | null;
  at: Instant;
  by: string | null;
}

/** A day of the week at a glance. */
export interface CrewDay {
  date: LocalDate;
  tours: readonly {
    id: number;
    kit: string | null;
    stops: readonly { locality: string; fromMinute: MinuteOfDay; toMinute: MinuteOfDay; appointments: number }[];
    departureMinute: number | null;
    returnMinute: number | null;
  }[];
}

/**
 * Reads the own days of somebody. Own are the published tours in whose crew the clerk is to whom this user account
 * belongs, while the account has the role of a clerk in the tour's municipality.
 */
export interface CrewDays {
  /** True: the user is linked to a clerk, who could be on tours. */
  isClerk(userId: number): Promise<boolean>;
  /**
   * The published tours of this date in whose crew the user is, by departure. One a day, as the database guarantees.
   * @param people false: without names, references and contacts, which are then not even read
   */
  day(userId: number, date: LocalDate, people: boolean): Promise<CrewTour[]>;
  /** From the one date to the other, both inclusive; only days with tours. Without people. */
  days(userId: number, fromDate: LocalDate, toDate: LocalDate): Promise<CrewDay[]>;
  /** The next date after this one with a tour. */
  nextDate(userId: number, after: LocalDate): Promise<LocalDate | null>;
  /** The dates of a stop, an appointment or a tour of which the user is the crew; null: not theirs, not there. */
  dateOf(
    userId: number,
    what: { stopId: number } | { appointmentId: number } | { tourId: number },
  ): Promise<LocalDate | null>;
}

/** Computes the times of a tour anew where they are missing or out of date, and answers them. */
export type FreshTimes = (tourId: number) => Promise<TourTimes | null>;

export type { TravelTimes };

/** Tells people who wait that the crew is late; nothing yet, until there is a message channel. */
export interface LateMessages {
  /** @returns the ids of the appointments whose people were told; the others are to be called */
  tell(tourId: number, late: readonly { appointmentId: number; expectedAt: Instant }[]): Promise<readonly number[]>;
}

export type ReadDirectory = () => Promise<Directory>;

export interface Randomness {
  /** Uniform from 0 inclusive to max exclusive, not predictable. */
  int(max: number): number;
  /** 22 characters, 128 bit, for addresses. */
  secret(): string;
}

export interface Clock {
  now(): Instant;
}

export interface Zone {
  readonly name: string;
  instantAt(date: LocalDate, minute: MinuteOfDay): Instant;
  local(instant: Instant): { date: LocalDate; minute: MinuteOfDay };
}

export type { MapSettings };
