import type { Knex } from 'knex';
import type { LocalDate } from '../domain/time.ts';

/** Where a service is used, and so cannot be deleted. */
export interface ServiceUses {
  appointments: number;
  tours: { id: number; date: LocalDate }[];
  clerks: { id: number; name: string }[];
}

export async function usesOf(knex: Knex, id: number): Promise<ServiceUses> {
  const [count] = await knex('appointment_services').where('service_id', id).count({ count: '*' });
  const tours = await knex('tour_services')
    .join('tours', 'tours.id', 'tour_services.tour_id')
    .where('tour_services.service_id', id)
    .orderBy('tours.date')
    .select<{ id: number; date: LocalDate }[]>('tours.id', 'tours.date');
  const clerks = await knex('clerk_qualifications')
    .join('clerks', 'clerks.id', 'clerk_qualifications.clerk_id')
    .where('clerk_qualifications.service_id', id)
    .orderBy('clerks.name')
    .select<{ id: number; name: string }[]>('clerks.id', 'clerks.name');
  return { appointments: Number(count?.['count'] ?? 0), tours, clerks };
}

export function inUse(uses: ServiceUses): boolean {
  return uses.appointments > 0 || uses.tours.length > 0 || uses.clerks.length > 0;
}
