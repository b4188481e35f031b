import { addDays, compareDates, type LocalDate } from '../time.ts';
import type { Stop } from './stop.ts';

/** The first `count` coming stops, fewer when there are no more. */
export type Coming = (count: number) => Promise<readonly Stop[]>;

const FIRST_DAYS = 14;

export interface ComingQuery {
  /** Reads stops of these days, both inclusive, ascending by time. */
  read: (fromDate: LocalDate, toDate: LocalDate, limit: number) => Promise<readonly Stop[]>;
  isWanted: (stop: Stop) => boolean;
  /** Inclusive. */
  firstDate: LocalDate;
  /** Inclusive. */
  lastDate: LocalDate;
  /** More stops than these are never read; bounds the work of one request. */
  most: number;
  /** How many days are searched at first, each next search reaches twice as far; default: two weeks. */
  firstDays?: number;
}

/**
 * Coming stops in the order of time, read from the database only as far as somebody looks: how far ahead the office
 * plans then costs nothing.
 */
export function comingStops({
  read,
  isWanted,
  firstDate,
  lastDate,
  most,
  firstDays = FIRST_DAYS,
}: ComingQuery): Coming {
  const known: Stop[] = [];
  let unread = most;
  let fromDate = firstDate;
  let days = firstDays;
  return async (count) => {
    while (known.length < count && unread > 0 && compareDates(fromDate, lastDate) <= 0) {
      const end = addDays(fromDate, days - 1);
      const toDate = compareDates(end, lastDate) < 0 ? end : lastDate;
      const stops = await read(fromDate, toDate, unread);
      unread -= stops.length;
      known.push(...stops.filter(isWanted));
      fromDate = addDays(toDate, 1);
      days *= 2;
    }
    return known.slice(0, count);
  };
}
