import type { Instant } from '../domain/time.ts';
import type { Database } from './knex.ts';

/** A session as the program keeps it (server/web/session.ts). */
export interface SessionRow {
  idHash: string;
  userId: number | null;
  data: string;
  createdAt: Instant;
  seenAt: Instant;
  expiresAt: Instant;
  device: string;
}

interface Row {
  id_hash: string;
  user_id: number | null;
  data: string;
  created_at: number;
  seen_at: number;
  expires_at: number;
  device: string;
}

function toSession(row: Row): SessionRow {
  return {
    idHash: row.id_hash,
    userId: row.user_id,
    data: row.data,
    createdAt: row.created_at,
    seenAt: row.seen_at,
    expiresAt: row.expires_at,
    device: row.device,
  };
}

function toRow(session: SessionRow): Row {
  return {
    id_hash: session.idHash,
    user_id: session.userId,
    data: session.data,
    created_at: session.createdAt,
    seen_at: session.seenAt,
    expires_at: session.expiresAt,
    device: session.device.slice(0, 120),
  };
}

/** Sessions of those who work with the program. */
export function createSessionRepository({ reader, unit }: Pick<Database, 'reader' | 'unit'>) {
  return {
    async find(idHash: string): Promise<SessionRow | undefined> {
      const row = await reader<Row>('sessions').where('id_hash', idHash).first();
      return row === undefined ? undefined : toSession(row);
    },

    /** Inserts a session that has just begun; within the same request once more with what has changed. */
    async save(session: SessionRow): Promise<void> {
      await unit((trx) => trx('sessions').insert(toRow(session)).onConflict('id_hash').merge());
    },

    /** Does nothing when the session has ended meanwhile. */
    async change(session: SessionRow): Promise<void> {
      const { id_hash, ...row } = toRow(session);
      await unit((trx) => trx('sessions').where({ id_hash }).update(row));
    },

    async touch(idHash: string, seenAt: Instant, expiresAt: Instant): Promise<void> {
      await unit((trx) => trx('sessions').where('id_hash', idHash).update({ seen_at: seenAt, expires_at: expiresAt }));
    },

    async end(idHash: string): Promise<void> {
      await unit((trx) => trx('sessions').where('id_hash', idHash).delete());
    },

    /** Those that have not ended, the one used last first. */
    async ofUser(userId: number, now: Instant): Promise<SessionRow[]> {
      const rows = await reader<Row>('sessions')
        .where('user_id', userId)
        .where('expires_at', '>', now)
        .orderBy('seen_at', 'desc');
      return rows.map(toSession);
    },

    /** Ends all sessions of a user but one. @returns how many */
    endOthers: (userId: number, exceptHash: string | null): Promise<number> =>
      unit((trx) =>
        trx('sessions')
          .where('user_id', userId)
          .whereNot('id_hash', exceptHash ?? '')
          .delete(),
      ),

    deleteEnded: (now: Instant): Promise<number> =>
      unit((trx) => trx('sessions').where('expires_at', '<=', now).delete()),
  };
}
