import { VectorTile } from '@mapbox/vector-tile';
import { expect } from 'chai';
import fc from 'fast-check';
import { PbfReader } from 'pbf';
import { createVectorTiles, unzipped } from '../../server/gateways/tiles/vector.ts';
import { chained } from '../../server/osm/map/chains.ts';
import {
  isBuilding,
  isWater,
  landOf,
  mapPlaceOf,
  mapRoadOf,
  railwayOf,
  waterwayOf,
} from '../../server/osm/map/classes.ts';
import { mapFeatures } from '../../server/osm/map/features.ts';
import { tileX, tileY } from '../../server/osm/map/grid.ts';
import type { MapFeature } from '../../server/osm/map/table.ts';
import { writeMap } from '../../server/osm/map/write.ts';
import { SILENT } from '../../server/osm/progress.ts';
import { sketch } from '../support/extracts.ts';
import type { Encoded, EncodedNode } from '../support/osmEncoder.ts';
import { createTempDir } from '../support/tempDir.ts';

const NEVER = new AbortController().signal;

async function drawn(data: Encoded): Promise<{ features: MapFeature[]; faults: string[] }> {
  const faults: string[] = [];
  const table = mapFeatures(await sketch(data), (what) => faults.push(what));
  return { features: Array.from({ length: table.count }, (_, i) => table.get(i)), faults };
}

/** Layers of the tiles of a map, by level and place. */
async function tilesOf(data: Encoded) {
  const folder = createTempDir('map');
  const file = folder.file('map.mbtiles');
  await writeMap(await sketch(data), file, SILENT, NEVER);
  const tiles = await createVectorTiles(file);
  return {
    async at(z: number, { lat, lon }: { lat: number; lon: number }): Promise<Record<string, number>> {
      const answer = await tiles.get(z, tileY(lat, z), tileX(lon, z));
      if (answer.kind !== 'tile') return {};
      const { layers } = new VectorTile(new PbfReader(await unzipped(answer.gzipped)));
      return Object.fromEntries(Object.entries(layers).map(([name, layer]) => [name, layer.length]));
    },
    async close(): Promise<void> {
      await tiles.close();
      folder.remove();
    },
  };
}

/** A square of nodes from an id on, counted from its south-west corner. */
function square(id: number, lat: number, lon: number, side: number): EncodedNode[] {
  return [
    { id, lat, lon },
    { id: id + 1, lat, lon: lon + side },
    { id: id + 2, lat: lat + side, lon: lon + side },
    { id: id + 3, lat: lat + side, lon },
  ];
}
const ring = (id: number): number[] => [id, id + 1, id + 2, id + 3, id];

describe('What is drawn of an extract', () => {
  it('knows what a tag means, and nothing of others', () => {
    const tag = (text: string) => {
      const [key, value] = text.split('=');
      return (asked: string): string | undefined => (asked === key ? value : undefined);
    };
    expect(landOf(tag('landuse=forest'))?.class).to.equal('wood');
    expect(landOf(tag('leisure=nature_reserve'))).to.equal(null);
    expect(mapRoadOf(tag('highway=motorway_link'))).to.deep.equal({ class: 'motorway', from: 11, link: true });
    expect(railwayOf(tag('railway=tram'))?.class).to.equal('light');
    expect(waterwayOf(tag('waterway=drain'))?.class).to.equal('ditch');
    expect(mapPlaceOf(tag('place=quarter'))?.class).to.equal('suburb');
    expect([isWater(tag('natural=water')), isBuilding(tag('building=no'))]).to.deep.equal([true, false]);
    for (const strange of ['constructor', 'toString', '__proto__', 'Wald', '']) {
      for (const key of ['landuse', 'natural', 'highway', 'railway', 'waterway', 'place', 'leisure', 'amenity']) {
        const of = tag(`${key}=${strange}`);
        const found = [landOf(of), mapRoadOf(of), railwayOf(of), waterwayOf(of), mapPlaceOf(of)];
        expect(found, `${key}=${strange}`).to.deep.equal([null, null, null, null, null]);
      }
    }
  });

  it('joins the pieces of a street without losing or doubling any', () => {
    const piece = fc.uniqueArray(fc.integer({ min: 0, max: 12 }), { minLength: 2, maxLength: 4 });
    const edges = (lines: readonly ArrayLike<number>[]): string[] =>
      lines
        .flatMap((line) =>
          Array.from({ length: line.length - 1 }, (_, i) =>
            [line[i] as number, line[i + 1] as number].sort().join('-'),
          ),
        )
        .sort();
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const lines = chained(pieces.map((nodes) => Int32Array.from(nodes)));
        expect(edges(lines)).to.deep.equal(edges(pieces));
        expect(lines.length).to.be.at.most(pieces.length);
      }),
    );
    const street = chained([Int32Array.of(3, 4), Int32Array.of(1, 2), Int32Array.of(3, 2)]);
    expect(street.map((line) => Array.from(line))).to.deep.equal([[1, 2, 3, 4]]);
  });

  it('draws large areas below small ones, with their holes, and numbers in the middle of houses', async () => {
    const { features, faults } = await drawn({
      nodes: [
        ...square(1, 50.8, 12.4, 0.001),
        ...square(11, 50.8002, 12.4002, 0.0002),
        ...square(21, 50.79, 12.39, 0.05),
        ...square(31, 50.8, 12.41, 0.001),
      ],
      ways: [
        { id: 1, nodes: ring(1), tags: {} },
        { id: 2, nodes: ring(11), tags: {} },
        { id: 3, nodes: ring(21), tags: { landuse: 'farmland' } },
        { id: 4, nodes: ring(31), tags: { building: 'house', 'addr:housenumber': '7' } },
        { id: 5, nodes: [31, 32, 33], tags: {} },
      ],
      relations: [
        {
          id: 1,
          members: [
            { kind: 'way', id: 1, role: 'outer' },
            { kind: 'way', id: 2, role: 'inner' },
          ],
          tags: { type: 'multipolygon', landuse: 'forest' },
        },
        { id: 2, members: [{ kind: 'way', id: 5, role: 'outer' }], tags: { type: 'multipolygon', natural: 'water' } },
      ],
    });
    const land = features.filter(({ layer }) => layer === 'land');
    expect(land.map(({ tags }) => tags['class'])).to.deep.equal(['farmland', 'wood']);
    expect(land.map(({ geometry }) => geometry.coordinates.length)).to.deep.equal([1, 2]);
    expect(land.map(({ from }) => from)).to.deep.equal([11, 13]);
    const [number] = features.filter(({ layer }) => layer === 'houses');
    expect(number?.tags).to.deep.equal({ number: '7' });
    const [lon, lat] = number?.geometry.coordinates as [number, number];
    expect(lon).to.be.closeTo(12.4105, 1e-6);
    expect(lat).to.be.closeTo(50.8005, 1e-6);
    expect(faults).to.deep.equal(['area that is not closed']);
  });

  it('has each thing in every tile that it crosses, from its first level on', async () => {
    // A road of 40 km, a field as large as a tile of level 11, a house.
    const [from, to] = [
      { lat: 50.7, lon: 12.3 },
      { lat: 50.9, lon: 12.8 },
    ];
    const map = await tilesOf({
      nodes: [
        { id: 1, ...from },
        { id: 2, ...to },
        ...square(11, 50.72, 12.35, 0.15),
        ...square(21, 50.8, 12.4, 0.0002),
      ],
      ways: [
        { id: 1, nodes: [1, 2], tags: { highway: 'secondary' } },
        { id: 2, nodes: ring(11), tags: { landuse: 'farmland' } },
        { id: 3, nodes: ring(21), tags: { building: 'yes' } },
      ],
    });
    for (let part = 0.001; part < 1; part += 0.021) {
      const place = { lat: from.lat + part * (to.lat - from.lat), lon: from.lon + part * (to.lon - from.lon) };
      for (let z = 6; z <= 14; z++) {
        expect((await map.at(z, place))['roads'] ?? 0, `road at ${part}, level ${z}`).to.equal(z < 9 ? 0 : 1);
      }
    }
    for (const lat of [50.721, 50.79, 50.869]) {
      for (const lon of [12.351, 12.42, 12.499]) {
        for (const z of [10, 11, 12, 13, 14]) {
          expect((await map.at(z, { lat, lon }))['land'] ?? 0, `field at ${lat}, ${lon}, level ${z}`).to.equal(
            z < 11 ? 0 : 1,
          );
        }
      }
    }
    const house = { lat: 50.8001, lon: 12.4001 };
    const seen = await Promise.all([12, 13, 14].map(async (z) => (await map.at(z, house))['buildings'] ?? 0));
    expect(seen).to.deep.equal([0, 1, 1]);
    expect(await map.at(14, { lat: 50.71, lon: 12.75 })).to.deep.equal({});
    await map.close();
  });
});
