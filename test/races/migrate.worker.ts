import type { DatabaseConfig } from '../../server/data/knex.ts';
import { openMigrated } from '../support/raceFixture.ts';

/** Starts like a server of the office: brings the database to the newest state as soon as it is told to. */
const config = JSON.parse(process.argv[2] ?? '') as DatabaseConfig;
process.once('message', () => {
  void openMigrated(config)
    .then((database) => database.close())
    .then(() => process.send?.('done'))
    .then(() => process.disconnect());
});
process.send?.('ready');
