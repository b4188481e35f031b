import { createHash } from 'node:crypto';
import { Agent, get } from 'node:http';
import { addDays, weekdayOf } from '../../server/domain/time.ts';
import { renewTimes } from '../../server/features/tours/freshTimes.ts';
import type { Database } from '../../server/data/knex.ts';
import { createPaths, ROUTES } from '../../server/paths.ts';
import { startApp } from '../support/app.ts';
import { OFFICE_ZONE, seedSmallOffice } from '../support/officeFixture.ts';
import { insertUser } from '../support/staff.ts';
import { evenRoads, tourDeps } from '../support/toursFixture.ts';
import { KINDS, openBench, printTable, quantile, short, timed, type Kind } from './support.ts';

/*
 * The calendar of a clerk for one year: 250 tours of four stops with computed times, booked up with twenty appointments a
 * day (what fits into ten hours with set-up and tear-down) as far ahead as people can book; then the same with the whole
 * year booked up, as a limit; and the public calendar of the municipality, asked for by somebody who has it already.
 * Beside them, in the same run, a request that only asks the database whether it is there, and a plain SELECT of the
 * appointments.
 */

const TOURS = 250;
const STOPS = 4;
const EACH_STOP = 5;
const FIRST = '2026-11-23';
/** So far ahead people can book, in days: the default of municipalities. */
const HORIZON = 60;
const NOW = OFFICE_ZONE.instantAt(FIRST, 7 * 60);
const TOKEN = 'benchbenchbenchbenchbe';
const REQUESTS = Number(process.env['BENCH_REQUESTS'] ?? 60);
/** Median of the whole calendar, and of a 304, in milliseconds. */
const GOAL = { feed: 50, known: 5 };

/** @returns books up the rest of the year */
async function seed(database: Database): Promise<() => Promise<void>> {
  const office = await seedSmallOffice(database, { date: '2026-01-02' });
  const { id: userId } = await insertUser(database, ['clerk']);
  await database.writer('clerks').where('id', office.clerkId).update({ user_id: userId });
  await database.writer('calendar_feeds').insert({
    token_hash: createHash('sha256').update(TOKEN).digest('hex'),
    user_id: userId,
    kind: 'clerk',
    label: 'Telefon',
    locale: 'de',
    created_at: NOW,
    used_at: NOW,
  });
  const rows: Record<string, object[]> = {};
  const later: Record<string, object[]> = {};
  const addTo = (into: typeof rows, table: string, row: object): void => void (into[table] ??= []).push(row);
  const add = (table: string, row: object): void => addTo(rows, table, row);
  const { municipalityId: municipality_id, clerkId: clerk_id, kitId: kit_id } = office;
  const first = { tour: 1000, stop: 10_000 };
  let date = FIRST;
  let nth = 0;
  for (let tour = 0; tour < TOURS; tour++) {
    while (weekdayOf(date) > 5) date = addDays(date, 1);
    const tour_id = first.tour + tour;
    add('tours', { id: tour_id, municipality_id, date, state: 'published', depot_id: office.depotId, created_at: 0, published_at: 0 }); // prettier-ignore
    add('tour_kits', { tour_id, date, kit_id });
    add('tour_clerks', { tour_id, date, clerk_id });
    for (let stop = 0; stop < STOPS; stop++) {
      const from = 420 + stop * 90;
      const stop_id = first.stop + tour * STOPS + stop;
      add('stops', {
        id: stop_id,
        tour_id,
        date,
        position: stop + 1,
        kind: 'public',
        venue_id: stop % 2 === 0 ? office.firstVenueId : office.secondVenueId,
        from_minute: from,
        to_minute: from + 60,
        starts_at: OFFICE_ZONE.instantAt(date, from),
        ends_at: OFFICE_ZONE.instantAt(date, from + 60),
        set_up_minutes: 10,
        tear_down_minutes: 10,
      });
      add('stop_counters', { stop_id, counter: 1, tour_id, clerk_id });
      for (let one = 0; one < EACH_STOP; one++) {
        const start_tick = from / 5 + one * 2;
        const id = 100_000 + ++nth;
        const into = date <= addDays(FIRST, HORIZON) ? rows : later;
        addTo(into, 'appointments', {
          id,
          reference: `B${id}`,
          secret: `bench-${id}`,
          state: 'confirmed',
          channel: 'online',
          stop_id,
          counter: 1,
          date,
          start_tick,
          ticks: 2,
          starts_at: OFFICE_ZONE.instantAt(date, start_tick * 5),
          ends_at: OFFICE_ZONE.instantAt(date, start_tick * 5 + 10),
          locale: 'de',
          family_name: 'Muster',
          family_key: 'muster',
          contact_kind: 'none',
          created_at: 0,
          confirmed_at: 0,
        });
        const service_id = one % 2 === 0 ? office.services.idCard : office.services.certificate;
        addTo(into, 'appointment_services', { appointment_id: id, service_id, persons: 1, minutes: 10, fee_cents: 0 });
      }
    }
    date = addDays(date, 1);
  }
  const insert = async (tables: typeof rows): Promise<void> => {
    await database.writer.transaction(async (trx) => {
      for (const [table, all] of Object.entries(tables)) {
        for (let i = 0; i < all.length; i += 400) await trx(table).insert(all.slice(i, i + 400));
      }
    });
    if (database.kind === 'postgres') await database.writer.raw('vacuum analyze');
  };
  await insert(rows);
  const deps = tourDeps(database, () => NOW, evenRoads(10));
  await renewTimes(deps, { fromDate: FIRST, toDate: date, most: TOURS });
  if (database.kind === 'postgres') await database.writer.raw('vacuum analyze');
  return () => insert(later);
}

interface Counted {
  status: number;
  etag: string;
  octets: number;
  /** Only when asked for. */
  text: string;
}

/**
 * Asks and counts what comes until the last octet. It shares the processor with the server, so it does nothing else: no
 * text is made of it unless it is asked for.
 */
function createAsker(origin: string) {
  const agent = new Agent({ keepAlive: true });
  return {
    ask: (path: string, headers: Record<string, string> = {}, withText = false) =>
      new Promise<Counted>((resolve, reject) => {
        get(origin + path, { agent, headers }, (incoming) => {
          const { statusCode: status = 0 } = incoming;
          const pieces: Buffer[] = [];
          let octets = 0;
          incoming.on('data', (piece: Buffer) => {
            octets += piece.length;
            if (withText) pieces.push(piece);
          });
          incoming.on('error', reject);
          incoming.on('end', () =>
            resolve({ status, etag: incoming.headers.etag ?? '', octets, text: Buffer.concat(pieces).toString() }),
          );
        }).on('error', reject);
      }),
    close: () => agent.destroy(),
  };
}

async function measure(work: () => Promise<unknown>): Promise<number[]> {
  const measured: number[] = [];
  for (let i = 0; i < REQUESTS / 4; i++) await work(); // warms up
  for (let i = 0; i < REQUESTS; i++) measured.push(await timed(work));
  return measured;
}

async function runOn(kind: Kind, rows: string[][]): Promise<string> {
  const bench = await openBench(kind);
  const app = await startApp({ database: bench.config, now: () => NOW });
  const asker = createAsker(app.origin);
  try {
    const bookUp = await seed(bench.database);
    const p = createPaths('');
    const ask = async (path: string, status: number, headers: Record<string, string> = {}, withText = false) => {
      const answer = await asker.ask(path, headers, withText);
      if (answer.status !== status) throw new Error(`${path} answered ${answer.status}`);
      return answer;
    };
    const { etag: known } = await ask(p.timetableCalendar('meerane'), 200);
    const size = async (): Promise<string> => {
      const { text, octets } = await ask(p.feed(TOKEN), 200, {}, true);
      return `${text.split('BEGIN:VEVENT').length - 1} events, ${Math.round(octets / 1024)} kB`;
    };
    const usual = await size();
    const select = await measure(() => bench.database.reader('appointments').select('id', 'reference', 'start_tick'));
    const ready = await measure(() => ask(ROUTES.ready, 200));
    const feed = await measure(() => ask(p.feed(TOKEN), 200));
    const zipped = await measure(() => ask(p.feed(TOKEN), 200, { 'Accept-Encoding': 'gzip' }));
    const not = await measure(() => ask(p.timetableCalendar('meerane'), 304, { 'If-None-Match': known }));
    const line = (name: string, measured: readonly number[]): void => {
      const median = quantile(measured, 0.5);
      rows.push([
        name,
        kind,
        short(median),
        short(quantile(measured, 0.95)),
        `${(median / quantile(select, 0.5)).toFixed(1)} ×`,
        `${(median / quantile(ready, 0.5)).toFixed(1)} ×`,
      ]);
    };
    await bookUp();
    const most = await size();
    const booked = await measure(() => ask(p.feed(TOKEN), 200));
    line('SELECT of the appointments', select);
    line('is the database there?', ready);
    line(`a year: ${usual}`, feed);
    line('a year, gzip', zipped);
    line(`all of it booked up: ${most}`, booked);
    line('304', not);
    const figure = (measured: readonly number[], goal: number): string => {
      const median = quantile(measured, 0.5);
      return `${short(median)} ms (goal ${goal}: ${median < goal ? 'met' : 'missed'})`;
    };
    return `${kind}: a year ${figure(feed, GOAL.feed)}, 304 ${figure(not, GOAL.known)}`;
  } finally {
    asker.close();
    await app.stop();
    await bench.close();
  }
}

export async function run(): Promise<string> {
  const rows: string[][] = [];
  const figures: string[] = [];
  for (const kind of KINDS) figures.push(await runOn(kind, rows));
  printTable(['what', 'database', 'p50 ms', 'p95 ms', 'of SELECT', 'of database'], rows);
  return figures.join('; ');
}
