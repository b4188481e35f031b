import { tourChanges, tourEntry } from './auditTexts.ts';
import { lockOwn, staleOf } from './checkPlan.ts';
import type { TourWork } from './deps.ts';
import type { DeleteOutcome } from './outcomes.ts';
import type { Planner } from './ports.ts';

/** Deletes a draft; what was published is cancelled instead. */
export function deleteTour(
  deps: TourWork,
  planner: Planner,
  { tourId, version }: { tourId: number; version: number },
): Promise<DeleteOutcome> {
  return deps.unit(async (unit): Promise<DeleteOutcome> => {
    const now = deps.clock.now();
    const tour = await lockOwn(unit, planner.scope, tourId);
    if (tour === null) return { kind: 'gone' };
    if (tour.state !== 'draft') return { kind: 'notADraft' };
    if (tour.version !== version) return staleOf(unit, tourId);

    const picture = await unit.picture(planner.scope, tour.date, tour.date, now);
    await unit.delete(tourId);
    await unit.audit(planner.actor, now, tourEntry(tourId, tour, 'deleted', tourChanges(tour, null, picture)));
    return { kind: 'deleted' };
  });
}
