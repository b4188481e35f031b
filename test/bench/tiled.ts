import { createCollector } from '../../server/osm/collector.ts';
import type { OsmData } from '../../server/osm/data.ts';
import { KEYS, type Key } from '../../server/osm/keys.ts';

/** Roads that are led across the edge of a tile, at each side of it. */
const BRIDGES = 40;

const MEMBERS = ['node', 'way', 'relation'] as const;

/**
 * An extract `side` × `side` times beside each other, to see what happens in a larger one. Neighbours are mirror images,
 * so that a road at the edge meets itself there: those nearest to the edge are joined.
 * @param what only roads and their rules, or everything
 */
export function tiled(data: OsmData, side: number, what: 'roads' | 'everything'): OsmData {
  const { nodes, ways, relations } = data;
  const isRoad = (way: number): boolean =>
    ways.tags.get(way, 'highway') !== undefined || ways.tags.get(way, 'route') === 'ferry';
  const isRule = (one: number): boolean => relations.tags.get(one, 'type') === 'restriction';
  const all = what === 'everything';
  const roads = range(ways.count).filter(isRoad);
  const lines = all ? range(ways.count) : roads;
  const used = new Uint8Array(nodes.count);
  for (const way of lines) for (const node of nodesOf(data, way)) used[node] = 1;
  const places = range(nodes.count).filter((node) => used[node] === 1 || (all && nodes.tags.count(node) > 0));
  const rules = range(relations.count).filter((one) => all || isRule(one));
  const box = boxOf(data, places);
  const edges = edgesOf(data, roads, box);

  const collector = createCollector();
  const size = Math.max(nodes.count, ways.count, relations.count) + 1;
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const begin = (row * side + column) * size;
      for (const node of places) {
        const up = (nodes.lat[node] as number) - box.south;
        const right = (nodes.lon[node] as number) - box.west;
        collector.node(
          begin + node,
          box.south + row * box.height + (row % 2 === 1 ? box.height - up : up),
          box.west + column * box.width + (column % 2 === 1 ? box.width - right : right),
          tagsOf(nodes.tags, node),
        );
      }
      for (const way of lines) {
        const own = nodesOf(data, way).map((node) => begin + node);
        collector.way(begin + way, own, tagsOf(ways.tags, way));
      }
      for (const rule of rules) {
        const members = range((relations.first[rule + 1] as number) - (relations.first[rule] as number)).map((i) => {
          const at = (relations.first[rule] as number) + i;
          const kind = MEMBERS[relations.kinds[at] as number] ?? 'node';
          return { kind, id: begin + (relations.members[at] as number), role: relations.role(at) };
        });
        collector.relation(begin + rule, members, tagsOf(relations.tags, rule));
      }
    }
  }
  let bridge = side * side * size;
  const join = (one: number, other: number, edge: readonly number[]): void => {
    for (const node of edge) {
      bridge += 1;
      collector.way(bridge, [one * size + node, other * size + node], ['highway', 'tertiary']);
    }
  };
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const tile = row * side + column;
      if (column + 1 < side) join(tile, tile + 1, column % 2 === 0 ? edges.east : edges.west);
      if (row + 1 < side) join(tile, tile + side, row % 2 === 0 ? edges.north : edges.south);
    }
  }
  return collector.finish();
}

interface Box {
  south: number;
  west: number;
  height: number;
  width: number;
}

/** Nodes of through roads nearest to each edge. */
function edgesOf(
  data: OsmData,
  roads: readonly number[],
  box: Box,
): Record<'north' | 'south' | 'east' | 'west', number[]> {
  const { lat, lon } = data.nodes;
  const through = roads.filter((way) =>
    ['primary', 'secondary', 'tertiary', 'unclassified'].includes(data.ways.tags.get(way, 'highway') ?? ''),
  );
  const nodes = [...new Set(through.flatMap((way) => nodesOf(data, way)))];
  const nearest = (distance: (node: number) => number): number[] =>
    [...nodes].sort((a, b) => distance(a) - distance(b)).slice(0, BRIDGES);
  return {
    north: nearest((node) => box.south + box.height - (lat[node] as number)),
    south: nearest((node) => (lat[node] as number) - box.south),
    east: nearest((node) => box.west + box.width - (lon[node] as number)),
    west: nearest((node) => (lon[node] as number) - box.west),
  };
}

function boxOf({ nodes: { lat, lon } }: OsmData, places: readonly number[]): Box {
  let [south, west, north, east] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const node of places) {
    south = Math.min(south, lat[node] as number);
    north = Math.max(north, lat[node] as number);
    west = Math.min(west, lon[node] as number);
    east = Math.max(east, lon[node] as number);
  }
  return { south, west, height: north - south, width: east - west };
}

function nodesOf({ ways }: OsmData, way: number): number[] {
  return Array.from(ways.nodes.subarray(ways.first[way], ways.first[way + 1])).filter((node) => node !== -1);
}

function tagsOf(tags: { get(position: number, key: Key): string | undefined }, position: number): string[] {
  return KEYS.flatMap((key) => {
    const value = tags.get(position, key);
    return value === undefined ? [] : [key, value];
  });
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
