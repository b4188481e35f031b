/**
 * The routing problem of one crew's day: leave the depot, serve every stop once within one of its windows, come back.
 * A travelling salesman problem with time windows (TSPTW, Savelsbergh 1985) with multiple windows and a break.
 *
 * Units: whole seconds; instants count from any fixed zero, e.g. the local midnight. Windows are inclusive at both
 * ends and bound the start of service, as in the literature.
 */
export interface RoutingProblem {
  /**
   * Seconds of travel `[from][to]`; index 0 is where the day starts, 1 … n are the stops, and the last index n + 1 is
   * where it ends (the same place as 0 in a round trip). Neither symmetric nor triangular of necessity.
   */
  travel: readonly (readonly number[])[];
  /**
   * What the objective `travelTime` adds up where that is not `travel`, e.g. seconds of driving where `travel` holds
   * set-up and tear-down too; same indexes. Not negative.
   */
  cost?: readonly (readonly number[])[];
  /** n of them; `stops[k]` is index k + 1 of the matrix. */
  stops: readonly RoutingStop[];
  /** Not to leave before `from`, to be back until `to`. */
  shift: TimeSpan;
  /** Null: no break is due, however long the day is. */
  break: BreakRule | null;
}

export interface RoutingStop {
  /** From the start of service until the crew can leave: what is done there, set-up and tear-down where they count. */
  serviceSeconds: number;
  /** Ascending and disjoint, at least one: service starts in one of them. */
  windows: readonly TimeSpan[];
}

/** Both inclusive. */
export interface TimeSpan {
  from: number;
  to: number;
}

/**
 * Where the day from departure to return lasts longer than `afterSeconds`, a break of `seconds` is taken between two
 * stops, beginning at most `afterSeconds` after the departure (ArbZG § 4 as far as one break is enough): right after
 * the service of a stop, before the crew drives on. Waiting after the drive shrinks by it.
 */
export interface BreakRule {
  afterSeconds: number;
  seconds: number;
}

/**
 * What is least: seconds of driving (`cost`, if given), the return, or the return minus the departure. The other two and the waiting
 * decide between orders that are equal in it (`compareCosts`).
 */
export type Objective = 'travelTime' | 'makespan' | 'duration';

/** Says when to stop searching: asked now and then with the number of steps done so far. */
export type Stop = (steps: number) => boolean;
