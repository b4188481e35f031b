import type { Knex } from 'knex';
import type { Scope } from '../domain/access.ts';
import type { Instant } from '../domain/time.ts';
import type { Database } from './knex.ts';
import {
  createRetirement,
  inScope,
  insertRow,
  orTaken,
  record,
  tourUses,
  updateVersion,
  type SaveOutcome,
  type Saving,
  type UsesQuery,
} from './officeRepository.ts';

interface Values {
  name: string;
  depotId: number;
  status: 'ready' | 'defect';
  capabilities: readonly string[];
}

interface Row {
  id: number;
  municipality_id: number;
  name: string;
  depot_id: number;
  depot_name: string;
  status: 'ready' | 'defect';
  version: number;
  retired_at: Instant | null;
}

function toRecord(row: Row, capabilities: readonly string[]) {
  return {
    id: row.id,
    municipalityId: row.municipality_id,
    name: row.name,
    depotId: row.depot_id,
    depotName: row.depot_name,
    status: row.status,
    capabilities,
    version: row.version,
    retiredAt: row.retired_at,
  };
}

function toRow(municipalityId: number, { name, depotId, status }: Values): object {
  return { municipality_id: municipalityId, name, depot_id: depotId, status };
}

async function writeCapabilities(trx: Knex.Transaction, kitId: number, capabilities: readonly string[]): Promise<void> {
  await trx('kit_capabilities').where({ kit_id: kitId }).delete();
  if (capabilities.length > 0) {
    await trx('kit_capabilities').insert(capabilities.map((capability) => ({ kit_id: kitId, capability })));
  }
}

/** Kits as planners keep them, the retired ones too. */
export function createKitAdminRepository(database: Database) {
  const { reader } = database;

  async function read(narrow: (kits: Knex.QueryBuilder) => void) {
    const kits = reader('kits').join('depots', 'depots.id', 'kits.depot_id');
    narrow(kits);
    const rows = (await kits
      .orderBy(['kits.name', 'kits.id'])
      .select<unknown>('kits.*', 'depots.name as depot_name')) as Row[];
    const found = await reader<{ kit_id: number; capability: string }>('kit_capabilities')
      .whereIn(
        'kit_id',
        rows.map(({ id }) => id),
      )
      .orderBy('capability');
    return rows.map((row) =>
      toRecord(
        row,
        found.filter(({ kit_id }) => kit_id === row.id).map(({ capability }) => capability),
      ),
    );
  }

  return {
    ...createRetirement(database, 'kits', 'kit'),

    list: (scope: Scope) => read((kits) => void inScope(kits, scope, 'kits.municipality_id')),

    async find(id: number) {
      const [kit] = await read((kits) => void kits.where('kits.id', id));
      return kit;
    },

    async capabilities(): Promise<string[]> {
      const rows: { code: string }[] = await reader('capabilities').orderBy('code').select('code');
      return rows.map(({ code }) => code);
    },

    create(municipalityId: number, values: Values, saving: Saving): Promise<SaveOutcome> {
      return database.unit<SaveOutcome>((trx) =>
        orTaken('name', async () => {
          const id = await insertRow(trx, 'kits', toRow(municipalityId, values));
          await writeCapabilities(trx, id, values.capabilities);
          await record(trx, 'kit', id, 'created', saving);
          return { kind: 'saved', id };
        }),
      );
    },

    update(id: number, version: number, municipalityId: number, values: Values, saving: Saving): Promise<SaveOutcome> {
      return database.unit<SaveOutcome>((trx) =>
        orTaken('name', async () => {
          await updateVersion(trx, 'kits', { id, version }, toRow(municipalityId, values));
          await writeCapabilities(trx, id, values.capabilities);
          await record(trx, 'kit', id, 'changed', saving);
          return { kind: 'saved', id };
        }),
      );
    },

    tours: (id: number, query: UsesQuery) =>
      tourUses(
        reader,
        query,
        (tours) => void tours.join('tour_kits', 'tour_kits.tour_id', 'tours.id').where('tour_kits.kit_id', id),
      ),
  };
}
