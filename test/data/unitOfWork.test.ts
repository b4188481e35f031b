import { tmpdir } from 'node:os';
import { expect } from 'chai';
import { openDatabase, type Database } from '../../server/data/knex.ts';
import { Refusal } from '../../server/domain/refusal.ts';
import { describeOnBothDatabases, openPostgres, openSqlite, type TestDatabase } from '../support/databases.ts';
import { raceProcesses } from '../support/processes.ts';
import { openMigrated } from '../support/raceFixture.ts';

const note = (database: Database, name: string, value = ''): Promise<unknown> =>
  database.unit((trx) => trx('office_keys').insert({ name, value }));

async function notes(database: Database): Promise<string[]> {
  const rows = await database.reader<{ name: string }>('office_keys').select('name').orderBy('name');
  return rows.map(({ name }) => name);
}

describeOnBothDatabases('A unit of work', (open, kind) => {
  let config: TestDatabase['config'];
  let database: Database;
  /** Somebody else who looks at the same database. */
  let other: Database;

  beforeEach(async () => {
    config = (await open()).config;
    database = await openMigrated(config);
    other = openDatabase(config);
  });
  afterEach(async () => {
    await database.close();
    await other.close();
  });

  it('answers what its work returned', async () => {
    expect(await database.unit(() => Promise.resolve(42))).to.equal(42);
    expect(await database.unit(() => Promise.resolve(undefined))).to.equal(undefined);
  });

  it('is seen by somebody else as soon as it is answered, two hundred at once', async () => {
    const missing: number[] = [];
    await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        await note(database, `n${index}`);
        const seen: unknown = await other.reader('office_keys').where('name', `n${index}`).first();
        if (seen === undefined) {
          missing.push(index);
        }
      }),
    );
    expect(missing).to.deep.equal([]);
    expect(await notes(other)).to.have.length(200);
  });

  it('that fails leaves no trace and does not touch the others around it', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 60 }, (_, index) =>
        database.unit(async (trx) => {
          await trx('office_keys').insert({ name: `n${String(index).padStart(2, '0')}`, value: '' });
          if (index % 3 === 1) {
            throw new Error(`fault ${index}`);
          }
          if (index % 3 === 2) {
            await trx('no_such_table').insert({ a: 1 });
          }
          return index;
        }),
      ),
    );
    results.forEach((result, index) => {
      expect(result.status, String(index)).to.equal(index % 3 === 0 ? 'fulfilled' : 'rejected');
      if (result.status === 'rejected') {
        expect(String(result.reason)).to.match(index % 3 === 1 ? new RegExp(`fault ${index}$`) : /no_such_table/);
      }
    });
    const left = await notes(other);
    expect(left).to.deep.equal(Array.from({ length: 20 }, (_, index) => `n${String(index * 3).padStart(2, '0')}`));
  });

  it('that is refused answers the reason and leaves no trace', async () => {
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        database.unit(async (trx) => {
          await trx('office_keys').insert({ name: `n${index}`, value: '' });
          if (index % 2 === 1) {
            throw new Refusal({ kind: 'refused', index });
          }
          return { kind: 'done', index };
        }),
      ),
    );
    answers.forEach((answer, index) => {
      expect(answer).to.deep.equal({ kind: index % 2 === 1 ? 'refused' : 'done', index });
    });
    expect(await notes(other)).to.have.length(15);
  });

  it('that runs into a taken key fails alone', async () => {
    await note(database, 'taken');
    const results = await Promise.allSettled([note(database, 'a'), note(database, 'taken'), note(database, 'b')]);
    expect(results.map(({ status }) => status)).to.deep.equal(['fulfilled', 'rejected', 'fulfilled']);
    expect(await notes(other)).to.deep.equal(['a', 'b', 'taken']);
  });

  it('is rejected when it cannot begin, and so are those that wait behind it', async () => {
    const lost =
      kind === 'sqlite'
        ? openDatabase({ kind: 'sqlite', file: tmpdir() }) // a folder is no database
        : openDatabase({ kind: 'postgres', url: 'postgres://nobody@127.0.0.1:1/nothing' });
    const results = await Promise.allSettled([note(lost, 'a'), note(lost, 'b'), note(lost, 'c')]);
    expect(results.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected', 'rejected']);
    await lost.close();
  });

  it('that is under way is finished before the database is closed', async () => {
    const closing = openDatabase(config);
    const answers = Promise.all(Array.from({ length: 20 }, (_, index) => note(closing, `n${index}`)));
    await answers.then(() => closing.close());
    expect(await notes(other)).to.have.length(20);
  });

  it('counts right when four processes do two hundred and fifty each, and none is told that the database is busy', async function () {
    this.timeout(120_000);
    const units = kind === 'sqlite' ? 250 : 60;
    await note(database, 'sum', '0');
    if (kind === 'postgres') {
      // Readers do not lock: what is read for being written back has to be locked by the work itself.
      const name = new URL((config as { url: string }).url).pathname.slice(1);
      await database.writer.raw(`alter database "${name}" set default_transaction_isolation = 'repeatable read'`);
    }
    const answers = await raceProcesses<{ failures: string[] }>(
      'units.worker.ts',
      ['a', 'b', 'c', 'd'].map((seat) => [config, units, seat]),
    );
    const failures = answers.flatMap((answer) => answer.failures);
    const done = (await notes(other)).length - 1;
    const sum = await other.reader<{ value: string }>('office_keys').where('name', 'sum').first();
    // Whatever was answered is there, and each was counted exactly once.
    expect(Number(sum?.value)).to.equal(done);
    expect(done).to.equal(4 * units - failures.length);
    if (kind === 'sqlite') {
      expect(failures).to.deep.equal([]);
    } else {
      // After five tries against a row that everybody wants, a unit gives up and says so.
      expect(failures.every((failure) => /serialize/.test(failure))).to.equal(true);
    }
  });
});

describe('A unit of work on SQLite', () => {
  it('shares its commit with those that waited meanwhile, in the order they came', async () => {
    const database = await openMigrated((await openSqlite()).config);
    const order: number[] = [];
    let commits = 0;
    database.writer.on('query', ({ sql }: { sql: string }) => {
      commits += /^COMMIT/i.test(sql) ? 1 : 0;
    });
    await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        database.unit(async (trx) => {
          order.push(index);
          await trx('office_keys').insert({ name: `n${index}`, value: '' });
        }),
      ),
    );
    expect(order).to.deep.equal(Array.from({ length: 100 }, (_, index) => index));
    expect(commits).to.be.at.most(3);
    await database.close();
  });

  it('is not acknowledged when its commit fails, and the next one is', async () => {
    const database = await openMigrated((await openSqlite()).config);
    await database.writer.raw('create table parents (id integer primary key)');
    await database.writer.raw('create table children (parent integer references parents (id))');
    const outcome = await database
      .unit(async (trx) => {
        await trx.raw('PRAGMA defer_foreign_keys = ON');
        await trx.raw('insert into children values (77)');
        return 'acknowledged';
      })
      .catch((error: { code?: string }) => error.code);
    expect(outcome).to.equal('SQLITE_CONSTRAINT');
    expect(await database.unit(async (trx) => trx.raw('insert into parents values (1)').then(() => 'stored'))).to.equal(
      'stored',
    );
    expect(await database.reader('children')).to.deep.equal([]);
    expect(await database.reader('parents')).to.deep.equal([{ id: 1 }]);
    await database.close();
  });

  it('does not wait for readers, and readers do not wait for it', async () => {
    const { config } = await openSqlite();
    const database = await openMigrated(config);
    await note(database, 'a');
    await database.unit(async (trx) => {
      await trx('office_keys').insert({ name: 'b', value: '' });
      expect(await notes(database)).to.deep.equal(['a']); // what is not committed is not seen
    });
    expect(await notes(database)).to.deep.equal(['a', 'b']);
    await database.close();
  });
});

describe('A unit of work on PostgreSQL', () => {
  before(function () {
    this.timeout(60_000);
  });

  it('is tried again when it is the victim of a deadlock', async function () {
    this.timeout(60_000);
    const test = await openPostgres();
    const database = await openMigrated(test.config);
    await note(database, 'left', '0');
    await note(database, 'right', '0');

    let tries = 0;
    let arrived = 0;
    let bothArrived: () => void = () => undefined;
    const meeting = new Promise<void>((resolve) => (bothArrived = resolve));
    const crossing = (first: string, second: string): Promise<string> =>
      database.unit(async (trx) => {
        tries++;
        await trx('office_keys')
          .where('name', first)
          .update({ value: trx.raw("value || 'x'") });
        arrived++;
        if (arrived >= 2) {
          bothArrived();
        }
        await meeting;
        await trx('office_keys')
          .where('name', second)
          .update({ value: trx.raw("value || 'x'") });
        return `${first}-${second}`;
      });
    expect(await Promise.all([crossing('left', 'right'), crossing('right', 'left')])).to.deep.equal([
      'left-right',
      'right-left',
    ]);
    expect(tries).to.be.at.least(3); // two, and each victim once more
    const rows = await database.reader<{ value: string }>('office_keys').orderBy('name');
    expect(rows.map(({ value }) => value)).to.deep.equal(['0xx', '0xx']);
    await database.close();
    await test.dispose();
  });
});
