export interface JobLogger {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Something done again and again: idempotent, safe when several processes do it at once. Answers counts to log. */
export interface Job {
  name: string;
  /** Milliseconds between two runs. */
  every: number;
  run: (now: number) => Promise<Readonly<Record<string, number>>>;
}

/**
 * Runs each job now and then in its rhythm, never twice at the same time in this process. A failure is logged and the
 * next run tries again.
 * @returns stop: no further run begins; resolves when the running ones are done
 */
export function startJobs(jobs: readonly Job[], now: () => number, log: JobLogger): () => Promise<void> {
  const running = new Map<string, Promise<void>>();
  const runOnce = (job: Job): void => {
    if (running.has(job.name)) {
      return;
    }
    const run = job
      .run(now())
      .then((counts) => {
        if (Object.values(counts).some((count) => count > 0)) {
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
    await Promise.all(running.values());
  };
}
