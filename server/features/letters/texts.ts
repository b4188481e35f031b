import type { LetterKind } from '../../domain/hotline/letters.ts';
import type { TextKind } from '../../domain/messages/message.ts';
import { NO_PIECES, type TextPieces } from '../../domain/messages/texts.ts';
import type { OpenLetter, ReadTexts } from './ports.ts';

/** What a letter says: its kind, but of a cancelled appointment never anything else than that. */
export function kindNow({ kind, state }: Pick<OpenLetter, 'kind' | 'state'>): LetterKind {
  return state === 'cancelled' ? 'cancelled' : kind;
}

/** The text a letter shares with the mail of the same kind. */
export function textKindOf(
  letter: Pick<OpenLetter, 'kind' | 'state' | 'cancelledByOffice' | 'movedByOffice'>,
): TextKind {
  switch (kindNow(letter)) {
    case 'confirmed':
      return 'booked';
    case 'moved':
      return letter.movedByOffice === true ? 'movedByOffice' : 'moved';
    case 'cancelled':
      return letter.cancelledByOffice ? 'cancelledByOffice' : 'cancelled';
  }
}

/** What a municipality worded itself of the text of a letter. */
export type OwnOf = (letter: OpenLetter) => TextPieces;

/**
 * Reads what municipalities worded themselves of the texts of these letters, each once. Of a text that none of them has,
 * it knows nothing.
 */
export async function readOwn(texts: ReadTexts, letters: readonly OpenLetter[]): Promise<OwnOf> {
  const nameOf = (letter: OpenLetter): string => `${letter.municipalityId} ${textKindOf(letter)} ${letter.locale}`;
  const first = new Map(letters.map((letter) => [nameOf(letter), letter]));
  const known = new Map(
    await Promise.all(
      Array.from(
        first,
        async ([name, letter]) =>
          [name, await texts(letter.municipalityId, textKindOf(letter), letter.locale)] as const,
      ),
    ),
  );
  return (letter) => known.get(nameOf(letter)) ?? NO_PIECES;
}
