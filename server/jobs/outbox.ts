import { giveUpAt, nextTry, retryDelay, safeReason } from '../domain/messages/delivery.ts';
import type { Delivery, OutgoingMessage, WrittenMessage } from '../domain/messages/message.ts';
import type { Instant, LocalDate, MinuteOfDay } from '../domain/time.ts';
import { tickToMinute } from '../domain/time.ts';
import { createPauses, type Pauses, type WayOut } from './pauses.ts';

/** The messages on their way out; whatever is said about a claimed one after its claim has ended changes nothing. */
export interface OutboxPort {
  claim(
    worker: string,
    now: Instant,
    leaseMs: number,
    closed: readonly WayOut[],
  ): Promise<{ kind: 'send'; message: OutgoingMessage } | { kind: 'superseded' } | { kind: 'late' } | null>;
  sent(id: number, worker: string, at: Instant, written: WrittenMessage): Promise<boolean>;
  retry(id: number, worker: string, nextAt: Instant, reason: string, counts: boolean): Promise<boolean>;
  fail(id: number, worker: string, at: Instant, reason: string): Promise<boolean>;
  waiting(way: WayOut, limit: number): Promise<(WaitingMessage & { id: number })[]>;
  giveUpWaiting(id: number, reason: string, at: Instant): Promise<boolean>;
}

type WaitingMessage = Pick<OutgoingMessage, 'kind' | 'changedBy' | 'createdAt' | 'expiresAt' | 'before'> & {
  time: Pick<OutgoingMessage['time'], 'startsAt'>;
};

export interface OutboxLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface SendDeps {
  /** Words it. */
  write: (message: OutgoingMessage) => Promise<WrittenMessage>;
  /** Hands it to the other side, which has two minutes at most. */
  send: (message: OutgoingMessage, written: WrittenMessage) => Promise<Delivery>;
  /** A name that no other process has. */
  worker: string;
  now: () => Instant;
  /** 0 inclusive to 1 exclusive. */
  random: () => number;
  zone: { instantAt(date: LocalDate, minute: MinuteOfDay): Instant };
  /** Remembered from run to run; missing: none. */
  pauses?: Pauses;
  log?: OutboxLogger;
  /** No further message is begun once it is aborted. */
  stopping?: AbortSignal;
  /** Messages in one run, at most. */
  most?: number;
}

export interface SendCounts {
  sent: number;
  /** Tried in vain, or its way out is closed. */
  later: number;
  failed: number;
  superseded: number;
}

/** Longer than writing and sending one message can take: after that its process counts as dead. In milliseconds. */
export const LEASE = 5 * 60_000;

const MOST = 1_000;

/** What waits behind a closed way out is looked through for what has to be given up, so many at a time. */
const MOST_WAITING = 500;

/** That a message was sent is tried to be noted so often: else it would be sent again. */
const NOTING_TRIES = 3;

/** Sends what is due, one message after the other, until nothing is left. Safe in several processes at once. */
export async function sendMessages(port: OutboxPort, deps: SendDeps): Promise<SendCounts> {
  const counts: SendCounts = { sent: 0, later: 0, failed: 0, superseded: 0 };
  const pauses = deps.pauses ?? createPauses();
  for (let taken = 0; taken < (deps.most ?? MOST) && deps.stopping?.aborted !== true; taken++) {
    const now = deps.now();
    const step = await port.claim(deps.worker, now, LEASE, pauses.closed(now));
    if (step === null) break;
    if (step.kind === 'send') await sendOne(port, deps, pauses, step.message, counts);
    else counts[step.kind === 'superseded' ? 'superseded' : 'failed']++;
  }
  return counts;
}

async function sendOne(
  port: OutboxPort,
  deps: SendDeps,
  pauses: Pauses,
  message: OutgoingMessage,
  counts: SendCounts,
): Promise<void> {
  const attempt = await tryToSend(deps, message);
  const { id } = message;
  const at = deps.now();
  if (attempt.kind === 'sent') {
    pauses.open(message);
    if (!(await insist(() => port.sent(id, deps.worker, at, attempt.written)))) {
      deps.log?.warn({ message: id }, 'sent after the claim had ended: it may be sent again');
    }
    counts.sent++;
    return;
  }
  const reason = safeReason(attempt.reason);
  if (attempt.kind === 'down') {
    await pause(port, deps, pauses, message, reason, counts);
    return;
  }
  pauses.open(message); // it has answered
  const until = giveUpAt(message, promisedAt(message, deps));
  const delay = retryDelay(message.attempts + 1, deps.random());
  const next = attempt.kind === 'refused' ? null : nextTry(at, delay, until, message.expiresAt);
  if (next === null) {
    if (await port.fail(id, deps.worker, at, reason)) counts.failed++;
  } else if (await port.retry(id, deps.worker, next, reason, true)) {
    counts.later++;
  }
}

type Attempt = { kind: 'sent'; written: WrittenMessage } | Exclude<Delivery, { kind: 'sent' }>;

/** A fault of the program must not stop the queue: the message waits like one that nobody took. */
async function tryToSend({ write, send, log }: SendDeps, message: OutgoingMessage): Promise<Attempt> {
  let step = 'written';
  try {
    const written = await write(message);
    step = 'sent';
    const delivery = await send(message, written);
    return delivery.kind === 'sent' ? { kind: 'sent', written } : delivery;
  } catch (error) {
    log?.error({ message: message.id, kind: message.kind, err: error }, `a message could not be ${step}`);
    return { kind: 'later', reason: `program: it could not be ${step}` };
  }
}

/** Nothing can be sent this way for now, which is no fault of the message: it waits, and so do the others. */
async function pause(
  port: OutboxPort,
  deps: SendDeps,
  pauses: Pauses,
  message: OutgoingMessage,
  reason: string,
  counts: SendCounts,
): Promise<void> {
  const { municipalityId, channel } = message;
  const at = deps.now();
  const length = pauses.close(message, at);
  deps.log?.warn({ municipalityId, channel, reason, pauseMinutes: length / 60_000 }, 'messages cannot be sent');
  if (await port.retry(message.id, deps.worker, at, reason, false)) counts.later++;
  // Nobody claims what waits behind a closed way, and yet people have to be called in time.
  for (const waiting of await port.waiting({ municipalityId, channel }, MOST_WAITING)) {
    const isOver = giveUpAt(waiting, promisedAt(waiting, deps)) <= at;
    if (isOver && (await port.giveUpWaiting(waiting.id, reason, at))) {
      counts.failed++;
      if (waiting.id === message.id) counts.later--;
    }
  }
}

/** When the person would come, as far as they know. */
function promisedAt({ before, time }: WaitingMessage, { zone }: SendDeps): Instant {
  return before === null ? time.startsAt : zone.instantAt(before.date, tickToMinute(before.startTick));
}

async function insist<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries >= NOTING_TRIES) throw error;
    }
  }
}
