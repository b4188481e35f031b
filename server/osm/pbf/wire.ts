/**
 * Protocol buffers as far as OSM PBF needs them (https://protobuf.dev/programming-guides/encoding/): fields of a message
 * one after the other, numbers in groups of seven bits. Reads within bounds; nothing is allocated by a length that the
 * data itself names.
 */
export class Wire {
  readonly bytes: Uint8Array;
  at: number;
  readonly end: number;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  get more(): boolean {
    return this.at < this.end;
  }

  /** Unsigned, at most 2^53 exactly: ids of OpenStreetMap stay far below. */
  varint(): number {
    const { bytes } = this;
    let at = this.at;
    let byte = at < this.end ? (bytes[at++] as number) : this.cut();
    let value = byte & 0x7f;
    if (byte >= 0x80) {
      let factor = 128;
      for (let i = 1; ; i++) {
        if (i === 10) throw new RangeError('a number has more than ten bytes');
        byte = at < this.end ? (bytes[at++] as number) : this.cut();
        value += (byte & 0x7f) * factor;
        if (byte < 0x80) break;
        factor *= 128;
      }
    }
    this.at = at;
    return value;
  }

  /** Signed, sign in the lowest bit. */
  zigzag(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** Signed as int64: negative numbers have all ten bytes, more than a number here holds. */
  int64(): number {
    const begin = this.at;
    const value = this.varint();
    if (this.at - begin < 10) return value;
    let exact = 0n;
    for (let i = 0; i < 10; i++) exact |= BigInt((this.bytes[begin + i] as number) & 0x7f) << BigInt(7 * i);
    return Number(BigInt.asIntN(64, exact));
  }

  /** Field number × 8 + wire type. */
  tag(): number {
    return this.varint();
  }

  /** A message, a packed list or a text within this one. */
  part(): Wire {
    const length = this.varint();
    const begin = this.at;
    if (length > this.end - begin) this.cut();
    this.at = begin + length;
    return new Wire(this.bytes, begin, begin + length);
  }

  skip(tag: number): void {
    switch (tag & 7) {
      case 0:
        this.varint();
        return;
      case 1:
        this.at += 8;
        break;
      case 2:
        this.part();
        return;
      case 5:
        this.at += 4;
        break;
      default:
        throw new RangeError(`wire type ${tag & 7} is not known`);
    }
    if (this.at > this.end) this.cut();
  }

  raw(): Uint8Array {
    return this.bytes.subarray(this.at, this.end);
  }

  text(): string {
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + this.at, this.end - this.at).toString('utf8');
  }

  private cut(): never {
    throw new RangeError('the data ends in the middle');
  }
}
