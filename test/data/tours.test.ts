import { expect } from 'chai';
import type { Database } from '../../server/data/knex.ts';
import { createStopRepository } from '../../server/data/stopRepository.ts';
import { createTourRepository, createTourUnit } from '../../server/data/tourRepository.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { createDesk, OFFICE_ZONE, seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';
import { countWhere, openMigrated } from '../support/raceFixture.ts';
import { addClerk, addNeighbour, planOf, stopAt, tourOf } from '../support/toursFixture.ts';
import type { TourPlan } from '../../server/domain/tours/tour.ts';

const DAY = '2026-12-01';
const NOW = Date.parse('2026-11-20T08:00:00Z');

function timed(plan: TourPlan) {
  const at = (minute: number) => OFFICE_ZONE.instantAt(plan.date, minute);
  return {
    plan,
    instants: plan.stops.map(({ fromMinute, toMinute }) => ({ startsAt: at(fromMinute), endsAt: at(toMinute) })),
  };
}

describeOnBothDatabases('Tours in the database', (open) => {
  let database: Database;
  let office: SmallOffice;

  beforeEach(async () => {
    database = await openMigrated((await open()).config);
    office = await seedSmallOffice(database, { date: DAY });
  });
  afterEach(() => database.close());

  const inUnit = <T>(work: (unit: ReturnType<typeof createTourUnit>) => Promise<T>): Promise<T> =>
    database.unit((trx) => work(createTourUnit(trx)));

  it('let two stops change places, and a whole tour its date, with all that hangs on it', async () => {
    const tour = await tourOf(database, office.firstStopId);
    const plan = { ...tour, date: '2026-12-09', stops: [...tour.stops].reverse() };
    const written = await inUnit((unit) => unit.write(tour.id, timed(plan)));
    expect(written).to.deep.equal({ stopIds: [office.secondStopId, office.firstStopId] });
    for (const table of ['tours', 'stops', 'tour_kits', 'tour_clerks']) {
      const dates = (await database.reader(table).distinct().pluck('date')) as string[];
      expect(dates, table).to.deep.equal(['2026-12-09']);
    }
    const positions = (await database.reader('stops').orderBy('position').pluck('id')) as number[];
    expect(positions).to.deep.equal([office.secondStopId, office.firstStopId]);
  });

  it('say which of kit and clerks is taken, whatever else was to be written', async () => {
    const second = await addClerk(database, office, 'B. Zweit');
    const plan = planOf(office, DAY, { clerkIds: [second, office.clerkId] });
    expect(await inUnit((unit) => unit.insert(timed(plan), 'draft', null, NOW))).to.deep.equal({
      kitId: office.kitId,
      clerkIds: [office.clerkId],
    });
    expect(await countWhere(database, 'tours')).to.equal(1);
    expect(await countWhere(database, 'tour_clerks')).to.equal(1);
  });

  it('staff the counters in the order of the crew; nobody stands at two', async () => {
    const second = await addClerk(database, office, 'B. Zweit');
    const tour = await tourOf(database, office.firstStopId);
    const stops = [{ ...tour.stops[0]!, counters: 4 }];
    const crew = [second, office.clerkId, second];
    await inUnit((unit) => unit.write(tour.id, timed({ ...tour, clerkIds: crew, stops })));
    const clerks = (await database
      .reader('stop_counters')
      .where('stop_id', office.firstStopId)
      .orderBy('counter')
      .pluck('clerk_id')) as (number | null)[];
    expect(clerks).to.deep.equal([second, office.clerkId, null, null]);
  });

  it('give a time that would open again only later to the office at once', async () => {
    const tick = { stop_id: office.firstStopId, counter: 1, tick: 110, appointment_id: null, free_at: NOW + 1e6 };
    await database.writer('counter_ticks').insert(tick);
    const desk = createDesk(database, () => NOW);
    const booked = await desk.book({ stopId: office.secondStopId, minute: 840 });
    const placeAt = (startTick: number) => ({
      stopId: office.firstStopId,
      counter: 1,
      date: DAY,
      startTick,
      ticks: 4,
      startsAt: 0,
      endsAt: 1,
    });
    expect(await inUnit((unit) => unit.occupy(booked.id, placeAt(108), null, NOW))).to.equal(true);
    const other = await desk.book({ stopId: office.secondStopId, minute: 900 });
    expect(await inUnit((unit) => unit.occupy(other.id, placeAt(111), null, NOW))).to.equal(false);
  });

  it('keep what was cancelled when a stop or a counter goes, and forget nothing that is booked', async () => {
    const desk = createDesk(database, () => NOW);
    const cancelled = await desk.book({ stopId: office.secondStopId, minute: 840 });
    await database.unit((trx) => createTourUnit(trx).cancel(cancelled.id, NOW));
    const tour = await tourOf(database, office.firstStopId);
    await inUnit((unit) => unit.tidy(tour.id, [{ stopId: office.firstStopId, counters: 1 }], NOW));
    const kept = (await desk.deps.appointments.bySecret(cancelled.secret))!;
    expect(kept.state).to.equal('cancelled');
    expect(await createStopRepository(database.reader).stop(kept.stopId)).to.equal(undefined);
    expect((await tourOf(database, office.firstStopId)).stops).to.have.length(1);

    await desk.book({ stopId: office.firstStopId, minute: 540 });
    const failure = await inUnit((unit) => unit.delete(tour.id)).then(
      () => 'deleted',
      () => 'refused',
    );
    expect(failure).to.equal('deleted');
    expect(await countWhere(database, 'appointments', { state: 'confirmed' })).to.equal(1);
  });

  it('are read for those they belong to', async () => {
    const neighbour = await addNeighbour(database);
    const tour = await tourOf(database, office.firstStopId);
    const tours = createTourRepository(database.reader);
    expect((await tours.tour(new Set([office.municipalityId]), tour.id))?.id).to.equal(tour.id);
    expect(await tours.tour(new Set([neighbour.municipalityId]), tour.id)).to.equal(null);
    expect(await tours.tour('all', 4711)).to.equal(null);
  });

  it('can start as an empty draft', async () => {
    const plan = planOf(office, '2026-12-05', { kitId: null, clerkIds: [], depotId: null, stops: [] });
    const tourId = await inUnit((unit) => unit.insert(timed(plan), 'draft', null, NOW));
    expect(await createTourRepository(database.reader).tour('all', tourId as number)).to.deep.include({
      stops: [],
      kitId: null,
      announced: null,
      version: 1,
    });
    expect(stopAt(1, 2, 3).counters).to.equal(1);
  });
});
