import { deflateSync } from 'node:zlib';

/*
 * Writes extracts in PBF format for tests, by https://wiki.openstreetmap.org/wiki/PBF_Format and without any code of the
 * reader.
 */

export interface Tagged {
  tags?: Readonly<Record<string, string>>;
}
export type EncodedNode = Tagged & { id: number; lat: number; lon: number };
export type EncodedWay = Tagged & { id: number; nodes: readonly number[] };
export interface EncodedRelation extends Tagged {
  id: number;
  members: readonly { kind: 'node' | 'way' | 'relation'; id: number; role?: string }[];
}

export interface Encoded {
  nodes?: readonly EncodedNode[];
  ways?: readonly EncodedWay[];
  relations?: readonly EncodedRelation[];
}

export interface Encoding {
  dense?: boolean;
  compress?: boolean;
  /** Nanodegrees. */
  granularity?: number;
  latOffset?: number;
  lonOffset?: number;
  /** Epoch seconds. */
  replicationTimestamp?: number;
  /** Elements in a block. */
  blockSize?: number;
  features?: readonly string[];
  /** Ways before nodes. */
  unsorted?: boolean;
}

const varint = (value: number | bigint): number[] => {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  while (rest >= 128n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return bytes;
};
const zigzag = (value: number): number[] => {
  const big = BigInt(value);
  return varint(big >= 0n ? big * 2n : -big * 2n - 1n);
};
const number = (field: number, value: number | bigint): number[] => [...varint(field * 8), ...varint(value)];
const signed = (field: number, value: number): number[] => [...varint(field * 8), ...zigzag(value)];
const part = (field: number, bytes: ArrayLike<number>): number[] => [
  ...varint(field * 8 + 2),
  ...varint(bytes.length),
  ...Array.from(bytes),
];
const text = (field: number, value: string): number[] => part(field, Buffer.from(value, 'utf8'));

function deltas(values: readonly number[]): number[] {
  let before = 0;
  return values.flatMap((value) => {
    const bytes = zigzag(value - before);
    before = value;
    return bytes;
  });
}

function blob(type: string, data: readonly number[], compress: boolean): Buffer {
  const raw = Buffer.from(data);
  const body = Buffer.from(compress ? [...number(2, raw.length), ...part(3, deflateSync(raw))] : part(1, raw));
  const header = Buffer.from([...text(1, type), ...number(3, body.length)]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(header.length);
  return Buffer.concat([length, header, body]);
}

function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
}

export function encodePbf(data: Encoded, encoding: Encoding = {}): Buffer {
  const {
    dense = true,
    compress = true,
    granularity = 100,
    latOffset = 0,
    lonOffset = 0,
    blockSize = 8_000,
  } = encoding;
  const strings: string[] = [];
  const index = (value: string): number => {
    const known = strings.indexOf(value);
    if (known !== -1) return known + 1;
    strings.push(value);
    return strings.length;
  };
  const steps = (degrees: number, offset: number): number => Math.round((degrees * 1e9 - offset) / granularity);
  const keysOf = ({ tags = {} }: Tagged): number[] => Object.keys(tags).flatMap((key) => varint(index(key)));
  const valuesOf = ({ tags = {} }: Tagged): number[] => Object.values(tags).flatMap((value) => varint(index(value)));

  const denseGroup = (nodes: readonly EncodedNode[]): number[] =>
    part(2, [
      ...part(1, deltas(nodes.map(({ id }) => id))),
      ...part(8, deltas(nodes.map(({ lat }) => steps(lat, latOffset)))),
      ...part(9, deltas(nodes.map(({ lon }) => steps(lon, lonOffset)))),
      ...(nodes.some(({ tags }) => tags !== undefined)
        ? part(
            10,
            nodes.flatMap(({ tags = {} }) => [
              ...Object.entries(tags).flatMap(([key, value]) => [...varint(index(key)), ...varint(index(value))]),
              0,
            ]),
          )
        : []),
    ]);
  const plainNode = (node: EncodedNode): number[] =>
    part(1, [
      ...signed(1, node.id),
      ...part(2, keysOf(node)),
      ...part(3, valuesOf(node)),
      ...signed(8, steps(node.lat, latOffset)),
      ...signed(9, steps(node.lon, lonOffset)),
    ]);
  const way = (one: EncodedWay): number[] =>
    part(3, [...number(1, one.id), ...part(2, keysOf(one)), ...part(3, valuesOf(one)), ...part(8, deltas(one.nodes))]);
  const relation = (one: EncodedRelation): number[] =>
    part(4, [
      ...number(1, one.id),
      ...part(2, keysOf(one)),
      ...part(3, valuesOf(one)),
      ...part(
        8,
        one.members.flatMap(({ role = '' }) => varint(index(role))),
      ),
      ...part(9, deltas(one.members.map(({ id }) => id))),
      ...part(
        10,
        one.members.flatMap(({ kind }) => varint(['node', 'way', 'relation'].indexOf(kind))),
      ),
    ]);
  const block = (group: () => number[]): Buffer => {
    strings.length = 0;
    const elements = group();
    const table = part(1, [...text(1, ''), ...strings.flatMap((value) => text(1, value))]);
    return blob(
      'OSMData',
      [
        ...table,
        ...part(2, elements),
        ...number(17, granularity),
        ...number(19, BigInt(latOffset)),
        ...number(20, BigInt(lonOffset)),
      ],
      compress,
    );
  };

  const features = encoding.features ?? ['OsmSchema-V0.6', 'DenseNodes'];
  const header = [
    ...features.flatMap((feature) => text(4, feature)),
    ...text(16, 'test'),
    ...(encoding.replicationTimestamp === undefined ? [] : number(32, encoding.replicationTimestamp)),
  ];
  const nodeBlocks = chunks(data.nodes ?? [], blockSize).map((some) =>
    block(() => (dense ? denseGroup(some) : some.flatMap(plainNode))),
  );
  const wayBlocks = chunks(data.ways ?? [], blockSize).map((some) => block(() => some.flatMap(way)));
  const relationBlocks = chunks(data.relations ?? [], blockSize).map((some) => block(() => some.flatMap(relation)));
  const blocks =
    encoding.unsorted === true
      ? [...relationBlocks, ...wayBlocks, ...nodeBlocks]
      : [...nodeBlocks, ...wayBlocks, ...relationBlocks];
  return Buffer.concat([blob('OSMHeader', header, compress), ...blocks]);
}
