import type { Knex } from 'knex';
import type { Instant, LocalDate } from '../domain/time.ts';
import { readFeedTours, type FeedTourSet } from './feedTours.ts';
import { readFeedVisits, readLastChange } from './feedVisits.ts';

/** Reads what stands in calendars. */
export function createFeedReader(reader: Knex) {
  return {
    tours: (which: FeedTourSet, fromDate: LocalDate, appointments: boolean, now: Instant) =>
      readFeedTours(reader, which, fromDate, appointments, now),
    visits: (venueIds: readonly number[], fromDate: LocalDate, cancelledSince: Instant) =>
      readFeedVisits(reader, venueIds, fromDate, cancelledSince),
    lastChange: (municipalityId: number) => readLastChange(reader, municipalityId),

    async kits(): Promise<{ id: number; name: string; municipalityId: number }[]> {
      const rows = await reader<{
        id: number;
        name: string;
        municipality_id: number;
        retired_at: Instant | null;
      }>('kits')
        .whereNull('retired_at')
        .orderBy(['name', 'id'])
        .select('id', 'name', 'municipality_id');
      return rows.map(({ id, name, municipality_id }) => ({ id, name, municipalityId: municipality_id }));
    },

    async isClerk(userId: number): Promise<boolean> {
      const row = await reader<{ id: number; user_id: number }>('clerks').where('user_id', userId).first('id');
      return row !== undefined;
    },
  };
}
