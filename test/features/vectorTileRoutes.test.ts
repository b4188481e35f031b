import { rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import express from 'express';
import type { VectorTileAnswer } from '../../server/features/map/ports.ts';
import { tileRoutes } from '../../server/features/map/routes.ts';
import { createVectorTiles } from '../../server/gateways/tiles/vector.ts';
import { createTileFile } from '../../server/osm/map/mbtiles.ts';
import { createTempDir } from '../support/tempDir.ts';

const TILE = Buffer.from('a tile of the town');
const GZIPPED = gzipSync(TILE);

describe('The tiles of an imported extract', () => {
  let server: Server;
  let answer: VectorTileAnswer;
  let asked: (readonly [number, number, number])[];
  let isImported: boolean;

  beforeEach(async () => {
    answer = { kind: 'tile', gzipped: GZIPPED };
    asked = [];
    isImported = true;
    const source = {
      version: '2',
      get: (z: number, y: number, x: number) => {
        asked.push([z, y, x]);
        return Promise.resolve(answer);
      },
    };
    server = createServer(
      express().use(
        tileRoutes({
          tiles: { get: () => Promise.resolve({ kind: 'outside' }) },
          vectorTiles: () => (isImported ? source : null),
          unzip: (tile) => Promise.resolve(gunzipSync(tile)),
        }),
      ),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise<void>((resolve) => void server.close(() => resolve())));

  const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/tiles/${path}`, {
      headers: { connection: 'close', 'cache-control': 'max-age=0', pragma: 'none', ...headers },
    });
  const kept = (response: Response): string | null => response.headers.get('cache-control');

  it('come packed to browsers that unpack, and unpacked to others, each with an ETag of its own', async () => {
    const packed = await get('14/5492/8756.mvt?v=2', { 'accept-encoding': 'gzip' });
    expect(asked).to.deep.equal([[14, 5492, 8756]]);
    expect(packed.headers.get('content-encoding')).to.equal('gzip');
    expect(Buffer.from(await packed.arrayBuffer())).to.deep.equal(TILE);
    const plain = await get('14/5492/8756.mvt?v=2', { 'accept-encoding': 'identity' });
    expect(plain.headers.get('content-encoding')).to.equal(null);
    expect(Buffer.from(await plain.arrayBuffer())).to.deep.equal(TILE);
    expect(plain.headers.get('etag')).to.not.equal(packed.headers.get('etag'));
    expect(packed.headers.get('vary')).to.equal('Accept-Encoding');
    const again = await get('14/5492/8756.mvt?v=2', { 'if-none-match': packed.headers.get('etag') ?? '' });
    expect(again.status).to.equal(304);
  });

  it('may be kept for ever where the address names the import that they are of, else for a minute', async () => {
    for (const [kind, status] of [
      ['tile', 200],
      ['empty', 204],
    ] as const) {
      answer = kind === 'tile' ? { kind, gzipped: GZIPPED } : { kind };
      expect(kept(await get('14/1/1.mvt?v=2'))).to.include('max-age=31536000, immutable');
      for (const query of ['', '?v=', '?v=1', '?v=3', '?v=2&v=2']) {
        const response = await get(`14/1/1.mvt${query}`);
        expect(response.status).to.equal(status);
        expect(kept(response), query).to.match(/^public, max-age=60(, no-transform)?$/);
      }
    }
  });

  it('are not there for strange addresses, and where nothing was imported', async () => {
    for (const path of ['14/x/1.mvt', '14/1/01.mvt', '-1/1/1.mvt', '14/1/1.mvt.mvt', '114/1/1.mvt']) {
      expect((await get(path)).status, path).to.equal(404);
    }
    expect(asked).to.deep.equal([]);
    isImported = false;
    const response = await get('14/1/1.mvt?v=2');
    expect([response.status, kept(response)]).to.deep.equal([404, 'public, max-age=60']);
    isImported = true;
    answer = { kind: 'outside' };
    expect((await get('14/1/1.mvt?v=2')).status).to.equal(404);
  });

  it('that cannot be read are asked for again later, and kept by nobody', async () => {
    answer = { kind: 'unavailable' };
    const response = await get('14/1/1.mvt?v=2');
    expect([response.status, kept(response), response.headers.get('retry-after')]).to.deep.equal([
      503,
      'no-store',
      '60',
    ]);
  });
});

describe('A file of map tiles', () => {
  const folder = createTempDir('tiles');
  const file = folder.file('map.mbtiles');
  after(() => folder.remove());

  it('counts rows from the south, as MBTiles do, and is asked from the north', async () => {
    const written = await createTileFile(file);
    await written.describe({ minzoom: '6', maxzoom: '14' });
    await written.add([{ z: 6, x: 34, y: 21, data: GZIPPED }]);
    await written.close();
    const tiles = await createVectorTiles(file);
    expect(await tiles.get(6, 21, 34)).to.deep.equal({ kind: 'tile', gzipped: GZIPPED });
    expect(await tiles.get(6, 42, 34)).to.deep.equal({ kind: 'empty' });
    for (const [z, y, x] of [
      [5, 1, 1],
      [15, 1, 1],
      [6, 64, 1],
      [6, 1, 64],
    ] as const) {
      expect(await tiles.get(z, y, x)).to.deep.equal({ kind: 'outside' });
    }
    await tiles.close();
  });

  it('that is none is refused when it is opened', async () => {
    const wrong = folder.file('wrong.mbtiles');
    for (const content of ['', 'no database at all, but long enough to be taken for the header of one'.repeat(20)]) {
      writeFileSync(wrong, content);
      const error = await createVectorTiles(wrong).catch((reason: Error) => reason);
      expect(error, content).to.be.instanceOf(Error);
    }
    rmSync(wrong);
    expect(await createVectorTiles(wrong).catch((reason: Error) => reason.message)).to.match(/CANTOPEN/);
  });

  it('that breaks while it is in use says so instead of showing an empty land', async () => {
    const tiles = await createVectorTiles(file);
    await tiles.close();
    expect(await tiles.get(6, 21, 34)).to.deep.equal({ kind: 'unavailable' });
  });
});
