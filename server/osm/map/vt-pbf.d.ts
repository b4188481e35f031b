declare module 'vt-pbf' {
  import type { LegacyTile } from 'geojson-vt';

  /** Layers by name, as geojson-vt makes them, as one vector tile. */
  export function fromGeojsonVt(
    layers: Readonly<Record<string, Pick<LegacyTile, 'features'>>>,
    options: { version: number; extent: number },
  ): Uint8Array;
}
