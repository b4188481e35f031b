import { expect } from 'chai';
import fc from 'fast-check';
import { LINE_WIDTH, lengthOf, oneLine, paragraphsOf, wrap } from '../../../server/domain/messages/layout.ts';

const anyText = fc.string({ unit: 'grapheme', maxLength: 300 });

describe('The lines of a mail', () => {
  it('break between words', () => {
    expect(wrap('eins zwei drei', '', '', 9)).to.deep.equal(['eins zwei', 'drei']);
  });

  it('hang under the first one of a list', () => {
    expect(wrap('Ihr bisheriger Personalausweis', '  - ', undefined, 20)).to.deep.equal([
      '  - Ihr bisheriger',
      '    Personalausweis',
    ]);
  });

  it('break a word that is longer than a line', () => {
    expect(wrap('abcdefgh ij', '', '', 3)).to.deep.equal(['abc', 'def', 'gh', 'ij']);
  });

  it('are none where there are no words', () => {
    expect(wrap(' \n\u00a0 ')).to.deep.equal([]);
  });

  it('are never too long and lose nothing, whatever the text', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom('', '    ', '    - '), (text, first) => {
        const lines = wrap(text, first);
        for (const line of lines) expect(lengthOf(line)).to.be.at.most(LINE_WIDTH);
        const letters = (words: string): string => words.replace(/\s+/gu, '');
        expect(letters(lines.map((line) => line.slice(first.length)).join(''))).to.equal(letters(text));
      }),
    );
  });

  it('keep the paragraphs that somebody typed', () => {
    expect(paragraphsOf('Eins.\r\n\r\n  Zwei\tund\u00a0drei.\n')).to.deep.equal(['Eins.', 'Zwei und drei.']);
    expect(oneLine(' a\n b ')).to.equal('a b');
  });
});
