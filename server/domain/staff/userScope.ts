import { isIn, type Grant, type Scope } from '../access.ts';

/** Who sees and changes which users, and what they may grant. */

/** True when all grants lie within the scope; a user without any belongs to those responsible everywhere. */
export function isWithin(grants: readonly Grant[], scope: Scope): boolean {
  if (scope === 'all') return true;
  return (
    grants.length > 0 && grants.every(({ municipalityId }) => municipalityId !== null && isIn(scope, municipalityId))
  );
}

/**
 * True when somebody who changes their own roles would shut themselves out: no role of an administrator is left, or
 * only one in single municipalities where there was one everywhere.
 */
export function losesAdmin(before: readonly Grant[], after: readonly Grant[]): boolean {
  const admin = (grants: readonly Grant[]): Grant[] => grants.filter(({ role }) => role === 'admin');
  const isEverywhere = (grants: readonly Grant[]): boolean =>
    admin(grants).some(({ municipalityId }) => municipalityId === null);
  return (admin(before).length > 0 && admin(after).length === 0) || (isEverywhere(before) && !isEverywhere(after));
}

/** True when both allow the same, in whatever order. Municipalities are told apart by id: two may have one name. */
export function sameGrants(some: readonly Grant[], others: readonly Grant[]): boolean {
  const texts = (grants: readonly Grant[]): string =>
    [...new Set(grants.map(({ role, municipalityId }) => `${role}:${municipalityId ?? '*'}`))].sort().join();
  return texts(some) === texts(others);
}

/** The municipality whose administrators see what happens to this user; null: only those responsible everywhere. */
export function municipalityOf(grants: readonly Grant[]): number | null {
  const [first, ...rest] = new Set(grants.map(({ municipalityId }) => municipalityId));
  return first === undefined || rest.length > 0 ? null : first;
}
