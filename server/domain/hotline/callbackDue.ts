import { addDays, weekdayOf, type LocalDate, type MinuteOfDay } from '../time.ts';

/**
 * Until when somebody who called 115 has to be called back.
 *
 * The service promise of 115: who cannot be helped at once hears back "während der Servicezeiten innerhalb von 24
 * Stunden", and 115 serves Monday to Friday from 8 to 18 (Amt24, the portal of the Saxon administration, "Einheitliche
 * Behördennummer (bundesweit)", as shown e.g. at
 * https://markneukirchen.de/buerger-stadt/buergerservice-amt-24/lebenslagen/einheitlicher-behoerdenruf-115). We read
 * that as a day on the clock in which days without service do not count: the same time of day on the next working day.
 */

/** Minute of the day at which 115 begins to serve, inclusive. */
export const SERVICE_FROM: MinuteOfDay = 8 * 60;
/** Minute of the day at which it ends, exclusive. */
export const SERVICE_TO: MinuteOfDay = 18 * 60;

/** Holidays never close the office for so many days in a row. */
const LONGEST_CLOSING = 60;

export interface LocalMoment {
  date: LocalDate;
  minute: MinuteOfDay;
}

/** True on Monday to Friday unless it is a holiday. */
export function isServiceDay(date: LocalDate, isHoliday: (date: LocalDate) => boolean): boolean {
  return weekdayOf(date) <= 5 && !isHoliday(date);
}

/**
 * The same time of day on the next working day. What is noted outside of the hours of service counts as noted when
 * service begins next.
 * @param noted on the clock on the wall
 * @returns a working day, from SERVICE_FROM inclusive to SERVICE_TO exclusive, later than `noted`
 * @throws RangeError when there is no working day for two months
 */
export function callbackDue(noted: LocalMoment, isWorkingDay: (date: LocalDate) => boolean): LocalMoment {
  const { date, minute } = noted;
  const isInService = isWorkingDay(date) && minute >= SERVICE_FROM && minute < SERVICE_TO;
  if (isInService) return { date: nextWorkingDay(date, isWorkingDay), minute };

  const isBeforeService = isWorkingDay(date) && minute < SERVICE_FROM;
  const begins = isBeforeService ? date : nextWorkingDay(date, isWorkingDay);
  return { date: nextWorkingDay(begins, isWorkingDay), minute: SERVICE_FROM };
}

function nextWorkingDay(after: LocalDate, isWorkingDay: (date: LocalDate) => boolean): LocalDate {
  for (let days = 1; days <= LONGEST_CLOSING; days++) {
    const date = addDays(after, days);
    if (isWorkingDay(date)) return date;
  }
  throw new RangeError(`no working day within ${LONGEST_CLOSING} days after ${after}`);
}
