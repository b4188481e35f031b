import type { BoundingBox } from '../domain/geo.ts';
import type { Instant } from '../domain/time.ts';
import { MEMBER, type Nodes, type OsmData, type Relations, type Tags, type Ways } from './data.ts';
import { growing } from './growing.ts';
import { KEYS, type Key } from './keys.ts';

/** Tags as they are added: key, value, key, value … Keys that are not in keys.ts are left out. */
export type TagList = readonly string[];

export type MemberKind = keyof typeof MEMBER;

const KEY_NUMBERS: ReadonlyMap<string, number> = new Map(KEYS.map((key, index) => [key, index]));

/**
 * Collects elements in any order and puts them into the tables of OsmData. An element that is added twice (by its id) is
 * kept once, as it came first.
 */
export function createCollector() {
  const texts = createTexts();
  const nodes = {
    ids: growing(Float64Array),
    lat: growing(Int32Array),
    lon: growing(Int32Array),
    tags: texts.column(),
  };
  const ways = {
    ids: growing(Float64Array),
    ends: growing(Uint32Array),
    refs: growing(Float64Array),
    tags: texts.column(),
  };
  const relations = {
    ids: growing(Float64Array),
    ends: growing(Uint32Array),
    kinds: growing(Uint8Array),
    refs: growing(Float64Array),
    roles: growing(Uint32Array),
    tags: texts.column(),
  };
  const faults = new Map<string, number>();

  return {
    /** @param lat in 1e-7 degrees @param lon in 1e-7 degrees */
    node(id: number, lat: number, lon: number, tags: TagList = []): void {
      nodes.ids.push(id);
      nodes.lat.push(lat);
      nodes.lon.push(lon);
      nodes.tags.push(tags);
    },
    /** @param refs ids of nodes */
    way(id: number, refs: ArrayLike<number>, tags: TagList = []): void {
      ways.ids.push(id);
      for (let i = 0; i < refs.length; i++) ways.refs.push(refs[i] as number);
      ways.ends.push(ways.refs.length());
      ways.tags.push(tags);
    },
    relation(
      id: number,
      members: readonly { kind: MemberKind; id: number; role?: string }[],
      tags: TagList = [],
    ): void {
      relations.ids.push(id);
      for (const member of members) {
        relations.kinds.push(MEMBER[member.kind]);
        relations.refs.push(member.id);
        relations.roles.push(texts.number(member.role ?? ''));
      }
      relations.ends.push(relations.refs.length());
      relations.tags.push(tags);
    },
    fault(what: string): void {
      faults.set(what, (faults.get(what) ?? 0) + 1);
    },
    finish(read: { area?: BoundingBox | null; dataAt?: Instant | null } = {}): OsmData {
      const nodeTable = finishNodes();
      const wayTable = finishWays(nodeTable);
      const relationTable = finishRelations(nodeTable, wayTable);
      return {
        nodes: nodeTable,
        ways: wayTable,
        relations: relationTable,
        area: read.area ?? null,
        dataAt: read.dataAt ?? null,
        faults,
      };
    },
  };

  function finishNodes(): Nodes {
    const ids = nodes.ids.done();
    const order = orderOf(ids);
    const tags = nodes.tags.done(order);
    const sorted = pick(ids, order);
    const tagged = [];
    for (let i = 0; i < sorted.length; i++) if (tags.count(i) > 0) tagged.push(i);
    return {
      count: sorted.length,
      ids: sorted,
      lat: pick(nodes.lat.done(), order),
      lon: pick(nodes.lon.done(), order),
      tags,
      tagged: Uint32Array.from(tagged),
      find: (id) => find(sorted, id),
    };
  }

  function finishWays(nodeTable: Nodes): Ways {
    const ids = ways.ids.done();
    const order = orderOf(ids);
    const refs = ways.refs.done();
    const { first, from } = spans(ways.ends.done(), order);
    const positions = new Int32Array(first[first.length - 1] ?? 0);
    for (let i = 0; i < positions.length; i++) positions[i] = nodeTable.find(refs[from[i] as number] as number);
    const sorted = pick(ids, order);
    return {
      count: sorted.length,
      ids: sorted,
      first,
      nodes: positions,
      tags: ways.tags.done(order),
      find: (id) => find(sorted, id),
    };
  }

  function finishRelations(nodeTable: Nodes, wayTable: Ways): Relations {
    const ids = relations.ids.done();
    const order = orderOf(ids);
    const sorted = pick(ids, order);
    const { first, from } = spans(relations.ends.done(), order);
    const kinds = pick(relations.kinds.done(), from);
    const refs = pick(relations.refs.done(), from);
    const roles = pick(relations.roles.done(), from);
    const members = new Int32Array(refs.length);
    for (let i = 0; i < members.length; i++) {
      const ref = refs[i] as number;
      if (kinds[i] === MEMBER.node) members[i] = nodeTable.find(ref);
      else if (kinds[i] === MEMBER.way) members[i] = wayTable.find(ref);
      else members[i] = find(sorted, ref);
    }
    return {
      count: sorted.length,
      ids: sorted,
      first,
      kinds,
      members,
      role: (member) => texts.text(roles[member] as number),
      tags: relations.tags.done(order),
      find: (id) => find(sorted, id),
    };
  }
}

type Column = Float64Array | Int32Array | Uint32Array | Uint8Array;

/** Every text once. */
function createTexts() {
  const list: string[] = [];
  const numbers = new Map<string, number>();

  function number(text: string): number {
    const known = numbers.get(text);
    if (known !== undefined) return known;
    numbers.set(text, list.length);
    list.push(text);
    return list.length - 1;
  }

  function column() {
    const pairs = growing(Uint32Array);
    const ends = growing(Uint32Array);
    return {
      push(tags: TagList): void {
        for (let i = 0; i + 1 < tags.length; i += 2) {
          const key = KEY_NUMBERS.get(tags[i] as string);
          if (key === undefined) continue;
          pairs.push(key);
          pairs.push(number(tags[i + 1] as string));
        }
        ends.push(pairs.length());
      },
      done(order: Uint32Array): Tags {
        const all = pairs.done();
        const allEnds = ends.done();
        const begin = (position: number): number => {
          const element = order[position] as number;
          return element === 0 ? 0 : (allEnds[element - 1] as number);
        };
        const end = (position: number): number => allEnds[order[position] as number] as number;
        return {
          get(position: number, key: Key) {
            const wanted = KEY_NUMBERS.get(key);
            for (let i = begin(position); i < end(position); i += 2) {
              if (all[i] === wanted) return list[all[i + 1] as number];
            }
            return undefined;
          },
          count: (position) => (end(position) - begin(position)) / 2,
        };
      },
    };
  }

  return { number, column, text: (index: number): string => list[index] ?? '' };
}

/** Positions by ascending id, each id once. */
function orderOf(ids: Float64Array): Uint32Array {
  const order = Uint32Array.from(ids, (_, index) => index);
  let ascending = true;
  for (let i = 1; i < ids.length; i++) if ((ids[i] as number) <= (ids[i - 1] as number)) ascending = false;
  if (ascending) return order;
  order.sort((a, b) => (ids[a] as number) - (ids[b] as number) || a - b);
  return order.filter((element, i) => i === 0 || ids[element] !== ids[order[i - 1] as number]);
}

function pick<T extends Column>(column: T, order: Uint32Array): T {
  const picked = new (column.constructor as new (size: number) => T)(order.length);
  for (let i = 0; i < order.length; i++) picked[i] = column[order[i] as number] as number;
  return picked;
}

/** Where the parts of each element are in the new order, and where each of them was. */
function spans(ends: Uint32Array, order: Uint32Array): { first: Uint32Array; from: Uint32Array } {
  const first = new Uint32Array(order.length + 1);
  const from = growing(Uint32Array);
  for (let i = 0; i < order.length; i++) {
    const element = order[i] as number;
    for (let at = element === 0 ? 0 : (ends[element - 1] as number); at < (ends[element] as number); at++)
      from.push(at);
    first[i + 1] = from.length();
  }
  return { first, from: from.done() };
}

/** By halving. */
function find(ids: Float64Array, id: number): number {
  let low = 0;
  let high = ids.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const here = ids[middle] as number;
    if (here === id) return middle;
    if (here < id) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
