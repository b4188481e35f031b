import type { Knex } from 'knex';

interface SqliteStatement {
  all(bindings: readonly unknown[], done: (error: Error | null, rows: unknown[]) => void): void;
  finalize(done: () => void): void;
}

/** What of an SQLite connection is needed to run prepared statements. */
export interface PreparingConnection {
  prepare(sql: string, done: (this: SqliteStatement, error: Error | null) => void): SqliteStatement;
}

/** True when the statements of this connection or transaction go to PostgreSQL. */
export function isPostgres(knex: Knex): boolean {
  return (knex.client as { config: { client: unknown } }).config.client === 'pg';
}

/** Statements of each SQLite connection, prepared once: parsing takes longer than running most of them. */
const prepared = new WeakMap<PreparingConnection, Map<string, Promise<SqliteStatement>>>();

function prepare(connection: PreparingConnection, sql: string): Promise<SqliteStatement> {
  const statements = prepared.get(connection) ?? new Map<string, Promise<SqliteStatement>>();
  prepared.set(connection, statements);
  const known = statements.get(sql);
  if (known !== undefined) {
    return known;
  }
  const statement = new Promise<SqliteStatement>((resolve, reject) => {
    connection.prepare(sql, function (error) {
      if (error === null) {
        resolve(this);
      } else {
        statements.delete(sql);
        reject(error);
      }
    });
  });
  statements.set(sql, statement);
  return statement;
}

/** A value that a statement can be given. */
export type Bound = string | number | null;

/**
 * Runs one statement of a transaction that others wait for, and answers its rows. On SQLite it goes straight to the
 * transaction's connection: knex's own way takes several times as long as the statement, and there is one writer.
 * @param sql the same few texts again and again: each is kept prepared
 */
export async function runOften<Row>(trx: Knex, sql: string, bindings: readonly Bound[] = []): Promise<Row[]> {
  if (!trx.isTransaction || isPostgres(trx)) {
    return rowsOf<Row>(await trx.raw(sql, bindings));
  }
  if ((trx as Knex.Transaction).isCompleted()) {
    throw new Error('The transaction has ended already');
  }
  const client = trx.client as { acquireConnection(): Promise<PreparingConnection> };
  const statement = await prepare(await client.acquireConnection(), sql);
  return new Promise((resolve, reject) => {
    statement.all(bindings, (error, rows) => (error === null ? resolve(rows as Row[]) : reject(error)));
  });
}

/** The rows of a raw statement, whichever database answered. */
export function rowsOf<Row>(result: unknown): Row[] {
  return Array.isArray(result) ? (result as Row[]) : (result as { rows: Row[] }).rows;
}

/** Ends the prepared statements of a connection: SQLite does not close one that has any. */
export async function finalizeStatements(connection: PreparingConnection): Promise<void> {
  const statements = await Promise.allSettled([...(prepared.get(connection)?.values() ?? [])]);
  prepared.delete(connection);
  for (const statement of statements) {
    if (statement.status === 'fulfilled') {
      await new Promise<void>((resolve) => statement.value.finalize(() => resolve()));
    }
  }
}
