import { expect } from 'chai';
import type { Database } from '../../server/data/knex.ts';
import type { Appointment } from '../../server/domain/booking/appointment.ts';
import type { PlannedStop, Tour, TourPlan } from '../../server/domain/tours/tour.ts';
import { cancelTour } from '../../server/features/tours/cancelTour.ts';
import { moveStop, moveTour } from '../../server/features/tours/moveTour.ts';
import type { Affected, Decision, MoveStopOutcome } from '../../server/features/tours/outcomes.ts';
import type { Planner } from '../../server/features/tours/ports.ts';
import { publishTour } from '../../server/features/tours/publishTour.ts';
import { saveTour } from '../../server/features/tours/saveTour.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { createDesk, seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';
import { countWhere, occupancyFaults, openMigrated } from '../support/raceFixture.ts';
import { addClerk, addKit, addPlanner, planOf, stopAt, tourDeps } from '../support/toursFixture.ts';

const DAY = '2026-12-01';
const LATER = '2026-12-03';
const MINUTE = 60_000;

describeOnBothDatabases('A planner who changes a tour with appointments', (open) => {
  let now: number;
  let database: Database;
  let office: SmallOffice;
  let planner: Planner;
  let deps: ReturnType<typeof tourDeps>;
  let desk: ReturnType<typeof createDesk>;
  let secondClerk: number;
  let tour: Tour;

  beforeEach(async () => {
    now = Date.parse('2026-11-20T08:00:00Z');
    database = await openMigrated((await open()).config);
    office = await seedSmallOffice(database, { date: '2026-11-30' });
    planner = await addPlanner(database, 'Petra Plan', [office.municipalityId]);
    deps = tourDeps(database, () => now);
    desk = createDesk(database, () => now);
    secondClerk = await addClerk(database, office, 'B. Zweit', [office.services.certificate]);
    tour = await published(
      planOf(office, DAY, {
        clerkIds: [office.clerkId, secondClerk],
        stops: [
          stopAt(office.firstVenueId, 540, 660, { counters: 2 }),
          stopAt(office.secondVenueId, 780, 900, { counters: 2 }),
        ],
      }),
    );
  });
  afterEach(async () => {
    expect(await occupancyFaults(database, now)).to.deep.equal([]);
    await database.close();
  });

  async function published(plan: TourPlan): Promise<Tour> {
    const saved = await saveTour(deps, planner, { tourId: null, version: 0, plan, decisions: [] });
    if (saved.kind !== 'saved') throw new Error(saved.kind);
    const { tourId } = saved;
    expect((await publishTour(deps, planner, { tourId, version: 1 })).kind).to.equal('published');
    return read(tourId);
  }

  async function read(tourId: number): Promise<Tour> {
    const found = await deps.tour('all', tourId);
    if (found === null) throw new Error(`no tour ${tourId}`);
    return found;
  }

  const stopOf = (index: number, of: Tour = tour): PlannedStop & { id: number } =>
    of.stops[index] as PlannedStop & { id: number };
  const certificate = [{ slug: 'fuehrungszeugnis', persons: 1 }];
  const current = async ({ secret }: Appointment) => (await desk.deps.appointments.bySecret(secret))!;
  const save = (more: Partial<TourPlan>, decisions: readonly Decision[] = [], version = tour.version) =>
    saveTour(deps, planner, { tourId: tour.id, version, plan: { ...tour, ...more }, decisions });
  function affectedOf(
    outcome: MoveStopOutcome | { kind: string; affected?: readonly Affected[] },
  ): readonly Affected[] {
    if (outcome.kind !== 'decide') throw new Error(`not asked to decide: ${outcome.kind}`);
    return (outcome as { affected: readonly Affected[] }).affected;
  }

  it('asks nobody when every promise is kept', async () => {
    const booked = await desk.book({ stopId: stopOf(0).id, minute: 540 });
    expect((await save({ note: 'neu', stops: [{ ...stopOf(0), toMinute: 650 }, stopOf(1)] })).kind).to.equal('saved');
    expect(await current(booked)).to.deep.include({ state: 'confirmed', sequence: 0, startTick: 108 });
    expect(await deps.calls.open('all')).to.deep.equal([]);
  });

  it('puts people to the other counter without asking, when the crew changes places', async () => {
    const card = await desk.book({ stopId: stopOf(0).id, minute: 540 });
    const other = await desk.book({ stopId: stopOf(0).id, minute: 540, services: certificate });
    const held = await desk.hold({ stopId: stopOf(0).id, minute: 600 });
    expect([card.counter, other.counter]).to.deep.equal([1, 2]);
    expect((await save({ clerkIds: [secondClerk, office.clerkId] })).kind).to.equal('saved');
    expect([(await current(card)).counter, (await current(other)).counter]).to.deep.equal([2, 1]);
    expect(await current(held)).to.include({ state: 'held', counter: 2 });
    expect((await current(card)).sequence).to.equal(0);
  });

  it('sees who is affected, why, whether they can stay and where else there is room; nothing is saved yet', async () => {
    const first = await desk.book({
      stopId: stopOf(0).id,
      minute: 540,
      services: [{ slug: 'personalausweis', persons: 2 }],
      contactKind: 'phone',
      contact: '03764 4711',
    });
    await desk.book({ stopId: stopOf(0).id, minute: 600 });
    const outcome = await save({ stops: [{ ...stopOf(0), fromMinute: 570 }, stopOf(1)] });
    const [affected, ...others] = affectedOf(outcome);
    expect(others).to.deep.equal([]);
    expect(affected).to.deep.include({
      appointmentId: first.id,
      reference: first.reference,
      name: 'Karin Vogel',
      contactKind: 'phone',
      contact: '03764 4711',
      services: [{ de: 'Personalausweis beantragen', en: 'Apply for an identity card', persons: 2 }],
      promised: { date: DAY, minute: 540, minutes: 40, venueId: office.firstVenueId },
      breaches: ['outsideWindow'],
      stayAt: null,
      refused: null,
    });
    const options = affected!.options;
    expect(options.length).to.be.within(1, 8);
    expect(options[0]).to.deep.equal({
      stopId: stopOf(0).id,
      tick: 124,
      date: DAY,
      minute: 620,
      venueId: office.firstVenueId,
    });
    expect(options.some(({ venueId }) => venueId === office.secondVenueId)).to.equal(true);
    expect((await read(tour.id)).version).to.equal(tour.version);
    expect(await current(first)).to.deep.include({ stopId: stopOf(0).id, startTick: 108, sequence: 0 });
    expect(await deps.history('all', tour.id)).to.have.length(2);
  });

  it('carries out all decisions with the change: who stays, who moves, who is cancelled, and whom to call', async () => {
    const stays = await desk.book({ stopId: stopOf(0).id, minute: 540, contactKind: 'email', contact: 'a@b.example' });
    const moves = await desk.book({ stopId: stopOf(0).id, minute: 580, contactKind: 'email', contact: 'c@d.example' });
    const ends = await desk.book({ stopId: stopOf(1).id, minute: 800, contactKind: 'email', contact: 'e@f.example' });
    const change = { date: LATER };
    const affected = affectedOf(await save(change));
    expect(affected.map(({ breaches }) => breaches)).to.deep.equal([['dateChanged'], ['dateChanged'], ['dateChanged']]);
    expect(affected[0]!.stayAt).to.deep.equal({ date: LATER, minute: 540, venueId: office.firstVenueId });

    const decisions: Decision[] = [
      { appointmentId: stays.id, kind: 'stay' },
      { appointmentId: moves.id, kind: 'move', stopId: office.firstStopId, tick: 130 },
      { appointmentId: ends.id, kind: 'cancel' },
    ];
    expect((await save(change, decisions.slice(1))).kind).to.equal('decide');
    expect(await save(change, decisions)).to.deep.equal({ kind: 'saved', tourId: tour.id, version: 3 });

    const kept = await current(stays);
    expect(kept).to.deep.include({
      state: 'confirmed',
      date: LATER,
      startTick: 108,
      stopId: stopOf(0).id,
      sequence: 1,
    });
    expect(kept.startsAt).to.equal(Date.parse(`${LATER}T08:00:00Z`));
    expect(await current(moves)).to.deep.include({ stopId: office.firstStopId, startTick: 130, sequence: 1 });
    expect(await current(ends)).to.deep.include({ state: 'cancelled', sequence: 1 });
    const slots = await database.reader('contact_slots').orderBy('appointment_id');
    expect(
      slots.map((row: { appointment_id: number; ends_at: number }) => [row.appointment_id, row.ends_at]),
    ).to.deep.equal([
      [stays.id, kept.endsAt],
      [moves.id, (await current(moves)).endsAt],
    ]);

    const calls = await deps.calls.open(planner.scope);
    expect(calls.map(({ kind, old, now: place }) => [kind, old.date, old.minute, place?.date ?? null])).to.deep.equal([
      ['changed', DAY, 540, LATER],
      ['moved', DAY, 580, '2026-11-30'],
      ['cancelled', DAY, 800, null],
    ]);
    const [entry] = await deps.history('all', tour.id);
    expect(entry!.changes).to.deep.equal([
      { field: 'date', from: '01.12.2026', to: '03.12.2026' },
      { field: 'appointmentsStayed', from: null, to: '1' },
      { field: 'appointmentsMoved', from: null, to: '1' },
      { field: 'appointmentsCancelled', from: null, to: '1' },
    ]);
    expect(JSON.stringify(entry)).to.not.include('Vogel').and.not.include(stays.reference);

    // The times that were given up can be booked at once.
    expect((await desk.book({ stopId: stopOf(0).id, minute: 580 })).state).to.equal('confirmed');
  });

  it('is told which decision is no longer possible, and may decide anew', async () => {
    const booked = await desk.book({ stopId: stopOf(0).id, minute: 540 });
    const change = { stops: [stopOf(1)] };
    const wanted: Decision = { appointmentId: booked.id, kind: 'move', stopId: office.firstStopId, tick: 110 };
    expect(affectedOf(await save(change))[0]).to.deep.include({ breaches: ['stopGone'], stayAt: null });
    await desk.book({ stopId: office.firstStopId, minute: 550 });
    for (const refused of [
      wanted,
      { ...wanted, stopId: stopOf(0).id },
      { ...wanted, tick: 999 },
      { ...wanted, stopId: 4711 },
      { appointmentId: booked.id, kind: 'stay' } as const,
    ]) {
      const [affected] = affectedOf(await save(change, [refused]));
      expect(affected!.refused).to.deep.equal(refused);
      expect(affected!.options.some(({ stopId, tick }) => stopId === office.firstStopId && tick === 110)).to.equal(
        false,
      );
    }
    expect(await current(booked)).to.deep.include({ stopId: stopOf(0).id, sequence: 0 });
    expect((await save(change, [{ ...wanted, tick: 114 }])).kind).to.equal('saved');
    expect(await current(booked)).to.deep.include({ stopId: office.firstStopId, startTick: 114 });
    expect((await read(tour.id)).stops).to.have.length(1);
    expect(await countWhere(database, 'stops', { id: stopOf(0).id })).to.equal(0);
  });

  it('cannot give one free time to two people', async () => {
    const booked = [540, 560].map((minute) => desk.book({ stopId: stopOf(0).id, minute }));
    const [first, second] = await Promise.all(booked);
    const to = { kind: 'move' as const, stopId: office.firstStopId, tick: 110 };
    const decisions = [
      { ...to, appointmentId: first!.id },
      { ...to, appointmentId: second!.id },
    ];
    const affected = affectedOf(await save({ stops: [stopOf(1)] }, decisions));
    expect(affected.map(({ refused }) => refused)).to.deep.equal([null, decisions[1]]);
    expect(affected[0]!.options.length).to.be.greaterThan(0);
    const outcome = await save({ stops: [stopOf(1)] }, [decisions[0]!, { ...decisions[1]!, tick: 114 }]);
    expect(outcome.kind).to.equal('saved');
  });

  it('moves within one tour: a time that becomes free by the same change can be given to somebody else', async () => {
    const early = await desk.book({ stopId: stopOf(0).id, minute: 540 });
    const next = await desk.book({ stopId: stopOf(0).id, minute: 560 });
    const stops = [{ ...stopOf(0), fromMinute: 560, counters: 1 }, stopOf(1)];
    expect(affectedOf(await save({ stops })).map(({ appointmentId }) => appointmentId)).to.deep.equal([early.id]);
    const decisions: Decision[] = [{ appointmentId: early.id, kind: 'move', stopId: stopOf(0).id, tick: 116 }];
    expect((await save({ stops }, decisions)).kind).to.equal('saved');
    expect(await current(early)).to.deep.include({ startTick: 116, counter: 1, sequence: 1 });
    expect(await current(next)).to.deep.include({ startTick: 112, counter: 1, sequence: 0 });
  });

  it('takes a counter away: who was cancelled there before is no obstacle', async () => {
    await desk.book({ stopId: stopOf(0).id, minute: 540 });
    const other = await desk.book({ stopId: stopOf(0).id, minute: 540, services: certificate });
    expect(other.counter).to.equal(2);
    const outcome = await save({
      stops: [
        { ...stopOf(0), counters: 1 },
        { ...stopOf(1), counters: 1 },
      ],
    });
    expect(affectedOf(outcome)).to.have.length(1);
    const decisions: Decision[] = [{ appointmentId: other.id, kind: 'cancel' }];
    const stops = [
      { ...stopOf(0), counters: 1 },
      { ...stopOf(1), counters: 1 },
    ];
    expect((await save({ stops }, decisions)).kind).to.equal('saved');
    expect((await current(other)).state).to.equal('cancelled');
    expect((await read(tour.id)).stops.map(({ counters }) => counters)).to.deep.equal([1, 1]);
  });

  it('keeps what was cancelled on record when its stop is removed, where no list shows it', async () => {
    const booked = await desk.book({ stopId: stopOf(1).id, minute: 800 });
    const decisions: Decision[] = [{ appointmentId: booked.id, kind: 'cancel' }];
    expect((await save({ stops: [stopOf(0)] }, decisions)).kind).to.equal('saved');
    const kept = await current(booked);
    expect(kept.state).to.equal('cancelled');
    const stop = (await database.reader('stops').where('id', kept.stopId).first()) as object;
    expect(stop).to.include({ venue_id: office.secondVenueId, from_minute: 780 });
    const picture = await deps.picture('all', DAY, DAY);
    expect(picture.tours.map(({ id }) => id)).to.deep.equal([tour.id]);
    expect((await deps.calls.open('all'))[0]!.old.venue).to.include({ name: 'Feuerwehrhaus' });
  });

  it('cancels the tour: everybody is moved or cancelled, what is only held is given up', async () => {
    const moves = await desk.book({ stopId: stopOf(0).id, minute: 540 });
    const ends = await desk.book({ stopId: stopOf(1).id, minute: 800 });
    const held = await desk.hold({ stopId: stopOf(1).id, minute: 840 });
    const cancel = (decisions: Decision[]) =>
      cancelTour(deps, planner, { tourId: tour.id, version: tour.version, decisions });
    const affected = affectedOf(await cancel([]));
    expect(affected.map(({ breaches, stayAt }) => [breaches, stayAt])).to.deep.equal([
      [['tourCancelled'], null],
      [['tourCancelled'], null],
    ]);
    expect(affected.flatMap(({ options }) => options.map(({ date }) => date))).to.not.include(DAY);
    const decisions: Decision[] = [
      { appointmentId: moves.id, kind: 'move', stopId: office.firstStopId, tick: 108 },
      { appointmentId: ends.id, kind: 'cancel' },
    ];
    expect(await cancel([{ appointmentId: moves.id, kind: 'stay' }, decisions[1]!])).to.include({ kind: 'decide' });
    expect(await cancel(decisions)).to.deep.equal({ kind: 'cancelled' });
    expect(await current(moves)).to.deep.include({ stopId: office.firstStopId, state: 'confirmed' });
    expect((await current(ends)).state).to.equal('cancelled');
    expect(await desk.deps.appointments.bySecret(held.secret)).to.equal(undefined);
    expect((await read(tour.id)).state).to.equal('cancelled');
  });

  it('keeps a promise when a stop goes to another tour of the day, and breaks it in a draft', async () => {
    const booked = await desk.book({ stopId: stopOf(1).id, minute: 800 });
    const other = await published(
      planOf(office, DAY, {
        kitId: await addKit(database, office, 'Koffer 2'),
        clerkIds: [await addClerk(database, office, 'C. Drei'), await addClerk(database, office, 'D. Vier')],
        stops: [stopAt(office.firstVenueId, 540, 600)],
      }),
    );
    const idle = await saveTour(deps, planner, {
      tourId: null,
      version: 0,
      plan: planOf(office, DAY, { kitId: null, clerkIds: [], stops: [] }),
      decisions: [],
    });
    if (idle.kind !== 'saved') throw new Error(idle.kind);
    const stopId = stopOf(1).id;
    const toDraft = { stopId, toTourId: idle.tourId, versions: { from: tour.version, to: 1 }, decisions: [] };
    expect(affectedOf(await moveStop(deps, planner, toDraft))[0]!.breaches).to.deep.equal(['stopGone']);

    const toOther = { ...toDraft, toTourId: other.id, versions: { from: tour.version, to: other.version } };
    expect((await moveStop(deps, planner, toOther)).kind).to.equal('saved');
    const moved = await current(booked);
    expect(moved).to.deep.include({ startTick: 160, sequence: 0, state: 'confirmed' });
    expect(moved.stopId).to.equal((await read(other.id)).stops[1]!.id);
    expect(await deps.calls.open('all')).to.deep.equal([]);
  });

  it('keeps the time on the wall for those who stay when the clocks have changed', async () => {
    now = Date.parse('2026-10-01T08:00:00Z');
    const autumn = await published(planOf(office, '2026-10-24'));
    const booked = await desk.book({ stopId: stopOf(0, autumn).id, minute: 600 });
    const outcome = await moveTour(deps, planner, {
      tourId: autumn.id,
      version: autumn.version,
      date: '2026-10-25',
      decisions: [{ appointmentId: booked.id, kind: 'stay' }],
    });
    expect(outcome.kind).to.equal('saved');
    const kept = await current(booked);
    expect(new Date(kept.startsAt).toISOString()).to.equal('2026-10-25T09:00:00.000Z');
    expect(kept.startTick).to.equal(120);
  });

  it('keeps on the call list what somebody was told first, however often it changes', async () => {
    const booked = await desk.book({ stopId: stopOf(0).id, minute: 540 });
    const stay: Decision[] = [{ appointmentId: booked.id, kind: 'stay' }];
    expect((await save({ date: LATER }, stay)).kind).to.equal('saved');
    tour = await read(tour.id);
    expect((await save({ date: '2026-12-04' }, stay)).kind).to.equal('saved');
    const [call, ...others] = await deps.calls.open('all');
    expect(others).to.deep.equal([]);
    expect(call!.old).to.deep.include({ date: DAY, minute: 540 });
    expect(call!.now).to.deep.include({ date: '2026-12-04', minute: 540, minutes: 20 });
    expect(await deps.calls.markDone(planner, call!.id)).to.equal(true);
    tour = await read(tour.id);
    expect((await save({ date: LATER }, stay)).kind).to.equal('saved');
    expect((await deps.calls.open('all')).map(({ old }) => old.date)).to.deep.equal(['2026-12-04']);
  });

  it('leaves what is over on record, and asks only for those who are still to come', async () => {
    const over = await desk.book({ stopId: stopOf(0).id, minute: 540 });
    const served = await desk.book({ stopId: stopOf(0).id, minute: 560 });
    const coming = await desk.book({ stopId: stopOf(1).id, minute: 800 });
    await database.writer('appointments').where('id', served.id).update({ state: 'served' });
    now = over.endsAt + MINUTE;
    const outcome = await cancelTour(deps, planner, { tourId: tour.id, version: tour.version, decisions: [] });
    expect(affectedOf(outcome).map(({ appointmentId }) => appointmentId)).to.deep.equal([coming.id]);
    const [affected] = affectedOf(outcome);
    expect(affected!.options.every(({ date }) => date > '2026-11-30')).to.equal(true);
    expect(
      await cancelTour(deps, planner, {
        tourId: tour.id,
        version: tour.version,
        decisions: [{ appointmentId: coming.id, kind: 'cancel' }],
      }),
    ).to.deep.equal({ kind: 'cancelled' });
    expect((await current(over)).state).to.equal('confirmed');
    expect((await current(served)).state).to.equal('served');
  });
});
