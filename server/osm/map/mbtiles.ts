import sqlite3 from 'sqlite3';

export interface Tile {
  z: number;
  x: number;
  /** From the north. */
  y: number;
  data: Uint8Array;
}

/**
 * A new file of map tiles: MBTiles 1.3 (https://github.com/mapbox/mbtiles-spec), an SQLite database in which rows are
 * counted from the south.
 */
export async function createTileFile(file: string) {
  const database = await new Promise<sqlite3.Database>((resolve, reject) => {
    const opened = new sqlite3.Database(file, (error) => (error === null ? resolve(opened) : reject(error)));
  });
  const run = (sql: string, values: unknown[] = []): Promise<void> =>
    new Promise((resolve, reject) => {
      database.run(sql, values, (error: Error | null) => (error === null ? resolve() : reject(error)));
    });
  // Nobody reads the file before it is whole; a broken one is thrown away.
  await run('pragma journal_mode = off');
  await run('pragma synchronous = off');
  await run('create table metadata (name text primary key, value text)');
  await run(
    'create table tiles (zoom_level integer, tile_column integer, tile_row integer, tile_data blob, primary key (zoom_level, tile_column, tile_row)) without rowid',
  );

  return {
    async describe(metadata: Readonly<Record<string, string>>): Promise<void> {
      for (const [name, value] of Object.entries(metadata)) {
        await run('insert into metadata (name, value) values (?, ?)', [name, value]);
      }
    },
    async add(tiles: readonly Tile[]): Promise<void> {
      await run('begin');
      for (const { z, x, y, data } of tiles) {
        await run('insert into tiles values (?, ?, ?, ?)', [z, x, 2 ** z - 1 - y, data]);
      }
      await run('commit');
    },
    close: (): Promise<void> =>
      new Promise((resolve, reject) => {
        database.close((error) => (error === null ? resolve() : reject(error)));
      }),
  };
}
