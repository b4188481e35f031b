import { readdirSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import express from 'express';
import { createAssets } from '../../server/web/assets.ts';

const root = join(import.meta.dirname, '../..');

describe('Static files', () => {
  const assets = createAssets(root);
  let server: Server;

  before((done) => {
    const app = express();
    app.use(assets.router);
    app.use((_req, res) => res.status(404).send('nothing here'));
    server = createServer(app).listen(0, '127.0.0.1', done);
  });
  after((done) => void server.close(done));

  interface Answer {
    status: number;
    headers: IncomingHttpHeaders;
    body: Buffer;
  }

  /** Asks for exactly this path: fetch would tidy up `..` and unpack the body. */
  function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
    const { port } = server.address() as AddressInfo;
    return new Promise((resolve, reject) => {
      const req = request({ host: '127.0.0.1', port, path, headers, method }, (res) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk: Buffer) => chunks.push(chunk));
        res.on('end', () =>
          resolve({ status: res.statusCode ?? 0, headers: res.headers, body: Buffer.concat(chunks) }),
        );
      });
      req.on('error', reject).end();
    });
  }

  const types: [string, string][] = [
    ['kern.css', 'text/css; charset=utf-8'],
    ['kt.css', 'text/css; charset=utf-8'],
    ['leaflet.css', 'text/css; charset=utf-8'],
    ['htmx.js', 'text/javascript; charset=utf-8'],
    ['leaflet.js', 'text/javascript; charset=utf-8'],
    ['app.js', 'text/javascript; charset=utf-8'],
    ['logo.svg', 'image/svg+xml'],
    ['fira-sans-latin-400.woff2', 'font/woff2'],
  ];
  for (const [name, type] of types) {
    it(`${name} has an address of its own and may be kept for a year`, async () => {
      const url = assets.url(name);
      expect(url).to.match(/^\/assets\/[0-9a-f]{12}\//);
      const { status, headers, body } = await get(url);
      expect(status).to.equal(200);
      expect(headers['content-type']).to.equal(type);
      expect(headers['cache-control']).to.equal('public, max-age=31536000, immutable');
      expect(body.length).to.be.greaterThan(100);
      expect(headers['content-length']).to.equal(String(body.length));
    });
  }

  it('come packed as small as the browser can unpack, and each form has its own ETag', async () => {
    const url = assets.url('kern.css');
    const plain = await get(url);
    const zipped = await get(url, { 'Accept-Encoding': 'gzip, deflate' });
    const brotli = await get(url, { 'Accept-Encoding': 'gzip, deflate, br' });
    const refused = await get(url, { 'Accept-Encoding': 'br;q=0, gzip;q=0.0' });

    expect(plain.headers['content-encoding']).to.equal(undefined);
    expect(refused.headers['content-encoding']).to.equal(undefined);
    expect(zipped.headers['content-encoding']).to.equal('gzip');
    expect(brotli.headers['content-encoding']).to.equal('br');
    expect(gunzipSync(zipped.body).equals(plain.body)).to.equal(true);
    expect(brotliDecompressSync(brotli.body).equals(plain.body)).to.equal(true);
    expect(brotli.body.length).to.be.lessThan(40_000);
    for (const answer of [plain, zipped, brotli]) expect(answer.headers.vary).to.equal('Accept-Encoding');
    expect(new Set([plain, zipped, brotli].map((answer) => answer.headers.etag)).size).to.equal(3);
  });

  it('are not packed twice: a font stays as it is', async () => {
    const { headers, body } = await get(assets.url('fira-sans-latin-600.woff2'), { 'Accept-Encoding': 'br' });
    expect(headers['content-encoding']).to.equal(undefined);
    expect(body.subarray(0, 4).toString()).to.equal('wOF2');
  });

  it('are not sent again to a browser that has them', async () => {
    const url = assets.url('kt.css');
    const { headers } = await get(url, { 'Accept-Encoding': 'br' });
    const again = await get(url, { 'Accept-Encoding': 'br', 'If-None-Match': headers.etag ?? '' });
    expect(again.status).to.equal(304);
    expect(again.body.length).to.equal(0);
  });

  it('answer a HEAD with the headers alone', async () => {
    const { status, headers, body } = await get(assets.url('kt.css'), {}, 'HEAD');
    expect([status, body.length]).to.deep.equal([200, 0]);
    expect(Number(headers['content-length'])).to.be.greaterThan(10_000);
  });

  it('still reach a page that was loaded before an upgrade, which may not keep them', async () => {
    const { status, headers, body } = await get(assets.url('kt.css').replace(/[0-9a-f]{12}/, '0123456789ab'));
    expect(status).to.equal(200);
    expect(headers['cache-control']).to.equal('no-cache');
    expect(body.toString()).to.contain('.kt-page');
  });

  it('are only those meant for the public', async () => {
    const hash = assets.url('app.js').split('/')[2] ?? '';
    const paths = [
      `/assets/${hash}/nothing.css`,
      `/assets/${hash}/js/../../package.json`,
      `/assets/${hash}/..%2f..%2fpackage.json`,
      `/assets/${hash}/js/%2e%2e/%2e%2e/server/main.ts`,
      `/assets/../package.json`,
      `/assets/${hash}/%`,
      `/assets/${hash}/`,
      `/assets/`,
      `/assets/__proto__/constructor`,
    ];
    for (const path of paths) expect((await get(path)).status, path).to.be.oneOf([400, 404]);
    expect((await get(assets.url('kt.css'), {}, 'POST')).status).to.equal(404);
  });

  it('share one folder for all modules, so that they find each other', async () => {
    const app = assets.url('app.js');
    expect(app).to.match(/\/js\/app\.js$/);
    expect(assets.url('js/app.js')).to.equal(app);
    const folder = app.slice(0, -'app.js'.length);
    const names = readdirSync(join(root, 'public/js')).filter((name) => name.endsWith('.js'));
    expect([app, ...assets.modules]).to.have.members(names.map((name) => folder + name));

    for (const name of names) {
      const source = (await get(folder + name)).body.toString();
      const imports = [...source.matchAll(/(?:from|import) '(\.\/[\w-]+\.js)'/g)].map((match) => match[1] ?? '');
      for (const path of imports) {
        const { status, headers } = await get(folder + path.slice(2));
        expect([status, headers['cache-control']], `${name} imports ${path}`).to.deep.equal([
          200,
          'public, max-age=31536000, immutable',
        ]);
      }
    }
  });

  it('make a page ask for nothing but what is ours', async () => {
    for (const name of ['kern.css', 'kt.css', 'leaflet.css']) {
      const css = (await get(assets.url(name))).body.toString();
      const urls = [...css.matchAll(/url\(\s*["']?([^"')]*)/g)].map((match) => match[1] ?? '');
      for (const url of urls.filter((address) => !address.startsWith('data:'))) {
        expect(url, name).to.match(/^\/assets\/[0-9a-f]{12}\/fira-sans-[\w-]+\.woff2$/);
        expect((await get(url)).status, url).to.equal(200);
      }
    }
    for (const name of ['htmx.js', 'leaflet.js']) {
      expect((await get(assets.url(name))).body.toString()).not.to.contain('sourceMappingURL');
    }
  });

  it('load two faces for a German page, further letters only when they occur', async () => {
    expect(assets.fonts).to.have.length(2);
    const kern = (await get(assets.url('kern.css'))).body.toString();
    expect(kern).not.to.contain('@font-face');
    const kt = (await get(assets.url('kt.css'))).body.toString();
    const faces = kt.match(/@font-face \{[^}]*\}/g) ?? [];
    expect(faces).to.have.length(4);
    for (const face of faces) expect(face).to.contain('font-display: swap').and.to.contain('unicode-range:');
    const preloaded = faces.filter((face) => assets.fonts.some((url) => face.includes(url)));
    for (const face of preloaded) expect(face).to.contain('U+0000-00FF');
  });

  it('keep two addresses for ever: the logo and the icon of the tab', async () => {
    for (const path of ['/logo.svg', '/favicon.ico']) {
      const { status, headers } = await get(path);
      expect([status, headers['content-type']], path).to.deep.equal([200, 'image/svg+xml']);
    }
  });

  it('are asked for by names that exist', () => {
    expect(() => assets.url('kt.scss')).to.throw('There is no static file called kt.scss.');
    expect(() => createAssets(join(root, 'test'))).to.throw();
  });
});
