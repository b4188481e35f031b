// Turns <div class="kt-map" id="karte" data-kt-map='{"stops":[…]}' data-kt-leaflet-js data-kt-leaflet-css
// hx-morph-skip hidden> into a map. The list beside it says the same, so without JavaScript, or without
// Leaflet, nothing is lost. Leaflet (42 kB) is fetched when a map comes near the screen.
import { keepApart } from './spread.js';
import { groundLayer, isDrawn } from './vectorMapLoad.js';

const FAILING_TILES = 4; // after so many the tiles are given up: no request without end
const EDGE = { narrow: 28, wide: 52 }; // pixels kept free around the outermost stops
const NAME_ROOM = 72; // pixels for the names on the right of the markers

/** Live maps: element → { map, source: the JSON it shows } */
const maps = new Map();
let leaflet; // promise of the library, once

const near = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      near.unobserve(entry.target);
      void start(entry.target);
    }
  },
  { rootMargin: '240px' },
);

function watch() {
  for (const element of document.querySelectorAll('[data-kt-map]')) {
    if (maps.has(element)) continue;
    element.hidden = false; // without JavaScript there is no empty box
    near.observe(element);
  }
}

// hx-morph-skip keeps a map alive through a swap. That is right only if the new page shows the same map:
// otherwise the old one goes, and the new element takes its place.
document.addEventListener('htmx:before:swap', ({ detail: { ctx, tasks } }) => {
  const main = tasks?.find((task) => task.type === 'main');
  const target = ctx.target === '#main' ? document.getElementById('main') : ctx.target;
  for (const [element, { map, source }] of maps) {
    if (!(target instanceof Element) || !target.contains(element)) continue;
    const successor = element.id && main?.fragment.querySelector(`#${CSS.escape(element.id)}`);
    if (target !== document.body && successor?.dataset.ktMap === source) continue;
    map.remove();
    maps.delete(element);
    element.remove();
  }
});
document.addEventListener('htmx:after:swap', watch);
watch();

async function start(element) {
  if (!element.isConnected || maps.has(element)) return;
  let L;
  try {
    L = await load(element.dataset);
  } catch {
    element.hidden = true; // the list is enough
    return;
  }
  if (element.isConnected && !maps.has(element)) draw(L, element);
}

/** Loads script and stylesheet once. Takes Leaflet as a module or as the classic file that sets window.L. */
function load({ ktLeafletJs: script, ktLeafletCss: style }) {
  leaflet ??= Promise.all([import(script), loadStyle(style)]).then(([module]) => (module.map ? module : window.L));
  leaflet.catch(() => {
    leaflet = undefined;
  });
  return leaflet;
}

function loadStyle(href) {
  return new Promise((resolve, reject) => {
    const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href });
    link.addEventListener('load', resolve);
    link.addEventListener('error', reject);
    // before our own stylesheets, which outweigh it
    document.head.prepend(link);
  });
}

function draw(L, element) {
  const source = element.dataset.ktMap;
  const data = JSON.parse(source);
  const { texts = {}, tiles, here } = data;
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  if (!element.hasAttribute('role')) element.setAttribute('role', 'region');

  const map = L.map(element, {
    zoomControl: false,
    scrollWheelZoom: false, // the wheel scrolls the page
    dragging: !matchMedia('(pointer: coarse)').matches, // so does one finger; two fingers move the map
    zoomSnap: tiles ? 0.5 : 0.25,
    maxZoom: tiles && !isDrawn(tiles) ? (tiles.maxZoom ?? 18) : 18, // what we draw ourselves is sharp at any level
    zoomAnimation: !calm,
    fadeAnimation: !calm,
    markerZoomAnimation: !calm,
    inertia: !calm,
  });
  maps.set(element, { map, source });
  L.control.zoom({ zoomInTitle: texts.zoomIn, zoomOutTitle: texts.zoomOut }).addTo(map);
  L.control.scale({ imperial: false, maxWidth: 120 }).addTo(map);
  map.attributionControl.setPrefix(false);
  if (data.note) map.attributionControl.addAttribution(escaped(data.note));
  if (tiles) void addTiles(L, map, tiles, texts);

  const points = [...data.stops.map((stop) => stop.at), ...(here ? [here.at] : [])];
  const edge = element.clientWidth < 480 ? EDGE.narrow : EDGE.wide;
  if (points.length > 0 || data.bounds) {
    map.fitBounds(data.bounds ?? points, {
      paddingTopLeft: [edge, edge],
      paddingBottomRight: [edge + NAME_ROOM, edge],
      maxZoom: 15,
      animate: false,
    });
  }

  addLines(L, map, data.lines ?? []);
  const markers = [
    ...(here ? [addHere(L, map, here)] : []),
    ...venuesOf(data.stops).map((venue) => addVenue(L, map, venue)),
  ];
  const names = (data.names ?? []).map(({ at, name }) => addName(L, map, at, name, 'kt-place'));
  const arrange = () => {
    // Leaflet tells of the end of a change of size 200 ms later, when the map may be gone.
    if (maps.has(element)) keepApart(map, markers, names);
  };
  map.on('moveend resize', arrange); // every change of the zoom ends with a move
  arrange();
}

/**
 * Lines of ways, `kind`: none (along roads), 'estimated' (dashed), 'before' (how it is without the change; thin, and below
 * the others), 'done' (faded).
 */
function addLines(L, map, lines) {
  const add = ({ points }, className) => L.polyline(points, { className, interactive: false }).addTo(map);
  const ways = lines.filter(({ kind }) => kind !== 'before');
  for (const line of lines) if (line.kind === 'before') add(line, 'kt-route-before');
  // two strokes: the lower one keeps the line apart from what lies under it, all of them below all lines
  for (const line of ways) if (line.kind !== 'estimated') add(line, 'kt-route-casing');
  for (const line of ways) add(line, line.kind ? `kt-route-line kt-route-line--${line.kind}` : 'kt-route-line');
}

async function addTiles(L, map, tiles, texts) {
  const layer = await groundLayer(L, tiles).catch(() => null);
  if (!map.getPane('mapPane')?.isConnected) return; // gone meanwhile
  const note = () => texts.noTiles && map.attributionControl.addAttribution(escaped(texts.noTiles));
  if (layer === null) return note();
  let loaded = 0;
  let failed = 0;
  layer.on('tileload', () => (loaded += 1));
  layer.on('tileerror', () => {
    failed += 1;
    if (failed < FAILING_TILES || failed <= loaded || !map.hasLayer(layer)) return;
    layer.remove(); // takes its attribution along
    note();
  });
  layer.addTo(map);
}

/** Stops at the same coordinates (5 digits: a metre) share a marker labelled "1, 4". */
function venuesOf(stops) {
  const venues = new Map();
  for (const stop of stops) {
    const key = stop.at.map((degree) => degree.toFixed(5)).join();
    const venue = venues.get(key);
    if (venue) venue.push(stop);
    else venues.set(key, [stop]);
  }
  return [...venues.values()];
}

function addVenue(L, map, stops) {
  const [first] = stops;
  const label = stops.map((stop) => stop.label).join(', ');
  const titles = stops.map((stop) => (stop.title ?? stop.name).replace(`${stop.label}: `, ''));
  // a shared marker looks full only if every stop is
  const kind = (stops.find((stop) => stop.kind !== 'full') ?? first).kind ?? 'public';
  const element = addIcon(L, map, first.at, {
    tag: first.href ? 'a' : 'span',
    className: `kt-marker kt-marker--${kind}`,
    label,
    title: `${label}: ${[...new Set(titles)].join('; ')}`, // the name begins with what is seen
  });
  if (first.href) {
    element.href = first.href;
    element.addEventListener('click', (event) => follow(event, map, first.href));
  } else {
    element.setAttribute('role', 'img');
  }
  const name = first.name ? addName(L, map, first.at, first.name, 'kt-place kt-place--named') : undefined;
  return { at: first.at, element, name };
}

function addHere(L, map, { at, title }) {
  const element = addIcon(L, map, at, { tag: 'span', className: 'kt-marker kt-marker--here', label: '', title });
  element.setAttribute('role', 'img');
  return { at, element, fixed: true };
}

function addName(L, map, at, name, className) {
  const icon = L.divIcon({ className, html: textNode(name), iconSize: null });
  const marker = L.marker(at, { icon, interactive: false, keyboard: false, zIndexOffset: -1000 }).addTo(map);
  marker.getElement().setAttribute('aria-hidden', 'true'); // the marker and the list say it
  return { at, element: marker.getElement() };
}

/** A marker that is a real link (Leaflet makes a div with a role): Enter and the screen reader's list of links work. */
function addIcon(L, map, at, { tag, className, label, title }) {
  const Icon = L.DivIcon.extend({
    createIcon() {
      const element = document.createElement(tag);
      element.textContent = label;
      element.title = title;
      element.setAttribute('aria-label', title);
      this._setIconStyles(element, 'icon');
      return element;
    },
  });
  const icon = new Icon({ className, iconSize: null });
  // Tab moves a marker into view; Leaflet's own handling of that needs keyboard: true and sets the role.
  const marker = L.marker(at, { icon, interactive: false, keyboard: false }).addTo(map);
  const element = marker.getElement();
  element.addEventListener('focus', () => map.panInside(at, { padding: [40, 40], animate: false }));
  return element;
}

/** To the entry of the list: it is marked by :target, and its link gets the focus. */
function follow(event, map, href) {
  if (!href.startsWith('#')) return;
  event.preventDefault();
  if (map.dragging.enabled() && map.dragging.moved()) return;
  const entry = document.getElementById(href.slice(1));
  if (!entry) return;
  location.hash = href;
  const link = entry.querySelector('a[href]') ?? entry;
  if (link === entry) entry.setAttribute('tabindex', '-1');
  link.focus({ preventScroll: true });
  entry.scrollIntoView({ block: 'center', behavior: 'instant' });
}

function textNode(text) {
  return Object.assign(document.createElement('span'), { textContent: text ?? '' });
}

/** Leaflet takes attributions as HTML. */
function escaped(text) {
  return textNode(text).innerHTML;
}
