import { expect } from 'chai';
import { createCrewDayRepository, readTourNotes } from '../../server/data/crewDayRepository.ts';
import { createHousekeepingRepository } from '../../server/data/housekeepingRepository.ts';
import type { Database } from '../../server/data/knex.ts';
import { readTourRoutes, writeTourTimes } from '../../server/data/tourTimes.ts';
import type { Appointment } from '../../server/domain/booking/appointment.ts';
import { basisOf, type TourTimes } from '../../server/domain/tours/times.ts';
import { purgePersonalData } from '../../server/jobs/retention.ts';
import { addClerkUser, tourIdOf } from '../support/crewFixture.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { createDesk, insertTour, OFFICE_ZONE, seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';
import { countWhere, openMigrated } from '../support/raceFixture.ts';
import { insertUser } from '../support/staff.ts';
import { addClerk, addKit, addNeighbour } from '../support/toursFixture.ts';

const DAY = '2026-12-01';

describeOnBothDatabases('The day of a crew, as it is read', (open) => {
  let now: number;
  let database: Database;
  let office: SmallOffice;
  let days: ReturnType<typeof createCrewDayRepository>;
  let userId: number;
  let tourId: number;
  let booked: Appointment;
  let desk: ReturnType<typeof createDesk>;

  beforeEach(async () => {
    now = OFFICE_ZONE.instantAt(DAY, 8 * 60) - 86_400_000;
    database = await openMigrated((await open()).config);
    office = await seedSmallOffice(database, { date: DAY });
    days = createCrewDayRepository(database.reader);
    userId = await addClerkUser(database, office.clerkId, { municipalities: [office.municipalityId] });
    tourId = await tourIdOf(database, office.firstStopId);
    desk = createDesk(database, () => now);
    booked = await desk.book({
      stopId: office.firstStopId,
      minute: 9 * 60 + 20,
      services: [
        { slug: 'fuehrungszeugnis', persons: 1 },
        { slug: 'personalausweis', persons: 2 },
      ],
      contactKind: 'phone',
      contact: '03764 4711',
    });
  });
  afterEach(() => database.close());

  const record = (row: object): Promise<unknown> =>
    database.writer('tour_actions').insert({ tour_id: tourId, at: now, recorded_at: now, user_id: userId, ...row });

  /** As the hotline notes it. */
  const note = (text: string): Promise<unknown> =>
    database.writer('appointment_notes').insert({ appointment_id: booked.id, text, at: now, user_id: null });

  it('shows kit, way out, stops, and who comes with what', async () => {
    await database.writer('services').where('id', office.services.idCard).update({ forms: 'Antrag\n Merkblatt ' });
    await note('kommt mit Rollator');
    await note('hört schwer');
    await database.writer('venues').where('id', office.firstVenueId).update({
      contact_name: 'Frau Meyer',
      contact_phone: '03764 12',
      checklist_note: 'Schlüssel im Laden',
    });
    await database.writer('tours').update({ note: 'Drucker fehlt' });
    await database.writer('tour_packing').insert({ tour_id: tourId, item: 'form:Antrag', packed_at: now });
    const [tour, ...more] = await days.day(userId, DAY, true);
    expect(more).to.deep.equal([]);
    const { stops, ...rest } = tour!;
    expect(rest).to.deep.equal({
      id: tourId,
      date: DAY,
      municipality: { id: office.municipalityId, name: 'Meerane' },
      kit: { id: office.kitId, name: 'Koffer 1', capabilities: ['card-terminal', 'fingerprint'] },
      depot: { name: 'Rathaus Meerane', at: { lat: 50.8469, lon: 12.4647 } },
      note: 'Drucker fehlt',
      crew: [{ clerkId: office.clerkId, name: 'A. Beispiel', isMe: true }],
      times: null,
      actions: [],
      packed: ['form:Antrag'],
    });
    expect(stops.map(({ id, fromMinute }) => [id, fromMinute])).to.deep.equal([
      [office.firstStopId, 540],
      [office.secondStopId, 810],
    ]);
    const [first] = stops;
    expect(first!.venue).to.deep.equal({
      name: 'Gemeindeamt',
      locality: 'Schönberg',
      street: 'Am Anger 2',
      postcode: '08393',
      city: 'Schönberg',
      at: { lat: 50.8631, lon: 12.5151 },
      contact: 'Frau Meyer, 03764 12',
      phone: '03764 12',
      access: { de: 'Parkplatz am Haus · Schlüssel im Laden', en: 'parking at the house · Schlüssel im Laden' },
    });
    expect(first!.counters).to.deep.equal([
      { counter: 1, clerkId: office.clerkId, clerkName: 'A. Beispiel', isMe: true },
    ]);
    expect(first!.appointments).to.deep.equal([
      {
        id: booked.id,
        counter: 1,
        fromMinute: 560,
        minutes: 50,
        startsAt: booked.startsAt,
        endsAt: booked.endsAt,
        state: 'confirmed',
        channel: 'online',
        person: {
          reference: booked.reference,
          name: 'Karin Vogel',
          contactKind: 'phone',
          contact: '03764 4711',
          locale: 'de',
          notes: ['kommt mit Rollator', 'hört schwer'],
        },
        services: [
          {
            serviceId: office.services.idCard,
            names: { de: 'Personalausweis beantragen', en: 'Apply for an identity card' },
            persons: 2,
            feeCents: 4600,
            documents: {
              de: ['Ihr bisheriger Personalausweis oder Reisepass', 'ein Foto vom Fotogeschäft als Code'],
              en: ['your present identity card or passport', 'a photo as a code from the photo shop'],
            },
            needs: ['fingerprint'],
            forms: ['Antrag', 'Merkblatt'],
          },
          {
            serviceId: office.services.certificate,
            names: { de: 'Führungszeugnis beantragen', en: 'Apply for a certificate of conduct' },
            persons: 1,
            feeCents: 1300,
            documents: {
              de: ['Ihr bisheriger Personalausweis oder Reisepass'],
              en: ['your present identity card or passport'],
            },
            needs: [],
            forms: [],
          },
        ],
      },
    ]);
  });

  it('reads no name, reference, contact or note unless asked for the people, nor those deleted since', async () => {
    await note('kommt mit Rollator');
    const [asked] = await days.day(userId, DAY, true);
    expect(asked!.stops[0]!.appointments.map(({ person }) => person?.notes)).to.deep.equal([['kommt mit Rollator']]);
    const [without] = await days.day(userId, DAY, false);
    expect(without!.stops[0]!.appointments.map(({ person }) => person)).to.deep.equal([null]);
    expect(JSON.stringify(without)).not.to.match(/Vogel|4711|Rollator/);
    expect(JSON.stringify(without)).not.to.contain(booked.reference);
    await purgePersonalData(createHousekeepingRepository(database), booked.endsAt + 25 * 3_600_000);
    const [later] = await days.day(userId, DAY, true);
    expect(later!.stops[0]!.appointments.map(({ person }) => person)).to.deep.equal([null]);
  });

  it('leaves out who cancelled or only holds a time', async () => {
    await desk.hold({ stopId: office.firstStopId, minute: 11 * 60 });
    await database.writer('appointments').where('id', booked.id).update({ state: 'cancelled' });
    const [tour] = await days.day(userId, DAY, true);
    expect(tour!.stops[0]!.appointments).to.deep.equal([]);
  });

  it('is that of one’s own crew: a published tour on which one is, as a clerk of that municipality', async () => {
    expect(await days.isClerk(userId)).to.equal(true);
    expect(await days.dateOf(userId, { tourId })).to.equal(DAY);
    expect(await days.dateOf(userId, { stopId: office.secondStopId })).to.equal(DAY);
    expect(await days.dateOf(userId, { appointmentId: booked.id })).to.equal(DAY);

    const colleague = await addClerkUser(database, await addClerk(database, office, 'B. Zweit'));
    const planner = (await insertUser(database, ['planner'])).id;
    expect(await days.isClerk(planner)).to.equal(false);
    const expectNothing = async (who: number): Promise<void> => {
      expect(await days.day(who, DAY, true)).to.deep.equal([]);
      expect(await days.days(who, '2026-11-01', '2026-12-31')).to.deep.equal([]);
      expect(await days.nextDate(who, '2026-11-01')).to.equal(null);
      for (const what of [{ tourId }, { stopId: office.firstStopId }, { appointmentId: booked.id }]) {
        expect(await days.dateOf(who, what)).to.equal(null);
      }
    };
    await expectNothing(colleague);
    await expectNothing(planner);

    const { municipalityId } = await addNeighbour(database);
    await database.writer('user_roles').where('user_id', userId).update({ municipality_id: municipalityId });
    await expectNothing(userId);
    await database.writer('user_roles').where('user_id', userId).update({ municipality_id: null });
    expect(await days.day(userId, DAY, false)).to.have.length(1);
    await database.writer('user_roles').where('user_id', userId).update({ role: 'hotline' });
    await expectNothing(userId);
    await database.writer('user_roles').where('user_id', userId).update({ role: 'clerk' });
    await database.writer('tours').update({ state: 'draft' });
    await expectNothing(userId);
  });

  it('has what was ticked and not taken back, in the order in which it happened', async () => {
    await record({
      key: 'k-served-0',
      kind: 'served',
      appointment_id: booked.id,
      state_before: 'arrived',
      at: now + 5,
    });
    await record({ key: 'k-note-000', kind: 'note', text: 'Tisch fehlt' });
    await record({
      key: 'a-served-1',
      kind: 'served',
      appointment_id: booked.id,
      state_before: 'arrived',
      at: now + 2,
    });
    await record({
      key: 'k-arrived0',
      kind: 'arrived',
      appointment_id: booked.id,
      state_before: 'missed',
      at: now + 2,
    });
    await record({
      key: 'k-missed-0',
      kind: 'missed',
      appointment_id: booked.id,
      state_before: 'confirmed',
      at: now + 2,
    });
    await record({ key: 'k-late-000', kind: 'late', minutes: 15, at: now + 3, undo_key: 'k-undone-0', undone_at: now });
    const [tour] = await days.day(userId, DAY, false);
    expect(tour!.actions.map(({ key }) => key)).to.deep.equal([
      'k-note-000',
      'k-missed-0',
      'k-arrived0',
      'a-served-1',
      'k-served-0',
    ]);
    expect(tour!.actions[0]).to.deep.equal({
      key: 'k-note-000',
      kind: 'note',
      appointmentId: null,
      minutes: null,
      text: 'Tisch fehlt',
      at: now,
      by: 'Anna Winter',
    });
    expect(await readTourNotes(database.reader, tourId)).to.deep.equal([
      { key: 'k-note-000', text: 'Tisch fehlt', at: now, by: 'Anna Winter' },
    ]);
  });

  it('is there at a glance for a week, with the times of the tours where they are known', async () => {
    await insertTour(database, {
      date: '2026-12-03',
      municipalityId: office.municipalityId,
      kitId: await addKit(database, office, 'Koffer 2'),
      clerkId: office.clerkId,
      stops: [{ venueId: office.secondVenueId, fromMinute: 600, toMinute: 720 }],
    });
    await database.writer('tour_times').insert({
      tour_id: tourId,
      basis: 'b',
      departure_minute: 500,
      return_minute: 990,
      working_minutes: 460,
      computed_at: now,
    });
    const first = {
      date: DAY,
      tours: [
        {
          id: tourId,
          kit: 'Koffer 1',
          stops: [
            { locality: 'Schönberg', fromMinute: 540, toMinute: 720, appointments: 1 },
            { locality: 'Köthel', fromMinute: 810, toMinute: 960, appointments: 0 },
          ],
          departureMinute: 500,
          returnMinute: 990,
        },
      ],
    };
    const week = await days.days(userId, '2026-11-30', '2026-12-06');
    expect(week[0]).to.deep.equal(first);
    expect(week.map(({ date, tours }) => [date, tours[0]!.kit, tours[0]!.departureMinute])).to.deep.equal([
      [DAY, 'Koffer 1', 500],
      ['2026-12-03', 'Koffer 2', null],
    ]);
    expect(await days.days(userId, DAY, '2026-12-02')).to.deep.equal([first]);
    expect(await days.nextDate(userId, '2026-11-30')).to.equal(DAY);
    expect(await days.nextDate(userId, DAY)).to.equal('2026-12-03');
    expect(await days.nextDate(userId, '2026-12-03')).to.equal(null);
  });

  it('has no times that were computed before a venue moved', async () => {
    const [found] = await readTourRoutes(database.reader, { tourIds: [tourId] });
    const leg = { minutes: 10, metres: 9000, estimated: true };
    const times: TourTimes = {
      basis: basisOf(found!.route),
      departureMinute: 500,
      returnMinute: 1000,
      workingMinutes: 500,
      legs: [leg, leg, leg],
      stops: [
        { arrivalMinute: 510, waitingMinutes: 0 },
        { arrivalMinute: 740, waitingMinutes: 10 },
      ],
      breaks: [],
    };
    await database.unit((trx) => writeTourTimes(trx, tourId, times, now));
    expect((await days.day(userId, DAY, false))[0]!.times).to.deep.equal(times);
    await database.writer('venues').update({ lat: 50.9 });
    expect((await days.day(userId, DAY, false))[0]!.times).to.equal(null);
  });

  it('forgets notes, ticks and packing 30 days after the tour', async () => {
    await record({ key: 'k-note-000', kind: 'note', text: 'Tisch fehlt' });
    await record({ key: 'k-served-0', kind: 'served', appointment_id: booked.id, state_before: 'confirmed' });
    await database.writer('tour_packing').insert({ tour_id: tourId, item: 'form:Antrag', packed_at: now });
    const port = createHousekeepingRepository(database);
    await purgePersonalData(port, OFFICE_ZONE.instantAt('2026-12-31', 20 * 60));
    expect(await countWhere(database, 'tour_actions')).to.equal(2);
    const answer = await purgePersonalData(port, OFFICE_ZONE.instantAt('2027-01-01', 12 * 60));
    expect(answer.actions).to.equal(2);
    expect(await countWhere(database, 'tour_actions')).to.equal(0);
    expect(await countWhere(database, 'tour_packing')).to.equal(0);
    expect((await purgePersonalData(port, OFFICE_ZONE.instantAt('2027-01-01', 12 * 60))).actions).to.equal(0);
  });
});
