import type { Directory, Service, Venue } from '../../../domain/booking/office.ts';
import { addDays } from '../../../domain/time.ts';
import { capacity } from '../../../domain/booking/slots.ts';
import type { Impossible } from '../../../domain/tours/capability.ts';
import type { Stop } from '../../../domain/tours/stop.ts';
import type { Coordinates } from '../../../domain/geo.ts';
import type { BookingDeps } from '../deps.ts';
import { dayFor, earliestAt, farthestHorizon, nearVenues, servicesAt, ticksOf } from '../offers.ts';

export interface Elsewhere {
  stop: Stop;
  venue: Venue;
}

export interface ServicesHere {
  possible: ReadonlySet<number>;
  /** Why not, and the next visit nearby with free times where it is possible; null: none. */
  impossible: ReadonlyMap<number, { reason: Impossible; elsewhere: Elsewhere | null }>;
}

/** How many of the next visits are searched for what is not possible at one of them. */
const SEARCHED = 60;

/**
 * What can be done at a stop, and for the rest where. Without a stop: what can be done at any of the next visits.
 */
export async function servicesHere(
  deps: Pick<BookingDeps, 'availability' | 'clock' | 'zone'>,
  directory: Directory,
  stopId: number | null,
  from: Coordinates | null,
): Promise<ServicesHere> {
  const instant = deps.clock.now();
  const now = deps.zone.local(instant);
  const stop = stopId === null ? undefined : await deps.availability.stop(stopId);
  if (stop === undefined) {
    return { possible: new Set(directory.services.map(({ id }) => id)), impossible: new Map() };
  }
  const [here] = await deps.availability.withCounters([stop], instant);
  const { possible, impossible } =
    here === undefined
      ? { possible: new Set<number>(), impossible: new Map<number, Impossible>() }
      : servicesAt(directory, here);
  if (impossible.size === 0) {
    return { possible, impossible: new Map() };
  }

  const near = nearVenues(directory, from ?? directory.venues.get(stop.venueId)?.at ?? null);
  const others = await deps.availability.stops({
    venueIds: near.map(({ venue }) => venue.id),
    fromDate: now.date,
    toDate: addDays(now.date, farthestHorizon(directory)),
    kitIds: [...directory.kits.keys()],
    limit: SEARCHED,
  });
  const able = (await deps.availability.withCounters(others, instant)).map((other) => ({
    stop: other,
    services: servicesAt(directory, other).possible,
    earliest: earliestAt(directory, other, now),
  }));
  const hasTime = (other: (typeof able)[number], service: Service): boolean => {
    const lines = [{ service, persons: 1 }];
    return (
      capacity(
        dayFor(directory, other.stop, lines, { channel: 'online', today: now.date }),
        ticksOf(lines),
        other.earliest,
      ) > 0
    );
  };
  return {
    possible,
    impossible: new Map(
      [...impossible].map(([id, reason]) => {
        const service = directory.servicesById.get(id);
        const found =
          service === undefined
            ? undefined
            : able.find((other) => other.services.has(id) && hasTime(other, service))?.stop;
        const venue = found === undefined ? undefined : directory.venues.get(found.venueId);
        return [id, { reason, elsewhere: found === undefined || venue === undefined ? null : { stop: found, venue } }];
      }),
    ),
  };
}
