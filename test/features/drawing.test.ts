import { expect } from 'chai';
import fc from 'fast-check';
import { drawTour } from '../../server/features/booking/visits/drawing.ts';

const places = fc.uniqueArray(
  fc.record({
    name: fc.string({ minLength: 1, maxLength: 30 }),
    at: fc.record({
      lat: fc.double({ min: 47, max: 55, noNaN: true }),
      lon: fc.double({ min: 6, max: 15, noNaN: true }),
    }),
  }),
  { selector: ({ name }) => name, minLength: 3, maxLength: 9 },
);

describe('The picture of the next tour', () => {
  it('is not drawn for fewer than three places', () => {
    const at = { lat: 50.8, lon: 12.4 };
    expect(
      drawTour(
        [
          { name: 'Meerane', at },
          { name: 'Tettau', at },
        ],
        null,
      ),
    ).to.equal(null);
  });

  it('stays inside its frame, wherever the places lie', () => {
    fc.assert(
      fc.property(places, (some) => {
        const drawing = drawTour(some, { name: some[0]!.name, line: 'Mo, 13 bis 18 Uhr' })!;
        expect(drawing.stops.length + drawing.places.length).to.equal(some.length);
        for (const { x, y } of [...drawing.stops, ...drawing.places, ...drawing.names]) {
          expect(x).to.be.within(0, 500);
          expect(y).to.be.within(0, 440);
        }
        expect(drawing.route + drawing.rest).to.match(/^(M-?\d+ -?\d+C(-?\d+ -?\d+ ?){3})+$/);
        if (drawing.note !== null) {
          expect(drawing.note.x).to.be.within(0, 500 - drawing.note.width);
          expect(drawing.note.y).to.be.within(0, 440 - 54);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('says nothing twice: the place of the note has no other name', () => {
    const some = [
      { name: 'Meerane', at: { lat: 50.849, lon: 12.464 } },
      { name: 'Tettau', at: { lat: 50.884, lon: 12.5 } },
      { name: 'Waldsachsen', at: { lat: 50.836, lon: 12.431 } },
    ];
    const drawing = drawTour(some, { name: 'Tettau', line: 'Mi, 13 bis 15:30 Uhr' })!;
    expect(drawing.note).to.include({ name: 'Tettau' });
    expect(drawing.names.map(({ text }) => text)).to.have.members(['Meerane', 'Waldsachsen']);
  });
});
