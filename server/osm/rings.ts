import { MEMBER, type OsmData } from './data.ts';

/** An area with its holes: positions of nodes, the first one again at the end. */
export interface Polygon {
  outer: Int32Array;
  inner: Int32Array[];
}

export interface Assembled {
  polygons: Polygon[];
  /** Rings that do not close, or cannot be placed. */
  broken: number;
}

/**
 * Puts the areas of a multipolygon or boundary together from the ways that are its members, by
 * https://wiki.openstreetmap.org/wiki/Relation:multipolygon: ways joined end to end into rings, in any order and
 * direction; what lies within how many others decides what is outer and what is a hole, whatever the roles say. What
 * does not close is counted and left out.
 */
export function assembleRings(data: OsmData, relation: number): Assembled {
  const { rings, open } = ringsOf(data, relation);
  const shapes = rings
    .map((nodes) => ({ nodes, ...measure(data, nodes) }))
    .filter(({ area }) => area > 0)
    .sort((a, b) => b.area - a.area);

  // Larger rings first: of those that hold a ring, the last one seen is the smallest.
  const polygons: Polygon[] = [];
  const placed: { shape: (typeof shapes)[number]; depth: number; polygon: Polygon | null }[] = [];
  for (const shape of shapes) {
    const parent = placed.findLast((other) => contains(data, other.shape, shape));
    const depth = parent === undefined ? 0 : parent.depth + 1;
    let polygon: Polygon | null = null;
    if (depth % 2 === 0) {
      polygon = { outer: shape.nodes, inner: [] };
      polygons.push(polygon);
    } else {
      parent?.polygon?.inner.push(shape.nodes);
    }
    placed.push({ shape, depth, polygon });
  }
  return { polygons, broken: open + (rings.length - shapes.length) };
}

/** A closed way as a ring; null: it is not closed, too short, or lacks nodes. */
export function ringOfWay({ ways }: OsmData, way: number): Int32Array | null {
  const nodes = ways.nodes.subarray(ways.first[way], ways.first[way + 1]);
  const isRing = nodes.length >= 4 && nodes[0] === nodes[nodes.length - 1] && !nodes.includes(-1);
  return isRing ? nodes : null;
}

function ringsOf(data: OsmData, relation: number): { rings: Int32Array[]; open: number } {
  const { ways, relations } = data;
  const rings: Int32Array[] = [];
  const pieces: Int32Array[] = [];
  const seen = new Set<number>();
  let open = 0;
  for (let m = relations.first[relation] ?? 0; m < (relations.first[relation + 1] ?? 0); m++) {
    if (relations.kinds[m] !== MEMBER.way) continue;
    const way = relations.members[m] as number;
    if (way === -1) {
      open += 1;
      continue;
    }
    if (seen.has(way)) continue;
    seen.add(way);
    const nodes = ways.nodes.subarray(ways.first[way], ways.first[way + 1]);
    if (nodes.includes(-1) || nodes.length < 2) open += 1;
    else if (nodes[0] === nodes[nodes.length - 1]) rings.push(...(nodes.length >= 4 ? [nodes] : []));
    else pieces.push(nodes);
  }
  const joined = join(pieces);
  return { rings: [...rings, ...joined.rings], open: open + joined.open };
}

/** Pieces end to end. Where more than two meet, the ring that closes first is taken: touching rings come apart there. */
function join(pieces: readonly Int32Array[]): { rings: Int32Array[]; open: number } {
  const ends = new Map<number, Set<number>>();
  const add = (node: number, piece: number): void => {
    const there = ends.get(node);
    if (there === undefined) ends.set(node, new Set([piece]));
    else there.add(piece);
  };
  const endsOf = (piece: number): [number, number] => {
    const nodes = pieces[piece] as Int32Array;
    return [nodes[0] as number, nodes[nodes.length - 1] as number];
  };
  pieces.forEach((_, piece) => endsOf(piece).forEach((node) => add(node, piece)));

  const rings: Int32Array[] = [];
  const free = new Set(pieces.keys());
  let open = 0;
  const use = (piece: number): void => {
    free.delete(piece);
    for (const node of endsOf(piece)) ends.get(node)?.delete(piece);
  };
  for (const first of pieces.keys()) {
    if (!free.has(first)) continue;
    use(first);
    // The way so far, as pieces with their direction, and the nodes between them.
    const path: { piece: number; backward: boolean }[] = [{ piece: first, backward: false }];
    const corners = [...endsOf(first)];
    while (path.length > 0) {
      const at = corners[corners.length - 1] as number;
      const begun = corners.indexOf(at);
      if (begun < corners.length - 1) {
        rings.push(concatenated(pieces, path.splice(begun)));
        corners.length = begun + 1;
        continue;
      }
      const [next] = ends.get(at) ?? [];
      if (next === undefined) break;
      use(next);
      const [from, to] = endsOf(next);
      path.push({ piece: next, backward: from !== at });
      corners.push(from === at ? to : from);
    }
    if (path.length > 0) open += 1;
  }
  return { rings: rings.filter(({ length }) => length >= 4), open };
}

function concatenated(
  pieces: readonly Int32Array[],
  path: readonly { piece: number; backward: boolean }[],
): Int32Array {
  const parts = path.map(({ piece, backward }) => {
    const nodes = pieces[piece] as Int32Array;
    return backward ? nodes.slice().reverse() : nodes;
  });
  const ring = new Int32Array(parts.reduce((sum, { length }) => sum + length - 1, 1));
  let used = 0;
  for (const part of parts) {
    ring.set(part, used);
    used += part.length - 1;
  }
  return ring;
}

interface Box {
  south: number;
  west: number;
  north: number;
  east: number;
}

/** Size and box of a ring, in 1e-7 degrees. */
export function measure({ nodes: { lat, lon } }: OsmData, ring: Int32Array): Box & { area: number } {
  const box = { south: Infinity, west: Infinity, north: -Infinity, east: -Infinity };
  const lat0 = lat[ring[0] as number] as number;
  const lon0 = lon[ring[0] as number] as number;
  let area = 0;
  for (let i = 0; i < ring.length; i++) {
    const y = lat[ring[i] as number] as number;
    const x = lon[ring[i] as number] as number;
    if (y < box.south) box.south = y;
    if (y > box.north) box.north = y;
    if (x < box.west) box.west = x;
    if (x > box.east) box.east = x;
    if (i === 0) continue;
    const before = ring[i - 1] as number;
    area += ((lon[before] as number) - lon0) * (y - lat0) - (x - lon0) * ((lat[before] as number) - lat0);
  }
  return { ...box, area: Math.abs(area) / 2 };
}

/** Whether the inner ring lies in the outer one: by its first corner that is no corner of the outer one. */
function contains(
  { nodes: { lat, lon } }: OsmData,
  outer: Box & { nodes: Int32Array },
  inner: Box & { nodes: Int32Array },
): boolean {
  if (inner.south < outer.south || inner.north > outer.north) return false;
  if (inner.west < outer.west || inner.east > outer.east) return false;
  const corners = new Set(outer.nodes);
  const own = inner.nodes.find((node) => !corners.has(node));
  if (own !== undefined) return isInRing(outer.nodes, lat, lon, lat[own] as number, lon[own] as number);
  const [a = 0, b = 0] = inner.nodes;
  const middle = (values: Int32Array): number => ((values[a] as number) + (values[b] as number)) / 2;
  return isInRing(outer.nodes, lat, lon, middle(lat), middle(lon));
}

/**
 * Whether a point is in a ring, by counting the edges to the east of it (Shimrat, "Algorithm 112", CACM 1962); points on
 * an edge are in one of two rings that share it.
 * @param y degrees of latitude in the unit of `lat`, x of longitude
 */
export function isInRing(
  ring: ArrayLike<number>,
  lat: ArrayLike<number>,
  lon: ArrayLike<number>,
  y: number,
  x: number,
): boolean {
  let isIn = false;
  for (let i = 1; i < ring.length; i++) {
    const [a, b] = [ring[i - 1] as number, ring[i] as number];
    const [ay, by] = [lat[a] as number, lat[b] as number];
    if (ay > y === by > y) continue;
    const [ax, bx] = [lon[a] as number, lon[b] as number];
    if (x < ax + ((bx - ax) * (y - ay)) / (by - ay)) isIn = !isIn;
  }
  return isIn;
}
