import type { Grant, Scope } from '../../domain/access.ts';
import type { AuditEntry, AuditSubject, RecordedEntry } from '../../domain/audit.ts';
import type { ThrottleKind } from '../../domain/staff/throttle.ts';
import type { Instant } from '../../domain/time.ts';

/** Somebody who works with the program, with everything needed to sign in. */
export interface User {
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
  /** Time step of the last code that was used. */
  totpLastStep: number | null;
  oidcIssuer: string | null;
  lockedAt: Instant | null;
  version: number;
  grants: Grant[];
  /** How many recovery codes have not been used. */
  recoveryCodes: number;
}

export interface NewUser {
  email: string;
  name: string;
  passwordHash: string | null;
  mustChangePassword: boolean;
  oidc: { issuer: string; subject: string } | null;
  grants: readonly Grant[];
  createdAt: Instant;
}

export interface Municipality {
  id: number;
  name: string;
  ags: string;
}

export interface Users {
  byId(id: number): Promise<User | undefined>;
  byEmail(email: string): Promise<User | undefined>;
  list(scope: Scope, text: string): Promise<User[]>;
  municipalities(scope: Scope): Promise<Municipality[]>;
}

export interface Author {
  /** Null: the command line. */
  userId: number | null;
  name: string;
}

/** Changes within one transaction. `insert` and `rename` refuse the unit with 'emailTaken'. */
export interface UserUnit {
  byId(id: number): Promise<User | undefined>;
  byEmail(email: string): Promise<User | undefined>;
  byOidc(issuer: string, subject: string): Promise<User | undefined>;
  insert(user: NewUser): Promise<number>;
  rename(id: number, name: string, email: string): Promise<void>;
  countVersion(id: number): Promise<void>;
  setGrants(id: number, grants: readonly Grant[]): Promise<void>;
  setPassword(id: number, hash: string, mustChange: boolean, now: Instant): Promise<void>;
  rehash(id: number, before: string, after: string): Promise<void>;
  setLocked(id: number, lockedAt: Instant | null): Promise<void>;
  setSecondFactor(id: number, factor: { secret: string; confirmedAt: Instant; lastStep: number } | null): Promise<void>;
  useStep(id: number, step: number): Promise<boolean>;
  replaceRecoveryCodes(id: number, hashes: readonly string[]): Promise<void>;
  useRecoveryCode(id: number, hash: string, now: Instant): Promise<boolean>;
  endSessions(id: number): Promise<void>;
  audit(author: Author, at: Instant, entry: AuditEntry): Promise<void>;
}

/** Runs `work` in one transaction, perhaps more than once; a thrown Refusal undoes it and answers its value. */
export type RunUserUnit = <T>(work: (unit: UserUnit) => Promise<T>) => Promise<T>;

export interface Guarded {
  kind: ThrottleKind;
  value: string;
}

/** Slows down who guesses. */
export interface SignInGuard {
  /** Counts an attempt before it is made. @returns until when none is allowed; null: this one is */
  attempt(guarded: readonly Guarded[], now: Instant): Promise<Instant | null>;
  succeeded(guarded: readonly Guarded[]): Promise<void>;
}

export interface SessionOfUser {
  idHash: string;
  createdAt: Instant;
  seenAt: Instant;
  device: string;
}

export interface Sessions {
  ofUser(userId: number, now: Instant): Promise<SessionOfUser[]>;
  end(idHash: string): Promise<void>;
  endOthers(userId: number, exceptHash: string | null): Promise<number>;
}

export interface AuditQuery {
  scope: Scope;
  subject?: AuditSubject;
  subjectId?: number;
  text?: string;
  from?: Instant;
  to?: Instant;
  offset: number;
  limit: number;
}

export interface AuditTrail {
  entries(query: AuditQuery): Promise<RecordedEntry[]>;
}

/** What an identity provider says of somebody. */
export interface Identity {
  issuer: string;
  subject: string;
  email: string | null;
  name: string | null;
  /** Values of the claim that holds roles. */
  roles: string[];
}

/** What the answer of the identity provider has to match. */
export interface Expected {
  state: string;
  nonce: string;
  verifier: string;
}

export interface IdentityProvider {
  /** What the button says: "Anmelden mit …". */
  name: string;
  begin(): Promise<{ kind: 'ok'; url: string; expected: Expected } | { kind: 'unavailable' }>;
  /** @param query of the address the provider sent the browser back to, with its `?` */
  finish(
    query: string,
    expected: Expected,
  ): Promise<{ kind: 'known'; identity: Identity } | { kind: 'refused' } | { kind: 'unavailable' }>;
}
