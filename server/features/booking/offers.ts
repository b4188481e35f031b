import type { Directory, Line, Municipality, Venue } from '../../domain/booking/office.ts';
import { earliestTick, isWithinHorizon, totalMinutes } from '../../domain/booking/rules.ts';
import type { StopDay } from '../../domain/booking/slots.ts';
import { distanceMetres, type Coordinates } from '../../domain/geo.ts';
import { minutesToTicks, minuteToTick, type LocalDate, type MinuteOfDay } from '../../domain/time.ts';
import {
  countersFor,
  servicesPossible,
  type ServicesAtStop,
  type StaffedCounter,
} from '../../domain/tours/capability.ts';
import type { Stop, StopWithCounters } from '../../domain/tours/stop.ts';

/** What a stop can offer to whom: the rules of domain/ applied to the picture of the office. */

export interface LocalTime {
  date: LocalDate;
  minute: MinuteOfDay;
}

/** Length of an appointment in ticks. */
export function ticksOf(lines: readonly Line[]): number {
  return minutesToTicks(totalMinutes(lines.map(({ service, persons }) => ({ minutes: service.minutes, persons }))));
}

function staffed(directory: Directory, stop: StopWithCounters): StaffedCounter[] {
  return stop.counters.map(({ counter, clerkId }) => ({
    counter,
    qualifiedFor: clerkId === null ? null : (directory.clerks.get(clerkId) ?? null),
  }));
}

/** Worked out once for each picture of the office: a page asks for dozens of stops. */
const needs = new WeakMap<Directory, ReadonlyMap<number, readonly string[]>>();

function needsOf(directory: Directory): ReadonlyMap<number, readonly string[]> {
  const known = needs.get(directory);
  if (known !== undefined) {
    return known;
  }
  const all = new Map(directory.services.map((service) => [service.id, service.needs]));
  needs.set(directory, all);
  return all;
}

/** Which services the kit and crew of a stop can do, and why not the others. */
export function servicesAt(directory: Directory, stop: StopWithCounters): ServicesAtStop {
  return servicesPossible(needsOf(directory), directory.kits.get(stop.kitId) ?? [], staffed(directory, stop));
}

/** The kits that have what all these services need. */
export function kitsFor(directory: Directory, lines: readonly Line[]): number[] {
  return [...directory.kits]
    .filter(([, capabilities]) =>
      lines.every(({ service }) => service.needs.every((need) => capabilities.includes(need))),
    )
    .map(([id]) => id);
}

/** The window of a stop with the counters at which all of these services can be done; none chosen: all counters. */
export function dayFor(directory: Directory, stop: StopWithCounters, lines: readonly Line[]): StopDay {
  const able = new Set(
    countersFor(
      lines.map(({ service }) => service.id),
      needsOf(directory),
      directory.kits.get(stop.kitId) ?? [],
      staffed(directory, stop),
    ),
  );
  return {
    fromTick: minuteToTick(stop.fromMinute),
    toTick: minuteToTick(stop.toMinute),
    counters: stop.counters.filter(({ counter }) => able.has(counter)),
  };
}

export function municipalityOf(directory: Directory, stop: Stop): Municipality | undefined {
  const venue = directory.venues.get(stop.venueId);
  return venue === undefined ? undefined : directory.municipalities.get(venue.municipalityId);
}

/** The first tick of the stop that may be booked online now; null: none. */
export function earliestAt(directory: Directory, stop: Stop, now: LocalTime): number | null {
  const rules = municipalityOf(directory, stop)?.rules;
  if (rules === undefined || !isWithinHorizon(stop.date, now.date, rules.horizonDays)) {
    return null;
  }
  return earliestTick(stop.date, now.date, now.minute, rules.leadMinutes);
}

/** The farthest day that any municipality lets be booked. */
export function farthestHorizon(directory: Directory): number {
  return Math.max(1, ...[...directory.municipalities.values()].map(({ rules }) => rules.horizonDays));
}

export interface NearVenue {
  venue: Venue;
  /** Metres as the crow flies; null where the citizen named no place. */
  metres: number | null;
}

/** A visit this far away counts as "near", in metres. */
const NEAR = 15_000;
/** Where fewer venues are near, the next ones count too, up to here. */
const FAR = 60_000;
const ENOUGH_VENUES = 8;

/** All venues by name, once for each picture of the office. */
const byName = new WeakMap<Directory, NearVenue[]>();

function venuesByName(directory: Directory): NearVenue[] {
  const known = byName.get(directory);
  if (known !== undefined) {
    return known;
  }
  const { compare } = new Intl.Collator('de');
  const all = [...directory.venues.values()]
    .sort((a, b) => compare(a.locality, b.locality) || a.id - b.id)
    .map((venue) => ({ venue, metres: null }));
  byName.set(directory, all);
  return all;
}

/** Venues by distance: all that are near, and where these are few the next ones. Without a place: all, by name. */
export function nearVenues(directory: Directory, from: Coordinates | null): readonly NearVenue[] {
  if (from === null) {
    return venuesByName(directory);
  }
  const byDistance = [...directory.venues.values()]
    .map((venue) => ({ venue, metres: distanceMetres(from, venue.at) }))
    .filter(({ metres }) => metres <= FAR)
    .sort((a, b) => a.metres - b.metres || a.venue.id - b.venue.id);
  return byDistance.filter(({ metres }, index) => metres <= NEAR || index < ENOUGH_VENUES);
}
