import { expect } from 'chai';
import fc from 'fast-check';
import { blocksToAsk, type Block } from '../../server/gateways/travel/cover.ts';

/** All pairs of different places that a block asks for, as "from>to". */
function pairsOf({ sources, destinations }: Block): string[] {
  return sources.flatMap((from) => destinations.filter((to) => to !== from).map((to) => `${from}>${to}`));
}

const placesOf = ({ sources, destinations }: Block): number => new Set([...sources, ...destinations]).size;

/** A matrix of up to 14 places, and which of its pairs are known. */
const anyGaps = fc.integer({ min: 0, max: 14 }).chain((count) =>
  fc.record({
    count: fc.constant(count),
    known: fc.array(fc.boolean(), { minLength: count * count, maxLength: count * count }),
    maxPlaces: fc.integer({ min: 2, max: 20 }),
  }),
);

describe('What is asked for of a matrix of travel', () => {
  it('is nothing where all is known', () => {
    expect(blocksToAsk(5, () => false, 100)).to.deep.equal([]);
    expect(blocksToAsk(0, () => true, 100)).to.deep.equal([]);
    expect(blocksToAsk(1, (from, to) => from !== to, 100)).to.deep.equal([]);
  });

  it('is the whole of it, in one request, where nothing is known', () => {
    for (const count of [2, 3, 14, 100]) {
      const all = Array.from({ length: count }, (_, index) => index);
      expect(blocksToAsk(count, () => true, 100)).to.deep.equal([{ sources: all, destinations: all }]);
    }
  });

  it('is one row and one column where a place is new', () => {
    expect(blocksToAsk(5, (from, to) => from === 2 || to === 2, 100)).to.deep.equal([
      { sources: [2], destinations: [0, 1, 3, 4] },
      { sources: [0, 1, 3, 4], destinations: [2] },
    ]);
  });

  it('is one way where only that one is too old', () => {
    expect(blocksToAsk(6, (from, to) => from === 4 && to === 1, 100)).to.deep.equal([
      { sources: [4], destinations: [1] },
    ]);
  });

  it('is cut so that no request holds more than a hundred places, sources and destinations together', () => {
    const blocks = blocksToAsk(101, () => true, 100);
    expect(blocks.map(placesOf).every((places) => places <= 100)).to.equal(true);
    // 101 × 101 in pieces of h × (100 − h): 2 × 3 is the fewest.
    expect(blocks).to.have.length(6);
    // One source and 99 destinations fill a request: 1,000 destinations need 11.
    expect(blocksToAsk(1_001, (from) => from === 0, 100)).to.have.length(11);
  });

  it('holds every gap, whatever is known, and no request is too large, asked twice or in vain', () => {
    fc.assert(
      fc.property(anyGaps, ({ count, known, maxPlaces }) => {
        const isMissing = (from: number, to: number): boolean => !known[from * count + to];
        const blocks = blocksToAsk(count, isMissing, maxPlaces);
        const asked = blocks.flatMap(pairsOf);
        const missing = new Set<string>();
        for (let from = 0; from < count; from++) {
          for (let to = 0; to < count; to++) {
            if (from !== to && isMissing(from, to)) missing.add(`${from}>${to}`);
          }
        }
        expect([...missing].filter((pair) => !asked.includes(pair))).to.deep.equal([]);
        expect(new Set(asked).size, 'no pair twice').to.equal(asked.length);
        for (const block of blocks) {
          expect(placesOf(block)).to.be.at.most(maxPlaces);
          expect(pairsOf(block).some((pair) => missing.has(pair))).to.equal(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is exactly what is not known for some new places among more known ones, and all at once for more new ones', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 2, maxLength: 30 }), (isNew) => {
        const isMissing = (from: number, to: number): boolean => isNew[from] === true || isNew[to] === true;
        const blocks = blocksToAsk(isNew.length, isMissing, 100);
        if (2 * isNew.filter(Boolean).length >= isNew.length) {
          expect(blocks).to.have.length(1);
          return;
        }
        const asked = blocks.flatMap(pairsOf);
        const missing = isNew.flatMap((_, from) =>
          isNew.flatMap((__, to) => (from !== to && isMissing(from, to) ? [`${from}>${to}`] : [])),
        );
        expect(asked.sort()).to.deep.equal(missing.sort());
      }),
    );
  });
});
