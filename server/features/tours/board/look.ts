import { checkTour, type Conflict } from '../../../domain/tours/conflicts.ts';
import { placesOfDay, planDay, type DayPlan } from '../../../domain/tours/day.ts';
import type { PlanningPicture } from '../../../domain/tours/picture.ts';
import type { TourWithLoad } from '../../../domain/tours/tour.ts';
import type { LocalDate } from '../../../domain/time.ts';
import { obstaclesOf } from '../checkPlan.ts';
import type { TourWork } from '../deps.ts';

/** A tour as the board shows it. */
export interface LookedAt {
  tour: TourWithLoad;
  /** Null: no stop yet. */
  day: DayPlan | null;
  /** Why it cannot take place, the gravest first; empty for what is over or cancelled. */
  obstacles: readonly Conflict[];
}

/** How each tour goes, and what stands against it. Ways are asked for within each tour only. */
export function lookAtTours(
  deps: Pick<TourWork, 'travel' | 'holidays'>,
  picture: PlanningPicture,
  today: LocalDate,
): Promise<LookedAt[]> {
  return Promise.all(
    picture.tours.map(async (tour) => {
      const municipality = picture.municipalities.get(tour.municipalityId);
      if (municipality === undefined || tour.state === 'cancelled') return { tour, day: null, obstacles: [] };

      const travel = await deps.travel.matrix(placesOfDay(tour, picture));
      const day = planDay(tour, travel, municipality);
      if (tour.date < today) return { tour, day, obstacles: [] };

      const holiday = deps.holidays.on(tour.date, municipality.holidayRegion);
      const conflicts = checkTour({ tourId: tour.id, plan: tour, picture, travel, holiday, today });
      return { tour, day, obstacles: obstaclesOf(conflicts) };
    }),
  );
}
