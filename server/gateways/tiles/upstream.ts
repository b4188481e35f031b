import { createBreaker } from './breaker.ts';
import type { TileAddress } from './grid.ts';
import { imageType, MAX_TILE_BYTES } from './image.ts';
import { hasPassed, SECOND } from './time.ts';

const MAX_UPSTREAM_REQUESTS = 6;
const MAX_WAITING = 256;

/** Where warnings go; a pino logger fits. */
export interface TileLog {
  warn(details: object, message: string): void;
}

export type UpstreamAnswer =
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

/** Fetches tiles, few at a time, and leaves an upstream alone that fails. */
export function createUpstream(options: UpstreamOptions) {
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

/** Undici says no more than "fetch failed"; the reason is in `cause`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

/** The address of a tile: the template with its placeholders filled. */
export function addressOf(template: string, { z, y, x }: TileAddress): string {
  return template.replaceAll('{z}', String(z)).replaceAll('{y}', String(y)).replaceAll('{x}', String(x));
}
