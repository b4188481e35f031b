import { startPostgres } from './postgres.ts';
import { createTempDir } from './tempDir.ts';
import type { DatabaseConfig } from '../../server/data/knex.ts';

export interface TestDatabase {
  readonly kind: DatabaseConfig['kind'];
  /** What to hand to the code under test. The database is empty: no tables. */
  readonly config: DatabaseConfig;
  /** Removes the database. Close your own connections first. A second call does nothing. */
  dispose(): Promise<void>;
}

/** An empty SQLite file of its own. */
export function openSqlite(): Promise<TestDatabase> {
  const dir = createTempDir('sqlite');
  return Promise.resolve({
    kind: 'sqlite',
    config: { kind: 'sqlite', file: dir.file('koffertour.sqlite') },
    dispose: () => Promise.resolve(dir.remove()),
  });
}

/** An empty database of its own on the PostgreSQL server of the tests, which is started if need be. */
export async function openPostgres(): Promise<TestDatabase> {
  const server = await startPostgres();
  const database = await server.createDatabase();
  let dropped: Promise<void> | undefined;
  return {
    kind: 'postgres',
    config: { kind: 'postgres', url: database.url },
    dispose: () => (dropped ??= database.drop()),
  };
}

/**
 * Defines the same suite twice: "… (SQLite)" and "… (PostgreSQL)".
 *
 * `open()`, called in a hook or a test, gives an empty database each time. What is not disposed of by then is removed
 * after the suite, when the suite's own `after` hooks have run.
 */
export function describeOnBothDatabases(
  title: string,
  define: (open: () => Promise<TestDatabase>, kind: DatabaseConfig['kind']) => void,
): void {
  describeOn(`${title} (SQLite)`, 'sqlite', openSqlite, define);
  describeOn(`${title} (PostgreSQL)`, 'postgres', openPostgres, define);
}

function describeOn(
  title: string,
  kind: DatabaseConfig['kind'],
  openOne: () => Promise<TestDatabase>,
  define: (open: () => Promise<TestDatabase>, kind: DatabaseConfig['kind']) => void,
): void {
  describe(title, () => {
    const opened: TestDatabase[] = [];

    if (kind === 'postgres') {
      before('PostgreSQL is running', async function () {
        this.timeout(120_000);
        await startPostgres();
      });
    }

    define(async () => {
      const database = await openOne();
      opened.push(database);
      return database;
    }, kind);

    after('the databases are removed', async () => {
      for (const database of opened.splice(0)) await database.dispose();
    });
  });
}
