import { distanceMetres, type Coordinates } from '../geo.ts';
import type { TravelMatrix } from './travel.ts';

/*
 * Travel times by car without knowing the roads: the way as the crow flies, made longer, driven at a speed that grows
 * with its length. Meant for planning by hand until there are roads to ask, so it errs on the side of "longer": an
 * announced time must be kept in a village with a level crossing, too. There are no measured times for the region
 * among our data, so its error is not known; `estimated` at the port tells the planner.
 */

/**
 * Metres of road per metre as the crow flies. On average 1.343 on ways into 300 European cities (Environment and
 * Planning B, 2023, doi 10.1177/23998083231168870), about 1.3 on motorways (Wang, Bette, Schreckenberg, Guhr, "How much
 * longer do you have to drive than the crow has to fly?", 2024, arXiv 2406.06490), 1.47 for the car trips of the Swiss
 * microcensus (github.com/antonindanalet/detourfactor). Villages will lie between.
 */
export const DETOUR_FACTOR = 1.4;

/**
 * Metres of road that are driven at this speed, from the ends of the way to its middle: first the streets of the place
 * (50 km/h allowed, junctions), then country roads (100 km/h allowed, bends and villages), then what is far enough for a
 * federal road or motorway. Our assumption; by it 10 km of road take 15 minutes with the two minutes below (40 km/h),
 * where all car trips of Germany, towns included, make 33 km/h from door to door ("Mobilität in Deutschland 2002",
 * Ergebnistelegramm).
 */
const SPEED_BANDS: readonly { untilMetres: number; kilometresPerHour: number }[] = [
  { untilMetres: 3_000, kilometresPerHour: 30 },
  { untilMetres: 20_000, kilometresPerHour: 60 },
  { untilMetres: Infinity, kilometresPerHour: 80 },
];

/** Loading is set-up and tear-down; this is for getting in, out and parked. */
export const GETTING_AWAY_SECONDS = 120;

/** How long the way by car takes: whole seconds and metres. 0 for the same place; the same there and back. */
export function estimateTravel(from: Coordinates, to: Coordinates): { seconds: number; metres: number } {
  const metres = Math.round(distanceMetres(from, to) * DETOUR_FACTOR);
  return { seconds: metres === 0 ? 0 : Math.round(GETTING_AWAY_SECONDS + drivingSeconds(metres)), metres };
}

/** All ways between the places, in their order. */
export function estimateMatrix(places: readonly Coordinates[]): TravelMatrix {
  const ways = places.map((from) => places.map((to) => estimateTravel(from, to)));
  return {
    seconds: ways.map((row) => row.map(({ seconds }) => seconds)),
    metres: ways.map((row) => row.map(({ metres }) => metres)),
  };
}

function drivingSeconds(metres: number): number {
  let seconds = 0;
  let driven = 0;
  for (const { untilMetres, kilometresPerHour } of SPEED_BANDS) {
    const inBand = Math.max(0, Math.min(metres, untilMetres) - driven);
    seconds += (inBand * 3.6) / kilometresPerHour;
    driven += inBand;
  }
  return seconds;
}
