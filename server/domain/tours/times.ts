import type { Coordinates } from '../geo.ts';
import type { AskedTravel } from '../routing/travel.ts';
import type { MinuteOfDay } from '../time.ts';
import { planDay, type Break, type BreakRules, type TimedStand } from './day.ts';

/** The times of a tour as its crew lives through it, computed when its stops changed and kept with it. */
export interface TourTimes {
  /** Says what they were computed from, see `basisOf`; another one means that they are out of date. */
  basis: string;
  /** Local minute of the tour's date; negative: the day before. */
  departureMinute: number;
  /** Over 1440: the day after. */
  returnMinute: number;
  /** Without breaks. */
  workingMinutes: number;
  /** Depot to the first stop, from stop to stop, and back: one more than stops. */
  legs: readonly TimedLeg[];
  /** In the order of the stops. */
  stops: readonly TimedStop[];
  /** Ascending. */
  breaks: readonly Break[];
}

export interface TimedLeg {
  /** Rounded up. */
  minutes: number;
  metres: number;
  /** From the distance, not from roads. */
  estimated: boolean;
}

export interface TimedStop {
  arrivalMinute: MinuteOfDay;
  /** From the arrival to the set-up, breaks included; negative: so much too late. */
  waitingMinutes: number;
}

/** All that the times of a tour are computed from, but for the travel. */
export interface DayRoute {
  /** In the order of the day. */
  stops: readonly TimedStand[];
  /** Of `placesOfDay`: depot, stop 1 … stop n. */
  places: readonly Coordinates[];
  rules: BreakRules;
}

/** True when there are stops, each ends after it begins, and none begins before the one before it: else no times. */
export function canBeTimed({ stops }: DayRoute): boolean {
  return (
    stops.length > 0 &&
    stops.every(
      ({ fromMinute, toMinute }, index) =>
        fromMinute < toMinute && fromMinute >= (stops[index - 1]?.fromMinute ?? fromMinute),
    )
  );
}

/**
 * Names what the times of a route are computed from: announced times, set-up and tear-down, places, rules for breaks.
 * Travel is not among them, as it would have to be asked for only to see that nothing has changed; times with estimated
 * legs are looked at again by a job.
 * @returns 18 characters; that two routes have the same by chance is as likely as 1 in 2^64
 */
export function basisOf({ stops, places, rules }: DayRoute): string {
  const text = JSON.stringify([
    rules.breakAfterMinutes,
    rules.breakMinutes,
    stops.map((stop) => [stop.fromMinute, stop.toMinute, stop.setUpMinutes, stop.tearDownMinutes]),
    places.map(({ lat, lon }) => [lat.toFixed(PLACE_DECIMALS), lon.toFixed(PLACE_DECIMALS)]),
  ]);
  return `${COMPUTATION}-${hash(text, FIRST_SEED)}${hash(text, SECOND_SEED)}`;
}

/** A metre, as the travel is asked for. */
const PLACE_DECIMALS = 5;
/** To be changed where the same route gets other times than before: all of them are then computed anew. */
const COMPUTATION = '1';
/** The offset basis of FNV-1a, and any other number. */
const FIRST_SEED = 0x811c9dc5;
const SECOND_SEED = 0x9e3779b9;

/** FNV-1a with 32 bits (Fowler, Noll, Vo; RFC 9923) over the UTF-16 units, mixed as in MurmurHash3; 8 hex digits. */
function hash(text: string, seed: number): string {
  let value = seed;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return ((value ^ (value >>> 16)) >>> 0).toString(16).padStart(8, '0');
}

/**
 * The times of a tour. Null where there are none to give: see `canBeTimed`.
 * @param travel between `route.places`, in that order
 */
export function tourTimes(route: DayRoute, travel: AskedTravel): TourTimes | null {
  const day = canBeTimed(route) ? planDay(route, travel, route.rules) : null;
  if (day === null) return null;
  return {
    basis: basisOf(route),
    departureMinute: day.departureMinute,
    returnMinute: day.returnMinute,
    workingMinutes: day.workingMinutes,
    legs: day.legs,
    stops: day.stops.map(({ arrivalMinute, slackMinutes }) => ({ arrivalMinute, waitingMinutes: slackMinutes })),
    breaks: day.breaks,
  };
}

/** True when these times say the same, whenever they were computed. */
export function sameTimes(a: TourTimes, b: TourTimes): boolean {
  const figures = (times: TourTimes): string =>
    JSON.stringify([
      times.basis,
      times.departureMinute,
      times.returnMinute,
      times.workingMinutes,
      times.legs.map(({ minutes, metres, estimated }) => [minutes, metres, estimated]),
      times.stops.map(({ arrivalMinute, waitingMinutes }) => [arrivalMinute, waitingMinutes]),
      times.breaks.map(({ fromMinute, toMinute }) => [fromMinute, toMinute]),
    ]);
  return figures(a) === figures(b);
}
