// Reads vector tiles (Mapbox Vector Tile Specification 2.1, protobuf). Only what a drawing needs, nothing of the page:
// it runs in Node as well. What is not as specified is left out; a broken tile is an empty one.

/**
 * @typedef {{type: 0 | 1 | 2 | 3, properties: Record<string, string | number | boolean>, points: Int32Array, ends: Uint32Array}} Feature
 *   type: unknown, points, lines, polygons. points: x, y, x, y … in parts of the tile's width, x from the west, y from the
 *   north. ends: where each point, line or ring ends, in pairs of points. Rings are not closed: the last point is not the
 *   first again.
 */

/**
 * @param {Uint8Array} bytes unpacked
 * @returns {Map<string, {extent: number, features: Feature[]}>} layers by name; empty for a broken tile
 */
export function readTile(bytes) {
  const layers = new Map();
  try {
    const reader = { bytes, at: 0 };
    eachField(reader, bytes.length, (field, wire) => {
      if (field !== 3 || wire !== 2) return false;
      const { name, layer } = readLayer(reader, endOfBlock(reader, bytes.length));
      if (layer.features.length > 0) layers.set(name, layer);
      return true;
    });
  } catch {
    return new Map();
  }
  return layers;
}

/** Calls back for every field until `end`; what the callback does not read (answer false) is skipped. */
function eachField(reader, end, read) {
  while (reader.at < end) {
    const key = varint(reader);
    const wire = key % 8;
    if (read(Math.floor(key / 8), wire)) continue;
    if (wire === 0) varint(reader);
    else if (wire === 1) reader.at += 8;
    else if (wire === 2) reader.at = endOfBlock(reader, end);
    else if (wire === 5) reader.at += 4;
    else throw new Error('unknown wire type');
  }
  if (reader.at !== end) throw new Error('field beyond its end');
}

function readLayer(reader, end) {
  const blocks = [];
  const keys = [];
  const values = [];
  let name = '';
  let extent = 4096;
  eachField(reader, end, (field, wire) => {
    if (field === 1 && wire === 2) name = text(reader, end);
    else if (field === 2 && wire === 2) {
      // attributes come after the features that point to them
      const until = endOfBlock(reader, end);
      blocks.push([reader.at, until]);
      reader.at = until;
    } else if (field === 3 && wire === 2) keys.push(text(reader, end));
    else if (field === 4 && wire === 2) values.push(readValue(reader, endOfBlock(reader, end)));
    else if (field === 5 && wire === 0) extent = varint(reader);
    else return false;
    return true;
  });
  if (extent < 1) throw new Error('no extent');
  const features = blocks.map(([from, until]) => {
    reader.at = from;
    return readFeature(reader, until, keys, values);
  });
  reader.at = end;
  return { name, layer: { extent, features: features.filter(({ ends }) => ends.length > 0) } };
}

function readFeature(reader, end, keys, values) {
  const properties = Object.create(null); // a key may be called __proto__
  let type = 0;
  let shape = { points: new Int32Array(0), ends: new Uint32Array(0) };
  let geometry = null;
  eachField(reader, end, (field, wire) => {
    if (field === 2 && wire === 2) {
      const until = endOfBlock(reader, end);
      while (reader.at < until) {
        const key = keys[varint(reader)];
        const value = values[varint(reader)];
        if (key !== undefined && value !== undefined) properties[key] = value;
      }
    } else if (field === 3 && wire === 0) {
      type = varint(reader);
    } else if (field === 4 && wire === 2) {
      const until = endOfBlock(reader, end);
      geometry = [reader.at, until];
      reader.at = until;
    } else return false;
    return true;
  });
  if (geometry && type >= 1 && type <= 3) {
    reader.at = geometry[0];
    shape = readGeometry(reader, geometry[1], type);
    reader.at = end;
  }
  return { type, properties, ...shape };
}

const MOVE = 1;
const LINE = 2;
const CLOSE = 7;

/** Commands and steps from point to point. Lines of one point and rings of two are left out. */
function readGeometry(reader, end, type) {
  // a point takes two bytes at least
  const points = new Int32Array(end - reader.at);
  const ends = [];
  let used = 0;
  let begun = 0;
  let x = 0;
  let y = 0;
  const finish = () => {
    if (used - begun >= type) {
      ends.push(used);
      begun = used;
    } else used = begun;
  };
  while (reader.at < end) {
    const command = varint(reader);
    const count = Math.floor(command / 8);
    const kind = command % 8;
    if (kind === CLOSE) continue;
    if (kind !== MOVE && kind !== LINE) throw new Error('unknown command');
    if (count * 2 > end - reader.at) throw new Error('more points than bytes');
    for (let i = 0; i < count; i += 1) {
      if (kind === MOVE) finish();
      x += step(reader);
      y += step(reader);
      points[used * 2] = x;
      points[used * 2 + 1] = y;
      used += 1;
    }
  }
  finish();
  return { points: points.slice(0, used * 2), ends: Uint32Array.from(ends) };
}

function readValue(reader, end) {
  let value;
  eachField(reader, end, (field, wire) => {
    const view = () => new DataView(reader.bytes.buffer, reader.bytes.byteOffset);
    if (field === 1 && wire === 2) value = text(reader, end);
    else if (field === 2 && wire === 5) value = view().getFloat32((reader.at += 4) - 4, true);
    else if (field === 3 && wire === 1) value = view().getFloat64((reader.at += 8) - 8, true);
    else if (field === 4 && wire === 0) value = signed(reader);
    else if (field === 5 && wire === 0) value = varint(reader);
    else if (field === 6 && wire === 0) value = step(reader);
    else if (field === 7 && wire === 0) value = varint(reader) !== 0;
    else return false;
    return true;
  });
  return value;
}

/** Seven bits a byte, the lowest first. Exact up to 2^53, as far as numbers go. */
function varint(reader) {
  let value = 0;
  let factor = 1;
  for (let i = 0; i < 10; i += 1) {
    const byte = reader.bytes[reader.at];
    if (byte === undefined) throw new Error('ends too early');
    reader.at += 1;
    value += (byte & 127) * factor;
    if (byte < 128) return value;
    factor *= 128;
  }
  throw new Error('endless number');
}

/** Numbers near zero of either sign are small (zigzag). */
function step(reader) {
  const value = varint(reader);
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

/** 64 bits in two's complement. */
function signed(reader) {
  let value = 0n;
  for (let i = 0n; i < 10n; i += 1n) {
    const byte = reader.bytes[reader.at];
    if (byte === undefined) throw new Error('ends too early');
    reader.at += 1;
    value |= BigInt(byte & 127) << (7n * i);
    if (byte < 128) return Number(BigInt.asIntN(64, value));
  }
  throw new Error('endless number');
}

const letters = new TextDecoder();

function text(reader, end) {
  const until = endOfBlock(reader, end);
  const words = letters.decode(reader.bytes.subarray(reader.at, until));
  reader.at = until;
  return words;
}

/** Where the block that begins with its length ends. */
function endOfBlock(reader, limit) {
  const length = varint(reader);
  if (reader.at + length > limit) throw new Error('block beyond its end');
  return reader.at + length;
}
