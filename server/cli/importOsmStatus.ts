import { distanceMetres, type BoundingBox } from '../domain/geo.ts';
import type { StoredImport } from '../data/osmImports.ts';

/** What is told of an import on the command line: plain English, one fact a line. */

/** @param bytes of its files; null: the folder is missing */
export function describeImport(one: StoredImport, folder: string, bytes: number | null): string {
  const took = one.finishedAt === null ? '' : `, took ${seconds(one.finishedAt - one.startedAt)}`;
  const lines = [
    ['file', `${one.fileName} (${megabytes(one.fileBytes)})`],
    ['data of', one.dataAt === null ? 'not known: the file does not say' : minute(one.dataAt)],
    ['area', areaText(one.area)],
    ...parts(one.report?.counts ?? {}),
    ['imported', `${minute(one.finishedAt ?? one.startedAt)}${took}`],
    [
      'on disk',
      bytes === null
        ? `MISSING: ${folder} is not there; servers work without roads and map of their own. Import again`
        : `${megabytes(bytes)} in ${folder}, addresses in the database`,
    ],
    ...faults(one.report?.faults ?? {}),
  ];
  return lines.map(([what, text]) => `  ${(what as string).padEnd(10)} ${text as string}\n`).join('');
}

/** What was counted, a line for each part: "roads.arcs" is in that of the roads. */
function parts(counts: Readonly<Record<string, number>>): [string, string][] {
  const byPart = new Map<string, string[]>();
  for (const [key, count] of Object.entries(counts)) {
    const [part, what] = split(key);
    byPart.set(part, [...(byPart.get(part) ?? []), `${count.toLocaleString('en')} ${what}`]);
  }
  return [...byPart].map(([part, texts]) => [part, texts.join(', ')]);
}

function faults(counts: Readonly<Record<string, number>>): [string, string][] {
  const all = Object.entries(counts);
  if (all.length === 0) return [['faults', 'none']];
  return all.map(([key, count], index) => {
    const [part, what] = split(key);
    return [index === 0 ? 'faults' : '', `${count.toLocaleString('en')} × ${what} (${part})`];
  });
}

function split(key: string): [part: string, what: string] {
  const dot = key.indexOf('.');
  return [key.slice(0, Math.max(dot, 0)), key.slice(dot + 1)];
}

/** "50.58,12.04 to 51.12,12.89, 60 km wide and 60 km high" */
function areaText({ south, west, north, east }: BoundingBox): string {
  const middle = (south + north) / 2;
  const wide = distanceMetres({ lat: middle, lon: west }, { lat: middle, lon: east });
  const high = distanceMetres({ lat: south, lon: west }, { lat: north, lon: west });
  const [s, w, n, e] = [south, west, north, east].map((degrees) => degrees.toFixed(3));
  return `${s},${w} to ${n},${e}, about ${kilometres(wide)} km wide and ${kilometres(high)} km high`;
}

function kilometres(metres: number): string {
  return metres < 9_950 ? (metres / 1_000).toFixed(1) : String(Math.round(metres / 1_000));
}

/** "2026-11-23 09:41 UTC" */
export function minute(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

export function megabytes(bytes: number): string {
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(bytes < 1e8 ? 1 : 0)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

function seconds(ms: number): string {
  return ms < 60_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`;
}
