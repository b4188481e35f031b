import type { Knex } from 'knex';
import { isIn, type Grant, type Role, type Scope } from '../domain/access.ts';
import type { AuditEntry } from '../domain/audit.ts';
import { Refusal } from '../domain/refusal.ts';
import { isWithin } from '../domain/staff/userScope.ts';
import type { Instant } from '../domain/time.ts';
import { writeAudit, type AuditAuthor } from './auditRepository.ts';
import { isPostgres } from './knex.ts';
import { likePattern, lowerCase } from './lowerCase.ts';

/** Somebody who works with the program, with everything needed to sign in. */
export interface UserRecord {
  id: number;
  /** In small letters. */
  email: string;
  name: string;
  /** Null: signs in elsewhere. */
  passwordHash: string | null;
  mustChangePassword: boolean;
  /** Base32; in use once `totpConfirmedAt` is set. */
  totpSecret: string | null;
  totpConfirmedAt: Instant | null;
  totpLastStep: number | null;
  oidcIssuer: string | null;
  lockedAt: Instant | null;
  version: number;
  grants: Grant[];
  /** How many recovery codes have not been used. */
  recoveryCodes: number;
}

export interface NewUserRecord {
  email: string;
  name: string;
  passwordHash: string | null;
  mustChangePassword: boolean;
  oidc: { issuer: string; subject: string } | null;
  grants: readonly Grant[];
  createdAt: Instant;
}

interface Row {
  id: number;
  email: string;
  name: string;
  password_hash: string | null;
  must_change_password: boolean | number;
  totp_secret: string | null;
  totp_confirmed_at: number | null;
  totp_last_step: number | null;
  oidc_issuer: string | null;
  locked_at: number | null;
  version: number;
}

interface GrantRow {
  user_id: number;
  role: Role;
  municipality_id: number | null;
}

/** The users of some rows, in their order, with roles and the number of codes left. */
async function complete(reader: Knex, rows: readonly Row[]): Promise<UserRecord[]> {
  const ids = rows.map(({ id }) => id);
  const grants: GrantRow[] = await reader('user_roles')
    .whereIn('user_id', ids)
    .orderBy('id')
    .select('user_id', 'role', 'municipality_id');
  const codes: { user_id: number; count: number | string }[] = await reader('recovery_codes')
    .whereIn('user_id', ids)
    .whereNull('used_at')
    .groupBy('user_id')
    .select('user_id')
    .count({ count: '*' });
  const codesOf = new Map(codes.map(({ user_id, count }) => [user_id, Number(count)]));
  return rows.map((row) => ({
    id: row.id,
    email: row.email,
    name: row.name,
    passwordHash: row.password_hash,
    mustChangePassword: Boolean(row.must_change_password),
    totpSecret: row.totp_secret,
    totpConfirmedAt: row.totp_confirmed_at,
    totpLastStep: row.totp_last_step,
    oidcIssuer: row.oidc_issuer,
    lockedAt: row.locked_at,
    version: row.version,
    grants: grants
      .filter(({ user_id }) => user_id === row.id)
      .map(({ role, municipality_id }) => ({ role, municipalityId: municipality_id })),
    recoveryCodes: codesOf.get(row.id) ?? 0,
  }));
}

async function first(reader: Knex, rows: Promise<Row[]>): Promise<UserRecord | undefined> {
  const [user] = await complete(reader, await rows);
  return user;
}

/** Reads users. */
export function createUserRepository(reader: Knex) {
  const users = () => reader<Row>('users');
  return {
    byId: (id: number) => first(reader, users().where('id', id)),
    /** @param email in any case */
    byEmail: (email: string) => first(reader, users().where('email', email.toLowerCase())),

    /** Users within the scope whose name or address holds the text, in any case, by name. */
    async list(scope: Scope, text: string): Promise<UserRecord[]> {
      const like = likePattern(text);
      const rows: Row[] = await users()
        .whereRaw(`(${lowerCase('name')} like ? escape '\\' or email like ? escape '\\')`, [like, like])
        .orderBy([{ column: 'name' }, { column: 'id' }]);
      return (await complete(reader, rows)).filter(({ grants }) => isWithin(grants, scope));
    },

    /** Those of the scope, by name. */
    async municipalities(scope: Scope): Promise<{ id: number; name: string; ags: string }[]> {
      const rows = await reader<{ id: number; name: string; ags: string }>('municipalities')
        .orderBy('name')
        .select('id', 'name', 'ags');
      return rows.filter(({ id }) => isIn(scope, id));
    },
  };
}

/** Changes users within one transaction. */
export function createUserUnit(trx: Knex.Transaction) {
  const users = () => trx<Row>('users');
  // The row stays locked until the commit; SQLite has one writer anyway.
  const locked = () => (isPostgres(trx) ? users().forUpdate() : users());
  const change = async (id: number, values: object): Promise<void> => {
    await trx('users').where('id', id).update(values);
  };

  return {
    byId: (id: number) => first(trx, locked().where('id', id)),
    byEmail: (email: string) => first(trx, locked().where('email', email.toLowerCase())),
    byOidc: (issuer: string, subject: string) =>
      first(trx, locked().where({ oidc_issuer: issuer, oidc_subject: subject } as object)),

    /** @throws Refusal with 'emailTaken' when there is such an address already */
    async insert(user: NewUserRecord): Promise<number> {
      const row = {
        email: user.email.toLowerCase(),
        name: user.name,
        password_hash: user.passwordHash,
        password_changed_at: user.passwordHash === null ? null : user.createdAt,
        must_change_password: user.mustChangePassword,
        oidc_issuer: user.oidc?.issuer ?? null,
        oidc_subject: user.oidc?.subject ?? null,
        created_at: user.createdAt,
      };
      const rows: { id: number }[] = await refuseTaken(trx('users').insert(row, ['id']));
      const [inserted] = rows;
      const id = inserted?.id ?? 0;
      await this.setGrants(id, user.grants);
      return id;
    },

    /** @throws Refusal with 'emailTaken' when somebody else has this address */
    async rename(id: number, name: string, email: string): Promise<void> {
      await refuseTaken(change(id, { name, email: email.toLowerCase() }));
    },

    /** One more, for whoever has the form of this user open. */
    async countVersion(id: number): Promise<void> {
      await trx('users').where('id', id).increment('version', 1);
    },

    async setGrants(id: number, grants: readonly Grant[]): Promise<void> {
      await trx('user_roles').where('user_id', id).delete();
      if (grants.length > 0) {
        await trx('user_roles').insert(
          grants.map(({ role, municipalityId }) => ({ user_id: id, role, municipality_id: municipalityId })),
        );
      }
    },

    /** @param mustChange somebody else has chosen it: it has to be changed at the next sign-in */
    setPassword: (id: number, hash: string, mustChange: boolean, now: Instant) =>
      change(id, { password_hash: hash, must_change_password: mustChange, password_changed_at: now }),

    /** The same password, hashed anew; does nothing when it was changed meanwhile. */
    async rehash(id: number, before: string, after: string): Promise<void> {
      await trx('users').where({ id, password_hash: before }).update({ password_hash: after });
    },

    setLocked: (id: number, lockedAt: Instant | null) => change(id, { locked_at: lockedAt }),

    /** Puts a confirmed second factor in place, or takes it away together with its recovery codes. */
    async setSecondFactor(
      id: number,
      factor: { secret: string; confirmedAt: Instant; lastStep: number } | null,
    ): Promise<void> {
      await change(id, {
        totp_secret: factor?.secret ?? null,
        totp_confirmed_at: factor?.confirmedAt ?? null,
        totp_last_step: factor?.lastStep ?? null,
      });
      if (factor === null) {
        await trx('recovery_codes').where('user_id', id).delete();
      }
    },

    /** Marks the time step of a code as used. @returns false when it, or a later one, was used already */
    async useStep(id: number, step: number): Promise<boolean> {
      const changed = await trx('users')
        .where('id', id)
        .where((fresh) => {
          void fresh.whereNull('totp_last_step').orWhere('totp_last_step', '<', step);
        })
        .update({ totp_last_step: step });
      return changed > 0;
    },

    /** The codes there were no longer count. */
    async replaceRecoveryCodes(id: number, hashes: readonly string[]): Promise<void> {
      await trx('recovery_codes').where('user_id', id).delete();
      await trx('recovery_codes').insert(hashes.map((code_hash) => ({ user_id: id, code_hash })));
    },

    /** @returns false when there is no such code, or it was used already */
    async useRecoveryCode(id: number, hash: string, now: Instant): Promise<boolean> {
      const changed = await trx('recovery_codes')
        .where({ user_id: id, code_hash: hash })
        .whereNull('used_at')
        .update({ used_at: now });
      return changed > 0;
    },

    /** Ends all sessions of a user. */
    async endSessions(id: number): Promise<void> {
      await trx('sessions').where('user_id', id).delete();
    },

    audit: (author: AuditAuthor, at: Instant, entry: AuditEntry) => writeAudit(trx, author, at, entry),
  };
}

/** SQLite: constraint; PostgreSQL: unique_violation. */
async function refuseTaken<T>(write: PromiseLike<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    if (code === '23505' || (code === 'SQLITE_CONSTRAINT' && /UNIQUE/.test(message ?? ''))) {
      throw new Refusal('emailTaken' as const);
    }
    throw error;
  }
}
