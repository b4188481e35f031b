import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Knex } from 'knex';
import type { Database } from './knex.ts';
import { MigrationFolder } from './migrationSource.ts';

/** The folder of the migrations: `migrations/` beside `server/`, in the sources and in `dist/` alike. */
const FOLDER = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../migrations');

function migrationConfig(): Knex.MigratorConfig {
  return { migrationSource: new MigrationFolder(FOLDER), tableName: 'migrations' };
}

/**
 * On SQLite some changes rebuild a table, which with foreign keys switched on would delete the rows that refer to it;
 * so migrations run with the switch off and the references are checked afterwards.
 */
async function withoutForeignKeys(database: Database, work: () => Promise<unknown>): Promise<void> {
  if (database.kind === 'postgres') {
    await work();
    return;
  }
  await database.writer.raw('PRAGMA foreign_keys = OFF');
  try {
    await work();
    const broken = (await database.writer.raw('PRAGMA foreign_key_check')) as unknown[];
    if (broken.length > 0) {
      throw new Error(`Migration left ${broken.length} references without target: ${JSON.stringify(broken[0])}`);
    }
  } finally {
    await database.writer.raw('PRAGMA foreign_keys = ON');
  }
}

/** Any number will do, as long as every process of the office locks the same one. */
const ADVISORY_LOCK = 4_115_115;
/** How often and how long (milliseconds) a process waits for another one's migrations on SQLite. */
const WAITS = 60;
const WAIT = 500;

/**
 * Brings the database to the newest state. Several processes may start at once: one does it, the others wait. A lock
 * left behind by a process that was killed in the middle is taken away; its migration was undone with its transaction.
 */
export async function migrateUp(database: Database): Promise<void> {
  const latest = () =>
    withoutForeignKeys(database, () => database.writer.migrate.latest(migrationConfig())).then(() => undefined);
  await (database.kind === 'postgres' ? underAdvisoryLock(database, latest) : whenUnlocked(database, latest));
}

/** knex's own lock is a table, which two processes may try to create at the same time. */
async function underAdvisoryLock(database: Database, latest: () => Promise<void>): Promise<void> {
  await database.writer.transaction(async (trx) => {
    await trx.raw('select pg_advisory_xact_lock(?)', [ADVISORY_LOCK]);
    await freeLockLeftBehind(database);
    await latest();
  });
}

async function whenUnlocked(database: Database, latest: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await latest();
      return;
    } catch (error) {
      const busy = (error as Error).name === 'MigrationLocked' || /already (exists|locked)/.test(String(error));
      if (!busy || attempt > WAITS) {
        throw error;
      }
      if (attempt === WAITS) {
        await freeLockLeftBehind(database);
      }
      await new Promise((resolve) => setTimeout(resolve, WAIT));
    }
  }
}

async function freeLockLeftBehind(database: Database): Promise<void> {
  if (await database.writer.schema.hasTable('migrations_lock')) {
    await database.writer.migrate.forceFreeMigrationsLock(migrationConfig());
  }
}

/** Takes back the newest migration. */
export async function migrateDownOne(database: Database): Promise<void> {
  await withoutForeignKeys(database, () => database.writer.migrate.down(migrationConfig()));
}

/** How many migrations the database still lacks. */
export async function pendingMigrations(database: Database): Promise<number> {
  const [, pending] = (await database.writer.migrate.list(migrationConfig())) as [unknown[], unknown[]];
  return pending.length;
}
