import { createReference } from '../domain/booking/reference.ts';
import { totalMinutes } from '../domain/booking/rules.ts';
import { capacity, offeredStarts } from '../domain/booking/slots.ts';
import { foldName } from '../domain/places/fold.ts';
import { minutesToTicks } from '../domain/time.ts';

/*
 * Invented bookings for the stops of the demonstration. Everything follows from the seed, so that two starts agree;
 * for the same reason these references and secrets are no secrets, and none of it belongs into a real installation.
 */

/** What can be booked at a counter: the kit is capable and the clerk qualified. */
export interface BookableService {
  readonly id: number;
  readonly slug: string;
  /** Per person. */
  readonly minutes: number;
  /** Per person; null: set by the municipal statute. */
  readonly feeCents: number | null;
}

export interface StopToBook {
  /** First tick of the window, inclusive. */
  readonly fromTick: number;
  /** End of the window, exclusive. */
  readonly toTick: number;
  readonly counters: readonly { readonly counter: number; readonly services: readonly BookableService[] }[];
}

export interface PlannedBooking {
  readonly counter: number;
  readonly startTick: number;
  readonly ticks: number;
  readonly lines: readonly { readonly service: BookableService; readonly persons: number }[];
  readonly reference: string;
  readonly secret: string;
  readonly firstName: string;
  readonly familyName: string;
  readonly familyKey: string;
  readonly channel: 'online' | 'hotline';
  readonly locale: 'de' | 'en';
  /** How long before the seeding it was booked, 1 to 20 days. */
  readonly minutesAgo: number;
}

/** Integers from 0 inclusive to max exclusive. */
export type RandomInt = (max: number) => number;

/** Which part of a stop's time shall be booked. `last`: everything but one or two of the shortest appointments. */
export type Filling =
  { readonly kind: 'share'; readonly share: number } | { readonly kind: 'full' } | { readonly kind: 'last' };

/**
 * A pseudo-random generator that gives the same sequence for the same seed. Not for anything that must not be guessed.
 * Small Fast Counter (sfc32) by C. Doty-Humphrey, PractRand (public domain), seeded by FNV-1a.
 */
export function createRandomInt(seed: string): RandomInt {
  let a = fnv1a(`a${seed}`);
  let b = fnv1a(`b${seed}`);
  let c = fnv1a(`c${seed}`);
  let counter = 1;
  const next = (): number => {
    const result = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + result;
    return result >>> 0;
  };
  for (let i = 0; i < 15; i++) next();
  return (max) => Math.floor((next() / 2 ** 32) * max);
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash | 0;
}

/** Bookings that do not overlap and lie in the window, in order of counter and time. */
export function planBookings(stop: StopToBook, filling: Filling, random: RandomInt): PlannedBooking[] {
  const taken = new Map(stop.counters.map(({ counter }) => [counter, new Set<number>()]));
  const wanted = filling.kind === 'share' ? filling.share : 1;
  const total = (stop.toTick - stop.fromTick) * stop.counters.length;
  let times: Time[] = [];
  let used = 0;
  while (used < wanted * total) {
    const time = findTime(stop, taken, random);
    if (time === null) break;
    times.push(time);
    used += time.ticks;
    for (let tick = time.startTick; tick < time.startTick + time.ticks; tick++) taken.get(time.counter)?.add(tick);
  }
  if (filling.kind === 'last') times = withoutOne(stop, times);

  times.sort((a, b) => a.counter - b.counter || a.startTick - b.startTick);
  return times.map((time) => ({ ...time, ...invented(random) }));
}

interface Time {
  counter: number;
  startTick: number;
  ticks: number;
  lines: { service: BookableService; persons: number }[];
}

/** How many ticks the shortest appointment needs. */
const SHORTEST_TICKS = 2;

/** How often each service is asked for, in proportion; services not named count 1. */
const WEIGHTS: Readonly<Record<string, number>> = {
  personalausweis: 9,
  reisepass: 5,
  'wohnsitz-anmelden': 4,
  'ausweis-abholung': 6,
  fuehrungszeugnis: 3,
  meldebescheinigung: 3,
  'adressaenderung-ausweis': 2,
  'eid-pin': 2,
  beglaubigung: 2,
};

/** Somebody comes with a wish and takes one of the times the program would offer; null when not even ten minutes fit. */
function findTime(stop: StopToBook, taken: ReadonlyMap<number, ReadonlySet<number>>, random: RandomInt): Time | null {
  const counters = stop.counters.filter(({ services }) => services.length > 0);
  const open = counters.filter((one) => capacity(dayOf(stop, [one.counter], taken), SHORTEST_TICKS) > 0);
  const clerk = open[random(open.length)];
  if (clerk === undefined) return null;

  const lines = chooseLines(clerk.services, random);
  for (const choice of [lines, ...clerk.services.map((service) => [{ service, persons: 1 }])]) {
    const ticks = minutesToTicks(
      totalMinutes(choice.map(({ service, persons }) => ({ minutes: service.minutes, persons }))),
    );
    // Best first: most people take one of the first times they are shown.
    const starts = offeredStarts(dayOf(stop, [clerk.counter], taken), ticks);
    const start = starts[Math.min(random(starts.length), random(starts.length))];
    if (start !== undefined) return { counter: clerk.counter, startTick: start.tick, ticks, lines: choice };
  }
  return null;
}

function chooseLines(services: readonly BookableService[], random: RandomInt): Time['lines'] {
  const service = chooseService(services, random);
  const persons =
    service.slug === 'wohnsitz-anmelden' || service.slug === 'personalausweis' ? (random(5) === 0 ? 2 : 1) : 1;
  const lines = [{ service, persons }];
  const second = random(6) === 0 ? chooseService(services, random) : service;
  if (second.id !== service.id) lines.push({ service: second, persons: 1 });
  return lines;
}

function chooseService(services: readonly BookableService[], random: RandomInt): BookableService {
  const weights = services.map((service) => WEIGHTS[service.slug] ?? 1);
  let rest = random(weights.reduce((sum, weight) => sum + weight, 0));
  const index = weights.findIndex((weight) => (rest -= weight) < 0);
  return services[index] as BookableService;
}

/** Gives up the longest appointment whose time then holds one or two of the shortest ones. */
function withoutOne(stop: StopToBook, times: readonly Time[]): Time[] {
  const counters = stop.counters.map(({ counter }) => counter);
  const candidates = [...times].sort((a, b) => b.ticks - a.ticks);
  for (const candidate of candidates) {
    const others = times.filter((time) => time !== candidate);
    const taken = new Map(counters.map((counter) => [counter, new Set<number>()]));
    for (const { counter, startTick, ticks } of others) {
      for (let tick = startTick; tick < startTick + ticks; tick++) taken.get(counter)?.add(tick);
    }
    const left = capacity(dayOf(stop, counters, taken), SHORTEST_TICKS);
    if (left === 1 || left === 2) return others;
  }
  return [...times];
}

function dayOf(
  stop: StopToBook,
  counters: readonly number[],
  taken: ReadonlyMap<number, ReadonlySet<number>>,
): Parameters<typeof capacity>[0] {
  return {
    fromTick: stop.fromTick,
    toTick: stop.toTick,
    counters: counters.map((counter) => ({ counter, taken: [...(taken.get(counter) ?? [])] })),
  };
}

// Plainly invented.
const FIRST_NAMES = [
  'Erika',
  'Max',
  'Lena',
  'Paul',
  'Karin',
  'Otto',
  'Mia',
  'Emil',
  'Rosa',
  'Anton',
  'Ida',
  'Hugo',
] as const;
const FAMILY_NAMES = [
  'Mustermann',
  'Musterfrau',
  'Beispiel',
  'Probe',
  'Platzhalter',
  'Erfunden',
  'Ausgedacht',
  'Niemand',
  'Fantasie',
  'Testfall',
] as const;

const SECRET_SYMBOLS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const SECRET_LENGTH = 24;

function invented(random: RandomInt): Omit<PlannedBooking, keyof Time> {
  const familyName = FAMILY_NAMES[random(FAMILY_NAMES.length)] as string;
  return {
    reference: createReference(random),
    secret: Array.from({ length: SECRET_LENGTH }, () => SECRET_SYMBOLS.charAt(random(SECRET_SYMBOLS.length))).join(''),
    firstName: FIRST_NAMES[random(FIRST_NAMES.length)] as string,
    familyName,
    familyKey: foldName(familyName),
    channel: random(3) === 0 ? 'hotline' : 'online',
    locale: random(8) === 0 ? 'en' : 'de',
    minutesAgo: 1440 + random(19 * 1440),
  };
}
