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

interface Leg {
  path: string;
  middle: Point;
  /** Points on it, close enough to find out what lies across it. */
  samples: Point[];
  length: number;
}

const WIDTH = 500;
const HEIGHT = 440;
/** Kept free around the outermost places. */
const MARGIN = { x: 56, y: 46 };
const STOPS = 5;
const KIT_RADIUS = 30;
const NOTE_HEIGHT = 54;
const SAMPLES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
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

  // Words keep clear of each other, and of the line too where there is room for that.
  const line = legs.flatMap(({ samples }) => samples.map((point) => around(point, 5)));
  const noted = next === null ? undefined : points[places.findIndex(({ name }) => name === next.name)];
  const note = next === null || noted === undefined ? null : placeNote(noted, next, taken, line);

  // The suitcase travels on the longest leg that has room for it, the way back is the next longest.
  const byLength = [...legs].sort((a, b) => b.length - a.length);
  const travelled = byLength.find(({ middle }) => !taken.some((box) => meet(box, around(middle, KIT_RADIUS + 4))));
  if (travelled !== undefined) {
    taken.push(around(travelled.middle, KIT_RADIUS + 4));
  }
  const back = byLength.find((one) => one !== travelled);
  const names = places.flatMap(({ name }, index) => {
    const point = points[index];
    const isNoted = note !== null && name === next?.name;
    return point === undefined || isNoted ? [] : placeName(name, point, index >= STOPS, taken, line);
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
    kit: travelled?.middle ?? null,
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
function leg(tour: readonly Point[], from: Point, index: number): Leg {
  const at = (offset: number): Point => tour[(index + offset + tour.length) % tour.length] ?? from;
  const [before, to, after] = [at(-1), at(1), at(2)];
  const one = { x: from.x + (to.x - before.x) / 6, y: from.y + (to.y - before.y) / 6 };
  const two = { x: to.x - (after.x - from.x) / 6, y: to.y - (after.y - from.y) / 6 };
  const round = ({ x, y }: Point): string => `${Math.round(x)} ${Math.round(y)}`;
  const on = (t: number): Point => ({
    x: Math.round((1 - t) ** 3 * from.x + 3 * (1 - t) ** 2 * t * one.x + 3 * (1 - t) * t ** 2 * two.x + t ** 3 * to.x),
    y: Math.round((1 - t) ** 3 * from.y + 3 * (1 - t) ** 2 * t * one.y + 3 * (1 - t) * t ** 2 * two.y + t ** 3 * to.y),
  });
  return {
    path: `M${round(from)}C${round(one)} ${round(two)} ${round(to)}`,
    middle: on(0.5),
    samples: SAMPLES.map(on),
    length: Math.hypot(to.x - from.x, to.y - from.y),
  };
}

function placeNote(
  at: Point,
  next: { name: string; line: string },
  taken: Box[],
  line: readonly Box[],
): TourDrawing['note'] {
  const width = Math.round(Math.max(next.name.length, next.line.length) * 7.8) + 28;
  const [beside, half] = [16, NOTE_HEIGHT / 2];
  const corners: Point[] = [
    { x: at.x + beside, y: at.y - half },
    { x: at.x + 14, y: at.y + 14 },
    { x: at.x + 14, y: at.y - NOTE_HEIGHT - 14 },
    { x: at.x - width - beside, y: at.y - half },
    { x: at.x - width - 14, y: at.y + 14 },
    { x: at.x - width - 14, y: at.y - NOTE_HEIGHT - 14 },
    { x: at.x - width / 2, y: at.y + 18 },
    { x: at.x - width / 2, y: at.y - NOTE_HEIGHT - 18 },
  ];
  const boxes = corners.map(({ x, y }) => ({ left: x, top: y, right: x + width, bottom: y + NOTE_HEIGHT }));
  const box = firstThatFits(boxes, taken, line);
  if (box === undefined) {
    return null;
  }
  taken.push(box);
  return { x: Math.round(box.left), y: Math.round(box.top), width, ...next };
}

function placeName(text: string, at: Point, minor: boolean, taken: Box[], line: readonly Box[]): TourDrawing['names'] {
  const width = text.length * LETTER;
  const side = (anchor: 'start' | 'middle' | 'end', x: number, y: number, left: number) => ({
    name: { text, x, y, anchor, minor },
    left,
    right: left + width,
    top: y - 15,
    bottom: y + 5,
  });
  const sides = [
    side('start', at.x + 17, at.y + 6, at.x + 15),
    side('end', at.x - 17, at.y + 6, at.x - 15 - width),
    side('middle', at.x, at.y - 18, at.x - width / 2),
    side('middle', at.x, at.y + 34, at.x - width / 2),
  ];
  const found = firstThatFits(sides, taken, line);
  if (found === undefined) {
    return [];
  }
  taken.push(found);
  return [found.name];
}

/** Best one that touches neither words nor the line, else one that touches no words. */
function firstThatFits<T extends Box>(boxes: readonly T[], taken: readonly Box[], line: readonly Box[]): T | undefined {
  const fitting = boxes.filter((box) => fits(box, taken));
  return fitting.find((box) => fits(box, line)) ?? fitting[0];
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
