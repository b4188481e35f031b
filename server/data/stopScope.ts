import type { Knex } from 'knex';
import type { Scope } from '../domain/access.ts';

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
