/*
 * What is in a tile: the contract between the import, which writes it, and public/js/vectorMap.js, which draws it.
 * Vector tiles by the Mapbox Vector Tile Specification 2.1, extent 4096, gzip; MBTiles 1.3 (rows from the south). Zoom
 * levels 6 to 14; nearer ones are level 14 made larger. Within a layer, what is drawn first comes first.
 */

export const TILE_ZOOM = { min: 6, max: 14 } as const;

/** Attributes of each layer. Every feature has `class` unless said otherwise. */
export const LAYERS = {
  /** Polygons. class: wood, grass, farmland, orchard, residential, industrial, commercial, park, cemetery, allotments,
   *  sand, wetland, sports, school, parking */
  land: ['class'],
  /** Polygons, no attributes. */
  water: [],
  /** Lines. class: river, stream, canal, ditch; tunnel: true only where it is one */
  waterways: ['class', 'tunnel'],
  /** Polygons from level 13 on, no attributes. */
  buildings: [],
  /** Lines. class: motorway, trunk, primary, secondary, tertiary, minor, pedestrian, service, track, path;
   *  link, bridge, tunnel: true only where it is one; order: height above others (-5 to 5), 0 left out */
  roads: ['class', 'link', 'bridge', 'tunnel', 'order'],
  /** Lines. class: rail, light (tram, light rail, narrow gauge), side (sidings); tunnel, bridge */
  railways: ['class', 'bridge', 'tunnel'],
  /** Lines. level: 2, 4, 6 or 8; no class */
  boundaries: ['level'],
  /** Points. class: city, town, village, suburb, hamlet; name; rank: 0 is labelled first (by inhabitants) */
  places: ['class', 'name', 'rank'],
  /** Lines for labels, pieces of one name merged: class as roads; name and/or ref ("B 175"). From level 9 on refs, names from 13 */
  streets: ['class', 'name', 'ref'],
  /** Points at level 14: number */
  houses: ['number'],
} as const;

export type LayerName = keyof typeof LAYERS;
