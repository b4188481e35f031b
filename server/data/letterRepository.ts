import type { Knex } from 'knex';
import type { Actor, Scope } from '../domain/access.ts';
import { formatReference } from '../domain/booking/reference.ts';
import type { Locale } from '../domain/booking/office.ts';
import type { AppointmentState } from '../domain/booking/states.ts';
import type { LetterKind } from '../domain/hotline/letters.ts';
import type { Instant, LocalDate } from '../domain/time.ts';
import { writeAudit } from './auditRepository.ts';
import { readServiceTexts } from './crewDayServices.ts';
import { queueLetter } from './letterQueue.ts';
import { isPostgres } from './statements.ts';
import { STOP_MUNICIPALITY, withStops } from './stopScope.ts';
import { groupBy, readAll } from './tourRows.ts';

interface ListedRow {
  id: number;
  municipality_id: number;
  reference: string;
  kind: LetterKind;
  state: AppointmentState;
  date: LocalDate;
  created_at: Instant;
}

interface PrintedRow extends ListedRow {
  printed_at: Instant;
  printed_by_name: string | null;
  starts_at: Instant;
  newer: number | string;
}

interface OpenRow extends ListedRow {
  appointment_id: number;
  locale: Locale;
  first_name: string | null;
  family_name: string | null;
  extra: string | null;
  street: string;
  postcode: string;
  city: string;
  start_tick: number;
  ticks: number;
  venue_id: number | null;
  told: number | string;
}

const LISTED = ['letters.id', 'letters.kind', 'letters.created_at', 'appointments.reference', 'appointments.state'];

/**
 * Letters about appointments whose personal data is still there. SQLite has no statistics: the plus keeps it from
 * beginning with all appointments there are, where letters are few.
 */
function lettersIn(knex: Knex, scope: Scope): Knex.QueryBuilder {
  const query = knex('letters')
    .join('appointments', 'appointments.id', 'letters.appointment_id')
    .whereRaw('+appointments.purged_at is null');
  return withStops(query, scope);
}

function waitingIn(knex: Knex, scope: Scope): Knex.QueryBuilder {
  return lettersIn(knex, scope)
    .join('letter_addresses', 'letter_addresses.appointment_id', 'letters.appointment_id')
    .whereNull('letters.printed_at');
}

const listedColumns = (knex: Knex) => [
  ...LISTED,
  'appointments.date',
  knex.raw(`${STOP_MUNICIPALITY} as municipality_id`) as unknown as string,
];

function toListed(row: ListedRow) {
  return {
    id: row.id,
    municipalityId: row.municipality_id,
    reference: row.reference,
    kind: row.kind,
    state: row.state,
    date: row.date,
    createdAt: row.created_at,
  };
}

async function readOpen(knex: Knex, query: Knex.QueryBuilder) {
  const rows: OpenRow[] = await query.orderBy(['letters.created_at', 'letters.id']).select(
    ...listedColumns(knex),
    'letters.appointment_id',
    'appointments.locale',
    'appointments.first_name',
    'appointments.family_name',
    'appointments.start_tick',
    'appointments.ticks',
    'letter_addresses.extra',
    'letter_addresses.street',
    'letter_addresses.postcode',
    'letter_addresses.city',
    'stops.venue_id',
    knex.raw(
      `(select count(*) from call_list where call_list.appointment_id = letters.appointment_id
          and call_list.kind = 'cancelled') as told`,
    ),
  );
  const ids = rows.map(({ appointment_id }) => appointment_id);
  const lines = await knex('appointment_services')
    .join('services', 'services.id', 'appointment_services.service_id')
    .whereIn('appointment_id', ids)
    .orderBy(['services.position', 'services.id'])
    .select<{ appointment_id: number; service_id: number; persons: number; fee_cents: number | null }[]>(
      'appointment_id',
      'service_id',
      'persons',
      'fee_cents',
    );
  const texts = await readServiceTexts(knex, [...new Set(lines.map(({ service_id }) => service_id))]);
  const linesOf = groupBy(lines, ({ appointment_id }) => appointment_id);
  return rows.map((row) => ({
    ...toListed(row),
    appointmentId: row.appointment_id,
    locale: row.locale,
    firstName: row.first_name,
    familyName: row.family_name,
    address: { extra: row.extra, street: row.street, postcode: row.postcode, city: row.city },
    startTick: row.start_tick,
    ticks: row.ticks,
    venueId: row.venue_id,
    cancelledByOffice: Number(row.told) > 0,
    lines: (linesOf.get(row.appointment_id) ?? []).map((line) => ({
      serviceId: line.service_id,
      persons: line.persons,
      feeCents: line.fee_cents,
      names: texts.get(line.service_id)?.names ?? { de: '', en: '' },
      documents: texts.get(line.service_id)?.documents ?? { de: [], en: [] },
    })),
  }));
}

/** Reads the letters to people without e-mail, for pages. */
export function createLetterRepository(reader: Knex) {
  return {
    async waiting(scope: Scope, now: Instant) {
      const rows: ListedRow[] = await waitingIn(reader, scope)
        .where('appointments.starts_at', '>', now)
        .orderBy(['letters.created_at', 'letters.id'])
        .select(...listedColumns(reader));
      return rows.map(toListed);
    },

    /** How many wait, of appointments still to come. */
    async count(scope: Scope, now: Instant): Promise<number> {
      const waiting = waitingIn(reader, scope).where('appointments.starts_at', '>', now);
      const row: { n: number | string } | undefined = await waiting.count<{ n: number | string }[]>({ n: '*' }).first();
      return Number(row?.n ?? 0);
    },

    async printed(scope: Scope, since: Instant, now: Instant, limit: number) {
      const rows: PrintedRow[] = await lettersIn(reader, scope)
        .leftJoin('users', 'users.id', 'letters.printed_by')
        .where('letters.printed_at', '>=', since)
        .orderBy([
          { column: 'letters.printed_at', order: 'desc' },
          { column: 'letters.id', order: 'desc' },
        ])
        .limit(limit)
        .select(
          ...listedColumns(reader),
          'letters.printed_at',
          'users.name as printed_by_name',
          'appointments.starts_at',
          reader.raw(`(select count(*) from letters newer where newer.appointment_id = letters.appointment_id
            and newer.id > letters.id) as newer`),
        );
      return rows.map((row) => ({
        ...toListed(row),
        printedAt: row.printed_at,
        printedBy: row.printed_by_name,
        canRepeat: row.starts_at > now && Number(row.newer) === 0,
      }));
    },

    open: (municipalityId: number, now: Instant, limit: number) =>
      readOpen(
        reader,
        waitingIn(reader, new Set([municipalityId]))
          .where('appointments.starts_at', '>', now)
          .limit(limit),
      ),
  };
}

interface Author {
  actor: Pick<Actor, 'userId' | 'name'>;
  scope: Scope;
}

/** What one transaction can do with letters. */
export function createLetterUnit(trx: Knex.Transaction) {
  return {
    async lockOpen(scope: Scope, appointmentIds: readonly number[]) {
      const ids = [...appointmentIds];
      if (isPostgres(trx)) {
        // Appointments before letters, as whoever changes one does. What they changed meanwhile is read afterwards.
        await trx('appointments').whereIn('id', ids).orderBy('id').forShare().select('id');
        await trx('letters')
          .whereIn('appointment_id', ids)
          .whereNull('printed_at')
          .orderBy('id')
          .forUpdate()
          .select('id');
      }
      return readOpen(trx, waitingIn(trx, scope).whereIn('letters.appointment_id', ids));
    },

    async known(scope: Scope, appointmentIds: readonly number[]) {
      const ids = [...appointmentIds];
      const [appointments, printed] = await readAll(
        trx,
        () =>
          withStops(trx('appointments'), scope)
            .whereIn('appointments.id', ids)
            .whereNotNull('appointments.reference')
            .orderBy('appointments.id')
            .select<{ id: number; reference: string }[]>('appointments.id', 'appointments.reference'),
        () =>
          trx('letters')
            .whereIn('appointment_id', ids)
            .whereNotNull('printed_at')
            .select<{ id: number; appointment_id: number }[]>('id', 'appointment_id'),
      );
      const printedOf = groupBy(printed, ({ appointment_id }) => appointment_id);
      return appointments.map(({ id, reference }) => ({
        appointmentId: id,
        reference,
        printedIds: (printedOf.get(id) ?? []).map((letter) => letter.id),
      }));
    },

    async mark(
      { actor }: Author,
      letters: readonly { id: number; municipalityId: number }[],
      now: Instant,
    ): Promise<void> {
      if (letters.length === 0) return;
      await trx('letters')
        .whereIn(
          'id',
          letters.map(({ id }) => id),
        )
        .whereNull('printed_at')
        .update({ printed_at: now, printed_by: actor.userId });
      for (const [municipalityId, batch] of groupBy(letters, (letter) => letter.municipalityId)) {
        await writeAudit(trx, actor, now, {
          municipalityId,
          subject: 'letter',
          subjectId: null,
          label: batch.length === 1 ? '1 Brief' : `${batch.length} Briefe`,
          action: 'printed',
          changes: [],
        });
      }
    },

    async repeat({ actor, scope }: Author, letterId: number, now: Instant): Promise<'queued' | 'waits' | 'no' | null> {
      const find = () =>
        lettersIn(trx, scope)
          .where('letters.id', letterId)
          .first<(ListedRow & { appointment_id: number; starts_at: Instant }) | undefined>(
            ...listedColumns(trx),
            'letters.appointment_id',
            'appointments.starts_at',
          );
      const before = await find();
      if (before === undefined) return null;
      // Of two who repeat it at once, the second sees the letter of the first.
      if (isPostgres(trx)) await trx('appointments').where('id', before.appointment_id).forNoKeyUpdate().select('id');
      const letter = (await find()) ?? before;
      if (letter.starts_at <= now) return 'no';

      const waits = await trx('letters')
        .where('appointment_id', letter.appointment_id)
        .whereNull('printed_at')
        .first<{ id: number } | undefined>('id');
      if (waits !== undefined) return 'waits';
      const kind = letter.state === 'cancelled' ? 'cancelled' : letter.kind;
      const id = await queueLetter(trx, letter.appointment_id, kind, now);
      if (id === null) return 'no';
      await writeAudit(trx, actor, now, {
        municipalityId: letter.municipality_id,
        subject: 'letter',
        subjectId: id,
        label: formatReference(letter.reference),
        action: 'queued',
        changes: [],
      });
      return 'queued';
    },
  };
}
