import { fork, spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { DatabaseConfig } from '../../server/data/knex.ts';
import { closeAtExit } from './rootHooks.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Starts one process a list of arguments, waits until all of them are ready, lets them go at the same moment and
 * gathers what each of them answers.
 *
 * A worker sends 'ready', waits for a message, and sends its answer.
 * @param worker file name in test/races
 */
export async function raceProcesses<T>(worker: string, inputs: readonly unknown[]): Promise<T[]> {
  const children = inputs.map((input) => {
    const child = fork(fileURLToPath(new URL(`../races/${worker}`, import.meta.url)), [JSON.stringify(input)], {
      cwd: ROOT,
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    closeAtExit(() => child.kill('SIGKILL'));
    return child;
  });
  const errors = children.map((child) => {
    const chunks: string[] = [];
    child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
    return chunks;
  });
  const next = (child: ChildProcess, index: number): Promise<unknown> =>
    new Promise((resolve, reject) => {
      child.once('message', resolve);
      child.once('exit', (code) => reject(new Error(`worker ${index} ended (${code}):\n${errors[index]?.join('')}`)));
    });
  await Promise.all(children.map(next));
  return Promise.all(
    children.map(async (child, index) => {
      const answer = next(child, index);
      child.send('go');
      return (await answer) as T;
    }),
  );
}

export interface SpawnedServer {
  origin: string;
  pid: number;
  /** Lines of the log so far. */
  readonly log: readonly string[];
  /** Resolves at the first line of the log that says this, also one already written. */
  logged(message: string): Promise<void>;
  kill(signal: 'SIGKILL' | 'SIGTERM'): void;
  /** Exit code, or null after a signal. */
  readonly exited: Promise<number | null>;
}

/** The environment with which a server uses this database. */
export function databaseEnv(config: DatabaseConfig): Record<string, string> {
  return config.kind === 'sqlite' ? { DATABASE_FILE: config.file } : { DATABASE_URL: config.url };
}

/**
 * The program as an operating system starts it: `node --import tsx server/main.ts` on a free port.
 * @throws Error with what it said when it ends before it listens
 */
export async function spawnServer(env: Readonly<Record<string, string>>): Promise<SpawnedServer> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'server/main.ts'], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'] ?? '', HOST: '127.0.0.1', PORT: '0', TILES_URL: 'none', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  closeAtExit(() => child.kill('SIGKILL'));
  const log: string[] = [];
  const waiting: { message: string; resolve: () => void }[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    log.push(line);
    for (const wait of waiting.filter(({ message }) => line.includes(message))) {
      wait.resolve();
    }
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const exited = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));

  const logged = (message: string): Promise<void> =>
    new Promise((resolve) => {
      if (log.some((line) => line.includes(message))) {
        resolve();
      } else {
        waiting.push({ message, resolve });
      }
    });
  await Promise.race([
    logged('"msg":"listening"'),
    exited.then((code) => {
      throw new Error(`The server ended (${code}) before it listened:\n${errors}\n${log.join('\n')}`);
    }),
  ]);
  const listening = log.find((line) => line.includes('"msg":"listening"')) ?? '{}';
  const { port } = JSON.parse(listening) as { port: number };
  return {
    origin: `http://127.0.0.1:${port}`,
    pid: child.pid as number,
    log,
    logged,
    kill: (signal) => void child.kill(signal),
    exited,
  };
}
