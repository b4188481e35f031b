import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { runImportCommand } from '../../server/cli/importOsm.ts';
import type { DatabaseConfig } from '../../server/config.ts';
import { openDatabase } from '../../server/data/knex.ts';
import { startDemoApp, type RunningApp } from './app.ts';
import { createTempDir } from './tempDir.ts';

/** Where the demonstration's venues and depots are moved to: streets of the town of Lauf. */
const AROUND = { lat: 49.5095, lon: 11.2795 };

export interface ImportedOffice {
  app: RunningApp;
  dir: string;
  databaseFile: string;
  stop(): Promise<void>;
}

/** Runs the import command in this process. @returns exit code and what it printed */
export async function importInto(
  databaseFile: string,
  dir: string,
  ...args: string[]
): Promise<{ code: number; text: string }> {
  let text = '';
  const add = (more: string): void => void (text += more);
  const code = await runImportCommand(
    args,
    { DATABASE_FILE: databaseFile, OSM_DIR: dir },
    { out: add, err: add, now: Date.now, columns: null, stopping: new AbortController().signal, changeOverMs: 0 },
  );
  return { code, text };
}

/** The same in a process of its own, which is killed as soon as it prints what matches. */
export async function importKilledAt(databaseFile: string, dir: string, file: string, at: RegExp): Promise<void> {
  const root = join(import.meta.dirname, '../..');
  const child = spawn(process.execPath, ['--import', 'tsx', join(root, 'server/cli/importOsm.ts'), file], {
    cwd: root,
    env: { ...process.env, DATABASE_FILE: databaseFile, OSM_DIR: dir },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (at.test(text)) child.kill('SIGKILL');
    });
    child.once('exit', () => resolve());
  });
}

/** The demonstration, with an extract in use; with that of Lauf its venues are moved there. */
export async function openImportedOffice(
  extract: string,
  { moved }: { moved: boolean } = { moved: true },
): Promise<ImportedOffice> {
  const folder = createTempDir('imported');
  const databaseFile = folder.file('office.sqlite');
  const dir = folder.file('osm');
  const config = { kind: 'sqlite', file: databaseFile } as const;
  await (await startDemoApp({ database: config })).stop();
  if (moved) await moveToLauf(config);

  const { code, text } = await importInto(databaseFile, dir, extract);
  if (code !== 0) throw new Error(`the import failed: ${text}`);
  const app = await startDemoApp({ database: config, settings: { osmDir: dir } });
  return {
    app,
    dir,
    databaseFile,
    stop: async () => {
      await app.stop();
      folder.remove();
    },
  };
}

async function moveToLauf(config: DatabaseConfig): Promise<void> {
  const database = openDatabase(config);
  for (const table of ['venues', 'depots', 'municipalities']) {
    const rows = await database.reader<{ id: number }>(table).orderBy('id').select('id');
    for (const [index, { id }] of rows.entries()) {
      // On a spiral through the town.
      const [angle, reach] = [index * 2.4, 0.002 + index * 0.0006];
      const at = { lat: AROUND.lat + Math.sin(angle) * reach * 0.65, lon: AROUND.lon + Math.cos(angle) * reach };
      await database.writer(table).where({ id }).update(at);
    }
  }
  await database.close();
}
