import type { LocalDate } from '../../domain/time.ts';
import { basisOf, canBeTimed, sameTimes, tourTimes, type TourTimes } from '../../domain/tours/times.ts';
import type { TourWork } from './deps.ts';
import { knowTravel } from './knownTravel.ts';
import type { StoredTimes, TourRoute } from './ports.ts';

/** Times of tours that were not stored when their stops changed, or of which something else has changed since. */

export type TimesWork = Pick<TourWork, 'travel' | 'unit' | 'clock'> & StoredTimes;

/** So long roads are believed, in milliseconds: then they are asked for again. */
const ROADS_KEPT = 24 * 60 * 60_000;

/**
 * The times of a tour as it is now: those stored, or computed and stored where they are missing or out of date. Null:
 * no such tour, cancelled, without stops, or with times that make no sense in their order.
 */
export async function freshTimes(deps: TimesWork, tourId: number): Promise<TourTimes | null> {
  const [found] = await deps.routes({ tourIds: [tourId] });
  if (found === undefined || !canBeTimed(found.route)) return null;
  const stored = (await deps.storedTimes([tourId])).get(tourId);
  if (stored !== undefined && stored.basis === basisOf(found.route)) return stored;

  const { times } = await compute(deps, found);
  if (times !== null) await store(deps, found, times);
  return times;
}

export interface Renewal {
  fromDate: LocalDate;
  /** Inclusive. */
  toDate: LocalDate;
  /** So many tours are written at most. */
  most: number;
}

/**
 * Computes the times that are missing or out of date, then looks again at those that are estimated, as roads may have
 * come back, and at old ones. After the first road server that does not answer, it leaves those for the next time.
 * @returns how many were stored
 */
export async function renewTimes(deps: TimesWork, { fromDate, toDate, most }: Renewal): Promise<number> {
  const routes = (await deps.routes({ fromDate, toDate })).filter(({ route }) => canBeTimed(route));
  const stored = await deps.storedTimes(routes.map(({ tourId }) => tourId));
  const before = deps.clock.now() - ROADS_KEPT;
  const isMissing = (one: TourRoute): boolean => stored.get(one.tourId)?.basis !== basisOf(one.route);
  const isOld = ({ computedAt }: TourRoute): boolean => (computedAt ?? 0) < before;
  const isEstimated = ({ tourId }: TourRoute): boolean =>
    stored.get(tourId)?.legs.some(({ estimated }) => estimated) ?? false;
  const missing = routes.filter(isMissing);
  const others = routes.filter((one) => !isMissing(one) && (isOld(one) || isEstimated(one)));

  let written = 0;
  let isCutOff = false;
  for (const one of [...missing, ...others]) {
    if (written >= most) break;
    const old = isMissing(one) ? undefined : stored.get(one.tourId);
    if (old !== undefined && isCutOff) break;
    const { times, fellBack } = await compute(deps, one);
    isCutOff ||= fellBack;
    if (times === null || (old !== undefined && (fellBack || (sameTimes(old, times) && !isOld(one))))) continue;
    if (await store(deps, one, times)) written++;
  }
  return written;
}

async function compute(deps: TimesWork, { route }: TourRoute): Promise<{ times: TourTimes | null; fellBack: boolean }> {
  const travel = (await knowTravel(deps.travel, [route.places])).matrix(route.places);
  return { times: tourTimes(route, travel), fellBack: travel.fellBack };
}

/** @returns false when the tour has changed meanwhile: whoever changed it has stored its times */
function store(deps: TimesWork, { tourId, version }: TourRoute, times: TourTimes): Promise<boolean> {
  return deps.unit(async (unit) => {
    const tour = (await unit.lock([tourId])).get(tourId);
    if (tour === undefined || tour.version !== version) return false;
    await unit.writeTimes(tourId, times, deps.clock.now());
    return true;
  });
}
