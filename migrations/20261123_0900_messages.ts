import type { Knex } from 'knex';

/** Messages to citizens and their way out, texts of a municipality, calendars to subscribe to, jobs of several processes. */
export async function up(knex: Knex): Promise<void> {
  for (const [name, definition] of MUNICIPALITY_COLUMNS) {
    await knex.raw(`alter table municipalities add column ${name} ${definition}`);
  }

  await knex.schema.createTable('municipality_relays', (table) => {
    table.integer('municipality_id').primary().references('municipalities.id').onDelete('CASCADE');
    table.string('host', 253).notNullable();
    table.integer('port').notNullable();
    table
      .string('security', 10)
      .notNullable()
      .comment('tls: from the first byte; starttls: demanded before anything is said');
    table.string('username', 254).nullable();
    table.string('password', 1000).nullable().comment('sealed with the key of the installation');
    table.string('from_name', 160).notNullable();
    table.string('from_address', 254).notNullable();
    table.string('reply_to', 254).nullable();
    table.integer('version').notNullable().defaultTo(1);
    table.check('port between 1 and 65535', [], 'municipality_relays_port');
    table.check("security in ('tls', 'starttls')", [], 'municipality_relays_security');
    table.check("host <> '' and from_address like '%_@_%'", [], 'municipality_relays_complete');
    table.check('password is null or username is not null', [], 'municipality_relays_login');
  });

  await knex.schema.createTable('message_texts', (table) => {
    table.integer('municipality_id').notNullable().references('municipalities.id').onDelete('CASCADE');
    table.string('kind', 20).notNullable();
    table.string('locale', 5).notNullable();
    table.string('subject', 120).nullable().comment('null: as the program has it');
    table.string('intro', 1000).nullable();
    table.string('note', 1000).nullable();
    table.integer('version').notNullable().defaultTo(1);
    table.primary(['municipality_id', 'kind', 'locale']);
    table.check(
      "kind in ('verify', 'booked', 'moved', 'movedByOffice', 'cancelled', 'cancelledByOffice', 'reminder', 'late')",
      [],
      'message_texts_kind',
    );
    table.check("locale in ('de', 'en')", [], 'message_texts_locale');
    table.check('subject is not null or intro is not null or note is not null', [], 'message_texts_something');
  });

  await knex.schema.createTable('outbox', (table) => {
    table.increments('id');
    table.string('key', 22).notNullable().unique().comment('its identity outside: the same however often it is sent');
    table.integer('municipality_id').notNullable().references('municipalities.id').onDelete('RESTRICT');
    table.integer('appointment_id').notNullable().references('appointments.id').onDelete('CASCADE').index();
    table.string('channel', 10).notNullable();
    table.string('kind', 10).notNullable();
    table.string('changed_by', 10).notNullable();
    // What it tells, as it was when the row was written.
    table.integer('sequence').notNullable().comment('of the appointment; one that has a higher one is told of anew');
    table.string('date', 10).notNullable();
    table.integer('start_tick').notNullable();
    table.integer('ticks').notNullable();
    table.bigInteger('starts_at').notNullable();
    table.bigInteger('ends_at').notNullable();
    table.integer('venue_id').nullable().references('venues.id').onDelete('SET NULL');
    table.string('old_date', 10).nullable().comment('what it was before');
    table.integer('old_tick').nullable();
    table.integer('old_venue_id').nullable().references('venues.id').onDelete('SET NULL');
    table.bigInteger('expected_at').nullable().comment('when those who are late expect to be ready');
    table.bigInteger('created_at').notNullable();
    table.bigInteger('expires_at').notNullable().comment('nobody needs it from then on');
    // Its way out.
    table.string('state', 10).notNullable().defaultTo('waiting');
    table.integer('attempts').notNullable().defaultTo(0);
    table.bigInteger('next_at').notNullable();
    table.string('claimed_by', 40).nullable();
    table.bigInteger('claimed_until').nullable();
    table.bigInteger('done_at').nullable().comment('when it was sent or given up');
    table.string('error', 300).nullable().comment('what the other side said last, without addresses');
    // As it was sent; for those who may see the appointment.
    table.string('subject', 250).nullable();
    table.text('body').nullable();
    table.text('calendar').nullable();
    table.index(['state', 'next_at']);
    table.index(['municipality_id', 'created_at']);
    table.check("channel in ('email', 'sms')", [], 'outbox_channel');
    table.check("kind in ('verify', 'booked', 'moved', 'cancelled', 'reminder', 'late')", [], 'outbox_kind');
    table.check("changed_by in ('person', 'hotline', 'office')", [], 'outbox_changed_by');
    table.check("state in ('waiting', 'sending', 'sent', 'superseded', 'failed')", [], 'outbox_state');
    table.check("(state = 'sending') = (claimed_by is not null and claimed_until is not null)", [], 'outbox_claim');
    table.check("(state in ('sent', 'superseded', 'failed')) = (done_at is not null)", [], 'outbox_done');
    table.check("kind <> 'late' or expected_at is not null", [], 'outbox_late');
    table.check('(old_date is null) = (old_tick is null)', [], 'outbox_old');
    table.check('attempts >= 0', [], 'outbox_attempts');
  });
  // One reminder of one time, whoever runs the job.
  await knex.raw("create unique index outbox_reminder on outbox (appointment_id, starts_at) where kind = 'reminder'");
  await knex.raw("create index outbox_open on outbox (next_at) where state in ('waiting', 'sending')");

  await knex.schema.createTable('job_leases', (table) => {
    table.string('name', 40).primary();
    table.string('holder', 40).notNullable();
    table.bigInteger('until').notNullable();
  });

  await knex.schema.createTable('job_runs', (table) => {
    table.increments('id');
    table.string('name', 40).notNullable();
    table.bigInteger('started_at').notNullable();
    table.bigInteger('ended_at').notNullable();
    table.string('counts', 1000).nullable().comment('JSON: what was done how often');
    table.string('error', 300).nullable();
    table.index(['name', 'started_at']);
    table.check('(counts is null) <> (error is null)', [], 'job_runs_outcome');
  });

  await knex.schema.createTable('calendar_feeds', (table) => {
    table.increments('id');
    table
      .string('token_hash', 64)
      .notNullable()
      .unique()
      .comment('SHA-256 of the secret part of the address, hexadecimal');
    table.integer('user_id').notNullable().references('users.id').onDelete('CASCADE').index();
    table.string('kind', 10).notNullable();
    table.integer('kit_id').nullable().references('kits.id').onDelete('CASCADE');
    table.string('label', 60).notNullable();
    table.string('locale', 5).notNullable();
    table.bigInteger('created_at').notNullable();
    table.bigInteger('used_at').nullable().comment('when a calendar asked last');
    table.check("kind in ('clerk', 'kit', 'planner')", [], 'calendar_feeds_kind');
    table.check("(kind = 'kit') = (kit_id is not null)", [], 'calendar_feeds_kit');
    table.check("locale in ('de', 'en')", [], 'calendar_feeds_locale');
    table.check("label <> ''", [], 'calendar_feeds_label');
  });
}

const MUNICIPALITY_COLUMNS: readonly (readonly [name: string, definition: string])[] = [
  ['confirm_email', 'boolean not null default false'],
  ['sends_reminders', 'boolean not null default true'],
  ['sends_sms', 'boolean not null default false'],
];

export async function down(knex: Knex): Promise<void> {
  for (const table of ['calendar_feeds', 'job_runs', 'job_leases', 'outbox', 'message_texts', 'municipality_relays']) {
    await knex.schema.dropTable(table);
  }
  for (const [name] of MUNICIPALITY_COLUMNS) {
    await knex.schema.alterTable('municipalities', (table) => table.dropColumn(name));
  }
}
