/** Plain text for mails: lines short enough for every program, and for being quoted once. */

/** Most characters of a line, below the 78 that RFC 5322, 2.1.1 asks for. */
export const LINE_WIDTH = 72;

/** Blanks at which lines do not break: between "8." and "Dezember". In what is sent they are ordinary ones. */
const GLUE = /[\u00a0\u202f]/gu;
const BLANKS = /[^\S\u00a0\u202f]+/u;

/**
 * Breaks a text into lines between its words; a word that is longer than a line is broken inside. White space of any
 * kind counts as one blank; words with a no-break space between them stay on one line.
 * @param first what the first line begins with
 * @param rest what the others begin with; default: as many blanks as `first` has characters
 * @returns no lines for a text without words
 */
export function wrap(text: string, first = '', rest = ' '.repeat(lengthOf(first)), width = LINE_WIDTH): string[] {
  const lines: string[] = [];
  let line = '';
  const begin = (): string => (lines.length === 0 ? first : rest);
  const room = (): number => width - lengthOf(begin());
  const flush = (): void => {
    lines.push(begin() + line.replace(GLUE, ' '));
    line = '';
  };
  for (const word of text.split(BLANKS)) {
    if (word.trim() === '') continue;
    if (line !== '' && lengthOf(line) + 1 + lengthOf(word) > room()) flush();
    if (line !== '') {
      line += ` ${word}`;
      continue;
    }
    let letters = Array.from(word);
    while (letters.length > room()) {
      const most = room();
      line = letters.slice(0, most).join('');
      letters = letters.slice(most);
      flush();
    }
    line = letters.join('');
  }
  if (line !== '') flush();
  return lines;
}

/** Paragraphs of a text that somebody typed, each as one line: they are divided by line breaks. */
export function paragraphsOf(text: string): string[] {
  return text
    .split(/[\r\n\u2028\u2029]+/u)
    .map(oneLine)
    .filter((paragraph) => paragraph !== '');
}

/** The text on one line, with plain blanks between its words and no others. */
export function oneLine(text: string): string {
  return text.replace(/\s+/gu, ' ').trim();
}

/** Characters as people count them, as near as code points are. */
export function lengthOf(text: string): number {
  return Array.from(text).length;
}
