import { createHash } from 'node:crypto';
import { changesBetween } from '../../domain/audit.ts';
import type { Instant } from '../../domain/time.ts';
import { parseForm } from '../../web/form.ts';
import type { Translate } from '../../web/locale.ts';
import type { CsvMunicipality } from './csvPorts.ts';
import type { CsvRow, Table } from './csvTable.ts';
import type { VenueRecord } from './ports.ts';
import { cellsOfService, feeOfText, parseService, SERVICE_FIELDS, splitTexts } from './serviceFields.ts';
import type { ServiceInput, ServiceRecord } from './servicePorts.ts';
import { VENUE_FIELDS, venueSchema, venueTexts, type VenueValues } from './venueFields.ts';

/** What a file would do: compared with what there is, row by row. Nothing is written here. */

export const VENUE_COLUMNS = ['kennung', 'ags', ...VENUE_FIELDS] as const;
export const SERVICE_COLUMNS = ['kennung', ...SERVICE_FIELDS] as const;

export interface CsvChange {
  column: string;
  from: string;
  to: string;
}

export interface CsvFault {
  /** Null: the row as a whole. */
  column: string | null;
  text: string;
}

export type CsvLine = { line: number; name: string } & (
  { kind: 'same' } | { kind: 'new' | 'changed'; changes: CsvChange[] } | { kind: 'faulty'; faults: CsvFault[] }
);

/** What is to be written; `existing` null: something new. */
export interface CsvWrite<Existing, Values> {
  existing: Existing | null;
  values: Values;
  changes: CsvChange[];
}

export interface CsvPlan<Write> {
  lines: CsvLine[];
  writes: Write[];
  /** Differs as soon as the file would do something else, or somebody has changed what it is about. */
  fingerprint: string;
}

export type VenueWrite = CsvWrite<VenueRecord, { municipality: CsvMunicipality; values: VenueValues }>;
export type ServiceWrite = CsvWrite<ServiceRecord, ServiceInput>;

interface Rows<Existing, Values> {
  name: (row: CsvRow) => string;
  existing: ReadonlyMap<string, Existing>;
  cellsOf: (existing: Existing) => Readonly<Record<string, string>>;
  columns: readonly string[];
  parse: (row: CsvRow, existing: Existing | null) => { ok: true; values: Values } | { ok: false; faults: CsvFault[] };
  /** What `parse` understood, as cells again: spaces too many are no change. */
  cellsOfValues: (values: Values) => Readonly<Record<string, string>>;
}

type Read = Extract<Table, { ok: true }>;

function plan<Existing extends { version: number }, Values>(
  table: Read,
  rows: Rows<Existing, Values>,
  t: Translate,
): CsvPlan<CsvWrite<Existing, Values>> {
  const writes: CsvWrite<Existing, Values>[] = [];
  const versions: number[] = [];
  const seen = new Map<string, number>();

  function understand(row: CsvRow): CsvLine {
    const at = { line: row.line, name: rows.name(row) };
    const width = table.widths.find((one) => one.line === row.line);
    if (width !== undefined) {
      const text = t('csv.fault.width', { cells: width.cells, columns: width.columns });
      return { ...at, kind: 'faulty', faults: [{ column: null, text }] };
    }
    const key = row.cells['kennung']?.trim() ?? '';
    const existing = key === '' ? null : (rows.existing.get(key) ?? undefined);
    const earlier = key === '' ? undefined : seen.get(key);
    if (key !== '') seen.set(key, earlier ?? row.line);
    if (existing === undefined) {
      return { ...at, kind: 'faulty', faults: [{ column: 'kennung', text: t('csv.fault.unknownKey', { key }) }] };
    }
    if (earlier !== undefined) {
      return {
        ...at,
        kind: 'faulty',
        faults: [{ column: 'kennung', text: t('csv.fault.keyTwice', { line: earlier }) }],
      };
    }
    const before = existing === null ? {} : rows.cellsOf(existing);
    // As it was exported, whatever the rules of today say about it.
    if (existing !== null && rows.columns.every((column) => (before[column] ?? '') === row.cells[column])) {
      return { ...at, kind: 'same' };
    }
    const parsed = rows.parse(row, existing);
    if (!parsed.ok) {
      return { ...at, kind: 'faulty', faults: parsed.faults };
    }
    const changes = changesBetween(before, rows.cellsOfValues(parsed.values)).map(({ field, from, to }) => ({
      column: field,
      from: from ?? '',
      to: to ?? '',
    }));
    if (existing !== null && changes.length === 0) {
      return { ...at, kind: 'same' };
    }
    writes.push({ existing, values: parsed.values, changes });
    if (existing !== null) versions.push(existing.version);
    return { ...at, kind: existing === null ? 'new' : 'changed', changes };
  }

  const lines = table.rows.map(understand);
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([lines.map((line) => ({ ...line, faults: undefined })), versions]))
    .digest('base64url');
  return { lines, writes, fingerprint };
}

/** Errors by field as faults, in the order of the columns. */
function faultsOf(fields: Readonly<Record<string, string>>, columns: readonly string[]): CsvFault[] {
  const place = (name: string): number => (columns.indexOf(name) + columns.length + 1) % (columns.length + 1);
  return Object.entries(fields)
    .sort(([a], [b]) => place(a) - place(b))
    .map(([column, text]) => ({ column, text }));
}

function byKey<T extends { slug: string }>(all: readonly T[]): Map<string, T> {
  return new Map(all.map((one) => [one.slug, one]));
}

/**
 * What a file of venues would do.
 * @param known only what is in scope: everything else does not exist for whoever uploads
 */
export function planVenues(
  table: Read,
  known: { venues: readonly VenueRecord[]; municipalities: readonly CsvMunicipality[] },
  t: Translate,
): CsvPlan<VenueWrite> {
  const { venues, municipalities } = known;
  const columns = VENUE_COLUMNS.slice(1);
  const cells = (ags: string, values: VenueValues): Record<string, string> => ({ ags, ...venueTexts(values) });
  return plan<VenueRecord, VenueWrite['values']>(
    table,
    {
      name: ({ cells: { name = '', ort = '' } }) => [ort, name].filter((part) => part.trim() !== '').join(', '),
      existing: byKey(venues),
      columns,
      cellsOf: (venue) => cells(agsOf(venue, municipalities), venue),
      parse: ({ cells: typed }) => {
        const ags = typed['ags']?.replace(/\s+/g, '') ?? '';
        const municipality = municipalities.find((one) => one.ags === ags);
        const parsed = parseForm(venueSchema, typed, t);
        if (parsed.ok && municipality !== undefined) {
          return { ok: true, values: { municipality, values: parsed.value } };
        }
        const fields = parsed.ok ? {} : parsed.errors.fields;
        const all = municipality === undefined ? { ...fields, ags: t('csv.fault.ags', { ags }) } : fields;
        return { ok: false, faults: faultsOf(all, columns) };
      },
      cellsOfValues: ({ municipality, values }) => cells(municipality.ags, values),
    },
    t,
  );
}

function agsOf(venue: VenueRecord, municipalities: readonly CsvMunicipality[]): string {
  return municipalities.find(({ id }) => id === venue.municipalityId)?.ags ?? '';
}

/** Venues as rows of a file. */
export function venueCells(
  venues: readonly VenueRecord[],
  municipalities: readonly CsvMunicipality[],
): Record<string, string>[] {
  return venues.map((venue) => ({ kennung: venue.slug, ags: agsOf(venue, municipalities), ...venueTexts(venue) }));
}

/** Services as rows of a file. */
export function serviceCells(services: readonly ServiceRecord[]): Record<string, string>[] {
  return services.map((service) => ({ kennung: service.slug, ...cellsOfService(service) }));
}

/** What a file of services would do. */
export function planServices(
  table: Read,
  known: { services: readonly ServiceRecord[]; capabilities: readonly string[] },
  t: Translate,
): CsvPlan<ServiceWrite> {
  const { services, capabilities } = known;
  const keys = new Map<string, number>();
  return plan<ServiceRecord, ServiceInput>(
    table,
    {
      name: ({ cells }) => cells['name_de']?.trim() ?? '',
      existing: byKey(services),
      columns: SERVICE_FIELDS,
      cellsOf: cellsOfService,
      parse: (row, existing) => {
        const fields = parseServiceRow(row, capabilities, t);
        const faults = { ...fields.faults };
        const leika = fields.value?.leikaKey ?? null;
        if (leika !== null) {
          const earlier = keys.get(leika);
          const other = services.find((one) => one.leikaKey === leika && one.id !== existing?.id);
          if (other !== undefined) faults['leika'] = t('services.error.leikaTaken');
          else if (earlier !== undefined) faults['leika'] = t('csv.fault.leikaTwice', { line: earlier });
          keys.set(leika, earlier ?? row.line);
        }
        return fields.value === null || Object.keys(faults).length > 0
          ? { ok: false, faults: faultsOf(faults, SERVICE_FIELDS) }
          : { ok: true, values: fields.value };
      },
      cellsOfValues: cellsOfService,
    },
    t,
  );
}

function parseServiceRow(
  { cells }: CsvRow,
  capabilities: readonly string[],
  t: Translate,
): { value: ServiceInput | null; faults: Record<string, string> } {
  const needs = splitTexts(cells['bedarf'] ?? '');
  const unknown = needs.filter((code) => !capabilities.includes(code));
  const trimmed = Object.fromEntries(Object.entries(cells).map(([name, value]) => [name, value.trim()]));
  const parsed = parseService(
    {
      fields: {
        ...trimmed,
        unterlagen_de: splitTexts(cells['unterlagen_de'] ?? '').join('\n'),
        unterlagen_en: splitTexts(cells['unterlagen_en'] ?? '').join('\n'),
        vordrucke: splitTexts(cells['vordrucke'] ?? '').join('\n'),
        suchwoerter: splitTexts(cells['suchwoerter'] ?? '').join('\n'),
      },
      needs,
      fees: splitTexts(cells['gebuehren'] ?? '').map(feeOfText),
    },
    capabilities,
    t,
  );
  const faults: Record<string, string> = {};
  for (const [field, text] of Object.entries(parsed.ok ? {} : parsed.errors.fields)) {
    const fee = /^gebuehr-(\d+)-/.exec(field);
    if (fee === null) faults[field] = text;
    else faults['gebuehren'] ??= t('csv.fault.fee', { number: fee[1] ?? '', text });
  }
  if (unknown.length > 0) faults['bedarf'] = t('csv.fault.capability', { codes: unknown.join(', ') });
  return { value: parsed.ok ? parsed.value : null, faults };
}

/** How long a file waits for somebody to take it over, in milliseconds. */
const KEPT_FOR = 60 * 60_000;

/** What was uploaded before this instant has expired. */
export function keptSince(now: Instant): Instant {
  return now - KEPT_FOR;
}
