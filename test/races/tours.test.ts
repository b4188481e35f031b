import { expect } from 'chai';
import type { Database, DatabaseConfig } from '../../server/data/knex.ts';
import type { Tour } from '../../server/domain/tours/tour.ts';
import type { Planner } from '../../server/features/tours/ports.ts';
import { publishTour } from '../../server/features/tours/publishTour.ts';
import { saveTour } from '../../server/features/tours/saveTour.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';
import { raceProcesses } from '../support/processes.ts';
import { countWhere, daysFromToday, occupancyFaults, openMigrated } from '../support/raceFixture.ts';
import { addClerk, addPlanner, planOf, stopAt, tourDeps } from '../support/toursFixture.ts';
import type { RaceStep } from './tours.worker.ts';

describeOnBothDatabases('Several processes that change tours at the same moment', (open) => {
  const day = daysFromToday(7);
  let config: DatabaseConfig;
  let database: Database;
  let office: SmallOffice;
  let planner: Planner;
  let other: Planner;

  beforeEach(async () => {
    ({ config } = await open());
    database = await openMigrated(config);
    office = await seedSmallOffice(database, { date: daysFromToday(3) });
    planner = await addPlanner(database, 'Petra Plan');
    other = await addPlanner(database, 'Otto Ordnung');
  });
  afterEach(() => database.close());

  const race = (...steps: RaceStep[][]): Promise<string[][]> =>
    raceProcesses<string[]>(
      'tours.worker.ts',
      steps.map((own) => [config, own]),
    );

  async function draft(more: Parameters<typeof planOf>[2] = {}): Promise<number> {
    const plan = planOf(office, day, more);
    const saved = await saveTour(tourDeps(database, Date.now), planner, {
      tourId: null,
      version: 0,
      plan,
      decisions: [],
    });
    if (saved.kind !== 'saved') throw new Error(saved.kind);
    return saved.tourId;
  }

  async function published(more: Parameters<typeof planOf>[2] = {}): Promise<Tour> {
    const deps = tourDeps(database, Date.now);
    const tourId = await draft(more);
    expect((await publishTour(deps, planner, { tourId, version: 1 })).kind).to.equal('published');
    return (await deps.tour('all', tourId))!;
  }

  /** PostgreSQL ends one of two who wait for each other; that it is tried again costs a second each time. */
  async function expectNoDeadlock(): Promise<void> {
    if (config.kind !== 'postgres') return;
    const answer: { rows: { deadlocks: number }[] } = await database.reader.raw(
      'select deadlocks from pg_stat_database where datname = current_database()',
    );
    expect(answer.rows[0]!.deadlocks).to.equal(0);
  }

  it('let one of two planners change a tour, and tell the other', async function () {
    this.timeout(60_000);
    const tourId = await draft();
    const change = (who: Planner, note: string): RaceStep => ({
      kind: 'save',
      actor: who.actor,
      tourId,
      version: 1,
      plan: planOf(office, day, { note }),
    });
    const outcomes = await race([change(planner, 'eins'), change(planner, 'zwei')], [change(other, 'drei')]);
    expect(outcomes.flat().sort()).to.deep.equal(['saved', 'stale', 'stale']);
    expect((await tourDeps(database, Date.now).tour('all', tourId))?.version).to.equal(2);
  });

  it('give a kit and a clerk to one tour a day', async function () {
    this.timeout(60_000);
    const second = await addClerk(database, office, 'B. Zweit');
    const make = (who: Planner, clerkIds: number[]): RaceStep => ({
      kind: 'save',
      actor: who.actor,
      tourId: null,
      version: 0,
      plan: planOf(office, day, { clerkIds }),
    });
    const outcomes = await race(
      [make(planner, [office.clerkId, second]), make(planner, [second])],
      [make(other, [second, office.clerkId]), make(other, [office.clerkId])],
    );
    expect(outcomes.flat().sort()).to.deep.equal(['saved', 'taken', 'taken', 'taken']);
    expect(await countWhere(database, 'tours', { date: day })).to.equal(1);
  });

  it('never cancel a tour under somebody who has just booked, nor book where it has been cancelled', async function () {
    this.timeout(120_000);
    for (let round = 0; round < 3; round++) {
      const tour = await published();
      const stopId = tour.stops[0]!.id!;
      const book = (tick: number): RaceStep => ({ kind: 'book', stopId, tick });
      const outcomes = await race(
        [book(108), book(112), book(116)],
        [{ kind: 'cancel', actor: planner.actor, tourId: tour.id, version: tour.version }],
        [book(120), book(124)],
      );
      const cancelled = outcomes[1]![0];
      const booked = [...outcomes[0]!, ...outcomes[2]!];
      const confirmed = await countWhere(database, 'appointments', { stop_id: stopId, state: 'confirmed' });
      expect(confirmed).to.equal(booked.filter((kind) => kind === 'booked').length);
      const { state } = (await tourDeps(database, Date.now).tour('all', tour.id))!;
      if (cancelled === 'cancelled') {
        expect([state, confirmed]).to.deep.equal(['cancelled', 0]);
      } else {
        expect(cancelled).to.equal('decide');
        expect(state).to.equal('published');
        // Away with it, for the next round.
        await database.writer('tour_kits').where('tour_id', tour.id).delete();
        await database.writer('stop_counters').where('tour_id', tour.id).update({ clerk_id: null });
        await database.writer('tour_clerks').where('tour_id', tour.id).delete();
      }
      expect(await occupancyFaults(database, Date.now())).to.deep.equal([]);
    }
    await expectNoDeadlock();
  });

  it('never leave a booking outside the time or at a counter that a planner takes away meanwhile', async function () {
    this.timeout(120_000);
    const second = await addClerk(database, office, 'B. Zweit');
    const tour = await published({
      clerkIds: [office.clerkId, second],
      stops: [stopAt(office.firstVenueId, 540, 720, { counters: 2 })],
    });
    const stop = tour.stops[0]!;
    const smaller = { ...tour, stops: [{ ...stop, toMinute: 600, counters: 1 }] };
    const book = (tick: number): RaceStep => ({ kind: 'book', stopId: stop.id!, tick });
    const [first, saved, last] = await race(
      [108, 108, 124, 128, 132].map(book),
      [{ kind: 'save', actor: planner.actor, tourId: tour.id, version: tour.version, plan: smaller }],
      [112, 112, 116, 136, 140].map(book),
    );
    const confirmed = await countWhere(database, 'appointments', { stop_id: stop.id, state: 'confirmed' });
    expect(confirmed).to.equal([...first!, ...last!].filter((kind) => kind === 'booked').length);
    expect(saved![0]).to.be.oneOf(['saved', 'decide']);
    expect(await occupancyFaults(database, Date.now())).to.deep.equal([]);
    await expectNoDeadlock();
  });
});
