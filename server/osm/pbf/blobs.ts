import type { FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import { Wire } from './wire.ts';

/** The file is no extract, or damaged. The message says what is wrong, and at which byte of the file. */
export class ExtractUnreadable extends Error {}

/** A blob in the file; see https://wiki.openstreetmap.org/wiki/PBF_Format. */
export interface BlobAt {
  type: string;
  /** Byte of the file at which its data begins. */
  begin: number;
  size: number;
}

const MOST_HEADER = 64 * 1024;
const MOST_BLOB = 32 * 1024 * 1024;

const inflated = promisify<Buffer, { maxOutputLength: number }, Buffer>(inflate);

/** Where the blobs of a file are, by their headers alone. */
export async function* blobsOf(file: FileHandle, bytes: number): AsyncGenerator<BlobAt> {
  let at = 0;
  while (at < bytes) {
    const length = (await readAt(file, at, 4, bytes)).readUInt32BE();
    if (length > MOST_HEADER) throw new ExtractUnreadable(notPbf(at));
    const { type, size } = headerOf(await readAt(file, at + 4, length, bytes), at);
    if (at === 0 && type !== 'OSMHeader') throw new ExtractUnreadable(notPbf(at));
    const begin = at + 4 + length;
    if (size > MOST_BLOB)
      throw new ExtractUnreadable(`a block of ${size} bytes is larger than allowed (at byte ${at})`);
    if (begin + size > bytes) {
      throw new ExtractUnreadable(
        `the file ends in the middle of a block (at byte ${at}): was it downloaded to its end?`,
      );
    }
    yield { type, begin, size };
    at = begin + size;
  }
}

function headerOf(header: Buffer, at: number): { type: string; size: number } {
  let type = '';
  let size = -1;
  const wire = new Wire(header);
  guard(at, () => {
    while (wire.more) {
      const tag = wire.tag();
      if (tag === 10) type = wire.part().text();
      else if (tag === 24) size = wire.varint();
      else wire.skip(tag);
    }
  });
  if (type === '' || size < 0) throw new ExtractUnreadable(notPbf(at));
  return { type, size };
}

/** What is in a blob, unpacked. */
export async function readBlob(file: FileHandle, { begin, size }: BlobAt): Promise<Uint8Array> {
  const wire = new Wire(await readAt(file, begin, size, begin + size));
  let raw: Uint8Array | null = null;
  let packed: Uint8Array | null = null;
  let rawSize = -1;
  let other = '';
  guard(begin, () => {
    while (wire.more) {
      const tag = wire.tag();
      if (tag === 10) raw = wire.part().raw();
      else if (tag === 16) rawSize = wire.varint();
      else if (tag === 26) packed = wire.part().raw();
      else {
        other = PACKINGS[tag >> 3] ?? other;
        wire.skip(tag);
      }
    }
  });
  if (raw !== null) return raw;
  if (packed === null) {
    const what = other === '' ? 'a block is empty' : `blocks are packed with ${other}, which is not supported`;
    throw new ExtractUnreadable(`${what} (at byte ${begin})`);
  }
  let data: Buffer;
  try {
    data = await inflated(packed, { maxOutputLength: MOST_BLOB });
  } catch {
    throw new ExtractUnreadable(`a block cannot be unpacked (at byte ${begin}): the file is damaged`);
  }
  if (rawSize >= 0 && data.length !== rawSize) {
    throw new ExtractUnreadable(`a block has another size than it says (at byte ${begin}): the file is damaged`);
  }
  return data;
}

const PACKINGS: Readonly<Record<number, string>> = { 4: 'lzma', 5: 'bzip2', 6: 'lz4', 7: 'zstd' };

async function readAt(file: FileHandle, at: number, length: number, end: number): Promise<Buffer> {
  if (at + length > end) {
    if (at === 0) throw new ExtractUnreadable(notPbf(at));
    throw new ExtractUnreadable(
      `the file ends in the middle of a block (at byte ${at}): was it downloaded to its end?`,
    );
  }
  const buffer = Buffer.allocUnsafe(length);
  const { bytesRead } = await file.read(buffer, 0, length, at);
  if (bytesRead < length) throw new ExtractUnreadable(`the file became shorter while it was read (at byte ${at})`);
  return buffer;
}

/** Runs what reads a block; data that makes no sense becomes a message about the file. */
export function guard<T>(at: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ExtractUnreadable(`a block makes no sense (at byte ${at}): ${error.message}`);
  }
}

function notPbf(at: number): string {
  return at === 0
    ? 'this is no OpenStreetMap extract in PBF format (a file such as sachsen-latest.osm.pbf)'
    : `what follows is no block of an extract (at byte ${at}): the file is damaged`;
}
