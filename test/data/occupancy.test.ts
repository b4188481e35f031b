import { expect } from 'chai';
import fc from 'fast-check';
import type { Database } from '../../server/data/knex.ts';
import { bookAppointment } from '../../server/features/booking/bookAppointment.ts';
import { cancelAppointment, moveAppointment } from '../../server/features/booking/changeAppointment.ts';
import { extendHold, releaseHold } from '../../server/features/booking/keepHold.ts';
import { saveDetails } from '../../server/features/booking/saveDetails.ts';
import { expireHolds } from '../../server/jobs/expiry.ts';
import { createHousekeepingRepository } from '../../server/data/housekeepingRepository.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { OFFICE_ZONE } from '../support/officeFixture.ts';
import {
  countWhere,
  holdSlot,
  newSecret,
  occupancyFaults,
  openMigrated,
  raceDeps,
  seedRace,
  type RaceDeps,
  type RaceStop,
} from '../support/raceFixture.ts';

const DATE = '2026-12-08';
const MINUTE = 60_000;
const FIRST_TICK = 108;
const TICKS = 12;

/** What one of the citizens (or time, or the clearing away) does next. */
const step = fc.record({
  what: fc.constantFrom(
    'hold',
    'hold',
    'hold',
    'extend',
    'book',
    'book',
    'move',
    'cancel',
    'release',
    'wait',
    'expire',
  ),
  who: fc.nat({ max: 4 }),
  tick: fc.nat({ max: TICKS - 1 }),
  short: fc.boolean(),
  minutes: fc.nat({ max: 40 }),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

describeOnBothDatabases('The time at a stop', (open, kind) => {
  let now: number;
  let deps: RaceDeps;
  let database: Database;
  const stops: RaceStop[] = [];

  before(async () => {
    now = OFFICE_ZONE.instantAt('2026-12-01', 480);
    for (const counters of [1, 2]) {
      const one = await openMigrated((await open()).config);
      const { stop } = await seedRace(one, { date: DATE, fromMinute: 540, toMinute: 600, counters });
      offices.push({ database: one, deps: raceDeps(one, () => now) });
      stops.push(stop);
    }
  });
  const offices: { database: Database; deps: RaceDeps }[] = [];
  after(() => Promise.all(offices.map((office) => office.database.close())));

  async function begin(counters: number): Promise<RaceStop> {
    ({ database, deps } = offices[counters - 1]!);
    now = OFFICE_ZONE.instantAt('2026-12-01', 480);
    await database.writer('counter_ticks').delete();
    await database.writer('appointments').delete();
    return stops[counters - 1]!;
  }

  async function take(stop: RaceStop, secrets: string[], { what, who, tick, short, minutes }: Step): Promise<void> {
    const secret = secrets[who]!;
    const slot = { stopId: stop.stopId, tick: FIRST_TICK + tick };
    switch (what) {
      case 'hold': {
        const { kind: outcome } = await holdSlot(deps, slot, {
          secret,
          slug: short ? 'fuehrungszeugnis' : 'personalausweis',
        });
        if (outcome === 'alreadyBooked') {
          secrets[who] = newSecret(); // the next appointment of the same citizen
        }
        return;
      }
      case 'extend':
        await extendHold(deps, secret);
        return;
      case 'book':
        await saveDetails(deps, secret, { firstName: null, familyName: 'Vogel', contactKind: 'none', contact: null });
        await bookAppointment(deps, secret);
        return;
      case 'move':
        await moveAppointment(deps, secret, slot);
        return;
      case 'cancel':
        await cancelAppointment(deps, secret);
        return;
      case 'release':
        await releaseHold(deps, secret);
        return;
      case 'wait':
        now += minutes * MINUTE;
        return;
      case 'expire':
        await expireHolds(createHousekeepingRepository(database), now);
    }
  }

  async function expectOrder(stop: RaceStop): Promise<void> {
    expect(await occupancyFaults(database, now)).to.deep.equal([]);
    const rows = await database.reader<{ ticks: number }>('appointments').where('state', 'confirmed').select('ticks');
    expect(rows.reduce((sum, row) => sum + row.ticks, 0)).to.be.at.most(stop.counters * TICKS);
  }

  const runs = kind === 'sqlite' ? 40 : 12;
  it('belongs to one appointment each, whatever five citizens do one after the other', async function () {
    this.timeout(90_000);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(1, 2),
        fc.array(step, { minLength: 5, maxLength: 30 }),
        async (counters, steps) => {
          const stop = await begin(counters);
          const secrets = Array.from({ length: 5 }, newSecret);
          for (const one of steps) {
            await take(stop, secrets, one);
            await expectOrder(stop);
          }
        },
      ),
      { numRuns: runs, seed: 20261208 },
    );
  });

  it('belongs to one appointment each, whatever they do at the same moment', async function () {
    this.timeout(90_000);
    const together = fc.array(fc.array(step, { minLength: 2, maxLength: 10 }), { minLength: 2, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(1, 2), together, async (counters, rounds) => {
        const stop = await begin(counters);
        const secrets = Array.from({ length: 5 }, newSecret);
        for (const steps of rounds) {
          await Promise.all(steps.filter(({ what }) => what !== 'wait').map((one) => take(stop, secrets, one)));
          await expectOrder(stop);
          now += 3 * MINUTE;
        }
      }),
      { numRuns: runs, seed: 20261208 },
    );
  });

  it('of a reservation that has ended goes to the next one in the same step, and the first hears that it is taken', async () => {
    const stop = await begin(1);
    const slot = { stopId: stop.stopId, tick: FIRST_TICK };
    const first = await holdSlot(deps, slot);
    expect((await holdSlot(deps, slot)).kind).to.equal('slotTaken');
    now += 10 * MINUTE - 1;
    expect((await holdSlot(deps, slot)).kind).to.equal('slotTaken');
    now += 1;
    const second = await holdSlot(deps, slot);
    expect(second.kind).to.equal('held');
    expect((await extendHold(deps, first.secret)).kind).to.equal('slotTaken');
    expect(await countWhere(database, 'counter_ticks')).to.equal(4);
    await expectOrder(stop);
  });

  it('of which somebody else has a part now is wholly free for others: half of it is of no use', async () => {
    const stop = await begin(1);
    const anna = { firstName: null, familyName: 'Vogel', contactKind: 'none', contact: null } as const;
    for (const comeBack of [
      (secret: string) => extendHold(deps, secret),
      (secret: string) => saveDetails(deps, secret, anna),
    ]) {
      await begin(1);
      const first = await holdSlot(deps, { stopId: stop.stopId, tick: FIRST_TICK });
      now += 10 * MINUTE;
      expect((await holdSlot(deps, { stopId: stop.stopId, tick: FIRST_TICK + 2 })).kind).to.equal('held');
      expect((await comeBack(first.secret)).kind).to.equal('slotTaken');
      const closed = await database.reader('counter_ticks').where('free_at', '>', now).orderBy('tick').pluck('tick');
      expect(closed).to.deep.equal([FIRST_TICK + 2, FIRST_TICK + 3, FIRST_TICK + 4, FIRST_TICK + 5]);
      await expectOrder(stop);
    }
    const [kept] = await database
      .reader<{ family_name: string | null }>('appointments')
      .whereNotNull('family_name')
      .pluck('family_name');
    expect(kept).to.equal('Vogel');
  });
});
