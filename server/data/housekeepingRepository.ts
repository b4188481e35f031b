import type { Instant, LocalDate } from '../domain/time.ts';
import type { Database } from './knex.ts';

/** Deleting what is no longer needed. Each call is one transaction of bounded size. */
export function createHousekeepingRepository({ unit }: Pick<Database, 'unit'>) {
  return {
    deleteHoldsEndedBefore: (instant: Instant): Promise<number> =>
      unit((trx) => trx('appointments').where('state', 'held').where('hold_until', '<', instant).delete()),

    /**
     * Bookings whose e-mail address was not confirmed in time. Whoever confirms at the same moment comes first or finds
     * them expired: both write the state of the appointment where it is still pending.
     */
    expirePending: (now: Instant): Promise<number> =>
      unit(async (trx) => {
        const expired = await trx<{ id: number }>('appointments')
          .where('state', 'pending')
          .where('hold_until', '<=', now)
          .update({ state: 'expired' } as object, ['id']);
        const ids = expired.map(({ id }) => id);
        if (ids.length > 0) {
          await trx('counter_ticks').whereIn('appointment_id', ids).delete();
          await trx('contact_slots').whereIn('appointment_id', ids).delete();
        }
        return ids.length;
      }),

    deleteExpiredBefore: (instant: Instant): Promise<number> =>
      unit((trx) => trx('appointments').where('state', 'expired').where('hold_until', '<', instant).delete()),

    deleteFreeTicks: (now: Instant): Promise<number> =>
      unit((trx) => trx('counter_ticks').whereNull('appointment_id').where('free_at', '<=', now).delete()),

    /** Contacts of visits that are over no longer count towards how many appointments a contact may have. */
    deleteContactsOfPastVisits: (now: Instant): Promise<number> =>
      unit((trx) => trx('contact_slots').where('ends_at', '<=', now).delete()),

    deleteLookupFailuresBefore: (instant: Instant, now: Instant): Promise<number> =>
      unit((trx) =>
        trx('lookup_failures')
          .where('since', '<', instant)
          .where((old) => {
            void old.whereNull('blocked_until').orWhere('blocked_until', '<=', now);
          })
          .delete(),
      ),

    /** What crews ticked, noted and packed on tours before this date; what became of each appointment stays with it. */
    deleteCrewEntriesBefore: (date: LocalDate): Promise<number> =>
      unit(async (trx) => {
        const old = trx('tours').where('date', '<', date).select('id');
        await trx('tour_packing').whereIn('tour_id', old.clone()).delete();
        return trx('tour_actions').whereIn('tour_id', old.clone()).delete();
      }),

    /** Call-backs that were done before the one instant, and those not done that were due before the other. */
    deleteCallbacks: (doneBefore: Instant, dueBefore: Instant): Promise<number> =>
      unit((trx) =>
        trx('callbacks')
          .where('done_at', '<', doneBefore)
          .orWhere((open) => {
            void open.whereNull('done_at').where('due_at', '<', dueBefore);
          })
          .delete(),
      ),

    /** What was typed during a call is forgotten when it ends; this is what is left of calls nobody has ended. */
    deleteHotlineCallsBefore: (instant: Instant): Promise<number> =>
      unit((trx) => trx('hotline_calls').where('started_at', '<', instant).delete()),

    deleteJobRunsBefore: (instant: Instant): Promise<number> =>
      unit((trx) => trx('job_runs').where('started_at', '<', instant).delete()),

    purgePersonalData: (now: Instant): Promise<number> =>
      unit(async (trx) => {
        const purged = await trx('appointments')
          .whereNull('purged_at')
          .whereNot('state', 'held')
          .whereRaw(
            `ends_at <= cast(? as bigint) - cast(3600000 as bigint) * (select m.retention_hours from stops s join tours t on t.id = s.tour_id
               left join venues v on v.id = s.venue_id
               join municipalities m on m.id = coalesce(v.municipality_id, t.municipality_id)
               where s.id = appointments.stop_id)`,
            [now],
          )
          .update({
            reference: null,
            secret: null,
            first_name: null,
            family_name: null,
            family_key: null,
            contact: null,
            origin_place_id: null,
            purged_at: now,
          });
        // Of those whose data is gone, what stands beside it goes too: where letters went, what was noted, what was told.
        for (const table of ['letter_addresses', 'appointment_notes', 'outbox']) {
          const gone = trx('appointments')
            .whereRaw(`appointments.id = ${table}.appointment_id`)
            .whereNotNull('appointments.purged_at');
          await trx(table).whereExists(gone).delete();
        }
        return purged;
      }),
  };
}
