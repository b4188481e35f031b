import { isNumber, type Token } from './words.ts';

/** Search texts with words taken out or put in. */

/** The text without these tokens and the punctuation behind them; what is left has single spaces. */
export function textWithout(text: string, tokens: readonly Token[], at: readonly number[]): string {
  return tidy(runsOf(at).reduceRight((left, run) => cut(left, tokens, run, ' '), text));
}

/** The text in which these tokens are replaced by a wording, where the first of them stands. */
export function textWith(text: string, tokens: readonly Token[], at: readonly number[], wording: string): string {
  const [first, ...others] = runsOf(at);
  const rest = others.reduceRight((left, run) => cut(left, tokens, run, ' '), text);
  return tidy(first === undefined ? rest : cut(rest, tokens, first, ` ${wording} `));
}

/** The tokens as they were typed. */
export function typedText(text: string, tokens: readonly Token[], at: readonly number[]): string {
  return runsOf(at)
    .map(({ start, end }) => {
      const last = tokens[end - 1];
      // The dot belongs to a day: "8.12."
      const dot = isNumber(last) && last.after.startsWith('.') ? 1 : 0;
      return text.slice(tokens[start]?.start ?? 0, (last?.end ?? 0) + dot);
    })
    .join(' ');
}

/** Ascending positions as runs, end exclusive. */
function runsOf(at: readonly number[]): { start: number; end: number }[] {
  const runs: { start: number; end: number }[] = [];
  for (const i of at) {
    const last = runs.at(-1);
    if (last !== undefined && last.end === i) last.end = i + 1;
    else runs.push({ start: i, end: i + 1 });
  }
  return runs;
}

function cut(text: string, tokens: readonly Token[], run: { start: number; end: number }, instead: string): string {
  const [first, last] = [tokens[run.start], tokens[run.end - 1]];
  if (first === undefined || last === undefined) return text;
  const punctuation = /^[.,;:!?)]*/.exec(last.after)?.[0].length ?? 0;
  return text.slice(0, first.start) + instead + text.slice(last.end + punctuation);
}

function tidy(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/^[\s,;:–-]+|[\s,;:–-]+$/g, '')
    .trim();
}
