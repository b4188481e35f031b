import { expect } from 'chai';
import fc from 'fast-check';
import {
  createReference,
  formatReference,
  parseReference,
  REFERENCE_ALPHABET,
  REFERENCE_LENGTH,
  spellReference,
} from '../../server/domain/booking/reference.ts';

const symbols = [...REFERENCE_ALPHABET];
const references = fc.array(fc.nat({ max: 28 }), { minLength: 8, maxLength: 8 }).map((values) => {
  let next = 0;
  return createReference(() => values[next++]!);
});
const positions = fc.nat({ max: REFERENCE_LENGTH - 1 });

function replaceAt(text: string, position: number, symbol: string): string {
  return text.slice(0, position) + symbol + text.slice(position + 1);
}

/** From values: 1 2 3 4 5 6 7 8 are the symbols C D E F G H J K. */
function exampleReference(): string {
  const values = [1, 2, 3, 4, 5, 6, 7, 8];
  return createReference(() => values.shift()!);
}

describe('The reference of an appointment', () => {
  it('uses 29 different symbols, a prime number, and none that look alike', () => {
    expect(new Set(symbols).size).to.equal(29);
    for (const lookAlike of '0O1IB8Z') expect(REFERENCE_ALPHABET).to.not.include(lookAlike);
  });

  it('ends with the symbol that makes the weighted sum a multiple of 29', () => {
    // 9·1 + 8·2 + 7·3 + 6·4 + 5·5 + 4·6 + 3·7 + 2·8 = 156 = 5 · 29 + 11, so 18 is missing: the symbol V.
    expect(REFERENCE_ALPHABET.charAt(18)).to.equal('V');
    expect(exampleReference()).to.equal('CDEFGHJKV');
  });

  it('draws eight symbols, each from the whole alphabet', () => {
    const asked: number[] = [];
    createReference((max) => {
      asked.push(max);
      return max - 1;
    });
    expect(asked).to.deep.equal(Array<number>(8).fill(29));
  });

  it('is shown and spelled in groups of three', () => {
    expect(formatReference('K7M4QX2FA')).to.equal('K7M 4QX 2FA');
    expect(spellReference('K7M4QX2FA')).to.deep.equal([
      ['K', '7', 'M'],
      ['4', 'Q', 'X'],
      ['2', 'F', 'A'],
    ]);
  });

  it('is read back as it was shown', () => {
    fc.assert(
      fc.property(references, (reference) => {
        expect(parseReference(formatReference(reference))).to.deep.equal({ kind: 'ok', reference });
        expect(parseReference(reference)).to.deep.equal({ kind: 'ok', reference });
      }),
    );
  });

  it('is understood however it is typed or pasted', () => {
    const ways = [
      'cdefghjkv',
      '  CDE FGH JKV\n',
      'cde-fgh-jkv',
      'CDE\u2013FGH\u2014JKV',
      'CDE\u2011FGH\u2212JKV',
      'CDE.FGH.JKV',
      'CDE/FGH/JKV',
      'CDE\u00a0FGH\u202fJKV',
      'CDE\u00adFGH\u200bJKV\ufeff',
      '\uff23\uff24\uff25\u3000\uff46\uff47\uff48\uff0d\uff2a\uff2b\uff36',
    ];
    for (const way of ways) expect(parseReference(way), way).to.deep.equal({ kind: 'ok', reference: 'CDEFGHJKV' });
  });

  it('takes a Z for the 2 that was meant', () => {
    fc.assert(
      fc.property(references, (reference) => {
        expect(parseReference(reference.replaceAll('2', 'z'))).to.deep.equal({ kind: 'ok', reference });
      }),
    );
  });

  it('names the first symbol that no reference contains', () => {
    expect(parseReference('CDE FGH JK0')).to.deep.equal({ kind: 'wrongSymbol', symbol: '0' });
    for (const symbol of ['0', 'O', '1', 'I', 'B', '8', 'Ä', 'ß', '!', '😀']) {
      expect(parseReference(`CDE${symbol}GH`), symbol).to.deep.equal({ kind: 'wrongSymbol', symbol });
    }
    expect(parseReference('cdeo')).to.deep.equal({ kind: 'wrongSymbol', symbol: 'O' });
  });

  it('says when nothing, too little or too much was typed', () => {
    for (const nothing of ['', '   ', ' - / . ']) expect(parseReference(nothing)).to.deep.equal({ kind: 'empty' });
    for (const other of ['CDEFGHJK', 'CDEFGHJKVV']) {
      expect(parseReference(other)).to.deep.equal({ kind: 'wrongLength' });
    }
  });

  it('never passes with one wrong symbol', () => {
    fc.assert(
      fc.property(references, positions, fc.constantFrom(...symbols), (reference, position, symbol) => {
        fc.pre(reference[position] !== symbol);
        expect(parseReference(replaceAt(reference, position, symbol))).to.deep.equal({ kind: 'wrongCheck' });
      }),
      { numRuns: 500 },
    );
  });

  it('never passes with two different symbols swapped, neighbours or not', () => {
    fc.assert(
      fc.property(references, positions, positions, (reference, i, j) => {
        fc.pre(reference[i] !== reference[j]);
        const swapped = replaceAt(replaceAt(reference, i, reference[j]!), j, reference[i]!);
        expect(parseReference(swapped)).to.deep.equal({ kind: 'wrongCheck' });
      }),
      { numRuns: 500 },
    );
  });

  it('detects every one of the 252 wrong symbols and 36 swaps of one example', () => {
    const reference = exampleReference();
    let detected = 0;
    for (let i = 0; i < REFERENCE_LENGTH; i++) {
      for (const symbol of symbols) {
        if (symbol === reference[i]) continue;
        if (parseReference(replaceAt(reference, i, symbol)).kind === 'wrongCheck') detected++;
      }
      for (let j = i + 1; j < REFERENCE_LENGTH; j++) {
        const swapped = replaceAt(replaceAt(reference, i, reference[j]!), j, reference[i]!);
        if (parseReference(swapped).kind === 'wrongCheck') detected++;
      }
    }
    // 9 places · 28 other symbols + 9 · 8 / 2 pairs.
    expect(detected).to.equal(252 + 36);
  });

  it('gives an answer to any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const parsed = parseReference(text);
        if (parsed.kind === 'ok') expect(parseReference(parsed.reference)).to.deep.equal(parsed);
        if (parsed.kind === 'wrongSymbol') expect(REFERENCE_ALPHABET).to.not.include(parsed.symbol);
      }),
    );
  });
});
