import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OsmData } from '../../server/osm/data.ts';
import { SILENT } from '../../server/osm/progress.ts';
import { readExtract, type Area } from '../../server/osm/read.ts';
import { encodePbf, type Encoded, type Encoding } from './osmEncoder.ts';
import { createTempDir, type TempDir } from './tempDir.ts';

const NEVER = new AbortController().signal;

/** An extract of ../shared/data/osm; null where the tests are run without these files. */
export function realExtract(name: string): string | null {
  const folder = process.env['KOFFERTOUR_TEST_DATA'];
  const file = folder === undefined ? null : join(folder, 'osm', name);
  return file !== null && existsSync(file) ? file : null;
}

/** Why a test of real extracts is left out. */
export const NO_EXTRACTS = 'KOFFERTOUR_TEST_DATA is not set: the real extracts are not there';

export function read(file: string, area: Area = null, stopping: AbortSignal = NEVER): Promise<OsmData> {
  return readExtract(file, { area }, SILENT, stopping);
}

/** Writes an extract into a file of its own and reads it. */
export async function sketch(data: Encoded, encoding: Encoding = {}, area: Area = null): Promise<OsmData> {
  return read(await sketchFile(encodePbf(data, encoding)), area);
}

let folder: TempDir | null = null;
let files = 0;

export async function sketchFile(bytes: Uint8Array): Promise<string> {
  folder ??= createTempDir('extract');
  files += 1;
  const file = folder.file(`sketch-${files}.osm.pbf`);
  await writeFile(file, bytes);
  return file;
}
