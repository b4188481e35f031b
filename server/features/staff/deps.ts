import type { Request } from 'express';
import type { Zone } from '../../zone.ts';
import type { Instant } from '../../domain/time.ts';
import type { Render } from '../../web/render.ts';
import type { Passwords } from './passwords.ts';
import type { AuditTrail, IdentityProvider, RunUserUnit, Sessions, SignInGuard, Users } from './ports.ts';

/** A user of the demonstration, whose password everybody may know. */
export interface DemoUser {
  /** What the user may do, in words. */
  role: 'hotline' | 'clerk' | 'planner' | 'admin';
  email: string;
  name: string;
  password: string;
}

/** What signing in and the pages about users are built from. */
export interface StaffDeps {
  render: Render;
  users: Users;
  unit: RunUserUnit;
  guard: SignInGuard;
  sessions: Sessions;
  passwords: Passwords;
  /** Passwords in small letters that others use. */
  commonPasswords: () => Promise<ReadonlySet<string>>;
  trail: AuditTrail;
  /** Null: there is none. */
  provider: IdentityProvider | null;
  /** Null unless this is the demonstration: then they stand on the sign-in page. */
  demoUsers: readonly DemoUser[] | null;
  clock: { now: () => Instant };
  zone: Zone;
}

/** The network address that guesses are counted for. */
export function addressOf(request: Request): string {
  return request.ip ?? 'unknown';
}
