import type { DatabaseConfig, Database } from '../../server/data/knex.ts';
import { createDeskRepository, createDeskUnit } from '../../server/data/deskRepository.ts';
import type { Appointment } from '../../server/domain/booking/appointment.ts';
import type { Agent, CallerInput } from '../../server/domain/hotline/desk.ts';
import { minuteToTick } from '../../server/domain/time.ts';
import { createDesk } from '../../server/features/booking/desk/desk.ts';
import type { Desk, HoldOutcome } from '../../server/features/hotline/ports.ts';
import { createDesk as createCitizens, insertTour, OFFICE_ZONE, seedSmallOffice } from '../support/officeFixture.ts';
import { newSecret, openMigrated } from '../support/raceFixture.ts';
import { addNeighbour } from '../support/toursFixture.ts';

/** The day of the visits of the small office. */
export const DAY = '2026-12-08';
/** Another visit of the first venue, a week later. */
export const NEXT_WEEK = '2026-12-15';
export const MINUTE = 60_000;

/** What an agent types; without anything: Karin Vogel, who wants nothing besides the call. */
export function caller(more: Partial<CallerInput> = {}): CallerInput {
  return {
    firstName: 'Karin',
    familyName: 'Vogel',
    contactKind: 'none',
    contact: null,
    address: null,
    ...more,
  };
}

export const byPhone = (contact: string, more: Partial<CallerInput> = {}): CallerInput =>
  caller({ contactKind: 'phone', contact, ...more });

export const byLetter = (more: Partial<CallerInput> = {}): CallerInput =>
  caller({
    contactKind: 'letter',
    address: { extra: '', street: 'Am Anger 7', postcode: '08393', city: 'Schönberg' },
    ...more,
  });

interface HistoryRow {
  user_name: string;
  municipality_id: number | null;
  subject: string;
  subject_id: number | null;
  subject_label: string;
  action: string;
  changes: string;
}

/** The small office with a neighbour, two agents of all municipalities and one of the small office only. */
export async function openDeskOffice(config: DatabaseConfig) {
  const clock = { now: OFFICE_ZONE.instantAt('2026-12-01', 8 * 60) };
  const database = await openMigrated(config);
  const office = await seedSmallOffice(database, { date: DAY });
  const [nextStopId] = await insertTour(database, {
    date: NEXT_WEEK,
    municipalityId: office.municipalityId,
    kitId: office.kitId,
    clerkId: office.clerkId,
    stops: [{ venueId: office.firstVenueId, fromMinute: 540, toMinute: 720 }],
  });
  const neighbour = await addNeighbour(database);
  await database.writer('clerk_qualifications').insert([
    { clerk_id: neighbour.clerkId, service_id: office.services.idCard },
    { clerk_id: neighbour.clerkId, service_id: office.services.certificate },
  ]);
  await database.writer('kit_capabilities').insert({ kit_id: neighbour.kitId, capability: 'fingerprint' });
  const [neighbourStopId] = await insertTour(database, {
    date: DAY,
    municipalityId: neighbour.municipalityId,
    kitId: neighbour.kitId,
    clerkId: neighbour.clerkId,
    stops: [{ venueId: neighbour.venueId, fromMinute: 540, toMinute: 720 }],
  });
  const citizens = createCitizens(database, () => clock.now);
  const desk: Desk = deskOn(database, () => clock.now);

  return {
    database,
    clock,
    office,
    desk,
    /** Without an agent: the booking online. */
    citizens,
    neighbour: { ...neighbour, stopId: neighbourStopId as number },
    nextStopId: nextStopId as number,
    anna: await addAgent(database, 'Anna Anruf'),
    ben: await addAgent(database, 'Ben Beispiel'),
    /** Takes only the calls of the small office. */
    olga: await addAgent(database, 'Olga Ort', office.municipalityId),

    /** Holds a time as an agent does. @returns the secret of the call's hold with the outcome */
    async hold(agent: Agent, stopId: number, minute: number, slug = 'personalausweis', secret = newSecret()) {
      const outcome: HoldOutcome = await desk.hold(agent, {
        secret,
        slot: { stopId, tick: minuteToTick(minute) },
        lines: await this.lines(slug),
        originPlaceId: office.placeId,
        locale: 'de',
      });
      return { ...outcome, secret };
    },

    async lines(slug: string, persons = 1) {
      const service = (await citizens.deps.directory()).servicesBySlug.get(slug);
      if (service === undefined) throw new Error(`No service ${slug}`);
      return [{ service, persons }];
    },

    /** Holds and books; whatever stands in the way is an error. */
    async book(agent: Agent, stopId: number, minute: number, typed = caller(), slug?: string): Promise<Appointment> {
      const held = await this.hold(agent, stopId, minute, slug);
      const outcome = await desk.book(agent, held.secret, typed, true);
      if (outcome.kind !== 'booked') throw new Error(`${held.kind}, then ${outcome.kind}`);
      return outcome.appointment;
    },

    async read({ secret }: { secret: string }): Promise<Appointment> {
      const found = await citizens.deps.appointments.bySecret(secret);
      if (found === undefined) throw new Error('The appointment is gone');
      return found;
    },

    /** The history, oldest first, as far as it tells what was done. */
    async history() {
      const rows = await database.reader<HistoryRow>('audit_entries').orderBy('id');
      return rows.map((row) => ({
        user_name: row.user_name,
        municipality_id: row.municipality_id,
        subject: row.subject,
        subject_id: row.subject_id,
        label: row.subject_label,
        action: row.action,
        changes: JSON.parse(row.changes) as { field: string; from: string | null; to: string | null }[],
      }));
    },

    /** Every letter so far, oldest first: its kind, with + when it is printed. */
    async letters({ id }: { id: number }): Promise<string[]> {
      const rows = await database
        .reader<{ appointment_id: number; kind: string; printed_at: number | null }>('letters')
        .where('appointment_id', id)
        .orderBy('id');
      return rows.map(({ kind, printed_at }) => `${kind}${printed_at === null ? '' : '+'}`);
    },

    print: () => database.writer('letters').whereNull('printed_at').update({ printed_at: clock.now }),
  };
}

export type DeskOffice = Awaited<ReturnType<typeof openDeskOffice>>;

function deskOn(database: Database, now: () => number): Desk {
  return createDesk({
    ...createCitizens(database, now).deps,
    random: { int: (max) => Math.floor(Math.random() * max), secret: newSecret, fraction: () => 0.5 },
    appointments: createDeskRepository(database.reader),
    unit: (work) => database.unit((trx) => work(createDeskUnit(trx))),
  });
}

async function addAgent(database: Database, name: string, municipalityId: number | null = null): Promise<Agent> {
  const [user] = await database
    .writer<{ id: number }>('users')
    .insert({ email: `${newSecret().toLowerCase()}@amt.example`, name, created_at: 0 } as object, ['id']);
  const userId = user?.id ?? 0;
  return { userId, name, scope: municipalityId === null ? 'all' : new Set([municipalityId]) };
}
