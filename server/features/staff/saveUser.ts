import { needsSecondFactor, type Actor, type Grant, type Scope } from '../../domain/access.ts';
import { changesBetween, type AuditAction, type AuditChange } from '../../domain/audit.ts';
import { Refusal } from '../../domain/refusal.ts';
import { isWithin, losesAdmin, municipalityOf, sameGrants } from '../../domain/staff/userScope.ts';
import { translator } from '../../web/locale.ts';
import type { StaffDeps } from './deps.ts';
import { initialPassword } from './passwords.ts';
import type { Author, Municipality, User, UserUnit } from './ports.ts';
import { rolesInWords } from './words.ts';

/** Changes to users, by an administrator or on the command line. Each answers what became of it. */

type UserDeps = Pick<StaffDeps, 'unit' | 'passwords' | 'clock'>;

/** What a form says about somebody. */
export interface UserInput {
  name: string;
  email: string;
  grants: readonly Grant[];
}

export function authorOf(actor: Actor): Author {
  return { userId: actor.userId, name: actor.name };
}

async function record(
  unit: UserUnit,
  author: Author,
  now: number,
  user: Pick<User, 'id' | 'name' | 'grants'>,
  action: AuditAction,
  changes: readonly AuditChange[] = [],
): Promise<void> {
  await unit.audit(author, now, {
    municipalityId: municipalityOf(user.grants),
    subject: 'user',
    subjectId: user.id,
    label: user.name,
    action,
    changes,
  });
}

/** As a person reads it in the history, which is in German. */
function picture(user: UserInput, municipalities: readonly Municipality[]): Record<string, string | null> {
  return {
    Name: user.name,
    'E-Mail': user.email.toLowerCase(),
    Rollen: rolesInWords(user.grants, municipalities, 'de', translator('de')).join('; '),
  };
}

/** Creates a user with a password to be changed at the first sign-in. @returns it, to be shown once */
export async function createUser(
  deps: UserDeps,
  author: Author,
  input: UserInput,
  municipalities: readonly Municipality[],
  password = initialPassword(),
): Promise<{ kind: 'created'; id: number; password: string } | 'emailTaken'> {
  const passwordHash = await deps.passwords.hash(password);
  return deps.unit(async (unit) => {
    const now = deps.clock.now();
    const id = await unit.insert({ ...input, passwordHash, mustChangePassword: true, oidc: null, createdAt: now });
    const user = { id, name: input.name, grants: [...input.grants] };
    await record(unit, author, now, user, 'created', changesBetween({}, picture(input, municipalities)));
    return { kind: 'created' as const, id, password };
  });
}

export type Saved = 'saved' | 'gone' | 'stale' | 'emailTaken' | 'ownAdmin';

/**
 * Changes name, address and roles. Roles hold at once; whoever becomes an administrator without a second factor has to
 * sign in again, and sets it up then.
 * @param scope where `actor` may change users
 */
export async function saveUser(
  deps: UserDeps,
  actor: Actor,
  scope: Scope,
  id: number,
  input: UserInput & { version: number },
  municipalities: readonly Municipality[],
): Promise<Saved> {
  return deps.unit<Saved>(async (unit) => {
    const user = await unit.byId(id);
    if (user === undefined || !isWithin(user.grants, scope) || user.oidcIssuer !== null) {
      return 'gone';
    }
    const changes = changesBetween(picture(user, municipalities), picture(input, municipalities));
    if (changes.length === 0 && sameGrants(user.grants, input.grants)) return 'saved'; // sent twice
    if (user.version !== input.version) return 'stale';
    if (id === actor.userId && losesAdmin(user.grants, input.grants)) return 'ownAdmin';
    await unit.rename(id, input.name, input.email);
    await unit.setGrants(id, input.grants);
    await unit.countVersion(id);
    if (needsSecondFactor(input) && !needsSecondFactor(user) && user.totpConfirmedAt === null) {
      await unit.endSessions(id);
    }
    await record(
      unit,
      authorOf(actor),
      deps.clock.now(),
      { ...user, ...input, grants: [...input.grants] },
      'changed',
      changes,
    );
    return 'saved';
  });
}

/** Who may be changed by whom; the command line may change everybody. */
export interface Target {
  id: number;
  scope: Scope;
}

/** Finds the user in the unit, or undoes it with 'gone'. */
async function target(unit: UserUnit, { id, scope }: Target): Promise<User> {
  const user = await unit.byId(id);
  if (user === undefined || !isWithin(user.grants, scope)) {
    throw new Refusal('gone' as const);
  }
  return user;
}

/** Locks (all sessions end) or unlocks. Done twice it is the same. */
export async function lockUser(
  deps: UserDeps,
  author: Author,
  who: Target,
  lock: boolean,
): Promise<'done' | 'gone' | 'oneself'> {
  return deps.unit<'done' | 'gone' | 'oneself'>(async (unit) => {
    const user = await target(unit, who);
    if (author.userId === user.id) return 'oneself';
    if ((user.lockedAt !== null) === lock) return 'done';
    await unit.setLocked(user.id, lock ? deps.clock.now() : null);
    await unit.countVersion(user.id);
    if (lock) {
      await unit.endSessions(user.id);
    }
    await record(unit, author, deps.clock.now(), user, lock ? 'locked' : 'unlocked');
    return 'done';
  });
}

/** A new password, to be changed at the next sign-in; all sessions end. @returns it, to be shown once */
export async function resetPassword(
  deps: UserDeps,
  author: Author,
  who: Target,
  password = initialPassword(),
): Promise<{ kind: 'done'; password: string } | 'gone' | 'elsewhere' | 'oneself'> {
  const hash = await deps.passwords.hash(password);
  return deps.unit<{ kind: 'done'; password: string } | 'gone' | 'elsewhere' | 'oneself'>(async (unit) => {
    const user = await target(unit, who);
    if (user.oidcIssuer !== null) return 'elsewhere';
    if (author.userId === user.id) return 'oneself';
    await unit.setPassword(user.id, hash, true, deps.clock.now());
    await unit.endSessions(user.id);
    await record(unit, author, deps.clock.now(), user, 'passwordSet');
    return { kind: 'done', password };
  });
}

/** Takes second factor and recovery codes away, e.g. when the phone is lost; all sessions end. */
export async function resetSecondFactor(
  deps: UserDeps,
  author: Author,
  who: Target,
): Promise<'done' | 'gone' | 'oneself'> {
  return deps.unit<'done' | 'gone' | 'oneself'>(async (unit) => {
    const user = await target(unit, who);
    if (author.userId === user.id) return 'oneself';
    if (user.totpSecret === null) return 'done';
    await unit.setSecondFactor(user.id, null);
    await unit.endSessions(user.id);
    await record(unit, author, deps.clock.now(), user, 'secondFactorReset');
    return 'done';
  });
}
