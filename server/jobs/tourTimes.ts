import { addDays, type LocalDate } from '../domain/time.ts';

export interface TourTimesPort {
  /**
   * Computes the times of tours that are missing or out of date.
   * @param span both dates inclusive, and how many tours are written at most
   * @returns how many were stored
   */
  renewTimes(span: { fromDate: LocalDate; toDate: LocalDate; most: number }): Promise<number>;
}

/** Whoever plans or drives looks no further. */
const DAYS_AHEAD = 60;
/** At once: each asks for travel and is a write of its own. */
const MOST = 50;

/**
 * Keeps the times of the tours to come: a venue has moved, the rules for breaks have changed, roads can be asked again,
 * or a tour came into the database without them.
 */
export async function renewTourTimes(port: TourTimesPort, today: LocalDate): Promise<{ tours: number }> {
  return {
    tours: await port.renewTimes({ fromDate: today, toDate: addDays(today, DAYS_AHEAD), most: MOST }),
  };
}
