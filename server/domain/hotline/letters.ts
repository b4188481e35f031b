/** Which letter somebody without e-mail is sent. */

export type LetterKind = 'confirmed' | 'moved' | 'cancelled';

/** What somebody has been sent so far. */
export interface LettersSoFar {
  /** The letter that waits to be printed; null: none. */
  waiting: LetterKind | null;
  /** True when at least one has been printed. */
  isPrinted: boolean;
}

/**
 * The letter that has to wait after a change; null: none. What waits says how things stand when it is printed, so one
 * is enough.
 *
 * Who made the change knows of it: as long as nothing was printed, a move changes only what the confirmation says, and
 * after a cancellation there is nothing to take back. Who is told of a change by the office must hear that it is one.
 */
export function nextLetter(soFar: LettersSoFar, kind: LetterKind, changedBy: 'person' | 'office'): LetterKind | null {
  if (changedBy === 'office' || kind === 'confirmed') return kind;
  if (kind === 'cancelled') return soFar.isPrinted ? 'cancelled' : null;
  return soFar.waiting === 'confirmed' || (soFar.waiting === null && !soFar.isPrinted) ? 'confirmed' : 'moved';
}
