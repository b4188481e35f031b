import { feeOn, type Directory, type Line } from '../../domain/booking/office.ts';
import { createReference } from '../../domain/booking/reference.ts';
import { freeStarts, type StopDay } from '../../domain/booking/slots.ts';
import { foldName } from '../../domain/places/fold.ts';
import { Refusal } from '../../domain/refusal.ts';
import {
  formatMinute,
  minuteToTick,
  TICKS_PER_DAY,
  tickToMinute,
  type Instant,
  type LocalDate,
} from '../../domain/time.ts';
import { missingCapabilities } from '../../domain/tours/capability.ts';
import { ticksOf } from '../../domain/tours/offers.ts';
import { mayTick } from '../../domain/tours/people.ts';
import type { DayWork } from './deps.ts';
import type { Sent, WalkIn, WalkInOutcome } from './outcomes.ts';
import type { DayStop, DayUnit, LockedTour } from './unit.ts';
import { walkInEntry } from './walkInEntry.ts';

type Work = Pick<DayWork, 'unit' | 'directory' | 'clock' | 'zone' | 'random'>;

/** Whoever has just taken the same time, or (never yet) has the same reference: another time is tried, so often. */
const MAX_RACES = 5;

/**
 * Gives somebody who came without an appointment the next free time at a counter: from the five minutes that run, or
 * where the stop is not open yet, from its beginning. What is announced does not matter: kit and clerk are there.
 */
export async function walkIn(deps: Work, sent: Sent, asked: WalkIn): Promise<WalkInOutcome> {
  const directory = await deps.directory();
  for (let race = 0; race < MAX_RACES; race++) {
    const outcome = await deps.unit((unit) => tryWalkIn(deps, directory, unit, sent, asked));
    if (outcome.kind !== 'raced') return outcome;
  }
  throw new Error('The time at the counter was taken again and again');
}

async function tryWalkIn(
  deps: Work,
  directory: Directory,
  unit: DayUnit,
  sent: Sent,
  asked: WalkIn,
): Promise<WalkInOutcome | { kind: 'raced' }> {
  const now = deps.clock.now();
  const tour = await unit.lock(sent.userId, { stopId: asked.stopId });
  if (tour === null || !mayTick(tour.date, deps.zone.local(now).date)) return { kind: 'gone' };
  const { date } = tour;
  const { familyName, firstName } = asked;
  const use = await unit.keyUse(sent.key, { tourId: tour.id, kind: 'walkIn', familyName, firstName });
  if (use !== 'new') return { kind: use === 'same' ? 'already' : 'conflict', date };
  const stop = await unit.stop(tour.id, asked.stopId, now);
  const counter = stop?.counters.find((one) => one.counter === asked.counter);
  if (stop === null || counter === undefined) return { kind: 'gone' };

  const impossible = impossibleAt(directory, stop, counter.clerkId, asked);
  const lines = linesOf(directory, asked);
  if (impossible.length > 0 || lines.length === 0) return { kind: 'notPossible', date, serviceIds: impossible };

  const ticks = ticksOf(lines);
  const { day, earliest } = freeTimeAt(deps, stop, counter, date, sent.at);
  const startTick = ticks > TICKS_PER_DAY ? undefined : freeStarts(day, ticks, earliest)[0];
  if (startTick === undefined) {
    return { kind: 'full', date, neededMinutes: tickToMinute(ticks), longestMinutes: longestMinutes(day, earliest) };
  }
  return write(deps, unit, sent, tour, stop, asked, lines, { startTick, ticks, now });
}

async function write(
  deps: Work,
  unit: DayUnit,
  sent: Sent,
  tour: LockedTour,
  stop: DayStop,
  asked: WalkIn,
  lines: readonly Line[],
  { startTick, ticks, now }: { startTick: number; ticks: number; now: Instant },
): Promise<WalkInOutcome> {
  const { date } = tour;
  const { familyName, firstName } = asked;
  const id = await unit.insertWalkIn(
    {
      stopId: stop.id,
      counter: asked.counter,
      date,
      startTick,
      ticks,
      startsAt: deps.zone.instantAt(date, tickToMinute(startTick)),
      endsAt: deps.zone.instantAt(date, tickToMinute(startTick + ticks)),
      reference: createReference((max) => deps.random.int(max)),
      secret: deps.random.secret(),
      familyName,
      firstName,
      familyKey: familyName === null ? null : foldName(familyName).slice(0, 100),
      createdAt: now,
      lines: lines.map(({ service, persons }) => ({
        serviceId: service.id,
        persons,
        minutes: service.minutes,
        feeCents: feeOn(service, date)?.cents ?? null,
      })),
    },
    now,
  );
  if (id === 'taken') throw new Refusal({ kind: 'raced' });
  const isNew = await unit.record({
    key: sent.key,
    tourId: tour.id,
    kind: 'walkIn',
    appointmentId: id,
    stateBefore: null,
    minutes: null,
    text: null,
    at: sent.at,
    recordedAt: now,
    userId: sent.userId,
  });
  if (!isNew) throw new Refusal<WalkInOutcome>({ kind: 'conflict', date });
  const place = { venue: stop.venue, counter: asked.counter, time: formatMinute(tickToMinute(startTick)) };
  await unit.audit({ userId: sent.userId, name: tour.userName }, now, walkInEntry(tour, id, place));
  return { kind: 'done', date, appointmentId: id };
}

/** Services that the kit lacks something for, that this clerk is not qualified for, or that are not offered. */
function impossibleAt(directory: Directory, stop: DayStop, clerkId: number | null, asked: WalkIn): number[] {
  const capabilities = stop.kitId === null ? undefined : directory.kits.get(stop.kitId);
  const qualifiedFor = clerkId === null ? undefined : directory.clerks.get(clerkId);
  return asked.services
    .map(({ serviceId }) => serviceId)
    .filter((id) => {
      const service = directory.servicesById.get(id);
      if (service === undefined || capabilities === undefined || qualifiedFor === undefined) return true;
      return missingCapabilities(service.needs, capabilities).length > 0 || !qualifiedFor.includes(id);
    });
}

function linesOf(directory: Directory, asked: WalkIn): Line[] {
  return asked.services.flatMap(({ serviceId, persons }) => {
    const service = directory.servicesById.get(serviceId);
    return service === undefined ? [] : [{ service, persons }];
  });
}

/** One counter of a stop from the moment somebody stands there. @param at that moment; before the day: its beginning */
export function freeTimeAt(
  deps: Pick<DayWork, 'zone'>,
  stop: Pick<DayStop, 'fromMinute' | 'toMinute'>,
  counter: DayStop['counters'][number],
  date: LocalDate,
  at: Instant,
): { day: StopDay; earliest: number | null } {
  const local = deps.zone.local(at);
  const earliest = local.date < date ? 0 : local.date > date ? null : minuteToTick(local.minute);
  return {
    day: { fromTick: minuteToTick(stop.fromMinute), toTick: minuteToTick(stop.toMinute), counters: [counter] },
    earliest,
  };
}

/** The longest free time at the one counter. */
function longestMinutes(day: StopDay, earliest: number | null): number {
  const taken = new Set(day.counters[0]?.taken ?? []);
  let longest = 0;
  let length = 0;
  for (let tick = Math.max(day.fromTick, earliest ?? day.toTick); tick < day.toTick; tick++) {
    length = taken.has(tick) ? 0 : length + 1;
    longest = Math.max(longest, length);
  }
  return tickToMinute(longest);
}
