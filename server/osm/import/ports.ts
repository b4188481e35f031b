import type { AddressBook } from '../../domain/addresses/address.ts';
import type { BoundingBox } from '../../domain/geo.ts';
import type { Instant } from '../../domain/time.ts';
import type { OsmData } from '../data.ts';
import type { Progress } from '../progress.ts';
import type { Area } from '../read.ts';

/** By what was counted; in the order in which they are to be shown. */
export type Counts = Readonly<Record<string, number>>;

/** What came of one part of an import. Faults are what of the data was not as it should be. */
export interface PartReport {
  counts: Counts;
  faults: Counts;
}

/** The parts of an import, each of which somebody else does. */
export interface ImportSteps {
  /** @throws ExtractUnreadable, errors of the file system */
  read(file: string, options: { area: Area }, progress: Progress, stopping: AbortSignal): Promise<OsmData>;
  /** `parts`: one after the other they are the file of the roads. Null: there are no roads. */
  roads(data: OsmData, progress: Progress): PartReport & { parts: readonly Uint8Array[] | null };
  /** Writes the tiles to a new file. */
  map(data: OsmData, file: string, progress: Progress, stopping: AbortSignal): Promise<PartReport>;
  addresses(data: OsmData, progress: Progress): PartReport & { book: AddressBook };
}

export interface RunningImport {
  id: number;
  state: 'running' | 'active' | 'old';
  fileName: string;
  startedAt: Instant;
  seenAt: Instant;
}

/** The list of imports; server/data/osmImports.ts. */
export interface ImportsPort {
  begin(
    file: { name: string; bytes: number },
    area: BoundingBox,
    now: Instant,
  ): Promise<{ kind: 'begun'; id: number } | { kind: 'busy'; other: RunningImport }>;
  finish(
    id: number,
    done: { dataAt: Instant | null; area: BoundingBox; report: PartReport },
    now: Instant,
  ): Promise<'active' | 'gone' | 'overtaken'>;
  giveUp(id: number, now: Instant, seenUntil?: Instant): Promise<boolean>;
  active(): Promise<RunningImport | null>;
  list(): Promise<RunningImport[]>;
  abandoned(now: Instant): Promise<RunningImport[]>;
  forget(id: number): Promise<void>;
}

/** Addresses of imports in the database; server/data/addressWriter.ts. */
export interface AddressesPort {
  write(importId: number, book: AddressBook, progress: Progress, stopping: AbortSignal): Promise<void>;
  forget(importId: number, stopping: AbortSignal): Promise<void>;
}

/** Signs of life of an import, also while this thread computes. */
export interface SignsOfLife {
  /** Aborted when the import was taken for broken off all the same. */
  lost: AbortSignal;
  stop(): Promise<void>;
}

export interface ImportPorts {
  imports: ImportsPort;
  addresses: AddressesPort;
  steps: ImportSteps;
  signsOfLife(id: number): SignsOfLife;
  /** Waits until running servers have noticed another import in use and read nothing of the old one any more. */
  changeOver(stopping: AbortSignal): Promise<void>;
  now: () => Instant;
}
