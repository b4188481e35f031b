import { createAddressRepository } from '../../server/data/addressRepository.ts';
import { createAddressWriter } from '../../server/data/addressWriter.ts';
import { openDatabase, type Database } from '../../server/data/knex.ts';
import { migrateUp } from '../../server/data/migrate.ts';
import type { AddressBook, KnownStreet } from '../../server/domain/addresses/address.ts';
import { extractAddresses } from '../../server/osm/addresses/extract.ts';
import { SILENT } from '../../server/osm/progress.ts';
import { readExtract } from '../../server/osm/read.ts';
import { ADDRESS_QUERIES } from '../support/addressQueries.ts';
import { startPostgres } from '../support/postgres.ts';
import { createTempDir } from '../support/tempDir.ts';
import { benchFile } from './extract.ts';

const HOUSES = 500_000;

/** Half a million houses, made of those of an extract by giving its streets to more and more places. */
export async function run(): Promise<string> {
  const never = new AbortController().signal;
  const data = await readExtract(benchFile('lauf-200115.osm.pbf'), { area: null }, SILENT, never);
  const { book } = extractAddresses(data, SILENT);
  const large = enlarged(book);
  const figures: string[] = [];
  for (const kind of ['sqlite', 'postgres'] as const) {
    const database = openDatabase(
      kind === 'sqlite'
        ? { kind, file: createTempDir('addresses').file('a.sqlite') }
        : { kind, url: (await (await startPostgres()).createDatabase()).url, poolSize: 10 },
    );
    await migrateUp(database);
    figures.push(`${kind} p95 ${(await measure(database, large)).toFixed(2)} ms`);
    await database.close();
  }
  return figures.join(', ');
}

async function measure(database: Database, book: AddressBook): Promise<number> {
  await database.writer('osm_imports').insert({
    id: 1, state: 'active', file_name: 'a', file_bytes: 1, south: 50, west: 12, north: 51, east: 13, started_at: 1, seen_at: 1, finished_at: 1,
  }); // prettier-ignore
  const begun = performance.now();
  await createAddressWriter(database).write(1, book, { done: () => undefined }, new AbortController().signal);
  console.log(`${database.kind}: written in ${((performance.now() - begun) / 1_000).toFixed(1)} s`);
  const search = createAddressRepository(database.reader);
  const queries = [...ADDRESS_QUERIES.map(([typed]) => typed), ...typedBy(book, 1_000)];
  for (const text of queries.slice(0, 200)) await search.suggest(text, 8);
  const times: number[] = [];
  for (const [index, text] of queries.entries()) {
    const asked = performance.now();
    if (index % 2 === 0) await search.suggest(text, 8);
    else await search.resolve(text);
    times.push(performance.now() - asked);
  }
  times.sort((a, b) => a - b);
  const at = (part: number): number => times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0;
  console.log(
    `${database.kind}: p50 ${at(0.5).toFixed(2)} ms, p95 ${at(0.95).toFixed(2)} ms, longest ${at(1).toFixed(1)} ms`,
  );
  return at(0.95);
}

function enlarged({ streets, places }: AddressBook): AddressBook {
  const all: KnownStreet[] = [];
  const invented = places.slice();
  let houses = 0;
  for (let i = 0; houses < HOUSES; i++) {
    const town = `${SYLLABLES[i % SYLLABLES.length] ?? ''}${ENDINGS[Math.floor(i / SYLLABLES.length) % ENDINGS.length] ?? ''}`;
    invented.push({ name: town, kind: 'village', municipality: town, ags: null, postcode: String(8_000 + i).padStart(5, '0'), population: 500, lat: 50 + i / 100, lon: 12 }); // prettier-ignore
    for (const street of streets) {
      all.push({
        ...street,
        municipality: town,
        place: null,
        postcode: String(8_000 + i).padStart(5, '0'),
        lat: street.lat + i / 100,
      });
      houses += street.houses.length;
    }
  }
  console.log(`${houses} houses in ${all.length} streets of ${invented.length} places`);
  return { streets: all, places: invented };
}

const SYLLABLES = ['Ober', 'Nieder', 'Klein', 'Groß', 'Neu', 'Alt', 'Hohen', 'Wald', 'Schön', 'Lang', 'Wolken'];
const ENDINGS = ['burg', 'dorf', 'hain', 'bach', 'au', 'stein', 'feld', 'roda', 'walde', 'berg', 'itz'];

/** Streets with numbers and towns, cut off while typing, or with a letter missing. */
function typedBy({ streets }: AddressBook, count: number): string[] {
  let state = 5;
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  return Array.from({ length: count }, (_, i) => {
    const { name, municipality, houses } = streets[Math.floor(random() * streets.length)] as KnownStreet;
    const whole = `${name} ${houses[0]?.number ?? ''} ${municipality ?? ''}`.trim();
    if (i % 3 === 0) return whole;
    if (i % 3 === 1) return name.slice(0, 4 + Math.floor(random() * name.length));
    const at = 1 + Math.floor(random() * (name.length - 2));
    return `${name.slice(0, at)}${name.slice(at + 1)} ${municipality ?? ''}`;
  });
}
