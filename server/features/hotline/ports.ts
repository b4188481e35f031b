import type { Scope } from '../../domain/access.ts';
import type { Appointment } from '../../domain/booking/appointment.ts';
import type { BookingChannel } from '../../domain/booking/channels.ts';
import type { Directory, Line, Locale } from '../../domain/booking/office.ts';
import type {
  Agent,
  BookForCaller,
  Call,
  CallerInput,
  LookUp,
  LookUpOutcome,
  MoveForCaller,
  PostalAddress,
} from '../../domain/hotline/desk.ts';
import type { Instant, LocalDate, MinuteOfDay } from '../../domain/time.ts';
import type { Stop, StopQuery, StopWithCounters } from '../../domain/tours/stop.ts';

/** The newest picture of the office, at most some seconds old. */
export type ReadDirectory = () => Promise<Directory>;

/** Reads published stops. */
export interface Availability {
  /** Ascending by date, time, venue. */
  stops(query: StopQuery): Promise<Stop[]>;
  stop(id: number): Promise<Stop | undefined>;
  /**
   * Adds counters and taken ticks.
   * @param exceptAppointment its ticks count as free (for moving it)
   * @param channel for the hotline a cancelled time is free at once; default: online
   */
  withCounters(
    stops: readonly Stop[],
    now: Instant,
    exceptAppointment?: number,
    channel?: BookingChannel,
  ): Promise<StopWithCounters[]>;
}

/** A start at a stop. */
export interface Slot {
  stopId: number;
  tick: number;
}

export interface HoldForCaller {
  /** Names the hold: the same request twice gives one hold, another time under the same name moves it. */
  secret: string;
  slot: Slot;
  lines: readonly Line[];
  originPlaceId: number | null;
  locale: Locale;
}

export type HoldOutcome = { kind: 'held' | 'slotTaken' | 'notOffered' | 'alreadyBooked' };

export type KeepOutcome = { kind: 'kept'; holdUntil: Instant } | { kind: 'limit' | 'slotTaken' | 'booked' | 'unknown' };

/** The bookings, as an agent uses them. All is refused for municipalities outside the agent's scope. */
export interface Desk {
  /** Reserves a time for some minutes, also one that is closed to online booking. */
  hold(agent: Agent, request: HoldForCaller): Promise<HoldOutcome>;
  /** Holds it longer, one whole period from now. */
  extend(secret: string): Promise<KeepOutcome>;
  /** Gives a hold up with all that was typed; what is booked stays. */
  release(secret: string): Promise<void>;
  /** Keeps what was typed so far with the hold, unchecked. */
  saveDraft(secret: string, caller: CallerInput): Promise<void>;
  /**
   * Books what is held, in one transaction: name, contact or address, the lasting time, the letter, the history.
   * @param despite books although the caller may have an appointment already
   */
  book(agent: Agent, secret: string, caller: CallerInput, despite: boolean): Promise<BookForCaller>;
  /**
   * Moves an appointment that `book` pointed out to the time that is held, in one transaction; the hold is given up.
   * Refused for any other appointment.
   */
  moveInstead(agent: Agent, holdSecret: string, appointmentId: number): Promise<MoveForCaller>;
  move(agent: Agent, secret: string, slot: Slot): Promise<MoveForCaller>;
  cancel(agent: Agent, secret: string): Promise<{ kind: 'cancelled' | 'notChangeable' }>;
  /** @param key the same key twice writes one note */
  addNote(agent: Agent, secret: string, text: string): Promise<boolean>;
  /** Tells the person again by the way they chose. @returns by which; null: there is none, or it has begun */
  confirmAgain(agent: Agent, secret: string): Promise<'letter' | 'email' | 'phone' | null>;
  /** Finds at most one; every look-up is recorded, also one that finds nothing. */
  lookUp(agent: Agent, asked: LookUp): Promise<LookUpOutcome>;
}

export interface Calls {
  /** The call of this agent; undefined: unknown, ended, or somebody else's. */
  call(token: string, userId: number): Promise<Call | undefined>;
  /**
   * Begins a call, or writes what changed of it. The same twice is one call.
   * @returns false when the token is somebody else's, or its call has ended
   */
  keep(call: Omit<Call, 'startedAt'>, now: Instant): Promise<boolean>;
  /**
   * Begins a call in which a time is to be held, or goes on with it, and keeps the search text. Who sends the same
   * twice at once holds one time: both get the same secret.
   * @param secret for the hold, where the call has none yet
   * @returns the secret of the call; null when the token is somebody else's, or its call has ended
   */
  beginHold(
    call: { token: string; userId: number; secret: string; query: string },
    now: Instant,
  ): Promise<string | null>;
  /** @returns the secret that the call had until now; null: none, or it is not theirs, or had ended before */
  end(token: string, userId: number, now: Instant): Promise<string | null>;
}

/** What belongs to an appointment besides itself. */
export interface AppointmentExtras {
  channel: 'online' | 'hotline' | 'clerk' | 'walk-in';
  address: PostalAddress | null;
  /** Oldest first. */
  notes: readonly { text: string; at: Instant; by: string | null }[];
  /** The last letter; null: none was written. */
  letter: { kind: 'confirmed' | 'moved' | 'cancelled'; createdAt: Instant; printedAt: Instant | null } | null;
}

export interface Appointments {
  bySecret(secret: string): Promise<Appointment | undefined>;
  extras(appointmentId: number): Promise<AppointmentExtras>;
  /** Where a stop is or was, published or not. */
  placeOfStop(stopId: number): Promise<{ venueId: number | null; date: LocalDate; municipalityId: number } | undefined>;
}

/** What waits for somebody, for the line at the foot of the screen. */
export interface Waiting {
  callbacks(scope: Scope, now: Instant): Promise<{ open: number; overdue: number }>;
  letters(scope: Scope, now: Instant): Promise<number>;
}

export interface Clock {
  now(): Instant;
}

/** Wall-clock time of the office. */
export interface Zone {
  readonly name: string;
  instantAt(date: LocalDate, minute: MinuteOfDay): Instant;
  local(instant: Instant): { date: LocalDate; minute: MinuteOfDay };
}

export interface Randomness {
  /** 22 characters, 128 bit. */
  secret(): string;
}
