import type { CheckInput } from '../conflicts.ts';
import { planDay, type BreakRules, type DayPlan } from '../day.ts';
import type { PlanningClerk, PlanningKit, PlanningVenue } from '../picture.ts';
import type { PlannedStop } from '../tour.ts';
import { freeClerks, freeKits } from './free.ts';

/** A stop with its place in the day; `venue` undefined: not known. */
export interface SubjectStop extends PlannedStop {
  index: number;
  venue: PlanningVenue | undefined;
}

/** Somebody of the crew with the place in it, which is the counter minus one; `clerk` undefined: not known. */
export interface CrewMember {
  id: number;
  position: number;
  clerk: PlanningClerk | undefined;
}

/** What the constraints look at: the input, and what several of them need of it. */
export interface Subject extends CheckInput {
  stops: readonly SubjectStop[];
  crew: readonly CrewMember[];
  kit: PlanningKit | undefined;
  rules: BreakRules & { maxWorkingMinutes: number };
  /** Null when there are no stops, or their times make no sense in this order. */
  day: DayPlan | null;
  /** True when services are announced. */
  forAnnounced: boolean;
  freeKitIds(): number[];
  freeClerkIds(): number[];
}

/** For a municipality that is not known: what the law allows at most. */
const LAW = { breakAfterMinutes: 360, breakMinutes: 30, maxWorkingMinutes: 600 };

export function subjectOf(input: CheckInput): Subject {
  const { plan, picture, tourId, travel } = input;
  const stops = plan.stops.map((stop, index) => ({ ...stop, index, venue: picture.venues.get(stop.venueId) }));
  const rules = picture.municipalities.get(plan.municipalityId) ?? LAW;
  let kits: number[] | undefined;
  let clerks: number[] | undefined;
  return {
    ...input,
    stops,
    crew: plan.clerkIds.map((id, position) => ({ id, position, clerk: picture.clerks.get(id) })),
    kit: picture.kits.get(plan.kitId ?? NaN),
    rules,
    day: stops.every(isSound) && isOrdered(stops) ? planDay(plan, travel, rules) : null,
    forAnnounced: plan.announced !== null && plan.announced.length > 0,
    freeKitIds: () => [...(kits ??= freeKits(plan, picture, tourId))],
    freeClerkIds: () => [...(clerks ??= freeClerks(plan, picture, tourId))],
  };
}

/** True when the announced time is a span within one day. */
export function isSound({ fromMinute, toMinute }: Pick<PlannedStop, 'fromMinute' | 'toMinute'>): boolean {
  return fromMinute >= 0 && fromMinute < toMinute && toMinute <= 1440;
}

function isOrdered(stops: readonly PlannedStop[]): boolean {
  return stops.every((stop, index) => stop.fromMinute >= (stops[index - 1]?.fromMinute ?? 0));
}
