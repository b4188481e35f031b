import type { Knex } from 'knex';
import type { VerifyMails } from '../domain/booking/pending.ts';
import type { Instant } from '../domain/time.ts';

/** What several repositories need to know of appointments that wait for their e-mail address. */

/** How often the address of an appointment was asked to be confirmed, as the outbox has it. */
export async function readVerifyMails(trx: Knex, appointmentId: number): Promise<VerifyMails> {
  const rows: { state: string; created_at: Instant }[] = await trx('outbox')
    .where({ appointment_id: appointmentId, kind: 'verify' })
    .whereNot('state', 'superseded')
    .select('state', 'created_at');
  return {
    tried: rows.filter(({ state }) => state !== 'waiting').length,
    waiting: rows.some(({ state }) => state === 'waiting'),
    lastAt: rows.length === 0 ? null : Math.max(...rows.map(({ created_at }) => Number(created_at))),
  };
}

/** Until when an appointment counts for its contact: a pending one no longer than it waits, else until it is over. */
export function contactEnd(trx: Knex, appointmentId: number, endsAt: Instant): Knex.Raw {
  return trx.raw(
    "coalesce((select hold_until from appointments where id = ? and state = 'pending'), cast(? as bigint))",
    [appointmentId, endsAt],
  );
}

/** Leaves out who waits no longer: their time is free, whether or not a job has written that down. */
export function stillThere(query: Knex.QueryBuilder, now: Instant): void {
  void query.where((there) => {
    void there.whereNot('appointments.state', 'pending').orWhere('appointments.hold_until', '>', now);
  });
}
