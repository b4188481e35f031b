// Turns <div data-kt-position='{"lat":"breite","lon":"laenge",…}' data-kt-leaflet-js data-kt-leaflet-css hx-morph-skip
// hidden> into a map on which a position is set by a click or by dragging the marker. The two fields it fills are there
// without it and stay the way for the keyboard: what is typed moves the marker.
import { announce } from './announce.js';
import { groundLayer } from './vectorMapLoad.js';

const ZOOM = { country: 6, town: 13, house: 16 };
const COUNTRY = [51.2, 10.4]; // nothing known yet: all of Germany

/** Live maps: element → Leaflet map */
const maps = new Map();
let leaflet; // promise of the library, once

function watch() {
  for (const [element, map] of maps) {
    if (element.isConnected) continue;
    map.remove();
    maps.delete(element);
  }
  for (const element of document.querySelectorAll('[data-kt-position]')) {
    if (!maps.has(element)) void start(element);
  }
}

// hx-morph-skip would keep the map of the form before: its fields may be others now.
document.addEventListener('htmx:before:swap', ({ detail: { ctx } }) => {
  const target = ctx.target === '#main' ? document.getElementById('main') : ctx.target;
  for (const [element, map] of maps) {
    if (!(target instanceof Element) || !target.contains(element)) continue;
    map.remove();
    maps.delete(element);
    element.remove();
  }
});
document.addEventListener('htmx:after:swap', watch);
watch();

function load({ ktLeafletJs: script, ktLeafletCss: style }) {
  leaflet ??= Promise.all([import(script), loadStyle(style)]).then(([module]) => (module.map ? module : window.L));
  leaflet.catch(() => {
    leaflet = undefined;
  });
  return leaflet;
}

function loadStyle(href) {
  return new Promise((resolve, reject) => {
    if (document.querySelector(`link[href="${href}"]`)) return resolve();
    const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href });
    link.addEventListener('load', resolve);
    link.addEventListener('error', reject);
    document.head.prepend(link); // before our own stylesheets, which outweigh it
  });
}

async function start(element) {
  const data = JSON.parse(element.dataset.ktPosition);
  const fields = { lat: document.getElementById(data.lat), lon: document.getElementById(data.lon) };
  if (!fields.lat || !fields.lon) return;
  maps.set(element, { remove() {} }); // taken: a swap while the library loads does not start it twice
  let L;
  try {
    L = await load(element.dataset);
  } catch {
    maps.delete(element);
    return; // the fields are enough
  }
  if (!element.isConnected) return;
  element.hidden = false;
  maps.set(element, draw(L, element, data, fields));
}

function draw(L, element, { around, center, tiles, texts }, fields) {
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const typed = read(fields);
  const map = L.map(element, {
    zoomControl: false,
    scrollWheelZoom: false,
    zoomAnimation: !calm,
    fadeAnimation: !calm,
    markerZoomAnimation: !calm,
    inertia: !calm,
    maxZoom: 18,
  });
  L.control.zoom({ zoomInTitle: texts.zoomIn, zoomOutTitle: texts.zoomOut }).addTo(map);
  L.control.scale({ imperial: false, maxWidth: 120 }).addTo(map);
  map.attributionControl.setPrefix(false);
  if (tiles) {
    void groundLayer(L, tiles).then(
      (layer) => map.getPane('mapPane') && layer.addTo(map),
      () => undefined, // the names of places around are enough
    );
  }
  const icon = L.divIcon({ className: 'kt-marker kt-marker--public', html: '', iconSize: null });
  const marker = L.marker(typed ?? center ?? COUNTRY, { icon, draggable: true, keyboard: false, title: texts.marker });
  if (typed) {
    map.setView(typed, ZOOM.house);
    marker.addTo(map);
  } else if (center) {
    map.setView(center, ZOOM.town);
  } else if (around.length > 0) {
    map.fitBounds(
      around.map(({ at }) => at),
      { maxZoom: ZOOM.town, padding: [32, 32], animate: false },
    );
  } else {
    map.setView(COUNTRY, ZOOM.country);
  }

  for (const { at, name } of around) addName(L, map, at, name); // markers exist once the map has a view

  const set = ({ lat, lng }) => {
    const words = [lat, lng].map((degree) => degree.toFixed(5).replace('.', ','));
    fields.lat.value = words[0];
    fields.lon.value = words[1];
    announce(texts.moved.replace('{lat}', words[0]).replace('{lon}', words[1]));
  };
  map.on('click', ({ latlng }) => {
    marker.setLatLng(latlng).addTo(map);
    set(latlng);
  });
  marker.on('dragend', () => set(marker.getLatLng()));
  for (const field of Object.values(fields)) {
    field.addEventListener('change', () => {
      const at = read(fields);
      if (!at || !maps.has(element)) return;
      marker.setLatLng(at).addTo(map);
      map.setView(at, Math.max(map.getZoom(), ZOOM.town + 1), { animate: false });
    });
  }
  return map;
}

/** What the fields say; both numbers pasted into the first are spread over both. Null: no position. */
function read({ lat, lon }) {
  const both = /^\s*(\d+[.,]\d+)°?(?:\s*[,;]\s+|\s+)(\d+[.,]\d+)°?\s*$|^\s*(\d+\.\d+)[,;](\d+\.\d+)\s*$/.exec(
    lat.value,
  );
  if (both) {
    lat.value = (both[1] ?? both[3]).replace('.', ',');
    lon.value = (both[2] ?? both[4]).replace('.', ',');
  }
  const numbers = [lat, lon].map((field) => Number(field.value.trim().replace(',', '.') || NaN));
  return numbers.every(Number.isFinite) && Math.abs(numbers[0]) <= 90 && Math.abs(numbers[1]) <= 180 ? numbers : null;
}

function addName(L, map, at, name) {
  const icon = L.divIcon({ className: 'kt-place', html: text(name), iconSize: null });
  const marker = L.marker(at, { icon, interactive: false, keyboard: false, zIndexOffset: -1000 }).addTo(map);
  marker.getElement().setAttribute('aria-hidden', 'true'); // for the eye: the fields say where
}

function text(words) {
  return Object.assign(document.createElement('span'), { textContent: words ?? '' });
}
