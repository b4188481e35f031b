import type { LocalDate } from '../../time.ts';
import { missingCapabilities } from '../capability.ts';
import type { Busy, PlanningClerk, PlanningKit, PlanningPicture } from '../picture.ts';
import type { TourPlan } from '../tour.ts';
import { absenceOn, windowsOn } from './calendar.ts';

/** Who and what could take part instead. */

/** Another tour that has the kit or clerk that day. @param ownTourId a tour that does not count, or null */
export function busyTourOf(
  picture: Pick<PlanningPicture, 'busy'>,
  what: Busy['what'],
  id: number,
  date: LocalDate,
  ownTourId: number | null,
): Busy | undefined {
  return picture.busy.find(
    (busy) => busy.what === what && busy.id === id && busy.date === date && busy.tourId !== ownTourId,
  );
}

/**
 * Kits that could go instead: ready, not on another tour that day, with everything the announced services need (all of
 * them when nothing is announced). From the municipality of the tour or of the kit that was chosen; those of the depot
 * from which the tour starts first, then by what they can do.
 */
export function freeKits(plan: TourPlan, picture: PlanningPicture, ownTourId: number | null): number[] {
  const homes = new Set([plan.municipalityId, ...homesOf([picture.kits.get(plan.kitId ?? NaN)])]);
  const needs = (plan.announced ?? []).flatMap((id) => picture.services.get(id)?.needs ?? []);
  const isFree = (kit: PlanningKit): boolean =>
    kit.id !== plan.kitId &&
    !kit.retired &&
    kit.status === 'ready' &&
    homes.has(kit.municipalityId) &&
    missingCapabilities(needs, kit.capabilities).length === 0 &&
    busyTourOf(picture, 'kit', kit.id, plan.date, ownTourId) === undefined;

  return [...picture.kits.values()]
    .filter(isFree)
    .sort(
      (a, b) =>
        Number(b.depotId === plan.depotId) - Number(a.depotId === plan.depotId) ||
        b.capabilities.length - a.capabilities.length ||
        byName(a, b),
    )
    .map(({ id }) => id);
}

/**
 * Clerks who could go: not in the crew, not on another tour, not absent that day and, where their working time is known,
 * at work then; qualified for everything announced, if anything is. From the municipality of the tour or of somebody in
 * the crew; those qualified for most first.
 */
export function freeClerks(plan: TourPlan, picture: PlanningPicture, ownTourId: number | null): number[] {
  const crew = plan.clerkIds.map((id) => picture.clerks.get(id));
  const homes = new Set([plan.municipalityId, ...homesOf([...crew, picture.kits.get(plan.kitId ?? NaN)])]);
  const isFree = (clerk: PlanningClerk): boolean =>
    !plan.clerkIds.includes(clerk.id) &&
    !clerk.retired &&
    homes.has(clerk.municipalityId) &&
    (plan.announced ?? []).every((id) => clerk.qualifiedFor.includes(id)) &&
    absenceOn(plan.date, clerk) === undefined &&
    (clerk.hours.length === 0 || windowsOn(plan.date, clerk.hours).length > 0) &&
    busyTourOf(picture, 'clerk', clerk.id, plan.date, ownTourId) === undefined;

  return [...picture.clerks.values()]
    .filter(isFree)
    .sort((a, b) => b.qualifiedFor.length - a.qualifiedFor.length || byName(a, b))
    .map(({ id }) => id);
}

/** Depots in use: the kit's own first, then those of the tour's municipality. */
export function depotsFor(plan: TourPlan, picture: PlanningPicture): number[] {
  const ofKit = picture.kits.get(plan.kitId ?? NaN)?.depotId;
  return [...picture.depots.values()]
    .filter(({ id, retired, municipalityId }) => !retired && (id === ofKit || municipalityId === plan.municipalityId))
    .sort((a, b) => Number(b.id === ofKit) - Number(a.id === ofKit) || byName(a, b))
    .map(({ id }) => id);
}

function homesOf(owners: readonly ({ municipalityId: number } | undefined)[]): number[] {
  return owners.flatMap((owner) => owner?.municipalityId ?? []);
}

/** Not `localeCompare`: the same order on every machine. */
function byName(a: { name: string; id: number }, b: { name: string; id: number }): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.id - b.id;
}
