import type { Service } from '../../booking/office.ts';
import {
  isOnly,
  isShared,
  isWhole,
  matchesOf,
  type Phrase,
  type ServiceWords,
  type WordMatch,
} from './serviceWords.ts';
import { WORD, type Span } from './span.ts';
import { isFiller, isKnown, means, type Token } from './words.ts';

/** Which services the words of a text mean. */

/** A service that was read. */
export interface ServiceReading {
  readonly service: Service;
  /** The tokens that say it, ascending; they need not be neighbours. */
  readonly at: readonly number[];
  readonly certain: boolean;
  /** What else the words could mean, best first. */
  readonly others: readonly Service[];
}

interface Group {
  readonly phrase: Phrase;
  readonly at: readonly number[];
  readonly value: number;
  readonly whole: boolean;
}

/** What a word that stands between two services costs a reading across it. */
const ACROSS = 5;
const MAX_OTHERS = 5;

/** Single words that may belong to the name of a service. */
export function serviceSpans(tokens: readonly Token[], vocabulary: ServiceWords): Span<null>[] {
  const spans: Span<null>[] = [];
  for (const [start, token] of tokens.entries()) {
    const matches = matchesFor(token, vocabulary);
    const best = matches[0];
    if (best === undefined) continue;
    const shared = matches.every((match) => isShared(match.stem));
    const whole = matches.some((match) => isWhole(vocabulary, match.stem));
    const weight = shared ? 0.15 : whole ? 1 : token.word.length < 4 ? 0.3 : 0.75;
    // The words of time and grammar also occur in names of services ("neu", "an"): there they are worth little.
    const score = weight * best.quality * WORD * (isFiller(token) && !whole ? 0.1 : 1);
    spans.push({ start, end: start + 1, score: score + 0.01, value: null, exact: best.quality >= 0.9 });
  }
  return spans;
}

/** Whether a token names a service by itself, as written or inflected. */
export function namesService(token: Token | undefined, vocabulary: ServiceWords): boolean {
  if (token === undefined) return false;
  return matchesFor(token, vocabulary).some((match) => match.quality > 0.5 && !isShared(match.stem));
}

/** Whether a token is a word of services exactly, however little it says. */
export function isServiceWord(token: Token, vocabulary: ServiceWords): boolean {
  return matchesFor(token, vocabulary).some((match) => match.quality >= 0.9);
}

function matchesFor(token: Token, vocabulary: ServiceWords): readonly WordMatch[] {
  if (token.word === '') return [];
  const matches = matchesOf(vocabulary, token.word);
  return isKnown(token) ? matches.filter((match) => match.quality === 1) : matches;
}

/**
 * Puts the service words of a text together: the wordings with most words first, the rest each for itself. Words that
 * are left over and name no service are not read.
 */
export function readServices(
  tokens: readonly Token[],
  at: readonly number[],
  vocabulary: ServiceWords,
): ServiceReading[] {
  const readings: ServiceReading[] = [];
  let left = at.filter((i) => tokens[i] !== undefined);
  for (;;) {
    const groups = groupsOf(tokens, left, readings.length > 0, vocabulary);
    const best = groups[0];
    if (best === undefined) break;
    const taken = [...best.at];
    left = left.filter((i) => !taken.includes(i));
    const absorbed = left.filter((i) => belongsTo(tokens, i, best, vocabulary));
    left = left.filter((i) => !absorbed.includes(i));
    const service = best.phrase.service;
    const known = readings.find((reading) => reading.service === service);
    const all = [...taken, ...absorbed].sort((a, b) => a - b);
    const certain = best.whole && isCertain(tokens, best, groups, vocabulary);
    const others = othersOf(tokens, best, groups, vocabulary);
    if (known === undefined) readings.push({ service, at: all, certain, others });
    else readings[readings.indexOf(known)] = { ...known, at: [...known.at, ...all].sort((a, b) => a - b) };
  }
  return readings.sort((a, b) => (a.at[0] ?? 0) - (b.at[0] ?? 0));
}

/** Every wording that some of the tokens can be, best first. */
function groupsOf(
  tokens: readonly Token[],
  at: readonly number[],
  isLeftOver: boolean,
  vocabulary: ServiceWords,
): Group[] {
  const phrases = new Set<Phrase>();
  for (const i of at) {
    for (const match of matchesFor(tokens[i] as Token, vocabulary)) {
      for (const stem of [match.stem, ...(vocabulary.alike.get(match.stem) ?? [])]) {
        for (const phrase of vocabulary.phrasesByStem.get(stem) ?? []) phrases.add(phrase);
      }
    }
  }
  const groups: Group[] = [];
  for (const phrase of phrases) {
    const group = groupFor(tokens, at, phrase, isLeftOver, vocabulary);
    if (group !== null) groups.push(group);
  }
  const rank = { synonym: 0, slug: 1, name: 2, english: 3 };
  return groups.sort(
    (a, b) =>
      b.value - a.value ||
      rank[a.phrase.source] - rank[b.phrase.source] ||
      a.phrase.stems.length - b.phrase.stems.length ||
      a.phrase.service.position - b.phrase.service.position ||
      a.phrase.service.id - b.phrase.service.id,
  );
}

/** The best tokens for each word of a phrase; null when only shared words or too few of them are there. */
function groupFor(
  tokens: readonly Token[],
  at: readonly number[],
  phrase: Phrase,
  isLeftOver: boolean,
  vocabulary: ServiceWords,
): Group | null {
  const taken = new Map<number, number>();
  const used = new Set<string>();
  let covered = 0;
  for (const stem of phrase.stems) {
    const found = bestToken(tokens, at, stem, phrase.stems.length > 1, taken, used, vocabulary);
    if (found === null) continue;
    covered++;
    used.add(`${found.at} ${found.match}`);
    taken.set(found.at, Math.max(taken.get(found.at) ?? 0, found.quality));
  }
  if (covered === 0) return null;
  const whole = covered === phrase.stems.length;
  const isTooLittle = !whole && [...taken.keys()].every((i) => isWeak(tokens[i] as Token, vocabulary));
  const isShort = [...taken.keys()].every((i) => (tokens[i]?.word.length ?? 0) < 5);
  if (isTooLittle && (at.length > 1 || isShort || isLeftOver)) return null;
  const content = [...taken.keys()].sort((a, b) => a - b);
  // The shared words beside it belong to it as well: "Reisepass beantragen".
  const shared = at.filter(
    (i) =>
      !taken.has(i) &&
      matchesFor(tokens[i] as Token, vocabulary).some((match) => isShared(match.stem)) &&
      (phrase.all.length > phrase.stems.length || content.includes(i - 1) || content.includes(i + 1)) &&
      !isAcross(tokens, i, content),
  );
  const quality = [...taken.values()].reduce((sum, one) => sum + one, 0);
  const across = content.slice(1).filter((i, n) => isSeparated(tokens, content[n] ?? 0, i)).length;
  const coverage = covered / phrase.stems.length;
  const value = (whole ? quality + 3 * (covered - 1) : quality * coverage * 0.6) - ACROSS * across;
  if (value <= 0) return null;
  return { phrase, at: [...content, ...shared].sort((a, b) => a - b), value, whole };
}

function bestToken(
  tokens: readonly Token[],
  at: readonly number[],
  stem: string,
  alikeAllowed: boolean,
  taken: ReadonlyMap<number, number>,
  used: ReadonlySet<string>,
  vocabulary: ServiceWords,
): { at: number; quality: number; match: string } | null {
  let best: { at: number; quality: number; match: string } | null = null;
  for (const i of at) {
    for (const match of matchesFor(tokens[i] as Token, vocabulary)) {
      const same = match.stem === stem;
      const alike = alikeAllowed && (vocabulary.alike.get(match.stem)?.has(stem) ?? false);
      if (!same && !alike) continue;
      // A token stands for several words only where it is a compound of them.
      if (used.has(`${i} ${match.stem}`)) continue;
      const near = taken.size > 0 ? 0.001 * Math.min(...[...taken.keys()].map((one) => Math.abs(one - i))) : 0;
      const quality = match.quality * (same ? 1 : 0.95) - near;
      if (best === null || quality > best.quality) best = { at: i, quality, match: match.stem };
    }
  }
  return best;
}

/** True for a word that says which service it is only together with others. */
function isWeak(token: Token, vocabulary: ServiceWords): boolean {
  return matchesFor(token, vocabulary).every(
    (match) =>
      isShared(match.stem) ||
      !(vocabulary.phrasesByStem.get(match.stem) ?? []).some(
        (phrase) => isOnly(phrase, match.stem) || phrase.source !== 'synonym',
      ),
  );
}

function isSeparated(tokens: readonly Token[], first: number, last: number): boolean {
  return tokens
    .slice(first + 1, last + 1)
    .some((token, i) => /[,;+&/]/.test(token.gap) || (i < last - first - 1 && means(token, 'and')));
}

function isAcross(tokens: readonly Token[], i: number, content: readonly number[]): boolean {
  const nearest = content.reduce((best, one) => (Math.abs(one - i) < Math.abs(best - i) ? one : best), content[0] ?? i);
  return isSeparated(tokens, Math.min(i, nearest), Math.max(i, nearest));
}

/** "Pass und Perso abholen": what stands before and could have said the same belongs to it. */
function belongsTo(tokens: readonly Token[], i: number, group: Group, vocabulary: ServiceWords): boolean {
  const first = group.at[0] ?? 0;
  const matches = matchesFor(tokens[i] as Token, vocabulary);
  if (matches.every((match) => isShared(match.stem))) return false;
  const touches =
    (group.at.includes(i + 1) && !isSeparated(tokens, i, i + 1)) ||
    (group.at.includes(i - 1) && !isSeparated(tokens, i - 1, i));
  if (touches && isWeak(tokens[i] as Token, vocabulary)) return true;
  if (i > first)
    return i < (group.at.at(-1) ?? 0) && group.phrase.stems.length > 1 && couldSay(matches, group, vocabulary);
  const isNeighbour = tokens.slice(i + 1, first).every((token) => isFiller(token) || means(token, 'and', 'or'));
  return group.phrase.stems.length > 1 && isNeighbour && couldSay(matches, group, vocabulary);
}

function couldSay(matches: readonly WordMatch[], group: Group, vocabulary: ServiceWords): boolean {
  return vocabulary.phrases.some(
    (phrase) =>
      phrase.service === group.phrase.service &&
      phrase.stems.length > 1 &&
      phrase.stems.some((stem) => group.phrase.stems.includes(stem)) &&
      matches.some((match) =>
        phrase.stems.some((stem) => stem === match.stem || vocabulary.alike.get(match.stem)?.has(stem)),
      ),
  );
}

function isCertain(tokens: readonly Token[], best: Group, groups: readonly Group[], vocabulary: ServiceWords): boolean {
  const exact = best.at.every((i) => matchesFor(tokens[i] as Token, vocabulary).some((match) => !match.misspelt));
  const rival = groups.find(
    (group) =>
      group.phrase.service !== best.phrase.service && group.whole && group.at.some((at) => best.at.includes(at)),
  );
  return exact && (rival === undefined || rival.value < best.value - 0.01 || isLower(rival, best));
}

/** A wording that somebody chose as a synonym counts more than one that only happens to be a name. */
function isLower(rival: Group, best: Group): boolean {
  return best.phrase.source === 'synonym' && rival.phrase.source === 'english';
}

function othersOf(
  tokens: readonly Token[],
  best: Group,
  groups: readonly Group[],
  vocabulary: ServiceWords,
): Service[] {
  const isSpecific = best.whole && best.phrase.stems.length > 1;
  const shown = groups.filter(
    (group) =>
      group.phrase.service !== best.phrase.service &&
      group.at.some((i) => best.at.includes(i) && !isOnlyShared(tokens[i] as Token, vocabulary)) &&
      (!isSpecific || group.value >= best.value - 0.01),
  );
  return [...new Set(shown.map((group) => group.phrase.service))].slice(0, MAX_OTHERS);
}

function isOnlyShared(token: Token, vocabulary: ServiceWords): boolean {
  return matchesFor(token, vocabulary).every((match) => isShared(match.stem));
}
