import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { Router } from 'express';
import type { NextFunction, Request, Response } from 'express';
import { ROUTES } from '../paths.ts';
import { serviceWorkerSource } from './serviceWorker.ts';

/**
 * The order in which public/css becomes one stylesheet. Later files may outweigh earlier ones:
 * tokens first, preferences of the reader and print last.
 */
export const STYLESHEETS: readonly string[] = [
  'tokens',
  'base',
  'icons',
  'frame',
  'notices',
  'start',
  'suggest',
  'chips',
  'visits',
  'map',
  'map-colours',
  'steps',
  'services',
  'times',
  'forms',
  'check',
  'ticket',
  'prose',
  'contrast',
  'print',
];

/** What only the pages of those who work with the program need, what only a poster, a printed day or letters need. */
export const MORE_STYLESHEETS: Readonly<Record<string, readonly string[]>> = {
  'kt-staff.css': [
    'staff',
    'data',
    'board',
    'tour',
    'route',
    'calls',
    'callbacks',
    'calendar',
    'messages',
    'message-settings',
    'hotline',
    'hotline-call',
    'offline',
    'myday',
    'myday-timeline',
  ],
  'kt-poster.css': ['timetable', 'poster'],
  'kt-sheet.css': ['sheet'],
  'kt-letter.css': ['letter'],
};

/** The faces a German page needs, then those that only load for a letter outside Latin-1 (unicode-range). */
const FACES = [
  { subset: 'latin', weight: 400, preload: true },
  { subset: 'latin', weight: 600, preload: true },
  { subset: 'latin-ext', weight: 400, preload: false },
  { subset: 'latin-ext', weight: 600, preload: false },
] as const;

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};
const COMPRESSIBLE = new Set(['.css', '.js', '.svg']);
const YEAR = 'public, max-age=31536000, immutable';
const DAY = 'public, max-age=86400';

type Encoding = 'br' | 'gzip' | 'identity';

export interface Assets {
  /**
   * The address of a static file. It contains a hash of the content, so the file may be cached for ever.
   * Names: `kern.css`, `kt.css`, `kt-staff.css`, `kt-poster.css`, `kt-sheet.css`, `kt-letter.css`, `htmx.js`, `leaflet.css`, `leaflet.js`, `fira-sans-latin-400.woff2` …, every
   * file of public/img by its name (`logo.svg`) and every module of public/js as `js/app.js` or `app.js`.
   * Throws for an unknown name: a template that asks for it is wrong.
   */
  url(this: void, name: string): string;
  /** Fonts of a first page, for `<link rel="preload" as="font" type="font/woff2" href="…" crossorigin>`. */
  readonly fonts: readonly string[];
  /** What app.js imports, for `<link rel="modulepreload" href="…">`: spares the phone one round trip. */
  readonly modules: readonly string[];
  /** Serves /assets/…, /sw.js, /logo.svg and /favicon.ico; leaves every other request to the next handler. */
  readonly router: Router;
}

/** A file in memory with its compressed forms, which are made when somebody first asks for them. */
interface Asset {
  readonly hash: string;
  readonly type: string;
  readonly content: Buffer;
  readonly compressible: boolean;
  readonly encoded: Map<Encoding, Promise<Buffer>>;
}

/**
 * Reads all static files once and serves them from memory under `/assets/<hash>/<name>`.
 *
 * @param root directory that holds public/ and node_modules/ (the same for tsx and for compiled code)
 * @param timeZone of the office, for the service worker
 * Throws if a file is missing: the program must not start without its styles.
 */
export function createAssets(root: string, timeZone = 'Europe/Berlin'): Assets {
  const assets = new Map<string, Asset>();
  const add = (name: string, content: string | Buffer, hash?: string): Asset => {
    const asset = toAsset(name, Buffer.from(content), hash);
    assets.set(name, asset);
    return asset;
  };
  const address = (name: string): string => {
    const asset = assets.get(name) ?? assets.get(`js/${name}`);
    if (asset === undefined) throw new Error(`There is no static file called ${name}.`);
    return `/assets/${asset.hash}/${assets.has(name) ? name : `js/${name}`}`;
  };

  const fonts = readFonts(root);
  for (const font of fonts) add(font.name, font.content);
  const faces = fonts.map((font) => font.css.replace('FONT-URL', address(font.name))).join('\n');

  add('kern.css', withoutFontFaces(readPackageFile(root, '@kern-ux/native', 'dist/kern.min.css')));
  add('kt.css', `${faces}\n${withoutComments(readStylesheets(root, STYLESHEETS))}`);
  for (const [name, files] of Object.entries(MORE_STYLESHEETS)) {
    add(name, withoutComments(readStylesheets(root, files)));
  }
  add('htmx.js', withoutSourceMap(readPackageFile(root, 'htmx.org', 'dist/htmx.min.js')));
  add('leaflet.js', withoutSourceMap(readPackageFile(root, 'leaflet', 'dist/leaflet.js')));
  add('leaflet.css', withoutUrls(readPackageFile(root, 'leaflet', 'dist/leaflet.css')));
  for (const file of filesIn(join(root, 'public/img'))) add(file.name, file.content);

  // Modules import each other by relative paths, so they share one folder and one hash.
  const modules = filesIn(join(root, 'public/js')).filter((file) => file.name.endsWith('.js'));
  const moduleHash = hashOf(Buffer.concat(modules.flatMap((file) => [Buffer.from(`${file.name}\n`), file.content])));
  for (const file of modules) add(`js/${file.name}`, file.content, moduleHash);

  const worker = toAsset(
    'sw.js',
    Buffer.from(
      serviceWorkerSource(
        root,
        address,
        modules.map((file) => address(`js/${file.name}`)),
        timeZone,
      ),
    ),
  );

  return {
    url: address,
    fonts: fonts.filter((font) => font.preload).map((font) => address(font.name)),
    modules: modules.filter((file) => file.name !== 'app.js').map((file) => address(`js/${file.name}`)),
    router: createRouter(assets, worker),
  };
}

function createRouter(assets: ReadonlyMap<string, Asset>, worker: Asset): Router {
  const router = Router();

  router.use('/assets', async (req: Request, res: Response, next: NextFunction) => {
    const [, hash, name] = /^\/([^/]+)\/(.+)$/.exec(req.path) ?? [];
    const asset = name === undefined ? undefined : assets.get(name);
    if (asset === undefined || !(req.method === 'GET' || req.method === 'HEAD')) return next();
    // A page loaded before an upgrade asks with the old hash: it gets today's file, but may not keep it under that name.
    await send(req, res, asset, hash === asset.hash ? YEAR : 'no-cache');
  });

  const stable = { '/logo.svg': 'logo.svg', '/favicon.ico': 'favicon.svg' };
  for (const [path, name] of Object.entries(stable)) {
    const asset = assets.get(name);
    if (asset !== undefined) router.get(path, (req, res) => send(req, res, asset, DAY));
  }

  // Asked for anew each time: a phone must not keep an old one, which decides what is read without a signal.
  router.get(ROUTES.serviceWorker, async (req, res) => {
    res.setHeader('Service-Worker-Allowed', '/');
    await send(req, res, worker, 'no-cache');
  });
  return router;
}

async function send(req: Request, res: Response, asset: Asset, cacheControl: string): Promise<void> {
  const encoding = asset.compressible ? chooseEncoding(req.get('Accept-Encoding') ?? '') : 'identity';
  const etag = `"${asset.hash}-${encoding}"`;
  res.setHeader('Cache-Control', cacheControl);
  res.setHeader('ETag', etag);
  if (asset.compressible) res.setHeader('Vary', 'Accept-Encoding');
  if (req.get('If-None-Match')?.includes(etag) === true) {
    res.status(304).end();
    return;
  }
  const body = await encode(asset, encoding);
  res.setHeader('Content-Type', asset.type);
  res.setHeader('X-Content-Type-Options', 'nosniff');
  if (encoding !== 'identity') res.setHeader('Content-Encoding', encoding);
  res.setHeader('Content-Length', body.length);
  res.end(body);
}

/** The best encoding a browser accepts; one with q=0 is refused. */
function chooseEncoding(acceptEncoding: string): Encoding {
  const accepted = new Set<string>();
  for (const part of acceptEncoding.toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim());
    if (!parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))) accepted.add(name);
  }
  return accepted.has('br') ? 'br' : accepted.has('gzip') ? 'gzip' : 'identity';
}

function encode(asset: Asset, encoding: Encoding): Promise<Buffer> {
  let encoded = asset.encoded.get(encoding);
  if (encoded === undefined) {
    encoded = compress(asset.content, encoding);
    asset.encoded.set(encoding, encoded);
  }
  return encoded;
}

async function compress(content: Buffer, encoding: Encoding): Promise<Buffer> {
  switch (encoding) {
    case 'br':
      // 9 of 11: a tenth of the time of 11 for 2 % more bytes
      return promisify(brotliCompress)(content, {
        params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
      });
    case 'gzip':
      return promisify(gzip)(content, { level: 9 });
    case 'identity':
      return content;
  }
}

function toAsset(name: string, content: Buffer, hash = hashOf(content)): Asset {
  const extension = extname(name);
  const type = TYPES[extension];
  if (type === undefined) throw new Error(`No content type is known for the static file ${name}.`);
  return { hash, type, content, compressible: COMPRESSIBLE.has(extension), encoded: new Map() };
}

function hashOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 12);
}

function readStylesheets(root: string, names: readonly string[]): string {
  return names.map((name) => readFileSync(join(root, 'public/css', `${name}.css`), 'utf8')).join('\n');
}

/** The @font-face rules of @fontsource with its unicode ranges, woff2 only; `FONT-URL` stands for the address. */
function readFonts(root: string): { name: string; content: Buffer; css: string; preload: boolean }[] {
  return FACES.map(({ subset, weight, preload }) => {
    const css = readPackageFile(root, '@fontsource/fira-sans', `${weight}.css`);
    const file = `fira-sans-${subset}-${weight}-normal`;
    const rule = new RegExp(`/\\* ${file} \\*/\\s*(@font-face \\{[^}]*\\})`).exec(css)?.[1];
    if (rule === undefined) throw new Error(`@fontsource/fira-sans has no face ${file}.`);
    return {
      name: `fira-sans-${subset}-${weight}.woff2`,
      content: readFileSync(packageFile(root, '@fontsource/fira-sans', `files/${file}.woff2`)),
      css: rule.replace(/src:[^;]*;/, "src: url(FONT-URL) format('woff2');"),
      preload,
    };
  });
}

function filesIn(directory: string): { name: string; content: Buffer }[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isFile() && TYPES[extname(entry.name)] !== undefined)
    .map((entry) => entry.name)
    .sort()
    .map((name) => ({ name, content: readFileSync(join(directory, name)) }));
}

function readPackageFile(root: string, packageName: string, path: string): string {
  return readFileSync(packageFile(root, packageName, path), 'utf8');
}

/** Searches as Node does, but for a file: `exports` of a package need not name its stylesheets. */
function packageFile(root: string, packageName: string, path: string): string {
  const folders = createRequire(join(root, 'package.json')).resolve.paths(packageName) ?? [];
  const found = folders.map((folder) => join(folder, packageName, path)).find((file) => existsSync(file));
  if (found === undefined) throw new Error(`The package ${packageName} with ${path} is not installed.`);
  return found;
}

/** KERN 2.7 has no @font-face in this file; should it come back, its 135 kB faces must not be loaded. */
function withoutFontFaces(css: string): string {
  return css.replace(/@font-face\s*\{[^}]*\}/g, '');
}

/** Leaflet names pictures for markers and layers, which we do not use. */
function withoutUrls(css: string): string {
  return css.replace(/(background-image|behavior):\s*url\([^)]*\);?/g, '');
}

function withoutComments(css: string): string {
  return css.replace(/\/\*[^]*?\*\//g, '').replace(/\n\s*/g, '\n');
}

function withoutSourceMap(script: string): string {
  return script.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n');
}
