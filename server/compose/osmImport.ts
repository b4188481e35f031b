import { setTimeout as wait } from 'node:timers/promises';
import type { DatabaseConfig } from '../config.ts';
import { createAddressWriter } from '../data/addressWriter.ts';
import type { Database } from '../data/knex.ts';
import { createOsmImports } from '../data/osmImports.ts';
import { packGraph } from '../domain/roads/file.ts';
import { extractAddresses } from '../osm/addresses/extract.ts';
import type { ImportPorts } from '../osm/import/ports.ts';
import { writeMap } from '../osm/map/write.ts';
import { readExtract } from '../osm/read.ts';
import { buildRoads } from '../osm/roads/build.ts';
import { giveSignsOfLife } from './signsOfLife.ts';

/** A sign of life so often; after a minute without one an import counts as broken off. */
const SIGN_OF_LIFE = 10_000;

/** Running servers look every half a minute, and answer what was asked before from the old files. */
const CHANGING_OVER = 45_000;

export interface ImportDeps {
  database: Database;
  config: DatabaseConfig;
  now: () => number;
  /** How long running servers are given to change over, in milliseconds. */
  changeOverMs?: number;
}

/** What an import of an OpenStreetMap extract needs, all of it real. */
export function importPorts({ database, config, now, changeOverMs = CHANGING_OVER }: ImportDeps): ImportPorts {
  const encoder = new TextEncoder();
  return {
    imports: createOsmImports(database),
    addresses: createAddressWriter(database),
    steps: {
      read: readExtract,
      roads: (data, progress) => {
        const { graph, counts, faults } = buildRoads(data, progress);
        return {
          counts,
          faults,
          parts: graph.arcCount === 0 ? null : packGraph(graph, (text) => encoder.encode(text)),
        };
      },
      map: writeMap,
      addresses: extractAddresses,
    },
    signsOfLife: (id) => giveSignsOfLife(config, id, SIGN_OF_LIFE),
    changeOver: (stopping) => wait(changeOverMs, undefined, { signal: stopping }).catch(() => undefined),
    now,
  };
}
