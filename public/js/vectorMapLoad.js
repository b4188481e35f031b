// The ground of a map: pictures, or our own tiles, which are drawn (`kind: 'vector'`). The modules that draw them (10 kB)
// are fetched by the first map that needs them, never with a page.

/** @returns {boolean} whether it is sharp at any zoom level */
export function isDrawn({ kind }) {
  return kind === 'vector';
}

/**
 * @param {{url: string, kind: string, attribution: string, minZoom: number, maxZoom: number, bounds: [[number, number], [number, number]]}} tiles
 *   as server/web/mapView.ts writes them
 * @returns {Promise<import('leaflet').GridLayer>} tells of `tileload` and `tileerror`
 */
export async function groundLayer(L, tiles) {
  // Leaflet takes attributions as HTML
  const attribution = Object.assign(document.createElement('span'), { textContent: tiles.attribution }).innerHTML;
  if (isDrawn(tiles)) return (await import('./vectorMap.js')).vectorLayer(L, { ...tiles, attribution });
  return L.tileLayer(tiles.url, {
    attribution,
    minZoom: tiles.minZoom ?? 0,
    maxZoom: 18,
    maxNativeZoom: tiles.maxZoom ?? 18,
    detectRetina: false, // four times the tiles for nothing that matters here
    ...(tiles.bounds ? { bounds: tiles.bounds } : {}),
  });
}
