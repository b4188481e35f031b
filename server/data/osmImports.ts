import type { Knex } from 'knex';
import type { BoundingBox } from '../domain/geo.ts';
import type { Instant } from '../domain/time.ts';
import type { Database } from './knex.ts';
import { isPostgres } from './statements.ts';

/** How long after its last sign of life an import counts as broken off, in milliseconds. */
export const ABANDONED_AFTER = 60_000;

export interface StoredImport {
  id: number;
  state: 'running' | 'active' | 'old';
  fileName: string;
  fileBytes: number;
  dataAt: Instant | null;
  area: BoundingBox;
  startedAt: Instant;
  /** The process that writes it was alive. */
  seenAt: Instant;
  /** Null exactly while it is being written. */
  finishedAt: Instant | null;
  report: { counts: Readonly<Record<string, number>>; faults: Readonly<Record<string, number>> } | null;
}

interface ImportRow extends BoundingBox {
  id: number;
  state: StoredImport['state'];
  file_name: string;
  file_bytes: number;
  data_at: Instant | null;
  started_at: Instant;
  seen_at: Instant;
  finished_at: Instant | null;
  report: string | null;
}

/** What is noted of an import that is done. */
export type FinishedImport = Pick<StoredImport, 'dataAt' | 'area' | 'report'>;

/**
 * Imports of OpenStreetMap extracts: at most one is written at a time, and at most one is in use. Two processes that
 * want to begin or to change over at once do so one after the other.
 */
export function createOsmImports({ reader, unit }: Pick<Database, 'reader' | 'unit'>) {
  const alone = <T>(work: (trx: Knex.Transaction) => Promise<T>): Promise<T> =>
    unit(async (trx) => {
      // SQLite has one writer anyway.
      if (isPostgres(trx)) await trx.raw('lock table osm_imports in share row exclusive mode');
      return work(trx);
    });

  return {
    /**
     * Notes that an import begins. What lies in the area is not known before the file was read.
     * @returns its id; `busy`: another one is being written, and its process was alive a minute ago
     */
    begin: (
      file: { name: string; bytes: number },
      area: BoundingBox,
      now: Instant,
    ): Promise<{ kind: 'begun'; id: number } | { kind: 'busy'; other: StoredImport }> =>
      alone(async (trx) => {
        const other = await trx<ImportRow>('osm_imports')
          .where('state', 'running')
          .where('seen_at', '>', now - ABANDONED_AFTER)
          .first();
        if (other !== undefined) return { kind: 'busy', other: importOf(other) };
        const [row] = await trx<ImportRow>('osm_imports').insert(
          {
            state: 'running',
            file_name: file.name.slice(-255),
            file_bytes: file.bytes,
            ...boxOf(area),
            started_at: now,
            seen_at: now,
          },
          ['id'],
        );
        return { kind: 'begun', id: (row as ImportRow).id };
      }),

    /** A sign of life. @returns false: it was taken for broken off, and is nobody's any more */
    heartbeat: async (id: number, now: Instant): Promise<boolean> =>
      (await unit((trx) => trx('osm_imports').where({ id, state: 'running' }).update({ seen_at: now }))) === 1,

    /**
     * Puts an import to use, and with that the one before it out of use.
     * @returns `gone`: it was taken for broken off; `overtaken`: one that began later is in use already
     */
    finish: (id: number, done: FinishedImport, now: Instant): Promise<'active' | 'gone' | 'overtaken'> =>
      alone(async (trx) => {
        const own = await trx<ImportRow>('osm_imports').where({ id, state: 'running' }).first('id');
        if (own === undefined) return 'gone';
        const before = await trx<ImportRow>('osm_imports').where('state', 'active').first('id');
        if (before !== undefined && before.id > id) return 'overtaken';
        await trx('osm_imports').where('state', 'active').update({ state: 'old' });
        await trx('osm_imports')
          .where('id', id)
          .update({
            state: 'active',
            data_at: done.dataAt,
            ...boxOf(done.area),
            seen_at: now,
            finished_at: now,
            report: JSON.stringify(done.report),
          });
        return 'active';
      }),

    /**
     * Gives up an import that is not in use: what there is of it may be deleted.
     * @param seenUntil only if its process has given no sign of life since then
     * @returns false: it is in use, or there is none such
     */
    giveUp: async (id: number, now: Instant, seenUntil = Infinity): Promise<boolean> =>
      (await unit((trx) => {
        const running = trx('osm_imports').where({ id, state: 'running' });
        const silent = seenUntil === Infinity ? running : running.where('seen_at', '<=', seenUntil);
        return silent.update({ state: 'old', finished_at: now });
      })) === 1,

    /** Puts the import in use out of use; nothing takes its place. @returns its id; null: none was in use */
    stopUsing: (): Promise<number | null> =>
      alone(async (trx) => {
        const active = await trx<ImportRow>('osm_imports').where('state', 'active').first('id');
        if (active === undefined) return null;
        await trx('osm_imports').where('id', active.id).update({ state: 'old' });
        return active.id;
      }),

    /** The one in use; null: there is none. */
    async active(): Promise<StoredImport | null> {
      const row = await reader<ImportRow>('osm_imports').where('state', 'active').first();
      return row === undefined ? null : importOf(row);
    },

    /** All there are traces of, newest first. */
    async list(): Promise<StoredImport[]> {
      return (await reader<ImportRow>('osm_imports').orderBy('id', 'desc')).map(importOf);
    },

    /** Those that are being written, but whose process has given no sign of life for a minute. */
    async abandoned(now: Instant): Promise<StoredImport[]> {
      const rows = await reader<ImportRow>('osm_imports')
        .where('state', 'running')
        .where('seen_at', '<=', now - ABANDONED_AFTER)
        .orderBy('id');
      return rows.map(importOf);
    },

    /** Deletes the last trace of one that is neither in use nor being written. Its addresses go before. */
    forget: (id: number): Promise<void> =>
      unit(async (trx) => void (await trx('osm_imports').where({ id, state: 'old' }).delete())),
  };
}

export type OsmImports = ReturnType<typeof createOsmImports>;

function boxOf({ south, west, north, east }: BoundingBox): BoundingBox {
  return { south, west, north, east };
}

function importOf(row: ImportRow): StoredImport {
  return {
    id: row.id,
    state: row.state,
    fileName: row.file_name,
    fileBytes: row.file_bytes,
    dataAt: row.data_at,
    area: boxOf(row),
    startedAt: row.started_at,
    seenAt: row.seen_at,
    finishedAt: row.finished_at,
    report: row.report === null ? null : (JSON.parse(row.report) as StoredImport['report']),
  };
}
