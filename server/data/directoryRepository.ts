import type { Knex } from 'knex';
import type {
  Directory,
  Fee,
  Locale,
  Municipality,
  Service,
  ServiceCategory,
  Venue,
} from '../domain/booking/office.ts';
import { buildPlaceIndex, type Place } from '../domain/places/placeIndex.ts';
import { NO_WAYS, type MessageWays } from './outboxQueue.ts';

interface MunicipalityRow {
  id: number;
  slug: string;
  name: string;
  office_name: string;
  contact_email: string | null;
  contact_phone: string | null;
  postal_address: string;
  imprint: string;
  card_only: boolean | 0 | 1;
  lat: number;
  lon: number;
  hold_minutes: number;
  hold_extensions: number;
  lead_minutes: number;
  horizon_days: number;
  max_open_per_contact: number;
  reopen_min_minutes: number;
  reopen_max_minutes: number;
  retention_hours: number;
  set_up_minutes: number;
  tear_down_minutes: number;
  hotline_lead_minutes: number;
  hotline_share_percent: number;
  hotline_share_days: number;
  confirm_email: boolean | 0 | 1;
  confirmation_minutes: number;
  reminder_hours: number;
  sends_reminders: boolean | 0 | 1;
  sends_sms: boolean | 0 | 1;
}

interface VenueRow {
  id: number;
  slug: string;
  municipality_id: number;
  name: string;
  locality: string;
  street: string;
  postcode: string;
  city: string;
  lat: number;
  lon: number;
  step_free: boolean | 0 | 1;
  access_de: string | null;
  access_en: string | null;
  retired_at: number | null;
}

interface ServiceRow {
  id: number;
  slug: string;
  category: ServiceCategory;
  position: number;
  minutes: number;
  max_persons: number;
  in_person: boolean | 0 | 1;
  combinable: boolean | 0 | 1;
  synonyms: string | null;
}

interface TextRow {
  service_id: number;
  locale: Locale;
  name: string;
  fee_note: string | null;
  note: string | null;
}

/** Rows by the number in one of their columns, in the order they came. */
function groupBy<Row, Key>(rows: readonly Row[], keyOf: (row: Row) => Key): Map<Key, Row[]> {
  const groups = new Map<Key, Row[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group === undefined) {
      groups.set(keyOf(row), [row]);
    } else {
      group.push(row);
    }
  }
  return groups;
}

function toMunicipality(row: MunicipalityRow, ways: MessageWays, hasRelay: boolean): Municipality {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    officeName: row.office_name,
    contactEmail: row.contact_email,
    contactPhone: row.contact_phone,
    postalAddress: row.postal_address,
    imprint: row.imprint,
    cardOnly: Boolean(row.card_only),
    at: { lat: row.lat, lon: row.lon },
    rules: {
      holdMinutes: row.hold_minutes,
      holdExtensions: row.hold_extensions,
      leadMinutes: row.lead_minutes,
      horizonDays: row.horizon_days,
      maxOpenPerContact: row.max_open_per_contact,
      reopenMinMinutes: row.reopen_min_minutes,
      reopenMaxMinutes: row.reopen_max_minutes,
      retentionHours: row.retention_hours,
      setUpMinutes: row.set_up_minutes,
      tearDownMinutes: row.tear_down_minutes,
      hotlineLeadMinutes: row.hotline_lead_minutes,
      hotlineSharePercent: row.hotline_share_percent,
      hotlineShareDays: row.hotline_share_days,
    },
    messages: {
      sendsMail: ways.mail || hasRelay,
      sendsSms: ways.sms && Boolean(row.sends_sms),
      confirmsEmail: (ways.mail || hasRelay) && Boolean(row.confirm_email),
      confirmMinutes: row.confirmation_minutes,
      reminderHours: row.sends_reminders ? row.reminder_hours : 0,
    },
  };
}

function toVenue(row: VenueRow): Venue {
  return {
    id: row.id,
    slug: row.slug,
    municipalityId: row.municipality_id,
    name: row.name,
    locality: row.locality,
    street: row.street,
    postcode: row.postcode,
    city: row.city,
    at: { lat: row.lat, lon: row.lon },
    stepFree: Boolean(row.step_free),
    access: { de: row.access_de, en: row.access_en ?? row.access_de },
    retired: row.retired_at !== null,
  };
}

async function readServices(knex: Knex): Promise<Service[]> {
  const [rows, texts, documents, needs, fees] = await Promise.all([
    knex<ServiceRow>('services').whereNull('retired_at').orderBy('position'),
    knex<TextRow>('service_texts'),
    knex<{ service_id: number; locale: Locale; position: number; text: string }>('service_documents').orderBy(
      'position',
    ),
    knex<{ service_id: number; capability: string }>('service_needs'),
    knex<{ service_id: number; valid_from: string; amount_cents: number | null; legal_basis: string }>(
      'service_fees',
    ).orderBy('valid_from'),
  ]);
  const textsBy = groupBy(texts, (row) => row.service_id);
  const documentsBy = groupBy(documents, (row) => `${row.service_id} ${row.locale}`);
  const needsBy = groupBy(needs, (row) => row.service_id);
  const feesBy = groupBy(fees, (row) => row.service_id);

  return rows.map((row) => {
    const own = textsBy.get(row.id) ?? [];
    const textIn = (locale: Locale) => {
      // A language that lacks the service shows the German words rather than nothing.
      const text = own.find((one) => one.locale === locale) ?? own.find((one) => one.locale === 'de');
      return {
        name: text?.name ?? row.slug,
        feeNote: text?.fee_note ?? null,
        note: text?.note ?? null,
        documents: (documentsBy.get(`${row.id} ${text?.locale ?? locale}`) ?? []).map((one) => one.text),
      };
    };
    return {
      id: row.id,
      slug: row.slug,
      category: row.category,
      position: row.position,
      minutes: row.minutes,
      maxPersons: row.max_persons,
      inPerson: Boolean(row.in_person),
      combinable: Boolean(row.combinable),
      needs: (needsBy.get(row.id) ?? []).map((need) => need.capability),
      synonyms: (row.synonyms ?? '').split('\n').filter((word) => word !== ''),
      fees: (feesBy.get(row.id) ?? []).map((fee): Fee => ({
        validFrom: fee.valid_from,
        cents: fee.amount_cents,
        legalBasis: fee.legal_basis,
      })),
      texts: { de: textIn('de'), en: textIn('en') },
    };
  });
}

/** True when both name the same places with the same facts, in the same order. */
function samePlaces(a: readonly Place[], b: readonly Place[]): boolean {
  return (
    a.length === b.length &&
    a.every((one, index) => {
      const other = b[index];
      return (
        other !== undefined &&
        one.id === other.id &&
        one.name === other.name &&
        one.municipality === other.municipality &&
        one.kind === other.kind &&
        one.postcode === other.postcode &&
        one.lat === other.lat &&
        one.lon === other.lon &&
        one.population === other.population
      );
    })
  );
}

/**
 * Reads everything about the office that changes slowly.
 * @param previous an earlier picture: its index of places is kept while no place has changed, as building it anew
 *   takes longer than reading all the rest
 */
export async function readDirectory(knex: Knex, previous?: Directory, ways: MessageWays = NO_WAYS): Promise<Directory> {
  const [municipalities, venues, services, kits, kitCapabilities, clerks, qualifications, relays, places] =
    await Promise.all([
      knex<MunicipalityRow>('municipalities'),
      knex<VenueRow>('venues'), // retired ones too: visits that were published before still take place
      readServices(knex),
      knex<{ id: number; status: string }>('kits').where('status', 'ready').whereNull('retired_at').select('id'),
      knex<{ kit_id: number; capability: string }>('kit_capabilities'),
      knex<{ id: number }>('clerks').whereNull('retired_at').select('id'),
      knex<{ clerk_id: number; service_id: number }>('clerk_qualifications'),
      knex<{ municipality_id: number }>('municipality_relays').select('municipality_id'),
      knex('places')
        .select<Place[]>('id', 'name', 'municipality', 'kind', 'postcode', 'lat', 'lon', 'population')
        .orderBy('id'),
    ]);
  const capabilitiesBy = groupBy(kitCapabilities, (row) => row.kit_id);
  const qualificationsBy = groupBy(qualifications, (row) => row.clerk_id);
  const byId = <T extends { id: number }>(items: readonly T[]): Map<number, T> =>
    new Map(items.map((item) => [item.id, item]));

  const withRelay = new Set(relays.map(({ municipality_id }) => municipality_id));
  const kept = previous !== undefined && samePlaces(previous.places.places, places) ? previous : undefined;
  return {
    municipalities: byId(municipalities.map((row) => toMunicipality(row, ways, withRelay.has(row.id)))),
    venues: byId(venues.map(toVenue)),
    services,
    servicesById: byId(services),
    servicesBySlug: new Map(services.map((service) => [service.slug, service])),
    kits: new Map(kits.map(({ id }) => [id, (capabilitiesBy.get(id) ?? []).map((row) => row.capability)])),
    clerks: new Map(clerks.map(({ id }) => [id, (qualificationsBy.get(id) ?? []).map((row) => row.service_id)])),
    places: kept?.places ?? buildPlaceIndex(places),
    placesById: kept?.placesById ?? byId(places),
  };
}

/**
 * Keeps the answer of `load` for `milliseconds`; whoever asks meanwhile shares one load. After a failure the next
 * caller tries again.
 * @param load is handed the last answer there was
 */
export function keepFor<T>(
  milliseconds: number,
  now: () => number,
  load: (previous: T | undefined) => Promise<T>,
): () => Promise<T> {
  let kept: Promise<T> | undefined;
  let last: T | undefined;
  let until = -Infinity;
  return () => {
    const instant = now();
    // The second case: the clock was set back.
    if (kept === undefined || instant >= until || until - instant > milliseconds) {
      until = instant + milliseconds;
      const loading = load(last);
      kept = loading;
      loading.then(
        (answer) => {
          last = answer;
        },
        () => {
          if (kept === loading) {
            kept = undefined;
          }
        },
      );
    }
    return kept;
  };
}
