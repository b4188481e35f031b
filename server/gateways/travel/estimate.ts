import type { Coordinates } from '../../domain/geo.ts';
import { estimateMatrix } from '../../domain/routing/travelEstimate.ts';
import type { AskedTravel, Way } from '../../domain/routing/travel.ts';

/** Travel times from the distance as the crow flies, where there are no roads to ask. */
export function createTravelEstimate() {
  return {
    estimated: true,
    matrix: (places: readonly Coordinates[]): Promise<AskedTravel> =>
      Promise.resolve({
        ...estimateMatrix(places),
        estimated: places.map(() => places.map(() => true)),
        fellBack: false,
      }),
    ways: (places: readonly Coordinates[]): Promise<Way[]> =>
      Promise.resolve(
        places
          .slice(1)
          .map((to, index) => ({ points: [places[index] as Coordinates, to], estimated: true, streets: [] })),
      ),
  };
}
