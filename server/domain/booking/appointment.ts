import type { Instant, LocalDate } from '../time.ts';
import type { BookingChannel } from './channels.ts';
import type { Locale } from './office.ts';
import type { AppointmentState } from './states.ts';

export interface AppointmentLine {
  serviceId: number;
  persons: number;
  /** For one person. */
  minutes: number;
  /** For one person; null: set by the municipal statute. */
  feeCents: number | null;
}

export type ContactKind = 'email' | 'phone' | 'none';

export interface Appointment {
  id: number;
  reference: string;
  secret: string;
  state: AppointmentState;
  stopId: number;
  counter: number;
  date: LocalDate;
  startTick: number;
  ticks: number;
  startsAt: Instant;
  endsAt: Instant;
  locale: Locale;
  originPlaceId: number | null;
  firstName: string | null;
  familyName: string | null;
  contactKind: ContactKind | null;
  contact: string | null;
  holdUntil: Instant | null;
  holdExtensions: number;
  sequence: number;
  lines: readonly AppointmentLine[];
}

/** Where and when an appointment is. */
export interface Occupancy {
  stopId: number;
  counter: number;
  date: LocalDate;
  startTick: number;
  ticks: number;
  startsAt: Instant;
  endsAt: Instant;
}

export interface NewHold extends Occupancy {
  reference: string;
  secret: string;
  channel: BookingChannel;
  locale: Locale;
  originPlaceId: number | null;
  holdUntil: Instant;
  createdAt: Instant;
  lines: readonly AppointmentLine[];
}

/** What was entered so far; a draft may lack anything. */
export interface PersonalDetails {
  firstName: string | null;
  familyName: string | null;
  /** The family name folded, for finding the appointment by it. */
  familyKey: string | null;
  contactKind: ContactKind | null;
  contact: string | null;
}
