import type { Knex } from 'knex';
import type { LocalDate } from '../domain/time.ts';
import { DEMO_CLERKS, DEMO_KITS } from './crew.ts';
import { DEMO_MUNICIPALITIES } from './venues.ts';

/** What the tours refer to, as it is in the database now: somebody may have changed or retired some of it. */
export interface Office {
  readonly municipalities: ReadonlyMap<string, { id: number; set_up_minutes: number; tear_down_minutes: number }>;
  /** Not retired, by slug. */
  readonly venues: ReadonlyMap<string, { id: number; slug: string }>;
  /** In the order of DEMO_KITS; undefined where retired. */
  readonly kits: readonly ({ id: number; depotId: number; capabilities: readonly string[] } | undefined)[];
  /** In the order of DEMO_CLERKS; undefined where retired. */
  readonly clerks: readonly ({ id: number; qualifiedFor: ReadonlySet<number> } | undefined)[];
  readonly services: readonly {
    id: number;
    slug: string;
    minutes: number;
    needs: readonly string[];
    fees: readonly Fee[];
  }[];
}

interface Fee {
  valid_from: LocalDate;
  amount_cents: number | null;
}

export async function loadOffice(trx: Knex.Transaction): Promise<Office> {
  type Row<T> = Knex.QueryBuilder<T & object, (T & object)[]>;
  const municipalities = await (trx('municipalities') as Row<{
    id: number;
    slug: string;
    ags: string;
    set_up_minutes: number;
    tear_down_minutes: number;
  }>);
  const bySlug = new Map(
    DEMO_MUNICIPALITIES.flatMap(({ slug, ags }) =>
      municipalities.filter((row) => row.ags === ags).map((row) => [slug, row]),
    ),
  );
  const ofMeerane = { municipality_id: bySlug.get('meerane')?.id ?? 0 };
  const venues = await (trx('venues').whereNull('retired_at') as Row<{ id: number; slug: string }>);
  type Retirable = { id: number; retired_at: number | null };
  const kits = await (trx('kits').where(ofMeerane).orderBy('id').limit(DEMO_KITS.length) as Row<
    Retirable & { depot_id: number }
  >);
  const clerks = await (trx('clerks').where(ofMeerane).orderBy('id').limit(DEMO_CLERKS.length) as Row<Retirable>);
  const capabilities = await (trx('kit_capabilities') as Row<{ kit_id: number; capability: string }>);
  const qualifications = await (trx('clerk_qualifications') as Row<{ clerk_id: number; service_id: number }>);
  const services = await (trx('services').whereNull('retired_at').orderBy('position') as Row<{
    id: number;
    slug: string;
    minutes: number;
  }>);
  const needs = await (trx('service_needs') as Row<{ service_id: number; capability: string }>);
  const fees = await (trx('service_fees').orderBy('valid_from') as Row<Fee & { service_id: number }>);

  return {
    municipalities: bySlug,
    venues: new Map(venues.map((venue) => [venue.slug, venue])),
    kits: kits.map(({ id, depot_id, retired_at }) =>
      retired_at === null
        ? {
            id,
            depotId: depot_id,
            capabilities: capabilities.filter((row) => row.kit_id === id).map((row) => row.capability),
          }
        : undefined,
    ),
    clerks: clerks.map(({ id, retired_at }) =>
      retired_at === null
        ? {
            id,
            qualifiedFor: new Set(qualifications.filter((row) => row.clerk_id === id).map((row) => row.service_id)),
          }
        : undefined,
    ),
    services: services.map(({ id, slug, minutes }) => ({
      id,
      slug,
      minutes,
      needs: needs.filter((row) => row.service_id === id).map((row) => row.capability),
      fees: fees.filter((row) => row.service_id === id),
    })),
  };
}
