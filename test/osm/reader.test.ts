import { expect } from 'chai';
import fc from 'fast-check';
import { MEMBER, type OsmData } from '../../server/osm/data.ts';
import type { Key } from '../../server/osm/keys.ts';
import { ExtractUnreadable } from '../../server/osm/read.ts';
import { NO_EXTRACTS, read, realExtract, sketch, sketchFile } from '../support/extracts.ts';
import { encodePbf, type Encoded } from '../support/osmEncoder.ts';

/** What the tables hold, as it was written. */
function listed(data: OsmData) {
  const { nodes, ways, relations } = data;
  const name = 'name' as Key;
  return {
    nodes: Array.from(nodes.ids, (id, i) => ({
      id,
      lat: nodes.lat[i],
      lon: nodes.lon[i],
      name: nodes.tags.get(i, name),
    })),
    ways: Array.from(ways.ids, (id, i) => ({
      id,
      nodes: Array.from(ways.nodes.subarray(ways.first[i], ways.first[i + 1]), (node) =>
        node === -1 ? -1 : nodes.ids[node],
      ),
      name: ways.tags.get(i, name),
    })),
    relations: Array.from(relations.ids, (id, i) => ({
      id,
      roles: Array.from({ length: (relations.first[i + 1] ?? 0) - (relations.first[i] ?? 0) }, (_, m) =>
        relations.role((relations.first[i] ?? 0) + m),
      ),
      name: relations.tags.get(i, name),
    })),
  };
}

const SQUARE: Encoded = {
  nodes: [
    { id: 1, lat: 50, lon: 12 },
    { id: 2, lat: 50, lon: 12.1, tags: { highway: 'traffic_signals', colour: 'red' } },
    { id: 3, lat: 50.1, lon: 12.1 },
    { id: 4, lat: 50.1, lon: 12 },
  ],
  ways: [
    { id: 10, nodes: [1, 2, 3], tags: { highway: 'residential', name: 'Äußere Straße' } },
    { id: 11, nodes: [3, 4, 1] },
    { id: 12, nodes: [4, 99] },
    { id: 13, nodes: [4] },
  ],
  relations: [
    {
      id: 20,
      members: [
        { kind: 'way', id: 10, role: 'outer' },
        { kind: 'way', id: 11, role: 'outer' },
        { kind: 'way', id: 77 },
        { kind: 'node', id: 2, role: 'label' },
      ],
      tags: { type: 'multipolygon', natural: 'water' },
    },
    { id: 21, members: [{ kind: 'node', id: 1 }], tags: { type: 'site' } },
  ],
};

async function failure(bytes: Uint8Array): Promise<Error> {
  try {
    await read(await sketchFile(bytes));
  } catch (error) {
    return error as Error;
  }
  throw new Error('it was read');
}

describe('An OpenStreetMap extract', () => {
  it('is read into tables, with what something here reads of its tags', async () => {
    const data = await sketch(SQUARE, { replicationTimestamp: 1_700_000_000 });
    expect(data.nodes.count).to.equal(4);
    expect([data.nodes.lat[2], data.nodes.lon[2]]).to.deep.equal([501_000_000, 121_000_000]);
    expect(Array.from(data.nodes.tagged)).to.deep.equal([1]);
    expect(data.nodes.tags.get(1, 'highway')).to.equal('traffic_signals');
    expect(data.nodes.tags.count(1), 'its colour is of no use').to.equal(1);
    expect(data.ways.tags.get(0, 'name')).to.equal('Äußere Straße');
    expect(data.dataAt).to.equal(1_700_000_000_000);
    expect(data.area).to.equal(null);
  });

  it('may lack nodes, ways and what is of no use: it is counted', async () => {
    const data = await sketch(SQUARE);
    expect(listed(data).ways.map(({ id, nodes }) => [id, nodes])).to.deep.equal([
      [10, [1, 2, 3]],
      [11, [3, 4, 1]],
      [12, [4, -1]],
    ]);
    expect(data.relations.count, 'a site is of no use').to.equal(1);
    expect(Array.from(data.relations.members)).to.deep.equal([0, 1, -1, 1]);
    expect(Array.from(data.relations.kinds)).to.deep.equal([MEMBER.way, MEMBER.way, MEMBER.way, MEMBER.node]);
    expect(listed(data).relations[0]?.roles).to.deep.equal(['outer', 'outer', '', 'label']);
    expect([...data.faults]).to.deep.equal([['way with fewer than two nodes', 1]]);
  });

  for (const [how, encoding] of [
    ['without packing', { compress: false }],
    ['with nodes one by one', { dense: false }],
    ['in small blocks', { blockSize: 1 }],
    ['with coarse positions', { granularity: 1_000 }],
    ['with positions from an offset', { latOffset: -3_000_000_000, lonOffset: 2_000_000_000 }],
    ['with ways before nodes', { unsorted: true }],
  ] as const) {
    it(`is the same ${how}`, async () => {
      expect(listed(await sketch(SQUARE, encoding))).to.deep.equal(listed(await sketch(SQUARE)));
    });
  }

  it('says the same as what was written, whatever it is', async () => {
    const id = fc.integer({ min: 1, max: 2 ** 40 });
    const nodes = fc.uniqueArray(
      fc.record({
        id,
        lat: fc.integer({ min: -899_999_999, max: 899_999_999 }),
        lon: fc.integer({ min: -1_799_999_999, max: 1_799_999_999 }),
        name: fc.option(fc.string(), { nil: undefined }),
      }),
      { selector: (node) => node.id, maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(nodes, fc.boolean(), fc.boolean(), async (some, dense, compress) => {
        const sorted = [...some].sort((a, b) => a.id - b.id);
        const data = await sketch(
          {
            nodes: some.map(({ name, ...node }) => ({
              id: node.id,
              lat: node.lat / 1e7,
              lon: node.lon / 1e7,
              ...(name === undefined ? {} : { tags: { name } }),
            })),
            ways: [{ id: 1, nodes: some.map((node) => node.id).concat(some[0]?.id ?? 5, 5) }],
          },
          { dense, compress, blockSize: 7 },
        );
        expect(listed(data).nodes).to.deep.equal(
          sorted.map(({ id: own, lat, lon, name }) => ({ id: own, lat, lon, name })),
        );
      }),
      { numRuns: 40 },
    );
  });

  describe('that is cut to an area', () => {
    const area = { south: 49.99, west: 11.99, north: 50.05, east: 12.05 };

    it('has whole ways where they reach beyond it, and nothing else of what lies outside', async () => {
      for (const unsorted of [false, true]) {
        const far: Encoded = {
          ...SQUARE,
          nodes: [
            ...(SQUARE.nodes ?? []),
            { id: 5, lat: 52, lon: 13, tags: { name: 'far' } },
            { id: 6, lat: 52, lon: 14 },
          ],
          ways: [...(SQUARE.ways ?? []), { id: 14, nodes: [5, 6] }],
        };
        const data = await sketch(far, { unsorted, blockSize: 2 }, area);
        expect(listed(data).nodes.map((node) => node.id)).to.deep.equal([1, 2, 3, 4]);
        expect(listed(data).ways.map((way) => way.id)).to.deep.equal([10, 11]);
        expect(data.area).to.deep.equal(area);
      }
    });

    it('has whole areas, though some of their borders lie outside', async () => {
      const data = await sketch(
        {
          ...SQUARE,
          ways: [
            { id: 10, nodes: [1, 2] },
            { id: 11, nodes: [2, 3, 4] },
            { id: 12, nodes: [4, 1] },
          ],
          relations: [
            {
              id: 20,
              members: [10, 11, 12].map((id) => ({ kind: 'way' as const, id })),
              tags: { type: 'multipolygon' },
            },
          ],
        },
        {},
        area,
      );
      expect(listed(data).ways.map((way) => way.id)).to.deep.equal([10, 11, 12]);
      expect(Array.from(data.ways.nodes)).to.not.include(-1);
    });

    it('can be the box around a circle', async () => {
      const data = await sketch(SQUARE, {}, { center: { lat: 50, lon: 12 }, metres: 1_000 });
      expect(data.area?.north).to.be.within(50.008, 50.01);
      expect(listed(data).ways.map((way) => way.id)).to.deep.equal([10, 11]);
    });
  });

  describe('that is damaged, or none', () => {
    const whole = encodePbf(SQUARE);

    it('is refused with what is wrong', async () => {
      for (const [what, bytes, message] of [
        ['a web page', Buffer.from('<!DOCTYPE html><html><body>Not found</body></html>'), /no OpenStreetMap extract/],
        ['XML', Buffer.from('<?xml version="1.0"?><osm version="0.6"></osm>'), /no OpenStreetMap extract/],
        ['nothing', Buffer.alloc(0), /holds no data/],
        ['three bytes', Buffer.from([0, 0, 0]), /no OpenStreetMap extract/],
        ['half of it', whole.subarray(0, whole.length - 20), /ends in the middle.*byte \d+.*downloaded to its end/],
        ['with something behind', Buffer.concat([whole, Buffer.from([255, 255, 255, 255, 1])]), /damaged/],
        [
          'with history',
          encodePbf(SQUARE, { features: ['OsmSchema-V0.6', 'HistoricalInformation'] }),
          /needs HistoricalInformation/,
        ],
      ] as const) {
        const error = await failure(bytes);
        expect(error, what).to.be.instanceOf(ExtractUnreadable);
        expect(error.message, what).to.match(message);
      }
    });

    it('never hangs and never fails in another way, whichever byte is wrong', async () => {
      for (let i = 0; i < whole.length; i += 3) {
        const broken = Buffer.from(whole);
        broken[i] = (broken[i] ?? 0) ^ 0x55;
        try {
          await read(await sketchFile(broken));
        } catch (error) {
          expect(error, `byte ${i}: ${String(error)}`).to.be.instanceOf(ExtractUnreadable);
        }
      }
    });
  });

  it('is given up when somebody asks for it', async () => {
    const stopping = new AbortController();
    stopping.abort(new Error('stopped by hand'));
    const reading = read(await sketchFile(encodePbf(SQUARE)), null, stopping.signal);
    expect(await reading.catch((error: Error) => error.message)).to.equal('stopped by hand');
  });

  for (const [name, roads, buildings, addresses] of [
    ['lauf-200115.osm.pbf', 2_931, 6_526, 5_424],
    ['Hoyerswerda.osm.pbf', 548, 339, 225],
    ['heidelberg.test.pbf', 25_359, 5, 624],
  ] as const) {
    it(`${name} has as many roads, buildings and addresses as are known`, async function () {
      const file = realExtract(name);
      if (file === null) {
        console.log(`    ${NO_EXTRACTS}`);
        this.skip();
      }
      const { nodes, ways } = await read(file);
      const count = (table: { count: number; tags: OsmData['ways']['tags'] }, key: Key): number => {
        let found = 0;
        for (let i = 0; i < table.count; i++) if (table.tags.get(i, key) !== undefined) found += 1;
        return found;
      };
      expect(count(ways, 'highway')).to.equal(roads);
      expect(count(ways, 'building')).to.equal(buildings);
      expect(count(nodes, 'addr:housenumber') + count(ways, 'addr:housenumber')).to.equal(addresses);
    });
  }
});
