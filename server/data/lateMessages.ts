import type { Instant } from '../domain/time.ts';
import type { Database } from './knex.ts';
import { queueMessage, type MessageWays } from './outboxQueue.ts';

/** Tells people who wait that the crew is late, by the outbox. */
export function createLateMessages({ unit }: Pick<Database, 'unit'>, ways: MessageWays, now: () => Instant) {
  return {
    /** @returns the ids of the appointments whose people are told; the others are to be called */
    tell: (_tourId: number, late: readonly { appointmentId: number; expectedAt: Instant }[]) =>
      unit(async (trx) => {
        const told: number[] = [];
        for (const { appointmentId, expectedAt } of late) {
          const message = { appointmentId, kind: 'late', changedBy: 'office', expectedAt } as const;
          if ((await queueMessage(trx, ways, message, now())) !== null) told.push(appointmentId);
        }
        return told;
      }),
  };
}
