import { KEYS } from '../keys.ts';
import { Wire } from './wire.ts';

/** What a block holds, one element after the other. Lists are used again for the next element: copy what is kept. */
export interface BlockVisitor {
  /** Degrees in 1e-7. @param tags key, value, key, value …, keys of keys.ts only */
  node?: (id: number, lat: number, lon: number, tags: readonly string[]) => void;
  /** @param count of the ids in `refs` that are nodes of this way */
  way?: (id: number, refs: Float64Array, count: number, tags: readonly string[]) => void;
  relation?: (id: number, members: readonly BlockMember[], tags: readonly string[]) => void;
}

export interface BlockMember {
  kind: 'node' | 'way' | 'relation';
  id: number;
  role: string;
}

/** Which kinds of elements blocks have. */
export const HAS = { nodes: 1, ways: 2, relations: 4 } as const;

const KNOWN_KEYS: ReadonlySet<string> = new Set(KEYS);
const KINDS = ['node', 'way', 'relation'] as const;
const NONE: readonly string[] = [];

/** Texts of a block, decoded when somebody asks. */
class Strings {
  private readonly parts: Wire[] = [];
  private readonly texts: (string | undefined)[] = [];
  private readonly known: (boolean | undefined)[] = [];

  constructor(table: Wire | null) {
    while (table?.more) {
      const tag = table.tag();
      if (tag === 10) this.parts.push(table.part());
      else table.skip(tag);
    }
  }

  text(index: number): string {
    const kept = this.texts[index];
    if (kept !== undefined) return kept;
    const part = this.parts[index];
    if (part === undefined) throw new RangeError(`there is no text ${index}`);
    return (this.texts[index] = part.text());
  }

  isKnownKey(index: number): boolean {
    return (this.known[index] ??= KNOWN_KEYS.has(this.text(index)));
  }
}

/**
 * Reads a PrimitiveBlock.
 * @returns which kinds it has, as bits of HAS
 * @throws RangeError where it makes no sense
 */
export function readBlock(data: Uint8Array, visitor: BlockVisitor): number {
  const wire = new Wire(data);
  const groups: Wire[] = [];
  let table: Wire | null = null;
  let granularity = 100;
  let latOffset = 0;
  let lonOffset = 0;
  while (wire.more) {
    const tag = wire.tag();
    if (tag === 10) table = wire.part();
    else if (tag === 18) groups.push(wire.part());
    else if (tag === 136) granularity = wire.varint();
    else if (tag === 152) latOffset = wire.int64();
    else if (tag === 160) lonOffset = wire.int64();
    else wire.skip(tag);
  }
  const scale = { granularity, latOffset, lonOffset };
  const strings = new Strings(table);
  let has = 0;
  for (const group of groups) {
    while (group.more) {
      const tag = group.tag();
      if (tag === 10) {
        has |= HAS.nodes;
        const part = group.part();
        if (visitor.node) plainNode(part, scale, strings, visitor.node);
      } else if (tag === 18) {
        has |= HAS.nodes;
        const part = group.part();
        if (visitor.node) denseNodes(part, scale, strings, visitor.node);
      } else if (tag === 26) {
        has |= HAS.ways;
        const part = group.part();
        if (visitor.way) way(part, strings, visitor.way);
      } else if (tag === 34) {
        has |= HAS.relations;
        const part = group.part();
        if (visitor.relation) relation(part, strings, visitor.relation);
      } else {
        group.skip(tag);
      }
    }
  }
  return has;
}

interface Scale {
  /** Nanodegrees. */
  granularity: number;
  latOffset: number;
  lonOffset: number;
}

function degrees(value: number, granularity: number, offset: number): number {
  return Math.round((offset + granularity * value) / 100);
}

function denseNodes(wire: Wire, scale: Scale, strings: Strings, visit: NonNullable<BlockVisitor['node']>): void {
  let ids: Wire | null = null;
  let lats: Wire | null = null;
  let lons: Wire | null = null;
  let pairs: Wire | null = null;
  while (wire.more) {
    const tag = wire.tag();
    if (tag === 10) ids = wire.part();
    else if (tag === 66) lats = wire.part();
    else if (tag === 74) lons = wire.part();
    else if (tag === 82) pairs = wire.part();
    else wire.skip(tag);
  }
  if (ids === null || lats === null || lons === null) {
    if (ids === null && lats === null && lons === null) return;
    throw new RangeError('nodes without positions');
  }
  const { granularity, latOffset, lonOffset } = scale;
  let id = 0;
  let lat = 0;
  let lon = 0;
  while (ids.more) {
    id += ids.zigzag();
    lat += lats.zigzag();
    lon += lons.zigzag();
    let tags: string[] | null = null;
    while (pairs?.more) {
      const key = pairs.varint();
      if (key === 0) break;
      const value = pairs.varint();
      if (strings.isKnownKey(key)) (tags ??= []).push(strings.text(key), strings.text(value));
    }
    visit(id, degrees(lat, granularity, latOffset), degrees(lon, granularity, lonOffset), tags ?? NONE);
  }
}

function plainNode(wire: Wire, scale: Scale, strings: Strings, visit: NonNullable<BlockVisitor['node']>): void {
  let id = 0;
  let lat = 0;
  let lon = 0;
  let keys: Wire | null = null;
  let values: Wire | null = null;
  while (wire.more) {
    const tag = wire.tag();
    if (tag === 8) id = wire.zigzag();
    else if (tag === 18) keys = wire.part();
    else if (tag === 26) values = wire.part();
    else if (tag === 64) lat = wire.zigzag();
    else if (tag === 72) lon = wire.zigzag();
    else wire.skip(tag);
  }
  const { granularity, latOffset, lonOffset } = scale;
  const tags = tagsOf(keys, values, strings);
  visit(id, degrees(lat, granularity, latOffset), degrees(lon, granularity, lonOffset), tags);
}

function tagsOf(keys: Wire | null, values: Wire | null, strings: Strings): readonly string[] {
  let tags: string[] | null = null;
  while (keys?.more) {
    if (values === null) throw new RangeError('keys without values');
    const key = keys.varint();
    const value = values.varint();
    if (strings.isKnownKey(key)) (tags ??= []).push(strings.text(key), strings.text(value));
  }
  return tags ?? NONE;
}

let refs = new Float64Array(4096);

function way(wire: Wire, strings: Strings, visit: NonNullable<BlockVisitor['way']>): void {
  let id = 0;
  let keys: Wire | null = null;
  let values: Wire | null = null;
  let count = 0;
  while (wire.more) {
    const tag = wire.tag();
    if (tag === 8) id = wire.varint();
    else if (tag === 18) keys = wire.part();
    else if (tag === 26) values = wire.part();
    else if (tag === 66) {
      const list = wire.part();
      let ref = 0;
      while (list.more) {
        ref += list.zigzag();
        if (count === refs.length) {
          const larger = new Float64Array(count * 2);
          larger.set(refs);
          refs = larger;
        }
        refs[count++] = ref;
      }
    } else wire.skip(tag);
  }
  visit(id, refs, count, tagsOf(keys, values, strings));
}

function relation(wire: Wire, strings: Strings, visit: NonNullable<BlockVisitor['relation']>): void {
  let id = 0;
  let keys: Wire | null = null;
  let values: Wire | null = null;
  let roles: Wire | null = null;
  let ids: Wire | null = null;
  let kinds: Wire | null = null;
  while (wire.more) {
    const tag = wire.tag();
    if (tag === 8) id = wire.varint();
    else if (tag === 18) keys = wire.part();
    else if (tag === 26) values = wire.part();
    else if (tag === 66) roles = wire.part();
    else if (tag === 74) ids = wire.part();
    else if (tag === 82) kinds = wire.part();
    else wire.skip(tag);
  }
  const members: BlockMember[] = [];
  let member = 0;
  while (ids?.more) {
    if (roles === null || kinds === null) throw new RangeError('members without roles or kinds');
    member += ids.zigzag();
    const kind = KINDS[kinds.varint()];
    if (kind === undefined) throw new RangeError('a member of no known kind');
    members.push({ kind, id: member, role: strings.text(roles.varint()) });
  }
  visit(id, members, tagsOf(keys, values, strings));
}
