import { foldName } from '../../places/fold.ts';
import { parseReference } from '../../booking/reference.ts';
import type { QueryReference } from '../query.ts';
import { isBare, LITTLE, TOGETHER, WORD, type Span } from './span.ts';
import { isFiller, isKnown, means, valueOf, words, type Token } from './words.ts';

/** The smaller parts of a search text: how many persons, without steps, a reference, somebody's name. */

export interface Persons {
  readonly count: number;
  /** The token at which the service stands that is for so many; null: all services. */
  readonly service: number | null;
}

const STEP_FREE = [
  'stufenfrei',
  'stufenlos',
  'barrierefrei',
  'barrierefreiheit',
  'rollstuhl',
  'rollstuhlfahrer',
  'rollstuhlfahrerin',
  'rollstuhlgerecht',
  'rollator',
  'gehbehindert',
  'gehbehinderung',
  'ebenerdig',
  'wheelchair',
  'accessible',
  'stepfree',
].map((word) => foldName(word));
const STEPS = new Set(words('stufe stufen treppe treppen step steps stairs barrieren'));
const WITHOUT = new Set(words('ohne keine kein without no'));
const MOST_PERSONS = 99;
/** A number right before a service is how many, up to here: "Freitag 10 Perso" is not ten of them. */
const MOST_BARE = 6;

/**
 * "2 Personen", "zu zweit", "für drei", "2x Perso", "zwei Ausweise".
 * @param isService whether a token can be the beginning of a service
 */
export function personSpans(tokens: readonly Token[], isService: (at: number) => boolean): Span<Persons>[] {
  const spans: Span<Persons>[] = [];
  const add = (start: number, end: number, count: number, service: number | null, score: number): void => {
    if (count >= 1 && count <= MOST_PERSONS) spans.push({ start, end, score, value: { count, service }, exact: true });
  };
  for (let start = 0; start < tokens.length; start++) {
    const at = means(tokens[start], 'for', 'with') ? start + 1 : start;
    const little = (at - start) * (LITTLE + TOGETHER);
    const token = tokens[at];
    const group = valueOf(tokens[start + 1], 'group') ?? valueOf(tokens[start + 1], 'number');
    if (means(token, 'pair')) add(start, at + 1, 2, null, WORD + little);
    if (tokens[start]?.word === 'zu' && group !== null) add(start, start + 2, group, null, 2 * WORD + TOGETHER);
    const count = valueOf(token, 'number');
    if (token === undefined || count === null || token.after.startsWith('.')) continue;
    const isArticle = token.number === null && count === 1;
    if (means(tokens[at + 1], 'persons')) add(start, at + 2, count, null, 2 * WORD + TOGETHER + little + 1);
    let next = at + 1;
    while (next < at + 3 && means(tokens[next], 'times', 'more')) next++;
    const isTimes = means(tokens[at + 1], 'times');
    const isHowMany = next > at + 1 || (count <= MOST_BARE && !/[.:]$/.test(token.gap));
    if (!isArticle && isHowMany && isService(next)) {
      add(start, next, count, next, WORD + (next - at - 1) * (WORD + TOGETHER) + little);
    } else if (isTimes && !isArticle) add(start, at + 2, count, null, WORD + 4);
    if (at > start && !isArticle) add(start, at + 1, count, null, WORD / 2 + little);
  }
  return spans;
}

/** "stufenfrei", "Rollstuhl", "ohne Stufen", "step-free". */
export function stepFreeSpans(tokens: readonly Token[]): Span<true>[] {
  const spans: Span<true>[] = [];
  for (const [start, token] of tokens.entries()) {
    const next = tokens[start + 1];
    const word = token.word;
    const begun = word.length >= 6 && STEP_FREE.some((one) => one.startsWith(word) || word.startsWith(one));
    if (begun) spans.push({ start, end: start + 1, score: WORD, value: true, exact: true });
    if (next === undefined) continue;
    const isWithout = WITHOUT.has(word) && STEPS.has(next.word);
    const isStepFree = STEPS.has(word) && next.word === 'free';
    if (isWithout || isStepFree) {
      spans.push({ start, end: start + 2, score: 2 * WORD + TOGETHER, value: true, exact: true });
    }
  }
  return spans;
}

/**
 * References in any grouping among other words. Nine symbols that pass the check may still be words: only digits among
 * the letters, or groups of three, tell them apart for certain.
 */
export function referenceSpans(tokens: readonly Token[]): Span<QueryReference>[] {
  const spans: Span<QueryReference>[] = [];
  for (let start = 0; start < tokens.length; start++) {
    if (start > 0 && tokens[start]?.gap === '') continue;
    let text = '';
    for (let end = start; end < tokens.length && text.length < 9; end++) {
      const token = tokens[end];
      if (token === undefined || (end > start && !/^[\s\p{Pd}._/\u00b7\u2022]*$/u.test(token.gap))) break;
      text += token.raw.normalize('NFKC');
      if (text.length !== 9 || tokens[end + 1]?.gap === '') continue;
      const span = referenceOf(tokens.slice(start, end + 1), text, start);
      if (span !== null) spans.push(span);
    }
  }
  return spans;
}

function referenceOf(tokens: readonly Token[], text: string, start: number): Span<QueryReference> | null {
  const groups = tokens.reduce<string[]>((all, token, i) => {
    if (i > 0 && token.gap === '') all.push((all.pop() ?? '') + token.raw);
    else all.push(token.raw);
    return all;
  }, []);
  const end = start + tokens.length;
  const isMixed = groups.some((group) => /\p{L}/u.test(group) && /\d/.test(group));
  const inThrees = groups.length === 3 && groups.every((group) => group.length === 3);
  const hasDigits = /\d/.test(text) && /\p{L}/u.test(text);
  const areWords = tokens.some((token) => isKnown(token) && token.number === null && token.word.length > 1);
  const parsed = parseReference(text);
  if (parsed.kind === 'ok') {
    const isCode = (isMixed || (hasDigits && groups.length >= 3)) && (inThrees || !areWords);
    const score = isCode ? 2 * WORD * tokens.length : inThrees && !areWords ? WORD * 3 : WORD / 2;
    return { start, end, score, value: { kind: 'ok', reference: parsed.reference }, exact: true };
  }
  const looksLikeOne = (isMixed && (inThrees || groups.length === 1)) || (inThrees && !areWords && !/^\d+$/.test(text));
  if (!looksLikeOne) return null;
  const possible = parsed.kind === 'wrongCheck';
  const typed = groups.join(' ');
  const score = possible ? (isMixed ? WORD + 2 : 2) : isMixed && hasDigits ? 3 : 0;
  return score === 0 ? null : { start, end, score, value: { kind: 'mistyped', typed }, exact: true };
}

/** "Frau Waldenburg", "Fr. Müller": the word behind is a name, whatever else it could be. */
export function nameSpans(tokens: readonly Token[], isService: (at: number) => boolean): Span<string>[] {
  const spans: Span<string>[] = [];
  for (const [i, token] of tokens.entries()) {
    const isCue = means(token, 'honorific') || (means(token, 'abbreviatedHonorific') && token.after.startsWith('.'));
    const name = tokens[i + 1];
    if (!isCue || name === undefined || !isBare(name.gap.replace('.', '')) || !mayBeName(name) || isService(i + 1))
      continue;
    const second = tokens[i + 2];
    const isDouble = second !== undefined && second.gap === '-' && mayBeName(second);
    const end = isDouble ? i + 3 : i + 2;
    const value = tokens
      .slice(i + 1, end)
      .map((one) => one.raw)
      .join('-');
    spans.push({ start: i, end, score: WORD + TOGETHER + (isDouble ? WORD : 0), value, exact: true });
  }
  return spans;
}

/** Letters that the grammar does not know. */
export function mayBeName(token: Token): boolean {
  return /^[\p{L}\p{M}]{2,}$/u.test(token.raw) && !isFiller(token) && !isKnown(token);
}
