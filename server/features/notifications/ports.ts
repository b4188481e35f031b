import type { Actor, Scope } from '../../domain/access.ts';
import type { Directory, Locale } from '../../domain/booking/office.ts';
import type { ChangedBy, MessageChannel, MessageKind, MessageState } from '../../domain/messages/message.ts';
import type { Instant, LocalDate, MinuteOfDay } from '../../domain/time.ts';

/** Who looks after messages, with the municipalities whose messages they may see. */
export interface Keeper {
  actor: Actor;
  scope: Scope;
}

/** A message in a list: nothing of it but what tells messages apart. */
export interface ListedMessage {
  id: number;
  municipalityId: number;
  channel: MessageChannel;
  kind: MessageKind;
  changedBy: ChangedBy;
  state: MessageState;
  /** How often it was tried. */
  attempts: number;
  createdAt: Instant;
  /** When it is tried next, while it waits. */
  nextAt: Instant;
  /** When it was sent or given up. */
  doneAt: Instant | null;
  /** What the other side said last; begins with where it failed: 'recipient: 550 …'. */
  error: string | null;
  /** Nine symbols without separators. */
  reference: string;
  /** When the appointment is, as the message tells it. */
  date: LocalDate;
  startTick: number;
}

/** One message with what it says, for those who may see the appointment. */
export interface OpenedMessage extends ListedMessage {
  before: { date: LocalDate; startTick: number } | null;
  locale: Locale;
  /** Null: not sent yet, it is worded when it is sent. */
  subject: string | null;
  body: string | null;
  calendar: string | null;
}

/** Waiting with those being sent, sent with those overtaken by a newer one, given up. */
export type ListedState = 'waiting' | 'sent' | 'failed';

export interface Messages {
  /** Newest first; of waiting ones, what is due next first. */
  list(scope: Scope, state: ListedState, limit: number, offset: number): Promise<ListedMessage[]>;
  counts(scope: Scope): Promise<Record<ListedState, number>>;
  /** Ways out on which nothing leaves now, and since when something waits there. */
  stuck(scope: Scope): Promise<{ municipalityId: number; channel: MessageChannel; since: Instant; error: string }[]>;
}

export interface MessageUnit {
  /** Opens one, which is recorded. @returns null for what does not exist in the scope */
  open(keeper: Keeper, id: number, now: Instant): Promise<OpenedMessage | null>;
  /**
   * Sends one again: what was given up waits once more, of what was sent a new one is made from how things stand now.
   * @returns `waits`: one about this appointment is on its way already; `no`: there is nothing to tell any more; null
   *   for what does not exist in the scope
   */
  again(keeper: Keeper, id: number, now: Instant): Promise<'queued' | 'waits' | 'no' | null>;
}

/** A run of what the office does by itself. */
export interface JobRun {
  name: string;
  startedAt: Instant;
  endedAt: Instant;
  /** What was done how often; null: it failed. */
  counts: Readonly<Record<string, number>> | null;
  error: string | null;
}

export type RunMessageUnit = <T>(work: (unit: MessageUnit) => Promise<T>) => Promise<T>;
export type ReadDirectory = () => Promise<Directory>;

export interface Clock {
  now(): Instant;
}

export interface Zone {
  local(instant: Instant): { date: LocalDate; minute: MinuteOfDay };
}
