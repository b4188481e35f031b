import type { Token } from './words.ts';

/** A reading of some tokens that stand side by side. */
export interface Span<Value> {
  /** Tokens, end exclusive. */
  readonly start: number;
  readonly end: number;
  /** How good it is; readings of one text are added up and compared. */
  readonly score: number;
  readonly value: Value;
  /** False when a typing error was forgiven. */
  readonly exact: boolean;
}

/** What one word of content is worth when nothing about it is doubtful. */
export const WORD = 10;
/** What a word is worth that only belongs to others, such as "am" to a day. */
export const LITTLE = 0.6;
/** What it is worth that words are read together instead of each for itself. */
export const TOGETHER = 2;
/** What a forgiven error costs. */
export const FORGIVEN = 3.5;

/** The worth of tokens read together, `little` of them only function words. */
export function worth(tokens: readonly Token[], start: number, end: number, little: number): number {
  const forgiven = tokens.slice(start, end).filter((token) => token.forgiven).length;
  const content = end - start - little;
  return content * (WORD + 1) + little * LITTLE + (end - start - 1) * TOGETHER - forgiven * FORGIVEN;
}

/** Whether the tokens touch or are separated by spaces only. */
export function isBare(gap: string): boolean {
  return /^\s*$/.test(gap);
}

/** Whether a gap holds a dash, with or without dots and spaces. */
export function isDash(gap: string): boolean {
  return /^[\s.]*[-–—][\s]*$/.test(gap);
}
