import { writeFile } from 'node:fs/promises';
import type { Database } from '../../server/data/knex.ts';
import { createOsmImports } from '../../server/data/osmImports.ts';
import { createCollector } from '../../server/osm/collector.ts';
import type { OsmData } from '../../server/osm/data.ts';
import type { ImportPorts } from '../../server/osm/import/ports.ts';

/** The moments of an import at which something may happen. */
export const MOMENTS = ['read', 'roads', 'map', 'addresses', 'write'] as const;
export type Moment = (typeof MOMENTS)[number];

/** Two nodes near Meerane. */
export function twoNodes(): OsmData {
  const collector = createCollector();
  collector.node(1, 508_000_000, 124_000_000, ['highway', 'crossing']);
  collector.node(2, 508_100_000, 124_200_000, []);
  collector.fault('node outside of the globe');
  return collector.finish({ dataAt: 1_000 });
}

/** An import that does little, on a real list of imports; one row in `osm_names` stands for its addresses. */
export function importParts(
  database: Database,
  now: () => number,
  at: (moment: Moment) => void | Promise<void> = () => {},
): ImportPorts {
  return {
    imports: createOsmImports(database),
    addresses: {
      write: async (importId) => {
        await database.unit((trx) =>
          trx('osm_names').insert({
            import_id: importId,
            kind: 'place',
            name: 'Meerane',
            lat: 50.8,
            lon: 12.4,
            words: 'meerane',
            houses: 0,
          }),
        );
        await at('write');
      },
      forget: async (importId) => {
        await database.unit((trx) => trx('osm_names').where('import_id', importId).delete());
      },
    },
    steps: {
      read: async () => {
        await at('read');
        return twoNodes();
      },
      roads: () => {
        void at('roads');
        return { counts: { arcs: 7, restrictions: 0 }, faults: {}, parts: [Uint8Array.of(1, 2), Uint8Array.of(3)] };
      },
      map: async (_data, file) => {
        await writeFile(file, 'tiles');
        await at('map');
        return { counts: { tiles: 3 }, faults: { 'ring not closed': 1 } };
      },
      addresses: () => {
        void at('addresses');
        return { counts: { houses: 1 }, faults: {}, book: { places: [], streets: [] } };
      },
    },
    signsOfLife: () => ({ lost: new AbortController().signal, stop: () => Promise.resolve() }),
    changeOver: () => Promise.resolve(),
    now,
  };
}
