import type { Knex } from 'knex';
import type {
  Appointment,
  AppointmentLine,
  ContactKind,
  NewHold,
  Occupancy,
  PersonalDetails,
} from '../domain/booking/appointment.ts';
import type { BookingChannel } from '../domain/booking/channels.ts';
import type { Locale } from '../domain/booking/office.ts';
import type { VerifyMails } from '../domain/booking/pending.ts';
import { OPEN_STATES, type AppointmentState } from '../domain/booking/states.ts';
import type { LetterKind } from '../domain/hotline/letters.ts';
import type { Instant } from '../domain/time.ts';
import type { Stop, StopWithCounters } from '../domain/tours/stop.ts';
import { queueLetter } from './letterQueue.ts';
import { NO_WAYS, queueMessage, type MessageWays, type NewMessage } from './outboxQueue.ts';
import { contactEnd, readVerifyMails } from './pendingRows.ts';
import { isPostgres, runOften } from './statements.ts';
import { readPlaceOfStop } from './stopScope.ts';
import { readCounters, readPublishedStop } from './stopRepository.ts';

interface AppointmentRow {
  id: number;
  reference: string;
  secret: string;
  state: AppointmentState;
  stop_id: number;
  counter: number;
  date: string;
  start_tick: number;
  ticks: number;
  starts_at: number;
  ends_at: number;
  locale: Locale;
  origin_place_id: number | null;
  first_name: string | null;
  family_name: string | null;
  family_key: string | null;
  contact_kind: ContactKind | null;
  contact: string | null;
  hold_until: number | null;
  hold_extensions: number;
  sequence: number;
}

interface LineRow {
  service_id: number | null;
  persons: number;
  minutes: number;
  fee_cents: number | null;
}

/** The appointment with its services: one statement, as every step of a booking begins with it. */
async function readOne(
  knex: Knex,
  by: 'secret' | 'reference',
  value: string,
  lock: 'locked' | 'unlocked' = 'unlocked',
): Promise<(Appointment & { familyKey: string | null }) | undefined> {
  const lines = await runOften<AppointmentRow & LineRow>(
    knex,
    `select a.*, l.service_id, l.persons, l.minutes, l.fee_cents
     from appointments a left join appointment_services l on l.appointment_id = a.id
     where a.${by} = ? order by l.service_id ${lock === 'locked' && isPostgres(knex) ? 'for update of a' : ''}`,
    [value],
  );
  const [row] = lines;
  if (row === undefined) {
    return undefined;
  }
  return {
    id: row.id,
    reference: row.reference,
    secret: row.secret,
    state: row.state,
    stopId: row.stop_id,
    counter: row.counter,
    date: row.date,
    startTick: row.start_tick,
    ticks: row.ticks,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    locale: row.locale,
    originPlaceId: row.origin_place_id,
    firstName: row.first_name,
    familyName: row.family_name,
    familyKey: row.family_key,
    contactKind: row.contact_kind,
    contact: row.contact,
    holdUntil: row.hold_until,
    holdExtensions: row.hold_extensions,
    sequence: row.sequence,
    lines: lines.flatMap((line) =>
      line.service_id === null
        ? []
        : [{ serviceId: line.service_id, persons: line.persons, minutes: line.minutes, feeCents: line.fee_cents }],
    ),
  };
}

/** Reads appointments for pages. */
export function createAppointmentRepository(reader: Knex) {
  return {
    bySecret: (secret: string): Promise<Appointment | undefined> => readOne(reader, 'secret', secret),
    byReference: (reference: string) => readOne(reader, 'reference', reference),
    placeOfStop: (stopId: number) => readPlaceOfStop(reader, stopId),
    async openOfContact(contactKey: string, now: Instant): Promise<number> {
      const row = await reader('contact_slots')
        .where('contact_key', contactKey)
        .where('ends_at', '>', now)
        .count<{ n: number | string }[]>({ n: '*' })
        .first();
      return Number(row?.n ?? 0);
    },
  };
}

function occupancyColumns(place: Occupancy) {
  return {
    stop_id: place.stopId,
    counter: place.counter,
    date: place.date,
    start_tick: place.startTick,
    ticks: place.ticks,
    starts_at: place.startsAt,
    ends_at: place.endsAt,
  };
}

async function insertLines(trx: Knex.Transaction, id: number, lines: readonly AppointmentLine[]): Promise<void> {
  if (lines.length > 0) {
    await runOften(
      trx,
      `insert into appointment_services (appointment_id, service_id, persons, minutes, fee_cents)
       values ${lines.map(() => '(?, ?, ?, ?, ?)').join(', ')}`,
      lines.flatMap((line) => [id, line.serviceId, line.persons, line.minutes, line.feeCents]),
    );
  }
}

/** What one transaction can do with appointments. */
export function createAppointmentUnit(trx: Knex.Transaction, ways: MessageWays = NO_WAYS) {
  return {
    publishedStop: (stopId: number): Promise<Stop | undefined> => readPublishedStop(trx, stopId),

    withCounters: (
      stops: readonly Stop[],
      now: Instant,
      exceptAppointment?: number,
      channel?: BookingChannel,
    ): Promise<StopWithCounters[]> => readCounters(trx, stops, now, exceptAppointment, channel),

    async bySecret(secret: string): Promise<Appointment | undefined> {
      // Locked until the unit ends: of two requests with one appointment the second sees what the first made of it.
      // The tour first: whoever plans locks in this order too, else both could wait for each other.
      // On SQLite units run one after the other anyway.
      if (isPostgres(trx)) {
        await runOften(
          trx,
          `select id from tours where id = (select s.tour_id from appointments a join stops s on s.id = a.stop_id
             where a.secret = ?) for share`,
          [secret],
        );
      }
      return readOne(trx, 'secret', secret, 'locked');
    },

    async insertHold(hold: NewHold): Promise<number | 'taken'> {
      const rows = await runOften<{ id: number }>(
        trx,
        `insert into appointments (reference, secret, state, channel, stop_id, counter, date, start_tick, ticks,
             starts_at, ends_at, locale, origin_place_id, hold_until, created_at)
           values (?, ?, 'held', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
           on conflict do nothing returning id`,
        [
          hold.reference,
          hold.secret,
          hold.channel,
          hold.stopId,
          hold.counter,
          hold.date,
          hold.startTick,
          hold.ticks,
          hold.startsAt,
          hold.endsAt,
          hold.locale,
          hold.originPlaceId,
          hold.holdUntil,
          hold.createdAt,
        ],
      );
      const id = rows[0]?.id;
      if (id === undefined) {
        return 'taken';
      }
      await insertLines(trx, id, hold.lines);
      return id;
    },

    async occupy(
      id: number,
      place: Occupancy,
      freeAt: Instant | null,
      now: Instant,
      channel: BookingChannel = 'online',
    ): Promise<boolean> {
      // Ascending, so that two transactions that want the same ticks wait for each other in the same order.
      const ticks = Array.from({ length: place.ticks }, (_, index) => place.startTick + index);
      const values = ticks.map(() => '(?, ?, ?, ?, ?)').join(', ');
      const rows = await runOften<{ tick: number }>(
        trx,
        `insert into counter_ticks (stop_id, counter, tick, appointment_id, free_at) values ${values}
           on conflict (stop_id, counter, tick) do update
             set appointment_id = excluded.appointment_id, free_at = excluded.free_at
             where counter_ticks.free_at <= ? or counter_ticks.appointment_id = excluded.appointment_id
               ${channel === 'hotline' ? 'or counter_ticks.appointment_id is null' : ''}
           returning tick`,
        [...ticks.flatMap((tick) => [place.stopId, place.counter, tick, id, freeAt]), now],
      );
      return rows.length === ticks.length;
    },

    async release(id: number, keep: Occupancy | null, reopenAt: Instant | null): Promise<void> {
      const ticks = trx('counter_ticks').where('appointment_id', id);
      if (keep !== null) {
        void ticks.whereNot((kept) => {
          void kept
            .where({ stop_id: keep.stopId, counter: keep.counter })
            .whereBetween('tick', [keep.startTick, keep.startTick + keep.ticks - 1]);
        });
      }
      await (reopenAt === null ? ticks.delete() : ticks.update({ appointment_id: null, free_at: reopenAt }));
    },

    async replaceHold(
      id: number,
      hold: Pick<NewHold, 'holdUntil' | 'lines' | 'originPlaceId'> & Occupancy,
    ): Promise<void> {
      await trx('appointments')
        .where({ id })
        .update({
          ...occupancyColumns(hold),
          state: 'held',
          hold_until: hold.holdUntil,
          origin_place_id: hold.originPlaceId,
        });
      await trx('appointment_services').where('appointment_id', id).delete();
      await insertLines(trx, id, hold.lines);
    },

    async saveDetails(id: number, details: PersonalDetails): Promise<void> {
      await runOften(
        trx,
        `update appointments set first_name = ?, family_name = ?, family_key = ?, contact_kind = ?, contact = ?
         where id = ?`,
        [details.firstName, details.familyName, details.familyKey, details.contactKind, details.contact, id],
      );
    },

    async extendHold(id: number, holdUntil: Instant, extensions: number): Promise<void> {
      await trx('appointments').where({ id }).update({ hold_until: holdUntil, hold_extensions: extensions });
    },

    async confirm(id: number, now: Instant): Promise<boolean> {
      const changed = await runOften(
        trx,
        `update appointments set state = 'confirmed', confirmed_at = ?, hold_until = null
         where id = ? and state = 'held' returning id`,
        [now, id],
      );
      return changed.length === 1;
    },

    async awaitConfirmation(id: number, until: Instant): Promise<boolean> {
      const changed = await runOften(
        trx,
        `update appointments set state = 'pending', hold_until = ? where id = ? and state = 'held' returning id`,
        [until, id],
      );
      return changed.length === 1;
    },

    async confirmPending(id: number, now: Instant): Promise<boolean> {
      const changed = await runOften(
        trx,
        `update appointments set state = 'confirmed', confirmed_at = ?, hold_until = null
         where id = ? and state = 'pending' returning id`,
        [now, id],
      );
      return changed.length === 1;
    },

    verifyMails: (id: number): Promise<VerifyMails> => readVerifyMails(trx, id),

    async claimContact(id: number, contactKey: string, max: number, endsAt: Instant, now: Instant): Promise<boolean> {
      // Two bookings of one contact meet at the key: the second waits for the first, gets nothing and looks again. A
      // slot whose visit is over is taken over in the same statement.
      const slots = Array.from({ length: max }, (_, index) => `select ${index + 1} as slot`).join(' union all ');
      for (let attempt = 0; attempt < max; attempt++) {
        const claimed = await runOften(
          trx,
          `insert into contact_slots (contact_key, slot, appointment_id, ends_at)
           select cast(? as varchar(254)), free.slot, cast(? as integer), cast(? as bigint) from (${slots}) free
           where not exists (select 1 from contact_slots taken
             where taken.contact_key = ? and taken.slot = free.slot and taken.ends_at > ?)
           order by free.slot limit 1
           on conflict (contact_key, slot) do update
             set appointment_id = excluded.appointment_id, ends_at = excluded.ends_at
             where contact_slots.ends_at <= ?
           returning slot`,
          [contactKey, id, endsAt, contactKey, now, now],
        );
        if (claimed.length === 1) {
          return true;
        }
      }
      return false;
    },

    async keepContact(id: number, endsAt: Instant): Promise<boolean> {
      const kept = await trx('contact_slots').where('appointment_id', id).update({ ends_at: endsAt });
      return kept > 0;
    },

    async releaseContact(id: number): Promise<void> {
      await trx('contact_slots').where('appointment_id', id).delete();
    },

    async relocate(id: number, place: Occupancy): Promise<boolean> {
      const changed = await trx('appointments')
        .where({ id })
        .whereIn('state', OPEN_STATES)
        .update({ ...occupancyColumns(place), sequence: trx.raw('sequence + 1') });
      await trx('contact_slots')
        .where('appointment_id', id)
        .update({ ends_at: contactEnd(trx, id, place.endsAt) });
      return changed === 1;
    },

    async cancel(id: number, now: Instant): Promise<boolean> {
      const changed = await trx('appointments')
        .where({ id })
        .whereIn('state', OPEN_STATES)
        .update({ state: 'cancelled', cancelled_at: now, sequence: trx.raw('sequence + 1') });
      return changed === 1;
    },

    async discard(id: number): Promise<void> {
      await trx('appointments').where({ id, state: 'held' }).delete();
    },

    queueLetter: (id: number, kind: LetterKind, now: Instant): Promise<number | null> =>
      queueLetter(trx, id, kind, now),

    queueMessage: (message: NewMessage, now: Instant): Promise<number | null> => queueMessage(trx, ways, message, now),
  };
}
