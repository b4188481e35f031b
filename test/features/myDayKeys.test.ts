import { expect } from 'chai';
import { createHousekeepingRepository } from '../../server/data/housekeepingRepository.ts';
import type { Database } from '../../server/data/knex.ts';
import type { Appointment } from '../../server/domain/booking/appointment.ts';
import type { DayWork } from '../../server/features/myDay/deps.ts';
import type { Sent, WalkIn } from '../../server/features/myDay/outcomes.ts';
import { reportDelay } from '../../server/features/myDay/reportDelay.ts';
import { tick } from '../../server/features/myDay/tick.ts';
import { undo } from '../../server/features/myDay/undo.ts';
import { walkIn } from '../../server/features/myDay/walkIn.ts';
import { writeNote } from '../../server/features/myDay/writeNote.ts';
import { addClerkUser, crewDeps, sentBy, tourIdOf } from '../support/crewFixture.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { createDesk, OFFICE_ZONE, seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';
import { countWhere, openMigrated } from '../support/raceFixture.ts';
import { addClerk } from '../support/toursFixture.ts';

const DAY = '2026-12-01';

describeOnBothDatabases('Under a key that was used for something else, the crew is told', (open) => {
  let now: number;
  let database: Database;
  let office: SmallOffice;
  let deps: DayWork;
  let desk: ReturnType<typeof createDesk>;
  let userId: number;
  let tourId: number;
  let booked: Appointment;

  const at = (minute: number): number => OFFICE_ZONE.instantAt(DAY, minute);

  beforeEach(async () => {
    now = at(8 * 60) - 86_400_000;
    database = await openMigrated((await open()).config);
    office = await seedSmallOffice(database, { date: DAY });
    deps = crewDeps(database, () => now);
    desk = createDesk(database, () => now);
    userId = await addClerkUser(database, office.clerkId);
    tourId = await tourIdOf(database, office.firstStopId);
    booked = await desk.book({ stopId: office.firstStopId, minute: 9 * 60 });
    now = at(9 * 60 + 2);
  });
  afterEach(() => database.close());

  const sent = (): Sent => sentBy(userId, now, 'key-same');
  const person = { counter: 1, familyName: 'Späth', firstName: null };
  const walks = (more: Partial<WalkIn> = {}) =>
    walkIn(deps, sent(), {
      ...person,
      stopId: office.firstStopId,
      services: [{ serviceId: office.services.idCard, persons: 1 }],
      ...more,
    });

  it('that nothing was done, and not that it was there before', async () => {
    const other = await desk.book({ stopId: office.secondStopId, minute: 840, familyName: 'Zander' });
    expect((await tick(deps, sent(), booked.id, 'arrived')).kind).to.equal('done');
    expect(await tick(deps, sent(), other.id, 'arrived')).to.include({ kind: 'conflict', state: 'confirmed' });
    expect(await writeNote(deps, sent(), tourId, 'Tisch fehlt')).to.include({ kind: 'conflict' });
    expect(await reportDelay(deps, sent(), tourId, 20)).to.include({ kind: 'conflict' });
    expect(await walks()).to.deep.equal({ kind: 'conflict', date: DAY });
    expect(await undo(deps, sent(), tourId, 'key-same')).to.include({ kind: 'conflict', state: 'arrived' });
    expect(await countWhere(database, 'tour_actions')).to.equal(1);
    expect(await countWhere(database, 'appointments', { channel: 'walk-in' })).to.equal(0);
  });

  it('nor that the second of two people, two notes or two delays was there before', async () => {
    expect((await walks()).kind).to.equal('done');
    expect((await walks()).kind).to.equal('already');
    expect((await walks({ familyName: 'Zander' })).kind).to.equal('conflict');
    now += 40 * 86_400_000;
    await createHousekeepingRepository(database).purgePersonalData(now);
    now -= 40 * 86_400_000;
    expect((await walks()).kind).to.equal('already');
    const notes = (text: string) => writeNote(deps, sentBy(userId, now, 'key-note'), tourId, text);
    expect((await notes('Tisch fehlt')).kind).to.equal('done');
    expect((await notes('Stuhl fehlt')).kind).to.equal('conflict');
    const delay = (minutes: number) => reportDelay(deps, sentBy(userId, now, 'key-late'), tourId, minutes);
    expect((await delay(10)).kind).to.equal('done');
    expect((await delay(20)).kind).to.equal('conflict');
  });

  it('on another tour, without a word about that one', async () => {
    const clerkId = await addClerk(database, office, 'B. Zweit');
    const elsewhere = 4711;
    const own = await database.reader('tours').where('id', tourId).first<object>();
    await database.writer('tours').insert({ ...own, id: elsewhere });
    const crew = await database.reader('tour_clerks').where('tour_id', tourId).first<object>();
    await database.writer('tour_clerks').insert({ ...crew, tour_id: elsewhere, clerk_id: clerkId });
    const stranger = await addClerkUser(database, clerkId, { name: 'B. Zweit' });
    await tick(deps, sent(), booked.id, 'arrived');
    const outcome = await writeNote(deps, sentBy(stranger, now, 'key-same'), elsewhere, 'Tisch fehlt');
    expect(outcome).to.deep.equal({ kind: 'conflict', date: DAY, appointmentId: null, state: null });
  });
});
