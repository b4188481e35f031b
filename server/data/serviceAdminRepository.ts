import type { Knex } from 'knex';
import { changesBetween, type AuditAction } from '../domain/audit.ts';
import type { Fee, Locale, ServiceCategory, ServiceTexts } from '../domain/booking/office.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Instant, LocalDate } from '../domain/time.ts';
import { writeAudit, type AuditAuthor } from './auditRepository.ts';
import type { Database } from './knex.ts';
import { formsOf } from './crewDayServices.ts';
import { isTaken } from './officeRepository.ts';
import { inUse, usesOf, type ServiceUses } from './serviceUses.ts';

interface ServiceInput {
  category: ServiceCategory;
  position: number;
  minutes: number;
  homeMinutes: number | null;
  inPerson: boolean;
  combinable: boolean;
  maxPersons: number;
  leikaKey: string | null;
  needs: readonly string[];
  forms: readonly string[];
  synonyms: readonly string[];
  fees: readonly Fee[];
  texts: Readonly<Record<Locale, ServiceTexts | null>>;
}

export interface ServiceRecord extends ServiceInput {
  id: number;
  slug: string;
  version: number;
  retiredAt: Instant | null;
}

interface Change {
  author: AuditAuthor;
  at: Instant;
}

interface ServiceChange extends Change {
  picture: (service: ServiceInput) => Readonly<Record<string, string | null>>;
}

type SaveOutcome =
  { kind: 'saved'; id: number } | { kind: 'stale'; by: string | null } | { kind: 'gone' } | { kind: 'leikaTaken' };

interface ServiceRow {
  id: number;
  slug: string;
  leika_key: string | null;
  category: ServiceCategory;
  position: number;
  minutes: number;
  home_minutes: number | null;
  in_person: boolean | 0 | 1;
  combinable: boolean | 0 | 1;
  max_persons: number;
  forms: string | null;
  synonyms: string | null;
  retired_at: number | string | null;
  version: number;
}

const LOCALES: readonly Locale[] = ['de', 'en'];

/** Services with everything that belongs to them, in the order of lists. @param id only this one */
export async function readServices(knex: Knex, id?: number): Promise<ServiceRecord[]> {
  const only = (table: string, column: string): Knex.QueryBuilder => {
    const query = knex(table);
    return id === undefined ? query : query.where(column, id);
  };
  // One after the other: a transaction has one connection.
  const rows = (await only('services', 'id').orderBy(['position', 'id'])) as ServiceRow[];
  const texts = (await only('service_texts', 'service_id')) as {
    service_id: number;
    locale: Locale;
    name: string;
    fee_note: string | null;
    note: string | null;
  }[];
  const documents = (await only('service_documents', 'service_id').orderBy('position')) as {
    service_id: number;
    locale: Locale;
    text: string;
  }[];
  const needs = (await only('service_needs', 'service_id').orderBy('capability')) as {
    service_id: number;
    capability: string;
  }[];
  const fees = (await only('service_fees', 'service_id').orderBy('valid_from')) as {
    service_id: number;
    valid_from: LocalDate;
    amount_cents: number | null;
    legal_basis: string;
  }[];
  const textIn = (service: number, locale: Locale): ServiceTexts | null => {
    const text = texts.find((one) => one.service_id === service && one.locale === locale);
    if (text === undefined) {
      return null;
    }
    return {
      name: text.name,
      feeNote: text.fee_note,
      note: text.note,
      documents: documents.filter((one) => one.service_id === service && one.locale === locale).map((one) => one.text),
    };
  };
  return rows.map((row) => ({
    id: row.id,
    slug: row.slug,
    version: row.version,
    retiredAt: row.retired_at === null ? null : Number(row.retired_at),
    category: row.category,
    position: row.position,
    minutes: row.minutes,
    homeMinutes: row.home_minutes,
    inPerson: Boolean(row.in_person),
    combinable: Boolean(row.combinable),
    maxPersons: row.max_persons,
    leikaKey: row.leika_key,
    needs: needs.filter((need) => need.service_id === row.id).map((need) => need.capability),
    forms: formsOf(row.forms),
    synonyms: row.synonyms === null ? [] : row.synonyms.split('\n'),
    fees: fees
      .filter((fee) => fee.service_id === row.id)
      .map((fee) => ({ validFrom: fee.valid_from, cents: fee.amount_cents, legalBasis: fee.legal_basis })),
    texts: { de: textIn(row.id, 'de'), en: textIn(row.id, 'en') },
  }));
}

function nameOf(service: ServiceInput, slug: string): string {
  return service.texts.de?.name ?? slug;
}

function columnsOf(input: ServiceInput): object {
  return {
    category: input.category,
    position: input.position,
    minutes: input.minutes,
    home_minutes: input.homeMinutes,
    in_person: input.inPerson,
    combinable: input.combinable,
    max_persons: input.maxPersons,
    leika_key: input.leikaKey,
    forms: input.forms.length === 0 ? null : input.forms.join('\n'),
    synonyms: input.synonyms.length === 0 ? null : input.synonyms.join('\n'),
  };
}

/** Replaces what belongs to a service by what was entered. */
async function writeParts(trx: Knex.Transaction, id: number, input: ServiceInput): Promise<void> {
  await trx('service_texts').where('service_id', id).del(); // their documents go with them
  await trx('service_needs').where('service_id', id).del();
  await trx('service_fees').where('service_id', id).del();
  for (const locale of LOCALES) {
    const text = input.texts[locale];
    if (text === null) {
      continue;
    }
    await trx('service_texts').insert({
      service_id: id,
      locale,
      name: text.name,
      fee_note: text.feeNote,
      note: text.note,
    });
    if (text.documents.length > 0) {
      await trx('service_documents').insert(
        text.documents.map((one, index) => ({ service_id: id, locale, position: index + 1, text: one })),
      );
    }
  }
  if (input.needs.length > 0) {
    await trx('service_needs').insert(input.needs.map((capability) => ({ service_id: id, capability })));
  }
  if (input.fees.length > 0) {
    await trx('service_fees').insert(
      input.fees.map((fee) => ({
        service_id: id,
        valid_from: fee.validFrom,
        amount_cents: fee.cents,
        legal_basis: fee.legalBasis,
      })),
    );
  }
}

/** Another service with this key of the catalogue; asked before writing, so that the unit is not spoilt. */
async function leikaTaken(trx: Knex.Transaction, key: string | null, id: number | null): Promise<boolean> {
  if (key === null) {
    return false;
  }
  const query = trx('services').where('leika_key', key);
  return (await (id === null ? query : query.whereNot('id', id)).first('id')) !== undefined;
}

/** Longest that an address may be, in characters. */
const SLUG_LENGTH = 60;

/** `slug`, or with a number behind it the first one that is free in this table. */
export async function freeSlug(
  trx: Knex.Transaction,
  table: 'services' | 'venues',
  slug: string,
  length: number,
): Promise<string> {
  const rows = await trx<{ slug: string }>(table).select('slug');
  const taken = new Set(rows.map((row) => row.slug));
  for (let number = 1; ; number += 1) {
    const ending = number === 1 ? '' : `-${number}`;
    const wanted = slug.slice(0, length - ending.length) + ending;
    if (!taken.has(wanted)) {
      return wanted;
    }
  }
}

/** The name of who changed a thing last. */
export async function lastAuthor(trx: Knex.Transaction, subject: string, id: number): Promise<string | null> {
  const row = await trx('audit_entries')
    .where({ subject, subject_id: id })
    .orderBy('id', 'desc')
    .first<{ user_name: string } | undefined>('user_name');
  return row?.user_name ?? null;
}

/** Does the write; a key of the catalogue that somebody else has just given away makes it an expected outcome. */
async function unlessLeikaTaken<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const leika = isTaken(error) && /leika/.test(String((error as Error).message));
    throw leika ? new Refusal<SaveOutcome>({ kind: 'leikaTaken' }) : error;
  }
}

/** Locks the row on PostgreSQL; on SQLite there is one writer. */
export async function lockRow(trx: Knex.Transaction, table: string, id: number): Promise<boolean> {
  return (await trx(table).where('id', id).forUpdate().first('id')) !== undefined;
}

async function audit(
  trx: Knex.Transaction,
  { author, at }: Change,
  action: AuditAction,
  service: { id: number; label: string },
  changes: ReturnType<typeof changesBetween>,
): Promise<void> {
  await writeAudit(trx, author, at, {
    municipalityId: null,
    subject: 'service',
    subjectId: service.id,
    label: service.label,
    action,
    changes,
  });
}

/** Writes a new service within a transaction. */
export async function insertService(
  trx: Knex.Transaction,
  input: ServiceInput,
  slug: string,
  change: ServiceChange,
): Promise<SaveOutcome> {
  const picture = change.picture(input);
  // Of a whole file each is inserted: all services are not read for each of them.
  const namesakes = await trx<{ service_id: number }>('service_texts')
    .where({ locale: 'de', name: input.texts.de?.name ?? '' } as object)
    .select('service_id');
  for (const { service_id } of namesakes) {
    const [one] = await readServices(trx, service_id);
    if (one !== undefined && changesBetween(change.picture(one), picture).length === 0) {
      return { kind: 'saved', id: one.id }; // sent twice
    }
  }
  if (await leikaTaken(trx, input.leikaKey, null)) {
    return { kind: 'leikaTaken' };
  }
  const row = { ...columnsOf(input), slug: await freeSlug(trx, 'services', slug, SLUG_LENGTH) };
  const [inserted] = await unlessLeikaTaken(() => trx<{ id: number }>('services').insert(row as object, ['id']));
  const id = inserted?.id ?? 0;
  await writeParts(trx, id, input);
  await audit(trx, change, 'created', { id, label: nameOf(input, slug) }, changesBetween({}, picture));
  return { kind: 'saved', id };
}

/** Writes a changed service within a transaction; what is as it was leaves no trace. */
export async function updateService(
  trx: Knex.Transaction,
  id: number,
  version: number,
  input: ServiceInput,
  change: ServiceChange,
): Promise<SaveOutcome> {
  await lockRow(trx, 'services', id);
  const [before] = await readServices(trx, id);
  if (before === undefined) {
    return { kind: 'gone' };
  }
  const changes = changesBetween(change.picture(before), change.picture(input));
  if (changes.length === 0) {
    return { kind: 'saved', id }; // sent twice, or nothing was changed
  }
  if (before.version !== version) {
    return { kind: 'stale', by: await lastAuthor(trx, 'service', id) };
  }
  if (await leikaTaken(trx, input.leikaKey, id)) {
    return { kind: 'leikaTaken' };
  }
  await unlessLeikaTaken(() =>
    trx('services')
      .where('id', id)
      .update({ ...columnsOf(input), version: version + 1 }),
  );
  await writeParts(trx, id, input);
  await audit(trx, change, 'changed', { id, label: nameOf(input, before.slug) }, changes);
  return { kind: 'saved', id };
}

/** Services as those who keep them see them. */
export function createServiceAdminRepository(database: Pick<Database, 'reader' | 'unit'>) {
  const { reader } = database;
  return {
    all: (): Promise<ServiceRecord[]> => readServices(reader),

    async find(id: number): Promise<ServiceRecord | undefined> {
      return (await readServices(reader, id))[0];
    },

    async capabilities(): Promise<string[]> {
      const rows = await reader<{ code: string }>('capabilities').orderBy('code');
      return rows.map((row) => row.code);
    },

    uses: (id: number): Promise<ServiceUses> => usesOf(reader, id),

    create: (input: ServiceInput, slug: string, change: ServiceChange): Promise<SaveOutcome> =>
      database.unit((trx) => insertService(trx, input, slug, change)),

    save: (id: number, version: number, input: ServiceInput, change: ServiceChange): Promise<SaveOutcome> =>
      database.unit((trx) => updateService(trx, id, version, input, change)),

    setRetired: (id: number, version: number, retired: boolean, change: Change): Promise<'saved' | 'stale'> =>
      database.unit(async (trx) => {
        await lockRow(trx, 'services', id);
        const [service] = await readServices(trx, id);
        if (service === undefined || (service.retiredAt !== null) === retired) {
          return 'saved'; // sent twice
        }
        if (service.version !== version) {
          return 'stale';
        }
        await trx('services')
          .where('id', id)
          .update({ retired_at: retired ? change.at : null, version: service.version + 1 });
        await audit(trx, change, retired ? 'retired' : 'restored', { id, label: nameOf(service, service.slug) }, []);
        return 'saved';
      }),

    remove: (
      id: number,
      version: number,
      change: Change,
    ): Promise<{ kind: 'removed' } | { kind: 'stale' } | { kind: 'used'; uses: ServiceUses }> =>
      database.unit(async (trx) => {
        await lockRow(trx, 'services', id);
        const [service] = await readServices(trx, id);
        if (service === undefined) {
          return { kind: 'removed' };
        }
        if (service.version !== version) {
          return { kind: 'stale' };
        }
        const uses = await usesOf(trx, id);
        if (inUse(uses)) {
          return { kind: 'used', uses };
        }
        await trx('services').where('id', id).del();
        await audit(trx, change, 'deleted', { id, label: nameOf(service, service.slug) }, []);
        return { kind: 'removed' };
      }),
  };
}
