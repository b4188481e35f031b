import type { Coordinates } from '../../../domain/geo.ts';
import { checkTour, type Conflict } from '../../../domain/tours/conflicts.ts';
import { placesOfDay, planDay, type DayPlan } from '../../../domain/tours/day.ts';
import type { PlanningPicture } from '../../../domain/tours/picture.ts';
import type { TourWithLoad } from '../../../domain/tours/tour.ts';
import type { LocalDate } from '../../../domain/time.ts';
import { obstaclesOf } from '../checkPlan.ts';
import type { TourWork } from '../deps.ts';
import { knowTravel } from '../knownTravel.ts';

/** A tour as the board shows it. */
export interface LookedAt {
  tour: TourWithLoad;
  /** Null: no stop yet. */
  day: DayPlan | null;
  /** Why it cannot take place, the gravest first; empty for what is over or cancelled. */
  obstacles: readonly Conflict[];
}

/** How each tour goes, and what stands against it. Ways are asked for once for all tours of a municipality. */
export async function lookAtTours(
  deps: Pick<TourWork, 'travel' | 'holidays'>,
  picture: PlanningPicture,
  today: LocalDate,
): Promise<LookedAt[]> {
  const places = new Map<number, Coordinates[]>();
  for (const tour of picture.tours) {
    if (tour.state === 'cancelled') continue;
    places.set(tour.municipalityId, [...(places.get(tour.municipalityId) ?? []), ...placesOfDay(tour, picture)]);
  }
  const known = await knowTravel(deps.travel, [...places.values()]);
  return picture.tours.map((tour) => {
    const municipality = picture.municipalities.get(tour.municipalityId);
    if (municipality === undefined || tour.state === 'cancelled') return { tour, day: null, obstacles: [] };

    const travel = known.matrix(placesOfDay(tour, picture));
    const day = planDay(tour, travel, municipality);
    if (tour.date < today) return { tour, day, obstacles: [] };

    const holiday = deps.holidays.on(tour.date, municipality.holidayRegion);
    const conflicts = checkTour({ tourId: tour.id, plan: tour, picture, travel, holiday, today });
    return { tour, day, obstacles: obstaclesOf(conflicts) };
  });
}
