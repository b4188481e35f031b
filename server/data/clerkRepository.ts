import type { Knex } from 'knex';
import type { Scope } from '../domain/access.ts';
import { changesBetween, type AuditAction, type AuditChange } from '../domain/audit.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Instant, LocalDate, MinuteOfDay } from '../domain/time.ts';
import { writeAudit, type AuditAuthor } from './auditRepository.ts';
import type { Database } from './knex.ts';
import { createRetirement, inScope, isTaken } from './officeRepository.ts';
import { lastAuthor, lockRow } from './serviceAdminRepository.ts';

interface ClerkInput {
  name: string;
  municipalityId: number;
  depotId: number | null;
  userId: number | null;
  qualifications: readonly number[];
  hours: readonly { weekday: number; fromMinute: MinuteOfDay; toMinute: MinuteOfDay }[];
}

export interface ClerkRecord extends ClerkInput {
  id: number;
  version: number;
  retiredAt: Instant | null;
}

interface Change {
  author: AuditAuthor;
  at: Instant;
}

interface ClerkChange extends Change {
  picture: (clerk: ClerkInput) => Readonly<Record<string, string | null>>;
}

type AbsenceKind = 'vacation' | 'training' | 'away';

interface Absence {
  id: number;
  clerkId: number;
  fromDate: LocalDate;
  toDate: LocalDate;
  kind: AbsenceKind;
}

interface ClerkTour {
  id: number;
  municipalityId: number;
  date: LocalDate;
  state: 'draft' | 'published' | 'cancelled';
}

type ClerkOutcome =
  { kind: 'saved'; id: number } | { kind: 'stale'; by: string | null } | { kind: 'gone' } | { kind: 'userTaken' };

interface ClerkRow {
  id: number;
  municipality_id: number;
  name: string;
  depot_id: number | null;
  user_id: number | null;
  retired_at: number | string | null;
  version: number;
}

interface AbsenceRow {
  id: number;
  clerk_id: number;
  from_date: LocalDate;
  to_date: LocalDate;
  kind: AbsenceKind;
}

/** The clerks of these rows with what belongs to them, in the order of the rows. */
async function withParts(knex: Knex, rows: readonly ClerkRow[]): Promise<ClerkRecord[]> {
  const ids = rows.map((row) => row.id);
  const qualifications = await knex<{ clerk_id: number; service_id: number }>('clerk_qualifications')
    .whereIn('clerk_id', ids)
    .orderBy('service_id');
  const hours = await knex<{ clerk_id: number; weekday: number; from_minute: number; to_minute: number }>('clerk_hours')
    .whereIn('clerk_id', ids)
    .orderBy('weekday');
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    municipalityId: row.municipality_id,
    depotId: row.depot_id,
    userId: row.user_id,
    version: row.version,
    retiredAt: row.retired_at === null ? null : Number(row.retired_at),
    qualifications: qualifications.filter((one) => one.clerk_id === row.id).map((one) => one.service_id),
    hours: hours
      .filter((one) => one.clerk_id === row.id)
      .map((one) => ({ weekday: one.weekday, fromMinute: one.from_minute, toMinute: one.to_minute })),
  }));
}

async function readClerk(knex: Knex, id: number): Promise<ClerkRecord | undefined> {
  return (await withParts(knex, await knex<ClerkRow>('clerks').where('id', id)))[0];
}

function columnsOf(input: ClerkInput): object {
  return {
    name: input.name,
    municipality_id: input.municipalityId,
    depot_id: input.depotId,
    user_id: input.userId,
  };
}

/** Compared as it is stored: two depots, or two users, may have the same name. */
function isSame(one: ClerkInput, other: ClerkInput): boolean {
  const plain = ({ name, municipalityId, depotId, userId, qualifications, hours }: ClerkInput): string => {
    const times = hours.map((day) => [day.weekday, day.fromMinute, day.toMinute]);
    const services = [...qualifications].sort((a, b) => a - b);
    return JSON.stringify([name, municipalityId, depotId, userId, services, times]);
  };
  return plain(one) === plain(other);
}

async function writeParts(trx: Knex.Transaction, id: number, input: ClerkInput): Promise<void> {
  await trx('clerk_qualifications').where('clerk_id', id).del();
  await trx('clerk_hours').where('clerk_id', id).del();
  if (input.qualifications.length > 0) {
    await trx('clerk_qualifications').insert(input.qualifications.map((service_id) => ({ clerk_id: id, service_id })));
  }
  if (input.hours.length > 0) {
    await trx('clerk_hours').insert(
      input.hours.map((day) => ({
        clerk_id: id,
        weekday: day.weekday,
        from_minute: day.fromMinute,
        to_minute: day.toMinute,
      })),
    );
  }
}

/** Does the write; a user who is a clerk already makes it an expected outcome. */
async function unlessUserTaken<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw isTaken(error) ? new Refusal<ClerkOutcome>({ kind: 'userTaken' }) : error;
  }
}

async function audit(
  trx: Knex.Transaction,
  { author, at }: Change,
  action: AuditAction,
  clerk: { id: number; name: string; municipalityId: number },
  changes: AuditChange[],
): Promise<void> {
  await writeAudit(trx, author, at, {
    municipalityId: clerk.municipalityId,
    subject: 'clerk',
    subjectId: clerk.id,
    label: clerk.name,
    action,
    changes,
  });
}

/** '24.12.2026 bis 31.12.2026'. Why somebody is away is not written into the history, which nobody can delete. */
function daysOf({ fromDate, toDate }: Pick<Absence, 'fromDate' | 'toDate'>): string {
  const german = (date: LocalDate): string => `${date.slice(8)}.${date.slice(5, 7)}.${date.slice(0, 4)}`;
  return fromDate === toDate ? german(fromDate) : `${german(fromDate)} bis ${german(toDate)}`;
}

function toAbsence(row: AbsenceRow): Absence {
  return { id: row.id, clerkId: row.clerk_id, fromDate: row.from_date, toDate: row.to_date, kind: row.kind };
}

async function toursOf(knex: Knex, clerkId: number, from: LocalDate | undefined): Promise<ClerkTour[]> {
  const query = knex('tour_clerks')
    .join('tours', 'tours.id', 'tour_clerks.tour_id')
    .where('tour_clerks.clerk_id', clerkId)
    .orderBy('tours.date');
  if (from !== undefined) void query.where('tours.date', '>=', from);
  return query.select<ClerkTour[]>('tours.id', 'tours.municipality_id as municipalityId', 'tours.date', 'tours.state');
}

/** Users who are no clerk yet and whose roles, at least one, all lie in the scope. */
function freeUsers(users: Knex.QueryBuilder, scope: Scope): void {
  void users.whereNull('locked_at').whereNotIn('id', (taken: Knex.QueryBuilder) => {
    void taken.from('clerks').select('user_id').whereNotNull('user_id');
  });
  if (scope === 'all') {
    return;
  }
  const ids = [...scope];
  void users
    .whereIn('id', (roles: Knex.QueryBuilder) => {
      void roles.from('user_roles').select('user_id').whereIn('municipality_id', ids);
    })
    .whereNotIn('id', (roles: Knex.QueryBuilder) => {
      void roles
        .from('user_roles')
        .select('user_id')
        .where((outside) => void outside.whereNull('municipality_id').orWhereNotIn('municipality_id', ids));
    });
}

/** Clerks with their hours and absences, as those who keep them see them. */
export function createClerkRepository(database: Database) {
  const { reader } = database;

  return {
    ...createRetirement(database, 'clerks', 'clerk'),

    async all(scope: Scope): Promise<ClerkRecord[]> {
      const rows = (await inScope(reader('clerks'), scope).orderBy(['name', 'id'])) as ClerkRow[];
      return withParts(reader, rows);
    },

    find: (id: number): Promise<ClerkRecord | undefined> => readClerk(reader, id),

    async choices(scope: Scope, clerkId: number | null) {
      const clerk = clerkId === null ? undefined : await readClerk(reader, clerkId);
      const municipalities = await inScope(reader('municipalities'), scope, 'id')
        .orderBy('name')
        .select<{ id: number; name: string }[]>('id', 'name');
      const depots = await reader('depots')
        .where((either) => {
          void either.where((some) => void inScope(some, scope)).orWhere('id', clerk?.depotId ?? 0);
        })
        .orderBy('name')
        .select<{ id: number; name: string; municipality_id: number; retired_at: number | null }[]>(
          'id',
          'name',
          'municipality_id',
          'retired_at',
        );
      const services = await reader('services')
        .leftJoin('service_texts', (join) => {
          void join.on('service_texts.service_id', 'services.id').andOnVal('service_texts.locale', 'de');
        })
        .orderBy(['services.position', 'services.id'])
        .select<{ id: number; slug: string; name: string | null; retired_at: number | null }[]>(
          'services.id',
          'services.slug',
          'service_texts.name',
          'services.retired_at',
        );
      const users = await reader('users')
        .where((either) => {
          void either.where((some) => void freeUsers(some, scope)).orWhere('id', clerk?.userId ?? 0);
        })
        .orderBy(['name', 'id'])
        .select<{ id: number; name: string; email: string }[]>('id', 'name', 'email');
      return {
        municipalities,
        depots: depots.map((row) => ({
          id: row.id,
          name: row.name,
          municipalityId: row.municipality_id,
          retired: row.retired_at !== null,
        })),
        services: services.map((row) => ({ id: row.id, name: row.name ?? row.slug, retired: row.retired_at !== null })),
        users,
      };
    },

    create: (input: ClerkInput, change: ClerkChange): Promise<ClerkOutcome> =>
      database.unit(async (trx): Promise<ClerkOutcome> => {
        const picture = change.picture(input);
        const namesakes = await trx<ClerkRow>('clerks').where({
          name: input.name,
          municipality_id: input.municipalityId,
        });
        const same = (await withParts(trx, namesakes)).find((one) => isSame(one, input));
        if (same !== undefined) {
          return { kind: 'saved', id: same.id }; // sent twice
        }
        const [inserted] = await unlessUserTaken(() => trx<{ id: number }>('clerks').insert(columnsOf(input), ['id']));
        const id = inserted?.id ?? 0;
        await writeParts(trx, id, input);
        await audit(trx, change, 'created', { id, ...input }, changesBetween({}, picture));
        return { kind: 'saved', id };
      }),

    save: (id: number, version: number, input: ClerkInput, change: ClerkChange): Promise<ClerkOutcome> =>
      database.unit(async (trx): Promise<ClerkOutcome> => {
        await lockRow(trx, 'clerks', id);
        const before = await readClerk(trx, id);
        if (before === undefined) {
          return { kind: 'gone' };
        }
        if (isSame(before, input)) {
          return { kind: 'saved', id }; // sent twice, or nothing was changed
        }
        if (before.version !== version) {
          return { kind: 'stale', by: await lastAuthor(trx, 'clerk', id) };
        }
        await unlessUserTaken(() =>
          trx('clerks')
            .where('id', id)
            .update({ ...columnsOf(input), version: version + 1 }),
        );
        await writeParts(trx, id, input);
        const changes = changesBetween(change.picture(before), change.picture(input));
        await audit(trx, change, 'changed', { id, ...input }, changes);
        return { kind: 'saved', id };
      }),

    tours: (clerkId: number, from?: LocalDate): Promise<ClerkTour[]> => toursOf(reader, clerkId, from),

    async absences(clerkIds: readonly number[], from: LocalDate): Promise<Absence[]> {
      const rows = await reader<AbsenceRow>('absences')
        .whereIn('clerk_id', [...clerkIds])
        .where('to_date', '>=', from)
        .orderBy(['from_date', 'to_date', 'id']);
      return rows.map(toAbsence);
    },

    async findAbsence(id: number): Promise<Absence | undefined> {
      const row = await reader<AbsenceRow>('absences').where('id', id).first();
      return row === undefined ? undefined : toAbsence(row);
    },

    addAbsence: (absence: Omit<Absence, 'id'>, change: Change): Promise<void> =>
      database.unit(async (trx) => {
        await lockRow(trx, 'clerks', absence.clerkId); // two that send the same wait for each other here
        const clerk = await readClerk(trx, absence.clerkId);
        if (clerk === undefined) {
          return;
        }
        const row = {
          clerk_id: absence.clerkId,
          from_date: absence.fromDate,
          to_date: absence.toDate,
          kind: absence.kind,
        };
        if ((await trx('absences').where(row).first('id')) !== undefined) {
          return;
        }
        await trx('absences').insert(row);
        await audit(trx, change, 'changed', clerk, [{ field: 'Abwesenheit', from: null, to: daysOf(absence) }]);
      }),

    removeAbsence: (id: number, change: Change): Promise<void> =>
      database.unit(async (trx) => {
        const row = await trx<AbsenceRow>('absences').where('id', id).first();
        const clerk = row === undefined ? undefined : await readClerk(trx, row.clerk_id);
        if (row === undefined || clerk === undefined || (await trx('absences').where('id', id).del()) === 0) {
          return;
        }
        await audit(trx, change, 'changed', clerk, [{ field: 'Abwesenheit', from: daysOf(toAbsence(row)), to: null }]);
      }),
  };
}
