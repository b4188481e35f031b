import { expect } from 'chai';
import { createHousekeepingRepository } from '../../server/data/housekeepingRepository.ts';
import { openDatabase, type Database } from '../../server/data/knex.ts';
import { expireHolds, EXPIRED_KEPT, GRACE } from '../../server/jobs/expiry.ts';
import { purgePersonalData } from '../../server/jobs/retention.ts';
import { startJobs } from '../../server/jobs/schedule.ts';
import { cancelAppointment } from '../../server/features/booking/changeAppointment.ts';
import { describeOnBothDatabases, type TestDatabase } from '../support/databases.ts';
import { OFFICE_ZONE } from '../support/officeFixture.ts';
import {
  bookSlot,
  countWhere,
  holdSlot,
  occupancyFaults,
  openMigrated,
  raceDeps,
  seedRace,
  type RaceDeps,
  type RaceStop,
} from '../support/raceFixture.ts';

const DATE = '2026-12-08';
const HOUR = 60 * 60_000;
const MINUTE = 60_000;
const NOTHING = { holds: 0, ticks: 0, expired: 0, deleted: 0 };

describeOnBothDatabases('What the office does by itself', (open) => {
  let config: TestDatabase['config'];
  let database: Database;
  let deps: RaceDeps;
  let stop: RaceStop;
  let now: number;

  beforeEach(async () => {
    config = (await open()).config;
    database = await openMigrated(config);
    now = OFFICE_ZONE.instantAt('2026-12-01', 8 * 60);
    deps = raceDeps(database, () => now);
    ({ stop } = await seedRace(database, { date: DATE, fromMinute: 540, toMinute: 720, counters: 1 }));
  });
  afterEach(() => database.close());

  const expire = () => expireHolds(createHousekeepingRepository(database), now);
  const purge = () => purgePersonalData(createHousekeepingRepository(database), now);

  it('forgets an abandoned reservation an hour after its end, with what was typed, and never a booked one', async () => {
    await bookSlot(deps, { stopId: stop.stopId, tick: 108 });
    await holdSlot(deps, { stopId: stop.stopId, tick: 112 });
    now += 10 * MINUTE + GRACE;
    expect(await expire()).to.deep.equal(NOTHING);
    expect(await countWhere(database, 'appointments')).to.equal(2);

    now += 1;
    expect((await expire()).holds).to.equal(1);
    expect(await countWhere(database, 'appointments')).to.equal(1);
    expect(await countWhere(database, 'counter_ticks')).to.equal(4);
    expect(await countWhere(database, 'appointment_services')).to.equal(1);
    expect(await expire()).to.deep.equal(NOTHING);
    expect(await occupancyFaults(database, now)).to.deep.equal([]);
  });

  it('clears away the time of a cancelled appointment once it has opened again, not before', async () => {
    const { secret } = await bookSlot(deps, { stopId: stop.stopId, tick: 108 });
    await cancelAppointment(deps, secret);
    await expire();
    expect(await countWhere(database, 'counter_ticks')).to.equal(4);
    now += 30 * MINUTE;
    expect((await expire()).ticks).to.equal(4);
    expect(await countWhere(database, 'counter_ticks')).to.equal(0);
    expect(await expire()).to.deep.equal(NOTHING);
  });

  it('gives up a booking that nobody confirmed in time, and forgets it a day later with all that belongs to it', async () => {
    const { secret } = await bookSlot(deps, { stopId: stop.stopId, tick: 108 }, { email: 'k@beispiel.example' });
    const until = now + HOUR;
    await database.writer('appointments').update({ state: 'pending', confirmed_at: null, hold_until: until });
    await database.writer('counter_ticks').update({ free_at: until });
    await bookSlot(deps, { stopId: stop.stopId, tick: 112 }, { email: 'k@beispiel.example' });
    now = until - 1;
    expect(await expire()).to.deep.equal(NOTHING);

    now = until;
    expect(await expire()).to.deep.equal({ ...NOTHING, expired: 1 });
    expect((await deps.appointments.bySecret(secret))?.state, 'the link says what happened').to.equal('expired');
    expect(await countWhere(database, 'counter_ticks')).to.equal(4);
    expect(await countWhere(database, 'contact_slots')).to.equal(1);
    expect(await occupancyFaults(database, now)).to.deep.equal([]);

    now = until + EXPIRED_KEPT;
    expect(await expire()).to.deep.equal(NOTHING);
    now += 1;
    expect(await expire()).to.deep.equal({ ...NOTHING, deleted: 1 });
    expect(await deps.appointments.bySecret(secret)).to.equal(undefined);
    expect(await countWhere(database, 'appointments', { state: 'confirmed' })).to.equal(1);
  });

  it('leaves the time alone that somebody took over from a booking that nobody confirmed', async () => {
    const { secret } = await bookSlot(deps, { stopId: stop.stopId, tick: 108 });
    const until = now + HOUR;
    await database.writer('appointments').update({ state: 'pending', confirmed_at: null, hold_until: until });
    await database.writer('counter_ticks').update({ free_at: until });
    now = until;
    const taker = await bookSlot(deps, { stopId: stop.stopId, tick: 108 });
    expect(await expire()).to.deep.equal({ ...NOTHING, expired: 1 });
    expect((await deps.appointments.bySecret(secret))?.state).to.equal('expired');
    expect((await deps.appointments.bySecret(taker.secret))?.state).to.equal('confirmed');
    expect(await countWhere(database, 'counter_ticks')).to.equal(4);
    expect(await occupancyFaults(database, now)).to.deep.equal([]);
  });

  it('forgets what came of its own work after 30 days', async () => {
    const run = { name: 'expiry', ended_at: now, counts: '{}' };
    await database.writer('job_runs').insert({ ...run, started_at: now - 30 * 24 * HOUR - 1 });
    await database.writer('job_runs').insert({ ...run, started_at: now - 30 * 24 * HOUR });
    expect((await purge()).jobRuns).to.equal(1);
    expect(await countWhere(database, 'job_runs')).to.equal(1);
  });

  it('deletes name, contact, reference and link a day after the visit and keeps what is counted', async () => {
    const email = 'karin.vogel@beispiel.example';
    const { secret } = await bookSlot(deps, { stopId: stop.stopId, tick: 108 }, { email });
    const cancelled = await bookSlot(deps, { stopId: stop.stopId, tick: 112 }, { email });
    await cancelAppointment(deps, cancelled.secret);
    const end = OFFICE_ZONE.instantAt(DATE, 560);

    now = end + 24 * HOUR - 1;
    expect((await purge()).appointments).to.equal(0);
    expect((await deps.appointments.bySecret(secret))?.familyName).to.equal('Vogel');

    now = end + 24 * HOUR;
    expect((await purge()).appointments).to.equal(1);
    now += HOUR;
    expect((await purge()).appointments).to.equal(1); // the cancelled one ended twenty minutes later
    const rows = await database.reader<Record<string, unknown>>('appointments').orderBy('id');
    expect(rows.map(({ state }) => state)).to.deep.equal(['confirmed', 'cancelled']);
    for (const row of rows) {
      for (const gone of ['reference', 'secret', 'first_name', 'family_name', 'family_key', 'contact']) {
        expect(row[gone], gone).to.equal(null);
      }
      expect(row['contact_kind']).to.equal('email');
    }
    expect(await countWhere(database, 'appointment_services')).to.equal(2);
    expect(await deps.appointments.bySecret(secret)).to.equal(undefined);
    expect(JSON.stringify(await everything(database))).to.not.match(/vogel|beispiel\.example/i);

    expect((await purge()).appointments).to.equal(0);
    expect(await database.reader('appointments').orderBy('id')).to.deep.equal(rows);
  });

  it('keeps to the time that each municipality has set, from at once to a year', async () => {
    const { secret } = await bookSlot(deps, { stopId: stop.stopId, tick: 108 });
    const end = OFFICE_ZONE.instantAt(DATE, 560);
    await database.writer('municipalities').update({ retention_hours: 8760 });
    now = end + 8760 * HOUR - 1;
    expect((await purge()).appointments).to.equal(0);
    await database.writer('municipalities').update({ retention_hours: 0 });
    now = end - 1;
    expect((await purge()).appointments).to.equal(0);
    expect((await deps.appointments.bySecret(secret))?.familyName).to.equal('Vogel');
    now = end;
    expect((await purge()).appointments).to.equal(1);
  });

  it('keeps to the time of the municipality that is visited, when another one sends the tour', async () => {
    await bookSlot(deps, { stopId: stop.stopId, tick: 108 });
    const [visited] = await database.reader<{ id: number }>('municipalities');
    await database
      .writer('municipalities')
      .insert({ ...visited, id: 900, slug: 'nebenan', ags: '14524999', retention_hours: 8760 });
    await database.writer('tours').update({ municipality_id: 900 });
    now = OFFICE_ZONE.instantAt(DATE, 560) + 24 * HOUR;
    expect((await purge()).appointments).to.equal(1);
  });

  it('does everything once when two servers do it at the same moment', async () => {
    for (let index = 0; index < 9; index++) {
      await bookSlot(deps, { stopId: stop.stopId, tick: 108 + 4 * index });
    }
    now = OFFICE_ZONE.instantAt('2026-12-20', 480);
    const other = openDatabase(config);
    const [here, there] = await Promise.all([purge(), purgePersonalData(createHousekeepingRepository(other), now)]);
    expect(here.appointments + there.appointments).to.equal(9);
    await Promise.all([expire(), expireHolds(createHousekeepingRepository(other), now)]);
    await other.close();
    expect(await countWhere(database, 'appointments', { state: 'confirmed' })).to.equal(9);
  });
});

async function everything(database: Database): Promise<unknown[]> {
  return Promise.all(
    ['appointments', 'appointment_services', 'counter_ticks', 'contact_slots'].map((table) => database.reader(table)),
  );
}

describe('Jobs', () => {
  it('run at once, never twice at the same time, go on after a failure and are waited for at the end', async () => {
    let running = 0;
    let most = 0;
    let runs = 0;
    let letGo: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    const signals: AbortSignal[] = [];
    let sixth: () => void = () => undefined;
    const ranOften = new Promise<void>((resolve) => (sixth = resolve));
    const logged: string[] = [];
    const log = {
      info: (fields: object, message: string) => void logged.push(`${message} ${JSON.stringify(fields)}`),
      error: (fields: object, message: string) => void logged.push(`${message} ${(fields as { job: string }).job}`),
    };
    let failures = 0;
    const stop = startJobs(
      [
        {
          name: 'slow',
          every: 1,
          run: async (_now, stopping) => {
            signals.push(stopping);
            most = Math.max(most, ++running);
            await gate;
            running--;
            return { things: 2 };
          },
        },
        {
          name: 'failing',
          every: 1,
          run: () => {
            if (++runs === 6) {
              sixth();
            }
            failures++;
            return Promise.reject(new Error('fault'));
          },
        },
      ],
      () => 0,
      log,
    );
    await ranOften;
    const stopped = stop();
    expect(signals.map(({ aborted }) => aborted)).to.deep.equal([true]);
    letGo();
    await stopped;
    expect(most).to.equal(1);
    expect(running).to.equal(0);
    expect(failures).to.be.at.least(6);
    expect(logged).to.include('job failed failing').and.include('job done {"job":"slow","things":2}');
  });
});
