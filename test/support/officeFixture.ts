import type { Database } from '../../server/data/knex.ts';
import { createAppointmentRepository, createAppointmentUnit } from '../../server/data/appointmentRepository.ts';
import { readDirectory } from '../../server/data/directoryRepository.ts';
import { NO_WAYS, type MessageWays } from '../../server/data/outboxQueue.ts';
import { createStopRepository } from '../../server/data/stopRepository.ts';
import type { Appointment, ContactKind } from '../../server/domain/booking/appointment.ts';
import type { Locale } from '../../server/domain/booking/office.ts';
import { minuteToTick, type Instant, type LocalDate } from '../../server/domain/time.ts';
import { bookAppointment } from '../../server/features/booking/bookAppointment.ts';
import { holdTime } from '../../server/features/booking/holdTime.ts';
import { saveDetails } from '../../server/features/booking/saveDetails.ts';
import { createZone } from '../../server/zone.ts';

/** Wall-clock time of the small office. */
export const OFFICE_ZONE = createZone('Europe/Berlin');

export interface SmallOffice {
  date: LocalDate;
  municipalityId: number;
  /** Rathaus Meerane. */
  depotId: number;
  kitId: number;
  clerkId: number;
  /** Gemeindeamt in Schönberg, step-free. */
  firstVenueId: number;
  /** Feuerwehrhaus in Köthel, two steps. */
  secondVenueId: number;
  /** 9 to 12 at the first venue. */
  firstStopId: number;
  /** 13:30 to 16 at the second venue. */
  secondStopId: number;
  /** Schönberg, to search from. */
  placeId: number;
  services: {
    /** personalausweis: 20 minutes, 46,00 €. */
    idCard: number;
    /** fuehrungszeugnis: 10 minutes, 13,00 €. */
    certificate: number;
  };
}

async function insertOne(database: Database, table: string, row: object): Promise<number> {
  const [inserted] = await database.writer<{ id: number }>(table).insert(row, ['id']);
  if (inserted === undefined) {
    throw new Error(`Nothing was inserted into ${table}`);
  }
  return inserted.id;
}

/**
 * Fills a migrated, empty database with the smallest office that can be booked: one municipality, two venues, one kit,
 * one clerk, two services, and on `date` one published tour with two stops of one counter each.
 */
export async function seedSmallOffice(database: Database, { date }: { date: LocalDate }): Promise<SmallOffice> {
  const { writer } = database;
  const municipalityId = await insertOne(database, 'municipalities', {
    slug: 'meerane',
    name: 'Meerane',
    ags: '14524190',
    office_name: 'Stadt Meerane, Bürgerbüro',
    contact_email: 'buergerbuero@meerane.example',
    contact_phone: '03764 540',
    postal_address: 'Lörracher Platz 1, 08393 Meerane',
    lat: 50.8469,
    lon: 12.4647,
  });
  const placeId = await insertOne(database, 'places', {
    name: 'Schönberg',
    municipality: 'Schönberg',
    kind: 'village',
    postcode: '08393',
    lat: 50.8626,
    lon: 12.5148,
    population: 900,
    source: 'test',
  });
  const firstVenueId = await insertOne(database, 'venues', {
    municipality_id: municipalityId,
    slug: 'schoenberg-gemeindeamt',
    name: 'Gemeindeamt',
    locality: 'Schönberg',
    street: 'Am Anger 2',
    postcode: '08393',
    city: 'Schönberg',
    lat: 50.8631,
    lon: 12.5151,
    step_free: true,
    access_de: 'Parkplatz am Haus',
    access_en: 'parking at the house',
  });
  const secondVenueId = await insertOne(database, 'venues', {
    municipality_id: municipalityId,
    slug: 'koethel-feuerwehrhaus',
    name: 'Feuerwehrhaus',
    locality: 'Köthel',
    street: 'Dorfstraße 18',
    postcode: '08393',
    city: 'Schönberg',
    lat: 50.8783,
    lon: 12.5303,
    step_free: false,
    access_de: 'zwei Stufen am Eingang',
    access_en: 'two steps at the entrance',
  });
  await writer('capabilities').insert([{ code: 'fingerprint' }, { code: 'card-terminal' }]);
  const idCard = await insertService(database, {
    slug: 'personalausweis',
    position: 10,
    minutes: 20,
    cents: 4600,
    texts: { de: 'Personalausweis beantragen', en: 'Apply for an identity card' },
    documents: {
      de: ['Ihr bisheriger Personalausweis oder Reisepass', 'ein Foto vom Fotogeschäft als Code'],
      en: ['your present identity card or passport', 'a photo as a code from the photo shop'],
    },
    needs: ['fingerprint'],
  });
  const certificate = await insertService(database, {
    slug: 'fuehrungszeugnis',
    position: 20,
    minutes: 10,
    cents: 1300,
    texts: { de: 'Führungszeugnis beantragen', en: 'Apply for a certificate of conduct' },
    documents: {
      de: ['Ihr bisheriger Personalausweis oder Reisepass'],
      en: ['your present identity card or passport'],
    },
    needs: [],
  });
  const depotId = await insertOne(database, 'depots', {
    municipality_id: municipalityId,
    name: 'Rathaus Meerane',
    lat: 50.8469,
    lon: 12.4647,
  });
  const kitId = await insertOne(database, 'kits', {
    municipality_id: municipalityId,
    name: 'Koffer 1',
    depot_id: depotId,
  });
  await writer('kit_capabilities').insert([
    { kit_id: kitId, capability: 'fingerprint' },
    { kit_id: kitId, capability: 'card-terminal' },
  ]);
  const clerkId = await insertOne(database, 'clerks', { municipality_id: municipalityId, name: 'A. Beispiel' });
  await writer('clerk_qualifications').insert([
    { clerk_id: clerkId, service_id: idCard },
    { clerk_id: clerkId, service_id: certificate },
  ]);
  const [firstStopId, secondStopId] = await insertTour(database, {
    date,
    municipalityId,
    kitId,
    clerkId,
    stops: [
      { venueId: firstVenueId, fromMinute: 9 * 60, toMinute: 12 * 60 },
      { venueId: secondVenueId, fromMinute: 13 * 60 + 30, toMinute: 16 * 60 },
    ],
  });
  return {
    date,
    municipalityId,
    depotId,
    kitId,
    clerkId,
    firstVenueId,
    secondVenueId,
    firstStopId: firstStopId as number,
    secondStopId: secondStopId as number,
    placeId,
    services: { idCard, certificate },
  };
}

interface FixtureService {
  slug: string;
  position: number;
  minutes: number;
  cents: number;
  texts: Record<Locale, string>;
  documents: Record<Locale, readonly string[]>;
  needs: readonly string[];
}

async function insertService(database: Database, service: FixtureService): Promise<number> {
  const { writer } = database;
  const id = await insertOne(database, 'services', {
    slug: service.slug,
    category: 'identity',
    position: service.position,
    minutes: service.minutes,
    in_person: true,
  });
  for (const locale of ['de', 'en'] as const) {
    await writer('service_texts').insert({ service_id: id, locale, name: service.texts[locale] });
    await writer('service_documents').insert(
      service.documents[locale].map((text, index) => ({ service_id: id, locale, position: index + 1, text })),
    );
  }
  await writer('service_fees').insert({
    service_id: id,
    valid_from: '2021-01-01',
    amount_cents: service.cents,
    legal_basis: 'test',
  });
  for (const capability of service.needs) {
    await writer('service_needs').insert({ service_id: id, capability });
  }
  return id;
}

export interface FixtureTour {
  date: LocalDate;
  municipalityId: number;
  kitId: number;
  clerkId: number;
  stops: readonly { venueId: number; fromMinute: number; toMinute: number }[];
}

/** Publishes a tour whose stops have one counter each. @returns the ids of its stops, in order */
export async function insertTour(database: Database, tour: FixtureTour): Promise<number[]> {
  const { writer } = database;
  const { date } = tour;
  const tourId = await insertOne(database, 'tours', {
    municipality_id: tour.municipalityId,
    date,
    state: 'published',
    created_at: 0,
    published_at: 0,
  });
  await writer('tour_kits').insert({ tour_id: tourId, date, kit_id: tour.kitId });
  await writer('tour_clerks').insert({ tour_id: tourId, date, clerk_id: tour.clerkId });
  const ids: number[] = [];
  for (const [index, stop] of tour.stops.entries()) {
    const id = await insertOne(database, 'stops', {
      tour_id: tourId,
      date,
      position: index + 1,
      kind: 'public',
      venue_id: stop.venueId,
      from_minute: stop.fromMinute,
      to_minute: stop.toMinute,
      starts_at: OFFICE_ZONE.instantAt(date, stop.fromMinute),
      ends_at: OFFICE_ZONE.instantAt(date, stop.toMinute),
      set_up_minutes: 20,
      tear_down_minutes: 15,
    });
    await writer('stop_counters').insert({ stop_id: id, counter: 1, tour_id: tourId, clerk_id: tour.clerkId });
    ids.push(id);
  }
  return ids;
}

export interface FixtureBooking {
  stopId: number;
  /** Local minute of the day at which it starts, on the five-minute grid. */
  minute: number;
  /** Slug and persons; default: one identity card. */
  services?: readonly { slug: string; persons: number }[];
  firstName?: string;
  familyName?: string;
  contactKind?: ContactKind;
  contact?: string | null;
  locale?: Locale;
  originPlaceId?: number | null;
}

/**
 * What the use cases of the booking need, on this database, and short ways to appointments through them.
 * @param ways by which people are told; default: none
 */
export function createDesk(database: Database, now: () => Instant, ways: MessageWays = NO_WAYS) {
  let number = 0;
  const deps = {
    directory: () => readDirectory(database.reader, undefined, ways),
    availability: createStopRepository(database.reader),
    appointments: createAppointmentRepository(database.reader),
    unit: <T>(work: (unit: ReturnType<typeof createAppointmentUnit>) => Promise<T>): Promise<T> =>
      database.unit((trx) => work(createAppointmentUnit(trx, ways))),
    clock: { now },
    zone: OFFICE_ZONE,
    random: {
      // Different references, the same in every run.
      int: (max: number) => (number = (number * 31 + 17) % 8191) % max,
      secret: () => `secret-_${String(++number).padStart(14, '0')}`,
      fraction: () => 0.5,
    },
  };

  async function hold(booking: FixtureBooking): Promise<Appointment> {
    const directory = await deps.directory();
    const secret = deps.random.secret();
    const outcome = await holdTime(deps, {
      secret,
      slot: { stopId: booking.stopId, tick: minuteToTick(booking.minute) },
      lines: (booking.services ?? [{ slug: 'personalausweis', persons: 1 }]).map(({ slug, persons }) => {
        const service = directory.servicesBySlug.get(slug);
        if (service === undefined) {
          throw new Error(`No service ${slug}`);
        }
        return { service, persons };
      }),
      originPlaceId: booking.originPlaceId ?? null,
      locale: booking.locale ?? 'de',
    });
    const held = await deps.appointments.bySecret(secret);
    if (outcome.kind !== 'held' || held === undefined) {
      throw new Error(`The time could not be held: ${outcome.kind}`);
    }
    return held;
  }

  async function book(booking: FixtureBooking): Promise<Appointment> {
    const { secret } = await hold(booking);
    const contactKind = booking.contactKind ?? 'none';
    await saveDetails(deps, secret, {
      firstName: booking.firstName ?? 'Karin',
      familyName: booking.familyName ?? 'Vogel',
      contactKind,
      contact: contactKind === 'none' ? null : (booking.contact ?? 'karin.vogel@beispiel.example'),
    });
    const outcome = await bookAppointment(deps, secret);
    if (outcome.kind !== 'booked') {
      throw new Error(`The appointment could not be booked: ${outcome.kind}`);
    }
    return outcome.appointment;
  }

  return { deps, hold, book };
}
