import type { Directory, Line, Municipality, Service, Venue } from '../../server/domain/booking/office.ts';
import { DEFAULT_RULES, type BookingRules } from '../../server/domain/booking/rules.ts';
import { buildPlaceIndex } from '../../server/domain/places/placeIndex.ts';
import { minuteToTick, parseMinute, type Instant } from '../../server/domain/time.ts';
import type { Stop, StopQuery, StopWithCounters } from '../../server/domain/tours/stop.ts';
import type { FindOffersDeps, OffersQuery } from '../../server/features/hotline/findOffers.ts';
import { OFFICE_ZONE } from './officeFixture.ts';

/*
 * An office without database for the search of the hotline: venues north of the caller, two services, stops of one
 * counter with what is taken of it.
 */

export const HERE = { lat: 50.85, lon: 12.46 };
/** Sunday, 22 November 2026, 11:00. */
export const NOW = OFFICE_ZONE.instantAt('2026-11-22', 11 * 60);

export const PASSPORT = service(1, 'reisepass', 20, ['scanner']);
export const CERTIFICATE = service(2, 'bescheinigung', 10, []);
const FULL_KIT = 1;
export const SMALL_KIT = 2;
export const NO_PASSPORTS = 2;

export const lines = (...services: Service[]): Line[] => services.map((one) => ({ service: one, persons: 1 }));

function service(id: number, slug: string, minutes: number, needs: string[]): Service {
  const texts = { name: slug, feeNote: null, note: null, documents: [] };
  return {
    id,
    slug,
    category: 'identity',
    position: id,
    minutes,
    maxPersons: 4,
    inPerson: true,
    combinable: true,
    needs,
    synonyms: [],
    fees: [],
    texts: { de: texts, en: texts },
  };
}

/** A venue so many kilometres north of HERE. */
export function venueAt(id: number, km: number, more: Partial<Venue> = {}): Venue {
  return {
    id,
    slug: `ort-${id}`,
    municipalityId: 1,
    name: 'Gemeindeamt',
    locality: `Ort ${id}`,
    street: 'Am Anger 2',
    postcode: '08393',
    city: 'Meerane',
    at: { lat: HERE.lat + km / 111.2, lon: HERE.lon },
    stepFree: true,
    retired: false,
    access: { de: null, en: null },
    ...more,
  };
}

let nextId = 1;

export interface StopOptions {
  /** Default 9:00. */
  from?: string;
  /** Default an hour later: three passports. */
  to?: string;
  kit?: number;
  clerk?: number;
  announced?: readonly number[];
  /** Minutes taken, counted from the beginning. */
  taken?: number;
  /** Ticks taken besides. */
  ticks?: readonly number[];
}

/** A visit with one counter. */
export function visitOf(venueId: number, date: string, more: StopOptions = {}): StopWithCounters {
  const fromMinute = parseMinute(more.from ?? '9:00') ?? 0;
  const toMinute = more.to === undefined ? fromMinute + 60 : (parseMinute(more.to) ?? 0);
  const first = minuteToTick(fromMinute);
  const taken = Array.from({ length: (more.taken ?? 0) / 5 }, (_, index) => first + index);
  return {
    id: nextId++,
    date,
    fromMinute,
    toMinute,
    startsAt: OFFICE_ZONE.instantAt(date, fromMinute),
    endsAt: OFFICE_ZONE.instantAt(date, toMinute),
    venueId,
    announced: more.announced ?? null,
    kitId: more.kit ?? FULL_KIT,
    counters: [{ counter: 1, clerkId: more.clerk ?? 1, taken: [...taken, ...(more.ticks ?? [])] }],
  };
}

function directoryOf(venues: readonly Venue[], rules: Partial<BookingRules>): Directory {
  const municipality = (id: number): Municipality => ({
    id,
    slug: `gemeinde-${id}`,
    name: `Gemeinde ${id}`,
    officeName: 'Bürgerbüro',
    contactEmail: null,
    contactPhone: null,
    postalAddress: '',
    cardOnly: true,
    at: HERE,
    rules: { ...DEFAULT_RULES, ...rules },
  });
  const byId = <T extends { id: number }>(items: readonly T[]) => new Map(items.map((item) => [item.id, item]));
  const services = [PASSPORT, CERTIFICATE];
  return {
    municipalities: byId([municipality(1), municipality(2)]),
    venues: byId(venues),
    services,
    servicesById: byId(services),
    servicesBySlug: new Map(services.map((one) => [one.slug, one])),
    kits: new Map([
      [FULL_KIT, ['scanner']],
      [SMALL_KIT, []],
    ]),
    clerks: new Map([
      [1, [1, 2]],
      [NO_PASSPORTS, [2]],
    ]),
    places: buildPlaceIndex([]),
    placesById: new Map(),
  };
}

export interface CallerOffice {
  deps: FindOffersDeps;
  /** What was asked of the database, in order: 'stops', or so many counters. */
  queries: string[];
}

export function callerOffice(
  venues: readonly Venue[],
  stops: readonly StopWithCounters[],
  { now = NOW, rules = {} }: { now?: Instant; rules?: Partial<BookingRules> } = {},
): CallerOffice {
  const queries: string[] = [];
  const directory = directoryOf(venues, rules);
  const sorted = [...stops].sort((a, b) => a.startsAt - b.startsAt || a.id - b.id);
  const isAsked = (one: Stop, query: StopQuery): boolean =>
    query.venueIds.includes(one.venueId) &&
    query.kitIds.includes(one.kitId) &&
    one.date >= query.fromDate &&
    one.date <= query.toDate;
  return {
    queries,
    deps: {
      directory: () => Promise.resolve(directory),
      clock: { now: () => now },
      zone: OFFICE_ZONE,
      availability: {
        stops: (query: StopQuery) => {
          queries.push('stops');
          return Promise.resolve(sorted.filter((one) => isAsked(one, query)).slice(0, query.limit));
        },
        stop: () => Promise.resolve(undefined),
        withCounters: (asked: readonly Stop[]) => {
          queries.push(`counters of ${asked.length}`);
          return Promise.resolve(asked.map(({ id }) => stops.find((one) => one.id === id)!));
        },
      },
    },
  };
}

export function callerQuery(more: Partial<OffersQuery> = {}): OffersQuery {
  return {
    from: HERE,
    lines: lines(PASSPORT),
    dates: null,
    minutes: null,
    stepFree: false,
    scope: 'all',
    count: 3,
    ...more,
  };
}
