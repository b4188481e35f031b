import { expect } from 'chai';
import fc from 'fast-check';
import type { Database } from '../../server/data/knex.ts';
import { keptForHotline } from '../../server/domain/booking/channels.ts';
import { bookAppointment } from '../../server/features/booking/bookAppointment.ts';
import { cancelAppointment, moveAppointment } from '../../server/features/booking/changeAppointment.ts';
import { findTimes } from '../../server/features/booking/findTimes.ts';
import { holdTime } from '../../server/features/booking/holdTime.ts';
import { releaseHold } from '../../server/features/booking/keepHold.ts';
import { saveDetails } from '../../server/features/booking/saveDetails.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { OFFICE_ZONE } from '../support/officeFixture.ts';
import { raceProcesses } from '../support/processes.ts';
import {
  bookSlot,
  countWhere,
  daysFromToday,
  lineOf,
  newSecret,
  occupancyFaults,
  openMigrated,
  raceDeps,
  seedRace,
  type RaceDeps,
  type RaceStop,
} from '../support/raceFixture.ts';
import { insertUser } from '../support/staff.ts';
import type { Struggle } from '../races/hotline.worker.ts';

const DETAILS = { firstName: null, familyName: 'Vogel', contactKind: 'none' as const, contact: null };
const MINUTE = 60_000;

describeOnBothDatabases('Two agents and fifty citizens who want the same time', (open) => {
  let database: Database;
  afterEach(() => database.close());

  it('in four processes fill the visits without gap or overlap, and hear of other times as long as there are any', async function () {
    this.timeout(60_000);
    const { config } = await open();
    database = await openMigrated(config);
    const date = daysFromToday(7);
    const { office, stop } = await seedRace(database, { date, fromMinute: 540, toMinute: 660, counters: 2 });
    const agents = await Promise.all(
      ['Anna', 'Ben'].map(async (name) => {
        const { id } = await insertUser(database, ['hotline'], { name });
        return { userId: id, name, scope: 'all' as const };
      }),
    );
    const answers = await raceProcesses<{ agents: Struggle[]; citizens: Struggle[] }>(
      'hotline.worker.ts',
      [0, 1, 2, 3].map((process) => ({
        config,
        citizens: process < 2 ? 12 : 13,
        agents: agents.slice(process, process + 1),
        wanted: { stopId: stop.stopId, tick: 108 },
        counters: { [stop.stopId]: 2, [office.firstStopId]: 1, [office.secondStopId]: 1 },
      })),
    );
    const told = answers.flatMap((answer) => [...answer.agents, ...answer.citizens]);
    expect(told.length).to.equal(52);
    // Twenty minutes each: 2 × 6 at the stop, 9 and 7 at the two others of the office.
    const winners = told.filter(({ end }) => end === 'booked');
    const losers = told.filter(({ end }) => end === 'nothingLeft');
    expect([winners.length, losers.length]).to.deep.equal([28, 24]);
    // Whoever got a time in the end was shown one each time before; only at the very last nothing was left.
    for (const { shown } of winners) expect(shown).not.to.include(0);
    for (const { shown } of losers) expect(shown.slice(0, -1)).not.to.include(0);
    expect(told.reduce((sum, { stale }) => sum + stale, 0)).to.equal(0);
    expect(told.some(({ shown }) => shown.length > 0)).to.equal(true);

    expect(await occupancyFaults(database, Date.now())).to.deep.equal([]);
    expect(await countWhere(database, 'appointments', { state: 'confirmed' })).to.equal(28);
    expect(await countWhere(database, 'counter_ticks')).to.equal(28 * 4);
    const channels = await database.reader<{ channel: string }>('appointments').distinct('channel').pluck('channel');
    const agentsEnds = answers.flatMap((answer) => answer.agents.map(({ end }) => end));
    expect(channels.includes('hotline')).to.equal(agentsEnds.includes('booked'));
  });
});

describeOnBothDatabases('Time that is not for everybody yet', (open, kind) => {
  const DATE = '2026-12-08';
  let database: Database;
  let deps: RaceDeps;
  let stop: RaceStop;
  let now: number;

  before(async () => {
    database = await openMigrated((await open()).config);
    now = OFFICE_ZONE.instantAt('2026-12-01', 480);
    deps = raceDeps(database, () => now);
    ({ stop } = await seedRace(database, { date: DATE, fromMinute: 540, toMinute: 600, counters: 1 }));
  });
  after(() => database.close());

  beforeEach(async () => {
    now = OFFICE_ZONE.instantAt('2026-12-01', 480);
    await database.writer('counter_ticks').delete();
    await database.writer('appointments').delete();
  });

  async function hold(channel: 'online' | 'hotline', tick: number, secret = newSecret(), slug = 'personalausweis') {
    const lines = await lineOf(deps, slug);
    const slot = { stopId: stop.stopId, tick };
    return (await holdTime(deps, { secret, slot, lines, originPlaceId: null, locale: 'de', channel })).kind;
  }

  it('after a cancellation goes to one agent, never to a citizen who asks at the same moment', async () => {
    for (let round = 0; round < 8; round++) {
      const { secret } = await bookSlot(deps, { stopId: stop.stopId, tick: 108 });
      expect((await cancelAppointment(deps, secret)).kind).to.equal('cancelled');
      const [one, two, ...citizens] = await Promise.all([
        hold('hotline', 108),
        hold('hotline', 108),
        // Some want exactly that time, some a part of it.
        ...[108, 109, 110, 111, 108, 108].map((tick) => hold('online', tick)),
      ]);
      expect([one, two].sort(), `round ${round}`).to.deep.equal(['held', 'slotTaken']);
      expect(citizens, `round ${round}`).to.deep.equal(Array.from({ length: 6 }, () => 'slotTaken'));
      expect(await occupancyFaults(database, now)).to.deep.equal([]);
      await database.writer('appointments').delete();
      await database.writer('counter_ticks').delete();
    }
  });

  it('may be asked for while the visit before it is cancelled: then or later, never in two hands', async () => {
    for (let round = 0; round < 8; round++) {
      const { secret } = await bookSlot(deps, { stopId: stop.stopId, tick: 108 });
      await Promise.all([
        cancelAppointment(deps, secret),
        ...[108, 110, 108].map((tick) => hold('hotline', tick)),
        ...[108, 110].map((tick) => hold('online', tick)),
      ]);
      expect(await occupancyFaults(database, now)).to.deep.equal([]);
      const online = await countWhere(database, 'appointments', { state: 'held', channel: 'online' });
      expect(online, `round ${round}`).to.equal(0);
      await database.writer('appointments').delete();
      await database.writer('counter_ticks').delete();
    }
  });

  const step = fc.record({
    what: fc.constantFrom(
      'hotline',
      'hotline',
      'online',
      'online',
      'book',
      'book',
      'move',
      'cancel',
      'release',
      'wait',
    ),
    who: fc.nat({ max: 4 }),
    tick: fc.nat({ max: 11 }),
    short: fc.boolean(),
    minutes: fc.nat({ max: 30 }),
  });

  it('is neither offered nor given to citizens, whatever they and the agents do', async function () {
    this.timeout(90_000);
    const rules = { hotlineSharePercent: 40, hotlineShareDays: 6 };
    await database.writer('municipalities').update({ hotline_share_percent: 40, hotline_share_days: 6 });
    now += 60 * MINUTE; // the picture of the office is read again
    expect((await deps.directory()).municipalities.get(1)?.rules).to.include(rules);
    // 12 ticks: 40 % are 4.8, in quarters of an hour 6.
    const kept = keptForHotline(rules, { fromTick: 108, toTick: 120 }, DATE, '2026-12-01');
    expect(kept).to.deep.equal({ fromTick: 108, toTick: 114 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 5, maxLength: 25 }),
        fc.constantFrom('2026-12-01', '2026-12-02'),
        async (steps, today) => {
          const isKept = today === '2026-12-01';
          now = OFFICE_ZONE.instantAt(today, 480);
          await database.writer('counter_ticks').delete();
          await database.writer('appointments').delete();
          const secrets = Array.from({ length: 5 }, newSecret);
          for (const { what, who, tick, short, minutes } of steps) {
            const secret = secrets[who]!;
            const slug = short ? 'fuehrungszeugnis' : 'personalausweis';
            const start = 108 + tick;
            if (what === 'hotline' || what === 'online') {
              const outcome = await hold(what, start, secret, slug);
              if (outcome === 'alreadyBooked') secrets[who] = newSecret();
              if (what === 'online' && isKept && start < 114) expect(outcome).not.to.equal('held');
            } else if (what === 'book') {
              await saveDetails(deps, secret, DETAILS);
              await bookAppointment(deps, secret);
            } else if (what === 'move') {
              const before = await deps.appointments.bySecret(secret);
              await moveAppointment(deps, secret, { stopId: stop.stopId, tick: start });
              const after = await deps.appointments.bySecret(secret);
              const isMoved = after?.startTick !== before?.startTick;
              if (isKept && isMoved) expect(after?.startTick).to.be.at.least(114);
            } else if (what === 'cancel') {
              await cancelAppointment(deps, secret);
            } else if (what === 'release') {
              await releaseHold(deps, secret);
            } else {
              now += minutes * MINUTE;
            }
            expect(await occupancyFaults(database, now)).to.deep.equal([]);
            const page = await findTimes(deps, {
              from: null,
              lines: await lineOf(deps, slug),
              stopId: stop.stopId,
              allTimes: true,
              offset: 0,
            });
            const closed = await database
              .reader<{ tick: number }>('counter_ticks')
              .where('stop_id', stop.stopId)
              .whereNull('appointment_id')
              .where('free_at', '>', now)
              .pluck('tick');
            const length = short ? 2 : 4;
            for (const { tick: offered } of page.chosen?.starts ?? []) {
              if (isKept) expect(offered).to.be.at.least(114);
              expect(closed.some((one: number) => one >= offered && one < offered + length)).to.equal(false);
            }
          }
        },
      ),
      { numRuns: kind === 'sqlite' ? 30 : 10, seed: 20261208 },
    );
    await database.writer('municipalities').update({ hotline_share_percent: 0, hotline_share_days: 0 });
  });
});
