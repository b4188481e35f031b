import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { tileAt, tileBounds, tileTouches } from '../../server/gateways/tiles/grid.ts';
import { createTileSource } from '../../server/gateways/tiles/source.ts';
import type { TileAnswer, TileSource, TileSourceOptions } from '../../server/gateways/tiles/source.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

/** Meerane, Schönberg and the villages between. */
const AREA = { south: 50.78, west: 12.38, north: 50.92, east: 12.6 };
const ZOOM = 16;
const FIRST = tileAt(AREA.north, AREA.west, ZOOM);
const PNG = onePixelPng();

/** The n-th tile of the area at zoom level 16, row by row; there are more than 1,000. */
function nth(n: number): [z: number, y: number, x: number] {
  return [ZOOM, FIRST.y + Math.floor(n / 30), FIRST.x + (n % 30)];
}

describe('Map tiles of the office', () => {
  describe('the grid', () => {
    it('puts the town hall of Meerane on the tile OpenStreetMap names for it', () => {
      // n = 2^10 = 1024; x = (12.4719 + 180) / 360 · 1024 = 547.47;
      // y = (1 − asinh(tan 50.8492°) / π) / 2 · 1024 = (1 − 1.03467 / 3.14159) / 2 · 1024 = 343.37
      expect(tileAt(50.8492, 12.4719, 10)).to.deep.equal({ z: 10, y: 343, x: 547 });
    });

    it('has one tile for the whole world at zoom level 0', () => {
      expect(tileAt(85, -180, 0)).to.deep.equal({ z: 0, y: 0, x: 0 });
      expect(tileAt(-90, 180, 0)).to.deep.equal({ z: 0, y: 0, x: 0 });
      const world = tileBounds({ z: 0, y: 0, x: 0 });
      expect(world.north).to.be.closeTo(85.0511287798066, 1e-9);
      expect(world).to.include({ west: -180, east: 180 });
    });

    const zoom = fc.integer({ min: 0, max: 22 });
    const latitude = fc.double({ min: -85.05, max: 85.05, noNaN: true });
    const longitude = fc.double({ min: -180, max: 180, noNaN: true });

    it('finds for every coordinate a tile that contains it', () => {
      fc.assert(
        fc.property(latitude, longitude, zoom, (lat, lon, z) => {
          const tile = tileAt(lat, lon, z);
          const { south, west, north, east } = tileBounds(tile);
          expect(tile.x).to.be.within(0, 2 ** z - 1);
          expect(tile.y).to.be.within(0, 2 ** z - 1);
          // 1e-9 degrees are a tenth of a millimetre: room for rounding at an edge.
          expect(lat).to.be.within(south - 1e-9, north + 1e-9);
          expect(lon).to.be.within(west - 1e-9, east + 1e-9);
        }),
      );
    });

    it('serves every tile with a point of the area, and none that lies apart from it', () => {
      const share = fc.double({ min: 0, max: 1, noNaN: true });
      fc.assert(
        fc.property(share, share, zoom, (up, along, z) => {
          const lat = AREA.south + up * (AREA.north - AREA.south);
          const lon = AREA.west + along * (AREA.east - AREA.west);
          expect(tileTouches(AREA, tileAt(lat, lon, z))).to.equal(true);
        }),
      );
      fc.assert(
        fc.property(latitude, longitude, zoom, (lat, lon, z) => {
          const tile = tileAt(lat, lon, z);
          const edges = tileBounds(tile);
          const apart =
            edges.south > AREA.north || edges.north < AREA.south || edges.west > AREA.east || edges.east < AREA.west;
          expect(tileTouches(AREA, tile)).to.equal(!apart);
        }),
      );
    });

    it('knows no tile with an address that is not a whole number in range', () => {
      for (const bad of [Number.NaN, 1.5, -1, Number.POSITIVE_INFINITY, 2 ** 40]) {
        expect(tileTouches(AREA, { z: bad, y: 0, x: 0 }), `z ${bad}`).to.equal(false);
        expect(tileTouches(AREA, { z: 0, y: bad, x: 0 }), `y ${bad}`).to.equal(false);
        expect(tileTouches(AREA, { z: 0, y: 0, x: bad }), `x ${bad}`).to.equal(false);
      }
    });
  });

  describe('with an upstream', () => {
    let upstream: Upstream;
    let dir: string;
    let now: number;
    let warnings: string[];
    let sources: TileSource[];

    beforeEach(async () => {
      upstream = await startUpstream();
      dir = await mkdtemp(path.join(tmpdir(), 'koffertour-tiles-'));
      now = Date.UTC(2026, 10, 22, 12);
      warnings = [];
      sources = [];
    });

    afterEach(async () => {
      await Promise.all(sources.map((source) => source.close()));
      await upstream.stop();
      await rm(dir, { recursive: true, force: true });
    });

    function openSource(changes: Partial<TileSourceOptions> = {}): TileSource {
      const source = createTileSource({
        upstream: upstream.template,
        cacheDir: path.join(dir, 'cache'),
        area: AREA,
        minZoom: 8,
        maxZoom: 18,
        timeoutMs: 15 * SECOND,
        maxCacheBytes: 10_000_000,
        clock: () => now,
        userAgent: 'Koffertour/test',
        log: { warn: (_details, message) => warnings.push(message) },
        ...changes,
      });
      sources.push(source);
      return source;
    }

    async function kinds(answers: Array<Promise<TileAnswer>>): Promise<string[]> {
      return (await Promise.all(answers)).map((answer) => answer.kind);
    }

    describe('fetching', () => {
      it('hands on the picture it was given, asking politely and on a connection of its own', async () => {
        const answer = await openSource().get(...nth(0));
        expect(answer).to.deep.equal({
          kind: 'tile',
          body: PNG,
          contentType: 'image/png',
          fetchedAt: now,
          stale: false,
        });
        expect(upstream.requests).to.deep.equal([`/${ZOOM}/${FIRST.y}/${FIRST.x}.png`]);
        expect(upstream.lastHeaders).to.include({ 'user-agent': 'Koffertour/test', connection: 'close' });
        expect(upstream.lastHeaders).not.to.have.any.keys('cookie', 'referer', 'authorization');
      });

      it('accepts JPEG and WebP as well, and remembers which it was', async () => {
        const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0]);
        const webp = Buffer.concat([Buffer.from('RIFF\0\0\0\0WEBPVP8 ', 'latin1')]);
        const source = openSource();
        upstream.answer = (_req, res) => send(res, 200, 'image/jpeg; charset=binary', jpeg);
        await source.get(...nth(0));
        upstream.answer = (_req, res) => send(res, 200, 'image/webp', webp);
        await source.get(...nth(1));
        expect(await source.get(...nth(0))).to.include({ kind: 'tile', contentType: 'image/jpeg' });
        expect(await source.get(...nth(1))).to.include({ kind: 'tile', contentType: 'image/webp' });
        expect(upstream.requests).to.have.length(2);
      });

      it('asks nobody for places and zoom levels the office does not show', async () => {
        const source = openSource();
        const berlin = tileAt(52.52, 13.4, 12);
        const tooNear = tileAt(50.85, 12.47, 19);
        const tooFar = tileAt(50.85, 12.47, 7);
        for (const { z, y, x } of [berlin, tooNear, tooFar]) {
          expect(await source.get(z, y, x)).to.deep.equal({ kind: 'outside' });
        }
        expect(upstream.requests).to.deep.equal([]);
      });

      it('serves the first and the last zoom level', async () => {
        const source = openSource();
        for (const zoom of [8, 18]) {
          const { z, y, x } = tileAt(50.85, 12.47, zoom);
          expect((await source.get(z, y, x)).kind).to.equal('tile');
        }
      });

      it('makes one request of fifty wishes for the same tile', async () => {
        const source = openSource();
        const held = upstream.hold();
        const answers = Array.from({ length: 50 }, () => source.get(...nth(0)));
        await until(() => held.length === 1);
        held.forEach((res) => send(res, 200, 'image/png', PNG));
        expect(new Set(await kinds(answers))).to.deep.equal(new Set(['tile']));
        expect(upstream.requests).to.have.length(1);
      });

      it('makes at most six requests at a time', async () => {
        const source = openSource();
        const held = upstream.hold();
        const answers = Array.from({ length: 30 }, (_, n) => source.get(...nth(n)));
        for (let answered = 0; answered < 30; answered += 1) {
          await until(() => held.length === Math.min(30, answered + 6));
          expect(upstream.requests.length - answered).to.be.at.most(6);
          send(held[answered]!, 200, 'image/png', PNG);
        }
        expect(new Set(await kinds(answers))).to.deep.equal(new Set(['tile']));
        expect(upstream.requests).to.have.length(30);
      });

      it('turns wishes away at once when too many wait', async () => {
        const source = openSource();
        const held = upstream.hold();
        const waiting = Array.from({ length: 6 + 256 }, (_, n) => source.get(...nth(n)));
        await until(() => held.length === 6);
        const tooMany = Array.from({ length: 20 }, (_, n) => source.get(...nth(500 + n)));
        // Reading the disk first decides who comes first, so any of all may be the ones turned away.
        const turnedAway: string[] = [];
        for (const answer of [...waiting, ...tooMany]) void answer.then(({ kind }) => turnedAway.push(kind));
        await until(() => turnedAway.length === 20);
        expect(new Set(turnedAway)).to.deep.equal(new Set(['unavailable']));
        upstream.answer = servePng;
        held.forEach((res) => send(res, 200, 'image/png', PNG));
        const all = await kinds([...waiting, ...tooMany]);
        expect(all.filter((kind) => kind === 'tile')).to.have.length(262);
        expect(upstream.requests).to.have.length(262);
      });

      it('does not let a wish wait longer than two time limits for its turn', async () => {
        let lookedAtClock = 0;
        const clock = (): number => {
          lookedAtClock += 1;
          return now;
        };
        const source = openSource({ clock });
        const held = upstream.hold();
        const first = Array.from({ length: 6 }, (_, n) => source.get(...nth(n)));
        await until(() => held.length === 6);
        const before = lookedAtClock;
        const late = source.get(...nth(6));
        // The wish notes the time when it joins the queue.
        await until(() => lookedAtClock > before);
        now += 30 * SECOND;
        held.forEach((res) => send(res, 200, 'image/png', PNG));
        expect(new Set(await kinds(first))).to.deep.equal(new Set(['tile']));
        expect((await late).kind).to.equal('unavailable');
        expect(upstream.requests).to.have.length(6);
      });
    });

    describe('an upstream that misbehaves', () => {
      const misbehaviours: Record<string, (req: IncomingMessage, res: ServerResponse) => void> = {
        'answers with an error': (_req, res) => send(res, 500, 'text/plain', Buffer.from('broken')),
        'refuses us': (_req, res) => send(res, 403, 'text/plain', Buffer.from('no')),
        'drops the connection': (req) => req.socket.destroy(),
        'breaks off in the middle': (req, res) => {
          res.writeHead(200, { 'content-type': 'image/png', 'content-length': PNG.length });
          res.write(PNG.subarray(0, 20), () => req.socket.destroy());
        },
        'answers with a web page': (_req, res) => send(res, 200, 'text/html', Buffer.from('<p>Anmeldung')),
        'calls a web page a picture': (_req, res) => send(res, 200, 'image/png', Buffer.from('<p>Anmeldung')),
        'calls a picture something else': (_req, res) => send(res, 200, 'image/jpeg', PNG),
        'sends an empty picture': (_req, res) => send(res, 200, 'image/png', Buffer.alloc(0)),
        'announces too much': (_req, res) => send(res, 200, 'image/png', padded(1024 * 1024 + 1)),
        'sends too much unannounced': (_req, res) => {
          res.writeHead(200, { 'content-type': 'image/png' });
          res.end(padded(1024 * 1024 + 1));
        },
      };
      for (const [name, answer] of Object.entries(misbehaviours)) {
        it(`that ${name} gives no tile, leaves nothing on disk and is left alone after five tries`, async () => {
          const source = openSource();
          upstream.answer = answer;
          for (let n = 0; n < 20; n += 1) {
            expect(await source.get(...nth(n))).to.deep.equal({ kind: 'unavailable' });
          }
          expect(upstream.requests).to.have.length(5);
          expect(warnings).to.deep.equal(['Map tile upstream is left alone']);
          expect(await filesBelow(dir)).to.deep.equal([]);
        });
      }

      it('that sends exactly one mebibyte is still within the limit', async () => {
        upstream.answer = (_req, res) => send(res, 200, 'image/png', padded(1024 * 1024));
        expect((await openSource().get(...nth(0))).kind).to.equal('tile');
      });

      it('that never answers, or never ends its answer, is given up after the time limit', async () => {
        const source = openSource({ timeoutMs: 40 });
        upstream.answer = () => undefined;
        expect((await source.get(...nth(0))).kind).to.equal('unavailable');
        upstream.answer = (_req, res) => {
          res.writeHead(200, { 'content-type': 'image/png' });
          res.write(PNG.subarray(0, 10));
        };
        expect((await source.get(...nth(1))).kind).to.equal('unavailable');
        for (let n = 2; n < 20; n += 1) await source.get(...nth(n));
        expect(upstream.requests).to.have.length.within(1, 5);
      });

      it('that cannot be reached at all is no error', async () => {
        const template = upstream.template;
        await upstream.stop();
        const source = openSource({ upstream: template });
        for (let n = 0; n < 8; n += 1) expect((await source.get(...nth(n))).kind).to.equal('unavailable');
        expect(warnings).to.have.length(1);
      });

      it('that sends us to another host is not followed', async () => {
        const other = await startUpstream();
        try {
          upstream.answer = (req, res) => {
            res.writeHead(302, { location: other.template.replace('/{z}/{y}/{x}.png', req.url ?? '') });
            res.end();
          };
          expect((await openSource().get(...nth(0))).kind).to.equal('unavailable');
          expect(other.requests).to.deep.equal([]);
        } finally {
          await other.stop();
        }
      });

      it('costs one try a minute for one broken tile while the rest of the map works', async () => {
        const source = openSource();
        const broken = `/${nth(3).join('/')}.png`;
        upstream.answer = (req, res) => (req.url === broken ? send(res, 500, 'text/plain', PNG) : servePng(req, res));
        for (let round = 0; round < 10; round += 1) {
          expect((await source.get(...nth(3))).kind).to.equal('unavailable');
          expect((await source.get(...nth(10 + round))).kind).to.equal('tile');
        }
        expect(upstream.requests.filter((url) => url === broken)).to.have.length(1);
        now += MINUTE;
        await source.get(...nth(3));
        expect(upstream.requests.filter((url) => url === broken)).to.have.length(2);
      });

      it('is not left alone for failures with a success between them', async () => {
        const source = openSource();
        for (let n = 0; n < 20; n += 1) {
          upstream.answer = n % 5 === 4 ? servePng : misbehaviours['answers with an error']!;
          await source.get(...nth(n));
        }
        expect(upstream.requests).to.have.length(20);
        expect(warnings).to.deep.equal([]);
      });
    });

    describe('the pause', () => {
      const fail = (_req: IncomingMessage, res: ServerResponse): void => send(res, 503, 'text/plain', Buffer.alloc(0));
      let next: number;

      beforeEach(() => (next = 0));

      function fresh(): [number, number, number] {
        return nth(next++);
      }

      async function bringDown(source: TileSource): Promise<void> {
        upstream.answer = fail;
        for (let n = 0; n < 5; n += 1) await source.get(...fresh());
        expect(upstream.requests).to.have.length(5);
      }

      it('lasts 60 seconds, then 2, 4, 8 and from then on 15 minutes, with one probe after each', async () => {
        const source = openSource();
        await bringDown(source);
        for (const seconds of [60, 120, 240, 480, 900, 900]) {
          const before = upstream.requests.length;
          now += seconds * SECOND - 1;
          await Promise.all(Array.from({ length: 20 }, () => source.get(...fresh())));
          expect(upstream.requests, `just before ${seconds} s`).to.have.length(before);
          now += 1;
          const answers = await kinds(Array.from({ length: 20 }, () => source.get(...fresh())));
          expect(new Set(answers)).to.deep.equal(new Set(['unavailable']));
          expect(upstream.requests, `after ${seconds} s`).to.have.length(before + 1);
        }
      });

      it('ends with the first success, and starts at 60 seconds again', async () => {
        const source = openSource();
        await bringDown(source);
        now += MINUTE;
        await source.get(...fresh());
        upstream.answer = servePng;
        now += 2 * MINUTE;
        expect((await source.get(...fresh())).kind).to.equal('tile');
        expect((await source.get(...fresh())).kind).to.equal('tile');
        upstream.requests.length = 0;
        await bringDown(source);
        now += MINUTE;
        await source.get(...fresh());
        expect(upstream.requests).to.have.length(6);
      });

      it('is not made longer by requests that were under way when it began', async () => {
        const source = openSource();
        const held = upstream.hold();
        const answers = Array.from({ length: 6 }, () => source.get(...fresh()));
        await until(() => held.length === 6);
        let answered = 0;
        for (const answer of answers) void answer.then(() => (answered += 1));
        held.slice(0, 5).forEach((res) => send(res, 500, 'text/plain', Buffer.alloc(0)));
        await until(() => answered === 5);
        now += 59 * SECOND;
        send(held[5]!, 500, 'text/plain', Buffer.alloc(0));
        await Promise.all(answers);
        expect(warnings).to.have.length(1);
        now += SECOND;
        upstream.answer = servePng;
        expect((await source.get(...fresh())).kind).to.equal('tile');
      });

      it('answers those in the queue at once', async () => {
        const source = openSource();
        const held = upstream.hold();
        const answers = Array.from({ length: 60 }, () => source.get(...fresh()));
        await until(() => held.length === 6);
        held.forEach((res) => send(res, 500, 'text/plain', Buffer.alloc(0)));
        // Places that become free before the fifth failure take up to four more.
        upstream.answer = fail;
        expect(new Set(await kinds(answers))).to.deep.equal(new Set(['unavailable']));
        expect(upstream.requests.length).to.be.at.most(10);
      });

      it('does not last for years because the clock was set back', async () => {
        const source = openSource();
        await bringDown(source);
        now -= 365 * DAY;
        upstream.answer = servePng;
        expect((await source.get(...fresh())).kind).to.equal('tile');
      });

      it('does not keep tiles on disk from being shown', async () => {
        const source = openSource();
        await source.get(...nth(900));
        upstream.requests.length = 0;
        await bringDown(source);
        expect((await source.get(...nth(900))).kind).to.equal('tile');
        now += 31 * DAY;
        expect(await source.get(...nth(900))).to.include({ kind: 'tile', stale: true });
      });
    });

    describe('a tile the map does not have', () => {
      for (const status of [204, 404, 410]) {
        it(`is asked for once a day (status ${status})`, async () => {
          const source = openSource();
          upstream.answer = (_req, res) => {
            res.writeHead(status);
            res.end();
          };
          for (let n = 0; n < 5; n += 1) expect(await source.get(...nth(0))).to.deep.equal({ kind: 'missing' });
          now += DAY - 1;
          await source.get(...nth(0));
          expect(upstream.requests).to.have.length(1);
          now += 1;
          upstream.answer = servePng;
          expect((await source.get(...nth(0))).kind).to.equal('tile');
        });
      }

      it('does not count as a failure', async () => {
        const source = openSource();
        upstream.answer = (_req, res) => send(res, 404, 'text/html', Buffer.from('none'));
        for (let n = 0; n < 20; n += 1) await source.get(...nth(n));
        expect(upstream.requests).to.have.length(20);
      });
    });

    describe('the cache', () => {
      it('survives a restart, even one without an upstream', async () => {
        const before = openSource();
        const answer = await before.get(...nth(0));
        await before.close();
        const after = openSource({ upstream: null });
        now += 29 * DAY;
        expect(await after.get(...nth(0))).to.deep.equal(answer);
        expect(await after.get(...nth(1))).to.deep.equal({ kind: 'unavailable' });
        expect(upstream.requests).to.have.length(1);
      });

      it('keeps a tile as z/y/x.png with the time it was fetched', async () => {
        await openSource().get(...nth(0));
        const file = path.join(dir, 'cache', String(ZOOM), String(FIRST.y), `${FIRST.x}.png`);
        expect(await readFile(file)).to.deep.equal(PNG);
        expect(Math.round((await stat(file)).mtimeMs)).to.equal(now);
        expect(await filesBelow(dir)).to.have.length(1);
      });

      it('serves a tile for 30 days without asking, then shows the old one and refreshes it once', async () => {
        const source = openSource();
        await source.get(...nth(0));
        now += 30 * DAY - 1;
        expect(await source.get(...nth(0))).to.include({ stale: false });
        now += 1;
        const held = upstream.hold();
        for (let n = 0; n < 10; n += 1) expect(await source.get(...nth(0))).to.include({ kind: 'tile', stale: true });
        await until(() => held.length === 1);
        send(held[0]!, 200, 'image/png', PNG);
        await untilAsync(async () => {
          const answer = await source.get(...nth(0));
          return answer.kind === 'tile' && !answer.stale && answer.fetchedAt === now;
        });
        expect(upstream.requests).to.have.length(2);
      });

      it('goes on showing the old tile where the upstream fails or has lost it, without asking again and again', async () => {
        for (const status of [500, 404]) {
          const source = openSource({ cacheDir: path.join(dir, String(status)) });
          upstream.answer = servePng;
          await source.get(...nth(0));
          now += 40 * DAY;
          upstream.requests.length = 0;
          upstream.answer = (_req, res) => send(res, status, 'text/plain', Buffer.alloc(0));
          for (let n = 0; n < 40; n += 1) {
            expect(await source.get(...nth(0))).to.include({ kind: 'tile', stale: true });
          }
          await until(() => upstream.requests.length === 1);
        }
      });

      it('is shared by several processes that see whole tiles only', async () => {
        const sources = [openSource(), openSource(), openSource()];
        upstream.answer = (_req, res) => send(res, 200, 'image/png', padded(200_000));
        const answers = await Promise.all(
          Array.from({ length: 60 }, (_, n) => sources[n % 3]!.get(...nth(Math.floor(n / 6)))),
        );
        for (const answer of answers) {
          expect(answer.kind).to.equal('tile');
          if (answer.kind === 'tile') expect(answer.body).to.have.length(200_000);
        }
        expect((await filesBelow(dir)).filter((name) => !name.endsWith('.png'))).to.deep.equal([]);
      });

      it('fetches anew what a crash has left empty or something has spoilt', async () => {
        const folder = path.join(dir, 'cache', String(ZOOM), String(FIRST.y));
        await mkdir(folder, { recursive: true });
        for (const spoilt of [Buffer.alloc(0), Buffer.from('<p>no picture'), padded(1024 * 1024 + 1)]) {
          await writeFile(path.join(folder, `${FIRST.x}.png`), spoilt);
          expect(await openSource().get(...nth(0))).to.include({ kind: 'tile', stale: false });
        }
        expect(upstream.requests).to.have.length(3);
      });

      it('that cannot be written is said once, and the map goes on without', async () => {
        await writeFile(path.join(dir, 'a-file'), '');
        const source = openSource({ cacheDir: path.join(dir, 'a-file', 'cache') });
        for (let n = 0; n < 10; n += 1) expect((await source.get(...nth(n))).kind).to.equal('tile');
        now += 20 * MINUTE;
        for (let n = 0; n < 10; n += 1) expect((await source.get(...nth(n))).kind).to.equal('tile');
        expect(warnings).to.deep.equal(['Map tiles cannot be kept on disk; going on without']);
      });

      it('leaves nothing half-written where a tile cannot be put in its place', async () => {
        await mkdir(path.join(dir, 'cache', ...nth(0).map(String)) + '.png', { recursive: true });
        expect((await openSource().get(...nth(0))).kind).to.equal('tile');
        expect(await filesBelow(dir)).to.deep.equal([]);
        expect(warnings).to.have.length(1);
      });

      it('does not ask again and again for a new tile that it cannot keep in place of the old one', async () => {
        await seed(path.join(dir, 'cache', String(ZOOM), String(FIRST.y)), FIRST.x, 1);
        upstream.answer = (_req, res) => send(res, 200, 'image/png', padded(5000));
        const source = openSource({ maxCacheBytes: 4000 });
        for (let n = 0; n < 200; n += 1) expect(await source.get(...nth(0))).to.include({ kind: 'tile', stale: true });
        await until(() => upstream.requests.length === 1);
      });

      it('that can be written again is used again', async () => {
        const blocked = path.join(dir, 'cache');
        await writeFile(blocked, '');
        const source = openSource();
        await source.get(...nth(0));
        await rm(blocked);
        await source.get(...nth(1));
        expect(await filesBelow(dir)).to.deep.equal([]);
        now += 10 * MINUTE;
        await source.get(...nth(2));
        expect(await filesBelow(dir)).to.have.length(1);
      });

      it('is emptied of its oldest tiles when it grows too large, and of nothing else', async () => {
        const folder = path.join(dir, 'cache', String(ZOOM), String(FIRST.y));
        await seed(folder, 100, 20);
        await writeFile(path.join(folder, 'LIESMICH'), 'not a tile');
        const source = openSource({ maxCacheBytes: 10 * PNG.length });
        await source.get(...nth(0));
        await source.close();
        // 20 old tiles and the new one make 21; they are swept down to nine tenths of 10 tiles.
        const left = (await readdir(folder)).sort();
        const kept = Array.from({ length: 8 }, (_, n) => `${112 + n}.png`);
        expect(left).to.deep.equal([...kept, `${FIRST.x}.png`, 'LIESMICH'].sort());
      });

      it('is swept at most every ten minutes, and does not grow beyond its limit in between', async () => {
        const folder = path.join(dir, 'cache', String(ZOOM), '1');
        const source = openSource({ maxCacheBytes: 10 * PNG.length });
        await source.get(...nth(0));
        await seed(folder, 0, 20);
        now += 10 * MINUTE - 1;
        for (let n = 1; n < 40; n += 1) await source.get(...nth(n));
        const tiles = await filesBelow(dir);
        expect(tiles.filter((name) => name.startsWith(folder))).to.have.length(20);
        expect(tiles.length - 20).to.be.at.most(11);
        now += 1;
        await source.get(...nth(50));
        await source.close();
        expect((await filesBelow(dir)).length).to.be.at.most(10);
      });

      it('loses what a crashed process left half-written, but not what another is writing', async () => {
        const folder = path.join(dir, 'cache', String(ZOOM), String(FIRST.y));
        const half = path.join(folder, '.0b6a1f8e-30f4-4c39-a1c4-7f0d9ad0c2c1.tmp');
        await mkdir(folder, { recursive: true });
        await writeFile(half, PNG.subarray(0, 10));
        const young = openSource();
        await young.get(...nth(0));
        await young.close();
        expect(await filesBelow(dir)).to.include(half);
        const computersClock = Date.now;
        try {
          Date.now = () => computersClock() + 2 * 60 * MINUTE;
          const old = openSource();
          await old.get(...nth(1));
          await old.close();
        } finally {
          Date.now = computersClock;
        }
        expect(await filesBelow(dir)).not.to.include(half);
      });

      it('of no size keeps nothing', async () => {
        const source = openSource({ maxCacheBytes: 0 });
        expect((await source.get(...nth(0))).kind).to.equal('tile');
        expect(await filesBelow(dir)).to.deep.equal([]);
      });

      it('is never left by an address that is no number', async () => {
        const source = openSource();
        for (const bad of ['../../etc/passwd', '..', '1/../..', Number.NaN, -1, 0.5, null] as unknown as number[]) {
          expect((await source.get(ZOOM, FIRST.y, bad)).kind).to.equal('outside');
          expect((await source.get(ZOOM, bad, FIRST.x)).kind).to.equal('outside');
          expect((await source.get(bad, FIRST.y, FIRST.x)).kind).to.equal('outside');
        }
        expect(upstream.requests).to.deep.equal([]);
        expect(await filesBelow(dir)).to.deep.equal([]);
      });
    });

    describe('stopping', () => {
      it('gives up what is under way and answers everybody', async () => {
        const source = openSource();
        const held = upstream.hold();
        const answers = Array.from({ length: 40 }, (_, n) => source.get(...nth(n)));
        await until(() => held.length === 6);
        await source.close();
        expect(new Set(await kinds(answers))).to.deep.equal(new Set(['unavailable']));
        expect((await source.get(...nth(100))).kind).to.equal('unavailable');
        expect(upstream.requests).to.have.length(6);
        expect(warnings).to.deep.equal([]);
      });
    });

    describe('the configuration', () => {
      it('takes the map of the German federation and states', () => {
        const basemap =
          'https://sgx.geodatenzentrum.de/wmts_basemapde/tile/1.0.0/de_basemapde_web_raster_farbe/default/GLOBAL_WEBMERCATOR/{z}/{y}/{x}.png';
        expect(() => openSource({ upstream: basemap })).not.to.throw();
      });

      const wrong: Array<[changes: Partial<TileSourceOptions>, sentence: RegExp]> = [
        [{ upstream: 'ftp://example.org/{z}/{y}/{x}.png' }, /begin with http/],
        [{ upstream: 'file:///srv/{z}/{y}/{x}.png' }, /begin with http/],
        [{ upstream: '/tiles/{z}/{y}/{x}.png' }, /cannot be read/],
        [{ upstream: 'https://example.org/{z}/{x}.png' }, /lacks \{y\}/],
        [{ upstream: 'https://{s}.example.org/{z}/{y}/{x}.png' }, /no placeholders but/],
        [{ upstream: 'https://me:secret@example.org/{z}/{y}/{x}.png' }, /no user name or password/],
        [{ area: { ...AREA, north: 50 } }, /south must be less/],
        [{ area: { ...AREA, east: Number.NaN } }, /west must be less/],
        [{ area: { ...AREA, north: 91 } }, /between -90 and 90/],
        [{ area: { ...AREA, west: -181 } }, /between -180 and 180/],
        [{ minZoom: 12, maxZoom: 11 }, /min ≤ max/],
        [{ maxZoom: 23 }, /min ≤ max/],
        [{ minZoom: 1.5 }, /whole numbers/],
        [{ timeoutMs: 0 }, /time limit/],
        [{ maxCacheBytes: -1 }, /size of the cache/],
      ];
      for (const [changes, sentence] of wrong) {
        it(`is refused with a reason: ${JSON.stringify(changes)}`, () => {
          expect(() => openSource(changes)).to.throw(RangeError, sentence);
        });
      }
    });
  });
});

interface Upstream {
  template: string;
  requests: string[];
  lastHeaders: IncomingMessage['headers'];
  answer: (req: IncomingMessage, res: ServerResponse) => void;
  /** From now on requests are kept waiting in the list returned. */
  hold(): ServerResponse[];
  stop(): Promise<void>;
}

async function startUpstream(): Promise<Upstream> {
  const server = createServer((req, res) => {
    upstream.requests.push(req.url ?? '');
    upstream.lastHeaders = req.headers;
    res.on('error', () => undefined);
    upstream.answer(req, res);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const upstream: Upstream = {
    template: `http://127.0.0.1:${port}/{z}/{y}/{x}.png`,
    requests: [],
    lastHeaders: {},
    answer: servePng,
    hold() {
      const held: ServerResponse[] = [];
      upstream.answer = (_req, res) => held.push(res);
      return held;
    },
    async stop() {
      const stopped = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await stopped;
    },
  };
  return upstream;
}

function servePng(_req: IncomingMessage, res: ServerResponse): void {
  send(res, 200, 'image/png', PNG);
}

function send(res: ServerResponse, status: number, type: string, body: Buffer): void {
  res.writeHead(status, { 'content-type': type, 'content-length': body.length });
  res.end(body);
}

/** A PNG signature with as many bytes in all. */
function padded(bytes: number): Buffer {
  return Buffer.concat([PNG, Buffer.alloc(bytes - PNG.length)]);
}

/** One grey pixel: signature, IHDR (1 × 1, 8 bit, grey), IDAT (filter byte and pixel), IEND. */
function onePixelPng(): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const check = Buffer.alloc(4);
    check.writeUInt32BE(crc32(named));
    return Buffer.concat([length, named, check]);
  };
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0])),
    chunk('IDAT', deflateSync(Buffer.from([0, 0x80]))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Writes tiles first … first + count − 1, each fetched a day after the one before, all before 2026. */
async function seed(folder: string, first: number, count: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let n = 0; n < count; n += 1) {
    const file = path.join(folder, `${first + n}.png`);
    const fetchedAt = (Date.UTC(2025, 0, 1) + n * DAY) / SECOND;
    await writeFile(file, PNG);
    await utimes(file, fetchedAt, fetchedAt);
  }
}

async function filesBelow(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

async function until(holds: () => boolean): Promise<void> {
  await untilAsync(() => Promise.resolve(holds()));
}

/** Waits, turn by turn of the event loop for what is bound to happen; gives up only if it never does. */
async function untilAsync(holds: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 15_000; turn += 1) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  throw new Error('What was waited for did not happen');
}
