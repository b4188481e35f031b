import { expect } from 'chai';
import fc from 'fast-check';
import type { Coordinates } from '../../server/domain/geo.ts';
import { estimateTravel, GETTING_AWAY_SECONDS } from '../../server/domain/routing/travelEstimate.ts';
import { createOsrm } from '../../server/gateways/travel/osrm.ts';
import {
  placeKey,
  ProviderFailed,
  RequestRefused,
  roundedPlace,
  type CachedFigures,
  type CachedLine,
  type RoadFigures,
  type RoadProvider,
  type TravelCache,
} from '../../server/gateways/travel/provider.ts';
import { createRoadTravel, TRAVEL_KEPT } from '../../server/gateways/travel/roads.ts';
import { startOsrm } from './travelServer.ts';

const NOW = Date.parse('2026-12-01T08:00:00Z');
const HOUR = 60 * 60_000;

const MEERANE = { lat: 50.84922, lon: 12.46398 };
const GLAUCHAU = { lat: 50.81987, lon: 12.54493 };
const TETTAU = { lat: 50.84012, lon: 12.52077 };
const WALDSACHSEN = { lat: 50.85333, lon: 12.51111 };
const OFFICE = [MEERANE, GLAUCHAU, TETTAU, WALDSACHSEN];

/** Places on a grid, each another one. */
const village = (index: number): Coordinates => ({
  lat: 50 + Math.floor(index / 100) / 1000,
  lon: 12 + (index % 100) / 1000,
});

/** Figures that tell from where to where, and differ there and back. */
function road(from: Coordinates, to: Coordinates): RoadFigures {
  const [x, y] = [Math.round((to.lat - from.lat) * 1e5), Math.round((to.lon - from.lon) * 1e5)];
  return {
    seconds: 1_000 + 3 * Math.abs(x) + (x > 0 ? 7 : 1) + Math.abs(y),
    metres: 5_000 + Math.abs(x) + 2 * Math.abs(y),
  };
}

interface Script {
  /** Thrown at a request. */
  trouble: Error | null;
  noRoad: (from: Coordinates, to: Coordinates) => boolean;
}

/** A provider with roads everywhere, which notes what it was asked. */
function scriptedProvider(maxPlaces = 100) {
  const script: Script = { trouble: null, noRoad: () => false };
  const asked: string[] = [];
  const requests: number[] = [];
  let [running, most] = [0, 0];

  /** Answers in a later turn, so that requests overlap. */
  async function inTurn<T>(answer: () => T): Promise<T> {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    if (script.trouble !== null) throw script.trouble;
    return answer();
  }

  const provider: RoadProvider = {
    name: 'test',
    maxPlaces,
    table: (sources, destinations) => {
      requests.push(new Set([...sources, ...destinations].map(placeKey)).size);
      for (const from of sources) {
        for (const to of destinations) if (from !== to) asked.push(`${placeKey(from)}>${placeKey(to)}`);
      }
      return inTurn(() =>
        sources.map((from) => destinations.map((to) => (script.noRoad(from, to) ? null : road(from, to)))),
      );
    },
    line: (from, to) => {
      asked.push(`${placeKey(from)}>${placeKey(to)}`);
      const bend = { lat: from.lat, lon: to.lon };
      const streets = [{ name: 'Dorfstraße', metres: 900 }];
      return inTurn(() => (script.noRoad(from, to) ? null : { points: [from, bend, to], streets }));
    },
  };
  return { provider, script, asked, requests, most: () => most };
}

/** A cache in memory with the contract of the one in the database. */
function memoryCache() {
  const figures = new Map<string, CachedFigures>();
  const lines = new Map<string, CachedLine>();
  const between = <T extends CachedLine | CachedFigures>(
    kept: Map<string, T>,
    from: readonly string[],
    to: readonly string[],
    since: number,
  ): Promise<T[]> =>
    Promise.resolve(
      [...kept.values()].filter((row) => from.includes(row.from) && to.includes(row.to) && row.askedAt >= since),
    );
  const cache: TravelCache = {
    figures: (_, from, to, since) => between(figures, from, to, since),
    lines: (_, from, to, since) => between(lines, from, to, since),
    keepFigures: (_, rows) => {
      for (const row of rows) figures.set(`${row.from}>${row.to}`, row);
      return Promise.resolve();
    },
    keepLines: (_, rows) => {
      for (const row of rows) lines.set(`${row.from}>${row.to}`, row);
      return Promise.resolve();
    },
  };
  return { cache, figures, lines };
}

interface LogLine {
  fields: Record<string, unknown>;
  message: string;
}

/** A process of the office: its own memory, and perhaps a cache that others use, too. */
function office(
  options: { maxPlaces?: number; shared?: ReturnType<typeof memoryCache>; provider?: RoadProvider } = {},
) {
  const scripted = scriptedProvider(options.maxPlaces);
  const kept = options.shared ?? memoryCache();
  const log: LogLine[] = [];
  const clock = { now: NOW };
  const travel = createRoadTravel({
    provider: options.provider ?? scripted.provider,
    cache: kept.cache,
    now: () => clock.now,
    log: { warn: (fields, message) => log.push({ fields: fields as Record<string, unknown>, message }) },
  });
  return { ...scripted, ...kept, log, clock, travel };
}

describe('Travel on roads', () => {
  it('takes as long as the provider says, and to get in, out and parked', async () => {
    const { travel } = office();
    const { seconds, metres, estimated, fellBack } = await travel.matrix([MEERANE, GLAUCHAU]);
    expect(seconds).to.deep.equal([
      [0, road(MEERANE, GLAUCHAU).seconds + GETTING_AWAY_SECONDS],
      [road(GLAUCHAU, MEERANE).seconds + GETTING_AWAY_SECONDS, 0],
    ]);
    expect(metres[0]?.[1]).to.equal(road(MEERANE, GLAUCHAU).metres);
    expect(estimated.flat()).to.deep.equal([false, false, false, false]);
    expect(fellBack).to.equal(false);
    expect(travel.estimated).to.equal(false);
  });

  it('takes no time between places that are one when rounded to a metre', async () => {
    const { travel, asked } = office();
    const nearby = { lat: MEERANE.lat + 0.000001, lon: MEERANE.lon - 0.000001 };
    const { seconds, metres, estimated } = await travel.matrix([MEERANE, nearby, MEERANE]);
    expect([...seconds, ...metres].flat()).to.deep.equal(Array(18).fill(0));
    expect(estimated.flat()).to.deep.equal(Array(9).fill(false));
    expect(await travel.ways([MEERANE, nearby])).to.deep.equal([
      { points: [MEERANE, nearby], estimated: false, streets: [] },
    ]);
    expect(asked).to.deep.equal([]);
    expect((await travel.matrix([])).seconds).to.deep.equal([]);
    expect(await travel.ways([MEERANE])).to.deep.equal([]);
  });

  it('is asked for once, by whichever process of the office', async () => {
    const shared = memoryCache();
    const first = office({ shared });
    const answer = await first.travel.matrix(OFFICE);
    await first.travel.close();
    expect(first.asked).to.have.length(12);
    expect(await first.travel.matrix(OFFICE)).to.deep.equal(answer);
    expect(first.asked, 'remembered').to.have.length(12);

    const second = office({ shared });
    expect(await second.travel.matrix([...OFFICE].reverse())).to.deep.equal({
      ...answer,
      seconds: answer.seconds.map((row) => [...row].reverse()).reverse(),
      metres: answer.metres.map((row) => [...row].reverse()).reverse(),
    });
    expect(second.asked, 'from the cache').to.deep.equal([]);
  });

  it('is asked for only to and from what is new', async () => {
    const { travel, asked, requests } = office();
    await travel.matrix([MEERANE, GLAUCHAU, TETTAU]);
    asked.length = 0;
    requests.length = 0;
    await travel.matrix([MEERANE, WALDSACHSEN, GLAUCHAU, TETTAU]);
    const [m, g, t, w] = [MEERANE, GLAUCHAU, TETTAU, WALDSACHSEN].map(placeKey);
    expect(asked.sort()).to.deep.equal(
      [`${w}>${m}`, `${w}>${g}`, `${w}>${t}`, `${m}>${w}`, `${g}>${w}`, `${t}>${w}`].sort(),
    );
    expect(requests).to.have.length(2);
  });

  it('is asked for again after ninety days', async () => {
    const shared = memoryCache();
    const { travel, asked, clock } = office({ shared });
    await travel.matrix([MEERANE, GLAUCHAU]);
    await travel.close();
    clock.now += TRAVEL_KEPT - 1;
    await travel.matrix([MEERANE, GLAUCHAU]);
    expect(asked).to.have.length(2);
    clock.now += 1 + HOUR;
    await travel.matrix([MEERANE, GLAUCHAU]);
    await travel.close();
    expect(asked).to.have.length(4);
    expect([...shared.figures.values()].map(({ askedAt }) => askedAt)).to.deep.equal([clock.now, clock.now]);
  });

  it('is the same in pieces as asked for at once, whatever is known already', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 0, max: 999 }), { maxLength: 16 }),
        fc.infiniteStream(fc.boolean()),
        fc.integer({ min: 2, max: 8 }),
        async (indices, isKnown, maxPlaces) => {
          const places = indices.map(village);
          const whole = await office({ maxPlaces: 1_000 }).travel.matrix(places);

          const inPieces = office({ maxPlaces });
          for (const from of places) {
            for (const to of places) {
              if (from === to || isKnown.next().value === false) continue;
              const pair = { from: placeKey(from), to: placeKey(to) };
              inPieces.figures.set(`${pair.from}>${pair.to}`, { ...pair, ...road(from, to), askedAt: NOW });
            }
          }
          expect(await inPieces.travel.matrix(places)).to.deep.equal(whole);
          expect(inPieces.requests.every((size) => size <= maxPlaces)).to.equal(true);
          await inPieces.travel.close();
          expect(inPieces.figures.size).to.equal(places.length * (places.length - 1));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is asked for with at most two requests at once', async () => {
    const { travel, requests, most } = office({ maxPlaces: 4 });
    await travel.matrix(Array.from({ length: 12 }, (_, index) => village(index)));
    expect(requests).to.have.length.above(10);
    expect(most()).to.equal(2);
  });
});

describe('Travel where the roads do not answer', () => {
  it('is estimated only where nothing is known, and says so', async () => {
    const { travel, script, figures, log } = office();
    await travel.matrix([MEERANE, GLAUCHAU]);
    script.trouble = new ProviderFailed('answered 500');
    const { seconds, estimated, fellBack } = await travel.matrix([MEERANE, GLAUCHAU, TETTAU]);
    expect(seconds[0]?.[1]).to.equal(road(MEERANE, GLAUCHAU).seconds + GETTING_AWAY_SECONDS);
    expect(seconds[0]?.[2]).to.equal(estimateTravel(MEERANE, TETTAU).seconds);
    expect(estimated).to.deep.equal([
      [false, false, true],
      [false, false, true],
      [true, true, false],
    ]);
    expect(fellBack).to.equal(true);
    await travel.close();
    expect(figures.size, 'nothing estimated is kept as if it were asked').to.equal(2);
    expect(log).to.deep.equal([
      {
        fields: { provider: 'test', reason: 'answered 500', pauseMs: 30_000 },
        message: 'travel is estimated: roads do not answer',
      },
    ]);
    expect((await travel.matrix([MEERANE, GLAUCHAU])).fellBack, 'all is known').to.equal(false);
  });

  it('is not asked for again for half a minute, and is then as good as ever', async () => {
    const { travel, script, requests, clock, log } = office();
    script.trouble = new ProviderFailed('too slow');
    await travel.matrix(OFFICE);
    await travel.ways(OFFICE);
    clock.now += 29_999;
    expect((await travel.matrix(OFFICE)).fellBack).to.equal(true);
    expect([requests.length, log.length]).to.deep.equal([1, 1]);
    script.trouble = null;
    clock.now += 1;
    const { estimated, fellBack } = await travel.matrix(OFFICE);
    expect(estimated.flat()).to.not.include(true);
    expect(fellBack).to.equal(false);
  });

  it('waits for no further piece once one has failed', async () => {
    const { travel, script, requests, log } = office({ maxPlaces: 4 });
    script.trouble = new ProviderFailed('too slow');
    await travel.matrix(Array.from({ length: 30 }, (_, index) => village(index)));
    expect(requests).to.have.length(2);
    expect(log).to.have.length(1);
  });

  it('is asked for again after the clock was set back', async () => {
    const { travel, script, requests, clock } = office();
    script.trouble = new ProviderFailed('too slow');
    await travel.matrix(OFFICE);
    clock.now -= HOUR;
    await travel.matrix(OFFICE);
    expect(requests).to.have.length(2);
  });

  it('is asked for elsewhere, although one request was refused', async () => {
    const { travel, script, log } = office();
    script.trouble = new RequestRefused('refused with 400 NoSegment');
    expect((await travel.matrix([MEERANE, GLAUCHAU])).fellBack).to.equal(true);
    script.trouble = null;
    expect((await travel.matrix([MEERANE, TETTAU])).fellBack).to.equal(false);
    expect(log.map(({ fields }) => fields)).to.deep.equal([{ provider: 'test', reason: 'refused with 400 NoSegment' }]);
  });

  it('never fails a page, even with a fault in our own program, and tells the log no place', async () => {
    const { travel, script, log } = office();
    script.trouble = new TypeError('cannot read 50.84922,12.46398');
    expect((await travel.matrix(OFFICE)).fellBack).to.equal(true);
    expect((await travel.ways(OFFICE)).every(({ estimated }) => estimated)).to.equal(true);
    expect(JSON.stringify(log)).to.include('TypeError').and.not.include('50.84');
  });

  it('is estimated where there is no road, which is an answer and no failure', async () => {
    const { travel, script, asked, clock, figures } = office();
    script.noRoad = (_, to) => placeKey(to) === placeKey(TETTAU);
    const { seconds, estimated, fellBack } = await travel.matrix([MEERANE, TETTAU]);
    expect(seconds[0]?.[1]).to.equal(estimateTravel(MEERANE, TETTAU).seconds);
    expect(estimated).to.deep.equal([
      [false, true],
      [false, false],
    ]);
    expect(fellBack).to.equal(false);
    await travel.matrix([MEERANE, TETTAU]);
    expect(asked, 'remembered').to.have.length(2);
    clock.now += HOUR;
    script.noRoad = () => false;
    expect((await travel.matrix([MEERANE, TETTAU])).estimated.flat()).to.not.include(true);
    await travel.close();
    expect(figures.size).to.equal(2);
  });

  it('goes on without the cache', async () => {
    const broken = memoryCache();
    const fails = () => Promise.reject(new Error('database is locked'));
    broken.cache = { figures: fails, lines: fails, keepFigures: fails, keepLines: fails };
    const { travel, log } = office({ shared: broken });
    expect((await travel.matrix(OFFICE)).fellBack).to.equal(false);
    expect((await travel.ways(OFFICE)).map(({ estimated }) => estimated)).to.deep.equal([false, false, false]);
    await travel.close();
    expect(new Set(log.map(({ message }) => message))).to.deep.equal(
      new Set(['cached travel cannot be read', 'travel cannot be cached']),
    );
  });

  it('does not wait for the cache to be written: the only writer may be the one who asks', async () => {
    const slow = memoryCache();
    const never = new Promise<void>(() => undefined);
    slow.cache = { ...slow.cache, keepFigures: () => never, keepLines: () => never };
    const { travel } = office({ shared: slow });
    expect((await travel.matrix(OFFICE)).fellBack).to.equal(false);
    expect(await travel.ways(OFFICE)).to.have.length(3);
  });
});

describe('The line of a way', () => {
  it('leads from each place to the next one and is asked for once', async () => {
    const shared = memoryCache();
    const first = office({ shared });
    const ways = await first.travel.ways([MEERANE, GLAUCHAU, MEERANE, GLAUCHAU]);
    expect(ways).to.have.length(3);
    expect(ways[0]).to.deep.equal({
      points: [MEERANE, { lat: MEERANE.lat, lon: GLAUCHAU.lon }, GLAUCHAU],
      estimated: false,
      streets: [{ name: 'Dorfstraße', metres: 900 }],
    });
    expect(ways[2]).to.deep.equal(ways[0]);
    expect(first.asked).to.have.length(2);
    await first.travel.close();

    const second = office({ shared });
    expect(await second.travel.ways([MEERANE, GLAUCHAU, MEERANE, GLAUCHAU])).to.deep.equal(ways);
    expect(second.asked).to.deep.equal([]);
  });

  it('is straight, and called estimated, where there is no answer or no road', async () => {
    const { travel, script, lines } = office();
    script.noRoad = (_, to) => placeKey(to) === placeKey(TETTAU);
    const ways = await travel.ways([MEERANE, TETTAU, MEERANE]);
    expect(ways[0]).to.deep.equal({ points: [MEERANE, TETTAU], estimated: true, streets: [] });
    expect(ways[1]?.estimated).to.equal(false);
    script.trouble = new ProviderFailed('too slow');
    expect(await travel.ways([GLAUCHAU, MEERANE])).to.deep.equal([
      { points: [GLAUCHAU, MEERANE], estimated: true, streets: [] },
    ]);
    await travel.close();
    expect([...lines.keys()]).to.deep.equal([`${placeKey(TETTAU)}>${placeKey(MEERANE)}`]);
  });

  it('is asked for again where the cache holds something else', async () => {
    const { travel, lines, asked } = office();
    const [from, to] = [placeKey(MEERANE), placeKey(GLAUCHAU)];
    lines.set('broken', { from, to, line: 'no line', streets: [], askedAt: NOW });
    expect((await travel.ways([MEERANE, GLAUCHAU]))[0]?.estimated).to.equal(false);
    expect(asked).to.have.length(1);
  });
});

describe('Places as the cache knows them', () => {
  it('are rounded to a metre and fit into their column', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -90, max: 90, noNaN: true }),
        fc.double({ min: -180, max: 180, noNaN: true }),
        (lat, lon) => {
          const place = roundedPlace({ lat, lon });
          expect(placeKey(place)).to.have.length.at.most(20);
          expect(placeKey(place)).to.not.match(/-0\.00000/);
          expect(placeKey(roundedPlace(place))).to.equal(placeKey(place));
        },
      ),
    );
  });
});

describe('Travel of an OSRM server', () => {
  it('comes over the wire in pieces of a hundred places, and is estimated while the server is away', async () => {
    const server = await startOsrm((request, response) => {
      const url = new URL(request.url ?? '', 'http://osrm');
      const count = url.pathname.split(';').length;
      const size = (name: string): number => (url.searchParams.get(name) ?? '').split(';').length;
      const table = (figure: number): number[][] =>
        Array.from({ length: size('sources') }, () => Array<number>(size('destinations')).fill(figure));
      const tooBig = count > 100;
      response
        .writeHead(tooBig ? 400 : 200)
        .end(
          JSON.stringify(tooBig ? { code: 'TooBig' } : { code: 'Ok', durations: table(60.4), distances: table(999.5) }),
        );
    });
    const provider = createOsrm({ url: server.url, timeoutMs: 10_000 });
    const places = Array.from({ length: 130 }, (_, index) => village(index));
    const { travel, clock, log } = office({ provider });
    const { seconds, metres, fellBack } = await travel.matrix(places);
    expect(fellBack).to.equal(false);
    expect(seconds[0]?.slice(0, 3)).to.deep.equal([0, 180, 180]); // 60 s of driving and 120 s
    expect(metres[129]?.[0]).to.equal(1_000);
    // 130 × 130 in pieces of h × (100 − h), such as 33 × 67: 4 × 2 is the fewest.
    expect(server.requests).to.have.length(8);

    await server.stop();
    clock.now += HOUR;
    const now = await travel.matrix([...places, MEERANE]);
    expect(now.fellBack).to.equal(true);
    expect(now.estimated.flat().filter(Boolean)).to.have.length(2 * 130);
    expect(log.map(({ fields }) => fields['reason'])).to.deep.equal(['no answer (ECONNREFUSED)']);
  });
});
