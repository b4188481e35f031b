import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import sqlite3 from 'sqlite3';

/** `tile`: gzipped, of the Mapbox Vector Tile format; `empty`: nothing is there; `outside`: not on this map. */
export type VectorTileAnswer =
  { kind: 'tile'; gzipped: Buffer } | { kind: 'empty' } | { kind: 'outside' } | { kind: 'unavailable' };

/** Vector tiles of an imported extract; see server/osm/map/schema.ts. */
export interface VectorTiles {
  /** Level, row from the north, column. Never rejects: what cannot be read is `unavailable`. */
  get(z: number, y: number, x: number): Promise<VectorTileAnswer>;
  close(): Promise<void>;
}

export const unzipped = promisify<Buffer, Buffer>(gunzip);

/**
 * Opens a file of map tiles (MBTiles), for reading only.
 * @throws where there is none, or it is no such file
 */
export async function createVectorTiles(file: string): Promise<VectorTiles> {
  const database = await new Promise<sqlite3.Database>((resolve, reject) => {
    const opened = new sqlite3.Database(file, sqlite3.OPEN_READONLY, (error) =>
      error === null ? resolve(opened) : reject(error),
    );
  });
  const close = (): Promise<void> => new Promise((resolve) => database.close(() => resolve()));
  const zoom = await zoomOf(database).catch(async (error: unknown) => {
    await close();
    throw error;
  });

  return {
    get: (z, y, x) =>
      new Promise((resolve) => {
        if (z < zoom.min || z > zoom.max || x >= 2 ** z || y >= 2 ** z) return resolve({ kind: 'outside' });
        database.get<{ data: Buffer }>(
          'select tile_data as data from tiles where zoom_level = ? and tile_column = ? and tile_row = ?',
          [z, x, 2 ** z - 1 - y],
          (error: Error | null, row?: { data: Buffer }) => {
            if (error !== null) resolve({ kind: 'unavailable' });
            else resolve(row === undefined ? { kind: 'empty' } : { kind: 'tile', gzipped: row.data });
          },
        );
      }),
    close,
  };
}

async function zoomOf(database: sqlite3.Database): Promise<{ min: number; max: number }> {
  const rows = await new Promise<{ name: string; value: string }[]>((resolve, reject) => {
    database.all<{ name: string; value: string }>('select name, value from metadata', (error, all) =>
      error === null ? resolve(all) : reject(error),
    );
  });
  const metadata = new Map(rows.map(({ name, value }) => [name, value]));
  const [min, max] = [Number(metadata.get('minzoom')), Number(metadata.get('maxzoom'))];
  if (!Number.isInteger(min) || !Number.isInteger(max)) throw new Error('this is no file of map tiles');
  return { min, max };
}
