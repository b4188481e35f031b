import type { Knex } from 'knex';

/**
 * Who works with the program: users with their roles, sign-in sessions, failed sign-ins and the history of changes.
 * Instants are UTC epoch milliseconds (docs/adr/0002).
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('users', (table) => {
    table.increments('id');
    table.string('email', 254).notNullable().unique().comment('in small letters; the name to sign in with');
    table.string('name', 120).notNullable();
    table.string('password_hash', 200).nullable().comment('scrypt with its parameters; null: signs in elsewhere');
    table.bigInteger('password_changed_at').nullable();
    table.boolean('must_change_password').notNullable().defaultTo(false);
    table.string('totp_secret', 64).nullable().comment('base32; in use once totp_confirmed_at is set');
    table.bigInteger('totp_confirmed_at').nullable();
    table.bigInteger('totp_last_step').nullable().comment('time step of the last code used: none is used twice');
    table.string('oidc_issuer', 300).nullable();
    table.string('oidc_subject', 255).nullable();
    table.bigInteger('locked_at').nullable();
    table.bigInteger('created_at').notNullable();
    table.integer('version').notNullable().defaultTo(1);
    table.unique(['oidc_issuer', 'oidc_subject']);
    table.check('email = lower(email)', [], 'users_email_small');
    table.check('(oidc_issuer is null) = (oidc_subject is null)', [], 'users_oidc');
    table.check('totp_confirmed_at is null or totp_secret is not null', [], 'users_totp');
  });

  await knex.schema.createTable('user_roles', (table) => {
    table.increments('id');
    table.integer('user_id').notNullable().references('users.id').onDelete('CASCADE').index();
    table.string('role', 10).notNullable();
    table
      .integer('municipality_id')
      .nullable()
      .references('municipalities.id')
      .onDelete('CASCADE')
      .comment('null: in all municipalities');
    table.check("role in ('hotline', 'clerk', 'planner', 'admin')", [], 'user_roles_role');
  });
  await knex.raw(
    'create unique index user_roles_one on user_roles (user_id, role, municipality_id) where municipality_id is not null',
  );
  await knex.raw(
    'create unique index user_roles_everywhere on user_roles (user_id, role) where municipality_id is null',
  );

  await knex.schema.createTable('recovery_codes', (table) => {
    table.integer('user_id').notNullable().references('users.id').onDelete('CASCADE');
    table.string('code_hash', 64).notNullable();
    table.bigInteger('used_at').nullable();
    table.primary(['user_id', 'code_hash']);
  });

  await knex.schema.createTable('sessions', (table) => {
    table.string('id_hash', 64).primary().comment('SHA-256 of what the cookie holds');
    table.integer('user_id').nullable().references('users.id').onDelete('CASCADE').index();
    table.text('data').notNullable();
    table.string('device', 120).notNullable().defaultTo('').comment('browser and system, in words');
    table.bigInteger('created_at').notNullable();
    table.bigInteger('seen_at').notNullable();
    table.bigInteger('expires_at').notNullable().index();
  });

  await knex.schema.createTable('sign_in_failures', (table) => {
    table.string('key', 64).primary().comment('keyed hash of the account or of the network address');
    table.integer('failures').notNullable();
    table.bigInteger('since').notNullable().index();
    table.bigInteger('blocked_until').nullable();
    table.check('failures > 0', [], 'sign_in_failures_count');
  });

  await knex.schema.createTable('audit_entries', (table) => {
    table.increments('id');
    table.bigInteger('at').notNullable().index();
    table.integer('user_id').nullable().references('users.id').onDelete('SET NULL');
    table.string('user_name', 120).notNullable().comment('as it was then; kept when the user is deleted');
    table.integer('municipality_id').nullable().references('municipalities.id').onDelete('SET NULL');
    table.string('subject', 20).notNullable();
    table.integer('subject_id').nullable();
    table.string('subject_label', 200).notNullable();
    table.string('action', 20).notNullable();
    table.text('changes').notNullable().defaultTo('[]').comment('JSON: [{field, from, to}]; no data of citizens');
    table.index(['subject', 'subject_id']);
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['audit_entries', 'sign_in_failures', 'sessions', 'recovery_codes', 'user_roles', 'users']) {
    await knex.schema.dropTable(table);
  }
}
