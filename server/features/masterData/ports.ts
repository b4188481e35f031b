import type { MapSettings } from '../../web/mapView.ts';
import type { AuditChange, AuditSubject } from '../../domain/audit.ts';
import type { Scope } from '../../domain/access.ts';
import type { Coordinates } from '../../domain/geo.ts';
import type { Instant, LocalDate, MinuteOfDay } from '../../domain/time.ts';
import type { VenueValues } from './venueFields.ts';

/** What the pages of places and kits need from outside. Written by compose.ts, checked there. */

export interface Clock {
  now(): Instant;
}

export interface Zone {
  local(instant: Instant): { date: LocalDate; minute: MinuteOfDay };
}

export interface Holidays {
  /** Name of the public holiday in this federal state (`SN` …), or null. */
  on: (date: LocalDate, region: string) => string | null;
}

/** Who changes what, for the history. */
export interface Saving {
  author: { userId: number | null; name: string };
  at: Instant;
  /** Municipality, name and changes as the history shows them. */
  municipalityId: number;
  label: string;
  changes: readonly AuditChange[];
}

/** `stale`: somebody has changed it since version `version`, or deleted it. */
export type SaveOutcome = { kind: 'saved'; id: number } | { kind: 'stale' } | { kind: 'taken'; field: string };

export type RemoveOutcome = 'deleted' | 'used' | 'stale';

/** What can be put out of use and back, and be deleted as long as nothing refers to it. */
export interface Retirement {
  retire(id: number, version: number, retiredAt: Instant | null, saving: Saving): Promise<'saved' | 'stale'>;
  remove(id: number, version: number, saving: Saving): Promise<RemoveOutcome>;
}

export interface OfficeRows {
  /** By name. */
  municipalities(
    scope: Scope,
  ): Promise<{ id: number; name: string; slug: string; holidayRegion: string; at: Coordinates }[]>;
  /** How many of each are in use, for the index. */
  counts(scope: Scope): Promise<Record<'municipalities' | 'venues' | 'depots' | 'kits' | 'clerks', number>>;
  servicesCount(): Promise<number>;
  /** Closing days that are not over on this day. */
  closingDaysCount(scope: Scope, from: LocalDate): Promise<number>;
  /** Who changed it last, as the history says. */
  lastChange(subject: AuditSubject, id: number): Promise<string | null>;
}

/** The texts and settings of a municipality; bounds in municipalityFields.ts. */
export interface MunicipalityValues {
  name: string;
  officeName: string;
  ags: string;
  contactEmail: string | null;
  contactPhone: string | null;
  postalAddress: string;
  at: Coordinates;
  imprint: string;
  /** Federal state as in ISO 3166-2:DE without "DE-". */
  holidayRegion: string;
  cardOnly: boolean;
  holdMinutes: number;
  holdExtensions: number;
  leadMinutes: number;
  hotlineLeadMinutes: number;
  hotlineSharePercent: number;
  hotlineShareDays: number;
  horizonDays: number;
  maxOpenPerContact: number;
  reopenMinMinutes: number;
  reopenMaxMinutes: number;
  retentionHours: number;
  setUpMinutes: number;
  tearDownMinutes: number;
  maxWorkingMinutes: number;
  breakAfterMinutes: number;
  breakMinutes: number;
  confirmationMinutes: number;
  reminderHours: number;
  homeWindowMinutes: number;
}

export interface MunicipalityRecord extends MunicipalityValues {
  id: number;
  slug: string;
  version: number;
}

export interface MunicipalityRows {
  list(scope: Scope): Promise<MunicipalityRecord[]>;
  find: (id: number) => Promise<MunicipalityRecord | undefined>;
  create(values: MunicipalityValues, slug: string, saving: Omit<Saving, 'municipalityId'>): Promise<SaveOutcome>;
  update(id: number, version: number, values: MunicipalityValues, saving: Saving): Promise<SaveOutcome>;
}

/** A visit or a tour that something is used by. */
export interface Use {
  tourId: number;
  /** Of the tour. */
  municipalityId: number;
  date: LocalDate;
  state: 'draft' | 'published' | 'cancelled';
  /** Of the visit, or of the whole tour; null: a tour without stops. */
  fromMinute: MinuteOfDay | null;
  toMinute: MinuteOfDay | null;
}

export interface Uses<T = Use> {
  total: number;
  /** The first of them, at most as many as were asked for. */
  first: T[];
}

/**
 * `from`: only what is on this day or later and not cancelled, the soonest first; without it all, the latest first.
 */
export interface UsesQuery {
  from?: LocalDate;
  limit: number;
}

export interface VenueRecord extends VenueValues {
  id: number;
  slug: string;
  municipalityId: number;
  version: number;
  retiredAt: Instant | null;
}

export interface VenueRows extends Retirement {
  /** By locality and name. */
  list(scope: Scope): Promise<VenueRecord[]>;
  find: (id: number) => Promise<VenueRecord | undefined>;
  /** @param slug beginning of its address; a number is put behind it where it is taken */
  create(municipalityId: number, values: VenueValues, slug: string, saving: Saving): Promise<SaveOutcome>;
  update(
    id: number,
    version: number,
    municipalityId: number,
    values: VenueValues,
    saving: Saving,
  ): Promise<SaveOutcome>;
  visits(id: number, query: UsesQuery): Promise<Uses>;
  closings(id: number, from: LocalDate): Promise<ClosingRecord[]>;
}

export interface DepotValues {
  name: string;
  address: string;
  at: Coordinates;
}

export interface DepotRecord extends DepotValues {
  id: number;
  municipalityId: number;
  version: number;
  retiredAt: Instant | null;
}

export interface NamedUse {
  id: number;
  municipalityId: number;
  name: string;
}

export interface DepotRows extends Retirement {
  /** By name. */
  list(scope: Scope): Promise<DepotRecord[]>;
  find: (id: number) => Promise<DepotRecord | undefined>;
  create(municipalityId: number, values: DepotValues, saving: Saving): Promise<SaveOutcome>;
  update(
    id: number,
    version: number,
    municipalityId: number,
    values: DepotValues,
    saving: Saving,
  ): Promise<SaveOutcome>;
  kits(id: number, limit: number): Promise<Uses<NamedUse>>;
  clerks(id: number, limit: number): Promise<Uses<NamedUse>>;
  tours(id: number, query: UsesQuery): Promise<Uses>;
}

export interface KitValues {
  name: string;
  depotId: number;
  status: 'ready' | 'defect';
  /** In the order of their codes. */
  capabilities: readonly string[];
}

export interface KitRecord extends KitValues {
  id: number;
  municipalityId: number;
  depotName: string;
  version: number;
  retiredAt: Instant | null;
}

export interface KitRows extends Retirement {
  /** By name. */
  list(scope: Scope): Promise<KitRecord[]>;
  find: (id: number) => Promise<KitRecord | undefined>;
  /** All codes there are, in order. */
  capabilities(): Promise<string[]>;
  create(municipalityId: number, values: KitValues, saving: Saving): Promise<SaveOutcome>;
  update(id: number, version: number, municipalityId: number, values: KitValues, saving: Saving): Promise<SaveOutcome>;
  tours(id: number, query: UsesQuery): Promise<Uses>;
}

export interface ClosingValues {
  municipalityId: number;
  /** Null: the whole municipality. */
  venueId: number | null;
  /** Inclusive. */
  fromDate: LocalDate;
  /** Inclusive. */
  toDate: LocalDate;
  reason: string;
}

export interface ClosingRecord extends ClosingValues {
  id: number;
  /** Null: the whole municipality. */
  venueName: string | null;
}

export interface ClosingRows {
  /** By date; without `from` also what is over. */
  list(scope: Scope, from: LocalDate | null): Promise<ClosingRecord[]>;
  find: (id: number) => Promise<ClosingRecord | undefined>;
  /** The same once more answers the one there is. */
  create(values: ClosingValues, saving: Saving): Promise<{ kind: 'saved' | 'there'; id: number }>;
  remove(id: number, saving: Saving): Promise<void>;
  /** Visits on published tours within the closing days, the soonest first. */
  visits(values: ClosingValues, limit: number): Promise<Uses<Use & { place: string }>>;
}

export type { MapSettings };
