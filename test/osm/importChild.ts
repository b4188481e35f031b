import { openDatabase, type DatabaseConfig } from '../../server/data/knex.ts';
import { importExtract } from '../../server/osm/import.ts';
import { SILENT } from '../../server/osm/progress.ts';
import { importParts, type Moment } from './importParts.ts';

/** An import that says when it has come to a moment, and then stays there until it is killed. */
const [config, file, dir, until, now] = JSON.parse(process.argv[2] ?? '') as [
  DatabaseConfig,
  string,
  string,
  Moment | 'changeOver',
  number,
];

const stay = (): Promise<void> => {
  process.send?.('there');
  // Steps that compute are not waited for: the thread has to stand still.
  if (until === 'roads' || until === 'addresses') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  return new Promise(() => setInterval(() => {}, 60_000));
};
const parts = importParts(
  openDatabase(config),
  () => now,
  (moment) => (moment === until ? stay() : undefined),
);
const ports = until === 'changeOver' ? { ...parts, changeOver: stay } : parts;
await importExtract({ file, area: null, dir }, ports, SILENT, new AbortController().signal);
