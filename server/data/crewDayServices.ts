import type { Knex } from 'knex';
import type { Locale } from '../domain/booking/office.ts';
import { groupBy, readAll } from './tourRows.ts';

/** What a crew needs to know of the services that are booked; of retired ones too. */
export interface CrewServiceTexts {
  names: Record<Locale, string>;
  documents: Record<Locale, string[]>;
  needs: string[];
  /** As it is kept: one paper form a line. */
  forms: string | null;
}

/** The paper forms of a service, one a line. */
export function formsOf(forms: string | null): string[] {
  return (forms ?? '')
    .split('\n')
    .map((form) => form.trim())
    .filter((form) => form !== '');
}

/** By the id of the service. What English lacks is German. */
export async function readServiceTexts(
  knex: Knex,
  serviceIds: readonly number[],
): Promise<Map<number, CrewServiceTexts>> {
  const ids = [...serviceIds];
  if (ids.length === 0) return new Map();
  const [services, texts, documents, needs] = await readAll(
    knex,
    () => knex<{ id: number; slug: string; forms: string | null }>('services').whereIn('id', ids),
    () => knex<{ service_id: number; locale: Locale; name: string }>('service_texts').whereIn('service_id', ids),
    () =>
      knex<{ service_id: number; locale: Locale; position: number; text: string }>('service_documents')
        .whereIn('service_id', ids)
        .orderBy('position'),
    () =>
      knex<{ service_id: number; capability: string }>('service_needs')
        .whereIn('service_id', ids)
        .orderBy('capability'),
  );
  const textsOf = groupBy(texts, ({ service_id }) => service_id);
  const documentsOf = groupBy(documents, ({ service_id, locale }) => `${service_id} ${locale}`);
  const needsOf = groupBy(needs, ({ service_id }) => service_id);
  return new Map(
    services.map(({ id, slug, forms }) => {
      const own = textsOf.get(id) ?? [];
      const localeFor = (locale: Locale): Locale => (own.some((text) => text.locale === locale) ? locale : 'de');
      const nameIn = (locale: Locale): string => own.find((text) => text.locale === localeFor(locale))?.name ?? slug;
      const documentsIn = (locale: Locale): string[] =>
        (documentsOf.get(`${id} ${localeFor(locale)}`) ?? []).map(({ text }) => text);
      return [
        id,
        {
          names: { de: nameIn('de'), en: nameIn('en') },
          documents: { de: documentsIn('de'), en: documentsIn('en') },
          needs: (needsOf.get(id) ?? []).map(({ capability }) => capability),
          forms,
        },
      ];
    }),
  );
}
