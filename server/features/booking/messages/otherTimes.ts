import { linesOf } from '../../../domain/booking/office.ts';
import type { OutgoingMessage } from '../../../domain/messages/message.ts';
import { lineValues } from '../choice.ts';
import { findTimes, nearestAlternatives, type FindTimesDeps } from '../findTimes.ts';
import type { OtherTime } from './deps.ts';
import type { Directory } from '../../../domain/booking/office.ts';
import type { Coordinates } from '../../../domain/geo.ts';
import { pathsFor } from '../../../paths.ts';

/** Where the person would have come, or where they looked from. */
function nearbyOf({ time, appointment }: OutgoingMessage, directory: Directory): Coordinates | null {
  const venue = time.venueId === null ? undefined : directory.venues.get(time.venueId);
  if (venue !== undefined) return venue.at;
  const place = appointment.originPlaceId === null ? undefined : directory.placesById.get(appointment.originPlaceId);
  return place === undefined ? null : { lat: place.lat, lon: place.lon };
}

/** The next free times for the same services near the place of a message, at most three, soonest first. */
export async function findOtherTimes(deps: FindTimesDeps, message: OutgoingMessage): Promise<OtherTime[]> {
  const directory = await deps.directory();
  const lines = linesOf(directory, message.appointment);
  // Of several services, one may not be offered any more: then there is no time for all of them.
  if (lines.length === 0 || lines.length < message.appointment.lines.length) return [];
  const query = { from: nearbyOf(message, directory), lines, stopId: null, allTimes: false, offset: 0 };
  const page = await findTimes(deps, query);
  return nearestAlternatives(page, message.time.startTick).flatMap(({ stop, start }) => {
    const venue = directory.venues.get(stop.venueId);
    return venue === undefined ? [] : [{ date: stop.date, startTick: start.tick, venue }];
  });
}

/** The page of free times for the same services near the place of a message; looking at it changes nothing. */
export function otherTimesPath(message: OutgoingMessage, directory: Directory): string {
  const at = nearbyOf(message, directory);
  const lines = linesOf(directory, message.appointment);
  return pathsFor(message.appointment.locale).times({
    ...(at === null ? {} : { lat: at.lat, lon: at.lon }),
    leistung: lineValues(lines),
  });
}
