import type { Knex } from 'knex';
import type { Scope } from '../domain/access.ts';
import { tickToMinute, type Instant, type LocalDate, type MinuteOfDay } from '../domain/time.ts';
import { placesOfDay } from '../domain/tours/day.ts';
import { basisOf } from '../domain/tours/times.ts';
import { SHOWN_STATES } from './crewDayReading.ts';
import { ownTours } from './crewDayRepository.ts';
import { isPostgres } from './statements.ts';
import { inScope, REMAINS_VERSION } from './tourRows.ts';

/** Whose tours a calendar shows. */
export type FeedTourSet =
  | { kind: 'clerk'; userId: number }
  | { kind: 'kit'; kitId: number; scope: Scope }
  /** Those that were cancelled after they were published too, if that was not before `cancelledSince`. */
  | { kind: 'planner'; scope: Scope; cancelledSince: Instant };

interface Row {
  id: number;
  date: LocalDate;
  state: 'published' | 'cancelled';
  version: number;
  municipality: string;
  break_after_minutes: number;
  break_minutes: number;
  depot_id: number | null;
  depot: string | null;
  depot_lat: number | null;
  depot_lon: number | null;
  kit_id: number | null;
  kit: string | null;
  kit_depot_id: number | null;
  kit_depot: string | null;
  kit_lat: number | null;
  kit_lon: number | null;
  basis: string | null;
  departure_minute: number | null;
  return_minute: number | null;
  stops: Json;
  crew: Json;
  legs: Json;
  arrivals: Json;
  breaks: Json;
  lines: Json;
}

/** Who comes or came; not who only holds a time, waits no longer or has cancelled. One value is bound: now. */
const SHOWN = `a.state in ('${SHOWN_STATES.join("', '")}') and (a.state <> 'pending' or a.hold_until > ?)`;

/** A text, which one can read faster than the driver does; null: no rows. */
type Json = string | null;

type StopTuple = [position: number, id: number, venue: number, from: number, to: number, up: number, down: number, lat: number, lon: number]; // prettier-ignore
type LegTuple = [position: number, minutes: number, metres: number, estimated: number | boolean];
type LineTuple = [stop: number, tick: number, id: number, reference: string | null, service: number | null, persons: number | null]; // prettier-ignore

/**
 * The tours with all that calendars tell of them, from a day on, earliest first. One statement, one row a tour,
 * whatever they hold: a year of a clerk has ten thousand appointments, and to hand each of them over as a row takes
 * many times as long as to read them. No names, contacts or notes of citizens are read.
 * @param fromDate inclusive
 * @param appointments read them too
 * @param now who has not confirmed an e-mail address by then is left out
 */
export async function readFeedTours(
  knex: Knex,
  which: FeedTourSet,
  fromDate: LocalDate,
  appointments: boolean,
  now: Instant,
) {
  const list = (columns: string, from: string, bindings: readonly (string | number)[] = []): Knex.Raw =>
    isPostgres(knex)
      ? knex.raw(`(select json_agg(json_build_array(${columns}))::text from ${from})`, [...bindings])
      : knex.raw(`(select json_group_array(json_array(${columns})) from ${from})`, [...bindings]);
  const columns: Record<string, Knex.Raw> = {
    stops: list(
      's.position, s.id, s.venue_id, s.from_minute, s.to_minute, s.set_up_minutes, s.tear_down_minutes, v.lat, v.lon',
      "stops s join venues v on v.id = s.venue_id where s.tour_id = tours.id and s.kind = 'public'",
    ),
    crew: list('c.name, c.id', 'tour_clerks tc join clerks c on c.id = tc.clerk_id where tc.tour_id = tours.id'),
    legs: list('position, minutes, metres, estimated', 'tour_legs where tour_id = tours.id'),
    arrivals: list('position, arrival_minute', 'stop_times where tour_id = tours.id'),
    breaks: list('from_minute, to_minute', 'tour_breaks where tour_id = tours.id'),
    lines: appointments
      ? list(
          'a.stop_id, a.start_tick, a.id, a.reference, x.service_id, x.persons',
          `stops s join appointments a on a.stop_id = s.id
             left join appointment_services x on x.appointment_id = a.id
           where s.tour_id = tours.id and s.kind = 'public' and ${SHOWN}`,
          [now],
        )
      : knex.raw('null'),
  };
  const query = knex('tours')
    .join('municipalities', 'municipalities.id', 'tours.municipality_id')
    .leftJoin('depots', 'depots.id', 'tours.depot_id')
    .leftJoin('tour_kits', 'tour_kits.tour_id', 'tours.id')
    .leftJoin('kits', 'kits.id', 'tour_kits.kit_id')
    .leftJoin({ kit_depots: 'depots' }, 'kit_depots.id', 'kits.depot_id')
    .leftJoin('tour_times', 'tour_times.tour_id', 'tours.id')
    .where('tours.date', '>=', fromDate)
    .where('tours.version', '>', REMAINS_VERSION)
    .orderBy(['tours.date', 'tours.id'])
    .select(
      'tours.id',
      'tours.date',
      'tours.state',
      'tours.version',
      'municipalities.name as municipality',
      'municipalities.break_after_minutes',
      'municipalities.break_minutes',
      'tours.depot_id',
      'depots.name as depot',
      'depots.lat as depot_lat',
      'depots.lon as depot_lon',
      'kits.id as kit_id',
      'kits.name as kit',
      'kits.depot_id as kit_depot_id',
      'kit_depots.name as kit_depot',
      'kit_depots.lat as kit_lat',
      'kit_depots.lon as kit_lon',
      'tour_times.basis',
      'tour_times.departure_minute',
      'tour_times.return_minute',
      ...Object.entries(columns).map(([name, column]) => knex.raw(`? as ${name}`, [column])),
    );
  narrow(knex, query, which);
  return ((await query) as Row[]).map(toTour);
}

function narrow(knex: Knex, query: Knex.QueryBuilder, which: FeedTourSet): void {
  switch (which.kind) {
    case 'clerk':
      void query.whereIn('tours.id', ownTours(knex, which.userId).select('tours.id'));
      break;
    case 'kit':
      void inScope(query, 'tours.municipality_id', which.scope)
        .where('tours.state', 'published')
        .where('tour_kits.kit_id', which.kitId);
      break;
    case 'planner':
      void inScope(query, 'tours.municipality_id', which.scope).where((state) => {
        void state.where('tours.state', 'published').orWhere((cancelled) => {
          void cancelled
            .where('tours.state', 'cancelled')
            .whereNotNull('tours.published_at')
            .where('tours.cancelled_at', '>=', which.cancelledSince);
        });
      });
  }
}

function rowsOf<Tuple extends unknown[]>(json: Json): Tuple[] {
  return json === null ? [] : (JSON.parse(json) as Tuple[]);
}

const byFirst = (a: readonly unknown[], b: readonly unknown[]): number => Number(a[0]) - Number(b[0]);

function toTour(row: Row) {
  const stops = rowsOf<StopTuple>(row.stops).sort(byFirst);
  const legs = rowsOf<LegTuple>(row.legs).sort(byFirst);
  const arrivals = rowsOf<[position: number, minute: MinuteOfDay]>(row.arrivals).sort(byFirst);
  const appointments = appointmentsOf(rowsOf<LineTuple>(row.lines));
  const hasTimes =
    row.departure_minute !== null &&
    row.return_minute !== null &&
    row.basis === basisNow(row, stops) &&
    legs.length === stops.length + 1 &&
    arrivals.length === stops.length;
  return {
    id: row.id,
    date: row.date,
    cancelled: row.state === 'cancelled',
    version: row.version,
    municipality: row.municipality,
    kit: row.kit,
    /** Where it begins and ends; as everywhere: one that says nothing begins where its kit is kept. */
    depot: row.depot ?? row.kit_depot,
    crew: rowsOf<[name: string, id: number]>(row.crew)
      .sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] - b[1]))
      .map(([name]) => name),
    stops: stops.map(([, id, venueId, fromMinute, toMinute, setUpMinutes, tearDownMinutes]) => ({
      id,
      venueId,
      fromMinute,
      toMinute,
      setUpMinutes,
      tearDownMinutes,
      appointments: appointments.get(id) ?? [],
    })),
    /** Null: there are none, or they are out of date. */
    times: hasTimes
      ? {
          departureMinute: row.departure_minute as number,
          returnMinute: row.return_minute as number,
          /** Depot to the first stop, from stop to stop, and back: one more than stops. */
          legs: legs.map(([, minutes, metres, estimated]) => ({ minutes, metres, estimated: Boolean(estimated) })),
          arrivals: arrivals.map(([, minute]) => minute),
          breaks: rowsOf<[fromMinute: number, toMinute: number]>(row.breaks)
            .sort(byFirst)
            .map(([fromMinute, toMinute]) => ({ fromMinute, toMinute })),
        }
      : null,
  };
}

/** What its times would be computed from now: a venue or a depot may have moved since they were. */
function basisNow(row: Row, tuples: readonly StopTuple[]): string {
  const stops = tuples.map(([, , venueId, fromMinute, toMinute, setUpMinutes, tearDownMinutes]) => ({
    venueId,
    fromMinute,
    toMinute,
    setUpMinutes,
    tearDownMinutes,
  }));
  const depots = new Map(
    [
      [row.kit_depot_id, { at: { lat: row.kit_lat ?? 0, lon: row.kit_lon ?? 0 } }] as const,
      [row.depot_id, { at: { lat: row.depot_lat ?? 0, lon: row.depot_lon ?? 0 } }] as const,
    ].flatMap(([id, depot]) => (id === null ? [] : [[id, depot] as const])),
  );
  const kits = new Map(
    row.kit_id === null || row.kit_depot_id === null ? [] : [[row.kit_id, { depotId: row.kit_depot_id }] as const],
  );
  const venues = new Map(tuples.map(([, , venueId, , , , , lat, lon]) => [venueId, { at: { lat, lon } }]));
  return basisOf({
    stops,
    places: placesOfDay({ depotId: row.depot_id, kitId: row.kit_id, stops }, { depots, kits, venues }),
    rules: { breakAfterMinutes: row.break_after_minutes, breakMinutes: row.break_minutes },
  });
}

interface FeedAppointment {
  fromMinute: MinuteOfDay;
  /** Null: it was deleted with the data of the person. */
  reference: string | null;
  services: { serviceId: number; persons: number }[];
}

/** By stop, by time. @param lines of all stops of a tour, one a service */
function appointmentsOf(lines: readonly LineTuple[]): Map<number, FeedAppointment[]> {
  const found = new Map<number, FeedAppointment>();
  const ofStops = new Map<number, FeedAppointment[]>();
  for (const [stopId, tick, id, reference, serviceId, persons] of lines) {
    let appointment = found.get(id);
    if (appointment === undefined) {
      appointment = { fromMinute: tickToMinute(tick), reference, services: [] };
      found.set(id, appointment);
      const ofStop = ofStops.get(stopId);
      if (ofStop === undefined) ofStops.set(stopId, [appointment]);
      else ofStop.push(appointment);
    }
    if (serviceId !== null) appointment.services.push({ serviceId, persons: persons ?? 1 });
  }
  for (const ofStop of ofStops.values()) ofStop.sort(byTime);
  return ofStops;
}

function byTime(a: FeedAppointment, b: FeedAppointment): number {
  return a.fromMinute - b.fromMinute || ((a.reference ?? '') < (b.reference ?? '') ? -1 : 1);
}
