import { daysBetween, type LocalDate } from '../time.ts';

/** On which days a crew may see and do what with the people of its tour. */

/** True the day before the tour, on the day and the day after: only then somebody of the crew needs to know who comes. */
export function mayShowPeople(date: LocalDate, today: LocalDate): boolean {
  return Math.abs(daysBetween(date, today)) <= 1;
}

/**
 * True on the day of the tour and the day after: what was ticked without a signal arrives late, but not later than
 * that.
 */
export function mayTick(date: LocalDate, today: LocalDate): boolean {
  const days = daysBetween(date, today);
  return days === 0 || days === 1;
}

/** True up to the day after the tour: packing and notes for the office begin as early as anybody likes. */
export function mayPrepare(date: LocalDate, today: LocalDate): boolean {
  return daysBetween(date, today) <= 1;
}
