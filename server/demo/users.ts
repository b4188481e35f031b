import type { Knex } from 'knex';
import type { Role } from '../domain/access.ts';
import type { Instant } from '../domain/time.ts';

export interface DemoUser {
  readonly role: Role;
  readonly email: string;
  readonly name: string;
  /** Known to everybody: it stands on the sign-in page of the demonstration. */
  readonly password: string;
  readonly passwordHash: string;
}

/**
 * One user a role, in all municipalities; all names are invented. The hashes are kept here because each takes half a
 * second to compute; a test compares them with the passwords.
 */
export const DEMO_USERS: readonly DemoUser[] = [
  {
    role: 'planner',
    email: 'planung@koffertour.example',
    name: 'Paula Lorenz',
    password: 'Linde-Wagen-Brot-41',
    passwordHash: 'scrypt$17$8$1$6NyLyhVsoUIzCfyrCcSc0A$gqsvzMblrj4r2X6cYGJ6Awf5yXCNV-fOkJg8_ADQJtM',
  },
  {
    role: 'hotline',
    email: 'hotline@koffertour.example',
    name: 'Heike Uhlig',
    password: 'Wolke-Hafen-Tee-52',
    passwordHash: 'scrypt$17$8$1$t_2aA_SsnA0MqJODulrnPA$MdB10NEKslhO8loacZgpiDJhlmYWr6YtusAqG6Cpo6k',
  },
  {
    role: 'clerk',
    email: 'sachbearbeitung@koffertour.example',
    name: 'Anna Winter',
    password: 'Kastanie-Rad-Milch-63',
    passwordHash: 'scrypt$17$8$1$sV11pwv-CiX1pVKBxHWK6Q$SuIY7wgLolfQ-hC6ICgMtI73MmIk7lEOsNEIntR_HBE',
  },
  {
    role: 'admin',
    email: 'verwaltung@koffertour.example',
    name: 'Viktor Ahnert',
    password: 'Schloss-Feder-Salz-74',
    passwordHash: 'scrypt$17$8$1$uNeCf-k1IxYGNS1iPdoDAg$nIMNgT7n6LIy9IcWI28YtX0howaLNAfurvdV46A0v7k',
  },
];

/** Second factor of the administrator; the page that asks for the code shows it in the demonstration. Base32. */
export const DEMO_TOTP_SECRET = 'KOFFERTOURKOFFERTOURKOFFERTOURKO';

/** Adds the users of the demonstration that are not there; whoever is there stays as changed. */
export async function insertDemoUsers(trx: Knex.Transaction, now: Instant): Promise<void> {
  const there: { email: string }[] = await trx('users')
    .whereIn(
      'email',
      DEMO_USERS.map(({ email }) => email),
    )
    .select('email');
  for (const user of DEMO_USERS.filter(({ email }) => !there.some((one) => one.email === email))) {
    const hasFactor = user.role === 'admin';
    const rows: { id: number }[] = await trx('users').insert(
      {
        email: user.email,
        name: user.name,
        password_hash: user.passwordHash,
        password_changed_at: now,
        must_change_password: false,
        totp_secret: hasFactor ? DEMO_TOTP_SECRET : null,
        totp_confirmed_at: hasFactor ? now : null,
        created_at: now,
      },
      ['id'],
    );
    const [inserted] = rows;
    await trx('user_roles').insert({ user_id: inserted?.id, role: user.role, municipality_id: null });
    if (user.role === 'clerk') {
      await trx('clerks').where('name', user.name).whereNull('user_id').update({ user_id: inserted?.id });
    }
  }
}
