import type { Scope } from '../../domain/access.ts';
import type { AuditEntry } from '../../domain/audit.ts';
import type { Instant } from '../../domain/time.ts';
import type { Saving, VenueRecord } from './ports.ts';
import type { Change, SaveOutcome, ServiceChange, ServiceInput, ServiceRecord } from './servicePorts.ts';
import type { VenueValues } from './venueFields.ts';

export type CsvSubject = 'venues' | 'services';

export interface CsvMunicipality {
  id: number;
  name: string;
  /** Official key, 8 digits. */
  ags: string;
}

/** What a file is compared with. */
export interface CsvReading {
  /** The retired ones too, as everywhere here. */
  services(): Promise<ServiceRecord[]>;
  capabilities(): Promise<string[]>;
  venues(scope: Scope): Promise<VenueRecord[]>;
  municipalities(scope: Scope): Promise<CsvMunicipality[]>;
}

/** A file that waits for somebody to look at what it would do. */
export interface KeptFile {
  /** 22 random characters. */
  id: string;
  userId: number;
  subject: CsvSubject;
  content: string;
}

/** Which file: by its name, of this user, kept since then. */
export interface Wanted {
  id: string;
  userId: number;
  subject: CsvSubject;
  /** Older ones have expired. Inclusive. */
  since: Instant;
}

/** Everything that one transaction does to take a file over. */
export interface CsvUnit extends CsvReading {
  /** The file, which is then gone: whoever asks for it again gets nothing. */
  take(wanted: Wanted): Promise<string | undefined>;
  insertService(input: ServiceInput, slug: string, change: ServiceChange): Promise<SaveOutcome>;
  updateService(id: number, version: number, input: ServiceInput, change: ServiceChange): Promise<SaveOutcome>;
  insertVenue(municipalityId: number, values: VenueValues, slug: string, saving: Saving): Promise<void>;
  updateVenue(
    venue: { id: number; version: number },
    municipalityId: number,
    values: VenueValues,
    saving: Saving,
  ): Promise<void>;
  record(change: Change, entry: AuditEntry): Promise<void>;
}

export interface CsvImports {
  reading: CsvReading;
  /** Keeps a file and forgets those that have expired. @param since older ones have expired */
  keep(file: KeptFile, at: Instant, since: Instant): Promise<void>;
  content(wanted: Wanted): Promise<string | undefined>;
  /**
   * One transaction; a thrown Refusal undoes it. `stale` and `taken` are answered when somebody changed the same rows
   * in the same moment.
   */
  unit<T>(work: (unit: CsvUnit) => Promise<T>): Promise<T | { kind: 'stale' } | { kind: 'taken' }>;
}
