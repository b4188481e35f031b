import { tourChanges, tourEntry } from './auditTexts.ts';
import { changeTours } from './changeTours.ts';
import { lockOwn, staleOf } from './checkPlan.ts';
import type { TourWork } from './deps.ts';
import type { CancelOutcome, Decision } from './outcomes.ts';
import type { Planner } from './ports.ts';
import { withoutTravel } from './travelAhead.ts';

/**
 * Cancels a tour: each appointment is moved or cancelled, kit and crew are free again. The tour stays on the board.
 * Cancelling twice is the same as once.
 */
export function cancelTour(
  deps: TourWork,
  planner: Planner,
  { tourId, version, decisions }: { tourId: number; version: number; decisions: readonly Decision[] },
): Promise<CancelOutcome> {
  return deps.unit(async (unit): Promise<CancelOutcome> => {
    const now = deps.clock.now();
    const tour = await lockOwn(unit, planner.scope, tourId);
    if (tour === null) return { kind: 'gone' };
    if (tour.state === 'cancelled') return { kind: 'cancelled' };
    if (tour.version !== version) return staleOf(unit, tourId);

    const picture = await unit.picture(planner.scope, tour.date, tour.date, now);
    const counts = await changeTours(withoutTravel(deps), unit, {
      planner,
      changes: [{ tour, plan: null }],
      decisions,
      picture,
      now,
    });
    const free = { ...tour, kitId: null, clerkIds: [] };
    await unit.audit(
      planner.actor,
      now,
      tourEntry(tourId, tour, 'cancelled', tourChanges(tour, free, picture, counts)),
    );
    return { kind: 'cancelled' };
  });
}
