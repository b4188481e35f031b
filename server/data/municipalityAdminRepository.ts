import type { Scope } from '../domain/access.ts';
import type { Database } from './knex.ts';
import {
  freeSlug,
  inScope,
  insertRow,
  orTaken,
  record,
  updateVersion,
  type SaveOutcome,
  type Saving,
} from './officeRepository.ts';

/** Columns by the names they have in the program. */
const COLUMNS = {
  name: 'name',
  officeName: 'office_name',
  ags: 'ags',
  contactEmail: 'contact_email',
  contactPhone: 'contact_phone',
  postalAddress: 'postal_address',
  imprint: 'imprint',
  holidayRegion: 'holiday_region',
  cardOnly: 'card_only',
  holdMinutes: 'hold_minutes',
  holdExtensions: 'hold_extensions',
  leadMinutes: 'lead_minutes',
  hotlineLeadMinutes: 'hotline_lead_minutes',
  hotlineSharePercent: 'hotline_share_percent',
  hotlineShareDays: 'hotline_share_days',
  horizonDays: 'horizon_days',
  maxOpenPerContact: 'max_open_per_contact',
  reopenMinMinutes: 'reopen_min_minutes',
  reopenMaxMinutes: 'reopen_max_minutes',
  retentionHours: 'retention_hours',
  setUpMinutes: 'set_up_minutes',
  tearDownMinutes: 'tear_down_minutes',
  maxWorkingMinutes: 'max_working_minutes',
  breakAfterMinutes: 'break_after_minutes',
  breakMinutes: 'break_minutes',
  confirmationMinutes: 'confirmation_minutes',
  reminderHours: 'reminder_hours',
  homeWindowMinutes: 'home_window_minutes',
} as const;

type NumberKey = Exclude<
  keyof typeof COLUMNS,
  | 'name'
  | 'officeName'
  | 'ags'
  | 'contactEmail'
  | 'contactPhone'
  | 'postalAddress'
  | 'imprint'
  | 'holidayRegion'
  | 'cardOnly'
>;

type Values = Record<NumberKey, number> & {
  name: string;
  officeName: string;
  ags: string;
  contactEmail: string | null;
  contactPhone: string | null;
  postalAddress: string;
  imprint: string;
  holidayRegion: string;
  cardOnly: boolean;
  at: { lat: number; lon: number };
};

type Row = Record<string, unknown> & { id: number; slug: string; version: number; lat: number; lon: number };

function toRecord(row: Row) {
  const values = Object.fromEntries(Object.entries(COLUMNS).map(([key, column]) => [key, row[column]]));
  return {
    ...(values as unknown as Values),
    cardOnly: Boolean(row['card_only']),
    at: { lat: row.lat, lon: row.lon },
    id: row.id,
    slug: row.slug,
    version: row.version,
  };
}

function toRow(values: Values): Record<string, unknown> {
  const columns = Object.entries(COLUMNS).map(([key, column]) => [column, values[key as keyof typeof COLUMNS]]);
  return { ...(Object.fromEntries(columns) as object), lat: values.at.lat, lon: values.at.lon };
}

/** Municipalities with their settings. They are never deleted: everything else belongs to one. */
export function createMunicipalityAdminRepository(database: Database) {
  const { reader } = database;
  return {
    async list(scope: Scope) {
      const rows = (await inScope(reader('municipalities'), scope, 'id').orderBy('name')) as Row[];
      return rows.map(toRecord);
    },

    async find(id: number) {
      const row = (await reader('municipalities').where({ id }).first()) as Row | undefined;
      return row === undefined ? undefined : toRecord(row);
    },

    create(values: Values, slug: string, saving: Omit<Saving, 'municipalityId'>): Promise<SaveOutcome> {
      return database.unit<SaveOutcome>((trx) =>
        orTaken('ags', async () => {
          const id = await insertRow(trx, 'municipalities', {
            ...toRow(values),
            slug: await freeSlug(trx, 'municipalities', slug),
          });
          await record(trx, 'municipality', id, 'created', { ...saving, municipalityId: id });
          return { kind: 'saved', id };
        }),
      );
    },

    update(id: number, version: number, values: Values, saving: Saving): Promise<SaveOutcome> {
      return database.unit<SaveOutcome>((trx) =>
        orTaken('ags', async () => {
          await updateVersion(trx, 'municipalities', { id, version }, toRow(values));
          await record(trx, 'municipality', id, 'changed', saving);
          return { kind: 'saved', id };
        }),
      );
    },
  };
}
