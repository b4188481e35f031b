/**
 * Map tiles from one upstream, kept on disk: a citizen's browser asks only our own origin, and the map stays usable
 * while the upstream is away (docs/adr/0006).
 */
import { createDiskCache, type CachedTile } from './disk.ts';
import { DEEPEST_ZOOM, tileTouches, type TileAddress, type TileArea } from './grid.ts';
import { createMemory } from './memory.ts';
import { DAY, MINUTE } from './time.ts';
import { addressOf, createUpstream, type TileLog } from './upstream.ts';

const FRESH_MS = 30 * DAY;
const MISSING_MS = DAY;
/** A tile that failed is left alone this long, so that one broken tile cannot be asked for again and again. */
const FAILED_TILE_MS = MINUTE;

/** What became of a request for a tile. `fetchedAt` is milliseconds since the epoch, by the clock handed in. */
export type TileAnswer =
  | { kind: 'tile'; body: Buffer; contentType: string; fetchedAt: number; stale: boolean }
  | { kind: 'outside' }
  | { kind: 'missing' }
  | { kind: 'unavailable' };

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
