import type { Knex } from 'knex';

/** What agents of the 115 hotline need: their calls, letters to people without e-mail, call-backs, words for services. */
export async function up(knex: Knex): Promise<void> {
  for (const [name, definition] of MUNICIPALITY_COLUMNS) {
    await knex.raw(`alter table municipalities add column ${name} ${definition}`);
  }
  await knex.raw('alter table services add column synonyms varchar(1000)');

  // Who calls is looked for by name: when they ask for their appointment, and before they are given a second one.
  await knex.raw('create index appointments_family_key on appointments (family_key) where family_key is not null');

  await knex.schema.createTable('hotline_calls', (table) => {
    table.string('token', 22).primary();
    table.integer('user_id').notNullable().references('users.id').onDelete('CASCADE').index();
    table.string('purpose', 10).notNullable();
    table.string('secret', 32).nullable().comment('of the appointment that is held, booked or looked up in this call');
    table.string('query', 200).notNullable().defaultTo('').comment('what stands in the search box');
    table.bigInteger('started_at').notNullable().index();
    table.bigInteger('ended_at').nullable();
    table.check("purpose in ('booking', 'managing')", [], 'hotline_calls_purpose');
  });

  await knex.schema.createTable('appointment_notes', (table) => {
    table.increments('id');
    table.integer('appointment_id').notNullable().references('appointments.id').onDelete('CASCADE').index();
    table.string('text', 300).notNullable();
    table.bigInteger('at').notNullable();
    table.integer('user_id').nullable().references('users.id').onDelete('SET NULL');
    table.check("text <> ''", [], 'appointment_notes_text');
  });

  await knex.schema.createTable('letter_addresses', (table) => {
    table.integer('appointment_id').primary().references('appointments.id').onDelete('CASCADE');
    table.string('extra', 100).nullable().comment('c/o, part of the house; a line of its own');
    table.string('street', 100).notNullable();
    table.string('postcode', 5).notNullable();
    table.string('city', 100).notNullable();
    table.check("length(postcode) = 5 and trim(postcode, '0123456789') = ''", [], 'letter_addresses_postcode_form');
    table.check("street <> '' and city <> ''", [], 'letter_addresses_complete');
  });

  await knex.schema.createTable('letters', (table) => {
    table.increments('id');
    table.integer('appointment_id').notNullable().references('appointments.id').onDelete('CASCADE').index();
    table.string('kind', 10).notNullable();
    table.bigInteger('created_at').notNullable();
    table.bigInteger('printed_at').nullable().index();
    table.integer('printed_by').nullable().references('users.id').onDelete('SET NULL');
    table.check("kind in ('confirmed', 'moved', 'cancelled')", [], 'letters_kind');
  });
  // What waits to be printed says how things stand then: one letter is enough.
  await knex.raw('create unique index letters_open on letters (appointment_id) where printed_at is null');

  await knex.schema.createTable('callbacks', (table) => {
    table.increments('id');
    table.integer('municipality_id').notNullable().references('municipalities.id').onDelete('RESTRICT').index();
    table.string('name', 160).nullable();
    table.string('phone', 60).notNullable();
    table.string('reason', 500).notNullable();
    table.bigInteger('created_at').notNullable();
    table.integer('created_by').nullable().references('users.id').onDelete('SET NULL');
    table.bigInteger('due_at').notNullable().index();
    table.bigInteger('taken_at').nullable();
    table.integer('taken_by').nullable().references('users.id').onDelete('SET NULL');
    table.bigInteger('done_at').nullable().index();
    table.integer('done_by').nullable().references('users.id').onDelete('SET NULL');
    table.check("phone <> '' and reason <> ''", [], 'callbacks_complete');
    table.check('taken_by is null or taken_at is not null', [], 'callbacks_taken');
    table.check('done_by is null or done_at is not null', [], 'callbacks_done');
  });
}

const MUNICIPALITY_COLUMNS: readonly (readonly [name: string, definition: string])[] = [
  ['hotline_lead_minutes', 'integer not null default 0 check (hotline_lead_minutes between 0 and 20160)'],
  ['hotline_share_percent', 'integer not null default 0 check (hotline_share_percent between 0 and 100)'],
  ['hotline_share_days', 'integer not null default 0 check (hotline_share_days between 0 and 400)'],
];

export async function down(knex: Knex): Promise<void> {
  for (const table of ['callbacks', 'letters', 'letter_addresses', 'appointment_notes', 'hotline_calls']) {
    await knex.schema.dropTable(table);
  }
  await knex.raw('drop index appointments_family_key');
  await knex.schema.alterTable('services', (table) => table.dropColumn('synonyms'));
  for (const [name] of MUNICIPALITY_COLUMNS) {
    await knex.schema.alterTable('municipalities', (table) => table.dropColumn(name));
  }
}
