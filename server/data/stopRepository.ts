import type { Knex } from 'knex';
import type { BookingChannel } from '../domain/booking/channels.ts';
import type { Instant } from '../domain/time.ts';
import type { StaffedCounterDay, Stop, StopQuery, StopWithCounters } from '../domain/tours/stop.ts';
import { isPostgres, runOften, type Bound } from './statements.ts';

interface StopRow {
  id: number;
  date: string;
  from_minute: number;
  to_minute: number;
  starts_at: number;
  ends_at: number;
  venue_id: number;
  kit_id: number;
  /** Ids with commas between; null: none is named. */
  announced: string | null;
}

const STOP_COLUMNS = [
  'stops.id',
  'stops.date',
  'stops.from_minute',
  'stops.to_minute',
  'stops.starts_at',
  'stops.ends_at',
  'stops.venue_id',
] as const;

function toStop(row: StopRow): Stop {
  return {
    id: row.id,
    date: row.date,
    fromMinute: row.from_minute,
    toMinute: row.to_minute,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    venueId: row.venue_id,
    kitId: row.kit_id,
    announced: row.announced === null ? null : row.announced.split(',').map(Number),
  };
}

function publishedStops(knex: Knex) {
  return knex('stops')
    .join('tours', 'tours.id', 'stops.tour_id')
    .join('tour_kits', 'tour_kits.tour_id', 'stops.tour_id')
    .where('stops.kind', 'public')
    .where('tours.state', 'published')
    .select<StopRow[]>([...STOP_COLUMNS, 'tour_kits.kit_id', knex.raw(announcedOf(knex, 'stops.tour_id'))]);
}

/** A column with the services a tour announces. */
function announcedOf(knex: Knex, tourId: string): string {
  const list = isPostgres(knex) ? "string_agg(s.service_id::text, ',')" : "group_concat(s.service_id, ',')";
  return `(select ${list} from tour_services s where s.tour_id = ${tourId}) as announced`;
}

/** Beyond so many venues it is quicker to walk through the days than from venue to venue. */
const MANY_VENUES = 300;

/** `column in (…)` as one bound value, however many ids there are: the statement stays the same. */
function among(knex: Knex, column: string, ids: readonly number[]): [sql: string, bindings: Bound[]] {
  if (isPostgres(knex)) {
    return [`${column} = any(?::int[])`, [`{${ids.join(',')}}`]];
  }
  // SQLite has no statistics of the tables; a plus before a column keeps it from choosing that column's index.
  const hidden = column === 'stops.venue_id' && ids.length > MANY_VENUES;
  const plain = hidden ? `+${column}` : column;
  return [`${plain} in (select value from json_each(?))`, [JSON.stringify(ids)]];
}

/** Adds counters and taken ticks to stops: one statement for all of them together. */
async function withCounters(
  knex: Knex,
  stops: readonly Stop[],
  now: Instant,
  exceptAppointment?: number,
  channel: BookingChannel = 'online',
): Promise<StopWithCounters[]> {
  if (stops.length === 0) {
    return [];
  }
  const ids = stops.map((stop) => stop.id);
  const join = isPostgres(knex) ? "string_agg(t.tick::text, ',')" : "group_concat(t.tick, ',')";
  const [isAmong, bindings] = among(knex, 'c.stop_id', ids);
  const rows = await runOften<{ stop_id: number; counter: number; clerk_id: number | null; taken: string | null }>(
    knex,
    `select c.stop_id, c.counter, c.clerk_id, ${join} as taken
       from stop_counters c
       left join counter_ticks t on t.stop_id = c.stop_id and t.counter = c.counter
         and (t.free_at is null or t.free_at > ?)
         and ${channel === 'hotline' ? 't.appointment_id <> ?' : '(t.appointment_id is null or t.appointment_id <> ?)'}
       where ${isAmong}
       group by c.stop_id, c.counter, c.clerk_id
       order by c.stop_id, c.counter`,
    [now, exceptAppointment ?? 0, ...bindings],
  );
  const counters = new Map<number, StaffedCounterDay[]>(ids.map((id) => [id, []]));
  for (const row of rows) {
    counters.get(row.stop_id)?.push({
      counter: row.counter,
      clerkId: row.clerk_id,
      taken: row.taken === null ? [] : row.taken.split(',').map(Number),
    });
  }
  return stops.map((stop) => ({ ...stop, counters: counters.get(stop.id) ?? [] }));
}

/** The published stop inside a transaction, its tour locked against changes until the end of it. */
export async function readPublishedStop(trx: Knex.Transaction, stopId: number): Promise<Stop | undefined> {
  if (isPostgres(trx)) {
    // By itself: a statement that waits for a planner's change would go on with the stop as it was before.
    await runOften(trx, 'select id from tours where id = (select tour_id from stops where id = ?) for share', [stopId]);
  }
  const [row] = await runOften<StopRow>(
    trx,
    `select ${STOP_COLUMNS.join(', ')}, tour_kits.kit_id, ${announcedOf(trx, 'stops.tour_id')}
     from stops join tours on tours.id = stops.tour_id
     join tour_kits on tour_kits.tour_id = stops.tour_id
     where stops.id = ? and stops.kind = 'public' and tours.state = 'published'`,
    [stopId],
  );
  return row === undefined ? undefined : toStop(row);
}

export { withCounters as readCounters };

/** Published public stops, read for pages. */
export function createStopRepository(reader: Knex) {
  return {
    async stops(query: StopQuery): Promise<Stop[]> {
      if (query.venueIds.length === 0 || query.kitIds.length === 0) {
        return [];
      }
      const [atVenue, venues] = among(reader, 'stops.venue_id', query.venueIds);
      const [ofKit, kits] = among(reader, 'kit_id', query.kitIds);
      // The kit is looked up for each stop found: joined, PostgreSQL reads all kits of all tours to find these few.
      const rows = await runOften<StopRow>(
        reader,
        `select found.*, ${announcedOf(reader, 'found.tour_id')} from (
           select ${STOP_COLUMNS.join(', ')}, stops.tour_id,
             (select tour_kits.kit_id from tour_kits where tour_kits.tour_id = stops.tour_id) as kit_id
           from stops join tours on tours.id = stops.tour_id
           where stops.kind = 'public' and tours.state = 'published'
             and ${atVenue} and stops.date between ? and ? and stops.to_minute > ?
         ) found
         where ${ofKit} order by date, from_minute, id limit ?`,
        [...venues, query.fromDate, query.toDate, query.endsAfterMinute ?? 0, ...kits, query.limit],
      );
      return rows.map(toStop);
    },

    async stop(id: number): Promise<Stop | undefined> {
      const [row] = await publishedStops(reader).where('stops.id', id);
      return row === undefined ? undefined : toStop(row);
    },

    withCounters: (
      stops: readonly Stop[],
      now: Instant,
      exceptAppointment?: number,
      channel?: BookingChannel,
    ): Promise<StopWithCounters[]> => withCounters(reader, stops, now, exceptAppointment, channel),
  };
}
