// Fetches vector tiles and keeps the latest in memory: several canvases share one, each is read once, and what nobody
// waits for any more is not fetched to its end.
import { readTile } from './mvt.js';
import { prepare } from './vectorMapPaint.js';

const MOST_KEPT = 80;
const EMPTY = new Map();

/**
 * @param {string} url with {z}, {y}, {x}
 * @param {<T>(work: () => T) => Promise<T>} later does the work when there is time for it
 */
export function createTiles(url, later) {
  /** key → { users, tile, asked, abort }, the latest last */
  const entries = new Map();

  async function load(z, x, y, signal) {
    const address = url.replace('{z}', z).replace('{y}', y).replace('{x}', x);
    const response = await fetch(address, { signal });
    // 204: nothing there; 404: beyond the extract
    if (response.status !== 204 && response.status !== 404 && !response.ok)
      throw new Error(`status ${response.status}`);
    const bytes = response.status === 200 ? new Uint8Array(await response.arrayBuffer()) : null;
    return later(() => {
      const layers = bytes === null ? EMPTY : readTile(bytes);
      return { z, x, y, layers, drawing: prepare(layers) };
    });
  }

  function forgetOldest() {
    for (const [key, entry] of entries) {
      if (entries.size <= MOST_KEPT) return;
      if (entry.users === 0) entries.delete(key);
    }
  }

  return {
    /**
     * @returns {Promise<{z: number, x: number, y: number, layers: Map, drawing: object}>} rejects when it cannot be had;
     *   it is asked for again the next time
     */
    take(z, x, y) {
      const key = `${z}/${x}/${y}`;
      let entry = entries.get(key);
      if (!entry) {
        const abort = new AbortController();
        entry = { users: 0, loaded: false, abort };
        const made = entry;
        made.asked = load(z, x, y, abort.signal).then(
          (tile) => {
            made.loaded = true;
            return tile;
          },
          (error) => {
            if (entries.get(key) === made) entries.delete(key);
            throw error;
          },
        );
      }
      entry.users += 1;
      entries.delete(key);
      entries.set(key, entry); // now the latest
      forgetOldest();
      return entry.asked;
    },
    /** Once for each `take`. */
    release(z, x, y) {
      const key = `${z}/${x}/${y}`;
      const entry = entries.get(key);
      if (!entry) return;
      entry.users = Math.max(0, entry.users - 1);
      if (entry.users > 0 || entry.loaded) return;
      entry.abort.abort();
      entries.delete(key);
    },
  };
}

/** Does things one after the other, a few milliseconds at a time, so that the page answers in between. */
export function createQueue(budget = 10) {
  const jobs = [];
  let running = false;

  function run() {
    const until = performance.now() + budget;
    while (jobs.length > 0 && performance.now() < until) jobs.shift()();
    running = jobs.length > 0;
    if (running) setTimeout(run);
  }

  return (work) =>
    new Promise((resolve, reject) => {
      jobs.push(() => {
        try {
          resolve(work());
        } catch (error) {
          reject(error);
        }
      });
      if (running) return;
      running = true;
      setTimeout(run);
    });
}
