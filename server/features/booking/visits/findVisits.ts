import type { Directory, Line, Service, Venue } from '../../../domain/booking/office.ts';
import { isWithinHorizon } from '../../../domain/booking/rules.ts';
import { capacity } from '../../../domain/booking/slots.ts';
import type { Coordinates } from '../../../domain/geo.ts';
import { addDays, compareDates, minutesToTicks, type LocalDate } from '../../../domain/time.ts';
import type { Stop, StopQuery, StopWithCounters } from '../../../domain/tours/stop.ts';
import {
  dayFor,
  earliestAt,
  farthestHorizon,
  kitsFor,
  municipalityOf,
  nearVenues,
  servicesAt,
  ticksOf,
  type LocalTime,
  type NearVenue,
} from '../offers.ts';
import type { Availability, Clock, ReadDirectory, Zone } from '../ports.ts';

export interface FindVisitsDeps {
  directory: ReadDirectory;
  availability: Availability;
  clock: Clock;
  zone: Zone;
}

/** What a citizen narrows the visits down to. */
export interface VisitFilter {
  /** Only visits where this can be done; null: whatever can be done there. */
  service: Service | null;
  stepFree: boolean;
  /** Metres from where the citizen looks, inclusive; null: as far as is near. Without a place it says nothing. */
  within: number | null;
  /** Only visits that are still open after 13:00. */
  afternoon: boolean;
  /** Only visits with free times. */
  free: boolean;
}

export interface VisitsQuery extends VisitFilter {
  /** Null: no place named, all venues. */
  from: Coordinates | null;
  /** From 1; beyond the last page the last one is answered. */
  page: number;
}

/** `phone`: times are free, but too near to be booked online, or kept for the telephone. */
export type VisitState = 'open' | 'full' | 'phone';

export interface Visit {
  stop: Stop;
  venue: Venue;
  /** Metres from where the citizen looks; null: no place named. */
  metres: number | null;
  state: VisitState;
  /** How many appointments of this kind can still be booked online; 0 unless `open`. */
  free: number;
}

export interface ListedVisit extends Visit {
  /** When it is not open: the next later visit to the same venue that is; null: there is none. */
  next: Stop | null;
}

export interface VisitsPage {
  today: LocalDate;
  /** By date, on the same day the nearest first. */
  visits: ListedVisit[];
  /** Of all pages together. */
  total: number;
  /** Date of the last visit of all pages; null: none. */
  lastDate: LocalDate | null;
  /** The soonest open visit at the nearest venue that has one; null: no place named, or nothing open. */
  nearest: Visit | null;
  /** The soonest open visit of all; of one day the nearest. */
  soonest: Visit | null;
  /** From 1. */
  page: number;
  /** At least 1. */
  pages: number;
}

const VISITS_A_PAGE = 10;
/** More stops than anybody pages through; bounds the work of one request. */
const MOST_STOPS = 400;
/** As the filter "nachmittags" understands it, in minutes of the day. */
const AFTERNOON = 13 * 60;
/** Venues nearer than this are all "in the place": the sooner one is the better one. In metres. */
const IN_PLACE = 1_000;
/** What the shortest appointment takes where the office has no services yet, in minutes. */
const SHORTEST = 10;

/** The coming visits near a place or everywhere, narrowed down and counted, a page at a time: two queries. */
export async function findVisits(deps: FindVisitsDeps, query: VisitsQuery): Promise<VisitsPage> {
  const directory = await deps.directory();
  const now = deps.zone.local(deps.clock.now());
  const near = nearVenues(directory, query.from).filter(
    ({ venue, metres }) =>
      (!query.stepFree || venue.stepFree) && (query.within === null || metres === null || metres <= query.within),
  );
  const stops = await comingStops(deps, directory, now, near, query);
  const counted = await countFree(deps, directory, now, near, stops, query.service);
  const visits = counted.map(({ visit }) => visit).sort(soonestThenNearest);
  const open = visits.filter(({ state }) => state === 'open');
  const shown = query.free ? open : visits;

  const pages = Math.max(1, Math.ceil(shown.length / VISITS_A_PAGE));
  const page = Math.min(Math.max(1, query.page), pages);
  return {
    today: now.date,
    visits: shown.slice((page - 1) * VISITS_A_PAGE, page * VISITS_A_PAGE).map((visit) => withNext(visit, open)),
    total: shown.length,
    lastDate: shown.at(-1)?.stop.date ?? null,
    nearest: query.from === null ? null : nearestOf(open),
    soonest: open[0] ?? null,
    page,
    pages,
  };
}

export interface NextVisits {
  /** The soonest with free times. */
  visits: Visit[];
  /** Venues with coming visits, each place once, the soonest first. */
  venues: Venue[];
}

/** How many stops are looked into for the first free ones. */
const LOOK_AHEAD = 40;

/** What the office does next, for the first page: two queries. */
export async function findNextVisits(deps: FindVisitsDeps, most: number): Promise<NextVisits> {
  const directory = await deps.directory();
  const now = deps.zone.local(deps.clock.now());
  const near = nearVenues(directory, null);
  const stops = await comingStops(deps, directory, now, near, { service: null, afternoon: false });
  const counted = await countFree(deps, directory, now, near, stops.slice(0, LOOK_AHEAD), null);

  const places = new Map<string, Venue>();
  for (const stop of stops) {
    const venue = directory.venues.get(stop.venueId);
    if (venue !== undefined && !places.has(venue.locality)) {
      places.set(venue.locality, venue);
    }
  }
  return {
    visits: counted
      .map(({ visit }) => visit)
      .filter(({ state }) => state === 'open')
      .slice(0, most),
    venues: [...places.values()],
  };
}

/** A service that a venue's visits offer. */
export interface OfferedService {
  service: Service;
  /** The first visit that offers it where not all do; null: every one does. */
  onlyFrom: LocalDate | null;
}

/** Where services that a venue lacks can be done next. */
export interface ElsewhereOffer {
  services: Service[];
  /** Null: no coming visit near this venue can do them. */
  visit: Visit | null;
}

export interface VenueVisits {
  visits: ListedVisit[];
  services: OfferedService[];
  elsewhere: ElsewhereOffer[];
}

/** All coming visits to one venue, what can be done at them, and where the rest can be done: two queries. */
export async function findVenueVisits(deps: FindVisitsDeps, venue: Venue): Promise<VenueVisits> {
  const directory = await deps.directory();
  const now = deps.zone.local(deps.clock.now());
  const near = nearVenues(directory, venue.at);
  const stops = await comingStops(deps, directory, now, near, { service: null, afternoon: false });
  const counted = await countFree(deps, directory, now, near, stops, null);

  const here = counted.filter(({ visit }) => visit.venue.id === venue.id);
  const visits = here.map(({ visit }) => visit);
  const open = visits.filter(({ state }) => state === 'open');
  const possibleAt = new Map(counted.map(({ visit, stop }) => [visit, servicesAt(directory, stop).possible]));
  const offering = (service: Service, among: readonly Visit[]): Visit[] =>
    among.filter((visit) => possibleAt.get(visit)?.has(service.id) === true);

  const services: OfferedService[] = [];
  const elsewhere = new Map<number | null, ElsewhereOffer>();
  const others = counted
    .map(({ visit }) => visit)
    .filter((visit) => visit.venue.id !== venue.id && visit.state !== 'phone')
    .sort((a, b) => (a.metres ?? 0) - (b.metres ?? 0) || a.stop.startsAt - b.stop.startsAt);
  for (const service of visits.length === 0 ? [] : directory.services) {
    const at = offering(service, visits);
    const [first] = at;
    if (first !== undefined) {
      services.push({ service, onlyFrom: at.length === visits.length ? null : first.stop.date });
      continue;
    }
    const can = offering(service, others);
    const visit = can.find(({ state }) => state === 'open') ?? can[0] ?? null;
    const known = elsewhere.get(visit?.stop.id ?? null);
    if (known === undefined) {
      elsewhere.set(visit?.stop.id ?? null, { services: [service], visit });
    } else {
      known.services.push(service);
    }
  }
  return { visits: visits.map((visit) => withNext(visit, open)), services, elsewhere: [...elsewhere.values()] };
}

function linesOf(service: Service | null): Line[] {
  return service === null ? [] : [{ service, persons: 1 }];
}

/** Published stops that are not over and may be booked by now, soonest first: one query. */
async function comingStops(
  deps: FindVisitsDeps,
  directory: Directory,
  now: LocalTime,
  near: readonly NearVenue[],
  filter: Pick<VisitFilter, 'service' | 'afternoon'>,
): Promise<Stop[]> {
  const query: StopQuery = {
    venueIds: near.map(({ venue }) => venue.id),
    fromDate: now.date,
    toDate: addDays(now.date, farthestHorizon(directory)),
    kitIds: kitsFor(directory, linesOf(filter.service)),
    limit: MOST_STOPS,
    ...(filter.afternoon ? { endsAfterMinute: AFTERNOON } : {}),
  };
  const stops = await deps.availability.stops(query);
  return stops.filter((stop) => {
    const isOver = stop.date === now.date && stop.toMinute <= now.minute;
    const rules = municipalityOf(directory, stop)?.rules;
    return !isOver && rules !== undefined && isWithinHorizon(stop.date, now.date, rules.horizonDays);
  });
}

interface Counted {
  visit: Visit;
  stop: StopWithCounters;
}

/** How much of each stop is free; a stop whose crew can't do the service is left out. One query. */
async function countFree(
  deps: FindVisitsDeps,
  directory: Directory,
  now: LocalTime,
  near: readonly NearVenue[],
  stops: readonly Stop[],
  service: Service | null,
): Promise<Counted[]> {
  const lines = linesOf(service);
  const shortest = Math.min(...directory.services.map(({ minutes }) => minutes));
  const ticks = service === null ? minutesToTicks(Number.isFinite(shortest) ? shortest : SHORTEST) : ticksOf(lines);
  const nearBy = new Map(near.map((one) => [one.venue.id, one]));

  const counted: Counted[] = [];
  for (const stop of await deps.availability.withCounters(stops, deps.clock.now())) {
    const place = nearBy.get(stop.venueId);
    const day = dayFor(directory, stop, lines, { channel: 'online', today: now.date });
    if (place === undefined || (service !== null && day.counters.length === 0)) {
      continue;
    }
    const free = capacity(day, ticks, earliestAt(directory, stop, now));
    const byPhone = dayFor(directory, stop, lines, { channel: 'hotline', today: now.date });
    const callable = capacity(byPhone, ticks, earliestAt(directory, stop, now, 'hotline'));
    const state = free > 0 ? 'open' : callable > 0 ? 'phone' : 'full';
    counted.push({ stop, visit: { stop, venue: place.venue, metres: place.metres, state, free } });
  }
  return counted;
}

function soonestThenNearest(a: Visit, b: Visit): number {
  return (
    compareDates(a.stop.date, b.stop.date) ||
    (a.metres ?? 0) - (b.metres ?? 0) ||
    a.stop.startsAt - b.stop.startsAt ||
    a.stop.id - b.stop.id
  );
}

/** @param open soonest first */
function nearestOf(open: readonly Visit[]): Visit | null {
  const rank = ({ metres }: Visit): number => (metres === null || metres < IN_PLACE ? 0 : metres);
  return open.reduce<Visit | null>((best, one) => (best === null || rank(one) < rank(best) ? one : best), null);
}

/** @param open soonest first */
function withNext(visit: Visit, open: readonly Visit[]): ListedVisit {
  const next =
    visit.state === 'open'
      ? undefined
      : open.find(({ venue, stop }) => venue.id === visit.venue.id && stop.startsAt > visit.stop.startsAt);
  return { ...visit, next: next?.stop ?? null };
}
