import { expect } from 'chai';
import type { Database } from '../../server/data/knex.ts';
import { ABANDONED_AFTER, createOsmImports, type OsmImports } from '../../server/data/osmImports.ts';
import { describeOnBothDatabases, type TestDatabase } from '../support/databases.ts';
import { raceProcesses } from '../support/processes.ts';
import { openMigrated } from '../support/raceFixture.ts';

const NOW = Date.parse('2026-11-23T08:00:00Z');
const GLOBE = { south: -90, west: -180, north: 90, east: 180 };
const AREA = { south: 50.6, west: 12.1, north: 51.1, east: 12.9 };
const FILE = { name: 'sachsen-latest.osm.pbf', bytes: 250_000_000 };
const DONE = {
  dataAt: NOW - 86_400_000,
  area: AREA,
  report: { counts: { 'addresses.houses': 5_400, 'addresses.streets': 12 }, faults: { 'way without nodes': 2 } },
};

describeOnBothDatabases('Imports of OpenStreetMap extracts', (open) => {
  let config: TestDatabase['config'];
  let database: Database;
  let imports: OsmImports;

  beforeEach(async () => {
    config = (await open()).config;
    database = await openMigrated(config);
    imports = createOsmImports(database);
  });
  afterEach(() => database.close());

  async function begun(now = NOW): Promise<number> {
    const answer = await imports.begin(FILE, GLOBE, now);
    if (answer.kind !== 'begun') throw new Error('another one is running');
    return answer.id;
  }
  const states = async (): Promise<Record<number, string>> =>
    Object.fromEntries((await imports.list()).map(({ id, state }) => [id, state]));

  it('are none at first', async () => {
    expect(await imports.list()).to.deep.equal([]);
    expect(await imports.active()).to.equal(null);
    expect(await imports.abandoned(NOW)).to.deep.equal([]);
    expect(await imports.stopUsing()).to.equal(null);
  });

  it('are noted when they begin, and tell when they are done what came of them', async () => {
    const id = await begun();
    expect(await imports.active()).to.equal(null);
    expect((await imports.list())[0]).to.include({ id, state: 'running', startedAt: NOW, finishedAt: null });
    expect(await imports.finish(id, DONE, NOW + 5_000)).to.equal('active');
    const active = await imports.active();
    expect(active).to.deep.equal({
      id,
      state: 'active',
      fileName: FILE.name,
      fileBytes: FILE.bytes,
      ...DONE,
      startedAt: NOW,
      seenAt: NOW + 5_000,
      finishedAt: NOW + 5_000,
    });
    expect(Object.keys(active?.report?.counts ?? {})).to.deep.equal(['addresses.houses', 'addresses.streets']);
  });

  it('keep the end of a name that is too long', async () => {
    await imports.begin({ ...FILE, name: `${'a'.repeat(300)}.osm.pbf` }, GLOBE, NOW);
    const [{ fileName } = { fileName: '' }] = await imports.list();
    expect(fileName)
      .to.have.length(255)
      .and.match(/a\.osm\.pbf$/);
  });

  it('are written one at a time, as long as the other one lives', async () => {
    const first = await begun();
    const second = await imports.begin(FILE, GLOBE, NOW + 30_000);
    expect(second).to.deep.include({ kind: 'busy' });
    expect(await imports.heartbeat(first, NOW + 30_000)).to.equal(true);
    expect((await imports.begin(FILE, GLOBE, NOW + ABANDONED_AFTER + 1)).kind).to.equal('busy');
    expect((await imports.begin(FILE, GLOBE, NOW + 30_000 + ABANDONED_AFTER)).kind).to.equal('begun');
  });

  it('that gave no sign of life for a minute are broken off', async () => {
    const id = await begun();
    expect(await imports.abandoned(NOW + ABANDONED_AFTER - 1)).to.deep.equal([]);
    expect((await imports.abandoned(NOW + ABANDONED_AFTER)).map((one) => one.id)).to.deep.equal([id]);
    expect(await imports.giveUp(id, NOW + ABANDONED_AFTER, NOW - 1), 'seen since').to.equal(false);
    expect(await imports.giveUp(id, NOW + ABANDONED_AFTER, NOW)).to.equal(true);
    expect(await states()).to.deep.equal({ [id]: 'old' });
  });

  it('that were taken for broken off never get into use', async () => {
    const id = await begun();
    expect(await imports.giveUp(id, NOW)).to.equal(true);
    expect(await imports.giveUp(id, NOW)).to.equal(false);
    expect(await imports.heartbeat(id, NOW)).to.equal(false);
    expect(await imports.finish(id, DONE, NOW)).to.equal('gone');
    await imports.forget(id);
    expect(await imports.finish(id, DONE, NOW)).to.equal('gone');
    expect(await imports.list()).to.deep.equal([]);
  });

  it('take the place of the one before, and only that of an earlier one', async () => {
    const first = await begun();
    const second = await begun(NOW + ABANDONED_AFTER);
    const third = await begun(NOW + 2 * ABANDONED_AFTER);
    expect(await imports.finish(second, DONE, NOW)).to.equal('active');
    expect(await imports.finish(first, DONE, NOW)).to.equal('overtaken');
    expect(await states()).to.deep.equal({ [first]: 'running', [second]: 'active', [third]: 'running' });
    expect(await imports.finish(third, DONE, NOW)).to.equal('active');
    expect(await states()).to.deep.equal({ [first]: 'running', [second]: 'old', [third]: 'active' });
  });

  it('are forgotten only when they are not in use and not being written', async () => {
    const first = await begun();
    await imports.forget(first);
    await imports.finish(first, DONE, NOW);
    const second = await begun();
    await imports.forget(first);
    await imports.forget(second);
    expect(await states()).to.deep.equal({ [first]: 'active', [second]: 'running' });
    expect(await imports.giveUp(first, NOW), 'the one in use').to.equal(false);
    expect(await imports.stopUsing()).to.equal(first);
    expect(await imports.active()).to.equal(null);
    await imports.forget(first);
    expect(await states()).to.deep.equal({ [second]: 'running' });
  });

  it('never get the number of one before, not even of a forgotten one', async () => {
    const first = await begun();
    await imports.giveUp(first, NOW);
    await imports.forget(first);
    expect(await begun()).to.be.greaterThan(first);
  });

  it('begin once, where four processes want to at the same moment', async function () {
    this.timeout(60_000);
    const answers = await raceProcesses<string>(
      '../osm/importRacer.ts',
      Array.from({ length: 4 }, () => [config, null, NOW]),
    );
    expect(answers.sort()).to.deep.equal(['begun', 'busy', 'busy', 'busy']);
    expect(await imports.list()).to.have.length(1);
  });

  it('leave exactly one in use, the newest, where four processes are done at the same moment', async function () {
    this.timeout(60_000);
    const ids: number[] = [];
    for (let i = 0; i < 4; i++) ids.push(await begun(NOW + i * ABANDONED_AFTER));
    const answers = await raceProcesses<string>(
      '../osm/importRacer.ts',
      ids.map((id) => [config, id, NOW]),
    );
    const last = ids.at(-1) as number;
    expect(answers.at(-1)).to.equal('active');
    const all = await imports.list();
    expect(all.filter(({ state }) => state === 'active').map(({ id }) => id)).to.deep.equal([last]);
    // Whoever came after the newest was told so and is as it was; whoever came before has given way.
    for (const [index, answer] of answers.entries()) {
      const found = all.find(({ id }) => id === ids[index]);
      if (ids[index] !== last) expect(found?.state).to.equal(answer === 'active' ? 'old' : 'running');
    }
  });
});
