import { randomBytes, randomInt } from 'node:crypto';
import { createCrewDayRepository } from '../../server/data/crewDayRepository.ts';
import { createCrewDayUnit } from '../../server/data/crewDayUnit.ts';
import { keepFor, readDirectory } from '../../server/data/directoryRepository.ts';
import type { Database } from '../../server/data/knex.ts';
import type { Instant } from '../../server/domain/time.ts';
import type { LateMessages } from '../../server/features/myDay/ports.ts';
import type { DayWork } from '../../server/features/myDay/deps.ts';
import type { Sent } from '../../server/features/myDay/outcomes.ts';
import { OFFICE_ZONE, type SmallOffice } from './officeFixture.ts';
import { insertUser, type StaffOptions } from './staff.ts';

/** What the use cases of the clerk's day need, as the program builds it; nobody is told of a delay. */
export function crewDeps(database: Database, now: () => Instant, messages?: LateMessages): DayWork {
  return {
    days: createCrewDayRepository(database.reader),
    unit: <T>(work: (unit: ReturnType<typeof createCrewDayUnit>) => Promise<T>): Promise<T> =>
      database.unit((trx) => work(createCrewDayUnit(trx))),
    directory: keepFor(1_000, now, () => readDirectory(database.reader)),
    freshTimes: () => Promise.resolve(null),
    messages: messages ?? { tell: () => Promise.resolve([]) },
    clock: { now },
    zone: OFFICE_ZONE,
    random: {
      int: (max) => randomInt(max),
      secret: () => randomBytes(16).toString('base64url'),
    },
  };
}

/** A user account for a clerk. @returns its id */
export async function addClerkUser(database: Database, clerkId: number, options: StaffOptions = {}): Promise<number> {
  const { id } = await insertUser(database, ['clerk'], { name: 'Anna Winter', ...options });
  await database.writer('clerks').where('id', clerkId).update({ user_id: id });
  return id;
}

/** The tour of a stop. */
export async function tourIdOf(database: Database, stopId: SmallOffice['firstStopId']): Promise<number> {
  const row: { tour_id: number } | undefined = await database.reader('stops').where('id', stopId).first('tour_id');
  return row?.tour_id ?? 0;
}

/** Somebody ticks something, now and under a new key if nothing else is said. */
export function sentBy(userId: number, at: Instant, key: string = randomBytes(8).toString('hex')): Sent {
  return { userId, key, at };
}
