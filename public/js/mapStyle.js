// How the map drawn in the browser looks: which colours (public/css/map-colours.css), how wide at which zoom level, from
// which level on. Quiet, so that stops and routes stand out. Zoom levels are those of Leaflet (the world is 256 px wide at
// level 0), widths and sizes in pixels of CSS.

/** Names of the colours; the properties are called --kt-map-NAME. */
export const COLOURS = [
  ...['ground', 'wood', 'grass', 'garden', 'field', 'built', 'work', 'sand', 'wet', 'water', 'building', 'wall'],
  ...['casing', 'casing-main', 'road', 'road-main', 'road-motorway', 'way', 'rail', 'border'],
  ...['name', 'name-quiet', 'name-street', 'shield', 'shield-edge', 'shield-federal', 'shield-motorway'],
  ...['shield-name', 'shield-motorway-name'],
];

/** @param {Element} element on which the colours are asked @returns {Record<string, string>} colours of CSS by name */
export function readColours(element) {
  const style = getComputedStyle(element);
  return Object.fromEntries(COLOURS.map((name) => [name, style.getPropertyValue(`--kt-map-${name}`).trim() || 'grey']));
}

/**
 * Classes of land: colour, how strong (1: covers what is below), and from which zoom level on they are worth showing.
 * Greens let the ground through: KERN's are strong, and they are the largest areas of a map.
 */
export const LAND = {
  residential: { colour: 'built', strength: 1, from: 8 },
  industrial: { colour: 'work', strength: 1, from: 9 },
  commercial: { colour: 'work', strength: 1, from: 9 },
  school: { colour: 'work', strength: 1, from: 13 },
  parking: { colour: 'work', strength: 0.6, from: 15 },
  farmland: { colour: 'field', strength: 0.35, from: 10 },
  grass: { colour: 'grass', strength: 0.5, from: 11 },
  sports: { colour: 'grass', strength: 0.7, from: 13 },
  orchard: { colour: 'garden', strength: 0.7, from: 12 },
  allotments: { colour: 'garden', strength: 0.7, from: 12 },
  park: { colour: 'garden', strength: 0.8, from: 12 },
  cemetery: { colour: 'garden', strength: 0.7, from: 12 },
  wood: { colour: 'wood', strength: 0.65, from: 6 },
  sand: { colour: 'sand', strength: 0.4, from: 12 },
  wetland: { colour: 'wet', strength: 0.5, from: 12 },
};

/** Widths by zoom level: pairs of level and pixels; between two of them it grows by the same factor per level. */
// prettier-ignore
export const WATERWAYS = {
  river: [[8, 0.7], [11, 1.4], [14, 3], [18, 14]],
  canal: [[9, 0.6], [12, 1.2], [14, 2.4], [18, 10]],
  stream: [[12, 0.6], [14, 1.1], [16, 2], [18, 4]],
  ditch: [[14, 0.6], [16, 1.1], [18, 2.2]],
};

/**
 * Classes of roads, the least important first: that is the order in which they are drawn. colour and casing; dash: in
 * widths; narrower than THIN the road is one line in the colour of its edge, without a filling.
 */
// prettier-ignore
export const ROADS = {
  path: { width: [[14, 0.7], [16, 1.1], [18, 1.8]], colour: 'way', dash: [3, 2] },
  track: { width: [[13, 0.6], [15, 1], [18, 2.4]], colour: 'way', dash: [7, 2] },
  service: { width: [[14, 0.7], [15, 1.3], [16, 2.6], [18, 9]], colour: 'road', casing: 'casing' },
  pedestrian: { width: [[13, 0.8], [15, 2.8], [16, 4.5], [18, 13]], colour: 'road', casing: 'casing', dashed: true },
  minor: { width: [[12, 0.5], [13, 0.9], [14, 1.9], [15, 3.6], [16, 6], [18, 17]], colour: 'road', casing: 'casing' },
  tertiary: { width: [[10, 0.5], [12, 1.2], [13, 2], [15, 5], [16, 8], [18, 21]], colour: 'road', casing: 'casing' },
  secondary: { width: [[9, 0.5], [11, 1.2], [13, 2.7], [15, 5.8], [16, 9], [18, 23]], colour: 'road', casing: 'casing-main' },
  primary: { width: [[8, 0.6], [11, 1.9], [13, 3.3], [15, 6.6], [16, 10], [18, 25]], colour: 'road-main', casing: 'casing-main' },
  trunk: { width: [[7, 0.7], [11, 2.3], [13, 3.7], [15, 7], [16, 11], [18, 27]], colour: 'road-main', casing: 'casing-main' },
  motorway: { width: [[6, 0.8], [9, 1.6], [11, 2.7], [13, 4.2], [15, 8], [18, 29]], colour: 'road-motorway', casing: 'casing-main' },
};
export const THIN = 1.7;
/** Slip roads are narrower than what they lead to. */
export const LINK = 0.65;

// prettier-ignore
export const RAILWAYS = {
  rail: { width: [[8, 0.6], [12, 1.1], [14, 1.8], [16, 2.6], [18, 4]], ties: 13 },
  light: { width: [[12, 0.6], [14, 1], [18, 2.2]] },
  side: { width: [[13, 0.5], [15, 0.9], [18, 2]] },
};

/** Borders of states, federal states, districts, municipalities by level. */
export const BORDERS = {
  2: { width: 2, from: 4 },
  4: { width: 1.6, from: 5 },
  6: { width: 1.1, from: 8 },
  8: { width: 0.9, from: 12 },
};

/** How places are written: size by zoom level, between which levels (inclusive), bold, in which colour. */
// prettier-ignore
export const PLACES = {
  city: { size: [[6, 13], [10, 18], [14, 22]], from: 5, to: 14.5, weight: 600, colour: 'name' },
  town: { size: [[8, 12], [11, 14.5], [14, 19]], from: 7, to: 15.5, weight: 600, colour: 'name' },
  village: { size: [[10, 11.5], [13, 13.5], [16, 16]], from: 10, to: 17, weight: 600, colour: 'name' },
  suburb: { size: [[12, 11.5], [14, 13], [17, 15]], from: 12, to: 17, weight: 400, colour: 'name-quiet' },
  hamlet: { size: [[12, 11], [14, 12], [17, 14]], from: 12, to: 18, weight: 400, colour: 'name-quiet' },
};

/** From which zoom level on streets of a class have their name, and the number of the road, on the map. */
export const STREETS = {
  motorway: { name: 19, ref: 8 },
  trunk: { name: 14, ref: 9 },
  primary: { name: 14, ref: 10 },
  secondary: { name: 14, ref: 12 },
  tertiary: { name: 14, ref: 13 },
  minor: { name: 15, ref: 19 },
  pedestrian: { name: 15.5, ref: 19 },
  service: { name: 16.5, ref: 19 },
  track: { name: 16.5, ref: 19 },
  path: { name: 16.5, ref: 19 },
};
export const STREET_SIZE = [
  [14, 11],
  [16, 12],
  [18, 14],
];
export const HOUSE_NUMBERS = {
  from: 17,
  size: [
    [17, 10],
    [18, 11.5],
  ],
};

/** The value at a zoom level; 0 below the first level. @param {[number, number][]} stops by ascending level */
export function at(stops, zoom) {
  if (zoom < stops[0][0]) return 0;
  const next = stops.findIndex(([level]) => level > zoom);
  if (next === -1) return stops[stops.length - 1][1];
  const [[from, low], [to, high]] = [stops[next - 1], stops[next]];
  return low * (high / low) ** ((zoom - from) / (to - from));
}
