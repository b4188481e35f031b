import { ROLES, type Grant, type Role } from '../access.ts';

/** Roles as an identity provider tells them: `koffertour-planner`, or `koffertour-planner:14524190` in one municipality. */
const VALUE = /^koffertour-([a-z]+)(?::(\d{8}))?$/;

/**
 * The grants that values of a claim stand for, each once. What is not ours, unknown roles and municipalities that the
 * office does not have are left out.
 * @param idByAgs ids of the municipalities by their AGS (Amtlicher Gemeindeschlüssel, eight digits)
 */
export function grantsFromClaim(values: readonly string[], idByAgs: ReadonlyMap<string, number>): Grant[] {
  const grants = new Map<string, Grant>();
  for (const value of values) {
    const [, role, ags] = VALUE.exec(value) ?? [];
    const municipalityId = ags === undefined ? null : idByAgs.get(ags);
    if (role !== undefined && isRole(role) && municipalityId !== undefined) {
      grants.set(`${role}:${municipalityId ?? ''}`, { role, municipalityId });
    }
  }
  return [...grants.values()];
}

function isRole(name: string): name is Role {
  return (ROLES as readonly string[]).includes(name);
}

/** What a path such as `resource_access.koffertour.roles` leads to among claims, as texts; a claim of that very name first. */
export function valuesOfClaim(claims: Readonly<Record<string, unknown>>, path: string): string[] {
  const found =
    claims[path] ??
    path.split('.').reduce<unknown>((value, name) => (isObject(value) ? value[name] : undefined), claims);
  const values: unknown[] = Array.isArray(found) ? found : [found];
  return values.filter((value) => typeof value === 'string');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
