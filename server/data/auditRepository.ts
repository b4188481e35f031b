import type { Knex } from 'knex';
import type { Scope } from '../domain/access.ts';
import type { AuditAction, AuditChange, AuditEntry, AuditSubject, RecordedEntry } from '../domain/audit.ts';
import type { Instant } from '../domain/time.ts';
import { likePattern, lowerCase } from './lowerCase.ts';

interface Row {
  id: number;
  at: number;
  user_name: string;
  municipality_id: number | null;
  subject: AuditSubject;
  subject_id: number | null;
  subject_label: string;
  action: AuditAction;
  changes: string;
}

/** Who did it; a user id of null is the program itself or the command line. */
export interface AuditAuthor {
  userId: number | null;
  name: string;
}

/** Writes into the history, in the transaction of the change it tells of. */
export async function writeAudit(
  trx: Knex.Transaction,
  author: AuditAuthor,
  at: Instant,
  entry: AuditEntry,
): Promise<void> {
  await trx('audit_entries').insert({
    at,
    user_id: author.userId,
    user_name: author.name,
    municipality_id: entry.municipalityId,
    subject: entry.subject,
    subject_id: entry.subjectId,
    subject_label: entry.label.slice(0, 200),
    action: entry.action,
    changes: JSON.stringify(entry.changes),
  });
}

export interface AuditQuery {
  /** Only entries of these municipalities; what belongs to the whole installation needs 'all'. */
  scope: Scope;
  subject?: AuditSubject;
  subjectId?: number;
  /** Part of the label or of the name of who did it, in any case. */
  text?: string;
  /** Inclusive. */
  from?: Instant;
  /** Exclusive. */
  to?: Instant;
  offset: number;
  limit: number;
}

/** Reads the history, newest first. */
export function createAuditRepository(reader: Knex) {
  return {
    async entries(query: AuditQuery): Promise<RecordedEntry[]> {
      const found = reader<Row>('audit_entries').orderBy([
        { column: 'at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ]);
      if (query.scope !== 'all') void found.whereIn('municipality_id', [...query.scope]);
      if (query.subject !== undefined) void found.where('subject', query.subject);
      if (query.subjectId !== undefined) void found.where('subject_id', query.subjectId);
      if (query.from !== undefined) void found.where('at', '>=', query.from);
      if (query.to !== undefined) void found.where('at', '<', query.to);
      if (query.text !== undefined && query.text !== '') {
        const like = likePattern(query.text);
        void found.where((part) => {
          void part
            .whereRaw(`${lowerCase('subject_label')} like ? escape '\\'`, [like])
            .orWhereRaw(`${lowerCase('user_name')} like ? escape '\\'`, [like]);
        });
      }
      const rows = await found.offset(query.offset).limit(query.limit);
      return rows.map((row) => ({
        id: row.id,
        at: row.at,
        userName: row.user_name,
        municipalityId: row.municipality_id,
        subject: row.subject,
        subjectId: row.subject_id,
        label: row.subject_label,
        action: row.action,
        changes: JSON.parse(row.changes) as AuditChange[],
      }));
    },
  };
}
