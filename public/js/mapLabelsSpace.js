// Which part of the view is taken: a grid of small squares, so that turned names and lines are as easy as boxes.

const CELL = 2; // pixels
export const TAKEN = 1;
/** A line of ours lies there: names keep off where they can. */
export const ROUTE = 2;

/** @param {number} width in pixels; the view reaches from 0, 0 */
export function createSpace(width, height) {
  const columns = Math.ceil(width / CELL);
  const rows = Math.ceil(height / CELL);
  const cells = new Uint8Array(columns * rows);

  /** Cells of a box, cut to the view. */
  function cellsOf({ left, top, right, bottom }) {
    return [
      Math.max(0, Math.floor(left / CELL)),
      Math.max(0, Math.floor(top / CELL)),
      Math.min(columns, Math.ceil(right / CELL)),
      Math.min(rows, Math.ceil(bottom / CELL)),
    ];
  }

  function take(box, kind = TAKEN) {
    const [left, top, right, bottom] = cellsOf(box);
    for (let row = top; row < bottom; row += 1) {
      for (let i = row * columns + left; i < row * columns + right; i += 1) cells[i] |= kind;
    }
  }

  return {
    take,
    /** @param {number} reach to each side, in pixels */
    takeLine(points, reach, kind) {
      for (let i = 1; i < points.length; i += 1) {
        const [from, to] = [points[i - 1], points[i]];
        if (Math.max(from.x, to.x) < 0 || Math.min(from.x, to.x) > width) continue;
        if (Math.max(from.y, to.y) < 0 || Math.min(from.y, to.y) > height) continue;
        const steps = Math.min(4000, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / reach) || 1);
        for (let step = 0; step <= steps; step += 1) {
          const x = from.x + ((to.x - from.x) * step) / steps;
          const y = from.y + ((to.y - from.y) * step) / steps;
          take(boxAround(x, y, reach, reach), kind);
        }
      }
    },
    /** @param {number} kinds TAKEN, ROUTE or both */
    isFree(boxes, kinds) {
      for (const box of boxes) {
        const [left, top, right, bottom] = cellsOf(box);
        for (let row = top; row < bottom; row += 1) {
          for (let i = row * columns + left; i < row * columns + right; i += 1) if (cells[i] & kinds) return false;
        }
      }
      return true;
    },
    isSeen: ({ left, top, right, bottom }) => right > 0 && bottom > 0 && left < width && top < height,
  };
}

export function boxAround(x, y, reachX, reachY) {
  return { left: x - reachX, top: y - reachY, right: x + reachX, bottom: y + reachY };
}
