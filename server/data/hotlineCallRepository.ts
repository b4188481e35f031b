import type { Call } from '../domain/hotline/desk.ts';
import type { Instant } from '../domain/time.ts';
import type { Database } from './knex.ts';
import { runOften } from './statements.ts';

interface CallRow {
  token: string;
  user_id: number;
  purpose: Call['purpose'];
  secret: string | null;
  query: string;
  started_at: Instant;
  ended_at: Instant | null;
}

const LONGEST_QUERY = 200;

/** The calls of the agents. A call belongs to the agent who began it: to everybody else its token opens nothing. */
export function createHotlineCallRepository({ reader, unit }: Pick<Database, 'reader' | 'unit'>) {
  return {
    async call(token: string, userId: number): Promise<Call | undefined> {
      const row = await reader<CallRow>('hotline_calls')
        .where({ token, user_id: userId })
        .whereNull('ended_at')
        .first();
      return row === undefined
        ? undefined
        : {
            token: row.token,
            userId: row.user_id,
            purpose: row.purpose,
            secret: row.secret,
            query: row.query,
            startedAt: row.started_at,
          };
    },

    async keep(call: Omit<Call, 'startedAt'>, now: Instant): Promise<boolean> {
      const kept = await unit((trx) =>
        runOften(
          trx,
          `insert into hotline_calls (token, user_id, purpose, secret, query, started_at) values (?, ?, ?, ?, ?, ?)
             on conflict (token) do update
               set purpose = excluded.purpose, secret = excluded.secret, query = excluded.query
               where hotline_calls.user_id = excluded.user_id and hotline_calls.ended_at is null
             returning token`,
          [call.token, call.userId, call.purpose, call.secret, call.query.slice(0, LONGEST_QUERY), now],
        ),
      );
      return kept.length === 1;
    },

    async beginHold(
      call: { token: string; userId: number; secret: string; query: string },
      now: Instant,
    ): Promise<string | null> {
      const kept = await unit((trx) =>
        runOften<{ secret: string }>(
          trx,
          `insert into hotline_calls (token, user_id, purpose, secret, query, started_at)
             values (?, ?, 'booking', ?, ?, ?)
             on conflict (token) do update
               set secret = coalesce(hotline_calls.secret, excluded.secret), query = excluded.query
               where hotline_calls.user_id = excluded.user_id and hotline_calls.ended_at is null
             returning secret`,
          [call.token, call.userId, call.secret, call.query.slice(0, LONGEST_QUERY), now],
        ),
      );
      return kept[0]?.secret ?? null;
    },

    /**
     * What was typed is forgotten at once. A call that nothing was kept of yet is ended too, so that a request which
     * comes late does not begin it again.
     * @returns the secret that the call had until now; null: none, or it is not theirs, or had ended before
     */
    async end(token: string, userId: number, now: Instant): Promise<string | null> {
      return unit(async (trx) => {
        const [ended] = await runOften<{ secret: string | null }>(
          trx,
          `insert into hotline_calls (token, user_id, purpose, started_at, ended_at) values (?, ?, 'booking', ?, ?)
             on conflict (token) do update set query = '', ended_at = excluded.ended_at
               where hotline_calls.user_id = excluded.user_id and hotline_calls.ended_at is null
             returning secret`,
          [token, userId, now, now],
        );
        const secret = ended?.secret ?? null;
        if (secret !== null) await trx('hotline_calls').where('token', token).update({ secret: null });
        return secret;
      });
    },
  };
}
