import { parse, CsvError } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';

/** CSV files as spreadsheets write them, to and from rows of texts. */

/** Rows of a file by the names of its columns. */
export interface CsvRow {
  /** Where it begins, counted from 1 as an editor does. */
  line: number;
  cells: Record<string, string>;
}

/** Why a file cannot be read at all; `columns` are names, `line` counts from 1. */
export type TableProblem =
  | { kind: 'empty' }
  | { kind: 'tooManyRows'; max: number }
  | { kind: 'quotes'; line: number }
  | { kind: 'missing' | 'unknown' | 'twice'; columns: string[] };

/** A row that has more or fewer cells than there are columns. */
export interface WidthProblem {
  line: number;
  cells: number;
  columns: number;
}

export type Table = { ok: true; rows: CsvRow[]; widths: WidthProblem[] } | { ok: false; problems: TableProblem[] };

/** More than any district has. */
export const MOST_ROWS = 2000;

/** Empty rows below a table are read over; a megabyte of them would take half a minute. */
const MOST_WITH_EMPTY = 10 * MOST_ROWS;

/** What a spreadsheet would take for a formula (OWASP, CSV Injection), perhaps behind apostrophes. */
const FORMULA = /^'*[=+\-@\t\r]/;

/** A value that spreadsheets do not run: what looks like a formula gets an apostrophe before it. */
export function guarded(value: string): string {
  return FORMULA.test(value) ? `'${value}` : value;
}

/** Takes the apostrophe away again that `guarded` has put there. */
export function unguarded(value: string): string {
  return value.startsWith("'") && FORMULA.test(value) ? value.slice(1) : value;
}

/** The bytes of a file: UTF-8 with byte order mark, semicolons, CRLF: what a German Excel opens by a double click. */
export function writeTable(columns: readonly string[], rows: readonly Readonly<Record<string, string>>[]): string {
  return stringify([columns, ...rows.map((row) => columns.map((column) => guarded(row[column] ?? '')))], {
    bom: true,
    delimiter: ';',
    record_delimiter: '\r\n',
    quoted_match: /[\r\n]/, // by itself it quotes only its own record delimiter
  });
}

/** What bytes 0x80 to 0x9F mean in Windows-1252; Node 20 reads them as ISO 8859-1. */
const WINDOWS_SIGNS = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8DŽ\x8F\x90‘’“”•–—˜™š›œ\x9DžŸ';

/** Text of an uploaded file; `windows` when it is in the old character set of Windows; null when it is no text. */
export function decode(bytes: Uint8Array): { text: string; encoding: 'utf-8' | 'windows' } | null {
  const utf8 = decodeUtf8(bytes);
  const decoded =
    utf8 === null
      ? { text: decodeWindows(bytes), encoding: 'windows' as const }
      : { text: utf8, encoding: 'utf-8' as const };
  return decoded.text.includes('\0') ? null : decoded; // UTF-16, or no text at all
}

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes); // takes the byte order mark away
  } catch {
    return null;
  }
}

function decodeWindows(bytes: Uint8Array): string {
  return new TextDecoder('latin1')
    .decode(bytes)
    .replace(/[\x80-\x9F]/g, (sign) => WINDOWS_SIGNS[sign.charCodeAt(0) - 0x80] ?? sign);
}

/** Of semicolon, comma and tab the one that comes most often in the first line, outside quotes. */
function delimiterOf(text: string): string {
  const [first = ''] = text.replace(/"[^"]*"/g, '').split('\n');
  const counts = [';', ',', '\t'].map((delimiter) => ({ delimiter, count: first.split(delimiter).length }));
  return counts.reduce((best, one) => (one.count > best.count ? one : best)).delimiter;
}

interface Parsed {
  record: string[];
  raw: string;
  info: { lines: number };
}

/** Reads a file; every expected column has to be there, and no other. Empty rows count as not there. */
export function readTable(content: string, expected: readonly string[]): Table {
  const text = content.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  let records: Parsed[];
  try {
    records = parse(text, {
      delimiter: delimiterOf(text),
      record_delimiter: '\n',
      relax_column_count: true,
      info: true,
      raw: true,
      to: MOST_WITH_EMPTY + 1,
    }) as unknown as Parsed[];
  } catch (error) {
    if (error instanceof CsvError) {
      const { lines } = error as unknown as { lines?: number };
      return { ok: false, problems: [{ kind: 'quotes', line: lines ?? 1 }] };
    }
    throw error;
  }
  const [header, ...body] = records.filter(({ record }) => record.some((cell) => cell.trim() !== ''));
  if (header === undefined) {
    return { ok: false, problems: [{ kind: 'empty' }] };
  }
  const columns = header.record.map((name) => unguarded(name).trim().toLowerCase());
  const problems = columnProblems(columns, expected);
  if (body.length > MOST_ROWS || records.length > MOST_WITH_EMPTY)
    problems.push({ kind: 'tooManyRows', max: MOST_ROWS });
  if (problems.length > 0) {
    return { ok: false, problems };
  }
  const widths: WidthProblem[] = [];
  const rows = body.map(({ record, raw, info }): CsvRow => {
    const line = info.lines - (raw.replace(/\n$/, '').match(/\n/g)?.length ?? 0);
    if (record.length < columns.length || record.slice(columns.length).some((cell) => cell.trim() !== '')) {
      widths.push({ line, cells: record.length, columns: columns.length });
    }
    return { line, cells: Object.fromEntries(columns.map((name, index) => [name, unguarded(record[index] ?? '')])) };
  });
  return { ok: true, rows, widths };
}

function columnProblems(columns: readonly string[], expected: readonly string[]): TableProblem[] {
  const named = columns.filter((name) => name !== ''); // a spreadsheet leaves columns without a name behind
  const found: [TableProblem['kind'] & ('missing' | 'unknown' | 'twice'), string[]][] = [
    ['missing', expected.filter((name) => !columns.includes(name))],
    ['unknown', named.filter((name) => !expected.includes(name))],
    ['twice', named.filter((name, index) => named.indexOf(name) !== index)],
  ];
  return found.flatMap(([kind, names]) => (names.length > 0 ? [{ kind, columns: [...new Set(names)] }] : []));
}
