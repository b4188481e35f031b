import type { Directory, Municipality, Service, Venue } from '../../domain/booking/office.ts';
import { isWithinHorizon } from '../../domain/booking/rules.ts';
import { capacity } from '../../domain/booking/slots.ts';
import { addDays, minutesToTicks, type LocalDate } from '../../domain/time.ts';
import { dayFor, earliestAt, municipalityOf, servicesAt, type LocalTime } from '../../domain/tours/offers.ts';
import type { Stop, StopWithCounters } from '../../domain/tours/stop.ts';
import type { TimetableDeps } from './deps.ts';

export type FindDeps = Pick<TimetableDeps, 'directory' | 'stops' | 'clock' | 'zone'>;

/** `phone`: times are free, but too near to be booked online, or kept for the telephone. `later`: may not be booked yet. */
export type ComingState = 'open' | 'full' | 'phone' | 'later';

export interface ComingVisit {
  stop: Stop;
  venue: Venue;
  state: ComingState;
  /** First day on which it may be booked; only of `later`, else null. */
  bookableFrom: LocalDate | null;
  /** Ids of the services that can be done there. */
  services: ReadonlySet<number>;
}

export interface Coming {
  today: LocalDate;
  /** By date and time. */
  visits: ComingVisit[];
}

/** A timetable reaches at least this far, in days from today, even where booking opens later. */
const WEEKS = 12 * 7;
/** More visits than anybody reads; bounds the work of one request. */
const MOST_VISITS = 400;
/** What the shortest appointment takes where the office has no services yet, in minutes. */
const SHORTEST = 10;

/** All coming visits to these venues, for as far as is booked or twelve weeks: two queries. */
export async function findComing(deps: FindDeps, venues: readonly Venue[]): Promise<Coming> {
  const directory = await deps.directory();
  const instant = deps.clock.now();
  const now = deps.zone.local(instant);
  const horizons = venues.map(({ municipalityId }) => horizonOf(directory.municipalities.get(municipalityId)));
  const stops = await deps.stops.stops({
    venueIds: venues.map(({ id }) => id),
    fromDate: now.date,
    toDate: addDays(now.date, Math.max(WEEKS, ...horizons)),
    kitIds: [...directory.kits.keys()],
    limit: MOST_VISITS,
  });
  const coming = stops.filter((stop) => !isOver(stop, now));
  const visits = await deps.stops.withCounters(coming, instant);
  return { today: now.date, visits: visits.flatMap((stop) => toVisit(directory, stop, now)) };
}

export interface NextVisit {
  municipality: Municipality;
  /** Null: none is planned. */
  next: { stop: Stop; venue: Venue } | null;
}

/** Of most municipalities the next visit is in these days; only for the others it is looked farther. */
const SOON = 14;
/** Of all municipalities together, in as many days. */
const MOST_SOON = 3000;

/** Every municipality with the next visit of the Bürgerkoffer, by name: two queries at most. */
export async function findNextByMunicipality(deps: FindDeps): Promise<NextVisit[]> {
  const directory = await deps.directory();
  const now = deps.zone.local(deps.clock.now());
  const next = new Map<number, { stop: Stop; venue: Venue }>();
  const look = async (fromDate: LocalDate, toDate: LocalDate): Promise<void> => {
    const venues = [...directory.venues.values()].filter(({ municipalityId }) => !next.has(municipalityId));
    const stops = await deps.stops.stops({
      venueIds: venues.map(({ id }) => id),
      fromDate,
      toDate,
      kitIds: [...directory.kits.keys()],
      limit: MOST_SOON,
    });
    for (const stop of stops) {
      const venue = directory.venues.get(stop.venueId);
      if (venue !== undefined && !isOver(stop, now) && !next.has(venue.municipalityId)) {
        next.set(venue.municipalityId, { stop, venue });
      }
    }
  };
  await look(now.date, addDays(now.date, SOON - 1));
  if (next.size < directory.municipalities.size) {
    await look(addDays(now.date, SOON), addDays(now.date, WEEKS));
  }
  const { compare } = new Intl.Collator('de');
  return [...directory.municipalities.values()]
    .sort((a, b) => compare(a.name, b.name))
    .map((municipality) => ({ municipality, next: next.get(municipality.id) ?? null }));
}

/** A service that the coming visits offer. */
export interface OfferedService {
  service: Service;
  /** True when each of the visits offers it. */
  always: boolean;
}

/** What can be done at these visits, in the order of the office's lists. */
export function servicesOffered(directory: Directory, visits: readonly ComingVisit[]): OfferedService[] {
  return directory.services.flatMap((service) => {
    const offering = visits.filter(({ services }) => services.has(service.id)).length;
    return offering === 0 ? [] : [{ service, always: offering === visits.length }];
  });
}

function horizonOf(municipality: Municipality | undefined): number {
  return municipality?.rules.horizonDays ?? 0;
}

function isOver(stop: Stop, now: LocalTime): boolean {
  return stop.date === now.date && stop.toMinute <= now.minute;
}

function toVisit(directory: Directory, stop: StopWithCounters, now: LocalTime): ComingVisit[] {
  const venue = directory.venues.get(stop.venueId);
  const rules = municipalityOf(directory, stop)?.rules;
  if (venue === undefined || rules === undefined) {
    return [];
  }
  const isLater = !isWithinHorizon(stop.date, now.date, rules.horizonDays);
  return [
    {
      stop,
      venue,
      state: isLater ? 'later' : stateOf(directory, stop, now),
      bookableFrom: isLater ? addDays(stop.date, -rules.horizonDays) : null,
      services: servicesAt(directory, stop).possible,
    },
  ];
}

function stateOf(directory: Directory, stop: StopWithCounters, now: LocalTime): ComingState {
  const shortest = Math.min(...directory.services.map(({ minutes }) => minutes));
  const ticks = minutesToTicks(Number.isFinite(shortest) ? shortest : SHORTEST);
  const day = dayFor(directory, stop, [], { channel: 'online', today: now.date });
  if (capacity(day, ticks, earliestAt(directory, stop, now)) > 0) {
    return 'open';
  }
  const byPhone = dayFor(directory, stop, [], { channel: 'hotline', today: now.date });
  return capacity(byPhone, ticks, earliestAt(directory, stop, now, 'hotline')) > 0 ? 'phone' : 'full';
}
