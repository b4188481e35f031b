import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { composeOffice, type Office } from '../../server/compose.ts';
import { parseConfig, type Config, type DatabaseConfig } from '../../server/config.ts';
import { createTempDir } from './tempDir.ts';

export interface RunningApp {
  origin: string;
  office: Office;
  stop(): Promise<void>;
}

export interface AppOptions {
  database?: DatabaseConfig;
  /** Fill it with demonstration data, whatever the database. */
  demonstration?: boolean;
  now?: () => number;
  /** Settings that are not the usual ones. */
  settings?: Partial<Config>;
}

/** The whole program in this process on a free port of the loopback interface; no jobs run by themselves. */
export async function startApp(options: AppOptions = {}): Promise<RunningApp> {
  const dir = createTempDir('app');
  const config = {
    ...parseConfig({ HOST: '127.0.0.1', TILES_URL: 'none', LOG_LEVEL: 'silent' }),
    database: options.database ?? { kind: 'sqlite' as const, file: dir.file('office.sqlite') },
    demonstration: options.demonstration ?? false,
    ...options.settings,
  };
  const office = await composeOffice(config, {
    now: options.now ?? Date.now,
    log: pino({ level: process.env['TEST_LOG_LEVEL'] ?? 'silent' }),
  });
  const server = office.app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    office,
    stop: async () => {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      await office.close();
      dir.remove();
    },
  };
}

/** The program as `npm start` shows it, with demonstration data. */
export function startDemoApp(options: Omit<AppOptions, 'demonstration'> = {}): Promise<RunningApp> {
  return startApp({ ...options, demonstration: true });
}
