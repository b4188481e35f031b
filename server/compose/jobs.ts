import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import type { createHousekeepingRepository } from '../data/housekeepingRepository.ts';
import { createJobRepository } from '../data/jobRepository.ts';
import type { Database } from '../data/knex.ts';
import type { MessageWays } from '../data/outboxQueue.ts';
import { createOutboxRepository } from '../data/outboxRepository.ts';
import { createReminderRepository } from '../data/reminderRepository.ts';
import { expireHolds } from '../jobs/expiry.ts';
import { sendMessages, type SendDeps } from '../jobs/outbox.ts';
import { createPauses } from '../jobs/pauses.ts';
import { queueReminders } from '../jobs/reminders.ts';
import { purgePersonalData } from '../jobs/retention.ts';
import type { Job } from '../jobs/schedule.ts';
import { shareJobs } from '../jobs/share.ts';
import { deleteSignInTraces, type SignInTracesPort } from '../jobs/signInTraces.ts';
import { renewTourTimes, type TourTimesPort } from '../jobs/tourTimes.ts';
import type { Zone } from '../zone.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

export interface OfficeJobsDeps {
  database: Database;
  log: Logger;
  clock: { now: () => number };
  zone: Zone;
  ways: MessageWays;
  messages: Pick<SendDeps, 'write' | 'send'>;
  housekeeping: ReturnType<typeof createHousekeepingRepository>;
  signIns: SignInTracesPort;
  tourTimes: TourTimesPort;
  /** Forgets travel that was asked for too long ago. */
  forgetTravel: (now: number) => Promise<Readonly<Record<string, number>>>;
  /** Keeps the invented data up to date; null: not the demonstration. */
  seed: ((now: number) => Promise<void>) | null;
}

/** What the office does by itself, for one of several processes. */
export function officeJobs(deps: OfficeJobsDeps): Job[] {
  const { database, clock, zone, housekeeping, seed } = deps;
  const outbox = createOutboxRepository(database);
  const reminders = createReminderRepository(database, deps.ways);
  const process = randomBytes(8).toString('hex');
  const pauses = createPauses();
  const random = (): number => randomBytes(4).readUInt32BE() / 2 ** 32;
  const jobs: Job[] = [
    {
      // Not exclusive: several processes send at once, each message is claimed by one of them.
      name: 'outbox',
      every: 5 * SECOND,
      run: async (_now, stopping) => ({
        ...(await sendMessages(outbox, {
          ...deps.messages,
          worker: process,
          now: clock.now,
          random,
          zone,
          pauses,
          log: deps.log,
          stopping,
        })),
      }),
    },
    {
      name: 'reminders',
      every: MINUTE,
      exclusive: true,
      run: (now, stopping) => queueReminders(reminders, now, stopping),
    },
    { name: 'expiry', every: MINUTE, exclusive: true, run: (now) => expireHolds(housekeeping, now) },
    {
      name: 'signInTraces',
      every: 10 * MINUTE,
      exclusive: true,
      run: (now) => deleteSignInTraces(deps.signIns, now),
    },
    { name: 'retention', every: 10 * MINUTE, exclusive: true, run: (now) => purgePersonalData(housekeeping, now) },
    {
      name: 'tourTimes',
      every: 10 * MINUTE,
      exclusive: true,
      run: (now) => renewTourTimes(deps.tourTimes, zone.local(now).date),
    },
    { name: 'travel', every: 6 * HOUR, exclusive: true, run: (now) => deps.forgetTravel(now) },
    ...(seed === null
      ? []
      : [
          {
            name: 'demonstration',
            every: 6 * HOUR,
            exclusive: true,
            run: async (now: number) => (await seed(now), {}),
          },
        ]),
  ];
  return shareJobs(jobs, { port: createJobRepository(database), holder: process, now: clock.now });
}
