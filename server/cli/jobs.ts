import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { composeOffice } from '../compose.ts';
import { ConfigError, parseConfig } from '../config.ts';
import { createJobRepository, type JobRun } from '../data/jobRepository.ts';

/** The jobs on the command line: to run one by hand, and to see what came of the last runs. */

export const USAGE = `Usage: npm run jobs -- <command>

  list      the jobs, and what came of their last runs
  <name>    runs this job once, e.g. outbox, reminders, expiry, retention

Servers run all jobs by themselves; doing it by hand at the same time is safe. The database is that of DATABASE_FILE or
DATABASE_URL, else the demonstration.
Exit code: 0 done, 1 failed or being done by another process, 2 wrong usage or configuration.
`;

export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  now: () => number;
  /** Aborted when the job should end soon. */
  stopping: AbortSignal;
}

/** How many runs `list` looks back. */
const RUNS = 200;

/**
 * Runs one command against the configured database, which is brought to the newest state first.
 * @param args without program and script
 * @returns the exit code
 */
export async function runJobsCommand(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  terminal: Terminal,
): Promise<number> {
  const name = parse(args);
  if (name === 'help') {
    terminal.out(USAGE);
    return 0;
  }
  if (name === null) {
    terminal.err(`One command is needed.\n\n${USAGE}`);
    return 2;
  }
  let config;
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
  const office = await composeOffice({ ...config, logLevel: 'silent' }, { now: terminal.now });
  try {
    if (name === 'list') {
      const runs = await createJobRepository(office.database).runs(RUNS);
      for (const job of office.jobs) terminal.out(`${describe(job.name, runs)}\n`);
      return 0;
    }
    const job = office.jobs.find((one) => one.name === name);
    if (job === undefined) {
      const names = office.jobs.map((one) => one.name).join(', ');
      terminal.err(`There is no job ${name}. The jobs are ${names}.\n\n${USAGE}`);
      return 2;
    }
    const counts = await job.run(terminal.now(), terminal.stopping);
    if (counts === 'elsewhere') {
      terminal.err(`${name} is being done by another process.\n`);
      return 1;
    }
    terminal.out(`${name}: ${inWords(counts)}\n`);
    return 0;
  } catch (error) {
    terminal.err(`${name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return 1;
  } finally {
    await office.close();
  }
}

/** @returns null: not understood */
function parse(args: readonly string[]): string | null {
  try {
    const options = { help: { type: 'boolean', short: 'h' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
    if (values.help === true) return 'help';
    return positionals.length === 1 ? (positionals[0] ?? null) : null;
  } catch {
    return null;
  }
}

/** The last run, and before it the last one that did something or failed. */
function describe(name: string, runs: readonly JobRun[]): string {
  const own = runs.filter((run) => run.name === name);
  const [last] = own;
  if (last === undefined) return `${name}\tnever`;
  const notable = own.find((run) => run.error !== null || Object.keys(run.counts ?? {}).length > 0);
  return [name, ...[...new Set([last, notable ?? last])].map(inOneLine)].join('\t');
}

function inOneLine(run: JobRun): string {
  const seconds = ((run.endedAt - run.startedAt) / 1_000).toFixed(1);
  const outcome = run.counts === null ? `failed: ${run.error ?? ''}` : inWords(run.counts);
  return `${new Date(run.startedAt).toISOString()} (${seconds} s) ${outcome}`;
}

function inWords(counts: Readonly<Record<string, number>>): string {
  const done = Object.entries(counts).filter(([, count]) => count > 0);
  return done.length === 0 ? 'nothing to do' : done.map(([what, count]) => `${what} ${count}`).join(', ');
}

const isMain = process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url);
if (isMain) {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  process.exitCode = await runJobsCommand(process.argv.slice(2), process.env, {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    now: Date.now,
    stopping: stopping.signal,
  });
}
