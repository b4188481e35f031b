import type { LateDay } from '../../../domain/tours/late.ts';
import type { TimedLeg, TourTimes } from '../../../domain/tours/times.ts';
import type { CrewStop } from '../ports.ts';

/**
 * What the crew does one after the other, in minutes of the tour's date (negative: the day before; over 1440: the day
 * after), from inclusive, to exclusive. `stop` is the place in the list of stops, from 0; null: back at the depot.
 */
export type Step =
  | { kind: 'departure'; from: number; to: number }
  | { kind: 'drive'; from: number; to: number; stop: number | null; leg: TimedLeg }
  /** Nothing to do before a stop. */
  | { kind: 'wait'; from: number; to: number; stop: number }
  | { kind: 'break'; from: number; to: number; stop: number }
  | { kind: 'setUp'; from: number; to: number; stop: number }
  /** The announced time. */
  | { kind: 'open'; from: number; to: number; stop: number }
  | { kind: 'tearDown'; from: number; to: number; stop: number }
  | { kind: 'return'; from: number; to: number };

export type PlannedStop = Pick<CrewStop, 'fromMinute' | 'toMinute' | 'setUpMinutes' | 'tearDownMinutes'>;

/** A shorter time without anything to do is not worth a line. */
const SHORTEST_WAIT = 5;

/**
 * The steps of a day. Without times (not computed yet) there are only those at the stops.
 * @param stops in the order of the day
 */
export function stepsOf(stops: readonly PlannedStop[], times: TourTimes | null): Step[] {
  const first = stops[0];
  const last = stops.at(-1);
  if (first === undefined || last === undefined) return [];
  const steps: Step[] = [];
  if (times !== null) steps.push({ kind: 'departure', from: times.departureMinute, to: times.departureMinute });
  stops.forEach((stop, index) => {
    steps.push(...wayTo(stops, index, times), ...atStop(stop, index));
  });
  const home = times?.legs.at(-1);
  if (times !== null && home !== undefined) {
    const leaves = last.toMinute + last.tearDownMinutes;
    steps.push({ kind: 'drive', from: leaves, to: times.returnMinute, stop: null, leg: home });
    steps.push({ kind: 'return', from: times.returnMinute, to: times.returnMinute });
  }
  return steps;
}

/** From where the crew has packed up until it sets up again: the way, and what time is left before or after it. */
function wayTo(stops: readonly PlannedStop[], index: number, times: TourTimes | null): Step[] {
  const leg = times?.legs[index];
  const stop = stops[index];
  if (times === null || leg === undefined || stop === undefined) return [];
  const previous = stops[index - 1];
  const free = previous === undefined ? times.departureMinute : previous.toMinute + previous.tearDownMinutes;
  const setUp = stop.fromMinute - stop.setUpMinutes;
  const within = times.breaks.filter(({ fromMinute }) => fromMinute >= free && fromMinute < setUp);
  const before = within.filter(({ fromMinute }) => fromMinute < free + leg.minutes);
  const after = within.filter(({ fromMinute }) => fromMinute >= free + leg.minutes);
  const steps: Step[] = [];
  let at = free;
  const rest = (breaks: typeof within): void => {
    for (const { fromMinute, toMinute } of breaks) {
      steps.push(...wait(at, fromMinute, index), { kind: 'break', from: fromMinute, to: toMinute, stop: index });
      at = toMinute;
    }
  };
  rest(before);
  steps.push({ kind: 'drive', from: at, to: at + leg.minutes, stop: index, leg });
  at += leg.minutes;
  rest(after);
  return [...steps, ...wait(at, setUp, index)];
}

function wait(from: number, to: number, stop: number): Step[] {
  return to - from >= SHORTEST_WAIT ? [{ kind: 'wait', from, to, stop }] : [];
}

function atStop({ fromMinute, toMinute, setUpMinutes, tearDownMinutes }: PlannedStop, stop: number): Step[] {
  return [
    ...(setUpMinutes > 0 ? [{ kind: 'setUp' as const, from: fromMinute - setUpMinutes, to: fromMinute, stop }] : []),
    { kind: 'open', from: fromMinute, to: toMinute, stop },
    ...(tearDownMinutes > 0
      ? [{ kind: 'tearDown' as const, from: toMinute, to: toMinute + tearDownMinutes, stop }]
      : []),
  ];
}

/** The same day as late as the crew said: in the same order, but waiting may have gone. */
export function lateStepsOf(stops: readonly PlannedStop[], times: TourTimes | null, late: LateDay): Step[] {
  const moved = stops.map((stop, index) => ({
    ...stop,
    fromMinute: stop.fromMinute + (late.stops[index]?.lateMinutes ?? 0),
    toMinute: stop.toMinute + (late.stops[index]?.leavesLateMinutes ?? 0),
  }));
  if (times === null) return stepsOf(moved, null);
  const breaks = times.breaks.map(({ fromMinute, toMinute }) => {
    const index = stops.findIndex((stop) => stop.fromMinute > fromMinute);
    const next = moved[index];
    const latest = next === undefined ? Infinity : next.fromMinute - next.setUpMinutes - (toMinute - fromMinute);
    const from = Math.max(fromMinute, Math.min(latest, fromMinute + (late.stops[index - 1]?.leavesLateMinutes ?? 0)));
    return { fromMinute: from, toMinute: from + toMinute - fromMinute };
  });
  return stepsOf(moved, {
    ...times,
    breaks,
    departureMinute: times.departureMinute + (late.stops[0]?.lateMinutes ?? 0),
    returnMinute: times.returnMinute + late.returnsLateMinutes,
  });
}
