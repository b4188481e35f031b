/**
 * Joins lines end to end into longer ones: a street is mapped in many pieces, and its name belongs on the whole of it.
 * Where several go on, one of them is taken.
 * @param pieces nodes in order, at least two
 */
export function chained(pieces: readonly Int32Array[]): Int32Array[] {
  const ends = new Map<number, Set<number>>();
  pieces.forEach((piece, index) => {
    for (const node of [piece[0] as number, piece[piece.length - 1] as number]) {
      const there = ends.get(node);
      if (there === undefined) ends.set(node, new Set([index]));
      else there.add(index);
    }
  });
  const used = new Set<number>();
  const take = (node: number): Int32Array | null => {
    for (const index of ends.get(node) ?? []) {
      if (used.has(index)) continue;
      used.add(index);
      const piece = pieces[index] as Int32Array;
      return piece[0] === node ? piece : piece.slice().reverse();
    }
    return null;
  };
  const lines: Int32Array[] = [];
  pieces.forEach((piece, index) => {
    if (used.has(index)) return;
    used.add(index);
    const ahead = Array.from(piece);
    for (let next = take(ahead.at(-1) as number); next !== null; next = take(ahead.at(-1) as number)) {
      ahead.push(...next.subarray(1));
    }
    // The other way round from the first piece.
    const back = [ahead[0] as number];
    for (let next = take(back.at(-1) as number); next !== null; next = take(back.at(-1) as number)) {
      back.push(...next.subarray(1));
    }
    lines.push(Int32Array.from([...back.slice(1).reverse(), ...ahead]));
  });
  return lines;
}
