import { parentPort, workerData } from 'node:worker_threads';
import { openDatabase } from '../data/knex.ts';
import { createOsmImports } from '../data/osmImports.ts';
import type { SignsOfLifeInput } from './signsOfLife.ts';

/** The thread of signsOfLife.ts. Says 'lost' when the import is nobody's any more; ends when it is told to. */
const { database: config, id, everyMs } = workerData as SignsOfLifeInput;
const database = openDatabase(config.kind === 'postgres' ? { ...config, poolSize: 1 } : config);
const imports = createOsmImports(database);

let beating = Promise.resolve();
const timer = setInterval(() => {
  beating = imports.heartbeat(id, Date.now()).then(
    (isOurs) => {
      if (!isOurs) parentPort?.postMessage('lost');
    },
    () => {}, // the next one
  );
}, everyMs);

parentPort?.once('message', () => {
  clearInterval(timer);
  void beating.then(() => database.close());
});
