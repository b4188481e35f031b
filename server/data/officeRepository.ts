import type { Knex } from 'knex';
import type { Scope } from '../domain/access.ts';
import type { AuditAction, AuditChange, AuditSubject } from '../domain/audit.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Instant, LocalDate, MinuteOfDay } from '../domain/time.ts';
import { writeAudit, type AuditAuthor } from './auditRepository.ts';
import type { Database } from './knex.ts';

/** What the repositories of the master data share: scope, versions, history, retirement, uses. */

export interface Saving {
  author: AuditAuthor;
  at: Instant;
  municipalityId: number;
  label: string;
  changes: readonly AuditChange[];
}

export type SaveOutcome = { kind: 'saved'; id: number } | { kind: 'stale' } | { kind: 'taken'; field: string };

/** Rows of these municipalities only. */
export function inScope<Q extends Knex.QueryBuilder>(query: Q, scope: Scope, column = 'municipality_id'): Q {
  if (scope !== 'all') void query.whereIn(column, [...scope]);
  return query;
}

/** True when the statement broke a unique key. */
export function isTaken(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return code === '23505' || (code === 'SQLITE_CONSTRAINT' && /UNIQUE constraint failed/.test(String(message)));
}

/** True when something still refers to the row (PostgreSQL 18 says 23001 for `on delete restrict`). */
function isUsed(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return (
    code === '23503' ||
    code === '23001' ||
    (code === 'SQLITE_CONSTRAINT' && /FOREIGN KEY constraint failed/.test(String(message)))
  );
}

/** Runs a write; a broken unique key undoes the unit and answers which field it is about. */
export async function orTaken<T>(field: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (isTaken(error)) throw new Refusal<SaveOutcome>({ kind: 'taken', field });
    throw error;
  }
}

/** Inserts a row. @returns its id */
export async function insertRow(trx: Knex.Transaction, table: string, row: object): Promise<number> {
  const [inserted] = await trx<{ id: number }>(table).insert(row, ['id']);
  if (inserted === undefined) throw new Error(`Nothing was inserted into ${table}`);
  return inserted.id;
}

/** Changes the row if it is still of this version. @throws Refusal when it is not */
export async function updateVersion(
  trx: Knex.Transaction,
  table: string,
  { id, version }: { id: number; version: number },
  row: object,
): Promise<void> {
  const changed = await trx(table)
    .where({ id, version })
    .update({ ...row, version: version + 1 });
  if (changed === 0) throw new Refusal<SaveOutcome>({ kind: 'stale' });
}

export async function record(
  trx: Knex.Transaction,
  subject: AuditSubject,
  subjectId: number,
  action: AuditAction,
  saving: Saving,
): Promise<void> {
  const { author, at, municipalityId, label, changes } = saving;
  await writeAudit(trx, author, at, { municipalityId, subject, subjectId, label, action, changes });
}

/** `base`, or the first of `base-2`, `base-3` … that no row has. */
export async function freeSlug(trx: Knex.Transaction, table: 'venues' | 'municipalities', base: string) {
  const rows: { slug: string }[] = await trx(table)
    .where('slug', base)
    .orWhere('slug', 'like', `${base}-%`)
    .select('slug');
  const taken = new Set(rows.map(({ slug }) => slug));
  for (let number = 1; ; number++) {
    const slug = number === 1 ? base : `${base}-${number}`;
    if (!taken.has(slug)) return slug;
  }
}

/** Puts rows of a table out of use and back, and deletes those that nothing refers to. */
export function createRetirement(database: Database, table: string, subject: AuditSubject) {
  return {
    async retire(id: number, version: number, retiredAt: Instant | null, saving: Saving): Promise<'saved' | 'stale'> {
      const outcome = await database.unit<SaveOutcome>(async (trx) => {
        await updateVersion(trx, table, { id, version }, { retired_at: retiredAt });
        await record(trx, subject, id, retiredAt === null ? 'restored' : 'retired', saving);
        return { kind: 'saved', id };
      });
      return outcome.kind === 'saved' ? 'saved' : 'stale';
    },

    remove(id: number, version: number, saving: Saving): Promise<'deleted' | 'used' | 'stale'> {
      return database.unit(async (trx) => {
        try {
          const deleted = await trx(table).where({ id, version }).delete();
          if (deleted === 0) return 'stale';
        } catch (error) {
          if (isUsed(error)) throw new Refusal('used');
          throw error;
        }
        await record(trx, subject, id, 'deleted', saving);
        return 'deleted';
      });
    },
  };
}

export interface UsesQuery {
  from?: LocalDate;
  limit: number;
}

export interface TourUse {
  tourId: number;
  municipalityId: number;
  date: LocalDate;
  state: 'draft' | 'published' | 'cancelled';
  fromMinute: MinuteOfDay | null;
  toMinute: MinuteOfDay | null;
}

interface TourUseRow {
  tour_id: number;
  municipality_id: number;
  date: LocalDate;
  state: TourUse['state'];
  from_minute: MinuteOfDay | null;
  to_minute: MinuteOfDay | null;
}

export function toTourUse(row: TourUseRow): TourUse {
  return {
    tourId: row.tour_id,
    municipalityId: row.municipality_id,
    date: row.date,
    state: row.state,
    fromMinute: row.from_minute,
    toMinute: row.to_minute,
  };
}

/**
 * Tours that `narrow` leaves, with the time from their first to their last stop. With `from` the coming ones that are
 * not cancelled, soonest first; without it all, latest first.
 */
export async function tourUses(
  reader: Knex,
  query: UsesQuery,
  narrow: (tours: Knex.QueryBuilder) => void,
): Promise<{ total: number; first: TourUse[] }> {
  const base = (): Knex.QueryBuilder => {
    const tours = reader('tours');
    narrow(tours);
    if (query.from !== undefined) void tours.where('tours.date', '>=', query.from).whereNot('tours.state', 'cancelled');
    return tours;
  };
  const rows: TourUseRow[] = await base()
    .leftJoin('stops', 'stops.tour_id', 'tours.id')
    .groupBy('tours.id', 'tours.municipality_id', 'tours.date', 'tours.state')
    .orderBy('tours.date', query.from === undefined ? 'desc' : 'asc')
    .orderBy('tours.id')
    .limit(query.limit)
    .select('tours.id as tour_id', 'tours.municipality_id', 'tours.date', 'tours.state')
    .min('stops.from_minute as from_minute')
    .max('stops.to_minute as to_minute');
  return { total: await countOf(base()), first: rows.map(toTourUse) };
}

export async function countOf(query: Knex.QueryBuilder): Promise<number> {
  const [row] = (await query.count<unknown>('* as count')) as { count: number }[];
  return Number(row?.count ?? 0);
}

/** Names of the municipalities, how much there is of everything, who changed something last. */
export function createOfficeRepository(reader: Knex) {
  return {
    async municipalities(scope: Scope) {
      const rows = (await inScope(reader('municipalities'), scope, 'id')
        .orderBy('name')
        .select<unknown>('id', 'name', 'slug', 'holiday_region', 'lat', 'lon')) as {
        id: number;
        name: string;
        slug: string;
        holiday_region: string;
        lat: number;
        lon: number;
      }[];
      return rows.map(({ id, name, slug, holiday_region, lat, lon }) => ({
        id,
        name,
        slug,
        holidayRegion: holiday_region,
        at: { lat, lon },
      }));
    },

    async counts(scope: Scope) {
      const used = (table: string) => countOf(inScope(reader(table), scope).whereNull('retired_at'));
      const [municipalities, venues, depots, kits, clerks] = await Promise.all([
        countOf(inScope(reader('municipalities'), scope, 'id')),
        used('venues'),
        used('depots'),
        used('kits'),
        used('clerks'),
      ]);
      return { municipalities, venues, depots, kits, clerks };
    },

    servicesCount: () => countOf(reader('services').whereNull('retired_at')),

    closingDaysCount: (scope: Scope, from: LocalDate) =>
      countOf(inScope(reader('closing_days'), scope).where('to_date', '>=', from)),

    async lastChange(subject: AuditSubject, id: number): Promise<string | null> {
      const row: { user_name: string } | undefined = await reader('audit_entries')
        .where({ subject, subject_id: id })
        .orderBy('id', 'desc')
        .first('user_name');
      return row?.user_name ?? null;
    },
  };
}
