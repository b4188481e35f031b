import { expect } from 'chai';
import { createCallRepository } from '../../server/data/callRepository.ts';
import type { Database } from '../../server/data/knex.ts';
import { createTourUnit } from '../../server/data/tourRepository.ts';
import type { Appointment } from '../../server/domain/booking/appointment.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { createDesk, seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';
import { countWhere, openMigrated } from '../support/raceFixture.ts';
import { addNeighbour, addPlanner } from '../support/toursFixture.ts';

const DAY = '2026-12-01';

describeOnBothDatabases('The call list', (open) => {
  let now: number;
  let database: Database;
  let office: SmallOffice;
  let booked: Appointment;
  let calls: ReturnType<typeof createCallRepository>;

  beforeEach(async () => {
    now = Date.parse('2026-11-20T08:00:00Z');
    database = await openMigrated((await open()).config);
    office = await seedSmallOffice(database, { date: DAY });
    calls = createCallRepository(database, () => now);
    booked = await createDesk(database, () => now).book({
      stopId: office.secondStopId,
      minute: 840,
      contactKind: 'phone',
      contact: '03764 4711',
      locale: 'en',
    });
  });
  afterEach(() => database.close());

  const tell = (kind: 'changed' | 'moved' | 'cancelled', minute: number) =>
    database.unit((trx) =>
      createTourUnit(trx).tell(
        { appointmentId: booked.id, kind, promised: { date: DAY, minute, venueId: office.firstVenueId } },
        now,
      ),
    );

  it('says whom to call, what they had been told, and what holds now', async () => {
    await tell('moved', 600);
    expect(await calls.open('all')).to.deep.equal([
      {
        id: 1,
        kind: 'moved',
        createdAt: now,
        doneAt: null,
        doneBy: null,
        reference: booked.reference,
        firstName: 'Karin',
        familyName: 'Vogel',
        contactKind: 'phone',
        contact: '03764 4711',
        locale: 'en',
        old: {
          date: DAY,
          minute: 600,
          venue: { id: office.firstVenueId, name: 'Gemeindeamt', locality: 'Schönberg' },
        },
        now: {
          date: DAY,
          minute: 840,
          minutes: 20,
          venue: { id: office.secondVenueId, name: 'Feuerwehrhaus', locality: 'Köthel' },
        },
      },
    ]);
  });

  it('has one open call for each person, with what they had been told first', async () => {
    await tell('moved', 600);
    await tell('cancelled', 700);
    const open = await calls.open('all');
    expect(open.map(({ kind, old }) => [kind, old.minute])).to.deep.equal([['cancelled', 600]]);
  });

  it('notes who has called, once, and tells the history without any name of a citizen', async () => {
    const planner = await addPlanner(database, 'Petra Plan');
    const other = await addPlanner(database, 'Otto Ordnung');
    await tell('moved', 600);
    const id = (await calls.open('all'))[0]!.id;
    expect(await calls.markDone(planner, id)).to.equal(true);
    now += 60_000;
    expect(await calls.markDone(other, id)).to.equal(true);
    expect(await calls.open('all')).to.deep.equal([]);
    expect((await calls.done('all', 10)).map(({ doneBy, doneAt }) => [doneBy, doneAt])).to.deep.equal([
      ['Petra Plan', now - 60_000],
    ]);
    expect(await countWhere(database, 'audit_entries', { subject: 'call', action: 'done' })).to.equal(1);
    expect(JSON.stringify(await database.reader('audit_entries'))).to.not.include('Vogel');
    await tell('moved', 840);
    expect(await calls.open('all')).to.have.length(1);
  });

  it('is only for those whose municipality it is', async () => {
    const { municipalityId } = await addNeighbour(database);
    const stranger = await addPlanner(database, 'Nina Nachbar', [municipalityId]);
    await tell('moved', 600);
    const id = (await calls.open(new Set([office.municipalityId])))[0]!.id;
    expect(await calls.open(stranger.scope)).to.deep.equal([]);
    expect(await calls.open(new Set())).to.deep.equal([]);
    expect(await calls.markDone(stranger, id)).to.equal(false);
    expect(await calls.markDone(stranger, 4711)).to.equal(false);
    expect(await calls.open('all')).to.have.length(1);
  });
});
