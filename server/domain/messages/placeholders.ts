import { TEXT_KINDS, type TextKind } from './message.ts';
import type { TextPieces } from './texts.ts';

/**
 * Placeholders in what a municipality words itself: `{datum}`. They have German names in every language, because those
 * who word the texts read German.
 */
export const PLACEHOLDERS = [
  'vorname',
  'nachname',
  'datum',
  'datum-kurz',
  'uhrzeit',
  'ort',
  'standort',
  'anschrift',
  'vorgangsnummer',
  'amt',
  'telefon',
  'datum-alt',
  'uhrzeit-alt',
  'ort-alt',
  'standort-alt',
  'frist',
  'wann',
  'uhrzeit-neu',
  'minuten',
] as const;
export type Placeholder = (typeof PLACEHOLDERS)[number];

const EVERYWHERE = PLACEHOLDERS.slice(0, 11);

const MORE: Readonly<Partial<Record<TextKind, readonly Placeholder[]>>> = {
  verify: ['frist'],
  moved: ['datum-alt', 'uhrzeit-alt', 'ort-alt', 'standort-alt'],
  movedByOffice: ['datum-alt', 'uhrzeit-alt', 'ort-alt', 'standort-alt'],
  reminder: ['wann'],
  late: ['uhrzeit-neu', 'minuten'],
};

/** What stands in no subject: it is shown on locked screens and kept in the logs of mail servers. */
const PERSONAL: readonly Placeholder[] = ['vorname', 'nachname', 'vorgangsnummer'];

/** Parts that can be worded, in the order of the form. */
export const PIECES = ['subject', 'intro', 'note'] as const;
export type Piece = (typeof PIECES)[number];

/** Most characters of a part, as it is typed. */
export const MOST_CHARACTERS: Readonly<Record<Piece, number>> = { subject: 120, intro: 1000, note: 1000 };

/** The placeholders that a part of a text may have, in the order of lists. */
export function placeholdersOf(kind: TextKind, piece: Piece = 'intro'): Placeholder[] {
  const all = [...EVERYWHERE, ...(MORE[kind] ?? [])];
  return piece === 'subject' ? all.filter((name) => !PERSONAL.includes(name)) : all;
}

/** What is wrong with one part. */
export type PieceFault = { piece: Piece } & (
  | { fault: 'empty' | 'lineBreak' | 'control' }
  /** A brace without its partner. */
  | { fault: 'brace' }
  | { fault: 'tooLong'; most: number }
  /** `found` without braces; `hint`: the known one that may be meant, null: none is near. */
  | { fault: 'unknown'; found: string; hint: Placeholder | null }
  /** A name or number that has no place in a subject. */
  | { fault: 'personal'; found: Placeholder }
  /** Exists, but not in this text. */
  | { fault: 'otherKind'; found: Placeholder }
);

const PATTERN = /\{([^{}\n]*)\}/g;

/** What is wrong with what a municipality worded, in the order of the form; empty: nothing. */
export function checkPieces(kind: TextKind, pieces: TextPieces): PieceFault[] {
  return PIECES.flatMap((piece) => {
    const text = pieces[piece];
    return text === null ? [] : faultsOf(kind, piece, text);
  });
}

function faultsOf(kind: TextKind, piece: Piece, text: string): PieceFault[] {
  if (text.trim() === '') return [{ piece, fault: 'empty' }];
  const faults: PieceFault[] = [];
  const most = MOST_CHARACTERS[piece];
  if (text.length > most) faults.push({ piece, fault: 'tooLong', most });
  if (piece === 'subject' && /[\r\n\u2028\u2029]/.test(text)) faults.push({ piece, fault: 'lineBreak' });
  if (hasControls(text)) faults.push({ piece, fault: 'control' });
  if (/[{}]/.test(text.replace(PATTERN, ''))) faults.push({ piece, fault: 'brace' });
  const allowed = placeholdersOf(kind, piece);
  const found = new Set(Array.from(text.matchAll(PATTERN), ([, name = '']) => name));
  for (const name of found) {
    const known = PLACEHOLDERS.find((one) => one === name);
    if (known === undefined) faults.push({ piece, fault: 'unknown', found: name, hint: nearest(name, allowed) });
    else if (piece === 'subject' && PERSONAL.includes(known)) faults.push({ piece, fault: 'personal', found: known });
    else if (!allowed.includes(known)) faults.push({ piece, fault: 'otherKind', found: known });
  }
  return faults;
}

/** Control characters other than line breaks and tabs, and marks that turn the direction of writing. */
function hasControls(text: string): boolean {
  return /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(text);
}

/** So many letters may be wrong. */
const FAR = 3;
/** Who writes so many letters of a name as they are means it. */
const BEGINNING = 6;

/** The known name with the fewest letters to change; null: none is like it. */
function nearest(name: string, known: readonly Placeholder[]): Placeholder | null {
  const typed = plain(name);
  if (typed === '') return null;
  let best: { name: Placeholder; distance: number } | null = null;
  for (const one of known) {
    const distance = distanceOf(typed, one);
    const limit = Math.min(FAR, Math.ceil(one.length / 2) - 1);
    if (distance <= limit && (best === null || distance < best.distance)) best = { name: one, distance };
  }
  return (
    best?.name ??
    known.find((one) => typed.length >= FAR && (one.startsWith(typed.slice(0, BEGINNING)) || typed.startsWith(one))) ??
    null
  );
}

/** In small letters without blanks: '{ Datum alt }' → 'datum-alt'. */
function plain(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[\s_–]+/g, '-');
}

/** How many letters have to be put in, taken out or changed. */
function distanceOf(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}

/** What a placeholder stands for; missing: not known. */
export type PlaceholderValues = Readonly<Partial<Record<Placeholder, string>>>;

/** A name may be missing: the text is right without it. */
const OPTIONAL: readonly Placeholder[] = ['vorname', 'nachname'];

/**
 * The text with its placeholders filled in; null when it asks for something that is not known here, and would make no
 * sense. A missing name leaves no gap: neither two blanks nor one in front of a comma. Names that are no placeholders
 * stay as they are.
 */
export function fill(text: string, values: PlaceholderValues): string | null {
  let isWhole = true;
  let gap = false;
  const filled = text.replace(PATTERN, (whole, name: string) => {
    const known = PLACEHOLDERS.find((one) => one === name);
    if (known === undefined) return whole;
    const value = values[known] ?? '';
    if (value !== '') return value;
    if (OPTIONAL.includes(known)) gap = true;
    else isWhole = false;
    return '';
  });
  if (!isWhole) return null;
  return gap ? filled.replace(/ {2,}/g, ' ').replace(/ +([,.;:!?\n]|$)/g, '$1') : filled;
}

/** True for the name of a text that can be worded. */
export function isTextKind(value: string): value is TextKind {
  return TEXT_KINDS.some((kind) => kind === value);
}
