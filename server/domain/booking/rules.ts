/** The rules a municipality sets for bookings, and the questions they answer. */
import {
  addDays,
  compareDates,
  daysBetween,
  MILLISECONDS_PER_MINUTE,
  MINUTES_PER_DAY,
  minutesToTicks,
  TICKS_PER_DAY,
  tickToMinute,
} from '../time.ts';
import type { Instant, LocalDate, MinuteOfDay } from '../time.ts';

/** Whole numbers, not negative. */
export interface BookingRules {
  /** How long a chosen time stays reserved while the data is entered. */
  holdMinutes: number;
  /** How often this can be extended; at least MIN_HOLD_EXTENSIONS. */
  holdExtensions: number;
  /** A time can be booked online until this many minutes before it begins. */
  leadMinutes: number;
  /** A day can be booked from this many days ahead, inclusive; 0 = today only. */
  horizonDays: number;
  /** How many open appointments one contact may have at a time. */
  maxOpenPerContact: number;
  /** A cancelled time is offered online again after a random delay between these bounds, both inclusive. */
  reopenMinMinutes: number;
  reopenMaxMinutes: number;
  /** Personal data is deleted this long after the visit. */
  retentionHours: number;
  setUpMinutes: number;
  tearDownMinutes: number;
  /** As leadMinutes, for bookings of the hotline. */
  hotlineLeadMinutes: number;
  /** Share of each counter's time that only the hotline may book until `hotlineShareDays` before; 0 to 100. */
  hotlineSharePercent: number;
  /** From so many days before the visit on, what is kept for the hotline is open to everybody. */
  hotlineShareDays: number;
}

/** WCAG 2.2, success criterion 2.2.1: a time limit can be extended "at least ten times". */
export const MIN_HOLD_EXTENSIONS = 10;

export const DEFAULT_RULES: Readonly<BookingRules> = {
  holdMinutes: 10,
  holdExtensions: MIN_HOLD_EXTENSIONS,
  leadMinutes: 120,
  horizonDays: 60,
  maxOpenPerContact: 3,
  reopenMinMinutes: 1,
  reopenMaxMinutes: 30,
  retentionHours: 24,
  setUpMinutes: 20,
  tearDownMinutes: 15,
  hotlineLeadMinutes: 0,
  hotlineSharePercent: 0,
  hotlineShareDays: 0,
};

/** The instant at which a time held (or extended) now is given up. */
export function holdUntil(now: Instant, rules: Pick<BookingRules, 'holdMinutes'>): Instant {
  return now + rules.holdMinutes * MILLISECONDS_PER_MINUTE;
}

/** True when a hold that was already extended this often may be extended again; never fewer than ten times. */
export function canExtendHold(extensions: number, rules: Pick<BookingRules, 'holdExtensions'>): boolean {
  return extensions < Math.max(rules.holdExtensions, MIN_HOLD_EXTENSIONS);
}

/**
 * The instant at which a time cancelled now is offered online again, uniformly random to the millisecond between both
 * bounds inclusive: who trades in appointments cannot time "cancel and book again".
 * @param random uniformly random from 0 inclusive to 1 exclusive
 */
export function reopenAt(
  now: Instant,
  rules: Pick<BookingRules, 'reopenMinMinutes' | 'reopenMaxMinutes'>,
  random: () => number,
): Instant {
  const shortest = rules.reopenMinMinutes * MILLISECONDS_PER_MINUTE;
  const longest = rules.reopenMaxMinutes * MILLISECONDS_PER_MINUTE;
  return now + shortest + Math.floor(random() * (longest - shortest + 1));
}

/** From when until when something can be booked online. */
export interface BookableWindow {
  /** First day with a bookable time, inclusive. */
  firstDate: LocalDate;
  /** First tick of that day that may start, inclusive; later days are open from tick 0. */
  firstTick: number;
  /** Last bookable day, inclusive. */
  lastDate: LocalDate;
}

/**
 * What can be booked online at this wall-clock time; null when the lead time reaches beyond the horizon.
 * As `earliestTick`, it counts minutes on the clock.
 */
export function bookableWindow(
  today: LocalDate,
  nowMinute: MinuteOfDay,
  rules: Pick<BookingRules, 'leadMinutes' | 'horizonDays'>,
): BookableWindow | null {
  const tick = minutesToTicks(nowMinute + rules.leadMinutes);
  const firstDate = addDays(today, Math.floor(tick / TICKS_PER_DAY));
  const lastDate = addDays(today, rules.horizonDays);
  return compareDates(firstDate, lastDate) <= 0 ? { firstDate, firstTick: tick % TICKS_PER_DAY, lastDate } : null;
}

/**
 * The first tick of the stop's day at which an appointment may start: 0 when the lead time ends before that day, null
 * when it reaches beyond it or the day is over.
 *
 * Counts minutes on the clock, so that on the two nights when the clocks change the lead is an hour longer or shorter
 * if it spans the change. That is accepted: everybody sees the same times as on any other day.
 */
export function earliestTick(
  stopDate: LocalDate,
  nowLocalDate: LocalDate,
  nowLocalMinute: MinuteOfDay,
  leadMinutes: number,
): number | null {
  const minute = nowLocalMinute + leadMinutes - daysBetween(nowLocalDate, stopDate) * MINUTES_PER_DAY;
  const tick = minutesToTicks(Math.max(0, minute));
  return tick < TICKS_PER_DAY ? tick : null;
}

/** True from today to today + horizonDays, both inclusive. */
export function isWithinHorizon(date: LocalDate, today: LocalDate, horizonDays: number): boolean {
  const days = daysBetween(today, date);
  return days >= 0 && days <= horizonDays;
}

/** How somebody can be reached. */
export interface Contact {
  kind: 'email' | 'phone';
  value: string;
}

/**
 * The same key for all usual spellings of the same contact, to count its open appointments; not for writing to it.
 *
 * E-mail: no spaces around it, small letters. Phone: digits only; German numbers begin with one 0, whether written
 * '03764 540', '+49 3764 540', '0049 3764 540' or '+49 (0)3764 540'; foreign ones begin with 00. Without any digit the
 * result is empty.
 */
export function normaliseContact(contact: Contact): string {
  return contact.kind === 'email' ? contact.value.trim().toLowerCase() : normalisePhone(contact.value);
}

function normalisePhone(input: string): string {
  const value = input.normalize('NFKC');
  const digits = value.replace(/\D/g, '');
  // '(+49)' is written too: what counts is a plus before the first digit.
  const isInternational = /^\D*\+/.test(value) || digits.startsWith('00');
  if (!isInternational) return digits;

  const international = withoutLeadingZeros(digits);
  if (international.startsWith('49')) return `0${withoutLeadingZeros(international.slice(2))}`;
  return international === '' ? '' : `00${international}`;
}

function withoutLeadingZeros(digits: string): string {
  return digits.replace(/^0+/, '');
}

/** One service of an appointment. */
export interface ServiceLine {
  /** Minutes the service takes for one person. */
  minutes: number;
  persons: number;
}

/** How many minutes an appointment takes: the sum of minutes × persons, rounded up once to the five-minute grid. */
export function totalMinutes(lines: readonly ServiceLine[]): number {
  const minutes = lines.reduce((sum, line) => sum + line.minutes * line.persons, 0);
  return tickToMinute(minutesToTicks(minutes));
}
