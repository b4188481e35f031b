import { foldName } from '../../places/fold.ts';
import { allowedErrors, typingErrors } from '../../places/typingErrors.ts';
import type { Service } from '../../booking/office.ts';
import { words } from './words.ts';

/** The words by which services are called, prepared for looking them up. */

/** One wording of a service: all of its words have to be there. */
export interface Phrase {
  readonly service: Service;
  /** Stems, without the words that many services share ("beantragen"). */
  readonly stems: readonly string[];
  /** The same with those words. */
  readonly all: readonly string[];
  readonly source: 'synonym' | 'slug' | 'name' | 'english';
}

/** What a word of the text can be among the words of services. */
export interface WordMatch {
  readonly stem: string;
  /** 1 as written; less for a beginning or a typing error. */
  readonly quality: number;
  /** True when a typing error was forgiven. */
  readonly misspelt: boolean;
}

export interface ServiceWords {
  readonly services: readonly Service[];
  readonly phrases: readonly Phrase[];
  readonly phrasesByStem: ReadonlyMap<string, readonly Phrase[]>;
  /** Stems that mean the same, because one service has both as a wording of one word: 'perso', 'ausweis'. */
  readonly alike: ReadonlyMap<string, ReadonlySet<string>>;
  /** Folded words with their stem, for beginnings, typing errors and compounds. */
  readonly known: readonly { word: string; stem: string }[];
  readonly matches: Map<string, readonly WordMatch[]>;
}

/** Words of names that say nothing about which service it is. */
const EMPTY = new Set(
  words(`auf aus bei bis das dem den der des die durch ein eine einem einen einer eines für im in ins mit oder und von vom
    zu zum zur als beispiel fünf ihr ihre an am um a an and any at by can for from in is of on or the to up your when
    with example five`),
);
/** Words of actions that go with most services. */
const SHARED = new Set(
  words(`beantragen beantragung antrag beantrage beantragt melden meldung neu neue neuer neuen neues ausstellen
    ausstellung erstellen bestellen holen machen lassen erneuern erneuerung brauchen dokument dokumente document
    documents apply application applying new renew get report`).map(stemOf),
);
const MAX_MEMO = 2_000;

/** Prepares the words of the services: names in both languages, slugs and synonyms. */
export function serviceWordsOf(services: readonly Service[]): ServiceWords {
  const phrases = services.flatMap(phrasesOf);
  const phrasesByStem = new Map<string, Phrase[]>();
  for (const phrase of phrases) {
    for (const stem of new Set(phrase.all)) {
      phrasesByStem.set(stem, [...(phrasesByStem.get(stem) ?? []), phrase]);
    }
  }
  const known = new Map<string, string>();
  for (const service of services) {
    const texts = [...service.synonyms, service.slug, service.texts.de.name, service.texts.en.name];
    for (const word of texts.flatMap((text) => contentWords(text))) known.set(word, stemOf(word));
  }
  return {
    services,
    phrases,
    phrasesByStem,
    alike: alikeOf(services, phrases),
    known: [...known].map(([word, stem]) => ({ word, stem })),
    matches: new Map(),
  };
}

/** True for a stem that goes with most services and names none. */
export function isShared(stem: string): boolean {
  return SHARED.has(stem);
}

/** Whether a service is called by this stem alone. */
export function isWhole(vocabulary: ServiceWords, stem: string): boolean {
  return (vocabulary.phrasesByStem.get(stem) ?? []).some((phrase) => isOnly(phrase, stem));
}

/** Whether this stem alone is the phrase. */
export function isOnly(phrase: Phrase, stem: string): boolean {
  return phrase.stems.length === 1 && phrase.stems[0] === stem;
}

/**
 * The stems a folded word can stand for, best first: as written or inflected, the parts of a compound, what begins so
 * (from three letters on), and what differs by a typing error. A compound gives all its parts, other words one each.
 */
export function matchesOf(vocabulary: ServiceWords, word: string): readonly WordMatch[] {
  const memo = vocabulary.matches.get(word);
  if (memo !== undefined) return memo;
  if (vocabulary.matches.size >= MAX_MEMO) vocabulary.matches.clear();
  const found = findMatches(vocabulary, word);
  vocabulary.matches.set(word, found);
  return found;
}

function findMatches(vocabulary: ServiceWords, word: string): readonly WordMatch[] {
  const stem = stemOf(word);
  if (vocabulary.phrasesByStem.has(stem) || SHARED.has(stem)) return [{ stem, quality: 1, misspelt: false }];
  if (word.length < 3 || /\d/.test(word)) return [];
  const compound = compoundOf(vocabulary, word);
  if (compound.length > 0) return compound.map((part) => ({ stem: part, quality: 0.9, misspelt: false }));
  const begun = vocabulary.known.filter((one) => one.word.startsWith(word));
  if (begun.length > 0) {
    const quality = word.length < 4 ? 0.55 : 0.6;
    return distinct(begun.map((one) => ({ stem: one.stem, quality, misspelt: false })));
  }
  const bound = Math.min(2, allowedErrors(word.length));
  if (bound === 0 || word.length < 5) return [];
  const errorsIn = typingErrors(word, bound, 'whole');
  const near = vocabulary.known
    .map((one) => ({ stem: one.stem, errors: errorsIn(one.word), sameStart: one.word[0] === word[0] }))
    .filter((one) => one.errors <= bound && (one.sameStart || one.errors === 1))
    .sort((a, b) => a.errors - b.errors);
  const least = near[0]?.errors ?? 0;
  return distinct(
    near
      .filter((one) => one.errors === least)
      .map((one) => ({ stem: one.stem, quality: 0.7 - 0.1 * one.errors, misspelt: true })),
  );
}

/** "Passantrag" is Pass + Antrag, "Personalausweisverlust" is Personalausweis + Verlust. */
function compoundOf(vocabulary: ServiceWords, word: string): string[] {
  const isWord = (part: string): string | null => {
    const stem = stemOf(part);
    return part.length >= 4 && (vocabulary.phrasesByStem.has(stem) || SHARED.has(stem)) ? stem : null;
  };
  for (let at = word.length - 4; at >= 4; at--) {
    const head = isWord(word.slice(at));
    if (head === null) continue;
    const first = word.slice(0, at);
    const modifier = isWord(first) ?? (first.endsWith('s') ? isWord(first.slice(0, -1)) : null);
    if (modifier !== null) return distinctTexts([modifier, head]);
  }
  return [];
}

function distinct(matches: readonly WordMatch[]): WordMatch[] {
  return matches.filter((one, i) => matches.findIndex((other) => other.stem === one.stem) === i);
}

function distinctTexts(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

/**
 * A folded German (or English) word without its ending and without the "ge" of a participle, alike for "abholen",
 * "Abholung" and "abgeholt". Not a word of the language; for comparing only.
 */
export function stemOf(word: string): string {
  let stem = word;
  const participle = /^(ab|an|um|aus|ein|vor|ver|zu)(ge|zu)(.{3,})$/.exec(stem);
  if (participle !== null) stem = `${participle[1]}${participle[3]}`;
  for (;;) {
    const shorter = stem.replace(/(ungen|ung|en|es|er|em|et|e|n|s|t)$/, '');
    if (shorter === stem || shorter.length < 4) return stem;
    stem = shorter;
  }
}

function contentWords(text: string): string[] {
  return foldName(text)
    .split(' ')
    .filter((word) => word !== '' && !EMPTY.has(word));
}

function phrasesOf(service: Service): Phrase[] {
  const phrase = (text: string, source: Phrase['source']): Phrase[] => {
    const all = contentWords(text).map(stemOf);
    const stems = all.filter((stem) => !SHARED.has(stem));
    return all.length === 0 ? [] : [{ service, stems: stems.length > 0 ? stems : all, all, source }];
  };
  const names = (text: string, source: Phrase['source']): Phrase[] =>
    wordingsOf(text).flatMap((wording) => phrase(wording, source));
  return [
    ...service.synonyms.flatMap((synonym) => phrase(synonym, 'synonym')),
    ...phrase(service.slug, 'slug'),
    ...names(service.texts.de.name, 'name'),
    ...(service.texts.en.name === service.texts.de.name ? [] : names(service.texts.en.name, 'english')),
  ];
}

/** A name whole, before its comma, and with either side of an "oder": "Ausweis oder Pass abholen". */
function wordingsOf(name: string): string[] {
  const wordings = [name, name.split(',')[0] ?? ''];
  const match = /^(.*?)\s(?:oder|or)\s(.*)$/.exec(wordings[1] ?? '');
  if (match !== null) {
    const left = (match[1] ?? '').split(' ').filter((word) => !EMPTY.has(foldName(word)));
    const right = (match[2] ?? '').split(' ').filter((word) => !EMPTY.has(foldName(word)));
    for (const drop of [1, 2]) {
      if (left.length >= drop) wordings.push([...left.slice(0, -drop), ...right].join(' '));
    }
    wordings.push([...left, ...right.slice(1)].join(' '));
  }
  return [...new Set(wordings.map((wording) => wording.trim()))].filter((wording) => wording !== '');
}

function alikeOf(services: readonly Service[], phrases: readonly Phrase[]): Map<string, ReadonlySet<string>> {
  const alike = new Map<string, Set<string>>();
  for (const service of services) {
    const own = phrases
      .filter((phrase) => phrase.service === service && phrase.stems.length === 1)
      .map((phrase) => phrase.stems[0] ?? '');
    for (const stem of own) alike.set(stem, new Set([...(alike.get(stem) ?? []), ...own]));
  }
  return alike;
}
