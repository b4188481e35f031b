import type { Knex } from 'knex';
import type { Actor, Role } from '../domain/access.ts';

/** Who a session belongs to, with the roles of this moment; null when locked or gone. */
export async function readActor(reader: Knex, userId: number): Promise<Actor | null> {
  const rows: { name: string; email: string; role: Role | null; municipality_id: number | null }[] = await reader(
    'users',
  )
    .leftJoin('user_roles', 'user_roles.user_id', 'users.id')
    .where('users.id', userId)
    .whereNull('users.locked_at')
    .select('users.name', 'users.email', 'user_roles.role', 'user_roles.municipality_id');
  const [first] = rows;
  if (first === undefined) {
    return null;
  }
  return {
    userId,
    name: first.name,
    email: first.email,
    grants: rows.flatMap(({ role, municipality_id }) =>
      role === null ? [] : [{ role, municipalityId: municipality_id }],
    ),
  };
}
