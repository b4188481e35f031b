import { randomBytes, randomInt } from 'node:crypto';
import { createAppointmentRepository, createAppointmentUnit } from '../../server/data/appointmentRepository.ts';
import { keepFor, readDirectory } from '../../server/data/directoryRepository.ts';
import { openDatabase, rowsOf, type Database, type DatabaseConfig } from '../../server/data/knex.ts';
import { migrateUp } from '../../server/data/migrate.ts';
import { createStopRepository } from '../../server/data/stopRepository.ts';
import type { Line } from '../../server/domain/booking/office.ts';
import { LIVE_STATES } from '../../server/domain/booking/states.ts';
import { addDays, type Instant, type LocalDate } from '../../server/domain/time.ts';
import { bookAppointment, type BookOutcome } from '../../server/features/booking/bookAppointment.ts';
import { holdTime, type HoldOutcome, type Slot } from '../../server/features/booking/holdTime.ts';
import { saveDetails } from '../../server/features/booking/saveDetails.ts';
import { OFFICE_ZONE, seedSmallOffice, type SmallOffice } from './officeFixture.ts';

/** Opens a database and brings it to the newest state. */
export async function openMigrated(config: DatabaseConfig): Promise<Database> {
  const database = openDatabase(config);
  await migrateUp(database);
  return database;
}

/** The local date so many days after today, for programs that run by the real clock. */
export function daysFromToday(days: number): LocalDate {
  return addDays(OFFICE_ZONE.local(Date.now()).date, days);
}

export interface RaceStop {
  stopId: number;
  tourId: number;
  kitId: number;
  date: LocalDate;
  fromMinute: number;
  toMinute: number;
  counters: number;
}

export interface RaceStopOptions {
  date: LocalDate;
  fromMinute: number;
  toMinute: number;
  counters: number;
}

async function insertOne(database: Database, table: string, row: object): Promise<number> {
  const [inserted] = await database.writer<{ id: number }>(table).insert(row, ['id']);
  if (inserted === undefined) {
    throw new Error(`Nothing was inserted into ${table}`);
  }
  return inserted.id;
}

/** Publishes a tour of its own kit and its own clerks, with one stop of so many counters at the first venue. */
export async function insertRaceStop(
  database: Database,
  office: SmallOffice,
  { date, fromMinute, toMinute, counters }: RaceStopOptions,
): Promise<RaceStop> {
  const { writer } = database;
  const municipality_id = office.municipalityId;
  const kitId = await insertOne(database, 'kits', {
    municipality_id,
    name: `Koffer ${randomBytes(6).toString('hex')}`,
    depot_id: office.depotId,
  });
  await writer('kit_capabilities').insert([{ kit_id: kitId, capability: 'fingerprint' }]);
  const tourId = await insertOne(database, 'tours', {
    municipality_id,
    date,
    state: 'published',
    created_at: 0,
    published_at: 0,
  });
  await writer('tour_kits').insert({ tour_id: tourId, date, kit_id: kitId });
  const stopId = await insertOne(database, 'stops', {
    tour_id: tourId,
    date,
    position: 1,
    kind: 'public',
    venue_id: office.firstVenueId,
    from_minute: fromMinute,
    to_minute: toMinute,
    starts_at: OFFICE_ZONE.instantAt(date, fromMinute),
    ends_at: OFFICE_ZONE.instantAt(date, toMinute),
    set_up_minutes: 20,
    tear_down_minutes: 15,
  });
  for (let counter = 1; counter <= counters; counter++) {
    const clerkId = await insertOne(database, 'clerks', { municipality_id, name: `Schalter ${counter}` });
    await writer('clerk_qualifications').insert(
      Object.values(office.services).map((service_id) => ({ clerk_id: clerkId, service_id })),
    );
    await writer('tour_clerks').insert({ tour_id: tourId, date, clerk_id: clerkId });
    await writer('stop_counters').insert({ stop_id: stopId, counter, tour_id: tourId, clerk_id: clerkId });
  }
  return { stopId, tourId, kitId, date, fromMinute, toMinute, counters };
}

/** The small office with one more stop to race for; the rest of the office stands on the same date. */
export async function seedRace(
  database: Database,
  options: RaceStopOptions,
): Promise<{ office: SmallOffice; stop: RaceStop }> {
  const office = await seedSmallOffice(database, { date: options.date });
  return { office, stop: await insertRaceStop(database, office, options) };
}

/** What the use cases of the booking need, as the program builds it: real randomness, the office kept for a second. */
export function raceDeps(database: Database, now: () => Instant) {
  return {
    directory: keepFor(1_000, now, () => readDirectory(database.reader)),
    availability: createStopRepository(database.reader),
    appointments: createAppointmentRepository(database.reader),
    unit: <T>(work: (unit: ReturnType<typeof createAppointmentUnit>) => Promise<T>): Promise<T> =>
      database.unit((trx) => work(createAppointmentUnit(trx))),
    clock: { now },
    zone: OFFICE_ZONE,
    random: {
      int: (max: number) => randomInt(max),
      secret: newSecret,
      fraction: () => randomInt(2 ** 32) / 2 ** 32,
    },
  };
}

export type RaceDeps = ReturnType<typeof raceDeps>;

export function newSecret(): string {
  return randomBytes(16).toString('base64url');
}

/** `personalausweis` is 20 minutes (4 ticks), `fuehrungszeugnis` 10 (2 ticks). */
export async function lineOf(deps: RaceDeps, slug: string, persons = 1): Promise<Line[]> {
  const service = (await deps.directory()).servicesBySlug.get(slug);
  if (service === undefined) {
    throw new Error(`No service ${slug}`);
  }
  return [{ service, persons }];
}

export async function holdSlot(
  deps: RaceDeps,
  slot: Slot,
  { secret = newSecret(), slug = 'personalausweis', persons = 1 } = {},
): Promise<HoldOutcome & { secret: string }> {
  const lines = await lineOf(deps, slug, persons);
  return { ...(await holdTime(deps, { secret, slot, lines, originPlaceId: null, locale: 'de' })), secret };
}

/** Hold, name, booking: the whole way of one citizen. */
export async function bookSlot(
  deps: RaceDeps,
  slot: Slot,
  { slug = 'personalausweis', email = null as string | null, name = 'Vogel' } = {},
): Promise<(BookOutcome | HoldOutcome) & { secret: string }> {
  const held = await holdSlot(deps, slot, { slug });
  if (held.kind !== 'held') {
    return held;
  }
  await saveDetails(deps, held.secret, {
    firstName: null,
    familyName: name,
    contactKind: email === null ? 'none' : 'email',
    contact: email,
  });
  return { ...(await bookAppointment(deps, held.secret)), secret: held.secret };
}

interface TickRow {
  stop_id: number;
  counter: number;
  tick: number;
  appointment_id: number | null;
  free_at: number | null;
}

interface AppointmentRow {
  id: number;
  reference: string | null;
  state: string;
  stop_id: number;
  counter: number;
  start_tick: number;
  ticks: number;
  hold_until: number | null;
  family_name: string | null;
  contact_kind: string | null;
  confirmed_at: number | null;
  services: number | string;
}

/**
 * What is wrong with the occupied time at the instant `now`; an empty list: nothing.
 *
 * Read in one transaction, so that it is one picture even while others write.
 */
export async function occupancyFaults(database: Database, now: Instant): Promise<string[]> {
  const { ticks, appointments, counters } = await database.unit(async (trx) => ({
    appointments: rowsOf<AppointmentRow>(
      await trx.raw(
        `select a.*, (select count(*) from appointment_services s where s.appointment_id = a.id) as services
         from appointments a order by a.id`,
      ),
    ),
    ticks: rowsOf<TickRow>(await trx.raw('select * from counter_ticks order by stop_id, counter, tick')),
    counters: rowsOf<{ stop_id: number; counter: number; from_minute: number; to_minute: number }>(
      await trx.raw(
        'select c.stop_id, c.counter, s.from_minute, s.to_minute from stop_counters c join stops s on s.id = c.stop_id',
      ),
    ),
  }));
  const faults: string[] = [];
  const owned = new Map<number, TickRow[]>();
  for (const tick of ticks) {
    if (tick.appointment_id !== null) {
      owned.set(tick.appointment_id, [...(owned.get(tick.appointment_id) ?? []), tick]);
    }
  }
  const claimed = new Map<string, number>();
  const references = new Set<string>();
  for (const row of appointments) {
    const who = `appointment ${row.id} (${row.state})`;
    const own = owned.get(row.id) ?? [];
    owned.delete(row.id);
    if (row.reference !== null && references.has(row.reference)) {
      faults.push(`${who}: reference ${row.reference} twice`);
    }
    references.add(row.reference ?? '');
    if (Number(row.services) === 0) {
      faults.push(`${who}: no services`);
    }
    const isReserved = row.state === 'held' || row.state === 'pending';
    const isRunning = !isReserved || (row.hold_until ?? 0) > now;
    if (!(LIVE_STATES as readonly string[]).includes(row.state)) {
      if (own.length > 0) {
        faults.push(`${who}: still owns ${own.length} ticks`);
      }
      continue;
    }
    if (row.state === 'confirmed') {
      if (row.family_name === null || row.contact_kind === null || row.confirmed_at === null) {
        faults.push(`${who}: not complete`);
      }
      if (own.some((tick) => tick.free_at !== null)) {
        faults.push(`${who}: somebody may take its time over`);
      }
    }
    if (!isRunning) {
      if (own.some((tick) => tick.free_at === null || tick.free_at > now)) {
        faults.push(`${who}: the hold has ended, its time is not free`);
      }
      continue;
    }
    if (isReserved && own.some((tick) => tick.free_at !== row.hold_until)) {
      faults.push(`${who}: its time is free at another moment than its hold ends`);
    }
    const expected = Array.from({ length: row.ticks }, (_, index) => row.start_tick + index);
    const found = own
      .filter((tick) => tick.stop_id === row.stop_id && tick.counter === row.counter)
      .map((tick) => tick.tick);
    if (own.length !== row.ticks || found.join() !== expected.join()) {
      faults.push(`${who}: should own ${expected.join()}, owns ${own.map((tick) => tick.tick).join()}`);
    }
    for (const tick of expected) {
      const key = `${row.stop_id}/${row.counter}/${tick}`;
      const other = claimed.get(key);
      if (other !== undefined) {
        faults.push(`${who} and appointment ${other} are both at ${key}`);
      }
      claimed.set(key, row.id);
    }
    const counter = counters.find((one) => one.stop_id === row.stop_id && one.counter === row.counter);
    const end = row.start_tick + row.ticks;
    if (counter === undefined || row.start_tick * 5 < counter.from_minute || end * 5 > counter.to_minute) {
      faults.push(`${who}: outside the window of its stop`);
    }
  }
  for (const [id, left] of owned) {
    faults.push(`${left.length} ticks belong to appointment ${id}, which does not exist`);
  }
  return faults;
}

export async function countWhere(database: Database, table: string, where: object = {}): Promise<number> {
  const row = await database.reader(table).where(where).count<{ n: number | string }[]>({ n: '*' }).first();
  return Number(row?.n ?? 0);
}
