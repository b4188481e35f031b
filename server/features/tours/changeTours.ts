import { Refusal } from '../../domain/refusal.ts';
import { tickToMinute, type Instant } from '../../domain/time.ts';
import { fatesOf, type Fate, type StopState } from '../../domain/tours/affected.ts';
import type { ServiceNeeds } from '../../domain/tours/capability.ts';
import type { PlanningPicture } from '../../domain/tours/picture.ts';
import type { PlannedStop, Tour, TourPlan } from '../../domain/tours/tour.ts';
import type { DecidedCounts } from './auditTexts.ts';
import { timed } from './checkPlan.ts';
import { applyDecisions, occupancyAt, settle, type Person } from './decide.ts';
import type { TourWork, UnitWork } from './deps.ts';
import type { Decision } from './outcomes.ts';
import type { Planner } from './ports.ts';
import { storeTimes } from './travelAhead.ts';
import type { BookedAppointment, TourUnit } from './unit.ts';

/**
 * The one way in which tours with appointments change: the plans are written with their times, everybody who can stay
 * stays, the decisions for the others are carried out, and what is left over is removed. All of it or nothing
 * (docs/adr/0011).
 */

export interface TourChange {
  /** As it was. */
  tour: Tour;
  /** Null: it is cancelled. */
  plan: TourPlan | null;
}

export interface ChangeRequest {
  planner: Planner;
  /** Locked in this unit. */
  changes: readonly TourChange[];
  decisions: readonly Decision[];
  /** For a stop that goes to another tour: which one, and its index in that plan. */
  moved?: { stopId: number; tourId: number; index: number };
  /** Covers the dates before and after. */
  picture: PlanningPicture;
  now: Instant;
}

/** Where a stop is after the change. */
interface Target {
  tour: Tour;
  plan: TourPlan;
  stop: PlannedStop;
  /** Its id in the database. */
  stopId: number;
}

/**
 * Changes the tours and answers what was decided for how many.
 * @throws Refusal with `taken` or `decide`: nothing was changed
 */
export async function changeTours(
  deps: Pick<UnitWork, 'zone' | 'travel'>,
  unit: TourUnit,
  request: ChangeRequest,
): Promise<DecidedCounts> {
  const { changes, picture, now } = request;
  const booked: BookedAppointment[] = [];
  for (const { tour } of changes) booked.push(...(await unit.booked(tour.id, now)));

  const stopIds = new Map<number, readonly number[]>();
  for (const { tour, plan } of changes) {
    stopIds.set(tour.id, await writeTour(deps, unit, tour, plan, now));
  }
  const needs: ServiceNeeds = new Map([...picture.services].map(([id, service]) => [id, service.needs]));
  const people = changes.flatMap(({ tour, plan }) =>
    tour.stops.flatMap((stop): Person[] => {
      const there = booked.filter(({ stopId }) => stopId === stop.id);
      if (there.length === 0) return [];
      const target = targetOf(request, stopIds, stop);
      const fates = fatesOf({
        before: stateOf(tour, stop, picture),
        after: target?.tour.state === 'published' ? stateOf(target.plan, target.stop, picture) : null,
        gone: plan === null ? 'tourCancelled' : 'stopGone',
        booked: there,
        needs,
      });
      return there.map((one, index) => personOf(deps, one, tour, stop, target, fates[index] as Fate));
    }),
  );
  const known = new Set(changes.flatMap(({ tour }) => tour.stops.map(({ id }) => id)));
  const madeNow = new Set([...stopIds.values()].flat().filter((id) => !known.has(id)));

  await settle(unit, people, request.decisions, now);
  const counts = await applyDecisions(deps, unit, { ...request, people, madeNow });
  for (const { tour, plan } of changes) {
    if (plan === null) continue;
    await unit.tidy(tour.id, keptOf(plan, stopIds.get(tour.id) ?? []), now);
    await storeTimes(deps, unit, tour.id, now);
  }
  return counts;
}

async function writeTour(
  deps: Pick<TourWork, 'zone'>,
  unit: TourUnit,
  tour: Tour,
  plan: TourPlan | null,
  now: Instant,
): Promise<readonly number[]> {
  if (plan === null) {
    await unit.setState(tour.id, 'cancelled', now);
    return [];
  }
  const written = await unit.write(tour.id, timed(deps.zone, plan));
  if (!('stopIds' in written)) throw new Refusal({ kind: 'taken', ...written });
  return written.stopIds;
}

function targetOf(
  request: ChangeRequest,
  stopIds: ReadonlyMap<number, readonly number[]>,
  stop: PlannedStop,
): Target | null {
  for (const { tour, plan } of request.changes) {
    const { moved } = request;
    const index =
      moved !== undefined && moved.stopId === stop.id
        ? moved.tourId === tour.id
          ? moved.index
          : -1
        : (plan?.stops.findIndex(({ id }) => id === stop.id) ?? -1);
    const target = plan?.stops[index];
    const stopId = stopIds.get(tour.id)?.[index];
    if (plan !== null && target !== undefined && stopId !== undefined) return { tour, plan, stop: target, stopId };
  }
  return null;
}

function keptOf(plan: TourPlan, stopIds: readonly number[]): { stopId: number; counters: number }[] {
  return plan.stops.flatMap(({ counters }, index) => {
    const stopId = stopIds[index];
    return stopId === undefined ? [] : [{ stopId, counters }];
  });
}

/** A stop of a plan as those see it who have booked there. */
function stateOf(plan: TourPlan, stop: PlannedStop, picture: PlanningPicture): StopState {
  return {
    date: plan.date,
    venueId: stop.venueId,
    fromMinute: stop.fromMinute,
    toMinute: stop.toMinute,
    counters: Array.from({ length: stop.counters }, (_, index) => {
      const clerkId = plan.clerkIds[index];
      const clerk = clerkId === undefined ? undefined : picture.clerks.get(clerkId);
      return { counter: index + 1, qualifiedFor: clerk?.qualifiedFor ?? null };
    }),
    kitCapabilities: plan.kitId === null ? [] : (picture.kits.get(plan.kitId)?.capabilities ?? []),
    announced: plan.announced,
  };
}

function personOf(
  deps: Pick<TourWork, 'zone'>,
  booked: BookedAppointment,
  tour: Tour,
  stop: PlannedStop,
  target: Target | null,
  fate: Fate,
): Person {
  const place =
    target === null || fate.counter === null
      ? null
      : occupancyAt(deps, { id: target.stopId, date: target.plan.date }, fate.counter, booked.startTick, booked.ticks);
  return {
    booked,
    promised: { date: tour.date, minute: tickToMinute(booked.startTick), venueId: stop.venueId },
    breaches: fate.breaches,
    stays: place === null || target === null ? null : { place, venueId: target.stop.venueId },
    isStopKept: target?.stopId === booked.stopId,
  };
}
