import type { Knex } from 'knex';
import { isIn, type Scope } from '../domain/access.ts';
import type { Instant, LocalDate } from '../domain/time.ts';
import type {
  Busy,
  Closing,
  PlanningClerk,
  PlanningDepot,
  PlanningKit,
  PlanningMunicipality,
  PlanningPicture,
  PlanningService,
  PlanningVenue,
  WeeklyWindow,
} from '../domain/tours/picture.ts';
import type { Tour, TourWithLoad } from '../domain/tours/tour.ts';
import { stillThere } from './pendingRows.ts';
import { groupBy, inScope, readAll, readTours } from './tourRows.ts';

/**
 * Reads everything planning looks at, for tours from `fromDate` to `toDate`, both inclusive: always the same number of
 * queries, however many tours there are.
 * @param now holds that have ended by then are no load
 */
export async function readPlanningPicture(
  reader: Knex,
  scope: Scope,
  fromDate: LocalDate,
  toDate: LocalDate,
  now: Instant,
): Promise<PlanningPicture> {
  const [tours, possible, booked, appointments, busy, municipalities, services, closings] = await readAll(
    reader,
    () =>
      readTours(
        reader,
        (query) => void inScope(query.whereBetween('tours.date', [fromDate, toDate]), 'municipality_id', scope),
      ),
    () => possibleMinutes(reader, scope, fromDate, toDate),
    () => bookedTicks(reader, scope, fromDate, toDate, now),
    () => comingAppointments(reader, scope, fromDate, toDate, now),
    () => readBusy(reader, scope, fromDate, toDate),
    () => readMunicipalities(reader, scope),
    () => readServices(reader),
    () => readClosings(reader, scope, fromDate, toDate),
  );
  const [venues, kits, clerks] = await readAll(
    reader,
    () => readVenues(reader, scope, new Set(tours.flatMap(({ stops }) => stops.map(({ venueId }) => venueId)))),
    () => readKits(reader, scope, new Set(tours.flatMap(({ kitId }) => kitId ?? []))),
    () => readClerks(reader, scope, fromDate, toDate, new Set(tours.flatMap(({ clerkIds }) => clerkIds))),
  );
  const depotsInUse = new Set([...tours, ...kits.values(), ...clerks.values()].flatMap(({ depotId }) => depotId ?? []));
  return {
    municipalities,
    depots: await readDepots(reader, scope, depotsInUse),
    venues,
    kits,
    clerks,
    services,
    closings: closings.filter(({ venueId }) => venueId === null || venues.has(venueId)),
    tours: tours.map((tour) => withLoad(tour, possible, booked, appointments)).sort(inOrder),
    busy: busy.filter(({ what, id }) => (what === 'kit' ? kits : clerks).has(id)),
  };
}

function withLoad(
  tour: Tour,
  possible: ReadonlyMap<number, number>,
  bookedTicks: ReadonlyMap<number, number>,
  appointments: ReadonlyMap<number, number>,
): TourWithLoad {
  return {
    ...tour,
    possibleMinutes: possible.get(tour.id) ?? 0,
    bookedMinutes: 5 * (bookedTicks.get(tour.id) ?? 0),
    appointments: appointments.get(tour.id) ?? 0,
  };
}

function inOrder(a: Tour, b: Tour): number {
  const first = (tour: Tour): number => tour.stops[0]?.fromMinute ?? 0;
  return a.date < b.date ? -1 : a.date > b.date ? 1 : first(a) - first(b) || a.id - b.id;
}

/** Sums by tour, of the stops between both dates. */
async function sumByTour(
  knex: Knex,
  scope: Scope,
  fromDate: LocalDate,
  toDate: LocalDate,
  sum: string,
  narrow: (query: Knex.QueryBuilder) => void,
): Promise<Map<number, number>> {
  const query = knex('tours')
    .join('stops', 'stops.tour_id', 'tours.id')
    .whereBetween('tours.date', [fromDate, toDate])
    .where('stops.kind', 'public')
    .groupBy('tours.id')
    .select('tours.id', knex.raw(`${sum} as n`));
  inScope(query, 'tours.municipality_id', scope);
  narrow(query);
  const rows = (await query) as { id: number; n: number | string }[];
  return new Map(rows.map(({ id, n }) => [id, Number(n)]));
}

function possibleMinutes(knex: Knex, scope: Scope, fromDate: LocalDate, toDate: LocalDate) {
  return sumByTour(knex, scope, fromDate, toDate, 'sum(stops.to_minute - stops.from_minute)', (query) => {
    void query.join('stop_counters', 'stop_counters.stop_id', 'stops.id').whereNotNull('stop_counters.clerk_id');
  });
}

function bookedTicks(knex: Knex, scope: Scope, fromDate: LocalDate, toDate: LocalDate, now: Instant) {
  return sumByTour(knex, scope, fromDate, toDate, 'count(*)', (query) => {
    void query
      .join('counter_ticks', 'counter_ticks.stop_id', 'stops.id')
      .whereNotNull('counter_ticks.appointment_id')
      .where((taken) => {
        void taken.whereNull('counter_ticks.free_at').orWhere('counter_ticks.free_at', '>', now);
      });
  });
}

function comingAppointments(knex: Knex, scope: Scope, fromDate: LocalDate, toDate: LocalDate, now: Instant) {
  return sumByTour(knex, scope, fromDate, toDate, 'count(*)', (query) => {
    void query
      .join('appointments', 'appointments.stop_id', 'stops.id')
      .whereIn('appointments.state', ['pending', 'confirmed', 'arrived', 'served']);
    stillThere(query, now);
  });
}

async function readBusy(knex: Knex, scope: Scope, fromDate: LocalDate, toDate: LocalDate): Promise<Busy[]> {
  const read = (table: string, column: string) =>
    knex(table)
      .join('tours', 'tours.id', `${table}.tour_id`)
      .whereBetween(`${table}.date`, [fromDate, toDate])
      .whereNot('tours.state', 'cancelled')
      .select<{ date: LocalDate; id: number; tour_id: number; municipality_id: number }[]>(
        `${table}.date`,
        `${table}.${column} as id`,
        `${table}.tour_id`,
        'tours.municipality_id',
      )
      .orderBy([`${table}.date`, `${table}.tour_id`, `${table}.${column}`]);
  const [kits, clerks] = await readAll(
    knex,
    () => read('tour_kits', 'kit_id'),
    () => read('tour_clerks', 'clerk_id'),
  );
  const toBusy =
    (what: Busy['what']) =>
    (row: (typeof kits)[number]): Busy => ({
      date: row.date,
      what,
      id: row.id,
      tourId: row.tour_id,
      visible: isIn(scope, row.municipality_id),
    });
  return [...kits.map(toBusy('kit')), ...clerks.map(toBusy('clerk'))];
}

const byId = <T extends { id: number }>(items: readonly T[]): Map<number, T> =>
  new Map(items.map((item) => [item.id, item]));

async function readMunicipalities(knex: Knex, scope: Scope): Promise<Map<number, PlanningMunicipality>> {
  const rows = (await inScope(knex('municipalities').orderBy(['name', 'id']), 'id', scope)) as {
    id: number;
    slug: string;
    name: string;
    holiday_region: string;
    set_up_minutes: number;
    tear_down_minutes: number;
    max_working_minutes: number;
    break_after_minutes: number;
    break_minutes: number;
  }[];
  return byId(
    rows.map((row) => ({
      id: row.id,
      slug: row.slug,
      name: row.name,
      holidayRegion: row.holiday_region,
      setUpMinutes: row.set_up_minutes,
      tearDownMinutes: row.tear_down_minutes,
      maxWorkingMinutes: row.max_working_minutes,
      breakAfterMinutes: row.break_after_minutes,
      breakMinutes: row.break_minutes,
    })),
  );
}

/** Rows of a table of the master data: those in use, and retired ones that `used` names. */
async function inUse<Row extends { id: number; retired_at: Instant | null }>(
  knex: Knex,
  table: string,
  scope: Scope,
  used: ReadonlySet<number>,
): Promise<Row[]> {
  const rows = (await inScope(knex(table).orderBy(['name', 'id']), 'municipality_id', scope)) as Row[];
  return rows.filter(({ id, retired_at }) => retired_at === null || used.has(id));
}

interface Place {
  id: number;
  municipality_id: number;
  name: string;
  lat: number;
  lon: number;
  retired_at: Instant | null;
}

async function readDepots(knex: Knex, scope: Scope, used: ReadonlySet<number>): Promise<Map<number, PlanningDepot>> {
  const rows = await inUse<Place>(knex, 'depots', scope, used);
  return byId(
    rows.map((row) => ({
      id: row.id,
      municipalityId: row.municipality_id,
      name: row.name,
      at: { lat: row.lat, lon: row.lon },
      retired: row.retired_at !== null,
    })),
  );
}

interface WindowRow {
  owner: number;
  weekday: number;
  from_minute: number;
  to_minute: number;
}

function toWindow(row: WindowRow): WeeklyWindow {
  return { weekday: row.weekday, fromMinute: row.from_minute, toMinute: row.to_minute };
}

async function readVenues(knex: Knex, scope: Scope, used: ReadonlySet<number>): Promise<Map<number, PlanningVenue>> {
  const [rows, windows] = await readAll(
    knex,
    () => inUse<Place & { slug: string; locality: string }>(knex, 'venues', scope, used),
    () =>
      knex('venue_opening_windows')
        .orderBy(['venue_id', 'weekday', 'from_minute'])
        .select<WindowRow[]>('venue_id as owner', 'weekday', 'from_minute', 'to_minute'),
  );
  const windowsOf = groupBy(windows, ({ owner }) => owner);
  return byId(
    rows.map((row) => ({
      id: row.id,
      slug: row.slug,
      municipalityId: row.municipality_id,
      name: row.name,
      locality: row.locality,
      at: { lat: row.lat, lon: row.lon },
      retired: row.retired_at !== null,
      windows: (windowsOf.get(row.id) ?? []).map(toWindow),
    })),
  );
}

async function readKits(knex: Knex, scope: Scope, used: ReadonlySet<number>): Promise<Map<number, PlanningKit>> {
  const [rows, capabilities] = await readAll(
    knex,
    () =>
      inUse<{
        id: number;
        municipality_id: number;
        name: string;
        depot_id: number;
        status: 'ready' | 'defect';
        retired_at: Instant | null;
      }>(knex, 'kits', scope, used),
    () => knex<{ kit_id: number; capability: string }>('kit_capabilities').orderBy(['kit_id', 'capability']),
  );
  const capabilitiesOf = groupBy(capabilities, ({ kit_id }) => kit_id);
  return byId(
    rows.map((row) => ({
      id: row.id,
      municipalityId: row.municipality_id,
      name: row.name,
      depotId: row.depot_id,
      status: row.status,
      capabilities: (capabilitiesOf.get(row.id) ?? []).map(({ capability }) => capability),
      retired: row.retired_at !== null,
    })),
  );
}

async function readClerks(
  knex: Knex,
  scope: Scope,
  fromDate: LocalDate,
  toDate: LocalDate,
  used: ReadonlySet<number>,
): Promise<Map<number, PlanningClerk>> {
  const [rows, qualifications, hours, absences] = await readAll(
    knex,
    () =>
      inUse<{
        id: number;
        municipality_id: number;
        name: string;
        depot_id: number | null;
        retired_at: Instant | null;
      }>(knex, 'clerks', scope, used),
    () => knex<{ clerk_id: number; service_id: number }>('clerk_qualifications').orderBy(['clerk_id', 'service_id']),
    () =>
      knex('clerk_hours')
        .orderBy(['clerk_id', 'weekday', 'from_minute'])
        .select<WindowRow[]>('clerk_id as owner', 'weekday', 'from_minute', 'to_minute'),
    () =>
      knex<{ clerk_id: number; from_date: LocalDate; to_date: LocalDate; kind: 'vacation' | 'training' | 'away' }>(
        'absences',
      )
        .where('to_date', '>=', fromDate)
        .where('from_date', '<=', toDate)
        .orderBy(['from_date', 'id']),
  );
  const qualificationsOf = groupBy(qualifications, ({ clerk_id }) => clerk_id);
  const hoursOf = groupBy(hours, ({ owner }) => owner);
  const absencesOf = groupBy(absences, ({ clerk_id }) => clerk_id);
  return byId(
    rows.map((row) => ({
      id: row.id,
      municipalityId: row.municipality_id,
      name: row.name,
      depotId: row.depot_id,
      qualifiedFor: (qualificationsOf.get(row.id) ?? []).map(({ service_id }) => service_id),
      hours: (hoursOf.get(row.id) ?? []).map(toWindow),
      absences: (absencesOf.get(row.id) ?? []).map(({ from_date, to_date, kind }) => ({
        fromDate: from_date,
        toDate: to_date,
        kind,
      })),
      retired: row.retired_at !== null,
    })),
  );
}

async function readServices(knex: Knex): Promise<Map<number, PlanningService>> {
  const [rows, texts, needs] = await readAll(
    knex,
    () =>
      knex<{ id: number; slug: string; minutes: number; retired_at: Instant | null }>('services').orderBy([
        'position',
        'id',
      ]),
    () => knex<{ service_id: number; locale: string; name: string }>('service_texts').whereIn('locale', ['de', 'en']),
    () => knex<{ service_id: number; capability: string }>('service_needs').orderBy(['service_id', 'capability']),
  );
  const names = new Map(texts.map((row) => [`${row.service_id} ${row.locale}`, row.name]));
  const needsOf = groupBy(needs, ({ service_id }) => service_id);
  return byId(
    rows.map((row) => {
      const de = names.get(`${row.id} de`) ?? row.slug;
      return {
        id: row.id,
        names: { de, en: names.get(`${row.id} en`) ?? de },
        minutes: row.minutes,
        needs: (needsOf.get(row.id) ?? []).map(({ capability }) => capability),
        retired: row.retired_at !== null,
      };
    }),
  );
}

async function readClosings(knex: Knex, scope: Scope, fromDate: LocalDate, toDate: LocalDate): Promise<Closing[]> {
  const rows = (await inScope(
    knex('closing_days').where('to_date', '>=', fromDate).where('from_date', '<=', toDate).orderBy(['from_date', 'id']),
    'municipality_id',
    scope,
  )) as {
    municipality_id: number;
    venue_id: number | null;
    from_date: LocalDate;
    to_date: LocalDate;
    reason: string;
  }[];
  return rows.map((row) => ({
    municipalityId: row.municipality_id,
    venueId: row.venue_id,
    fromDate: row.from_date,
    toDate: row.to_date,
    reason: row.reason,
  }));
}
