// A layer for Leaflet that draws our own vector tiles (docs/adr/0021-drawn-map.md): canvases for the ground, and one above
// the routes for names. map.js and positionPicker.js load it where the office has imported an extract.
import { createLabels } from './mapLabels.js';
import { readColours } from './mapStyle.js';
import { paint, UNITS } from './vectorMapPaint.js';
import { createQueue, createTiles } from './vectorMapTiles.js';

/** Canvases are 512 px wide, so level z of the map shows tiles of level z - 1. */
const SIZE = 512;
const OFFSET = 1;
const BLEED = 1; // pixels over the next canvas: at levels between two whole ones a gap would show
const SHARPEST = 2; // canvas pixels per pixel of CSS

/**
 * @param {typeof import('leaflet')} L
 * @param {{url: string, minZoom: number, maxZoom: number, bounds: [[number, number], [number, number]], attribution: string}} tiles
 *   zoom levels of the tiles
 * @returns {import('leaflet').GridLayer} tells of `tileload` and `tileerror` as a layer of pictures does
 */
export function vectorLayer(L, tiles) {
  const later = createQueue();
  const store = createTiles(tiles.url, later);
  const bounds = L.latLngBounds(tiles.bounds);
  /** canvas → { coords, source, tile, drawnFor } */
  const canvases = new Map();
  let colours;
  let labels;

  const Layer = L.GridLayer.extend({
    onAdd(map) {
      colours = readColours(map.getContainer());
      map.getContainer().classList.add('kt-map--drawn');
      labels = createLabels(L, map, { tiles: shownTiles, colours: () => colours });
      L.GridLayer.prototype.onAdd.call(this, map);
      map.on('zoomend', redrawAtNewZoom).on('moveend resize', labels.draw);
      this.on('load', labels.draw);
      this.stopWatching = watchColours(recolour);
    },
    onRemove(map) {
      this.stopWatching();
      map.off('zoomend', redrawAtNewZoom).off('moveend resize', labels.draw);
      labels.remove();
      map.getContainer().classList.remove('kt-map--drawn');
      for (const canvas of [...canvases.keys()]) drop(canvas);
      L.GridLayer.prototype.onRemove.call(this, map);
    },
    createTile(coords, done) {
      const canvas = document.createElement('canvas');
      const source = sourceOf(coords);
      const entry = { coords, source, tile: null, drawnFor: null };
      canvases.set(canvas, entry);
      store
        .take(source.z, source.x, source.y)
        .then((tile) =>
          later(() => {
            if (!canvases.has(canvas)) return;
            entry.tile = tile;
            draw(canvas, entry);
            done(null, canvas);
            labels.drawSoon();
          }),
        )
        .catch((error) => {
          if (canvases.has(canvas)) done(error, canvas);
        });
      return canvas;
    },
  });

  const layer = new Layer({
    attribution: tiles.attribution,
    tileSize: SIZE,
    bounds,
    noWrap: true,
    minNativeZoom: tiles.minZoom + OFFSET,
    keepBuffer: 1,
    updateWhenZooming: false,
  });
  layer.on('tileunload', ({ tile }) => drop(tile));
  return layer;

  function drop(canvas) {
    const entry = canvases.get(canvas);
    if (!entry) return;
    canvases.delete(canvas);
    store.release(entry.source.z, entry.source.x, entry.source.y);
    canvas.width = 0; // frees the memory at once
  }

  /** The tile that a canvas shows, or a part of it: beyond the last level of the tiles. */
  function sourceOf({ x, y, z }) {
    const beyond = Math.max(0, z - OFFSET - tiles.maxZoom);
    return { z: z - OFFSET - beyond, x: x >> beyond, y: y >> beyond, beyond };
  }

  function draw(canvas, entry) {
    const map = layer._map;
    const { coords, source, tile } = entry;
    const zoom = map.getZoom();
    const scale = map.getZoomScale(zoom, coords.z);
    const density = Math.min(SHARPEST, window.devicePixelRatio || 1) * scale;
    const side = SIZE + BLEED;
    canvas.width = canvas.height = Math.ceil(side * density);
    canvas.style.width = canvas.style.height = `${side}px`;
    entry.drawnFor = zoom;

    const context = canvas.getContext('2d', { alpha: true });
    const parts = 2 ** source.beyond;
    const perUnit = (SIZE * parts) / UNITS; // pixels of the canvas's level
    const west = (coords.x - source.x * parts) * SIZE;
    const north = (coords.y - source.y * parts) * SIZE;
    context.setTransform(density * perUnit, 0, 0, density * perUnit, -west * density, -north * density);
    clipToArea(context, map, coords, { west, north, perUnit });
    context.fillStyle = colours.ground;
    context.fillRect(west / perUnit, north / perUnit, side / perUnit, side / perUnit);
    paint(context, tile.drawing, { zoom, pixel: 1 / (perUnit * scale), colours });
  }

  /** Beyond the extract the pattern of the map's ground stays to be seen. */
  function clipToArea(context, map, coords, { west, north, perUnit }) {
    const [from, to] = [bounds.getNorthWest(), bounds.getSouthEast()].map((corner) => map.project(corner, coords.z));
    const unit = (pixel, of, start) => (pixel - of * SIZE + start) / perUnit;
    const left = unit(from.x, coords.x, west);
    const top = unit(from.y, coords.y, north);
    context.beginPath();
    context.rect(left, top, unit(to.x, coords.x, west) - left, unit(to.y, coords.y, north) - top);
    context.clip();
  }

  /** Between two whole levels Leaflet makes the same canvases larger or smaller. */
  function redrawAtNewZoom() {
    for (const [canvas, entry] of canvases) {
      if (entry.tile && entry.coords.z === layer._tileZoom && entry.drawnFor !== layer._map.getZoom()) {
        void later(() => canvases.has(canvas) && layer._map && draw(canvas, entry));
      }
    }
  }

  /** All at once: printing does not wait. */
  function recolour(theme) {
    const element = theme === undefined ? layer._map.getContainer() : islandOf(layer._map.getContainer(), theme);
    colours = readColours(element);
    if (theme !== undefined) element.remove();
    for (const [canvas, entry] of canvases) if (entry.tile) draw(canvas, entry);
    labels.drawNow();
  }

  /** The tiles of the level that is shown, each once. */
  function shownTiles() {
    const found = new Map();
    for (const { coords, tile } of canvases.values()) {
      if (tile && coords.z === layer._tileZoom) found.set(`${tile.z}/${tile.x}/${tile.y}`, tile);
    }
    return [...found.values()];
  }
}

/** An element on which the colours of a theme hold, whatever the page has. */
function islandOf(container, theme) {
  const element = document.createElement('div');
  element.setAttribute('data-kern-theme', theme);
  container.append(element);
  return element;
}

/** Light or dark, by the system or by the page; light on paper. @returns ends it */
function watchColours(recolour) {
  const system = window.matchMedia('(prefers-color-scheme: dark)');
  const change = () => recolour();
  const print = () => recolour('light');
  const theme = new MutationObserver(change);
  system.addEventListener('change', change);
  theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-kern-theme'] });
  window.addEventListener('beforeprint', print);
  window.addEventListener('afterprint', change);
  return () => {
    system.removeEventListener('change', change);
    theme.disconnect();
    window.removeEventListener('beforeprint', print);
    window.removeEventListener('afterprint', change);
  };
}
