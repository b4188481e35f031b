import type { Knex } from 'knex';
import type { Database } from '../data/knex.ts';
import { addDays, daysBetween, MILLISECONDS_PER_MINUTE, minuteToTick, tickToMinute } from '../domain/time.ts';
import type { Instant, LocalDate } from '../domain/time.ts';
import { missingCapabilities } from '../domain/tours/capability.ts';
import type { Zone } from '../zone.ts';
import { createRandomInt, planBookings } from './bookings.ts';
import type { BookableService, Filling, PlannedBooking } from './bookings.ts';
import { DEMO_CLERKS, DEMO_DEPOT, DEMO_KITS } from './crew.ts';
import { insertPlanningFacts, insertThingsToDecide } from './planning.ts';
import { DEMO_PLACES } from './placesData.ts';
import { DEMO_CAPABILITIES, DEMO_FORMS, DEMO_SERVICES } from './services.ts';
import { DEMO_HORIZON_DAYS, planTours, RARE_PATTERN, rareTourChoices } from './tours.ts';
import type { Demand, PlannedTour } from './tours.ts';
import { insertDemoUsers } from './users.ts';
import { DEMO_MUNICIPALITIES, DEMO_VENUES } from './venues.ts';

/**
 * Fills the database with the demonstration: two municipalities with venues, services, kits and clerks, and published
 * tours with invented bookings from today to eight weeks ahead, both inclusive.
 *
 * The first call creates everything, a later one only adds the tours that have since come into these eight weeks. What
 * is there stays as it is, whoever made or changed it; a tour that was moved, changed or cancelled does not come back.
 * One transaction; calls at the same time wait for each other.
 *
 * @param now decides what today is and when the invented bookings were made
 * @throws what the database throws; then nothing of it remains
 */
export async function seedDemonstration(database: Database, now: Instant, zone: Zone): Promise<void> {
  await database.unit(async (trx) => {
    // On SQLite the transaction begins with the write lock already.
    if (database.kind === 'postgres') await trx.raw('select pg_advisory_xact_lock(?)', [SEED_LOCK]);

    const meerane = await trx<{ id: number; ags: string }>('municipalities').where({ ags: MEERANE_AGS }).first('id');
    if (meerane === undefined) await insertMasterData(trx);
    await insertDemoUsers(trx, now);
    const office = await loadOffice(trx);
    const tours = await missingTours(trx, office, zone.local(now).date, zone);
    const stops = await insertTours(trx, office, tours, zone);
    const today = zone.local(now).date;
    await insertBookings(trx, office, stops, { now, today, isFirst: meerane === undefined }, zone);
    const awayId = office.clerks[3]?.id;
    if (meerane === undefined && awayId !== undefined) {
      await insertThingsToDecide(trx, { today, clerkId: awayId, now }, zone);
    }
  });
}

/** Any number no other use of advisory locks in this database has. */
const SEED_LOCK = 14_524_190;

const MEERANE_AGS = '14524190';

/** Rows of one INSERT: keeps the number of bound values far below what the databases accept. */
const CHUNK = 200;

async function insertRows(trx: Knex.Transaction, table: string, rows: readonly object[]): Promise<void> {
  for (let i = 0; i < rows.length; i += CHUNK) await trx(table).insert(rows.slice(i, i + CHUNK));
}

/** Answers the given columns of the new rows, in no particular order. */
async function insertReturning<Row>(
  trx: Knex.Transaction,
  table: string,
  rows: readonly object[],
  columns: readonly (keyof Row & string)[],
): Promise<Row[]> {
  const inserted: Row[] = [];
  for (let i = 0; i < rows.length; i += CHUNK) {
    inserted.push(...((await trx(table).insert(rows.slice(i, i + CHUNK), [...columns])) as Row[]));
  }
  return inserted;
}

async function insertMasterData(trx: Knex.Transaction): Promise<void> {
  const municipalities = await insertReturning<{ id: number; slug: string }>(
    trx,
    'municipalities',
    DEMO_MUNICIPALITIES.map((one) => ({
      slug: one.slug,
      name: one.name,
      ags: one.ags,
      office_name: one.officeName,
      contact_email: one.contactEmail,
      contact_phone: one.contactPhone,
      postal_address: one.postalAddress,
      lat: one.lat,
      lon: one.lon,
    })),
    ['id', 'slug'],
  );
  const municipalityId = idOf(municipalities, (row) => row.slug);

  await insertRows(
    trx,
    'places',
    DEMO_PLACES.map(({ name, municipality, kind, postcode, lat, lon, population, source }) => ({
      name,
      municipality,
      kind,
      postcode,
      lat,
      lon,
      population,
      source,
    })),
  );
  await insertRows(
    trx,
    'venues',
    DEMO_VENUES.map((venue) => ({
      municipality_id: municipalityId(venue.municipality),
      slug: venue.slug,
      name: venue.name,
      locality: venue.locality,
      street: venue.street,
      postcode: venue.postcode,
      city: venue.city,
      lat: venue.lat,
      lon: venue.lon,
      step_free: venue.stepFree,
      access_de: venue.accessDe,
      access_en: venue.accessEn,
    })),
  );
  await insertRows(
    trx,
    'capabilities',
    DEMO_CAPABILITIES.map((code) => ({ code })),
  );
  const serviceId = await insertServices(trx);
  await insertKitsAndClerks(trx, municipalityId('meerane'), serviceId);
}

async function insertServices(trx: Knex.Transaction): Promise<(slug: string) => number> {
  const services = await insertReturning<{ id: number; slug: string }>(
    trx,
    'services',
    DEMO_SERVICES.map((service, index) => ({
      slug: service.slug,
      leika_key: service.leikaKey,
      category: service.category,
      position: (index + 1) * 10,
      minutes: service.minutes,
      home_minutes: service.homeMinutes,
      in_person: service.inPerson,
      forms: DEMO_FORMS[service.slug]?.join('\n') ?? null,
    })),
    ['id', 'slug'],
  );
  const serviceId = idOf(services, (row) => row.slug);

  const texts = DEMO_SERVICES.flatMap((service) =>
    (['de', 'en'] as const).map((locale) => ({ service_id: serviceId(service.slug), locale, ...service[locale] })),
  );
  await insertRows(
    trx,
    'service_texts',
    texts.map(({ service_id, locale, name, feeNote, note }) => ({ service_id, locale, name, fee_note: feeNote, note })),
  );
  await insertRows(
    trx,
    'service_documents',
    texts.flatMap(({ service_id, locale, documents }) =>
      documents.map((text, index) => ({ service_id, locale, position: index + 1, text })),
    ),
  );
  await insertRows(
    trx,
    'service_needs',
    DEMO_SERVICES.flatMap(({ slug, needs }) =>
      needs.map((capability) => ({ service_id: serviceId(slug), capability })),
    ),
  );
  await insertRows(
    trx,
    'service_fees',
    DEMO_SERVICES.map(({ slug, fee }) => ({
      service_id: serviceId(slug),
      valid_from: fee.validFrom,
      amount_cents: fee.cents,
      legal_basis: fee.legalBasis,
    })),
  );
  return serviceId;
}

/** One after the other, so that their ids are in the order of the lists: the tours refer to them by this order. */
async function insertKitsAndClerks(
  trx: Knex.Transaction,
  municipalityId: number,
  serviceId: (slug: string) => number,
): Promise<void> {
  const [depot] = await insertReturning<{ id: number }>(
    trx,
    'depots',
    [{ municipality_id: municipalityId, ...DEMO_DEPOT }],
    ['id'],
  );
  for (const kit of DEMO_KITS) {
    const row = { municipality_id: municipalityId, name: kit.name, depot_id: depot?.id };
    const [inserted] = await insertReturning<{ id: number }>(trx, 'kits', [row], ['id']);
    await insertRows(
      trx,
      'kit_capabilities',
      kit.capabilities.map((capability) => ({ kit_id: inserted?.id, capability })),
    );
  }
  const clerkIds: number[] = [];
  for (const clerk of DEMO_CLERKS) {
    const row = { municipality_id: municipalityId, name: clerk.name, depot_id: depot?.id };
    const [inserted] = await insertReturning<{ id: number }>(trx, 'clerks', [row], ['id']);
    await insertRows(
      trx,
      'clerk_qualifications',
      clerk.qualifiedFor.map((slug) => ({ clerk_id: inserted?.id, service_id: serviceId(slug) })),
    );
    if (inserted !== undefined) clerkIds.push(inserted.id);
  }
  await insertPlanningFacts(trx, clerkIds);
}

/** What the tours refer to, as it is in the database now: somebody may have changed or retired some of it. */
interface Office {
  readonly municipalities: ReadonlyMap<string, { id: number; set_up_minutes: number; tear_down_minutes: number }>;
  /** Not retired, by slug. */
  readonly venues: ReadonlyMap<string, { id: number; slug: string }>;
  /** In the order of DEMO_KITS; undefined where retired. */
  readonly kits: readonly ({ id: number; depotId: number; capabilities: readonly string[] } | undefined)[];
  /** In the order of DEMO_CLERKS; undefined where retired. */
  readonly clerks: readonly ({ id: number; qualifiedFor: ReadonlySet<number> } | undefined)[];
  readonly services: readonly {
    id: number;
    slug: string;
    minutes: number;
    needs: readonly string[];
    fees: readonly Fee[];
  }[];
}

interface Fee {
  valid_from: LocalDate;
  amount_cents: number | null;
}

async function loadOffice(trx: Knex.Transaction): Promise<Office> {
  type Row<T> = Knex.QueryBuilder<T & object, (T & object)[]>;
  const municipalities = await (trx('municipalities') as Row<{
    id: number;
    slug: string;
    ags: string;
    set_up_minutes: number;
    tear_down_minutes: number;
  }>);
  const bySlug = new Map(
    DEMO_MUNICIPALITIES.flatMap(({ slug, ags }) =>
      municipalities.filter((row) => row.ags === ags).map((row) => [slug, row]),
    ),
  );
  const ofMeerane = { municipality_id: bySlug.get('meerane')?.id ?? 0 };
  const venues = await (trx('venues').whereNull('retired_at') as Row<{ id: number; slug: string }>);
  type Retirable = { id: number; retired_at: number | null };
  const kits = await (trx('kits').where(ofMeerane).orderBy('id').limit(DEMO_KITS.length) as Row<
    Retirable & { depot_id: number }
  >);
  const clerks = await (trx('clerks').where(ofMeerane).orderBy('id').limit(DEMO_CLERKS.length) as Row<Retirable>);
  const capabilities = await (trx('kit_capabilities') as Row<{ kit_id: number; capability: string }>);
  const qualifications = await (trx('clerk_qualifications') as Row<{ clerk_id: number; service_id: number }>);
  const services = await (trx('services').whereNull('retired_at').orderBy('position') as Row<{
    id: number;
    slug: string;
    minutes: number;
  }>);
  const needs = await (trx('service_needs') as Row<{ service_id: number; capability: string }>);
  const fees = await (trx('service_fees').orderBy('valid_from') as Row<Fee & { service_id: number }>);

  return {
    municipalities: bySlug,
    venues: new Map(venues.map((venue) => [venue.slug, venue])),
    kits: kits.map(({ id, depot_id, retired_at }) =>
      retired_at === null
        ? {
            id,
            depotId: depot_id,
            capabilities: capabilities.filter((row) => row.kit_id === id).map((row) => row.capability),
          }
        : undefined,
    ),
    clerks: clerks.map(({ id, retired_at }) =>
      retired_at === null
        ? {
            id,
            qualifiedFor: new Set(qualifications.filter((row) => row.clerk_id === id).map((row) => row.service_id)),
          }
        : undefined,
    ),
    services: services.map(({ id, slug, minutes }) => ({
      id,
      slug,
      minutes,
      needs: needs.filter((row) => row.service_id === id).map((row) => row.capability),
      fees: fees.filter((row) => row.service_id === id),
    })),
  };
}

/**
 * When a tour of a pattern claims to be created: eight weeks before its date at midnight, plus the pattern's number in
 * milliseconds. Nobody else makes a tour at exactly that time, so it stays the mark of this tour even when its date,
 * its kit or its crew are changed.
 */
function markOf(tour: PlannedTour, zone: Zone): Instant {
  return zone.instantAt(addDays(tour.date, -DEMO_HORIZON_DAYS), 0) + tour.pattern.number;
}

/** The tours of the coming eight weeks that have not been made yet and whose kit, crew and venues are there and free. */
async function missingTours(
  trx: Knex.Transaction,
  office: Office,
  today: LocalDate,
  zone: Zone,
): Promise<PlannedTour[]> {
  const last = addDays(today, DEMO_HORIZON_DAYS);
  const made = await trx<{ date: LocalDate; created_at: Instant }>('tours')
    .where('created_at', '>=', zone.instantAt(addDays(today, -2 * DEMO_HORIZON_DAYS), 0))
    .select('date', 'created_at');
  const marks = new Set(made.map((tour) => tour.created_at));
  const busy = new Set<string>();
  for (const row of await trx('tour_kits').whereBetween('date', [today, last]).select<DatedKit[]>('date', 'kit_id')) {
    busy.add(`${row.date} kit ${row.kit_id}`);
  }
  for (const row of await trx('tour_clerks')
    .whereBetween('date', [today, last])
    .select<DatedClerk[]>('date', 'clerk_id')) {
    busy.add(`${row.date} clerk ${row.clerk_id}`);
  }

  const tours: PlannedTour[] = [];
  const takeIfPossible = (tour: PlannedTour): boolean => {
    const resources = resourcesOf(office, tour);
    if (marks.has(markOf(tour, zone)) || resources === null || resources.some((one) => busy.has(one))) return false;
    resources.forEach((one) => busy.add(one));
    tours.push(tour);
    return true;
  };
  planTours(today, last).forEach(takeIfPossible);

  const isRare = ({ created_at }: { created_at: Instant }): boolean =>
    created_at === zone.instantAt(zone.local(created_at).date, 0) + RARE_PATTERN.number;
  if (!made.some((tour) => isRare(tour) && tour.date >= today)) rareTourChoices(today).some(takeIfPossible);
  return tours;
}

interface DatedKit {
  date: LocalDate;
  kit_id: number;
}

interface DatedClerk {
  date: LocalDate;
  clerk_id: number;
}

/** What only one tour a day may have; null when something the tour needs does not exist or is retired. */
function resourcesOf(office: Office, { date, pattern }: PlannedTour): string[] | null {
  const kit = office.kits[pattern.kit];
  const crew = pattern.crew.flatMap((index) => office.clerks[index] ?? []);
  const isComplete =
    office.municipalities.has(pattern.municipality) &&
    crew.length === pattern.crew.length &&
    pattern.stops.every((stop) => office.venues.has(stop.venue));
  if (kit === undefined || !isComplete) return null;

  return [`${date} kit ${kit.id}`, ...crew.map((clerk) => `${date} clerk ${clerk.id}`)];
}

interface NewStop {
  readonly id: number;
  readonly tour: PlannedTour;
  readonly venue: string;
  readonly demand: Demand;
  readonly fromMinute: number;
  readonly toMinute: number;
}

async function insertTours(
  trx: Knex.Transaction,
  office: Office,
  tours: readonly PlannedTour[],
  zone: Zone,
): Promise<NewStop[]> {
  const insertedTours = await insertReturning<{ id: number; created_at: Instant }>(
    trx,
    'tours',
    tours.map((tour) => ({
      municipality_id: office.municipalities.get(tour.pattern.municipality)?.id,
      date: tour.date,
      depot_id: office.kits[tour.pattern.kit]?.depotId,
      state: 'published',
      created_at: markOf(tour, zone),
      published_at: markOf(tour, zone),
    })),
    ['id', 'created_at'],
  );
  const tourId = idOf(insertedTours, (row) => row.created_at);
  const idOfTour = (tour: PlannedTour): number => tourId(markOf(tour, zone));

  await insertRows(
    trx,
    'tour_kits',
    tours.map((tour) => ({ tour_id: idOfTour(tour), date: tour.date, kit_id: office.kits[tour.pattern.kit]?.id })),
  );
  await insertRows(
    trx,
    'tour_clerks',
    tours.flatMap((tour) =>
      tour.pattern.crew.map((index) => ({
        tour_id: idOfTour(tour),
        date: tour.date,
        clerk_id: office.clerks[index]?.id,
      })),
    ),
  );

  const stops = tours.flatMap((tour) =>
    tour.stops.map(({ stop, demand }, index) => ({
      row: {
        tour_id: idOfTour(tour),
        date: tour.date,
        position: index + 1,
        kind: 'public',
        venue_id: office.venues.get(stop.venue)?.id,
        from_minute: stop.fromMinute,
        to_minute: stop.toMinute,
        starts_at: zone.instantAt(tour.date, stop.fromMinute),
        ends_at: zone.instantAt(tour.date, stop.toMinute),
        set_up_minutes: office.municipalities.get(tour.pattern.municipality)?.set_up_minutes,
        tear_down_minutes: office.municipalities.get(tour.pattern.municipality)?.tear_down_minutes,
      },
      stop: { tour, venue: stop.venue, demand, fromMinute: stop.fromMinute, toMinute: stop.toMinute },
    })),
  );
  const insertedStops = await insertReturning<{ id: number; tour_id: number; position: number }>(
    trx,
    'stops',
    stops.map(({ row }) => row),
    ['id', 'tour_id', 'position'],
  );
  const stopId = idOf(insertedStops, (row) => `${row.tour_id} ${row.position}`);
  const newStops = stops.map(({ row, stop }) => ({ id: stopId(`${row.tour_id} ${row.position}`), ...stop }));

  await insertRows(
    trx,
    'stop_counters',
    newStops.flatMap(({ id, tour }) =>
      tour.pattern.crew.map((clerk, index) => ({
        stop_id: id,
        counter: index + 1,
        tour_id: idOfTour(tour),
        clerk_id: office.clerks[clerk]?.id,
      })),
    ),
  );
  return newStops;
}

interface Occasion {
  readonly now: Instant;
  readonly today: LocalDate;
  /** Whether the database was empty. */
  readonly isFirst: boolean;
}

async function insertBookings(
  trx: Knex.Transaction,
  office: Office,
  stops: readonly NewStop[],
  occasion: Occasion,
  zone: Zone,
): Promise<void> {
  const bookings = stops.flatMap((stop) => bookingsOf(office, stop, occasion).map((booking) => ({ stop, booking })));
  const inserted = await insertReturning<{ id: number; reference: string }>(
    trx,
    'appointments',
    bookings.map(({ stop, booking }) => appointmentRow(stop, booking, occasion.now, zone)),
    ['id', 'reference'],
  );
  const appointmentId = idOf(inserted, (row) => row.reference);

  await insertRows(
    trx,
    'appointment_services',
    bookings.flatMap(({ booking }) =>
      booking.lines.map(({ service, persons }) => ({
        appointment_id: appointmentId(booking.reference),
        service_id: service.id,
        persons,
        minutes: service.minutes,
        fee_cents: service.feeCents,
      })),
    ),
  );
  await insertRows(
    trx,
    'counter_ticks',
    bookings.flatMap(({ stop, booking }) =>
      Array.from({ length: booking.ticks }, (_, index) => ({
        stop_id: stop.id,
        counter: booking.counter,
        tick: booking.startTick + index,
        appointment_id: appointmentId(booking.reference),
        free_at: null,
      })),
    ),
  );
}

function bookingsOf(office: Office, stop: NewStop, occasion: Occasion): PlannedBooking[] {
  const { date, pattern } = stop.tour;
  const random = createRandomInt(`${date} ${stop.venue} ${stop.fromMinute}`);
  const capabilities = office.kits[pattern.kit]?.capabilities ?? [];
  const counters = pattern.crew.map((clerk, index) => ({
    counter: index + 1,
    services: office.services
      .filter((service) => missingCapabilities(service.needs, capabilities).length === 0)
      .filter((service) => office.clerks[clerk]?.qualifiedFor.has(service.id))
      .map((service): BookableService => {
        const fee = service.fees.findLast(({ valid_from }) => valid_from <= date);
        return { id: service.id, slug: service.slug, minutes: service.minutes, feeCents: fee?.amount_cents ?? null };
      }),
  }));
  const window = { fromTick: minuteToTick(stop.fromMinute), toTick: minuteToTick(stop.toMinute) };
  return planBookings({ ...window, counters }, fillingOf(stop.demand, date, occasion, random(100) / 100), random);
}

/**
 * Two weeks ahead about six tenths are booked, eight weeks ahead hardly anything. Days that come in later are looked at
 * when they are near, and nobody books them meanwhile: they get their bookings at once.
 * @param chance from 0 to 1
 */
function fillingOf(demand: Demand, date: LocalDate, occasion: Occasion, chance: number): Filling {
  switch (demand) {
    case 'full':
    case 'last':
      return { kind: demand };
    case 'none':
      return { kind: 'share', share: 0 };
    case 'usual': {
      const nearness = 0.75 - 0.013 * daysBetween(occasion.today, date) + 0.25 * (chance - 0.5);
      const share = occasion.isFirst ? Math.min(0.9, Math.max(0, nearness)) : 0.15 + 0.5 * chance;
      return { kind: 'share', share };
    }
  }
}

function appointmentRow(stop: NewStop, booking: PlannedBooking, now: Instant, zone: Zone): object {
  const { date } = stop.tour;
  const bookedAt = now - booking.minutesAgo * MILLISECONDS_PER_MINUTE;
  return {
    reference: booking.reference,
    secret: booking.secret,
    state: 'confirmed',
    channel: booking.channel,
    stop_id: stop.id,
    counter: booking.counter,
    date,
    start_tick: booking.startTick,
    ticks: booking.ticks,
    starts_at: zone.instantAt(date, tickToMinute(booking.startTick)),
    ends_at: zone.instantAt(date, tickToMinute(booking.startTick + booking.ticks)),
    locale: booking.locale,
    first_name: booking.firstName,
    family_name: booking.familyName,
    family_key: booking.familyKey,
    contact_kind: 'none',
    created_at: bookedAt,
    confirmed_at: bookedAt + 3 * MILLISECONDS_PER_MINUTE,
  };
}

/** Finds the id of a row by its natural key. */
function idOf<Row extends { id: number }, Key>(rows: readonly Row[], keyOf: (row: Row) => Key): (key: Key) => number {
  const ids = new Map(rows.map((row) => [keyOf(row), row.id]));
  return (key) => {
    const id = ids.get(key);
    if (id === undefined) throw new Error(`The database did not answer the row just inserted: ${String(key)}`);
    return id;
  };
}
