import { MINUTES_PER_DAY, type LocalDate, type MinuteOfDay } from '../time.ts';
import { shortestIn, startsOfAll } from '../routing/windows.ts';
import type { StartWindow } from '../tours/freedom.ts';
import {
  bestArrangement,
  keepInOrder,
  prepare,
  prospectOf,
  visitFits,
  withVisit,
  type AskedVisit,
  type DayStop,
  type Driving,
  type HomeDay,
  type PreparedDay,
} from './day.ts';

/**
 * Arrival windows for a visit at home: only those that a tour can keep together with all that is promised already.
 * Ranked by the travel and waiting they add, then by how much room they leave for further visits (Campbell and
 * Savelsbergh, "Decision support for consumer direct grocery initiatives", 2005; Köhler, Ehmke and Campbell, "Flexible
 * time window management for attended home deliveries", 2020).
 */

/** Of a municipality. */
export interface WindowRules {
  /** How long an arrival window is. */
  windowMinutes: number;
  /** Windows begin at multiples of this after midnight. */
  stepMinutes: number;
}

/** A tour that may take home visits. */
export interface OfferingTour {
  tourId: number;
  date: LocalDate;
  prepared: PreparedDay;
  /** So many home visits at most. */
  mostVisits: number;
  /** Minutes of driving that one visit may add. */
  mostDetourMinutes: number;
  /** Whether kit and crew can do the services. */
  canServe: boolean;
  /** Arrivals from this minute of its date on; null: it is too late for the whole day. */
  earliestMinute: MinuteOfDay | null;
}

/** A window of one tour. */
export interface WindowOffer {
  tourId: number;
  date: LocalDate;
  arrival: StartWindow;
  /** Where it fits in: before `stops[position]` of the day. */
  position: number;
  /** When the crew would arrive as things stand. */
  arrivesAt: MinuteOfDay;
  addedDrivingMinutes: number;
  /** Waiting that the visit adds, negative where it fills some up. */
  addedWaitingMinutes: number;
  /** False: it may well be that the check refuses it. */
  isLikely: boolean;
  /** Other places in the order, by effort: for where the best one does not stand the check. */
  others: readonly Placing[];
}

/** A place in the order of a day, with what it costs. */
export type Placing = Omit<WindowOffer, 'tourId' | 'date' | 'arrival' | 'others'>;

export const REFUSALS = ['tooLate', 'cannotServe', 'full', 'tooFar', 'noTime'] as const;
/** Why a tour offers nothing. */
export type Refusal = (typeof REFUSALS)[number];

export interface RefusedTour {
  tourId: number;
  date: LocalDate;
  reason: Refusal;
  /** Driving it would add, where that is the reason. */
  detourMinutes: number | null;
}

/** A minute of waiting is as bad as so many minutes of driving: nobody drives, but the crew is paid. */
const WAITING_WEIGHT = 0.5;
/** Differences smaller than this are none: then the room left decides. In minutes. */
const ALIKE_MINUTES = 5;
/** So many places in the order are checked for a window. */
const PLACINGS = 2;
/** Of so many of the best windows the room they leave is looked at. */
const LOOKED_AT = 12;

/** All windows of one tour, by time; or why there are none. */
export function windowsOfTour(
  tour: OfferingTour,
  visit: AskedVisit,
  rules: WindowRules,
): { offers: WindowOffer[] } | { refused: RefusedTour } {
  const { tourId, date, prepared } = tour;
  const { day } = prepared;
  const refused = (reason: Refusal, detourMinutes: number | null = null) => ({
    refused: { tourId, date, reason, detourMinutes },
  });
  if (tour.earliestMinute === null) return refused('tooLate');
  if (!tour.canServe) return refused('cannotServe');
  if (day.stops.filter(({ kind }) => kind === 'home').length >= tour.mostVisits) return refused('full');

  const all = visitFits(prepared, visit);
  if (all.length === 0) return refused('noTime');
  const near = all.filter(({ addedCost }) => addedCost <= tour.mostDetourMinutes * 60);
  if (near.length === 0) return refused('tooFar', Math.round(Math.min(...all.map((fit) => fit.addedCost)) / 60));

  const presence = prepared.presenceMinutes();
  const { busySeconds } = prepared;
  const service = visit.setUpMinutes + visit.minutes + visit.tearDownMinutes;
  const earliest = tour.earliestMinute;
  const offers: WindowOffer[] = [];
  for (let from = 0; from < MINUTES_PER_DAY; from += rules.stepMinutes) {
    if (from < earliest) continue;
    const arrival = { fromMinute: from, toMinute: from + rules.windowMinutes };
    if (arrival.toMinute > MINUTES_PER_DAY) break;
    const placings: (Placing | undefined)[] = [];
    for (const fit of near) {
      const found = shortestIn(fit, { from: from * 60, to: arrival.toMinute * 60 });
      if (found === null) continue;
      const left = found.daySeconds - busySeconds - service * 60 - fit.addedCost;
      const prospect = prospectOf(day, fit.rests, found.daySeconds, left);
      if (prospect === 'no') continue;
      const added = fit.addedCost / 60;
      const waiting = found.daySeconds / 60 - presence - service - added;
      const known = placings[fit.position];
      if (known !== undefined && (known.isLikely || effort(added, waiting) >= effortOf(known))) continue;
      placings[fit.position] = {
        position: fit.position,
        arrivesAt: found.start / 60,
        addedDrivingMinutes: added,
        addedWaitingMinutes: waiting,
        isLikely: prospect === 'likely',
      };
    }
    const [best, ...others] = placings
      .filter((placing) => placing !== undefined)
      .sort((a, b) => Number(b.isLikely) - Number(a.isLikely) || effortOf(a) - effortOf(b))
      .slice(0, PLACINGS);
    if (best !== undefined) offers.push({ tourId, date, arrival, ...best, others });
  }
  return offers.length === 0 ? refused('noTime') : { offers };
}

/** What a visit in this window costs the crew, in minutes. */
export function effortOf({ addedDrivingMinutes, addedWaitingMinutes }: Placing): number {
  return effort(addedDrivingMinutes, addedWaitingMinutes);
}

function effort(driving: number, waiting: number): number {
  return driving + WAITING_WEIGHT * waiting;
}

/** A tour with the visit as it is asked for there: each place has its own ways. */
export interface Candidate {
  tour: OfferingTour;
  visit: AskedVisit;
}

export interface RankedWindows {
  /** The best first. */
  offers: WindowOffer[];
  /** Tours that offer nothing, by date. */
  refused: RefusedTour[];
}

/**
 * The windows of all tours, the best first. `checkedOffer` says whether one of them is really kept.
 */
export function rankWindows(candidates: readonly Candidate[], rules: WindowRules): RankedWindows {
  const offers: WindowOffer[] = [];
  const refused: RefusedTour[] = [];
  for (const { tour, visit } of candidates) {
    const found = windowsOfTour(tour, visit, rules);
    if ('refused' in found) refused.push(found.refused);
    else offers.push(...found.offers);
  }
  const bucketOf = (offer: WindowOffer): number => Math.floor(effortOf(offer) / ALIKE_MINUTES);
  const soonest = (a: WindowOffer, b: WindowOffer): number =>
    a.date === b.date ? a.arrival.fromMinute - b.arrival.fromMinute || a.tourId - b.tourId : a.date < b.date ? -1 : 1;
  const likelyFirst = (a: WindowOffer, b: WindowOffer): number => Number(b.isLikely) - Number(a.isLikely);
  offers.sort((a, b) => bucketOf(a) - bucketOf(b) || likelyFirst(a, b) || soonest(a, b));

  const byTour = new Map(candidates.map((one) => [one.tour.tourId, one]));
  const head = offers.slice(0, LOOKED_AT).map((offer) => {
    const candidate = byTour.get(offer.tourId);
    return { offer, room: candidate === undefined ? 0 : roomLeft(candidate, offer) };
  });
  head.sort((a, b) => bucketOf(a.offer) - bucketOf(b.offer) || b.room - a.room || soonest(a.offer, b.offer));
  return { offers: [...head.map(({ offer }) => offer), ...offers.slice(head.length)], refused };
}

/** The day with the visit where the offer says. */
export function dayWith(
  { prepared: { day } }: OfferingTour,
  visit: AskedVisit,
  { position, arrival, arrivesAt }: WindowOffer,
): HomeDay {
  const fromMinute = arrivesAt + visit.setUpMinutes;
  const stop: DayStop = {
    kind: 'home',
    arrival,
    fromMinute,
    toMinute: fromMinute + visit.minutes,
    setUpMinutes: visit.setUpMinutes,
    tearDownMinutes: visit.tearDownMinutes,
  };
  const previous = position;
  const next = position === day.stops.length ? 0 : position + 1;
  return {
    ...day,
    stops: [...day.stops.slice(0, position), stop, ...day.stops.slice(position)],
    legs: [
      ...day.legs.slice(0, position),
      visit.to[previous] ?? 0,
      visit.from[next] ?? 0,
      ...day.legs.slice(position + 1),
    ],
  };
}

/**
 * The offer, checked from scratch by the day planner that made none of it; at another place in the order where the best
 * one does not stand the check; null: nowhere.
 */
export function checkedOffer(candidate: Candidate, offer: WindowOffer): WindowOffer | null {
  if (isKept(candidate, offer)) return offer;
  for (const placing of offer.others) {
    const other = { ...offer, ...placing };
    if (isKept(candidate, other)) return other;
  }
  return null;
}

function isKept({ tour, visit }: Candidate, offer: WindowOffer): boolean {
  return keepInOrder(dayWith(tour, visit, offer)) !== null;
}

/**
 * The first `most` windows of those ranked that stand the check; and how many were looked at, to go on from there.
 * @param mostChecks so many checks at most: where days are nearly full, most of what may be possible is not
 */
export function chooseWindows(
  candidates: readonly Candidate[],
  ranked: readonly WindowOffer[],
  { most, mostChecks = 16 }: { most: number; mostChecks?: number },
): { offers: WindowOffer[]; lookedAt: number } {
  const byTour = new Map(candidates.map((one) => [one.tour.tourId, one]));
  const offers: WindowOffer[] = [];
  let lookedAt = 0;
  for (const offer of ranked) {
    if (offers.length === most || lookedAt === mostChecks) break;
    lookedAt++;
    const candidate = byTour.get(offer.tourId);
    const checked = candidate === undefined ? null : checkedOffer(candidate, offer);
    if (checked !== null) offers.push(checked);
  }
  return { offers, lookedAt };
}

/**
 * True when another order of the day keeps this window, if the exact router finds it in `mostSteps`: asked only where the
 * order as it is leaves too little to choose from.
 */
export function isKeptByReordering(
  { tour, visit }: Candidate,
  driving: Driving,
  arrival: StartWindow,
  mostSteps: number,
): boolean {
  const larger = withVisit(tour.prepared.day, driving, visit, arrival);
  return bestArrangement(larger.day, larger.driving, { orders: [], mostSteps }) !== null;
}

/** Seconds of the day at which another such visit at the same place could still begin. */
function roomLeft({ tour, visit }: Candidate, offer: WindowOffer): number {
  const day = dayWith(tour, visit, offer);
  const at = offer.position + 1;
  const placed = (row: readonly number[]): number[] => [...row.slice(0, at), 0, ...row.slice(at)];
  const neighbour: AskedVisit = { ...visit, to: placed(visit.to), from: placed(visit.from) };
  return startsOfAll(visitFits(prepare(day), neighbour, 'usual')).reduce((sum, { from, to }) => sum + to - from, 0);
}
