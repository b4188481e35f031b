import type { Knex } from 'knex';
import type { Scope } from '../domain/access.ts';
import type { AuditEntry } from '../domain/audit.ts';
import type { Instant } from '../domain/time.ts';
import { writeAudit, type AuditAuthor } from './auditRepository.ts';
import { inScope, insertRow } from './officeRepository.ts';
import { isPostgres } from './statements.ts';

interface Row {
  id: number;
  municipality_id: number;
  name: string | null;
  phone: string;
  reason: string;
  created_at: Instant;
  created_by_name: string | null;
  due_at: Instant;
  taken_at: Instant | null;
  taken_by: number | null;
  taken_by_name: string | null;
  done_at: Instant | null;
  done_by: number | null;
  done_by_name: string | null;
}

function callbacks(knex: Knex, scope: Scope) {
  const query = knex('callbacks')
    .leftJoin('users as creator', 'creator.id', 'callbacks.created_by')
    .leftJoin('users as taker', 'taker.id', 'callbacks.taken_by')
    .leftJoin('users as finisher', 'finisher.id', 'callbacks.done_by');
  return inScope(query, scope, 'callbacks.municipality_id');
}

const COLUMNS = [
  'callbacks.*',
  'creator.name as created_by_name',
  'taker.name as taken_by_name',
  'finisher.name as done_by_name',
] as const;

function toCallback(row: Row) {
  return {
    id: row.id,
    municipalityId: row.municipality_id,
    name: row.name,
    phone: row.phone,
    reason: row.reason,
    createdAt: row.created_at,
    createdBy: row.created_by_name,
    dueAt: row.due_at,
    taken:
      row.taken_by === null
        ? null
        : { at: row.taken_at ?? row.created_at, userId: row.taken_by, name: row.taken_by_name ?? '' },
    done: row.done_at === null ? null : { at: row.done_at, userId: row.done_by, name: row.done_by_name },
  };
}

type Callback = ReturnType<typeof toCallback>;

/** Reads who has to be called back. */
export function createCallbackRepository(reader: Knex) {
  return {
    async open(scope: Scope, limit: number) {
      const [rows, counted] = await Promise.all([
        callbacks(reader, scope)
          .whereNull('callbacks.done_at')
          .orderBy(['callbacks.due_at', 'callbacks.id'])
          .limit(limit)
          .select<Row[]>(...COLUMNS),
        inScope(reader('callbacks'), scope).whereNull('done_at').count<{ total: number | string }[]>('* as total'),
      ]);
      return { callbacks: rows.map(toCallback), total: Number(counted[0]?.total ?? 0) };
    },

    async doneSince(scope: Scope, since: Instant, limit: number) {
      const rows = await callbacks(reader, scope)
        .where('callbacks.done_at', '>=', since)
        .orderBy([
          { column: 'callbacks.done_at', order: 'desc' },
          { column: 'callbacks.id', order: 'desc' },
        ])
        .limit(limit)
        .select<Row[]>(...COLUMNS);
      return rows.map(toCallback);
    },

    /** How many are not done, and how many of those are late. */
    async waiting(scope: Scope, now: Instant): Promise<{ open: number; overdue: number }> {
      const row = await inScope(reader('callbacks'), scope)
        .whereNull('done_at')
        .first<{ open: number | string; overdue: number | string | null } | undefined>(
          reader.raw('count(*) as open, sum(case when due_at < ? then 1 else 0 end) as overdue', [now]),
        );
      return { open: Number(row?.open ?? 0), overdue: Number(row?.overdue ?? 0) };
    },
  };
}

export interface CallbackRow {
  municipalityId: number;
  name: string | null;
  phone: string;
  reason: string;
  createdAt: Instant;
  createdBy: number;
  dueAt: Instant;
}

/** Changes call-backs within one transaction. */
export function createCallbackUnit(trx: Knex.Transaction) {
  /** The row while nobody has changed it since it was read. */
  const asSeen = ({ id, taken, done }: Callback) =>
    trx('callbacks')
      .where({ id, taken_by: taken?.userId ?? null, done_at: done?.at ?? null })
      .where((query) => {
        // What somebody had whose account is gone keeps the time at which it was taken.
        if (taken !== null) void query.where('taken_at', taken.at);
      });
  const isChanged = async (changed: PromiseLike<number>): Promise<boolean> => (await changed) === 1;

  return {
    async lockUser(userId: number): Promise<void> {
      const query = trx('users').where('id', userId);
      await (isPostgres(trx) ? query.forUpdate() : query).first('id'); // SQLite has one writer anyway
    },

    async same(note: CallbackRow, since: Instant): Promise<{ id: number; dueAt: Instant } | null> {
      const found = await trx('callbacks')
        .where({
          municipality_id: note.municipalityId,
          phone: note.phone,
          reason: note.reason,
          created_by: note.createdBy,
        })
        .where('created_at', '>=', since)
        .orderBy('id')
        .first<{ id: number; due_at: Instant } | undefined>('id', 'due_at');
      return found === undefined ? null : { id: found.id, dueAt: found.due_at };
    },

    insert: (note: CallbackRow): Promise<number> =>
      insertRow(trx, 'callbacks', {
        municipality_id: note.municipalityId,
        name: note.name,
        phone: note.phone,
        reason: note.reason,
        created_at: note.createdAt,
        created_by: note.createdBy,
        due_at: note.dueAt,
      }),

    async find(scope: Scope, id: number): Promise<Callback | null> {
      const row = await callbacks(trx, scope)
        .where('callbacks.id', id)
        .first<Row | undefined>(...COLUMNS);
      return row === undefined ? null : toCallback(row);
    },

    take: (seen: Callback, userId: number, at: Instant): Promise<boolean> =>
      isChanged(asSeen(seen).update({ taken_by: userId, taken_at: at })),

    giveBack: (seen: Callback): Promise<boolean> => isChanged(asSeen(seen).update({ taken_by: null, taken_at: null })),

    finish: (seen: Callback, userId: number, at: Instant): Promise<boolean> =>
      isChanged(
        asSeen(seen).update({
          done_by: userId,
          done_at: at,
          taken_by: userId,
          taken_at: seen.taken === null ? at : seen.taken.at,
        }),
      ),

    reopen: (seen: Callback, keepTaken: boolean): Promise<boolean> =>
      isChanged(
        asSeen(seen).update({ done_by: null, done_at: null, ...(keepTaken ? {} : { taken_by: null, taken_at: null }) }),
      ),

    audit: (author: AuditAuthor, at: Instant, entry: AuditEntry): Promise<void> => writeAudit(trx, author, at, entry),
  };
}
