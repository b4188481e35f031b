import type { Occupancy } from '../../domain/booking/appointment.ts';
import { Refusal } from '../../domain/refusal.ts';
import { tickToMinute, type Instant, type LocalDate } from '../../domain/time.ts';
import type { PlanningPicture } from '../../domain/tours/picture.ts';
import type { DecidedCounts } from './auditTexts.ts';
import type { TourWork } from './deps.ts';
import { counterAt, optionsFor, searchedDays, type Promised } from './options.ts';
import type { Affected, Breach, Decision } from './outcomes.ts';
import type { Planner } from './ports.ts';
import type { BookedAppointment, TourUnit } from './unit.ts';

/** Carrying out what was decided for those whose promise a change would break. */

/** Somebody with time at a stop that changes. */
export interface Person {
  booked: BookedAppointment;
  promised: Promised;
  breaches: readonly Breach[];
  /** Where they are if they stay; null: they cannot. */
  stays: { place: Occupancy; venueId: number } | null;
  /** True when their stop is still there, whatever it has become. */
  isStopKept: boolean;
}

/** Where and when an appointment is that begins at this tick. */
export function occupancyAt(
  deps: Pick<TourWork, 'zone'>,
  stop: { id: number; date: LocalDate },
  counter: number,
  startTick: number,
  ticks: number,
): Occupancy {
  return {
    stopId: stop.id,
    counter,
    date: stop.date,
    startTick,
    ticks,
    startsAt: deps.zone.instantAt(stop.date, tickToMinute(startTick)),
    endsAt: deps.zone.instantAt(stop.date, tickToMinute(startTick + ticks)),
  };
}

function decisionFor(person: Person, decisions: readonly Decision[]): Decision | undefined {
  return decisions.find(({ appointmentId }) => appointmentId === person.booked.id);
}

function isLeaving(person: Person, decisions: readonly Decision[]): boolean {
  if (person.stays === null) return true;
  const kind = decisionFor(person, decisions)?.kind;
  return person.breaches.length > 0 && (kind === 'move' || kind === 'cancel');
}

/**
 * Everybody who stays gets their counter; the time of those who leave is free at once. Nobody outside sees the moment
 * in between: the unit is one transaction.
 */
export async function settle(
  unit: TourUnit,
  people: readonly Person[],
  decisions: readonly Decision[],
  now: Instant,
): Promise<void> {
  const current = people.filter(({ booked }) => booked.claim !== 'done');
  const leaving = current.filter((person) => isLeaving(person, decisions));
  await unit.discard(leaving.flatMap(({ booked }) => (booked.claim === 'promised' ? [] : [booked.id])));
  await unit.release(leaving.map(({ booked }) => booked.id));

  const staying = current.flatMap((person) =>
    person.stays === null || isLeaving(person, decisions) ? [] : [{ ...person, ...person.stays }],
  );
  const over = people.flatMap((person) =>
    person.booked.claim === 'done' && person.isStopKept ? [{ booked: person.booked, place: person.stays?.place }] : [],
  );
  const isElsewhere = (booked: BookedAppointment, place: Occupancy | undefined): boolean =>
    place === undefined || booked.stopId !== place.stopId || booked.counter !== place.counter;

  // All of them first leave their counter: two of them may change places.
  const swapped = [...staying, ...over].filter(({ booked, place }) => isElsewhere(booked, place));
  await unit.release(swapped.map(({ booked }) => booked.id));
  for (const { booked, place } of swapped) {
    if (place === undefined || booked.claim === 'ended') continue;
    if (!(await unit.occupy(booked.id, place, booked.holdUntil, now))) {
      throw new Error(`Appointment ${booked.id} was given a counter that is not free`);
    }
  }
  for (const { booked, place, promised, venueId } of staying) {
    const isNews = place.date !== promised.date || venueId !== promised.venueId;
    if (isNews || isElsewhere(booked, place)) await unit.relocate(booked.id, place, isNews);
  }
  // What is over stays on record with its own date and time, whatever the tour has become.
  for (const { booked, place } of over) {
    if (place === undefined || !isElsewhere(booked, place)) continue;
    await unit.changeCounter(booked.id, place.counter);
  }
}

interface Decisions {
  planner: Planner;
  decisions: readonly Decision[];
  people: readonly Person[];
  /** Ids of stops that exist only if this unit succeeds: nobody can be offered them. */
  madeNow: ReadonlySet<number>;
  picture: PlanningPicture;
  now: Instant;
}

/**
 * Carries out the decisions for all whose promise breaks, and puts them on the call list.
 * @throws Refusal with `decide` when a decision is missing or no longer possible
 */
export async function applyDecisions(
  deps: Pick<TourWork, 'zone'>,
  unit: TourUnit,
  request: Decisions,
): Promise<DecidedCounts> {
  const affected = request.people.filter(({ breaches }) => breaches.length > 0);
  const counts: DecidedCounts = { stayed: 0, moved: 0, cancelled: 0 };
  const refused = new Map<number, Decision>();
  let isComplete = true;
  for (const person of affected) {
    const decision = decisionFor(person, request.decisions);
    if (decision === undefined) isComplete = false;
    else if (await carryOut(deps, unit, request, person, decision)) count(counts, decision);
    else refused.set(person.booked.id, decision);
  }
  if (!isComplete || refused.size > 0) {
    throw new Refusal({ kind: 'decide', affected: await describe(deps, unit, request, affected, refused) });
  }
  return counts;
}

function count(counts: DecidedCounts, { kind }: Decision): void {
  if (kind === 'stay') counts.stayed++;
  else if (kind === 'move') counts.moved++;
  else counts.cancelled++;
}

/** @returns false when it is not possible (any more) */
async function carryOut(
  deps: Pick<TourWork, 'zone'>,
  unit: TourUnit,
  request: Decisions,
  { booked, promised, breaches, stays }: Person,
  decision: Decision,
): Promise<boolean> {
  const { now, picture, planner } = request;
  const tell = (kind: 'changed' | 'moved' | 'cancelled'): Promise<void> =>
    unit.tell({ appointmentId: booked.id, kind, promised }, now);

  if (decision.kind === 'stay') {
    if (stays === null) return false;
    if (breaches.some((breach) => breach === 'dateChanged' || breach === 'venueChanged')) await tell('changed');
    return true;
  }
  if (decision.kind === 'cancel') {
    await unit.cancel(booked.id, now);
    await tell('cancelled');
    return true;
  }
  const stop = request.madeNow.has(decision.stopId) ? null : await unit.openStop(planner.scope, decision.stopId, now);
  const counter = stop === null ? null : counterAt(deps, stop, decision.tick, booked, picture, now);
  if (stop === null || counter === null) return false;
  const place = occupancyAt(deps, stop, counter, decision.tick, booked.ticks);
  if (!(await unit.occupy(booked.id, place, booked.holdUntil, now))) {
    await unit.release([booked.id]);
    return false;
  }
  await unit.relocate(booked.id, place, true);
  await tell('moved');
  return true;
}

async function describe(
  deps: Pick<TourWork, 'zone'>,
  unit: TourUnit,
  request: Decisions,
  affected: readonly Person[],
  refused: ReadonlyMap<number, Decision>,
): Promise<Affected[]> {
  const { picture, now, planner, madeNow } = request;
  const days = searchedDays(
    affected.map(({ promised }) => promised),
    deps.zone.local(now).date,
  );
  const stops = (await unit.openStops(planner.scope, days.from, days.to, now)).filter(({ id }) => !madeNow.has(id));
  // Times that others of them have been given are offered to everybody: the decisions can still be changed.
  const undecided = new Set(
    affected.filter((person) => isLeaving(person, request.decisions)).map(({ booked }) => booked.id),
  );
  return affected.map((person) => {
    const { booked, promised, breaches, stays } = person;
    return {
      appointmentId: booked.id,
      reference: booked.reference,
      name: booked.name,
      contactKind: booked.contactKind,
      contact: booked.contact,
      services: booked.lines.map(({ serviceId, persons }) => ({
        de: picture.services.get(serviceId)?.names.de ?? '',
        en: picture.services.get(serviceId)?.names.en ?? '',
        persons,
      })),
      promised: { ...promised, minutes: tickToMinute(booked.ticks) },
      breaches,
      stayAt:
        stays === null
          ? null
          : { date: stays.place.date, minute: tickToMinute(stays.place.startTick), venueId: stays.venueId },
      options: optionsFor(deps, { booked, promised, stops, picture, now, undecided }),
      refused: refused.get(booked.id) ?? null,
    };
  });
}
