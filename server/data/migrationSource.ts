import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Knex } from 'knex';

interface Migration {
  name: string;
  file: string;
}

/**
 * The migrations of a folder under names without file extension: `tsx` runs the `.ts` files, `node dist` the compiled
 * `.js`, and both must find the same names in the database.
 */
export class MigrationFolder implements Knex.MigrationSource<Migration> {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async getMigrations(): Promise<Migration[]> {
    const files = await readdir(this.#folder);
    return files
      .filter((file) => /^\d.*\.(ts|js)$/.test(file) && !file.endsWith('.d.ts'))
      .sort()
      .map((file) => ({ name: file.replace(/\.(ts|js)$/, ''), file: path.join(this.#folder, file) }));
  }

  getMigrationName(migration: Migration): string {
    return migration.name;
  }

  async getMigration(migration: Migration): Promise<Knex.Migration> {
    return (await import(pathToFileURL(migration.file).href)) as Knex.Migration;
  }
}
