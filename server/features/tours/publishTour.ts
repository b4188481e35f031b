import { isPossible } from '../../domain/tours/conflicts.ts';
import { tourEntry } from './auditTexts.ts';
import { checkPlan, isWithinScope, lockOwn, obstaclesOf, staleOf } from './checkPlan.ts';
import type { TourWork, UnitWork } from './deps.ts';
import type { PublishOutcome } from './outcomes.ts';
import type { Planner } from './ports.ts';
import { storeTimes, travelAhead } from './travelAhead.ts';
import type { TourUnit } from './unit.ts';

/** Publishes a draft that can take place: its times can be booked at once. Publishing twice is the same as once. */
export async function publishTour(
  deps: TourWork,
  planner: Planner,
  { tourId, version }: { tourId: number; version: number },
): Promise<PublishOutcome> {
  const seen = await deps.tour(planner.scope, tourId);
  const work = await travelAhead(deps, planner.scope, [seen]);
  return deps.unit((unit) => publish(work, unit, planner, tourId, version));
}

async function publish(
  deps: UnitWork,
  unit: TourUnit,
  planner: Planner,
  tourId: number,
  version: number,
): Promise<PublishOutcome> {
  const now = deps.clock.now();
  const tour = await lockOwn(unit, planner.scope, tourId);
  if (tour === null || tour.state === 'cancelled') return { kind: 'gone' };
  if (tour.state === 'published') return { kind: 'published' };
  if (tour.version !== version) return staleOf(unit, tourId);

  const picture = await unit.picture(planner.scope, tour.date, tour.date, now);
  if (!isWithinScope(planner.scope, tour, picture)) return { kind: 'gone' };
  const conflicts = checkPlan(deps, tourId, tour, picture);
  if (!isPossible(conflicts)) return { kind: 'impossible', conflicts: obstaclesOf(conflicts) };

  await unit.setState(tourId, 'published', now);
  await storeTimes(deps, unit, tourId, now);
  await unit.audit(planner.actor, now, tourEntry(tourId, tour, 'published', []));
  return { kind: 'published' };
}
