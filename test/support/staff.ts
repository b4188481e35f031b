import { createHmac, randomBytes } from 'node:crypto';
import type { Database } from '../../server/data/knex.ts';
import { officeKey } from '../../server/data/lookupGuard.ts';
import type { Role } from '../../server/domain/access.ts';
import { hashOfSession, SESSION_COOKIE, type Stage } from '../../server/web/session.ts';
import { createVisitor, type Visitor } from './visitor.ts';

export interface StaffOptions {
  /** Ids of municipalities, or 'all'. Default: all. */
  municipalities?: readonly number[] | 'all';
  name?: string;
  email?: string;
  stage?: Stage;
  /** When the session began, epoch milliseconds. Default: now. */
  now?: number;
}

export interface StaffUser {
  id: number;
  email: string;
}

/** A user without a password: for tests that are not about signing in. */
export async function insertUser(
  database: Database,
  roles: readonly Role[],
  options: StaffOptions = {},
): Promise<StaffUser> {
  const email = options.email ?? `${randomBytes(6).toString('hex')}@beispiel.example`;
  const [user] = await database
    .writer<{ id: number }>('users')
    .insert({ email, name: options.name ?? 'P. Beispiel', created_at: 0 } as object, ['id']);
  const id = user?.id ?? 0;
  const where = options.municipalities ?? 'all';
  for (const role of roles) {
    for (const municipality_id of where === 'all' ? [null] : where) {
      await database.writer('user_roles').insert({ user_id: id, role, municipality_id });
    }
  }
  return { id, email };
}

/** The cookie of a session of this user, as `name=value`. */
export async function sessionCookie(database: Database, userId: number, options: StaffOptions = {}): Promise<string> {
  const now = options.now ?? Date.now();
  const id = randomBytes(24).toString('base64url');
  await database.writer('sessions').insert({
    id_hash: hashOfSession(id),
    user_id: userId,
    data: JSON.stringify({
      cookie: { originalMaxAge: null, expires: null, httpOnly: true, path: '/', sameSite: 'lax', secure: false },
      userId,
      stage: options.stage ?? 'in',
    }),
    created_at: now,
    seen_at: now,
    expires_at: now + 3_600_000,
  });
  const signature = createHmac('sha256', await officeKey(database, 'session'))
    .update(id)
    .digest('base64')
    .replace(/=+$/, '');
  return `${SESSION_COOKIE}=${encodeURIComponent(`s:${id}.${signature}`)}`;
}

/** Somebody who has signed in, as a browser without script. */
export async function signedIn(
  app: { origin: string; office: { database: Database } },
  roles: Role | readonly Role[],
  options: StaffOptions = {},
): Promise<Visitor & { user: StaffUser; cookie: string }> {
  const { database } = app.office;
  const user = await insertUser(database, typeof roles === 'string' ? [roles] : roles, options);
  const cookie = await sessionCookie(database, user.id, options);
  return { ...createVisitor(app.origin, { cookies: [cookie] }), user, cookie };
}

export interface OwnTour {
  date: string;
  tourId: number;
  /** Its first. */
  stopId: number;
}

/** Makes the user the clerk who staffs the first counter of the earliest published tour. */
export async function joinFirstCrew({ writer }: Database, userId: number): Promise<OwnTour> {
  const tour = await writer('tours')
    .join('stops', 'stops.tour_id', 'tours.id')
    .join('stop_counters', 'stop_counters.stop_id', 'stops.id')
    .where({ state: 'published', 'stops.position': 1, counter: 1 })
    .whereNotNull('stop_counters.clerk_id')
    .orderBy('tours.date')
    .orderBy('tours.id')
    .first<{ date: string; tourId: number; stopId: number; clerkId: number } | undefined>(
      'tours.date as date',
      'tours.id as tourId',
      'stops.id as stopId',
      'stop_counters.clerk_id as clerkId',
    );
  if (tour === undefined) throw new Error('There is no published tour with a clerk');
  await writer('clerks').where('id', tour.clerkId).update({ user_id: userId });
  return tour;
}
