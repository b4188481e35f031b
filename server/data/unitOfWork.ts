import type { Knex } from 'knex';
import { Refusal } from '../domain/refusal.ts';
import { runOften } from './statements.ts';

/**
 * Runs `work` in one transaction and answers what it returned, after the commit is durable. When `work` throws, nothing
 * of it remains; a thrown `Refusal` is an expected outcome: it is rolled back too, and its value is the answer.
 * `work` may be run more than once, after what it did the time before was rolled back.
 */
export type RunUnit = <T>(work: (trx: Knex.Transaction) => Promise<T>) => Promise<T>;

/** PostgreSQL: serialization failure, deadlock. The whole unit may simply be tried again. */
const RETRY_CODES = new Set(['40001', '40P01']);
const MAX_TRIES = 5;

function refusedOrThrow<T>(error: unknown): T {
  if (error instanceof Refusal) {
    return error.value as T;
  }
  throw error;
}

/** One transaction a unit, as many at once as the pool has connections. Deadlocks are tried again. */
export function createPlainUnits(pool: Knex): RunUnit {
  return async (work) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await pool.transaction(work);
      } catch (error) {
        const code = (error as { code?: string }).code;
        if (attempt >= MAX_TRIES || code === undefined || !RETRY_CODES.has(code)) {
          return refusedOrThrow(error);
        }
      }
    }
  };
}

interface Waiting {
  work: (trx: Knex.Transaction) => Promise<unknown>;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

/** At most so many units share one commit: bounds how long the first of them waits for its answer. */
const GROUP_SIZE = 64;

/** What to tell the caller of a unit that has thrown and left no trace. */
function answerOfFailure(unit: Waiting, error: unknown): () => void {
  return error instanceof Refusal ? () => unit.resolve(error.value) : () => unit.reject(error);
}

/**
 * Runs one unit in a savepoint; answers what to tell its caller once the commit is durable. Savepoints are not released
 * one by one but by the commit: of equal names SQLite takes the newest, so a failure undoes its own unit only.
 */
async function runInSavepoint(trx: Knex.Transaction, unit: Waiting): Promise<() => void> {
  await runOften(trx, 'SAVEPOINT unit');
  try {
    const value = await unit.work(trx);
    return () => unit.resolve(value);
  } catch (error) {
    await runOften(trx, 'ROLLBACK TO unit');
    return answerOfFailure(unit, error);
  }
}

/** Without a savepoint, which costs as much as a sixth of a booking: a failure spoils the whole transaction. */
async function runUnguarded(trx: Knex.Transaction, unit: Waiting): Promise<() => void> {
  try {
    const value = await unit.work(trx);
    return () => unit.resolve(value);
  } catch (error) {
    throw new Spoilt(error);
  }
}

/** A unit has failed in a transaction that has no savepoint to go back to. */
class Spoilt extends Error {
  constructor(cause: unknown) {
    super('unit of work failed', { cause });
  }
}

/**
 * Group commit for a database with a single writer (DeWitt et al. 1984, "Implementation techniques for main memory
 * database systems"): units that wait while a commit is under way run one after the other in the next transaction and
 * share one durable commit. Each is answered after that commit only, so an acknowledged unit is always on disk. Where
 * one fails, the group is run again with a savepoint for each, so that it is rolled back alone.
 */
export function createCommitGroup(writer: Knex): { run: RunUnit; drain(): Promise<void> } {
  const queue: Waiting[] = [];
  let running: Promise<void> | null = null;

  /** Runs units in one transaction, those waiting first; `group` then holds the ones that were begun. */
  async function commitTogether(
    group: Waiting[],
    next: () => Waiting | undefined,
    runOne: (trx: Knex.Transaction, unit: Waiting) => Promise<() => void>,
  ): Promise<void> {
    const answers: (() => void)[] = [];
    let trx: Knex.Transaction | undefined;
    try {
      trx = await writer.transaction();
      if (trx.isCompleted()) {
        await trx.executionPromise; // BEGIN failed and knex handed the transaction out all the same: this throws why
      }
      for (let unit = next(); unit !== undefined; unit = next()) {
        group.push(unit);
        answers.push(await runOne(trx, unit));
      }
      await trx.commit();
      await trx.executionPromise; // knex answers a failed COMMIT like a good one: this throws why
    } catch (error) {
      if (trx !== undefined && !trx.isCompleted()) {
        await trx.rollback().catch(() => undefined);
      } else if (trx !== undefined) {
        // A COMMIT that failed may have left its transaction open, and then no other could begin on this connection.
        await writer.raw('ROLLBACK').catch(() => undefined);
      }
      throw error;
    }
    answers.forEach((answer) => answer());
  }

  async function runGroup(): Promise<void> {
    const group: Waiting[] = [];
    try {
      await commitTogether(group, () => (group.length < GROUP_SIZE ? queue.shift() : undefined), runUnguarded);
    } catch (error) {
      if (error instanceof Spoilt) {
        await runGuarded(group);
      } else {
        lose(group, error);
      }
    }
  }

  async function runGuarded(spoilt: readonly Waiting[]): Promise<void> {
    const again = [...spoilt];
    const group: Waiting[] = [];
    try {
      await commitTogether(group, () => again.shift(), runInSavepoint);
    } catch (error) {
      lose(spoilt, error);
    }
  }

  /** The transaction as a whole is lost (database locked, disk full): whoever was in it or first in line hears so. */
  function lose(group: readonly Waiting[], error: unknown): void {
    const lost = group.length > 0 ? group : queue.splice(0, GROUP_SIZE);
    lost.forEach((unit) => unit.reject(error));
  }

  async function runQueue(): Promise<void> {
    while (queue.length > 0) {
      await runGroup();
    }
    running = null;
  }

  function run<T>(unit: (trx: Knex.Transaction) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      queue.push({ work: unit, resolve: resolve as (value: unknown) => void, reject });
      running ??= runQueue();
    });
  }

  return { run, drain: () => running ?? Promise.resolve() };
}
