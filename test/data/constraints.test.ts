import { expect } from 'chai';
import type { Database } from '../../server/data/knex.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';
import { openMigrated } from '../support/raceFixture.ts';

const DATE = '2026-12-08';
const OTHER_DATE = '2026-12-09';
const LATER = 2_000_000_000_000;

describeOnBothDatabases('What the database itself guards', (open) => {
  let database: Database;
  let office: SmallOffice;
  let tourId: number;
  let otherTourId: number;
  let outsider: number;
  let serial = 0;

  before(async () => {
    database = await openMigrated((await open()).config);
    office = await seedSmallOffice(database, { date: DATE });
    tourId = (await database.reader<{ id: number; tour_id: number }>('stops').first())?.tour_id as number;
    otherTourId = await insertOne('tours', { ...tour(), date: DATE });
    outsider = await insertOne('clerks', { municipality_id: office.municipalityId, name: 'B. Beispiel' });
  });
  after(() => database.close());

  async function insertOne(table: string, row: object): Promise<number> {
    const [inserted] = await database.writer<{ id: number }>(table).insert(row, ['id']);
    return inserted?.id as number;
  }

  const tour = (): Record<string, unknown> => ({
    municipality_id: office.municipalityId,
    date: OTHER_DATE,
    state: 'draft',
    created_at: 0,
  });
  const municipality = (): Record<string, unknown> => ({
    slug: `ort-${++serial}`,
    name: 'Ort',
    ags: String(14_000_000 + serial),
    office_name: 'Ort',
    lat: 50,
    lon: 12,
  });
  const venue = (): Record<string, unknown> => ({
    municipality_id: office.municipalityId,
    slug: `haus-${++serial}`,
    name: 'Haus',
    locality: 'Ort',
    street: 'Weg 1',
    postcode: '08393',
    city: 'Ort',
    lat: 50,
    lon: 12,
    step_free: true,
  });
  const place = (): Record<string, unknown> => ({
    name: 'Ort',
    kind: 'village',
    postcode: '08393',
    lat: 50,
    lon: 12,
    source: 'test',
  });
  const service = (): Record<string, unknown> => ({
    slug: `leistung-${++serial}`,
    category: 'identity',
    position: serial,
    minutes: 20,
    in_person: true,
  });
  const kit = (): Record<string, unknown> => ({
    municipality_id: office.municipalityId,
    name: `Ersatzkoffer ${++serial}`,
    depot_id: office.depotId,
  });
  const fee = (): Record<string, unknown> => ({
    service_id: office.services.idCard,
    valid_from: `2030-01-${String((++serial % 27) + 1).padStart(2, '0')}`,
    amount_cents: 100,
    legal_basis: 'test',
  });
  const stop = (): Record<string, unknown> => ({
    tour_id: tourId,
    date: DATE,
    position: 100 + ++serial,
    kind: 'public',
    venue_id: office.firstVenueId,
    from_minute: 540,
    to_minute: 600,
    starts_at: 1,
    ends_at: 2,
    set_up_minutes: 0,
    tear_down_minutes: 0,
  });
  const appointment = (): Record<string, unknown> => ({
    reference: `R${String(++serial).padStart(8, '0')}`,
    secret: `secret-${serial}`,
    state: 'confirmed',
    channel: 'online',
    stop_id: office.firstStopId,
    counter: 1,
    date: DATE,
    start_tick: 108,
    ticks: 4,
    starts_at: 1,
    ends_at: 2,
    locale: 'de',
    family_name: 'Vogel',
    contact_kind: 'none',
    created_at: 0,
  });
  const purged = {
    reference: null,
    secret: null,
    first_name: null,
    family_name: null,
    family_key: null,
    contact: null,
  };

  const relay = (): Record<string, unknown> => ({
    municipality_id: office.municipalityId,
    host: 'mail.beispiel.example',
    port: 587,
    security: 'starttls',
    from_name: 'Bürgerbüro',
    from_address: 'amt@beispiel.example',
  });
  const messageText = (): Record<string, unknown> => ({
    municipality_id: office.municipalityId,
    kind: 'booked',
    locale: 'de',
    intro: 'Wir freuen uns auf Sie.',
  });
  const message = (): Record<string, unknown> => ({
    key: `schluessel-${++serial}`,
    municipality_id: office.municipalityId,
    appointment_id: booked,
    channel: 'email',
    kind: 'booked',
    changed_by: 'person',
    sequence: 0,
    date: DATE,
    start_tick: 108,
    ticks: 4,
    starts_at: 1,
    ends_at: 2,
    venue_id: office.firstVenueId,
    created_at: 0,
    expires_at: LATER,
    next_at: 0,
  });
  const jobRun = (): Record<string, unknown> => ({ name: 'expiry', started_at: 1, ended_at: 2, counts: '{}' });
  const feed = (): Record<string, unknown> => ({
    token_hash: `streuwert-${++serial}`,
    user_id: agent,
    kind: 'clerk',
    label: 'Mein Telefon',
    locale: 'de',
    created_at: 0,
  });

  const isRefusal = (error: unknown): boolean =>
    /constraint|violates|too long/i.test(String((error as Error).message)) &&
    /^(SQLITE_CONSTRAINT|23\d\d\d|22001)/.test(String((error as { code?: string }).code));

  /** Tries each row in a transaction that is taken back, so that no row meets the one before. */
  async function attempt(table: string, rows: readonly object[]): Promise<unknown> {
    const undo = new Error('undo');
    try {
      await database.writer.transaction(async (trx) => {
        for (const row of rows) {
          await trx(table).insert(row);
        }
        throw undo;
      });
    } catch (error) {
      return error === undo ? null : error;
    }
    return null;
  }

  function rule(title: string, table: string, right: () => object[], wrong: () => object[][]): void {
    it(`${title}: accepts what is right`, async () => {
      for (const row of right()) {
        expect(await attempt(table, [row]), JSON.stringify(row)).to.equal(null);
      }
    });
    it(`${title}: refuses what is wrong`, async () => {
      for (const rows of wrong()) {
        const error = await attempt(table, rows);
        expect(error, JSON.stringify(rows)).to.not.equal(null);
        expect(isRefusal(error), `${JSON.stringify(rows)}: ${String(error)}`).to.equal(true);
      }
    });
  }
  const each = (rows: object[]): object[][] => rows.map((row) => [row]);

  rule(
    'one suitcase is on one tour a day',
    'tour_kits',
    () => [{ tour_id: otherTourId, date: DATE, kit_id: otherKit }],
    () => [
      [{ tour_id: otherTourId, date: DATE, kit_id: office.kitId }],
      [{ tour_id: otherTourId, date: OTHER_DATE, kit_id: office.kitId }], // a day that is not the tour's
      [{ tour_id: otherTourId, date: DATE, kit_id: 999_999 }],
      [{ tour_id: 999_999, date: DATE, kit_id: otherKit }],
    ],
  );
  let otherKit = 0;
  before(async () => {
    otherKit = await insertOne('kits', kit());
  });

  rule(
    'one clerk is on one tour a day',
    'tour_clerks',
    () => [{ tour_id: otherTourId, date: DATE, clerk_id: outsider }],
    () => [
      [{ tour_id: otherTourId, date: DATE, clerk_id: office.clerkId }],
      [{ tour_id: otherTourId, date: OTHER_DATE, clerk_id: office.clerkId }],
      [{ tour_id: otherTourId, date: DATE, clerk_id: 999_999 }],
    ],
  );

  it('a suitcase or a clerk that moves with its tour to a taken day is refused, and to a free day it moves along', async () => {
    const { writer } = database;
    const moving = await insertOne('tours', tour());
    await writer('tour_kits').insert({ tour_id: moving, date: OTHER_DATE, kit_id: office.kitId });
    await writer('tour_clerks').insert({ tour_id: moving, date: OTHER_DATE, clerk_id: office.clerkId });
    const error: unknown = await writer('tours')
      .where('id', moving)
      .update({ date: DATE })
      .then(
        () => null,
        (reason: unknown) => reason,
      );
    expect(isRefusal(error)).to.equal(true);

    await writer('tours').where('id', moving).update({ date: '2026-12-10' });
    const kits = await writer<{ tour_id: number; date: string }>('tour_kits').where('tour_id', moving);
    expect(kits.map(({ date }) => date)).to.deep.equal(['2026-12-10']);
    await writer('tours').where('id', moving).delete();
  });

  rule(
    'a counter is staffed by the crew of its tour',
    'stop_counters',
    () => [
      { stop_id: office.firstStopId, counter: 2, tour_id: tourId, clerk_id: null },
      { stop_id: office.firstStopId, counter: 20, tour_id: tourId, clerk_id: null },
    ],
    () =>
      each([
        { stop_id: office.firstStopId, counter: 2, tour_id: tourId, clerk_id: outsider },
        { stop_id: office.firstStopId, counter: 2, tour_id: tourId, clerk_id: office.clerkId }, // is at counter 1
        { stop_id: office.firstStopId, counter: 1, tour_id: tourId, clerk_id: null },
        { stop_id: office.firstStopId, counter: 2, tour_id: otherTourId, clerk_id: null }, // not the stop's tour
        { stop_id: office.firstStopId, counter: 0, tour_id: tourId, clerk_id: null },
        { stop_id: office.firstStopId, counter: 21, tour_id: tourId, clerk_id: null },
      ]),
  );

  const tick = (more: object = {}): object => ({
    stop_id: office.firstStopId,
    counter: 1,
    tick: 108,
    appointment_id: null,
    free_at: LATER,
    ...more,
  });
  rule(
    'five minutes of a counter belong to one appointment',
    'counter_ticks',
    () => [tick(), tick({ tick: 0 }), tick({ tick: 287 })],
    () => [
      [tick(), tick()],
      [tick({ counter: 2 })], // a counter that does not exist
      [tick({ stop_id: 999_999 })],
      [tick({ tick: 288 })],
      [tick({ tick: -1 })],
      [tick({ free_at: null })], // nobody's and never free
      [tick({ appointment_id: 999_999 })],
    ],
  );

  rule(
    'a municipality has an official key and rules that can be kept',
    'municipalities',
    () => [
      municipality(),
      { ...municipality(), retention_hours: 0 },
      { ...municipality(), retention_hours: 8760, hold_extensions: 10, lead_minutes: 0, max_open_per_contact: 50 },
    ],
    () => [
      ...each([
        { ...municipality(), ags: '1452419' },
        { ...municipality(), ags: '145241900' },
        { ...municipality(), ags: '1452419A' },
        { ...municipality(), ags: '' },
        { ...municipality(), lat: 91 },
        { ...municipality(), lon: -181 },
        { ...municipality(), hold_minutes: 0 },
        { ...municipality(), hold_extensions: 9 },
        { ...municipality(), lead_minutes: -1 },
        { ...municipality(), horizon_days: 0 },
        { ...municipality(), max_open_per_contact: 0 },
        { ...municipality(), reopen_min_minutes: -1 },
        { ...municipality(), reopen_min_minutes: 5, reopen_max_minutes: 4 },
        { ...municipality(), retention_hours: -1 },
        { ...municipality(), retention_hours: 8761 },
        { ...municipality(), set_up_minutes: -1 },
        { ...municipality(), name: null },
      ]),
      [
        { ...municipality(), ags: '12345678' },
        { ...municipality(), ags: '12345678' },
      ],
      [
        { ...municipality(), slug: 'a' },
        { ...municipality(), slug: 'a' },
      ],
    ],
  );

  rule(
    'a place has a postcode, a kind and a position',
    'places',
    () => [place(), { ...place(), postcode: '01067' }],
    () =>
      each([
        { ...place(), postcode: '8393' },
        { ...place(), postcode: '083933' },
        { ...place(), postcode: 'D8393' },
        { ...place(), kind: 'city' },
        { ...place(), lat: -91 },
        { ...place(), lon: 181 },
      ]),
  );

  rule(
    'a venue has a postcode, a position and a municipality',
    'venues',
    () => [venue()],
    () => [
      ...each([
        { ...venue(), postcode: '839' },
        { ...venue(), postcode: '0839a' },
        { ...venue(), lat: 91 },
        { ...venue(), municipality_id: 999_999 },
      ]),
      [
        { ...venue(), slug: 'gleich' },
        { ...venue(), slug: 'gleich' },
      ],
    ],
  );

  rule(
    'a service has a length, a category and perhaps a LeiKa key',
    'services',
    () => [service(), { ...service(), leika_key: '99036001012000', home_minutes: 45, minutes: 480, max_persons: 20 }],
    () => [
      ...each([
        { ...service(), minutes: 4 },
        { ...service(), minutes: 481 },
        { ...service(), home_minutes: 4 },
        { ...service(), category: 'anything' },
        { ...service(), leika_key: '123' },
        { ...service(), leika_key: '9903600101200X' },
        { ...service(), max_persons: 0 },
        { ...service(), max_persons: 21 },
      ]),
    ],
  );

  rule(
    'a fee has a first day and is not negative',
    'service_fees',
    () => [fee(), { ...fee(), amount_cents: null }, { ...fee(), amount_cents: 0 }],
    () =>
      each([
        { ...fee(), amount_cents: -1 },
        { ...fee(), valid_from: '2030-1-1' },
        { ...fee(), valid_from: '01.01.2030' },
        { ...fee(), valid_from: '20300101' },
      ]),
  );

  rule(
    'a suitcase is ready or defect',
    'kits',
    () => [kit(), { ...kit(), status: 'defect' }],
    () =>
      each([
        { ...kit(), status: 'lost' },
        { ...kit(), depot_id: 9_999 },
        { ...kit(), depot_id: null },
      ]),
  );

  rule(
    'a tour has a day and a known state',
    'tours',
    () => [tour(), { ...tour(), state: 'published', published_at: 1 }, { ...tour(), state: 'cancelled' }],
    () =>
      each([
        { ...tour(), state: 'planned' },
        { ...tour(), state: 'published' }, // without the moment of publication
        { ...tour(), date: '8.12.2026' },
        { ...tour(), date: '2026-12-8' },
        { ...tour(), date: '2026/12/08' },
      ]),
  );

  rule(
    'a stop has a window on the grid of its tour’s day',
    'stops',
    () => [stop(), { ...stop(), kind: 'home', venue_id: null }, { ...stop(), from_minute: 0, to_minute: 1440 }],
    () =>
      each([
        { ...stop(), date: OTHER_DATE },
        { ...stop(), venue_id: null }, // public, but nowhere
        { ...stop(), kind: 'street' },
        { ...stop(), from_minute: 600, to_minute: 600 },
        { ...stop(), from_minute: 541 },
        { ...stop(), to_minute: 599 },
        { ...stop(), from_minute: -5 },
        { ...stop(), to_minute: 1445 },
        { ...stop(), starts_at: 2, ends_at: 2 },
        { ...stop(), set_up_minutes: -1 },
        { ...stop(), position: 1 }, // is taken
      ]),
  );

  rule(
    'an appointment is in a known state and complete for it',
    'appointments',
    () => [
      appointment(),
      { ...appointment(), contact_kind: 'email', contact: 'a@beispiel.example' },
      { ...appointment(), state: 'held', hold_until: LATER, family_name: null, contact_kind: null },
      ...['pending', 'arrived', 'served', 'missed', 'cancelled', 'expired'].map((state) => ({
        ...appointment(),
        state,
      })),
      ...['hotline', 'clerk', 'walk-in'].map((channel) => ({ ...appointment(), channel })),
      { ...appointment(), ...purged, purged_at: LATER },
      { ...appointment(), start_tick: 287, ticks: 1 },
    ],
    () => [
      ...each([
        { ...appointment(), state: 'done' },
        { ...appointment(), channel: 'fax' },
        { ...appointment(), state: 'held' }, // without an end
        { ...appointment(), family_name: null },
        { ...appointment(), contact_kind: null },
        { ...appointment(), reference: null },
        { ...appointment(), state: 'pending', family_name: null },
        { ...appointment(), contact_kind: 'letter' },
        { ...appointment(), contact_kind: 'none', contact: 'a@beispiel.example' },
        { ...appointment(), contact_kind: null, contact: 'a@beispiel.example', state: 'cancelled' },
        { ...appointment(), counter: 2 },
        { ...appointment(), stop_id: 999_999 },
        { ...appointment(), start_tick: 288 },
        { ...appointment(), ticks: 0 },
        ...(['reference', 'secret', 'first_name', 'family_name', 'family_key'] as const).map((kept) => ({
          ...appointment(),
          ...purged,
          [kept]: 'still here',
          ...(kept === 'reference' ? { reference: 'STILLHERE' } : {}),
          purged_at: LATER,
        })),
        { ...appointment(), ...purged, contact_kind: 'email', contact: 'still@here.example', purged_at: LATER },
      ]),
      [
        { ...appointment(), reference: 'GLEICHE12' },
        { ...appointment(), reference: 'GLEICHE12' },
      ],
      [
        { ...appointment(), secret: 'gleich' },
        { ...appointment(), secret: 'gleich' },
      ],
    ],
  );

  let booked = 0;
  let alsoBooked = 0;
  let agent = 0;
  const call = (): object => ({ token: `call-${++serial}`, user_id: agent, purpose: 'booking', started_at: 0 });
  const note = (): object => ({ appointment_id: booked, text: 'kommt mit Rollstuhl', at: 0, user_id: agent });
  const address = (): object => ({
    appointment_id: booked,
    street: 'Am Anger 7',
    postcode: '08393',
    city: 'Schönberg',
  });
  const letter = (): object => ({ appointment_id: booked, kind: 'confirmed', created_at: 0 });
  const callback = (): object => ({
    municipality_id: office.municipalityId,
    phone: '03764 4711',
    reason: 'Fragen zum Reisepass',
    created_at: 0,
    due_at: LATER,
  });
  before(async () => {
    agent = await insertOne('users', { email: 'anruf@amt.example', name: 'A. Anruf', created_at: 0 });
    booked = await insertOne('appointments', appointment());
    alsoBooked = await insertOne('appointments', appointment());
  });

  rule(
    'an appointment is for real services and persons',
    'appointment_services',
    () => [{ appointment_id: booked, service_id: office.services.idCard, persons: 1, minutes: 20 }],
    () => {
      const line = { appointment_id: booked, service_id: office.services.idCard, persons: 1, minutes: 20 };
      return [
        ...each([
          { ...line, persons: 0 },
          { ...line, persons: 21 },
          { ...line, minutes: 0 },
          { ...line, service_id: 999_999 },
          { ...line, appointment_id: 999_999 },
        ]),
        [line, line],
      ];
    },
  );

  rule(
    'a contact has one place for each open appointment',
    'contact_slots',
    () => [{ contact_key: 'a@beispiel.example', slot: 1, appointment_id: booked, ends_at: LATER }],
    () => {
      const slot = { contact_key: 'a@beispiel.example', slot: 1, appointment_id: booked, ends_at: LATER };
      return [
        [slot, { ...slot, appointment_id: alsoBooked }],
        [slot, { ...slot, slot: 2 }],
        [{ ...slot, slot: 0 }],
        [{ ...slot, slot: 51 }],
        [{ ...slot, appointment_id: 999_999 }],
      ];
    },
  );

  rule(
    'a call of the hotline belongs to one agent and is for booking or managing',
    'hotline_calls',
    () => [call(), { ...call(), secret: 'x'.repeat(32), query: 'y'.repeat(200), purpose: 'managing', ended_at: LATER }],
    () => [
      ...each([
        { ...call(), user_id: 999_999 },
        { ...call(), user_id: null },
        { ...call(), purpose: 'browsing' },
        { ...call(), purpose: null },
        { ...call(), started_at: null },
      ]),
      [
        { ...call(), token: 'gleich' },
        { ...call(), token: 'gleich' },
      ],
    ],
  );

  rule(
    'a note says something about an appointment',
    'appointment_notes',
    () => [note(), { ...note(), text: 'ä'.repeat(300) }, { ...note(), user_id: null }],
    () =>
      each([
        { ...note(), text: '' },
        { ...note(), text: null },
        { ...note(), appointment_id: 999_999 },
        { ...note(), user_id: 999_999 },
      ]),
  );

  rule(
    'an address for letters is complete, one for each appointment',
    'letter_addresses',
    () => [address(), { ...address(), extra: 'bei Familie Groß' }],
    () => [
      ...each([
        { ...address(), postcode: '0839' },
        { ...address(), postcode: '0839A' },
        { ...address(), postcode: '     ' },
        { ...address(), postcode: null },
        { ...address(), street: '' },
        { ...address(), city: '' },
        { ...address(), city: null },
        { ...address(), appointment_id: 999_999 },
      ]),
      [address(), address()],
    ],
  );

  rule(
    'of the letters about an appointment one at most waits to be printed',
    'letters',
    () => [
      letter(),
      { ...letter(), kind: 'moved' },
      { ...letter(), kind: 'cancelled', printed_at: LATER, printed_by: agent },
    ],
    () => [
      ...each([
        { ...letter(), kind: 'reminder' },
        { ...letter(), kind: null },
        { ...letter(), appointment_id: 999_999 },
        { ...letter(), printed_at: LATER, printed_by: 999_999 },
      ]),
      [letter(), { ...letter(), kind: 'moved' }],
    ],
  );
  it('of the letters about an appointment any number may have been printed', async () => {
    const printed = { ...letter(), printed_at: LATER };
    expect(await attempt('letters', [printed, printed, letter()])).to.equal(null);
  });

  rule(
    'a call-back has a number and a reason, and whoever took or did it did so at some time',
    'callbacks',
    () => [
      callback(),
      { ...callback(), name: 'Karin Vogel', taken_at: LATER, taken_by: agent, done_at: LATER, done_by: agent },
    ],
    () =>
      each([
        { ...callback(), phone: '' },
        { ...callback(), reason: '' },
        { ...callback(), reason: null },
        { ...callback(), taken_by: agent },
        { ...callback(), done_by: agent },
        { ...callback(), due_at: null },
        { ...callback(), municipality_id: 999_999 },
        { ...callback(), municipality_id: null },
        { ...callback(), created_by: 999_999 },
      ]),
  );

  rule(
    'what is kept for the hotline is a share until so many days before',
    'municipalities',
    () => [{ ...municipality(), hotline_lead_minutes: 20160, hotline_share_percent: 100, hotline_share_days: 400 }],
    () =>
      each([
        { ...municipality(), hotline_lead_minutes: -1 },
        { ...municipality(), hotline_lead_minutes: 20161 },
        { ...municipality(), hotline_share_percent: -1 },
        { ...municipality(), hotline_share_percent: 101 },
        { ...municipality(), hotline_share_days: -1 },
        { ...municipality(), hotline_share_days: 401 },
      ]),
  );

  rule(
    'a mail server is complete, and a password belongs to a name',
    'municipality_relays',
    () => [relay(), { ...relay(), port: 465, security: 'tls', username: 'amt', password: 'sealed' }],
    () => [
      ...each([
        { ...relay(), port: 0 },
        { ...relay(), port: 65_536 },
        { ...relay(), security: 'none' },
        { ...relay(), host: '' },
        { ...relay(), from_address: 'amt' },
        { ...relay(), from_address: '' },
        { ...relay(), password: 'sealed' },
        { ...relay(), municipality_id: 999_999 },
      ]),
      [relay(), relay()],
    ],
  );

  rule(
    'what a municipality words itself is one text of each kind and language',
    'message_texts',
    () => [messageText(), { ...messageText(), kind: 'movedByOffice', locale: 'en', intro: null, subject: 'Moved' }],
    () => [
      ...each([
        { ...messageText(), kind: 'greeting' },
        { ...messageText(), locale: 'fr' },
        { ...messageText(), intro: null },
        { ...messageText(), municipality_id: 999_999 },
      ]),
      [messageText(), messageText()],
    ],
  );

  rule(
    'a message waits, is claimed by a process until some time, or is done at some time',
    'outbox',
    () => [
      message(),
      { ...message(), state: 'sending', claimed_by: 'worker', claimed_until: LATER },
      { ...message(), state: 'sent', done_at: LATER, attempts: 1 },
      { ...message(), state: 'failed', done_at: LATER },
      { ...message(), kind: 'late', expected_at: LATER },
      { ...message(), channel: 'sms', kind: 'moved', old_date: DATE, old_tick: 108 },
    ],
    () => [
      ...each([
        { ...message(), state: 'sending' },
        { ...message(), state: 'sending', claimed_by: 'worker' },
        { ...message(), claimed_by: 'worker', claimed_until: LATER },
        { ...message(), state: 'sent' },
        { ...message(), done_at: LATER },
        { ...message(), state: 'lost' },
        { ...message(), channel: 'fax' },
        { ...message(), kind: 'greeting' },
        { ...message(), changed_by: 'nobody' },
        { ...message(), kind: 'late' },
        { ...message(), old_date: DATE },
        { ...message(), attempts: -1 },
        { ...message(), appointment_id: 999_999 },
        { ...message(), municipality_id: 999_999 },
      ]),
      [
        { ...message(), key: 'gleich' },
        { ...message(), key: 'gleich' },
      ],
    ],
  );

  rule(
    'of one time of an appointment people are reminded once',
    'outbox',
    () => [{ ...message(), kind: 'reminder', starts_at: LATER }],
    () => [
      [
        { ...message(), kind: 'reminder', state: 'sent', done_at: LATER },
        { ...message(), kind: 'reminder' },
      ],
    ],
  );
  it('of a new time of an appointment people are reminded anew', async () => {
    const reminder = { ...message(), kind: 'reminder' };
    const again = { ...message(), kind: 'reminder', starts_at: LATER };
    expect(await attempt('outbox', [reminder, again, message(), message()])).to.equal(null);
  });

  rule(
    'one process has the lease of a job',
    'job_leases',
    () => [{ name: 'expiry', holder: 'here', until: LATER }],
    () => [
      [
        { name: 'expiry', holder: 'here', until: LATER },
        { name: 'expiry', holder: 'there', until: LATER },
      ],
      [{ name: 'expiry', holder: null, until: LATER }],
    ],
  );

  rule(
    'a run of a job has counted something or failed',
    'job_runs',
    () => [jobRun(), { ...jobRun(), counts: null, error: 'Error' }],
    () =>
      each([
        { ...jobRun(), counts: null },
        { ...jobRun(), error: 'Error' },
        { ...jobRun(), ended_at: null },
      ]),
  );

  rule(
    'a calendar to subscribe to belongs to somebody, and to a suitcase where it is of one',
    'calendar_feeds',
    () => [feed(), { ...feed(), kind: 'kit', kit_id: office.kitId }],
    () => [
      ...each([
        { ...feed(), kind: 'kit' },
        { ...feed(), kit_id: office.kitId },
        { ...feed(), kind: 'citizen' },
        { ...feed(), locale: 'fr' },
        { ...feed(), label: '' },
        { ...feed(), user_id: 999_999 },
        { ...feed(), kind: 'kit', kit_id: 999_999 },
      ]),
      [
        { ...feed(), token_hash: 'gleich' },
        { ...feed(), token_hash: 'gleich' },
      ],
    ],
  );

  it('what belongs to an appointment goes with it, and what an agent did stays when the agent goes', async () => {
    const { writer } = database;
    const id = await insertOne('appointments', appointment());
    const leaving = await insertOne('users', { email: 'geht@amt.example', name: 'G. Geht', created_at: 0 });
    await writer('appointment_notes').insert({ ...note(), appointment_id: id, user_id: leaving });
    await writer('letter_addresses').insert({ ...address(), appointment_id: id });
    await writer('letters').insert({ ...letter(), appointment_id: id, printed_at: LATER, printed_by: leaving });
    await writer('hotline_calls').insert({ ...call(), user_id: leaving });
    await writer('outbox').insert({ ...message(), appointment_id: id });
    await writer('calendar_feeds').insert({ ...feed(), user_id: leaving });
    await writer('users').where('id', leaving).delete();
    expect(await writer('hotline_calls')).to.deep.equal([]);
    expect(await writer('calendar_feeds')).to.deep.equal([]);
    expect(
      await writer<{ user_id: null }>('appointment_notes').where('appointment_id', id).pluck('user_id'),
    ).to.deep.equal([null]);
    expect(await writer<{ printed_by: null }>('letters').where('appointment_id', id).pluck('printed_by')).to.deep.equal(
      [null],
    );
    await writer('appointments').where('id', id).delete();
    for (const table of ['appointment_notes', 'letter_addresses', 'letters']) {
      expect(await writer(table).where('appointment_id', id), table).to.deep.equal([]);
    }
  });

  it('what appointments refer to cannot be deleted: their stop, their services, a suitcase on tour', async () => {
    const { writer } = database;
    await writer('appointment_services').insert({
      appointment_id: booked,
      service_id: office.services.idCard,
      persons: 1,
      minutes: 20,
    });
    const refused = async (deletion: Promise<unknown>): Promise<boolean> =>
      deletion.then(
        () => false,
        (error: unknown) => isRefusal(error),
      );
    expect(await refused(writer('stops').where('id', office.firstStopId).delete().then())).to.equal(true);
    expect(await refused(writer('tours').where('id', tourId).delete().then())).to.equal(true);
    expect(await refused(writer('services').where('id', office.services.idCard).delete().then())).to.equal(true);
    expect(await refused(writer('kits').where('id', office.kitId).delete().then())).to.equal(true);
    expect(await refused(writer('municipalities').where('id', office.municipalityId).delete().then())).to.equal(true);
  });

  it('pages cannot write through the connection they read with', async function () {
    if (database.kind === 'postgres') {
      expect(database.reader).to.equal(database.writer);
      return;
    }
    const error: unknown = await database
      .reader('office_keys')
      .insert({ name: 'x', value: 'y' })
      .then(
        () => null,
        (reason: unknown) => reason,
      );
    expect(String(error)).to.match(/readonly/);
  });
});
