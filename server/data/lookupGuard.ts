import { createHmac, randomBytes } from 'node:crypto';
import type { Instant } from '../domain/time.ts';
import type { Database } from './knex.ts';

/** So many wrong references an address may try before it has to wait. */
const FREE_TRIES = 5;
/** Failures older than this are forgotten, in milliseconds. */
const WINDOW = 60 * 60_000;
/** The wait after the first failure too many; doubled by each further one, in milliseconds. */
const FIRST_WAIT = 60_000;
const LONGEST_WAIT = 60 * 60_000;

interface Row {
  address_key: string;
  failures: number;
  since: number;
  blocked_until: number | null;
}

/**
 * Slows down who guesses references. Counts in the database, so that several processes count together; the address is
 * kept as a hash only. IPv6 addresses count by their /64 network, which one household or attacker owns as a whole.
 * @param key secret of the hash; the same for all processes of the office
 */
export function createLookupGuard(database: Database, key: string) {
  const keyOf = (address: string): string => createHmac('sha256', key).update(networkOf(address)).digest('base64url');

  return {
    async blockedUntil(address: string, now: Instant): Promise<Instant | null> {
      const row = await database.reader<Row>('lookup_failures').where('address_key', keyOf(address)).first();
      const until = row?.blocked_until ?? null;
      return until !== null && until > now ? until : null;
    },

    failed(address: string, now: Instant): Promise<Instant | null> {
      return database.unit(async (trx) => {
        await trx('lookup_failures')
          .where('since', '<=', now - WINDOW)
          .where((old) => {
            void old.whereNull('blocked_until').orWhere('blocked_until', '<=', now);
          })
          .delete();
        const rows: { failures: number }[] = await trx('lookup_failures')
          .insert({ address_key: keyOf(address), failures: 1, since: now })
          .onConflict('address_key')
          .merge({ failures: trx.raw('lookup_failures.failures + 1') })
          .returning('failures');
        const over = (rows[0]?.failures ?? 0) - FREE_TRIES;
        if (over < 0) {
          return null;
        }
        const blockedUntil = now + Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** over);
        await trx('lookup_failures').where('address_key', keyOf(address)).update({ blocked_until: blockedUntil });
        return blockedUntil;
      });
    },
  };
}

/** The address itself for IPv4, the /64 network for IPv6. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:/, '');
  if (!plain.includes(':')) {
    return plain;
  }
  const [head = '', tail] = plain.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  return [...left, ...Array<string>(zeros).fill('0'), ...right].slice(0, 4).join(':');
}

/** The key of this name, made at first use and kept in the database: all processes of the office share it. */
export async function officeKey(database: Database, name: string): Promise<string> {
  await database.unit((trx) =>
    trx('office_keys')
      .insert({ name, value: randomBytes(32).toString('base64url') })
      .onConflict('name')
      .ignore(),
  );
  const row = await database.reader<{ name: string; value: string }>('office_keys').where('name', name).first();
  if (row === undefined) {
    throw new Error(`Office key ${name} is missing`);
  }
  return row.value;
}
