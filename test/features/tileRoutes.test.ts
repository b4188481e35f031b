import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { IncomingHttpHeaders, RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import express from 'express';
import type { TileAnswer, TilePort } from '../../server/features/map/ports.ts';
import { tileRoutes } from '../../server/features/map/routes.ts';
import { createTileSource } from '../../server/gateways/tiles/source.ts';

const PICTURE = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), Buffer.from('pixels')]);
const TILE: TileAnswer = { kind: 'tile', body: PICTURE, contentType: 'image/png', fetchedAt: 0, stale: false };

describe('The map in the browser', () => {
  let answer: TileAnswer;
  let asked: Array<[z: number, y: number, x: number]>;
  let server: Server;

  beforeEach(async () => {
    answer = TILE;
    asked = [];
    const tiles: TilePort = {
      get(z, y, x) {
        asked.push([z, y, x]);
        return Promise.resolve(answer);
      },
    };
    server = await listen(
      express()
        .disable('x-powered-by')
        .use(tileRoutes({ tiles, vectorTiles: () => null, unzip: (tile) => Promise.resolve(tile) })),
    );
  });

  afterEach(() => stop(server));

  it('gets a tile from our own origin and may keep it for a day', async () => {
    const { status, headers, body } = await ask(server, '/tiles/12/1372/2190.png');
    expect(asked).to.deep.equal([[12, 1372, 2190]]);
    expect(status).to.equal(200);
    expect(body).to.deep.equal(PICTURE);
    expect(headers).to.include({
      'content-type': 'image/png',
      'content-length': String(PICTURE.length),
      'cache-control': 'public, max-age=86400, stale-while-revalidate=604800',
      'x-content-type-options': 'nosniff',
    });
    expect(headers.etag).to.match(/^"[\w-]{27}"$/);
    expect(headers).not.to.have.any.keys('set-cookie', 'vary');
  });

  it('is told what kind of picture it gets, whatever the address ends in', async () => {
    answer = { ...TILE, contentType: 'image/webp' };
    expect((await ask(server, '/tiles/12/1372/2190.png')).headers['content-type']).to.equal('image/webp');
  });

  it('does not get the same picture twice', async () => {
    const { etag } = (await ask(server, '/tiles/12/1372/2190.png')).headers;
    const again = await ask(server, '/tiles/12/1372/2190.png', { 'if-none-match': etag });
    expect(again.status).to.equal(304);
    expect(again.body).to.have.length(0);
    expect(again.headers).to.include({
      etag,
      'cache-control': 'public, max-age=86400, stale-while-revalidate=604800',
    });
    answer = { ...TILE, body: Buffer.concat([PICTURE, Buffer.from('new')]), fetchedAt: 1 };
    const changed = await ask(server, '/tiles/12/1372/2190.png', { 'if-none-match': etag });
    expect(changed.status).to.equal(200);
    expect(changed.headers.etag).not.to.equal(etag);
  });

  it('gets an old picture like a new one', async () => {
    answer = { ...TILE, stale: true };
    expect((await ask(server, '/tiles/12/1372/2190.png')).status).to.equal(200);
  });

  it('gets only the head of the answer if it asks for no more', async () => {
    const { status, headers, body } = await ask(server, '/tiles/12/1372/2190.png', {}, 'HEAD');
    expect(status).to.equal(200);
    expect(headers['content-length']).to.equal(String(PICTURE.length));
    expect(body).to.have.length(0);
  });

  for (const kind of ['outside', 'missing'] as const) {
    it(`is told for an hour that there is no tile (${kind})`, async () => {
      answer = { kind };
      const { status, headers, body } = await ask(server, '/tiles/12/1372/2190.png');
      expect(status).to.equal(404);
      expect(headers['cache-control']).to.equal('public, max-age=3600');
      expect(headers).not.to.have.any.keys('set-cookie');
      expect(body).to.have.length(0);
    });
  }

  it('is told to ask again in a minute where the tile cannot be had', async () => {
    answer = { kind: 'unavailable' };
    const { status, headers, body } = await ask(server, '/tiles/12/1372/2190.png');
    expect(status).to.equal(503);
    expect(headers).to.include({ 'cache-control': 'no-store', 'retry-after': '60' });
    expect(headers).not.to.have.any.keys('set-cookie', 'etag');
    expect(body).to.have.length(0);
  });

  const noAddresses = [
    '/tiles/12/1372/2190',
    '/tiles/12/1372/2190.jpg',
    '/tiles/12/1372/2190.png.png',
    '/tiles/12/1372/2190.PNG',
    '/tiles/12/1372/.png',
    '/tiles/012/1372/2190.png',
    '/tiles/12/01372/2190.png',
    '/tiles/12/1372/02190.png',
    '/tiles/+12/1372/2190.png',
    '/tiles/-1/1372/2190.png',
    '/tiles/1.5/1372/2190.png',
    '/tiles/1e1/1372/2190.png',
    '/tiles/0x0c/1372/2190.png',
    '/tiles/12/99999999/2190.png',
    '/tiles/12/1372/%32190.png%00',
    '/tiles/12/1372/2190.png%0a',
    '/tiles/12/%20/2190.png',
    '/tiles/12/١٢/2190.png',
    '/tiles/12/1372/2190.png/',
    '/tiles/../../etc/passwd',
    '/tiles/12/../2190.png',
    '/tiles/12/..%2f..%2f/2190.png',
    '/tiles/12/1372/..%2f..%2f..%2fetc%2fpasswd',
    '/tiles/12/1372/..%5c..%5cboot.ini',
    '/tiles/%2e%2e/%2e%2e/%2e%2e',
    '/tiles/constructor/__proto__/toString.png',
  ];
  for (const address of noAddresses) {
    it(`finds nothing at ${address}`, async () => {
      expect((await ask(server, encodeURI(address).replaceAll('%25', '%'))).status).to.equal(404);
      expect(asked).to.deep.equal([]);
    });
  }

  it('cannot change anything', async () => {
    expect((await ask(server, '/tiles/12/1372/2190.png', {}, 'POST')).status).to.equal(404);
    expect(asked).to.deep.equal([]);
  });

  it('gets tiles from the upstream through our origin, and from the disk when the upstream is gone', async () => {
    const upstream = await listen((_req, res) => {
      res.setHeader('set-cookie', 'tracker=1');
      res.setHeader('content-type', 'image/png');
      res.end(PICTURE);
    });
    const cacheDir = await mkdtemp(path.join(tmpdir(), 'koffertour-tiles-'));
    const tiles = createTileSource({
      upstream: `http://127.0.0.1:${portOf(upstream)}/{z}/{y}/{x}`,
      cacheDir,
      area: { south: 50.78, west: 12.38, north: 50.92, east: 12.6 },
      minZoom: 8,
      maxZoom: 18,
      timeoutMs: 15_000,
      maxCacheBytes: 1_000_000,
      clock: () => Date.UTC(2026, 10, 22),
      userAgent: 'Koffertour/test',
    });
    const office = await listen(
      express().use(tileRoutes({ tiles, vectorTiles: () => null, unzip: (tile) => Promise.resolve(tile) })),
    );
    try {
      const first = await ask(office, '/tiles/10/343/547.png');
      expect(first.status).to.equal(200);
      expect(first.body).to.deep.equal(PICTURE);
      expect(first.headers).not.to.have.any.keys('set-cookie');
      await stop(upstream);
      expect((await ask(office, '/tiles/10/343/547.png')).headers.etag).to.equal(first.headers.etag);
      expect((await ask(office, '/tiles/10/342/547.png')).status).to.equal(404);
      expect((await ask(office, '/tiles/11/686/1094.png')).status).to.equal(503);
    } finally {
      await tiles.close();
      await stop(office);
      await stop(upstream);
      await rm(cacheDir, { recursive: true, force: true });
    }
  });
});

async function listen(listener: RequestListener): Promise<Server> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

async function stop(server: Server): Promise<void> {
  const stopped = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await stopped;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** Sends the path as it is: fetch would tidy up `..` before anybody sees it. */
async function ask(
  server: Server,
  rawPath: string,
  headers: Record<string, string | undefined> = {},
  method = 'GET',
): Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const sent = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
    request({ host: '127.0.0.1', port: portOf(server), path: rawPath, method, headers: sent, agent: false }, (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('error', reject);
      res.on('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers, body: Buffer.concat(chunks) }));
    })
      .on('error', reject)
      .end();
  });
}
