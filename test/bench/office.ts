import type { Database } from '../../server/data/knex.ts';
import { FIRST_DAY, NOW } from './state.ts';

/** Ticks of one appointment of the benchmarks: ten minutes. */
const TICKS = 2;
/** What one stop of three hours holds. */
const EACH_STOP = 18;

/** An appointment to be made: its time is nobody else's. */
export interface Job {
  secret: string;
  stopId: number;
  tick: number;
  email: string;
}

/** So many free times of different stops, first the first time of every stop, then the second. */
export async function freeTimes(database: Database, count: number): Promise<Job[]> {
  const stops = await database
    .reader<{ id: number; from_minute: number }>('stops')
    .orderBy('id')
    .select('id', 'from_minute');
  if (stops.length * EACH_STOP < count) {
    throw new Error(`Only ${stops.length * EACH_STOP} times are free`);
  }
  return Array.from({ length: count }, (_, index) => {
    const stop = stops[index % stops.length] as { id: number; from_minute: number };
    return {
      secret: `bench${String(index).padStart(17, '0')}`,
      stopId: stop.id,
      tick: stop.from_minute / 5 + TICKS * Math.floor(index / stops.length),
      email: `person${index}@example.org`,
    };
  });
}

/** Puts holds with name and contact into the database, ready to be booked. */
export async function insertHolds(database: Database, jobs: readonly Job[]): Promise<void> {
  await database.writer.transaction(async (trx) => {
    for (let i = 0; i < jobs.length; i += 200) {
      const part = jobs.slice(i, i + 200);
      const ids = await trx('appointments')
        .insert(
          part.map((job) => ({
            reference: `H${job.secret.slice(-8)}`,
            secret: job.secret,
            state: 'held',
            channel: 'online',
            stop_id: job.stopId,
            counter: 1,
            date: FIRST_DAY,
            start_tick: job.tick,
            ticks: TICKS,
            starts_at: NOW + 3_600_000,
            ends_at: NOW + 4_200_000,
            locale: 'de',
            first_name: 'Erika',
            family_name: 'Muster',
            family_key: 'muster',
            contact_kind: 'email',
            contact: job.email,
            hold_until: NOW + 600_000,
            created_at: NOW,
          })),
          ['id', 'secret'],
        )
        .then((rows: { id: number; secret: string }[]) => rows);
      const idOf = new Map(ids.map(({ id, secret }) => [secret, id]));
      await trx('appointment_services').insert(
        ids.map(({ id }) => ({ appointment_id: id, service_id: 1, persons: 1, minutes: 10, fee_cents: 0 })),
      );
      await trx('counter_ticks').insert(
        part.flatMap((job) =>
          Array.from({ length: TICKS }, (_, index) => ({
            stop_id: job.stopId,
            counter: 1,
            tick: job.tick + index,
            appointment_id: idOf.get(job.secret),
            free_at: NOW + 600_000,
          })),
        ),
      );
    }
  });
}
