import type { Knex } from 'knex';
import type { Scope } from '../domain/access.ts';
import type { ContactKind, Occupancy } from '../domain/booking/appointment.ts';
import { hasRunOut, isUnproven, mayBeAskedAgain } from '../domain/booking/pending.ts';
import { LIVE_STATES, type AppointmentState } from '../domain/booking/states.ts';
import { minutesToTicks, type Instant, type LocalDate, type MinuteOfDay } from '../domain/time.ts';
import { queueLetter } from './letterQueue.ts';
import { NO_WAYS, queueMessage, type MessageWays } from './outboxQueue.ts';
import { contactEnd, readVerifyMails } from './pendingRows.ts';
import { isPostgres, runOften } from './statements.ts';
import { groupBy, inScope, readAll } from './tourRows.ts';

/** States in which an appointment is over, as far as those who plan are concerned. */
const DONE: readonly AppointmentState[] = ['served', 'missed'];

interface BookedRow {
  id: number;
  state: AppointmentState;
  stop_id: number;
  counter: number;
  start_tick: number;
  ticks: number;
  starts_at: Instant;
  ends_at: Instant;
  hold_until: Instant | null;
  reference: string | null;
  first_name: string | null;
  family_name: string | null;
  contact_kind: ContactKind | null;
  contact: string | null;
}

interface OpenStopRow {
  id: number;
  tour_id: number;
  date: LocalDate;
  from_minute: MinuteOfDay;
  to_minute: MinuteOfDay;
  venue_id: number;
  kit_id: number;
}

/** What is done with the appointments of tours that change, in one transaction. */
export function createTourAppointments(trx: Knex.Transaction, ways: MessageWays = NO_WAYS) {
  return {
    async booked(tourId: number, now: Instant) {
      const rows = await trx('appointments')
        .join('stops', 'stops.id', 'appointments.stop_id')
        .where('stops.tour_id', tourId)
        .whereIn('appointments.state', LIVE_STATES)
        .orderBy(['appointments.starts_at', 'appointments.id'])
        .select<BookedRow[]>('appointments.*');
      const lines = await trx<{ appointment_id: number; service_id: number; persons: number }>('appointment_services')
        .whereIn(
          'appointment_id',
          rows.map(({ id }) => id),
        )
        .orderBy(['appointment_id', 'service_id']);
      const linesOf = groupBy(lines, ({ appointment_id }) => appointment_id);
      return rows.map((row) => {
        const own = linesOf.get(row.id) ?? [];
        return {
          id: row.id,
          claim: claimOf(row, now),
          stopId: row.stop_id,
          counter: row.counter,
          startTick: row.start_tick,
          ticks: row.ticks,
          startsAt: row.starts_at,
          endsAt: row.ends_at,
          holdUntil: isReserved(row.state) ? row.hold_until : null,
          serviceIds: own.map(({ service_id }) => service_id),
          lines: own.map(({ service_id, persons }) => ({ serviceId: service_id, persons })),
          reference: row.reference ?? '',
          name: [row.first_name, row.family_name].filter((part) => part !== null).join(' '),
          contactKind: row.contact_kind ?? 'none',
          contact: row.contact,
        };
      });
    },

    async release(appointmentIds: readonly number[]): Promise<void> {
      if (appointmentIds.length === 0) return;
      await trx('counter_ticks')
        .whereIn('appointment_id', [...appointmentIds])
        .delete();
    },

    async occupy(appointmentId: number, place: Occupancy, freeAt: Instant | null, now: Instant): Promise<boolean> {
      // What opens again later for the public only (no appointment) is free for the office.
      const ticks = Array.from({ length: place.ticks }, (_, index) => place.startTick + index);
      const rows = await runOften<{ tick: number }>(
        trx,
        `insert into counter_ticks (stop_id, counter, tick, appointment_id, free_at)
           values ${ticks.map(() => '(?, ?, ?, ?, ?)').join(', ')}
           on conflict (stop_id, counter, tick) do update
             set appointment_id = excluded.appointment_id, free_at = excluded.free_at
             where counter_ticks.appointment_id is null or counter_ticks.free_at <= ?
               or counter_ticks.appointment_id = excluded.appointment_id
           returning tick`,
        [...ticks.flatMap((tick) => [place.stopId, place.counter, tick, appointmentId, freeAt]), now],
      );
      return rows.length === ticks.length;
    },

    async relocate(appointmentId: number, place: Occupancy, isNews: boolean): Promise<void> {
      await trx('appointments')
        .where('id', appointmentId)
        .update({
          stop_id: place.stopId,
          counter: place.counter,
          date: place.date,
          start_tick: place.startTick,
          ticks: place.ticks,
          starts_at: place.startsAt,
          ends_at: place.endsAt,
          ...(isNews ? { sequence: trx.raw('sequence + 1') } : {}),
        });
      if (isNews) {
        await trx('contact_slots')
          .where('appointment_id', appointmentId)
          .update({ ends_at: contactEnd(trx, appointmentId, place.endsAt) });
      }
    },

    async changeCounter(appointmentId: number, counter: number): Promise<void> {
      await trx('appointments').where('id', appointmentId).update({ counter });
    },

    async cancel(appointmentId: number, now: Instant): Promise<void> {
      await trx('appointments')
        .where('id', appointmentId)
        // `hold_until` stays: it tells that the address was never confirmed.
        .update({ state: 'cancelled', cancelled_at: now, sequence: trx.raw('sequence + 1') });
      await trx('contact_slots').where('appointment_id', appointmentId).delete();
      await trx('counter_ticks').where('appointment_id', appointmentId).delete();
    },

    async discard(holdIds: readonly number[]): Promise<void> {
      if (holdIds.length === 0) return;
      await trx('appointments')
        .whereIn('id', [...holdIds])
        .where('state', 'held')
        .delete();
    },

    async tell(
      told: {
        appointmentId: number;
        kind: 'changed' | 'moved' | 'cancelled';
        promised: { date: LocalDate; minute: MinuteOfDay; venueId: number };
      },
      now: Instant,
    ): Promise<void> {
      await queueLetter(trx, told.appointmentId, told.kind === 'cancelled' ? 'cancelled' : 'moved', now, 'office');
      if (await isAddressUnproven(trx, told.appointmentId)) {
        await askAnew(trx, ways, told, now);
        return;
      }
      const { date, minute, venueId } = told.promised;
      const message = await queueMessage(
        trx,
        ways,
        {
          appointmentId: told.appointmentId,
          kind: told.kind === 'cancelled' ? 'cancelled' : 'moved',
          changedBy: 'office',
          before: { date, startTick: minutesToTicks(minute), venueId },
        },
        now,
      );
      if (message !== null) return; // who cannot be reached that way comes to the list when it is given up
      await trx.raw(
        `insert into call_list (appointment_id, kind, old_date, old_minute, old_venue_id, created_at)
           values (?, ?, ?, ?, ?, ?)
           on conflict (appointment_id) where done_at is null do update set kind = excluded.kind`,
        [told.appointmentId, told.kind, date, minute, venueId, now],
      );
    },

    openStops: (scope: Scope, fromDate: LocalDate, toDate: LocalDate, now: Instant) =>
      readOpenStops(trx, scope, now, (query) => void query.whereBetween('stops.date', [fromDate, toDate])),

    async openStop(scope: Scope, stopId: number, now: Instant) {
      if (isPostgres(trx)) {
        await trx('tours').whereIn('id', trx('stops').where('id', stopId).select('tour_id')).forShare().select('id');
      }
      const [stop] = await readOpenStops(trx, scope, now, (query) => void query.where('stops.id', stopId));
      return stop ?? null;
    },
  };
}

/** Its time is free from a certain moment on. */
function isReserved(state: AppointmentState): boolean {
  return state === 'held' || state === 'pending';
}

async function isAddressUnproven(trx: Knex, appointmentId: number): Promise<boolean> {
  const row: { state: AppointmentState; hold_until: Instant | null } | undefined = await trx('appointments')
    .where('id', appointmentId)
    .first('state', 'hold_until');
  return row !== undefined && isUnproven({ state: row.state, holdUntil: row.hold_until });
}

/**
 * To an address that may be somebody else's goes nothing but the question whether it is the right one; the page behind
 * the link says what has become of the appointment. Nobody is called either: they have some minutes left at most.
 */
async function askAnew(
  trx: Knex,
  ways: MessageWays,
  told: { appointmentId: number; kind: 'changed' | 'moved' | 'cancelled' },
  now: Instant,
): Promise<void> {
  if (told.kind === 'cancelled' || !mayBeAskedAgain(await readVerifyMails(trx, told.appointmentId))) return;
  await queueMessage(trx, ways, { appointmentId: told.appointmentId, kind: 'verify', changedBy: 'office' }, now);
}

function claimOf(row: BookedRow, now: Instant): 'promised' | 'held' | 'ended' | 'done' {
  if (row.state === 'held') return (row.hold_until ?? 0) > now ? 'held' : 'ended';
  if (hasRunOut({ state: row.state, holdUntil: row.hold_until }, now)) return 'ended';
  return DONE.includes(row.state) || row.ends_at <= now ? 'done' : 'promised';
}

async function readOpenStops(
  trx: Knex.Transaction,
  scope: Scope,
  now: Instant,
  narrow: (query: Knex.QueryBuilder) => void,
) {
  const query = trx('stops')
    .join('tours', 'tours.id', 'stops.tour_id')
    .join('tour_kits', 'tour_kits.tour_id', 'stops.tour_id')
    .join('venues', 'venues.id', 'stops.venue_id')
    .where('stops.kind', 'public')
    .where('tours.state', 'published')
    .whereNull('venues.retired_at')
    .select<OpenStopRow[]>('stops.*', 'tour_kits.kit_id')
    .orderBy(['stops.starts_at', 'stops.id']);
  inScope(query, 'tours.municipality_id', scope);
  inScope(query, 'venues.municipality_id', scope);
  narrow(query);
  const stops = await query;
  const ids = stops.map(({ id }) => id);
  const [counters, ticks, announced] = await readAll(
    trx,
    () =>
      trx<{ stop_id: number; counter: number; clerk_id: number | null }>('stop_counters')
        .whereIn('stop_id', ids)
        .orderBy(['stop_id', 'counter']),
    () =>
      trx<{ stop_id: number; counter: number; tick: number; appointment_id: number; free_at: Instant | null }>(
        'counter_ticks',
      )
        .whereIn('stop_id', ids)
        .whereNotNull('appointment_id')
        .where((taken) => void taken.whereNull('free_at').orWhere('free_at', '>', now)),
    () =>
      trx<{ tour_id: number; service_id: number }>('tour_services').whereIn(
        'tour_id',
        stops.map(({ tour_id }) => tour_id),
      ),
  );
  const countersOf = groupBy(counters, ({ stop_id }) => stop_id);
  const ticksOf = groupBy(ticks, ({ stop_id, counter }) => `${stop_id} ${counter}`);
  const announcedBy = groupBy(announced, ({ tour_id }) => tour_id);
  return stops.map((stop) => ({
    id: stop.id,
    tourId: stop.tour_id,
    date: stop.date,
    fromMinute: stop.from_minute,
    toMinute: stop.to_minute,
    venueId: stop.venue_id,
    kitId: stop.kit_id,
    announced: announcedBy.get(stop.tour_id)?.map(({ service_id }) => service_id) ?? null,
    counters: (countersOf.get(stop.id) ?? []).map(({ counter, clerk_id }) => ({
      counter,
      clerkId: clerk_id,
      taken: (ticksOf.get(`${stop.id} ${counter}`) ?? []).map(({ tick, appointment_id }) => ({
        tick,
        appointmentId: appointment_id,
      })),
    })),
  }));
}
