import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import type { TileAddress } from './grid.ts';
import { imageType, MAX_TILE_BYTES } from './image.ts';
import { hasPassed, MINUTE, SECOND } from './time.ts';
import type { TileLog } from './upstream.ts';

const SWEEP_EVERY_MS = 10 * MINUTE;
/** A sweep frees a little more than it must, or every following sweep would have work again. */
const SWEEP_DOWN_TO = 0.9;
const ABANDONED_TEMP_MS = 60 * MINUTE;
const DISK_PAUSE_MS = 10 * MINUTE;

export interface CachedTile {
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
export function createDiskCache({ dir, maxBytes, clock, log }: DiskOptions) {
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
