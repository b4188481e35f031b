import type { Knex } from 'knex';
import { isIn, type Actor, type Scope } from '../domain/access.ts';
import type { ContactKind } from '../domain/booking/appointment.ts';
import type { Locale } from '../domain/booking/office.ts';
import type { AppointmentState } from '../domain/booking/states.ts';
import type { Instant, LocalDate, MinuteOfDay } from '../domain/time.ts';
import { writeAudit } from './auditRepository.ts';
import type { Database } from './knex.ts';

interface CallRow {
  id: number;
  kind: 'changed' | 'moved' | 'cancelled';
  old_date: LocalDate;
  old_minute: MinuteOfDay;
  created_at: Instant;
  done_at: Instant | null;
  done_by_name: string | null;
  reference: string | null;
  first_name: string | null;
  family_name: string | null;
  contact_kind: ContactKind | null;
  contact: string | null;
  locale: Locale;
  state: AppointmentState;
  date: LocalDate;
  start_tick: number;
  ticks: number;
  old_venue_id: number | null;
  old_venue: string | null;
  old_locality: string | null;
  venue_id: number | null;
  venue: string | null;
  locality: string | null;
}

/** Municipality of what had been promised, or where the venue is gone, of the tour. */
const MUNICIPALITY = 'coalesce(old_venue.municipality_id, tours.municipality_id)';

function calls(knex: Knex, scope: Scope) {
  const query = knex('call_list')
    .join('appointments', 'appointments.id', 'call_list.appointment_id')
    .join('stops', 'stops.id', 'appointments.stop_id')
    .join('tours', 'tours.id', 'stops.tour_id')
    .leftJoin('venues', 'venues.id', 'stops.venue_id')
    .leftJoin('venues as old_venue', 'old_venue.id', 'call_list.old_venue_id')
    .leftJoin('users', 'users.id', 'call_list.done_by');
  if (scope !== 'all') {
    const ids = [...scope];
    void (ids.length === 0
      ? query.whereRaw('1 = 0')
      : query.whereRaw(`${MUNICIPALITY} in (${ids.map(() => '?').join(', ')})`, ids));
  }
  return query;
}

const COLUMNS = [
  'call_list.*',
  'users.name as done_by_name',
  'appointments.reference',
  'appointments.first_name',
  'appointments.family_name',
  'appointments.contact_kind',
  'appointments.contact',
  'appointments.locale',
  'appointments.state',
  'appointments.date',
  'appointments.start_tick',
  'appointments.ticks',
  'old_venue.name as old_venue',
  'old_venue.locality as old_locality',
  'stops.venue_id',
  'venues.name as venue',
  'venues.locality',
] as const;

function toCall(row: CallRow) {
  const venueOf = (id: number | null, name: string | null, locality: string | null) =>
    id === null || name === null ? null : { id, name, locality: locality ?? '' };
  return {
    id: row.id,
    kind: row.kind,
    createdAt: row.created_at,
    doneAt: row.done_at,
    doneBy: row.done_by_name,
    reference: row.reference,
    firstName: row.first_name,
    familyName: row.family_name,
    contactKind: row.contact_kind,
    contact: row.contact,
    locale: row.locale,
    old: {
      date: row.old_date,
      minute: row.old_minute,
      venue: venueOf(row.old_venue_id, row.old_venue, row.old_locality),
    },
    now:
      row.state === 'cancelled'
        ? null
        : {
            date: row.date,
            minute: row.start_tick * 5,
            minutes: row.ticks * 5,
            venue: venueOf(row.venue_id, row.venue, row.locality),
          },
  };
}

/** Who has to be told of a change, and who was. */
export function createCallRepository({ reader, unit }: Pick<Database, 'reader' | 'unit'>, now: () => Instant) {
  return {
    async open(scope: Scope) {
      const rows = await calls(reader, scope)
        .whereNull('call_list.done_at')
        .orderBy(['call_list.old_date', 'call_list.old_minute', 'call_list.id'])
        .select<CallRow[]>(...COLUMNS);
      return rows.map(toCall);
    },

    async done(scope: Scope, limit: number) {
      const rows = await calls(reader, scope)
        .whereNotNull('call_list.done_at')
        .orderBy([
          { column: 'call_list.done_at', order: 'desc' },
          { column: 'call_list.id', order: 'desc' },
        ])
        .limit(limit)
        .select<CallRow[]>(...COLUMNS);
      return rows.map(toCall);
    },

    /** Notes that the person was told; noting it twice is the same as once. @returns false outside the scope */
    markDone: ({ actor, scope }: { actor: Actor; scope: Scope }, callId: number): Promise<boolean> =>
      unit(async (trx) => {
        const found = await calls(trx, scope)
          .where('call_list.id', callId)
          .first<{ municipality: number } | undefined>(trx.raw(`${MUNICIPALITY} as municipality`));
        if (found === undefined || !isIn(scope, found.municipality)) return false;

        const at = now();
        const changed = await trx('call_list')
          .where('id', callId)
          .whereNull('done_at')
          .update({ done_at: at, done_by: actor.userId });
        if (changed === 1) {
          await writeAudit(trx, actor, at, {
            municipalityId: found.municipality,
            subject: 'call',
            subjectId: callId,
            label: `Anruf ${callId}`,
            action: 'done',
            changes: [],
          });
        }
        return true;
      }),
  };
}
