import { createHash } from 'node:crypto';
import type { Directory } from '../../domain/booking/office.ts';
import type { TextPieces } from '../../domain/messages/texts.ts';
import { presentLetter } from './letter.ts';
import type { Clock, OpenLetter, Printer, ReadDirectory, ReadTexts, RunLetterUnit } from './ports.ts';
import { readOwn } from './texts.ts';

/** A letter as somebody saw it, from the form of the page. */
export interface SeenLetter {
  id: number;
  appointmentId: number;
  /** Of everything that stood on it. */
  print: string;
}

export interface Marked {
  /** How many are marked as printed now. */
  marked: number;
  /** How many somebody else had marked before. */
  before: number;
  /** References of those that say something else by now: they wait to be printed again. */
  changed: string[];
  /** References of those that are not needed any more: not to be sent. */
  dropped: string[];
}

/** Differs as soon as one word of the letter does. */
export function fingerprintOf(letter: OpenLetter, own: TextPieces, directory: Directory, origin: string): string {
  return createHash('sha256')
    .update(JSON.stringify(presentLetter(letter, own, directory, origin)))
    .digest('base64url')
    .slice(0, 22);
}

/** A seen letter as the value of a field. */
export function seenValue(letter: OpenLetter, own: TextPieces, directory: Directory, origin: string): string {
  return `${letter.id}.${letter.appointmentId}.${fingerprintOf(letter, own, directory, origin)}`;
}

/** Reads what `seenValue` wrote; null for anything else. */
export function parseSeen(value: string): SeenLetter | null {
  const [, id, appointmentId, print] = /^([1-9]\d{0,8})\.([1-9]\d{0,8})\.([\w-]{22})$/.exec(value) ?? [];
  return print === undefined ? null : { id: Number(id), appointmentId: Number(appointmentId), print };
}

/**
 * Marks letters as printed, in one transaction: only those that still wait and still say what stood on the paper.
 * What lies outside the scope is passed over, as if it did not exist.
 * @param origin under which citizens reach the office
 */
export async function markPrinted(
  deps: { unit: RunLetterUnit; directory: ReadDirectory; texts: ReadTexts; clock: Clock },
  printer: Printer,
  seen: readonly SeenLetter[],
  origin: string,
): Promise<Marked> {
  const directory = await deps.directory();
  const ids = [...new Set(seen.map(({ appointmentId }) => appointmentId))].sort((a, b) => a - b);
  // Read before the transaction that marks: one that waits for a second connection could wait for itself.
  const ownOf = await readOwn(deps.texts, await deps.unit((unit) => unit.lockOpen(printer.scope, ids)));
  return deps.unit(async (unit) => {
    const openOf = new Map((await unit.lockOpen(printer.scope, ids)).map((letter) => [letter.appointmentId, letter]));
    const knownOf = new Map((await unit.known(printer.scope, ids)).map((one) => [one.appointmentId, one]));
    const good = new Map<number, OpenLetter>();
    const changed = new Set<string>();
    const dropped = new Set<string>();
    let before = 0;
    for (const { id, appointmentId, print } of seen) {
      const open = openOf.get(appointmentId);
      const known = knownOf.get(appointmentId);
      if (open?.id === id && fingerprintOf(open, ownOf(open), directory, origin) === print) good.set(id, open);
      else if (known === undefined) continue;
      else if (known.printedIds.includes(id)) before += 1;
      else if (open !== undefined) changed.add(known.reference);
      else dropped.add(known.reference);
    }
    await unit.mark(printer, [...good.values()], deps.clock.now());
    return { marked: good.size, before, changed: [...changed], dropped: [...dropped] };
  });
}
