import type { Knex } from 'knex';

/** Tours that planners make: where they start, what they announce, which series they belong to, whom to call. */
export async function up(knex: Knex): Promise<void> {
  for (const [name, definition] of TOUR_COLUMNS) {
    await knex.raw(`alter table tours add column ${name} ${definition}`);
  }
  // What is there starts where its kit is kept.
  await knex.raw(
    `update tours set depot_id = (select k.depot_id from tour_kits tk join kits k on k.id = tk.kit_id where tk.tour_id = tours.id)`,
  );
  await knex.raw('create index tours_municipality_date on tours (municipality_id, date)');

  await knex.schema.createTable('tour_services', (table) => {
    table.integer('tour_id').notNullable().references('tours.id').onDelete('CASCADE');
    table.integer('service_id').notNullable().references('services.id').onDelete('RESTRICT');
    table.primary(['tour_id', 'service_id']);
  });

  await knex.schema.createTable('call_list', (table) => {
    table.increments('id');
    table.integer('appointment_id').notNullable().references('appointments.id').onDelete('CASCADE');
    table.string('kind', 10).notNullable();
    table.string('old_date', 10).notNullable().comment('what had been promised: local date');
    table.integer('old_minute').notNullable().comment('local minute of the day');
    table.integer('old_venue_id').nullable().references('venues.id').onDelete('SET NULL');
    table.bigInteger('created_at').notNullable();
    table.bigInteger('done_at').nullable();
    table.integer('done_by').nullable().references('users.id').onDelete('SET NULL');
    table.check("kind in ('changed', 'moved', 'cancelled')", [], 'call_list_kind');
    table.check('old_minute between 0 and 1439', [], 'call_list_minute');
  });
  await knex.raw('create unique index call_list_open on call_list (appointment_id) where done_at is null');

  await knex.schema.createTable('csv_imports', (table) => {
    table.string('id', 22).primary();
    table.integer('user_id').notNullable().references('users.id').onDelete('CASCADE');
    table.string('subject', 20).notNullable();
    table.text('content').notNullable();
    table.bigInteger('created_at').notNullable().index();
    table.check("subject in ('venues', 'services')", [], 'csv_imports_subject');
  });
}

const TOUR_COLUMNS: readonly (readonly [name: string, definition: string])[] = [
  ['depot_id', 'integer references depots(id) on delete restrict'],
  ['note', 'varchar(500)'],
  ['series', 'varchar(22)'],
  ['cancelled_at', 'bigint'],
];

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('csv_imports');
  await knex.schema.dropTable('call_list');
  await knex.schema.dropTable('tour_services');
  await knex.raw('drop index tours_municipality_date');
  for (const [name] of TOUR_COLUMNS) {
    await knex.schema.alterTable('tours', (table) => table.dropColumn(name));
  }
}
