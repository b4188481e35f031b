import type { Knex } from 'knex';
import { nextLetter, type LetterKind, type LettersSoFar } from '../domain/hotline/letters.ts';
import type { Instant } from '../domain/time.ts';
import { runOften } from './statements.ts';

/** What was written to an appointment so far; undefined: it has no address for letters. */
export async function readLetters(trx: Knex, appointmentId: number): Promise<LettersSoFar | undefined> {
  const rows = await runOften<{ kind: LetterKind | null; printed_at: Instant | null }>(
    trx,
    `select letters.kind, letters.printed_at from letter_addresses
       left join letters on letters.appointment_id = letter_addresses.appointment_id
       where letter_addresses.appointment_id = ?`,
    [appointmentId],
  );
  if (rows.length === 0) return undefined;
  const letters = rows.filter(({ kind }) => kind !== null);
  return {
    waiting: letters.find(({ printed_at }) => printed_at === null)?.kind ?? null,
    isPrinted: letters.some(({ printed_at }) => printed_at !== null),
  };
}

/**
 * Puts a letter about an appointment into the queue, in the transaction of the change it tells of; without an address
 * it does nothing. A letter that waits unprinted is replaced by a new row: whoever marks it as printed meanwhile marks
 * nothing. When there is nothing left to tell, none waits afterwards.
 * @param changedBy `person`: the change is their own wish; `office`: they don't know yet
 * @returns the id of the letter that waits now; null: none
 */
export async function queueLetter(
  trx: Knex.Transaction,
  appointmentId: number,
  kind: LetterKind,
  now: Instant,
  changedBy: 'person' | 'office' = 'person',
): Promise<number | null> {
  const soFar = await readLetters(trx, appointmentId);
  if (soFar === undefined) return null;
  const next = nextLetter(soFar, kind, changedBy);
  if (soFar.waiting !== null) {
    await trx('letters').where('appointment_id', appointmentId).whereNull('printed_at').delete();
  }
  if (next === null) return null;
  const [row] = await runOften<{ id: number }>(
    trx,
    `insert into letters (appointment_id, kind, created_at) values (?, ?, ?)
       on conflict (appointment_id) where printed_at is null
       do update set kind = excluded.kind, created_at = excluded.created_at
       returning id`,
    [appointmentId, next, now],
  );
  return row?.id ?? null;
}
