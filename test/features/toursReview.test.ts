import { expect } from 'chai';
import type { Database } from '../../server/data/knex.ts';
import type { TourPlan } from '../../server/domain/tours/tour.ts';
import { moveStop, moveTour } from '../../server/features/tours/moveTour.ts';
import { publishTour } from '../../server/features/tours/publishTour.ts';
import { previewRepetition, repeatTour } from '../../server/features/tours/repeatTour.ts';
import { saveTour } from '../../server/features/tours/saveTour.ts';
import type { Planner } from '../../server/features/tours/ports.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { visibleText } from '../support/html.ts';
import { seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';
import { openMigrated } from '../support/raceFixture.ts';
import { openOffice, TUESDAY, type TourOffice } from '../support/tourOffice.ts';
import { addClerk, addKit, addPlanner, planOf, stopAt, tourDeps } from '../support/toursFixture.ts';
import { errorsOf, type Answer, type Fields, type Visitor } from '../support/visitor.ts';

const DAY = '2026-12-01';
const NOW = Date.parse('2026-11-20T08:00:00Z');
/** The night in which the clocks go forward: from 2:00 to 3:00 there is no time. */
const SHORT_NIGHT = '2027-03-28';

describeOnBothDatabases('A planner whose plans go wrong', (open) => {
  let database: Database;
  let office: SmallOffice;
  let planner: Planner;
  let time: number;
  let deps: ReturnType<typeof tourDeps>;

  beforeEach(async () => {
    database = await openMigrated((await open()).config);
    office = await seedSmallOffice(database, { date: '2026-11-30' });
    planner = await addPlanner(database, 'Petra Plan', [office.municipalityId]);
    time = NOW;
    deps = tourDeps(database, () => time);
  });
  afterEach(() => database.close());

  const save = (tourId: number, version: number, plan: TourPlan) =>
    saveTour(deps, planner, { tourId, version, plan, decisions: [] });

  async function draft(plan: TourPlan): Promise<number> {
    const outcome = await saveTour(deps, planner, { tourId: null, version: 0, plan, decisions: [] });
    if (outcome.kind !== 'saved') throw new Error(`not saved: ${outcome.kind}`);
    return outcome.tourId;
  }

  async function published(plan: TourPlan) {
    const tourId = await draft(plan);
    expect(await publishTour(deps, planner, { tourId, version: 1 })).to.deep.equal({ kind: 'published' });
    return read(tourId);
  }

  const read = async (tourId: number) => {
    const tour = await deps.tour('all', tourId);
    if (tour === null) throw new Error(`no tour ${tourId}`);
    return tour;
  };

  const fallsIll = (clerkId: number): Promise<unknown> =>
    database.writer('absences').insert({ clerk_id: clerkId, from_date: DAY, to_date: DAY, kind: 'away' });

  const twoStops = () => [
    stopAt(office.firstVenueId, 540, 660, { counters: 2 }),
    stopAt(office.secondVenueId, 780, 900, { counters: 2 }),
  ];

  it('mends a published tour step by step: what stood against it before stops no other change', async () => {
    const second = await addClerk(database, office, 'B. Zweit');
    const third = await addClerk(database, office, 'C. Dritt');
    const { id, ...tour } = await published(
      planOf(office, DAY, { clerkIds: [office.clerkId, second], stops: twoStops() }),
    );
    await fallsIll(office.clerkId);
    await fallsIll(second);

    expect(await save(id, 2, { ...tour, note: 'Ersatz ist gesucht' })).to.include({ kind: 'saved' });
    expect(await save(id, 3, { ...tour, clerkIds: [third, second] }), 'one of two').to.include({ kind: 'saved' });
    const worse = await save(id, 4, { ...tour, clerkIds: [office.clerkId, second] });
    expect(worse.kind === 'impossible' ? worse.conflicts.map(({ kind }) => kind) : worse).to.deep.equal([
      'clerkAbsent',
    ]);
    const elsewhere = await moveTour(deps, planner, { tourId: id, version: 4, date: '2026-11-19', decisions: [] });
    expect(elsewhere.kind, 'on another day everything is looked at').to.equal('impossible');
  });

  it('gives the stops of somebody who fell ill to another tour of the day', async () => {
    const second = await addClerk(database, office, 'B. Zweit');
    const kit = await addKit(database, office, 'Koffer 2');
    const from = await published(planOf(office, DAY, { stops: twoStops().map((stop) => ({ ...stop, counters: 1 })) }));
    const to = await published(
      planOf(office, DAY, { kitId: kit, clerkIds: [second], stops: [stopAt(office.firstVenueId, 540, 660)] }),
    );
    await fallsIll(office.clerkId);
    const outcome = await moveStop(deps, planner, {
      stopId: from.stops[1]?.id ?? 0,
      toTourId: to.id,
      versions: { from: 2, to: 2 },
      decisions: [],
    });
    expect(outcome).to.include({ kind: 'saved' });
    expect((await read(to.id)).stops.map(({ venueId }) => venueId)).to.deep.equal([
      office.firstVenueId,
      office.secondVenueId,
    ]);
  });

  it('leaves the past as it was, but for the note', async () => {
    const { id, ...tour } = await published(planOf(office, DAY));
    time = Date.parse('2026-12-02T08:00:00Z');
    expect(await save(id, 2, { ...tour, note: 'Schnee, zwei Stunden später' })).to.include({ kind: 'saved' });
    expect(await save(id, 3, { ...tour, depotId: null })).to.include({ kind: 'impossible' });
  });

  it('repeats a tour without kit and crew once, however often it is sent', async () => {
    const tourId = await draft(planOf(office, DAY, { kitId: null, clerkIds: [] }));
    const repetition = { tourId, everyWeeks: 1, weekdays: [2], until: '2026-12-15', as: 'draft' as const };
    expect(await repeatTour(deps, planner, repetition)).to.include({ kind: 'repeated', skipped: 0 });
    expect(await repeatTour(deps, planner, repetition)).to.deep.equal({ kind: 'nothing' });
    const preview = await previewRepetition(deps, planner, { ...repetition, until: '2026-12-22' });
    expect(preview?.map(({ skip }) => skip.map(({ kind }) => kind))).to.deep.equal([['inSeries'], ['inSeries'], []]);
  });

  it('makes no stop at a time that the clocks skip', async () => {
    const night = (from: number, to: number): TourPlan =>
      planOf(office, SHORT_NIGHT, { stops: [stopAt(office.firstVenueId, from, to)] });
    for (const [from, to] of [
      [120, 180],
      [150, 180],
      [60, 150],
      [60, 240],
    ] as const) {
      const plan = night(from, to);
      const outcome = await saveTour(deps, planner, { tourId: null, version: 0, plan, decisions: [] });
      expect(outcome.kind, `${from} to ${to}`).to.equal('impossible');
    }
    const tourId = await draft({ ...night(120, 180), date: '2027-03-27' });
    const moved = await moveTour(deps, planner, { tourId, version: 1, date: SHORT_NIGHT, decisions: [] });
    expect(moved.kind).to.equal('impossible');
    const repetition = { tourId, everyWeeks: 1, weekdays: [7], until: '2027-04-04', as: 'draft' as const };
    const preview = await previewRepetition(deps, planner, repetition);
    expect(preview?.map(({ skip }) => skip.length)).to.deep.equal([1, 0]);
    expect(await repeatTour(deps, planner, repetition)).to.include({ kind: 'repeated', skipped: 1 });
    expect(await save(tourId, 1, { ...night(180, 240), date: SHORT_NIGHT }), 'right after it').to.include({
      kind: 'saved',
    });
    expect(await draft({ ...night(120, 180), date: '2027-10-31' }), 'the hour that comes twice').to.be.a('number');
  });

  it('is not told of a change of others when the same crew is sent twice', async () => {
    const second = await addClerk(database, office, 'B. Zweit');
    const third = await addClerk(database, office, 'C. Dritt');
    const tourId = await draft(planOf(office, DAY));
    const plan = planOf(office, DAY, { clerkIds: [office.clerkId, third, second] });
    expect(await save(tourId, 1, plan)).to.include({ kind: 'saved', version: 2 });
    expect(await save(tourId, 1, plan)).to.include({ kind: 'saved', version: 2 });
    expect(await save(tourId, 1, { ...plan, clerkIds: [third, office.clerkId, second] }), 'another at the counter')
      .to.have.property('kind')
      .that.equals('stale');
  });
});

describeOnBothDatabases('The form of a tour', function (open) {
  let office: TourOffice;
  let planner: Visitor;

  beforeEach(async () => {
    office = await openOffice((await open()).config);
    planner = await office.signIn('planner');
  });
  afterEach(() => office.close());

  async function make(fields: Fields): Promise<Answer> {
    const page = await planner.get('/intern/touren/neu');
    return planner.submit(
      page,
      {
        datum: '2026-12-10',
        depot: String(office.depotId),
        koffer: String(office.kitId),
        'team-1': String(office.clerkId),
        'halt-1-standort': String(office.firstVenueId),
        'halt-1-von': '9',
        'halt-1-bis': '12',
        aktion: 'speichern',
        ...fields,
      },
      '#tour-formular',
    );
  }

  it('takes no date at the end of the calendar, nor a time that the clocks skip', async () => {
    for (const datum of ['9999-12-31', '0026-12-10']) {
      const far = await make({ datum });
      expect(far.status, datum).to.equal(422);
      expect(errorsOf(far)).to.include('Bitte geben Sie ein Datum ein, das es gibt.');
    }
    const night = await make({ datum: SHORT_NIGHT, 'halt-1-von': '2', 'halt-1-bis': '3' });
    expect(night.status).to.equal(422);
    expect(visibleText(night.html, 'main')).to.contain('Diese Zeit gibt es an dem Tag nicht');
  });

  it('keeps a note with a character that no database keeps', async () => {
    const made = await make({ notiz: 'Schlüssel\0 beim Hausmeister' });
    const page = await planner.follow(made);
    expect(page.$('#notiz').text()).to.equal('Schlüssel beim Hausmeister');
  });

  it('lets no two entries be the same stop: who has booked keeps a promise or is asked about', async () => {
    await office.book({ minute: 540 });
    const page = await planner.get(`/intern/touren/${office.tourId}`);
    const answer = await planner.submit(
      page,
      { 'halt-2-id': String(office.firstStopId), aktion: 'speichern' },
      '#tour-formular',
    );
    expect(answer.status).to.equal(303);
    const { reader } = office.app.office.database;
    const stops: { id: number; from_minute: number }[] = await reader('stops')
      .where('date', TUESDAY)
      .orderBy('position')
      .select('id', 'from_minute');
    expect(stops.map(({ from_minute }) => from_minute)).to.deep.equal([540, 810]);
    expect(stops[0]?.id, 'the appointment at nine is where nine is').to.equal(office.firstStopId);
  });
});
