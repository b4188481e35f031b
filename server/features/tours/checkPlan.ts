import { isIn, type Scope } from '../../domain/access.ts';
import { Refusal } from '../../domain/refusal.ts';
import { MILLISECONDS_PER_MINUTE, MINUTES_PER_DAY } from '../../domain/time.ts';
import { checkTour, type Conflict } from '../../domain/tours/conflicts.ts';
import { placesOfDay } from '../../domain/tours/day.ts';
import type { PlanningPicture } from '../../domain/tours/picture.ts';
import type { Tour, TourPlan } from '../../domain/tours/tour.ts';
import type { TourWork, UnitWork } from './deps.ts';
import type { Stale } from './outcomes.ts';
import type { TimedPlan, TourUnit } from './unit.ts';

/** What stands against a plan, obstacles first. @param picture covers the date of the plan */
export function checkPlan(
  deps: Pick<UnitWork, 'travel' | 'holidays' | 'clock' | 'zone'>,
  tourId: number | null,
  plan: TourPlan,
  picture: PlanningPicture,
): Conflict[] {
  const region = picture.municipalities.get(plan.municipalityId)?.holidayRegion;
  return checkTour({
    tourId,
    plan,
    picture,
    travel: deps.travel.matrix(placesOfDay(plan, picture)),
    holiday: region === undefined ? null : deps.holidays.on(plan.date, region),
    today: deps.zone.local(deps.clock.now()).date,
  });
}

/** What makes it impossible, not what is only a warning. */
export function obstaclesOf(conflicts: readonly Conflict[]): Conflict[] {
  return conflicts.filter(({ severity }) => severity === 'impossible');
}

/**
 * What makes a change of a published tour impossible. What stood against the tour on that day before is no reason to
 * refuse: while one clerk is ill, the stops can still be given to others one by one. The past is not changed, but for
 * the note.
 */
export function obstaclesOfChange(
  deps: Pick<UnitWork, 'travel' | 'holidays' | 'clock' | 'zone'>,
  tour: Tour,
  plan: TourPlan,
  picture: PlanningPicture,
): Conflict[] {
  if (isSamePlan({ ...tour, note: plan.note }, plan)) return [];
  const after = obstaclesOf(checkPlan(deps, tour.id, plan, picture));
  if (after.length === 0 || plan.date !== tour.date) return after;

  const before = obstaclesOf(checkPlan(deps, tour.id, tour, picture)).map(identityOf);
  return after.filter((conflict) => {
    const known = conflict.kind === 'dateInPast' ? -1 : before.indexOf(identityOf(conflict));
    if (known >= 0) before.splice(known, 1);
    return known < 0;
  });
}

/** The same for the same obstacle, wherever in the plan it is and whatever would mend it. */
function identityOf(conflict: Conflict): string {
  const passing = new Set(['stop', 'position', 'forAnnounced', 'freeKitIds', 'freeClerkIds', 'depotIds']);
  return JSON.stringify(Object.entries(conflict).filter(([name]) => !passing.has(name)));
}

/** True when everything the plan names is there and belongs to municipalities of the scope. */
export function isWithinScope(scope: Scope, plan: TourPlan, picture: PlanningPicture): boolean {
  const knows = (things: ReadonlyMap<number, unknown>, id: number | null): boolean => id === null || things.has(id);
  return (
    isIn(scope, plan.municipalityId) &&
    picture.municipalities.has(plan.municipalityId) &&
    knows(picture.depots, plan.depotId) &&
    knows(picture.kits, plan.kitId) &&
    plan.clerkIds.every((id) => picture.clerks.has(id)) &&
    (plan.announced ?? []).every((id) => picture.services.has(id)) &&
    plan.stops.every(({ venueId }) => picture.venues.has(venueId))
  );
}

/** Indexes of the stops that begin or end at a time which the clocks skip that day, or are shorter because of it. */
export function stopsInSkippedHour(zone: TourWork['zone'], plan: Pick<TourPlan, 'date' | 'stops'>): number[] {
  return [...plan.stops.entries()].flatMap(([index, { fromMinute, toMinute }]) => {
    const [from, to] = [zone.instantAt(plan.date, fromMinute), zone.instantAt(plan.date, toMinute)];
    const isThere =
      zone.local(from).minute === fromMinute &&
      zone.local(to).minute === toMinute % MINUTES_PER_DAY &&
      to - from >= (toMinute - fromMinute) * MILLISECONDS_PER_MINUTE;
    return isThere || toMinute <= fromMinute ? [] : [index];
  });
}

/** Those stops as conflicts. */
export function skippedHours(zone: TourWork['zone'], plan: TourPlan): Conflict[] {
  return stopsInSkippedHour(zone, plan).flatMap((stop): Conflict[] => {
    const venueId = plan.stops[stop]?.venueId;
    return venueId === undefined ? [] : [{ severity: 'impossible', kind: 'badTime', stop, venueId }];
  });
}

/**
 * The plan with the instants at which its stops begin and end, whatever the clocks do that day.
 * @throws Refusal with `impossible` when they skip one of its times
 */
export function timed(zone: TourWork['zone'], plan: TourPlan): TimedPlan {
  const conflicts = skippedHours(zone, plan);
  if (conflicts.length > 0) throw new Refusal({ kind: 'impossible', conflicts });
  return {
    plan,
    instants: plan.stops.map(({ fromMinute, toMinute }) => ({
      startsAt: zone.instantAt(plan.date, fromMinute),
      endsAt: zone.instantAt(plan.date, toMinute),
    })),
  };
}

/** Who was faster, and when. */
export async function staleOf(unit: Pick<TourUnit, 'lastChange'>, tourId: number): Promise<Stale> {
  const last = await unit.lastChange(tourId);
  return { kind: 'stale', by: last?.by ?? null, at: last?.at ?? null };
}

/** The tour for somebody who may change it, locked; null: not there, not theirs. */
export async function lockOwn(unit: TourUnit, scope: Scope, tourId: number): Promise<Tour | null> {
  const tour = (await unit.lock([tourId])).get(tourId);
  return tour === undefined || !isIn(scope, tour.municipalityId) ? null : tour;
}

/** The crew in the order of the counters; of those who staff none the order is not kept. */
export function crewOf({ clerkIds, stops }: Pick<TourPlan, 'clerkIds' | 'stops'>): number[] {
  const staffed = Math.max(0, ...stops.map(({ counters }) => counters));
  return [...clerkIds.slice(0, staffed), ...clerkIds.slice(staffed).sort((a, b) => a - b)];
}

/** True when saving the plan would change nothing: sent twice, or saved without a change. */
export function isSamePlan(tour: Tour, plan: TourPlan): boolean {
  const listed = (ids: readonly number[] | null): string => (ids === null ? 'all' : [...ids].sort().join());
  return (
    tour.municipalityId === plan.municipalityId &&
    tour.date === plan.date &&
    tour.depotId === plan.depotId &&
    tour.kitId === plan.kitId &&
    crewOf(tour).join() === crewOf(plan).join() &&
    listed(tour.announced) === listed(plan.announced) &&
    (tour.note ?? '') === (plan.note ?? '') &&
    tour.stops.length === plan.stops.length &&
    plan.stops.every((stop, index) => {
      const saved = tour.stops[index];
      return (
        saved !== undefined &&
        (stop.id === null || stop.id === saved.id) &&
        stop.venueId === saved.venueId &&
        stop.fromMinute === saved.fromMinute &&
        stop.toMinute === saved.toMinute &&
        stop.counters === saved.counters &&
        stop.setUpMinutes === saved.setUpMinutes &&
        stop.tearDownMinutes === saved.tearDownMinutes
      );
    })
  );
}
