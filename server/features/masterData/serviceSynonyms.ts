import { foldName } from '../../domain/places/fold.ts';
import type { ServiceInput, ServiceRecord } from './servicePorts.ts';

/** Words that callers use for a service: the search of the hotline compares them folded. */

/** In characters. */
export const LONGEST_SYNONYM = 60;
/** All words of a service together, with line ends. */
export const LONGEST_SYNONYMS = 1000;

/** The words without those that stand further up already, in whatever case. */
export function eachOnce(words: readonly string[]): string[] {
  const folded = words.map((word) => word.toLowerCase());
  return words.filter((_, index) => folded.indexOf(folded[index] ?? '') === index);
}

/** Whether anything is left of a word once it is folded. */
export function canBeFound(word: string): boolean {
  return foldName(word) !== '';
}

/** The words of a service that another one has too, with the German name of the first such one; not retired ones. */
export function sharedWords(
  input: ServiceInput,
  id: number,
  services: readonly ServiceRecord[],
): { word: string; service: string }[] {
  const others = services
    .filter((one) => one.id !== id && one.retiredAt === null)
    .map((one) => ({ name: one.texts.de?.name ?? one.slug, words: new Set(one.synonyms.map(foldName)) }));
  return input.synonyms.flatMap((word) => {
    const other = others.find(({ words }) => words.has(foldName(word)));
    return other === undefined ? [] : [{ word, service: other.name }];
  });
}
