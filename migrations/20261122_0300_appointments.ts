import type { Knex } from 'knex';

/**
 * Appointments and the time they occupy. `counter_ticks` has one row for each five minutes of a counter that is not
 * free; its primary key is the guard against double booking. `free_at` says from when on anybody may take the row
 * over: the end of a hold, the random time at which a cancelled time opens again, or never (null).
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('appointments', (table) => {
    table.increments('id');
    table.string('reference', 9).nullable().unique();
    table.string('secret', 32).nullable().unique().comment('opens the appointment without signing in');
    table.string('state', 10).notNullable();
    table.string('channel', 10).notNullable();
    table.integer('stop_id').notNullable();
    table.integer('counter').notNullable();
    table.string('date', 10).notNullable();
    table.integer('start_tick').notNullable();
    table.integer('ticks').notNullable();
    table.bigInteger('starts_at').notNullable();
    table.bigInteger('ends_at').notNullable();
    table.string('locale', 5).notNullable();
    table.integer('origin_place_id').nullable().references('places.id').onDelete('SET NULL');
    table.string('first_name', 100).nullable();
    table.string('family_name', 100).nullable();
    table.string('family_key', 100).nullable().comment('folded family name, for finding by reference and name');
    table.string('contact_kind', 6).nullable();
    table.string('contact', 254).nullable();
    table.bigInteger('hold_until').nullable();
    table.integer('hold_extensions').notNullable().defaultTo(0);
    table.integer('sequence').notNullable().defaultTo(0).comment('raised by each change, as iCalendar SEQUENCE');
    table.bigInteger('created_at').notNullable();
    table.bigInteger('confirmed_at').nullable();
    table.bigInteger('cancelled_at').nullable();
    table.bigInteger('purged_at').nullable().comment('when the personal data was deleted');
    table.foreign(['stop_id', 'counter']).references(['stop_id', 'counter']).inTable('stop_counters');
    table.index(['stop_id', 'state']);
    table.index(['state', 'hold_until']);
    table.index(['purged_at', 'ends_at']);
    table.check(
      "state in ('held', 'pending', 'confirmed', 'arrived', 'served', 'missed', 'cancelled', 'expired')",
      [],
      'appointments_state',
    );
    table.check("channel in ('online', 'hotline', 'clerk', 'walk-in')", [], 'appointments_channel');
    table.check("contact_kind is null or contact_kind in ('email', 'phone', 'none')", [], 'appointments_contact_kind');
    table.check(
      "contact is null or (contact_kind is not null and contact_kind in ('email', 'phone'))",
      [],
      'appointments_contact',
    );
    table.check("state <> 'held' or hold_until is not null", [], 'appointments_hold');
    table.check(
      "state not in ('pending', 'confirmed') or purged_at is not null or (reference is not null and family_name is not null and contact_kind is not null)",
      [],
      'appointments_complete',
    );
    table.check(
      'purged_at is null or (reference is null and secret is null and first_name is null and family_name is null and family_key is null and contact is null)',
      [],
      'appointments_purged',
    );
    table.check('start_tick between 0 and 287 and ticks between 1 and 288', [], 'appointments_ticks');
  });

  await knex.schema.createTable('appointment_services', (table) => {
    table.integer('appointment_id').notNullable().references('appointments.id').onDelete('CASCADE');
    table.integer('service_id').notNullable().references('services.id').onDelete('RESTRICT');
    table.integer('persons').notNullable();
    table.integer('minutes').notNullable().comment('per person, as it was when booked');
    table.integer('fee_cents').nullable().comment('per person, as it was when booked');
    table.primary(['appointment_id', 'service_id']);
    table.check('persons between 1 and 20', [], 'appointment_services_persons');
    table.check('minutes between 1 and 480', [], 'appointment_services_minutes');
  });

  await knex.schema.createTable('counter_ticks', (table) => {
    table.integer('stop_id').notNullable();
    table.integer('counter').notNullable();
    table.integer('tick').notNullable().comment('five minutes of the local day, 0 = 00:00 to 00:05');
    table.integer('appointment_id').nullable().references('appointments.id').onDelete('CASCADE').index();
    table.bigInteger('free_at').nullable();
    table.primary(['stop_id', 'counter', 'tick']);
    table.foreign(['stop_id', 'counter']).references(['stop_id', 'counter']).inTable('stop_counters');
    table.check('tick between 0 and 287', [], 'counter_ticks_day');
    table.check('appointment_id is not null or free_at is not null', [], 'counter_ticks_owner');
  });

  await knex.schema.createTable('contact_slots', (table) => {
    table.string('contact_key', 254).notNullable();
    table.integer('slot').notNullable().comment('1 to the number of open appointments a contact may have');
    table.integer('appointment_id').notNullable().unique().references('appointments.id').onDelete('CASCADE');
    table.bigInteger('ends_at').notNullable();
    table.primary(['contact_key', 'slot']);
    table.check('slot between 1 and 50', [], 'contact_slots_number');
  });

  await knex.schema.createTable('office_keys', (table) => {
    table.string('name', 40).primary();
    table.string('value', 64).notNullable();
  });

  await knex.schema.createTable('lookup_failures', (table) => {
    table.string('address_key', 44).primary().comment('keyed hash of the network address');
    table.integer('failures').notNullable();
    table.bigInteger('since').notNullable();
    table.bigInteger('blocked_until').nullable();
    table.index(['since']);
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of [
    'lookup_failures',
    'office_keys',
    'contact_slots',
    'counter_ticks',
    'appointment_services',
    'appointments',
  ]) {
    await knex.schema.dropTable(table);
  }
}
