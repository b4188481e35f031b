import { missingCapabilities, servicesPossible } from '../capability.ts';
import type { Concern, Obstacle } from '../conflicts.ts';
import type { PlanningService } from '../picture.ts';
import type { CrewMember, Subject } from './subject.ts';

/** What is announced: can kit and crew do it, and where? */

// Impossible

export function tooManyCounters({ stops, crew }: Subject): Obstacle[] {
  if (crew.length === 0) return [];
  return stops
    .filter(({ counters }) => counters > crew.length)
    .map(({ index, venueId, counters }) => ({
      kind: 'tooManyCounters',
      stop: index,
      venueId,
      counters,
      clerks: crew.length,
    }));
}

export function serviceRetired({ plan, picture }: Subject): Obstacle[] {
  const serviceIds = (plan.announced ?? []).filter((id) => picture.services.get(id)?.retired);
  return serviceIds.length === 0 ? [] : [{ kind: 'serviceRetired', serviceIds }];
}

export function kitLacks(subject: Subject): Obstacle[] {
  const { kit, forAnnounced } = subject;
  if (kit === undefined) return [];
  const lacking = announcedServices(subject)
    .map(({ id, needs }) => ({ id, missing: missingCapabilities(needs, kit.capabilities) }))
    .filter(({ missing }) => missing.length > 0);
  if (lacking.length === 0) return [];
  return [
    {
      kind: 'kitLacks',
      kitId: kit.id,
      serviceIds: lacking.map(({ id }) => id),
      capabilities: [...new Set(lacking.flatMap(({ missing }) => missing))],
      forAnnounced,
      freeKitIds: subject.freeKitIds(),
    },
  ];
}

export function crewNotQualified(subject: Subject): Obstacle[] {
  if (subject.crew.length === 0) return [];
  const serviceIds = announcedServices(subject)
    .map(({ id }) => id)
    .filter((id) => !canSomewhere(subject, id));
  if (serviceIds.length === 0) return [];
  const { forAnnounced } = subject;
  return [{ kind: 'crewNotQualified', serviceIds, forAnnounced, freeClerkIds: subject.freeClerkIds() }];
}

// Warning

/** Also when an announcement was made but is empty. */
export function nothingPossible(subject: Subject): Concern[] {
  const { plan, picture, kit, forAnnounced } = subject;
  if (forAnnounced) return [];
  if (plan.announced !== null) return [{ kind: 'nothingPossible' }];
  if (kit === undefined || subject.crew.every(({ clerk }) => clerk === undefined)) return [];

  const services = [...picture.services.values()].filter(({ retired }) => !retired);
  const needs = new Map(services.map((service) => [service.id, service.needs]));
  const counters = crewAtCounters(subject).map(({ position, clerk }) => ({
    counter: position + 1,
    qualifiedFor: clerk?.qualifiedFor ?? null,
  }));
  return servicesPossible(needs, kit.capabilities, counters).possible.size > 0 ? [] : [{ kind: 'nothingPossible' }];
}

/** Where fewer counters are open than elsewhere. */
export function serviceNotPossibleHere(subject: Subject): Concern[] {
  const { stops, crew } = subject;
  if (crew.length === 0) return [];
  return stops.flatMap(({ index, venueId, counters }): Concern[] => {
    const serviceIds = announcedServices(subject)
      .map(({ id }) => id)
      .filter((id) => canSomewhere(subject, id) && !canOne(crew.slice(0, counters), id));
    return serviceIds.length === 0 ? [] : [{ kind: 'serviceNotPossibleHere', stop: index, venueId, serviceIds }];
  });
}

export function serviceNotPossibleAtCounter(subject: Subject): Concern[] {
  return crewAtCounters(subject).flatMap(({ id: clerkId, position, clerk }): Concern[] => {
    if (clerk === undefined) return [];
    const serviceIds = announcedServices(subject)
      .map(({ id }) => id)
      .filter((id) => canSomewhere(subject, id) && !clerk.qualifiedFor.includes(id));
    return serviceIds.length === 0
      ? []
      : [{ kind: 'serviceNotPossibleAtCounter', counter: position + 1, clerkId, serviceIds }];
  });
}

/** Those that are known and still offered. */
function announcedServices({ plan, picture }: Subject): PlanningService[] {
  return [...new Set(plan.announced ?? [])].flatMap((id) => {
    const service = picture.services.get(id);
    return service === undefined || service.retired ? [] : [service];
  });
}

/** Who staffs a counter of at least one stop; before there are stops, everybody will. */
function crewAtCounters({ stops, crew }: Subject): readonly CrewMember[] {
  return stops.length === 0 ? crew : crew.slice(0, Math.max(0, ...stops.map(({ counters }) => counters)));
}

function canSomewhere(subject: Subject, serviceId: number): boolean {
  return canOne(crewAtCounters(subject), serviceId);
}

function canOne(staff: readonly CrewMember[], serviceId: number): boolean {
  return staff.some(({ clerk }) => clerk?.qualifiedFor.includes(serviceId));
}
