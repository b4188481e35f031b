import { valueOf } from './costs.ts';
import { proveDay } from './exact.ts';
import { proveReturn } from './earliestReturn.ts';
import type { Objective, RoutingProblem, Stop } from './problem.ts';
import { schedule, type RouteSchedule } from './schedule.ts';

export interface SolveOptions {
  objective: Objective;
  seed: number;
  /** Asked with the number of steps so far; a day of 12 stops takes some thousand steps, one of 60 some million. */
  stop: Stop;
}

export interface Solution {
  /** Indexes of `problem.stops`; null: none was found, or, if `proved`, there is none. */
  order: number[] | null;
  /** Of the objective, in seconds; Infinity without an order. */
  value: number;
  /** No order is better than this: equal to `value` where `proved`. Infinity: no order keeps every window. */
  bound: number;
  proved: boolean;
  schedule: RouteSchedule | null;
  /** Units of work done, the same for the same problem, seed and `stop`. */
  steps: number;
}

/** Above so many stops the method of `proveReturn` is faster where it can be used: the return alone counts, no break. */
const FEW_STOPS = 20;

/** The best day for the objective, or as good a one as could be found before `stop` said so. */
export function solve(problem: RoutingProblem, { objective, seed, stop }: SolveOptions): Solution {
  let steps = 0;
  const isOver = (done: number): boolean => {
    steps += done;
    return stop(steps);
  };
  const due = isBreakPossible(problem) ? problem : { ...problem, break: null };
  const proof =
    objective === 'makespan' && due.break === null && due.stops.length > FEW_STOPS
      ? proveReturn(due, { seed, isOver })
      : proveDay(due, { objective, seed, isOver });
  const { order, bound, proved } = proof;
  if (order === null) return { order, value: Infinity, bound, proved, schedule: null, steps };
  const day = schedule(problem, order, objective);
  return { order, value: valueOf(objective, day), bound, proved, schedule: day, steps };
}

/** A break is due only where the shift is longer than the time after which it is. */
function isBreakPossible({ break: rule, shift }: RoutingProblem): boolean {
  return rule !== null && shift.to - shift.from > rule.afterSeconds;
}
