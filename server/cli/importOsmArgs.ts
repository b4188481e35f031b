import { parseArgs } from 'node:util';
import type { Area } from '../osm/read.ts';

export const USAGE = `Usage: npm run import:osm -- <file.osm.pbf> [area]
       npm run import:osm -- --status | --remove | --help

Makes roads, addresses and a map of an OpenStreetMap extract and puts them to use in place of those before.

  --around LAT,LON --km N   what lies at most so far from there, such as --around 50.849,12.464 --km 30
  --bbox S,W,N,E            what lies in this box, in degrees; without an area: all of the file
  --status                  what is in use; removes what was left of imports that were broken off
  --remove                  stops using it and removes it: everything is as without an import
  --help                    this text

Running servers change over within half a minute. The database is that of DATABASE_FILE or DATABASE_URL, else the
demonstration; files go to OSM_DIR.
Exit code: 0 done, 1 failed or stopped (what was in use before is in use still), 2 wrong usage or configuration.
`;

export type Command =
  { kind: 'import'; file: string; area: Area } | { kind: 'status' } | { kind: 'remove' } | { kind: 'help' };

/** Kilometres; beyond that a whole extract is read. */
const FARTHEST = 500;

const OPTIONS = {
  around: { type: 'string' },
  km: { type: 'string' },
  bbox: { type: 'string' },
  status: { type: 'boolean' },
  remove: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** @returns a text where it was not understood: why */
export function parseCommand(args: readonly string[]): Command | string {
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  } catch (error) {
    return (error as Error).message.split('. ')[0] as string;
  }
  const { values, positionals } = parsed;
  if (values.help === true) return { kind: 'help' };
  const [file] = positionals;
  const hasArea = values.around !== undefined || values.km !== undefined || values.bbox !== undefined;
  for (const kind of ['status', 'remove'] as const) {
    if (values[kind] !== true) continue;
    const isAlone = file === undefined && !hasArea && !(values.status === true && values.remove === true);
    return isAlone ? { kind } : `--${kind} stands alone`;
  }
  if (file === undefined) return 'Which file is to be imported?';
  if (positionals.length > 1) return `One file at a time: ${positionals.slice(1).join(' ')} is too much`;
  const area = areaOf(values);
  return typeof area === 'string' ? area : { kind: 'import', file, area };
}

function areaOf(values: { around?: string; km?: string; bbox?: string }): Area | string {
  if (values.bbox !== undefined) {
    if (values.around !== undefined || values.km !== undefined) return '--bbox and --around: choose one';
    return boxOf(values.bbox);
  }
  if (values.around === undefined && values.km === undefined) return null;
  if (values.around === undefined) return '--km needs --around';
  if (values.km === undefined) return '--around needs --km';
  const km = numbers(values.km, 1)?.[0];
  if (km === undefined || km <= 0 || km > FARTHEST) return `--km must be a number up to ${FARTHEST}, such as 30`;
  const [lat, lon] = numbers(values.around, 2) ?? [NaN, NaN];
  if (!(Math.abs(lat as number) <= 85 && Math.abs(lon as number) <= 180)) {
    return '--around must be latitude,longitude in degrees, such as 50.849,12.464';
  }
  return { center: { lat: lat as number, lon: lon as number }, metres: km * 1_000 };
}

function boxOf(text: string): Area | string {
  const [south, west, north, east] = (numbers(text, 4) ?? [NaN, NaN, NaN, NaN]) as [number, number, number, number];
  const fits = south < north && west < east && south >= -85 && north <= 85 && west >= -180 && east <= 180;
  return fits
    ? { south, west, north, east }
    : '--bbox must be south,west,north,east in degrees, such as 50.55,11.95,51.15,13.05';
}

/** So many numbers between commas; null: something else. */
function numbers(text: string, count: number): number[] | null {
  const found = text.split(',').map((part) => (/^\s*-?\d+(\.\d+)?\s*$/.test(part) ? Number(part) : NaN));
  return found.length === count && found.every(Number.isFinite) ? found : null;
}
