import type { AuditEntry } from '../domain/audit.ts';
import type { Instant } from '../domain/time.ts';
import { writeAudit, type AuditAuthor } from './auditRepository.ts';
import type { Database } from './knex.ts';

/** Calendars that somebody who works with the program has subscribed to. Their addresses are kept as hashes only. */

type FeedKind = 'clerk' | 'kit' | 'planner';

interface Row {
  id: number;
  token_hash: string;
  user_id: number;
  kind: FeedKind;
  kit_id: number | null;
  label: string;
  locale: 'de' | 'en';
  created_at: Instant;
  used_at: Instant | null;
}

interface FeedRecord {
  id: number;
  userId: number;
  kind: FeedKind;
  kitId: number | null;
  label: string;
  locale: 'de' | 'en';
  createdAt: Instant;
  /** When a calendar asked last; null: never. */
  usedAt: Instant | null;
}

interface NewFeed extends Omit<FeedRecord, 'id' | 'usedAt'> {
  tokenHash: string;
}

/** A calendar that asks every quarter of an hour need not be written down each time, in milliseconds. */
const USED_EVERY = 60 * 60_000;

function toRecord(row: Row): FeedRecord {
  return {
    id: row.id,
    userId: row.user_id,
    kind: row.kind,
    kitId: row.kit_id,
    label: row.label,
    locale: row.locale,
    createdAt: row.created_at,
    usedAt: row.used_at,
  };
}

export function createFeedRepository(database: Database) {
  const { reader } = database;

  return {
    /** Of this user, oldest first. */
    async ofUser(userId: number): Promise<FeedRecord[]> {
      return (await reader<Row>('calendar_feeds').where('user_id', userId).orderBy('id')).map(toRecord);
    },

    async byToken(tokenHash: string): Promise<FeedRecord | undefined> {
      const row = await reader<Row>('calendar_feeds').where('token_hash', tokenHash).first();
      return row === undefined ? undefined : toRecord(row);
    },

    /** Made twice with the same address there is one. `tooMany`: the user has as many as are allowed. */
    create(
      feed: NewFeed,
      most: number,
      author: AuditAuthor,
      entry: Omit<AuditEntry, 'subjectId'>,
    ): Promise<'made' | 'there' | 'tooMany'> {
      return database.unit(async (trx) => {
        const own = await trx<Row>('calendar_feeds').where('user_id', feed.userId).select('token_hash');
        if (own.some(({ token_hash }) => token_hash === feed.tokenHash)) return 'there';
        if (own.length >= most) return 'tooMany';
        const rows: { id: number }[] = await trx('calendar_feeds')
          .insert({
            token_hash: feed.tokenHash,
            user_id: feed.userId,
            kind: feed.kind,
            kit_id: feed.kitId,
            label: feed.label,
            locale: feed.locale,
            created_at: feed.createdAt,
          })
          .onConflict('token_hash')
          .ignore()
          .returning('id');
        const [made] = rows;
        if (made === undefined) return 'there';
        await writeAudit(trx, author, feed.createdAt, { ...entry, subjectId: made.id });
        return 'made';
      });
    },

    /** Its address answers no longer. False: this user has no such calendar. */
    end(
      userId: number,
      feedId: number,
      author: AuditAuthor,
      at: Instant,
      entryOf: (feed: FeedRecord) => Omit<AuditEntry, 'subjectId'>,
    ): Promise<boolean> {
      return database.unit(async (trx) => {
        const row = await trx<Row>('calendar_feeds').where({ id: feedId, user_id: userId }).first();
        if (row === undefined) return false;
        const deleted = await trx('calendar_feeds').where({ id: feedId, user_id: userId }).delete();
        if (deleted === 0) return false; // somebody was quicker
        await writeAudit(trx, author, at, { ...entryOf(toRecord(row)), subjectId: feedId });
        return true;
      });
    },

    /** Remembers that a calendar has asked; at most once an hour, so that most requests write nothing. */
    async used(feed: Pick<FeedRecord, 'id' | 'usedAt'>, now: Instant): Promise<void> {
      if (feed.usedAt !== null && feed.usedAt > now - USED_EVERY && feed.usedAt <= now) return;
      await database.unit((trx) => trx('calendar_feeds').where('id', feed.id).update({ used_at: now }));
    },
  };
}
