import type { Locale } from '../../../domain/booking/office.ts';
import type { TextKind } from '../../../domain/messages/message.ts';
import type { TextPieces } from '../../../domain/messages/texts.ts';
import { translator } from '../../../web/locale.ts';

/** A text as the program has it, with placeholders: what a municipality begins with that words its own. */
export function deliveredPieces(kind: TextKind, locale: Locale): TextPieces {
  const t = translator(locale);
  return { subject: t(`messages.texts.${kind}.subject`), intro: t(`messages.texts.${kind}.intro`), note: null };
}
