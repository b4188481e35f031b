import { expect } from 'chai';
import type { Database } from '../../server/data/knex.ts';
import type { TourPlan } from '../../server/domain/tours/tour.ts';
import { cancelTour } from '../../server/features/tours/cancelTour.ts';
import { deleteTour } from '../../server/features/tours/deleteTour.ts';
import { moveStop, moveTour } from '../../server/features/tours/moveTour.ts';
import { publishTour } from '../../server/features/tours/publishTour.ts';
import { previewRepetition, repeatTour } from '../../server/features/tours/repeatTour.ts';
import { saveTour } from '../../server/features/tours/saveTour.ts';
import type { Planner } from '../../server/features/tours/ports.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';
import { countWhere, openMigrated } from '../support/raceFixture.ts';
import { addClerk, addKit, addNeighbour, addPlanner, planOf, stopAt, tourDeps } from '../support/toursFixture.ts';

const DAY = '2026-12-01';
const OTHER_DAY = '2026-12-02';
const NOW = Date.parse('2026-11-20T08:00:00Z');

describeOnBothDatabases('A planner who makes tours', (open) => {
  let database: Database;
  let office: SmallOffice;
  let planner: Planner;
  let deps: ReturnType<typeof tourDeps>;

  beforeEach(async () => {
    database = await openMigrated((await open()).config);
    office = await seedSmallOffice(database, { date: '2026-11-30' });
    planner = await addPlanner(database, 'Petra Plan', [office.municipalityId]);
    deps = tourDeps(database, () => NOW);
  });
  afterEach(() => database.close());

  async function draft(plan: TourPlan): Promise<number> {
    const outcome = await saveTour(deps, planner, { tourId: null, version: 0, plan, decisions: [] });
    if (outcome.kind !== 'saved') throw new Error(`not saved: ${outcome.kind}`);
    return outcome.tourId;
  }

  async function published(plan: TourPlan): Promise<number> {
    const tourId = await draft(plan);
    expect(await publishTour(deps, planner, { tourId, version: 1 })).to.deep.equal({ kind: 'published' });
    return tourId;
  }

  const read = async (tourId: number) => {
    const tour = await deps.tour('all', tourId);
    if (tour === null) throw new Error(`no tour ${tourId}`);
    return tour;
  };

  it('saves a draft with everything decided about it, and it is read back the same', async () => {
    const second = await addClerk(database, office, 'B. Zweit');
    const plan = planOf(office, DAY, {
      clerkIds: [second, office.clerkId],
      announced: [office.services.idCard],
      note: 'Schlüssel beim Hausmeister',
      stops: [
        stopAt(office.firstVenueId, 540, 660, { counters: 2, setUpMinutes: 30 }),
        stopAt(office.secondVenueId, 780, 900, { tearDownMinutes: 5 }),
      ],
    });
    const tourId = await draft(plan);
    const tour = await read(tourId);
    expect({ ...tour, stops: tour.stops.map((stop) => ({ ...stop, id: null })) }).to.deep.equal({
      ...plan,
      id: tourId,
      state: 'draft',
      version: 1,
      series: null,
      createdAt: NOW,
      publishedAt: null,
      cancelledAt: null,
    });
    const counters = await database.reader('stop_counters').where('tour_id', tourId).orderBy(['stop_id', 'counter']);
    expect(counters.map(({ clerk_id }: { clerk_id: number }) => clerk_id)).to.deep.equal([
      second,
      office.clerkId,
      second,
    ]);
  });

  it('may leave almost everything open in a draft, but not publish it', async () => {
    const tourId = await draft(planOf(office, DAY, { depotId: null, kitId: null, clerkIds: [], stops: [] }));
    const outcome = await publishTour(deps, planner, { tourId, version: 1 });
    expect(outcome.kind).to.equal('impossible');
    expect(outcome.kind === 'impossible' ? outcome.conflicts.map(({ kind }) => kind) : []).to.include('noKit');
    expect((await read(tourId)).state).to.equal('draft');
  });

  it('lets stops change their order, venue and time, and keeps which stop is which', async () => {
    const plan = planOf(office, DAY, {
      stops: [stopAt(office.firstVenueId, 540, 600), stopAt(office.secondVenueId, 660, 720)],
    });
    const tourId = await draft(plan);
    const [first, second] = (await read(tourId)).stops;
    const stops = [
      { ...second!, fromMinute: 500, toMinute: 530 },
      { ...first!, counters: 3 },
      stopAt(office.secondVenueId, 800, 860),
    ];
    const outcome = await saveTour(deps, planner, { tourId, version: 1, plan: { ...plan, stops }, decisions: [] });
    expect(outcome).to.deep.equal({ kind: 'saved', tourId, version: 2 });
    const saved = (await read(tourId)).stops;
    expect(saved.map(({ id }) => id).slice(0, 2)).to.deep.equal([second!.id, first!.id]);
    expect(saved.map(({ counters }) => counters)).to.deep.equal([1, 3, 1]);
  });

  it('hears who was faster, and loses nothing of theirs', async () => {
    const plan = planOf(office, DAY);
    const tourId = await draft(plan);
    const other = await addPlanner(database, 'Otto Ordnung');
    const saved = await saveTour(deps, other, { tourId, version: 1, plan: { ...plan, note: 'zuerst' }, decisions: [] });
    expect(saved.kind).to.equal('saved');
    expect(
      await saveTour(deps, planner, { tourId, version: 1, plan: { ...plan, note: 'danach' }, decisions: [] }),
    ).to.deep.equal({ kind: 'stale', by: 'Otto Ordnung', at: NOW });
    expect((await read(tourId)).note).to.equal('zuerst');
    expect(await publishTour(deps, planner, { tourId, version: 1 })).to.include({ kind: 'stale' });
    expect(await deleteTour(deps, planner, { tourId, version: 1 })).to.include({ kind: 'stale' });
    expect(await cancelTour(deps, planner, { tourId, version: 1, decisions: [] })).to.include({ kind: 'stale' });
  });

  it('does no harm by sending the same change twice', async () => {
    const plan = planOf(office, DAY);
    const tourId = await draft(plan);
    const change = { tourId, version: 1, plan: { ...plan, note: 'neu' }, decisions: [] };
    expect(await saveTour(deps, planner, change)).to.deep.equal({ kind: 'saved', tourId, version: 2 });
    expect(await saveTour(deps, planner, change)).to.deep.equal({ kind: 'saved', tourId, version: 2 });
    expect((await deps.history('all', tourId)).length).to.equal(2);
  });

  it('is told which kit and which clerk are on another tour that day', async () => {
    await draft(planOf(office, DAY));
    const plan = planOf(office, DAY, { clerkIds: [await addClerk(database, office, 'C. Drei'), office.clerkId] });
    expect(await saveTour(deps, planner, { tourId: null, version: 0, plan, decisions: [] })).to.deep.equal({
      kind: 'taken',
      kitId: office.kitId,
      clerkIds: [office.clerkId],
    });
    expect(await countWhere(database, 'tours', { date: DAY })).to.equal(1);

    const elsewhere = await draft(planOf(office, OTHER_DAY));
    expect(await moveTour(deps, planner, { tourId: elsewhere, version: 1, date: DAY, decisions: [] })).to.deep.equal({
      kind: 'taken',
      kitId: office.kitId,
      clerkIds: [office.clerkId],
    });
    expect((await read(elsewhere)).date).to.equal(OTHER_DAY);
  });

  it('sees and changes nothing of other municipalities, and can take nothing of theirs', async () => {
    const neighbour = await addNeighbour(database);
    const stranger = await addPlanner(database, 'Nina Nachbar', [neighbour.municipalityId]);
    const plan = planOf(office, DAY);
    const tourId = await draft(plan);
    const decisions: never[] = [];
    expect(await saveTour(deps, stranger, { tourId, version: 1, plan, decisions })).to.deep.equal({ kind: 'gone' });
    expect(await publishTour(deps, stranger, { tourId, version: 1 })).to.deep.equal({ kind: 'gone' });
    expect(await cancelTour(deps, stranger, { tourId, version: 1, decisions })).to.deep.equal({ kind: 'gone' });
    expect(await deleteTour(deps, stranger, { tourId, version: 1 })).to.deep.equal({ kind: 'gone' });
    const repetition = { tourId, everyWeeks: 1, weekdays: [2], until: '2027-01-31', as: 'draft' as const };
    expect(await repeatTour(deps, stranger, repetition)).to.deep.equal({ kind: 'gone' });
    expect(await previewRepetition(deps, stranger, repetition)).to.equal(null);
    expect(await deps.tour(stranger.scope, tourId)).to.equal(null);
    expect(await deps.history(stranger.scope, tourId)).to.deep.equal([]);

    for (const more of [
      { municipalityId: neighbour.municipalityId },
      { depotId: neighbour.depotId },
      { kitId: neighbour.kitId },
      { clerkIds: [neighbour.clerkId] },
      { stops: [stopAt(neighbour.venueId, 540, 600)] },
      { announced: [4711] },
      { kitId: 4711 },
    ]) {
      const theirs = { ...plan, ...more };
      expect(await saveTour(deps, planner, { tourId, version: 1, plan: theirs, decisions })).to.deep.equal({
        kind: 'gone',
      });
      const made = await saveTour(deps, planner, {
        tourId: null,
        version: 0,
        plan: { ...theirs, date: OTHER_DAY },
        decisions,
      });
      expect(made).to.deep.equal({ kind: 'gone' });
    }
    expect((await read(tourId)).version).to.equal(1);
  });

  it('publishes a tour whose times can be booked at once, and does not make it impossible afterwards', async () => {
    const plan = planOf(office, DAY);
    const tourId = await published(plan);
    expect(await publishTour(deps, planner, { tourId, version: 1 })).to.deep.equal({ kind: 'published' });
    const tour = await read(tourId);
    expect(tour).to.include({ state: 'published', version: 2, publishedAt: NOW });
    const change = { tourId, version: 2, plan: { ...tour, kitId: null }, decisions: [] };
    const outcome = await saveTour(deps, planner, change);
    expect(outcome.kind).to.equal('impossible');
    expect((await read(tourId)).kitId).to.equal(office.kitId);
    expect(await deleteTour(deps, planner, { tourId, version: 2 })).to.deep.equal({ kind: 'notADraft' });
  });

  it('cancels a tour: kit and crew are free, the tour stays to be seen and can no longer be changed', async () => {
    const tourId = await published(planOf(office, DAY));
    expect(await cancelTour(deps, planner, { tourId, version: 2, decisions: [] })).to.deep.equal({ kind: 'cancelled' });
    expect(await cancelTour(deps, planner, { tourId, version: 2, decisions: [] })).to.deep.equal({ kind: 'cancelled' });
    const tour = await read(tourId);
    expect(tour).to.include({ state: 'cancelled', kitId: null, cancelledAt: NOW });
    expect(tour.clerkIds).to.deep.equal([]);
    expect(tour.stops).to.have.length(1);
    const change = { tourId, version: 3, plan: { ...tour, note: 'doch' }, decisions: [] };
    expect(await saveTour(deps, planner, change)).to.deep.equal({ kind: 'gone' });
    expect(await draft(planOf(office, DAY))).to.be.a('number');
  });

  it('deletes a draft and all that belongs to it', async () => {
    const tourId = await draft(planOf(office, DAY, { announced: [office.services.idCard] }));
    expect(await deleteTour(deps, planner, { tourId, version: 1 })).to.deep.equal({ kind: 'deleted' });
    expect(await deps.tour('all', tourId)).to.equal(null);
    for (const table of ['stops', 'stop_counters', 'tour_kits', 'tour_clerks', 'tour_services']) {
      expect(await countWhere(database, table, { tour_id: tourId }).catch(() => 0), table).to.equal(0);
    }
    expect((await deps.history('all', tourId))[0]).to.include({ action: 'deleted', userName: 'Petra Plan' });
  });

  it('finds in the history who changed what from what to what, in words', async () => {
    const plan = planOf(office, DAY);
    const tourId = await draft(plan);
    await saveTour(deps, planner, { tourId, version: 1, plan: { ...plan, date: OTHER_DAY }, decisions: [] });
    const [changed, created] = await deps.history('all', tourId);
    expect(changed).to.include({
      action: 'changed',
      userName: 'Petra Plan',
      label: `Tour ${tourId} am 02.12.2026`,
      municipalityId: office.municipalityId,
      at: NOW,
    });
    expect(changed!.changes).to.deep.equal([{ field: 'date', from: '01.12.2026', to: '02.12.2026' }]);
    expect(created!.changes).to.deep.include({
      field: 'stops',
      from: null,
      to: '09:00–12:00 Gemeindeamt, Schönberg, 1 Schalter, Aufbau 20 min, Abbau 15 min',
    });
    expect(created!.changes).to.deep.include({ field: 'crew', from: null, to: 'A. Beispiel' });
  });

  it('keeps the time on the wall on the days on which the clocks change', async () => {
    deps = tourDeps(database, () => Date.parse('2026-10-01T08:00:00Z'));
    const autumn = await published(planOf(office, '2026-10-25'));
    const spring = await published(planOf(office, '2027-03-28'));
    const instants = async (tourId: number) => {
      const row = (await database.reader('stops').where('tour_id', tourId).first()) as Record<string, number>;
      return [row['starts_at']!, row['ends_at']!].map((instant) => new Date(instant).toISOString());
    };
    expect(await instants(autumn)).to.deep.equal(['2026-10-25T08:00:00.000Z', '2026-10-25T11:00:00.000Z']);
    expect(await instants(spring)).to.deep.equal(['2027-03-28T07:00:00.000Z', '2027-03-28T10:00:00.000Z']);
    expect(
      (await moveTour(deps, planner, { tourId: autumn, version: 2, date: '2026-10-24', decisions: [] })).kind,
    ).to.equal('saved');
    expect(await instants(autumn)).to.deep.equal(['2026-10-24T07:00:00.000Z', '2026-10-24T10:00:00.000Z']);
  });

  it('repeats a tour: what is in the way is skipped, what is made belongs to one series', async () => {
    const pattern = await draft(planOf(office, DAY, { note: 'Muster' }));
    await draft(planOf(office, '2026-12-15'));
    const repetition = { tourId: pattern, everyWeeks: 1, weekdays: [2], until: '2026-12-29', as: 'published' as const };
    const preview = await previewRepetition(deps, planner, repetition);
    expect(preview?.map(({ date, skip }) => [date, skip.length > 0])).to.deep.equal([
      ['2026-12-08', false],
      ['2026-12-15', true],
      ['2026-12-22', false],
      ['2026-12-29', false],
    ]);
    const outcome = await repeatTour(deps, planner, repetition);
    if (outcome.kind !== 'repeated') throw new Error(outcome.kind);
    expect(outcome.skipped).to.equal(1);
    expect(outcome.tourIds).to.have.length(3);
    const tours = await Promise.all([pattern, ...outcome.tourIds].map(read));
    expect(tours.map(({ date }) => date)).to.deep.equal([DAY, '2026-12-08', '2026-12-22', '2026-12-29']);
    expect(tours.map(({ state }) => state)).to.deep.equal(['draft', 'published', 'published', 'published']);
    expect(new Set(tours.map(({ series }) => series)).size).to.equal(1);
    expect(tours[0]!.series).to.have.length(22);
    expect(tours[3]).to.include({ note: 'Muster', kitId: office.kitId });
    expect(await repeatTour(deps, planner, repetition)).to.deep.equal({ kind: 'nothing' });
  });

  it('publishes of a repetition only what can take place', async () => {
    const broken = await addKit(database, office, 'Koffer kaputt');
    await database.writer('kits').where('id', broken).update({ status: 'defect' });
    const pattern = await draft(planOf(office, DAY, { kitId: broken }));
    const repetition = { tourId: pattern, everyWeeks: 1, weekdays: [2], until: '2026-12-10', as: 'published' as const };
    const preview = await previewRepetition(deps, planner, repetition);
    expect(preview?.map(({ skip }) => skip.map(({ kind }) => kind))).to.deep.equal([['notPossible']]);
    expect(await repeatTour(deps, planner, repetition)).to.deep.equal({ kind: 'nothing' });
    expect((await repeatTour(deps, planner, { ...repetition, as: 'draft' })).kind).to.equal('repeated');
  });

  it('moves a stop to another tour of the day, or to a draft of any day', async () => {
    const from = await published(
      planOf(office, DAY, { stops: [stopAt(office.firstVenueId, 540, 600), stopAt(office.secondVenueId, 720, 780)] }),
    );
    const crew = {
      kitId: await addKit(database, office, 'Koffer 2'),
      clerkIds: [await addClerk(database, office, 'D. Vier')],
    };
    const to = await published(planOf(office, DAY, { ...crew, stops: [stopAt(office.firstVenueId, 840, 930)] }));
    const stopId = (await read(from)).stops[1]!.id!;
    const versions = { from: 2, to: 2 };
    expect(
      await moveStop(deps, planner, { stopId, toTourId: to, versions: { from: 2, to: 1 }, decisions: [] }),
    ).to.include({
      kind: 'stale',
    });
    const outcome = await moveStop(deps, planner, { stopId, toTourId: to, versions, decisions: [] });
    expect(outcome).to.deep.equal({ kind: 'saved', tourId: to, version: 3 });
    expect((await read(from)).stops.map(({ fromMinute }) => fromMinute)).to.deep.equal([540]);
    expect((await read(to)).stops.map(({ fromMinute }) => fromMinute)).to.deep.equal([720, 840]);

    const later = await published(planOf(office, OTHER_DAY));
    const moving = (await read(to)).stops[0]!.id!;
    const notThere = { stopId: moving, toTourId: later, versions: { from: 3, to: 2 }, decisions: [] };
    expect(await moveStop(deps, planner, notThere)).to.deep.equal({ kind: 'notThere' });
    const idle = await draft(planOf(office, '2026-12-03', { stops: [] }));
    const toDraft = { stopId: moving, toTourId: idle, versions: { from: 3, to: 1 }, decisions: [] };
    expect((await moveStop(deps, planner, toDraft)).kind).to.equal('saved');
    expect((await read(idle)).stops.map(({ fromMinute }) => fromMinute)).to.deep.equal([720]);
  });
});
