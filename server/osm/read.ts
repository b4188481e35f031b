import { open, type FileHandle } from 'node:fs/promises';
import { boundingBox, type BoundingBox, type Coordinates } from '../domain/geo.ts';
import type { Instant } from '../domain/time.ts';
import { createCollector } from './collector.ts';
import { DEGREE, type OsmData } from './data.ts';
import { blobsOf, ExtractUnreadable, guard, readBlob, type BlobAt } from './pbf/blobs.ts';
import { HAS, readBlock, type BlockMember, type BlockVisitor } from './pbf/block.ts';
import { createIds } from './pbf/ids.ts';
import { Wire } from './pbf/wire.ts';
import type { Progress } from './progress.ts';

export { ExtractUnreadable };

/** What to read of a file: a circle (as the box around it), a box, or all of it. */
export type Area = { center: Coordinates; metres: number } | BoundingBox | null;

/** Blocks that are being read and unpacked while another one is understood. */
const AHEAD = 4;

/** Relations with more members are those of whole countries: nothing here needs them whole. */
const MOST_MEMBERS = 3_000;

/** Relations that something here reads. */
const RELATION_TYPES = new Set(['multipolygon', 'boundary', 'restriction', 'associatedStreet', 'street', 'route']);

type Collector = ReturnType<typeof createCollector>;

interface Block extends BlobAt {
  /** Bits of HAS; 0: not known yet. */
  has: number;
}

/**
 * Reads an OpenStreetMap extract in PBF format block by block. What lies outside of the area is left out; ways and areas
 * at its edge are whole, for which parts of the file are read again.
 * @throws ExtractUnreadable for a file that is none, or damaged; the reason of `stopping` when that is aborted; errors of
 * the file system as they are
 */
export async function readExtract(
  path: string,
  { area }: { area: Area },
  progress: Progress,
  stopping: AbortSignal,
): Promise<OsmData> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const blocks: Block[] = [];
    let dataAt: Instant | null = null;
    for await (const blob of blobsOf(file, size)) {
      stopping.throwIfAborted();
      if (blob.type === 'OSMHeader') dataAt = readHeader(await readBlob(file, blob), blob.begin) ?? dataAt;
      else if (blob.type === 'OSMData') blocks.push({ ...blob, has: 0 });
    }
    if (blocks.length === 0) throw new ExtractUnreadable('the file holds no data');
    const box = boxOf(area);
    const reading = { file, blocks, progress, stopping };
    const collector = createCollector();
    if (box === null) await readAll(reading, collector);
    else await readArea(reading, box, collector);
    return collector.finish({ area: box, dataAt });
  } finally {
    await file.close();
  }
}

function boxOf(area: Area): BoundingBox | null {
  return area !== null && 'center' in area ? boundingBox(area.center, area.metres) : area;
}

/** What a reader has to understand; the rest of the features only says how the file is sorted. */
const UNDERSTOOD = new Set(['OsmSchema-V0.6', 'DenseNodes']);

function readHeader(data: Uint8Array, at: number): Instant | null {
  return guard(at, () => {
    const wire = new Wire(data);
    let seconds: number | null = null;
    while (wire.more) {
      const tag = wire.tag();
      if (tag === 34) {
        const feature = wire.part().text();
        if (!UNDERSTOOD.has(feature)) throw new ExtractUnreadable(`the file needs ${feature}, which is not supported`);
      } else if (tag === 256) seconds = wire.int64();
      else wire.skip(tag);
    }
    return seconds === null ? null : seconds * 1_000;
  });
}

interface Reading {
  file: FileHandle;
  blocks: Block[];
  progress: Progress;
  stopping: AbortSignal;
}

/** One walk over the blocks that may have one of the kinds. Reading and unpacking runs ahead of understanding. */
async function walk(
  { file, blocks, stopping }: Reading,
  kinds: number,
  visitor: BlockVisitor,
  done: (block: Block) => void,
): Promise<void> {
  const wanted = blocks.filter(({ has }) => has === 0 || (has & kinds) !== 0);
  const ahead: Promise<Uint8Array>[] = [];
  const start = (block: Block | undefined): void => {
    if (block === undefined) return;
    const reading = readBlob(file, block);
    reading.catch(() => {}); // told when it is its turn
    ahead.push(reading);
  };
  for (const block of wanted.slice(0, AHEAD)) start(block);
  for (const [index, block] of wanted.entries()) {
    stopping.throwIfAborted();
    const data = await (ahead.shift() as Promise<Uint8Array>);
    start(wanted[index + AHEAD]);
    block.has = guard(block.begin, () => readBlock(data, visitor)) || -1;
    done(block);
  }
}

function sizeOf(blocks: readonly Block[]): number {
  return blocks.reduce((sum, { size }) => sum + size, 0);
}

async function readAll(reading: Reading, collector: Collector): Promise<void> {
  const { blocks, progress } = reading;
  progress.phase('read', sizeOf(blocks));
  let read = 0;
  await walk(
    reading,
    HAS.nodes | HAS.ways | HAS.relations,
    {
      node: (id, lat, lon, tags) => addNode(collector, id, lat, lon, tags),
      way: (id, refs, count, tags) => addWay(collector, id, refs.subarray(0, count), tags),
      relation: (id, members, tags) => {
        if (isRead(tags)) collector.relation(id, members, tags);
      },
    },
    ({ size }) => progress.done((read += size)),
  );
}

/** Nodes inside, ways that touch them, relations that touch those; then what these lack outside. */
async function readArea(reading: Reading, area: BoundingBox, collector: Collector): Promise<void> {
  const { blocks, progress } = reading;
  const all = sizeOf(blocks);
  // Three times over the file where it is not sorted and areas lie across the edge; what is left out is done too.
  progress.phase('read', all * 3);
  let read = 0;
  const advance = ({ size }: Block): void => progress.done((read += size));

  const [south, west, north, east] = [area.south, area.west, area.north, area.east].map((degrees) =>
    Math.round(degrees * DEGREE),
  ) as [number, number, number, number];
  const nodes = createIds();
  const ways = createIds();
  const lackedNodes = createIds();
  const lackedWays = createIds();

  const takeNode: BlockVisitor['node'] = (id, lat, lon, tags) => {
    if (lat < south || lat > north || lon < west || lon > east) return;
    nodes.add(id);
    addNode(collector, id, lat, lon, tags);
  };
  const keepWay = (id: number, refs: Float64Array, count: number, tags: readonly string[]): void => {
    ways.add(id);
    addWay(collector, id, refs.subarray(0, count), tags);
    for (let i = 0; i < count; i++) {
      const ref = refs[i] as number;
      if (!nodes.has(ref)) lackedNodes.add(ref);
    }
  };
  const takeWay: BlockVisitor['way'] = (id, refs, count, tags) => {
    for (let i = 0; i < count; i++) {
      if (nodes.has(refs[i] as number)) {
        keepWay(id, refs, count, tags);
        return;
      }
    }
  };
  const takeRelation: BlockVisitor['relation'] = (id, members, tags) => {
    if (!isRead(tags) || !members.some((member) => isKept(member))) return;
    collector.relation(id, members, tags);
    if (!isArea(tags) || members.length > MOST_MEMBERS) return;
    for (const { kind, id: member } of members) if (kind === 'way' && !ways.has(member)) lackedWays.add(member);
  };
  const isKept = ({ kind, id }: BlockMember): boolean =>
    (kind === 'node' && nodes.has(id)) || (kind === 'way' && ways.has(id));

  // Sorted files have all nodes first, then ways, then relations: one walk. Else each kind has a walk of its own.
  let seen = 0;
  let isSorted = true;
  const order = (kind: number): void => {
    if (kind < seen) isSorted = false;
    seen = Math.max(seen, kind);
  };
  const first = {
    node: (...node: Parameters<NonNullable<BlockVisitor['node']>>) => (order(HAS.nodes), takeNode(...node)),
    way: (...way: Parameters<NonNullable<BlockVisitor['way']>>) => (order(HAS.ways), takeWay(...way)),
    relation: (...relation: Parameters<NonNullable<BlockVisitor['relation']>>) => (
      order(HAS.relations),
      takeRelation(...relation)
    ),
  };
  await walk(reading, HAS.nodes | HAS.ways | HAS.relations, first, advance);
  if (!isSorted) {
    // What was added twice is kept once.
    read = all;
    await walk(reading, HAS.nodes, { node: takeNode }, () => {});
    await walk(reading, HAS.ways, { way: takeWay }, () => {});
    await walk(reading, HAS.relations, { relation: takeRelation }, () => {});
  }
  if (lackedWays.count() > 0) {
    await walk(
      reading,
      HAS.ways,
      { way: (id, refs, count, tags) => void (lackedWays.has(id) && keepWay(id, refs, count, tags)) },
      advance,
    );
  }
  read = Math.max(read, all * 2);
  progress.done(read);
  if (lackedNodes.count() > 0) {
    const node: BlockVisitor['node'] = (id, lat, lon, tags) => {
      if (lackedNodes.has(id)) addNode(collector, id, lat, lon, tags);
    };
    await walk(reading, HAS.nodes, { node }, advance);
  }
  progress.done(all * 3);
}

function addNode(collector: Collector, id: number, lat: number, lon: number, tags: readonly string[]): void {
  if (Math.abs(lat) > 90 * DEGREE || Math.abs(lon) > 180 * DEGREE) {
    collector.fault('node outside of the globe');
    return;
  }
  collector.node(id, lat, lon, tags);
}

function addWay(collector: Collector, id: number, refs: Float64Array, tags: readonly string[]): void {
  if (refs.length < 2) {
    collector.fault('way with fewer than two nodes');
    return;
  }
  collector.way(id, refs, tags);
}

function valueOf(tags: readonly string[], key: string): string | undefined {
  for (let i = 0; i < tags.length; i += 2) if (tags[i] === key) return tags[i + 1];
  return undefined;
}

function isRead(tags: readonly string[]): boolean {
  return RELATION_TYPES.has(valueOf(tags, 'type') ?? '');
}

/** Areas that must be whole: not those of a state or a country. */
function isArea(tags: readonly string[]): boolean {
  const type = valueOf(tags, 'type');
  if (type !== 'boundary') return type === 'multipolygon';
  return valueOf(tags, 'boundary') === 'postal_code' || Number(valueOf(tags, 'admin_level') ?? 0) >= 6;
}
