import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import createKnex, { type Knex } from 'knex';
import pg from 'pg';
import type { DatabaseConfig } from '../config.ts';
import { finalizeStatements, type PreparingConnection } from './statements.ts';
import { createCommitGroup, createPlainUnits, type RunUnit } from './unitOfWork.ts';

export type { DatabaseConfig } from '../config.ts';
export { isPostgres, rowsOf } from './statements.ts';

/**
 * An open database. Pages read through `reader`; whatever changes something goes through `unit`, which runs it in one
 * transaction on the writer. On SQLite these are different connections (a page never waits for a commit), on PostgreSQL
 * one pool.
 */
export interface Database {
  readonly kind: 'sqlite' | 'postgres';
  readonly reader: Knex;
  readonly writer: Knex;
  readonly unit: RunUnit;
  /** Runs `work` while no other process of the office is in here; the operating system ends it with the process. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

// Instants are bigints in both databases and stay below 2^53: numbers, not strings.
pg.types.setTypeParser(20, Number);

interface SqliteConnection extends PreparingConnection {
  exec(sql: string, done: (error: Error | null) => void): void;
  configure(option: 'busyTimeout', milliseconds: number): void;
}

const require = createRequire(import.meta.url);
interface DialectTransaction {
  query(connection: unknown, sql: string): Promise<unknown>;
}
type Constructor<T> = new (...args: never[]) => T;
const SqliteClient = require('knex/lib/dialects/sqlite3') as Constructor<{
  destroyRawConnection(connection: SqliteConnection): Promise<void>;
}>;
const SqliteTransaction =
  require('knex/lib/dialects/sqlite3/execution/sqlite-transaction') as Constructor<DialectTransaction>;

/** `BEGIN` of SQLite is deferred: it would read first and fail at once when somebody has committed before it writes. */
class ImmediateTransaction extends SqliteTransaction {
  begin(connection: unknown): Promise<unknown> {
    return this.query(connection, 'BEGIN IMMEDIATE;');
  }
}

class ImmediateSqliteClient extends SqliteClient {
  /** SQLite does not close a connection that has prepared statements. */
  override async destroyRawConnection(connection: SqliteConnection): Promise<void> {
    await finalizeStatements(connection);
    await super.destroyRawConnection(connection);
  }

  transaction(...args: unknown[]): unknown {
    return new (ImmediateTransaction as unknown as new (...all: unknown[]) => unknown)(this, ...args);
  }
}

/** How long a writer waits for another process's commit before it gives up, in milliseconds. */
const BUSY_TIMEOUT = 10_000;
/** How long a process waits for another one that is alone with the database. */
const LONGEST_ALONE = 10 * 60_000;

function openSqlite(file: string, pragmas: readonly string[], pool: { min: number; max: number }): Knex {
  return createKnex({
    client: ImmediateSqliteClient as unknown as typeof Knex.Client,
    compileSqlOnError: false, // else names and secrets would stand in messages of errors, and so in the log
    connection: { filename: file },
    useNullAsDefault: true,
    pool: {
      ...pool,
      afterCreate: (connection: SqliteConnection, done: (error: Error | null, connection: unknown) => void) => {
        connection.configure('busyTimeout', BUSY_TIMEOUT);
        connection.exec(pragmas.map((pragma) => `PRAGMA ${pragma};`).join('\n'), (error) => done(error, connection));
      },
    },
  });
}

/** Any number will do, as long as every process of the office locks the same one. */
const ADVISORY_LOCK = 4_115_115;

/** Others wait for the write lock of an empty database beside the real one, which itself stays free for the work. */
async function aloneOnThisMachine<T>(file: string, work: () => Promise<T>): Promise<T> {
  const lock = openSqlite(file, [`busy_timeout = ${LONGEST_ALONE}`], { min: 0, max: 1 });
  try {
    const trx = await lock.transaction();
    if (trx.isCompleted()) {
      await trx.executionPromise; // BEGIN failed: this throws why
    }
    try {
      return await work();
    } finally {
      await trx.commit();
    }
  } finally {
    await lock.destroy();
  }
}

/**
 * Opens the database; creates the folder of an SQLite file that does not exist yet. Connects lazily: an unreachable
 * PostgreSQL shows at the first query.
 */
export function openDatabase(config: DatabaseConfig): Database {
  if (config.kind === 'sqlite') {
    mkdirSync(path.dirname(path.resolve(config.file)), { recursive: true });
    const common = ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON'];
    const writer = openSqlite(config.file, common, { min: 1, max: 1 });
    const reader = openSqlite(
      config.file,
      [...common, 'query_only = ON', 'cache_size = -16000', 'mmap_size = 268435456'],
      {
        min: 1,
        max: 3,
      },
    );
    const group = createCommitGroup(writer);
    return {
      kind: 'sqlite',
      reader,
      writer,
      unit: group.run,
      alone: (work) => aloneOnThisMachine(`${config.file}.lock`, work),
      close: async () => {
        await group.drain();
        await reader.destroy();
        await writer.destroy();
      },
    };
  }
  const pool = createKnex({
    client: 'pg',
    compileSqlOnError: false,
    connection: { connectionString: config.url, application_name: 'koffertour' },
    pool: { min: 0, max: config.poolSize ?? 10 },
    acquireConnectionTimeout: 10_000,
  });
  return {
    kind: 'postgres',
    reader: pool,
    writer: pool,
    unit: createPlainUnits(pool),
    alone: (work) =>
      pool.transaction(async (trx) => {
        await trx.raw('select pg_advisory_xact_lock(?)', [ADVISORY_LOCK]);
        return work();
      }),
    close: () => pool.destroy(),
  };
}
