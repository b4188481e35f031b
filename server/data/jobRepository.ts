import type { Instant } from '../domain/time.ts';
import type { Database } from './knex.ts';
import { runOften } from './statements.ts';

export interface JobRun {
  name: string;
  startedAt: Instant;
  endedAt: Instant;
  /** What was done how often; empty: there was nothing to do. Null: it failed. */
  counts: Readonly<Record<string, number>> | null;
  error: string | null;
}

interface RunRow {
  name: string;
  started_at: Instant;
  ended_at: Instant;
  counts: string | null;
  error: string | null;
}

/** How a run in which nothing had to be done is stored; of each job one such run at most. */
const NOTHING = '{}';

/** Which process may run a job, and what came of the runs. */
export function createJobRepository({ reader, unit }: Pick<Database, 'reader' | 'unit'>) {
  return {
    /**
     * Takes the job, or keeps it for longer, unless another process has it.
     * @param name of the job
     * @param holder who asks: a name that no other process has
     * @param ms from now on, in milliseconds, until it is anybody's
     * @returns false: another process has it
     */
    lease: (name: string, holder: string, now: Instant, ms: number): Promise<boolean> =>
      unit(async (trx) => {
        const taken = await runOften(
          trx,
          `insert into job_leases (name, holder, until) values (?, ?, ?)
             on conflict (name) do update set holder = excluded.holder, until = excluded.until
               where job_leases.until <= ? or job_leases.holder = excluded.holder
             returning name`,
          [name, holder, now + ms, now],
        );
        return taken.length === 1;
      }),

    /** Gives the job back; what another process has taken over meanwhile stays with it. */
    release: (name: string, holder: string): Promise<void> =>
      unit(async (trx) => void (await trx('job_leases').where({ name, holder }).delete())),

    /** Notes a run. One in which nothing had to be done takes the place of the one before it. */
    record: (run: JobRun): Promise<void> =>
      unit(async (trx) => {
        const counts = run.counts === null ? null : JSON.stringify(run.counts);
        if (counts === NOTHING) await trx('job_runs').where({ name: run.name, counts: NOTHING }).delete();
        await trx('job_runs').insert({
          name: run.name,
          started_at: run.startedAt,
          ended_at: run.endedAt,
          counts,
          error: run.error,
        });
      }),

    /** The last runs of all jobs, newest first. */
    async runs(limit: number): Promise<JobRun[]> {
      const rows = await reader<RunRow>('job_runs')
        .orderBy([
          { column: 'started_at', order: 'desc' },
          { column: 'id', order: 'desc' },
        ])
        .limit(limit);
      return rows.map((row) => ({
        name: row.name,
        startedAt: row.started_at,
        endedAt: row.ended_at,
        counts: row.counts === null ? null : (JSON.parse(row.counts) as Record<string, number>),
        error: row.error,
      }));
    },
  };
}
