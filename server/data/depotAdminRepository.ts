import type { Scope } from '../domain/access.ts';
import type { Instant } from '../domain/time.ts';
import type { Database } from './knex.ts';
import {
  countOf,
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
  address: string;
  at: { lat: number; lon: number };
}

interface Row {
  id: number;
  municipality_id: number;
  name: string;
  address: string;
  lat: number;
  lon: number;
  version: number;
  retired_at: Instant | null;
}

function toRecord(row: Row) {
  return {
    id: row.id,
    municipalityId: row.municipality_id,
    name: row.name,
    address: row.address,
    at: { lat: row.lat, lon: row.lon },
    version: row.version,
    retiredAt: row.retired_at,
  };
}

function toRow(municipalityId: number, { name, address, at }: Values): object {
  return { municipality_id: municipalityId, name, address, lat: at.lat, lon: at.lon };
}

/** Where kits are kept and tours start. */
export function createDepotAdminRepository(database: Database) {
  const { reader } = database;

  async function named(table: 'kits' | 'clerks', depotId: number, limit: number) {
    const rows: { id: number; municipality_id: number; name: string }[] = await reader(table)
      .where({ depot_id: depotId })
      .orderBy(['name', 'id'])
      .limit(limit)
      .select('id', 'municipality_id', 'name');
    return {
      total: await countOf(reader(table).where({ depot_id: depotId })),
      first: rows.map(({ id, municipality_id, name }) => ({ id, municipalityId: municipality_id, name })),
    };
  }

  return {
    ...createRetirement(database, 'depots', 'depot'),

    async list(scope: Scope) {
      const rows = (await inScope(reader('depots'), scope).orderBy(['name', 'id'])) as Row[];
      return rows.map(toRecord);
    },

    async find(id: number) {
      const row = (await reader('depots').where({ id }).first()) as Row | undefined;
      return row === undefined ? undefined : toRecord(row);
    },

    create(municipalityId: number, values: Values, saving: Saving): Promise<SaveOutcome> {
      return database.unit<SaveOutcome>((trx) =>
        orTaken('name', async () => {
          const id = await insertRow(trx, 'depots', toRow(municipalityId, values));
          await record(trx, 'depot', id, 'created', saving);
          return { kind: 'saved', id };
        }),
      );
    },

    update(id: number, version: number, municipalityId: number, values: Values, saving: Saving): Promise<SaveOutcome> {
      return database.unit<SaveOutcome>((trx) =>
        orTaken('name', async () => {
          await updateVersion(trx, 'depots', { id, version }, toRow(municipalityId, values));
          await record(trx, 'depot', id, 'changed', saving);
          return { kind: 'saved', id };
        }),
      );
    },

    kits: (id: number, limit: number) => named('kits', id, limit),
    clerks: (id: number, limit: number) => named('clerks', id, limit),
    tours: (id: number, query: UsesQuery) => tourUses(reader, query, (tours) => void tours.where('tours.depot_id', id)),
  };
}
