import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Database } from '../../server/data/knex.ts';
import type { Directory } from '../../server/domain/booking/office.ts';
import { parseCallQuery, vocabularyOf } from '../../server/domain/hotline/parseQuery.ts';
import { findOffers } from '../../server/features/hotline/findOffers.ts';
import { createPaths } from '../../server/paths.ts';
import { insertUser, sessionCookie } from '../support/staff.ts';
import { databaseEnv, startProcess } from './processes.ts';
import { FIRST_DAY, NOW, seedState, seedWeeks, VENUES_EACH } from './state.ts';
import {
  createRandom,
  KINDS,
  officeDeps,
  openBench,
  printTable,
  quantile,
  short,
  timed,
  type BenchDatabase,
  type Kind,
} from './support.ts';

/*
 * What the search box of the hotline costs in the data of a whole state (as the benchmark `search`): 400 municipalities
 * with five venues each, visited every week for a year, once more with the next four weeks nearly full. One agent of
 * all municipalities types one text after the other, each a different one; the directory is read anew every second as
 * in the running program. "Found" is what the server works out (reading the text, visits, times); "page" is the whole
 * request for the fragment, from a process of its own.
 */

const MUNICIPALITIES = 400;
const PLACES_EACH = 12;
const WEEKS = 52;
const FULL_WEEKS = [0, 4] as const;
const QUESTIONS = Number(process.env['BENCH_REQUESTS'] ?? 400);
const WARM = 60;
/** Whole calls, each with a booking. */
const CALLS = 20;
const GOAL_CALL = 1_000;
/** What p95 may be, in milliseconds. */
const GOAL = 100;
const GOAL_PLACE_AND_SERVICE = 30;

/** Words that callers and agents use. */
const WORDS: Readonly<Record<string, string>> = {
  personalausweis: 'perso',
  fuehrungszeugnis: 'führungszeugnis',
  reisepass: 'reisepass',
};
const DAYS = ['freitag', 'morgen', 'nächste woche', '3.12.', 'übermorgen nachmittag', 'donnerstag nach 10 uhr'];

type Texts = Readonly<Record<string, () => string>>;

/** One letter of a word is left out or two are swapped. */
function mistyped(word: string, random: () => number): string {
  const at = 1 + Math.floor(random() * Math.max(1, word.length - 2));
  return random() < 0.5
    ? word.slice(0, at) + word.slice(at + 1)
    : word.slice(0, at) + (word[at + 1] ?? '') + (word[at] ?? '') + word.slice(at + 2);
}

function textsOf(directory: Directory): Texts {
  const random = createRandom(115);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const place = (): string => pick(directory.places.places).name.toLowerCase();
  const words = Object.entries(WORDS).flatMap(([slug, word]) => (directory.servicesBySlug.has(slug) ? [word] : []));
  const service = (): string => pick(words);
  return {
    place,
    'place + service': () => `${place()} ${service()}`,
    'place + service + date': () => `${place()} ${service()} ${pick(DAYS)}`,
    misspelt: () => `${mistyped(place(), random)} ${mistyped(service(), random)}`,
    service,
    'nothing understood': () => `xq${Math.floor(random() * 1e6).toString(36)} ${pick(['zzyx', 'qwrtz', 'grmblfx'])}`,
  };
}

const calls: { kind: Kind; took: number }[] = [];

interface Row {
  kind: Kind;
  fullWeeks: number;
  texts: string;
  found: number[];
  page: number[];
}

async function searchIn(deps: ReturnType<typeof officeDeps>, text: string): Promise<void> {
  const directory = await deps.directory();
  const query = parseCallQuery(text, vocabularyOf(directory), deps.zone.local(NOW));
  await findOffers(deps, {
    from: query.place?.at ?? null,
    lines: query.services.map(({ service, persons }) => ({ service, persons })),
    dates: query.dates,
    minutes: query.minutes,
    stepFree: query.stepFree,
    scope: 'all',
    count: 3,
  });
}

/** Asks the running program for the fragment as htmx does; null when there is none yet. */
async function openPage(bench: BenchDatabase, database: Database) {
  const agent = await insertUser(database, ['hotline'], { name: '115, Platz 4' });
  const cookie = await sessionCookie(database, agent.id, { now: NOW });
  const serve = fileURLToPath(new URL('./serve.ts', import.meta.url));
  const office = await startProcess(serve, databaseEnv(bench.config));
  const origin = `http://127.0.0.1:${office.port}`;
  const ask = async (text: string): Promise<number> => {
    const response = await fetch(`${origin}${createPaths('').hotlineSearch('benchbenchbenchbenchbe')}`, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        'Sec-Fetch-Site': 'same-origin',
        'HX-Request': 'true',
        'HX-Request-Type': 'partial',
        'HX-Target': 'div#ergebnis',
        Cookie: cookie,
      },
      body: new URLSearchParams({ suche: text }),
    });
    await response.text();
    return response.status;
  };
  const status = await ask('perso');
  if (status === 200)
    return { ask, call: (text: string) => wholeCall(origin, cookie, text), stop: () => office.stop() };
  console.error(`The page is not measured: it answered ${status}`);
  await office.stop();
  return null;
}

/**
 * A call from the empty screen to the read-back: results after each letter, the first time is held, a name and a
 * telephone number are sent, the booked appointment is shown.
 * @returns milliseconds of all its requests together
 */
async function wholeCall(origin: string, cookie: string, text: string): Promise<number> {
  const paths = createPaths('');
  const token = randomBytes(16).toString('base64url');
  let took = 0;
  const send = async (path: string, fields?: Record<string, string>, htmx = false): Promise<Response> => {
    const begun = performance.now();
    const response = await fetch(origin + path, {
      redirect: 'manual',
      headers: {
        'Sec-Fetch-Site': 'same-origin',
        Cookie: cookie,
        ...(htmx ? { 'HX-Request': 'true', 'HX-Request-Type': 'partial', 'HX-Target': 'div#ergebnis' } : {}),
      },
      ...(fields === undefined ? {} : { method: 'POST', body: new URLSearchParams(fields) }),
    });
    const html = await response.text();
    took += performance.now() - begun;
    return new Response(html, { status: response.status === 303 ? 200 : response.status });
  };
  await send(paths.hotline());
  let results = '';
  for (let letters = 1; letters <= text.length; letters++) {
    const answer = await send(paths.hotlineSearch(token), { suche: text.slice(0, letters) }, true);
    results = await answer.text();
  }
  const zeit = /name="zeit" value="([\d.]+)"/.exec(results)?.[1];
  if (zeit === undefined) throw new Error(`No time is offered for ${text}`);
  await send(paths.hotlineTime(token), { suche: text, zeit });
  await send(paths.hotlineCall(token));
  const caller = { familienname: 'Gläser', weg: 'ohne', trotzdem: '1' };
  const booked = await send(paths.hotlineCall(token), caller);
  const page = await (await send(paths.hotlineCall(token))).text();
  if (!booked.ok || !page.includes('kt-groups')) throw new Error('Nothing was booked');
  return took;
}

async function measure(kind: Kind, fullWeeks: number): Promise<Row[]> {
  const bench = await openBench(kind);
  const { database } = bench;
  try {
    await seedState(database, { municipalities: MUNICIPALITIES, horizonDays: 364, placesEach: PLACES_EACH });
    await database.writer('services').where('slug', 'personalausweis').update({ synonyms: 'Perso\nAusweis' });
    await seedWeeks(database, 0, WEEKS, true, fullWeeks);
    const deps = officeDeps(database, NOW);
    const texts = textsOf(await deps.directory());
    const many = async (text: () => string, work: (text: string) => Promise<unknown>): Promise<number[]> => {
      for (let n = 0; n < WARM; n++) await work(text());
      const took: number[] = [];
      for (let n = 0; n < QUESTIONS; n++) {
        const typed = text();
        took.push(await timed(() => work(typed)));
      }
      return took;
    };
    const rows: Row[] = [];
    for (const [name, text] of Object.entries(texts)) {
      rows.push({ kind, fullWeeks, texts: name, found: await many(text, (typed) => searchIn(deps, typed)), page: [] });
    }
    const page = await openPage(bench, database);
    if (page !== null) {
      try {
        for (const row of rows) row.page = await many(texts[row.texts] as () => string, page.ask);
        const call = texts['place + service'] as () => string;
        for (let n = 0; n < CALLS; n++) calls.push({ kind, took: await page.call(call()) });
      } finally {
        await page.stop();
      }
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
    for (const fullWeeks of FULL_WEEKS) rows.push(...(await measure(kind, fullWeeks)));
  }
  const figures = (times: readonly number[]): string[] =>
    [0.5, 0.95, 0.99].map((q) => (times.length === 0 ? '–' : short(quantile(times, q))));
  console.log(`${MUNICIPALITIES * VENUES_EACH * WEEKS} stops from ${FIRST_DAY} on, ${QUESTIONS} questions each`);
  printTable(
    ['database', 'full weeks', 'typed', 'found p50 ms', 'p95', 'p99', 'page p50 ms', 'p95', 'p99'],
    rows.map(({ kind, fullWeeks, texts, found, page }) => [
      kind,
      String(fullWeeks),
      texts,
      ...figures(found),
      ...figures(page),
    ]),
  );
  const worst = (wanted: (row: Row) => boolean): number =>
    Math.max(...rows.filter(wanted).map(({ found, page }) => quantile(page.length > 0 ? page : found, 0.95)));
  const verdict = (name: string, p95: number, goal: number): string =>
    `${name} p95 ${short(p95)} ms (goal ${goal}: ${p95 < goal ? 'met' : 'missed'})`;
  for (const kind of KINDS.filter((one) => calls.some((call) => call.kind === one))) {
    const took = calls.filter((call) => call.kind === kind).map((call) => call.took);
    console.log(
      `${kind}: a whole call, all requests together: p50 ${short(quantile(took, 0.5))} ms, ` +
        `slowest ${short(Math.max(...took))} ms (goal ${GOAL_CALL})`,
    );
  }
  return [
    verdict(
      'all',
      worst(() => true),
      GOAL,
    ),
    verdict(
      'place + service',
      worst(({ texts, fullWeeks }) => texts === 'place + service' && fullWeeks === 0),
      GOAL_PLACE_AND_SERVICE,
    ),
  ].join(', ');
}
