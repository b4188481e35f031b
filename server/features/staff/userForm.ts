import { z } from 'zod';
import { ROLES, type Grant, type Role, type Scope } from '../../domain/access.ts';
import { addError, enteredFields, listField, parseForm, type FormErrors } from '../../web/form.ts';
import type { Translate } from '../../web/locale.ts';
import type { Municipality } from './ports.ts';
import type { UserInput } from './saveUser.ts';

const schema = z.object({
  name: z.string({ error: 'users.errors.noName' }).min(1, 'users.errors.noName').max(120, 'users.errors.longName'),
  email: z
    .string({ error: 'users.errors.noEmail' })
    .min(1, 'users.errors.noEmail')
    .transform((email) => email.toLowerCase()) // before it is measured: small letters may be longer
    .refine((email) => email.length <= 254 && /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>"]+$/.test(email), {
      message: 'users.errors.wrongEmail',
    }),
  version: z.coerce.number().int().catch(0),
});

/** A grant as the value of a checkbox: `planner:12`, `planner:*` in all municipalities. */
export function grantValue({ role, municipalityId }: Grant): string {
  return `${role}:${municipalityId ?? '*'}`;
}

/** What is ticked of what may be granted; anything else is not looked at. */
export function tickedGrants(body: unknown, municipalities: readonly Municipality[], scope: Scope): Grant[] {
  const ticked = new Set(listField(body, 'rollen'));
  return grantable(municipalities, scope).filter((grant) => ticked.has(grantValue(grant)));
}

/** What somebody responsible for this scope may grant. @param municipalities of the scope */
export function grantable(municipalities: readonly Municipality[], scope: Scope): Grant[] {
  const places = [...(scope === 'all' ? [null] : []), ...municipalities.map(({ id }) => id)];
  return places.flatMap((municipalityId) => ROLES.map((role: Role) => ({ role, municipalityId })));
}

/** Reads the form of a user. */
export function parseUser(
  body: unknown,
  municipalities: readonly Municipality[],
  scope: Scope,
  t: Translate,
): { ok: true; value: UserInput & { version: number } } | { ok: false; errors: FormErrors } {
  const parsed = parseForm(schema, enteredFields(body), t);
  const grants = tickedGrants(body, municipalities, scope);
  const errors: FormErrors = parsed.ok ? { list: [], fields: {} } : parsed.errors;
  if (grants.length === 0) {
    addError(errors, 'rollen', t('users.errors.noRoles'));
  }
  return parsed.ok && errors.list.length === 0
    ? { ok: true, value: { ...parsed.value, grants } }
    : { ok: false, errors };
}
