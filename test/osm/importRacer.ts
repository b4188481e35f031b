import { openDatabase, type DatabaseConfig } from '../../server/data/knex.ts';
import { createOsmImports } from '../../server/data/osmImports.ts';

/** Begins an import, or finishes the one with this id, at the same moment as others do. */
const [config, id, now] = JSON.parse(process.argv[2] ?? '') as [DatabaseConfig, number | null, number];
const area = { south: 50, west: 12, north: 51, east: 13 };

process.once('message', () => {
  const database = openDatabase(config);
  const imports = createOsmImports(database);
  const work =
    id === null
      ? imports.begin({ name: 'a.osm.pbf', bytes: 1 }, area, now).then(({ kind }) => kind)
      : imports.finish(id, { dataAt: null, area, report: { counts: {}, faults: {} } }, now);
  void work
    .then((outcome) => process.send?.(outcome))
    .finally(() => database.close())
    .then(() => process.disconnect());
});
process.send?.('ready');
