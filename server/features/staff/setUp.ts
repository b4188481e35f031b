import { needsSecondFactor } from '../../domain/access.ts';
import { municipalityOf } from '../../domain/staff/userScope.ts';
import type { Instant } from '../../domain/time.ts';
import { addError, enteredFields, type FormErrors } from '../../web/form.ts';
import type { Translate } from '../../web/locale.ts';
import type { StaffDeps } from './deps.ts';
import type { User } from './ports.ts';
import { hashOfRecoveryCode, newRecoveryCodes, stepOfCode } from './secondFactor.ts';

export type SetUpCode = { ok: true; secret: string; step: number } | { ok: false; errors: FormErrors };

/** Reads the first code of a new second factor (field `code`): it shows that the app has the secret. */
export function readSetUpCode(body: unknown, secret: string | undefined, now: Instant, t: Translate): SetUpCode {
  const code = (enteredFields(body)['code'] ?? '').replace(/\s/g, '');
  const step = secret === undefined ? null : stepOfCode(code, secret, now);
  if (secret !== undefined && step !== null) {
    return { ok: true, secret, step };
  }
  const errors: FormErrors = { list: [], fields: {} };
  addError(errors, 'code', t(code === '' ? 'signIn.code.errors.empty' : 'signIn.setUp.wrong'));
  return { ok: false, errors };
}

/**
 * Puts a new second factor in place; all sessions of the user end.
 * @returns recovery codes, to be shown once; null when there is a second factor already: who only knows the password
 * cannot replace it
 */
export async function putInPlace(deps: StaffDeps, user: User, secret: string, step: number): Promise<string[] | null> {
  const codes = newRecoveryCodes();
  const now = deps.clock.now();
  return deps.unit(async (unit) => {
    const found = await unit.byId(user.id);
    if (found === undefined || found.totpConfirmedAt !== null) {
      return null;
    }
    await unit.setSecondFactor(user.id, { secret, confirmedAt: now, lastStep: step });
    await unit.replaceRecoveryCodes(
      user.id,
      codes.map((code) => hashOfRecoveryCode(user.id, code)),
    );
    await unit.endSessions(user.id);
    await auditFactor(unit, user, now, 'aus', 'ein');
    return codes;
  });
}

/** Takes the second factor away, unless the user has become somebody who needs one. */
export async function takeAway(deps: StaffDeps, user: User): Promise<boolean> {
  return deps.unit(async (unit) => {
    const present = await unit.byId(user.id);
    if (present === undefined || needsSecondFactor(present)) {
      return false;
    }
    await unit.setSecondFactor(user.id, null);
    await auditFactor(unit, user, deps.clock.now(), 'ein', 'aus');
    return true;
  });
}

/** New recovery codes; the ones before no longer count. @returns them, to be shown once */
export async function renewCodes(deps: StaffDeps, user: User): Promise<string[]> {
  const codes = newRecoveryCodes();
  const now = deps.clock.now();
  await deps.unit(async (unit) => {
    await unit.replaceRecoveryCodes(
      user.id,
      codes.map((code) => hashOfRecoveryCode(user.id, code)),
    );
    await unit.audit({ userId: user.id, name: user.name }, now, {
      ...entryOf(user),
      action: 'changed',
      changes: [{ field: 'Ersatzcodes', from: null, to: 'neu' }],
    });
  });
  return codes;
}

function entryOf(user: User) {
  return {
    municipalityId: municipalityOf(user.grants),
    subject: 'user',
    subjectId: user.id,
    label: user.name,
  } as const;
}

async function auditFactor(
  unit: Parameters<Parameters<StaffDeps['unit']>[0]>[0],
  user: User,
  now: Instant,
  from: string,
  to: string,
): Promise<void> {
  await unit.audit({ userId: user.id, name: user.name }, now, {
    ...entryOf(user),
    action: 'changed',
    changes: [{ field: 'Zweiter Faktor', from, to }],
  });
}
