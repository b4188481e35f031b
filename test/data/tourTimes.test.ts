import { expect } from 'chai';
import type { Database } from '../../server/data/knex.ts';
import { createTourTimesRepository, readTourTimes, writeTourTimes } from '../../server/data/tourTimes.ts';
import { readPlanningPicture } from '../../server/data/planningRepository.ts';
import { createTourRepository } from '../../server/data/tourRepository.ts';
import { placesOfDay } from '../../server/domain/tours/day.ts';
import { basisOf, type TourTimes } from '../../server/domain/tours/times.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { insertTour, seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';
import { countWhere, openMigrated } from '../support/raceFixture.ts';
import { addClerk, addKit, addNeighbour, tourOf } from '../support/toursFixture.ts';

const DAY = '2026-12-01';
const NOW = Date.parse('2026-11-20T08:00:00Z');

/** From the evening before to the night after, with everything there can be. */
const TIMES: TourTimes = {
  basis: '1-0123456789abcdef',
  departureMinute: -30,
  returnMinute: 1465,
  workingMinutes: 1400,
  legs: [
    { minutes: 10, metres: 9000, estimated: false },
    { minutes: 11, metres: 9100, estimated: true },
    { minutes: 0, metres: 0, estimated: false },
  ],
  stops: [
    { arrivalMinute: -20, waitingMinutes: 0 },
    { arrivalMinute: 700, waitingMinutes: -5 },
  ],
  breaks: [
    { fromMinute: 300, toMinute: 330 },
    { fromMinute: 600, toMinute: 665 },
  ],
};

describeOnBothDatabases('The times of tours in the database', (open) => {
  let database: Database;
  let office: SmallOffice;
  let tourId: number;

  beforeEach(async () => {
    database = await openMigrated((await open()).config);
    office = await seedSmallOffice(database, { date: DAY });
    tourId = (await tourOf(database, office.firstStopId)).id;
  });
  afterEach(() => database.close());

  const write = (times: TourTimes | null, id = tourId, now = NOW) =>
    database.unit((trx) => writeTourTimes(trx, id, times, now));
  const routes = (which: Parameters<ReturnType<typeof createTourTimesRepository>['routes']>[0]) =>
    createTourTimesRepository(database.reader).routes(which);

  it('are read as they were written', async () => {
    expect(await readTourTimes(database.reader, [tourId])).to.deep.equal(new Map());
    await write(TIMES);
    expect(await readTourTimes(database.reader, [tourId, 999])).to.deep.equal(new Map([[tourId, TIMES]]));
    expect(await readTourTimes(database.reader, [])).to.deep.equal(new Map());
  });

  it('take the place of those before, and go when there are none any more', async () => {
    await write(TIMES);
    const later = { ...TIMES, legs: TIMES.legs.slice(1), stops: TIMES.stops.slice(1), breaks: [] };
    await write(later);
    expect((await readTourTimes(database.reader, [tourId])).get(tourId)).to.deep.equal(later);
    await write(null);
    for (const table of ['tour_times', 'tour_legs', 'stop_times', 'tour_breaks']) {
      expect(await countWhere(database, table), table).to.equal(0);
    }
  });

  it('are told apart by tour', async () => {
    const [stopId] = await insertTour(database, {
      date: DAY,
      municipalityId: office.municipalityId,
      kitId: await addKit(database, office, 'Koffer 2'),
      clerkId: await addClerk(database, office, 'B. Zweit'),
      stops: [{ venueId: office.firstVenueId, fromMinute: 600, toMinute: 700 }],
    });
    const other = (await tourOf(database, stopId!)).id;
    await write(TIMES);
    await write({ ...TIMES, departureMinute: 500, breaks: [] }, other);
    const read = await readTourTimes(database.reader, [other, tourId]);
    expect(read.get(tourId)).to.deep.equal(TIMES);
    expect(read.get(other)?.departureMinute).to.equal(500);
  });

  it('come with the route as it is now, the same that a planner would compute from', async () => {
    const neighbour = await addNeighbour(database);
    const basisNow = async (): Promise<[string, string]> => {
      const tour = await createTourRepository(database.reader).tour('all', tourId);
      const picture = await readPlanningPicture(database.reader, 'all', DAY, DAY, NOW);
      const [found] = await routes({ tourIds: [tourId] });
      const rules = picture.municipalities.get(office.municipalityId)!;
      const planned = { stops: tour!.stops, places: placesOfDay(tour!, picture), rules };
      return [basisOf(found!.route), basisOf(planned)];
    };
    const seen: string[] = [];
    const expectSame = async (): Promise<void> => {
      const [read, computed] = await basisNow();
      expect(read).to.equal(computed);
      seen.push(read);
    };

    await expectSame(); // no depot of its own: that of the kit
    await database.writer('tours').update({ depot_id: neighbour.depotId });
    await expectSame();
    await database.writer('tours').update({ depot_id: null });
    await database.writer('tour_kits').delete();
    await expectSame(); // neither: from the first stop
    await database.writer('venues').where('id', office.secondVenueId).update({ lat: 50.9, retired_at: NOW });
    await expectSame();
    await database.writer('municipalities').update({ break_after_minutes: 300 });
    await expectSame();
    await database.writer('stops').where('tour_id', tourId).delete();
    await expectSame();
    expect(new Set(seen).size).to.equal(seen.length);
  });

  it('are wanted for tours from one day to the other, with drafts, without those cancelled', async () => {
    expect(await routes({ fromDate: DAY, toDate: DAY })).to.deep.include({
      tourId,
      date: DAY,
      version: 1,
      computedAt: null,
      route: (await routes({ tourIds: [tourId] }))[0]!.route,
    });
    expect(await routes({ fromDate: '2026-11-01', toDate: '2026-11-30' })).to.deep.equal([]);
    expect(await routes({ fromDate: '2026-12-02', toDate: '2026-12-31' })).to.deep.equal([]);
    await database.writer('tours').update({ state: 'draft' });
    await write(TIMES);
    expect((await routes({ fromDate: '2026-11-01', toDate: DAY }))[0]).to.include({ tourId, computedAt: NOW });
    await database.writer('tours').update({ state: 'cancelled' });
    expect(await routes({ fromDate: DAY, toDate: DAY })).to.deep.equal([]);
    expect(await routes({ tourIds: [tourId] })).to.deep.equal([]);
  });
});
