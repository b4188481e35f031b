import type { Directory } from '../../domain/booking/office.ts';
import type { Instant, LocalDate, MinuteOfDay } from '../../domain/time.ts';
import type { Stop, StopQuery, StopWithCounters } from '../../domain/tours/stop.ts';
import type { Render } from '../../web/render.ts';

export interface TimetableDeps {
  render: Render;
  /** The newest picture of the office, at most some seconds old. */
  directory: () => Promise<Directory>;
  stops: ReadStops;
  clock: { now(): Instant };
  zone: { local(instant: Instant): { date: LocalDate; minute: MinuteOfDay } };
  /** Origin under which citizens reach the office; null: as the request says. */
  publicUrl: string | null;
}

/** Reads published stops. */
export interface ReadStops {
  /** Ascending by date and time; one query. */
  stops(query: StopQuery): Promise<Stop[]>;
  /** Adds counters and taken ticks; one query for all of them. */
  withCounters(stops: readonly Stop[], now: Instant): Promise<StopWithCounters[]>;
}
