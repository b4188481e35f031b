import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import type { ContactKind } from '../domain/booking/appointment.ts';
import { isUnproven } from '../domain/booking/pending.ts';
import type { AppointmentState } from '../domain/booking/states.ts';
import { isMobileNumber } from '../domain/messages/mobile.ts';
import type { ChangedBy, MessageChannel, MessageKind } from '../domain/messages/message.ts';
import type { Instant, LocalDate } from '../domain/time.ts';
import { runOften } from './statements.ts';

/** Ways out that the installation as a whole has. */
export interface MessageWays {
  /** Mail can be sent for municipalities without a relay of their own too. */
  mail: boolean;
  sms: boolean;
}

/** An office that tells nobody anything: for tests of something else, and where nothing is set up. */
export const NO_WAYS: MessageWays = { mail: false, sms: false };

export interface NewMessage {
  appointmentId: number;
  kind: MessageKind;
  changedBy: ChangedBy;
  /** Of a move: what had been said before. */
  before?: { date: LocalDate; startTick: number; venueId: number | null } | null;
  /** Of being late. */
  expectedAt?: Instant;
}

interface AppointmentRow {
  contact_kind: ContactKind | null;
  contact: string | null;
  sequence: number;
  date: LocalDate;
  start_tick: number;
  ticks: number;
  starts_at: Instant;
  ends_at: Instant;
  hold_until: Instant | null;
  state: AppointmentState;
  venue_id: number | null;
  municipality_id: number;
  sends_sms: boolean | 0 | 1;
  has_relay: number | string;
}

/**
 * Puts a message into the outbox, in the transaction of the change it tells of.
 * @returns its id; null: the person gave no way to be told, or the office has none
 */
export async function queueMessage(
  trx: Knex,
  ways: MessageWays,
  message: NewMessage,
  now: Instant,
): Promise<number | null> {
  const [row] = await runOften<AppointmentRow>(
    trx,
    `select a.contact_kind, a.contact, a.sequence, a.date, a.start_tick, a.ticks, a.starts_at, a.ends_at, a.hold_until, a.state,
         s.venue_id, m.id as municipality_id, m.sends_sms,
         (select count(*) from municipality_relays r where r.municipality_id = m.id) as has_relay
       from appointments a join stops s on s.id = a.stop_id join tours t on t.id = s.tour_id
         left join venues v on v.id = s.venue_id
         join municipalities m on m.id = coalesce(v.municipality_id, t.municipality_id)
       where a.id = ? and a.purged_at is null`,
    [message.appointmentId],
  );
  const channel = row === undefined ? null : channelOf(row, ways);
  if (row === undefined || channel === null) return null;
  const before = (await supersede(trx, message, now)) ?? message.before ?? null;
  // To an address that may be somebody else's goes nothing but the question whether it is the right one.
  const isProven = !isUnproven({ state: row.state, holdUntil: row.hold_until });
  if (!isProven && message.kind !== 'verify') return null;
  const expiresAt = message.kind === 'verify' ? (row.hold_until ?? row.starts_at) : expiryOf(message.kind, row);
  const [written] = await runOften<{ id: number }>(
    trx,
    `insert into outbox (key, municipality_id, appointment_id, channel, kind, changed_by, sequence, date, start_tick,
         ticks, starts_at, ends_at, venue_id, old_date, old_tick, old_venue_id, expected_at, created_at, expires_at,
         next_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       on conflict do nothing returning id`,
    [
      randomBytes(16).toString('base64url'),
      row.municipality_id,
      message.appointmentId,
      channel,
      message.kind,
      message.changedBy,
      row.sequence,
      row.date,
      row.start_tick,
      row.ticks,
      row.starts_at,
      row.ends_at,
      row.venue_id,
      before?.date ?? null,
      before?.startTick ?? null,
      before?.venueId ?? null,
      message.expectedAt ?? null,
      now,
      expiresAt,
      now,
    ],
  );
  return written?.id ?? null;
}

/** What no longer needs to be told once there is news. A cancellation is told whatever was before. */
const OUTDATED: Readonly<Record<MessageKind, readonly MessageKind[]>> = {
  verify: ['verify'],
  booked: ['verify'],
  moved: ['verify', 'booked', 'moved', 'reminder', 'late'],
  cancelled: ['verify', 'booked', 'moved', 'reminder', 'late'],
  reminder: [],
  late: ['late'],
};

/**
 * Takes back what waits unsent and is out of date now.
 * @returns what the person had been told before the first of the moves that they will not hear of; null: nothing else
 */
async function supersede(trx: Knex, { appointmentId, kind }: NewMessage, now: Instant): Promise<NewMessage['before']> {
  const kinds = OUTDATED[kind];
  if (kinds.length === 0) return null;
  const gone = await runOften<{
    id: number;
    kind: MessageKind;
    old_date: LocalDate | null;
    old_tick: number | null;
    old_venue_id: number | null;
  }>(
    trx,
    `update outbox set state = 'superseded', done_at = ?
       where appointment_id = ? and state = 'waiting' and kind in (${kinds.map(() => '?').join(', ')})
       returning id, kind, old_date, old_tick, old_venue_id`,
    [now, appointmentId, ...kinds],
  );
  const [first] = gone
    .filter((row) => row.kind === 'moved' && row.old_date !== null)
    .sort((one, other) => one.id - other.id);
  return kind !== 'moved' || first === undefined || first.old_date === null || first.old_tick === null
    ? null
    : { date: first.old_date, startTick: first.old_tick, venueId: first.old_venue_id };
}

/** That something is off is worth knowing until it would have been over, everything else until it begins. */
function expiryOf(kind: MessageKind, row: AppointmentRow): Instant {
  return kind === 'cancelled' || kind === 'late' ? row.ends_at : row.starts_at;
}

function channelOf(row: AppointmentRow, ways: MessageWays): MessageChannel | null {
  if (row.contact === null) return null;
  if (row.contact_kind === 'email') return ways.mail || Number(row.has_relay) > 0 ? 'email' : null;
  return row.contact_kind === 'phone' && ways.sms && Boolean(row.sends_sms) && isMobileNumber(row.contact)
    ? 'sms'
    : null;
}
