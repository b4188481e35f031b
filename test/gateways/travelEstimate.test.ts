import { expect } from 'chai';
import fc from 'fast-check';
import { distanceMetres } from '../../server/domain/geo.ts';
import { estimateTravel } from '../../server/domain/routing/travelEstimate.ts';
import { createTravelEstimate } from '../../server/gateways/travel/estimate.ts';

const MEERANE = { lat: 50.84922, lon: 12.46398 };

/** So many metres north of Meerane: along a meridian one degree is 6371008.8 m × π / 180 = 111195.08 m. */
const north = (metres: number) => ({ lat: MEERANE.lat + metres / 111_195.08, lon: MEERANE.lon });

const anyPlace = fc.record({
  lat: fc.double({ min: 47, max: 55, noNaN: true }),
  lon: fc.double({ min: 6, max: 15, noNaN: true }),
});

describe('The estimate of travel', () => {
  it('takes no time to the same place', () => {
    expect(estimateTravel(MEERANE, { ...MEERANE })).to.deep.equal({ seconds: 0, metres: 0 });
  });

  it('is slow at first and faster on longer ways', () => {
    // 1 km → 1.4 km of road at 30 km/h = 168 s, and 120 s to get away.
    expect(estimateTravel(MEERANE, north(1_000))).to.deep.equal({ seconds: 288, metres: 1_400 });
    // 5 km → 7 km: 3 km at 30 km/h = 360 s, 4 km at 60 km/h = 240 s, and 120 s.
    expect(estimateTravel(MEERANE, north(5_000))).to.deep.equal({ seconds: 720, metres: 7_000 });
    // 20 km → 28 km: 360 s, 17 km at 60 km/h = 1020 s, 8 km at 80 km/h = 360 s, and 120 s.
    expect(estimateTravel(MEERANE, north(20_000))).to.deep.equal({ seconds: 1_860, metres: 28_000 });
  });

  it('is the same there and back, in whole numbers', () => {
    fc.assert(
      fc.property(anyPlace, anyPlace, (a, b) => {
        const there = estimateTravel(a, b);
        expect(estimateTravel(b, a)).to.deep.equal(there);
        expect(Number.isInteger(there.seconds) && Number.isInteger(there.metres)).to.equal(true);
        expect(there.metres).to.be.at.least(Math.floor(distanceMetres(a, b)));
      }),
    );
  });

  it('is never shorter for a place that is farther away', () => {
    fc.assert(
      fc.property(anyPlace, anyPlace, anyPlace, (from, a, b) => {
        const [near, far] = distanceMetres(from, a) <= distanceMetres(from, b) ? [a, b] : [b, a];
        const [shorter, longer] = [estimateTravel(from, near), estimateTravel(from, far)];
        expect(shorter.seconds).to.be.at.most(longer.seconds);
        expect(shorter.metres).to.be.at.most(longer.metres);
      }),
    );
  });

  it('is given for all ways between some places at once, and says that it is one', async () => {
    const places = [MEERANE, north(1_000), north(6_000)];
    const travel = createTravelEstimate();
    expect(travel.estimated).to.equal(true);
    const { seconds, metres, estimated, fellBack } = await travel.matrix(places);
    // Between the second and the third there are 5 km.
    expect(metres).to.deep.equal([
      [0, 1_400, 8_400],
      [1_400, 0, 7_000],
      [8_400, 7_000, 0],
    ]);
    expect(seconds).to.deep.equal([
      [0, 288, 804],
      [288, 0, 720],
      [804, 720, 0],
    ]);
    expect(estimated.flat()).to.deep.equal(Array(9).fill(true));
    expect(fellBack, 'there was nobody else to ask').to.equal(false);
    expect(await travel.matrix([])).to.deep.equal({ seconds: [], metres: [], estimated: [], fellBack: false });
  });

  it('draws ways as straight lines', async () => {
    const travel = createTravelEstimate();
    expect(await travel.ways([MEERANE, north(1_000), MEERANE])).to.deep.equal([
      { points: [MEERANE, north(1_000)], estimated: true, streets: [] },
      { points: [north(1_000), MEERANE], estimated: true, streets: [] },
    ]);
    expect(await travel.ways([MEERANE])).to.deep.equal([]);
    expect(await travel.ways([])).to.deep.equal([]);
  });
});
