import { expect } from 'chai';
import type { Database } from '../../server/data/knex.ts';
import type { Appointment } from '../../server/domain/booking/appointment.ts';
import type { TourPlan } from '../../server/domain/tours/tour.ts';
import type { Affected, Decision } from '../../server/features/tours/outcomes.ts';
import { publishTour } from '../../server/features/tours/publishTour.ts';
import { saveTour } from '../../server/features/tours/saveTour.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { createDesk, seedSmallOffice } from '../support/officeFixture.ts';
import { occupancyFaults, openMigrated } from '../support/raceFixture.ts';
import { addClerk, addPlanner, planOf, stopAt, tourDeps } from '../support/toursFixture.ts';

const NOW = Date.parse('2026-11-20T08:00:00Z');
const DAYS = ['2026-12-01', '2026-12-02', '2026-12-03'];

describeOnBothDatabases('Whatever a planner changes', (open) => {
  let database: Database;
  afterEach(() => database.close());

  it('everybody who was promised something has it still, or was decided upon and is called', async function () {
    this.timeout(60_000);
    database = await openMigrated((await open()).config);
    const office = await seedSmallOffice(database, { date: '2026-11-30' });
    const planner = await addPlanner(database, 'Petra Plan');
    const deps = tourDeps(database, () => NOW);
    const desk = createDesk(database, () => NOW);
    const second = await addClerk(database, office, 'B. Zweit', [office.services.certificate]);
    const third = await addClerk(database, office, 'C. Drei');
    const venues = [office.firstVenueId, office.secondVenueId];
    let state = 20261122;
    const random = (below: number): number => {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
      return Math.floor((state / 2 ** 31) * below);
    };
    const pick = <T>(from: readonly T[]): T => from[random(from.length)]!;

    const saved = await saveTour(deps, planner, {
      tourId: null,
      version: 0,
      plan: planOf(office, DAYS[0]!, {
        clerkIds: [office.clerkId, second, third],
        stops: [stopAt(venues[0]!, 540, 660, { counters: 3 }), stopAt(venues[1]!, 780, 900, { counters: 2 })],
      }),
      decisions: [],
    });
    if (saved.kind !== 'saved') throw new Error(saved.kind);
    const { tourId } = saved;
    expect((await publishTour(deps, planner, { tourId, version: 1 })).kind).to.equal('published');

    const people: Appointment[] = [];
    const seen = { saved: 0, decided: 0 };
    for (let round = 0; round < 25; round++) {
      const tour = (await deps.tour('all', tourId))!;
      for (let citizen = 0; citizen < 6; citizen++) {
        const stop = pick(tour.stops);
        const services = [{ slug: pick(['personalausweis', 'fuehrungszeugnis']), persons: 1 }];
        const minute = stop.fromMinute + 5 * random((stop.toMinute - stop.fromMinute) / 5);
        const act = random(4) === 0 ? desk.hold : desk.book;
        await act({ stopId: stop.id!, minute, services }).then(
          (booked) => people.push(booked),
          () => undefined, // taken, or not possible there
        );
      }
      const before = await Promise.all(people.map(({ secret }) => desk.deps.appointments.bySecret(secret)));
      const crew = [office.clerkId, second, third];
      const plan: TourPlan = {
        ...tour,
        date: random(3) === 0 ? pick(DAYS) : tour.date,
        clerkIds: random(3) === 0 ? [...crew.slice(1), crew[0]!] : crew,
        announced: random(5) === 0 ? [office.services.certificate] : null,
        stops: tour.stops.map((stop, index) => {
          const fromMinute = [540, 780][index]! + 5 * random(4);
          return {
            ...stop,
            id: random(8) === 0 ? null : stop.id,
            venueId: random(6) === 0 ? pick(venues) : stop.venueId,
            fromMinute,
            toMinute: fromMinute + 60 + 5 * random(12),
            counters: 1 + random(3),
          };
        }),
      };
      let decisions: Decision[] = [];
      let affected: readonly Affected[] = [];
      let outcome = await saveTour(deps, planner, { tourId, version: tour.version, plan, decisions });
      for (let attempt = 0; attempt < 3 && outcome.kind === 'decide'; attempt++) {
        seen.decided++;
        affected = outcome.affected;
        decisions = affected.map(({ appointmentId, stayAt, options, refused }): Decision => {
          const option = pick(options);
          if (stayAt !== null && random(2) === 0) return { appointmentId, kind: 'stay' };
          if (option === undefined || refused !== null || attempt === 2) return { appointmentId, kind: 'cancel' };
          return { appointmentId, kind: 'move', stopId: option.stopId, tick: option.tick };
        });
        outcome = await saveTour(deps, planner, { tourId, version: tour.version, plan, decisions });
      }
      expect(outcome.kind, `round ${round}`).to.be.oneOf(['saved', 'decide']);
      expect(await occupancyFaults(database, NOW), `round ${round}`).to.deep.equal([]);
      if (outcome.kind !== 'saved') continue;
      seen.saved++;

      const called = new Set<number>(
        (await database.reader('call_list').whereNull('done_at').pluck('appointment_id')) as number[],
      );
      for (const old of before) {
        if (old?.state !== 'confirmed') continue;
        const now = (await desk.deps.appointments.bySecret(old.secret))!;
        const decision = decisions.find(({ appointmentId }) => appointmentId === old.id);
        if (!affected.some(({ appointmentId }) => appointmentId === old.id)) {
          expect([now.state, now.startsAt], `round ${round}`).to.deep.equal(['confirmed', old.startsAt]);
          expect(now.sequence).to.equal(old.sequence);
        } else if (decision?.kind === 'stay') {
          expect([now.state, now.startTick]).to.deep.equal(['confirmed', old.startTick]);
        } else {
          expect(now.state).to.equal(decision?.kind === 'cancel' ? 'cancelled' : 'confirmed');
          expect(called.has(old.id), `round ${round}: ${old.id} is called`).to.equal(true);
        }
      }
    }
    expect(seen.saved).to.be.greaterThan(15);
    expect(seen.decided).to.be.greaterThan(5);
  });
});
