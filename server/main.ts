import type { AddressInfo } from 'node:net';
import { composeOffice } from './compose.ts';
import { ConfigError, parseConfig } from './config.ts';
import { startJobs } from './jobs/schedule.ts';

/** Requests under way get so long to finish before the process ends, in milliseconds. */
const PATIENCE = 10_000;

async function main(): Promise<void> {
  const config = parseConfig(process.env);
  const office = await composeOffice(config);
  const { log } = office;

  const server = office.app.listen(config.port, config.host);
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', reject);
  });
  const stopJobs = startJobs(office.jobs, Date.now, log);
  const { port } = server.address() as AddressInfo;
  log.info({ port, database: config.database.kind, demonstration: config.demonstration }, 'listening');
  if (process.stdout.isTTY) {
    process.stdout.write(`\n  Koffertour: http://localhost:${port}\n\n`);
  }

  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) {
      return;
    }
    stopping = true;
    log.info({ signal }, 'stopping');
    const forced = setTimeout(() => server.closeAllConnections(), PATIENCE);
    forced.unref();
    // At the signal: what a job is doing now is finished, nothing new is begun while the last requests are answered.
    const jobsEnded = stopJobs();
    server.close(() => {
      void jobsEnded
        .then(() => office.close())
        .then(() => {
          log.info('stopped');
          clearTimeout(forced);
        });
    });
    server.closeIdleConnections();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

main().catch((error: unknown) => {
  if (error instanceof ConfigError) {
    process.stderr.write(`${error.message}\n`);
  } else {
    process.stderr.write(
      `Koffertour cannot start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
  }
  process.exit(1);
});
