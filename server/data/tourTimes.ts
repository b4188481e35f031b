import type { Knex } from 'knex';
import type { Coordinates } from '../domain/geo.ts';
import type { Instant, LocalDate, MinuteOfDay } from '../domain/time.ts';
import { placesOfDay } from '../domain/tours/day.ts';
import type { DayRoute, TourTimes } from '../domain/tours/times.ts';
import { groupBy, readAll, REMAINS_VERSION } from './tourRows.ts';

/** The stored times of tours, and what they are computed from. */

interface TimesRow {
  tour_id: number;
  basis: string;
  departure_minute: number;
  return_minute: number;
  working_minutes: number;
}

interface LegRow {
  tour_id: number;
  minutes: number;
  metres: number;
  /** SQLite: 0 or 1. */
  estimated: boolean | number;
}

interface StopTimesRow {
  tour_id: number;
  arrival_minute: MinuteOfDay;
  waiting_minutes: number;
}

interface BreakRow {
  tour_id: number;
  from_minute: number;
  to_minute: number;
}

/** The times that are stored, by tour; none for a tour without. They may be out of date: their basis tells. */
export async function readTourTimes(knex: Knex, tourIds: readonly number[]): Promise<Map<number, TourTimes>> {
  const ids = [...tourIds];
  if (ids.length === 0) return new Map();
  const [rows, legs, stops, breaks] = await readAll(
    knex,
    () => knex<TimesRow>('tour_times').whereIn('tour_id', ids),
    () => knex('tour_legs').whereIn('tour_id', ids).orderBy(['tour_id', 'position']).select<LegRow[]>('*'),
    () => knex('stop_times').whereIn('tour_id', ids).orderBy(['tour_id', 'position']).select<StopTimesRow[]>('*'),
    () => knex<BreakRow>('tour_breaks').whereIn('tour_id', ids).orderBy(['tour_id', 'from_minute']),
  );
  const legsOf = groupBy(legs, ({ tour_id }) => tour_id);
  const stopsOf = groupBy(stops, ({ tour_id }) => tour_id);
  const breaksOf = groupBy(breaks, ({ tour_id }) => tour_id);
  return new Map(
    rows.map((row) => [
      row.tour_id,
      {
        basis: row.basis,
        departureMinute: row.departure_minute,
        returnMinute: row.return_minute,
        workingMinutes: row.working_minutes,
        legs: (legsOf.get(row.tour_id) ?? []).map(({ minutes, metres, estimated }) => ({
          minutes,
          metres,
          estimated: Boolean(estimated),
        })),
        stops: (stopsOf.get(row.tour_id) ?? []).map(({ arrival_minute, waiting_minutes }) => ({
          arrivalMinute: arrival_minute,
          waitingMinutes: waiting_minutes,
        })),
        breaks: (breaksOf.get(row.tour_id) ?? []).map(({ from_minute, to_minute }) => ({
          fromMinute: from_minute,
          toMinute: to_minute,
        })),
      },
    ]),
  );
}

/** Writes the times of a tour over those it had; null: it has none. The tour is locked, or new in this transaction. */
export async function writeTourTimes(
  trx: Knex.Transaction,
  tourId: number,
  times: TourTimes | null,
  now: Instant,
): Promise<void> {
  await trx('tour_times').where('tour_id', tourId).delete(); // legs, stops and breaks go with it
  if (times === null) return;
  await trx('tour_times').insert({
    tour_id: tourId,
    basis: times.basis,
    departure_minute: times.departureMinute,
    return_minute: times.returnMinute,
    working_minutes: times.workingMinutes,
    computed_at: now,
  });
  await trx('tour_legs').insert(
    times.legs.map(({ minutes, metres, estimated }, position) => ({
      tour_id: tourId,
      position,
      minutes,
      metres,
      estimated,
    })),
  );
  await trx('stop_times').insert(
    times.stops.map(({ arrivalMinute, waitingMinutes }, index) => ({
      tour_id: tourId,
      position: index + 1,
      arrival_minute: arrivalMinute,
      waiting_minutes: waitingMinutes,
    })),
  );
  if (times.breaks.length > 0) {
    await trx('tour_breaks').insert(
      times.breaks.map(({ fromMinute, toMinute }) => ({
        tour_id: tourId,
        from_minute: fromMinute,
        to_minute: toMinute,
      })),
    );
  }
}

/** What the times of a tour are to be computed from, as it is now. */
interface TourRoute {
  tourId: number;
  date: LocalDate;
  version: number;
  route: DayRoute;
  /** When the stored times were computed; null: there are none. */
  computedAt: Instant | null;
}

interface RouteRow {
  id: number;
  date: LocalDate;
  version: number;
  depot_id: number | null;
  depot_lat: number | null;
  depot_lon: number | null;
  kit_id: number | null;
  kit_depot_id: number | null;
  kit_lat: number | null;
  kit_lon: number | null;
  break_after_minutes: number;
  break_minutes: number;
  computed_at: Instant | null;
}

interface RouteStopRow {
  tour_id: number;
  venue_id: number;
  lat: number;
  lon: number;
  from_minute: MinuteOfDay;
  to_minute: MinuteOfDay;
  set_up_minutes: number;
  tear_down_minutes: number;
}

/** The routes of these tours, or of all between both dates, both inclusive, earliest first; not of cancelled ones. */
export async function readTourRoutes(
  reader: Knex,
  which: { tourIds: readonly number[] } | { fromDate: LocalDate; toDate: LocalDate },
): Promise<TourRoute[]> {
  const narrow = (query: Knex.QueryBuilder): void => {
    void query.where('tours.version', '>', REMAINS_VERSION).whereNot('tours.state', 'cancelled');
    if ('tourIds' in which) void query.whereIn('tours.id', [...which.tourIds]);
    else void query.whereBetween('tours.date', [which.fromDate, which.toDate]);
  };
  const tours = reader('tours')
    .join('municipalities', 'municipalities.id', 'tours.municipality_id')
    .leftJoin('depots', 'depots.id', 'tours.depot_id')
    .leftJoin('tour_kits', 'tour_kits.tour_id', 'tours.id')
    .leftJoin('kits', 'kits.id', 'tour_kits.kit_id')
    .leftJoin({ kit_depots: 'depots' }, 'kit_depots.id', 'kits.depot_id')
    .leftJoin('tour_times', 'tour_times.tour_id', 'tours.id')
    .orderBy(['tours.date', 'tours.id'])
    .select<RouteRow[]>(
      'tours.id',
      'tours.date',
      'tours.version',
      'tours.depot_id',
      { depot_lat: 'depots.lat', depot_lon: 'depots.lon' },
      { kit_id: 'kits.id', kit_depot_id: 'kits.depot_id', kit_lat: 'kit_depots.lat', kit_lon: 'kit_depots.lon' },
      'municipalities.break_after_minutes',
      'municipalities.break_minutes',
      'tour_times.computed_at',
    );
  narrow(tours);
  const stops = reader('stops')
    .join('tours', 'tours.id', 'stops.tour_id')
    .join('venues', 'venues.id', 'stops.venue_id')
    .where('stops.kind', 'public')
    .orderBy(['stops.tour_id', 'stops.position'])
    .select<RouteStopRow[]>('stops.*', 'venues.lat', 'venues.lon');
  narrow(stops);

  const [rows, stopRows] = await readAll(
    reader,
    () => tours,
    () => stops,
  );
  const stopsOf = groupBy(stopRows, ({ tour_id }) => tour_id);
  return rows.map((row) => ({
    tourId: row.id,
    date: row.date,
    version: row.version,
    route: routeOf(row, stopsOf.get(row.id) ?? []),
    computedAt: row.computed_at,
  }));
}

function routeOf(row: RouteRow, stopRows: readonly RouteStopRow[]): DayRoute {
  const stops = stopRows.map((stop) => ({
    venueId: stop.venue_id,
    fromMinute: stop.from_minute,
    toMinute: stop.to_minute,
    setUpMinutes: stop.set_up_minutes,
    tearDownMinutes: stop.tear_down_minutes,
  }));
  const depots = new Map<number, { at: Coordinates }>();
  if (row.kit_depot_id !== null) depots.set(row.kit_depot_id, { at: { lat: row.kit_lat ?? 0, lon: row.kit_lon ?? 0 } });
  if (row.depot_id !== null) depots.set(row.depot_id, { at: { lat: row.depot_lat ?? 0, lon: row.depot_lon ?? 0 } });
  const kits = new Map(
    row.kit_id === null || row.kit_depot_id === null ? [] : [[row.kit_id, { depotId: row.kit_depot_id }] as const],
  );
  const venues = new Map(stopRows.map(({ venue_id, lat, lon }) => [venue_id, { at: { lat, lon } }]));
  return {
    stops,
    places: placesOfDay({ depotId: row.depot_id, kitId: row.kit_id, stops }, { depots, kits, venues }),
    rules: { breakAfterMinutes: row.break_after_minutes, breakMinutes: row.break_minutes },
  };
}

/** Reads what is stored of the times of tours, and what they are to be computed from. */
export function createTourTimesRepository(reader: Knex) {
  return {
    storedTimes: (tourIds: readonly number[]): Promise<Map<number, TourTimes>> => readTourTimes(reader, tourIds),
    routes: (
      which: { tourIds: readonly number[] } | { fromDate: LocalDate; toDate: LocalDate },
    ): Promise<TourRoute[]> => readTourRoutes(reader, which),
  };
}
