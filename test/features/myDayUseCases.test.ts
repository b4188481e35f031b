import { expect } from 'chai';
import type { Database } from '../../server/data/knex.ts';
import { createTourAppointments } from '../../server/data/tourAppointments.ts';
import { createTourUnit } from '../../server/data/tourRepository.ts';
import type { Appointment } from '../../server/domain/booking/appointment.ts';
import { parseReference } from '../../server/domain/booking/reference.ts';
import type { DayWork } from '../../server/features/myDay/deps.ts';
import type { TickState, WalkIn } from '../../server/features/myDay/outcomes.ts';
import { pack } from '../../server/features/myDay/pack.ts';
import { reportDelay } from '../../server/features/myDay/reportDelay.ts';
import { tick } from '../../server/features/myDay/tick.ts';
import { undo } from '../../server/features/myDay/undo.ts';
import { walkIn } from '../../server/features/myDay/walkIn.ts';
import { writeNote } from '../../server/features/myDay/writeNote.ts';
import { addClerkUser, crewDeps, sentBy, tourIdOf } from '../support/crewFixture.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { createDesk, OFFICE_ZONE, seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';
import { countWhere, occupancyFaults, openMigrated } from '../support/raceFixture.ts';
import { addClerk } from '../support/toursFixture.ts';

const DAY = '2026-12-01';
const MAIL = 'karin.vogel@beispiel.example';

describeOnBothDatabases('On tour, the crew', (open) => {
  let now: number;
  let database: Database;
  let office: SmallOffice;
  let deps: DayWork;
  let desk: ReturnType<typeof createDesk>;
  let userId: number;
  let tourId: number;
  let booked: Appointment;

  const at = (minute: number, date = DAY): number => OFFICE_ZONE.instantAt(date, minute);

  beforeEach(async () => {
    now = at(8 * 60) - 86_400_000;
    database = await openMigrated((await open()).config);
    office = await seedSmallOffice(database, { date: DAY });
    deps = crewDeps(database, () => now);
    desk = createDesk(database, () => now);
    userId = await addClerkUser(database, office.clerkId);
    tourId = await tourIdOf(database, office.firstStopId);
    booked = await desk.book({ stopId: office.firstStopId, minute: 9 * 60, contactKind: 'email', contact: MAIL });
    now = at(9 * 60 + 2);
  });
  afterEach(() => database.close());

  const ticks = (to: TickState, key?: string) => tick(deps, sentBy(userId, now, key), booked.id, to);
  const undoes = (key: string, undoKey?: string) => undo(deps, sentBy(userId, now, undoKey), tourId, key);
  const stateNow = async (id = booked.id): Promise<string> =>
    (await database.reader('appointments').where('id', id).first<{ state: string }>('state')).state;
  const slots = (): Promise<number> => countWhere(database, 'contact_slots', { appointment_id: booked.id });

  describe('ticks', () => {
    it('that somebody is there and then served, once each, however often it is sent', async () => {
      expect(await ticks('arrived', 'key-aaaa')).to.deep.equal({ kind: 'done', date: DAY, appointmentId: booked.id });
      expect((await ticks('arrived', 'key-aaaa')).kind).to.equal('already');
      expect((await ticks('arrived')).kind).to.equal('already');
      expect(await stateNow()).to.equal('arrived');
      expect(await ticks('served', 'key-aaaa')).to.include({ kind: 'conflict', state: 'arrived' });
      expect(await stateNow()).to.equal('arrived');
      expect((await ticks('served', 'key-bbbb')).kind).to.equal('done');
      expect(await stateNow()).to.equal('served');
      const rows: unknown[] = await database
        .reader('tour_actions')
        .orderBy('key')
        .select('key', 'kind', 'state_before', 'at', 'recorded_at', 'user_id');
      expect(rows).to.deep.equal([
        { key: 'key-aaaa', kind: 'arrived', state_before: 'confirmed', at: now, recorded_at: now, user_id: userId },
        { key: 'key-bbbb', kind: 'served', state_before: 'arrived', at: now, recorded_at: now, user_id: userId },
      ]);
      expect(await occupancyFaults(database, now)).to.deep.equal([]);
    });

    it('served with one press, and who came late after being missed', async () => {
      expect((await ticks('missed')).kind).to.equal('done');
      expect((await ticks('served')).kind).to.equal('conflict');
      expect((await ticks('arrived')).kind).to.equal('done');
      expect((await ticks('served')).kind).to.equal('done');
      const other = await desk.book({ stopId: office.secondStopId, minute: 840, familyName: 'Zander' });
      expect((await tick(deps, sentBy(userId, now), other.id, 'served')).kind).to.equal('done');
    });

    it('nothing that does not follow from how it is by now', async () => {
      await ticks('served');
      for (const to of ['arrived', 'missed'] as const) {
        expect(await ticks(to)).to.deep.equal({
          kind: 'conflict',
          date: DAY,
          appointmentId: booked.id,
          state: 'served',
        });
      }
      await database.writer('appointments').update({ state: 'cancelled' });
      expect(await ticks('arrived')).to.include({ kind: 'conflict', state: 'cancelled' });
      expect(await countWhere(database, 'tour_actions')).to.equal(1);
    });

    it('and so frees the place of the contact, who can book again, and takes it back', async () => {
      expect(await slots()).to.equal(1);
      await ticks('missed', 'key-aaaa');
      expect(await slots()).to.equal(0);
      await undoes('key-aaaa');
      expect(await stateNow()).to.equal('confirmed');
      expect(await slots()).to.equal(1);
      await ticks('arrived', 'key-bbbb');
      await ticks('served', 'key-cccc');
      await undoes('key-cccc');
      expect(await slots()).to.equal(0);
    });

    it('keeps the time of whoever was missed: it opens for nobody', async () => {
      await ticks('missed');
      expect(await countWhere(database, 'counter_ticks', { appointment_id: booked.id })).to.equal(4);
    });

    it('on the day and until the end of the day after, not before and not later', async () => {
      now = at(0) - 1;
      expect((await ticks('arrived')).kind).to.equal('gone');
      now = at(1439, '2026-12-02') + 59_999;
      expect((await ticks('arrived')).kind).to.equal('done');
      now += 1;
      expect((await ticks('served')).kind).to.equal('gone');
    });

    it('nothing of other crews, nor after leaving the crew', async () => {
      const stranger = await addClerkUser(database, await addClerk(database, office, 'B. Zweit'));
      expect((await tick(deps, sentBy(stranger, now), booked.id, 'arrived')).kind).to.equal('gone');
      expect((await tick(deps, sentBy(userId, now), 4711, 'arrived')).kind).to.equal('gone');
      await database.writer('user_roles').where('user_id', userId).delete();
      expect((await ticks('arrived')).kind).to.equal('gone');
      expect(await stateNow()).to.equal('confirmed');
    });

    it('in the order in which it happened to a person, whatever the clocks of the phones say', async () => {
      await tick(deps, sentBy(userId, now, 'key-aaaa'), booked.id, 'arrived');
      await tick(deps, sentBy(userId, now - 600_000, 'key-bbbb'), booked.id, 'served');
      const [tour] = await deps.days.day(userId, DAY, false);
      expect(tour!.actions.map(({ key, at }) => [key, at])).to.deep.equal([
        ['key-aaaa', now],
        ['key-bbbb', now],
      ]);
    });
  });

  describe('takes back', () => {
    it('the last tick of somebody, once, and then the one before', async () => {
      await ticks('missed', 'key-aaaa');
      await ticks('arrived', 'key-bbbb');
      await ticks('served', 'key-cccc');
      expect(await undoes('key-bbbb')).to.include({ kind: 'conflict', state: 'served' });
      expect((await undoes('key-cccc', 'undo-cccc')).kind).to.equal('done');
      expect(await stateNow()).to.equal('arrived');
      expect((await undoes('key-cccc', 'undo-cccc')).kind).to.equal('already');
      expect((await undoes('key-cccc')).kind).to.equal('already');
      expect(await undoes('key-aaaa')).to.include({ kind: 'conflict', state: 'arrived' });
      expect(await undoes('key-bbbb', 'undo-cccc')).to.include({ kind: 'conflict', state: 'arrived' });
      expect(await stateNow()).to.equal('arrived');
      expect((await undoes('key-bbbb')).kind).to.equal('done');
      expect(await stateNow()).to.equal('missed');
      expect((await undoes('key-aaaa')).kind).to.equal('done');
      expect(await stateNow()).to.equal('confirmed');
      expect((await ticks('arrived')).kind).to.equal('done');
    });

    it('the one press with which somebody was served', async () => {
      await ticks('served', 'key-aaaa');
      expect((await undoes('key-aaaa')).kind).to.equal('done');
      expect(await stateNow()).to.equal('confirmed');
      expect(await slots()).to.equal(1);
    });

    it('nothing that the office has cancelled since', async () => {
      await ticks('arrived', 'key-aaaa');
      await database.unit((trx) => createTourAppointments(trx).cancel(booked.id, now));
      expect(await undoes('key-aaaa')).to.include({ kind: 'conflict', state: 'cancelled' });
      expect(await slots()).to.equal(0);
      expect(await countWhere(database, 'counter_ticks', { appointment_id: booked.id })).to.equal(0);
    });

    it('a missed one with the time, which a planner may have taken from the counter meanwhile', async () => {
      await ticks('missed', 'key-aaaa');
      await database.unit((trx) => createTourAppointments(trx).release([booked.id]));
      expect((await undoes('key-aaaa')).kind).to.equal('done');
      expect(await countWhere(database, 'counter_ticks', { appointment_id: booked.id })).to.equal(4);
      expect(await occupancyFaults(database, now)).to.deep.equal([]);
    });

    it('a missed one no more once somebody else has the time, or the tour is on another day', async () => {
      await ticks('missed', 'key-aaaa');
      await database.unit((trx) => createTourAppointments(trx).release([booked.id]));
      now = at(8 * 60) - 86_400_000;
      const other = await desk.book({ stopId: office.firstStopId, minute: 9 * 60, familyName: 'Zander' });
      now = at(9 * 60 + 2);
      expect(await undoes('key-aaaa')).to.include({ kind: 'conflict', state: 'missed' });
      expect(await slots()).to.equal(0);
      await database.unit((trx) => createTourAppointments(trx).cancel(other.id, now));
      await database.writer('tours').where('id', tourId).update({ date: '2026-12-02' });
      now = at(9 * 60, '2026-12-02');
      expect(await undoes('key-aaaa')).to.include({ kind: 'conflict', state: 'missed' });
    });

    it('nothing that is of another tour or was never ticked', async () => {
      await ticks('served', 'key-aaaa');
      const stranger = await addClerkUser(database, await addClerk(database, office, 'B. Zweit'));
      expect((await undo(deps, sentBy(stranger, now), tourId, 'key-aaaa')).kind).to.equal('gone');
      expect((await undoes('key-none')).kind).to.equal('gone');
      expect((await undo(deps, sentBy(userId, now), tourId + 1, 'key-aaaa')).kind).to.equal('gone');
      now = at(0, '2026-12-03');
      expect((await undoes('key-aaaa')).kind).to.equal('gone');
    });
  });

  describe('takes people without an appointment', () => {
    const person = (more: Partial<WalkIn> = {}): WalkIn => ({
      stopId: office.firstStopId,
      counter: 1,
      services: [{ serviceId: office.services.idCard, persons: 1 }],
      familyName: 'Späth',
      firstName: null,
      ...more,
    });
    const comes = (more: Partial<WalkIn> = {}, key?: string) => walkIn(deps, sentBy(userId, now, key), person(more));
    const placeOf = (id: number): Promise<object> =>
      database
        .reader('appointments')
        .where('id', id)
        .first<object>('start_tick', 'ticks', 'state', 'channel', 'contact_kind', 'family_key', 'hold_until');

    it('at the next free time, from the five minutes that run', async () => {
      now = at(10 * 60 + 13);
      const first = await comes({}, 'key-aaaa');
      if (first.kind !== 'done') throw new Error(first.kind);
      expect(await placeOf(first.appointmentId)).to.deep.equal({
        start_tick: 122,
        ticks: 4,
        state: 'arrived',
        channel: 'walk-in',
        contact_kind: 'none',
        family_key: 'spath',
        hold_until: null,
      });
      const second = await comes({ services: [{ serviceId: office.services.certificate, persons: 3 }] });
      if (second.kind !== 'done') throw new Error(second.kind);
      expect(await placeOf(second.appointmentId)).to.include({ start_tick: 126, ticks: 6 });
      expect((await comes({}, 'key-aaaa')).kind).to.equal('already');
      expect(await countWhere(database, 'appointments', { channel: 'walk-in' })).to.equal(2);
      const [tour] = await deps.days.day(userId, DAY, true);
      const shown = tour!.stops[0]!.appointments.find(({ id }) => id === first.appointmentId)!;
      expect(shown.person?.name).to.equal('Späth');
      expect(shown.services.map(({ persons, feeCents }) => [persons, feeCents])).to.deep.equal([[1, 4600]]);
      expect(parseReference(shown.person!.reference).kind).to.equal('ok');
      expect(await occupancyFaults(database, now)).to.deep.equal([]);
    });

    it('from the beginning of a stop that is not open yet, past those who have an appointment', async () => {
      now = at(8 * 60 + 31);
      const outcome = await comes();
      if (outcome.kind !== 'done') throw new Error(outcome.kind);
      expect(await placeOf(outcome.appointmentId)).to.include({ start_tick: 112 }); // 9:20, after the one at 9:00
    });

    it('in time that opens for the public later, but not in time that somebody holds', async () => {
      now = at(9 * 60 + 20);
      const tick = { stop_id: office.firstStopId, counter: 1, tick: 112 };
      await database.writer('counter_ticks').insert({ ...tick, appointment_id: null, free_at: now + 600_000 });
      const first = await comes();
      if (first.kind !== 'done') throw new Error(first.kind);
      expect(await placeOf(first.appointmentId)).to.include({ start_tick: 112 });
      await database.writer('municipalities').update({ lead_minutes: 0 });
      deps = crewDeps(database, () => now);
      await desk.hold({ stopId: office.firstStopId, minute: 9 * 60 + 40 });
      const second = await comes();
      if (second.kind !== 'done') throw new Error(second.kind);
      expect(await placeOf(second.appointmentId)).to.include({ start_tick: 120 }); // 10:00, after the one held
    });

    it('not where there is no time for them, and says how much there is', async () => {
      now = at(11 * 60 + 47);
      expect(await comes()).to.deep.equal({ kind: 'full', date: DAY, neededMinutes: 20, longestMinutes: 15 });
      now = at(12 * 60);
      expect(await comes()).to.deep.equal({ kind: 'full', date: DAY, neededMinutes: 20, longestMinutes: 0 });
      expect(await countWhere(database, 'appointments', { channel: 'walk-in' })).to.equal(0);
    });

    it('not for what the kit or the clerk at that counter cannot do', async () => {
      const { idCard, certificate } = office.services;
      const both = { services: [idCard, certificate].map((serviceId) => ({ serviceId, persons: 1 })) };
      await database.writer('clerk_qualifications').where('service_id', certificate).delete();
      expect(await comes(both)).to.deep.equal({ kind: 'notPossible', date: DAY, serviceIds: [certificate] });
      await database.writer('kit_capabilities').delete();
      deps = crewDeps(database, () => now);
      expect(await comes(both)).to.deep.equal({ kind: 'notPossible', date: DAY, serviceIds: [idCard, certificate] });
      await database.writer('stop_counters').update({ clerk_id: null });
      expect(await comes()).to.include({ kind: 'notPossible' });
      expect((await comes({ counter: 2 })).kind).to.equal('gone');
      expect((await comes({ stopId: 4711 })).kind).to.equal('gone');
    });

    it('and takes a mistaken one back: cancelled, its time free at once', async () => {
      now = at(10 * 60);
      const outcome = await comes({}, 'key-aaaa');
      if (outcome.kind !== 'done') throw new Error(outcome.kind);
      const { appointmentId } = outcome;
      await tick(deps, sentBy(userId, now, 'key-bbbb'), appointmentId, 'served');
      expect(await undoes('key-aaaa')).to.include({ kind: 'conflict', state: 'served' });
      await undoes('key-bbbb');
      expect(await undoes('key-aaaa')).to.deep.equal({ kind: 'done', date: DAY, appointmentId });
      expect(await stateNow(appointmentId)).to.equal('cancelled');
      expect(await countWhere(database, 'counter_ticks', { appointment_id: appointmentId })).to.equal(0);
      expect((await undoes('key-aaaa')).kind).to.equal('already');
      const again = await comes();
      if (again.kind !== 'done') throw new Error(again.kind);
      expect(await placeOf(again.appointmentId)).to.include({ start_tick: 120 });
    });

    it('and leaves in the history that it was, without a name', async () => {
      now = at(10 * 60);
      await comes({ firstName: 'Rosa' }, 'key-aaaa');
      await undoes('key-aaaa');
      const entries: { user_name: string; subject_id: number; changes: string }[] =
        await database.reader('audit_entries');
      expect(entries.map(({ user_name, subject_id }) => [user_name, subject_id])).to.deep.equal([
        ['Anna Winter', tourId],
        ['Anna Winter', tourId],
      ]);
      expect(entries[0]!.changes).to.contain('Gemeindeamt, Schalter 1, 10:00 Uhr');
      expect(JSON.stringify(entries)).not.to.match(/Späth|Rosa|Vogel/);
    });

    it('so that a planner who changes the tour finds them there', async () => {
      const outcome = await comes();
      if (outcome.kind !== 'done') throw new Error(outcome.kind);
      const people = await database.unit((trx) => createTourUnit(trx).booked(tourId, now));
      expect(people.map(({ id }) => id)).to.include(outcome.appointmentId);
    });
  });

  describe('says', () => {
    it('how late it is: kept once, and whoever is to come later is told or named', async () => {
      const later = await desk.book({ stopId: office.secondStopId, minute: 810, familyName: 'Zander' });
      const told: unknown[] = [];
      deps = crewDeps(database, () => now, {
        tell: (tour, late) => {
          told.push([tour, late]);
          return Promise.resolve([booked.id]);
        },
      });
      now = at(8 * 60 + 30);
      const outcome = await reportDelay(deps, sentBy(userId, now, 'key-aaaa'), tourId, 15);
      expect(outcome).to.deep.equal({
        kind: 'done',
        date: DAY,
        late: [{ appointmentId: booked.id, stopId: office.firstStopId, expectedMinute: 555, lateMinutes: 15 }],
        told: [booked.id],
      });
      expect(told).to.deep.equal([[tourId, [{ appointmentId: booked.id, expectedAt: at(555) }]]]);
      expect((await reportDelay(deps, sentBy(userId, now, 'key-aaaa'), tourId, 15)).kind).to.equal('already');
      expect(told).to.have.length(1);
      now = at(12 * 60 + 30);
      const second = await reportDelay(deps, sentBy(userId, now), tourId, 30);
      expect(second.kind === 'done' && second.late.map(({ appointmentId }) => appointmentId)).to.deep.equal([later.id]);
      expect((await undoes('key-aaaa')).kind).to.equal('done');
      const [tour] = await deps.days.day(userId, DAY, false);
      expect(tour!.actions.map(({ minutes }) => minutes)).to.deep.equal([30]);
      now = at(0, '2026-12-03');
      expect((await reportDelay(deps, sentBy(userId, now), tourId, 30)).kind).to.equal('gone');
    });

    it('nothing to those who wait, where a colleague has said something newer since', async () => {
      const told: unknown[] = [];
      deps = crewDeps(database, () => now, {
        tell: (tour, late) => {
          told.push([tour, late]);
          return Promise.resolve([]);
        },
      });
      now = at(8 * 60 + 50);
      await reportDelay(deps, sentBy(userId, now), tourId, 0);
      // The other phone had no signal.
      const outcome = await reportDelay(deps, sentBy(userId, now - 30 * 60_000), tourId, 60);
      expect(outcome).to.deep.equal({ kind: 'done', date: DAY, late: [], told: [] });
      expect(told).to.deep.equal([]);
    });

    it('what the office should know, and takes it back', async () => {
      now = at(600, '2026-11-20');
      const note = () => writeNote(deps, sentBy(userId, now, 'key-note'), tourId, 'Tisch fehlt');
      expect((await note()).kind).to.equal('done');
      expect((await note()).kind).to.equal('already');
      const stranger = await addClerkUser(database, await addClerk(database, office, 'B. Zweit'));
      expect((await writeNote(deps, sentBy(stranger, now), tourId, 'x')).kind).to.equal('gone');
      expect((await undoes('key-note')).kind).to.equal('done');
      const [tour] = await deps.days.day(userId, DAY, false);
      expect(tour!.actions).to.deep.equal([]);
      now = at(0, '2026-12-03');
      expect((await writeNote(deps, sentBy(userId, now), tourId, 'x')).kind).to.equal('gone');
    });

    it('what is packed: of the list of the tour only, the last word counts', async () => {
      const packed = async (): Promise<readonly string[]> => (await deps.days.day(userId, DAY, false))[0]!.packed;
      await database.writer('services').update({ forms: 'Antrag' });
      const things = ['capability:fingerprint', 'form:Antrag', 'form:Regenschirm'];
      now = at(600, '2026-11-27');
      expect((await pack(deps, userId, tourId, things)).kind).to.equal('done');
      expect(await packed()).to.deep.equal(['capability:fingerprint', 'form:Antrag']);
      expect((await pack(deps, userId, tourId, things.slice(1))).kind).to.equal('done');
      expect(await packed()).to.deep.equal(['form:Antrag']);
      expect((await pack(deps, userId, tourId, [])).kind).to.equal('done');
      expect(await packed()).to.deep.equal([]);
      expect((await pack(deps, userId, 4711, things)).kind).to.equal('gone');
    });
  });
});
