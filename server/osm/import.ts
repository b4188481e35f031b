import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { BoundingBox } from '../domain/geo.ts';
import type { OsmData } from './data.ts';
import { freeSpace, keepDraft, makeDraft, MAP_FILE, ROADS_FILE, writeDurably } from './import/files.ts';
import type { Counts, ImportPorts, PartReport, RunningImport } from './import/ports.ts';
import { removeImport, removeRemains } from './import/remains.ts';
import { areaOf } from './map/grid.ts';
import type { Progress } from './progress.ts';
import type { Area } from './read.ts';

export interface ImportOptions {
  /** The extract. */
  file: string;
  area: Area;
  /** OSM_DIR: made where it is missing. */
  dir: string;
}

/**
 * What came of an import. `lost`: it was taken for broken off by another one, or a later one was done before; `stopped`:
 * somebody asked for it. After all but `done`, what was in use before is in use still, and nothing is left of this one.
 */
export type ImportOutcome =
  | { kind: 'done'; id: number }
  | { kind: 'busy'; other: RunningImport }
  | { kind: 'noSpace'; free: number; needed: number }
  | { kind: 'noData' }
  | { kind: 'noRoads' }
  | { kind: 'lost' }
  | { kind: 'stopped' };

/** An outcome that ends the work in the middle. */
class Ended extends Error {
  readonly outcome: ImportOutcome;

  constructor(outcome: ImportOutcome) {
    super(outcome.kind);
    this.outcome = outcome;
  }
}

const GLOBE: BoundingBox = { south: -90, west: -180, north: 90, east: 180 };

/** Bytes that are asked for in any case. */
const LEAST_SPACE = 100_000_000;

/** Folders of other databases that are passed over, before something is wrong. */
const MOST_FOREIGN = 1_000;

/** Never aborted. */
const TO_THE_END = new AbortController().signal;

/**
 * Makes roads, map and addresses of an extract and puts them to use in place of those before. All is written beside
 * what is in use, which one transaction at the end replaces; what it replaced is removed when servers have changed over.
 * @throws ExtractUnreadable, errors of files and database; nothing is left of the import then either
 */
export async function importExtract(
  options: ImportOptions,
  ports: ImportPorts,
  progress: Progress,
  stopping: AbortSignal,
): Promise<ImportOutcome> {
  const { size } = await stat(options.file);
  await mkdir(options.dir, { recursive: true });
  await removeRemains(options.dir, ports, stopping);
  if (stopping.aborted) return { kind: 'stopped' };

  const free = await freeSpace(options.dir);
  const needed = Math.max(LEAST_SPACE, options.area === null ? size * 2 : size / 2);
  if (free < needed) return { kind: 'noSpace', free, needed };

  const begun = await begin(options, size, ports);
  if (begun.kind === 'busy') return begun;
  const { id, draft } = begun;
  const life = ports.signsOfLife(id);
  try {
    await write(options, { id, draft }, ports, progress, AbortSignal.any([stopping, life.lost]));
  } catch (error) {
    await life.stop();
    // Where the answer to the last write was lost, it may be in use all the same.
    if (!(await undo(options.dir, id, ports))) return afterwards(options.dir, id, ports, stopping);
    if (error instanceof Ended) return error.outcome;
    if (life.lost.aborted) return { kind: 'lost' };
    if (stopping.aborted) return { kind: 'stopped' };
    throw error;
  }
  await life.stop();

  return afterwards(options.dir, id, ports, stopping);
}

/**
 * Removes what there is of an import that failed. What cannot be removed now is found by the next import.
 * @returns false: it is in use
 */
async function undo(dir: string, id: number, ports: ImportPorts): Promise<boolean> {
  const { imports, now } = ports;
  try {
    if ((await imports.active())?.id === id) return false;
    await imports.giveUp(id, now());
    await removeImport(dir, id, ports, TO_THE_END);
  } catch {
    // Why the import failed says more than why this did: often it is the same.
  }
  return true;
}

async function afterwards(dir: string, id: number, ports: ImportPorts, stopping: AbortSignal): Promise<ImportOutcome> {
  const isReplacing = (await ports.imports.list()).some(({ state }) => state === 'old');
  if (isReplacing) await ports.changeOver(stopping);
  await removeRemains(dir, ports, stopping);
  return { kind: 'done', id };
}

type Begun = { kind: 'begun'; id: number; draft: string } | { kind: 'busy'; other: RunningImport };

/** Takes a number whose folder is free: another database may have its imports in the same place. */
async function begin({ file, dir }: ImportOptions, bytes: number, { imports, now }: ImportPorts): Promise<Begun> {
  for (let tries = 0; tries < MOST_FOREIGN; tries++) {
    const begun = await imports.begin({ name: path.basename(file), bytes }, GLOBE, now());
    if (begun.kind === 'busy') return begun;
    const { id } = begun;
    const draft = await makeDraft(dir, id).catch(async (error: unknown) => {
      await imports.giveUp(id, now());
      await imports.forget(id);
      throw error;
    });
    if (draft !== null) return { kind: 'begun', id, draft };
    await imports.giveUp(id, now());
    await imports.forget(id);
  }
  throw new Error(`${dir} is full of folders of other imports`);
}

/** Everything from reading to changing over. */
async function write(
  { file, area, dir }: ImportOptions,
  { id, draft }: { id: number; draft: string },
  { imports, addresses, steps, now }: ImportPorts,
  progress: Progress,
  stopping: AbortSignal,
): Promise<void> {
  // Some of the steps compute for long: a signal to stop is heard only in between.
  const breathe = async (): Promise<void> => {
    await setImmediate();
    stopping.throwIfAborted();
  };
  const reports: [part: string, report: PartReport][] = [];

  await breathe();
  const data = await steps.read(file, { area }, progress, stopping);
  if (data.nodes.count === 0) throw new Ended({ kind: 'noData' });
  reports.push(['extract', reportOf(data)]);

  await breathe();
  const roads = steps.roads(data, progress);
  if (roads.parts === null) throw new Ended({ kind: 'noRoads' });
  reports.push(['roads', roads]);
  await writeDurably(path.join(draft, ROADS_FILE), roads.parts);

  await breathe();
  reports.push(['map', await steps.map(data, path.join(draft, MAP_FILE), progress, stopping)]);

  await breathe();
  const found = steps.addresses(data, progress);
  reports.push(['addresses', found]);
  await breathe();
  progress.phase('addresses', found.book.places.length + found.book.streets.length);
  await addresses.write(id, found.book, progress, stopping);

  await breathe();
  progress.phase('switch', null);
  await keepDraft(dir, id);
  stopping.throwIfAborted();
  const report = { counts: together(reports, 'counts'), faults: together(reports, 'faults') };
  const outcome = await imports.finish(id, { dataAt: data.dataAt, area: areaOf(data), report }, now());
  if (outcome !== 'active') throw new Ended({ kind: 'lost' });
}

function reportOf({ nodes, ways, relations, faults }: OsmData): PartReport {
  return {
    counts: { nodes: nodes.count, ways: ways.count, relations: relations.count },
    faults: Object.fromEntries(faults),
  };
}

/** "roads.arcs", "addresses.houses": by part, without what did not occur. */
function together(reports: readonly [part: string, report: PartReport][], what: keyof PartReport): Counts {
  return Object.fromEntries(
    reports.flatMap(([part, report]) =>
      Object.entries(report[what])
        .filter(([, count]) => count !== 0)
        .map(([name, count]) => [`${part}.${name}`, count]),
    ),
  );
}
