import { FAR, type Compiled } from './compiled.ts';

/**
 * Prices of the stops from the dual of the assignment problem "every stop is left once and entered once" (the Hungarian
 * method by shortest augmenting paths; Kuhn 1955, Jonker and Volgenant 1987). At these prices no way costs less than
 * nothing, so a walk gains nothing by going in circles.
 */
export function assignmentPrices({ n, size, arc }: Compiled, cost: Int32Array): Float64Array {
  // Rows are what is left: stops 0 … n − 1 and the start n; columns what is entered: stops and the end, as n. From 1.
  const count = n + 1;
  const way = (row: number, column: number): number => {
    const at = (row - 1) * size + (column - 1 === n ? n + 1 : column - 1);
    return arc[at] === 1 ? cost[at]! : FAR;
  };
  const left = new Float64Array(count + 1);
  const entered = new Float64Array(count + 1);
  const rowOf = new Int32Array(count + 1);
  const previous = new Int32Array(count + 1);
  for (let row = 1; row <= count; row++) {
    const least = new Float64Array(count + 1).fill(Infinity);
    const done = new Uint8Array(count + 1);
    rowOf[0] = row;
    let column = 0;
    do {
      done[column] = 1;
      const at = rowOf[column]!;
      let step = Infinity;
      let next = 0;
      for (let other = 1; other <= count; other++) {
        if (done[other] === 1) continue;
        const reduced = way(at, other) - left[at]! - entered[other]!;
        if (reduced < least[other]!) {
          least[other] = reduced;
          previous[other] = column;
        }
        if (least[other]! < step) {
          step = least[other]!;
          next = other;
        }
      }
      for (let other = 0; other <= count; other++) {
        if (done[other] === 1) {
          left[rowOf[other]!]! += step;
          entered[other]! -= step;
        } else least[other]! -= step;
      }
      column = next;
    } while (rowOf[column] !== 0);
    while (column !== 0) {
      const before = previous[column]!;
      rowOf[column] = rowOf[before]!;
      column = before;
    }
  }
  return Float64Array.from({ length: n }, (_, stop) => left[stop + 1]! + entered[stop + 1]!);
}
