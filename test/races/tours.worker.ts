import { openDatabase, type DatabaseConfig } from '../../server/data/knex.ts';
import { cancelTour } from '../../server/features/tours/cancelTour.ts';
import type { Planner } from '../../server/features/tours/ports.ts';
import { saveTour } from '../../server/features/tours/saveTour.ts';
import type { TourPlan } from '../../server/domain/tours/tour.ts';
import { bookSlot, raceDeps } from '../support/raceFixture.ts';
import { tourDeps } from '../support/toursFixture.ts';

/** One step of a planner or a citizen; a planner's scope is all municipalities. */
export type RaceStep =
  | { kind: 'save'; actor: Planner['actor']; tourId: number | null; version: number; plan: TourPlan }
  | { kind: 'cancel'; actor: Planner['actor']; tourId: number; version: number }
  | { kind: 'book'; stopId: number; tick: number };

/** Does its steps, all begun at once, and answers what came of each: the kind of its outcome. */
const [config, steps] = JSON.parse(process.argv[2] ?? '') as [DatabaseConfig, RaceStep[]];
process.once('message', () => {
  const database = openDatabase(config);
  const tours = tourDeps(database, Date.now);
  const booking = raceDeps(database, Date.now);
  const act = (step: RaceStep): Promise<{ kind: string }> => {
    if (step.kind === 'book') return bookSlot(booking, step);
    const planner: Planner = { actor: step.actor, scope: 'all' };
    if (step.kind === 'cancel') return cancelTour(tours, planner, { ...step, decisions: [] });
    return saveTour(tours, planner, { ...step, decisions: [] });
  };
  void Promise.all(steps.map(act))
    .then(async (outcomes) => {
      await database.close();
      process.send?.(outcomes.map(({ kind }) => kind));
    })
    .then(() => process.disconnect());
});
process.send?.('ready');
