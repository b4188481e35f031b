import { TICK_MINUTES } from '../time.ts';
import { mergeSpans, windowsOn } from './checks/calendar.ts';
import { isSound } from './checks/subject.ts';
import type { PlanningPicture } from './picture.ts';
import type { PlannedStop, TourPlan } from './tour.ts';

/** At which times the stops of a tour could begin, as far as venues and crew are concerned. */

/** Whole minutes of the tour's date, both inclusive, on the five-minute grid. */
export interface StartWindow {
  fromMinute: number;
  toMinute: number;
}

/** Part of a day; from inclusive, to exclusive. */
interface Span {
  fromMinute: number;
  toMinute: number;
}

/** Why a stop keeps its time whatever the planner chooses. */
export type HeldReason =
  /** Two stops at one venue, one directly after the other, are a visit with a break. */
  | 'sameVenue'
  /** Venue and crew have no other time for so long a stop. */
  | 'noOtherTime';

/** For venues of which no opening hours are known, where nothing is known of the crew's hours either: 7 to 19. */
const USUAL_HOURS: Span = { fromMinute: 420, toMinute: 1140 };

/**
 * The hours of that weekday that all of the crew have in common, ascending. Who has no hours known at all works
 * whenever it is wanted. Null: nothing is known, or they have none in common, and then the hours forbid nothing: that
 * they are not kept is said by `checkTour`.
 */
export function commonHours(
  { date, clerkIds }: Pick<TourPlan, 'date' | 'clerkIds'>,
  picture: Pick<PlanningPicture, 'clerks'>,
): Span[] | null {
  const known = clerkIds.flatMap((id) => {
    const hours = picture.clerks.get(id)?.hours ?? [];
    return hours.length === 0 ? [] : [windowsOn(date, hours)];
  });
  if (known.length === 0) return null;
  const common = known.reduce<Span[]>(overlaps, [{ fromMinute: 0, toMinute: 1440 }]);
  return common.length === 0 ? null : common;
}

/**
 * When a stop could begin, staying as long as it is: in the opening hours of its venue, where they are known, and in
 * the common hours of the crew. Empty: at no time.
 */
export function startWindows(
  stop: Pick<PlannedStop, 'venueId' | 'fromMinute' | 'toMinute'>,
  plan: Pick<TourPlan, 'date' | 'clerkIds'>,
  picture: Pick<PlanningPicture, 'clerks' | 'venues'>,
): StartWindow[] {
  const common = commonHours(plan, picture);
  const windows = picture.venues.get(stop.venueId)?.windows ?? [];
  const open: readonly Span[] = windows.length === 0 ? (common ?? [USUAL_HOURS]) : windowsOn(plan.date, windows);
  const minutes = stop.toMinute - stop.fromMinute;
  return mergeSpans(common === null ? open : overlaps(open, common)).flatMap((span) =>
    onGrid(span.fromMinute, span.toMinute - minutes),
  );
}

/** What of the windows is left between the two minutes, both inclusive. */
export function cutWindows(windows: readonly StartWindow[], fromMinute: number, toMinute: number): StartWindow[] {
  return windows.flatMap((one) => onGrid(Math.max(one.fromMinute, fromMinute), Math.min(one.toMinute, toMinute)));
}

/** For each stop why it cannot have another time; null: it can. */
export function heldReasons(
  plan: Pick<TourPlan, 'date' | 'clerkIds' | 'stops'>,
  picture: Pick<PlanningPicture, 'clerks' | 'venues'>,
): (HeldReason | null)[] {
  return plan.stops.map((stop, index) => {
    const neighbours = [plan.stops[index - 1], plan.stops[index + 1]];
    if (neighbours.some((other) => other?.venueId === stop.venueId)) return 'sameVenue';
    const others = startWindows(stop, plan, picture).filter(
      ({ fromMinute, toMinute }) => fromMinute < toMinute || fromMinute !== stop.fromMinute,
    );
    return others.length === 0 ? 'noOtherTime' : null;
  });
}

/** True when times on the grid can be worked out for the stops at all. */
export function areOnGrid(stops: readonly Pick<PlannedStop, 'fromMinute' | 'toMinute'>[]): boolean {
  return stops.every(
    (stop) => isSound(stop) && stop.fromMinute % TICK_MINUTES === 0 && stop.toMinute % TICK_MINUTES === 0,
  );
}

export function upToGrid(minute: number): number {
  return Math.ceil(minute / TICK_MINUTES) * TICK_MINUTES;
}

function onGrid(fromMinute: number, toMinute: number): StartWindow[] {
  const from = upToGrid(fromMinute);
  const to = Math.floor(toMinute / TICK_MINUTES) * TICK_MINUTES;
  return from <= to ? [{ fromMinute: from, toMinute: to }] : [];
}

function overlaps(some: readonly Span[], others: readonly Span[]): Span[] {
  return some.flatMap((one) =>
    others.flatMap((other) => {
      const fromMinute = Math.max(one.fromMinute, other.fromMinute);
      const toMinute = Math.min(one.toMinute, other.toMinute);
      return fromMinute < toMinute ? [{ fromMinute, toMinute }] : [];
    }),
  );
}
