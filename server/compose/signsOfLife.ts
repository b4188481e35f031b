import type { DatabaseConfig } from '../config.ts';
import { startThread } from '../gateways/thread.ts';
import type { SignsOfLife } from '../osm/import/ports.ts';

export interface SignsOfLifeInput {
  database: DatabaseConfig;
  id: number;
  everyMs: number;
}

/**
 * Gives signs of life of an import from a thread of its own: the one that imports computes for many seconds without a
 * pause. An error of the database is waited out; the import itself meets it too.
 */
export function giveSignsOfLife(database: DatabaseConfig, id: number, everyMs: number): SignsOfLife {
  const lost = new AbortController();
  const input: SignsOfLifeInput = { database, id, everyMs };
  const worker = startThread(import.meta.url, 'signsOfLifeWorker', input);
  worker.on('message', () => lost.abort());
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', () => resolve());
    // Without it the import goes on: at worst another one takes it for broken off, and it is told so at the end.
    worker.once('error', () => resolve());
  });
  return {
    lost: lost.signal,
    stop: () => {
      worker.postMessage('stop');
      return ended;
    },
  };
}
