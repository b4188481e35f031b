import type { Knex } from 'knex';
import type { AuditEntry } from '../domain/audit.ts';
import type { AppointmentLine, ContactKind, Occupancy } from '../domain/booking/appointment.ts';
import { normaliseContact } from '../domain/booking/rules.ts';
import { isOpen, type AppointmentState } from '../domain/booking/states.ts';
import type { Instant, LocalDate, MinuteOfDay } from '../domain/time.ts';
import { createAppointmentUnit } from './appointmentRepository.ts';
import { writeAudit } from './auditRepository.ts';
import { ownTours } from './crewDayRepository.ts';
import { isPostgres } from './statements.ts';
import { createTourAppointments } from './tourAppointments.ts';
import { groupBy } from './tourRows.ts';

type Kind = 'arrived' | 'served' | 'missed' | 'walkIn' | 'late' | 'note';

interface NewAction {
  key: string;
  tourId: number;
  kind: Kind;
  appointmentId: number | null;
  stateBefore: AppointmentState | null;
  minutes: number | null;
  text: string | null;
  at: Instant;
  recordedAt: Instant;
  userId: number;
}

interface NewWalkIn extends Occupancy {
  reference: string;
  secret: string;
  familyName: string | null;
  firstName: string | null;
  familyKey: string | null;
  createdAt: Instant;
  lines: readonly AppointmentLine[];
}

interface ActionRow {
  kind: Kind;
  appointment_id: number | null;
  state_before: AppointmentState | null;
  undone_at: Instant | null;
}

/** What somebody wants to do under a key: an action, or to take one back. */
type Meant =
  | Pick<NewAction, 'tourId' | 'kind' | 'appointmentId' | 'minutes' | 'text'>
  | { tourId: number; kind: 'walkIn'; familyName: string | null; firstName: string | null }
  | { tourId: number; undoes: string };

interface UsedKey {
  key: string;
  tour_id: number;
  kind: Kind;
  appointment_id: number | null;
  minutes: number | null;
  text: string | null;
  family_name: string | null;
  first_name: string | null;
  purged_at: Instant | null;
}

/** True when what has the key is what is meant. Of whom the name is deleted, it is no longer known to be another one. */
function isSame(row: UsedKey, key: string, meant: Meant): boolean {
  if (row.tour_id !== meant.tourId) return false;
  if ('undoes' in meant) return row.key === meant.undoes && row.key !== key;
  if (row.key !== key || row.kind !== meant.kind) return false;
  if ('familyName' in meant) {
    return row.purged_at !== null || (row.family_name === meant.familyName && row.first_name === meant.firstName);
  }
  return row.appointment_id === meant.appointmentId && row.minutes === meant.minutes && row.text === meant.text;
}

/** What one transaction can do with the day of a crew. */
export function createCrewDayUnit(trx: Knex.Transaction) {
  const tourOf = (what: { tourId: number } | { stopId: number } | { appointmentId: number }): Knex.QueryBuilder => {
    const tours = trx('tours');
    if ('tourId' in what) return tours.where('id', what.tourId);
    const stops = trx('stops').select('tour_id');
    void ('stopId' in what
      ? stops.where('id', what.stopId)
      : stops.where('id', trx('appointments').where('id', what.appointmentId).select('stop_id')));
    return tours.where('id', stops);
  };

  return {
    async lock(userId: number, what: { tourId: number } | { stopId: number } | { appointmentId: number }) {
      // By itself: a statement that waits for a planner's change would go on with the crew as it was before.
      const query = tourOf(what);
      const locked: { id: number } | undefined = await (isPostgres(trx) ? query.forUpdate() : query).first('id');
      if (locked === undefined) return null;
      const tour: { id: number; date: LocalDate; municipality_id: number; name: string } | undefined = await ownTours(
        trx,
        userId,
      )
        .where('tours.id', locked.id)
        .join('users', 'users.id', 'clerks.user_id')
        .first('tours.id', 'tours.date', 'tours.municipality_id', 'users.name');
      return tour === undefined
        ? null
        : { id: tour.id, date: tour.date, municipalityId: tour.municipality_id, userName: tour.name };
    },

    async keyUse(key: string, meant: Meant): Promise<'new' | 'same' | 'other'> {
      const row: UsedKey | undefined = await trx('tour_actions')
        .leftJoin('appointments', 'appointments.id', 'tour_actions.appointment_id')
        .where('tour_actions.key', key)
        .orWhere('tour_actions.undo_key', key)
        .first<UsedKey>('tour_actions.*', 'family_name', 'first_name', 'purged_at');
      if (row === undefined) return 'new';
      return isSame(row, key, meant) ? 'same' : 'other';
    },

    async appointment(tourId: number, appointmentId: number) {
      const row: { id: number; state: AppointmentState; ends_at: Instant } | undefined = await trx('appointments')
        .join('stops', 'stops.id', 'appointments.stop_id')
        .where({ 'appointments.id': appointmentId, 'stops.tour_id': tourId })
        .first('appointments.id', 'appointments.state', 'appointments.ends_at');
      if (row === undefined) return null;
      const last: { at: Instant } | undefined = await trx('tour_actions')
        .where('appointment_id', appointmentId)
        .whereNull('undone_at')
        .orderBy('at', 'desc')
        .first('at');
      return { id: row.id, state: row.state, endsAt: row.ends_at, lastAt: last?.at ?? null };
    },

    stop: (tourId: number, stopId: number, now: Instant) => readStop(trx, tourId, stopId, now),

    async record(action: NewAction): Promise<boolean> {
      const rows: unknown[] = await trx('tour_actions')
        .insert({
          key: action.key,
          tour_id: action.tourId,
          kind: action.kind,
          appointment_id: action.appointmentId,
          state_before: action.stateBefore,
          minutes: action.minutes,
          text: action.text,
          at: action.at,
          recorded_at: action.recordedAt,
          user_id: action.userId,
        })
        .onConflict('key')
        .ignore()
        .returning('key');
      return rows.length === 1;
    },

    async action(tourId: number, key: string) {
      const row: ActionRow | undefined = await trx('tour_actions')
        .where({ tour_id: tourId, key })
        .first('kind', 'appointment_id', 'state_before', 'undone_at');
      return row === undefined
        ? null
        : {
            kind: row.kind,
            appointmentId: row.appointment_id,
            stateBefore: row.state_before,
            isUndone: row.undone_at !== null,
          };
    },

    async markUndone(key: string, undoKey: string, at: Instant): Promise<void> {
      await trx('tour_actions').where('key', key).whereNull('undone_at').update({ undo_key: undoKey, undone_at: at });
    },

    async setState(appointmentId: number, state: AppointmentState, now: Instant): Promise<boolean> {
      if (isOpen(state) && !(await keepTime(trx, appointmentId, now))) return false;
      await trx('appointments').where('id', appointmentId).update({ state });
      if (isOpen(state)) await takeContactsPlace(trx, appointmentId, now);
      else await createAppointmentUnit(trx).releaseContact(appointmentId);
      return true;
    },

    cancel: (appointmentId: number, now: Instant): Promise<void> =>
      createTourAppointments(trx).cancel(appointmentId, now),

    async insertWalkIn(walkIn: NewWalkIn, now: Instant): Promise<number | 'taken'> {
      const rows: { id: number }[] = await trx('appointments')
        .insert({
          reference: walkIn.reference,
          secret: walkIn.secret,
          state: 'arrived',
          channel: 'walk-in',
          stop_id: walkIn.stopId,
          counter: walkIn.counter,
          date: walkIn.date,
          start_tick: walkIn.startTick,
          ticks: walkIn.ticks,
          starts_at: walkIn.startsAt,
          ends_at: walkIn.endsAt,
          locale: 'de',
          first_name: walkIn.firstName,
          family_name: walkIn.familyName,
          family_key: walkIn.familyKey,
          contact_kind: 'none',
          created_at: walkIn.createdAt,
          confirmed_at: walkIn.createdAt,
        })
        .onConflict()
        .ignore()
        .returning('id');
      const id = rows[0]?.id;
      if (id === undefined) return 'taken';
      await trx('appointment_services').insert(
        walkIn.lines.map((line) => ({
          appointment_id: id,
          service_id: line.serviceId,
          persons: line.persons,
          minutes: line.minutes,
          fee_cents: line.feeCents,
        })),
      );
      return (await createTourAppointments(trx).occupy(id, walkIn, null, now)) ? id : 'taken';
    },

    async pack(tourId: number, items: readonly string[], userId: number, at: Instant): Promise<void> {
      const packed = [...new Set(items)];
      await trx('tour_packing').where('tour_id', tourId).whereNotIn('item', packed).delete();
      if (packed.length > 0) {
        await trx('tour_packing')
          .insert(packed.map((item) => ({ tour_id: tourId, item, packed_at: at, user_id: userId })))
          .onConflict(['tour_id', 'item'])
          .ignore();
      }
    },

    audit: (author: { userId: number; name: string }, at: Instant, entry: AuditEntry): Promise<void> =>
      writeAudit(trx, author, at, entry),
  };
}

async function readStop(trx: Knex.Transaction, tourId: number, stopId: number, now: Instant) {
  const stop:
    { id: number; venue: string; kit_id: number | null; from_minute: MinuteOfDay; to_minute: MinuteOfDay } | undefined =
    await trx('stops')
      .join('venues', 'venues.id', 'stops.venue_id')
      .leftJoin('tour_kits', 'tour_kits.tour_id', 'stops.tour_id')
      .where({ 'stops.id': stopId, 'stops.tour_id': tourId, 'stops.kind': 'public' })
      .first('stops.id', 'venues.name as venue', 'tour_kits.kit_id', 'stops.from_minute', 'stops.to_minute');
  if (stop === undefined) return null;
  const counters = await trx<{ stop_id: number; counter: number; clerk_id: number | null }>('stop_counters')
    .where('stop_id', stopId)
    .orderBy('counter');
  const ticks = await trx<{ stop_id: number; counter: number; tick: number; free_at: Instant | null }>('counter_ticks')
    .where('stop_id', stopId)
    .whereNotNull('appointment_id')
    .where((taken) => void taken.whereNull('free_at').orWhere('free_at', '>', now));
  const ticksOf = groupBy(ticks, ({ counter }) => counter);
  return {
    id: stop.id,
    venue: stop.venue,
    kitId: stop.kit_id,
    fromMinute: stop.from_minute,
    toMinute: stop.to_minute,
    counters: counters.map(({ counter, clerk_id }) => ({
      counter,
      clerkId: clerk_id,
      taken: (ticksOf.get(counter) ?? []).map(({ tick }) => tick),
    })),
  };
}

/**
 * Makes sure that an appointment that is to come again has its time: who was missed is over for those who plan, so that
 * a counter may have gone meanwhile and its times with it. @returns false when it cannot have it
 */
async function keepTime(trx: Knex.Transaction, appointmentId: number, now: Instant): Promise<boolean> {
  const row: PlaceRow | undefined = await trx('appointments')
    .join('stops', 'stops.id', 'appointments.stop_id')
    .where('appointments.id', appointmentId)
    .whereRaw('stops.date = appointments.date')
    .first<PlaceRow>('appointments.*');
  if (row === undefined) return false;
  const place = {
    stopId: row.stop_id,
    counter: row.counter,
    date: row.date,
    startTick: row.start_tick,
    ticks: row.ticks,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
  };
  return createTourAppointments(trx).occupy(appointmentId, place, null, now);
}

interface PlaceRow {
  stop_id: number;
  counter: number;
  date: LocalDate;
  start_tick: number;
  ticks: number;
  starts_at: Instant;
  ends_at: Instant;
}

/** An appointment that is to come again counts for its contact again, if the contact has not made others meanwhile. */
async function takeContactsPlace(trx: Knex.Transaction, appointmentId: number, now: Instant): Promise<void> {
  const row: { contact_kind: ContactKind | null; contact: string | null; ends_at: Instant; max: number } | undefined =
    await trx('appointments')
      .join('stops', 'stops.id', 'appointments.stop_id')
      .join('tours', 'tours.id', 'stops.tour_id')
      .leftJoin('venues', 'venues.id', 'stops.venue_id')
      .join('municipalities', 'municipalities.id', trx.raw('coalesce(venues.municipality_id, tours.municipality_id)'))
      .where('appointments.id', appointmentId)
      .first(
        'appointments.contact_kind',
        'appointments.contact',
        'appointments.ends_at',
        'municipalities.max_open_per_contact as max',
      );
  if (row === undefined || row.contact === null || row.contact_kind === null || row.contact_kind === 'none') return;
  const isClaimed: unknown = await trx('contact_slots').where('appointment_id', appointmentId).first('slot');
  if (isClaimed !== undefined || row.ends_at <= now) return;
  const key = normaliseContact({ kind: row.contact_kind, value: row.contact }).slice(0, 254);
  if (key !== '') await createAppointmentUnit(trx).claimContact(appointmentId, key, row.max, row.ends_at, now);
}
