import { expect } from 'chai';
import type { Coordinates } from '../../server/domain/geo.ts';
import { knowTravel, NO_TRAVEL } from '../../server/features/tours/knownTravel.ts';
import { evenRoads } from '../support/toursFixture.ts';

describe('Travel that is known before a unit begins', () => {
  const [a, b, c] = [
    { lat: 50.8, lon: 12.4 },
    { lat: 50.85, lon: 12.45 },
    { lat: 50.9, lon: 12.5 },
  ] as const;

  it('is asked for once a group, each place once', async () => {
    const asked: (readonly Coordinates[])[] = [];
    const travel = {
      matrix: (places: readonly Coordinates[]) => {
        asked.push(places);
        return evenRoads(10).matrix(places);
      },
    };
    const near = { lat: a.lat + 0.000_001, lon: a.lon };
    const known = await knowTravel(travel, [[a, b, near, a], [b, c], []]);
    expect(asked.map((places) => places.length)).to.deep.equal([2, 2]);
    expect(known.matrix([a, near, b])).to.deep.equal({
      seconds: [
        [0, 0, 600],
        [0, 0, 600],
        [600, 600, 0],
      ],
      metres: [
        [0, 0, 10_000],
        [0, 0, 10_000],
        [10_000, 10_000, 0],
      ],
      estimated: Array(3).fill([false, false, false]),
      fellBack: false,
    });
  });

  it('is estimated, and says so, for a way that nobody asked for', async () => {
    const known = await knowTravel(evenRoads(10), [
      [a, b],
      [b, c],
    ]);
    const { estimated, seconds } = known.matrix([a, b, c]);
    expect(estimated).to.deep.equal([
      [false, false, true],
      [false, false, false],
      [true, false, false],
    ]);
    expect([seconds[0]?.[1], seconds[1]?.[2]]).to.deep.equal([600, 600]);
    expect(seconds[0]?.[2]).to.be.above(600);
    expect(NO_TRAVEL.matrix([a, b]).estimated).to.deep.equal([
      [false, true],
      [true, false],
    ]);
  });
});
