import { z } from 'zod';
import { parseMinute, type MinuteOfDay } from '../../domain/time.ts';

/**
 * Pieces of the forms of the master data. Messages are keys of texts, see web/form.ts. A field that was not sent counts
 * as empty.
 */

/** Longer than any field, in UTF-16 units. */
const LONGEST = 10_000;

/** The same letter may be typed as one sign or as two. Putting 100,000 accents together takes seconds: not done. */
export function composed(text: string): string {
  return text.length > LONGEST ? text : text.normalize('NFC');
}

/** Without control characters, spaces folded; line ends stay where `lines` is true. */
function cleaned(value: string, lines: boolean): string {
  const text = composed(value).replaceAll('\r\n', '\n');
  if (!lines) {
    return text
      .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
      .replace(/\s+/g, ' ')
      .trim();
  }
  return text
    .split('\n')
    .map((line) => cleaned(line, false))
    .join('\n')
    .trim();
}

const raw = (lines = false) =>
  z
    .unknown()
    .optional()
    .transform((value) => (typeof value === 'string' ? cleaned(value, lines) : ''));

/** A line that may be empty, at most `max` characters. */
export function line(max: number) {
  return raw().pipe(z.string().max(max, `data.errors.tooLong?max=${max}`));
}

/** Several lines that may be empty, at most `max` characters. */
export function lines(max: number) {
  return raw(true).pipe(z.string().max(max, `data.errors.tooLong?max=${max}`));
}

/** A line that must not be empty. @param missing key of the text that says what is missing */
export function neededLine(max: number, missing: string) {
  return raw().pipe(z.string().min(1, missing).max(max, `data.errors.tooLong?max=${max}`));
}

/** A line of at most `max` characters, null when it is empty. */
export function lineOrNull(max: number) {
  return line(max).transform((value) => (value === '' ? null : value));
}

/** Null when it is empty. */
export function mailOrNull() {
  return line(254)
    .refine((value) => value === '' || /^[^\s@<>"(),:;]+@[^\s@<>"(),:;]+\.[^\s@<>"(),:;.]{2,}$/u.test(value), {
      message: 'data.errors.mail',
    })
    .transform((value) => (value === '' ? null : value));
}

/** Null when it is empty. */
export function phoneOrNull() {
  return line(40)
    .refine(
      (value) => value === '' || (/^[+\d][\d\s()/.–-]*$/u.test(value) && /\d{3}/.test(value.replace(/\D/g, ''))),
      {
        message: 'data.errors.phone',
      },
    )
    .transform((value) => (value === '' ? null : value));
}

/** A whole number, bounds inclusive. */
export function wholeNumber(min: number, max: number) {
  const message = `data.errors.number?min=${min}&max=${max}`;
  return raw().transform((value, context) => {
    const number = /^\d{1,6}$/.test(value) ? Number(value) : NaN;
    if (!(number >= min && number <= max)) {
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    }
    return number;
  });
}

/** The id of something chosen from a list. @param missing key of the text for no choice */
export function chosenId(missing: string) {
  return raw().transform((value, context) => {
    if (!/^[1-9]\d{0,8}$/.test(value)) {
      context.addIssue({ code: 'custom', message: missing });
      return z.NEVER;
    }
    return Number(value);
  });
}

/** A tick: any text but an empty one, "0" and "nein". */
export function tick() {
  return raw().transform((value) => !['', '0', 'nein', 'no'].includes(value.toLowerCase()));
}

const ANSWERS: Readonly<Record<string, boolean>> = {
  ja: true,
  yes: true,
  '1': true,
  nein: false,
  no: false,
  '0': false,
};

/** Undefined for any other word, "constructor" too. */
function answerOf(word: string): boolean | undefined {
  return Object.hasOwn(ANSWERS, word) ? ANSWERS[word] : undefined;
}

/** "ja", "nein" or nothing (null). */
export function yesNoUnknown() {
  return raw().transform((value, context) => {
    const answer = value === '' || value === 'unbekannt' ? null : answerOf(value.toLowerCase());
    if (answer === undefined) {
      context.addIssue({ code: 'custom', message: 'data.errors.yesNo' });
      return z.NEVER;
    }
    return answer;
  });
}

/** "ja" or "nein". @param missing key of the text for no answer */
export function yesNo(missing: string) {
  return yesNoUnknown().transform((value, context) => {
    if (value === null) {
      context.addIssue({ code: 'custom', message: missing });
      return z.NEVER;
    }
    return value;
  });
}

/** Bounds of the positions that are taken: Germany with some room, in degrees. Swapped numbers fall out of it. */
const BOUNDS = { lat: { min: 47, max: 56 }, lon: { min: 5, max: 16 } };

/** Degrees with a comma or a point. */
export function degrees(which: 'lat' | 'lon') {
  const { min, max } = BOUNDS[which];
  return raw().transform((value, context) => {
    const number = /^\d{1,3}([.,]\d{1,12})?°?$/.test(value) ? Number(value.replace(',', '.').replace('°', '')) : NaN;
    if (!(number >= min && number <= max)) {
      context.addIssue({ code: 'custom', message: value === '' ? 'data.errors.noPosition' : `data.errors.${which}` });
      return z.NEVER;
    }
    return Math.round(number * 1e6) / 1e6;
  });
}

const MOST_OF_PAIR = 100;

/**
 * Whoever pastes both numbers of a position into the field of the latitude ("50,849 12,464", "50.849, 12.464") means
 * both fields. Everything else stays as it is.
 */
export function spreadPosition(fields: unknown): unknown {
  const { breite: typed } = (fields ?? {}) as Record<string, unknown>;
  // Two numbers are short; the expressions below take the square of the length.
  const breite = typeof typed === 'string' && typed.length <= MOST_OF_PAIR ? typed : undefined;
  const pair = typeof breite === 'string' ? /^\s*(\d+[.,]\d+)°?\s*[,;]?\s+(\d+[.,]\d+)°?\s*$/.exec(breite) : null;
  const tight = typeof breite === 'string' ? /^\s*(\d+\.\d+)[,;](\d+\.\d+)\s*$/.exec(breite) : null;
  const both = pair ?? tight;
  return both === null ? fields : { ...(fields as object), breite: both[1], laenge: both[2] };
}

/** "8", "8.30", "8:30", "08:30", "8 Uhr"; null when it is no time of day. */
export function timeTyped(text: string): MinuteOfDay | null {
  const match = /^(\d{1,2})(?:[.:](\d{2}))?(?:\s*(?:uhr|h))?$/i.exec(text.trim());
  return match === null ? null : parseMinute(`${match[1]}:${match[2] ?? '00'}`);
}

export interface TypedSpan {
  /** Inclusive. */
  fromMinute: MinuteOfDay;
  /** Exclusive. */
  toMinute: MinuteOfDay;
}

export type SpansProblem = 'form' | 'order' | 'overlap' | 'tooMany';

const MOST_SPANS = 2;

/** "8–12, 13–17.30" as spans in order; an empty text, "zu" and "geschlossen" are none. */
export function spansTyped(text: string): TypedSpan[] | SpansProblem {
  if (['', '-', '–', 'zu', 'geschlossen', 'closed'].includes(text.toLowerCase())) return [];

  const spans: TypedSpan[] = [];
  for (const part of text.split(/\s*(?:[,;/+]|\bund\b|\band\b)\s*/)) {
    const [from, to, more] = part.split(/\s*(?:[-–—]|\bbis\b|\bto\b)\s*/).map(timeTyped);
    if (from === undefined || from === null || to === undefined || to === null || more !== undefined) return 'form';
    if (from >= to) return 'order';
    spans.push({ fromMinute: from, toMinute: to });
  }
  spans.sort((a, b) => a.fromMinute - b.fromMinute);
  if (spans.length > MOST_SPANS) return 'tooMany';
  return spans.some((span, index) => span.fromMinute < (spans[index - 1]?.toMinute ?? 0)) ? 'overlap' : spans;
}

/** What `spansTyped` reads. */
export function spans() {
  return line(120).transform((value, context) => {
    const read = spansTyped(value);
    if (typeof read === 'string') {
      context.addIssue({ code: 'custom', message: `data.errors.spans.${read}` });
      return z.NEVER;
    }
    return read;
  });
}

const FOLDED: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss', æ: 'ae', ø: 'oe', ł: 'l' };

/** Part of an address: small letters, digits and hyphens; umlauts are written out. At most `max` characters. */
export function slugOf(text: string, max: number): string {
  return (
    text
      .toLowerCase()
      .replace(/[äöüßæøł]/g, (letter) => FOLDED[letter] ?? letter)
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .replace(/[^a-z0-9]+/g, '-')
      .slice(0, max)
      .replace(/^-+|-+$/g, '') || 'ort'
  );
}
