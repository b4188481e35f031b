import type { DatabaseConfig } from '../../server/data/knex.ts';
import { openDatabase } from '../../server/data/knex.ts';
import { bookSlot, raceDeps } from '../support/raceFixture.ts';

/** One citizen after the other in this process tries to book each of these starts at the stop, all begun at once. */
const [config, stopId, ticks] = JSON.parse(process.argv[2] ?? '') as [DatabaseConfig, number, number[]];
process.once('message', () => {
  const database = openDatabase(config);
  const deps = raceDeps(database, Date.now);
  void Promise.all(ticks.map((tick) => bookSlot(deps, { stopId, tick })))
    .then(async (outcomes) => {
      await database.close();
      process.send?.(outcomes.map(({ kind }) => kind));
    })
    .then(() => process.disconnect());
});
process.send?.('ready');
