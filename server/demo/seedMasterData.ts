import type { Knex } from 'knex';
import { DEMO_CLERKS, DEMO_DEPOT, DEMO_KITS } from './crew.ts';
import { insertPlanningFacts } from './planning.ts';
import { DEMO_PLACES } from './placesData.ts';
import { idOf, insertReturning, insertRows } from './rows.ts';
import { DEMO_CAPABILITIES } from './serviceParts.ts';
import { DEMO_FORMS, DEMO_SERVICES } from './services.ts';
import { DEMO_SYNONYMS } from './synonyms.ts';
import { DEMO_MUNICIPALITIES, DEMO_VENUES } from './venues.ts';

/** Municipalities, places, venues, services, kits and clerks: once, into an empty database. */
export async function insertMasterData(trx: Knex.Transaction): Promise<void> {
  const municipalities = await insertReturning<{ id: number; slug: string }>(
    trx,
    'municipalities',
    DEMO_MUNICIPALITIES.map((one) => ({
      slug: one.slug,
      name: one.name,
      ags: one.ags,
      office_name: one.officeName,
      contact_email: one.contactEmail,
      contact_phone: one.contactPhone,
      postal_address: one.postalAddress,
      lat: one.lat,
      lon: one.lon,
    })),
    ['id', 'slug'],
  );
  const municipalityId = idOf(municipalities, (row) => row.slug);

  await insertRows(
    trx,
    'places',
    DEMO_PLACES.map(({ name, municipality, kind, postcode, lat, lon, population, source }) => ({
      name,
      municipality,
      kind,
      postcode,
      lat,
      lon,
      population,
      source,
    })),
  );
  await insertRows(
    trx,
    'venues',
    DEMO_VENUES.map((venue) => ({
      municipality_id: municipalityId(venue.municipality),
      slug: venue.slug,
      name: venue.name,
      locality: venue.locality,
      street: venue.street,
      postcode: venue.postcode,
      city: venue.city,
      lat: venue.lat,
      lon: venue.lon,
      step_free: venue.stepFree,
      access_de: venue.accessDe,
      access_en: venue.accessEn,
    })),
  );
  await insertRows(
    trx,
    'capabilities',
    DEMO_CAPABILITIES.map((code) => ({ code })),
  );
  const serviceId = await insertServices(trx);
  await insertKitsAndClerks(trx, municipalityId('meerane'), serviceId);
}

async function insertServices(trx: Knex.Transaction): Promise<(slug: string) => number> {
  const services = await insertReturning<{ id: number; slug: string }>(
    trx,
    'services',
    DEMO_SERVICES.map((service, index) => ({
      slug: service.slug,
      leika_key: service.leikaKey,
      category: service.category,
      position: (index + 1) * 10,
      minutes: service.minutes,
      home_minutes: service.homeMinutes,
      in_person: service.inPerson,
      forms: DEMO_FORMS[service.slug]?.join('\n') ?? null,
      synonyms: DEMO_SYNONYMS[service.slug]?.join('\n') ?? null,
    })),
    ['id', 'slug'],
  );
  const serviceId = idOf(services, (row) => row.slug);

  const texts = DEMO_SERVICES.flatMap((service) =>
    (['de', 'en'] as const).map((locale) => ({ service_id: serviceId(service.slug), locale, ...service[locale] })),
  );
  await insertRows(
    trx,
    'service_texts',
    texts.map(({ service_id, locale, name, feeNote, note }) => ({ service_id, locale, name, fee_note: feeNote, note })),
  );
  await insertRows(
    trx,
    'service_documents',
    texts.flatMap(({ service_id, locale, documents }) =>
      documents.map((text, index) => ({ service_id, locale, position: index + 1, text })),
    ),
  );
  await insertRows(
    trx,
    'service_needs',
    DEMO_SERVICES.flatMap(({ slug, needs }) =>
      needs.map((capability) => ({ service_id: serviceId(slug), capability })),
    ),
  );
  await insertRows(
    trx,
    'service_fees',
    DEMO_SERVICES.map(({ slug, fee }) => ({
      service_id: serviceId(slug),
      valid_from: fee.validFrom,
      amount_cents: fee.cents,
      legal_basis: fee.legalBasis,
    })),
  );
  return serviceId;
}

/** One after the other, so that their ids are in the order of the lists: the tours refer to them by this order. */
async function insertKitsAndClerks(
  trx: Knex.Transaction,
  municipalityId: number,
  serviceId: (slug: string) => number,
): Promise<void> {
  const [depot] = await insertReturning<{ id: number }>(
    trx,
    'depots',
    [{ municipality_id: municipalityId, ...DEMO_DEPOT }],
    ['id'],
  );
  for (const kit of DEMO_KITS) {
    const row = { municipality_id: municipalityId, name: kit.name, depot_id: depot?.id };
    const [inserted] = await insertReturning<{ id: number }>(trx, 'kits', [row], ['id']);
    await insertRows(
      trx,
      'kit_capabilities',
      kit.capabilities.map((capability) => ({ kit_id: inserted?.id, capability })),
    );
  }
  const clerkIds: number[] = [];
  for (const clerk of DEMO_CLERKS) {
    const row = { municipality_id: municipalityId, name: clerk.name, depot_id: depot?.id };
    const [inserted] = await insertReturning<{ id: number }>(trx, 'clerks', [row], ['id']);
    await insertRows(
      trx,
      'clerk_qualifications',
      clerk.qualifiedFor.map((slug) => ({ clerk_id: inserted?.id, service_id: serviceId(slug) })),
    );
    if (inserted !== undefined) clerkIds.push(inserted.id);
  }
  await insertPlanningFacts(trx, clerkIds);
}
