// Markers that would cover each other are moved apart, and names that would cover something are hidden.
// All in pixels of the screen, so it is done again after every move and every change of the zoom.

const GAP = 2; // between two markers
const FARTHEST = 48; // a marker never moves farther from its place
const ROUNDS = 16;

/**
 * @param {import('leaflet').Map} map
 * @param {{at: [number, number], element: HTMLElement, fixed?: boolean, name?: {element: HTMLElement}}[]} markers
 *   in the order of the list; fixed ones stay where they are
 * @param {{at: [number, number], element: HTMLElement}[]} names of places without a marker
 */
export function keepApart(map, markers, names) {
  const discs = markers.map((marker) => {
    const { x, y } = map.latLngToLayerPoint(marker.at);
    const { offsetWidth: width, offsetHeight: height } = marker.element;
    return { marker, home: { x, y }, x, y, width, height };
  });
  for (let round = 0; round < ROUNDS && pushApart(discs); round += 1);

  for (const { marker, home, x, y } of discs) {
    const [dx, dy] = [Math.round(x - home.x), Math.round(y - home.y)];
    marker.element.style.translate = dx || dy ? `calc(-50% + ${dx}px) calc(-50% + ${dy}px)` : '';
  }
  const taken = discs.map((disc) => boxAround(disc.x, disc.y, disc.width, disc.height));
  const frame = visiblePart(map);
  for (const { marker, home, x, y, width } of discs) {
    if (marker.name) placeName(marker.name.element, home, { x, y, reach: width / 2 + 4 }, taken, frame);
  }
  for (const { at, element } of names) {
    const home = map.latLngToLayerPoint(at);
    placeName(element, home, { x: home.x, y: home.y, reach: -3 }, taken, frame);
  }
}

/** One round; true if something had to move. Same input, same result: nothing is random. */
function pushApart(discs) {
  let moved = false;
  discs.forEach((a, i) => {
    for (const b of discs.slice(i + 1)) {
      const overlapX = (a.width + b.width) / 2 + GAP - Math.abs(a.x - b.x);
      const overlapY = (a.height + b.height) / 2 + GAP - Math.abs(a.y - b.y);
      if (overlapX <= 0 || overlapY <= 0) continue;
      // along the shorter way, the first of the list to the left or up
      if (overlapX <= overlapY) shift(a, b, 'x', overlapX);
      else shift(a, b, 'y', overlapY);
      moved = true;
    }
  });
  return moved;
}

function shift(a, b, axis, overlap) {
  const direction = a[axis] > b[axis] ? 1 : -1;
  const share = a.marker.fixed || b.marker.fixed ? overlap : overlap / 2;
  if (!a.marker.fixed) a[axis] = limited(a.home[axis], a[axis] + direction * share);
  if (!b.marker.fixed) b[axis] = limited(b.home[axis], b[axis] - direction * share);
}

function limited(home, value) {
  return Math.min(home + FARTHEST, Math.max(home - FARTHEST, value));
}

/** What of the map is seen, in the same pixels as the markers. */
function visiblePart(map) {
  const { x: left, y: top } = map.containerPointToLayerPoint([0, 0]);
  const { x: width, y: height } = map.getSize();
  return { left, right: left + width, top, bottom: top + height };
}

/** Right of the marker, else left of it, else not at all: a name that is cut off helps nobody. */
function placeName(element, home, { x, y, reach }, taken, frame) {
  const { offsetWidth: width, offsetHeight: height } = element;
  const right = boxAround(x + reach + width / 2, y, width, height);
  const left = boxAround(x - reach - width / 2, y, width, height);
  const free = [right, left].find(
    (box) => box.left >= frame.left && box.right <= frame.right && !taken.some((other) => overlap(box, other)),
  );
  element.classList.toggle('kt-place--hidden', !free);
  if (!free) return;
  taken.push(free);
  element.style.translate = `${Math.round(free.left - home.x)}px ${Math.round(free.top - home.y)}px`;
}

function boxAround(x, y, width, height) {
  return { left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 };
}

function overlap(a, b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
