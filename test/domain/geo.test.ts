import { expect } from 'chai';
import fc from 'fast-check';
import { boundingBox, distanceMetres, EARTH_RADIUS_METRES, isCoordinates } from '../../server/domain/geo.ts';
import type { BoundingBox, Coordinates } from '../../server/domain/geo.ts';

const MEERANE = { lat: 50.8519, lon: 12.4637 };
const GLAUCHAU = { lat: 50.8189, lon: 12.5442 };
const HALF_TURN = Math.PI * EARTH_RADIUS_METRES;

const degrees = (limit: number) => fc.double({ min: -limit, max: limit, noNaN: true });
const places: fc.Arbitrary<Coordinates> = fc.record({ lat: degrees(90), lon: degrees(180) });

function contains(box: BoundingBox, place: Coordinates): boolean {
  return place.lat >= box.south && place.lat <= box.north && place.lon >= box.west && place.lon <= box.east;
}

/** The place reached from the start by a great circle: the direct problem on the sphere. */
function destination(start: Coordinates, metres: number, bearing: number): Coordinates {
  const rad = Math.PI / 180;
  const angle = metres / EARTH_RADIUS_METRES;
  const sinLat =
    Math.sin(start.lat * rad) * Math.cos(angle) + Math.cos(start.lat * rad) * Math.sin(angle) * Math.cos(bearing);
  const lat = Math.asin(Math.max(-1, Math.min(1, sinLat)));
  const lon =
    start.lon * rad +
    Math.atan2(
      Math.sin(bearing) * Math.sin(angle) * Math.cos(start.lat * rad),
      Math.cos(angle) - Math.sin(start.lat * rad) * sinLat,
    );
  return { lat: lat / rad, lon: ((((lon / rad + 180) % 360) + 360) % 360) - 180 };
}

describe('Distances as the crow flies', () => {
  it('puts Glauchau some seven kilometres from Meerane', () => {
    // 0.0330° of latitude · 111195 m = 3669 m; 0.0805° of longitude · 111195 m · cos 50.8354° = 5653 m;
    // root of the squares: 6740 m.
    expect(distanceMetres(MEERANE, GLAUCHAU)).to.be.closeTo(6740, 5);
  });

  it('measures a degree of the meridian and half the way round the globe', () => {
    expect(distanceMetres({ lat: 0, lon: 0 }, { lat: 1, lon: 0 })).to.be.closeTo(HALF_TURN / 180, 0.001);
    expect(distanceMetres({ lat: 0, lon: 0 }, { lat: 0, lon: 180 })).to.be.closeTo(HALF_TURN, 0.001);
    expect(distanceMetres({ lat: 0, lon: 179.5 }, { lat: 0, lon: -179.5 })).to.be.closeTo(HALF_TURN / 180, 0.001);
  });

  it('is the same both ways, nothing to oneself, and never more than half a turn', () => {
    fc.assert(
      fc.property(places, places, (a, b) => {
        const distance = distanceMetres(a, b);
        expect(distance).to.be.within(0, HALF_TURN + 0.001);
        expect(distanceMetres(b, a)).to.be.closeTo(distance, 0.001);
        expect(distanceMetres(a, a)).to.equal(0);
      }),
    );
  });

  it('is never shortened by a detour', () => {
    fc.assert(
      fc.property(places, places, places, (a, b, c) => {
        expect(distanceMetres(a, c)).to.be.at.most(distanceMetres(a, b) + distanceMetres(b, c) + 1);
      }),
    );
  });
});

describe('The rectangle around a place', () => {
  it('is close around the circle in our latitudes', () => {
    const box = boundingBox(MEERANE, 10_000);
    // 10 km are 0.0899° of latitude, and 0.0899° / cos 50.85° = 0.1424° of longitude.
    expect(box.north - MEERANE.lat).to.be.closeTo(0.0899, 0.0002);
    expect(MEERANE.lat - box.south).to.be.closeTo(0.0899, 0.0002);
    expect(box.east - MEERANE.lon).to.be.closeTo(0.1424, 0.0003);
    expect(MEERANE.lon - box.west).to.be.closeTo(0.1424, 0.0003);
  });

  it('contains every place within the radius, anywhere on the globe', () => {
    fc.assert(
      fc.property(places, places, (center, place) => {
        expect(contains(boundingBox(center, distanceMetres(center, place)), place)).to.equal(true);
      }),
    );
  });

  it('contains the whole edge of the circle', () => {
    const radii = fc.double({ min: 0, max: 2_000_000, noNaN: true });
    const bearings = fc.double({ min: 0, max: 2 * Math.PI, noNaN: true });
    fc.assert(
      fc.property(places, radii, bearings, (center, metres, bearing) => {
        expect(contains(boundingBox(center, metres), destination(center, metres, bearing))).to.equal(true);
      }),
    );
  });

  it('spans all longitudes at a pole and across the date line', () => {
    expect(boundingBox({ lat: 89.99, lon: 10 }, 5_000)).to.include({ west: -180, north: 90, east: 180 });
    expect(boundingBox({ lat: -89.99, lon: 10 }, 5_000)).to.include({ south: -90, west: -180, east: 180 });
    expect(boundingBox({ lat: 0, lon: 179.99 }, 5_000)).to.include({ west: -180, east: 180 });
  });

  it('has no meaning for a negative or unknown radius', () => {
    for (const metres of [-1, NaN, Infinity]) expect(() => boundingBox(MEERANE, metres)).to.throw(RangeError);
  });
});

describe('Coordinates', () => {
  it('lie on the globe, its edges included', () => {
    for (const place of [MEERANE, { lat: 90, lon: 180 }, { lat: -90, lon: -180 }]) {
      expect(isCoordinates(place)).to.equal(true);
    }
  });

  it('are nothing else', () => {
    const wrong = [null, undefined, 5, {}, { lat: 50 }, { lat: '50', lon: '12' }, { lat: 91, lon: 0 }];
    for (const value of [...wrong, { lat: 0, lon: -181 }, { lat: NaN, lon: 0 }, { lat: 0, lon: Infinity }]) {
      expect(isCoordinates(value)).to.equal(false);
    }
  });
});
