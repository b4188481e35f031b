import type { Knex } from 'knex';
import type { Actor, Scope } from '../domain/access.ts';
import { formatReference } from '../domain/booking/reference.ts';
import type { Locale } from '../domain/booking/office.ts';
import { hasRunOut, mayBeAskedAgain } from '../domain/booking/pending.ts';
import { isOpen, type AppointmentState } from '../domain/booking/states.ts';
import type { ChangedBy, MessageChannel, MessageKind, MessageState } from '../domain/messages/message.ts';
import type { Instant, LocalDate } from '../domain/time.ts';
import { writeAudit } from './auditRepository.ts';
import { queueMessage, type MessageWays } from './outboxQueue.ts';
import { readVerifyMails } from './pendingRows.ts';
import { isPostgres } from './statements.ts';
import { inScope } from './tourRows.ts';

interface ListedRow {
  id: number;
  municipality_id: number;
  appointment_id: number;
  channel: MessageChannel;
  kind: MessageKind;
  changed_by: ChangedBy;
  state: MessageState;
  attempts: number;
  created_at: Instant;
  next_at: Instant;
  done_at: Instant | null;
  error: string | null;
  reference: string | null;
  date: LocalDate;
  start_tick: number;
}

interface WholeRow extends ListedRow {
  sequence: number;
  old_date: LocalDate | null;
  old_tick: number | null;
  expires_at: Instant;
  subject: string | null;
  body: string | null;
  calendar: string | null;
  locale: Locale;
  appointment_state: AppointmentState;
  appointment_sequence: number;
  appointment_starts_at: Instant;
  appointment_ends_at: Instant;
  hold_until: Instant | null;
}

/** What is on its way counts as waiting. */
const STATES: Readonly<Record<'waiting' | 'sent' | 'failed', readonly MessageState[]>> = {
  waiting: ['waiting', 'sending'],
  sent: ['sent', 'superseded'],
  failed: ['failed'],
};

const LISTED = [
  'outbox.id',
  'outbox.municipality_id',
  'outbox.appointment_id',
  'outbox.channel',
  'outbox.kind',
  'outbox.changed_by',
  'outbox.state',
  'outbox.attempts',
  'outbox.created_at',
  'outbox.next_at',
  'outbox.done_at',
  'outbox.error',
  'appointments.reference',
  'outbox.date',
  'outbox.start_tick',
] as const;

const WHOLE = [
  ...LISTED,
  'outbox.sequence',
  'outbox.old_date',
  'outbox.old_tick',
  'outbox.expires_at',
  'outbox.subject',
  'outbox.body',
  'outbox.calendar',
  'appointments.locale',
  'appointments.state as appointment_state',
  'appointments.sequence as appointment_sequence',
  'appointments.starts_at as appointment_starts_at',
  'appointments.ends_at as appointment_ends_at',
  'appointments.hold_until',
] as const;

/** Messages of appointments whose personal data is still there. */
function messages(knex: Knex, scope: Scope): Knex.QueryBuilder {
  const query = knex('outbox')
    .join('appointments', 'appointments.id', 'outbox.appointment_id')
    .whereNull('appointments.purged_at');
  inScope(query, 'outbox.municipality_id', scope);
  return query;
}

function toListed(row: ListedRow) {
  return {
    id: row.id,
    municipalityId: row.municipality_id,
    channel: row.channel,
    kind: row.kind,
    changedBy: row.changed_by,
    state: row.state,
    attempts: row.attempts,
    createdAt: row.created_at,
    nextAt: row.next_at,
    doneAt: row.done_at,
    error: row.error,
    reference: row.reference ?? '',
    date: row.date,
    startTick: row.start_tick,
  };
}

export type ListedState = keyof typeof STATES;

/** Reads messages for pages: without names and addresses. */
export function createMessageRepository(reader: Knex) {
  return {
    /** Newest first; of waiting ones, what is due next first. */
    async list(scope: Scope, state: ListedState, limit: number, offset: number) {
      const query = messages(reader, scope).whereIn('outbox.state', [...STATES[state]]);
      void (state === 'waiting'
        ? query.orderBy(['outbox.next_at', 'outbox.id'])
        : query.orderBy([
            { column: 'outbox.done_at', order: 'desc' },
            { column: 'outbox.id', order: 'desc' },
          ]));
      const rows: ListedRow[] = await query
        .limit(limit)
        .offset(offset)
        .select(...LISTED);
      return rows.map(toListed);
    },

    async counts(scope: Scope): Promise<Record<ListedState, number>> {
      const rows: { state: MessageState; n: number | string }[] = await messages(reader, scope)
        .groupBy('outbox.state')
        .select('outbox.state')
        .count({ n: '*' });
      const count = (state: ListedState): number =>
        rows.filter((row) => STATES[state].includes(row.state)).reduce((sum, row) => sum + Number(row.n), 0);
      return { waiting: count('waiting'), sent: count('sent'), failed: count('failed') };
    },

    /** What the mail server said last to what waits, and since when something waits; by municipality and way. */
    async stuck(
      scope: Scope,
    ): Promise<{ municipalityId: number; channel: MessageChannel; since: Instant; error: string }[]> {
      const rows = (await messages(reader, scope)
        .where('outbox.state', 'waiting')
        .whereNotNull('outbox.error')
        .where('outbox.attempts', 0) // what was refused by itself is no trouble of the way
        .groupBy('outbox.municipality_id', 'outbox.channel')
        .orderBy('outbox.municipality_id')
        .select('outbox.municipality_id', 'outbox.channel')
        .min({ since: 'outbox.created_at' })
        .max({ error: 'outbox.error' })) as unknown as {
        municipality_id: number;
        channel: MessageChannel;
        since: number | string;
        error: string;
      }[];
      return rows.map((row) => ({
        municipalityId: row.municipality_id,
        channel: row.channel,
        since: Number(row.since),
        error: row.error,
      }));
    },
  };
}

interface Author {
  actor: Pick<Actor, 'userId' | 'name'>;
  scope: Scope;
}

/** What one transaction can do with messages. */
export function createMessageUnit(trx: Knex.Transaction, ways: MessageWays) {
  const find = (scope: Scope, id: number): Promise<WholeRow | undefined> =>
    messages(trx, scope)
      .where('outbox.id', id)
      .first(...WHOLE);
  const note = (actor: Author['actor'], now: Instant, row: WholeRow, action: 'queued' | 'lookedUp'): Promise<void> =>
    writeAudit(trx, actor, now, {
      municipalityId: row.municipality_id,
      subject: 'message',
      subjectId: row.id,
      label: formatReference(row.reference ?? ''),
      action,
      changes: [],
    });

  return {
    /** Opens one, which is recorded. @returns null for what does not exist in the scope */
    async open({ actor, scope }: Author, id: number, now: Instant) {
      const row = await find(scope, id);
      if (row === undefined) return null;
      await note(actor, now, row, 'lookedUp');
      return {
        ...toListed(row),
        before: row.old_date === null || row.old_tick === null ? null : { date: row.old_date, startTick: row.old_tick },
        locale: row.locale,
        subject: row.subject,
        body: row.body,
        calendar: row.calendar,
      };
    },

    /**
     * Sends one again: what was given up waits once more, of what was sent a new one is made from how things stand now.
     * @returns `waits`: one about this appointment is on its way already; `no`: there is nothing to tell any more; null
     *   for what does not exist in the scope
     */
    async again({ actor, scope }: Author, id: number, now: Instant): Promise<'queued' | 'waits' | 'no' | null> {
      const before = await find(scope, id);
      if (before === undefined) return null;
      // Of two who send it again at once, the second sees what the first has done.
      if (isPostgres(trx)) await trx('appointments').where('id', before.appointment_id).forNoKeyUpdate().select('id');
      const row = (await find(scope, id)) ?? before;
      const open = await trx('outbox')
        .where('appointment_id', row.appointment_id)
        .whereIn('state', [...STATES.waiting])
        .first<{ id: number } | undefined>('id');
      if (open !== undefined) return 'waits';

      if (row.appointment_state === 'pending' && !(await mayBeAsked(trx, row, now))) return 'no';
      const queued = canBeSentAsItIs(row, now) ? await wait(trx, row.id, now) : await queueAnew(trx, ways, row, now);
      if (!queued) return 'no';
      await note(actor, now, row, 'queued');
      return 'queued';
    },
  };
}

/** It was given up, and what it says is still so. */
function canBeSentAsItIs(row: WholeRow, now: Instant): boolean {
  const isAnswered = row.kind === 'verify' && row.appointment_state !== 'pending';
  return row.state === 'failed' && !isAnswered && row.expires_at > now && row.appointment_sequence === row.sequence;
}

/** An address that may be somebody else's gets a few mails at most, whoever sends them. */
async function mayBeAsked(trx: Knex, row: WholeRow, now: Instant): Promise<boolean> {
  if (hasRunOut({ state: row.appointment_state, holdUntil: row.hold_until }, now)) return false;
  return mayBeAskedAgain(await readVerifyMails(trx, row.appointment_id));
}

async function wait(trx: Knex, id: number, now: Instant): Promise<boolean> {
  const changed = await trx('outbox')
    .where({ id, state: 'failed' })
    .update({ state: 'waiting', attempts: 0, created_at: now, next_at: now, done_at: null });
  return changed === 1;
}

async function queueAnew(trx: Knex, ways: MessageWays, row: WholeRow, now: Instant): Promise<boolean> {
  const kind = kindNow(row, now);
  if (kind === null) return false;
  const changedBy = kind === 'cancelled' && row.kind === 'cancelled' ? row.changed_by : 'person';
  return (await queueMessage(trx, ways, { appointmentId: row.appointment_id, kind, changedBy }, now)) !== null;
}

/** What is to be told of the appointment as it is now; null: nothing. */
function kindNow(row: WholeRow, now: Instant): MessageKind | null {
  if (row.kind === 'reminder' || row.kind === 'late') return null;
  const state = row.appointment_state;
  if (state === 'cancelled') return row.appointment_ends_at > now ? 'cancelled' : null;
  if (!isOpen(state) || row.appointment_starts_at <= now) return null;
  return state === 'pending' ? 'verify' : 'booked';
}
