export interface JobLogger {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What was done how often. */
export type Counts = Readonly<Record<string, number>>;

/** Something done again and again: idempotent, safe when several processes do it at once. Answers counts to log. */
export interface Job {
  name: string;
  /** Milliseconds between two runs. */
  every: number;
  /** One process at a time does it: see `shareJobs`. */
  exclusive?: boolean;
  /**
   * @param stopping aborted when the run should end soon, after whatever cannot be left half done
   * @returns elsewhere: another process is at it
   */
  run: (now: number, stopping: AbortSignal) => Promise<Counts | 'elsewhere'>;
}

/** True for a run that found something to do. */
export function hasDoneSomething(counts: Counts): boolean {
  return Object.values(counts).some((count) => count > 0);
}

/**
 * Runs each job now and then in its rhythm, never twice at the same time in this process. A failure is logged and the
 * next run tries again; a process that slept over a run simply runs it when it wakes up.
 * @returns stop: no further run begins, the running ones are told to end; resolves when they are done
 */
export function startJobs(jobs: readonly Job[], now: () => number, log: JobLogger): () => Promise<void> {
  const running = new Map<string, Promise<void>>();
  const stopping = new AbortController();
  const runOnce = (job: Job): void => {
    if (running.has(job.name)) {
      return;
    }
    const run = job
      .run(now(), stopping.signal)
      .then((counts) => {
        if (counts !== 'elsewhere' && hasDoneSomething(counts)) {
          log.info({ job: job.name, ...counts }, 'job done');
        }
      })
      .catch((error: unknown) => log.error({ job: job.name, err: error }, 'job failed'))
      .finally(() => running.delete(job.name));
    running.set(job.name, run);
  };
  const timers = jobs.map((job) => {
    runOnce(job);
    const timer = setInterval(() => runOnce(job), job.every);
    timer.unref();
    return timer;
  });
  return async () => {
    timers.forEach((timer) => clearInterval(timer));
    stopping.abort();
    await Promise.all(running.values());
  };
}
