import type { Instant } from '../domain/time.ts';
import { rowsOf, type Database } from './knex.ts';
import { queueMessage, type MessageWays } from './outboxQueue.ts';

/** When people are reminded of it, an instant: so many hours before, however the clocks are changed between. */
const REMINDER_AT = '(a.starts_at - m.reminder_hours * cast(3600000 as bigint))';

/** Who is to be reminded of an appointment. */
export function createReminderRepository({ reader, unit }: Pick<Database, 'reader' | 'unit'>, ways: MessageWays) {
  return {
    /**
     * Confirmed appointments ahead whose time to remind of has come, that were booked before it and of which nothing was
     * told since.
     */
    async due(
      now: Instant,
      after: { appointmentId: number; startsAt: Instant } | null,
      limit: number,
    ): Promise<{ appointmentId: number; startsAt: Instant }[]> {
      const rows = rowsOf<{ id: number; starts_at: Instant }>(
        await reader.raw(
          `select a.id, a.starts_at
             from appointments a join stops s on s.id = a.stop_id join tours t on t.id = s.tour_id
               left join venues v on v.id = s.venue_id
               join municipalities m on m.id = coalesce(v.municipality_id, t.municipality_id)
             where a.state = 'confirmed' and a.purged_at is null and a.starts_at > ?
               and m.sends_reminders and ${REMINDER_AT} <= ?
               and a.confirmed_at < ${REMINDER_AT}
               and (${reachable(ways)})
               and (a.starts_at > ? or a.starts_at = ? and a.id > ?)
               and not exists (select 1 from outbox o where o.appointment_id = a.id
                 and (o.kind = 'reminder' and o.starts_at = a.starts_at
                   or o.kind in ('booked', 'moved') and o.created_at >= ${REMINDER_AT}))
             order by a.starts_at, a.id limit ?`,
          [now, now, after?.startsAt ?? 0, after?.startsAt ?? 0, after?.appointmentId ?? 0, limit],
        ),
      );
      return rows.map((row) => ({ appointmentId: row.id, startsAt: row.starts_at }));
    },

    remind: (appointmentIds: readonly number[], now: Instant): Promise<number> =>
      unit(async (trx) => {
        let queued = 0;
        for (const appointmentId of appointmentIds) {
          const message = { appointmentId, kind: 'reminder', changedBy: 'office' } as const;
          if ((await queueMessage(trx, ways, message, now)) !== null) queued++;
        }
        return queued;
      }),
  };
}

/** Leaves out whom `queueMessage` could not tell anything, or the job would look at them again and again. */
function reachable(ways: MessageWays): string {
  const mail = ways.mail ? '' : ' and exists (select 1 from municipality_relays r where r.municipality_id = m.id)';
  const sms = ways.sms ? " or a.contact_kind = 'phone' and m.sends_sms" : '';
  return `a.contact is not null and (a.contact_kind = 'email'${mail}${sms})`;
}
