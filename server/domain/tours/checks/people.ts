import type { Concern, Obstacle } from '../conflicts.ts';
import { absenceOn, mergeSpans, minutesOutside, windowsOn } from './calendar.ts';
import { busyTourOf, depotsFor } from './free.ts';
import type { CrewMember, Subject } from './subject.ts';

/** Depot, kit and crew: are they known, there, and free that day? */

// Impossible

export function unknownThings({ plan, picture, stops, crew }: Subject): Obstacle[] {
  const unknown = (what: (Obstacle & { kind: 'unknown' })['what'], id: number | null, stop: number | null = null) =>
    id === null ? [] : [{ kind: 'unknown', what, id, stop } as const];

  return [
    ...(picture.municipalities.has(plan.municipalityId) ? [] : unknown('municipality', plan.municipalityId)),
    ...(picture.depots.has(plan.depotId ?? NaN) ? [] : unknown('depot', plan.depotId)),
    ...(picture.kits.has(plan.kitId ?? NaN) ? [] : unknown('kit', plan.kitId)),
    ...crew.flatMap(({ id, clerk }) => (clerk === undefined ? unknown('clerk', id) : [])),
    ...stops.flatMap(({ venueId, venue, index }) => (venue === undefined ? unknown('venue', venueId, index) : [])),
    ...(plan.announced ?? []).flatMap((id) => (picture.services.has(id) ? [] : unknown('service', id))),
  ];
}

export function noDepot({ plan, picture }: Subject): Obstacle[] {
  return plan.depotId === null ? [{ kind: 'noDepot', depotIds: depotsFor(plan, picture) }] : [];
}

export function depotRetired({ plan, picture }: Subject): Obstacle[] {
  const depot = picture.depots.get(plan.depotId ?? NaN);
  return depot?.retired ? [{ kind: 'depotRetired', depotId: depot.id, depotIds: depotsFor(plan, picture) }] : [];
}

export function noKit(subject: Subject): Obstacle[] {
  return subject.plan.kitId === null ? [{ kind: 'noKit', ...otherKits(subject) }] : [];
}

export function kitRetired(subject: Subject): Obstacle[] {
  const { kit } = subject;
  return kit?.retired ? [{ kind: 'kitRetired', kitId: kit.id, ...otherKits(subject) }] : [];
}

/** What is retired need not be mended. */
export function kitDefect(subject: Subject): Obstacle[] {
  const { kit } = subject;
  return kit?.status === 'defect' && !kit.retired ? [{ kind: 'kitDefect', kitId: kit.id, ...otherKits(subject) }] : [];
}

export function kitTaken(subject: Subject): Obstacle[] {
  const { plan, picture, tourId, kit } = subject;
  if (kit === undefined) return [];
  const busy = busyTourOf(picture, 'kit', kit.id, plan.date, tourId);
  if (busy === undefined) return [];
  const byTourId = busy.visible ? busy.tourId : null;
  return [{ kind: 'kitTaken', kitId: kit.id, byTourId, date: plan.date, ...otherKits(subject) }];
}

export function noCrew(subject: Subject): Obstacle[] {
  return subject.crew.length === 0 ? [{ kind: 'noCrew', ...otherClerks(subject) }] : [];
}

export function clerkTwice(subject: Subject): Obstacle[] {
  const { crew } = subject;
  return crew
    .filter(({ id, position }) => crew.findIndex((other) => other.id === id) < position)
    .map((member) => ({ kind: 'clerkTwice', ...who(member), ...otherClerks(subject) }));
}

export function clerkRetired(subject: Subject): Obstacle[] {
  return subject.crew
    .filter(({ clerk }) => clerk?.retired)
    .map((member) => ({ kind: 'clerkRetired', ...who(member), ...otherClerks(subject) }));
}

export function clerkAbsent(subject: Subject): Obstacle[] {
  return subject.crew.flatMap((member): Obstacle[] => {
    const away = absenceOn(subject.plan.date, member.clerk);
    if (away === undefined) return [];
    const { kind: absence, fromDate, toDate } = away;
    return [{ kind: 'clerkAbsent', ...who(member), absence, fromDate, toDate, ...otherClerks(subject) }];
  });
}

export function clerkTaken(subject: Subject): Obstacle[] {
  const { plan, picture, tourId, crew } = subject;
  return crew.flatMap((member): Obstacle[] => {
    const busy = member.clerk && busyTourOf(picture, 'clerk', member.id, plan.date, tourId);
    if (busy === undefined) return [];
    const byTourId = busy.visible ? busy.tourId : null;
    return [{ kind: 'clerkTaken', ...who(member), byTourId, date: plan.date, ...otherClerks(subject) }];
  });
}

// Warning

/** From departure to return; breaks need not lie in the working time, and who is absent has none. */
export function outsideWorkingTime(subject: Subject): Concern[] {
  const { plan, picture, crew, day } = subject;
  if (day === null) return [];
  const { departureMinute, returnMinute } = day;
  const tour = { fromMinute: departureMinute, toMinute: returnMinute };
  const outside = (clerk: CrewMember['clerk']): number => {
    if (clerk === undefined || clerk.hours.length === 0) return 0;
    return minutesOutside(tour, mergeSpans([...windowsOn(plan.date, clerk.hours), ...day.breaks]));
  };

  return crew.flatMap((member): Concern[] => {
    const minutes = outside(member.clerk);
    if (member.clerk === undefined || minutes === 0 || absenceOn(plan.date, member.clerk) !== undefined) return [];
    const freeClerkIds = subject.freeClerkIds().filter((id) => outside(picture.clerks.get(id)) === 0);
    return [
      {
        kind: 'outsideWorkingTime',
        ...who(member),
        date: plan.date,
        departureMinute,
        returnMinute,
        hours: windowsOn(plan.date, member.clerk.hours),
        minutes,
        forAnnounced: subject.forAnnounced,
        freeClerkIds,
      },
    ];
  });
}

function who({ id, position }: CrewMember): { clerkId: number; position: number } {
  return { clerkId: id, position };
}

function otherKits(subject: Subject): { forAnnounced: boolean; freeKitIds: number[] } {
  return { forAnnounced: subject.forAnnounced, freeKitIds: subject.freeKitIds() };
}

function otherClerks(subject: Subject): { forAnnounced: boolean; freeClerkIds: number[] } {
  return { forAnnounced: subject.forAnnounced, freeClerkIds: subject.freeClerkIds() };
}
