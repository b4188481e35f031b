import type { ICalLuxonDateTimeStub } from 'ical-generator';
import type { LocalDate, MinuteOfDay } from '../../domain/time.ts';

const DAY = 24 * 60;

/**
 * A wall-clock time in digits: 20261208T094000 (RFC 5545, 3.3.5).
 * @param time its minute may be one of the day after: 1440 and more
 */
export function wallClockDigits({ date, minute }: { date: LocalDate; minute: MinuteOfDay }): string {
  if (minute >= DAY) {
    const next = new Date(Date.parse(`${date}T00:00:00Z`) + DAY * 60_000).toISOString().slice(0, 10);
    return wallClockDigits({ date: next, minute: minute - DAY });
  }
  const hours = Math.floor(minute / 60);
  const clock = String(hours * 100 + (minute - hours * 60)).padStart(4, '0');
  return `${date.slice(0, 4)}${date.slice(5, 7)}${date.slice(8)}T${clock}00`;
}

/**
 * A wall-clock time in the shape that ical-generator takes. Its own dates pass through the clock of the machine, on which
 * an hour may be missing; this one only ever says what it was given.
 */
export function wallClock(time: { date: LocalDate; minute: MinuteOfDay }): ICalLuxonDateTimeStub {
  const [day = '', clock = ''] = wallClockDigits(time).split('T');
  const stub: ICalLuxonDateTimeStub = {
    isValid: true,
    zone: { type: 'wallClock' },
    setZone: () => stub,
    // The two formats that ical-generator asks for are HHmmss and yyyyLLdd.
    toFormat: (format) => (format === 'HHmmss' ? clock : day),
    // For comparing only: as if the clock were that of UTC.
    toJSDate: () => new Date(Date.parse(`${time.date}T00:00:00Z`) + time.minute * 60_000),
    toJSON: () => null,
  };
  return stub;
}
