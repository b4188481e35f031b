import type { Knex } from 'knex';
import type { Scope } from '../domain/access.ts';
import type { Instant, LocalDate, MinuteOfDay } from '../domain/time.ts';
import { toClosing, type ClosingRow } from './closingDayRepository.ts';
import type { Database } from './knex.ts';
import {
  countOf,
  createRetirement,
  freeSlug,
  inScope,
  insertRow,
  orTaken,
  record,
  toTourUse,
  updateVersion,
  type SaveOutcome,
  type Saving,
  type UsesQuery,
} from './officeRepository.ts';

interface Values {
  name: string;
  locality: string;
  street: string;
  postcode: string;
  city: string;
  at: { lat: number; lon: number };
  stepFree: boolean;
  accessDe: string | null;
  accessEn: string | null;
  hasSocket: boolean | null;
  hasTable: boolean | null;
  hasSignal: boolean | null;
  checklistNote: string | null;
  windows: readonly { weekday: number; fromMinute: MinuteOfDay; toMinute: MinuteOfDay }[];
  contactName: string | null;
  contactPhone: string | null;
  contactEmail: string | null;
}

type Stored = boolean | 0 | 1;

interface Row {
  id: number;
  slug: string;
  municipality_id: number;
  name: string;
  locality: string;
  street: string;
  postcode: string;
  city: string;
  lat: number;
  lon: number;
  step_free: Stored;
  access_de: string | null;
  access_en: string | null;
  has_socket: Stored | null;
  has_table: Stored | null;
  has_signal: Stored | null;
  checklist_note: string | null;
  contact_name: string | null;
  contact_phone: string | null;
  contact_email: string | null;
  version: number;
  retired_at: Instant | null;
}

interface WindowRow {
  venue_id: number;
  weekday: number;
  from_minute: MinuteOfDay;
  to_minute: MinuteOfDay;
}

function known(value: Stored | null): boolean | null {
  return value === null ? null : Boolean(value);
}

function toRecord(row: Row, windows: readonly WindowRow[]) {
  return {
    id: row.id,
    slug: row.slug,
    municipalityId: row.municipality_id,
    name: row.name,
    locality: row.locality,
    street: row.street,
    postcode: row.postcode,
    city: row.city,
    at: { lat: row.lat, lon: row.lon },
    stepFree: Boolean(row.step_free),
    accessDe: row.access_de,
    accessEn: row.access_en,
    hasSocket: known(row.has_socket),
    hasTable: known(row.has_table),
    hasSignal: known(row.has_signal),
    checklistNote: row.checklist_note,
    windows: windows.map((one) => ({ weekday: one.weekday, fromMinute: one.from_minute, toMinute: one.to_minute })),
    contactName: row.contact_name,
    contactPhone: row.contact_phone,
    contactEmail: row.contact_email,
    version: row.version,
    retiredAt: row.retired_at,
  };
}

function toRow(municipalityId: number, values: Values): object {
  return {
    municipality_id: municipalityId,
    name: values.name,
    locality: values.locality,
    street: values.street,
    postcode: values.postcode,
    city: values.city,
    lat: values.at.lat,
    lon: values.at.lon,
    step_free: values.stepFree,
    access_de: values.accessDe,
    access_en: values.accessEn,
    has_socket: values.hasSocket,
    has_table: values.hasTable,
    has_signal: values.hasSignal,
    checklist_note: values.checklistNote,
    contact_name: values.contactName,
    contact_phone: values.contactPhone,
    contact_email: values.contactEmail,
  };
}

async function writeWindows(trx: Knex.Transaction, venueId: number, windows: Values['windows']): Promise<void> {
  await trx('venue_opening_windows').where({ venue_id: venueId }).delete();
  if (windows.length > 0) {
    await trx('venue_opening_windows').insert(
      windows.map((one) => ({
        venue_id: venueId,
        weekday: one.weekday,
        from_minute: one.fromMinute,
        to_minute: one.toMinute,
      })),
    );
  }
}

/** Inserts a venue with its windows and its entry in the history, in the caller's unit. @returns its id */
export async function insertVenue(
  trx: Knex.Transaction,
  municipalityId: number,
  values: Values,
  slug: string,
  saving: Saving,
): Promise<number> {
  const id = await insertRow(trx, 'venues', {
    ...toRow(municipalityId, values),
    slug: await freeSlug(trx, 'venues', slug),
  });
  await writeWindows(trx, id, values.windows);
  await record(trx, 'venue', id, 'created', saving);
  return id;
}

/** Changes a venue of this version, in the caller's unit. @throws Refusal ({ kind: 'stale' }) when it is another */
export async function updateVenue(
  trx: Knex.Transaction,
  { id, version }: { id: number; version: number },
  municipalityId: number,
  values: Values,
  saving: Saving,
): Promise<void> {
  await updateVersion(trx, 'venues', { id, version }, toRow(municipalityId, values));
  await writeWindows(trx, id, values.windows);
  // Its closing days go with it into another municipality.
  await trx('closing_days')
    .where({ venue_id: id })
    .whereNot('municipality_id', municipalityId)
    .update({ municipality_id: municipalityId });
  await record(trx, 'venue', id, 'changed', saving);
}

/** Venues as planners keep them, the retired ones too. */
export function createVenueAdminRepository(database: Database) {
  const { reader } = database;
  return {
    ...createRetirement(database, 'venues', 'venue'),

    async list(scope: Scope) {
      const [rows, windows] = await Promise.all([
        inScope(reader('venues'), scope).orderBy(['locality', 'name', 'id']) as Promise<Row[]>,
        reader<WindowRow>('venue_opening_windows').orderBy(['weekday', 'from_minute']),
      ]);
      const byVenue = new Map<number, WindowRow[]>();
      for (const one of windows) {
        byVenue.set(one.venue_id, [...(byVenue.get(one.venue_id) ?? []), one]);
      }
      return rows.map((row) => toRecord(row, byVenue.get(row.id) ?? []));
    },

    async find(id: number) {
      const [row, windows] = await Promise.all([
        reader<Row>('venues').where({ id }).first(),
        reader<WindowRow>('venue_opening_windows').where({ venue_id: id }).orderBy(['weekday', 'from_minute']),
      ]);
      return row === undefined ? undefined : toRecord(row, windows);
    },

    create(municipalityId: number, values: Values, slug: string, saving: Saving): Promise<SaveOutcome> {
      // Two that take the same slug at the same moment: the key lets one through, the other may try again.
      return database.unit<SaveOutcome>((trx) =>
        orTaken('name', async () => {
          const { name, locality, street } = values;
          const same = { municipality_id: municipalityId, name, locality, street, retired_at: null };
          // The form sent twice makes no second venue.
          if ((await countOf(trx('venues').where(same))) > 0) return { kind: 'taken', field: 'name' };
          return { kind: 'saved', id: await insertVenue(trx, municipalityId, values, slug, saving) };
        }),
      );
    },

    update(id: number, version: number, municipalityId: number, values: Values, saving: Saving): Promise<SaveOutcome> {
      return database.unit<SaveOutcome>(async (trx) => {
        await updateVenue(trx, { id, version }, municipalityId, values, saving);
        return { kind: 'saved', id };
      });
    },

    async visits(id: number, query: UsesQuery) {
      const base = (): Knex.QueryBuilder => {
        const stops = reader('stops').join('tours', 'tours.id', 'stops.tour_id').where('stops.venue_id', id);
        if (query.from !== undefined) {
          void stops.where('stops.date', '>=', query.from).whereNot('tours.state', 'cancelled');
        }
        return stops;
      };
      const order = query.from === undefined ? 'desc' : 'asc';
      const rows: Parameters<typeof toTourUse>[0][] = await base()
        .orderBy('stops.date', order)
        .orderBy('stops.from_minute', order)
        .orderBy('stops.id')
        .limit(query.limit)
        .select(
          'tours.id as tour_id',
          'tours.municipality_id',
          'stops.date',
          'tours.state',
          'stops.from_minute',
          'stops.to_minute',
        );
      return { total: await countOf(base()), first: rows.map(toTourUse) };
    },

    async closings(id: number, from: LocalDate) {
      const rows: ClosingRow[] = await reader('closing_days')
        .leftJoin('venues', 'venues.id', 'closing_days.venue_id')
        .where('closing_days.venue_id', id)
        .where('closing_days.to_date', '>=', from)
        .orderBy('closing_days.from_date')
        .select('closing_days.*', 'venues.name as venue_name', 'venues.locality as venue_locality');
      return rows.map(toClosing);
    },
  };
}
