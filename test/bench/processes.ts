import { fork, type ChildProcess } from 'node:child_process';
import type { DatabaseConfig } from '../../server/config.ts';

export interface ServerProcess {
  port: number;
  stop(): Promise<void>;
}

/** Starts a program that sends `{ port }` when it listens; it ends with this process at the latest. */
export async function startProcess(file: string, env: Readonly<Record<string, string>>): Promise<ServerProcess> {
  const child: ChildProcess = fork(file, {
    env: { ...process.env, ...env },
    execArgv: file.endsWith('.ts') ? ['--import', 'tsx'] : [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message) => resolve((message as { port: number }).port));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code} before it listened`)));
  });
  return {
    port,
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGKILL');
      }),
  };
}

/** The settings under which the program uses this database. */
export function databaseEnv(config: DatabaseConfig): Record<string, string> {
  return {
    ...(config.kind === 'sqlite' ? { DATABASE_FILE: config.file } : { DATABASE_URL: config.url }),
    HOST: '127.0.0.1',
    TILES_URL: 'none',
    LOG_LEVEL: 'info',
    NODE_ENV: 'production',
  };
}
