import { oneLine, paragraphsOf } from './layout.ts';
import { fill, type PlaceholderValues } from './placeholders.ts';

/** What a municipality worded itself of one text in one language; null: as the program has it. */
export interface TextPieces {
  subject: string | null;
  /** The first sentences, after the greeting. */
  intro: string | null;
  /** A paragraph before the farewell. */
  note: string | null;
}

export const NO_PIECES: Readonly<TextPieces> = { subject: null, intro: null, note: null };

/** The words of a text, filled in. */
export interface FilledPieces {
  /** One line of at most 250 characters. */
  subject: string;
  /** Paragraphs. */
  intro: string[];
  note: string[];
}

/** As much as the outbox keeps of a subject, and more than anybody reads. */
const LONGEST_SUBJECT = 250;

/**
 * Fills in what the municipality worded, and takes the program's own words for what it did not, and where its own ask for
 * something that is not known of this appointment.
 * @param delivered the program's own words
 * @throws Error when the program's own words ask for what is not known; the place may be unknown
 */
export function fillPieces(delivered: TextPieces, own: TextPieces, values: PlaceholderValues): FilledPieces {
  const worded = (text: string | null): string | null => (text === null ? null : fill(text, values));
  const subject = oneLine(worded(own.subject) ?? '');
  return {
    subject:
      subject !== '' && subject.length <= LONGEST_SUBJECT ? subject : oneLine(fillDelivered(delivered.subject, values)),
    intro: paragraphsOf(worded(own.intro) ?? fillDelivered(delivered.intro, values)),
    note: paragraphsOf(worded(own.note) ?? fillDelivered(delivered.note, values)),
  };
}

/** Where it is may not be known any more: the sentence is right without it. */
function fillDelivered(text: string | null, values: PlaceholderValues): string {
  const known = values.ort === undefined ? (text ?? '').replace(/ \p{L}+ \{ort\}/gu, '') : (text ?? '');
  const filled = fill(known, values);
  if (filled === null) throw new Error(`There are no values for "${known}"`);
  return filled;
}
