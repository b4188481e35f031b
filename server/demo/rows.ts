import type { Knex } from 'knex';

/** How the demonstration writes many rows at once. */

/** Rows of one INSERT: keeps the number of bound values far below what the databases accept. */
const CHUNK = 200;

export async function insertRows(trx: Knex.Transaction, table: string, rows: readonly object[]): Promise<void> {
  for (let i = 0; i < rows.length; i += CHUNK) await trx(table).insert(rows.slice(i, i + CHUNK));
}

/** Answers the given columns of the new rows, in no particular order. */
export async function insertReturning<Row>(
  trx: Knex.Transaction,
  table: string,
  rows: readonly object[],
  columns: readonly (keyof Row & string)[],
): Promise<Row[]> {
  const inserted: Row[] = [];
  for (let i = 0; i < rows.length; i += CHUNK) {
    inserted.push(...((await trx(table).insert(rows.slice(i, i + CHUNK), [...columns])) as Row[]));
  }
  return inserted;
}

/** Finds the id of a row by its natural key. */
export function idOf<Row extends { id: number }, Key>(
  rows: readonly Row[],
  keyOf: (row: Row) => Key,
): (key: Key) => number {
  const ids = new Map(rows.map((row) => [keyOf(row), row.id]));
  return (key) => {
    const id = ids.get(key);
    if (id === undefined) throw new Error(`The database did not answer the row just inserted: ${String(key)}`);
    return id;
  };
}
