import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { load } from 'cheerio';
import { createPaths } from '../../server/paths.ts';
import { seedDemonstration } from '../../server/demo/seed.ts';
import { createZone } from '../../server/zone.ts';
import { databaseEnv, startProcess } from './processes.ts';
import { openBench, percent, printTable, short } from './support.ts';

/*
 * The pages citizens open most, beside the smallest page that Express and EJS can serve: both compiled, in production
 * mode, each a process of its own, one after the other at the same machine. And what a first visit loads.
 */

const CONNECTIONS = 50;
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 8);
const root = fileURLToPath(new URL('../..', import.meta.url));

interface Answered {
  perSecond: number;
  p50: number;
  p99: number;
}

/** @param headers none: as autocannon asks by itself, uncompressed, like the yardstick's answer */
async function answer(url: string, headers: Record<string, string> = {}): Promise<Answered> {
  await autocannon({ url, connections: CONNECTIONS, duration: 2, headers });
  const result = await autocannon({ url, connections: CONNECTIONS, duration: SECONDS, headers });
  if (result.errors > 0 || result.non2xx > 0) {
    throw new Error(`${url}: ${result.errors} errors, ${result.non2xx} answers that are no page`);
  }
  return { perSecond: result.requests.average, p50: result.latency.p50, p99: result.latency.p99 };
}

/** Bytes of a page with everything it loads at once, as they travel (gzip); tiles of a map are not counted. */
async function weigh(url: string): Promise<number> {
  const bytesOf = async (address: string): Promise<number> => {
    const response = await fetch(address, { headers: { 'Accept-Encoding': 'gzip' } });
    const length = response.headers.get('content-length');
    const body = Buffer.from(await response.arrayBuffer());
    // Pages are compressed while they are sent and name no length: compressed again here.
    return length === null ? (await gzipped(body)).length : Number(length);
  };
  const page = load(await (await fetch(url)).text());
  const addresses = new Set(
    page('link[rel=stylesheet], link[rel=modulepreload], link[rel=preload], link[rel=icon], script[src]')
      .map((_, element) => page(element).attr('href') ?? page(element).attr('src'))
      .get(),
  );
  // Modules that the modules import.
  for (const address of [...addresses].filter((one) => one.endsWith('.js'))) {
    const text = await (await fetch(new URL(address, url))).text();
    for (const [, name] of text.matchAll(/^(?:import|export)[^'"\n]*['"](\.{1,2}\/[^'"]+)['"]/gm)) {
      addresses.add(new URL(name as string, new URL(address, url)).pathname);
    }
  }
  const sizes = await Promise.all([url, ...addresses].map((address) => bytesOf(new URL(address, url).href)));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function gzipped(body: Buffer): Promise<Buffer> {
  const { gzip } = await import('node:zlib');
  return new Promise((resolve, reject) =>
    gzip(body, (error, result) => (error === null ? resolve(result) : reject(error))),
  );
}

export async function run(): Promise<string> {
  execFileSync('npm', ['run', '-s', 'build'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  const serve = fileURLToPath(new URL('./serveBuilt.js', import.meta.url));
  if (!existsSync(serve)) {
    throw new Error(`${serve} is missing`);
  }
  const bench = await openBench('sqlite');
  try {
    await seedDemonstration(bench.database, Date.now(), createZone('Europe/Berlin'));
    const place = await bench.database.reader<{ id: number; name: string }>('places').where('name', 'Meerane').first();
    const service = await bench.database.reader<{ slug: string }>('services').orderBy('position').first();
    const p = createPaths('');
    const pages = {
      'start page': p.start(),
      'visits near a place': p.visits({ place: place?.id }),
      'times near a place': p.times({ place: place?.id, leistung: `${service?.slug}:1` }),
    };

    const plain = await startProcess(fileURLToPath(new URL('./plain.ts', import.meta.url)), { NODE_ENV: 'production' });
    const hello = await answer(`http://127.0.0.1:${plain.port}/`).finally(() => plain.stop());

    const office = await startProcess(serve, databaseEnv(bench.config));
    const rows: { name: string; answered: Answered; kilobytes: number | null }[] = [];
    try {
      for (const [name, path] of Object.entries(pages)) {
        const url = `http://127.0.0.1:${office.port}${path}`;
        rows.push({ name, answered: await answer(url), kilobytes: (await weigh(url)) / 1000 });
        const compressed = await answer(url, { 'Accept-Encoding': 'gzip' });
        rows.push({ name: `${name}, gzip`, answered: compressed, kilobytes: null });
      }
    } finally {
      await office.stop();
    }

    printTable(
      ['page', 'requests/s', 'of hello', 'p50 ms', 'p99 ms', 'p99 of hello', 'first visit kB'],
      [
        ['hello', short(hello.perSecond), '', short(hello.p50), short(hello.p99), '', ''],
        ...rows.map(({ name, answered, kilobytes }) => [
          name,
          short(answered.perSecond),
          percent(answered.perSecond / hello.perSecond),
          short(answered.p50),
          short(answered.p99),
          `${(answered.p99 / hello.p99).toFixed(1)} ×`,
          kilobytes === null ? '' : short(kilobytes),
        ]),
      ],
    );
    return rows
      .map(({ name, answered }) => `${name} ${percent(answered.perSecond / hello.perSecond)} of hello`)
      .join(', ');
  } finally {
    await bench.close();
  }
}
