import { expect } from 'chai';
import { createJobRepository } from '../../server/data/jobRepository.ts';
import { openDatabase, type Database, type DatabaseConfig } from '../../server/data/knex.ts';
import type { Counts, Job } from '../../server/jobs/schedule.ts';
import { IDLE_NOTED, shareJobs } from '../../server/jobs/share.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { countWhere, openMigrated } from '../support/raceFixture.ts';

const GOING_ON = new AbortController().signal;

describeOnBothDatabases('Jobs of several processes', (open) => {
  let config: DatabaseConfig;
  let database: Database;
  let now: number;
  before(async () => {
    config = (await open()).config;
    database = await openMigrated(config);
  });
  beforeEach(async () => {
    now = 1_000_000;
    await database.writer('job_leases').delete();
    await database.writer('job_runs').delete();
  });
  after(() => database.close());

  const runs = (limit = 20) => createJobRepository(database).runs(limit);
  const share = (job: Job, holder = 'here', lease = 60_000, renewal = 3_600_000): Job => {
    const port = createJobRepository(database);
    return shareJobs([job], { port, holder, now: () => now, lease, renewal })[0] as Job;
  };
  const run = (job: Job): Promise<Counts | 'elsewhere'> => job.run(now, GOING_ON);

  /** A job that runs until it is let go. */
  function gated(counts: Counts = { things: 1 }) {
    let letGo: () => void = () => undefined;
    let begun: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    const hasBegun = new Promise<void>((resolve) => (begun = resolve));
    const signals: AbortSignal[] = [];
    const job: Job = {
      name: 'thing',
      every: 1,
      exclusive: true,
      run: async (_now, stopping) => {
        signals.push(stopping);
        begun();
        await gate;
        return counts;
      },
    };
    return { job, letGo, hasBegun, signals };
  }

  it('run in one process at a time, and in the next when it is done', async () => {
    const { job, letGo, hasBegun } = gated();
    const here = run(share(job));
    await hasBegun;
    expect(await run(share(job, 'there'))).to.equal('elsewhere');
    letGo();
    expect(await here).to.deep.equal({ things: 1 });
    expect(await run(share(job, 'there'))).to.deep.equal({ things: 1 });
    expect(await countWhere(database, 'job_leases'), 'given back').to.equal(0);
    expect(await runs(), 'what was done elsewhere is no run').to.have.length(2);
  });

  it('are taken over when the lease of a process that died has ended, not before', async () => {
    const leases = createJobRepository(database);
    expect(await leases.lease('thing', 'dead', now, 60_000)).to.equal(true);
    const { job, letGo } = gated();
    letGo();
    now += 59_999;
    expect(await run(share(job))).to.equal('elsewhere');
    now += 1;
    expect(await run(share(job))).to.deep.equal({ things: 1 });
  });

  it('keep the lease while they run long, and are told to stop when they have lost it', async () => {
    const { job, letGo, hasBegun, signals } = gated();
    const leases = createJobRepository(database);
    const here = run(share(job, 'here', 60_000, 1));
    await hasBegun;
    now += 50_000;
    for (;;) {
      // The renewals come by themselves; what they do is seen in the database.
      const row = await database.reader<{ until: number }>('job_leases').first();
      if (row?.until === now + 60_000) break;
    }
    expect(await leases.lease('thing', 'there', now + 59_999, 60_000)).to.equal(false);
    // The process sleeps; another one takes the job over before it renews again.
    await database.writer('job_leases').update({ holder: 'there', until: now + 90_000 });
    const [signal] = signals;
    if (signal?.aborted !== true) await new Promise((resolve) => signal?.addEventListener('abort', resolve));
    letGo();
    await here;
    expect(await database.reader('job_leases').select('holder'), 'it stays with the other').to.deep.equal([
      { holder: 'there' },
    ]);
  });

  it('are told to stop when the process ends', async () => {
    const { job, letGo, hasBegun, signals } = gated();
    const stopping = new AbortController();
    const here = share(job).run(now, stopping.signal);
    await hasBegun;
    stopping.abort();
    expect(signals[0]?.aborted).to.equal(true);
    letGo();
    await here;
  });

  it('give the lease to one of two processes that ask at the same moment', async () => {
    const other = openDatabase(config);
    for (let round = 0; round < 20; round++) {
      now += 1_000_000;
      const answers = await Promise.all([
        createJobRepository(database).lease('thing', 'here', now, 1_000),
        createJobRepository(other).lease('thing', 'there', now, 1_000),
      ]);
      expect([...answers].sort(), `round ${round}`).to.deep.equal([false, true]);
    }
    await other.close();
  });

  it('need no lease where they are not exclusive', async () => {
    const { job, letGo, hasBegun } = gated();
    const here = run(share({ ...job, exclusive: false }));
    await hasBegun;
    const { job: second, letGo: go } = gated({ things: 2 });
    go();
    expect(await run(share({ ...second, exclusive: false }, 'there'))).to.deep.equal({ things: 2 });
    letGo();
    await here;
  });

  it('note what they did and what went wrong, and the last run in which nothing had to be done', async () => {
    const answers: (Counts | Error)[] = [
      { things: 0, others: 2 },
      new Error('no connection for karin.vogel@beispiel.example'),
      { things: 0 },
      { things: 0 },
      { things: 0 },
    ];
    const job = share({
      name: 'thing',
      every: 1,
      run: () => {
        const answer = answers.shift() ?? {};
        return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
      },
    });
    expect(await run(job)).to.deep.equal({ things: 0, others: 2 });
    now += 1;
    let fault: unknown;
    await run(job).catch((error: unknown) => (fault = error));
    expect(fault).to.be.instanceOf(Error);
    now += 1;
    await run(job);
    const idle = now;
    now += 1;
    await run(job); // not noted again so soon
    const noted = (): Promise<unknown[]> =>
      runs().then((all) => all.map(({ startedAt, counts, error }) => [startedAt, counts, error]));
    const before = [
      [1_000_001, null, 'Error: no connection for …'],
      [1_000_000, { things: 0, others: 2 }, null],
    ];
    expect(await noted()).to.deep.equal([[idle, {}, null], ...before]);
    now = idle + IDLE_NOTED;
    await run(job);
    expect(await noted(), 'in the place of the one before').to.deep.equal([[now, {}, null], ...before]);
    expect(await runs(1)).to.have.length(1);
  });
});
