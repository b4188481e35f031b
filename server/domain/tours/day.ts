import type { Coordinates } from '../geo.ts';
import type { AskedTravel, TravelMatrix } from '../routing/travel.ts';
import type { PlannedStop } from './tour.ts';

/** Travel of which may be known where it comes from; what does not say so comes from roads. */
export type DayTravel = TravelMatrix & Partial<Pick<AskedTravel, 'estimated'>>;

/** When a stop takes place and what it takes around that: all that the times of a day hang on. */
export type TimedStand = Pick<PlannedStop, 'fromMinute' | 'toMinute' | 'setUpMinutes' | 'tearDownMinutes'>;

/** A way from one place to the next. */
export interface Leg {
  /** Rounded up. */
  minutes: number;
  metres: number;
  /** From the distance, not from roads. */
  estimated: boolean;
}

/** Times of one stop in minutes of the tour's date; outside 0 to 1440 when it does not fit into the day. */
export interface StopTimes {
  /** At the first stop just in time. */
  arrivalMinute: number;
  setUpFrom: number;
  /** The announced time. */
  opensAt: number;
  closesAt: number;
  tearDownTo: number;
  /** From the arrival to the set-up; negative: so much too late. 0 at the first stop. */
  slackMinutes: number;
}

/** From inclusive, to exclusive. */
export interface Break {
  fromMinute: number;
  toMinute: number;
}

/** Of a municipality: may be stricter than the law, see `breakMinutesDue`. */
export interface BreakRules {
  breakAfterMinutes: number;
  breakMinutes: number;
}

/** A tour as the crew lives through it. */
export interface DayPlan {
  /** Depot to the first stop, from stop to stop, and back: one more than stops. */
  legs: Leg[];
  stops: StopTimes[];
  /** As late as possible for the first stop; negative: the day before. */
  departureMinute: number;
  /** Over 1440: the day after. */
  returnMinute: number;
  /** From departure to return without the breaks. */
  workingMinutes: number;
  /** Ascending, between the stops. Only as much as is due, where that suffices. */
  breaks: Break[];
  /** Sum of the breaks. */
  breakMinutes: number;
  /** How much break so much work needs altogether. */
  breakMinutesDue: number;
  /** The longest time of work without a break, in minutes. */
  longestWithoutBreak: number;
}

/** A break shorter than this is none (ArbZG § 4 sentence 2). */
export const SHORTEST_BREAK = 15;
/** More work than this needs the longer break (ArbZG § 4 sentence 1). */
const LONG_DAY_MINUTES = 540;
const LONG_DAY_BREAK = 45;

/**
 * Minutes of break that so much work needs, breaks not counted as work (ArbZG § 2 (1)). ArbZG § 4: 30 minutes for more
 * than six hours, 45 minutes for more than nine, in parts of at least 15 minutes, and never more than six hours of work
 * on end; https://www.gesetze-im-internet.de/arbzg/__4.html. The municipality may want more, and earlier.
 */
export function breakMinutesDue(workingMinutes: number, rules: BreakRules): number {
  if (workingMinutes > LONG_DAY_MINUTES) return Math.max(LONG_DAY_BREAK, rules.breakMinutes);
  return workingMinutes > rules.breakAfterMinutes ? rules.breakMinutes : 0;
}

/**
 * How the day goes: when to leave, to arrive, to open, to rest, to be back. Null without stops. Breaks are in the time
 * that is left between two stops; the announced times have no room for one, as appointments may be at any of them.
 * @param travel between depot, stop 1 … stop n, in this order; a way that is missing takes no time
 */
export function planDay(plan: { stops: readonly TimedStand[] }, travel: DayTravel, rules: BreakRules): DayPlan | null {
  const first = plan.stops[0];
  const last = plan.stops.at(-1);
  if (first === undefined || last === undefined) return null;

  const legs = legsOf(plan.stops.length, travel);
  const stops = timesOf(plan.stops, legs);
  const departureMinute = first.fromMinute - first.setUpMinutes - minutesOf(legs, 0);
  const returnMinute = last.toMinute + last.tearDownMinutes + minutesOf(legs, legs.length - 1);
  const waits = waitsOf(stops, legs);
  const rest = findBreaks({ departureMinute, returnMinute }, waits, rules);

  return { legs, stops, departureMinute, returnMinute, ...rest };
}

/** What is to be known of a picture to say where things are. */
export interface PlacesOfPicture {
  depots: ReadonlyMap<number, { at: Coordinates }>;
  kits: ReadonlyMap<number, { depotId: number }>;
  venues: ReadonlyMap<number, { at: Coordinates }>;
}

/**
 * The places between which `planDay` and `checkTour` want the travel times: depot, stop 1 … stop n. Instead of a depot
 * that is not known: that of the kit, else the first stop; instead of such a venue: the place before it. Empty when no
 * place is known at all.
 */
export function placesOfDay(
  plan: { depotId: number | null; kitId: number | null; stops: readonly Pick<PlannedStop, 'venueId'>[] },
  picture: PlacesOfPicture,
): Coordinates[] {
  const venues = plan.stops.map(({ venueId }) => picture.venues.get(venueId)?.at);
  const depotOfKit = picture.kits.get(plan.kitId ?? NaN)?.depotId;
  const start =
    picture.depots.get(plan.depotId ?? NaN)?.at ??
    picture.depots.get(depotOfKit ?? NaN)?.at ??
    venues.find((at) => at !== undefined);
  if (start === undefined) return [];

  const places = [start];
  for (const at of venues) places.push(at ?? places.at(-1) ?? start);
  return places;
}

function legsOf(stops: number, travel: DayTravel): Leg[] {
  return Array.from({ length: stops + 1 }, (_, from) => {
    const to = from === stops ? 0 : from + 1;
    return {
      minutes: Math.ceil((travel.seconds[from]?.[to] ?? 0) / 60),
      metres: travel.metres[from]?.[to] ?? 0,
      estimated: travel.estimated?.[from]?.[to] ?? false,
    };
  });
}

function minutesOf(legs: readonly Leg[], index: number): number {
  return legs[index]?.minutes ?? 0;
}

function timesOf(stops: readonly TimedStand[], legs: readonly Leg[]): StopTimes[] {
  return stops.map((stop, index) => {
    const previous = stops[index - 1];
    const setUpFrom = stop.fromMinute - stop.setUpMinutes;
    const arrivalMinute =
      previous === undefined ? setUpFrom : previous.toMinute + previous.tearDownMinutes + minutesOf(legs, index);
    return {
      arrivalMinute,
      setUpFrom,
      opensAt: stop.fromMinute,
      closesAt: stop.toMinute,
      tearDownTo: stop.toMinute + stop.tearDownMinutes,
      slackMinutes: setUpFrom - arrivalMinute,
    };
  });
}

/** Time between two stops that nobody needs: before the way, or after it. */
interface Wait {
  /** When the stop before is packed up. */
  from: number;
  travelMinutes: number;
  /** When the next one is to be set up. */
  to: number;
  minutes: number;
}

function waitsOf(stops: readonly StopTimes[], legs: readonly Leg[]): Wait[] {
  return stops.flatMap((stop, index) => {
    const previous = stops[index - 1];
    if (previous === undefined || stop.slackMinutes < SHORTEST_BREAK) return [];
    const travelMinutes = minutesOf(legs, index);
    return [{ from: previous.tearDownTo, travelMinutes, to: stop.setUpFrom, minutes: stop.slackMinutes }];
  });
}

type Rest = Pick<DayPlan, 'workingMinutes' | 'breaks' | 'breakMinutes' | 'breakMinutesDue' | 'longestWithoutBreak'>;
type Presence = Pick<DayPlan, 'departureMinute' | 'returnMinute'>;

/**
 * The first way to rest that is enough: none at all, then in the longest waiting time, in the two longest …, each time
 * only as much as is due; at last all waiting time whatever. More or longer breaks never do harm, so if that is not
 * enough, nothing is.
 */
function findBreaks(presence: Presence, waits: readonly Wait[], rules: BreakRules): Rest {
  const longestFirst = [...waits].sort((a, b) => b.minutes - a.minutes);
  const due = minutesToRest(presence, rules);
  const attempts = [...longestFirst.keys(), waits.length].map((count) => shareOut(due, longestFirst.slice(0, count)));
  const everything = new Map(waits.map((wait) => [wait, wait.minutes]));

  for (const lengths of attempts) {
    const rest = restWith(lengths, presence, waits, rules);
    if (isEnough(rest, rules)) return rest;
  }
  return restWith(everything, presence, waits, rules);
}

/** True when the law and the municipality are content with the breaks. */
export function isEnough(rest: Rest, rules: BreakRules): boolean {
  return rest.breakMinutes >= rest.breakMinutesDue && rest.longestWithoutBreak <= rules.breakAfterMinutes;
}

/** What is due for the time between departure and return, of which it will be a part. */
function minutesToRest({ departureMinute, returnMinute }: Presence, rules: BreakRules): number {
  const presence = returnMinute - departureMinute;
  if (breakMinutesDue(presence, rules) === 0) return 0;
  return presence - rules.breakMinutes > LONG_DAY_MINUTES
    ? Math.max(LONG_DAY_BREAK, rules.breakMinutes)
    : rules.breakMinutes;
}

/** A break in each of the waits, together as long as is due or as there is time. */
function shareOut(due: number, waits: readonly Wait[]): Map<Wait, number> {
  const lengths = new Map(waits.map((wait) => [wait, SHORTEST_BREAK]));
  let left = due - SHORTEST_BREAK * waits.length;
  for (const wait of waits) {
    const more = Math.max(0, Math.min(left, wait.minutes - SHORTEST_BREAK));
    lengths.set(wait, SHORTEST_BREAK + more);
    left -= more;
  }
  return lengths;
}

/**
 * The day with breaks of these lengths. Each is as late as possible, but before the work has lasted too long: after the
 * way to the next stop if that can be, else before it.
 */
function restWith(
  lengths: ReadonlyMap<Wait, number>,
  { departureMinute, returnMinute }: Presence,
  waits: readonly Wait[],
  rules: BreakRules,
): Rest {
  const breaks: Break[] = [];
  let workingSince = departureMinute;
  let longestWithoutBreak = 0;
  for (const wait of waits) {
    const length = lengths.get(wait);
    if (length === undefined) continue;
    const latest = workingSince + rules.breakAfterMinutes;
    const arrival = wait.from + wait.travelMinutes;
    const fromMinute =
      latest >= arrival
        ? Math.min(wait.to - length, latest)
        : Math.max(wait.from, Math.min(wait.from + wait.minutes - length, latest));
    breaks.push({ fromMinute, toMinute: fromMinute + length });
    longestWithoutBreak = Math.max(longestWithoutBreak, fromMinute - workingSince);
    workingSince = fromMinute + length;
  }
  longestWithoutBreak = Math.max(longestWithoutBreak, returnMinute - workingSince);

  const breakMinutes = breaks.reduce((sum, { fromMinute, toMinute }) => sum + toMinute - fromMinute, 0);
  const workingMinutes = Math.max(0, returnMinute - departureMinute - breakMinutes);
  return {
    workingMinutes,
    breaks,
    breakMinutes,
    breakMinutesDue: breakMinutesDue(workingMinutes, rules),
    longestWithoutBreak,
  };
}
