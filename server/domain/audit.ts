import type { Instant } from './time.ts';

/** The history of what was changed in the office: who, when, what, from what to what. Never with data of citizens. */

export const AUDIT_SUBJECTS = [
  'tour',
  'municipality',
  'venue',
  'depot',
  'service',
  'kit',
  'clerk',
  'closingDay',
  'user',
  'call',
  'appointment',
  'letter',
  'callback',
  'message',
  'calendarFeed',
] as const;
export type AuditSubject = (typeof AUDIT_SUBJECTS)[number];

export const AUDIT_ACTIONS = [
  'created',
  'changed',
  'published',
  'cancelled',
  'deleted',
  'retired',
  'restored',
  'imported',
  'locked',
  'unlocked',
  'passwordSet',
  'secondFactorReset',
  'signedIn',
  'done',
  'lookedUp',
  'booked',
  'moved',
  'noted',
  'queued',
  'printed',
  'taken',
  'givenBack',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

export interface AuditChange {
  /** What was changed, in German as it stands beside the field on its form. */
  field: string;
  /** As a person would read it, in German; null: nothing. */
  from: string | null;
  to: string | null;
}

export interface AuditEntry {
  /** Null: what a whole installation shares. */
  municipalityId: number | null;
  subject: AuditSubject;
  subjectId: number | null;
  /** What it was called at that moment. */
  label: string;
  action: AuditAction;
  changes: readonly AuditChange[];
}

export interface RecordedEntry extends AuditEntry {
  id: number;
  at: Instant;
  userName: string;
}

/** The fields whose text differs between two pictures of the same thing. Fields of only one of them count as empty. */
export function changesBetween(
  before: Readonly<Record<string, string | null>>,
  after: Readonly<Record<string, string | null>>,
): AuditChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((field) => {
    const from = before[field] ?? null;
    const to = after[field] ?? null;
    return (from ?? '') === (to ?? '') ? [] : [{ field, from, to }];
  });
}
