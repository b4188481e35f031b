import type { Grant } from '../../domain/access.ts';
import { changesBetween } from '../../domain/audit.ts';
import { Refusal } from '../../domain/refusal.ts';
import { grantsFromClaim } from '../../domain/staff/claims.ts';
import { municipalityOf, sameGrants } from '../../domain/staff/userScope.ts';
import { translator } from '../../web/locale.ts';
import type { StaffDeps } from './deps.ts';
import type { Identity, Municipality, User } from './ports.ts';
import { rolesInWords } from './words.ts';

export type Arrived =
  | { kind: 'user'; user: User }
  | 'noRoles'
  | 'noEmail'
  | 'locked'
  /** There is an account with this address already: nobody takes it over by an address alone. */
  | 'emailTaken';

/**
 * Finds the user an identity provider vouches for, or creates them at the first sign-in. Roles, and the name, are what
 * the provider says this time. Where it says no role of ours, those there were are taken away.
 */
export async function arrive(deps: Pick<StaffDeps, 'unit' | 'users' | 'clock'>, identity: Identity): Promise<Arrived> {
  const municipalities = await deps.users.municipalities('all');
  const grants = grantsFromClaim(identity.roles, new Map(municipalities.map(({ ags, id }) => [ags, id])));
  return deps.unit<Arrived>(async (unit) => {
    const now = deps.clock.now();
    const known = await unit.byOidc(identity.issuer, identity.subject);
    if (known !== undefined) {
      const name = (identity.name ?? known.name).slice(0, 120);
      const user: User = { ...known, name, grants };
      const changes = changesBetween(picture(known, municipalities), picture(user, municipalities));
      if (changes.length > 0 || !sameGrants(known.grants, grants)) {
        await unit.rename(known.id, name, known.email);
        await unit.setGrants(known.id, grants);
        await unit.countVersion(known.id);
        await unit.audit({ userId: known.id, name }, now, {
          municipalityId: municipalityOf(grants),
          subject: 'user',
          subjectId: known.id,
          label: name,
          action: 'changed',
          changes,
        });
      }
      if (user.lockedAt !== null) return 'locked';
      return grants.length === 0 ? 'noRoles' : { kind: 'user', user };
    }
    if (grants.length === 0) return 'noRoles';
    if (identity.email === null || identity.email.length > 254) return 'noEmail';
    const email = identity.email.toLowerCase();
    if ((await unit.byEmail(email)) !== undefined) return 'emailTaken';
    const name = (identity.name ?? email).slice(0, 120);
    const oidc = { issuer: identity.issuer, subject: identity.subject };
    const id = await unit.insert({
      email,
      name,
      passwordHash: null,
      mustChangePassword: false,
      oidc,
      grants,
      createdAt: now,
    });
    const user = await unit.byId(id);
    if (user === undefined) throw new Refusal<Arrived>('emailTaken');
    await unit.audit({ userId: id, name }, now, {
      municipalityId: municipalityOf(grants),
      subject: 'user',
      subjectId: id,
      label: name,
      action: 'created',
      changes: changesBetween({}, picture(user, municipalities)),
    });
    return { kind: 'user', user };
  });
}

function picture(
  { name, grants }: { name: string; grants: readonly Grant[] },
  municipalities: readonly Municipality[],
): Record<string, string | null> {
  return { Name: name, Rollen: rolesInWords(grants, municipalities, 'de', translator('de')).join('; ') };
}
