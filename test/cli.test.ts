import { expect } from 'chai';
import { runUserCommand } from '../server/cli/user.ts';
import { openDatabase } from '../server/data/knex.ts';
import { migrateUp } from '../server/data/migrate.ts';
import { createPasswords } from '../server/features/staff/passwords.ts';
import { seedSmallOffice } from './support/officeFixture.ts';
import { sessionCookie } from './support/staff.ts';
import { createTempDir } from './support/tempDir.ts';

const EMAIL = 'admin@stadt.example';

describe('npm run user', function () {
  this.timeout(60_000);
  const dir = createTempDir('cli');
  const env = { DATABASE_FILE: dir.file('office.sqlite') };

  async function run(args: string, input = ''): Promise<{ code: number; out: string; err: string }> {
    const said = { out: '', err: '' };
    const code = await runUserCommand(
      args.split(' ').map((arg) => arg.replaceAll('_', ' ')),
      env,
      {
        out: (text) => void (said.out += text),
        err: (text) => void (said.err += text),
        readInput: () => Promise.resolve(input),
        now: () => 1_000,
      },
    );
    return { code, ...said };
  }

  async function inDatabase<T>(look: (database: ReturnType<typeof openDatabase>) => Promise<T>): Promise<T> {
    const database = openDatabase({ kind: 'sqlite', file: env.DATABASE_FILE });
    try {
      return await look(database);
    } finally {
      await database.close();
    }
  }
  const user = (email = EMAIL) =>
    inDatabase(
      (database) =>
        database.reader('users').where('email', email).first() as Promise<Record<string, unknown> | undefined>,
    );

  const rowsOf = (table: string): Promise<object[]> =>
    inDatabase(async (database) => {
      const rows: object[] = await database.reader(table);
      return rows;
    });

  after(() => dir.remove());

  it('creates the first administrator in a database that does not exist yet', async () => {
    const { code, out } = await run('create --email Admin@stadt.example --name A._Beispiel --role admin');
    expect(code).to.equal(0);
    const [, password = ''] = /Password: (\S+)/.exec(out) ?? [];
    const row = await user();
    expect(row).to.include({ name: 'A. Beispiel', must_change_password: 1 });
    expect(await createPasswords().verify(password, String(row?.['password_hash']))).to.equal(true);
    const [entry] = await rowsOf('audit_entries');
    expect(entry).to.include({ action: 'created', user_id: null, user_name: 'Kommandozeile' });
  });

  it('refuses an address that is taken', async () => {
    const { code, err, out } = await run(`create --email ${EMAIL} --name B --role planner`);
    expect(code).to.equal(1);
    expect(err).to.contain('already');
    expect(out).to.equal('');
  });

  it('gives roles in the municipalities of an AGS, with a password from standard input', async () => {
    await inDatabase(async (database) => {
      await migrateUp(database);
      await seedSmallOffice(database, { date: '2026-11-24' });
    });
    const create =
      'create --email p@stadt.example --name P --role planner --role clerk --municipality 14524190 --password-stdin';
    expect((await run(create, 'kurz\n')).code).to.equal(1);
    const { code, out } = await run(create, 'Wolke-Hafen-Tee-52\n');
    expect(code).to.equal(0);
    expect(out).to.not.contain('Wolke');
    const row = await user('p@stadt.example');
    expect(await createPasswords().verify('Wolke-Hafen-Tee-52', String(row?.['password_hash']))).to.equal(true);
    const list = await run('list');
    expect(list.out.split('\n')).to.deep.equal([
      `${EMAIL}\tA. Beispiel\tadmin`,
      'p@stadt.example\tP\tplanner:14524190 clerk:14524190',
      '',
    ]);
    expect((await run('create --email q@stadt.example --name Q --role clerk --municipality 1')).code).to.equal(1);
  });

  it('locks and unlocks, and ends all sessions', async () => {
    const row = await user();
    await inDatabase((database) => sessionCookie(database, Number(row?.['id'])));
    expect((await run(`lock --email ${EMAIL}`)).out).to.contain('is locked');
    expect((await user())?.['locked_at']).to.equal(1_000);
    expect(await rowsOf('sessions')).to.have.length(0);
    expect((await run('list')).out).to.contain('locked');
    expect((await run(`unlock --email ${EMAIL}`)).code).to.equal(0);
    expect((await user())?.['locked_at']).to.equal(null);
  });

  it('gives a new password and takes a lost second factor away', async () => {
    await inDatabase((database) =>
      database.writer('users').where('email', EMAIL).update({ totp_secret: 'ABCD', totp_confirmed_at: 1 }),
    );
    const before = (await user())?.['password_hash'];
    expect((await run(`reset-password --email ${EMAIL}`)).out).to.match(/Password: \S{19}/);
    expect((await user())?.['password_hash']).to.not.equal(before);
    expect((await run(`reset-second-factor --email ${EMAIL}`)).code).to.equal(0);
    expect((await user())?.['totp_secret']).to.equal(null);
  });

  it('tells how it is used, and ends with 2 when it was used wrongly', async () => {
    const help = await run('--help');
    expect(help).to.include({ code: 0, err: '' });
    expect(help.out).to.contain('reset-second-factor');
    for (const wrong of [
      '',
      'make',
      'list everybody',
      'create',
      'create --email x --name X --role admin',
      'create --email x@y.example --role admin',
      'create --email x@y.example --name X',
      'create --email x@y.example --name X --role king',
      'lock',
      'list --colour',
    ]) {
      const { code, err } = await runUserCommandWords(wrong);
      expect(code, wrong).to.equal(2);
      expect(err, wrong).to.contain('Usage:');
    }
    expect((await run('lock --email niemand@stadt.example')).code).to.equal(1);
  });

  function runUserCommandWords(words: string): Promise<{ code: number; err: string }> {
    return run(words === '' ? '--' : words);
  }

  it('says what is wrong with the configuration', async () => {
    let err = '';
    const code = await runUserCommand(
      ['list'],
      { DATABASE_FILE: 'a', DATABASE_URL: 'postgres://x/y' },
      {
        out: () => undefined,
        err: (text) => void (err += text),
        readInput: () => Promise.resolve(''),
        now: Date.now,
      },
    );
    expect(code).to.equal(2);
    expect(err).to.contain('choose one');
  });
});
