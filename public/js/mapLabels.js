// Names on the map: places, streets, numbers of roads and houses, on one canvas above the routes. Placed anew after every
// move, the important ones first; nothing covers anything, and our own markers and their names come before all of them.
// The list beside the map says what matters: this is for the eye alone.
import { HOUSE_NUMBERS, PLACES, STREETS, STREET_SIZE, at } from './mapStyle.js';
import { lettersAt, measureLine, placesFor, pointAt } from './mapLabelsLine.js';
import { boxAround, createSpace, ROUTE, TAKEN } from './mapLabelsSpace.js';

const PANE = 'kt-labels';
const AROUND = 48; // pixels beyond the view that are drawn as well, seen while the map moves
const SOON = 120; // milliseconds to wait for more tiles
const GAP = 3; // pixels between names
const REPEAT = { name: 420, ref: 300 }; // pixels until a street says its name again
const ROUTE_REACH = 5;
/** Where the name of a place may stand, in its own halves: on the place, beside it, farther off. */
const ASIDE = [
  ...[
    [0, 0],
    [0, -1],
    [0, 1],
    [1, 0],
    [-1, 0],
    [0.6, -1],
    [-0.6, -1],
    [0.6, 1],
    [-0.6, 1],
  ],
  ...[
    [0, -2],
    [0, 2],
    [1, -2],
    [-1, -2],
    [1, 2],
    [-1, 2],
    [1.6, 0],
    [-1.6, 0],
  ],
];
const CLASSES = Object.keys(STREETS);

/**
 * @param {import('leaflet').Map} map
 * @param {{tiles: () => object[], colours: () => Record<string, string>}} shown what is to be seen at the moment
 */
export function createLabels(L, map, { tiles, colours }) {
  const pane = map.getPane(PANE) ?? map.createPane(PANE);
  const canvas = document.createElement('canvas');
  canvas.className = 'kt-map-labels leaflet-zoom-hide';
  canvas.setAttribute('aria-hidden', 'true');
  pane.append(canvas);
  const family = getComputedStyle(map.getContainer()).fontFamily;
  const measure = createMeasure(canvas.getContext('2d'), family);
  let frame = 0;
  let timer = 0;
  let gone = false;
  // names stay where they are while the ground grows below them: better none for a moment
  const hide = () => canvas.classList.add('kt-map-labels--away');
  map.on('zoomstart', hide);

  // letters are measured: the fonts have to be there
  void Promise.all([400, 600].map((weight) => document.fonts.load(`${weight} 14px ${family}`))).then(
    () => draw(),
    () => undefined,
  );

  function drawNow() {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    frame = timer = 0;
    if (gone || !map._loaded) return;
    const size = map.getSize();
    const density = Math.min(2, window.devicePixelRatio || 1);
    const [width, height] = [size.x + 2 * AROUND, size.y + 2 * AROUND];
    canvas.width = width * density;
    canvas.height = height * density;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([-AROUND, -AROUND]));
    const context = canvas.getContext('2d');
    context.scale(density, density);
    const space = createSpace(width, height);
    const own = reserve(L, map, space);
    const view = { ...viewOf(map), zoom: map.getZoom(), space, measure, own };
    const labels = collect(tiles(), view);
    for (const label of labels) write(context, label, colours(), family);
    canvas.classList.remove('kt-map-labels--away');
  }

  /** With the next picture, after all who listen to the same move (map.js moves markers apart). */
  function draw() {
    if (!frame && !gone) frame = requestAnimationFrame(drawNow);
  }

  return {
    draw,
    drawNow,
    drawSoon() {
      if (!timer && !frame && !gone) timer = setTimeout(draw, SOON);
    },
    remove() {
      gone = true;
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      map.off('zoomstart', hide);
      canvas.remove();
    },
  };
}

/** Widths of words and letters, each measured once. */
function createMeasure(context, family) {
  const known = new Map();
  return (text, size, weight) => {
    const font = `${weight} ${size}px ${family}`;
    const key = `${font} ${text}`;
    let width = known.get(key);
    if (width === undefined) {
      context.font = font;
      width = context.measureText(text).width;
      if (known.size > 5000) known.clear();
      known.set(key, width);
    }
    return width;
  };
}

/** Takes the room of markers, their names, the controls and our lines. @returns the names that our markers have */
function reserve(L, map, space) {
  const frame = map.getContainer().getBoundingClientRect();
  const names = new Set();
  for (const element of map.getContainer().querySelectorAll('.kt-marker, .kt-place, .leaflet-control')) {
    if (element.matches('.kt-place--hidden')) continue;
    const { left, top, right, bottom } = element.getBoundingClientRect();
    if (element.matches('.kt-place')) names.add(element.textContent);
    const [x, y] = [AROUND - frame.left, AROUND - frame.top];
    space.take({ left: left + x - GAP, top: top + y - GAP, right: right + x + GAP, bottom: bottom + y + GAP });
  }
  map.eachLayer((layer) => {
    if (!(layer instanceof L.Polyline)) return;
    const lines = Array.isArray(layer.getLatLngs()[0]) ? layer.getLatLngs() : [layer.getLatLngs()];
    for (const line of lines) {
      const points = line.map((place) => map.latLngToContainerPoint(place).add([AROUND, AROUND]));
      space.takeLine(points, ROUTE_REACH, ROUTE);
    }
  });
  return names;
}

/** From points of a tile to the canvas. */
function viewOf(map) {
  const { min } = map.getPixelBounds();
  const world = 256 * 2 ** map.getZoom();
  return {
    project({ z, x, y }, extent) {
      const side = world / 2 ** z;
      const factor = side / extent;
      return (px, py) => ({ x: x * side + px * factor - min.x + AROUND, y: y * side + py * factor - min.y + AROUND });
    },
  };
}

/** All names that find room. */
function collect(tiles, view) {
  const labels = [];
  const places = pointsOf(tiles, view, 'places').filter(({ properties }) => isShown(properties, view));
  const order = Object.keys(PLACES);
  const weight = ({ properties }) => order.indexOf(properties.class) * 1e6 + (properties.rank ?? 0);
  places.sort((a, b) => weight(a) - weight(b) || (a.properties.name < b.properties.name ? -1 : 1));
  const major = places.filter(({ properties }) => !['suburb', 'hamlet'].includes(properties.class));
  const minor = places.filter((place) => !major.includes(place));
  const streets = streetsOf(tiles, view);

  for (const place of major) labels.push(...placeLabel(place, view));
  labels.push(...refLabels(streets, view));
  for (const place of minor) labels.push(...placeLabel(place, view));
  labels.push(...nameLabels(streets, view));
  if (view.zoom >= HOUSE_NUMBERS.from) {
    for (const house of pointsOf(tiles, view, 'houses')) labels.push(...houseLabel(house, view));
  }
  return labels;
}

function isShown({ class: kind, name }, { zoom, own }) {
  const style = PLACES[kind];
  return style && name && zoom >= style.from && zoom <= style.to && !own.has(name);
}

/** Points of a layer on the canvas; each tile has only those of its own ground. */
function pointsOf(tiles, view, name) {
  const found = [];
  for (const tile of tiles) {
    const layer = tile.layers.get(name);
    if (!layer) continue;
    const project = view.project(tile, layer.extent);
    for (const { points, properties } of layer.features) {
      const [x, y] = points;
      if (!(x >= 0 && x < layer.extent && y >= 0 && y < layer.extent)) continue;
      const point = project(x, y);
      if (view.space.isSeen(boxAround(point.x, point.y, AROUND, AROUND))) found.push({ ...point, properties });
    }
  }
  return found;
}

function placeLabel({ x, y, properties }, { zoom, space, measure }) {
  const { size: sizes, weight, colour } = PLACES[properties.class];
  const size = rounded(at(sizes, Math.max(zoom, sizes[0][0])));
  const lines = twoLines(properties.name, size, weight, measure);
  const reachX = Math.max(...lines.map((line) => measure(line, size, weight))) / 2 + GAP;
  const reachY = (size * 1.1 * lines.length) / 2 + 1;
  const aside = ASIDE.map(([right, down]) => [right * (reachX + 8), down * (reachY + 6)]);
  const boxes = aside.map(([dx, dy]) => ({ at: [x + dx, y + dy], box: boxAround(x + dx, y + dy, reachX, reachY) }));
  const free =
    boxes.find(({ box }) => space.isFree([box], TAKEN | ROUTE)) ?? boxes.find(({ box }) => space.isFree([box], TAKEN));
  if (!free) return [];
  space.take(free.box);
  return lines.map((text, i) => ({
    letters: [{ text, x: free.at[0], y: free.at[1] + (i - (lines.length - 1) / 2) * size * 1.1, angle: 0 }],
    size,
    weight,
    colour,
  }));
}

/** A long name is broken at the blank nearest to its middle. */
function twoLines(name, size, weight, measure) {
  if (measure(name, size, weight) < size * 8.5 || !name.includes(' ')) return [name];
  const blanks = [...name.matchAll(/ /g)].map(({ index }) => index);
  const middle = name.length / 2;
  const best = blanks.reduce((a, b) => (Math.abs(b - middle) < Math.abs(a - middle) ? b : a));
  return [name.slice(0, best), name.slice(best + 1)];
}

/** Lines with names on the canvas, the important and long ones first. */
function streetsOf(tiles, view) {
  const streets = [];
  for (const tile of tiles) {
    const layer = tile.layers.get('streets');
    if (!layer) continue;
    const project = view.project(tile, layer.extent);
    for (const { points, ends, properties } of layer.features) {
      const rank = CLASSES.indexOf(properties.class);
      const from = STREETS[properties.class];
      if (!from || (view.zoom < from.name && view.zoom < from.ref)) continue;
      let i = 0;
      for (const end of ends) {
        const line = [];
        for (; i < end; i += 1) line.push(project(points[i * 2], points[i * 2 + 1]));
        const measured = measureLine(line);
        if (measured.length > 12) streets.push({ rank, from, properties, line: measured });
      }
    }
  }
  return streets.sort((a, b) => a.rank - b.rank || b.line.length - a.line.length);
}

/** Numbers of roads on little shields. */
function refLabels(streets, { zoom, space, measure }) {
  const labels = [];
  const said = new Map();
  const size = 10.5;
  for (const { properties, from, line } of streets) {
    if (!properties.ref || zoom < from.ref) continue;
    const text = String(properties.ref).split(';')[0].trim();
    const reachX = measure(text, size, 600) / 2 + 4;
    const reachY = size / 2 + 3;
    for (const middle of middles(line, REPEAT.ref)) {
      const spot = [0, -40, 40, -80, 80]
        .map((off) => middle + off)
        .filter((distance) => distance >= 0 && distance <= line.length)
        .map((distance) => pointAt(line, distance))
        .find((point) => {
          const box = boxAround(point.x, point.y, reachX + 6, reachY + 6);
          return space.isSeen(box) && isFar(said, text, point, REPEAT.ref * 0.7) && space.isFree([box], TAKEN | ROUTE);
        });
      if (!spot) continue;
      space.take(boxAround(spot.x, spot.y, reachX + GAP, reachY + GAP));
      remember(said, text, spot);
      labels.push({
        letters: [{ text, x: spot.x, y: spot.y, angle: 0 }],
        size,
        weight: 600,
        shield: { reachX, reachY },
      });
    }
  }
  return labels;
}

function nameLabels(streets, { zoom, space, measure }) {
  const labels = [];
  const said = new Map();
  const size = rounded(at(STREET_SIZE, Math.max(zoom, STREET_SIZE[0][0])));
  for (const { properties, from, line } of streets) {
    if (!properties.name || zoom < from.name) continue;
    const { name } = properties;
    const width = measure(name, size, 400);
    for (const middle of middles(line, REPEAT.name)) {
      const range = { from: middle - REPEAT.name / 2, to: middle + REPEAT.name / 2 };
      const label = alongLine(line, name, { width, size, range, space, measure, said });
      if (label) labels.push(label);
    }
  }
  return labels;
}

/** Where our route lies on the street, its name stands beside it. */
function alongLine(line, name, { width, size, range, space, measure, said }) {
  const letters = [...name].map((text) => ({ text, width: measure(text, size, 400) }));
  const beside = size / 2 + ROUTE_REACH + 3;
  for (const place of placesFor(line, width + 4, range).slice(0, 8)) {
    const spot = pointAt(line, place.middle);
    if (!space.isSeen(boxAround(spot.x, spot.y, 1, 1)) || !isFar(said, name, spot, REPEAT.name * 0.7)) continue;
    for (const aside of place.flat ? [0, beside, -beside] : [0]) {
      const placed = lettersAt(line, place, letters, aside);
      const boxes = boxesOf(placed, width, size);
      if (!space.isFree(boxes, TAKEN | ROUTE)) continue;
      for (const box of boxes) space.take(box);
      remember(said, name, spot);
      return { letters: placed, size, weight: 400, colour: 'name-street' };
    }
  }
  return null;
}

/** Small boxes along the letters: a slanting name takes only its own room. */
function boxesOf(placed, width, size) {
  const reach = size / 2 + 1;
  if (placed.length > 1) return placed.map(({ x, y }) => boxAround(x, y, reach, reach));
  const [{ x, y, angle }] = placed;
  const count = Math.max(2, Math.ceil(width / size));
  return Array.from({ length: count + 1 }, (_, i) => {
    const off = (i / count - 0.5) * width;
    return boxAround(x + Math.cos(angle) * off, y + Math.sin(angle) * off, reach, reach);
  });
}

function houseLabel({ x, y, properties }, { zoom, space, measure }) {
  const size = rounded(at(HOUSE_NUMBERS.size, zoom));
  const text = String(properties.number ?? '');
  const box = boxAround(x, y, measure(text, size, 400) / 2 + 1, size / 2);
  if (!text || !space.isFree([box], TAKEN | ROUTE)) return [];
  space.take(box);
  return [{ letters: [{ text, x, y, angle: 0 }], size, weight: 400, colour: 'name-quiet', halo: 2 }];
}

/** Where along a line something is said: once in the middle, on long lines again and again. */
function middles({ length }, repeat) {
  const count = Math.max(1, Math.floor(length / repeat));
  return Array.from({ length: count }, (_, i) => ((i + 0.5) * length) / count);
}

function isFar(said, text, point, distance) {
  return (said.get(text) ?? []).every((other) => Math.hypot(other.x - point.x, other.y - point.y) >= distance);
}

function remember(said, text, point) {
  said.set(text, [...(said.get(text) ?? []), point]);
}

/** Half pixels: so few fonts are made ready. */
function rounded(size) {
  return Math.round(size * 2) / 2;
}

function write(context, { letters, size, weight, colour, shield, halo = 3 }, colours, family) {
  context.font = `${weight} ${size}px ${family}`;
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
  context.lineJoin = 'round';
  const isMotorway = shield && /^A ?\d/.test(letters[0].text);
  const isFederal = shield && /^B ?\d/.test(letters[0].text);
  if (shield) {
    const [{ x, y }] = letters;
    context.beginPath();
    context.roundRect(x - shield.reachX, y - shield.reachY, 2 * shield.reachX, 2 * shield.reachY, 3);
    context.fillStyle = colours[isMotorway ? 'shield-motorway' : isFederal ? 'shield-federal' : 'shield'];
    context.fill();
    context.strokeStyle = colours['shield-edge'];
    context.lineWidth = 1;
    context.stroke();
  }
  context.strokeStyle = colours.ground;
  context.lineWidth = halo;
  context.fillStyle = colours[shield ? (isMotorway ? 'shield-motorway-name' : 'shield-name') : colour];
  // all edges below all letters: no edge covers the letter before
  for (const paintOne of shield ? ['fillText'] : ['strokeText', 'fillText']) {
    for (const { text, x, y, angle } of letters) {
      context.save();
      context.translate(x, y);
      context.rotate(angle);
      context[paintOne](text, 0, size * 0.35);
      context.restore();
    }
  }
}
