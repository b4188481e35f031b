import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { createAddressRepository } from '../data/addressRepository.ts';
import type { Database } from '../data/knex.ts';
import { createOsmImports } from '../data/osmImports.ts';
import { createTravelRepository } from '../data/travelRepository.ts';
import { createTileSource } from '../gateways/tiles/source.ts';
import { unzipped } from '../gateways/tiles/vector.ts';
import { createTravelEstimate } from '../gateways/travel/estimate.ts';
import { createOsrm } from '../gateways/travel/osrm.ts';
import { createRoadTravel, TRAVEL_KEPT } from '../gateways/travel/roads.ts';
import type { Assets } from '../web/assets.ts';
import type { MapSettings } from '../web/mapView.ts';
import { createExtract, travelOf } from './osm.ts';

/** Zoom levels that tiles are fetched for: from a whole district to single houses. */
const MAP_ZOOM = { min: 8, max: 18 };

export interface GeographyDeps {
  config: Config;
  database: Database;
  assets: Assets;
  now: () => number;
  log: Logger;
}

/** Where things are and how long one drives there: map, addresses, travel times, of whichever source there is. */
export async function composeGeography({ config, database, assets, now, log }: GeographyDeps) {
  const raster = createTileSource({
    upstream: config.tiles.upstream,
    cacheDir: config.tiles.cacheDir,
    area: config.tiles.area,
    minZoom: MAP_ZOOM.min,
    maxZoom: MAP_ZOOM.max,
    timeoutMs: 8_000,
    maxCacheBytes: config.tiles.cacheBytes,
    clock: now,
    userAgent: 'Koffertour',
    log,
  });
  const cache = createTravelRepository(database);
  const imports = createOsmImports(database);
  const extract = await createExtract({ active: () => imports.active(), dir: config.osmDir, cache, now, log });
  const osrm = config.osrm === null ? null : createRoadTravel({ provider: createOsrm(config.osrm), cache, now, log });
  const rasterMap =
    config.tiles.upstream === null
      ? null
      : {
          kind: 'raster' as const,
          version: '',
          attribution: config.tiles.attribution,
          area: config.tiles.area,
          zoom: MAP_ZOOM,
        };
  const map: MapSettings = {
    get tiles() {
      return extract.map() ?? rasterMap;
    },
    leafletJs: assets.url('leaflet.js'),
    leafletCss: assets.url('leaflet.css'),
  };

  return {
    map,
    addresses: createAddressRepository(database.reader),
    // Whoever runs an OSRM server wants it to be asked; else the roads of the extract, if there is one.
    travel: travelOf(osrm ?? extract.travel, createTravelEstimate()),
    tiles: { tiles: raster, vectorTiles: extract.tiles, unzip: unzipped },
    mapData: {
      imports: () => imports.list(),
      open: () => ({ map: extract.map() !== null, roads: extract.travel() !== null }),
    },
    /** Deletes what was asked too long ago. */
    forgetTravel: (instant: number) => cache.forgetBefore(instant - TRAVEL_KEPT),
    async close(): Promise<void> {
      await raster.close();
      await osrm?.close();
      await extract.close();
    },
  };
}
