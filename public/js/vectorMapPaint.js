// Paints one vector tile on a canvas: ground, land, water, tunnels, buildings, railways, roads with their edges, bridges
// above them, borders. The contract of what a tile holds is server/osm/map/schema.ts, how it looks is in mapStyle.js.
import { BORDERS, LAND, LINK, RAILWAYS, ROADS, THIN, WATERWAYS, at } from './mapStyle.js';

/** Tiles are drawn in this many units a side, whatever their own extent. */
export const UNITS = 4096;
const BUILDINGS_FROM = 13.5;
const ROAD_CLASSES = Object.keys(ROADS);

/**
 * Puts together what is drawn in one stroke. Paths are made when they are first drawn.
 *
 * @param {ReturnType<import('./mvt.js').readTile>} layers
 * @returns what `paint` takes
 */
export function prepare(layers) {
  const featuresOf = (name) => {
    const layer = layers.get(name);
    return (layer?.features ?? []).map((feature) => ({ ...feature, factor: UNITS / layer.extent }));
  };
  const levels = new Map();
  for (const feature of featuresOf('roads')) addToLevel(levels, 'roads', feature);
  for (const feature of featuresOf('railways')) addToLevel(levels, 'railways', feature);
  return {
    land: inRuns(featuresOf('land')),
    water: group(featuresOf('water')),
    waterways: byKey(featuresOf('waterways').filter(({ properties }) => !properties.tunnel)),
    buildings: group(featuresOf('buildings')),
    levels: [...levels.values()].sort((a, b) => a.height - b.height),
    borders: byKey(featuresOf('boundaries'), 'level'),
  };
}

/** Tunnels lie below everything, bridges above what lies on the ground. */
function addToLevel(levels, kind, feature) {
  const { tunnel, bridge, order = 0, class: name, link } = feature.properties;
  const height = tunnel ? -100 + order : bridge ? Math.max(order, 1) : Math.max(order, 0);
  if (!levels.has(height)) levels.set(height, { height, roads: new Map(), railways: new Map() });
  const groups = levels.get(height)[kind];
  const key = link ? `${name} link` : `${name}`;
  if (!groups.has(key)) groups.set(key, { name, link: Boolean(link), ...group([]) });
  groups.get(key).features.push(feature);
}

/** What follows each other and looks the same is drawn at once; the order of the tile stays. */
function inRuns(features) {
  const runs = [];
  for (const feature of features) {
    const look = LAND[feature.properties.class];
    if (!look) continue;
    const last = runs[runs.length - 1];
    if (last?.look === look) last.features.push(feature);
    else runs.push({ look, ...group([feature]) });
  }
  return runs;
}

function byKey(features, attribute = 'class') {
  const groups = new Map();
  for (const feature of features) {
    const key = feature.properties[attribute];
    if (!groups.has(key)) groups.set(key, group([]));
    groups.get(key).features.push(feature);
  }
  return groups;
}

function group(features) {
  return { features, path: undefined };
}

function pathOf(part) {
  part.path ??= toPath(part.features);
  return part.path;
}

function toPath(features) {
  const path = new Path2D();
  for (const { type, points, ends, factor } of features) {
    if (type === 1) continue;
    let i = 0;
    for (const end of ends) {
      path.moveTo(points[i * 2] * factor, points[i * 2 + 1] * factor);
      for (i += 1; i < end; i += 1) path.lineTo(points[i * 2] * factor, points[i * 2 + 1] * factor);
      if (type === 3) path.closePath();
    }
  }
  return path;
}

/**
 * @param {CanvasRenderingContext2D} context drawing in units of the tile
 * @param {ReturnType<typeof prepare>} tile
 * @param {{zoom: number, pixel: number, colours: Record<string, string>}} view zoom: as on the map, with fractions;
 *   pixel: how many units are one pixel of CSS
 */
export function paint(context, tile, view) {
  const { zoom, colours } = view;
  for (const run of tile.land) {
    if (zoom < run.look.from) continue;
    context.globalAlpha = run.look.strength;
    fill(context, run, colours[run.look.colour]);
  }
  context.globalAlpha = 1;
  fill(context, tile.water, colours.water);
  for (const [name, part] of tile.waterways) {
    stroke(context, view, part, { width: at(WATERWAYS[name] ?? WATERWAYS.stream, zoom), colour: colours.water });
  }
  const below = tile.levels.filter(({ height }) => height < 0);
  const above = tile.levels.filter(({ height }) => height >= 0);
  context.globalAlpha = 0.45;
  for (const level of below) paintLevel(context, view, level);
  context.globalAlpha = 1;
  if (zoom >= BUILDINGS_FROM) {
    fill(context, tile.buildings, colours.building);
    if (zoom >= 15.5) stroke(context, view, tile.buildings, { width: 0.75, colour: colours.wall });
  }
  for (const level of above) paintLevel(context, view, level);
  for (const [name, { width, from }] of Object.entries(BORDERS)) {
    const part = tile.borders.get(Number(name));
    if (!part || zoom < from) continue;
    stroke(context, view, part, {
      width,
      colour: colours.border,
      dash: [6, 2, 1.5, 2].map((length) => length * width),
    });
  }
}

/** Railways, then the edges of all roads of a level, then the roads: so crossings are open. */
function paintLevel(context, view, { height, roads, railways }) {
  for (const part of railways.values()) paintRailway(context, view, part);
  const { zoom, colours } = view;
  const parts = [...roads.values()]
    .filter(({ name }) => name in ROADS)
    .map((part) => ({ part, road: ROADS[part.name], rank: ROAD_CLASSES.indexOf(part.name) - (part.link ? 0.5 : 0) }))
    .map((entry) => ({ ...entry, width: at(entry.road.width, zoom) * (entry.part.link ? LINK : 1) }))
    .filter(({ width }) => width > 0)
    .sort((a, b) => a.rank - b.rank);
  const edge = Math.min(1.2, 0.6 + Math.max(0, zoom - 13) * 0.12);
  for (const { part, road, width } of parts) {
    if (!road.casing || width < THIN) continue;
    const dash = road.dashed && width > 3 ? [3, 2.5] : undefined;
    const cap = height === 0 ? 'round' : 'butt'; // a bridge ends where the road goes on
    stroke(context, view, part, { width: width + 2 * edge, colour: colours[road.casing], dash, cap });
  }
  for (const { part, road, width } of parts) {
    if (road.dash) {
      stroke(context, view, part, {
        width,
        colour: colours[road.colour],
        dash: road.dash.map((length) => length * width),
      });
    } else if (width < THIN) stroke(context, view, part, { width, colour: colours[road.casing], cap: 'round' });
    else stroke(context, view, part, { width, colour: colours[road.colour], cap: 'round' });
  }
}

function paintRailway(context, view, part) {
  const railway = RAILWAYS[part.name];
  const width = railway ? at(railway.width, view.zoom) : 0;
  if (width === 0) return;
  stroke(context, view, part, { width, colour: view.colours.rail });
  if (!railway.ties || view.zoom < railway.ties) return;
  const gap = 2.2 * width + 3;
  stroke(context, view, part, { width: width - 1, colour: view.colours.ground, dash: [gap, gap] });
}

function fill(context, part, colour) {
  if (part.features.length === 0) return;
  context.fillStyle = colour;
  context.fill(pathOf(part));
}

/** @param look width and dash in pixels of CSS */
function stroke(context, { pixel }, part, { width, colour, dash, cap = 'butt' }) {
  if (part.features.length === 0 || width <= 0) return;
  context.strokeStyle = colour;
  context.lineWidth = width * pixel;
  context.lineJoin = 'round';
  context.lineCap = cap;
  context.setLineDash(dash ? dash.map((length) => length * pixel) : []);
  context.stroke(pathOf(part));
}
