import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The extract named by `--pbf FILE`, else one of the test data. */
export function benchFile(name: string): string {
  const at = process.argv.indexOf('--pbf');
  const given = at === -1 ? undefined : process.argv[at + 1];
  const folder = process.env['KOFFERTOUR_TEST_DATA'] ?? resolve(import.meta.dirname, '../../../shared/data');
  const file = given ?? join(folder, 'osm', name);
  if (!existsSync(file)) throw new Error(`There is no ${file}: name an extract with --pbf FILE`);
  return file;
}
