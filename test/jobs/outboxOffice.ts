import type { Database, DatabaseConfig } from '../../server/data/knex.ts';
import { createOutboxRepository } from '../../server/data/outboxRepository.ts';
import { createTourUnit } from '../../server/data/tourRepository.ts';
import type { Delivery, OutgoingMessage, WrittenMessage } from '../../server/domain/messages/message.ts';
import { cancelAppointment, moveAppointment } from '../../server/features/booking/changeAppointment.ts';
import { sendMessages, type SendDeps } from '../../server/jobs/outbox.ts';
import { createPauses } from '../../server/jobs/pauses.ts';
import { createDesk, OFFICE_ZONE, seedSmallOffice } from '../support/officeFixture.ts';
import { openMigrated } from '../support/raceFixture.ts';

export const DAY = '2026-12-08';
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
const WAYS = { mail: true, sms: true };

export interface OutboxRow {
  id: number;
  key: string;
  kind: string;
  state: string;
  attempts: number;
  next_at: number;
  claimed_by: string | null;
  done_at: number | null;
  error: string | null;
  subject: string | null;
  body: string | null;
  calendar: string | null;
  old_tick: number | null;
}

/** A small office whose messages can be sent, with a clock that stands still until it is told otherwise. */
export async function openOutboxOffice(config: DatabaseConfig) {
  const database: Database = await openMigrated(config);
  const office = await seedSmallOffice(database, { date: DAY });
  const clock = { now: OFFICE_ZONE.instantAt('2026-12-01', 8 * 60) };
  const now = (): number => clock.now;
  const desk = createDesk(database, now, WAYS);
  const outbox = createOutboxRepository(database);
  const sent: OutgoingMessage[] = [];
  const logged: string[] = [];
  const log = (fields: object, message: string): void => void logged.push(`${message} ${JSON.stringify(fields)}`);

  /** What the other side says to the next messages; 'sent' when it has nothing else to say. */
  const answers: (Delivery | Error)[] = [];
  const pauses = createPauses();

  const deps: SendDeps = {
    write: (message): Promise<WrittenMessage> =>
      Promise.resolve({
        channel: 'email',
        subject: `About ${message.kind}`,
        text: `${message.kind} at ${message.time.startTick}`,
        html: null,
        calendar: { method: 'PUBLISH', content: `SEQUENCE:${message.sequence}` },
      }),
    send: (message) => {
      const answer = answers.shift() ?? { kind: 'sent' };
      if (answer instanceof Error) return Promise.reject(answer);
      if (answer.kind === 'sent') sent.push(message);
      return Promise.resolve(answer);
    },
    worker: 'here',
    now,
    random: () => 0.5,
    zone: OFFICE_ZONE,
    pauses,
    log: { info: log, warn: log, error: log },
  };

  return {
    database,
    office,
    clock,
    desk,
    outbox,
    sent,
    logged,
    answers,
    deps,
    run: (more: Partial<SendDeps> = {}) => sendMessages(outbox, { ...deps, ...more }),
    rows: async (): Promise<OutboxRow[]> => database.reader('outbox').orderBy('id').select<OutboxRow[]>('*'),
    states: async (): Promise<string[]> =>
      (await database.reader('outbox').orderBy('id').select<OutboxRow[]>('*')).map(
        ({ kind, state }) => `${kind} ${state}`,
      ),
    calls: () =>
      database
        .reader('call_list')
        .orderBy('id')
        .select<{ appointment_id: number; kind: string; old_date: string; old_minute: number }[]>(
          'appointment_id',
          'kind',
          'old_date',
          'old_minute',
        ),
    book: (minute = 540) => desk.book({ stopId: office.firstStopId, minute, contactKind: 'email' }),
    move: (secret: string, minute: number) =>
      moveAppointment(desk.deps, secret, { stopId: office.firstStopId, tick: minute / 5 }),
    cancel: (secret: string) => cancelAppointment(desk.deps, secret),
    /** As planners do it: the appointment is changed and the person is told. */
    cancelByOffice: (id: number, minute: number) =>
      database.unit(async (trx) => {
        const unit = createTourUnit(trx, WAYS);
        await unit.cancel(id, clock.now);
        await unit.tell(
          { appointmentId: id, kind: 'cancelled', promised: { date: DAY, minute, venueId: office.firstVenueId } },
          clock.now,
        );
      }),
    moveByOffice: (id: number, from: number) =>
      database.unit(async (trx) => {
        await trx('appointments')
          .where({ id })
          .update({ sequence: trx.raw('sequence + 1') });
        await createTourUnit(trx, WAYS).tell(
          { appointmentId: id, kind: 'moved', promised: { date: DAY, minute: from, venueId: office.firstVenueId } },
          clock.now,
        );
      }),
  };
}

export type OutboxOffice = Awaited<ReturnType<typeof openOutboxOffice>>;
