import { TICK_MINUTES, type MinuteOfDay } from '../time.ts';
import type { BreakRule, RoutingProblem } from '../routing/problem.ts';
import { schedule } from '../routing/schedule.ts';
import { solve } from '../routing/solve.ts';
import { fitsOf, roomOf, type DayRoom, type Fit } from '../routing/windows.ts';
import { isEnough, planDay, SHORTEST_BREAK, type BreakRules, type DayPlan, type TimedStand } from '../tours/day.ts';
import { upToGrid, type StartWindow } from '../tours/freedom.ts';

/**
 * The day of a tour with home visits, as a routing problem. Public stops keep the times that are announced; a home visit
 * may begin whenever the crew arrives within its window. Everything begins on the five-minute grid.
 */

/** One place of the day. Home visits have set-up and tear-down too; both on the grid. */
export interface DayStop extends TimedStand {
  kind: 'public' | 'home';
  /** When the crew has to arrive, both inclusive: of a public stop just in time for its set-up. */
  arrival: StartWindow;
}

export interface HomeDay {
  /** In the order of the day, with the times that are planned now. */
  stops: readonly DayStop[];
  /** Minutes of driving, rounded up: depot to the first stop, from stop to stop, and back. */
  legs: readonly number[];
  /** Not to leave before, to be back until. */
  shift: StartWindow;
  rules: BreakRules & { maxWorkingMinutes: number };
  /** So much more than the driving is kept free on each way to a stop where a home visit is at one of its ends. */
  reserveMinutes: number;
}

/** Minutes of driving between all places of a day, rounded up: 0 is the depot, n the n-th of `stops`. */
export type Driving = readonly (readonly number[])[];

/** A visit that somebody asks for. */
export interface AskedVisit {
  /** Service; a multiple of five. */
  minutes: number;
  setUpMinutes: number;
  tearDownMinutes: number;
  /** Minutes of driving from each place of the day (0: depot) to it, and from it to each; rounded up. */
  to: readonly number[];
  from: readonly number[];
}

/** A day in an order that keeps everything. */
export interface ArrangedDay {
  /** With new times for home visits. */
  stops: DayStop[];
  /** For each of them its index before. */
  order: number[];
  legs: number[];
  plan: DayPlan;
  drivingMinutes: number;
}

/** The longer break of ArbZG § 4, see `breakMinutesDue`. */
const LONG_BREAK_MINUTES = 45;
const LONG_DAY_MINUTES = 540;
/** Indexes into `breaksOf`. */
const USUAL = 0;
const WITHOUT = 2;
/** Two ways by less than a step of the grid each, in seconds. */
const ROUNDED_WAYS = 2 * (TICK_MINUTES - 1) * 60;
const SEED = 8;

/** The breaks to try: what the municipality wants, what a very long day needs, and whatever waiting there is anyway. */
export function breaksOf({ breakAfterMinutes, breakMinutes }: BreakRules): readonly (BreakRule | null)[] {
  const rule = (minutes: number): BreakRule => ({
    afterSeconds: breakAfterMinutes * 60,
    seconds: upToGrid(minutes) * 60,
  });
  return [rule(breakMinutes), rule(Math.max(breakMinutes, LONG_BREAK_MINUTES)), null];
}

/**
 * From leaving one stop (torn down) to arriving at the next: driving and reserve, and so much more that the next service
 * begins on the grid.
 */
function wayMinutes(day: HomeDay, before: DayStop | undefined, after: DayStop | undefined, driving: number): number {
  const reserve = after !== undefined && (before?.kind === 'home' || after.kind === 'home') ? day.reserveMinutes : 0;
  const work = (before?.tearDownMinutes ?? 0) + (after?.setUpMinutes ?? 0);
  return upToGrid(work + driving + reserve) - work;
}

function serviceSeconds(stop: TimedStand): number {
  return (stop.setUpMinutes + stop.toMinute - stop.fromMinute + stop.tearDownMinutes) * 60;
}

/** A way between two nodes of the problem with its minutes of driving; what is not among them is never taken. */
type Way = readonly [from: number, to: number, driving: number];

function problemOf(day: HomeDay, rule: BreakRule | null, ways: Iterable<Way>): RoutingProblem {
  const { stops, shift } = day;
  const size = stops.length + 2;
  const rows = (): number[][] => Array.from({ length: size }, () => new Array<number>(size).fill(0));
  const travel = rows();
  const cost = rows();
  for (const [from, to, driving] of ways) {
    travel[from]![to] = 60 * wayMinutes(day, stops[from - 1], stops[to - 1], driving);
    cost[from]![to] = 60 * driving;
  }
  return {
    travel,
    cost,
    stops: stops.map((stop) => ({
      serviceSeconds: serviceSeconds(stop),
      windows: [{ from: stop.arrival.fromMinute * 60, to: stop.arrival.toMinute * 60 }],
    })),
    shift: { from: shift.fromMinute * 60, to: shift.toMinute * 60 },
    break: rule,
  };
}

/** The day as it is, of which only the ways in its order are known. */
export function problemInOrder(day: HomeDay, rule: BreakRule | null): RoutingProblem {
  return problemOf(
    day,
    rule,
    day.legs.map((minutes, from) => [from, from + 1, minutes] as const),
  );
}

/** A day without any order: which one is best, is the question. */
export function problemOfAll(day: HomeDay, driving: Driving, rule: BreakRule | null): RoutingProblem {
  const end = day.stops.length + 1;
  const ways: Way[] = [];
  for (let from = 0; from < end; from++) {
    for (let to = 1; to <= end; to++) {
      if (from !== to && !(from === 0 && to === end)) ways.push([from, to, driving[from]?.[to === end ? 0 : to] ?? 0]);
    }
  }
  return problemOf(day, rule, ways);
}

/** A day with the room it has, worked out once for all who ask. */
export interface PreparedDay {
  day: HomeDay;
  /** From departure to return as things stand; 0 without stops. */
  presenceMinutes(): number;
  /** Services and ways, without any waiting. */
  busySeconds: number;
  /** With each of `breaksOf`, worked out when it is first asked for; null: the day cannot be kept so. */
  room: (index: number) => { problem: RoutingProblem; room: DayRoom } | null;
}

export function prepare(day: HomeDay): PreparedDay {
  const order = day.stops.map((_, index) => index);
  const rules = breaksOf(day.rules);
  const rooms: ({ problem: RoutingProblem; room: DayRoom } | null)[] = [];
  let presence: number | null = null;
  const ways = day.legs.map((minutes, leg) => wayMinutes(day, day.stops[leg - 1], day.stops[leg], minutes));
  return {
    day,
    busySeconds:
      60 * ways.reduce((sum, minutes) => sum + minutes, 0) +
      day.stops.reduce((sum, stop) => sum + serviceSeconds(stop), 0),
    presenceMinutes() {
      const plan = presence === null ? planOf(day) : null;
      presence ??= plan === null ? 0 : plan.returnMinute - plan.departureMinute;
      return presence;
    },
    room(index) {
      const known = rooms[index];
      if (known !== undefined) return known;
      const problem = problemInOrder(day, rules[index] ?? null);
      const room = roomOf(problem, order);
      const found = room.before.every((parts) => parts.length > 0) ? { problem, room } : null;
      rooms[index] = found;
      return found;
    },
  };
}

/** A way to fit a visit in, and which break was taken into account; `waiting`: none, there has to be enough of it. */
export interface VisitFit extends Fit {
  rests: 'usual' | 'waiting';
}

/**
 * Every way to fit a visit into the order as it is, see `fitsOf`: with the usual break, and with none, where waiting may be
 * enough to rest in or a longer break may find its place. Whether it does is left to the check.
 * @param which `usual`: only with the usual break
 */
export function visitFits({ day, room }: PreparedDay, visit: AskedVisit, which: 'all' | 'usual' = 'all'): VisitFit[] {
  const stop: DayStop = {
    kind: 'home',
    fromMinute: 0,
    toMinute: visit.minutes,
    setUpMinutes: visit.setUpMinutes,
    tearDownMinutes: visit.tearDownMinutes,
    arrival: day.shift,
  };
  const n = day.stops.length;
  const asked = { serviceSeconds: serviceSeconds(stop), to: [0], from: [0], costTo: [0], costFrom: [0] };
  for (let node = 0; node <= n + 1; node++) {
    const place = node === n + 1 ? 0 : node;
    const other = day.stops[place - 1];
    asked.to[node] = 60 * wayMinutes(day, other, stop, visit.to[place] ?? 0);
    asked.from[node] = 60 * wayMinutes(day, stop, other, visit.from[place] ?? 0);
    asked.costTo[node] = 60 * (visit.to[place] ?? 0);
    asked.costFrom[node] = 60 * (visit.from[place] ?? 0);
  }
  const order = day.stops.map((_, index) => index);
  const found: VisitFit[] = [];
  const fitsWith = (index: number, rests: VisitFit['rests']): void => {
    const known = room(index);
    if (known === null) return;
    for (const fit of fitsOf(known.problem, order, asked, known.room)) found.push({ ...fit, rests });
  };
  fitsWith(USUAL, 'usual');
  if (which === 'usual') return found;
  fitsWith(WITHOUT, 'waiting');
  return found;
}

/** From departure to return at most, with the usual break or with the longer one. */
function mostDaySeconds({ rules: { breakMinutes, maxWorkingMinutes } }: HomeDay, rests: 'usual' | 'long'): number {
  return rests === 'usual'
    ? 60 * (Math.min(LONG_DAY_MINUTES, maxWorkingMinutes) + breakMinutes)
    : 60 * (maxWorkingMinutes + Math.max(breakMinutes, LONG_BREAK_MINUTES));
}

/**
 * What can be said of a day without looking at every stop: `no`, it is too long; `likely`, it has its break and is short
 * enough for it; `maybe`: that is left to the check.
 * @param waitingSeconds all time that is neither service nor way, breaks included
 */
export function prospectOf(
  day: HomeDay,
  rests: VisitFit['rests'],
  daySeconds: number,
  waitingSeconds: number,
): 'likely' | 'maybe' | 'no' {
  const { breakMinutes } = day.rules;
  // The first and the last way are rounded up to the grid here, and not when the crew drives.
  const length = daySeconds - ROUNDED_WAYS;
  const isLong = length > mostDaySeconds(day, 'usual');
  if (!isLong && rests === 'usual') return 'likely';
  const due = isLong ? Math.max(breakMinutes, LONG_BREAK_MINUTES) : breakMinutes;
  const missing = Math.max(0, 60 * due - waitingSeconds);
  return length + missing <= mostDaySeconds(day, 'long') ? 'maybe' : 'no';
}

/** What a plan for a day must keep, looked at from scratch; empty: everything is kept. Sentences are made elsewhere. */
export type BrokenPromise =
  | { kind: 'unreachable'; stop: number; missingMinutes: number }
  | { kind: 'windowMissed'; stop: number }
  | { kind: 'announcementMoved'; stop: number }
  | { kind: 'leavesTooEarly' | 'returnsTooLate' | 'workingDayTooLong' | 'noBreak' };

/** Checks a day with its planned times without asking how they were found. */
export function brokenPromises(day: HomeDay, plan: DayPlan | null = planOf(day)): BrokenPromise[] {
  if (plan === null) return [];
  const broken: BrokenPromise[] = [];
  day.stops.forEach((stop, index) => {
    const slack = plan.stops[index]?.slackMinutes ?? 0;
    if (slack < 0) broken.push({ kind: 'unreachable', stop: index, missingMinutes: -slack });
    const begin = stop.fromMinute - stop.setUpMinutes;
    if (begin < stop.arrival.fromMinute || begin > stop.arrival.toMinute) {
      broken.push({ kind: stop.kind === 'home' ? 'windowMissed' : 'announcementMoved', stop: index });
    }
  });
  if (plan.departureMinute < day.shift.fromMinute) broken.push({ kind: 'leavesTooEarly' });
  if (plan.returnMinute > day.shift.toMinute) broken.push({ kind: 'returnsTooLate' });
  if (plan.workingMinutes > day.rules.maxWorkingMinutes) broken.push({ kind: 'workingDayTooLong' });
  if (!isEnough(plan, day.rules)) broken.push({ kind: 'noBreak' });
  return broken;
}

export function planOf({ stops, legs, rules }: HomeDay): DayPlan | null {
  const { length } = stops;
  const seconds = Array.from({ length: length + 1 }, (_, from) =>
    Array.from({ length: length + 1 }, (_, to) =>
      to === (from === length ? 0 : from + 1) ? (legs[from] ?? 0) * 60 : 0,
    ),
  );
  return planDay({ stops }, { seconds, metres: [] }, rules);
}

/**
 * Times for a day in its order that keep everything; null: there are none. The shortest day without any break, where what
 * waiting there is is enough; else with one break, as long as is due, before the stop where that makes the day shortest;
 * else, where `rest` allows it, with a break in two parts (ArbZG § 4 sentence 2).
 */
export function keepInOrder(day: HomeDay, rest: BreakParts = 'whole'): { stops: DayStop[]; plan: DayPlan } | null {
  const { length } = day.stops;
  const usual = upToGrid(day.rules.breakMinutes);
  const long = upToGrid(Math.max(usual, LONG_BREAK_MINUTES));
  const gaps = Array.from({ length: Math.max(0, length - 1) }, (_, index) => index);
  const problem = problemInOrder(day, null);
  const order = day.stops.map((_, index) => index);
  const attempt = (rests: readonly Rest[]): Kept | null => {
    const stops = problem.stops.map((stop, index) => {
      const minutes = rests.reduce((sum, { after, minutes }) => (after === index ? sum + minutes : sum), 0);
      return minutes === 0 ? stop : { ...stop, serviceSeconds: stop.serviceSeconds + 60 * minutes };
    });
    const { visits, violations } = schedule({ ...problem, stops }, order);
    if (violations.length > 0) return null;
    return planned(
      day,
      visits.map(({ start }) => start / 60),
    );
  };
  const shortest = (attempts: readonly (readonly Rest[])[]): Kept | null => {
    let best: Kept | null = null;
    for (const rests of attempts) {
      const found = attempt(rests);
      if (found === null || found.broken.length > 0) continue;
      if (best === null || presenceOf(found.plan) < presenceOf(best.plan)) best = found;
    }
    return best;
  };
  const single = (minutes: number): Rest[][] => gaps.map((after) => [{ after, minutes }]);
  const double = (first: number, second: number): Rest[][] =>
    gaps.flatMap((after) =>
      gaps
        .filter((later) => later > after)
        .map((later) => [
          { after, minutes: first },
          { after: later, minutes: second },
        ]),
    );
  const without = attempt([]);
  if (without === null || without.broken.some(({ kind }) => !MENDED_BY_BREAKS.has(kind))) return null;
  if (without.broken.length === 0) return without;
  const needsLong = long > usual && presenceOf(without.plan) > LONG_DAY_MINUTES;
  const whole = shortest(single(usual)) ?? (needsLong ? shortest(single(long)) : null);
  if (whole !== null || rest === 'whole') return whole;
  return (
    shortest([...double(SHORTEST_BREAK, usual - SHORTEST_BREAK), ...double(usual - SHORTEST_BREAK, SHORTEST_BREAK)]) ??
    shortest([...double(SHORTEST_BREAK, long - SHORTEST_BREAK), ...double(long - SHORTEST_BREAK, SHORTEST_BREAK)])
  );
}

/** Nobody is asked to rest in parts so that one more visit fits in; but where a visit is gone, parts may be left. */
export type BreakParts = 'whole' | 'parts';

/** A break after a stop. */
interface Rest {
  after: number;
  minutes: number;
}

function presenceOf({ departureMinute, returnMinute }: DayPlan): number {
  return returnMinute - departureMinute;
}

/** A day with its times, and what it does not keep. */
interface Kept {
  stops: DayStop[];
  plan: DayPlan;
  broken: BrokenPromise[];
}

/** What a longer break may mend: work is counted without it. */
const MENDED_BY_BREAKS: ReadonlySet<BrokenPromise['kind']> = new Set<BrokenPromise['kind']>([
  'noBreak',
  'workingDayTooLong',
]);

/** The day with these arrivals, moved up to the grid; null without stops. */
function planned(day: HomeDay, arrivals: readonly number[]): Kept | null {
  const stops = day.stops.map((stop, index): DayStop => {
    const fromMinute = upToGrid((arrivals[index] ?? 0) + stop.setUpMinutes);
    return { ...stop, fromMinute, toMinute: fromMinute + stop.toMinute - stop.fromMinute };
  });
  const plan = planOf({ ...day, stops });
  return plan === null ? null : { stops, plan, broken: brokenPromises({ ...day, stops }, plan) };
}

/** The day in that order, see `keepInOrder`; null: not everything can be kept. */
export function arrange(
  day: HomeDay,
  driving: Driving,
  order: readonly number[],
  rest: BreakParts = 'whole',
): ArrangedDay | null {
  const places = [0, ...order.map((index) => index + 1), 0];
  const legs = places.slice(1).map((to, index) => driving[places[index]!]?.[to] ?? 0);
  const found = keepInOrder({ ...day, stops: order.map((index) => day.stops[index]!), legs }, rest);
  if (found === null) return null;
  return {
    stops: found.stops,
    plan: found.plan,
    order: [...order],
    legs,
    drivingMinutes: legs.reduce((sum, minutes) => sum + minutes, 0),
  };
}

/**
 * The day with the least driving, then the shortest, among the orders given and the one the exact router finds in
 * `mostSteps`; null: none keeps everything. The same input gives the same answer.
 */
export function bestArrangement(
  day: HomeDay,
  driving: Driving,
  {
    orders,
    mostSteps,
    rest = 'whole',
  }: { orders: readonly (readonly number[])[]; mostSteps: number; rest?: BreakParts },
): ArrangedDay | null {
  let left = mostSteps;
  let best: ArrangedDay | null = null;
  const take = (order: readonly number[] | null): void => {
    const found = order === null ? null : arrange(day, driving, order, rest);
    if (found !== null && (best === null || compare(found, best) < 0)) best = found;
  };
  orders.forEach(take);
  for (const rule of breaksOf(day.rules)) {
    if (left <= 0) break;
    const solution = solve(problemOfAll(day, driving, rule), {
      objective: 'travelTime',
      seed: SEED,
      stop: (steps) => steps >= left,
    });
    left -= solution.steps;
    take(solution.order);
    if (best !== null) break;
  }
  return best;
}

function compare(one: ArrangedDay, other: ArrangedDay): number {
  return one.drivingMinutes - other.drivingMinutes || presenceOf(one.plan) - presenceOf(other.plan);
}

/** The day with the visit as its last stop, to be arranged; its driving with one row and one column more. */
export function withVisit(
  day: HomeDay,
  driving: Driving,
  visit: AskedVisit,
  arrival: StartWindow,
): { day: HomeDay; driving: Driving } {
  const fromMinute = upToGrid(arrival.fromMinute + visit.setUpMinutes);
  const stop: DayStop = {
    kind: 'home',
    fromMinute,
    toMinute: fromMinute + visit.minutes,
    setUpMinutes: visit.setUpMinutes,
    tearDownMinutes: visit.tearDownMinutes,
    arrival,
  };
  return {
    day: { ...day, stops: [...day.stops, stop] },
    driving: [...driving.map((row, place) => [...row, visit.to[place] ?? 0]), [...visit.from, 0]],
  };
}

/** A public stop: it keeps the time that was announced. */
export function publicStop(stand: TimedStand): DayStop {
  const begin = stand.fromMinute - stand.setUpMinutes;
  return { ...stand, kind: 'public', arrival: { fromMinute: begin, toMinute: begin } };
}

/** Down to the grid, for what has to happen at the latest. */
export function downToGrid(minute: MinuteOfDay): MinuteOfDay {
  return Math.floor(minute / TICK_MINUTES) * TICK_MINUTES;
}
