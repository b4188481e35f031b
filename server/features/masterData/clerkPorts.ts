import type { Scope } from '../../domain/access.ts';
import type { Instant, LocalDate, MinuteOfDay } from '../../domain/time.ts';
import type { Retirement } from './ports.ts';
import type { Change, Picture } from './servicePorts.ts';

/** Working time of one weekday; 1 = Monday to 7 = Sunday. */
export interface WorkingDay {
  weekday: number;
  /** Inclusive. */
  fromMinute: MinuteOfDay;
  /** Exclusive. */
  toMinute: MinuteOfDay;
}

export interface ClerkInput {
  name: string;
  municipalityId: number;
  /** Where their day begins; null: where the tour begins. */
  depotId: number | null;
  /** Who they are when they sign in. */
  userId: number | null;
  /** Ids of services, ascending. */
  qualifications: readonly number[];
  /** At most one a weekday, in order; none at all: not known. */
  hours: readonly WorkingDay[];
}

export interface ClerkRecord extends ClerkInput {
  id: number;
  version: number;
  retiredAt: Instant | null;
}

/** Why somebody is not there. Who is ill is nobody's business: that is `away`. */
export const ABSENCE_KINDS = ['vacation', 'training', 'away'] as const;
export type AbsenceKind = (typeof ABSENCE_KINDS)[number];

export interface Absence {
  id: number;
  clerkId: number;
  /** Inclusive. */
  fromDate: LocalDate;
  /** Inclusive. */
  toDate: LocalDate;
  kind: AbsenceKind;
}

/** A tour that somebody is on. */
export interface ClerkTour {
  id: number;
  municipalityId: number;
  date: LocalDate;
  state: 'draft' | 'published' | 'cancelled';
}

/** What can be chosen in the form; each with what it is called. */
export interface ClerkChoices {
  municipalities: readonly Named[];
  /** Retired ones too: a clerk may still have one. */
  depots: readonly (Named & { municipalityId: number; retired: boolean })[];
  /** In the order of lists, retired ones too. */
  services: readonly (Named & { retired: boolean })[];
  /** Whose roles all lie in the scope, and who are no other clerk yet. */
  users: readonly (Named & { email: string })[];
}

export interface Named {
  id: number;
  name: string;
}

export interface ClerkChange extends Change {
  picture: (clerk: ClerkInput) => Picture;
}

/** `userTaken`: the user is another clerk already. */
export type ClerkOutcome =
  { kind: 'saved'; id: number } | { kind: 'stale'; by: string | null } | { kind: 'gone' } | { kind: 'userTaken' };

export interface ClerkAdmin extends Retirement {
  /** By name; retired ones too. */
  all(scope: Scope): Promise<ClerkRecord[]>;
  find(id: number): Promise<ClerkRecord | undefined>;
  /** @param clerkId whose user may stay chosen; null: a new clerk */
  choices(scope: Scope, clerkId: number | null): Promise<ClerkChoices>;
  create(input: ClerkInput, change: ClerkChange): Promise<ClerkOutcome>;
  save(id: number, version: number, input: ClerkInput, change: ClerkChange): Promise<ClerkOutcome>;
  /** All tours, ascending by date. @param from inclusive */
  tours(clerkId: number, from?: LocalDate): Promise<ClerkTour[]>;
  /** Those that have not ended before this day, ascending. */
  absences(clerkIds: readonly number[], from: LocalDate): Promise<Absence[]>;
  findAbsence(id: number): Promise<Absence | undefined>;
  /** Entered twice it is there once. */
  addAbsence(absence: Omit<Absence, 'id'>, change: Change): Promise<void>;
  removeAbsence(id: number, change: Change): Promise<void>;
}
