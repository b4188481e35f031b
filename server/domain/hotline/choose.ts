import { addDays, compareDates, daysBetween, TICK_MINUTES, type LocalDate } from '../time.ts';

/**
 * Which of the free times an agent reads to a caller, best first.
 *
 * 1. The soonest in the caller's place; where it has none, in the nearest place that has one.
 * 2. Another one there: in another part of the same visit, else at the next one.
 * 3. The soonest of all if it is at least a day sooner than the first, else the soonest in the next place.
 * 4. Then whatever is most unlike the times before: another visit, another venue, the soonest of these; the caller's
 *    place may come two times more often than others.
 *
 * Without a place: the soonest of all, then by the fourth rule. Two times of one visit are at least half an hour apart
 * unless there is nothing else.
 */

/** A visit with free times. */
export interface FreeVisit {
  venueId: number;
  date: LocalDate;
  /** As the crow flies; null: no place was named. */
  metres: number | null;
  /** Ticks at which an appointment can begin, ascending. */
  ticks: readonly number[];
}

export interface ChosenTime<V extends FreeVisit> {
  visit: V;
  tick: number;
}

/** Venues up to here are in the caller's own place, in metres. */
const OWN_PLACE = 1_000;
/** The nearest venue up to here is next door: it counts alone, in metres. */
const NEXT_DOOR = 3_000;
/** Where everything is farther away, venues that are so much farther than the nearest are as good, in metres. */
const AS_FAR = 3_000;
/** A place whose first free time is so many days after the soonest of all is not the better offer any more. */
export const SOON_DAYS = 28;

/** Times of one visit that are closer are nearly the same one, in ticks. */
const APART = 30 / TICK_MINUTES;
/** From here on it is another part of the visit, in ticks. */
const OTHER_PART = 90 / TICK_MINUTES;
/** So many times more than other venues the caller's place may come. */
const MORE_AT_HOME = 2;

/**
 * How far the caller's place reaches, in metres, inclusive: of venues up to there the sooner one is the better one.
 * @param nearest metres to the nearest venue with a free time
 */
export function homeReach(nearest: number): number {
  if (nearest <= OWN_PLACE) return OWN_PLACE;
  return nearest <= NEXT_DOOR ? nearest : nearest + AS_FAR;
}

/** At most `count` of the free times, best first, none twice. */
export function chooseTimes<V extends FreeVisit>(visits: readonly V[], count: number): ChosenTime<V>[] {
  const free = visits.filter(({ ticks }) => ticks.length > 0).sort(bySoonest);
  const [soonest] = free;
  if (soonest === undefined || count < 1) return [];

  const lastDay = addDays(soonest.date, SOON_DAYS);
  const soon = free.filter(({ date }) => compareDates(date, lastDay) <= 0);
  const nearest = soon.reduce((least, { metres }) => Math.min(least, metres ?? Infinity), Infinity);
  const home = soon.filter(({ metres }) => metres !== null && metres <= homeReach(nearest));

  const chosen: ChosenTime<V>[] = [];
  const take = (visit: V | undefined, tick = visit?.ticks[0]): void => {
    if (visit !== undefined && tick !== undefined && chosen.length < count) chosen.push({ visit, tick });
  };
  const [first] = home;
  if (first !== undefined) {
    take(first);
    const [another, tick] = anotherAt(home, first);
    take(another, tick);
    const isMuchSooner = daysBetween(soonest.date, first.date) >= 1;
    const away = soon.filter((visit) => !home.includes(visit));
    take(isMuchSooner ? soonest : away.sort(byDistance)[0]);
  }
  const homeVenues = new Set(home.map(({ venueId }) => venueId));
  while (chosen.length < count) {
    const next = mostUnlike(free, chosen, homeVenues);
    if (next === null) break;
    chosen.push(next);
  }
  return chosen;
}

/** Another time in the caller's place; nothing when all are close to the first. */
function anotherAt<V extends FreeVisit>(home: readonly V[], first: V): [visit?: V, tick?: number] {
  const later = (least: number) => first.ticks.find((tick) => tick - (first.ticks[0] ?? 0) >= least);
  const otherPart = later(OTHER_PART);
  if (otherPart !== undefined) return [first, otherPart];
  if (home[1] !== undefined) return [home[1]];
  const apart = later(APART);
  return apart === undefined ? [] : [first, apart];
}

/** The time that has least in common with those chosen; null when none is left. */
function mostUnlike<V extends FreeVisit>(
  free: readonly V[],
  chosen: readonly ChosenTime<V>[],
  homeVenues: ReadonlySet<number>,
): ChosenTime<V> | null {
  let best: ChosenTime<V> | null = null;
  let bestRank = [Infinity, 0, 0];
  for (const visit of free) {
    const taken = chosen.filter((one) => one.visit === visit).map(({ tick }) => tick);
    const next = nextTick(visit, taken);
    if (next === undefined) continue;
    const ofVenue = chosen.filter((one) => one.visit.venueId === visit.venueId).length;
    const share = homeVenues.has(visit.venueId) ? Math.max(0, ofVenue - MORE_AT_HOME) : ofVenue;
    const rank = [next.closeness === 2 ? 1 : 0, share, taken.length];
    if (compareRanks(rank, bestRank) < 0) {
      best = { visit, tick: next.tick };
      bestRank = rank;
    }
  }
  return best;
}

/** The first time of a visit that is in another part of it than those taken (0), apart (1), or left at all (2). */
function nextTick(visit: FreeVisit, taken: readonly number[]): { tick: number; closeness: 0 | 1 | 2 } | undefined {
  const [tick] = visit.ticks;
  if (taken.length === 0) return tick === undefined ? undefined : { tick, closeness: 0 };
  for (const [closeness, least] of [OTHER_PART, APART, 1].entries()) {
    const found = visit.ticks.find((one) => taken.every((other) => Math.abs(one - other) >= least));
    if (found !== undefined) return { tick: found, closeness: closeness as 0 | 1 | 2 };
  }
  return undefined;
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (const [index, rank] of a.entries()) {
    const difference = rank - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** By the first free time; at the same time the nearer one. */
function bySoonest(a: FreeVisit, b: FreeVisit): number {
  return (
    compareDates(a.date, b.date) ||
    (a.ticks[0] ?? 0) - (b.ticks[0] ?? 0) ||
    (a.metres ?? 0) - (b.metres ?? 0) ||
    a.venueId - b.venueId
  );
}

/** The nearest first; stable, so that of one venue the soonest stays first. */
function byDistance(a: FreeVisit, b: FreeVisit): number {
  return (a.metres ?? 0) - (b.metres ?? 0);
}
