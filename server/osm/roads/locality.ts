/**
 * Orders things on the map along a Hilbert curve, so that what is near on the map is mostly near in the order.
 * Source: D. Hilbert, "Ueber die stetige Abbildung einer Linie auf ein Flächenstück", 1891; J. Skilling, "Programming the
 * Hilbert curve", 2004.
 * @param positionOf two numbers of one unit
 */
export function locality(things: readonly number[], positionOf: (thing: number) => [number, number]): number[] {
  let [south, west, north, east] = [Infinity, Infinity, -Infinity, -Infinity];
  const positions = things.map(positionOf);
  for (const [y, x] of positions) {
    south = Math.min(south, y);
    north = Math.max(north, y);
    west = Math.min(west, x);
    east = Math.max(east, x);
  }
  const scale = (LENGTH - 1) / Math.max(1, north - south, east - west);
  const keys = Float64Array.from(positions, ([y, x]) =>
    alongCurve(Math.floor((x - west) * scale), Math.floor((y - south) * scale)),
  );
  return things
    .map((thing, index) => ({ thing, key: keys[index] as number }))
    .sort((a, b) => a.key - b.key)
    .map(({ thing }) => thing);
}

/** Cells of the curve to each side. */
const LENGTH = 2 ** 16;

function alongCurve(column: number, row: number): number {
  let [x, y] = [column, row];
  let distance = 0;
  for (let size = LENGTH / 2; size >= 1; size /= 2) {
    const right = (x & size) > 0 ? 1 : 0;
    const upper = (y & size) > 0 ? 1 : 0;
    distance += size * size * ((3 * right) ^ upper);
    if (upper === 0) {
      if (right === 1) {
        x = LENGTH - 1 - x;
        y = LENGTH - 1 - y;
      }
      [x, y] = [y, x];
    }
  }
  return distance;
}
