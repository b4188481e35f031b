import type { Knex } from 'knex';

/** What the office needs to know to plan tours by hand: depots, opening windows, closing days, hours, absences. */

/** Column, type and bounds, default: `alter table … add column` is the same in both databases. */
const MUNICIPALITY_COLUMNS: readonly (readonly [name: string, definition: string])[] = [
  ['imprint', "text not null default ''"],
  ['holiday_region', "varchar(2) not null default 'SN'"],
  ['confirmation_minutes', 'integer not null default 60 check (confirmation_minutes between 5 and 2880)'],
  ['reminder_hours', 'integer not null default 24 check (reminder_hours between 1 and 168)'],
  ['home_window_minutes', 'integer not null default 90 check (home_window_minutes between 15 and 480)'],
  ['max_working_minutes', 'integer not null default 600 check (max_working_minutes between 60 and 600)'],
  ['break_after_minutes', 'integer not null default 360 check (break_after_minutes between 60 and 360)'],
  ['break_minutes', 'integer not null default 30 check (break_minutes between 30 and 120)'],
  ['version', 'integer not null default 1'],
];

const VENUE_COLUMNS: typeof MUNICIPALITY_COLUMNS = [
  ['contact_name', 'varchar(120)'],
  ['contact_phone', 'varchar(40)'],
  ['contact_email', 'varchar(254)'],
  ['has_socket', 'boolean'],
  ['has_table', 'boolean'],
  ['has_signal', 'boolean'],
  ['checklist_note', 'varchar(500)'],
  ['version', 'integer not null default 1'],
];

const SERVICE_COLUMNS: typeof MUNICIPALITY_COLUMNS = [
  ['combinable', 'boolean not null default true'],
  ['version', 'integer not null default 1'],
];

const CLERK_COLUMNS: typeof MUNICIPALITY_COLUMNS = [
  ['depot_id', 'integer references depots(id) on delete restrict'],
  ['user_id', 'integer references users(id) on delete set null'],
  ['version', 'integer not null default 1'],
];

async function addColumns(knex: Knex, table: string, columns: typeof MUNICIPALITY_COLUMNS): Promise<void> {
  for (const [name, definition] of columns) {
    await knex.raw(`alter table ${table} add column ${name} ${definition}`);
  }
}

async function dropColumns(knex: Knex, table: string, columns: typeof MUNICIPALITY_COLUMNS): Promise<void> {
  for (const [name] of columns) {
    await knex.schema.alterTable(table, (changed) => changed.dropColumn(name));
  }
}

function isPostgres(knex: Knex): boolean {
  return (knex.client as { config: { client: unknown } }).config.client === 'pg';
}

function dateChecks(table: Knex.CreateTableBuilder, name: string): void {
  for (const column of ['from_date', 'to_date']) {
    table.check(`${column} like '____-__-__' and trim(${column}, '0123456789-') = ''`, [], `${name}_${column}_form`);
  }
  table.check('from_date <= to_date', [], `${name}_order`);
}

export async function up(knex: Knex): Promise<void> {
  await addColumns(knex, 'municipalities', MUNICIPALITY_COLUMNS);
  await addColumns(knex, 'venues', VENUE_COLUMNS);
  await addColumns(knex, 'services', SERVICE_COLUMNS);

  await knex.schema.createTable('venue_opening_windows', (table) => {
    table.integer('venue_id').notNullable().references('venues.id').onDelete('CASCADE');
    table.integer('weekday').notNullable().comment('1 = Monday to 7 = Sunday');
    table.integer('from_minute').notNullable().comment('local minute of the day, inclusive');
    table.integer('to_minute').notNullable().comment('local minute of the day, exclusive');
    table.primary(['venue_id', 'weekday', 'from_minute']);
    table.check('weekday between 1 and 7', [], 'venue_opening_windows_weekday');
    table.check('from_minute >= 0 and from_minute < to_minute and to_minute <= 1440', [], 'venue_opening_windows_span');
  });

  await knex.schema.createTable('closing_days', (table) => {
    table.increments('id');
    table.integer('municipality_id').notNullable().references('municipalities.id').onDelete('CASCADE').index();
    table
      .integer('venue_id')
      .nullable()
      .references('venues.id')
      .onDelete('CASCADE')
      .index()
      .comment('null: no visits anywhere in the municipality');
    table.string('from_date', 10).notNullable().comment('local date, inclusive');
    table.string('to_date', 10).notNullable().comment('local date, inclusive');
    table.string('reason', 200).notNullable();
    dateChecks(table, 'closing_days');
  });

  await knex.schema.createTable('depots', (table) => {
    table.increments('id');
    table.integer('municipality_id').notNullable().references('municipalities.id').onDelete('RESTRICT');
    table.string('name', 160).notNullable();
    table.string('address', 300).notNullable().defaultTo('');
    table.double('lat').notNullable();
    table.double('lon').notNullable();
    table.bigInteger('retired_at').nullable();
    table.integer('version').notNullable().defaultTo(1);
    table.unique(['municipality_id', 'name']);
    table.check('lat between -90 and 90 and lon between -180 and 180', [], 'depots_position');
  });

  await depotsOfKits(knex);
  await addColumns(knex, 'clerks', CLERK_COLUMNS);
  await knex.raw('create unique index clerks_user on clerks (user_id) where user_id is not null');

  await knex.schema.createTable('clerk_hours', (table) => {
    table.integer('clerk_id').notNullable().references('clerks.id').onDelete('CASCADE');
    table.integer('weekday').notNullable().comment('1 = Monday to 7 = Sunday');
    table.integer('from_minute').notNullable().comment('local minute of the day, inclusive');
    table.integer('to_minute').notNullable().comment('local minute of the day, exclusive');
    table.primary(['clerk_id', 'weekday']);
    table.check('weekday between 1 and 7', [], 'clerk_hours_weekday');
    table.check('from_minute >= 0 and from_minute < to_minute and to_minute <= 1440', [], 'clerk_hours_span');
  });

  await knex.schema.createTable('absences', (table) => {
    table.increments('id');
    table.integer('clerk_id').notNullable().references('clerks.id').onDelete('CASCADE').index();
    table.string('from_date', 10).notNullable().comment('local date, inclusive');
    table.string('to_date', 10).notNullable().comment('local date, inclusive');
    table
      .string('kind', 10)
      .notNullable()
      .comment("'away' says nothing of the reason: who is ill is nobody's business");
    table.check("kind in ('vacation', 'training', 'away')", [], 'absences_kind');
    dateChecks(table, 'absences');
  });
}

/** The depot was written into each kit; now it is a row that kits, clerks and tours refer to. */
async function depotsOfKits(knex: Knex): Promise<void> {
  await knex.raw(
    `insert into depots (municipality_id, name, lat, lon)
       select municipality_id, depot_name, min(depot_lat), min(depot_lon) from kits group by municipality_id, depot_name`,
  );
  const depotOf =
    '(select d.id from depots d where d.municipality_id = kits.municipality_id and d.name = kits.depot_name)';
  if (isPostgres(knex)) {
    await knex.raw('alter table kits add column depot_id integer references depots(id) on delete restrict');
    await knex.raw(`update kits set depot_id = ${depotOf}`);
    await knex.raw('alter table kits alter column depot_id set not null');
    await knex.raw('alter table kits drop constraint kits_depot');
    for (const column of ['depot_name', 'depot_lat', 'depot_lon']) {
      await knex.raw(`alter table kits drop column ${column}`);
    }
    await knex.raw('alter table kits add column version integer not null default 1');
    await knex.raw('alter table kits drop constraint kits_name_unique');
    await knex.raw('alter table kits add constraint kits_name_in_municipality unique (municipality_id, name)');
    return;
  }
  // SQLite cannot drop a column that a check names: the table is made anew (https://sqlite.org/lang_altertable.html, 7).
  await createSqliteKits(knex, 'kits_new', (table) => {
    table.integer('depot_id').notNullable().references('depots.id').onDelete('RESTRICT');
    table.integer('version').notNullable().defaultTo(1);
  });
  await knex.raw(
    `insert into kits_new (id, municipality_id, name, status, retired_at, depot_id)
       select id, municipality_id, name, status, retired_at, ${depotOf} from kits`,
  );
  await replaceSqliteKits(knex);
  await knex.raw('create unique index kits_name_in_municipality on kits (municipality_id, name)');
}

async function createSqliteKits(
  knex: Knex,
  name: string,
  more: (table: Knex.CreateTableBuilder) => void,
): Promise<void> {
  await knex.schema.createTable(name, (table) => {
    table.increments('id');
    table.integer('municipality_id').notNullable().references('municipalities.id').onDelete('RESTRICT');
    table.string('name', 120).notNullable();
    table.string('status', 10).notNullable().defaultTo('ready');
    more(table);
    table.bigInteger('retired_at').nullable();
    table.check("status in ('ready', 'defect')", [], 'kits_status');
  });
}

async function replaceSqliteKits(knex: Knex): Promise<void> {
  await knex.schema.dropTable('kits');
  await knex.raw('alter table kits_new rename to kits');
}

async function kitsWithDepots(knex: Knex): Promise<void> {
  const depot = (column: string): string => `(select d.${column} from depots d where d.id = kits.depot_id)`;
  // Names were unique in the whole office before: of equal ones the later get their number behind it.
  await knex.raw(
    "update kits set name = name || ' #' || id where exists (select 1 from kits other where other.name = kits.name and other.id < kits.id)",
  );
  if (isPostgres(knex)) {
    await knex.raw('alter table kits add column depot_name varchar(160)');
    await knex.raw('alter table kits add column depot_lat double precision');
    await knex.raw('alter table kits add column depot_lon double precision');
    await knex.raw(
      `update kits set depot_name = ${depot('name')}, depot_lat = ${depot('lat')}, depot_lon = ${depot('lon')}`,
    );
    for (const column of ['depot_name', 'depot_lat', 'depot_lon']) {
      await knex.raw(`alter table kits alter column ${column} set not null`);
    }
    await knex.raw(
      'alter table kits add constraint kits_depot check (depot_lat between -90 and 90 and depot_lon between -180 and 180)',
    );
    await knex.raw('alter table kits drop column depot_id');
    await knex.raw('alter table kits drop column version');
    await knex.raw('alter table kits drop constraint kits_name_in_municipality');
    await knex.raw('alter table kits add constraint kits_name_unique unique (name)');
    return;
  }
  await createSqliteKits(knex, 'kits_new', (table) => {
    table.string('depot_name', 160).notNullable();
    table.double('depot_lat').notNullable();
    table.double('depot_lon').notNullable();
    table.check('depot_lat between -90 and 90 and depot_lon between -180 and 180', [], 'kits_depot');
  });
  await knex.raw(
    `insert into kits_new (id, municipality_id, name, status, retired_at, depot_name, depot_lat, depot_lon)
       select id, municipality_id, name, status, retired_at, ${depot('name')}, ${depot('lat')}, ${depot('lon')} from kits`,
  );
  await replaceSqliteKits(knex);
  await knex.raw('create unique index kits_name_unique on kits (name)');
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('absences');
  await knex.schema.dropTable('clerk_hours');
  await knex.raw('drop index clerks_user');
  await dropColumns(knex, 'clerks', CLERK_COLUMNS);
  await kitsWithDepots(knex);
  await knex.schema.dropTable('depots');
  await knex.schema.dropTable('closing_days');
  await knex.schema.dropTable('venue_opening_windows');
  await dropColumns(knex, 'services', SERVICE_COLUMNS);
  await dropColumns(knex, 'venues', VENUE_COLUMNS);
  await dropColumns(knex, 'municipalities', MUNICIPALITY_COLUMNS);
}
