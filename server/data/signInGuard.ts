import { createHmac } from 'node:crypto';
import { Refusal } from '../domain/refusal.ts';
import { THROTTLES, waitAfter, type ThrottleKind } from '../domain/staff/throttle.ts';
import type { Instant } from '../domain/time.ts';
import type { Database } from './knex.ts';
import { networkOf } from './lookupGuard.ts';

/** Whose attempts are counted: an e-mail address as typed, a network address, or the id of a user. */
export interface Guarded {
  kind: ThrottleKind;
  value: string;
}

interface Row {
  key: string;
  failures: number;
  since: number;
  blocked_until: number | null;
}

/**
 * Slows down who guesses passwords and codes. An attempt is counted before what was typed is looked at, in one
 * transaction with the question whether it is allowed: of many guesses at once none slips through, whichever process
 * they reach. Kept are keyed hashes only; what was counted does not tell whether there is such an account.
 * @param secret key of the hash; the same for all processes of the office
 */
export function createSignInGuard(database: Database, secret: string) {
  const hash = ({ kind, value }: Guarded): string =>
    createHmac('sha256', secret)
      .update(`${kind}:${kind === 'address' ? networkOf(value) : value.toLowerCase()}`)
      .digest('base64url');

  /** In one order, so that two attempts that count for the same never wait for each other. */
  const keyed = (guarded: readonly Guarded[]) =>
    guarded.map((one) => ({ key: hash(one), kind: one.kind })).sort((a, b) => (a.key < b.key ? -1 : 1));

  return {
    /**
     * Counts an attempt for all of these, or refuses it and counts it for none.
     * @returns until when no attempt is allowed; null: this one is
     */
    attempt(guarded: readonly Guarded[], now: Instant): Promise<Instant | null> {
      return database.unit(async (trx) => {
        for (const { key, kind } of keyed(guarded)) {
          const throttle = THROTTLES[kind];
          await trx('sign_in_failures')
            .where('key', key)
            .where('since', '<=', now - throttle.window)
            .where((old) => {
              void old.whereNull('blocked_until').orWhere('blocked_until', '<=', now);
            })
            .delete();
          // The row stays locked until the commit: whoever comes at the same time sees this count.
          const rows: Row[] = await trx('sign_in_failures')
            .insert({ key, failures: 1, since: now })
            .onConflict('key')
            .merge({ failures: trx.raw('sign_in_failures.failures + 1') })
            .returning(['failures', 'blocked_until']);
          const { failures = 1, blocked_until = null } = rows[0] ?? {};
          if (blocked_until !== null && blocked_until > now) {
            throw new Refusal<Instant | null>(blocked_until);
          }
          const wait = waitAfter(failures, throttle);
          if (wait > 0) {
            await trx('sign_in_failures')
              .where('key', key)
              .update({ blocked_until: now + wait });
          }
        }
        return null;
      });
    },

    /** The attempt was right: what was counted for account and code is forgotten; for the address only this one. */
    async succeeded(guarded: readonly Guarded[]): Promise<void> {
      await database.unit(async (trx) => {
        for (const { key, kind } of keyed(guarded)) {
          if (kind !== 'address') {
            await trx('sign_in_failures').where('key', key).delete();
            continue;
          }
          await trx('sign_in_failures').where('key', key).where('failures', '<=', 1).delete();
          await trx('sign_in_failures')
            .where('key', key)
            .update({
              failures: trx.raw('failures - 1'),
              blocked_until: trx.raw('case when failures - 1 < ? then null else blocked_until end', [
                THROTTLES[kind].free,
              ]),
            });
        }
      });
    },

    /** Forgets what counts no longer. @returns how many */
    deleteOld: (now: Instant): Promise<number> =>
      database.unit((trx) =>
        trx('sign_in_failures')
          .where('since', '<=', now - Math.max(...Object.values(THROTTLES).map(({ window }) => window)))
          .where((old) => {
            void old.whereNull('blocked_until').orWhere('blocked_until', '<=', now);
          })
          .delete(),
      ),
  };
}
