import { lengthOf, wrap } from '../../../domain/messages/layout.ts';
import type { Block } from './blocks.ts';

const INDENT = '    ';
/** Two hyphens and a blank: what follows is no longer the letter (RFC 3676, 4.3). */
const SIGNATURE_MARK = '-- ';

/** Blocks as plain text. No line has more than 72 characters, but for addresses, which stand on lines of their own. */
export function renderText(blocks: readonly Block[]): string {
  const parts = blocks.map((block) => (block.kind === 'heading' ? '\n' : '') + linesOf(block).join('\n'));
  return `${parts.join('\n\n')}\n`;
}

function linesOf(block: Block): string[] {
  switch (block.kind) {
    case 'text':
      return wrap(block.text);
    case 'heading':
      return wrap(block.text.toUpperCase());
    case 'facts':
      return block.lines.flatMap((line) => wrap(line, INDENT));
    case 'list':
      return block.items.flatMap((item) => wrap(item, `${INDENT}- `));
    case 'compare':
      return compareLines(block.sides);
    case 'link':
      return [...wrap(`${block.label}:`), '', INDENT + block.url];
    case 'lines':
      return block.lines.flatMap((line) => wrap(line));
    case 'foot':
      return [SIGNATURE_MARK, ...block.lines.flatMap((line) => wrap(line)), ...linkLines(block.links)];
  }
}

function compareLines(sides: readonly { label: string; lines: readonly string[] }[]): string[] {
  const width = Math.max(...sides.map(({ label }) => lengthOf(label))) + 3;
  const first = (label: string): string => `${INDENT}${label}:`.padEnd(INDENT.length + width);
  return sides.flatMap(({ label, lines }) =>
    lines.flatMap((line, index) => wrap(line, index === 0 ? first(label) : first('').replace(':', ' '))),
  );
}

function linkLines(links: readonly { label: string; url: string }[]): string[] {
  const width = Math.max(...links.map(({ label }) => lengthOf(label))) + 2;
  return links.map(({ label, url }) => `${`${label}:`.padEnd(width)}${url}`);
}
