import type { Knex } from 'knex';

/**
 * Tours and their stops. That one kit and one clerk are on at most one tour a day, and that a counter is staffed by
 * somebody of that tour's crew, is said by keys: two processes that race meet there, not in a check made before.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('tours', (table) => {
    table.increments('id');
    table.integer('municipality_id').notNullable().references('municipalities.id').onDelete('RESTRICT');
    table.string('date', 10).notNullable().comment('local date');
    table.string('state', 10).notNullable().defaultTo('draft');
    table.integer('version').notNullable().defaultTo(1);
    table.bigInteger('created_at').notNullable();
    table.bigInteger('published_at').nullable();
    table.unique(['id', 'date']);
    table.index(['date']);
    table.check("state in ('draft', 'published', 'cancelled')", [], 'tours_state');
    table.check("state <> 'published' or published_at is not null", [], 'tours_published_at');
    table.check("date like '____-__-__' and trim(date, '0123456789-') = ''", [], 'tours_date_form');
  });

  await knex.schema.createTable('tour_kits', (table) => {
    table.integer('tour_id').primary();
    table.string('date', 10).notNullable();
    table.integer('kit_id').notNullable().references('kits.id').onDelete('RESTRICT');
    table.unique(['date', 'kit_id']);
    table
      .foreign(['tour_id', 'date'])
      .references(['id', 'date'])
      .inTable('tours')
      .onDelete('CASCADE')
      .onUpdate('CASCADE');
  });

  await knex.schema.createTable('tour_clerks', (table) => {
    table.integer('tour_id').notNullable();
    table.string('date', 10).notNullable();
    table.integer('clerk_id').notNullable().references('clerks.id').onDelete('RESTRICT');
    table.primary(['tour_id', 'clerk_id']);
    table.unique(['date', 'clerk_id']);
    table
      .foreign(['tour_id', 'date'])
      .references(['id', 'date'])
      .inTable('tours')
      .onDelete('CASCADE')
      .onUpdate('CASCADE');
  });

  await knex.schema.createTable('stops', (table) => {
    table.increments('id');
    table.integer('tour_id').notNullable();
    table.string('date', 10).notNullable();
    table.integer('position').notNullable();
    table.string('kind', 10).notNullable();
    table.integer('venue_id').nullable().references('venues.id').onDelete('RESTRICT');
    table.integer('from_minute').notNullable().comment('local minute of the day, inclusive');
    table.integer('to_minute').notNullable().comment('local minute of the day, exclusive');
    table.bigInteger('starts_at').notNullable();
    table.bigInteger('ends_at').notNullable();
    table.integer('set_up_minutes').notNullable();
    table.integer('tear_down_minutes').notNullable();
    table.unique(['tour_id', 'position']);
    table.unique(['id', 'tour_id']);
    table.index(['venue_id', 'date']);
    table.index(['date', 'from_minute']);
    table
      .foreign(['tour_id', 'date'])
      .references(['id', 'date'])
      .inTable('tours')
      .onDelete('CASCADE')
      .onUpdate('CASCADE');
    table.check("kind in ('public', 'home', 'block')", [], 'stops_kind');
    table.check("kind <> 'public' or venue_id is not null", [], 'stops_public_venue');
    table.check('from_minute >= 0 and from_minute < to_minute and to_minute <= 1440', [], 'stops_window');
    table.check('from_minute % 5 = 0 and to_minute % 5 = 0', [], 'stops_grid');
    table.check('starts_at < ends_at', [], 'stops_instants');
    table.check('set_up_minutes >= 0 and tear_down_minutes >= 0', [], 'stops_set_up');
  });

  await knex.schema.createTable('stop_counters', (table) => {
    table.integer('stop_id').notNullable();
    table.integer('counter').notNullable();
    table.integer('tour_id').notNullable();
    table.integer('clerk_id').nullable();
    table.primary(['stop_id', 'counter']);
    table.unique(['stop_id', 'clerk_id']);
    table.foreign(['stop_id', 'tour_id']).references(['id', 'tour_id']).inTable('stops').onDelete('CASCADE');
    table.foreign(['tour_id', 'clerk_id']).references(['tour_id', 'clerk_id']).inTable('tour_clerks');
    table.check('counter between 1 and 20', [], 'stop_counters_number');
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['stop_counters', 'stops', 'tour_clerks', 'tour_kits', 'tours']) {
    await knex.schema.dropTable(table);
  }
}
