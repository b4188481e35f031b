import { expect } from 'chai';
import fc from 'fast-check';
import { decodePolyline, encodePolyline } from '../../server/gateways/travel/polyline.ts';

describe('The line of a way as text', () => {
  it('is the one of the example in the description of the format', () => {
    const points = [
      { lat: 38.5, lon: -120.2 },
      { lat: 40.7, lon: -120.95 },
      { lat: 43.252, lon: -126.453 },
    ];
    expect(encodePolyline(points)).to.equal('_p~iF~ps|U_ulLnnqC_mqNvxq`@');
    expect(decodePolyline('_p~iF~ps|U_ulLnnqC_mqNvxq`@')).to.deep.equal(points);
  });

  it('is read as it was written, anywhere on the globe', () => {
    const place = fc.record({
      lat: fc.integer({ min: -9_000_000, max: 9_000_000 }).map((steps) => steps / 1e5),
      lon: fc.integer({ min: -18_000_000, max: 18_000_000 }).map((steps) => steps / 1e5),
    });
    fc.assert(
      fc.property(fc.array(place), (points) => {
        expect(decodePolyline(encodePolyline(points))).to.deep.equal(points.map(({ lat, lon }) => ({ lat, lon })));
      }),
    );
  });

  it('is refused where it cannot be one', () => {
    expect(decodePolyline('_p~iF~ps|'), 'ends in a number').to.equal(null);
    expect(decodePolyline('_p~iF'), 'ends between latitude and longitude').to.equal(null);
    expect(decodePolyline('_p~iF ~ps|U'), 'a blank').to.equal(null);
    expect(decodePolyline('~~~~~~~~~~~~'), 'no end of a number').to.equal(null);
    expect(decodePolyline(encodePolyline([{ lat: 100, lon: 0 }])), 'beyond the pole').to.equal(null);
    fc.assert(
      fc.property(fc.string(), (text) => {
        const points = decodePolyline(text) ?? [];
        expect(points.every(({ lat, lon }) => Math.abs(lat) <= 90 && Math.abs(lon) <= 180)).to.equal(true);
      }),
    );
  });
});
