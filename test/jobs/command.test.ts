import { expect } from 'chai';
import { runJobsCommand } from '../../server/cli/jobs.ts';
import { createJobRepository } from '../../server/data/jobRepository.ts';
import type { Database } from '../../server/data/knex.ts';
import { createDesk, OFFICE_ZONE, seedSmallOffice } from '../support/officeFixture.ts';
import { openMigrated } from '../support/raceFixture.ts';
import { createTempDir } from '../support/tempDir.ts';

const NOW = OFFICE_ZONE.instantAt('2026-12-01', 8 * 60);

describe('npm run jobs', function () {
  this.timeout(60_000);
  const dir = createTempDir('jobs');
  const env = { DATABASE_FILE: dir.file('office.sqlite'), TILES_URL: 'none' };
  let database: Database;
  let now = NOW;

  before(async () => {
    database = await openMigrated({ kind: 'sqlite', file: env.DATABASE_FILE });
    const office = await seedSmallOffice(database, { date: '2026-12-08' });
    await createDesk(database, () => NOW).hold({ stopId: office.firstStopId, minute: 540 });
  });
  after(async () => {
    await database.close();
    dir.remove();
  });

  async function run(args: string, more: Readonly<Record<string, string>> = {}) {
    const said = { out: '', err: '' };
    const code = await runJobsCommand(
      args.split(' ').filter((word) => word !== ''),
      { ...env, ...more },
      {
        out: (text) => void (said.out += text),
        err: (text) => void (said.err += text),
        now: () => now,
        stopping: new AbortController().signal,
      },
    );
    return { code, ...said };
  }

  it('lists the jobs, none of which has run', async () => {
    const { code, out } = await run('list');
    expect(code).to.equal(0);
    const names = out.trimEnd().split('\n');
    expect(names).to.include.members(['outbox\tnever', 'reminders\tnever', 'expiry\tnever', 'retention\tnever']);
  });

  it('runs one and says what it did, and the list shows it', async () => {
    now += 2 * 60 * 60_000;
    expect(await run('expiry')).to.deep.equal({ code: 0, out: 'expiry: holds 1\n', err: '' });
    const [did] = await createJobRepository(database).runs(1);
    expect(did?.counts).to.deep.equal({ holds: 1, ticks: 0, expired: 0, deleted: 0 });
    now += 1_000;
    expect((await run('expiry')).out).to.equal('expiry: nothing to do\n');
    expect((await run('list')).out.split('\n')).to.include(
      'expiry\t2026-12-01T09:00:01.000Z (0.0 s) nothing to do\t2026-12-01T09:00:00.000Z (0.0 s) holds 1',
    );
  });

  it('leaves it to a server that is at it', async () => {
    await createJobRepository(database).lease('reminders', 'a server', now, 60_000);
    const { code, err, out } = await run('reminders');
    expect({ code, out }).to.deep.equal({ code: 1, out: '' });
    expect(err).to.contain('another process');
  });

  it('says what went wrong, and the list too', async () => {
    await database.writer.schema.renameTable('sign_in_failures', 'elsewhere');
    const { code, err } = await run('signInTraces');
    await database.writer.schema.renameTable('elsewhere', 'sign_in_failures');
    expect(code).to.equal(1);
    expect(err).to.contain('signInTraces failed').and.contain('sign_in_failures');
    expect((await run('list')).out).to.match(/signInTraces\t.* failed: .*sign_in_failures/);
  });

  it('tells how it is used, and ends with 2 when it was used wrongly', async () => {
    const help = await run('--help');
    expect(help).to.include({ code: 0, err: '' });
    expect(help.out).to.contain('Usage:');
    for (const wrong of ['', 'nothing', 'outbox expiry', 'list --colour']) {
      const { code, err } = await run(wrong);
      expect(code, wrong).to.equal(2);
      expect(err, wrong).to.contain('Usage:');
    }
    const both = await run('list', { DATABASE_URL: 'postgres://x/y' });
    expect(both.code).to.equal(2);
    expect(both.err).to.contain('choose one');
  });
});
