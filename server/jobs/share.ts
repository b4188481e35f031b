import { safeReason } from '../domain/messages/delivery.ts';
import type { Instant } from '../domain/time.ts';
import { hasDoneSomething, type Counts, type Job } from './schedule.ts';

export interface JobRunsPort {
  /** @returns false: another process has it */
  lease(name: string, holder: string, now: Instant, ms: number): Promise<boolean>;
  release(name: string, holder: string): Promise<void>;
  record(run: {
    name: string;
    startedAt: Instant;
    endedAt: Instant;
    counts: Counts | null;
    error: string | null;
  }): Promise<void>;
}

export interface ShareDeps {
  port: JobRunsPort;
  /** A name that no other process has. */
  holder: string;
  now: () => Instant;
  /** Milliseconds until the lease of a process that died ends; a living one renews it in time. */
  lease?: number;
  /** Milliseconds between two renewals. */
  renewal?: number;
}

const LEASE = 60_000;
const RENEWAL = 20_000;

/** That nothing had to be done is noted so often at most, in milliseconds: to show that the job is alive. */
export const IDLE_NOTED = 10 * 60_000;

/**
 * The same jobs for one of several processes: an exclusive one runs only while this process has its lease, and what came
 * of the runs is noted where all processes note it.
 */
export function shareJobs(jobs: readonly Job[], deps: ShareDeps): Job[] {
  return jobs.map((job) => {
    let idleNoted = -Infinity;
    return {
      ...job,
      async run(startedAt, stopping) {
        const run = await (job.exclusive === true
          ? runAlone(job, deps, startedAt, stopping)
          : attempt(job, startedAt, stopping));
        if (run === 'elsewhere') return run;
        const endedAt = deps.now();
        const isIdle = 'counts' in run && !hasDoneSomething(run.counts);
        if (!isIdle || endedAt - idleNoted >= IDLE_NOTED) {
          await deps.port.record({
            name: job.name,
            startedAt,
            endedAt,
            counts: 'counts' in run ? (isIdle ? {} : run.counts) : null,
            error: 'counts' in run ? null : faultOf(run.fault),
          });
        }
        if (isIdle && endedAt - idleNoted >= IDLE_NOTED) idleNoted = endedAt;
        if ('fault' in run) throw run.fault;
        return run.counts;
      },
    };
  });
}

type Run = { counts: Counts } | { fault: unknown };

async function attempt(job: Job, now: Instant, stopping: AbortSignal): Promise<Run | 'elsewhere'> {
  try {
    const counts = await job.run(now, stopping);
    return counts === 'elsewhere' ? counts : { counts };
  } catch (fault) {
    return { fault };
  }
}

/** With the lease, which is renewed while it runs. Who has lost it, because the process slept, is told to stop. */
async function runAlone(
  job: Job,
  { port, holder, now, lease = LEASE, renewal = RENEWAL }: ShareDeps,
  startedAt: Instant,
  stopping: AbortSignal,
): Promise<Run | 'elsewhere'> {
  if (!(await port.lease(job.name, holder, startedAt, lease))) return 'elsewhere';
  const lost = new AbortController();
  const renew = (): Promise<void> =>
    port.lease(job.name, holder, now(), lease).then(
      (isMine) => (isMine ? undefined : lost.abort()),
      () => undefined, // a database that cannot be asked now may be there for the next renewal
    );
  let renewing = Promise.resolve();
  const timer = setInterval(() => {
    renewing = renewing.then(renew);
  }, renewal);
  timer.unref();
  try {
    return await attempt(job, startedAt, AbortSignal.any([stopping, lost.signal]));
  } finally {
    clearInterval(timer);
    await renewing; // or it would take the lease again after it was given back
    await port.release(job.name, holder).catch(() => undefined); // it ends by itself
  }
}

/** As it may be stored: without what the database refused, and without addresses. */
function faultOf(fault: unknown): string {
  return safeReason(fault instanceof Error ? `${fault.name}: ${fault.message}` : String(fault)) || 'Error';
}
