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

/** Brings the database to the newest state. Several processes may start at once: knex's lock lets one do it. */
export async function migrateUp(database: Database): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await withoutForeignKeys(database, () => database.writer.migrate.latest(migrationConfig()));
      return;
    } catch (error) {
      const locked = (error as Error).name === 'MigrationLocked' || /already (exists|locked)/.test(String(error));
      if (!locked || attempt >= 60) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
      if ((await pendingMigrations(database)) === 0) {
        return;
      }
    }
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
