import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Logger } from 'pino';
import type { StarTimes, TravelTimes } from '../domain/routing/travel.ts';
import type { VectorTilePort } from '../features/map/ports.ts';
import type { OsmImport } from '../features/mapData/ports.ts';
import { createVectorTiles } from '../gateways/tiles/vector.ts';
import { createRoads } from '../gateways/roads/roads.ts';
import type { TravelCache } from '../gateways/travel/provider.ts';
import { createRoadTravel } from '../gateways/travel/roads.ts';
import type { MapSettings } from '../web/mapView.ts';

/** How often a running server looks whether another extract has been imported. In milliseconds. */
const LOOK = 30_000;

const ATTRIBUTION = '© OpenStreetMap-Mitwirkende';

/** Levels from a district to single houses; tiles of level 14 are drawn larger for those below. */
const ZOOM = { min: 6, max: 18 };

export interface ExtractDeps {
  /** The import in use; null: none. */
  active: () => Promise<OsmImport | null>;
  /** Folder with a folder for each import. */
  dir: string;
  cache: TravelCache;
  now: () => number;
  log: Logger;
}

/** What the office has of the extract in use; each part is missing where its file is. */
interface Opened {
  id: number;
  map: NonNullable<MapSettings['tiles']> | null;
  tiles: (VectorTilePort & { close(): Promise<void> }) | null;
  travel: (TravelTimes & StarTimes & { close(): Promise<void> }) | null;
  roads: { close(): Promise<void> } | null;
  /** Files that could not be used, each as it was then. */
  unusable: Map<string, string>;
}

export type Extract = Awaited<ReturnType<typeof createExtract>>;

/**
 * The roads and the map of the extract in use. A server that runs while another one is imported changes over by itself:
 * what was asked for before is still answered from the old files. Answers null everywhere as long as nothing is imported.
 */
export async function createExtract({ active, dir, cache, now, log }: ExtractDeps) {
  let current: Opened | null = null;
  let looking: Promise<void> | null = null;
  const closing = new Set<Promise<void>>();

  async function look(): Promise<void> {
    const found = await active();
    if (found === null ? current === null : current?.id === found.id && !hasChanged(current.unusable)) return;
    const before = current;
    current = found === null ? null : await open(found);
    if (before !== null) leave(before);
  }

  async function open(extract: OsmImport): Promise<Opened> {
    const file = (name: string): string => path.join(dir, String(extract.id), name);
    const opened: Opened = { id: extract.id, map: null, tiles: null, travel: null, roads: null, unusable: new Map() };
    const before = new Map(['map.mbtiles', 'roads.bin'].map((name) => [name, stampOf(file(name))]));
    const fails = (name: string, error: unknown, what: string): void => {
      opened.unusable.set(file(name), before.get(name) ?? '');
      log.warn({ err: error, extract: extract.id }, `the imported ${what} cannot be used`);
    };
    try {
      const version = String(extract.id);
      opened.tiles = { version, ...(await createVectorTiles(existing(file('map.mbtiles')))) };
      opened.map = {
        kind: 'vector',
        version,
        attribution: ATTRIBUTION,
        area: extract.area,
        zoom: ZOOM,
      };
    } catch (error) {
      fails('map.mbtiles', error, 'map');
    }
    try {
      const name = `roads${extract.id}`.slice(0, 10);
      const provider = await createRoads({ file: existing(file('roads.bin')), name, log });
      opened.roads = provider;
      opened.travel = createRoadTravel({ provider, cache, now, log });
    } catch (error) {
      fails('roads.bin', error, 'roads');
    }
    log.info({ extract: extract.id }, 'an OpenStreetMap extract is in use');
    return opened;
  }

  /** Lets those finish who are being answered. */
  function leave({ tiles, travel, roads }: Opened): void {
    const left = (async () => {
      await travel?.close();
      await roads?.close();
      await tiles?.close();
    })()
      .catch((error: unknown) => log.warn({ err: error }, 'an older extract cannot be closed'))
      .finally(() => closing.delete(left));
    closing.add(left);
  }

  /** Looks now, or waits for the look that is on its way. */
  async function refresh(): Promise<void> {
    looking ??= look().finally(() => (looking = null));
    await looking;
  }

  await refresh();
  const timer = setInterval(() => {
    // The database may be away for a while: what is in use stays in use.
    refresh().catch((error: unknown) => log.warn({ err: error }, 'cannot see which extract is in use'));
  }, LOOK);
  timer.unref();

  return {
    refresh,
    map: (): Opened['map'] => current?.map ?? null,
    tiles: (): VectorTilePort | null => current?.tiles ?? null,
    travel: (): (TravelTimes & StarTimes) | null => current?.travel ?? null,
    async close(): Promise<void> {
      clearInterval(timer);
      await looking?.catch(() => {});
      if (current !== null) leave(current);
      current = null;
      await Promise.all(closing);
    },
  };
}

/** Whether a file is another one than it was: somebody has put it there since. */
function hasChanged(files: ReadonlyMap<string, string>): boolean {
  return [...files].some(([file, before]) => stampOf(file) !== before);
}

function stampOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found === undefined ? '' : `${found.size} ${found.mtimeMs}`;
}

/** @throws where there is no such file */
function existing(file: string): string {
  if (!existsSync(file)) throw new Error(`there is no file ${file}`);
  return file;
}

type AllTravel = TravelTimes & StarTimes;

/**
 * Travel times by roads where somebody knows them now, else by estimate. Which it is may change while the office runs.
 * @param roads null: nobody knows roads
 */
export function travelOf(
  roads: AllTravel | (() => AllTravel | null),
  estimate: AllTravel & { estimated: boolean },
): AllTravel & { readonly estimated: boolean } {
  const now = (): AllTravel => (typeof roads === 'function' ? roads() : roads) ?? estimate;
  return {
    get estimated() {
      return now() === estimate;
    },
    matrix: (places) => now().matrix(places),
    ways: (places) => now().ways(places),
    star: (place, others) => now().star(place, others),
  };
}
