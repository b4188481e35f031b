import type { WayStreet } from '../domain/routing/travel.ts';
import type { Instant } from '../domain/time.ts';
import type { Database } from './knex.ts';

interface Pair {
  from: string;
  to: string;
}

type Figures = Pair & { seconds: number; metres: number; askedAt: Instant };
type Line = Pair & { line: string; streets: readonly WayStreet[]; askedAt: Instant };

/** Rows a statement writes at most: SQLite takes 500 in one, and a transaction of the only writer stays short. */
const ROWS = 200;
/** Names of places in one question; each is a parameter. */
const PLACES = 400;

/**
 * Travel that was asked for before, by provider and rounded places. Reads go past open transactions; each write is its
 * own short one, so nobody may wait for one inside another transaction.
 */
export function createTravelRepository(database: Pick<Database, 'reader' | 'unit'>) {
  const { reader, unit } = database;

  async function rowsBetween<Row>(
    table: 'travel_pairs' | 'travel_ways',
    columns: readonly string[],
    between: { provider: string; from: readonly string[]; to: readonly string[]; since: Instant },
  ): Promise<Row[]> {
    const found: Row[] = [];
    for (const from of chunks(between.from, PLACES)) {
      for (const to of chunks(between.to, PLACES)) {
        const rows = (await reader(table)
          .where('provider', between.provider)
          .whereIn('from_at', from)
          .whereIn('to_at', to)
          .where('asked_at', '>=', between.since)
          .select({ from: 'from_at', to: 'to_at', askedAt: 'asked_at' }, ...columns)) as Row[];
        found.push(...rows);
      }
    }
    return found;
  }

  /** In one order, so that two processes that write the same pairs never wait for each other in a circle. */
  async function keep(table: 'travel_pairs' | 'travel_ways', rows: readonly Row[]): Promise<void> {
    const sorted = [...rows].sort((a, b) => (`${a.from_at}>${a.to_at}` < `${b.from_at}>${b.to_at}` ? -1 : 1));
    for (const some of chunks(sorted, ROWS)) {
      await unit((trx) => trx(table).insert(some).onConflict(['provider', 'from_at', 'to_at']).merge());
    }
  }

  return {
    /** All from one of `from` to one of `to`, asked at `since` or later. Seconds and metres as the provider said them. */
    figures: (provider: string, from: readonly string[], to: readonly string[], since: Instant): Promise<Figures[]> =>
      rowsBetween('travel_pairs', ['seconds', 'metres'], { provider, from, to, since }),

    /** Lines as encoded polylines. */
    async lines(provider: string, from: readonly string[], to: readonly string[], since: Instant): Promise<Line[]> {
      const between = { provider, from, to, since };
      const rows = await rowsBetween<Omit<Line, 'streets'> & { streets: string | null }>(
        'travel_ways',
        ['line', 'streets'],
        between,
      );
      return rows.map((row) => ({
        ...row,
        streets: row.streets === null ? [] : (JSON.parse(row.streets) as WayStreet[]),
      }));
    },

    /** Each pair at most once; it takes the place of what was kept for it. */
    keepFigures: (provider: string, figures: readonly Figures[]): Promise<void> =>
      keep(
        'travel_pairs',
        figures.map(({ seconds, metres, ...pair }) => ({ ...pairRow(provider, pair), seconds, metres })),
      ),

    keepLines: (provider: string, lines: readonly Line[]): Promise<void> =>
      keep(
        'travel_ways',
        lines.map(({ line, streets, ...pair }) => ({
          ...pairRow(provider, pair),
          line,
          streets: streets.length === 0 ? null : JSON.stringify(streets),
        })),
      ),

    /** Deletes what was asked before this instant. @returns how many */
    async forgetBefore(instant: Instant): Promise<{ pairs: number; ways: number }> {
      return unit(async (trx) => ({
        pairs: await trx('travel_pairs').where('asked_at', '<', instant).delete(),
        ways: await trx('travel_ways').where('asked_at', '<', instant).delete(),
      }));
    },
  };
}

type Row = ReturnType<typeof pairRow>;

function pairRow(provider: string, { from, to, askedAt }: Pair & { askedAt: Instant }) {
  return { provider, from_at: from, to_at: to, asked_at: askedAt };
}

function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}
