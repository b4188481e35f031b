import type { CounterDay } from '../booking/slots.ts';
import type { Instant, LocalDate, MinuteOfDay } from '../time.ts';

export interface StaffedCounterDay extends CounterDay {
  clerkId: number | null;
}

/** A published public stop without its occupied time. */
export interface Stop {
  id: number;
  date: LocalDate;
  /** Inclusive. */
  fromMinute: MinuteOfDay;
  /** Exclusive. */
  toMinute: MinuteOfDay;
  startsAt: Instant;
  endsAt: Instant;
  venueId: number;
  kitId: number;
  /** Ids of the services that are announced; null: whatever kit and crew can do. */
  announced: readonly number[] | null;
}

/** A stop with its counters and what is taken of them. */
export interface StopWithCounters extends Stop {
  counters: readonly StaffedCounterDay[];
}

export interface StopQuery {
  venueIds: readonly number[];
  /** Inclusive. */
  fromDate: LocalDate;
  /** Inclusive. */
  toDate: LocalDate;
  /** Only stops of these kits. */
  kitIds: readonly number[];
  /** Only stops that are still open after this minute of the day. */
  endsAfterMinute?: MinuteOfDay;
  limit: number;
}
