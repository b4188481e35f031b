import type { Knex } from 'knex';
import type { Instant, LocalDate } from '../domain/time.ts';
import { readActions, readDays, SHOWN_STATES, type TourRow } from './crewDayReading.ts';
import { stillThere } from './pendingRows.ts';
import { groupBy, readAll, REMAINS_VERSION } from './tourRows.ts';
import { readTourTimes } from './tourTimes.ts';

/** Reads the days of those who are on tour: their own published tours, with the people only where they are asked for. */

/**
 * Published tours in whose crew this user is, as a clerk whom the user account belongs to and who still has the role
 * of one in the municipality of the tour.
 */
export function ownTours(knex: Knex, userId: number): Knex.QueryBuilder {
  return knex('tours')
    .join('tour_clerks', 'tour_clerks.tour_id', 'tours.id')
    .join('clerks', 'clerks.id', 'tour_clerks.clerk_id')
    .where('clerks.user_id', userId)
    .where('tours.state', 'published')
    .where('tours.version', '>', REMAINS_VERSION)
    .whereExists((role) => {
      void role
        .from('user_roles')
        .select(knex.raw('1'))
        .where({ 'user_roles.user_id': userId, 'user_roles.role': 'clerk' })
        .where((place) => {
          void place
            .whereNull('user_roles.municipality_id')
            .orWhereRaw('user_roles.municipality_id = tours.municipality_id');
        });
    });
}

/**
 * Reads the clerk's day for pages.
 * @param now default: a moment at which everybody who has to confirm an e-mail address still has time to
 */
export function createCrewDayRepository(reader: Knex, now: () => Instant = () => 0) {
  return {
    async isClerk(userId: number): Promise<boolean> {
      const row = await reader<{ id: number; user_id: number }>('clerks').where('user_id', userId).first('id');
      return row !== undefined;
    },

    async day(userId: number, date: LocalDate, people: boolean) {
      const rows: TourRow[] = await ownTours(reader, userId)
        .where('tours.date', date)
        .join('municipalities', 'municipalities.id', 'tours.municipality_id')
        .leftJoin('tour_kits', 'tour_kits.tour_id', 'tours.id')
        .leftJoin('kits', 'kits.id', 'tour_kits.kit_id')
        // As everywhere: a tour that says nothing begins where its kit is kept.
        .leftJoin('depots', 'depots.id', reader.raw('coalesce(tours.depot_id, kits.depot_id)'))
        .select(
          'tours.id',
          'tours.date',
          'tours.municipality_id',
          'municipalities.name as municipality',
          'tours.note',
          'tour_clerks.clerk_id',
          'kits.id as kit_id',
          'kits.name as kit',
          'depots.name as depot',
          'depots.lat as depot_lat',
          'depots.lon as depot_lon',
        );
      if (rows.length === 0) return [];
      return readDays(reader, rows, people, now());
    },

    async days(userId: number, fromDate: LocalDate, toDate: LocalDate) {
      const tours: { id: number; date: LocalDate; kit: string | null }[] = await ownTours(reader, userId)
        .whereBetween('tours.date', [fromDate, toDate])
        .leftJoin('tour_kits', 'tour_kits.tour_id', 'tours.id')
        .leftJoin('kits', 'kits.id', 'tour_kits.kit_id')
        .orderBy(['tours.date', 'tours.id'])
        .select('tours.id', 'tours.date', 'kits.name as kit');
      const ids = tours.map(({ id }) => id);
      if (ids.length === 0) return [];
      const [stops, counts, times] = await readAll(
        reader,
        () =>
          reader('stops')
            .join('venues', 'venues.id', 'stops.venue_id')
            .whereIn('stops.tour_id', ids)
            .where('stops.kind', 'public')
            .orderBy(['stops.tour_id', 'stops.position'])
            .select<{ id: number; tour_id: number; from_minute: number; to_minute: number; locality: string }[]>(
              'stops.id',
              'stops.tour_id',
              'stops.from_minute',
              'stops.to_minute',
              'venues.locality',
            ),
        () =>
          reader('appointments')
            .join('stops', 'stops.id', 'appointments.stop_id')
            .whereIn('stops.tour_id', ids)
            .whereIn('appointments.state', SHOWN_STATES)
            .modify(stillThere, now())
            .groupBy('appointments.stop_id')
            .select<{ stop_id: number; n: number | string }[]>('appointments.stop_id', reader.raw('count(*) as n')),
        () => readTourTimes(reader, ids),
      );
      const stopsOf = groupBy(stops, ({ tour_id }) => tour_id);
      const countOf = new Map(counts.map(({ stop_id, n }) => [stop_id, Number(n)]));
      const toursOn = groupBy(tours, ({ date }) => date);
      return [...toursOn].map(([date, own]) => ({
        date,
        tours: own.map(({ id, kit }) => ({
          id,
          kit,
          stops: (stopsOf.get(id) ?? []).map((stop) => ({
            locality: stop.locality,
            fromMinute: stop.from_minute,
            toMinute: stop.to_minute,
            appointments: countOf.get(stop.id) ?? 0,
          })),
          departureMinute: times.get(id)?.departureMinute ?? null,
          returnMinute: times.get(id)?.returnMinute ?? null,
        })),
      }));
    },

    async nextDate(userId: number, after: LocalDate): Promise<LocalDate | null> {
      const row: { date: LocalDate } | undefined = await ownTours(reader, userId)
        .where('tours.date', '>', after)
        .orderBy('tours.date')
        .first('tours.date');
      return row?.date ?? null;
    },

    async dateOf(
      userId: number,
      what: { stopId: number } | { appointmentId: number } | { tourId: number },
    ): Promise<LocalDate | null> {
      const query = ownTours(reader, userId);
      if ('tourId' in what) {
        void query.where('tours.id', what.tourId);
      } else {
        void query.join('stops', 'stops.tour_id', 'tours.id').where('stops.kind', 'public');
        if ('stopId' in what) void query.where('stops.id', what.stopId);
        else {
          void query
            .join('appointments', 'appointments.stop_id', 'stops.id')
            .where('appointments.id', what.appointmentId)
            .whereIn('appointments.state', SHOWN_STATES);
        }
      }
      const row: { date: LocalDate } | undefined = await query.first('tours.date');
      return row?.date ?? null;
    },
  };
}

/** What the crew of a tour wrote for the office and did not take back, oldest first. */
export async function readTourNotes(
  knex: Knex,
  tourId: number,
): Promise<{ key: string; text: string; at: Instant; by: string | null }[]> {
  const rows = await readActions(knex, [tourId]).where('tour_actions.kind', 'note');
  return rows.map(({ key, text, at, by }) => ({ key, text: text ?? '', at, by }));
}
