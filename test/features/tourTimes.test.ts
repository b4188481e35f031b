import { expect } from 'chai';
import type { Database } from '../../server/data/knex.ts';
import type { Coordinates } from '../../server/domain/geo.ts';
import type { TravelTimes } from '../../server/domain/routing/travel.ts';
import type { TourTimes } from '../../server/domain/tours/times.ts';
import type { TourPlan } from '../../server/domain/tours/tour.ts';
import { lookAtTours } from '../../server/features/tours/board/look.ts';
import { cancelTour } from '../../server/features/tours/cancelTour.ts';
import { deleteTour } from '../../server/features/tours/deleteTour.ts';
import { freshTimes, renewTimes } from '../../server/features/tours/freshTimes.ts';
import { moveStop, moveTour } from '../../server/features/tours/moveTour.ts';
import { publishTour } from '../../server/features/tours/publishTour.ts';
import { repeatTour } from '../../server/features/tours/repeatTour.ts';
import { saveTour } from '../../server/features/tours/saveTour.ts';
import type { Planner } from '../../server/features/tours/ports.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { createDesk, seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';
import { countWhere, openMigrated } from '../support/raceFixture.ts';
import {
  addClerk,
  addKit,
  addNeighbour,
  addPlanner,
  evenRoads,
  planOf,
  stopAt,
  tourDeps,
  tourOf,
} from '../support/toursFixture.ts';

const SEEDED = '2026-11-30';
const DAY = '2026-12-01';
const NOW = Date.parse('2026-11-20T08:00:00Z');
const HOUR = 60 * 60_000;
/** Whatever is on one day is in here. */
const ALL = { fromDate: '2026-11-01', toDate: '2026-12-31', most: 50 };

describeOnBothDatabases('The times of a tour', (open) => {
  let database: Database;
  let office: SmallOffice;
  let planner: Planner;
  let time: number;
  /** Roads as they are at the moment; each question is counted. */
  let roads: Pick<TravelTimes, 'matrix'>;
  let asked: (readonly Coordinates[])[];
  let deps: ReturnType<typeof tourDeps>;

  beforeEach(async () => {
    database = await openMigrated((await open()).config);
    office = await seedSmallOffice(database, { date: SEEDED });
    planner = await addPlanner(database, 'Petra Plan', [office.municipalityId]);
    time = NOW;
    roads = evenRoads(10);
    asked = [];
    deps = tourDeps(database, () => time, {
      ...evenRoads(10),
      matrix: (places) => {
        asked.push(places);
        return roads.matrix(places);
      },
    });
  });
  afterEach(() => database.close());

  const stored = async (tourId: number): Promise<TourTimes | undefined> =>
    (await deps.storedTimes([tourId])).get(tourId);
  const span = async (tourId: number) => {
    const times = await stored(tourId);
    return times === undefined ? null : [times.departureMinute, times.returnMinute];
  };
  const seeded = async () => (await tourOf(database, office.firstStopId)).id;

  async function draft(plan: TourPlan): Promise<number> {
    const outcome = await saveTour(deps, planner, { tourId: null, version: 0, plan, decisions: [] });
    if (outcome.kind !== 'saved') throw new Error(`not saved: ${outcome.kind}`);
    return outcome.tourId;
  }

  describe('are stored', () => {
    it('with a new tour', async () => {
      const tourId = await draft(planOf(office, DAY));
      // 9:00 − 20 − 10 = 8:30; 12:00 + 15 + 10 = 12:25; 235 minutes.
      const times = await stored(tourId);
      expect(times).to.deep.equal({
        basis: times?.basis,
        departureMinute: 510,
        returnMinute: 745,
        workingMinutes: 235,
        legs: Array(2).fill({ minutes: 10, metres: 10_000, estimated: false }),
        stops: [{ arrivalMinute: 520, waitingMinutes: 0 }],
        breaks: [],
      });
      expect(asked.length).to.equal(1);
    });

    it('anew when its stops change, and not when nothing changes', async () => {
      const plan = planOf(office, DAY);
      const tourId = await draft(plan);
      const stops = [stopAt(office.firstVenueId, 600, 720), stopAt(office.secondVenueId, 800, 860)];
      const change = { tourId, version: 1, plan: { ...plan, stops }, decisions: [] };
      time += HOUR;
      expect((await saveTour(deps, planner, change)).kind).to.equal('saved');
      // 10:00 − 30 = 9:30; 14:20 + 25 = 14:45.
      expect(await span(tourId)).to.deep.equal([570, 885]);
      time += HOUR;
      expect((await saveTour(deps, planner, change)).kind).to.equal('saved');
      expect(await database.reader('tour_times').pluck('computed_at')).to.deep.equal([NOW + HOUR]);

      const none = { tourId, version: 2, plan: { ...plan, stops: [] }, decisions: [] };
      expect((await saveTour(deps, planner, none)).kind).to.equal('saved');
      expect(await stored(tourId)).to.equal(undefined);
    });

    it('when it is moved to another day or kit, whose depot is where it then begins, whoever may look at that', async () => {
      const tourId = await draft(planOf(office, DAY, { depotId: null }));
      const before = await stored(tourId);
      const kitId = await addKit(database, office, 'Koffer 2');
      const { depotId } = await addNeighbour(database);
      await database.writer('kits').where('id', kitId).update({ depot_id: depotId });
      const moved = await moveTour(deps, planner, { tourId, version: 1, date: '2026-12-03', kitId, decisions: [] });
      expect(moved.kind).to.equal('saved');
      const after = await stored(tourId);
      expect(after?.basis).not.to.equal(before?.basis);
      expect(await freshTimes(deps, tourId)).to.deep.equal(after);
    });

    it('of both tours when a stop goes from one to the other', async () => {
      const stops = [stopAt(office.firstVenueId, 540, 600), stopAt(office.secondVenueId, 700, 760)];
      const fromId = await draft(planOf(office, DAY, { stops }));
      const toId = await draft(planOf(office, DAY, { kitId: null, clerkIds: [], stops: [] }));
      expect(await stored(toId)).to.equal(undefined);
      const stopId = (await deps.tour('all', fromId))!.stops[1]!.id!;
      asked = [];
      const versions = { from: 1, to: 1 };
      const moved = await moveStop(deps, planner, { stopId, toTourId: toId, versions, decisions: [] });
      expect(moved.kind).to.equal('saved');
      expect(asked.length).to.equal(1);
      // 9:00 − 30 = 8:30 and 10:00 + 25 = 10:25; 11:40 − 30 = 11:10 and 12:40 + 25 = 13:05.
      expect(await span(fromId)).to.deep.equal([510, 625]);
      expect(await span(toId)).to.deep.equal([670, 785]);
      expect((await stored(toId))?.legs.every(({ estimated }) => !estimated)).to.equal(true);
    });

    it('of all tours of a repetition, which ask for their ways only once', async () => {
      const tourId = await draft(planOf(office, DAY));
      asked = [];
      const outcome = await repeatTour(deps, planner, {
        tourId,
        everyWeeks: 1,
        weekdays: [2],
        until: '2026-12-22',
        as: 'published',
      });
      if (outcome.kind !== 'repeated') throw new Error(outcome.kind);
      expect(outcome.tourIds.length).to.equal(3);
      expect(asked.length).to.equal(1);
      for (const id of outcome.tourIds) expect(await stored(id)).to.deep.equal(await stored(tourId));
    });

    it('when a tour is published that had none', async () => {
      const tourId = await draft(planOf(office, DAY));
      await database.writer('tour_times').delete();
      expect((await publishTour(deps, planner, { tourId, version: 1 })).kind).to.equal('published');
      expect(await span(tourId)).to.deep.equal([510, 745]);
    });

    it('in the hour that the clocks skip and in the one that comes twice', async () => {
      const night = { stops: [stopAt(office.firstVenueId, 180, 300)] };
      for (const date of ['2027-03-28', '2027-10-31']) {
        const tourId = await draft(planOf(office, date, night));
        // 3:00 − 20 − 10 = 2:30, which on the one date is not there; what is told is the time of a usual day.
        expect(await span(tourId)).to.deep.equal([150, 325]);
      }
    });

    it('marked as estimated where no road was known', async () => {
      roads = evenRoads(10, true);
      const tourId = await draft(planOf(office, DAY));
      expect((await stored(tourId))?.legs.map(({ estimated }) => estimated)).to.deep.equal([true, true]);
    });
  });

  describe('are left as they were', () => {
    it('when a change is refused', async () => {
      const tourId = await seeded();
      await renewTimes(deps, ALL);
      const before = await stored(tourId);
      await createDesk(database, () => NOW).book({ stopId: office.firstStopId, minute: 540 });
      const tour = (await deps.tour('all', tourId))!;
      const stops = [tour.stops[1]!];
      const change = { tourId, version: tour.version, plan: { ...tour, stops }, decisions: [] };
      expect((await saveTour(deps, planner, change)).kind).to.equal('decide');
      expect(await stored(tourId)).to.deep.equal(before);
      expect((await saveTour(deps, planner, { ...change, version: 9 })).kind).to.equal('stale');
      expect((await saveTour(deps, planner, { ...change, plan: { ...tour, stops: [] } })).kind).to.equal('impossible');
      expect(await stored(tourId)).to.deep.equal(before);
    });

    it('when kit or clerk is taken', async () => {
      const taken = await saveTour(deps, planner, {
        tourId: null,
        version: 0,
        plan: planOf(office, SEEDED),
        decisions: [],
      });
      expect(taken.kind).to.equal('taken');
      expect(await countWhere(database, 'tour_times')).to.equal(0);
    });

    it('and go with a draft that is deleted', async () => {
      const tourId = await draft(planOf(office, DAY));
      expect((await deleteTour(deps, planner, { tourId, version: 1 })).kind).to.equal('deleted');
      expect(await countWhere(database, 'tour_times')).to.equal(0);
    });
  });

  describe('never hold up the office', () => {
    /** Keeps what it was told in the same database, as the cache does: within another unit it would wait for ever. */
    it('while ways are asked for: no transaction is open then', async () => {
      roads = {
        matrix: async (places) => {
          await database.unit((trx) => trx('travel_pairs').delete());
          return evenRoads(10).matrix(places);
        },
      };
      const tourId = await draft(planOf(office, DAY));
      const plan = { ...planOf(office, DAY), stops: [stopAt(office.firstVenueId, 600, 720)] };
      const saved = await saveTour(deps, planner, { tourId, version: 1, plan, decisions: [] });
      expect(saved).to.include({ kind: 'saved', version: 2 });
      expect((await publishTour(deps, planner, { tourId, version: 2 })).kind).to.equal('published');
      const moved = await moveTour(deps, planner, { tourId, version: 3, date: '2026-12-03', decisions: [] });
      expect(moved).to.include({ kind: 'saved', version: 4 });
      const repetition = { tourId, everyWeeks: 1, weekdays: [4], until: '2026-12-17', as: 'draft' as const };
      expect((await repeatTour(deps, planner, repetition)).kind).to.equal('repeated');
      const other = await draft(planOf(office, '2026-12-03', { kitId: null, clerkIds: [], stops: [] }));
      const stopId = (await deps.tour('all', tourId))!.stops[0]!.id!;
      const versions = { from: (await deps.tour('all', tourId))!.version, to: 1 };
      const stopMoved = await moveStop(deps, planner, { stopId, toTourId: other, versions, decisions: [] });
      expect(stopMoved.kind).to.equal('impossible'); // the published tour would be left without a stop
      await renewTimes(deps, ALL);
      await database.writer('tour_times').delete();
      expect(await freshTimes(deps, tourId)).not.to.equal(null);
      const { version } = (await deps.tour('all', tourId))!;
      expect((await cancelTour(deps, planner, { tourId, version, decisions: [] })).kind).to.equal('cancelled');
    });

    it('when a road server never answers', async () => {
      const neverAsked = asked.length;
      const answers: (() => void)[] = [];
      roads = {
        matrix: (places) => new Promise((resolve) => answers.push(() => resolve(evenRoads(10).matrix(places)))),
      };
      const saving = draft(planOf(office, DAY));
      while (asked.length === neverAsked) await database.reader('tours').first('id');
      const desk = createDesk(database, () => NOW);
      const booked = await desk.book({ stopId: office.firstStopId, minute: 540 });
      expect(booked.state).to.equal('confirmed');
      answers.forEach((answer) => answer());
      expect(await span(await saving)).to.deep.equal([510, 745]);
    });

    it('when one fails altogether: nothing is saved', async () => {
      roads = { matrix: () => Promise.reject(new Error('no roads')) };
      const error = await draft(planOf(office, DAY)).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(Error).with.property('message', 'no roads');
      expect(await countWhere(database, 'tours')).to.equal(1);
    });
  });

  describe('are fresh', () => {
    it('for a tour that came without: computed once, then as stored', async () => {
      const tourId = await seeded();
      const times = await freshTimes(deps, tourId);
      // 9:00 − 30 = 8:30; 16:00 + 25 = 16:25. Between the stops: 12:25 to 13:10, 45 minutes, of which 30 are the break.
      expect(times).to.include({ departureMinute: 510, returnMinute: 985, workingMinutes: 445 });
      expect(times?.breaks).to.deep.equal([{ fromMinute: 760, toMinute: 790 }]);
      expect(await stored(tourId)).to.deep.equal(times);
      expect(await freshTimes(deps, tourId)).to.deep.equal(times);
      expect(asked.length).to.equal(1);
    });

    it('after a venue has moved, the depot has, or the rules for breaks have changed', async () => {
      const tourId = await seeded();
      const bases = [(await freshTimes(deps, tourId))?.basis];
      const refresh = async (): Promise<void> => {
        const times = await freshTimes(deps, tourId);
        expect(await stored(tourId)).to.deep.equal(times);
        bases.push(times?.basis);
      };
      await database.writer('venues').where('id', office.firstVenueId).update({ lat: 50.9 });
      await refresh();
      await database.writer('depots').update({ lon: 12.5 });
      await refresh();
      await database.writer('municipalities').update({ break_minutes: 40 });
      await refresh();
      expect(new Set(bases).size).to.equal(4);
      expect((await stored(tourId))?.breaks).to.deep.equal([{ fromMinute: 750, toMinute: 790 }]);
    });

    it('but not stored over those of somebody who has changed the tour meanwhile', async () => {
      const tourId = await draft(planOf(office, DAY));
      await database.writer('tour_times').delete();
      const plan = { ...planOf(office, DAY), stops: [stopAt(office.firstVenueId, 600, 720)] };
      let isFirst = true;
      roads = {
        matrix: async (places) => {
          if (isFirst) {
            isFirst = false;
            await saveTour(deps, planner, { tourId, version: 1, plan, decisions: [] });
          }
          return evenRoads(10).matrix(places);
        },
      };
      expect(await freshTimes(deps, tourId)).to.include({ departureMinute: 510 });
      expect(await span(tourId)).to.deep.equal([570, 745]);
    });

    it('nowhere else: no such tour, cancelled, without stops', async () => {
      const tourId = await seeded();
      const empty = await draft(planOf(office, DAY, { stops: [] }));
      await database.writer('tours').where('id', tourId).update({ state: 'cancelled' });
      for (const id of [999_999, tourId, empty]) expect(await freshTimes(deps, id)).to.equal(null);
      expect(await countWhere(database, 'tour_times')).to.equal(0);
    });
  });

  describe('are renewed every now and then', () => {
    it('for tours to come whose times are missing or out of date, so many at once', async () => {
      const tourId = await seeded();
      const second = await draft(planOf(office, DAY));
      await database.writer('tour_times').delete();
      expect(await renewTimes(deps, { ...ALL, fromDate: '2026-12-02' })).to.equal(0);
      expect(await renewTimes(deps, { ...ALL, most: 1 })).to.equal(1);
      expect([await span(tourId), await span(second)]).to.deep.equal([[510, 985], null]);
      expect(await renewTimes(deps, { ...ALL, most: 1 })).to.equal(1);
      expect(await span(second)).to.deep.equal([510, 745]);

      asked = [];
      expect(await renewTimes(deps, ALL)).to.equal(0);
      expect(asked).to.deep.equal([]);
      await database.writer('venues').where('id', office.secondVenueId).update({ lat: 50.9 });
      expect(await renewTimes(deps, ALL)).to.equal(1);
    });

    it('when roads can be asked again', async () => {
      const tourId = await seeded();
      const estimate = async (places: readonly Coordinates[]) => ({
        ...(await evenRoads(15, true).matrix(places)),
        fellBack: true,
      });
      roads = { matrix: estimate };
      expect(await renewTimes(deps, ALL)).to.equal(1);
      expect((await stored(tourId))?.legs[0]).to.deep.equal({ minutes: 15, metres: 15_000, estimated: true });
      expect(await renewTimes(deps, ALL)).to.equal(0);
      roads = evenRoads(10);
      expect(await renewTimes(deps, ALL)).to.equal(1);
      expect((await stored(tourId))?.legs[0]).to.deep.equal({ minutes: 10, metres: 10_000, estimated: false });

      // Once they are known, they are kept while the roads do not answer, and asked for again a day later.
      time += 25 * HOUR;
      roads = { matrix: estimate };
      expect(await renewTimes(deps, ALL)).to.equal(0);
      expect((await stored(tourId))?.legs[0]?.estimated).to.equal(false);
      roads = evenRoads(12);
      expect(await renewTimes(deps, ALL)).to.equal(1);
      expect((await stored(tourId))?.legs[0]?.minutes).to.equal(12);
    });

    it('without asking again and again where the first road server does not answer', async () => {
      await draft(planOf(office, DAY));
      roads = evenRoads(10, true);
      await database.writer('tour_times').delete();
      expect(await renewTimes(deps, ALL)).to.equal(2);
      asked = [];
      roads = { matrix: async (places) => ({ ...(await evenRoads(15, true).matrix(places)), fellBack: true }) };
      expect(await renewTimes(deps, ALL)).to.equal(0);
      expect(asked.length).to.equal(1);
    });

    it('where the program has no roads to ask, without writing what is the same', async () => {
      roads = evenRoads(10, true);
      expect(await renewTimes(deps, ALL)).to.equal(1);
      expect(await renewTimes(deps, ALL)).to.equal(0);
    });
  });

  it('are worked out on the board with one question for each municipality', async () => {
    await addNeighbour(database);
    const kitId = await addKit(database, office, 'Koffer 2');
    await draft(planOf(office, DAY, { kitId, clerkIds: [await addClerk(database, office, 'B. Zweit')] }));
    const picture = await deps.picture('all', SEEDED, DAY);
    asked = [];
    const tours = await lookAtTours(deps, picture, SEEDED);
    expect(tours.map(({ day }) => day && [day.departureMinute, day.returnMinute])).to.deep.equal([
      [510, 985],
      [510, 745],
    ]);
    expect(asked.length).to.equal(1);
    expect(asked[0]?.length).to.equal(3);
  });
});
