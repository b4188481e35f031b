import type { Concern, Obstacle } from '../conflicts.ts';
import { closingOn, isInOpeningWindows, windowsOn } from './calendar.ts';
import type { Subject } from './subject.ts';

/** The venues of the stops: may they be visited then? */

// Impossible

export function venueRetired({ stops }: Subject): Obstacle[] {
  return stops
    .filter(({ venue }) => venue?.retired)
    .map(({ index, venueId }) => ({ kind: 'venueRetired', stop: index, venueId }));
}

export function venueClosed({ stops, plan, picture }: Subject): Obstacle[] {
  return stops.flatMap(({ index, venue }): Obstacle[] => {
    const closing = venue && closingOn(plan.date, venue, picture.closings);
    if (venue === undefined || closing === undefined) return [];
    const { reason, fromDate, toDate } = closing;
    const everywhere = closing.venueId === null;
    return [{ kind: 'venueClosed', stop: index, venueId: venue.id, everywhere, reason, fromDate, toDate }];
  });
}

/** The announced time; before and after it somebody will open for the crew. On closing days the hours say nothing. */
export function outsideOpeningWindow({ stops, plan, picture }: Subject): Obstacle[] {
  return stops.flatMap((stop): Obstacle[] => {
    const { venue, index, venueId, fromMinute, toMinute } = stop;
    if (venue === undefined || isInOpeningWindows(stop, plan.date, venue.windows)) return [];
    if (closingOn(plan.date, venue, picture.closings) !== undefined) return [];
    const windows = windowsOn(plan.date, venue.windows);
    return [{ kind: 'outsideOpeningWindow', stop: index, venueId, date: plan.date, fromMinute, toMinute, windows }];
  });
}

// Warning

/** One directly after the other is how a break at a venue is planned. */
export function sameVenueTwice({ stops }: Subject): Concern[] {
  return stops.flatMap(({ index, venueId }): Concern[] => {
    const firstStop = stops.findIndex((other) => other.venueId === venueId);
    const before = stops[index - 1];
    if (firstStop === index || before?.venueId === venueId) return [];
    return [{ kind: 'sameVenueTwice', stop: index, firstStop, venueId }];
  });
}
