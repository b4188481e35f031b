import type { Knex } from 'knex';
import type { Scope } from '../domain/access.ts';
import type { LocalDate } from '../domain/time.ts';
import type { Database } from './knex.ts';
import { countOf, inScope, insertRow, record, toTourUse, type Saving } from './officeRepository.ts';

interface Values {
  municipalityId: number;
  venueId: number | null;
  fromDate: LocalDate;
  toDate: LocalDate;
  reason: string;
}

export interface ClosingRow {
  id: number;
  municipality_id: number;
  venue_id: number | null;
  from_date: LocalDate;
  to_date: LocalDate;
  reason: string;
  venue_name: string | null;
  venue_locality: string | null;
}

export function toClosing(row: ClosingRow) {
  return {
    id: row.id,
    municipalityId: row.municipality_id,
    venueId: row.venue_id,
    fromDate: row.from_date,
    toDate: row.to_date,
    reason: row.reason,
    venueName: row.venue_name === null ? null : `${row.venue_name}, ${row.venue_locality ?? ''}`,
  };
}

/** Days on which nothing is visited in a municipality, or one venue is closed. */
export function createClosingDayRepository(database: Database) {
  const { reader } = database;
  const withVenue = (): Knex.QueryBuilder =>
    reader('closing_days')
      .leftJoin('venues', 'venues.id', 'closing_days.venue_id')
      .select('closing_days.*', 'venues.name as venue_name', 'venues.locality as venue_locality');
  return {
    async list(scope: Scope, from: LocalDate | null) {
      const found = inScope(withVenue(), scope, 'closing_days.municipality_id');
      if (from !== null) void found.where('closing_days.to_date', '>=', from);
      const order = ['closing_days.from_date', 'closing_days.to_date', 'closing_days.id'];
      const rows = (await found.orderBy(order)) as ClosingRow[];
      return rows.map(toClosing);
    },

    async find(id: number) {
      const row = (await withVenue().where('closing_days.id', id).first()) as ClosingRow | undefined;
      return row === undefined ? undefined : toClosing(row);
    },

    create(values: Values, saving: Saving): Promise<{ kind: 'saved' | 'there'; id: number }> {
      const row = {
        municipality_id: values.municipalityId,
        venue_id: values.venueId,
        from_date: values.fromDate,
        to_date: values.toDate,
        reason: values.reason,
      };
      return database.unit(async (trx) => {
        const there: { id: number } | undefined = await trx('closing_days').where(row).first('id');
        if (there !== undefined) return { kind: 'there', id: there.id };
        const id = await insertRow(trx, 'closing_days', row);
        await record(trx, 'closingDay', id, 'created', saving);
        return { kind: 'saved', id };
      });
    },

    async remove(id: number, saving: Saving): Promise<void> {
      await database.unit(async (trx) => {
        const deleted = await trx('closing_days').where({ id }).delete();
        if (deleted > 0) await record(trx, 'closingDay', id, 'deleted', saving);
      });
    },

    async visits(values: Values, limit: number) {
      const base = (): Knex.QueryBuilder => {
        const stops = reader('stops')
          .join('tours', 'tours.id', 'stops.tour_id')
          .join('venues', 'venues.id', 'stops.venue_id')
          .where('tours.state', 'published')
          .whereBetween('stops.date', [values.fromDate, values.toDate]);
        return values.venueId === null
          ? stops.where('venues.municipality_id', values.municipalityId)
          : stops.where('stops.venue_id', values.venueId);
      };
      const rows: (Parameters<typeof toTourUse>[0] & { venue_name: string; venue_locality: string })[] = await base()
        .orderBy(['stops.date', 'stops.from_minute', 'stops.id'])
        .limit(limit)
        .select(
          'tours.id as tour_id',
          'tours.municipality_id',
          'stops.date',
          'tours.state',
          'stops.from_minute',
          'stops.to_minute',
          'venues.name as venue_name',
          'venues.locality as venue_locality',
        );
      return {
        total: await countOf(base()),
        first: rows.map((row) => ({ ...toTourUse(row), place: `${row.venue_name}, ${row.venue_locality}` })),
      };
    },
  };
}
