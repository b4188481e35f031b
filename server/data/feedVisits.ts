import type { Knex } from 'knex';
import type { Instant, LocalDate, MinuteOfDay } from '../domain/time.ts';
import { isPostgres } from './statements.ts';
import { REMAINS_VERSION } from './tourRows.ts';

interface Row {
  id: number;
  tour_id: number;
  version: number;
  state: 'published' | 'cancelled';
  date: LocalDate;
  from_minute: MinuteOfDay;
  to_minute: MinuteOfDay;
  starts_at: Instant;
  ends_at: Instant;
  venue_id: number;
  kit_id: number | null;
  counters: string | unknown[] | null;
  announced: string | unknown[] | null;
}

/** More visits than anybody reads; bounds the work of one request. */
const MOST_VISITS = 1_000;

/** What the history is about that public calendars tell of. */
const TOLD = ['tour', 'municipality', 'venue', 'service', 'kit', 'clerk'];

/**
 * Public visits to these venues from a day on, and those that were called off since a moment or are still to come; by
 * date and time. One statement.
 * @param fromDate inclusive
 * @param cancelledSince inclusive
 */
export async function readFeedVisits(
  knex: Knex,
  venueIds: readonly number[],
  fromDate: LocalDate,
  cancelledSince: Instant,
) {
  const array = isPostgres(knex) ? 'json_build_array' : 'json_array';
  const list = isPostgres(knex) ? 'json_agg' : 'json_group_array';
  const rows = await knex('stops')
    .join('tours', 'tours.id', 'stops.tour_id')
    .leftJoin('tour_kits', 'tour_kits.tour_id', 'tours.id')
    .where('stops.kind', 'public')
    .whereIn('stops.venue_id', [...venueIds])
    .where('tours.version', '>', REMAINS_VERSION)
    .where((told) => {
      void told
        .where((published) => {
          void published.where('tours.state', 'published').where('stops.date', '>=', fromDate);
        })
        .orWhere((cancelled) => {
          void cancelled
            .where('tours.state', 'cancelled')
            .whereNotNull('tours.published_at')
            .where((still) => {
              void still.where('stops.date', '>=', fromDate).orWhere('tours.cancelled_at', '>=', cancelledSince);
            });
        });
    })
    .orderBy(['stops.date', 'stops.from_minute', 'stops.id'])
    .limit(MOST_VISITS)
    .select<Row[]>(
      'stops.id',
      'stops.tour_id',
      'tours.version',
      'tours.state',
      'stops.date',
      'stops.from_minute',
      'stops.to_minute',
      'stops.starts_at',
      'stops.ends_at',
      'stops.venue_id',
      'tour_kits.kit_id',
      knex.raw(`(select ${list}(${array}(counter, clerk_id)) from stop_counters where stop_id = stops.id) as counters`),
      knex.raw(`(select ${list}(service_id) from tour_services where tour_id = stops.tour_id) as announced`),
    );
  return rows.map((row) => ({
    id: row.id,
    tourId: row.tour_id,
    version: row.version,
    cancelled: row.state === 'cancelled',
    date: row.date,
    fromMinute: row.from_minute,
    toMinute: row.to_minute,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    venueId: row.venue_id,
    kitId: row.kit_id,
    announced: listOf<number>(row.announced),
    counters: (listOf<[number, number | null]>(row.counters) ?? [])
      .sort(([a], [b]) => a - b)
      .map(([counter, clerkId]) => ({ counter, clerkId, taken: [] as number[] })),
  }));
}

/** Null: there are no rows. SQLite answers null or an empty list then, PostgreSQL null. */
function listOf<T>(json: string | unknown[] | null): T[] | null {
  const list = (typeof json === 'string' ? JSON.parse(json) : json) as T[] | null;
  return list === null || list.length === 0 ? null : list;
}

/** When anything changed last that public calendars of this municipality tell of; 0: never. */
export async function readLastChange(knex: Knex, municipalityId: number): Promise<Instant> {
  const audited = await knex('audit_entries')
    .whereIn('subject', TOLD)
    .where((where) => {
      void where.where('municipality_id', municipalityId).orWhereNull('municipality_id');
    })
    .orderBy('at', 'desc')
    .first<{ at: Instant } | undefined>('at');
  const [tours] = await knex('tours')
    .where('municipality_id', municipalityId)
    .select<{ published: Instant | null; cancelled: Instant | null }[]>(
      knex.raw('max(published_at) as published'),
      knex.raw('max(cancelled_at) as cancelled'),
    );
  return Math.max(audited?.at ?? 0, Number(tours?.published ?? 0), Number(tours?.cancelled ?? 0));
}
