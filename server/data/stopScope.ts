import type { Knex } from 'knex';
import type { Scope } from '../domain/access.ts';
import type { LocalDate } from '../domain/time.ts';

/** Municipality of the place of an appointment, or where that is gone, of the tour; for queries of `withStops`. */
export const STOP_MUNICIPALITY = 'coalesce(venues.municipality_id, tours.municipality_id)';

/** Adds stop, tour and venue of the appointments in a query, and leaves those of the municipalities in the scope. */
export function withStops<Q extends Knex.QueryBuilder>(query: Q, scope: Scope): Q {
  void query
    .join('stops', 'stops.id', 'appointments.stop_id')
    .join('tours', 'tours.id', 'stops.tour_id')
    .leftJoin('venues', 'venues.id', 'stops.venue_id');
  if (scope === 'all') return query;
  const ids = [...scope];
  void (ids.length === 0
    ? query.whereRaw('1 = 0')
    : query.whereRaw(`${STOP_MUNICIPALITY} in (${ids.map(() => '?').join(', ')})`, ids));
  return query;
}

interface PlaceRow {
  venue_id: number | null;
  date: LocalDate;
  municipality_id: number;
}

/** Where a stop is, published or not; undefined: it does not exist any more. */
export async function readPlaceOfStop(knex: Knex, stopId: number) {
  const row: PlaceRow | undefined = await knex('stops')
    .join('tours', 'tours.id', 'stops.tour_id')
    .leftJoin('venues', 'venues.id', 'stops.venue_id')
    .where('stops.id', stopId)
    .first<PlaceRow>('stops.venue_id', 'stops.date', knex.raw(`${STOP_MUNICIPALITY} as municipality_id`));
  return row === undefined ? undefined : { venueId: row.venue_id, date: row.date, municipalityId: row.municipality_id };
}
