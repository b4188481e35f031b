import { expect } from 'chai';
import type { Way } from '../../server/domain/routing/travel.ts';
import { askWays, presentTourMap } from '../../server/features/tours/edit/map.ts';
import { translator } from '../../server/web/locale.ts';
import { DEPOT, LIBRARY, smallPicture, TOWN_HALL } from '../domain/tours/picture.ts';

const picture = smallPicture();
const settings = { tiles: null, leafletJs: '/leaflet.js', leafletCss: '/leaflet.css' };
const t = translator('de');
const stops = [TOWN_HALL, LIBRARY].map((venueId, index) => ({ n: index + 1, venueId, problem: false }));

/** From one degree of latitude to the next, with a bend. */
const way = (from: number, estimated: boolean): Way => ({
  points: [from, from + 0.5, from + 1].map((lat) => ({ lat, lon: lat % 1 === 0 ? 12 : 12.5 })),
  estimated,
  streets: [],
});

function drawn(ways: readonly Way[], before?: readonly Way[]) {
  const view = presentTourMap(settings, { depotId: DEPOT, stops, ways, ...(before && { before }) }, picture, t);
  const { lines } = JSON.parse(view?.data ?? '{}') as { lines: { points: [number, number][]; kind?: string }[] };
  return { lines, legend: view?.legend.map(({ text }) => text) };
}

describe('The way of a tour on the map', () => {
  it('is one line along the roads, and needs no words', () => {
    const { lines, legend } = drawn([way(50, false), way(51, false), way(52, false)]);
    expect(lines.map(({ kind, points }) => [kind, points.length])).to.deep.equal([[undefined, 9]]);
    expect(legend).to.deep.equal([]);
  });

  it('is dashed where it is estimated, and says so', () => {
    const { lines, legend } = drawn([way(50, false), way(51, true), way(52, false)]);
    expect(lines.map(({ kind }) => kind)).to.deep.equal([undefined, 'estimated', undefined]);
    expect(legend).to.deep.equal(['Weg auf Straßen', 'Weg geschätzt, als gerade Linie']);
  });

  it('lies above the way without the change', () => {
    const { lines, legend } = drawn([way(50, false)], [way(60, false), way(61, true)]);
    expect(lines.map(({ kind }) => kind)).to.deep.equal(['before', 'before', undefined]);
    expect(legend).to.deep.equal(['Vorschlag, auf Straßen', 'jetzt']);
  });

  it('is asked for from the depot to each stop and back, as far as places are known', async () => {
    const asked: number[] = [];
    const travel = {
      ways: (places: readonly { lat: number; lon: number }[]) => {
        asked.push(places.length);
        return Promise.resolve([]);
      },
    };
    await askWays(travel, { depotId: DEPOT, stops }, picture);
    await askWays(travel, { depotId: null, stops: [...stops, { venueId: 99 }] }, picture);
    await askWays(travel, { depotId: DEPOT, stops: [] }, picture);
    expect(asked, 'nobody is asked for the way to nowhere').to.deep.equal([4, 2]);
  });
});
