import { expect } from 'chai';
import type { Database } from '../../server/data/knex.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { seedSmallOffice } from '../support/officeFixture.ts';
import { databaseEnv, spawnServer, type SpawnedServer } from '../support/processes.ts';
import { daysFromToday, insertRaceStop, occupancyFaults, openMigrated, type RaceStop } from '../support/raceFixture.ts';
import { createVisitor, timesOf, type Visitor } from '../support/visitor.ts';

const ROUNDS = 10;
const CITIZENS = 8;

/** One citizen after the other books at this stop; what was acknowledged is told, until the server is gone. */
async function bookUntilGone(visitor: Visitor, stop: RaceStop, acknowledged: (key: string) => void): Promise<void> {
  const address = `/buchen/zeiten?halt=${stop.stopId}&leistung=fuehrungszeugnis:1&alle=1`;
  try {
    for (;;) {
      const page = await visitor.get(address);
      const free = timesOf(page).filter((value) => value.startsWith(`${stop.stopId}.`));
      const held = await visitor.submit(page, { zeit: free[Math.floor(Math.random() * free.length)] ?? '' });
      if (held.status === 409) {
        continue;
      }
      const details = await visitor.follow(held);
      const check = await visitor.follow(await visitor.submit(details, { nachname: 'Vogel', weg: 'ohne' }));
      const booked = await visitor.submit(check);
      const key = /^\/termin\/([^/]+)\/gebucht$/.exec(booked.location ?? '')?.[1];
      if (booked.status !== 303 || key === undefined) {
        throw new Error(`booking answered ${booked.status} ${booked.location}`);
      }
      acknowledged(key);
    }
  } catch (error) {
    // The server was killed: nothing but a broken connection is right.
    if (!['ECONNRESET', 'ECONNREFUSED', 'EPIPE'].includes((error as { code?: string }).code ?? '')) {
      throw error;
    }
  }
}

describeOnBothDatabases('A server that is killed in the middle of many bookings', (open) => {
  it('has lost nothing that it acknowledged, ten times over', async function () {
    this.timeout(150_000);
    const { config } = await open();
    const database: Database = await openMigrated(config);
    const office = await seedSmallOffice(database, { date: daysFromToday(3) });
    const stops: RaceStop[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      stops.push(
        await insertRaceStop(database, office, {
          date: daysFromToday(4 + round),
          fromMinute: 480,
          toMinute: 1080,
          counters: 3,
        }),
      );
    }
    const env = { ...databaseEnv(config), LOG_LEVEL: 'info' };
    const all = new Set<string>();
    let latest: string | undefined;
    for (const [round, stop] of stops.entries()) {
      const server: SpawnedServer = await spawnServer(env);
      const visitors = Array.from({ length: CITIZENS }, () => createVisitor(server.origin));
      if (latest !== undefined) {
        // What the server before it acknowledged last, this one shows.
        const page = await visitors[0]!.get(`/termin/${latest}`);
        expect(page.status, `round ${round}`).to.equal(200);
      }
      const enough = 5 + 3 * round;
      let here = 0;
      await Promise.all(
        visitors.map((visitor) =>
          bookUntilGone(visitor, stop, (key) => {
            all.add(key);
            latest = key;
            here++;
            if (here === enough) {
              server.kill('SIGKILL');
            }
          }),
        ),
      );
      await server.exited;
      visitors.forEach((visitor) => visitor.close());
      expect(here, `round ${round}`).to.be.at.least(enough);

      expect(await occupancyFaults(database, Date.now()), `round ${round}`).to.deep.equal([]);
      const rows = await database
        .reader<{ reference: string; secret: string; family_name: string }>('appointments')
        .where('state', 'confirmed');
      const kept = new Set(rows.map(({ reference, secret }) => `${reference}-${secret}`));
      expect(
        [...all].filter((key) => !kept.has(key)),
        `round ${round}: lost`,
      ).to.deep.equal([]);
      // Booked but not acknowledged may be what was under way when the server died; no more than that.
      expect(kept.size - all.size, `round ${round}`).to.be.within(0, CITIZENS * (round + 1));
      expect(rows.every(({ family_name }) => family_name === 'Vogel')).to.equal(true);
    }
    await database.close();
  });
});
