import type { Knex } from 'knex';
import type { Scope } from '../domain/access.ts';
import type { Instant, LocalDate } from '../domain/time.ts';
import type { PlannedStop, Tour, TourState } from '../domain/tours/tour.ts';

/** Reading tours, for the pages and for the units that change them. */

export interface TourRow {
  id: number;
  municipality_id: number;
  date: LocalDate;
  state: TourState;
  version: number;
  depot_id: number | null;
  note: string | null;
  series: string | null;
  created_at: Instant;
  published_at: Instant | null;
  cancelled_at: Instant | null;
}

/**
 * What a tour keeps of stops it no longer has: their cancelled appointments stay on record, under a cancelled tour of
 * this version that no list shows. Real tours begin with version 1.
 */
export const REMAINS_VERSION = 0;

/** What each of the tasks answers: all at once for a page, one after the other on the one connection of a transaction. */
export async function readAll<T extends readonly (() => PromiseLike<unknown>)[]>(
  knex: Knex,
  ...tasks: T
): Promise<{ -readonly [K in keyof T]: Awaited<ReturnType<T[K]>> }> {
  type Answers = { -readonly [K in keyof T]: Awaited<ReturnType<T[K]>> };
  if (!knex.isTransaction) return (await Promise.all(tasks.map((task) => task()))) as Answers;
  const answers: unknown[] = [];
  for (const task of tasks) answers.push(await task());
  return answers as Answers;
}

/** Only rows of these municipalities. */
export function inScope<Q extends Knex.QueryBuilder>(query: Q, column: string, scope: Scope): Q {
  if (scope !== 'all') void query.whereIn(column, [...scope]);
  return query;
}

/** Rows by the value of one of their columns, in the order they came. */
export function groupBy<Row, Key>(rows: readonly Row[], keyOf: (row: Row) => Key): Map<Key, Row[]> {
  const groups = new Map<Key, Row[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group === undefined) groups.set(keyOf(row), [row]);
    else group.push(row);
  }
  return groups;
}

/** The tours (not what remains of their stops) that `narrow` leaves, with kit, crew, announcement and stops. */
export async function readTours(knex: Knex, narrow: (query: Knex.QueryBuilder) => void): Promise<Tour[]> {
  const query = knex('tours').where('tours.version', '>', REMAINS_VERSION).select<TourRow[]>('tours.*');
  narrow(query);
  const rows = await query;
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return [];

  const [kits, clerks, announced, stops, counters] = await readAll(
    knex,
    () => knex<{ tour_id: number; kit_id: number }>('tour_kits').whereIn('tour_id', ids),
    () => knex<{ tour_id: number; clerk_id: number }>('tour_clerks').whereIn('tour_id', ids).orderBy('clerk_id'),
    () => knex<{ tour_id: number; service_id: number }>('tour_services').whereIn('tour_id', ids).orderBy('service_id'),
    () =>
      knex('stops')
        .whereIn('tour_id', ids)
        .where('kind', 'public')
        .orderBy(['tour_id', 'position'])
        .select<StopRow[]>('*'),
    () => knex<CounterRow>('stop_counters').whereIn('tour_id', ids).orderBy(['counter', 'stop_id']),
  );
  const kitOf = new Map(kits.map((row) => [row.tour_id, row.kit_id]));
  const clerksOf = groupBy(clerks, (row) => row.tour_id);
  const announcedBy = groupBy(announced, (row) => row.tour_id);
  const stopsOf = groupBy(stops, (row) => row.tour_id);
  const countersOf = groupBy(counters, (row) => row.tour_id);

  return rows.map((row) => {
    const own = countersOf.get(row.id) ?? [];
    const counts = groupBy(own, ({ stop_id }) => stop_id);
    return {
      id: row.id,
      municipalityId: row.municipality_id,
      date: row.date,
      state: row.state,
      version: row.version,
      series: row.series,
      createdAt: row.created_at,
      publishedAt: row.published_at,
      cancelledAt: row.cancelled_at,
      depotId: row.depot_id,
      kitId: kitOf.get(row.id) ?? null,
      clerkIds: inOrderOfCounters(
        own,
        (clerksOf.get(row.id) ?? []).map(({ clerk_id }) => clerk_id),
      ),
      announced: announcedBy.get(row.id)?.map(({ service_id }) => service_id) ?? null,
      note: row.note,
      stops: (stopsOf.get(row.id) ?? []).map((stop) => toStop(stop, counts.get(stop.id)?.length ?? 0)),
    };
  });
}

interface StopRow {
  id: number;
  tour_id: number;
  venue_id: number;
  from_minute: number;
  to_minute: number;
  set_up_minutes: number;
  tear_down_minutes: number;
}

interface CounterRow {
  stop_id: number;
  tour_id: number;
  counter: number;
  clerk_id: number | null;
}

/** The crew in the order of the counters they staff, then those who staff none. */
function inOrderOfCounters(counters: readonly CounterRow[], crew: readonly number[]): number[] {
  const atCounters = counters.flatMap(({ clerk_id }) => (clerk_id === null ? [] : [clerk_id]));
  return [...new Set([...atCounters, ...crew])];
}

function toStop(row: StopRow, counters: number): PlannedStop & { id: number } {
  return {
    id: row.id,
    venueId: row.venue_id,
    fromMinute: row.from_minute,
    toMinute: row.to_minute,
    counters,
    setUpMinutes: row.set_up_minutes,
    tearDownMinutes: row.tear_down_minutes,
  };
}
