import { createRequire } from 'node:module';
import { VectorTile } from '@mapbox/vector-tile';
import { expect } from 'chai';
import GeoJSONVT from 'geojson-vt';
import { PbfReader } from 'pbf';

/** Comes without types. */
const { fromGeojsonVt } = createRequire(import.meta.url)('vt-pbf') as {
  fromGeojsonVt: (layers: object, options: { version: number; extent: number }) => Uint8Array;
};

/** public/js/mvt.js, as the browser gets it. */
interface Feature {
  type: number;
  properties: Record<string, string | number | boolean>;
  points: Int32Array;
  ends: Uint32Array;
}
type ReadTile = (bytes: Uint8Array) => Map<string, { extent: number; features: Feature[] }>;

/** A village: lake with an island, two meadows in one feature, roads, places; something of everything. */
const VILLAGE = {
  land: [area({ class: 'wood' }, [[ring(0.002, 0.004)], [ring(0.009, 0.003)]])],
  water: [area({}, [[ring(0.001, 0.012), ring(0.004, 0.004).toReversed()]])],
  roads: [
    line({ class: 'primary', order: -2, bridge: true, width: 7.25 }, [
      [
        [-0.05, 0.001],
        [0.003, 0.0071],
        [0.004, 0.002],
        [0.05, 0.013],
      ],
    ]),
    line({ class: 'path' }, [
      [
        [0.002, 0.002],
        [0.003, 0.003],
      ],
      [
        [0.006, 0.003],
        [0.009, 0.002],
        [0.01, 0.009],
      ],
    ]),
  ],
  places: [
    point({ name: 'Königsfeld „Ost“', rank: 12_345_678, population: 4_294_967_296 }, [0.006, 0.006]),
    point({ name: 'Zwönitz', rank: 0 }, [0.0101, 0.0004]),
  ],
};

describe('A vector tile, read in the browser', () => {
  let readTile: ReadTile;

  before(async () => {
    const file = new URL('../../public/js/mvt.js', import.meta.url).href;
    ({ readTile } = (await import(file)) as { readTile: ReadTile });
  });

  it('is what another reader finds in it: layers, attributes, points in their order', () => {
    const bytes = tileOf(VILLAGE);
    const theirs = new VectorTile(new PbfReader(bytes));
    const ours = readTile(bytes);
    expect([...ours.keys()]).to.deep.equal(Object.keys(VILLAGE));
    for (const [name, layer] of ours) {
      const other = theirs.layers[name];
      expect(other, name).to.not.equal(undefined);
      if (other === undefined) continue;
      expect(layer.extent).to.equal(other.extent);
      expect(layer.features.length, name).to.equal(other.length);
      layer.features.forEach((feature, i) => {
        const their = other.feature(i);
        expect(feature.type).to.equal(their.type);
        expect({ ...feature.properties }).to.deep.equal({ ...their.properties });
        expect(pairs(feature), `${name} ${i}`).to.deep.equal(theirPairs(their));
      });
    }
  });

  it('keeps numbers that are large, negative or broken, and words beyond ASCII', () => {
    const layers = readTile(tileOf(VILLAGE));
    const [place] = layers.get('places')?.features ?? [];
    expect(place?.properties).to.include({ name: 'Königsfeld „Ost“', rank: 12_345_678, population: 4_294_967_296 });
    const [road] = layers.get('roads')?.features ?? [];
    expect(road?.properties).to.include({ order: -2, bridge: true, width: 7.25 });
  });

  it('of another extent says so', () => {
    expect(readTile(tileOf(VILLAGE, 512)).get('roads')?.extent).to.equal(512);
  });

  it('that is empty has no layers', () => {
    expect(readTile(new Uint8Array(0)).size).to.equal(0);
    expect(readTile(tileOf({ roads: [] })).size).to.equal(0);
  });

  it('that breaks off anywhere throws nothing, and shows whole layers or nothing', () => {
    const bytes = tileOf(VILLAGE);
    for (let length = 0; length < bytes.length; length += 1) {
      const layers = readTile(bytes.subarray(0, length));
      for (const { features } of layers.values())
        for (const { points } of features) expect(points.length % 2).to.equal(0);
    }
  });

  it('with any one byte changed throws nothing and takes no memory without end', () => {
    const bytes = tileOf(VILLAGE);
    for (let at = 0; at < bytes.length; at += 1) {
      for (const wrong of [0, 0x7f, 0xff]) {
        const broken = Uint8Array.from(bytes);
        broken[at] = wrong;
        for (const { features } of readTile(broken).values()) {
          for (const { points, ends } of features) {
            expect(points.length).to.be.at.most(bytes.length);
            expect((ends.at(-1) ?? 0) * 2).to.equal(points.length);
          }
        }
      }
    }
  });

  it('that is something else altogether is an empty one', () => {
    for (const other of ['<!doctype html><title>Fehler</title>', '{"error":503}', '\u001f\u008b\b']) {
      expect(readTile(new TextEncoder().encode(other)).size, other).to.equal(0);
    }
  });

  it('in a part of a larger piece of memory is read from where it begins', () => {
    const bytes = tileOf(VILLAGE);
    const shifted = new Uint8Array(bytes.length + 20);
    shifted.set(bytes, 7);
    expect(readTile(shifted.subarray(7, 7 + bytes.length))).to.deep.equal(readTile(bytes));
  });
});

type Position = [number, number];
type Properties = Record<string, string | number | boolean>;
interface GeoFeature {
  type: 'Feature';
  properties: Properties;
  geometry:
    | { type: 'MultiPolygon'; coordinates: Position[][][] }
    | { type: 'MultiLineString'; coordinates: Position[][] }
    | { type: 'Point'; coordinates: Position };
}

function area(properties: Properties, coordinates: Position[][][]): GeoFeature {
  return { type: 'Feature', properties, geometry: { type: 'MultiPolygon', coordinates } };
}

function line(properties: Properties, coordinates: Position[][]): GeoFeature {
  return { type: 'Feature', properties, geometry: { type: 'MultiLineString', coordinates } };
}

function point(properties: Properties, coordinates: Position): GeoFeature {
  return { type: 'Feature', properties, geometry: { type: 'Point', coordinates } };
}

/** A square from (from, from), closed as GeoJSON has it. */
function ring(from: number, size: number): Position[] {
  const to = from + size;
  return [
    [from, from],
    [to, from],
    [to, to],
    [from, to],
    [from, from],
  ];
}

/** The tile of level 14 north-east of the point where equator and prime meridian cross. */
function tileOf(layers: Record<string, GeoFeature[]>, extent = 4096): Uint8Array {
  const tiles = Object.entries(layers).flatMap(([name, features]) => {
    const index = new GeoJSONVT(
      { type: 'FeatureCollection', features },
      { maxZoom: 14, indexMaxZoom: 14, extent, buffer: 64 },
    );
    const tile = index.getTile(14, 2 ** 13, 2 ** 13 - 1);
    return tile === null ? [] : [[name, tile] as const];
  });
  return Uint8Array.from(fromGeojsonVt(Object.fromEntries(tiles), { version: 2, extent }));
}

function pairs({ type, points, ends }: Feature): number[][][] {
  const parts: number[][][] = [];
  let from = 0;
  for (const end of ends) {
    const part = [];
    for (let i = from; i < end; i += 1) part.push([points[i * 2] ?? NaN, points[i * 2 + 1] ?? NaN]);
    from = end;
    // theirs repeats the first point of a ring
    if (type === 3 && part[0] !== undefined) part.push(part[0]);
    parts.push(part);
  }
  return parts;
}

function theirPairs(feature: { loadGeometry(): { x: number; y: number }[][] }): number[][][] {
  return feature.loadGeometry().map((part) => part.map(({ x, y }) => [x, y]));
}
