import type { Knex } from 'knex';

/**
 * The clerk's day: travel that was asked for once, the times of each tour as its crew lives through it, and what the
 * crew ticks on the way.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('travel_pairs', (table) => {
    table.string('provider', 10).notNullable();
    table.string('from_at', 20).notNullable().comment('rounded "lat,lon"');
    table.string('to_at', 20).notNullable();
    table.integer('seconds').notNullable();
    table.integer('metres').notNullable();
    table.bigInteger('asked_at').notNullable().index();
    table.primary(['provider', 'from_at', 'to_at']);
    table.check('seconds >= 0 and metres >= 0', [], 'travel_pairs_figures');
  });

  await knex.schema.createTable('travel_ways', (table) => {
    table.string('provider', 10).notNullable();
    table.string('from_at', 20).notNullable().comment('rounded "lat,lon"');
    table.string('to_at', 20).notNullable();
    table.text('line').notNullable().comment('encoded polyline, five decimals');
    table.bigInteger('asked_at').notNullable().index();
    table.primary(['provider', 'from_at', 'to_at']);
  });

  await knex.schema.createTable('tour_times', (table) => {
    table.integer('tour_id').primary().references('tours.id').onDelete('CASCADE');
    table.string('basis', 64).notNullable().comment('what it was computed from: other stops, places, provider differ');
    table.integer('departure_minute').notNullable().comment('local minute; negative: the day before');
    table.integer('return_minute').notNullable().comment('local minute; over 1440: the day after');
    table.integer('working_minutes').notNullable().comment('without breaks');
    table.bigInteger('computed_at').notNullable();
    table.check('departure_minute < return_minute', [], 'tour_times_order');
    table.check('working_minutes >= 0', [], 'tour_times_work');
  });

  await knex.schema.createTable('tour_legs', (table) => {
    table.integer('tour_id').notNullable().references('tour_times.tour_id').onDelete('CASCADE');
    table.integer('position').notNullable().comment('0: from the depot; n: from stop n');
    table.integer('minutes').notNullable().comment('rounded up');
    table.integer('metres').notNullable();
    table.boolean('estimated').notNullable().comment('from the distance, not from roads');
    table.primary(['tour_id', 'position']);
    table.check('position >= 0 and minutes >= 0 and metres >= 0', [], 'tour_legs_figures');
  });

  await knex.schema.createTable('stop_times', (table) => {
    table.integer('tour_id').notNullable().references('tour_times.tour_id').onDelete('CASCADE');
    table.integer('position').notNullable().comment('1: the first stop');
    table.integer('arrival_minute').notNullable().comment('local minute');
    table.integer('waiting_minutes').notNullable().comment('before the set-up, breaks included; negative: too late');
    table.primary(['tour_id', 'position']);
    table.check('position >= 1', [], 'stop_times_position');
  });

  await knex.schema.createTable('tour_breaks', (table) => {
    table.integer('tour_id').notNullable().references('tour_times.tour_id').onDelete('CASCADE');
    table.integer('from_minute').notNullable().comment('local minute, inclusive');
    table.integer('to_minute').notNullable().comment('exclusive');
    table.primary(['tour_id', 'from_minute']);
    table.check('from_minute < to_minute', [], 'tour_breaks_order');
  });

  await knex.schema.createTable('tour_actions', (table) => {
    table.string('key', 36).primary().comment('made by whoever sends it: the same key twice is one action');
    table.integer('tour_id').notNullable().references('tours.id').onDelete('CASCADE').index();
    table.integer('appointment_id').nullable().references('appointments.id').onDelete('CASCADE').index();
    table.string('kind', 10).notNullable();
    table.string('state_before', 10).nullable().comment('of the appointment, for taking the action back');
    table.integer('minutes').nullable().comment('of a delay; 0: on time again');
    table.string('text', 500).nullable().comment('of a note for the office');
    table.bigInteger('at').notNullable().comment('when it happened');
    table.bigInteger('recorded_at').notNullable().comment('when it reached us');
    table.integer('user_id').nullable().references('users.id').onDelete('SET NULL');
    table.string('undo_key', 36).nullable().unique();
    table.bigInteger('undone_at').nullable();
    table.check("kind in ('arrived', 'served', 'missed', 'walkIn', 'late', 'note')", [], 'tour_actions_kind');
    table.check(
      "(appointment_id is not null) = (kind in ('arrived', 'served', 'missed', 'walkIn'))",
      [],
      'tour_actions_appointment',
    );
    table.check("(kind = 'late') = (minutes is not null)", [], 'tour_actions_late');
    table.check('minutes is null or minutes between 0 and 480', [], 'tour_actions_minutes');
    table.check("text is null or kind = 'note'", [], 'tour_actions_text');
    table.check('(undo_key is null) = (undone_at is null)', [], 'tour_actions_undone');
  });

  await knex.schema.createTable('tour_packing', (table) => {
    table.integer('tour_id').notNullable().references('tours.id').onDelete('CASCADE');
    table.string('item', 80).notNullable().comment('capability:… or form:…');
    table.bigInteger('packed_at').notNullable();
    table.integer('user_id').nullable().references('users.id').onDelete('SET NULL');
    table.primary(['tour_id', 'item']);
  });

  await knex.raw('alter table services add column forms varchar(500)');
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('services', (table) => table.dropColumn('forms'));
  for (const table of [
    'tour_packing',
    'tour_actions',
    'tour_breaks',
    'stop_times',
    'tour_legs',
    'tour_times',
    'travel_ways',
    'travel_pairs',
  ]) {
    await knex.schema.dropTable(table);
  }
}
