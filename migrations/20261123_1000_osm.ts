import type { Knex } from 'knex';

/** What was imported of OpenStreetMap: which extract is in use, its addresses; streets along a way that was asked for. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('osm_imports', (table) => {
    table.increments('id');
    table.string('state', 10).notNullable().comment('running: being written; active: in use; old: to be deleted');
    table.string('file_name', 255).notNullable();
    table.bigInteger('file_bytes').notNullable();
    table.bigInteger('data_at').nullable().comment('how old the data is, by the file');
    table.double('south').notNullable().comment('area, in degrees');
    table.double('west').notNullable();
    table.double('north').notNullable();
    table.double('east').notNullable();
    table.bigInteger('started_at').notNullable();
    table.bigInteger('seen_at').notNullable().comment('the process that writes it was alive');
    table.bigInteger('finished_at').nullable();
    table.text('report').nullable().comment('counts and faults, as JSON');
    table.check("state in ('running', 'active', 'old')", [], 'osm_imports_state');
    table.check('south <= north and west <= east', [], 'osm_imports_area');
    table.check("(state = 'running') = (finished_at is null)", [], 'osm_imports_finished');
  });
  // At most one import is in use.
  await knex.raw("create unique index osm_imports_active on osm_imports (state) where state = 'active'");

  // Places and streets, the most important ones with the lowest ids: a search that finds too many takes the first.
  await knex.schema.createTable('osm_names', (table) => {
    table.increments('id');
    table.integer('import_id').notNullable().references('osm_imports.id').onDelete('CASCADE').index();
    table.string('kind', 10).notNullable();
    table.string('name', 160).notNullable();
    table
      .string('place', 120)
      .nullable()
      .comment('village or part of town; null: the municipality itself, or not known');
    table.string('municipality', 120).nullable();
    table.string('ags', 8).nullable();
    table.string('postcode', 5).nullable();
    table.integer('houses').notNullable().defaultTo(0);
    table.double('lat').notNullable();
    table.double('lon').notNullable();
    table.text('words').notNullable().comment('folded, with the import as one of them; domain/addresses/words.ts');
    table.check("kind in ('place', 'street')", [], 'osm_names_kind');
  });
  if (isPostgres(knex)) {
    await knex.raw(
      "alter table osm_names add column search tsvector generated always as (to_tsvector('simple', words)) stored",
    );
    await knex.raw('create index osm_names_search on osm_names using gin (search) with (fastupdate = off)');
  } else {
    await knex.raw(
      "create virtual table osm_names_search using fts5(words, content='osm_names', content_rowid='id', prefix='2 3 4')",
    );
    await knex.raw(
      `create trigger osm_names_added after insert on osm_names begin
        insert into osm_names_search (rowid, words) values (new.id, new.words);
      end`,
    );
    await knex.raw(
      `create trigger osm_names_deleted after delete on osm_names begin
        insert into osm_names_search (osm_names_search, rowid, words) values ('delete', old.id, old.words);
      end`,
    );
  }

  await knex.schema.createTable('osm_houses', (table) => {
    table.increments('id');
    table.integer('name_id').notNullable().references('osm_names.id').onDelete('CASCADE');
    table.string('number', 20).notNullable();
    table.integer('base').notNullable().comment('the number without its letters');
    table.string('postcode', 5).nullable();
    table.double('lat').notNullable();
    table.double('lon').notNullable();
    table.index(['name_id', 'base']);
  });

  // Each word that names have, under itself and under each form of it that lacks one letter: by these two words meet that
  // differ by one typing error.
  const bytewise = isPostgres(knex) ? 'varchar(80) collate "C"' : 'varchar(80)';
  await knex.schema.createTable('osm_words', (table) => {
    table.integer('import_id').notNullable().references('osm_imports.id').onDelete('CASCADE');
    table.specificType('form', bytewise).notNullable();
    table.specificType('word', bytewise).notNullable();
    table.primary(['import_id', 'form', 'word']);
  });

  await knex.raw('alter table travel_ways add column streets text null');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table travel_ways drop column streets');
  await knex.schema.dropTable('osm_words');
  await knex.schema.dropTable('osm_houses');
  if (!isPostgres(knex)) await knex.raw('drop table osm_names_search');
  await knex.schema.dropTable('osm_names');
  await knex.schema.dropTable('osm_imports');
}

function isPostgres(knex: Knex): boolean {
  return (knex.client as { config: { client: unknown } }).config.client === 'pg';
}
