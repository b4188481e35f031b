import { heldReasons, type HeldReason } from '../../../domain/tours/freedom.ts';
import { improveOrder, type Improvement } from '../../../domain/tours/improve.ts';
import { placesOfDay } from '../../../domain/tours/day.ts';
import type { PlanningPicture } from '../../../domain/tours/picture.ts';
import type { PlannedStop, Tour } from '../../../domain/tours/tour.ts';
import type { TourWork } from '../deps.ts';
import type { Planner } from '../ports.ts';

/** Which stops of a tour may get another time: by their ids; null: all that can. */
export type ChosenStops = ReadonlySet<number> | null;

export interface StopChoice {
  stop: PlannedStop;
  /** It may get another time. */
  free: boolean;
  /** Why nobody can choose that; null: the planner can. */
  held: HeldReason | null;
}

export interface OrderAnswer {
  picture: PlanningPicture;
  /** Its times are promised to people, so that none may change. */
  promised: boolean;
  /** Its day is over: nothing of it is changed any more. */
  past: boolean;
  /** In the order of the tour as it is. */
  choices: readonly StopChoice[];
  improvement: Improvement;
}

/** Works out whether the stops of a tour could be visited in a better order. Changes nothing; asks for travel. */
export async function proposeOrder(
  deps: Pick<TourWork, 'picture' | 'travel' | 'holidays' | 'clock' | 'zone'>,
  planner: Planner,
  tour: Tour,
  chosen: ChosenStops,
): Promise<OrderAnswer> {
  const picture = await deps.picture(planner.scope, tour.date, tour.date);
  const travel = await deps.travel.matrix(placesOfDay(tour, picture));
  const promised = isPromised(tour, picture);
  const today = deps.zone.local(deps.clock.now()).date;
  const past = tour.date < today;
  const held = heldReasons(tour, picture);
  const choices = tour.stops.map((stop, index): StopChoice => {
    const reason = held[index] ?? null;
    const isChosen = chosen === null || (stop.id !== null && chosen.has(stop.id));
    return { stop, held: reason, free: !promised && !past && reason === null && isChosen };
  });
  const region = picture.municipalities.get(tour.municipalityId)?.holidayRegion;
  const improvement = improveOrder({
    tourId: tour.id,
    plan: tour,
    picture,
    travel,
    holiday: region === undefined ? null : deps.holidays.on(tour.date, region),
    today,
    free: choices.map(({ free }) => free),
  });
  return { picture, promised, past, choices, improvement };
}

/** Published times are kept; so are those that somebody has booked or holds. */
function isPromised(tour: Tour, picture: PlanningPicture): boolean {
  const load = picture.tours.find(({ id }) => id === tour.id);
  return tour.state !== 'draft' || (load !== undefined && load.appointments + load.bookedMinutes > 0);
}

/** Names an order with its times: two plans with the same one visit the same stops at the same times. */
export function signatureOf(stops: readonly Pick<PlannedStop, 'id' | 'fromMinute' | 'toMinute'>[]): string {
  return stops.map(({ id, fromMinute, toMinute }) => `${id ?? ''}_${fromMinute}_${toMinute}`).join('.');
}
