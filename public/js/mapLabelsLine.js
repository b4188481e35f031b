// Names along lines: where a word finds a piece of the line that is straight enough, the letters turned with the line
// where it bends a little, never upside down. Points are { x, y } in pixels, y downwards.

const MOST_TURN = 0.45; // radians between neighbouring letters
const MOST_BENT = 1.2; // radians in all
const FLAT = 1.6; // pixels off the straight line that do not matter
const TRIES = 24;

/** How far along the line each point is; the last one is the length. */
function distances(points) {
  const along = [0];
  for (let i = 1; i < points.length; i += 1) {
    along.push(along[i - 1] + Math.hypot(points[i].x - points[i - 1].x, points[i].y - points[i - 1].y));
  }
  return along;
}

/** A line for labelling. @param {{x: number, y: number}[]} points */
export function measureLine(points) {
  const along = distances(points);
  return { points, along, length: along[along.length - 1] };
}

/** The point at a distance along the line, and the piece it is on. */
export function pointAt({ points, along }, distance) {
  let low = 1;
  let high = points.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (along[middle] < distance) low = middle + 1;
    else high = middle;
  }
  const [from, to] = [points[low - 1], points[low]];
  const share = along[low] > along[low - 1] ? (distance - along[low - 1]) / (along[low] - along[low - 1]) : 0;
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share, piece: low };
}

/**
 * Places for a word, the best first: straight pieces before bent ones, near the middle of the range before others.
 *
 * @param line of measureLine
 * @param {number} width of the word
 * @param {{from: number, to: number}} range of the line in which its middle may lie
 * @returns {{middle: number, flat: boolean}[]}
 */
export function placesFor(line, width, { from, to }) {
  const first = Math.max(from, width / 2);
  const last = Math.min(to, line.length - width / 2);
  if (first > last) return [];
  const step = Math.max(10, (last - first) / TRIES);
  const wanted = (from + to) / 2;
  const places = [];
  for (let middle = first; middle <= last; middle += step) {
    const bend = bendOf(line, middle - width / 2, middle + width / 2);
    if (bend === null) continue;
    const off = Math.abs(middle - wanted);
    places.push({ middle, flat: bend.off <= FLAT, worse: bend.off * 4 + off * 0.1 });
  }
  return places.sort((a, b) => a.worse - b.worse);
}

/** How far a part of the line is from straight, in pixels; null: it bends too much for letters. */
function bendOf(line, from, to) {
  const a = pointAt(line, from);
  const b = pointAt(line, to);
  const chord = Math.hypot(b.x - a.x, b.y - a.y);
  if (chord < (to - from) * 0.8) return null;
  const [cos, sin] = [(b.x - a.x) / chord, (b.y - a.y) / chord];
  let off = 0;
  let turned = 0;
  let before = null;
  for (let i = a.piece; i <= b.piece; i += 1) {
    const start = i === a.piece ? a : line.points[i - 1];
    const end = i === b.piece ? b : line.points[i];
    if (i < b.piece) off = Math.max(off, Math.abs((end.x - a.x) * sin - (end.y - a.y) * cos));
    if (Math.hypot(end.x - start.x, end.y - start.y) < 0.5) continue;
    const angle = Math.atan2(end.y - start.y, end.x - start.x);
    if (before !== null) {
      const turn = Math.abs(angleBetween(before, angle));
      if (turn > MOST_TURN && off > FLAT) return null;
      turned += turn;
    }
    before = angle;
  }
  return turned > MOST_BENT && off > FLAT ? null : { off };
}

function angleBetween(a, b) {
  const turn = b - a;
  return turn > Math.PI ? turn - 2 * Math.PI : turn < -Math.PI ? turn + 2 * Math.PI : turn;
}

/**
 * The letters of a word at a place, or the word as one where the line is flat.
 *
 * @param {{text: string, width: number}[]} letters of the word in their order
 * @param {number} aside pixels above the line, negative: below
 * @returns {{text: string, x: number, y: number, angle: number}[]} middles and angles in radians
 */
export function lettersAt(line, { middle, flat }, letters, aside = 0) {
  const width = letters.reduce((sum, letter) => sum + letter.width, 0);
  const start = pointAt(line, middle - width / 2);
  const end = pointAt(line, middle + width / 2);
  const turned = end.x < start.x;
  const upright = (from, to) =>
    turned ? Math.atan2(from.y - to.y, from.x - to.x) : Math.atan2(to.y - from.y, to.x - from.x);
  if (flat) {
    const angle = upright(start, end);
    const x = (start.x + end.x) / 2 + Math.sin(angle) * aside;
    const y = (start.y + end.y) / 2 - Math.cos(angle) * aside;
    return [{ text: letters.map(({ text }) => text).join(''), x, y, angle }];
  }
  let done = 0;
  return letters.map(({ text, width: own }) => {
    const at = turned ? middle + width / 2 - done - own / 2 : middle - width / 2 + done + own / 2;
    done += own;
    const reach = Math.max(own, 6); // the angle of a little more than the letter: no jumping at corners
    const from = pointAt(line, Math.max(0, at - reach));
    const to = pointAt(line, Math.min(line.length, at + reach));
    const { x, y } = pointAt(line, at);
    return { text, x, y, angle: upright(from, to) };
  });
}
