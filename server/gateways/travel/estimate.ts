import type { Coordinates } from '../../domain/geo.ts';
import { estimateMatrix, estimateTravel } from '../../domain/routing/travelEstimate.ts';
import type { AskedTravel, StarTravel, Way } from '../../domain/routing/travel.ts';

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
    star: (place: Coordinates, others: readonly Coordinates[]): Promise<StarTravel> =>
      Promise.resolve({
        to: others.map((other) => estimateTravel(other, place).seconds),
        from: others.map((other) => estimateTravel(place, other).seconds),
      }),
    ways: (places: readonly Coordinates[]): Promise<Way[]> =>
      Promise.resolve(
        places
          .slice(1)
          .map((to, index) => ({ points: [places[index] as Coordinates, to], estimated: true, streets: [] })),
      ),
  };
}
