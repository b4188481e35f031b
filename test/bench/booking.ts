import { createRequire } from 'node:module';
import pg from 'pg';
import { bookAppointment } from '../../server/features/booking/bookAppointment.ts';
import { holdTime } from '../../server/features/booking/holdTime.ts';
import { saveDetails } from '../../server/features/booking/saveDetails.ts';
import { freeTimes, insertHolds, type Job } from './office.ts';
import { NOW, seedState, seedWeeks } from './state.ts';
import {
  KINDS,
  officeDeps,
  openBench,
  percent,
  printTable,
  quantile,
  short,
  timed,
  withClients,
  type BenchDatabase,
  type Kind,
} from './support.ts';

/*
 * Durable bookings a second through the use cases, beside what the same database can commit at all: one row a
 * transaction, the same durability, no program around it.
 */

const CLIENTS = [1, 8, 32] as const;
/** Rows or bookings a client makes in one measurement. */
const EACH_CLIENT = { 1: 300, 8: 150, 32: 80 } as const;

interface SqliteHandle {
  run(sql: string, done: (error: Error | null) => void): void;
  exec(sql: string, done: (error: Error | null) => void): void;
  close(done: (error: Error | null) => void): void;
}

/** Calls with a callback as promises. */
function promised(call: (done: (error: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => call((error) => (error === null ? resolve() : reject(error))));
}

/** One-row commits a second on SQLite: there is one writer, so the number of clients makes no difference. */
async function rawSqlite(file: string): Promise<(clients: number) => Promise<number>> {
  const { Database: Handle } = createRequire(import.meta.url)('sqlite3') as {
    Database: new (file: string) => SqliteHandle;
  };
  const handle = new Handle(file);
  const exec = (sql: string): Promise<void> => promised((done) => handle.exec(sql, done));
  await exec('pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 10000;');
  await exec('create table if not exists raw_commits (id integer primary key, value text)');
  return async () => {
    const commits = Array.from({ length: 500 }, (_, index) => index);
    const { perSecond } = await withClients(1, commits, async (index) => {
      await promised((done) => handle.run('begin immediate', done));
      await promised((done) => handle.run(`insert into raw_commits (value) values ('row ${index}')`, done));
      await promised((done) => handle.run('commit', done));
    });
    return perSecond;
  };
}

/** One-row commits a second on PostgreSQL, by so many connections. */
async function rawPostgres(url: string): Promise<(clients: number) => Promise<number>> {
  const pool = new pg.Pool({ connectionString: url, max: 32 });
  await pool.query('create table if not exists raw_commits (id serial primary key, value text)');
  return async (clients) => {
    const commits = Array.from({ length: 100 * clients + 200 }, (_, index) => index);
    const connections = await Promise.all(Array.from({ length: clients }, () => pool.connect()));
    const { perSecond } = await withClients(clients, commits, async (index, client) => {
      await connections[client]?.query('insert into raw_commits (value) values ($1)', [`row ${index}`]);
    });
    connections.forEach((connection) => connection.release());
    return perSecond;
  };
}

function rawCommits({ config }: BenchDatabase): Promise<(clients: number) => Promise<number>> {
  return config.kind === 'sqlite' ? rawSqlite(config.file) : rawPostgres(config.url);
}

interface Row {
  kind: Kind;
  clients: number;
  raw: number;
  bookings: number;
  p50: number;
  p99: number;
  journeys: number;
}

function expectKind(outcome: { kind: string }, kind: string): void {
  if (outcome.kind !== kind) {
    throw new Error(`Answered ${outcome.kind} instead of ${kind}`);
  }
}

async function measure(kind: Kind): Promise<Row[]> {
  const bench = await openBench(kind, 32);
  const { database } = bench;
  try {
    await seedState(database, { municipalities: 80, horizonDays: 60, placesEach: 1 });
    await seedWeeks(database, 1, 3, false);
    const deps = officeDeps(database, NOW);
    const raw = await rawCommits(bench);
    const directory = await deps.directory();
    const service = directory.services.find(({ minutes }) => minutes === 10) ?? directory.services[0];
    if (service === undefined) {
      throw new Error('The office has no services');
    }
    const counts = CLIENTS.map((clients) => clients * EACH_CLIENT[clients]);
    const jobs = await freeTimes(database, 200 + 2 * counts.reduce((sum, count) => sum + count, 0));
    const take = (count: number): Job[] => jobs.splice(0, count);

    const warm = take(100);
    await insertHolds(database, warm);
    const book = async ({ secret }: Job) => expectKind(await bookAppointment(deps, secret), 'booked');
    const journey = async (job: Job) => {
      const slot = { stopId: job.stopId, tick: job.tick };
      const lines = [{ service, persons: 1 }];
      expectKind(await holdTime(deps, { secret: job.secret, slot, lines, originPlaceId: null, locale: 'de' }), 'held');
      const person = { firstName: 'Erika', familyName: 'Muster', contactKind: 'email' as const, contact: job.email };
      expectKind(await saveDetails(deps, job.secret, person), 'saved');
      await book(job);
    };
    await withClients(8, warm, book);
    await withClients(8, take(100), journey);

    const rows: Row[] = [];
    for (const [index, clients] of CLIENTS.entries()) {
      const held = take(counts[index] ?? 0);
      await insertHolds(database, held);
      const before = await raw(clients);
      const took: number[] = [];
      const bookings = await withClients(clients, held, async (job) => {
        took.push(await timed(() => book(job)));
      });
      const after = await raw(clients);
      const journeys = await withClients(clients, take(counts[index] ?? 0), journey);
      rows.push({
        kind,
        clients,
        raw: (before + after) / 2,
        bookings: bookings.perSecond,
        p50: quantile(took, 0.5),
        p99: quantile(took, 0.99),
        journeys: journeys.perSecond,
      });
    }
    return rows;
  } finally {
    await bench.close();
  }
}

export async function run(): Promise<string> {
  const only = process.argv[3];
  const rows: Row[] = [];
  for (const kind of KINDS.filter((one) => only === undefined || one === only)) {
    rows.push(...(await measure(kind)));
  }
  printTable(
    ['database', 'clients', 'raw commits/s', 'bookings/s', 'of raw', 'p50 ms', 'p99 ms', 'whole journeys/s'],
    rows.map(({ kind, clients, raw, bookings, p50, p99, journeys }) => [
      kind,
      String(clients),
      ...[raw, bookings].map(short),
      percent(bookings / raw),
      ...[p50, p99, journeys].map(short),
    ]),
  );
  return rows
    .filter(({ clients }) => clients === 32)
    .map(({ kind, raw, bookings }) => `${kind} ${percent(bookings / raw)} of raw commits with 32 clients`)
    .join(', ');
}
