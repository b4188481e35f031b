import { expect } from 'chai';
import { REFERENCE_ALPHABET } from '../../server/domain/booking/reference.ts';
import { spell } from '../../server/domain/booking/spelling.ts';

describe('Spelling a reference on the telephone', () => {
  it('gives the groups of a reference with the town names of DIN 5009 in German', () => {
    expect(spell('K7M4QX2FA', 'de')).to.deep.equal([
      [
        { symbol: 'K', word: 'Köln' },
        { symbol: '7', word: 'sieben' },
        { symbol: 'M', word: 'München' },
      ],
      [
        { symbol: '4', word: 'vier' },
        { symbol: 'Q', word: 'Quickborn' },
        { symbol: 'X', word: 'Xanten' },
      ],
      [
        { symbol: '2', word: 'zwo' },
        { symbol: 'F', word: 'Frankfurt' },
        { symbol: 'A', word: 'Aachen' },
      ],
    ]);
  });

  it('uses the words of the ICAO in English', () => {
    expect(
      spell('K7M4QX2FA', 'en')
        .flat()
        .map(({ word }) => word),
    ).to.deep.equal(['Kilo', 'seven', 'Mike', 'four', 'Quebec', 'X-ray', 'two', 'Foxtrot', 'Alfa']);
  });

  for (const locale of ['de', 'en'] as const) {
    it(`has a word of its own for every symbol of a reference that begins with the letter (${locale})`, () => {
      const spelled = spell(REFERENCE_ALPHABET, locale).flat();
      expect(spelled.map(({ symbol }) => symbol).join('')).to.equal(REFERENCE_ALPHABET);
      expect(new Set(spelled.map(({ word }) => word)).size).to.equal(REFERENCE_ALPHABET.length);
      for (const { symbol, word } of spelled) {
        if (/\d/.test(symbol)) expect(word, symbol).to.match(/^[a-zü]{3,}$/);
        else expect(word, symbol).to.match(new RegExp(`^${symbol}.{3,}`));
      }
    });
  }
});
