import type { Coordinates } from '../../../domain/geo.ts';

/**
 * The picture beside the search: the places that are visited next, where they really lie, drawn as one tour. Lengths
 * are those of the drawing, 500 × 440, north at the top.
 */
export interface TourDrawing {
  /** Path of the tour, and of its way back. */
  route: string;
  rest: string;
  stops: { x: number; y: number }[];
  /** Places that are visited later. */
  places: { x: number; y: number }[];
  names: { text: string; x: number; y: number; anchor: 'start' | 'middle' | 'end'; minor: boolean }[];
  /** Middle of the suitcase; null: no room. */
  kit: { x: number; y: number } | null;
  /** The next visit in words; null: no room. */
  note: { x: number; y: number; width: number; name: string; line: string } | null;
}

interface Point {
  x: number;
  y: number;
}

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const WIDTH = 500;
const HEIGHT = 440;
/** Kept free around the outermost places. */
const MARGIN = { x: 80, y: 62 };
const STOPS = 5;
const KIT_RADIUS = 30;
const NOTE_HEIGHT = 54;
/** Width of a letter of a name, roughly. */
const LETTER = 9.2;

/**
 * @param places the soonest first; the first few become the tour
 * @param next what the note beside the first place says
 */
export function drawTour(
  places: readonly { name: string; at: Coordinates }[],
  next: { name: string; line: string } | null,
): TourDrawing | null {
  if (places.length < 3) {
    return null;
  }
  const points = project(places.map(({ at }) => at));
  const taken: Box[] = points.map((point) => around(point, 11));
  const tour = inCircle(points.slice(0, STOPS));
  const legs = tour.map((point, index) => leg(tour, point, index));

  // The suitcase travels on the longest leg, the way back is the next longest that is not it.
  const byLength = [...legs].sort((a, b) => b.length - a.length);
  const middle = byLength
    .map((one) => one.middle)
    .find((point) => !taken.some((box) => meet(box, around(point, KIT_RADIUS + 4))));
  if (middle !== undefined) {
    taken.push(around(middle, KIT_RADIUS + 4));
  }
  const back = byLength.find((one) => one.middle !== middle) ?? legs[0];

  const note =
    next === null
      ? null
      : placeNote(
          points[
            Math.max(
              0,
              places.findIndex(({ name }) => name === next.name),
            )
          ],
          next,
          taken,
        );
  const names = places.flatMap(({ name }, index) => {
    const point = points[index];
    const isNoted = note !== null && name === next?.name;
    return point === undefined || isNoted ? [] : placeName(name, point, index >= STOPS, taken);
  });
  return {
    route: legs
      .filter((one) => one !== back)
      .map((one) => one.path)
      .join(''),
    rest: back?.path ?? '',
    stops: points.slice(0, STOPS),
    places: points.slice(STOPS),
    names,
    kit: middle ?? null,
    note,
  };
}

function project(at: readonly Coordinates[]): Point[] {
  const south = Math.min(...at.map(({ lat }) => lat));
  const north = Math.max(...at.map(({ lat }) => lat));
  const west = Math.min(...at.map(({ lon }) => lon));
  const east = Math.max(...at.map(({ lon }) => lon));
  const shrink = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const across = Math.max((east - west) * shrink, 1e-6);
  const down = Math.max(north - south, 1e-6);
  const scale = Math.min((WIDTH - 2 * MARGIN.x) / across, (HEIGHT - 2 * MARGIN.y) / down);
  return at.map(({ lat, lon }) => ({
    x: Math.round(WIDTH / 2 + (lon - (west + east) / 2) * shrink * scale),
    y: Math.round(HEIGHT / 2 - (lat - (south + north) / 2) * scale),
  }));
}

/** Around their middle, so that the tour never crosses itself. */
function inCircle(points: readonly Point[]): Point[] {
  const x = points.reduce((sum, point) => sum + point.x, 0) / points.length;
  const y = points.reduce((sum, point) => sum + point.y, 0) / points.length;
  return [...points].sort((a, b) => Math.atan2(a.y - y, a.x - x) - Math.atan2(b.y - y, b.x - x));
}

/** One leg of the closed tour as a curve through its neighbours (Catmull-Rom). */
function leg(tour: readonly Point[], from: Point, index: number): { path: string; middle: Point; length: number } {
  const at = (offset: number): Point => tour[(index + offset + tour.length) % tour.length] ?? from;
  const [before, to, after] = [at(-1), at(1), at(2)];
  const one = { x: from.x + (to.x - before.x) / 6, y: from.y + (to.y - before.y) / 6 };
  const two = { x: to.x - (after.x - from.x) / 6, y: to.y - (after.y - from.y) / 6 };
  const round = ({ x, y }: Point): string => `${Math.round(x)} ${Math.round(y)}`;
  return {
    path: `M${round(from)}C${round(one)} ${round(two)} ${round(to)}`,
    middle: {
      x: Math.round((from.x + 3 * one.x + 3 * two.x + to.x) / 8),
      y: Math.round((from.y + 3 * one.y + 3 * two.y + to.y) / 8),
    },
    length: Math.hypot(to.x - from.x, to.y - from.y),
  };
}

function placeNote(at: Point | undefined, next: { name: string; line: string }, taken: Box[]): TourDrawing['note'] {
  if (at === undefined) {
    return null;
  }
  const width = Math.round(Math.max(next.name.length, next.line.length) * 8.4) + 32;
  const corners = [
    { left: at.x + 16, top: at.y - NOTE_HEIGHT / 2 },
    { left: at.x + 14, top: at.y + 12 },
    { left: at.x + 14, top: at.y - NOTE_HEIGHT - 12 },
    { left: at.x - width - 16, top: at.y - NOTE_HEIGHT / 2 },
    { left: at.x - width - 14, top: at.y + 12 },
    { left: at.x - width - 14, top: at.y - NOTE_HEIGHT - 12 },
    { left: at.x - width / 2, top: at.y + 16 },
    { left: at.x - width / 2, top: at.y - NOTE_HEIGHT - 16 },
  ];
  const box = corners
    .map(({ left, top }) => ({ left, top, right: left + width, bottom: top + NOTE_HEIGHT }))
    .find((one) => fits(one, taken));
  if (box === undefined) {
    return null;
  }
  taken.push(box);
  return { x: Math.round(box.left), y: Math.round(box.top), width, ...next };
}

function placeName(text: string, at: Point, minor: boolean, taken: Box[]): TourDrawing['names'] {
  const width = text.length * LETTER;
  const sides = [
    { anchor: 'start', x: at.x + 17, y: at.y + 6, left: at.x + 15 },
    { anchor: 'end', x: at.x - 17, y: at.y + 6, left: at.x - 15 - width },
    { anchor: 'middle', x: at.x, y: at.y - 18, left: at.x - width / 2 },
    { anchor: 'middle', x: at.x, y: at.y + 30, left: at.x - width / 2 },
  ] as const;
  for (const { anchor, x, y, left } of sides) {
    const box = { left, right: left + width, top: y - 15, bottom: y + 5 };
    if (fits(box, taken)) {
      taken.push(box);
      return [{ text, x, y, anchor, minor }];
    }
  }
  return [];
}

function fits(box: Box, taken: readonly Box[]): boolean {
  return (
    box.left >= 4 &&
    box.top >= 4 &&
    box.right <= WIDTH - 4 &&
    box.bottom <= HEIGHT - 4 &&
    !taken.some((one) => meet(one, box))
  );
}

function meet(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

function around({ x, y }: Point, radius: number): Box {
  return { left: x - radius, top: y - radius, right: x + radius, bottom: y + radius };
}
