/** Which ways to ask for: the fewest rows and columns of a matrix that hold all its gaps, cut into requests. */

/** Every way from a place of `sources` to one of `destinations`; both are positions in the list of places. */
export interface Block {
  sources: readonly number[];
  destinations: readonly number[];
}

/**
 * Blocks of at most `maxPlaces` places each, which together hold every gap. A new place among known ones costs its row
 * and its column, not the matrix.
 * @param count places of the matrix
 * @param isMissing never true for a place and itself
 */
export function blocksToAsk(
  count: number,
  isMissing: (from: number, to: number) => boolean,
  maxPlaces: number,
): Block[] {
  const all = Array.from({ length: count }, (_, index) => index);
  const gaps = all.map((from) => all.filter((to) => from !== to && isMissing(from, to)));
  const { rows, columns } = smallestCover(gaps);
  const wanted = new Set(all.filter((to) => rows.some((from) => gaps[from]?.includes(to))));
  const inRows: Block = { sources: rows, destinations: [...wanted] };
  const inColumns: Block = {
    sources: all.filter((from) => !rows.includes(from) && columns.some((to) => gaps[from]?.includes(to))),
    destinations: columns,
  };
  return [inRows, inColumns]
    .flatMap((block) => cut(block, maxPlaces))
    .filter(({ sources, destinations }) => sources.some((from) => destinations.some((to) => gaps[from]?.includes(to))));
}

/**
 * The fewest rows and columns that hold every gap; rows only, where that is as few. A smallest vertex cover of the
 * bipartite graph of gaps is as large as a largest matching (D. König, "Gráfok és mátrixok", 1931), and follows from it.
 * @param gaps columns with a gap, by row
 */
function smallestCover(gaps: readonly (readonly number[])[]): { rows: number[]; columns: number[] } {
  const rowOf = new Map<number, number>(); // the matching, by column

  /** Gives a row a column of its own, if need be by giving another row another one. */
  function match(row: number, seen: Set<number>): boolean {
    for (const column of gaps[row] ?? []) {
      if (seen.has(column)) continue;
      seen.add(column);
      const owner = rowOf.get(column);
      if (owner === undefined || match(owner, seen)) {
        rowOf.set(column, row);
        return true;
      }
    }
    return false;
  }

  const unmatched = gaps.flatMap((columns, row) => (columns.length > 0 && !match(row, new Set()) ? [row] : []));
  // What is reached from rows without a column, by gaps to columns and by the matching back to rows.
  const reachedRows = new Set(unmatched);
  const columns = new Set<number>();
  for (const row of reachedRows) {
    for (const column of gaps[row] ?? []) {
      columns.add(column);
      const owner = rowOf.get(column);
      if (owner !== undefined) reachedRows.add(owner);
    }
  }
  const matchedRows = new Set(rowOf.values());
  return {
    rows: gaps.flatMap((_, row) => (matchedRows.has(row) && !reachedRows.has(row) ? [row] : [])),
    columns: [...columns].sort((a, b) => a - b),
  };
}

/** Cuts a block like a sheet of paper, into the fewest pieces that a request takes. */
function cut(block: Block, maxPlaces: number): Block[] {
  const { sources, destinations } = block;
  if (sources.length === 0 || destinations.length === 0) return [];
  if (new Set([...sources, ...destinations]).size <= maxPlaces) return [block];

  let best = { height: 1, pieces: Infinity };
  for (let height = 1; height < maxPlaces; height++) {
    const pieces = Math.ceil(sources.length / height) * Math.ceil(destinations.length / (maxPlaces - height));
    if (pieces < best.pieces) best = { height, pieces };
  }
  return chunks(sources, best.height).flatMap((some) =>
    chunks(destinations, maxPlaces - best.height).map((others) => ({ sources: some, destinations: others })),
  );
}

function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}
