import { compareDates, addDays, TICK_MINUTES, type LocalDate } from '../time.ts';
import type { BookingRules } from './rules.ts';

/** Who books: the citizen alone, or an agent of the hotline for a caller. */
export type BookingChannel = 'online' | 'hotline';

/**
 * Until how many minutes before its start a time can be booked this way; for the hotline never sooner closed than
 * online. At least one: what begins within this minute has begun, and nothing is booked that has.
 */
export function leadMinutesOf(
  rules: Pick<BookingRules, 'leadMinutes' | 'hotlineLeadMinutes'>,
  channel: BookingChannel,
): number {
  const minutes = channel === 'hotline' ? Math.min(rules.hotlineLeadMinutes, rules.leadMinutes) : rules.leadMinutes;
  return Math.max(1, minutes);
}

/** Ticks of a local day. */
export interface TickSpan {
  /** Inclusive. */
  fromTick: number;
  /** Exclusive. */
  toTick: number;
}

/** What is kept is a whole number of quarters of an hour: less is of use to nobody. */
const QUARTER = 15 / TICK_MINUTES;

/**
 * The part of a stop's window that only the hotline may book: at each counter the first share of it, rounded up to a
 * quarter of an hour; null: none, or not any more. Unless everything is kept, at least a quarter of an hour stays open:
 * of a short window rounding would leave nothing. From `hotlineShareDays` days before the visit on, that day included,
 * all of it is open to everybody. It follows from window and rules alone, so that nothing has to be counted or locked
 * when somebody books.
 * @param window whatever of it has passed counts too: what is kept does not wander while the visit runs
 * @param today local date on which somebody wants to book
 */
export function keptForHotline(
  rules: Pick<BookingRules, 'hotlineSharePercent' | 'hotlineShareDays'>,
  window: TickSpan,
  date: LocalDate,
  today: LocalDate,
): TickSpan | null {
  const length = window.toTick - window.fromTick;
  if (rules.hotlineSharePercent <= 0 || length <= 0) return null;
  if (compareDates(today, addDays(date, -rules.hotlineShareDays)) >= 0) return null;
  const share = Math.ceil((length * rules.hotlineSharePercent) / 100 / QUARTER) * QUARTER;
  const kept = Math.min(share, rules.hotlineSharePercent >= 100 ? length : length - QUARTER);
  return kept <= 0 ? null : { fromTick: window.fromTick, toTick: window.fromTick + kept };
}
