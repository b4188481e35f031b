import { expect } from 'chai';
import { openDatabase, rowsOf, type Database } from '../../server/data/knex.ts';
import { migrateDownOne, migrateUp, pendingMigrations } from '../../server/data/migrate.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { createDesk, OFFICE_ZONE, seedSmallOffice } from '../support/officeFixture.ts';
import { raceProcesses } from '../support/processes.ts';

const DATE = '2026-12-08';
const NOW = OFFICE_ZONE.instantAt('2026-12-01', 8 * 60);

async function tablesOf(database: Database): Promise<string[]> {
  const rows = rowsOf<{ name: string }>(
    await database.writer.raw(
      database.kind === 'sqlite'
        ? "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name"
        : "select tablename as name from pg_tables where schemaname = 'public' order by name",
    ),
  );
  return rows.map(({ name }) => name).filter((name) => !name.startsWith('migrations'));
}

/** The structure as the database itself describes it. */
async function structureOf(database: Database): Promise<unknown> {
  return rowsOf(
    await database.writer.raw(
      database.kind === 'sqlite'
        ? "select type, name, sql from sqlite_master where name not like 'sqlite_%' and name not like 'migrations%' order by name"
        : `select 'column' as type, table_name as name, column_name || data_type || is_nullable || coalesce(column_default, '') as sql
           from information_schema.columns where table_schema = 'public' and table_name not like 'migrations%'
           union all select 'constraint', conname, pg_get_constraintdef(oid) from pg_constraint
             where connamespace = 'public'::regnamespace and conrelid::regclass::text not like 'migrations%'
           union all select 'index', indexname, indexdef from pg_indexes
             where schemaname = 'public' and tablename not like 'migrations%'
           order by 1, 2, 3`,
    ),
  );
}

async function downToEmpty(database: Database): Promise<void> {
  for (let left = await tablesOf(database); left.length > 0; left = await tablesOf(database)) {
    await migrateDownOne(database);
  }
}

/** Puts at least one row into every table: an office, a booking, a cancelled one, a hold, a failed look-up. */
async function fillEveryTable(database: Database): Promise<void> {
  const office = await seedSmallOffice(database, { date: DATE });
  const desk = createDesk(database, () => NOW);
  await desk.book({ stopId: office.firstStopId, minute: 540, contactKind: 'email', contact: 'a@beispiel.example' });
  await desk.hold({ stopId: office.firstStopId, minute: 600 });
  await database.writer('office_keys').insert({ name: 'lookup', value: 'key' });
  const { writer } = database;
  await writer('lookup_failures').insert({ address_key: 'a', failures: 1, since: NOW });

  const [user] = await writer<{ id: number }>('users').insert(
    { email: 'planung@beispiel.example', name: 'P. Beispiel', created_at: NOW } as object,
    ['id'],
  );
  const user_id = user?.id;
  const municipality_id = office.municipalityId;
  const tourId = (await writer<{ id: number }>('tours').first('id'))?.id;
  const appointment = await writer<{ id: number; date: string }>('appointments').first('id', 'date');
  const days = { from_date: '2026-12-24', to_date: '2027-01-01' };
  const window = { weekday: 1, from_minute: 480, to_minute: 960 };
  const rows: [table: string, row: object][] = [
    ['user_roles', { user_id, role: 'planner', municipality_id }],
    ['user_roles', { user_id, role: 'hotline', municipality_id: null }],
    ['recovery_codes', { user_id, code_hash: 'a' }],
    ['sessions', { id_hash: 'a', user_id, data: '{}', created_at: NOW, seen_at: NOW, expires_at: NOW }],
    ['sign_in_failures', { key: 'a', failures: 1, since: NOW }],
    [
      'audit_entries',
      { at: NOW, user_id, user_name: 'P.', municipality_id, subject: 'tour', subject_label: '1', action: 'created' },
    ],
    ['venue_opening_windows', { venue_id: office.firstVenueId, ...window }],
    ['closing_days', { municipality_id, venue_id: office.firstVenueId, ...days, reason: 'Umbau' }],
    ['clerk_hours', { clerk_id: office.clerkId, ...window }],
    ['absences', { clerk_id: office.clerkId, ...days, kind: 'vacation' }],
    ['tour_services', { tour_id: tourId, service_id: office.services.idCard }],
    [
      'call_list',
      {
        appointment_id: appointment?.id,
        kind: 'moved',
        old_date: DATE,
        old_minute: 540,
        created_at: NOW,
        done_by: user_id,
      },
    ],
    [
      'travel_pairs',
      { provider: 'osrm', from_at: '50.8,12.4', to_at: '50.9,12.5', seconds: 600, metres: 9000, asked_at: NOW },
    ],
    ['travel_ways', { provider: 'osrm', from_at: '50.8,12.4', to_at: '50.9,12.5', line: '_p~iF~ps|U', asked_at: NOW }],
    [
      'tour_times',
      {
        tour_id: tourId,
        basis: 'a',
        departure_minute: 510,
        return_minute: 760,
        working_minutes: 250,
        computed_at: NOW,
      },
    ],
    ['tour_legs', { tour_id: tourId, position: 0, minutes: 10, metres: 9000, estimated: true }],
    ['stop_times', { tour_id: tourId, position: 1, arrival_minute: 520, waiting_minutes: 0 }],
    ['tour_breaks', { tour_id: tourId, from_minute: 700, to_minute: 730 }],
    [
      'tour_actions',
      {
        key: 'a',
        tour_id: tourId,
        appointment_id: appointment?.id,
        kind: 'arrived',
        state_before: 'confirmed',
        at: NOW,
        recorded_at: NOW,
        user_id,
      },
    ],
    ['tour_packing', { tour_id: tourId, item: 'capability:fingerprint', packed_at: NOW, user_id }],
    ['csv_imports', { id: 'a', user_id, subject: 'venues', content: 'name', created_at: NOW }],
    ['hotline_calls', { token: 'a', user_id, purpose: 'booking', secret: 'b', started_at: NOW }],
    ['appointment_notes', { appointment_id: appointment?.id, text: 'kommt zu zweit', at: NOW, user_id }],
    [
      'letter_addresses',
      { appointment_id: appointment?.id, street: 'Am Anger 2', postcode: '08393', city: 'Schönberg' },
    ],
    ['letters', { appointment_id: appointment?.id, kind: 'confirmed', created_at: NOW, printed_by: user_id }],
    [
      'callbacks',
      {
        municipality_id,
        phone: '03764 540',
        reason: 'Rückfrage',
        created_at: NOW,
        due_at: NOW,
        taken_at: NOW,
        taken_by: user_id,
      },
    ],
    [
      'osm_imports',
      {
        id: 1,
        state: 'active',
        file_name: 'a.osm.pbf',
        file_bytes: 1,
        south: 50,
        west: 12,
        north: 51,
        east: 13,
        started_at: NOW,
        seen_at: NOW,
        finished_at: NOW,
      },
    ],
    [
      'osm_names',
      { id: 1, import_id: 1, kind: 'street', name: 'Dorfstraße', lat: 50, lon: 12, words: 'x1x dorfstrasse' },
    ],
    ['osm_houses', { name_id: 1, number: '1', base: 1, lat: 50, lon: 12 }],
    ['osm_words', { import_id: 1, form: 'dorfstrasse', word: 'dorfstrasse' }],
    [
      'municipality_relays',
      {
        municipality_id,
        host: 'mail.beispiel.example',
        port: 587,
        security: 'starttls',
        username: 'amt',
        password: 'sealed',
        from_name: 'Bürgerbüro',
        from_address: 'amt@beispiel.example',
      },
    ],
    ['message_texts', { municipality_id, kind: 'movedByOffice', locale: 'de', note: 'Wir bitten um Verständnis.' }],
    [
      'outbox',
      {
        key: 'a'.repeat(22),
        municipality_id,
        appointment_id: appointment?.id,
        channel: 'email',
        kind: 'moved',
        changed_by: 'office',
        sequence: 1,
        date: DATE,
        start_tick: 120,
        ticks: 4,
        starts_at: NOW,
        ends_at: NOW + 1,
        venue_id: office.firstVenueId,
        old_date: DATE,
        old_tick: 108,
        old_venue_id: office.firstVenueId,
        created_at: NOW,
        expires_at: NOW,
        next_at: NOW,
        state: 'sending',
        claimed_by: 'worker',
        claimed_until: NOW,
      },
    ],
    ['job_leases', { name: 'reminders', holder: 'worker', until: NOW }],
    ['job_runs', { name: 'reminders', started_at: NOW, ended_at: NOW, counts: '{"reminders":3}' }],
    [
      'calendar_feeds',
      { token_hash: 'a'.repeat(64), user_id, kind: 'planner', label: 'Büro', locale: 'de', created_at: NOW },
    ],
  ];
  for (const [table, row] of rows) {
    await writer(table).insert(row);
  }
}

describeOnBothDatabases('The tables of the office', (open) => {
  it('are made from nothing, taken back to nothing and made again, with rows in all of them', async () => {
    const database = openDatabase((await open()).config);
    await migrateUp(database);
    const first = await structureOf(database);
    const tables = await tablesOf(database);
    await fillEveryTable(database);
    for (const table of tables) {
      const row: unknown = await database.reader(table).first();
      expect(row, `${table} has a row`).to.not.equal(undefined);
    }

    await downToEmpty(database);
    expect(await tablesOf(database)).to.deep.equal([]);

    await migrateUp(database);
    expect(await pendingMigrations(database)).to.equal(0);
    expect(await structureOf(database)).to.deep.equal(first);
    await fillEveryTable(database);
    await database.close();
  });

  it('stay as they are when an office that is up to date starts again', async () => {
    const database = openDatabase((await open()).config);
    await migrateUp(database);
    await fillEveryTable(database);
    const before = await database.reader('appointments');
    await migrateUp(database);
    await migrateUp(database);
    expect(await database.reader('appointments')).to.deep.equal(before);
    await database.close();
  });

  it('are made once when four servers start on an empty database at the same moment', async function () {
    this.timeout(60_000);
    const { config } = await open();
    const answers = await raceProcesses<string>('migrate.worker.ts', [config, config, config, config]);
    expect(answers).to.deep.equal(['done', 'done', 'done', 'done']);

    const database = openDatabase(config);
    expect(await pendingMigrations(database)).to.equal(0);
    const names = (await database.reader<{ name: string }>('migrations').select('name')).map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
    await fillEveryTable(database);
    await database.close();
  });
});
