import type { BreakRule, Objective, RoutingProblem } from '../routing/problem.ts';
import { schedule } from '../routing/schedule.ts';
import { solve, type Solution } from '../routing/solve.ts';
import type { TravelMatrix } from '../routing/travel.ts';
import { TICK_MINUTES } from '../time.ts';
import { checkTour, type CheckInput, type Conflict } from './conflicts.ts';
import { planDay, type BreakRules, type DayPlan } from './day.ts';
import { areOnGrid, upToGrid, type StartWindow } from './freedom.ts';
import { leastDriving, orderProblem, settingOf, wayOf, type OrderSetting } from './orderProblem.ts';
import type { TourPlan } from './tour.ts';

/**
 * Whether the stops of a tour could be visited in a better order: the router proposes, and what it proposes is checked
 * like a tour made by hand (`planDay`, `checkTour`), so that no obstacle comes in that was not there before.
 */

export interface ImproveInput extends CheckInput {
  /** For each stop of the plan whether it may get another time. */
  free: readonly boolean[];
}

/** The stops of a tour in some order, each at some time. */
export interface Arrangement {
  plan: TourPlan;
  /** For each stop of `plan` its index in the tour as it is now. */
  order: readonly number[];
  day: DayPlan;
  conflicts: readonly Conflict[];
  /** Of all legs, each rounded up. */
  drivingMinutes: number;
  metres: number;
}

export type Improvement =
  /** Something is missing without which no order can be worked out. */
  | { kind: 'notYet'; missing: 'stops' | 'place' | 'times' }
  /** `gapMinutes`: at most so much driving over the best there is; 0: it is proved to be the best. */
  | { kind: 'better'; now: Arrangement; proposal: Arrangement; gapMinutes: number }
  | { kind: 'best'; now: Arrangement; gapMinutes: number }
  /** No order was found that keeps all windows; `proved`: there is none. `problem`: for `explain`. */
  | { kind: 'impossible'; now: Arrangement; problem: RoutingProblem; proved: boolean };

/** Without less driving an order is proposed only if the day is so much shorter. */
export const WORTH_A_SHORTER_DAY = 30;

/** Steps of the router for all questions about one tour: some tenths of a second, enough to prove a day of 15 stops. */
const MOST_STEPS = 60_000;
const SEED = 4;
/** The longer break of ArbZG § 4, see `breakMinutesDue`. */
const LONG_BREAK_MINUTES = 45;

/** Looks for the order with the least driving, then the shortest day. The same input gives the same answer. */
export function improveOrder(input: ImproveInput): Improvement {
  const rules = input.picture.municipalities.get(input.plan.municipalityId);
  const missing = whatIsMissing(input);
  if (missing !== null || rules === undefined) return { kind: 'notYet', missing: missing ?? 'place' };

  const setting = settingOf({ ...input, rules });
  const now = arrange(
    setting,
    input.plan.stops.map(({ fromMinute }, index) => ({ index, fromMinute })),
  );
  // Without the break: whatever day there is, it drives no less than this one.
  const ask = askWithin(MOST_STEPS);
  const least = ask(orderProblem(setting, { break: null }), 'travelTime');
  const problem = orderProblem(setting, { break: breakOf(rules, rules.breakMinutes) });
  if (least.order === null && least.proved) return { kind: 'impossible', now, problem, proved: true };

  const bound = Math.max(leastDriving(setting), Math.ceil(least.bound / 60));
  const best = bestOf({ setting, now, first: least.order, bound, ask });
  if (best === null && hasMendable(now, setting)) return { kind: 'impossible', now, problem, proved: false };
  if (best === null || !isBetter(best, now)) {
    return { kind: 'best', now, gapMinutes: Math.max(0, now.drivingMinutes - bound) };
  }
  return { kind: 'better', now, proposal: best, gapMinutes: Math.max(0, best.drivingMinutes - bound) };
}

type Ask = (problem: RoutingProblem, objective: Objective) => Solution;

/** Asks the router, which stops altogether after so many steps, not after some time: the answer is always the same. */
function askWithin(mostSteps: number): Ask {
  let left = mostSteps;
  return (problem, objective) => {
    const solution = solve(problem, { objective, seed: SEED, stop: (steps) => steps >= left });
    left -= solution.steps;
    return solution;
  };
}

function whatIsMissing({ plan, picture }: ImproveInput): 'stops' | 'place' | 'times' | null {
  if (plan.stops.length < 2) return 'stops';
  const isKnown =
    picture.depots.has(plan.depotId ?? NaN) && plan.stops.every(({ venueId }) => picture.venues.has(venueId));
  if (!isKnown) return 'place';
  return areOnGrid(plan.stops) ? null : 'times';
}

interface Search {
  setting: OrderSetting;
  now: Arrangement;
  /** Drives least, but knows of no break; null: none was found. */
  first: readonly number[] | null;
  /** Minutes of driving that no order is below. */
  bound: number;
  ask: Ask;
}

/**
 * The best arrangement without a new obstacle; null: none. Orders are asked for one after the other, until one drives
 * no more than the bound.
 */
function bestOf({ setting, now, first, bound, ask }: Search): Arrangement | null {
  const { rules } = setting;
  const solved = (minutes: number, objective: Objective) => (): readonly number[] | null =>
    ask(orderProblem(setting, { break: breakOf(rules, minutes) }), objective).order;
  const isOpen = (best: Arrangement): boolean => best.drivingMinutes > bound || hasMendable(best, setting);
  const isTooLong = (best: Arrangement): boolean => best.conflicts.some(({ kind }) => kind === 'workingDayTooLong');
  const questions: { order: () => readonly number[] | null; isWorthIt: (best: Arrangement) => boolean }[] = [
    { order: () => now.order, isWorthIt: isOpen },
    { order: () => first, isWorthIt: isOpen },
    { order: solved(rules.breakMinutes, 'travelTime'), isWorthIt: isOpen },
    { order: solved(Math.max(rules.breakMinutes, LONG_BREAK_MINUTES), 'travelTime'), isWorthIt: isOpen },
    { order: solved(rules.breakMinutes, 'duration'), isWorthIt: isTooLong },
  ];
  let best: Arrangement | null = null;
  for (const { order: orderOf, isWorthIt } of questions) {
    if (best !== null && !isWorthIt(best)) continue;
    const order = orderOf();
    const found = order === null || !keepsPairs(order, setting) ? [] : timesFor(setting, order, now);
    for (const one of found) best = best === null || compare(one, best, now) < 0 ? one : best;
  }
  return best;
}

/** Arrangements in that order without a new obstacle: beginning like today, and at any time. */
function timesFor(setting: OrderSetting, order: readonly number[], now: Arrangement): Arrangement[] {
  const { rules, plan, shift } = setting;
  const first = order[0] ?? 0;
  const asToday = {
    ...shift,
    fromMinute: Math.max(
      shift.fromMinute,
      (plan.stops[0]?.fromMinute ?? 0) - (plan.stops[first]?.setUpMinutes ?? 0) - wayOf(setting.drive, 0, first + 1),
    ),
  };
  const breaks = [
    null,
    breakOf(rules, rules.breakMinutes),
    breakOf(rules, Math.max(rules.breakMinutes, LONG_BREAK_MINUTES)),
  ];
  const found: Arrangement[] = [];
  for (const span of [asToday, shift]) {
    for (const rule of breaks) {
      const starts = startsOf(setting, order, rule, span);
      const one = starts === null ? null : arrange(setting, starts);
      if (one === null || hasNewObstacle(one, now)) continue;
      found.push(one);
      if (one.conflicts.every(({ kind }) => kind !== 'noBreak')) break;
    }
  }
  return found;
}

interface Start {
  /** Of the stop in the tour as it is now. */
  index: number;
  fromMinute: number;
}

/** When the stops begin, on the grid; null: not in this order. */
function startsOf(
  setting: OrderSetting,
  order: readonly number[],
  rule: BreakRule | null,
  shift: StartWindow,
): Start[] | null {
  const { visits, violations } = schedule(orderProblem(setting, { break: rule, shift }), order);
  if (violations.length > 0) return null;
  const starts = visits.map(({ stop, start }) => ({
    index: stop,
    fromMinute: start / 60 + (setting.plan.stops[stop]?.setUpMinutes ?? 0),
  }));
  const isOnGrid = starts.every(({ fromMinute }) => fromMinute % TICK_MINUTES === 0);
  if (isOnGrid) return starts;
  // Left at an odd minute: from stop to stop the grid is kept, so beginning on it is enough.
  const [first] = starts;
  const lead = first === undefined ? 0 : upToGrid(first.fromMinute) - first.fromMinute;
  const later = starts.map(({ index, fromMinute }) => ({ index, fromMinute: upToGrid(fromMinute + lead) }));
  const fits = later.every(({ index, fromMinute }) =>
    (setting.windows[index] ?? []).some((one) => one.fromMinute <= fromMinute && fromMinute <= one.toMinute),
  );
  return fits ? later : null;
}

function arrange(setting: OrderSetting, starts: readonly Start[]): Arrangement {
  const order = starts.map(({ index }) => index);
  const plan = {
    ...setting.plan,
    stops: starts.flatMap(({ index, fromMinute }) => {
      const stop = setting.plan.stops[index];
      return stop === undefined
        ? []
        : [{ ...stop, fromMinute, toMinute: fromMinute + stop.toMinute - stop.fromMinute }];
    }),
  };
  const travel = inOrder(setting.travel, order);
  const day = planDay(plan, travel, setting.rules) as DayPlan;
  return {
    plan,
    order,
    day,
    conflicts: checkTour({ ...setting, plan, travel }),
    drivingMinutes: day.legs.reduce((sum, { minutes }) => sum + minutes, 0),
    metres: day.legs.reduce((sum, { metres }) => sum + metres, 0),
  };
}

/** The matrix for the stops in that order, the depot first. */
function inOrder<Travel extends TravelMatrix>(travel: Travel, order: readonly number[]): Travel {
  const places = [0, ...order.map((index) => index + 1)];
  const pick = <T>(rows: readonly (readonly T[])[]): T[][] =>
    places.map((from) => places.map((to) => rows[from]?.[to] as T));
  const estimated = (travel as { estimated?: readonly (readonly boolean[])[] }).estimated;
  return {
    ...travel,
    seconds: pick(travel.seconds),
    metres: pick(travel.metres),
    ...(estimated === undefined ? {} : { estimated: pick(estimated) }),
  };
}

/** Two stops at one venue that follow each other go on doing so. */
function keepsPairs(order: readonly number[], { plan }: OrderSetting): boolean {
  return plan.stops.every(
    ({ venueId }, index) =>
      plan.stops[index + 1]?.venueId !== venueId || order.indexOf(index + 1) === order.indexOf(index) + 1,
  );
}

/** What makes an arrangement impossible: which stop it is about, and how much is too much or too little. */
function obstaclesOf({ conflicts, order }: Arrangement): Map<string, number> {
  const found = new Map<string, number>();
  for (const conflict of conflicts) {
    if (conflict.severity !== 'impossible') continue;
    const stop = 'stop' in conflict && conflict.stop !== null ? order[conflict.stop] : '';
    const key = `${conflict.kind} ${stop ?? ''}`;
    found.set(key, (found.get(key) ?? 0) + amountOf(conflict));
  }
  return found;
}

/** In minutes where there is more and less of it, else 1. */
function amountOf(conflict: Conflict): number {
  if (conflict.kind === 'stopsOverlap' || conflict.kind === 'tooCloseStops') return conflict.missingMinutes;
  if (conflict.kind === 'startsTooEarly') return -conflict.departureMinute;
  if (conflict.kind === 'returnsTooLate') return conflict.returnMinute;
  if (conflict.kind === 'workingDayTooLong') return conflict.overMinutes;
  if (conflict.kind !== 'noBreak') return 1;
  return (
    Math.max(0, conflict.dueMinutes - conflict.foundMinutes) +
    Math.max(0, conflict.longestMinutes - conflict.breakAfterMinutes)
  );
}

/** What hangs on the order and the times of the stops, besides the opening hours. */
const MENDABLE: ReadonlySet<Conflict['kind']> = new Set<Conflict['kind']>([
  'stopsUnordered',
  'stopsOverlap',
  'tooCloseStops',
  'startsTooEarly',
  'returnsTooLate',
  'workingDayTooLong',
  'noBreak',
]);

/** True when something is impossible that other times might not be. */
function hasMendable({ conflicts, order }: Arrangement, { free }: OrderSetting): boolean {
  return conflicts.some((conflict) =>
    conflict.kind === 'outsideOpeningWindow' ? free[order[conflict.stop] ?? -1] === true : MENDABLE.has(conflict.kind),
  );
}

function hasNewObstacle(one: Arrangement, now: Arrangement): boolean {
  const known = obstaclesOf(now);
  return [...obstaclesOf(one)].some(([key, amount]) => amount > (known.get(key) ?? 0));
}

export function countObstacles(one: Arrangement): number {
  return obstaclesOf(one).size;
}

/** From leaving to being back, breaks included. */
export function dayMinutes({ day }: Arrangement): number {
  return day.returnMinute - day.departureMinute;
}

function isBetter(one: Arrangement, now: Arrangement): boolean {
  const obstacles = countObstacles(one) - countObstacles(now);
  if (obstacles !== 0) return obstacles < 0;
  if (one.drivingMinutes !== now.drivingMinutes) return one.drivingMinutes < now.drivingMinutes;
  return dayMinutes(one) <= dayMinutes(now) - WORTH_A_SHORTER_DAY;
}

/** Negative: `one` is better. */
function compare(one: Arrangement, other: Arrangement, now: Arrangement): number {
  return (
    countObstacles(one) - countObstacles(other) ||
    one.drivingMinutes - other.drivingMinutes ||
    dayMinutes(one) - dayMinutes(other) ||
    countMoved(one, now) - countMoved(other, now)
  );
}

/** How many stops begin at another time than now. */
export function countMoved({ plan, order }: Arrangement, now: Arrangement): number {
  return plan.stops.filter(({ fromMinute }, k) => now.plan.stops[order[k] ?? k]?.fromMinute !== fromMinute).length;
}

function breakOf({ breakAfterMinutes }: BreakRules, minutes: number): BreakRule {
  return { afterSeconds: breakAfterMinutes * 60, seconds: upToGrid(minutes) * 60 };
}
