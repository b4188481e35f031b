import { expect } from 'chai';
import fc from 'fast-check';
import { packGraph, RoadFileBroken, unpackGraph } from '../../server/domain/roads/file.ts';
import type { RoadGraph } from '../../server/domain/roads/graph.ts';
import { createRoadSearch } from '../../server/domain/roads/search.ts';
import type { Snapped } from '../../server/domain/roads/snap.ts';
import type { OsmData } from '../../server/osm/data.ts';
import { SILENT } from '../../server/osm/progress.ts';
import { buildRoads } from '../../server/osm/roads/build.ts';
import { restrictionsOf } from '../../server/osm/roads/restrictions.ts';
import { NO_EXTRACTS, read, realExtract, sketch } from '../support/extracts.ts';
import type { Encoded, EncodedRelation, EncodedWay } from '../support/osmEncoder.ts';
import { bruteForce, driven, turnsOf } from '../support/roadRoutes.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Nodes of a net of streets, row by row; 0.001 degrees of latitude are 111 m. */
const net = (rows: number, columns: number) =>
  Array.from({ length: rows * columns }, (_, i) => ({
    id: i + 1,
    lat: 50 + Math.floor(i / columns) * 0.001,
    lon: 12 + (i % columns) * 0.0015,
  }));

const street = (id: number, nodes: number[], tags: Record<string, string> = {}): EncodedWay => ({
  id,
  nodes,
  tags: { highway: 'residential', name: `Straße ${id}`, ...tags },
});

const restriction = (kind: string, from: number, via: number, to: number): EncodedRelation => ({
  id: 1_000 + from * 100 + to,
  members: [
    { kind: 'way', id: from, role: 'from' },
    { kind: 'node', id: via, role: 'via' },
    { kind: 'way', id: to, role: 'to' },
  ],
  tags: { type: 'restriction', restriction: kind },
});

async function graphOf(data: Encoded): Promise<RoadGraph> {
  return buildRoads(await sketch(data), SILENT).graph;
}

const nameOf = (graph: RoadGraph, arc: number): string =>
  graph.names[graph.stretchName[(graph.arcStretch[arc] ?? 0) >> 1] ?? 0] ?? '';

/** "Straße 1 > Straße 2", each once. */
function turnsByName(graph: RoadGraph): string[] {
  const turns = Array.from({ length: graph.arcCount }, (_, arc) =>
    turnsOf(graph, arc).map(({ next }) => `${nameOf(graph, arc)} > ${nameOf(graph, next)}`),
  );
  return [...new Set(turns.flat())].sort();
}

const on = (stretch: number, along: number): Snapped => ({ stretch, along, metres: 0, at: { lat: 0, lon: 0 } });

/** A ring of four streets, with two that lead off and end: at node 2 and at node 5. */
const RING = net(2, 3);
const ring = (more: EncodedWay[] = [], relations: EncodedRelation[] = []): Encoded => ({
  nodes: RING,
  ways: [
    street(1, [1, 2]),
    street(2, [2, 5]),
    street(3, [5, 4]),
    street(4, [4, 1]),
    street(5, [2, 3]),
    street(8, [5, 6]),
    ...more,
  ],
  relations,
});

describe('The roads of an extract', () => {
  it('become stretches from junction to junction, driven both ways', async () => {
    const { graph, counts } = buildRoads(await sketch(ring()), SILENT);
    expect(counts).to.include({ junctions: 6, stretches: 6, arcs: 12, 'arcs left out': 0 });
    // Only at the ends of the streets that lead off may somebody turn round.
    const turnsRound = turnsByName(graph).filter((turn) => turn.split(' > ')[0] === turn.split(' > ')[1]);
    expect(turnsRound).to.deep.equal(['Straße 5 > Straße 5', 'Straße 8 > Straße 8']);
  });

  it('leave out what no way leads to and from', async () => {
    const nodes = [
      ...RING,
      { id: 50, lat: 51, lon: 13 },
      { id: 51, lat: 51.001, lon: 13 },
      { id: 52, lat: 51.002, lon: 13 },
    ];
    const island = { ...ring([street(6, [50, 51]), street(7, [4, 52], { oneway: 'yes' })]), nodes };
    const { graph, counts } = buildRoads(await sketch(island), SILENT);
    expect(graph.stretchCount).to.equal(6);
    expect(counts['arcs left out']).to.equal(3);
  });

  it('have no turn that a sign forbids', async () => {
    const free = turnsByName(await graphOf(ring()));
    expect(free).to.include('Straße 1 > Straße 5');
    const no = turnsByName(await graphOf(ring([], [restriction('no_straight_on', 1, 2, 5)])));
    expect(free.filter((turn) => !no.includes(turn))).to.deep.equal(['Straße 1 > Straße 5']);
    const only = turnsByName(await graphOf(ring([], [restriction('only_right_turn', 1, 2, 2)])));
    expect(only.filter((turn) => turn.startsWith('Straße 1 > '))).to.deep.equal([
      'Straße 1 > Straße 2',
      'Straße 1 > Straße 4',
    ]);
  });

  it('have the turn where the sign is not for cars, or makes no sense', async () => {
    const except = restriction('no_straight_on', 1, 2, 5);
    const bus = { ...except, tags: { ...except.tags, except: 'bus;motorcar' } };
    const strange = { ...except, tags: { type: 'restriction', restriction: 'maybe' } };
    const lost = restriction('no_straight_on', 1, 99, 5);
    for (const one of [bus, strange, lost]) {
      expect(turnsByName(await graphOf(ring([], [one])))).to.include('Straße 1 > Straße 5');
    }
    expect(buildRoads(await sketch(ring([], [lost])), SILENT).faults).to.include({
      'restriction that is incomplete': 1,
    });
  });

  it('end at a closed barrier, on both sides of it', async () => {
    const nodes = RING.map((node) => (node.id === 2 ? { ...node, tags: { barrier: 'bollard' } } : node));
    const graph = await graphOf({ ...ring(), nodes });
    expect(turnsByName(graph)).to.include('Straße 1 > Straße 1');
    expect(turnsByName(graph)).to.not.include('Straße 1 > Straße 2');
  });

  it('are cut where the extract ends', async () => {
    const { graph, faults } = buildRoads(await sketch(ring([street(6, [3, 6, 77, 78])])), SILENT);
    expect(graph.stretchCount).to.equal(7);
    expect(faults).to.include({ 'road cut off at the edge': 1 });
  });

  it('cost a penalty, but no time, where they are for some only', async () => {
    const graph = await graphOf(ring([street(6, [3, 6], { access: 'private' })]));
    const into = Array.from({ length: graph.arcCount }, (_, arc) => arc)
      .filter((arc) => nameOf(graph, arc) === 'Straße 5')
      .flatMap((arc) => turnsOf(graph, arc).filter(({ next }) => nameOf(graph, next) === 'Straße 6'));
    expect(into.map(({ penalty }) => penalty)).to.deep.equal([3_000]);
  });

  it('are the same after they were written and read', async () => {
    const graph = await graphOf(ring());
    const parts = packGraph(graph, encode);
    const file = Uint8Array.from(parts.flatMap((part) => Array.from(part)));
    const shared = new SharedArrayBuffer(file.length);
    new Uint8Array(shared).set(file);
    for (const buffer of [file.buffer, shared]) expect(unpackGraph(buffer, decode)).to.deep.equal(graph);
    for (const at of [0, 5, 30, file.length - 9]) {
      const broken = file.slice();
      broken[at] = (broken[at] ?? 0) ^ 1;
      expect(() => unpackGraph(broken.buffer, decode), `byte ${at}`).to.throw(RoadFileBroken);
    }
    for (const length of [0, 7, 100, file.length - 8]) {
      expect(() => unpackGraph(file.slice(0, length).buffer, decode), `${length} bytes`).to.throw();
    }
  });

  it('are searched as exactly as by trying everything, on nets with one-way streets and forbidden turns', async () => {
    const [rows, columns] = [4, 4];
    const edges = net(rows, columns).flatMap(({ id }) => [
      ...(id % columns === 0 ? [] : [[id, id + 1]]),
      ...(id > columns * (rows - 1) ? [] : [[id, id + columns]]),
    ]) as [number, number][];
    const kinds = fc.array(fc.constantFrom('', 'yes', '-1', 'gone'), {
      minLength: edges.length,
      maxLength: edges.length,
    });
    const forbidden = fc.array(fc.tuple(fc.nat(edges.length - 1), fc.nat(edges.length - 1), fc.boolean()), {
      maxLength: 12,
    });
    const pairs = fc.array(fc.tuple(fc.nat(), fc.double({ min: 0, max: 1, noNaN: true })), {
      minLength: 4,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(kinds, forbidden, pairs, async (directions, rules, places) => {
        const ways = edges.flatMap(([a, b], i) =>
          directions[i] === 'gone'
            ? []
            : [street(i + 1, [a, b], directions[i] === '' ? {} : { oneway: directions[i] ?? '' })],
        );
        const relations = rules.flatMap(([a, b, isOnly], i) => {
          const [from, to] = [edges[a] as [number, number], edges[b] as [number, number]];
          const via = from.find((node) => to.includes(node));
          const one = restriction(isOnly ? 'only_straight_on' : 'no_left_turn', a + 1, via ?? 0, b + 1);
          return via === undefined || a === b ? [] : [{ ...one, id: 5_000 + i }];
        });
        const graph = await graphOf({ nodes: net(rows, columns), ways, relations });
        if (graph.stretchCount === 0) return;
        const search = createRoadSearch(graph);
        const snapped = places.map(([stretch, along]) => on(stretch % graph.stretchCount, along));
        for (const source of snapped) {
          const paths = search.paths(source, snapped);
          snapped.forEach((target, i) => {
            const path = paths[i];
            expect(path?.cost ?? Infinity).to.equal(bruteForce(graph, source, target));
            if (path !== null && path !== undefined) {
              expect(driven(graph, path, source, target)).to.deep.equal({ time: path.time, cost: path.cost });
            }
          });
        }
      }),
      { numRuns: 60 },
    );
  });

  it('take as long there as back where nothing is one way and no turn costs', async () => {
    const graph = await graphOf({ nodes: net(2, 2), ways: [street(1, [1, 2]), street(2, [2, 4]), street(3, [4, 3])] });
    const search = createRoadSearch(graph);
    const [a, b] = [on(0, 0.25), on(2, 0.75)];
    expect(search.paths(a, [b])[0]?.time).to.equal(search.paths(b, [a])[0]?.time);
  });

  it('lead round to a place just behind on a one-way street', async () => {
    const graph = await graphOf({
      nodes: net(2, 2),
      ways: [street(1, [1, 2], { oneway: 'yes' }), street(2, [2, 4, 3, 1])],
    });
    const stretch = Array.from(graph.stretchName).findIndex((name) => graph.names[name] === 'Straße 1');
    const [path] = createRoadSearch(graph).paths(on(stretch, 0.6), [on(stretch, 0.4)]);
    expect(path?.arcs).to.have.length(3);
    expect(path?.arcs[0]).to.equal(path?.arcs[2]);
  });

  for (const name of ['lauf-200115.osm.pbf', 'heidelberg.test.pbf', 'rnv.osm.pbf']) {
    describe(name, () => {
      let data: OsmData;
      let graph: RoadGraph;

      before(async function () {
        this.timeout(60_000);
        const file = realExtract(name);
        if (file === null) {
          console.log(`    ${NO_EXTRACTS}`);
          return this.skip();
        }
        data = await read(file);
        graph = buildRoads(data, SILENT).graph;
      });

      it('gives ways that may be driven, in sums that are right', () => {
        const search = createRoadSearch(graph);
        let seed = 11;
        const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
        const places = Array.from({ length: 15 }, () => on(Math.floor(random() * graph.stretchCount), random()));
        for (const source of places) {
          const paths = search.paths(source, places);
          places.forEach((target, i) => {
            const path = paths[i] ?? null;
            expect(path, 'from everywhere to everywhere').to.not.equal(null);
            if (path === null) return;
            expect(driven(graph, path, source, target)).to.deep.equal({ time: path.time, cost: path.cost });
            expect(search.paths(source, [target])[0]?.cost, 'alone as among others').to.equal(path.cost);
          });
        }
      });

      it('has none of the turns that its signs forbid', () => {
        const rules = restrictionsOf(data, new Map()).filter(({ kind, isLong }) => kind === 'no' && !isLong);
        const forbidden = new Set(rules.map(({ via, from, to }) => `${via}|${from}|${to}`));
        const names = (way: number): string => data.ways.tags.get(way, 'name') ?? '';
        const byName = new Set(rules.map(({ from, to }) => `${names(from)} > ${names(to)}`));
        expect(forbidden.size === 0 || byName.size > 0).to.equal(true);
        const { lat, lon } = data.nodes;
        const vias = new Map(rules.map((rule) => [`${lat[rule.via]},${lon[rule.via]}`, rule.via]));
        const pointAt = (arc: number, isEnd: boolean): string => {
          const directed = graph.arcStretch[arc] ?? 0;
          const isLast = isEnd !== ((directed & 1) === 1);
          const at = isLast ? (graph.firstPoint[(directed >> 1) + 1] ?? 0) - 1 : (graph.firstPoint[directed >> 1] ?? 0);
          return `${graph.pointLat[at]},${graph.pointLon[at]}`;
        };
        const wrong: string[] = [];
        for (let arc = 0; arc < graph.arcCount; arc++) {
          const via = vias.get(pointAt(arc, true));
          if (via === undefined) continue;
          for (const { next } of turnsOf(graph, arc)) {
            const isNamed = rules.some(
              (rule) =>
                rule.via === via &&
                touches(data, rule.from, via) === neighbour(graph, arc, true) &&
                touches(data, rule.to, via) === neighbour(graph, next, false),
            );
            if (isNamed) wrong.push(`${nameOf(graph, arc)} > ${nameOf(graph, next)}`);
          }
        }
        expect(wrong).to.deep.equal([]);
      });
    });
  }
});

/** The node of a way beside one at its end; null: it goes on at both sides. */
function touches({ ways, nodes }: OsmData, way: number, via: number): string | null {
  const own = ways.nodes.subarray(ways.first[way], ways.first[way + 1]);
  const beside = own[0] === via ? own[1] : own[own.length - 1] === via ? own[own.length - 2] : undefined;
  return beside === undefined || own[0] === own[own.length - 1] ? null : `${nodes.lat[beside]},${nodes.lon[beside]}`;
}

/** The point of an arc beside its end, or beside its beginning. */
function neighbour(graph: RoadGraph, arc: number, isEnd: boolean): string {
  const directed = graph.arcStretch[arc] ?? 0;
  const isLast = isEnd !== ((directed & 1) === 1);
  const at = isLast ? (graph.firstPoint[(directed >> 1) + 1] ?? 0) - 2 : (graph.firstPoint[directed >> 1] ?? 0) + 1;
  return `${graph.pointLat[at]},${graph.pointLon[at]}`;
}
