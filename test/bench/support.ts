import { randomBytes, randomInt } from 'node:crypto';
import { createAppointmentRepository, createAppointmentUnit } from '../../server/data/appointmentRepository.ts';
import { keepFor, readDirectory } from '../../server/data/directoryRepository.ts';
import { openDatabase, type Database, type DatabaseConfig } from '../../server/data/knex.ts';
import { migrateUp } from '../../server/data/migrate.ts';
import { createStopRepository } from '../../server/data/stopRepository.ts';
import type { Directory } from '../../server/domain/booking/office.ts';
import type { Instant } from '../../server/domain/time.ts';
import { createZone } from '../../server/zone.ts';
import { openPostgres, openSqlite } from '../support/databases.ts';

export const KINDS = ['sqlite', 'postgres'] as const;
export type Kind = (typeof KINDS)[number];

export interface BenchDatabase {
  kind: Kind;
  config: DatabaseConfig;
  database: Database;
  close(): Promise<void>;
}

/** An empty, migrated database of its own. On PostgreSQL with `poolSize` connections. */
export async function openBench(kind: Kind, poolSize = 10): Promise<BenchDatabase> {
  const empty = await (kind === 'sqlite' ? openSqlite() : openPostgres());
  const config: DatabaseConfig = empty.config.kind === 'postgres' ? { ...empty.config, poolSize } : empty.config;
  const database = openDatabase(config);
  await migrateUp(database);
  return {
    kind,
    config,
    database,
    close: async () => {
      await database.close();
      await empty.dispose();
    },
  };
}

/** The parts the use cases need, put together as in server/compose.ts, with a clock that stands still. */
export function officeDeps(database: Database, now: Instant) {
  return {
    directory: keepFor<Directory>(1_000, Date.now, (previous) => readDirectory(database.reader, previous)),
    availability: createStopRepository(database.reader),
    appointments: createAppointmentRepository(database.reader),
    unit: <T>(work: (unit: ReturnType<typeof createAppointmentUnit>) => Promise<T>) =>
      database.unit((trx) => work(createAppointmentUnit(trx, { mail: true, sms: false }))),
    clock: { now: () => now },
    zone: createZone('Europe/Berlin'),
    random: {
      int: (max: number) => randomInt(max),
      secret: () => randomBytes(16).toString('base64url'),
      fraction: () => randomInt(2 ** 32) / 2 ** 32,
    },
  };
}

/** The same numbers at every run: uniform in [0, 1). (Source: mulberry32, public domain.) */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Works through `jobs` with so many clients, each of which begins the next job when its last one is answered. */
export async function withClients<Job>(
  clients: number,
  jobs: readonly Job[],
  work: (job: Job, client: number) => Promise<void>,
): Promise<{ seconds: number; perSecond: number }> {
  let next = 0;
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      while (next < jobs.length) {
        await work(jobs[next++] as Job, client);
      }
    }),
  );
  const seconds = (performance.now() - begun) / 1000;
  return { seconds, perSecond: jobs.length / seconds };
}

/** Milliseconds that `work` took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** The value below which the share `q` of the measurements lies. */
export function quantile(measured: readonly number[], q: number): number {
  const sorted = [...measured].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? NaN;
}

/** "12.3": one decimal below 100, none above. */
export function short(value: number): string {
  return value < 100 ? value.toFixed(1) : value.toFixed(0);
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** Prints a table for people, numbers to the right. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  console.log([line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)].join('\n'));
}
