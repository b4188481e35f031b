import { isPossible } from '../../domain/tours/conflicts.ts';
import { tourEntry } from './auditTexts.ts';
import { checkPlan, isWithinScope, lockOwn, obstaclesOf, staleOf } from './checkPlan.ts';
import type { TourWork } from './deps.ts';
import type { PublishOutcome } from './outcomes.ts';
import type { Planner } from './ports.ts';

/** Publishes a draft that can take place: its times can be booked at once. Publishing twice is the same as once. */
export function publishTour(
  deps: TourWork,
  planner: Planner,
  { tourId, version }: { tourId: number; version: number },
): Promise<PublishOutcome> {
  return deps.unit(async (unit): Promise<PublishOutcome> => {
    const now = deps.clock.now();
    const tour = await lockOwn(unit, planner.scope, tourId);
    if (tour === null || tour.state === 'cancelled') return { kind: 'gone' };
    if (tour.state === 'published') return { kind: 'published' };
    if (tour.version !== version) return staleOf(unit, tourId);

    const picture = await unit.picture(planner.scope, tour.date, tour.date, now);
    if (!isWithinScope(planner.scope, tour, picture)) return { kind: 'gone' };
    const conflicts = await checkPlan(deps, tourId, tour, picture);
    if (!isPossible(conflicts)) return { kind: 'impossible', conflicts: obstaclesOf(conflicts) };

    await unit.setState(tourId, 'published', now);
    await unit.audit(planner.actor, now, tourEntry(tourId, tour, 'published', []));
    return { kind: 'published' };
  });
}
