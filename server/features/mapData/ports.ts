import type { BoundingBox } from '../../domain/geo.ts';
import type { Instant } from '../../domain/time.ts';
import type { Render } from '../../web/render.ts';
import type { Zone } from '../../zone.ts';

/** An import of an OpenStreetMap extract. */
export interface OsmImport {
  id: number;
  state: 'running' | 'active' | 'old';
  fileName: string;
  fileBytes: number;
  dataAt: Instant | null;
  area: BoundingBox;
  startedAt: Instant;
  seenAt: Instant;
  finishedAt: Instant | null;
  /** Counts and faults by part and what they count ("roads.arcs"), in the order in which they are to be shown. */
  report: { counts: Readonly<Record<string, number>>; faults: Readonly<Record<string, number>> } | null;
}

export interface MapDataDeps {
  render: Render;
  /** All there are traces of, newest first. */
  imports: () => Promise<readonly OsmImport[]>;
  /** What this server has open of the import in use; false: its files are missing or broken. */
  open: () => { map: boolean; roads: boolean };
  clock: { now: () => Instant };
  zone: Zone;
}
