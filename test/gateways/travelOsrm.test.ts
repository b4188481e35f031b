import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { expect } from 'chai';
import { createOsrm } from '../../server/gateways/travel/osrm.ts';
import { ProviderFailed, RequestRefused, type RoadProvider } from '../../server/gateways/travel/provider.ts';
import { startOsrm, type OsrmServer } from './travelServer.ts';

const recorded = (file: string): string => readFileSync(join(import.meta.dirname, '../fixtures/osrm', file), 'utf8');

const FRIEDRICHSTRASSE = { lat: 52.517037, lon: 13.38886 };
const TORSTRASSE = { lat: 52.529407, lon: 13.397634 };
const PLATZ = { lat: 52.523219, lon: 13.428554 };
const BERLIN = [FRIEDRICHSTRASSE, TORSTRASSE, PLATZ];

type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;

const says =
  (status: number, body: string): Behaviour =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  };

async function failureOf(work: Promise<unknown>): Promise<Error> {
  try {
    await work;
  } catch (error) {
    return error as Error;
  }
  throw new Error('It did not fail');
}

describe('An OSRM server', () => {
  let server: OsrmServer;
  /** In order of the requests; the last one answers all that follow. */
  let behaviours: Behaviour[];
  let osrm: RoadProvider;
  let impatient: RoadProvider;

  beforeEach(async () => {
    behaviours = [];
    server = await startOsrm((request, response) => {
      const next = behaviours.length > 1 ? behaviours.shift() : behaviours[0];
      next?.(request, response);
    });
    osrm = createOsrm({ url: server.url, timeoutMs: 10_000 });
    impatient = createOsrm({ url: server.url, timeoutMs: 400 });
  });
  afterEach(() => server.stop());

  it('is asked for times and distances at once, and its real answer is understood', async () => {
    behaviours = [says(200, recorded('table.json'))];
    // 192.6 s → 193 s, 1886.89 m → 1887 m, and so on.
    expect(await osrm.table(BERLIN, BERLIN)).to.deep.equal([
      [
        { seconds: 0, metres: 0 },
        { seconds: 193, metres: 1887 },
        { seconds: 383, metres: 3791 },
      ],
      [
        { seconds: 199, metres: 1824 },
        { seconds: 0, metres: 0 },
        { seconds: 284, metres: 2838 },
      ],
      [
        { seconds: 345, metres: 3275 },
        { seconds: 222, metres: 2362 },
        { seconds: 0, metres: 0 },
      ],
    ]);
    const asked = new URL(server.requests[0]?.url ?? '', server.url);
    expect(asked.pathname).to.equal('/table/v1/driving/13.38886,52.51704;13.39763,52.52941;13.42855,52.52322');
    expect(Object.fromEntries(asked.searchParams)).to.include({
      annotations: 'duration,distance',
      sources: '0;1;2',
      destinations: '0;1;2',
    });
  });

  it('hears of a place once, even if it is source and destination', async () => {
    behaviours = [says(200, JSON.stringify({ code: 'Ok', durations: [[10, 0]], distances: [[99, 0]] }))];
    expect(await osrm.table([TORSTRASSE], [PLATZ, TORSTRASSE])).to.deep.equal([
      [
        { seconds: 10, metres: 99 },
        { seconds: 0, metres: 0 },
      ],
    ]);
    const asked = new URL(server.requests[0]?.url ?? '', server.url);
    expect(asked.pathname.split(';')).to.have.length(2);
    expect([asked.searchParams.get('sources'), asked.searchParams.get('destinations')]).to.deep.equal(['0', '1;0']);
  });

  it('is asked for the line of a way, and its real answer is understood', async () => {
    behaviours = [says(200, recorded('route.json'))];
    const { points, streets } = (await osrm.line(FRIEDRICHSTRASSE, TORSTRASSE)) ?? { points: [], streets: null };
    expect(streets, 'not asked for').to.deep.equal([]);
    expect(points).to.have.length(6);
    // Where the answer says that the two places lie on the road, to five decimals.
    expect(points[0]).to.deep.equal({ lat: 52.51703, lon: 13.3888 });
    expect(points.at(-1)).to.deep.equal({ lat: 52.52943, lon: 13.39763 });
    expect(server.requests[0]?.url).to.match(
      /^\/route\/v1\/driving\/13\.38886,52\.51704;13\.39763,52\.52941\?overview=full&geometries=polyline&/,
    );
  });

  it('may stand behind a path of a web server', async () => {
    behaviours = [says(200, recorded('route.json'))];
    await createOsrm({ url: `${server.url}/auto`, timeoutMs: 10_000 }).line(FRIEDRICHSTRASSE, TORSTRASSE);
    expect(server.requests[0]?.url).to.match(/^\/auto\/route\/v1\/driving\//);
  });

  it('gets a connection of its own for each request', async () => {
    behaviours = [says(200, recorded('table.json'))];
    await osrm.table(BERLIN, BERLIN);
    await osrm.table(BERLIN, BERLIN);
    expect(server.requests.map(({ connection }) => connection)).to.deep.equal(['close', 'close']);
    expect(server.connections()).to.equal(2);
  });

  it('says where no road leads', async () => {
    behaviours = [
      says(200, JSON.stringify({ code: 'Ok', durations: [[0, null]], distances: [[0, null]] })),
      says(400, JSON.stringify({ code: 'NoTable', message: 'No route found' })),
      says(400, JSON.stringify({ code: 'NoRoute', message: 'Impossible route' })),
    ];
    expect(await osrm.table([PLATZ], [PLATZ, TORSTRASSE])).to.deep.equal([[{ seconds: 0, metres: 0 }, null]]);
    expect(await osrm.table([PLATZ], [PLATZ, TORSTRASSE])).to.deep.equal([[null, null]]);
    expect(await osrm.line(PLATZ, TORSTRASSE)).to.equal(null);
    expect(server.requests).to.have.length(3);
  });

  it('is asked once more where it did not answer', async () => {
    const troubles: Behaviour[] = [
      says(500, 'Internal error'),
      says(502, '<html>Bad Gateway</html>'),
      (request) => request.socket.destroy(),
      (_, response) => response.writeHead(200, { 'content-length': '1000' }).write('{"code":'),
      () => undefined, // hangs
      says(200, '<html>Welcome</html>'),
      says(200, '{"code":"Ok","durations":[[0'),
    ];
    for (const trouble of troubles) {
      behaviours = [trouble, says(200, recorded('table.json'))];
      expect(await impatient.table(BERLIN, BERLIN)).to.have.length(3);
    }
    expect(server.requests).to.have.length(2 * troubles.length);
  });

  it('fails with a reason that names no place', async () => {
    const troubles: [Behaviour, RegExp][] = [
      [says(500, 'Cannot GET /table/v1/driving/13.38886,52.51704'), /^answered 500$/],
      [(request) => request.socket.destroy(), /^no answer \(ECONNRESET\)$/],
      [() => undefined, /^too slow$/],
      [(_, response) => response.writeHead(200).write('{'), /^too slow$/],
      [says(200, 'Cannot GET /table/v1/driving/13.38886,52.51704'), /^answered no JSON of its own$/],
      [says(200, '{"code":"13.38886"}'), /^answered no JSON of its own$/],
      [says(200, '{"code":"Busy"}'), /^answered Busy$/],
      [says(200, '{"code":"Ok"}'), /^answered something else/],
      [says(200, '{"code":"Ok","durations":[[0]],"distances":[[0]]}'), /^answered a table of another size$/],
      [says(200, '{"code":"Ok","durations":[[-1]],"distances":[[0]]}'), /^answered something else/],
    ];
    for (const [trouble, reason] of troubles) {
      behaviours = [trouble];
      const error = await failureOf((String(reason).includes('slow') ? impatient : osrm).table(BERLIN, BERLIN));
      expect(error).to.be.instanceOf(ProviderFailed);
      expect(error.message).to.match(reason);
    }
    behaviours = [says(200, '{"code":"Ok","routes":[{"geometry":"_p~iF"}]}')];
    expect((await failureOf(osrm.line(PLATZ, TORSTRASSE))).message).to.equal('answered a line that cannot be read');
  });

  it('is not asked again what it refused', async () => {
    behaviours = [says(400, JSON.stringify({ code: 'TooBig', message: 'Too many table coordinates' }))];
    const error = await failureOf(osrm.table(BERLIN, BERLIN));
    expect(error).to.be.instanceOf(RequestRefused);
    expect(error.message).to.equal('refused with 400 TooBig');
    expect(server.requests).to.have.length(1);
  });

  it('may be switched off', async () => {
    await server.stop();
    expect((await failureOf(osrm.table(BERLIN, BERLIN))).message).to.equal('no answer (ECONNREFUSED)');
  });
});
