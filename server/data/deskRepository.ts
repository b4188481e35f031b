import type { Knex } from 'knex';
import type { Scope } from '../domain/access.ts';
import type { AuditEntry } from '../domain/audit.ts';
import type { Appointment } from '../domain/booking/appointment.ts';
import { OPEN_STATES, type AppointmentState } from '../domain/booking/states.ts';
import type { PostalAddress } from '../domain/hotline/desk.ts';
import type { LetterKind } from '../domain/hotline/letters.ts';
import type { Instant, LocalDate } from '../domain/time.ts';
import { createAppointmentRepository, createAppointmentUnit } from './appointmentRepository.ts';
import { writeAudit } from './auditRepository.ts';
import { createCallbackRepository } from './callbackRepository.ts';
import { readLetters } from './letterQueue.ts';
import { createLetterRepository } from './letterRepository.ts';
import { NO_WAYS, type MessageWays } from './outboxQueue.ts';
import { stillThere } from './pendingRows.ts';
import { readPlaceOfStop, STOP_MUNICIPALITY, withStops } from './stopScope.ts';
import { groupBy, readAll } from './tourRows.ts';

/** States of what is no appointment (yet). */
const NO_APPOINTMENT: readonly AppointmentState[] = ['held', 'expired'];

/** So many with the same name are looked at for a double booking. */
const MOST_CANDIDATES = 100;

interface SimilarQuery {
  contactKey: string | null;
  familyKey: string | null;
  serviceIds: readonly number[];
  from: Instant;
  to: Instant;
  scope: Scope;
  except: number;
  only?: number;
}

interface CandidateRow {
  id: number;
  reference: string;
  date: LocalDate;
  start_tick: number;
  starts_at: Instant;
  stop_id: number;
  first_name: string | null;
  family_name: string | null;
}

async function readSimilar(knex: Knex, query: SimilarQuery) {
  const candidates = async (narrow: (found: Knex.QueryBuilder) => void): Promise<CandidateRow[]> => {
    const found = withStops(knex('appointments'), query.scope)
      .whereIn('appointments.state', OPEN_STATES)
      .whereNull('appointments.purged_at')
      .where('appointments.starts_at', '>', query.from)
      .where('appointments.starts_at', '<=', query.to)
      // Says the same of the end, for the index of what is not purged yet.
      .where('appointments.ends_at', '>', query.from)
      .whereNot('appointments.id', query.except)
      .orderBy(['appointments.starts_at', 'appointments.id'])
      .limit(MOST_CANDIDATES)
      .select<CandidateRow[]>('appointments.*');
    stillThere(found, query.from);
    if (query.only !== undefined) void found.where('appointments.id', query.only);
    narrow(found);
    return found;
  };
  const [byContact, byName] = await readAll(
    knex,
    async () =>
      query.contactKey === null
        ? []
        : candidates((found) => {
            const own = knex('contact_slots').where('contact_key', query.contactKey).select('appointment_id');
            void found.whereIn('appointments.id', own);
          }),
    async () =>
      query.familyKey === null || query.familyKey === ''
        ? []
        : candidates((found) => {
            const common = knex('appointment_services')
              .whereRaw('appointment_services.appointment_id = appointments.id')
              .whereIn('service_id', [...query.serviceIds]);
            void found.where('appointments.family_key', query.familyKey).whereExists(common);
          }),
  );
  const ids = [...new Set([...byContact, ...byName].map(({ id }) => id))];
  const services =
    ids.length === 0
      ? []
      : await knex<{ appointment_id: number; service_id: number }>('appointment_services')
          .whereIn('appointment_id', ids)
          .orderBy(['appointment_id', 'service_id']);
  const servicesOf = groupBy(services, ({ appointment_id }) => appointment_id);
  const toCandidate = (because: 'contact' | 'name') => (row: CandidateRow) => ({
    id: row.id,
    reference: row.reference,
    date: row.date,
    startTick: row.start_tick,
    startsAt: row.starts_at,
    stopId: row.stop_id,
    serviceIds: (servicesOf.get(row.id) ?? []).map(({ service_id }) => service_id),
    firstName: row.first_name,
    familyName: row.family_name,
    because,
  });
  return [...byContact.map(toCandidate('contact')), ...byName.map(toCandidate('name'))];
}

/** What one transaction of an agent of the hotline can do. */
export function createDeskUnit(trx: Knex.Transaction, ways: MessageWays = NO_WAYS) {
  const appointments = createAppointmentUnit(trx, ways);

  const lookUp = async (scope: Scope, narrow: (found: Knex.QueryBuilder) => void) => {
    const found = withStops(trx('appointments'), scope)
      .whereNotIn('appointments.state', NO_APPOINTMENT)
      .whereNull('appointments.purged_at')
      .orderBy('appointments.id')
      .limit(2)
      .select('appointments.id', 'appointments.secret', trx.raw(`${STOP_MUNICIPALITY} as municipality_id`));
    narrow(found);
    const rows = (await found) as { id: number; secret: string; municipality_id: number }[];
    return rows.map(({ id, secret, municipality_id }) => ({ id, secret, municipalityId: municipality_id }));
  };

  return {
    ...appointments,

    async byId(id: number): Promise<Appointment | undefined> {
      const row: { secret: string | null } | undefined = await trx('appointments').where('id', id).first('secret');
      const secret = row?.secret ?? null;
      return secret === null ? undefined : appointments.bySecret(secret); // locks in the right order
    },

    municipalityOfStop: async (stopId: number): Promise<number | undefined> =>
      (await readPlaceOfStop(trx, stopId))?.municipalityId,

    async saveAddress(id: number, address: PostalAddress | null): Promise<void> {
      if (address === null) {
        await trx('letter_addresses').where('appointment_id', id).delete();
        return;
      }
      const { extra, street, postcode, city } = address;
      await trx('letter_addresses')
        .insert({ appointment_id: id, extra: extra === '' ? null : extra, street, postcode, city })
        .onConflict('appointment_id')
        .merge();
    },

    similar: (query: SimilarQuery) => readSimilar(trx, query),

    letters: (id: number) => readLetters(trx, id),

    async messageWaits(id: number): Promise<boolean> {
      const row: { id: number } | undefined = await trx('outbox')
        .where('appointment_id', id)
        .whereIn('state', ['waiting', 'sending'])
        .first('id');
      return row !== undefined;
    },

    async lastNote(id: number) {
      const row: { text: string; at: Instant; user_id: number | null } | undefined = await trx('appointment_notes')
        .where('appointment_id', id)
        .orderBy('id', 'desc')
        .first('text', 'at', 'user_id');
      return row === undefined ? undefined : { text: row.text, at: row.at, userId: row.user_id };
    },

    async insertNote(id: number, text: string, at: Instant, userId: number): Promise<void> {
      await trx('appointment_notes').insert({ appointment_id: id, text, at, user_id: userId });
    },

    byReference: (reference: string, scope: Scope) =>
      lookUp(scope, (found) => void found.where('appointments.reference', reference)),

    byName: (familyKey: string, date: LocalDate, scope: Scope) =>
      // The day of the stop besides, as appointments have an index of their stops, none of their days.
      lookUp(
        scope,
        (found) =>
          void found
            .where('stops.date', date)
            .where('appointments.date', date)
            .where('appointments.family_key', familyKey),
      ),

    audit: (author: { userId: number; name: string }, at: Instant, entry: AuditEntry): Promise<void> =>
      writeAudit(trx, author, at, entry),
  };
}

/** Reads for the workplace of the hotline. */
export function createDeskRepository(reader: Knex) {
  return {
    bySecret: createAppointmentRepository(reader).bySecret,

    similar: (query: SimilarQuery) => readSimilar(reader, query),

    placeOfStop: (stopId: number) => readPlaceOfStop(reader, stopId),

    async extras(appointmentId: number) {
      const [appointment, address, notes, letter] = await readAll(
        reader,
        () =>
          reader('appointments')
            .where('id', appointmentId)
            .first<{ channel: 'online' | 'hotline' | 'clerk' | 'walk-in' } | undefined>('channel'),
        () =>
          reader('letter_addresses')
            .where('appointment_id', appointmentId)
            .first<{ extra: string | null; street: string; postcode: string; city: string } | undefined>(),
        () =>
          reader('appointment_notes')
            .leftJoin('users', 'users.id', 'appointment_notes.user_id')
            .where('appointment_id', appointmentId)
            .orderBy('appointment_notes.id')
            .select<{ text: string; at: Instant; name: string | null }[]>(
              'appointment_notes.text',
              'appointment_notes.at',
              'users.name',
            ),
        () =>
          reader('letters')
            .where('appointment_id', appointmentId)
            .orderBy('id', 'desc')
            .first<{ kind: LetterKind; created_at: Instant; printed_at: Instant | null } | undefined>(),
      );
      return {
        channel: appointment?.channel ?? 'online',
        address:
          address === undefined
            ? null
            : {
                extra: address.extra ?? '',
                street: address.street,
                postcode: address.postcode,
                city: address.city,
              },
        notes: notes.map(({ text, at, name }) => ({ text, at, by: name })),
        letter:
          letter === undefined
            ? null
            : { kind: letter.kind, createdAt: letter.created_at, printedAt: letter.printed_at },
      };
    },
  };
}

/** How much waits for somebody, in the municipalities of an agent. */
export function createWaitingRepository(reader: Knex) {
  const callbacks = createCallbackRepository(reader);
  const letters = createLetterRepository(reader);
  return {
    callbacks: (scope: Scope, now: Instant) => callbacks.waiting(scope, now),
    letters: (scope: Scope, now: Instant) => letters.count(scope, now),
  };
}
