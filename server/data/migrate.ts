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

/**
 * Brings the database to the newest state. Several processes may start at once: one does it, the others wait. The lock
 * that knex keeps in a table stays behind when a process is killed in the middle; as we are alone here, it is taken
 * away (the migration itself was undone with its transaction).
 */
export async function migrateUp(database: Database): Promise<void> {
  await database.alone(async () => {
    if (await database.writer.schema.hasTable('migrations_lock')) {
      await database.writer.migrate.forceFreeMigrationsLock(migrationConfig());
    }
    await withoutForeignKeys(database, () => database.writer.migrate.latest(migrationConfig()));
  });
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
