import type { Knex } from 'knex';
import type { Scope } from '../domain/access.ts';
import type { AuditEntry } from '../domain/audit.ts';
import type { Instant } from '../domain/time.ts';
import { writeAudit, type AuditAuthor } from './auditRepository.ts';
import type { Database } from './knex.ts';
import { inScope, orTaken } from './officeRepository.ts';
import { insertService, readServices, updateService } from './serviceAdminRepository.ts';
import { createVenueAdminRepository, insertVenue, updateVenue } from './venueAdminRepository.ts';

interface Wanted {
  id: string;
  userId: number;
  subject: 'venues' | 'services';
  since: Instant;
}

type KeptFile = Omit<Wanted, 'since'> & { content: string };

function wantedIn(knex: Knex, { id, userId, subject, since }: Wanted) {
  return knex<{ content: string }>('csv_imports')
    .where({ id, user_id: userId, subject } as object)
    .where('created_at', '>=', since);
}

/** What a file is compared with, read by a connection or within a transaction. */
function createReading(database: Database, knex: Knex) {
  return {
    services: () => readServices(knex),
    async capabilities(): Promise<string[]> {
      const rows = await knex<{ code: string }>('capabilities').orderBy('code');
      return rows.map((row) => row.code);
    },
    venues: (scope: Scope) => createVenueAdminRepository({ ...database, reader: knex }).list(scope),
    async municipalities(scope: Scope): Promise<{ id: number; name: string; ags: string }[]> {
      return inScope(knex('municipalities'), scope, 'id').orderBy('name').select('id', 'name', 'ags');
    },
  };
}

function createUnit(database: Database, trx: Knex.Transaction) {
  return {
    ...createReading(database, trx),

    async take(wanted: Wanted): Promise<string | undefined> {
      const row = await wantedIn(trx, wanted).first('content');
      // Of two that take it at the same moment the second deletes nothing.
      return row !== undefined && (await wantedIn(trx, wanted).delete()) === 1 ? row.content : undefined;
    },

    insertService: (
      input: Parameters<typeof insertService>[1],
      slug: string,
      change: Parameters<typeof insertService>[3],
    ) => insertService(trx, input, slug, change),

    updateService: (
      id: number,
      version: number,
      input: Parameters<typeof updateService>[3],
      change: Parameters<typeof updateService>[4],
    ) => updateService(trx, id, version, input, change),

    async insertVenue(
      municipalityId: number,
      values: Parameters<typeof insertVenue>[2],
      slug: string,
      saving: Parameters<typeof insertVenue>[4],
    ): Promise<void> {
      await orTaken('name', () => insertVenue(trx, municipalityId, values, slug, saving));
    },

    updateVenue: (
      venue: { id: number; version: number },
      municipalityId: number,
      values: Parameters<typeof updateVenue>[3],
      saving: Parameters<typeof updateVenue>[4],
    ): Promise<void> => updateVenue(trx, venue, municipalityId, values, saving),

    record: ({ author, at }: { author: AuditAuthor; at: Instant }, entry: AuditEntry): Promise<void> =>
      writeAudit(trx, author, at, entry),
  };
}

/** Uploaded files until they are taken over, and the transaction that does it. */
export function createCsvImportRepository(database: Database) {
  return {
    reading: createReading(database, database.reader),

    keep: (file: KeptFile, at: Instant, since: Instant): Promise<void> =>
      database.unit(async (trx) => {
        await trx('csv_imports').where('created_at', '<', since).delete();
        await trx('csv_imports').insert({
          id: file.id,
          user_id: file.userId,
          subject: file.subject,
          content: file.content,
          created_at: at,
        });
      }),

    async content(wanted: Wanted): Promise<string | undefined> {
      return (await wantedIn(database.reader, wanted).first('content'))?.content;
    },

    unit: <T>(
      work: (unit: ReturnType<typeof createUnit>) => Promise<T>,
    ): Promise<T | { kind: 'stale' } | { kind: 'taken' }> => database.unit((trx) => work(createUnit(database, trx))),
  };
}
