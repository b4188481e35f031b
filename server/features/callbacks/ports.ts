import type { Scope } from '../../domain/access.ts';
import type { AuditEntry } from '../../domain/audit.ts';
import type { Instant, LocalDate, MinuteOfDay } from '../../domain/time.ts';

/** What the call-backs need from outside. */

export interface Callback {
  id: number;
  municipalityId: number;
  name: string | null;
  phone: string;
  reason: string;
  createdAt: Instant;
  /** Null: somebody whose account is gone. */
  createdBy: string | null;
  dueAt: Instant;
  /** Who calls back; null: nobody yet, or somebody whose account is gone. */
  taken: { at: Instant; userId: number; name: string } | null;
  done: { at: Instant; userId: number | null; name: string | null } | null;
}

export interface Callbacks {
  /**
   * Those not done, what is due first before the rest.
   * @param limit at most so many; `total` counts all
   */
  open(scope: Scope, limit: number): Promise<{ callbacks: Callback[]; total: number }>;
  /** Those done at this instant or later, newest first. */
  doneSince(scope: Scope, since: Instant, limit: number): Promise<Callback[]>;
}

export interface NewCallback {
  municipalityId: number;
  name: string | null;
  phone: string;
  reason: string;
  createdAt: Instant;
  createdBy: number;
  dueAt: Instant;
}

/** Changes call-backs within one transaction. */
export interface CallbackUnit {
  /** Waits until nobody else writes for this user. */
  lockUser(userId: number): Promise<void>;
  /** The same note (number, reason, municipality) that this user wrote at `since` or later. */
  same(note: NewCallback, since: Instant): Promise<{ id: number; dueAt: Instant } | null>;
  /** @returns its id */
  insert(note: NewCallback): Promise<number>;
  /** Null: there is none, or not in the scope. */
  find(scope: Scope, id: number): Promise<Callback | null>;
  /**
   * Each of these changes the call-back only while it is as `seen` says it is.
   * @returns false when it is not any more
   */
  take(seen: Callback, userId: number, at: Instant): Promise<boolean>;
  giveBack(seen: Callback): Promise<boolean>;
  finish(seen: Callback, userId: number, at: Instant): Promise<boolean>;
  /** @param keepTaken false: it is free for everybody */
  reopen(seen: Callback, keepTaken: boolean): Promise<boolean>;
  audit(author: { userId: number; name: string }, at: Instant, entry: AuditEntry): Promise<void>;
}

export type RunCallbackUnit = <T>(work: (unit: CallbackUnit) => Promise<T>) => Promise<T>;

/** Municipalities of the scope, by name, with the state whose holidays they have (ISO 3166-2:DE without `DE-`). */
export interface Office {
  municipalities(scope: Scope): Promise<readonly { id: number; name: string; holidayRegion: string }[]>;
}

export interface Holidays {
  /** The name of the holiday; null: none. */
  on(date: LocalDate, region: string): string | null;
}

export interface Clock {
  now(): Instant;
}

/** Wall-clock time of the office. */
export interface Zone {
  instantAt(date: LocalDate, minute: MinuteOfDay): Instant;
  local(instant: Instant): { date: LocalDate; minute: MinuteOfDay };
}
