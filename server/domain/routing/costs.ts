import type { Objective } from './problem.ts';

/** What an order costs, each figure in seconds. */
export interface RouteCosts {
  /** Sum of `cost`, or of `travel` where the problem has none. */
  cost: number;
  departure: number;
  return: number;
  waitingSeconds: number;
}

/** The figure that the objective is about. */
export function valueOf(objective: Objective, costs: RouteCosts): number {
  switch (objective) {
    case 'travelTime':
      return costs.cost;
    case 'makespan':
      return costs.return;
    case 'duration':
      return costs.return - costs.departure;
  }
}

/** Negative: the first is better. The objective decides, then travel, the length of the day, the return, the waiting. */
export function compareCosts(objective: Objective, one: RouteCosts, other: RouteCosts): number {
  return (
    valueOf(objective, one) - valueOf(objective, other) ||
    one.cost - other.cost ||
    valueOf('duration', one) - valueOf('duration', other) ||
    one.return - other.return ||
    one.waitingSeconds - other.waitingSeconds
  );
}
