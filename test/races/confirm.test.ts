import { expect } from 'chai';
import type { Database } from '../../server/data/knex.ts';
import { demandConfirmation } from '../support/confirmingOffice.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { raceProcesses } from '../support/processes.ts';
import {
  bookSlot,
  countWhere,
  daysFromToday,
  occupancyFaults,
  openMigrated,
  raceDeps,
  seedRace,
} from '../support/raceFixture.ts';
import type { Wish } from './confirm.worker.ts';

describeOnBothDatabases('Whoever confirms at the last moment', (open) => {
  let database: Database;
  afterEach(() => database.close());

  it('in four processes has the time, or somebody else has it, never both and never nobody', async function () {
    this.timeout(90_000);
    const { config } = await open();
    database = await openMigrated(config);
    const { office, stop } = await seedRace(database, {
      date: daysFromToday(7),
      fromMinute: 540,
      toMinute: 900,
      counters: 1,
    });
    await demandConfirmation(database, office.municipalityId);
    const booked = Date.now();
    const deps = raceDeps(database, () => booked);
    const ticks = Array.from({ length: 18 }, (_, index) => 108 + 4 * index);
    const pending: string[] = [];
    for (const tick of ticks) {
      const { kind, secret } = await bookSlot(
        deps,
        { stopId: stop.stopId, tick },
        { email: `p${tick}@beispiel.example` },
      );
      expect(kind).to.equal('booked');
      pending.push(secret);
    }
    expect(await countWhere(database, 'appointments', { state: 'pending' })).to.equal(18);

    // The clocks of the processes are not quite the same: for two of them the wait is just over, for two it is not.
    const end = booked + 60 * 60_000;
    const confirming: Wish[] = pending.map((secret) => ({ secret }));
    const wanting: Wish[] = ticks.map((tick) => ({ stopId: stop.stopId, tick }));
    const answers = await raceProcesses<string[]>('confirm.worker.ts', [
      [config, end - 1, confirming],
      [config, end, wanting],
      [config, end - 1, [...confirming].reverse()],
      [config, end, [...wanting].reverse()],
    ]);
    for (const [index, secret] of pending.entries()) {
      const confirmed = [answers[0]?.[index], answers[2]?.[17 - index]];
      const taken = [answers[1]?.[index], answers[3]?.[17 - index]].filter((kind) => kind === 'booked').length;
      const state = (await deps.appointments.bySecret(secret))?.state;
      expect(confirmed, `time ${index}`).to.deep.equal(
        taken === 1 ? ['expired', 'expired'] : ['confirmed', 'confirmed'],
      );
      expect(state, `time ${index}`).to.equal(taken === 1 ? 'pending' : 'confirmed');
    }
    expect(await countWhere(database, 'appointments', { state: 'confirmed' })).to.equal(18);
    expect(await occupancyFaults(database, end)).to.deep.equal([]);
    const told = await countWhere(database, 'outbox', { kind: 'booked' });
    expect(told).to.equal(answers[0]?.filter((kind) => kind === 'confirmed').length);
  });
});
