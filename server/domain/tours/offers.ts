import { keptForHotline, leadMinutesOf, type BookingChannel } from '../booking/channels.ts';
import type { Directory, Line, Municipality } from '../booking/office.ts';
import { earliestTick, isWithinHorizon, totalMinutes } from '../booking/rules.ts';
import type { StopDay } from '../booking/slots.ts';
import { minutesToTicks, minuteToTick, type LocalDate, type MinuteOfDay } from '../time.ts';
import { countersFor, servicesPossible, type ServicesAtStop, type StaffedCounter } from './capability.ts';
import type { Stop, StopWithCounters } from './stop.ts';

/** What a stop can offer to whom: the rules of the domain applied to the picture of the office. */

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
  return servicesPossible(
    needsOf(directory),
    directory.kits.get(stop.kitId) ?? [],
    staffed(directory, stop),
    stop.announced,
  );
}

/** The kits that have what all these services need. */
export function kitsFor(directory: Directory, lines: readonly Line[]): number[] {
  return [...directory.kits]
    .filter(([, capabilities]) =>
      lines.every(({ service }) => service.needs.every((need) => capabilities.includes(need))),
    )
    .map(([id]) => id);
}

/** Who looks for a time, and when. */
export interface Looking {
  channel: BookingChannel;
  /** Local date. */
  today: LocalDate;
}

/**
 * The window of a stop with the counters at which all of these services can be done; none chosen: all counters. What
 * is kept for the hotline counts as taken for everybody else.
 */
export function dayFor(
  directory: Directory,
  stop: StopWithCounters,
  lines: readonly Line[],
  { channel, today }: Looking,
): StopDay {
  const isAnnounced = lines.every(({ service }) => stop.announced?.includes(service.id) ?? true);
  const able = new Set(
    isAnnounced
      ? countersFor(
          lines.map(({ service }) => service.id),
          needsOf(directory),
          directory.kits.get(stop.kitId) ?? [],
          staffed(directory, stop),
        )
      : [],
  );
  const window = { fromTick: minuteToTick(stop.fromMinute), toTick: minuteToTick(stop.toMinute) };
  const counters = stop.counters.filter(({ counter }) => able.has(counter));
  const rules = channel === 'online' ? municipalityOf(directory, stop)?.rules : undefined;
  const kept = rules === undefined ? null : keptForHotline(rules, window, stop.date, today);
  if (kept === null) {
    return { ...window, counters };
  }
  const keptTicks = Array.from({ length: kept.toTick - kept.fromTick }, (_, index) => kept.fromTick + index);
  return {
    ...window,
    counters: counters.map((counter) => ({ ...counter, taken: [...counter.taken, ...keptTicks] })),
  };
}

export function municipalityOf(directory: Directory, stop: Stop): Municipality | undefined {
  const venue = directory.venues.get(stop.venueId);
  return venue === undefined ? undefined : directory.municipalities.get(venue.municipalityId);
}

/** The first tick of the stop that may be booked this way now; null: none. */
export function earliestAt(
  directory: Directory,
  stop: Stop,
  now: LocalTime,
  channel: BookingChannel = 'online',
): number | null {
  const rules = municipalityOf(directory, stop)?.rules;
  if (rules === undefined || !isWithinHorizon(stop.date, now.date, rules.horizonDays)) {
    return null;
  }
  return earliestTick(stop.date, now.date, now.minute, leadMinutesOf(rules, channel));
}

/** The farthest day that any municipality lets be booked. */
export function farthestHorizon(directory: Directory): number {
  return Math.max(1, ...[...directory.municipalities.values()].map(({ rules }) => rules.horizonDays));
}
