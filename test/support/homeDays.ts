import { seededRandom } from '../../server/domain/routing/random.ts';
import { estimateMatrix } from '../../server/domain/routing/travelEstimate.ts';
import type { Coordinates } from '../../server/domain/geo.ts';
import {
  downToGrid,
  planOf,
  publicStop,
  type AskedVisit,
  type DayStop,
  type Driving,
  type HomeDay,
} from '../../server/domain/homeVisits/day.ts';

/** Days of a small district around a depot, with villages within half an hour's drive; made by chance from a seed. */

const DEPOT = { lat: 50.85, lon: 12.46 };
/** Degrees of latitude and longitude to each side. */
const REACH = { lat: 0.1, lon: 0.16 };

export type Chance = ReturnType<typeof chanceOf>;

export function chanceOf(seed: number) {
  const random = seededRandom(seed);
  return {
    fraction: random,
    /** Both inclusive. */
    between: (least: number, most: number): number => least + Math.floor(random() * (most - least + 1)),
    pick: <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T,
  };
}

export function villagesOf(chance: Chance, count: number): Coordinates[] {
  return Array.from({ length: count }, () => ({
    lat: DEPOT.lat + (2 * chance.fraction() - 1) * REACH.lat,
    lon: DEPOT.lon + (2 * chance.fraction() - 1) * REACH.lon,
  }));
}

/** A house in or near a village: some hundred metres away. */
export function houseIn(chance: Chance, village: Coordinates): Coordinates {
  return { lat: village.lat + (chance.fraction() - 0.5) * 0.01, lon: village.lon + (chance.fraction() - 0.5) * 0.015 };
}

export function minutesBetween(places: readonly Coordinates[]): number[][] {
  return estimateMatrix(places).seconds.map((row) => row.map((seconds) => Math.ceil(seconds / 60)));
}

/** A day with where its stops are. */
export interface PlacedDay {
  day: HomeDay;
  /** Depot, stop 1 … stop n. */
  places: Coordinates[];
}

export function drivingOf({ places }: Pick<PlacedDay, 'places'>): Driving {
  return minutesBetween(places);
}

/** A day of one or two public stops, 7 to 18 o'clock. */
export function publicDay(chance: Chance, villages: readonly Coordinates[]): PlacedDay {
  const shapes = [
    [[540, 720]],
    [[540, 660]],
    [[780, 960]],
    [
      [540, 660],
      [810, 930],
    ],
    [
      [510, 600],
      [690, 780],
    ],
    [],
    [],
  ];
  const shape = chance.pick(shapes);
  const places = [DEPOT, ...shape.map(() => chance.pick(villages))];
  const stops = shape.map(([fromMinute, toMinute]) =>
    publicStop({ fromMinute: fromMinute!, toMinute: toMinute!, setUpMinutes: 20, tearDownMinutes: 15 }),
  );
  return { places, day: dayOf(stops, minutesBetween(places)) };
}

export function dayOf(stops: readonly DayStop[], driving: Driving): HomeDay {
  const legs = stops.length === 0 ? [] : [0, ...stops.keys()].map((_, index) => legAt(driving, stops.length, index));
  const day: HomeDay = {
    stops,
    legs,
    shift: { fromMinute: 420, toMinute: 1080 },
    rules: { breakAfterMinutes: 360, breakMinutes: 30, maxWorkingMinutes: 600 },
    reserveMinutes: 5,
  };
  const plan = planOf(day);
  if (plan === null) return day;
  // As it is with tours: the crew may be on the way for longer where its announced stops want it.
  return {
    ...day,
    shift: {
      fromMinute: Math.min(day.shift.fromMinute, downToGrid(plan.departureMinute)),
      toMinute: Math.max(day.shift.toMinute, downToGrid(plan.returnMinute + 4)),
    },
  };
}

function legAt(driving: Driving, stops: number, index: number): number {
  return driving[index]?.[index === stops ? 0 : index + 1] ?? 0;
}

/** A visit at a place, as a day is asked for it. */
export function visitAt({ places }: Pick<PlacedDay, 'places'>, at: Coordinates, minutes: number): AskedVisit {
  const all = minutesBetween([...places, at]);
  return {
    minutes,
    setUpMinutes: 10,
    tearDownMinutes: 5,
    to: all.slice(0, -1).map((row) => row.at(-1) ?? 0),
    from: (all.at(-1) ?? []).slice(0, -1),
  };
}
