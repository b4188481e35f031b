import { PASSWORD_MAX, PASSWORD_MIN, passwordFault } from '../../domain/staff/password.ts';
import { addError, type FormErrors } from '../../web/form.ts';
import type { Translate } from '../../web/locale.ts';
import type { StaffDeps } from './deps.ts';
import type { User } from './ports.ts';

/** A field as it was typed: blanks at the ends of a password belong to it. */
export function rawField(body: unknown, name: string): string {
  const value = ((body ?? {}) as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : '';
}

/** What is wrong with a new password, typed twice in the fields `neu` and `wiederholung`. */
export async function newPasswordErrors(
  deps: Pick<StaffDeps, 'commonPasswords' | 'passwords'>,
  body: unknown,
  user: User,
  t: Translate,
): Promise<FormErrors> {
  const errors: FormErrors = { list: [], fields: {} };
  const password = rawField(body, 'neu');
  const fault = passwordFault(password, user, await deps.commonPasswords());
  if (fault !== null) {
    addError(errors, 'neu', t(`account.password.errors.${fault}`, { min: PASSWORD_MIN, max: PASSWORD_MAX }));
  } else if (rawField(body, 'wiederholung') !== password) {
    addError(errors, 'wiederholung', t('account.password.errors.different'));
  } else if (await deps.passwords.verify(password, user.passwordHash)) {
    addError(errors, 'neu', t('account.password.errors.same'));
  }
  return errors;
}
