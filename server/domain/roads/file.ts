import type { RoadGraph } from './graph.ts';

/*
 * A graph of roads as one file: eight bytes that say what it is, the length of a header in JSON, the header, and the
 * columns of the graph one after the other, each at a multiple of eight bytes. Read back, the columns are views: nothing
 * is copied, and the file may lie in memory that several threads share.
 */

/** The file is no graph of roads, one of another version of the program, or damaged. */
export class RoadFileBroken extends Error {}

const MAGIC = 0x4b_54_52_44; // "KTRD"
const FORMAT = 1;
const ALIGN = 8;

const COLUMNS = {
  arcTime: Uint32Array,
  arcStretch: Uint32Array,
  firstTurn: Uint32Array,
  turnTo: Uint32Array,
  turnTime: Uint16Array,
  turnPenalty: Uint16Array,
  stretchArcs: Int32Array,
  stretchLength: Uint32Array,
  stretchName: Uint32Array,
  stretchRef: Uint32Array,
  stretchClass: Uint8Array,
  firstPoint: Uint32Array,
  pointLat: Int32Array,
  pointLon: Int32Array,
} as const;

type ColumnName = keyof typeof COLUMNS;

interface Header {
  format: number;
  arcCount: number;
  stretchCount: number;
  names: readonly string[];
  refs: readonly string[];
  version: string;
  columns: Record<ColumnName, { begin: number; length: number }>;
  /** Of all bytes behind the header. */
  checksum: number;
}

/** @param encode a text as UTF-8 @returns pieces of the file, in order */
export function packGraph(graph: RoadGraph, encode: (text: string) => Uint8Array): Uint8Array[] {
  const names = Object.keys(COLUMNS) as ColumnName[];
  const pieces: Uint8Array[] = [];
  const columns = {} as Header['columns'];
  let at = 0;
  for (const name of names) {
    const column = graph[name];
    const piece = new Uint8Array(Math.ceil(column.byteLength / ALIGN) * ALIGN);
    piece.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
    columns[name] = { begin: at, length: column.length };
    pieces.push(piece);
    at += piece.length;
  }
  const { arcCount, stretchCount, version } = graph;
  const header: Header = {
    format: FORMAT,
    arcCount,
    stretchCount,
    names: graph.names,
    refs: graph.refs,
    version,
    columns,
    checksum: pieces.reduce((sum, piece) => checksum(piece, sum), CHECKSUM_BEGIN),
  };
  const text = encode(JSON.stringify(header));
  const begin = new Uint8Array(8);
  const view = new DataView(begin.buffer);
  view.setUint32(0, MAGIC);
  view.setUint32(4, text.length);
  return [begin, text, new Uint8Array((ALIGN - (text.length % ALIGN)) % ALIGN), ...pieces];
}

/**
 * @param decode UTF-8 as a text
 * @throws RoadFileBroken
 */
export function unpackGraph(buffer: ArrayBufferLike, decode: (bytes: Uint8Array) => string): RoadGraph {
  const view = new DataView(buffer);
  if (buffer.byteLength < 8 || view.getUint32(0) !== MAGIC) throw new RoadFileBroken('this is no file of roads');
  const length = view.getUint32(4);
  if (8 + length > buffer.byteLength) throw new RoadFileBroken('the file of roads ends too early');
  const header = headerOf(decode(new Uint8Array(buffer, 8, length)));
  const begin = 8 + Math.ceil(length / ALIGN) * ALIGN;
  if (begin > buffer.byteLength) throw new RoadFileBroken('the file of roads ends too early');
  if (checksum(new Uint8Array(buffer, begin), CHECKSUM_BEGIN) !== header.checksum) {
    throw new RoadFileBroken('the file of roads is damaged');
  }
  const columns = {} as Record<ColumnName, unknown>;
  for (const name of Object.keys(COLUMNS) as ColumnName[]) {
    const Kind = COLUMNS[name];
    const at = header.columns[name];
    columns[name] = new Kind(buffer as ArrayBuffer, begin + at.begin, at.length);
  }
  const { arcCount, stretchCount, names, refs, version } = header;
  return { arcCount, stretchCount, names, refs, version, ...(columns as Pick<RoadGraph, ColumnName>) };
}

function headerOf(text: string): Header {
  let header: Header;
  try {
    header = JSON.parse(text) as Header;
  } catch {
    throw new RoadFileBroken('the file of roads is damaged');
  }
  if (header.format !== FORMAT)
    throw new RoadFileBroken('the roads were imported by another version: import them again');
  return header;
}

const CHECKSUM_BEGIN = 0x811c_9dc5;

/** FNV-1a over words of four bytes (Fowler, Noll, Vo): finds damage, not intent. */
function checksum(bytes: Uint8Array, before: number): number {
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / 4));
  let sum = before;
  for (const word of words) sum = Math.imul(sum ^ word, 0x0100_0193);
  return sum >>> 0;
}
