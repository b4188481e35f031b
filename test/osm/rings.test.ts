import { expect } from 'chai';
import { assembleRings } from '../../server/osm/rings.ts';
import { NO_EXTRACTS, read, realExtract, sketch } from '../support/extracts.ts';
import type { EncodedWay } from '../support/osmEncoder.ts';

/** Nodes of a chequered sheet of 8 × 8: node 1 is at the lower left, 8 in the lower right. */
const SHEET = Array.from({ length: 64 }, (_, i) => ({
  id: i + 1,
  lat: 50 + Math.floor(i / 8) * 0.01,
  lon: 12 + (i % 8) * 0.01,
}));

async function assembled(lines: readonly number[][], roles: readonly string[] = []) {
  const ways: EncodedWay[] = lines.map((nodes, i) => ({ id: i + 1, nodes }));
  const members = lines.map((_, i) => ({ kind: 'way' as const, id: i + 1, role: roles[i] ?? '' }));
  const data = await sketch({ nodes: SHEET, ways, relations: [{ id: 1, members, tags: { type: 'multipolygon' } }] });
  const { polygons, broken } = assembleRings(data, 0);
  const ids = (ring: Int32Array): number[] =>
    Array.from(ring, (node) => data.nodes.ids[node] ?? 0).sort((a, b) => a - b);
  return {
    broken,
    polygons: polygons.map(({ outer, inner }) => [
      new Set(ids(outer)).size,
      ...inner.map((one) => new Set(ids(one)).size),
    ]),
    closed: polygons.every(({ outer, inner }) => [outer, ...inner].every((ring) => ring[0] === ring[ring.length - 1])),
  };
}

const SQUARE = [1, 8, 64, 57, 1];
const HOLE = [10, 15, 55, 50, 10];
const ISLAND = [19, 22, 46, 43, 19];

describe('An area made of several ways', () => {
  it('is put together whichever way each of them runs', async () => {
    const { polygons, broken, closed } = await assembled([
      [1, 2, 8],
      [64, 8],
      [64, 57],
      [1, 57],
    ]);
    expect(polygons).to.deep.equal([[5]]);
    expect(broken).to.equal(0);
    expect(closed).to.equal(true);
  });

  it('has holes, and islands in them, whatever the roles say', async () => {
    for (const roles of [['outer', 'inner', 'outer'], [], ['inner', 'outer', 'inner']]) {
      expect((await assembled([SQUARE, HOLE, ISLAND], roles)).polygons).to.deep.equal([[4, 4], [4]]);
    }
  });

  it('may be two areas, also where they touch in a point', async () => {
    expect(
      (
        await assembled([
          [1, 2, 10, 9, 1],
          [10, 11, 19, 18, 10],
        ])
      ).polygons,
    ).to.deep.equal([[4], [4]]);
    const touching = await assembled([
      [1, 2, 10],
      [10, 11, 19],
      [19, 18, 10],
      [10, 9, 1],
    ]);
    expect(touching.polygons).to.deep.equal([[4], [4]]);
    expect(touching.broken).to.equal(0);
  });

  it('is counted as broken where a ring does not close, and the rest of it is there', async () => {
    const { polygons, broken } = await assembled([SQUARE, [10, 11, 12], [20, 99]]);
    expect(polygons).to.deep.equal([[4]]);
    expect(broken).to.equal(2);
  });

  it('is nothing where there are no rings', async () => {
    expect((await assembled([[1, 2]])).polygons).to.deep.equal([]);
    expect((await assembled([[1, 2, 1]])).polygons).to.deep.equal([]);
  });

  it('closes in real extracts wherever all ways are there', async function () {
    const file = realExtract('lauf-200115.osm.pbf');
    if (file === null) {
      console.log(`    ${NO_EXTRACTS}`);
      return this.skip();
    }
    const data = await read(file);
    let whole = 0;
    for (let relation = 0; relation < data.relations.count; relation++) {
      if (data.relations.tags.get(relation, 'type') !== 'multipolygon') continue;
      const { polygons, broken } = assembleRings(data, relation);
      if (broken === 0) whole += polygons.length;
    }
    expect(whole).to.be.greaterThan(80);
  });
});
