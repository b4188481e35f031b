import { DateTime } from 'luxon';
import type { Instant, LocalDate, MinuteOfDay } from './domain/time.ts';

/** Wall-clock time of one time zone: the only place where instants and local times are turned into each other. */
export interface Zone {
  readonly name: string;
  /** The instant at which the clocks of the zone show this minute of the day (the first one where it comes twice). */
  instantAt(date: LocalDate, minute: MinuteOfDay): Instant;
  /** What the clocks of the zone show. */
  local(instant: Instant): { date: LocalDate; minute: MinuteOfDay };
}

/** @param name IANA name, e.g. Europe/Berlin */
export function createZone(name: string): Zone {
  return {
    name,
    instantAt: (date, minute) =>
      DateTime.fromISO(date, { zone: name })
        .set({ hour: Math.floor(minute / 60), minute: minute % 60 })
        .toMillis(),
    local: (instant) => {
      const time = DateTime.fromMillis(instant, { zone: name });
      return { date: time.toFormat('yyyy-MM-dd'), minute: time.hour * 60 + time.minute };
    },
  };
}
