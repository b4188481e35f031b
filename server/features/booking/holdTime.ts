import type { AppointmentLine, Occupancy } from '../../domain/booking/appointment.ts';
import type { BookingChannel } from '../../domain/booking/channels.ts';
import { feeOn, type Directory, type Line, type Locale } from '../../domain/booking/office.ts';
import { createReference } from '../../domain/booking/reference.ts';
import { holdUntil, type BookingRules } from '../../domain/booking/rules.ts';
import { bestCounter } from '../../domain/booking/slots.ts';
import { Refusal } from '../../domain/refusal.ts';
import { tickToMinute, type Instant } from '../../domain/time.ts';
import type { StopWithCounters } from '../../domain/tours/stop.ts';
import { dayFor, earliestAt, municipalityOf, ticksOf, type Looking } from './offers.ts';
import type { AppointmentUnit, Clock, Randomness, ReadDirectory, RunAppointmentUnit, Zone } from './ports.ts';

export interface HoldDeps {
  directory: ReadDirectory;
  unit: RunAppointmentUnit;
  clock: Clock;
  zone: Zone;
  random: Randomness;
}

/** A start at a stop, as the citizen chose it. */
export interface Slot {
  stopId: number;
  tick: number;
}

export interface HoldRequest {
  /** Names the hold: sending the same request twice gives one hold, another time under the same name moves it. */
  secret: string;
  slot: Slot;
  lines: readonly Line[];
  originPlaceId: number | null;
  locale: Locale;
  /** The hotline may hold times that are closed to online booking; default: online. */
  channel?: BookingChannel;
}

export type HoldOutcome =
  | { kind: 'held' }
  /** Somebody else has it. */
  | { kind: 'slotTaken' }
  /** The visit is gone or too near, or cannot do these services. */
  | { kind: 'notOffered' }
  /** Under this secret something is booked already; it is not touched. */
  | { kind: 'alreadyBooked' };

/** Processes that race for the same counter try again with another one; so often at most. */
const MAX_RACES = 5;

function appointmentLines(lines: readonly Line[], date: string): AppointmentLine[] {
  return lines.map(({ service, persons }) => ({
    serviceId: service.id,
    persons,
    minutes: service.minutes,
    feeCents: feeOn(service, date)?.cents ?? null,
  }));
}

/**
 * Where an appointment at this start would be: the counter that wastes least time. Null when no counter is free; the
 * caller has checked that the stop is offered at all.
 */
function placeAt(
  deps: Pick<HoldDeps, 'zone'>,
  directory: Directory,
  stop: StopWithCounters,
  lines: readonly Line[],
  tick: number,
  looking: Looking,
): Occupancy | null {
  const ticks = ticksOf(lines);
  const counter = bestCounter(dayFor(directory, stop, lines, looking), ticks, tick);
  if (counter === null) {
    return null;
  }
  return {
    stopId: stop.id,
    counter,
    date: stop.date,
    startTick: tick,
    ticks,
    startsAt: deps.zone.instantAt(stop.date, tickToMinute(tick)),
    endsAt: deps.zone.instantAt(stop.date, tickToMinute(tick + ticks)),
  };
}

/**
 * Finds the place for a slot inside a transaction, with the rules that hold there.
 * @param except the appointment that is being moved: its own time counts as free
 */
export async function findPlace(
  deps: Pick<HoldDeps, 'zone'>,
  directory: Directory,
  unit: AppointmentUnit,
  slot: Slot,
  lines: readonly Line[],
  now: Instant,
  except: number | undefined,
  channel: BookingChannel = 'online',
): Promise<(Occupancy & { rules: BookingRules }) | 'slotTaken' | 'notOffered'> {
  const stop = await unit.publishedStop(slot.stopId);
  const local = deps.zone.local(now);
  const earliest = stop === undefined ? null : earliestAt(directory, stop, local, channel);
  const rules = stop === undefined ? undefined : municipalityOf(directory, stop)?.rules;
  if (stop === undefined || rules === undefined || earliest === null || slot.tick < earliest || ticksOf(lines) < 1) {
    return 'notOffered';
  }
  const [day] = await unit.withCounters([stop], now, except, channel);
  const looking = { channel, today: local.date };
  if (day === undefined || dayFor(directory, day, lines, looking).counters.length === 0) {
    return 'notOffered';
  }
  const place = placeAt(deps, directory, day, lines, slot.tick, looking);
  return place === null ? 'slotTaken' : { ...place, rules };
}

/** Reserves a time for some minutes while the citizen enters name and contact. */
export async function holdTime(deps: HoldDeps, request: HoldRequest): Promise<HoldOutcome> {
  const directory = await deps.directory();
  for (let race = 0; race < MAX_RACES; race++) {
    const outcome = await deps.unit((unit) => tryHold(deps, directory, unit, request));
    if (outcome.kind !== 'raced') {
      return outcome;
    }
  }
  return { kind: 'slotTaken' };
}

async function tryHold(
  deps: HoldDeps,
  directory: Directory,
  unit: AppointmentUnit,
  request: HoldRequest,
): Promise<HoldOutcome | { kind: 'raced' }> {
  if (request.lines.length > 1 && request.lines.some(({ service }) => !service.combinable)) {
    return { kind: 'notOffered' }; // the step before says so; this address was written by hand
  }
  const now = deps.clock.now();
  const channel = request.channel ?? 'online';
  const existing = await unit.bySecret(request.secret);
  if (existing !== undefined && existing.state !== 'held') {
    return { kind: 'alreadyBooked' };
  }
  const found = await findPlace(deps, directory, unit, request.slot, request.lines, now, existing?.id, channel);
  if (typeof found === 'string') {
    return { kind: found };
  }
  const { rules, ...place } = found;
  const until = holdUntil(now, rules);
  const lines = appointmentLines(request.lines, place.date);

  if (existing !== undefined) {
    await unit.replaceHold(existing.id, { ...place, holdUntil: until, lines, originPlaceId: request.originPlaceId });
    if (!(await unit.occupy(existing.id, place, until, now, channel))) {
      throw new Refusal({ kind: 'raced' });
    }
    await unit.release(existing.id, place, null);
    return { kind: 'held' };
  }
  const id = await unit.insertHold({
    ...place,
    reference: createReference((max) => deps.random.int(max)),
    secret: request.secret,
    channel,
    locale: request.locale,
    originPlaceId: request.originPlaceId,
    holdUntil: until,
    createdAt: now,
    lines,
  });
  if (id === 'taken' || !(await unit.occupy(id, place, until, now, channel))) {
    throw new Refusal({ kind: 'raced' });
  }
  return { kind: 'held' };
}
