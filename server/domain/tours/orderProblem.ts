import type { BreakRule, RoutingProblem, TimeSpan } from '../routing/problem.ts';
import { commonHours, cutWindows, startWindows, upToGrid, type StartWindow } from './freedom.ts';
import { planDay, type BreakRules } from './day.ts';
import type { CheckInput } from './conflicts.ts';

/** A tour as a routing problem: which order of its stops, and at which times, is the question. */

/** What is asked; all in whole minutes of the tour's date, places as in `placesOfDay`: 0 is the depot. */
export interface OrderSetting extends CheckInput {
  /** For each stop whether it may get another time. */
  free: readonly boolean[];
  rules: BreakRules;
  /** Driving from place to place, each way rounded up as `planDay` does it. */
  drive: readonly (readonly number[])[];
  /** When each stop may begin; of a stop that is not free: when it begins now. */
  windows: readonly (readonly StartWindow[])[];
  /** Not to leave before, to be back until. */
  shift: StartWindow;
}

/**
 * The setting of a tour whose depot and venues are known. The crew is on the way in its common hours, but longer where
 * it already is so today or a stop that keeps its time wants it. Of a free stop that cannot be reached within those the
 * time stays.
 */
export function settingOf(input: CheckInput & { free: readonly boolean[]; rules: BreakRules }): OrderSetting {
  const { plan, picture, travel } = input;
  const drive = travel.seconds.map((row) => row.map((seconds) => Math.ceil(seconds / 60)));
  const common = commonHours(plan, picture) ?? [{ fromMinute: 0, toMinute: 1440 }];
  const today = planDay(plan, travel, input.rules);
  const around = plan.stops.map(({ fromMinute, toMinute, setUpMinutes, tearDownMinutes }, index) => ({
    fromMinute: fromMinute - setUpMinutes - wayOf(drive, 0, index + 1),
    toMinute: toMinute + tearDownMinutes + wayOf(drive, index + 1, 0),
  }));
  const held = around.filter((_, index) => input.free[index] !== true);
  const shift = {
    fromMinute: Math.min(
      ...common.map(({ fromMinute }) => fromMinute),
      today?.departureMinute ?? Infinity,
      ...held.map(({ fromMinute }) => fromMinute),
    ),
    toMinute: Math.max(
      ...common.map(({ toMinute }) => toMinute),
      today?.returnMinute ?? -Infinity,
      ...held.map(({ toMinute }) => toMinute),
    ),
  };
  const windows = plan.stops.map((stop, index) => {
    const itsTime = [{ fromMinute: stop.fromMinute, toMinute: stop.fromMinute }];
    if (input.free[index] !== true) return itsTime;
    const [earliest, latest] = reach(stop, around[index] ?? stop, shift);
    const possible = cutWindows(startWindows(stop, plan, picture), earliest, latest);
    return possible.length === 0 ? itsTime : possible;
  });
  return { ...input, drive, windows, shift };
}

/** The first and the last minute at which the stop could begin if it were the only one. */
function reach(stop: StartWindow, around: StartWindow, shift: StartWindow): [earliest: number, latest: number] {
  return [
    shift.fromMinute + (stop.fromMinute - around.fromMinute),
    shift.toMinute - (around.toMinute - stop.fromMinute),
  ];
}

export interface ProblemOptions {
  break: BreakRule | null;
  /** Default: that of the setting. */
  shift?: StartWindow;
}

/**
 * The routing problem in seconds. Service is set-up, announced time and tear-down, so windows bound when the set-up
 * begins. From stop to stop it takes so much longer than the driving that each announced time begins on the five-minute
 * grid; what it costs is the driving alone.
 */
export function orderProblem(setting: OrderSetting, options: ProblemOptions): RoutingProblem {
  const { stops } = setting.plan;
  const end = stops.length + 1;
  const nodes = Array.from({ length: end + 1 }, (_, node) => node);
  /** Minutes of driving; the end is where the day began. */
  const drive = (from: number, to: number): number =>
    from === to || from === end || to === 0 || (from === 0 && to === end)
      ? 0
      : wayOf(setting.drive, from, to === end ? 0 : to);
  const way = (from: number, to: number): number => {
    const [before, after] = [stops[from - 1], stops[to - 1]];
    if (before === undefined || after === undefined || from === to) return drive(from, to);
    const work = before.tearDownMinutes + after.setUpMinutes;
    return upToGrid(work + drive(from, to)) - work;
  };
  return {
    travel: nodes.map((from) => nodes.map((to) => 60 * way(from, to))),
    cost: nodes.map((from) => nodes.map((to) => 60 * drive(from, to))),
    stops: stops.map(({ fromMinute, toMinute, setUpMinutes, tearDownMinutes }, index) => ({
      serviceSeconds: (setUpMinutes + toMinute - fromMinute + tearDownMinutes) * 60,
      windows: (setting.windows[index] ?? []).map((window) => inSeconds(window, -setUpMinutes)),
    })),
    shift: inSeconds(options.shift ?? setting.shift),
    break: options.break,
  };
}

/** Minutes of driving that no order can do without: each place is reached by some way, and the depot again. */
export function leastDriving({ drive }: Pick<OrderSetting, 'drive'>): number {
  return drive.reduce(
    (sum, _, to) => sum + Math.min(...drive.map((row, from) => (from === to ? Infinity : (row[to] ?? 0)))),
    0,
  );
}

export function wayOf(drive: readonly (readonly number[])[], from: number, to: number): number {
  return drive[from]?.[to] ?? 0;
}

function inSeconds({ fromMinute, toMinute }: StartWindow, laterMinutes = 0): TimeSpan {
  return { from: (fromMinute + laterMinutes) * 60, to: (toMinute + laterMinutes) * 60 };
}
