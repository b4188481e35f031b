import { expect } from 'chai';
import type { Database } from '../../server/data/knex.ts';
import { createTravelRepository } from '../../server/data/travelRepository.ts';
import { createRoadTravel } from '../../server/gateways/travel/roads.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { openMigrated } from '../support/raceFixture.ts';

const NOW = Date.parse('2026-12-01T08:00:00Z');
const [MEERANE, GLAUCHAU, TETTAU] = ['50.84922,12.46398', '50.81987,12.54493', '50.84012,12.52077'];
const FURTHEST = '-89.99999,-179.99999';

const pair = (from: string, to: string, askedAt = NOW, seconds = 600) => ({
  from,
  to,
  seconds,
  metres: 9_000,
  askedAt,
});

describeOnBothDatabases('Travel that was asked for before', (open) => {
  let database: Database;
  let travel: ReturnType<typeof createTravelRepository>;

  beforeEach(async () => {
    database = await openMigrated((await open()).config);
    travel = createTravelRepository(database);
  });
  afterEach(() => database.close());

  it('is found by provider, places and age', async () => {
    const kept = [
      pair(MEERANE, GLAUCHAU),
      pair(GLAUCHAU, MEERANE, NOW, 660),
      pair(MEERANE, FURTHEST),
      pair(TETTAU, GLAUCHAU, NOW - 1),
    ];
    await travel.keepFigures('osrm', kept);
    await travel.keepFigures('other', [pair(MEERANE, TETTAU)]);
    const all = [MEERANE, GLAUCHAU, TETTAU, FURTHEST];
    expect(await travel.figures('osrm', all, all, 0)).to.have.deep.members(kept);
    expect(await travel.figures('osrm', all, all, NOW)).to.have.deep.members(kept.slice(0, 3));
    expect(await travel.figures('osrm', [MEERANE], [GLAUCHAU, TETTAU], NOW)).to.deep.equal([kept[0]]);
    expect(await travel.figures('osrm', [], [], 0)).to.deep.equal([]);
    expect(await travel.figures('third', all, all, 0)).to.deep.equal([]);
  });

  it('keeps what was asked last', async () => {
    await travel.keepFigures('osrm', [pair(MEERANE, GLAUCHAU, NOW, 600)]);
    await travel.keepFigures('osrm', [pair(MEERANE, GLAUCHAU, NOW + 5, 700)]);
    expect(await travel.figures('osrm', [MEERANE], [GLAUCHAU], 0)).to.deep.equal([
      pair(MEERANE, GLAUCHAU, NOW + 5, 700),
    ]);
    const streets = [{ name: 'B 93', metres: 8_000 }];
    for (const line of ['_p~iF~ps|U_ulLnnqC', '_p~iF~ps|U']) {
      await travel.keepLines('osrm', [{ from: MEERANE, to: GLAUCHAU, line, streets, askedAt: NOW }]);
    }
    await travel.keepLines('osrm', [{ from: TETTAU, to: MEERANE, line: '??', streets: [], askedAt: NOW }]);
    expect(await travel.lines('osrm', [MEERANE, TETTAU], [GLAUCHAU, MEERANE], NOW)).to.have.deep.members([
      { from: MEERANE, to: GLAUCHAU, line: '_p~iF~ps|U', streets, askedAt: NOW },
      { from: TETTAU, to: MEERANE, line: '??', streets: [], askedAt: NOW },
    ]);
  });

  it('takes large matrices, also from two writers at once', async () => {
    const places = Array.from({ length: 25 }, (_, index) => `50.${index},12.0`);
    const all = places.flatMap((from) => places.filter((to) => to !== from).map((to) => pair(from, to)));
    await Promise.all([travel.keepFigures('osrm', all), travel.keepFigures('osrm', [...all].reverse())]);
    expect(await travel.figures('osrm', places, places, NOW)).to.have.length(600);
    const many = Array.from({ length: 900 }, (_, index) => `51.${index},12.0`);
    expect(await travel.figures('osrm', [...many, ...places], [...places, ...many], NOW)).to.have.length(600);
  });

  it('is deleted when it is old', async () => {
    await travel.keepFigures('osrm', [pair(MEERANE, GLAUCHAU, NOW - 1), pair(GLAUCHAU, MEERANE, NOW)]);
    await travel.keepLines('osrm', [{ from: MEERANE, to: GLAUCHAU, line: '??', streets: [], askedAt: NOW - 1 }]);
    expect(await travel.forgetBefore(NOW)).to.deep.equal({ pairs: 1, ways: 1 });
    expect(await travel.figures('osrm', [MEERANE, GLAUCHAU], [MEERANE, GLAUCHAU], 0)).to.deep.equal([
      pair(GLAUCHAU, MEERANE, NOW),
    ]);
    expect(await travel.forgetBefore(NOW)).to.deep.equal({ pairs: 0, ways: 0 });
  });

  it('may be asked for and kept while a transaction is open', async () => {
    const places = [
      { lat: 50.84922, lon: 12.46398 },
      { lat: 50.81987, lon: 12.54493 },
    ];
    const roads = createRoadTravel({
      provider: {
        name: 'osrm',
        maxPlaces: 100,
        table: (from, to) => Promise.resolve(from.map(() => to.map(() => ({ seconds: 60, metres: 700 })))),
        line: (from, to) => Promise.resolve({ points: [from, to], streets: [] }),
      },
      cache: travel,
      now: () => NOW,
      log: {
        warn: (fields, message) => {
          throw new Error(`${message}: ${JSON.stringify(fields)}`);
        },
      },
    });
    const asked = await database.unit(async () => ({
      matrix: await roads.matrix(places),
      ways: await roads.ways(places),
    }));
    expect(asked.matrix.seconds[0]?.[1]).to.equal(180);
    expect(asked.ways[0]?.estimated).to.equal(false);
    await roads.close();
    expect(await travel.figures('osrm', [MEERANE, GLAUCHAU], [MEERANE, GLAUCHAU], NOW)).to.have.length(2);
    expect(await travel.lines('osrm', [MEERANE], [GLAUCHAU], NOW)).to.have.length(1);
  });
});
