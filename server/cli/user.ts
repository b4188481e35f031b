import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ConfigError, parseConfig } from '../config.ts';
import { openDatabase } from '../data/knex.ts';
import { migrateUp } from '../data/migrate.ts';
import { createUserRepository, createUserUnit } from '../data/userRepository.ts';
import { ROLES, type Grant, type Role } from '../domain/access.ts';
import { passwordFault, PASSWORD_MAX, PASSWORD_MIN } from '../domain/staff/password.ts';
import { createPasswords } from '../features/staff/passwords.ts';
import { createUser, lockUser, resetPassword, resetSecondFactor } from '../features/staff/saveUser.ts';
import { createCommonPasswords } from '../gateways/commonPasswords.ts';

/** Users on the command line: for the first administrator, and when no administrator can get in. */

export const USAGE = `Usage: npm run user -- <command> [options]

  create --email E --name N --role R [--role R …] [--municipality AGS …] [--password-stdin]
                                  without --municipality the roles hold everywhere
  list                            all users
  lock --email E                  nobody can sign in; all sessions end
  unlock --email E
  reset-password --email E [--password-stdin]
  reset-second-factor --email E   e.g. when the phone is lost; all sessions end

Roles: ${ROLES.join(', ')}. The database is that of DATABASE_FILE or DATABASE_URL, else the demonstration.
A password that is not read from standard input is made up and shown once. It has to be changed at the first sign-in.
Exit code: 0 done, 1 refused, 2 wrong usage or configuration.
`;

export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Everything on standard input. */
  readInput: () => Promise<string>;
  now: () => number;
}

/** What is wrong with what was typed: usage, exit code 2. */
class UsageError extends Error {}
/** It was understood, but cannot be done: exit code 1. */
class Refused extends Error {}

const AUTHOR = { userId: null, name: 'Kommandozeile' };

/**
 * Runs one command against the configured database, which is brought to the newest state first.
 * @param args without program and script
 * @returns the exit code
 */
export async function runUserCommand(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  terminal: Terminal,
): Promise<number> {
  try {
    const command = parseCommand(args);
    if (command === null) {
      terminal.out(USAGE);
      return 0;
    }
    const config = parseConfig(env);
    if (config.demonstration) {
      terminal.err('Neither DATABASE_FILE nor DATABASE_URL is set: this is the demonstration.\n');
    }
    const database = openDatabase(config.database);
    try {
      await migrateUp(database);
      const deps = {
        users: createUserRepository(database.reader),
        unit: <T>(work: (unit: ReturnType<typeof createUserUnit>) => Promise<T>): Promise<T> =>
          database.unit((trx) => work(createUserUnit(trx))),
        passwords: createPasswords(),
        clock: { now: terminal.now },
      };
      await execute(command, deps, terminal);
      return 0;
    } finally {
      await database.close();
    }
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.err(`${error.message}\n\n${USAGE}`);
      return 2;
    }
    if (error instanceof ConfigError || error instanceof Refused) {
      terminal.err(`${error.message}\n`);
      return error instanceof Refused ? 1 : 2;
    }
    throw error;
  }
}

interface Command {
  name: 'create' | 'list' | 'lock' | 'unlock' | 'reset-password' | 'reset-second-factor';
  email: string;
  userName: string;
  roles: readonly Role[];
  municipalities: readonly string[];
  passwordFromInput: boolean;
}

const COMMANDS: readonly Command['name'][] = [
  'create',
  'list',
  'lock',
  'unlock',
  'reset-password',
  'reset-second-factor',
];

/** @returns null: only the usage was asked for */
function parseCommand(args: readonly string[]): Command | null {
  const { values, positionals } = parse(args);
  if (values.help === true) {
    return null;
  }
  const name = COMMANDS.find((one) => one === positionals[0]);
  if (name === undefined || positionals.length !== 1) {
    throw new UsageError(
      positionals.length === 0 ? 'A command is missing.' : `Unknown command: ${positionals.join(' ')}`,
    );
  }
  const email = values.email?.trim().toLowerCase() ?? '';
  if (name !== 'list' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) {
    throw new UsageError('--email is missing or no e-mail address.');
  }
  const roles = values.role ?? [];
  const userName = values.name?.trim() ?? '';
  if (name === 'create') {
    if (userName === '' || userName.length > 120) throw new UsageError('--name is missing or too long.');
    const unknown = roles.find((role) => !(ROLES as readonly string[]).includes(role));
    if (roles.length === 0 || unknown !== undefined) {
      throw new UsageError(unknown === undefined ? '--role is missing.' : `Unknown role: ${unknown}`);
    }
  }
  return {
    name,
    email,
    userName,
    roles: [...new Set(roles)] as Role[],
    municipalities: [...new Set(values.municipality ?? [])],
    passwordFromInput: values['password-stdin'] === true,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        email: { type: 'string' },
        name: { type: 'string' },
        role: { type: 'string', multiple: true },
        municipality: { type: 'string', multiple: true },
        'password-stdin': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

type Deps = Parameters<typeof createUser>[0] & { users: ReturnType<typeof createUserRepository> };

async function execute(command: Command, deps: Deps, terminal: Terminal): Promise<void> {
  if (command.name === 'list') {
    await list(deps, terminal);
    return;
  }
  if (command.name === 'create') {
    await create(command, deps, terminal);
    return;
  }
  const user = await deps.users.byEmail(command.email);
  if (user === undefined) {
    throw new Refused(`There is no user ${command.email}.`);
  }
  const who = { id: user.id, scope: 'all' as const };
  switch (command.name) {
    case 'lock':
    case 'unlock':
      await lockUser(deps, AUTHOR, who, command.name === 'lock');
      terminal.out(`${user.email} is ${command.name}ed.\n`);
      return;
    case 'reset-second-factor':
      await resetSecondFactor(deps, AUTHOR, who);
      terminal.out(`${user.email} has no second factor.\n`);
      return;
    case 'reset-password': {
      const given = await readPassword(command, user, terminal);
      const outcome = await resetPassword(deps, AUTHOR, who, given);
      if (typeof outcome === 'string') {
        throw new Refused(`${user.email} signs in with an identity provider and has no password here.`);
      }
      showPassword(terminal, user.email, given === undefined ? outcome.password : null);
    }
  }
}

async function create(command: Command, deps: Deps, terminal: Terminal): Promise<void> {
  const known = await deps.users.municipalities('all');
  const places = command.municipalities.map((ags) => {
    const municipality = known.find((one) => one.ags === ags);
    if (municipality === undefined) {
      throw new Refused(`There is no municipality ${ags}.`);
    }
    return municipality.id;
  });
  const grants = command.roles.flatMap((role): Grant[] =>
    (places.length === 0 ? [null] : places).map((municipalityId) => ({ role, municipalityId })),
  );
  const person = { email: command.email, name: command.userName };
  const given = await readPassword(command, person, terminal);
  const outcome = await createUser(deps, AUTHOR, { ...person, grants }, known, given);
  if (outcome === 'emailTaken') {
    throw new Refused(`There is a user ${command.email} already.`);
  }
  showPassword(terminal, command.email, given === undefined ? outcome.password : null);
}

/** From standard input, without its line end; undefined: one is to be made up. */
async function readPassword(
  command: Command,
  person: { email: string; name: string },
  terminal: Terminal,
): Promise<string | undefined> {
  if (!command.passwordFromInput) {
    return undefined;
  }
  const password = (await terminal.readInput()).replace(/\r?\n$/, '');
  const fault = passwordFault(password, person, await createCommonPasswords()());
  const reasons = {
    short: `has fewer than ${PASSWORD_MIN} characters`,
    long: `has more than ${PASSWORD_MAX} characters`,
    common: 'is one that many use',
    own: 'is little more than name or address',
  };
  if (fault !== null) {
    throw new Refused(`The password ${reasons[fault]}.`);
  }
  return password;
}

function showPassword(terminal: Terminal, email: string, password: string | null): void {
  const shown = password === null ? '' : `\n  Password: ${password}\n`;
  terminal.out(`${email} can sign in and then has to choose a new password.\n${shown}`);
}

async function list(deps: Deps, terminal: Terminal): Promise<void> {
  const municipalities = new Map((await deps.users.municipalities('all')).map(({ id, ags }) => [id, ags]));
  for (const user of await deps.users.list('all', '')) {
    const roles = user.grants.map(
      ({ role, municipalityId }) =>
        role + (municipalityId === null ? '' : `:${municipalities.get(municipalityId) ?? municipalityId}`),
    );
    const notes = [
      ...(user.lockedAt === null ? [] : ['locked']),
      ...(user.totpConfirmedAt === null ? [] : ['second factor']),
      ...(user.oidcIssuer === null ? [] : ['identity provider']),
    ];
    terminal.out([user.email, user.name, roles.join(' '), notes.join(', ')].join('\t').trimEnd() + '\n');
  }
}

const isMain = process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url);
if (isMain) {
  process.exitCode = await runUserCommand(process.argv.slice(2), process.env, {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    readInput: async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks).toString('utf8');
    },
    now: Date.now,
  });
}
