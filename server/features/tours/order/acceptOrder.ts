import type { Tour } from '../../../domain/tours/tour.ts';
import { staleOf } from '../checkPlan.ts';
import type { TourWork } from '../deps.ts';
import type { SaveOutcome } from '../outcomes.ts';
import type { Planner } from '../ports.ts';
import { saveTour } from '../saveTour.ts';
import { proposeOrder, signatureOf, type ChosenStops } from './proposeOrder.ts';

export interface AcceptOrder {
  /** As it is now. */
  tour: Tour;
  /** The version that was shown. */
  version: number;
  chosen: ChosenStops;
  /** The signature of the proposal that was shown. */
  seen: string;
}

export type AcceptOutcome =
  | SaveOutcome
  /** What would be proposed now is something else than what was shown, or nothing. */
  | { kind: 'otherProposal' };

/**
 * Gives the stops the order and the times that were proposed. The proposal is worked out again: what the browser sends
 * only says which one somebody saw. Sent twice, the tour is as proposed already, and nothing changes.
 */
export async function acceptOrder(
  deps: TourWork,
  planner: Planner,
  { tour, version, chosen, seen }: AcceptOrder,
): Promise<AcceptOutcome> {
  if (signatureOf(tour.stops) === seen) return { kind: 'saved', tourId: tour.id, version: tour.version };
  if (tour.version !== version) return deps.unit((unit) => staleOf(unit, tour.id));

  const { improvement } = await proposeOrder(deps, planner, tour, chosen);
  if (improvement.kind !== 'better' || signatureOf(improvement.proposal.plan.stops) !== seen) {
    return { kind: 'otherProposal' };
  }
  return saveTour(deps, planner, { tourId: tour.id, version, plan: improvement.proposal.plan, decisions: [] });
}
