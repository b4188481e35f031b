import { expect } from 'chai';
import { createCrewDayRepository } from '../../server/data/crewDayRepository.ts';
import { createDeskRepository, createDeskUnit } from '../../server/data/deskRepository.ts';
import { createHousekeepingRepository } from '../../server/data/housekeepingRepository.ts';
import type { Database } from '../../server/data/knex.ts';
import { readPlanningPicture } from '../../server/data/planningRepository.ts';
import type { Appointment } from '../../server/domain/booking/appointment.ts';
import { bookAppointment } from '../../server/features/booking/bookAppointment.ts';
import { cancelAppointment, moveAppointment } from '../../server/features/booking/changeAppointment.ts';
import { askAgain, confirmAppointment } from '../../server/features/booking/confirmAppointment.ts';
import { createDesk as createHotline } from '../../server/features/booking/desk/desk.ts';
import { saveDetails } from '../../server/features/booking/saveDetails.ts';
import { cancelTour } from '../../server/features/tours/cancelTour.ts';
import type { Decision } from '../../server/features/tours/outcomes.ts';
import { expireHolds } from '../../server/jobs/expiry.ts';
import { demandConfirmation } from '../support/confirmingOffice.ts';
import { addClerkUser } from '../support/crewFixture.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { createDesk, insertTour, OFFICE_ZONE, seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';
import { countWhere, occupancyFaults, openMigrated } from '../support/raceFixture.ts';
import { insertUser } from '../support/staff.ts';
import { addPlanner, tourDeps, tourOf } from '../support/toursFixture.ts';

const DAY = '2026-12-08';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const EMAIL = 'karin.vogel@beispiel.example';

describeOnBothDatabases('An appointment whose e-mail address is to be confirmed', (open) => {
  let now: number;
  let booked: number;
  let database: Database;
  let office: SmallOffice;
  let desk: ReturnType<typeof createDesk>;

  beforeEach(async () => {
    booked = OFFICE_ZONE.instantAt('2026-12-01', 8 * 60);
    now = booked;
    database = await openMigrated((await open()).config);
    office = await seedSmallOffice(database, { date: DAY });
    await demandConfirmation(database, office.municipalityId);
    desk = createDesk(database, () => now);
  });
  afterEach(async () => {
    expect(await occupancyFaults(database, now)).to.deep.equal([]);
    await database.close();
  });

  const book = (minute = 540, contact: string = EMAIL) =>
    desk.book({ stopId: office.firstStopId, minute, contactKind: 'email', contact });
  const read = async ({ secret }: Appointment) => (await desk.deps.appointments.bySecret(secret))!;
  const outbox = async () => {
    const rows = await database
      .reader<{ kind: string; state: string; changed_by: string; sequence: number; expires_at: number }>('outbox')
      .orderBy('id');
    return rows.map(({ kind, state }) => `${kind} ${state}`);
  };
  const sendAll = () => database.writer('outbox').where('state', 'waiting').update({ state: 'sent', done_at: now });
  const ticks = (id: number): Promise<{ free_at: number | null }[]> =>
    database.reader<{ free_at: number | null }>('counter_ticks').where('appointment_id', id);
  const bookForCaller = async (minute: number) => {
    const hotline = createHotline({
      ...desk.deps,
      appointments: createDeskRepository(database.reader),
      unit: (work) => database.unit((trx) => work(createDeskUnit(trx))),
    });
    const { id } = await insertUser(database, ['hotline'], { name: 'Anna Anruf' });
    const { secret } = await desk.hold({ stopId: office.firstStopId, minute });
    const person = {
      firstName: null,
      familyName: 'Vogel',
      contactKind: 'email' as const,
      contact: EMAIL,
      address: null,
    };
    const outcome = await hotline.book({ userId: id, name: 'Anna Anruf', scope: 'all' }, secret, person, true);
    return outcome.kind === 'booked' ? outcome.appointment.state : outcome.kind;
  };
  const move = ({ secret }: Appointment, minute: number, stopId = office.firstStopId) =>
    moveAppointment(desk.deps, secret, { stopId, tick: minute / 5 });

  it('waits for an hour: its time and its contact’s place are free by themselves afterwards', async () => {
    const appointment = await book();
    expect(appointment).to.include({ state: 'pending', holdUntil: booked + HOUR });
    expect(await read(appointment)).to.include({ state: 'pending', holdUntil: booked + HOUR });
    expect((await ticks(appointment.id)).map(({ free_at }) => free_at)).to.deep.equal(Array(4).fill(booked + HOUR));
    expect(await database.reader('contact_slots').first('ends_at')).to.deep.equal({ ends_at: booked + HOUR });
    expect(await outbox()).to.deep.equal(['verify waiting']);
    expect(await database.reader('outbox').first('expires_at')).to.deep.equal({ expires_at: booked + HOUR });
  });

  it('is never one that is booked by phone number, without contact, by the hotline, or where nobody asks for it', async () => {
    const states = async (...appointments: Promise<Appointment>[]) =>
      (await Promise.all(appointments)).map(({ state }) => state);
    expect(
      await states(
        desk.book({ stopId: office.firstStopId, minute: 540 }),
        desk.book({ stopId: office.firstStopId, minute: 560, contactKind: 'phone', contact: '03764 4711' }),
      ),
    ).to.deep.equal(['confirmed', 'confirmed']);
    expect(await bookForCaller(580)).to.equal('confirmed');
    await database.writer('municipalities').update({ confirm_email: false });
    expect(await states(book(600))).to.deep.equal(['confirmed']);
    await database.writer('municipalities').update({ confirm_email: true });
    await database.writer('municipality_relays').delete();
    expect(await states(book(620, 'a@beispiel.example'))).to.deep.equal(['confirmed']);
  });

  it('waits no longer than until it begins, and not at all when hardly anybody would read the mail before', async () => {
    await database.writer('municipalities').update({ lead_minutes: 1 });
    now = OFFICE_ZONE.instantAt(DAY, 9 * 60);
    expect(await book(580)).to.include({ state: 'pending', holdUntil: OFFICE_ZONE.instantAt(DAY, 580) });
    expect(await book(545, 'a@beispiel.example')).to.include({ state: 'confirmed', holdUntil: null });
  });

  it('is booked at once when the office has lost its way to send mail a moment ago', async () => {
    const held = await desk.hold({ stopId: office.firstStopId, minute: 540 });
    await saveDetails(desk.deps, held.secret, {
      firstName: null,
      familyName: 'Vogel',
      contactKind: 'email',
      contact: EMAIL,
    });
    const directory = await desk.deps.directory();
    await database.writer('municipality_relays').delete();
    const outcome = await bookAppointment({ ...desk.deps, directory: () => Promise.resolve(directory) }, held.secret);
    expect(outcome.kind === 'booked' && outcome.appointment.state).to.equal('confirmed');
    expect((await read(held)).state).to.equal('confirmed');
    expect((await ticks(held.id)).every(({ free_at }) => free_at === null)).to.equal(true);
    expect(await database.reader('contact_slots').first('ends_at')).to.deep.equal({ ends_at: held.endsAt });
  });

  it('is confirmed for good in one transaction; twice is the same', async () => {
    const appointment = await book();
    await sendAll();
    now = booked + HOUR - 1;
    const answers = await Promise.all([
      confirmAppointment(desk.deps, appointment.secret),
      confirmAppointment(desk.deps, appointment.secret),
    ]);
    expect(answers).to.deep.equal([{ kind: 'confirmed' }, { kind: 'confirmed' }]);
    expect(await read(appointment)).to.include({ state: 'confirmed', holdUntil: null, sequence: 0 });
    expect((await ticks(appointment.id)).map(({ free_at }) => free_at)).to.deep.equal([null, null, null, null]);
    expect(await database.reader('contact_slots').first('ends_at')).to.deep.equal({ ends_at: appointment.endsAt });
    expect(await outbox()).to.deep.equal(['verify sent', 'booked waiting']);
    now = booked + 2 * HOUR;
    expect(await confirmAppointment(desk.deps, appointment.secret)).to.deep.equal({ kind: 'confirmed' });
    expect(await outbox()).to.have.length(2);
  });

  it('is given up at the end of the hour, with or without the job: somebody else may have the time, the contact books anew', async () => {
    await database.writer('municipalities').update({ max_open_per_contact: 1 });
    const appointment = await book();
    now = booked + HOUR;
    expect(await confirmAppointment(desk.deps, appointment.secret)).to.deep.equal({ kind: 'expired' });
    expect(await move(appointment, 600)).to.deep.equal({ kind: 'notChangeable' });
    expect(await cancelAppointment(desk.deps, appointment.secret)).to.deep.equal({ kind: 'notChangeable' });
    expect(await askAgain(desk.deps, appointment.secret)).to.deep.equal({ kind: 'notPending' });
    const other = await book();
    expect(other).to.include({ state: 'pending', startTick: 108 });
    expect(await confirmAppointment(desk.deps, other.secret)).to.deep.equal({ kind: 'confirmed' });
    await expireHolds(createHousekeepingRepository(database), now);
    expect((await read(appointment)).state).to.equal('expired');
    expect(await confirmAppointment(desk.deps, appointment.secret)).to.deep.equal({ kind: 'expired' });
    expect(await read(other)).to.include({ state: 'confirmed' });
    expect(await ticks(other.id)).to.have.length(4);
  });

  it('is not confirmed when a clock that is ahead has given its time away; nothing is changed then', async () => {
    const appointment = await book();
    now = booked + HOUR;
    await desk.book({ stopId: office.firstStopId, minute: 550 });
    now -= 1;
    expect(await confirmAppointment(desk.deps, appointment.secret)).to.deep.equal({ kind: 'expired' });
    expect((await read(appointment)).state).to.equal('pending');
    now += 1;
  });

  it('is not confirmed when its visit does not take place, nor when it was cancelled', async () => {
    const appointment = await book();
    const { id } = await tourOf(database, office.firstStopId);
    await database.writer('tours').where({ id }).update({ state: 'cancelled' });
    expect(await confirmAppointment(desk.deps, appointment.secret)).to.deep.equal({ kind: 'off' });
    await cancelAppointment(desk.deps, appointment.secret);
    expect(await confirmAppointment(desk.deps, appointment.secret)).to.deep.equal({ kind: 'off' });
    expect(await confirmAppointment(desk.deps, 'x'.repeat(22))).to.deep.equal({ kind: 'unknown' });
  });

  it('has no more at another time than it had: the same moment ends the wait, and the mail is asked for anew', async () => {
    const appointment = await book();
    now = booked + 10 * MINUTE;
    expect(await move(appointment, 600)).to.deep.equal({ kind: 'moved' });
    expect(await read(appointment)).to.include({ state: 'pending', holdUntil: booked + HOUR, startTick: 120 });
    expect((await ticks(appointment.id)).map(({ free_at }) => free_at)).to.deep.equal(Array(4).fill(booked + HOUR));
    expect(await database.reader('contact_slots').first('ends_at')).to.deep.equal({ ends_at: booked + HOUR });
    expect(await outbox()).to.deep.equal(['verify superseded', 'verify waiting']);
    expect(await confirmAppointment(desk.deps, appointment.secret)).to.deep.equal({ kind: 'confirmed' });
    expect((await read(appointment)).startTick).to.equal(120);
  });

  it('is cancelled without another word to an address that may be somebody else’s', async () => {
    const appointment = await book();
    await sendAll();
    await cancelAppointment(desk.deps, appointment.secret);
    expect(await read(appointment)).to.include({ state: 'cancelled' });
    expect(await outbox()).to.deep.equal(['verify sent']);
    expect(await countWhere(database, 'contact_slots')).to.equal(0);
  });

  it('is written to again when somebody asks for it: once a minute, four times in all, however often it is moved', async () => {
    const appointment = await book();
    expect(await askAgain(desk.deps, appointment.secret)).to.deep.equal({ kind: 'tooSoon' });
    for (let round = 0; round < 3; round++) {
      await sendAll();
      now += MINUTE;
      const twice = [askAgain(desk.deps, appointment.secret), askAgain(desk.deps, appointment.secret)];
      const kinds = (await Promise.all(twice)).map(({ kind }) => kind);
      expect(kinds.sort()).to.deep.equal(['queued', 'tooSoon']);
    }
    await move(appointment, 600); // the fourth has not left yet: it tells of this
    expect(await outbox()).to.deep.equal([
      'verify sent',
      'verify sent',
      'verify sent',
      'verify superseded',
      'verify waiting',
    ]);
    await sendAll();
    now += MINUTE;
    expect(await askAgain(desk.deps, appointment.secret)).to.deep.equal({ kind: 'limit' });
    await move(appointment, 660);
    expect((await outbox()).length).to.equal(5);
    expect(await confirmAppointment(desk.deps, appointment.secret)).to.deep.equal({ kind: 'confirmed' });
  });

  describe('where a planner cancels the tour', () => {
    let appointment: Appointment;
    let elsewhere: number;

    beforeEach(async () => {
      const [stopId] = await insertTour(database, {
        date: '2026-12-15',
        municipalityId: office.municipalityId,
        kitId: office.kitId,
        clerkId: office.clerkId,
        stops: [{ venueId: office.firstVenueId, fromMinute: 540, toMinute: 720 }],
      });
      elsewhere = stopId as number;
      appointment = await book();
      await sendAll();
    });

    const cancel = async (decisions: Decision[]) => {
      const { id, version } = await tourOf(database, office.firstStopId);
      const planner = await addPlanner(database, 'Petra Plan', [office.municipalityId]);
      return cancelTour(
        tourDeps(database, () => now),
        planner,
        { tourId: id, version, decisions },
      );
    };

    it('is decided on like everybody, keeps the end of its wait at the new time, and is only asked to confirm', async () => {
      expect((await cancel([])).kind).to.equal('decide');
      const decisions: Decision[] = [{ appointmentId: appointment.id, kind: 'move', stopId: elsewhere, tick: 110 }];
      expect(await cancel(decisions)).to.deep.equal({ kind: 'cancelled' });
      expect(await read(appointment)).to.include({ state: 'pending', stopId: elsewhere, holdUntil: booked + HOUR });
      expect((await ticks(appointment.id)).map(({ free_at }) => free_at)).to.deep.equal(Array(4).fill(booked + HOUR));
      expect(await database.reader('contact_slots').first('ends_at')).to.deep.equal({ ends_at: booked + HOUR });
      expect(await outbox()).to.deep.equal(['verify sent', 'verify waiting']);
      expect(await countWhere(database, 'call_list')).to.equal(0);
      expect(await confirmAppointment(desk.deps, appointment.secret)).to.deep.equal({ kind: 'confirmed' });
    });

    it('is cancelled without a message and without a call; its page tells it', async () => {
      expect(await cancel([{ appointmentId: appointment.id, kind: 'cancel' }])).to.deep.equal({ kind: 'cancelled' });
      expect(await read(appointment)).to.include({ state: 'cancelled' });
      expect(await outbox()).to.deep.equal(['verify sent']);
      expect(await countWhere(database, 'call_list')).to.equal(0);
      expect(await confirmAppointment(desk.deps, appointment.secret)).to.deep.equal({ kind: 'off' });
    });

    it('stands in nobody’s way once its wait is over', async () => {
      now = booked + HOUR;
      expect(await cancel([])).to.deep.equal({ kind: 'cancelled' });
      expect(await confirmAppointment(desk.deps, appointment.secret)).to.deep.equal({ kind: 'expired' });
    });
  });

  it('is shown to clerks and counted by planners and the hotline as long as it waits, not a moment longer', async () => {
    const appointment = await book();
    const userId = await addClerkUser(database, office.clerkId, { municipalities: [office.municipalityId] });
    const crew = createCrewDayRepository(database.reader, () => now);
    const seen = async () => {
      const [day] = await crew.day(userId, DAY, true);
      const [week] = await crew.days(userId, DAY, DAY);
      const picture = await readPlanningPicture(database.reader, 'all', DAY, DAY, now);
      const similar = await createDeskRepository(database.reader).similar({
        contactKey: null,
        familyKey: 'vogel',
        serviceIds: appointment.lines.map(({ serviceId }) => serviceId),
        from: now,
        to: now + 30 * 24 * HOUR,
        scope: 'all',
        except: 0,
      });
      return {
        day: day?.stops.flatMap(({ appointments }) => appointments.map(({ state }) => state)),
        week: week?.tours.flatMap(({ stops }) => stops.map(({ appointments }) => appointments)),
        planned: picture.tours.map((tour) => tour.appointments),
        similar: similar.length,
        open: await desk.deps.appointments.openOfContact(EMAIL, now),
      };
    };
    now = booked + HOUR - 1;
    expect(await seen()).to.deep.equal({ day: ['pending'], week: [1, 0], planned: [1], similar: 1, open: 1 });
    now = booked + HOUR;
    expect(await seen()).to.deep.equal({ day: [], week: [0, 0], planned: [0], similar: 0, open: 0 });
  });
});
