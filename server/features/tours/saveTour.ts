import { Refusal } from '../../domain/refusal.ts';
import type { Instant } from '../../domain/time.ts';
import type { PlanningPicture } from '../../domain/tours/picture.ts';
import type { Tour, TourPlan } from '../../domain/tours/tour.ts';
import { tourChanges, tourEntry } from './auditTexts.ts';
import { changeTours } from './changeTours.ts';
import { isSamePlan, isWithinScope, lockOwn, obstaclesOfChange, staleOf, timed } from './checkPlan.ts';
import type { TourWork, UnitWork } from './deps.ts';
import type { Decision, SaveOutcome, SaveTour } from './outcomes.ts';
import type { Planner } from './ports.ts';
import { storeTimes, travelAhead } from './travelAhead.ts';
import type { TourUnit } from './unit.ts';

/** Saves a new tour as a draft, or a change of a draft or a published one. Sent twice, it changes nothing. */
export async function saveTour(deps: TourWork, planner: Planner, input: SaveTour): Promise<SaveOutcome> {
  const { tourId, plan } = input;
  if (tourId !== null) return changeTour(deps, planner, { ...input, tourId, planOf: () => plan });
  const work = await travelAhead(deps, planner.scope, [], [plan]);
  return deps.unit((unit) => createTour(work, unit, planner, plan));
}

async function createTour(deps: UnitWork, unit: TourUnit, planner: Planner, plan: TourPlan): Promise<SaveOutcome> {
  const now = deps.clock.now();
  const picture = await unit.picture(planner.scope, plan.date, plan.date, now);
  if (!isWithinScope(planner.scope, plan, picture)) return { kind: 'gone' };

  const tourId = await unit.insert(timed(deps.zone, plan), 'draft', null, now);
  if (typeof tourId !== 'number') throw new Refusal<SaveOutcome>({ kind: 'taken', ...tourId });
  await storeTimes(deps, unit, tourId, now);
  await unit.audit(planner.actor, now, tourEntry(tourId, plan, 'created', tourChanges(null, plan, picture)));
  return { kind: 'saved', tourId, version: 1 };
}

interface ChangeOwn {
  tourId: number;
  version: number;
  /** What it is to become, of what it is. */
  planOf: (tour: Tour) => TourPlan;
  decisions: readonly Decision[];
}

/** Changes one tour, if it is the planner's, and as it was shown. */
export async function changeTour(deps: TourWork, planner: Planner, change: ChangeOwn): Promise<SaveOutcome> {
  const seen = await deps.tour(planner.scope, change.tourId);
  const work = await travelAhead(deps, planner.scope, [seen], seen === null ? [] : [change.planOf(seen)]);
  return deps.unit((unit) => changeOwn(work, unit, planner, change));
}

async function changeOwn(
  deps: UnitWork,
  unit: TourUnit,
  planner: Planner,
  { tourId, version, planOf, decisions }: ChangeOwn,
): Promise<SaveOutcome> {
  const now = deps.clock.now();
  const tour = await lockOwn(unit, planner.scope, tourId);
  if (tour === null || tour.state === 'cancelled') return { kind: 'gone' };
  const plan = planOf(tour);
  if (isSamePlan(tour, plan)) return { kind: 'saved', tourId, version: tour.version };
  if (tour.version !== version) return staleOf(unit, tourId);

  const picture = await pictureOf(unit, planner, [tour, plan], now);
  if (!isWithinScope(planner.scope, plan, picture)) return { kind: 'gone' };
  if (tour.state === 'published') {
    const conflicts = obstaclesOfChange(deps, tour, plan, picture);
    if (conflicts.length > 0) return { kind: 'impossible', conflicts };
  }
  const counts = await changeTours(deps, unit, { planner, changes: [{ tour, plan }], decisions, picture, now });
  const changes = tourChanges(tour, plan, picture, counts);
  await unit.audit(planner.actor, now, tourEntry(tourId, plan, 'changed', changes));
  return { kind: 'saved', tourId, version: tour.version + 1 };
}

/** The picture of all days on which one of these is. */
export function pictureOf(
  unit: TourUnit,
  planner: Planner,
  plans: readonly Pick<TourPlan, 'date'>[],
  now: Instant,
): Promise<PlanningPicture> {
  const dates = plans.map(({ date }) => date).sort();
  return unit.picture(planner.scope, dates[0] ?? '', dates.at(-1) ?? '', now);
}
