import type { Knex } from 'knex';
import type { ContactKind } from '../domain/booking/appointment.ts';
import type { Locale } from '../domain/booking/office.ts';
import type { AppointmentState } from '../domain/booking/states.ts';
import { tickToMinute, type Instant, type LocalDate, type MinuteOfDay } from '../domain/time.ts';
import { basisOf } from '../domain/tours/times.ts';
import { formsOf, readServiceTexts } from './crewDayServices.ts';
import { stillThere } from './pendingRows.ts';
import { groupBy, readAll } from './tourRows.ts';
import { readTourRoutes, readTourTimes } from './tourTimes.ts';

/** Those to come and those that were; not who only holds a time, has cancelled or never confirmed. */
export const SHOWN_STATES = [
  'pending',
  'confirmed',
  'arrived',
  'served',
  'missed',
] as const satisfies AppointmentState[];
type ShownState = (typeof SHOWN_STATES)[number];

/** A tour of somebody, with the clerk that they are on it. */
export interface TourRow {
  id: number;
  date: LocalDate;
  municipality_id: number;
  municipality: string;
  note: string | null;
  clerk_id: number;
  kit_id: number | null;
  kit: string | null;
  depot: string | null;
  depot_lat: number | null;
  depot_lon: number | null;
}

interface StopRow {
  id: number;
  tour_id: number;
  from_minute: MinuteOfDay;
  to_minute: MinuteOfDay;
  starts_at: Instant;
  ends_at: Instant;
  set_up_minutes: number;
  tear_down_minutes: number;
  name: string;
  locality: string;
  street: string;
  postcode: string;
  city: string;
  lat: number;
  lon: number;
  contact_name: string | null;
  contact_phone: string | null;
  contact_email: string | null;
  access_de: string | null;
  access_en: string | null;
  checklist_note: string | null;
}

interface CounterRow {
  stop_id: number;
  counter: number;
  clerk_id: number | null;
  name: string | null;
}

interface AppointmentRow {
  id: number;
  stop_id: number;
  counter: number;
  start_tick: number;
  ticks: number;
  starts_at: Instant;
  ends_at: Instant;
  state: ShownState;
  channel: 'online' | 'hotline' | 'clerk' | 'walk-in';
  /** Only read where people are asked for. */
  reference?: string | null;
  first_name?: string | null;
  family_name?: string | null;
  contact_kind?: ContactKind | null;
  contact?: string | null;
  locale?: Locale;
}

interface NoteRow {
  appointment_id: number;
  text: string;
}

const APPOINTMENT_COLUMNS = [
  'id',
  'stop_id',
  'counter',
  'start_tick',
  'ticks',
  'starts_at',
  'ends_at',
  'state',
  'channel',
];
const PERSON_COLUMNS = ['reference', 'first_name', 'family_name', 'contact_kind', 'contact', 'locale'];

interface LineRow {
  appointment_id: number;
  service_id: number;
  persons: number;
  fee_cents: number | null;
}

interface ActionRow {
  key: string;
  tour_id: number;
  kind: 'arrived' | 'served' | 'missed' | 'walkIn' | 'late' | 'note';
  appointment_id: number | null;
  minutes: number | null;
  text: string | null;
  at: Instant;
  by: string | null;
}

/**
 * These tours with their stops, appointments, times and what was ticked, by departure.
 * @param now who has not confirmed an e-mail address by then is left out
 * @param people false: names, references, contacts and notes about people are not read
 */
export async function readDays(knex: Knex, tours: readonly TourRow[], people: boolean, now: Instant) {
  const ids = tours.map(({ id }) => id);
  const kitIds = tours.flatMap(({ kit_id }) => kit_id ?? []);
  const [capabilities, crew, stops, counters, appointments, notes, lines, stored, routes, actions, packed] =
    await readAll(
      knex,
      () =>
        knex<{ kit_id: number; capability: string }>('kit_capabilities')
          .whereIn('kit_id', kitIds)
          .orderBy('capability'),
      () =>
        knex('tour_clerks')
          .join('clerks', 'clerks.id', 'tour_clerks.clerk_id')
          .whereIn('tour_clerks.tour_id', ids)
          .orderBy(['clerks.name', 'clerks.id'])
          .select<{ tour_id: number; clerk_id: number; name: string }[]>(
            'tour_clerks.tour_id',
            'tour_clerks.clerk_id',
            'clerks.name',
          ),
      () => readStops(knex, ids),
      () =>
        knex('stop_counters')
          .leftJoin('clerks', 'clerks.id', 'stop_counters.clerk_id')
          .whereIn('stop_counters.tour_id', ids)
          .orderBy(['stop_counters.stop_id', 'stop_counters.counter'])
          .select<CounterRow[]>(
            'stop_counters.stop_id',
            'stop_counters.counter',
            'stop_counters.clerk_id',
            'clerks.name',
          ),
      () =>
        knex('appointments')
          .join('stops', 'stops.id', 'appointments.stop_id')
          .whereIn('stops.tour_id', ids)
          .whereIn('appointments.state', SHOWN_STATES)
          .modify(stillThere, now)
          .orderBy(['appointments.starts_at', 'appointments.counter', 'appointments.id'])
          .select<AppointmentRow[]>(
            [...APPOINTMENT_COLUMNS, ...(people ? PERSON_COLUMNS : [])].map((column) => `appointments.${column}`),
          ),
      () => (people ? readNotes(knex, ids) : Promise.resolve([])),
      () =>
        knex('appointment_services')
          .join('appointments', 'appointments.id', 'appointment_services.appointment_id')
          .join('stops', 'stops.id', 'appointments.stop_id')
          .join('services', 'services.id', 'appointment_services.service_id')
          .whereIn('stops.tour_id', ids)
          .orderBy(['services.position', 'services.id'])
          .select<LineRow[]>(
            'appointment_services.appointment_id',
            'appointment_services.service_id',
            'appointment_services.persons',
            'appointment_services.fee_cents',
          ),
      () => readTourTimes(knex, ids),
      () => readTourRoutes(knex, { tourIds: ids }),
      () => readActions(knex, ids),
      () => knex<{ tour_id: number; item: string }>('tour_packing').whereIn('tour_id', ids).orderBy('item'),
    );
  const services = await readServiceTexts(knex, [...new Set(lines.map(({ service_id }) => service_id))]);

  // A venue or a depot may have moved since they were computed.
  const basisNow = new Map(routes.map(({ tourId, route }) => [tourId, basisOf(route)]));
  const times = new Map([...stored].filter(([id, { basis }]) => basis === basisNow.get(id)));

  const crewOf = groupBy(crew, ({ tour_id }) => tour_id);
  const stopsOf = groupBy(stops, ({ tour_id }) => tour_id);
  const countersOf = groupBy(counters, ({ stop_id }) => stop_id);
  const appointmentsAt = groupBy(appointments, ({ stop_id }) => stop_id);
  const notesOf = groupBy(notes, ({ appointment_id }) => appointment_id);
  const linesOf = groupBy(lines, ({ appointment_id }) => appointment_id);
  const actionsOf = groupBy(actions, ({ tour_id }) => tour_id);
  const packedFor = groupBy(packed, ({ tour_id }) => tour_id);
  const capabilitiesOf = groupBy(capabilities, ({ kit_id }) => kit_id);

  const servicesOf = (appointmentId: number) =>
    (linesOf.get(appointmentId) ?? []).map((line) => {
      const service = services.get(line.service_id);
      return {
        serviceId: line.service_id,
        names: service?.names ?? { de: '', en: '' },
        persons: line.persons,
        feeCents: line.fee_cents,
        documents: service?.documents ?? { de: [], en: [] },
        needs: service?.needs ?? [],
        forms: formsOf(service?.forms ?? null),
      };
    });
  const stopView = (stop: StopRow, me: number) => ({
    id: stop.id,
    venue: venueOf(stop),
    fromMinute: stop.from_minute,
    toMinute: stop.to_minute,
    startsAt: stop.starts_at,
    endsAt: stop.ends_at,
    setUpMinutes: stop.set_up_minutes,
    tearDownMinutes: stop.tear_down_minutes,
    counters: (countersOf.get(stop.id) ?? []).map(({ counter, clerk_id, name }) => ({
      counter,
      clerkId: clerk_id,
      clerkName: name,
      isMe: clerk_id === me,
    })),
    appointments: (appointmentsAt.get(stop.id) ?? []).map((row) => ({
      id: row.id,
      counter: row.counter,
      fromMinute: tickToMinute(row.start_tick),
      minutes: tickToMinute(row.ticks),
      startsAt: row.starts_at,
      endsAt: row.ends_at,
      state: row.state,
      channel: row.channel,
      person: personOf(row, notesOf.get(row.id) ?? []),
      services: servicesOf(row.id),
    })),
  });
  const found = tours.map((tour) => {
    const { id, clerk_id: me } = tour;
    const own = stopsOf.get(id) ?? [];
    return {
      id,
      date: tour.date,
      municipality: { id: tour.municipality_id, name: tour.municipality },
      kit:
        tour.kit_id === null || tour.kit === null
          ? null
          : {
              id: tour.kit_id,
              name: tour.kit,
              capabilities: (capabilitiesOf.get(tour.kit_id) ?? []).map(({ capability }) => capability),
            },
      depot:
        tour.depot === null || tour.depot_lat === null || tour.depot_lon === null
          ? null
          : { name: tour.depot, at: { lat: tour.depot_lat, lon: tour.depot_lon } },
      note: tour.note,
      crew: (crewOf.get(id) ?? []).map(({ clerk_id, name }) => ({ clerkId: clerk_id, name, isMe: clerk_id === me })),
      stops: own.map((stop) => stopView(stop, me)),
      times: times.get(id) ?? null,
      actions: (actionsOf.get(id) ?? []).map(({ key, kind, appointment_id, minutes, text, at, by }) => ({
        key,
        kind,
        appointmentId: appointment_id,
        minutes,
        text,
        at,
        by,
      })),
      packed: (packedFor.get(id) ?? []).map(({ item }) => item),
    };
  });
  return found.sort((a, b) => leaves(a) - leaves(b) || a.id - b.id);
}

/** When a tour leaves, or where that is not known, when it first opens. */
function leaves(tour: { times: { departureMinute: number } | null; stops: readonly { fromMinute: number }[] }): number {
  return tour.times?.departureMinute ?? tour.stops[0]?.fromMinute ?? 0;
}

function readStops(knex: Knex, tourIds: readonly number[]) {
  return knex('stops')
    .join('venues', 'venues.id', 'stops.venue_id')
    .whereIn('stops.tour_id', [...tourIds])
    .where('stops.kind', 'public')
    .orderBy(['stops.tour_id', 'stops.position'])
    .select<StopRow[]>(
      'stops.id',
      'stops.tour_id',
      'stops.from_minute',
      'stops.to_minute',
      'stops.starts_at',
      'stops.ends_at',
      'stops.set_up_minutes',
      'stops.tear_down_minutes',
      'venues.name',
      'venues.locality',
      'venues.street',
      'venues.postcode',
      'venues.city',
      'venues.lat',
      'venues.lon',
      'venues.contact_name',
      'venues.contact_phone',
      'venues.contact_email',
      'venues.access_de',
      'venues.access_en',
      'venues.checklist_note',
    );
}

/** What the hotline noted about appointments, oldest first. */
function readNotes(knex: Knex, tourIds: readonly number[]) {
  return knex('appointment_notes')
    .join('appointments', 'appointments.id', 'appointment_notes.appointment_id')
    .join('stops', 'stops.id', 'appointments.stop_id')
    .whereIn('stops.tour_id', [...tourIds])
    .whereIn('appointments.state', SHOWN_STATES)
    .orderBy('appointment_notes.id')
    .select<NoteRow[]>('appointment_notes.appointment_id', 'appointment_notes.text');
}

/** Actions that were not taken back, oldest first; of one moment in the order in which they follow each other. */
export function readActions(knex: Knex, tourIds: readonly number[]) {
  return knex('tour_actions')
    .leftJoin('users', 'users.id', 'tour_actions.user_id')
    .whereIn('tour_actions.tour_id', [...tourIds])
    .whereNull('tour_actions.undone_at')
    .orderByRaw(
      `tour_actions.at, tour_actions.recorded_at,
       case tour_actions.kind when 'missed' then 0 when 'served' then 2 else 1 end, tour_actions.key`,
    )
    .select<ActionRow[]>(
      'tour_actions.key',
      'tour_actions.tour_id',
      'tour_actions.kind',
      'tour_actions.appointment_id',
      'tour_actions.minutes',
      'tour_actions.text',
      'tour_actions.at',
      'users.name as by',
    );
}

function joined(parts: readonly (string | null)[], between: string): string | null {
  const there = parts.filter((part): part is string => part !== null && part !== '');
  return there.length === 0 ? null : there.join(between);
}

function venueOf(stop: StopRow) {
  return {
    name: stop.name,
    locality: stop.locality,
    street: stop.street,
    postcode: stop.postcode,
    city: stop.city,
    at: { lat: stop.lat, lon: stop.lon },
    contact: joined([stop.contact_name, stop.contact_phone, stop.contact_email], ', '),
    phone: stop.contact_phone,
    access: {
      de: joined([stop.access_de, stop.checklist_note], ' · '),
      en: joined([stop.access_en ?? stop.access_de, stop.checklist_note], ' · '),
    },
  };
}

function personOf(row: AppointmentRow, notes: readonly NoteRow[]) {
  if (row.reference === undefined || row.reference === null) return null;
  return {
    reference: row.reference,
    name: joined([row.first_name ?? null, row.family_name ?? null], ' '),
    contactKind: row.contact_kind ?? null,
    contact: row.contact ?? null,
    locale: row.locale ?? 'de',
    notes: notes.map(({ text }) => text),
  };
}
