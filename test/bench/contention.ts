import { randomBytes } from 'node:crypto';
import http from 'node:http';
import { fileURLToPath } from 'node:url';
import { createPaths } from '../../server/paths.ts';
import { freeTimes } from './office.ts';
import { databaseEnv, startProcess } from './processes.ts';
import { seedState, seedWeeks } from './state.ts';
import { KINDS, openBench, printTable, quantile, short, type Kind } from './support.ts';

/*
 * A thousand citizens press the button for the same time in the same moment, at one server process and spread over
 * four that share a database. Exactly one may get it; all others are shown the nearest other times (409).
 */

const CITIZENS = 1_000;
const PROCESSES = [1, 4] as const;

interface Race {
  kind: Kind;
  processes: number;
  /** How often each status was answered. */
  statuses: Map<number, number>;
  /** Milliseconds, from sending to the end of the page. */
  took: number[];
  /** Appointments in the database that hold the time. */
  holders: number;
}

function post(port: number, path: string, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        host: '127.0.0.1',
        port,
        path,
        method: 'POST',
        agent: false,
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': Buffer.byteLength(body) },
      },
      (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode ?? 0));
        response.once('error', reject);
      },
    );
    request.once('error', reject);
    request.end(body);
  });
}

async function race(kind: Kind, processes: number): Promise<Race> {
  const bench = await openBench(kind, 2);
  const { database, config } = bench;
  const serve = fileURLToPath(new URL('./serve.ts', import.meta.url));
  const servers: Awaited<ReturnType<typeof startProcess>>[] = [];
  try {
    await seedState(database, { municipalities: 10, horizonDays: 60, placesEach: 12 });
    await seedWeeks(database, 1, 9, false);
    const oneCounter = await database
      .reader('stop_counters')
      .groupBy('stop_id')
      .havingRaw('count(*) = 1')
      .pluck<number[]>('stop_id');
    const time = (await freeTimes(database, 300)).find(({ stopId }) => oneCounter.includes(stopId));
    const service = await database.reader<{ slug: string; minutes: number }>('services').where('minutes', 10).first();
    if (time === undefined || service === undefined) {
      throw new Error('The office has no time or no service');
    }
    for (let n = 0; n < processes; n++) {
      servers.push(
        await startProcess(serve, databaseEnv({ ...config, ...(kind === 'postgres' ? { poolSize: 10 } : {}) })),
      );
    }
    const ports = servers.map(({ port }) => port);
    const path = createPaths('').times({ halt: time.stopId, leistung: `${service.slug}:1` });
    const form = (tick: number): string =>
      `zeit=${time.stopId}.${tick}&vorgang=${randomBytes(16).toString('base64url')}`;
    // Warm: some holds of other times, and refusals.
    for (const port of ports) {
      for (let n = 0; n < 30; n++) {
        await post(port, path, form(time.tick + 10 + (n % 4)));
      }
    }

    const statuses = new Map<number, number>();
    const took: number[] = [];
    await Promise.all(
      Array.from({ length: CITIZENS }, async (_, index) => {
        const begun = performance.now();
        const status = await post(ports[index % ports.length] as number, path, form(time.tick));
        took.push(performance.now() - begun);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }),
    );
    const holders = await database
      .reader('appointments')
      .where({ stop_id: time.stopId, start_tick: time.tick })
      .count<{ n: number | string }[]>({ n: '*' })
      .first();
    return { kind, processes, statuses, took, holders: Number(holders?.n ?? 0) };
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
    await bench.close();
  }
}

export async function run(): Promise<string> {
  const only = process.argv[3];
  const races: Race[] = [];
  for (const kind of KINDS.filter((one) => only === undefined || one === only)) {
    for (const processes of PROCESSES) {
      races.push(await race(kind, processes));
    }
  }
  const count = ({ statuses }: Race, status: number): number => statuses.get(status) ?? 0;
  printTable(
    [
      'database',
      'processes',
      'requests',
      'booked (303)',
      'refused (409)',
      'others',
      'holders',
      'p50 ms',
      'p99',
      'longest',
    ],
    races.map((one) => [
      one.kind,
      ...[one.processes, CITIZENS, count(one, 303), count(one, 409)].map(String),
      String(CITIZENS - count(one, 303) - count(one, 409)),
      String(one.holders),
      ...[quantile(one.took, 0.5), quantile(one.took, 0.99), Math.max(...one.took)].map(short),
    ]),
  );
  for (const one of races) {
    if (count(one, 303) !== 1 || count(one, 409) !== CITIZENS - 1 || one.holders !== 1) {
      throw new Error(`On ${one.kind} with ${one.processes} processes: ${JSON.stringify([...one.statuses])}`);
    }
  }
  return `winners 1 p99 ${short(Math.max(...races.map(({ took }) => quantile(took, 0.99))))} ms`;
}
