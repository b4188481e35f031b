import type { DatabaseConfig } from '../../server/data/knex.ts';
import { openDatabase } from '../../server/data/knex.ts';
import { confirmAppointment } from '../../server/features/booking/confirmAppointment.ts';
import { bookSlot, raceDeps } from '../support/raceFixture.ts';

export type Wish = { secret: string } | { stopId: number; tick: number };

/** Confirms appointments, or books their times for somebody else, all begun at once by this process's own clock. */
const [config, now, wishes] = JSON.parse(process.argv[2] ?? '') as [DatabaseConfig, number, Wish[]];
process.once('message', () => {
  const database = openDatabase(config);
  const deps = raceDeps(database, () => now);
  void Promise.all(
    wishes.map((wish) => ('secret' in wish ? confirmAppointment(deps, wish.secret) : bookSlot(deps, wish))),
  )
    .then(async (outcomes) => {
      await database.close();
      process.send?.(outcomes.map(({ kind }) => kind));
    })
    .then(() => process.disconnect());
});
process.send?.('ready');
