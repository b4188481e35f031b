import { expect } from 'chai';
import { createAddressRepository } from '../../server/data/addressRepository.ts';
import { createAddressWriter } from '../../server/data/addressWriter.ts';
import type { Database } from '../../server/data/knex.ts';
import type { AddressHit, AddressSearch } from '../../server/domain/addresses/address.ts';
import { SMALL_BOOK } from '../support/addressBook.ts';
import { ADDRESS_QUERIES } from '../support/addressQueries.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { openMigrated } from '../support/raceFixture.ts';

const NOW = Date.parse('2026-12-01T08:00:00Z');
const going = new AbortController().signal;

async function beginImport(database: Database, state: 'active' | 'running' | 'old'): Promise<number> {
  const [row] = await database.writer<{ id: number }>('osm_imports').insert(
    {
      state,
      file_name: 'a.osm.pbf',
      file_bytes: 1,
      south: 50,
      west: 12,
      north: 51,
      east: 13,
      started_at: NOW,
      seen_at: NOW,
      finished_at: state === 'running' ? null : NOW,
    } as object,
    ['id'],
  );
  return row?.id ?? 0;
}

/** "~Poststraße 9": only about there. */
const shown = (hit: AddressHit | undefined): string => `${hit?.approximate === true ? '~' : ''}${hit?.name ?? ''}`;

describeOnBothDatabases('The search of addresses', (open) => {
  let database: Database;
  let search: AddressSearch;
  let importId: number;

  before(async () => {
    database = await openMigrated((await open()).config);
    search = createAddressRepository(database.reader);
    importId = await beginImport(database, 'active');
    await createAddressWriter(database).write(importId, SMALL_BOOK, { done: () => undefined }, going);
  });
  after(() => database.close());

  for (const [typed, name, detail] of ADDRESS_QUERIES) {
    it(`finds "${typed}"`, async () => {
      const [first] = await search.suggest(typed, 5);
      expect(shown(first)).to.equal(name);
      if (detail !== undefined) expect(first?.detail).to.equal(detail);
    });
  }

  it('knows more than eighty ways of writing', () => {
    expect(ADDRESS_QUERIES.length).to.be.at.least(80);
  });

  it('asks back where a street is in several places, and says which', async () => {
    const answer = await search.resolve('Dorfstraße 3');
    expect(answer.kind).to.equal('several');
    const details = answer.kind === 'several' ? answer.hits.map(({ detail }) => detail) : [];
    expect(details).to.have.members(['08393 Schönberg, Köthel', '08393 Schönberg, Tettau', '08393 Schönberg']);
  });

  it('takes the nearest of several first, where somebody looks from', async () => {
    const [first] = await search.suggest('Dorfstraße', 3, { lat: 50.858, lon: 12.547 });
    expect(first?.detail).to.equal('08393 Schönberg, Tettau');
  });

  it('answers one where one is meant, and asks where a typing error was forgiven', async () => {
    expect((await search.resolve('Poststr. 12')).kind).to.equal('one');
    expect((await search.resolve('Poststraße')).kind).to.equal('one');
    expect((await search.resolve('Hauptstr 10e')).kind).to.equal('one');
    expect((await search.resolve('Postsrtaße 12')).kind).to.equal('near');
    expect((await search.resolve('Nirgendwoweg 3')).kind).to.equal('none');
    expect((await search.resolve('   ')).kind).to.equal('empty');
  });

  it('puts a number that is not there where its neighbours are, and says so', async () => {
    const answer = await search.resolve('Poststraße 11');
    const hit = answer.kind === 'one' ? answer.hit : null;
    expect(hit).to.include({ name: 'Poststraße 11', approximate: true });
    const [ten] = await search.suggest('Poststraße 12', 1);
    expect(Math.abs((hit?.lon ?? 0) - (ten?.lon ?? 0))).to.be.lessThan(0.0004);
  });

  it('finds again what it offered', async () => {
    for (const typed of ['Poststraße 12', 'Poststraße 11', 'Poststraße', 'Meerane']) {
      const [hit] = await search.suggest(typed, 1);
      expect(await search.byId(hit?.id ?? ''), typed).to.deep.equal(hit);
    }
    for (const id of ['', 'h999999', 's0', 'p1x', 'x5', 'h1; drop table osm_names', 's99999999999']) {
      expect(await search.byId(id), id).to.equal(null);
    }
  });

  it('never fails, whatever is typed', async () => {
    const typed = [
      '',
      ' ',
      '"',
      '""',
      "'; drop table osm_names; --",
      '*',
      'a*',
      'AND',
      'OR NOT NEAR(',
      'words:post',
      '-post',
      ':*',
      '!',
      '&|<->',
      '🚲',
      'x'.repeat(10_000),
      '1'.repeat(500),
      'a '.repeat(400),
      'Straße',
      '12',
      '08393',
      '\u0000post',
      'Ümläüt ßß',
      '%_',
    ];
    for (const text of typed) {
      expect(await search.suggest(text, 5), text.slice(0, 20)).to.be.an('array');
      expect((await search.resolve(text)).kind, text.slice(0, 20)).to.be.a('string');
    }
    expect(await search.suggest('Poststraße', 1)).to.have.length(1);
  });

  it('finds nothing of an import that is not in use, and forgets it without touching the other', async () => {
    const writer = createAddressWriter(database);
    const next = await beginImport(database, 'running');
    await writer.write(next, SMALL_BOOK, { done: () => undefined }, going);
    expect(await search.suggest('Poststraße 12', 5)).to.have.length(1);
    await writer.forget(next, going);
    for (const table of ['osm_names', 'osm_words']) {
      expect(await database.reader(table).where('import_id', next).first()).to.equal(undefined);
    }
    const [{ count } = { count: 0 }] = await database.reader<{ count: number }[]>('osm_houses').count({ count: '*' });
    const houses = SMALL_BOOK.streets.reduce((sum, street) => sum + street.houses.length, 0);
    expect(Number(count)).to.equal(houses);
    expect(await search.suggest('Poststraße 12', 5)).to.have.length(1);
  });

  it('is not available without an import', async () => {
    await database.writer('osm_imports').where('id', importId).update({ state: 'old' });
    expect(await search.suggest('Poststraße', 5)).to.deep.equal([]);
    expect(await search.resolve('Poststraße')).to.deep.equal({ kind: 'unavailable' });
    expect(await search.byId('s1')).to.equal(null);
    await database.writer('osm_imports').where('id', importId).update({ state: 'active' });
  });
});
