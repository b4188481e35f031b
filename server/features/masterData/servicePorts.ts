import type { Fee, Locale, ServiceCategory, ServiceTexts } from '../../domain/booking/office.ts';
import type { Instant, LocalDate } from '../../domain/time.ts';

/** Who changes something, and when: for the history. */
export interface Change {
  author: { userId: number; name: string };
  at: Instant;
}

/** What stands in the history about a thing: texts by the names of fields, in German. */
export type Picture = Readonly<Record<string, string | null>>;

export interface ServiceChange extends Change {
  picture: (service: ServiceInput) => Picture;
}

/** Everything about a service that people enter. */
export interface ServiceInput {
  category: ServiceCategory;
  /** Order in lists, ascending. */
  position: number;
  /** At a public stop, for one person. */
  minutes: number;
  /** At home, for one person; null: no home visit. */
  homeMinutes: number | null;
  /** The person concerned has to come. */
  inPerson: boolean;
  /** May stand in one appointment with other services. */
  combinable: boolean;
  maxPersons: number;
  /** 14 digits. */
  leikaKey: string | null;
  /** Codes of capabilities, in the order of the alphabet. */
  needs: readonly string[];
  /** Names of the paper forms the clerk takes along; nobody else sees them. */
  forms: readonly string[];
  /** What callers call it, for the search of the hotline; nobody else sees them. */
  synonyms: readonly string[];
  /** Ascending by date, each date once. */
  fees: readonly Fee[];
  /** German always; a language without a name has no text. */
  texts: Readonly<Record<Locale, ServiceTexts | null>>;
}

export interface ServiceRecord extends ServiceInput {
  id: number;
  slug: string;
  version: number;
  retiredAt: Instant | null;
}

/** Where a service is used, and so cannot be deleted. */
export interface ServiceUses {
  /** How many appointments there are or have been. */
  appointments: number;
  tours: readonly { id: number; date: LocalDate }[];
  clerks: readonly { id: number; name: string }[];
}

/** `stale`: somebody else has changed it since the form was opened; `by` is their name where it is known. */
export type SaveOutcome =
  { kind: 'saved'; id: number } | { kind: 'stale'; by: string | null } | { kind: 'gone' } | { kind: 'leikaTaken' };

export interface ServiceAdmin {
  /** Retired ones too, in the order of lists. */
  all(): Promise<ServiceRecord[]>;
  find(id: number): Promise<ServiceRecord | undefined>;
  /** Codes of everything a kit can have. */
  capabilities(): Promise<string[]>;
  uses(id: number): Promise<ServiceUses>;
  /** @param slug what its address is made from; a number is put behind it when it is taken */
  create(input: ServiceInput, slug: string, change: ServiceChange): Promise<SaveOutcome>;
  save(id: number, version: number, input: ServiceInput, change: ServiceChange): Promise<SaveOutcome>;
  /** Does nothing when it is in that state already. */
  setRetired(id: number, version: number, retired: boolean, change: Change): Promise<'saved' | 'stale'>;
  remove(
    id: number,
    version: number,
    change: Change,
  ): Promise<{ kind: 'removed' } | { kind: 'stale' } | { kind: 'used'; uses: ServiceUses }>;
}
