import type { Knex } from 'knex';
import { addDays } from '../domain/time.ts';
import type { Instant, LocalDate } from '../domain/time.ts';
import type { Zone } from '../zone.ts';
import type { Office } from './office.ts';
import { idOf, insertReturning, insertRows } from './rows.ts';
import { DEMO_HORIZON_DAYS, planTours, RARE_PATTERN, rareTourChoices } from './tours.ts';
import type { Demand, PlannedTour } from './tours.ts';

/**
 * When a tour of a pattern claims to be created: eight weeks before its date at midnight, plus the pattern's number in
 * milliseconds. Nobody else makes a tour at exactly that time, so it stays the mark of this tour even when its date,
 * its kit or its crew are changed.
 */
function markOf(tour: PlannedTour, zone: Zone): Instant {
  return zone.instantAt(addDays(tour.date, -DEMO_HORIZON_DAYS), 0) + tour.pattern.number;
}

/** The tours of the coming eight weeks that have not been made yet and whose kit, crew and venues are there and free. */
export async function missingTours(
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

export interface NewStop {
  readonly id: number;
  readonly tour: PlannedTour;
  readonly venue: string;
  readonly demand: Demand;
  readonly fromMinute: number;
  readonly toMinute: number;
}

export async function insertTours(
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
