import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Database } from '../../server/data/knex.ts';
import { addDays } from '../../server/domain/time.ts';
import { createPaths } from '../../server/paths.ts';
import { createZone } from '../../server/zone.ts';
import { insertUser, sessionCookie } from '../support/staff.ts';
import { createVisitor } from '../support/visitor.ts';
import { databaseEnv, startProcess } from './processes.ts';
import { FIRST_DAY, seedState } from './state.ts';
import { openBench, printTable, quantile, short, timed, withClients } from './support.ts';

/*
 * The board of a large county: 20 kits, 40 clerks, 60 tours a week of three stops with two counters each, half of the
 * time booked, for five weeks. A planner of all municipalities opens a week and a month, beside the smallest page that
 * Express and EJS can serve: both compiled or plain, in production mode, each a process of its own.
 */

const MUNICIPALITIES = 10;
const KITS = 20;
const CLERKS = 40;
const WEEKS = 5;
/** Days of the week, from Monday = 0, on which a kit is out, counted from its own first one. */
const OUT = [0, 2, 4] as const;
const BEGINNINGS = [8 * 60, 11 * 60, 14 * 60] as const;
const STOP_MINUTES = 120;
/** Appointments of ten minutes at each counter: half of the time. */
const EACH_COUNTER = 6;
const TICKS = 2;

const PLANNERS = [1, 8] as const;
const REQUESTS = Number(process.env['BENCH_REQUESTS'] ?? 80);
/** What p95 of a page for one planner may be, in milliseconds. */
const GOAL = 200;
const root = fileURLToPath(new URL('../..', import.meta.url));

/** Tours, stops, counters and appointments of the weeks from FIRST_DAY on. */
async function seedTours(database: Database): Promise<void> {
  const zone = createZone('Europe/Berlin');
  const rows: Record<string, object[]> = {};
  const add = (table: string, row: object): void => void (rows[table] ??= []).push(row);
  const more = Array.from({ length: CLERKS - KITS }, (_, index) => KITS + index + 1);
  for (const id of more) {
    const municipality_id = ((id - 1) % MUNICIPALITIES) + 1;
    add('clerks', { id, municipality_id, name: `Kraft ${municipality_id}/${Math.ceil(id / MUNICIPALITIES)}` });
    for (let service_id = 1; service_id <= 5; service_id++) add('clerk_qualifications', { clerk_id: id, service_id });
  }
  let tourId = 0;
  let stopId = 0;
  let appointmentId = 0;
  for (let week = 0; week < WEEKS; week++) {
    for (let kit = 1; kit <= KITS; kit++) {
      const municipality_id = Math.ceil(kit / 2);
      for (const out of OUT) {
        const date = addDays(FIRST_DAY, week * 7 + ((kit + out) % 5));
        const id = ++tourId;
        const crew = [kit, KITS + kit];
        add('tours', { id, municipality_id, date, state: 'published', created_at: 0, published_at: 0, depot_id: municipality_id }); // prettier-ignore
        add('tour_kits', { tour_id: id, date, kit_id: kit });
        for (const clerk_id of crew) add('tour_clerks', { tour_id: id, date, clerk_id });
        for (const [index, from] of BEGINNINGS.entries()) {
          const stop_id = ++stopId;
          add('stops', {
            id: stop_id,
            tour_id: id,
            date,
            position: index + 1,
            kind: 'public',
            venue_id: (municipality_id - 1) * 5 + ((kit + out + index) % 5) + 1,
            from_minute: from,
            to_minute: from + STOP_MINUTES,
            starts_at: zone.instantAt(date, from),
            ends_at: zone.instantAt(date, from + STOP_MINUTES),
            set_up_minutes: 20,
            tear_down_minutes: 15,
          });
          for (const [seat, clerk_id] of crew.entries()) {
            const counter = seat + 1;
            add('stop_counters', { stop_id, counter, tour_id: id, clerk_id });
            for (let nth = 0; nth < EACH_COUNTER; nth++) {
              const start_tick = from / 5 + nth * TICKS * 2;
              const appointment_id = ++appointmentId;
              add('appointments', {
                id: appointment_id,
                reference: `B${appointment_id}`,
                secret: `bench-${appointment_id}`,
                state: 'confirmed',
                channel: 'online',
                stop_id,
                counter,
                date,
                start_tick,
                ticks: TICKS,
                starts_at: zone.instantAt(date, start_tick * 5),
                ends_at: zone.instantAt(date, (start_tick + TICKS) * 5),
                locale: 'de',
                family_name: 'Muster',
                family_key: 'muster',
                contact_kind: 'none',
                created_at: 0,
                confirmed_at: 0,
              });
              add('appointment_services', { appointment_id, service_id: 1, persons: 1, minutes: 10, fee_cents: 0 });
              for (let tick = 0; tick < TICKS; tick++) {
                add('counter_ticks', { stop_id, counter, tick: start_tick + tick, appointment_id });
              }
            }
          }
        }
      }
    }
  }
  await database.writer.transaction(async (trx) => {
    for (const [table, all] of Object.entries(rows)) {
      for (let i = 0; i < all.length; i += 400) await trx(table).insert(all.slice(i, i + 400));
    }
  });
}

/** Milliseconds of each request of so many people who ask without pause. */
async function measure(origin: string, path: string, people: number, cookie?: string): Promise<number[]> {
  const measured: number[] = [];
  const visitors = Array.from({ length: people }, () =>
    createVisitor(origin, cookie === undefined ? {} : { cookies: [cookie] }),
  );
  const ask = async (person: number): Promise<void> => {
    const answer = await (visitors[person] as (typeof visitors)[number]).get(path);
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
  };
  const jobs = Array.from({ length: REQUESTS }, (_, index) => index);
  await withClients(people, jobs.slice(0, REQUESTS / 4), (_, person) => ask(person)); // warms up
  await withClients(people, jobs, async (_, person) => void measured.push(await timed(() => ask(person))));
  for (const visitor of visitors) visitor.close();
  return measured;
}

export async function run(): Promise<string> {
  execFileSync('npm', ['run', '-s', 'build'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  const bench = await openBench('sqlite');
  try {
    await seedState(bench.database, { municipalities: MUNICIPALITIES, horizonDays: 90, placesEach: 1 });
    await seedTours(bench.database);
    const planner = await insertUser(bench.database, ['planner'], { name: 'P. Muster' });
    const cookie = await sessionCookie(bench.database, planner.id);
    const p = createPaths('');
    const pages = { 'board of a week': p.boardWeek({ woche: '2026-W50' }), 'board of a month': p.boardMonth({ monat: '2026-12' }) }; // prettier-ignore

    const rows: string[][] = [];
    const figures: string[] = [];
    for (const people of PLANNERS) {
      const plain = await startProcess(fileURLToPath(new URL('./plain.ts', import.meta.url)), { NODE_ENV: 'production' }); // prettier-ignore
      const hello = await measure(`http://127.0.0.1:${plain.port}`, '/', people).finally(() => plain.stop());
      rows.push(['hello', String(people), ...figuresOf(hello), '']);
      const serve = fileURLToPath(new URL('./serveBuilt.js', import.meta.url));
      const office = await startProcess(serve, databaseEnv(bench.config));
      try {
        for (const [name, path] of Object.entries(pages)) {
          const measured = await measure(`http://127.0.0.1:${office.port}`, path, people, cookie);
          const ratio = quantile(measured, 0.5) / quantile(hello, 0.5);
          rows.push([name, String(people), ...figuresOf(measured), `${ratio.toFixed(0)} ×`]);
          if (people === 1) {
            const p95 = quantile(measured, 0.95);
            figures.push(`${name} p95 ${short(p95)} ms (goal ${GOAL}: ${p95 <= GOAL ? 'met' : 'missed'})`);
          }
        }
      } finally {
        await office.stop();
      }
    }
    printTable(['page', 'planners', 'p50 ms', 'p95 ms', 'p99 ms', 'p50 of hello'], rows);
    return figures.join(', ');
  } finally {
    await bench.close();
  }
}

const figuresOf = (measured: readonly number[]): string[] => [0.5, 0.95, 0.99].map((q) => short(quantile(measured, q)));
