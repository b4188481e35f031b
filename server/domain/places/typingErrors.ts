/** Whether the whole name is compared, or the beginning of it that fits best. */
export type Extent = 'whole' | 'beginning';

/** Typing errors forgiven in a query of this many letters. */
export function allowedErrors(length: number): number {
  if (length < 4) return 0;
  return length < 7 ? 1 : 2;
}

/**
 * Counts the typing errors that turn a name into `query`: letters too many, missing, wrong, or two neighbours exchanged
 * (optimal string alignment). The result is exact up to `bound`; anything above it means "more than that". Only the
 * diagonal band of width 2 · bound + 1 is computed.
 */
export function typingErrors(query: string, bound: number, extent: Extent): (key: string) => number {
  const width = query.length;
  const tooMany = bound + 1;
  let beforePrevious = new Uint16Array(width + 1);
  let previous = new Uint16Array(width + 1);
  let current = new Uint16Array(width + 1);

  return (key) => {
    const rows = Math.min(key.length, width + bound);
    let best = tooMany;
    for (let column = 0; column <= width; column++) previous[column] = Math.min(column, tooMany);

    for (let row = 1; row <= rows; row++) {
      current.fill(tooMany);
      if (row <= bound) current[0] = row;
      let least = current[0] ?? tooMany;
      const letter = key.charCodeAt(row - 1);
      for (let column = Math.max(1, row - bound); column <= Math.min(width, row + bound); column++) {
        const same = letter === query.charCodeAt(column - 1);
        let errors = (previous[column - 1] ?? tooMany) + (same ? 0 : 1);
        errors = Math.min(errors, (previous[column] ?? tooMany) + 1, (current[column - 1] ?? tooMany) + 1);
        const exchanged =
          row > 1 &&
          column > 1 &&
          letter === query.charCodeAt(column - 2) &&
          key.charCodeAt(row - 2) === query.charCodeAt(column - 1);
        if (exchanged) errors = Math.min(errors, (beforePrevious[column - 2] ?? tooMany) + 1);
        current[column] = errors;
        if (errors < least) least = errors;
      }
      if (extent === 'beginning' || row === key.length) best = Math.min(best, current[width] ?? tooMany);
      // An exchange may still reach over one row, but never for less than the row before it had.
      if (least > bound) return best;
      [beforePrevious, previous, current] = [previous, current, beforePrevious];
    }
    return best;
  };
}
