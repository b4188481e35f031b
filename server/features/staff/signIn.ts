import type { Instant } from '../../domain/time.ts';
import type { StaffDeps } from './deps.ts';
import type { Guarded, User } from './ports.ts';
import { hashOfRecoveryCode, stepOfCode } from './secondFactor.ts';

export type Checked = { kind: 'right'; user: User } | { kind: 'wrong' } | { kind: 'blocked'; until: Instant };

/**
 * Compares e-mail address and password. An address without account, a locked one and one that signs in elsewhere take as
 * long as a wrong password and are answered the same.
 * @param address network address of who tries
 */
export async function checkPassword(
  deps: Pick<StaffDeps, 'users' | 'unit' | 'guard' | 'passwords' | 'clock'>,
  { email, password, address }: { email: string; password: string; address: string },
): Promise<Checked> {
  const guarded: Guarded[] = [
    { kind: 'account', value: email },
    { kind: 'address', value: address },
  ];
  const until = await deps.guard.attempt(guarded, deps.clock.now());
  if (until !== null) {
    return { kind: 'blocked', until };
  }
  const user = await deps.users.byEmail(email);
  const hash = user?.passwordHash ?? null;
  const isRight = await deps.passwords.verify(password, hash);
  if (!isRight || user === undefined || hash === null || user.lockedAt !== null) {
    return { kind: 'wrong' };
  }
  // Comparing takes a third of a second: who was locked, or has changed the password, in it stays out.
  const present = await deps.users.byId(user.id);
  if (present === undefined || present.lockedAt !== null || !(await isStill(deps, password, hash, present))) {
    return { kind: 'wrong' };
  }
  await deps.guard.succeeded(guarded);
  if (deps.passwords.isOutdated(hash)) {
    const renewed = await deps.passwords.hash(password);
    await deps.unit((unit) => unit.rehash(user.id, hash, renewed));
  }
  return { kind: 'right', user: present };
}

/** True when the password is that of the user still: as compared, or hashed anew by somebody who signed in with it. */
async function isStill(
  { passwords }: Pick<StaffDeps, 'passwords'>,
  password: string,
  compared: string,
  { passwordHash }: User,
): Promise<boolean> {
  return passwordHash === compared || passwords.verify(password, passwordHash);
}

/** Compares a code of the app or a recovery code; each is accepted once. */
export async function checkCode(
  deps: Pick<StaffDeps, 'unit' | 'guard' | 'clock'>,
  { userId, code, address }: { userId: number; code: string; address: string },
): Promise<Checked> {
  const now = deps.clock.now();
  const guarded: Guarded[] = [
    { kind: 'code', value: String(userId) },
    { kind: 'address', value: address },
  ];
  const until = await deps.guard.attempt(guarded, now);
  if (until !== null) {
    return { kind: 'blocked', until };
  }
  const digits = code.replace(/\s/g, '');
  const user = await deps.unit(async (unit) => {
    const found = await unit.byId(userId);
    if (found === undefined || found.lockedAt !== null || found.totpSecret === null || found.totpConfirmedAt === null) {
      return null;
    }
    const step = stepOfCode(digits, found.totpSecret, now);
    const isRight =
      step === null
        ? await unit.useRecoveryCode(userId, hashOfRecoveryCode(userId, code), now)
        : await unit.useStep(userId, step);
    return isRight ? found : null;
  });
  if (user === null) {
    return { kind: 'wrong' };
  }
  await deps.guard.succeeded(guarded);
  return { kind: 'right', user };
}
