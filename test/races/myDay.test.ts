import { expect } from 'chai';
import type { Database, DatabaseConfig } from '../../server/data/knex.ts';
import type { Appointment } from '../../server/domain/booking/appointment.ts';
import { addClerkUser, tourIdOf } from '../support/crewFixture.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { createDesk, OFFICE_ZONE, seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';
import { raceProcesses } from '../support/processes.ts';
import { countWhere, occupancyFaults, openMigrated } from '../support/raceFixture.ts';
import type { RaceStep } from './myDay.worker.ts';

const DAY = '2026-12-01';

describeOnBothDatabases('Several processes that tick at the same moment', (open) => {
  const now = OFFICE_ZONE.instantAt(DAY, 9 * 60);
  let config: DatabaseConfig;
  let database: Database;
  let office: SmallOffice;
  let userId: number;
  let tourId: number;
  let booked: Appointment;

  beforeEach(async () => {
    ({ config } = await open());
    database = await openMigrated(config);
    office = await seedSmallOffice(database, { date: DAY });
    userId = await addClerkUser(database, office.clerkId);
    tourId = await tourIdOf(database, office.firstStopId);
    booked = await createDesk(database, () => now - 86_400_000).book({ stopId: office.firstStopId, minute: 540 });
    await database.writer('municipalities').update({ lead_minutes: 0 });
  });
  afterEach(() => database.close());

  const race = (...steps: RaceStep[][]): Promise<string[][]> =>
    raceProcesses<string[]>(
      'myDay.worker.ts',
      steps.map((own) => [config, own]),
    );
  const ticks = (key: string, to: 'arrived' | 'served' | 'missed'): RaceStep => ({
    at: now,
    kind: 'tick',
    userId,
    key,
    appointmentId: booked.id,
    to,
  });

  it('record one tick once, sent twice by two of them', async function () {
    this.timeout(60_000);
    const both = [ticks('key-aaaa', 'arrived'), ticks('key-bbbb', 'arrived')];
    const outcomes = await race(both, [...both].reverse());
    expect(outcomes.flat().sort()).to.deep.equal(['already', 'already', 'already', 'done']);
    expect(await countWhere(database, 'tour_actions')).to.equal(1);
  });

  it('let one of two opposite ticks count, and one taking back', async function () {
    this.timeout(60_000);
    const outcomes = await race([ticks('key-aaaa', 'missed')], [ticks('key-bbbb', 'served')]);
    expect(outcomes.flat().sort()).to.deep.equal(['conflict', 'done']);
    const action: { key: string } | undefined = await database.reader('tour_actions').first('key');
    const undoes = (key: string): RaceStep => ({ at: now, kind: 'undo', userId, key, tourId, action: action!.key });
    const undone = await race([undoes('undo-aaaa'), undoes('undo-bbbb')], [undoes('undo-cccc')]);
    expect(undone.flat().sort()).to.deep.equal(['already', 'already', 'done']);
    const row: { state: string } | undefined = await database
      .reader('appointments')
      .where('id', booked.id)
      .first('state');
    expect(row?.state).to.equal('confirmed');
  });

  it('never give one time to two: people without an appointment and citizens who book', async function () {
    this.timeout(120_000);
    const comes = (key: string): RaceStep => ({
      at: now,
      kind: 'walkIn',
      userId,
      key,
      person: {
        stopId: office.firstStopId,
        counter: 1,
        services: [{ serviceId: office.services.idCard, persons: 1 }],
        familyName: null,
        firstName: null,
      },
    });
    const books = (tick: number): RaceStep => ({ at: now, kind: 'book', stopId: office.firstStopId, tick });
    const [first, second, third] = await race(
      [comes('key-aaaa'), comes('key-bbbb'), comes('key-cccc')],
      [comes('key-cccc'), comes('key-dddd'), comes('key-eeee')],
      [books(112), books(116), books(120), books(124), books(128)],
    );
    const outcomes = [...first!, ...second!];
    expect(outcomes.filter((kind) => kind === 'already')).to.have.length(1);
    const came = outcomes.filter((kind) => kind === 'done').length;
    const bookedOnline = third!.filter((kind) => kind === 'booked').length;
    // Behind the one who has booked already there is room for eight more, whoever of the ten is first.
    expect(outcomes.filter((kind) => kind === 'full')).to.have.length(5 - came);
    if (came < 5) expect(came + bookedOnline).to.equal(8);
    expect(await countWhere(database, 'appointments', { channel: 'walk-in', state: 'arrived' })).to.equal(came);
    expect(await countWhere(database, 'appointments', { channel: 'online', state: 'confirmed' })).to.equal(
      1 + bookedOnline,
    );
    expect(await occupancyFaults(database, now)).to.deep.equal([]);
    if (config.kind === 'postgres') {
      const answer: { rows: { deadlocks: number }[] } = await database.reader.raw(
        'select deadlocks from pg_stat_database where datname = current_database()',
      );
      expect(answer.rows[0]!.deadlocks).to.equal(0);
    }
  });
});
