import { realpathSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { importPorts } from '../compose/osmImport.ts';
import { ConfigError, parseConfig, type Config } from '../config.ts';
import { openDatabase, type Database } from '../data/knex.ts';
import { migrateUp } from '../data/migrate.ts';
import { createOsmImports } from '../data/osmImports.ts';
import { importExtract, type ImportOutcome } from '../osm/import.ts';
import { folderOf, sizeOfFiles } from '../osm/import/files.ts';
import type { ImportPorts } from '../osm/import/ports.ts';
import { removeRemains } from '../osm/import/remains.ts';
import { parseCommand, USAGE, type Command } from './importOsmArgs.ts';
import { explainFailure } from './importOsmErrors.ts';
import { createProgress } from './importOsmProgress.ts';
import { describeImport, megabytes, minute } from './importOsmStatus.ts';

/** Imports an OpenStreetMap extract from the command line. */

export interface Terminal {
  out: (text: string) => void;
  err: (text: string) => void;
  now: () => number;
  /** Width of the terminal; null: it is none. */
  columns: number | null;
  /** Aborted when the import should end soon. */
  stopping: AbortSignal;
  /** How long running servers are given to change over, in milliseconds; default 45 s. */
  changeOverMs?: number;
}

/**
 * Runs one command against the configured database, which is brought to the newest state first.
 * @param args without program and script
 * @returns the exit code
 */
export async function runImportCommand(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  terminal: Terminal,
): Promise<number> {
  const command = parseCommand(args);
  if (typeof command === 'string') {
    terminal.err(`${command.endsWith('?') ? command : `${command}.`}\n\n${USAGE}`);
    return 2;
  }
  if (command.kind === 'help') {
    terminal.out(USAGE);
    return 0;
  }
  let config: Config;
  try {
    config = parseConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    terminal.err(`${error.message}\n`);
    return 2;
  }
  if (config.demonstration) {
    terminal.err('Neither DATABASE_FILE nor DATABASE_URL is set: this is the demonstration.\n');
  }
  let database: Database | null = null;
  try {
    database = openDatabase(config.database);
    await migrateUp(database);
    const { changeOverMs } = terminal;
    const ports = importPorts({
      database,
      config: config.database,
      now: terminal.now,
      ...(changeOverMs === undefined ? {} : { changeOverMs }),
    });
    return await run(command, config.osmDir, database, ports, terminal);
  } catch (error) {
    const file = command.kind === 'import' ? command.file : '';
    const reason = explainFailure(error, file, config.osmDir);
    terminal.err(`${reason ?? (error instanceof Error ? (error.stack ?? error.message) : String(error))}\n`);
    return 1;
  } finally {
    await database?.close();
  }
}

async function run(
  command: Exclude<Command, { kind: 'help' }>,
  dir: string,
  database: Database,
  ports: ImportPorts,
  terminal: Terminal,
): Promise<number> {
  switch (command.kind) {
    case 'status':
      return showStatus(dir, database, ports, terminal);
    case 'remove':
      return remove(dir, database, ports, terminal);
    case 'import': {
      const { out, now, columns } = terminal;
      const progress = createProgress({ out, now, columns });
      const begun = now();
      const { file, area } = command;
      const outcome = await importExtract({ file, area, dir }, ports, progress, terminal.stopping).finally(() =>
        progress.end(),
      );
      return tell(outcome, begun, dir, terminal);
    }
  }
}

function tell(outcome: ImportOutcome, begun: number, dir: string, { out, err, now }: Terminal): number {
  switch (outcome.kind) {
    case 'done':
      out(`Done in ${((now() - begun) / 1_000).toFixed(1)} s: import ${outcome.id} is in use. See --status.\n`);
      return 0;
    case 'busy':
      err(`Another import (${outcome.other.fileName}, since ${minute(outcome.other.startedAt)}) is at work.\n`);
      return 1;
    case 'noSpace':
      err(`${dir} has ${megabytes(outcome.free)} left, ${megabytes(outcome.needed)} are needed.\n`);
      return 1;
    case 'noData':
      err('The extract has nothing in this area.\n');
      return 1;
    case 'noRoads':
      err('The extract has no roads in this area.\n');
      return 1;
    case 'lost':
      err('Another import has taken over meanwhile. Nothing of this one is left.\n');
      return 1;
    case 'stopped':
      err('Stopped. Nothing of this import is left; what was in use before is in use still.\n');
      return 1;
  }
}

async function showStatus(dir: string, database: Database, ports: ImportPorts, terminal: Terminal): Promise<number> {
  const removed = await removeRemains(dir, ports, terminal.stopping);
  if (removed > 0) terminal.out('Removed what was left of imports that were broken off or replaced.\n');
  const all = await createOsmImports(database).list();
  const active = all.find(({ state }) => state === 'active');
  const running = all.find(({ state }) => state === 'running');
  if (running !== undefined) {
    terminal.out(`An import of ${running.fileName} is at work since ${minute(running.startedAt)}.\n`);
  }
  if (active === undefined) {
    terminal.out('Nothing is imported: travel times are estimated or asked of OSRM, maps come from TILES_URL.\n');
    return 0;
  }
  const bytes = await sizeOfFiles(dir, active.id);
  terminal.out(`${describeImport(active, folderOf(path.resolve(dir), active.id), bytes)}\n`);
  return 0;
}

async function remove(dir: string, database: Database, ports: ImportPorts, terminal: Terminal): Promise<number> {
  const id = await createOsmImports(database).stopUsing();
  if (id === null) terminal.out('Nothing is in use.\n');
  else await ports.changeOver(terminal.stopping);
  await removeRemains(dir, ports, terminal.stopping);
  if (id !== null) terminal.out(`Import ${id} is removed.\n`);
  return 0;
}

const isMain = process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url);
if (isMain) {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  process.exitCode = await runImportCommand(process.argv.slice(2), process.env, {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    now: Date.now,
    columns: process.stdout.isTTY ? process.stdout.columns : null,
    stopping: stopping.signal,
  });
}
