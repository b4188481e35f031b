import type { Scope } from '../../domain/access.ts';
import type { Instant } from '../../domain/time.ts';
import { placesOfDay } from '../../domain/tours/day.ts';
import { tourTimes, type TourTimes } from '../../domain/tours/times.ts';
import type { Tour, TourPlan } from '../../domain/tours/tour.ts';
import type { TourWork, UnitWork } from './deps.ts';
import { knowTravel, NO_TRAVEL, type KnownTravel } from './knownTravel.ts';
import type { TourUnit } from './unit.ts';

/**
 * What a unit is to work with: travel among all places of these tours, and of what they are to become, asked for now.
 * What has changed until the unit begins, a venue that moved, is estimated there.
 * @param tours null where there is none: it needs no travel to say so
 */
export async function travelAhead(
  deps: TourWork,
  scope: Scope,
  tours: readonly (Tour | null)[],
  plans: readonly TourPlan[] = [],
): Promise<UnitWork> {
  const there = tours.flatMap((tour) => tour ?? []);
  const all = [...there, ...plans];
  const dates = all.map(({ date }) => date).sort();
  const [first, last] = [dates[0], dates.at(-1)];
  if (first === undefined || last === undefined) return insideOf(deps, NO_TRAVEL);

  const picture = await deps.picture(scope, first, last);
  // The depot of a kit may belong to a municipality that the planner does not see; the tour begins there all the same.
  const routes = there.length === 0 ? [] : await deps.routes({ tourIds: there.map(({ id }) => id) });
  const places = [...routes.flatMap(({ route }) => route.places), ...all.flatMap((plan) => placesOfDay(plan, picture))];
  return insideOf(deps, await knowTravel(deps.travel, [places]));
}

/** What is there in a unit that needs no travel. */
export function withoutTravel(deps: TourWork): UnitWork {
  return insideOf(deps, NO_TRAVEL);
}

function insideOf({ holidays, clock, zone, random }: TourWork, travel: KnownTravel): UnitWork {
  return { holidays, clock, zone, random, travel };
}

/** The times of a tour as it is in the database now, not only as far as the planner may look. */
export async function timesNow(
  { travel }: Pick<UnitWork, 'travel'>,
  unit: TourUnit,
  tourId: number,
): Promise<TourTimes | null> {
  const route = await unit.route(tourId);
  return route === null ? null : tourTimes(route, travel.matrix(route.places));
}

/** Stores them, in the unit in which its stops have changed. */
export async function storeTimes(
  work: Pick<UnitWork, 'travel'>,
  unit: TourUnit,
  tourId: number,
  now: Instant,
): Promise<void> {
  await unit.writeTimes(tourId, await timesNow(work, unit, tourId), now);
}
