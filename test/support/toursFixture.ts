import { randomBytes } from 'node:crypto';
import { readPlanningPicture } from '../../server/data/planningRepository.ts';
import { createCallRepository } from '../../server/data/callRepository.ts';
import { createTourRepository, createTourUnit } from '../../server/data/tourRepository.ts';
import { createTourTimesRepository } from '../../server/data/tourTimes.ts';
import type { Database } from '../../server/data/knex.ts';
import type { Scope } from '../../server/domain/access.ts';
import type { Coordinates } from '../../server/domain/geo.ts';
import type { AskedTravel, TravelTimes, Way } from '../../server/domain/routing/travel.ts';
import type { Instant, LocalDate } from '../../server/domain/time.ts';
import type { PlannedStop, Tour, TourPlan } from '../../server/domain/tours/tour.ts';
import type { TourWork } from '../../server/features/tours/deps.ts';
import type { TimesWork } from '../../server/features/tours/freshTimes.ts';
import type { Planner } from '../../server/features/tours/ports.ts';
import { OFFICE_ZONE, type SmallOffice } from './officeFixture.ts';

/**
 * Roads on which every way takes the same, so that a test can add up by hand.
 * @param estimated as if no road were known
 */
export function evenRoads(minutes: number, estimated = false) {
  const between = <T>(places: readonly Coordinates[], same: T, value: T): T[][] =>
    places.map((_, from) => places.map((__, to) => (from === to ? same : value)));
  return {
    matrix: (places: readonly Coordinates[]): Promise<AskedTravel> =>
      Promise.resolve({
        seconds: between(places, 0, minutes * 60),
        metres: between(places, 0, minutes * 1000),
        estimated: between(places, false, estimated),
        fellBack: false,
      }),
    ways: (places: readonly Coordinates[]): Promise<Way[]> =>
      Promise.resolve(
        places.slice(1).map((to, index) => ({ points: [places[index] ?? to, to], estimated, streets: [] })),
      ),
  };
}

/**
 * What the use cases of the tours need, as the program builds it; no day is a holiday.
 * @param travel default: every way takes no time
 */
export function tourDeps(database: Database, now: () => Instant, travel: TravelTimes = evenRoads(0)) {
  return {
    picture: (scope: Scope, fromDate: LocalDate, toDate: LocalDate) =>
      readPlanningPicture(database.reader, scope, fromDate, toDate, now()),
    ...createTourRepository(database.reader),
    ...createTourTimesRepository(database.reader),
    calls: createCallRepository(database, now),
    unit: <T>(work: (unit: ReturnType<typeof createTourUnit>) => Promise<T>): Promise<T> =>
      database.unit((trx) => work(createTourUnit(trx))),
    travel,
    holidays: { on: () => null },
    clock: { now },
    zone: OFFICE_ZONE,
    random: { series: () => randomBytes(16).toString('base64url') },
  } satisfies TourWork & TimesWork & Record<string, unknown>;
}

async function insertOne(database: Database, table: string, row: object): Promise<number> {
  const [inserted] = await database.writer<{ id: number }>(table).insert(row, ['id']);
  if (inserted === undefined) throw new Error(`Nothing was inserted into ${table}`);
  return inserted.id;
}

/** Somebody who plans; without municipalities: in all of them. */
export async function addPlanner(
  database: Database,
  name: string,
  municipalities: readonly number[] | null = null,
): Promise<Planner> {
  const email = `${randomBytes(6).toString('hex')}@amt.example`;
  const userId = await insertOne(database, 'users', { email, name, created_at: 0 });
  const grants =
    municipalities === null
      ? [{ role: 'planner' as const, municipalityId: null }]
      : municipalities.map((municipalityId) => ({ role: 'planner' as const, municipalityId }));
  return {
    actor: { userId, name, email, grants },
    scope: municipalities === null ? 'all' : new Set(municipalities),
  };
}

/** Another clerk of the small office, qualified for everything unless said otherwise. */
export async function addClerk(
  database: Database,
  office: SmallOffice,
  name: string,
  services: readonly number[] = Object.values(office.services),
): Promise<number> {
  const id = await insertOne(database, 'clerks', { municipality_id: office.municipalityId, name });
  if (services.length > 0) {
    await database.writer('clerk_qualifications').insert(services.map((service_id) => ({ clerk_id: id, service_id })));
  }
  return id;
}

/** Another kit of the small office. */
export async function addKit(
  database: Database,
  office: SmallOffice,
  name: string,
  capabilities: readonly string[] = ['fingerprint'],
): Promise<number> {
  const { municipalityId: municipality_id, depotId: depot_id } = office;
  const id = await insertOne(database, 'kits', { municipality_id, name, depot_id });
  if (capabilities.length > 0) {
    await database.writer('kit_capabilities').insert(capabilities.map((capability) => ({ kit_id: id, capability })));
  }
  return id;
}

/** A municipality of its own, with a venue, a depot, a kit and a clerk. */
export async function addNeighbour(database: Database) {
  const municipalityId = await insertOne(database, 'municipalities', {
    slug: 'nachbarort',
    name: 'Nachbarort',
    ags: '14524999',
    office_name: 'Gemeinde Nachbarort',
    lat: 50.9,
    lon: 12.6,
  });
  const venueId = await insertOne(database, 'venues', {
    municipality_id: municipalityId,
    slug: 'nachbarort-schule',
    name: 'Schule',
    locality: 'Nachbarort',
    street: 'Hauptstraße 1',
    postcode: '08396',
    city: 'Nachbarort',
    lat: 50.9,
    lon: 12.6,
    step_free: true,
  });
  const depotId = await insertOne(database, 'depots', {
    municipality_id: municipalityId,
    name: 'Bauhof',
    lat: 50.9,
    lon: 12.6,
  });
  const kitId = await insertOne(database, 'kits', {
    municipality_id: municipalityId,
    name: 'Nachbarkoffer',
    depot_id: depotId,
  });
  const clerkId = await insertOne(database, 'clerks', { municipality_id: municipalityId, name: 'N. Nachbar' });
  return { municipalityId, venueId, depotId, kitId, clerkId };
}

export function stopAt(venueId: number, fromMinute: number, toMinute: number, more: Partial<PlannedStop> = {}) {
  return { id: null, venueId, fromMinute, toMinute, counters: 1, setUpMinutes: 20, tearDownMinutes: 15, ...more };
}

/** A plan of the small office: its kit and clerk, one stop from 9 to 12 at the first venue. */
export function planOf(office: SmallOffice, date: LocalDate, more: Partial<TourPlan> = {}): TourPlan {
  return {
    municipalityId: office.municipalityId,
    date,
    depotId: office.depotId,
    kitId: office.kitId,
    clerkIds: [office.clerkId],
    announced: null,
    note: null,
    stops: [stopAt(office.firstVenueId, 540, 720)],
    ...more,
  };
}

/** The tour of a stop, as it is now. */
export async function tourOf(database: Database, stopId: number): Promise<Tour> {
  const row: { tour_id: number } | undefined = await database.reader('stops').where('id', stopId).first('tour_id');
  const tour = row === undefined ? null : await createTourRepository(database.reader).tour('all', row.tour_id);
  if (tour === null) throw new Error(`No tour has stop ${stopId}`);
  return tour;
}
