import type { BoundingBox } from '../domain/geo.ts';
import type { Instant } from '../domain/time.ts';
import type { Key } from './keys.ts';

/*
 * What was read of an extract: columns in typed arrays. Elements are known by their position in a table, from 0; ids of
 * OpenStreetMap are only for finding them. Roads, addresses and the map are built from this and never change it.
 */

/** Degrees are kept as whole numbers of this size, as OpenStreetMap has them. */
export const DEGREE = 1e7;

/** Texts of one table's elements, for the keys of keys.ts. */
export interface Tags {
  /** Undefined: the element has no such tag. */
  get(position: number, key: Key): string | undefined;
  /** How many tags it has. */
  count(position: number): number;
}

export interface Nodes {
  count: number;
  /** Ascending; whole numbers above 2^32. */
  ids: Float64Array;
  /** In 1e-7 degrees. */
  lat: Int32Array;
  lon: Int32Array;
  tags: Tags;
  /** Positions of nodes that have tags, ascending. */
  tagged: Uint32Array;
  /** Position of the node with this id; -1: not read. */
  find(id: number): number;
}

export interface Ways {
  count: number;
  ids: Float64Array;
  /** count + 1 entries: nodes of way w are `nodes[first[w]]` to `nodes[first[w + 1] - 1]`. */
  first: Uint32Array;
  /** Positions of nodes, in the order of the way; -1: the extract lacks this node. */
  nodes: Int32Array;
  tags: Tags;
  find(id: number): number;
}

export const MEMBER = { node: 0, way: 1, relation: 2 } as const;

export interface Relations {
  count: number;
  ids: Float64Array;
  /** count + 1 entries: members of relation r are those from `first[r]` to `first[r + 1] - 1`. */
  first: Uint32Array;
  /** One of MEMBER, by member. */
  kinds: Uint8Array;
  /** Positions in the table of its kind; -1: the extract lacks it. */
  members: Int32Array;
  /** "outer", "via", often empty. */
  role(member: number): string;
  tags: Tags;
  find(id: number): number;
}

export interface OsmData {
  nodes: Nodes;
  ways: Ways;
  relations: Relations;
  /** What was to be read; null: all there is. Elements at the edge reach beyond it. */
  area: BoundingBox | null;
  /** When the data was as it is, by the file; null: the file does not say. */
  dataAt: Instant | null;
  /** What was not as it should be, and how often: "way with fewer than two nodes" … */
  faults: ReadonlyMap<string, number>;
}
