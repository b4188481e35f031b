import { expect } from 'chai';
import fc from 'fast-check';
import { simplifyLine } from '../../server/domain/simplifyLine.ts';

const north = (metres: number, east = 0) => ({ lat: 50 + metres / 111_195, lon: 12 + east / 111_195 });

describe('A way on a map', () => {
  it('loses the points that lie on it, and keeps its bends', () => {
    const way = [north(0), north(100), north(200, 1), north(300), north(300, 400)];
    expect(simplifyLine(way, 8)).to.deep.equal([north(0), north(300), north(300, 400)]);
    expect(simplifyLine([north(0), north(100, 50), north(200)], 8)).to.have.length(3);
  });

  it('keeps first and last point, also of a round trip and of a way to where one is', () => {
    expect(simplifyLine([north(0), north(500), north(0)], 8)).to.have.length(3);
    expect(simplifyLine([north(0), north(0)], 8)).to.have.length(2);
    expect(simplifyLine([], 8)).to.deep.equal([]);
  });

  it('is nowhere further from what it was than it may be', () => {
    const metres = fc.integer({ min: -2_000, max: 2_000 });
    fc.assert(
      fc.property(fc.array(fc.tuple(metres, metres), { minLength: 2, maxLength: 40 }), (pairs) => {
        const way = pairs.map(([up, right]) => north(up, right));
        const line = simplifyLine(way, 50);
        expect([line[0], line.at(-1)]).to.deep.equal([way[0], way.at(-1)]);
        for (const point of way) {
          const distances = line.slice(1).map((to, index) => metresOff(point, line[index] ?? to, to));
          expect(Math.min(...distances)).to.be.most(50.001);
        }
      }),
    );
  });
});

type Point = ReturnType<typeof north>;

/** On the plane that the function works on; at 50 degrees a degree of longitude is cos 50 of one of latitude. */
function metresOff(point: Point, a: Point, b: Point): number {
  const shrink = Math.cos((a.lat * Math.PI) / 180);
  const at = ({ lat, lon }: Point): [x: number, y: number] => [lon * shrink * 111_195, lat * 111_195];
  const [[px, py], [ax, ay], [bx, by]] = [at(point), at(a), at(b)];
  const [x, y] = [bx - ax, by - ay];
  const length = x * x + y * y;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((px - ax) * x + (py - ay) * y) / length));
  return Math.hypot(px - ax - along * x, py - ay - along * y);
}
