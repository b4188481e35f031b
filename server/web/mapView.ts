/** Where a map's parts come from; null tiles: the map keeps a neutral ground. */
export interface MapSettings {
  tiles: {
    /** vector: tiles of an imported extract, to be drawn in the browser; raster: pictures of somebody else's map. */
    kind: 'raster' | 'vector';
    /** Changes with every import, so that a browser keeps no tile of an older one. */
    version: string;
    attribution: string;
    area: { south: number; west: number; north: number; east: number };
    /** Zoom levels of the tiles, both inclusive; the map itself goes nearer. */
    zoom: { min: number; max: number };
  } | null;
  leafletJs: string;
  leafletCss: string;
}

/** A map for the templates. */
export interface MapView {
  /** What public/js/map.js draws, as JSON. */
  data: string;
  leafletJs: string;
  leafletCss: string;
}

/** A map with what is to be drawn on our tiles. @param drawn as public/js/map.js and positionPicker.js read it */
export function mapView({ tiles, leafletJs, leafletCss }: MapSettings, drawn: object): MapView {
  const ground =
    tiles === null
      ? null
      : {
          kind: tiles.kind,
          url:
            tiles.kind === 'vector'
              ? `/tiles/{z}/{y}/{x}.mvt?v=${encodeURIComponent(tiles.version)}`
              : '/tiles/{z}/{y}/{x}.png',
          attribution: tiles.attribution,
          minZoom: tiles.zoom.min,
          maxZoom: tiles.zoom.max,
          bounds: [
            [tiles.area.south, tiles.area.west],
            [tiles.area.north, tiles.area.east],
          ],
        };
  return { data: JSON.stringify({ tiles: ground, ...drawn }), leafletJs, leafletCss };
}
