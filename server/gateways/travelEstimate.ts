import type { Coordinates } from '../domain/geo.ts';
import { estimateMatrix } from '../domain/routing/travelEstimate.ts';
import type { TravelMatrix } from '../domain/tours/picture.ts';

/** Travel times from the distance as the crow flies, until there are roads to ask. */
export function createTravelEstimate() {
  return {
    estimated: true,
    matrix: (places: readonly Coordinates[]): Promise<TravelMatrix> => Promise.resolve(estimateMatrix(places)),
  };
}
