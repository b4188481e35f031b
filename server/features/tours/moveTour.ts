import type { PlannedStop, Tour, TourPlan } from '../../domain/tours/tour.ts';
import { isIn } from '../../domain/access.ts';
import { tourChanges, tourEntry } from './auditTexts.ts';
import { changeTours } from './changeTours.ts';
import { isWithinScope, obstaclesOfChange, staleOf } from './checkPlan.ts';
import type { TourWork, UnitWork } from './deps.ts';
import type { MoveStop, MoveStopOutcome, MoveTour, SaveOutcome } from './outcomes.ts';
import type { Planner } from './ports.ts';
import { changeTour, pictureOf } from './saveTour.ts';
import { travelAhead } from './travelAhead.ts';
import type { TourUnit } from './unit.ts';

/** Puts a tour on another day, kit or crew; everything else stays as it is. */
export function moveTour(deps: TourWork, planner: Planner, input: MoveTour): Promise<SaveOutcome> {
  const planOf = (tour: Tour): TourPlan => ({
    ...tour,
    date: input.date ?? tour.date,
    kitId: input.kitId ?? tour.kitId,
    clerkIds: input.clerkIds ?? tour.clerkIds,
  });
  return changeTour(deps, planner, { ...input, planOf });
}

/** Moves a stop from one tour to another, at its time of day. To the tour it is on already: nothing is to be done. */
export async function moveStop(deps: TourWork, planner: Planner, input: MoveStop): Promise<MoveStopOutcome> {
  const fromId = await deps.tourOfStop(input.stopId);
  const from = fromId === null ? null : await deps.tour(planner.scope, fromId);
  const to = await deps.tour(planner.scope, input.toTourId);
  // The stop's place is among those of its tour: the ways within both tours together are all there will be.
  const work = await travelAhead(deps, planner.scope, [from, to]);
  return deps.unit((unit) => moveOwn(work, unit, planner, input));
}

async function moveOwn(deps: UnitWork, unit: TourUnit, planner: Planner, input: MoveStop): Promise<MoveStopOutcome> {
  const fromId = await unit.tourOfStop(input.stopId);
  if (fromId === null) return { kind: 'gone' };
  if (fromId === input.toTourId) return { kind: 'notThere' };

  const tours = await unit.lock([fromId, input.toTourId]);
  const from = own(tours.get(fromId), planner);
  const to = own(tours.get(input.toTourId), planner);
  const stop = from?.stops.find(({ id }) => id === input.stopId);
  if (from === null || to === null || stop === undefined) return { kind: 'gone' };
  if (from.version !== input.versions.from) return staleOf(unit, from.id);
  if (to.version !== input.versions.to) return staleOf(unit, to.id);
  if (to.state === 'published' && to.date !== from.date) return { kind: 'notThere' };
  return moveBetween(deps, unit, planner, from, to, stop, input);
}

function own(tour: Tour | undefined, planner: Planner): Tour | null {
  return tour === undefined || tour.state === 'cancelled' || !isIn(planner.scope, tour.municipalityId) ? null : tour;
}

async function moveBetween(
  deps: UnitWork,
  unit: TourUnit,
  planner: Planner,
  from: Tour,
  to: Tour,
  stop: PlannedStop,
  { decisions, stopId }: MoveStop,
): Promise<SaveOutcome> {
  const now = deps.clock.now();
  const moved: PlannedStop = { ...stop, id: null };
  const left: TourPlan = { ...from, stops: from.stops.filter((one) => one !== stop) };
  const joined: TourPlan = {
    ...to,
    stops: [...to.stops, moved].sort((a, b) => a.fromMinute - b.fromMinute || a.toMinute - b.toMinute),
  };
  const picture = await pictureOf(unit, planner, [from, to], now);
  for (const [tour, plan] of [[from, left] as const, [to, joined] as const]) {
    if (!isWithinScope(planner.scope, plan, picture)) return { kind: 'gone' };
    if (tour.state !== 'published') continue;
    const conflicts = obstaclesOfChange(deps, tour, plan, picture);
    if (conflicts.length > 0) return { kind: 'impossible', conflicts };
  }
  const changes = [
    { tour: from, plan: left },
    { tour: to, plan: joined },
  ];
  const counts = await changeTours(deps, unit, {
    planner,
    changes,
    decisions,
    moved: { stopId, tourId: to.id, index: joined.stops.indexOf(moved) },
    picture,
    now,
  });
  await unit.audit(planner.actor, now, tourEntry(from.id, from, 'changed', tourChanges(from, left, picture, counts)));
  await unit.audit(planner.actor, now, tourEntry(to.id, to, 'changed', tourChanges(to, joined, picture)));
  return { kind: 'saved', tourId: to.id, version: to.version + 1 };
}
