/**
 * Map tiles from one upstream, kept on disk: a citizen's browser asks only our own origin, and the map stays usable
 * while the upstream is away (docs/adr/0006).
 */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import path from 'node:path';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

const FRESH_MS = 30 * DAY;
const MISSING_MS = DAY;
/** A tile that failed is left alone this long, so that one broken tile cannot be asked for again and again. */
const FAILED_TILE_MS = MINUTE;
const MAX_REMEMBERED_TILES = 10_000;

const MAX_TILE_BYTES = 1024 * 1024;
const MAX_UPSTREAM_REQUESTS = 6;
const MAX_WAITING = 256;

const FAILURES_TO_OPEN = 5;
const FIRST_PAUSE_MS = MINUTE;
const LONGEST_PAUSE_MS = 15 * MINUTE;

const SWEEP_EVERY_MS = 10 * MINUTE;
/** A sweep frees a little more than it must, or every following sweep would have work again. */
const SWEEP_DOWN_TO = 0.9;
const ABANDONED_TEMP_MS = 60 * MINUTE;
const DISK_PAUSE_MS = 10 * MINUTE;

/** Deepest zoom level of the WMTS set GoogleMapsCompatible that we accept; x and y then stay below 2^22. */
const DEEPEST_ZOOM = 22;
/** Where the Web Mercator square ends, degrees: atan(sinh(π)). */
const MERCATOR_LATITUDE = 85.0511287798066;

// ── Tile arithmetic ──────────────────────────────────────────────────────────────────────────────────────────────

/** A bounding box in degrees (WGS 84); the edges belong to it. It does not cross the 180th meridian. */
export interface TileArea {
  south: number;
  west: number;
  north: number;
  east: number;
}

/** A tile's address: column x counts from west, row y from north, both 0 … 2^z − 1. */
export interface TileAddress {
  z: number;
  y: number;
  x: number;
}

/**
 * The tile that contains a coordinate (degrees, WGS 84) at zoom level z. A tile owns its west and north edge; the
 * world's east edge and what lies beyond the Mercator square belong to the outermost tiles.
 *
 * Source: https://wiki.openstreetmap.org/wiki/Slippy_map_tilenames; the same grid is the well-known scale set
 * GoogleMapsCompatible of OGC WMTS 1.0.0 (07-057r7), annex E.4.
 */
export function tileAt(latitude: number, longitude: number, z: number): TileAddress {
  const tiles = 2 ** z;
  const lat = Math.min(MERCATOR_LATITUDE, Math.max(-MERCATOR_LATITUDE, latitude));
  const radians = (lat * Math.PI) / 180;
  const column = ((longitude + 180) / 360) * tiles;
  const row = ((1 - Math.asinh(Math.tan(radians)) / Math.PI) / 2) * tiles;
  const within = (value: number): number => Math.min(tiles - 1, Math.max(0, Math.floor(value)));
  return { z, y: within(row), x: within(column) };
}

/** The edges of a tile in degrees (WGS 84); the inverse of {@link tileAt}. */
export function tileBounds({ z, y, x }: TileAddress): TileArea {
  const tiles = 2 ** z;
  const longitude = (column: number): number => (column / tiles) * 360 - 180;
  const latitude = (row: number): number => (Math.atan(Math.sinh(Math.PI * (1 - (2 * row) / tiles))) * 180) / Math.PI;
  return { south: latitude(y + 1), west: longitude(x), north: latitude(y), east: longitude(x + 1) };
}

/** True if the address exists (integers, 0 ≤ z ≤ 22) and the tile contains at least one point of the area. */
export function tileTouches(area: TileArea, { z, y, x }: TileAddress): boolean {
  if (![z, y, x].every(Number.isInteger) || z < 0 || z > DEEPEST_ZOOM) return false;
  const first = tileAt(area.north, area.west, z);
  const last = tileAt(area.south, area.east, z);
  return x >= first.x && x <= last.x && y >= first.y && y <= last.y;
}

// ── The source ───────────────────────────────────────────────────────────────────────────────────────────────────

/** What became of a request for a tile. `fetchedAt` is milliseconds since the epoch, by the clock handed in. */
export type TileAnswer =
  | { kind: 'tile'; body: Buffer; contentType: string; fetchedAt: number; stale: boolean }
  | { kind: 'outside' }
  | { kind: 'missing' }
  | { kind: 'unavailable' };

/** Where warnings go; a pino logger fits. */
export interface TileLog {
  warn(details: object, message: string): void;
}

export interface TileSourceOptions {
  /** Address with {z}, {y} and {x}, http or https; null: nothing is fetched, only the cache answers. */
  upstream: string | null;
  /** Directory of the cache; made when needed, may be shared by several processes. */
  cacheDir: string;
  area: TileArea;
  /** First and last zoom level served, both inclusive, 0 to 22. */
  minZoom: number;
  maxZoom: number;
  /** Milliseconds an upstream request may take, from the connection to the last byte. */
  timeoutMs: number;
  /** Bytes the cache may hold, see {@link createTileSource}. */
  maxCacheBytes: number;
  /** Milliseconds since the epoch. */
  clock: () => number;
  userAgent: string;
  fetch?: typeof globalThis.fetch;
  log?: TileLog;
}

export interface TileSource {
  /** Never throws and never rejects: what can go wrong is an answer. */
  get(z: number, y: number, x: number): Promise<TileAnswer>;
  /** Gives up running requests and resolves when nothing is left under way; the cache still answers afterwards. */
  close(): Promise<void>;
}

/**
 * Builds the source of map tiles.
 *
 * A tile is fresh for 30 days; later it is still served, and refreshed once in the background. At most 6 upstream
 * requests run and 256 wait; a tile asked for by many is fetched once. After 5 failures in a row (no connection, too
 * slow, any status but 200, 204, 404 and 410, a body that is no image) the upstream is left alone for 60 s, doubling
 * to 15 min while a single probe fails. The cache is swept at most every 10 min, oldest tiles first; between two
 * sweeps a process writes no more than what the last one left free, so the size stays near `maxCacheBytes`.
 *
 * @throws {RangeError} if upstream, area, zoom levels or limits cannot be right, with a sentence that says why.
 */
export function createTileSource(options: TileSourceOptions): TileSource {
  checkOptions(options);
  const { area, minZoom, maxZoom, clock } = options;
  const log = options.log ?? { warn: () => undefined };
  const disk = createDiskCache({ dir: options.cacheDir, maxBytes: options.maxCacheBytes, clock, log });
  const upstream = options.upstream === null ? null : createUpstream({ ...options, upstream: options.upstream, log });
  const setAside = createMemory(clock);
  const flights = new Map<string, Promise<TileAnswer>>();
  const refreshes = new Map<string, Promise<TileAnswer>>();
  let closed = false;

  async function get(z: number, y: number, x: number): Promise<TileAnswer> {
    const tile = { z, y, x };
    if (z < minZoom || z > maxZoom || !tileTouches(area, tile)) return { kind: 'outside' };
    return onlyOnce(flights, keyOf(tile), () => find(tile));
  }

  async function find(tile: TileAddress): Promise<TileAnswer> {
    const cached = await disk.read(tile);
    if (!cached) return fetchAndKeep(tile);
    const stale = isStale(cached);
    if (stale) void onlyOnce(refreshes, keyOf(tile), () => refresh(tile));
    return { kind: 'tile', ...cached, stale };
  }

  /** Looks once more first: a refresh, here or in another process, may have ended since the old tile was read. */
  async function refresh(tile: TileAddress): Promise<TileAnswer> {
    const cached = await disk.read(tile);
    return cached && !isStale(cached) ? { kind: 'tile', ...cached, stale: false } : fetchAndKeep(tile);
  }

  /** A tile from the future is no worse than one from the past: the clocks of processes differ. */
  function isStale({ fetchedAt }: CachedTile): boolean {
    return Math.abs(clock() - fetchedAt) >= FRESH_MS;
  }

  async function fetchAndKeep(tile: TileAddress): Promise<TileAnswer> {
    const key = keyOf(tile);
    if (closed || !upstream) return { kind: 'unavailable' };
    const known = setAside.recall(key);
    if (known) return { kind: known };
    const answer = await upstream.fetch(tile);
    switch (answer.kind) {
      case 'missing':
        setAside.remember(key, 'missing', MISSING_MS);
        return { kind: 'missing' };
      case 'failed':
        setAside.remember(key, 'unavailable', FAILED_TILE_MS);
        return { kind: 'unavailable' };
      case 'refused':
        return { kind: 'unavailable' };
      case 'tile': {
        const found = { body: answer.body, contentType: answer.contentType, fetchedAt: clock() };
        const kept = await disk.write(tile, found.body, found.fetchedAt);
        // A refreshed tile that cannot be kept would be fetched again on every request for the stale one.
        if (!kept && refreshes.has(key)) setAside.remember(key, 'unavailable', FAILED_TILE_MS);
        return { kind: 'tile', ...found, stale: false };
      }
    }
  }

  async function close(): Promise<void> {
    closed = true;
    upstream?.close();
    await Promise.all([...flights.values(), ...refreshes.values()]);
    // A flight that ended just now may have started a refresh.
    await Promise.all(refreshes.values());
    await disk.settled();
  }

  /** Runs `work` unless the same is under way; whatever goes wrong becomes an answer. */
  async function onlyOnce(
    running: Map<string, Promise<TileAnswer>>,
    key: string,
    work: () => Promise<TileAnswer>,
  ): Promise<TileAnswer> {
    const begun = running.get(key);
    if (begun) return begun;
    const promise = work()
      .catch((error: unknown): TileAnswer => {
        log.warn({ err: error, tile: key }, 'Map tile could not be answered');
        return { kind: 'unavailable' };
      })
      .finally(() => running.delete(key));
    running.set(key, promise);
    return promise;
  }

  return { get, close };
}

function keyOf({ z, y, x }: TileAddress): string {
  return `${z}/${y}/${x}`;
}

function checkOptions(options: TileSourceOptions): void {
  const { area, minZoom, maxZoom } = options;
  const demand = (holds: boolean, sentence: string): void => {
    if (!holds) throw new RangeError(`Map tiles: ${sentence}`);
  };
  if (options.upstream !== null) {
    const template = options.upstream;
    for (const part of ['{z}', '{y}', '{x}']) demand(template.includes(part), `the upstream address lacks ${part}`);
    const address = addressOf(template, { z: 0, y: 0, x: 0 });
    demand(!/[{}]/.test(address), 'the upstream address may hold no placeholders but {z}, {y} and {x}');
    demand(URL.canParse(address), 'the upstream address cannot be read');
    const url = new URL(address);
    demand(['http:', 'https:'].includes(url.protocol), 'the upstream address must begin with http:// or https://');
    demand(!url.username && !url.password, 'the upstream address may hold no user name or password');
  }
  demand(area.south < area.north, 'south must be less than north');
  demand(area.west < area.east, 'west must be less than east');
  demand(area.south >= -90 && area.north <= 90, 'south and north must lie between -90 and 90 degrees');
  demand(area.west >= -180 && area.east <= 180, 'west and east must lie between -180 and 180 degrees');
  demand(Number.isInteger(minZoom) && Number.isInteger(maxZoom), 'zoom levels must be whole numbers');
  demand(0 <= minZoom && minZoom <= maxZoom && maxZoom <= DEEPEST_ZOOM, 'zoom levels must satisfy 0 ≤ min ≤ max ≤ 22');
  demand(options.timeoutMs > 0, 'the time limit must be more than 0 ms');
  demand(options.maxCacheBytes >= 0, 'the size of the cache must not be negative');
}

function addressOf(template: string, { z, y, x }: TileAddress): string {
  return template.replaceAll('{z}', String(z)).replaceAll('{y}', String(y)).replaceAll('{x}', String(x));
}

/** True once `span` ms have passed; also if the clock was set back, or a pause could last for years. */
function hasPassed(now: number, since: number, span: number): boolean {
  return now < since || now - since >= span;
}

// ── What is known not to be there ────────────────────────────────────────────────────────────────────────────────

/** Remembers tiles not worth asking for, the least recently used forgotten first. */
function createMemory(clock: () => number) {
  type Verdict = 'missing' | 'unavailable';
  const entries = new Map<string, { verdict: Verdict; since: number; span: number }>();

  function recall(key: string): Verdict | null {
    const entry = entries.get(key);
    if (!entry) return null;
    entries.delete(key);
    if (hasPassed(clock(), entry.since, entry.span)) return null;
    entries.set(key, entry);
    return entry.verdict;
  }

  function remember(key: string, verdict: Verdict, span: number): void {
    entries.delete(key);
    entries.set(key, { verdict, since: clock(), span });
    if (entries.size <= MAX_REMEMBERED_TILES) return;
    const [oldest] = entries.keys();
    if (oldest !== undefined) entries.delete(oldest);
  }

  return { recall, remember };
}

// ── The upstream ─────────────────────────────────────────────────────────────────────────────────────────────────

type UpstreamAnswer =
  | { kind: 'tile'; body: Buffer; contentType: string }
  | { kind: 'missing' }
  /** Asked in vain. */
  | { kind: 'failed'; reason: string }
  /** Not asked: paused, closed or too much to do. */
  | { kind: 'refused' };

interface UpstreamOptions {
  upstream: string;
  timeoutMs: number;
  clock: () => number;
  userAgent: string;
  fetch?: typeof globalThis.fetch;
  log: TileLog;
}

function createUpstream(options: UpstreamOptions) {
  const { clock, timeoutMs, log } = options;
  const request = options.fetch ?? globalThis.fetch;
  const host = new URL(addressOf(options.upstream, { z: 0, y: 0, x: 0 })).host;
  const breaker = createBreaker(clock);
  const waiting: Array<() => void> = [];
  const underWay = new Set<AbortController>();
  let running = 0;
  let closed = false;

  async function fetchTile(tile: TileAddress): Promise<UpstreamAnswer> {
    if (closed || breaker.isPaused()) return { kind: 'refused' };
    const queuedAt = clock();
    if (running < MAX_UPSTREAM_REQUESTS) {
      running += 1;
    } else {
      if (waiting.length >= MAX_WAITING) return { kind: 'refused' };
      // Whoever finishes hands the place over, so `running` stays as it is.
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    try {
      // A browser has few connections to our origin: better no tile than one that blocks the next page.
      if (closed || hasPassed(clock(), queuedAt, 2 * timeoutMs)) return { kind: 'refused' };
      return await attempt(tile);
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  }

  async function attempt(tile: TileAddress): Promise<UpstreamAnswer> {
    const permit = breaker.enter();
    if (!permit) return { kind: 'refused' };
    const answer = await download(tile);
    if (closed) return { kind: 'refused' };
    if (answer.kind !== 'failed') {
      permit.succeeded();
      return answer;
    }
    const pause = permit.failed();
    if (pause > 0) {
      log.warn({ host, reason: answer.reason, pauseSeconds: pause / SECOND }, 'Map tile upstream is left alone');
    }
    return answer;
  }

  async function download(tile: TileAddress): Promise<UpstreamAnswer> {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    underWay.add(controller);
    try {
      const response = await request(addressOf(options.upstream, tile), {
        signal: controller.signal,
        redirect: 'error',
        credentials: 'omit',
        headers: {
          accept: 'image/png, image/webp, image/jpeg',
          'user-agent': options.userAgent,
          // A kept connection that the server closes just when we write looks like a failure of the upstream.
          connection: 'close',
        },
      });
      const answer = await readTile(response);
      // Ends what was not read, so that the connection does not linger.
      controller.abort();
      return answer;
    } catch (error) {
      return { kind: 'failed', reason: reasonOf(error) };
    } finally {
      clearTimeout(timer);
      underWay.delete(controller);
    }
  }

  function close(): void {
    closed = true;
    // Those given up hand their places to the ones that wait, which are refused.
    for (const controller of underWay) controller.abort(new Error('closed'));
  }

  return { fetch: fetchTile, close };
}

async function readTile(response: Response): Promise<UpstreamAnswer> {
  if (response.status === 404 || response.status === 410 || response.status === 204) return { kind: 'missing' };
  if (response.status !== 200) return { kind: 'failed', reason: `status ${response.status}` };
  const declared = (response.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (!['image/png', 'image/jpeg', 'image/webp'].includes(declared)) {
    return { kind: 'failed', reason: `content type ${declared.slice(0, 60) || 'not given'}` };
  }
  const body = await readAtMost(response, MAX_TILE_BYTES);
  if (!body) return { kind: 'failed', reason: `more than ${MAX_TILE_BYTES} bytes` };
  const contentType = imageType(body);
  if (contentType !== declared) return { kind: 'failed', reason: `the content is not ${declared}` };
  return { kind: 'tile', body, contentType };
}

async function readAtMost(response: Response, limit: number): Promise<Buffer | null> {
  if (Number(response.headers.get('content-length') ?? 0) > limit) return null;
  if (!response.body) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks);
    size += value.byteLength;
    if (size > limit) return null;
    chunks.push(value);
  }
}

/** The image type by its first bytes, or null. */
function imageType(body: Buffer): string | null {
  if (body.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))) return 'image/png';
  if (body.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return 'image/jpeg';
  const riff = body.toString('latin1', 0, 4) === 'RIFF' && body.toString('latin1', 8, 12) === 'WEBP';
  return riff ? 'image/webp' : null;
}

/** Undici says no more than "fetch failed"; the reason is in `cause`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

/**
 * Circuit breaker: 5 failures in a row begin a pause of 60 s. After it one request goes through as a probe; if it
 * fails the next pause is twice as long, up to 15 min; any success ends the pause.
 */
function createBreaker(clock: () => number) {
  let failures = 0;
  let pause = 0;
  let pausedAt = 0;
  let probing = false;

  function isPaused(): boolean {
    return pause > 0 && (probing || !hasPassed(clock(), pausedAt, pause));
  }

  function begin(span: number): number {
    pause = span;
    pausedAt = clock();
    return span;
  }

  /** Asks for leave to make one request; null during a pause. `failed` returns the pause it begins in ms, else 0. */
  function enter(): { succeeded(): void; failed(): number } | null {
    if (isPaused()) return null;
    const isProbe = pause > 0;
    if (isProbe) probing = true;
    return {
      succeeded() {
        failures = 0;
        pause = 0;
        probing = false;
      },
      failed() {
        if (isProbe && pause > 0) {
          probing = false;
          return begin(Math.min(2 * pause, LONGEST_PAUSE_MS));
        }
        // Requests that were under way when the pause began do not make it longer.
        if (pause > 0) return 0;
        failures += 1;
        return failures >= FAILURES_TO_OPEN ? begin(FIRST_PAUSE_MS) : 0;
      },
    };
  }

  return { isPaused, enter };
}

// ── The disk ─────────────────────────────────────────────────────────────────────────────────────────────────────

interface CachedTile {
  body: Buffer;
  contentType: string;
  fetchedAt: number;
}

interface DiskOptions {
  dir: string;
  maxBytes: number;
  clock: () => number;
  log: TileLog;
}

/**
 * Files z/y/x.png under `dir` (whatever the image type, the first bytes tell); the modification time is when the tile
 * was fetched. A file appears by rename, so processes that share the directory see whole tiles only.
 */
function createDiskCache({ dir, maxBytes, clock, log }: DiskOptions) {
  let brokenSince: number | null = null;
  let warned = false;
  let lastSweep: number | null = null;
  let sweeping: Promise<void> | null = null;
  /** Bytes this process may still write before the next sweep. */
  let allowance = Number.POSITIVE_INFINITY;

  function fileOf({ z, y, x }: TileAddress): string {
    return path.join(dir, String(z), String(y), `${x}.png`);
  }

  async function read(tile: TileAddress): Promise<CachedTile | null> {
    try {
      const file = await open(fileOf(tile), 'r');
      try {
        const { size, mtimeMs } = await file.stat();
        if (size > MAX_TILE_BYTES) return null;
        const body = await file.readFile();
        const contentType = imageType(body);
        // File systems keep the time as a fraction of seconds: 123 ms may come back as 122.9999.
        return contentType ? { body, contentType, fetchedAt: Math.round(mtimeMs) } : null;
      } finally {
        await file.close();
      }
    } catch {
      // Not there or not readable: the upstream is asked, and writing the answer reports what is wrong with the disk.
      return null;
    }
  }

  /** Keeps a tile; false if it could not be kept. */
  async function write(tile: TileAddress, body: Buffer, fetchedAt: number): Promise<boolean> {
    if (brokenSince !== null && !hasPassed(clock(), brokenSince, DISK_PAUSE_MS)) return false;
    if (body.length > Math.min(allowance, maxBytes)) {
      sweepIfDue();
      return false;
    }
    try {
      await writeWhole(fileOf(tile), body, fetchedAt);
    } catch (error) {
      brokenSince = clock();
      if (!warned) log.warn({ err: error, dir }, 'Map tiles cannot be kept on disk; going on without');
      warned = true;
      return false;
    }
    brokenSince = null;
    warned = false;
    allowance -= body.length;
    sweepIfDue();
    return true;
  }

  async function writeWhole(file: string, body: Buffer, fetchedAt: number): Promise<void> {
    await mkdir(path.dirname(file), { recursive: true });
    const temporary = path.join(path.dirname(file), `.${randomUUID()}.tmp`);
    try {
      const handle = await open(temporary, 'wx', 0o644);
      try {
        await handle.writeFile(body);
        await handle.utimes(fetchedAt / SECOND, fetchedAt / SECOND);
      } finally {
        await handle.close();
      }
      await rename(temporary, file);
    } catch (error) {
      await unlink(temporary).catch(() => undefined);
      throw error;
    }
  }

  function sweepIfDue(): void {
    if (sweeping || (lastSweep !== null && !hasPassed(clock(), lastSweep, SWEEP_EVERY_MS))) return;
    lastSweep = clock();
    sweeping = sweep()
      .catch((error: unknown) => log.warn({ err: error, dir }, 'The cache of map tiles could not be swept'))
      .finally(() => (sweeping = null));
  }

  async function sweep(): Promise<void> {
    const files = await listTiles();
    let total = files.reduce((sum, file) => sum + file.size, 0);
    if (total > maxBytes) {
      files.sort((a, b) => a.fetchedAt - b.fetchedAt);
      for (const file of files) {
        if (total <= maxBytes * SWEEP_DOWN_TO) break;
        await unlink(file.name).catch(ignoreMissing);
        total -= file.size;
      }
    }
    allowance = Math.max(0, maxBytes - total);
  }

  /** All tiles of the cache; on the way what a crashed process left half-written is removed. Other files are left. */
  async function listTiles(): Promise<Array<{ name: string; size: number; fetchedAt: number }>> {
    const tiles: Array<{ name: string; size: number; fetchedAt: number }> = [];
    for (const z of await namesIn(dir, /^\d+$/)) {
      for (const y of await namesIn(path.join(dir, z), /^\d+$/)) {
        for (const file of await namesIn(path.join(dir, z, y), /^(\d+\.png|\.[0-9a-f-]{36}\.tmp)$/)) {
          const name = path.join(dir, z, y, file);
          const found = await stat(name).catch(ignoreMissing);
          if (!found) continue;
          if (file.endsWith('.png')) tiles.push({ name, size: found.size, fetchedAt: found.mtimeMs });
          // The change time is by the computer's clock, whatever clock was handed in.
          else if (hasPassed(Date.now(), found.ctimeMs, ABANDONED_TEMP_MS)) await unlink(name).catch(ignoreMissing);
        }
      }
    }
    return tiles;
  }

  async function settled(): Promise<void> {
    await sweeping;
  }

  return { read, write, settled };
}

async function namesIn(dir: string, pattern: RegExp): Promise<string[]> {
  const names = (await readdir(dir).catch(ignoreMissing)) ?? [];
  return names.filter((name) => pattern.test(name));
}

/** Another process may sweep at the same time: what is gone already is no error. */
function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
}
