import type { Knex } from 'knex';

/**
 * Municipalities with their booking rules, the places that can be searched, venues, services, kits, clerks.
 * Instants are UTC epoch milliseconds, local dates are 'YYYY-MM-DD' (docs/adr/0002).
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('municipalities', (table) => {
    table.increments('id');
    table.string('slug', 60).notNullable().unique();
    table.string('name', 120).notNullable();
    table.string('ags', 8).notNullable().unique().comment('official key of the municipality, 8 digits');
    table.string('office_name', 160).notNullable().comment('how the office signs, e.g. Stadt Meerane, Bürgerbüro');
    table.string('contact_email', 254).nullable();
    table.string('contact_phone', 40).nullable();
    table.text('postal_address').notNullable().defaultTo('');
    table.double('lat').notNullable();
    table.double('lon').notNullable();
    table.boolean('card_only').notNullable().defaultTo(true);
    table.integer('hold_minutes').notNullable().defaultTo(10);
    table.integer('hold_extensions').notNullable().defaultTo(12).comment('WCAG 2.2.1 wants at least ten');
    table.integer('lead_minutes').notNullable().defaultTo(120);
    table.integer('horizon_days').notNullable().defaultTo(60);
    table.integer('max_open_per_contact').notNullable().defaultTo(3);
    table.integer('reopen_min_minutes').notNullable().defaultTo(1);
    table.integer('reopen_max_minutes').notNullable().defaultTo(30);
    table.integer('retention_hours').notNullable().defaultTo(24);
    table.integer('set_up_minutes').notNullable().defaultTo(20);
    table.integer('tear_down_minutes').notNullable().defaultTo(15);
    table.check("length(ags) = 8 and trim(ags, '0123456789') = ''", [], 'municipalities_ags_form');
    table.check('lat between -90 and 90 and lon between -180 and 180', [], 'municipalities_position');
    table.check('hold_minutes between 1 and 120 and hold_extensions between 10 and 99', [], 'municipalities_hold');
    table.check('lead_minutes between 0 and 20160 and horizon_days between 1 and 400', [], 'municipalities_horizon');
    table.check('max_open_per_contact between 1 and 50', [], 'municipalities_per_contact');
    table.check('reopen_min_minutes >= 0 and reopen_max_minutes >= reopen_min_minutes', [], 'municipalities_reopen');
    table.check('retention_hours between 0 and 8760', [], 'municipalities_retention');
    table.check('set_up_minutes >= 0 and tear_down_minutes >= 0', [], 'municipalities_set_up');
  });

  await knex.schema.createTable('places', (table) => {
    table.increments('id');
    table.string('name', 120).notNullable();
    table.string('municipality', 120).nullable().comment('name of the municipality it belongs to, where known');
    table.string('kind', 20).notNullable();
    table.string('postcode', 5).notNullable().index();
    table.double('lat').notNullable();
    table.double('lon').notNullable();
    table.integer('population').nullable();
    table.string('source', 40).notNullable();
    table.check("kind in ('town', 'municipality', 'village', 'place', 'station')", [], 'places_kind');
    table.check("length(postcode) = 5 and trim(postcode, '0123456789') = ''", [], 'places_postcode_form');
    table.check('lat between -90 and 90 and lon between -180 and 180', [], 'places_position');
  });

  await knex.schema.createTable('venues', (table) => {
    table.increments('id');
    table.integer('municipality_id').notNullable().references('municipalities.id').onDelete('RESTRICT').index();
    table.string('slug', 100).notNullable().unique();
    table.string('name', 160).notNullable();
    table.string('locality', 120).notNullable().comment('the place or Ortsteil people say it is in');
    table.string('street', 160).notNullable();
    table.string('postcode', 5).notNullable();
    table.string('city', 120).notNullable();
    table.double('lat').notNullable();
    table.double('lon').notNullable();
    table.boolean('step_free').notNullable();
    table.string('access_de', 300).nullable().comment('the way in, in words');
    table.string('access_en', 300).nullable();
    table.bigInteger('retired_at').nullable();
    table.check("length(postcode) = 5 and trim(postcode, '0123456789') = ''", [], 'venues_postcode_form');
    table.check('lat between -90 and 90 and lon between -180 and 180', [], 'venues_position');
    table.index(['lat', 'lon']);
  });

  await knex.schema.createTable('capabilities', (table) => {
    table.string('code', 40).primary();
  });

  await knex.schema.createTable('services', (table) => {
    table.increments('id');
    table.string('slug', 60).notNullable().unique();
    table.string('leika_key', 14).nullable().unique();
    table.string('category', 20).notNullable();
    table.integer('position').notNullable().comment('order in lists');
    table.integer('minutes').notNullable().comment('at a public stop, per person');
    table.integer('home_minutes').nullable().comment('at home, per person; null: no home visit');
    table.boolean('in_person').notNullable().comment('the person concerned has to come');
    table.integer('max_persons').notNullable().defaultTo(4);
    table.bigInteger('retired_at').nullable();
    table.check("category in ('identity', 'residence', 'certificates')", [], 'services_category');
    table.check(
      "leika_key is null or (length(leika_key) = 14 and trim(leika_key, '0123456789') = '')",
      [],
      'services_leika_form',
    );
    table.check('minutes between 5 and 480', [], 'services_minutes');
    table.check('home_minutes is null or home_minutes between 5 and 480', [], 'services_home_minutes');
    table.check('max_persons between 1 and 20', [], 'services_max_persons');
  });

  await knex.schema.createTable('service_texts', (table) => {
    table.integer('service_id').notNullable().references('services.id').onDelete('CASCADE');
    table.string('locale', 5).notNullable();
    table.string('name', 160).notNullable();
    table.string('fee_note', 600).nullable();
    table.string('note', 600).nullable();
    table.primary(['service_id', 'locale']);
  });

  await knex.schema.createTable('service_documents', (table) => {
    table.integer('service_id').notNullable();
    table.string('locale', 5).notNullable();
    table.integer('position').notNullable();
    table.string('text', 300).notNullable();
    table.primary(['service_id', 'locale', 'position']);
    table
      .foreign(['service_id', 'locale'])
      .references(['service_id', 'locale'])
      .inTable('service_texts')
      .onDelete('CASCADE');
  });

  await knex.schema.createTable('service_needs', (table) => {
    table.integer('service_id').notNullable().references('services.id').onDelete('CASCADE');
    table.string('capability', 40).notNullable().references('capabilities.code').onDelete('RESTRICT');
    table.primary(['service_id', 'capability']);
  });

  await knex.schema.createTable('service_fees', (table) => {
    table.integer('service_id').notNullable().references('services.id').onDelete('CASCADE');
    table.string('valid_from', 10).notNullable().comment('local date, inclusive');
    table.integer('amount_cents').nullable().comment('per person; null: set by the municipal statute');
    table.string('legal_basis', 200).notNullable();
    table.primary(['service_id', 'valid_from']);
    table.check('amount_cents is null or amount_cents >= 0', [], 'service_fees_amount');
    table.check(
      "valid_from like '____-__-__' and trim(valid_from, '0123456789-') = ''",
      [],
      'service_fees_valid_from_form',
    );
  });

  await knex.schema.createTable('kits', (table) => {
    table.increments('id');
    table.integer('municipality_id').notNullable().references('municipalities.id').onDelete('RESTRICT');
    table.string('name', 120).notNullable().unique();
    table.string('status', 10).notNullable().defaultTo('ready');
    table.string('depot_name', 160).notNullable();
    table.double('depot_lat').notNullable();
    table.double('depot_lon').notNullable();
    table.bigInteger('retired_at').nullable();
    table.check("status in ('ready', 'defect')", [], 'kits_status');
    table.check('depot_lat between -90 and 90 and depot_lon between -180 and 180', [], 'kits_depot');
  });

  await knex.schema.createTable('kit_capabilities', (table) => {
    table.integer('kit_id').notNullable().references('kits.id').onDelete('CASCADE');
    table.string('capability', 40).notNullable().references('capabilities.code').onDelete('RESTRICT');
    table.primary(['kit_id', 'capability']);
  });

  await knex.schema.createTable('clerks', (table) => {
    table.increments('id');
    table.integer('municipality_id').notNullable().references('municipalities.id').onDelete('RESTRICT');
    table.string('name', 120).notNullable();
    table.bigInteger('retired_at').nullable();
  });

  await knex.schema.createTable('clerk_qualifications', (table) => {
    table.integer('clerk_id').notNullable().references('clerks.id').onDelete('CASCADE');
    table.integer('service_id').notNullable().references('services.id').onDelete('CASCADE');
    table.primary(['clerk_id', 'service_id']);
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of [
    'clerk_qualifications',
    'clerks',
    'kit_capabilities',
    'kits',
    'service_fees',
    'service_needs',
    'service_documents',
    'service_texts',
    'services',
    'capabilities',
    'venues',
    'places',
    'municipalities',
  ]) {
    await knex.schema.dropTable(table);
  }
}
