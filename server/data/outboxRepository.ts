import type { Knex } from 'knex';
import type { AppointmentLine, ContactKind } from '../domain/booking/appointment.ts';
import type { Locale } from '../domain/booking/office.ts';
import type { AppointmentState } from '../domain/booking/states.ts';
import { fateOf, needsCall } from '../domain/messages/delivery.ts';
import type {
  ChangedBy,
  MessageChannel,
  MessageKind,
  OutgoingMessage,
  WrittenMessage,
} from '../domain/messages/message.ts';
import { tickToMinute, type Instant, type LocalDate } from '../domain/time.ts';
import { isPostgres, rowsOf, type Database } from './knex.ts';
import { runOften } from './statements.ts';

/** A way out that is closed for a while. */
export interface ClosedWay {
  municipalityId: number;
  channel: MessageChannel;
}

/** What one step through the outbox came to. `late`: given up, because nobody needs it any more. */
export type Claim = { kind: 'send'; message: OutgoingMessage } | { kind: 'superseded' } | { kind: 'late' };

/** A message that waits, as far as it matters for giving it up. */
export type WaitingMessage = Pick<
  OutgoingMessage,
  'id' | 'kind' | 'changedBy' | 'createdAt' | 'expiresAt' | 'before'
> & {
  time: Pick<OutgoingMessage['time'], 'startsAt'>;
};

interface OutboxRow {
  id: number;
  key: string;
  municipality_id: number;
  appointment_id: number;
  channel: MessageChannel;
  kind: MessageKind;
  changed_by: ChangedBy;
  sequence: number;
  date: LocalDate;
  start_tick: number;
  ticks: number;
  starts_at: Instant;
  ends_at: Instant;
  venue_id: number | null;
  old_date: LocalDate | null;
  old_tick: number | null;
  old_venue_id: number | null;
  expected_at: Instant | null;
  created_at: Instant;
  expires_at: Instant;
  attempts: number;
  error: string | null;
}

interface PersonRow {
  reference: string | null;
  secret: string | null;
  locale: Locale;
  state: AppointmentState;
  appointment_sequence: number;
  first_name: string | null;
  family_name: string | null;
  contact_kind: ContactKind | null;
  contact: string | null;
  origin_place_id: number | null;
}

interface LineRow {
  service_id: number;
  persons: number;
  minutes: number;
  fee_cents: number | null;
}

/**
 * Waiting and due, or with a process that must have died; the oldest of its appointment, as people are told in the order
 * in which things happened. Two bindings: now, now.
 */
const CLAIMABLE = `(o.state = 'waiting' and o.next_at <= ? or o.state = 'sending' and o.claimed_until <= ?)
  and not exists (select 1 from outbox older where older.appointment_id = o.appointment_id and older.id < o.id
    and older.state in ('waiting', 'sending'))`;

const SUBJECT_LENGTH = 250;
const ERROR_LENGTH = 300;
const TOO_LATE = 'zu spät';

/**
 * The messages on their way out. A process claims one at a time, for a while: whatever it says about a message after
 * that changes nothing, because another process may have claimed it meanwhile.
 */
export function createOutboxRepository({ kind, reader, unit }: Pick<Database, 'kind' | 'reader' | 'unit'>) {
  /** On SQLite a claim keeps all other writers waiting: not for an empty outbox. */
  async function isAnythingDue(now: Instant, closed: readonly ClosedWay[]): Promise<boolean> {
    if (kind === 'postgres') return true;
    const ways = openWays(closed);
    const found = rowsOf(
      await reader.raw(
        `select 1 from outbox o where o.state in ('waiting', 'sending') and ${CLAIMABLE}${ways.sql} limit 1`,
        [now, now, ...ways.bindings],
      ),
    );
    return found.length > 0;
  }

  return {
    /**
     * Takes one step: claims the message that is due next, or finishes it where it must not be sent.
     * @param worker name of the process, which no other one has
     * @param leaseMs so long it is the worker's
     * @param closed ways out that are not tried now
     * @returns null: nothing is due
     */
    async claim(
      worker: string,
      now: Instant,
      leaseMs: number,
      closed: readonly ClosedWay[] = [],
    ): Promise<Claim | null> {
      if (!(await isAnythingDue(now, closed))) return null;
      const ways = openWays(closed);
      return unit(async (trx) => {
        const claimed = rowsOf<OutboxRow>(
          await trx.raw(
            `update outbox set state = 'sending', claimed_by = ?, claimed_until = ? where id = (
               select o.id from outbox o where o.state in ('waiting', 'sending') and ${CLAIMABLE}${ways.sql}
                 order by o.next_at, o.id limit 1 ${isPostgres(trx) ? 'for update of o skip locked' : ''})
             returning *`,
            [worker, now + leaseMs, now, now, ...ways.bindings],
          ),
        );
        const [row] = claimed;
        if (row === undefined) return null;
        const message = await readMessage(trx, row);
        const fate = message === null ? 'superseded' : fateOf(message, now);
        if (message !== null && fate === 'send') return { kind: 'send', message };
        if (fate === 'superseded') {
          await finish(trx, row.id, worker, { state: 'superseded', done_at: now });
          await handOnBefore(trx, row);
          return { kind: 'superseded' };
        }
        const error = [TOO_LATE, ...(row.error === null ? [] : [row.error])].join(': ').slice(0, ERROR_LENGTH);
        await giveUp(trx, row.id, error, now);
        return { kind: 'late' };
      });
    },

    /** Notes that it was sent, with what was sent. @returns false: the claim had ended, nothing was changed */
    sent: (id: number, worker: string, at: Instant, written: WrittenMessage): Promise<boolean> =>
      unit((trx) =>
        finish(trx, id, worker, {
          state: 'sent',
          done_at: at,
          attempts: trx.raw('attempts + 1'),
          error: null,
          subject: written.channel === 'email' ? Array.from(written.subject).slice(0, SUBJECT_LENGTH).join('') : null,
          body: written.text,
          calendar: written.channel === 'email' ? (written.calendar?.content ?? null) : null,
        }),
      ),

    /**
     * Lets it wait until the next try.
     * @param counts whether this was a try; a closed way out is none
     * @returns false: the claim had ended, nothing was changed
     */
    retry: (id: number, worker: string, nextAt: Instant, reason: string, counts: boolean): Promise<boolean> =>
      unit((trx) =>
        finish(trx, id, worker, {
          state: 'waiting',
          next_at: nextAt,
          error: reason,
          ...(counts ? { attempts: trx.raw('attempts + 1') } : {}),
        }),
      ),

    /** Gives it up; whom the office owes the news is called. @returns false: the claim had ended, nothing was changed */
    fail: (id: number, worker: string, at: Instant, reason: string): Promise<boolean> =>
      unit(async (trx) => {
        const mine = await trx('outbox')
          .where({ id, state: 'sending', claimed_by: worker })
          .update({ attempts: trx.raw('attempts + 1') });
        return mine === 1 && giveUp(trx, id, reason, at);
      }),

    /** What waits for this way out: first what somebody has to be called about otherwise, then the oldest. */
    async waiting({ municipalityId, channel }: ClosedWay, limit: number): Promise<WaitingMessage[]> {
      const rows = await reader('outbox')
        .where({ municipality_id: municipalityId, channel, state: 'waiting' })
        .orderByRaw("case when changed_by = 'office' and kind in ('moved', 'cancelled') then 0 else 1 end, id")
        .limit(limit)
        .select<OutboxRow[]>('*');
      return rows.map((row) => ({
        id: row.id,
        kind: row.kind,
        changedBy: row.changed_by,
        createdAt: row.created_at,
        expiresAt: row.expires_at,
        before: beforeOf(row),
        time: { startsAt: row.starts_at },
      }));
    },

    /** Gives up what waits. @returns false: it does not wait any more */
    giveUpWaiting: (id: number, reason: string, at: Instant): Promise<boolean> =>
      unit((trx) => giveUp(trx, id, reason, at, 'waiting')),
  };
}

/** A condition for those ways out that are not closed. */
function openWays(closed: readonly ClosedWay[]): { sql: string; bindings: (string | number)[] } {
  return {
    sql: closed.map(() => ' and not (o.municipality_id = ? and o.channel = ?)').join(''),
    bindings: closed.flatMap(({ municipalityId, channel }) => [municipalityId, channel]),
  };
}

/** Ends a claim, if it is still the worker's. */
async function finish(trx: Knex, id: number, worker: string, change: object): Promise<boolean> {
  const changed = await trx('outbox')
    .where({ id, state: 'sending', claimed_by: worker })
    .update({ claimed_by: null, claimed_until: null, ...change });
  return changed === 1;
}

/** The next message about a move tells from when on the person does not know, when they never heard of this one. */
async function handOnBefore(trx: Knex, { id, appointment_id, kind, ...row }: OutboxRow): Promise<void> {
  if (kind !== 'moved' || row.old_date === null) return;
  await runOften(
    trx,
    `update outbox set old_date = ?, old_tick = ?, old_venue_id = ? where id =
       (select min(id) from outbox where appointment_id = ? and id > ? and kind = 'moved' and state = 'waiting')`,
    [row.old_date, row.old_tick, row.old_venue_id, appointment_id, id],
  );
}

/** @param from the state it must be in, else nothing is changed */
async function giveUp(
  trx: Knex,
  id: number,
  reason: string,
  at: Instant,
  from: 'waiting' | 'sending' = 'sending',
): Promise<boolean> {
  const [row] = await runOften<OutboxRow>(
    trx,
    `update outbox set state = 'failed', done_at = ?, error = ?, claimed_by = null, claimed_until = null
       where id = ? and state = ? returning *`,
    [at, reason, id, from],
  );
  if (row === undefined) return false;
  if (needsCall({ kind: row.kind, changedBy: row.changed_by })) {
    await runOften(
      trx,
      `insert into call_list (appointment_id, kind, old_date, old_minute, old_venue_id, created_at)
         values (?, ?, ?, ?, ?, ?)
         on conflict (appointment_id) where done_at is null do update set kind = excluded.kind`,
      [
        row.appointment_id,
        row.kind,
        row.old_date ?? row.date,
        tickToMinute(row.old_tick ?? row.start_tick),
        row.old_date === null ? row.venue_id : row.old_venue_id,
        at,
      ],
    );
  }
  return true;
}

/** @returns null: there is nobody any more whom it could be sent to */
async function readMessage(trx: Knex, row: OutboxRow): Promise<OutgoingMessage | null> {
  const [person] = await runOften<PersonRow>(
    trx,
    `select reference, secret, locale, state, sequence as appointment_sequence, first_name, family_name, contact_kind,
         contact, origin_place_id
       from appointments where id = ? and purged_at is null`,
    [row.appointment_id],
  );
  const right = row.channel === 'email' ? 'email' : 'phone';
  if (person === undefined || person.contact_kind !== right || person.contact === null) return null;
  if (person.reference === null || person.secret === null) return null;
  const lines = await runOften<LineRow>(
    trx,
    'select service_id, persons, minutes, fee_cents from appointment_services where appointment_id = ? order by service_id',
    [row.appointment_id],
  );
  return {
    id: row.id,
    key: row.key,
    municipalityId: row.municipality_id,
    channel: row.channel,
    kind: row.kind,
    changedBy: row.changed_by,
    recipient: person.contact,
    sequence: row.sequence,
    time: {
      date: row.date,
      startTick: row.start_tick,
      ticks: row.ticks,
      startsAt: row.starts_at,
      endsAt: row.ends_at,
      venueId: row.venue_id,
    },
    before: beforeOf(row),
    expectedAt: row.expected_at,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    attempts: row.attempts,
    appointment: {
      id: row.appointment_id,
      reference: person.reference,
      secret: person.secret,
      locale: person.locale,
      state: person.state,
      sequence: person.appointment_sequence,
      firstName: person.first_name,
      familyName: person.family_name,
      originPlaceId: person.origin_place_id,
      lines: lines.map((line): AppointmentLine => ({
        serviceId: line.service_id,
        persons: line.persons,
        minutes: line.minutes,
        feeCents: line.fee_cents,
      })),
    },
  };
}

function beforeOf(row: OutboxRow): OutgoingMessage['before'] {
  return row.old_date === null || row.old_tick === null
    ? null
    : { date: row.old_date, startTick: row.old_tick, venueId: row.old_venue_id };
}
