import type { Coordinates } from '../geo.ts';
import type { PlaceIndex } from '../places/placeIndex.ts';
import type { LocalDate } from '../time.ts';
import type { BookingRules } from './rules.ts';

/** What an office offers and where: the slowly changing data that every page needs. */

export type Locale = 'de' | 'en';

export type ServiceCategory = 'identity' | 'residence' | 'certificates';

export interface ServiceTexts {
  name: string;
  feeNote: string | null;
  note: string | null;
  /** What to bring, in order. */
  documents: readonly string[];
}

export interface Fee {
  /** First day it is due, inclusive. */
  validFrom: LocalDate;
  /** Euro cents for one person; null: the municipal statute sets it. */
  cents: number | null;
  legalBasis: string;
}

export interface Service {
  id: number;
  slug: string;
  category: ServiceCategory;
  position: number;
  /** For one person at a public stop. */
  minutes: number;
  maxPersons: number;
  inPerson: boolean;
  /** May stand in one appointment with other services. */
  combinable: boolean;
  /** Capabilities of the kit without which it can't be done. */
  needs: readonly string[];
  /** Other words that callers use for it, in German: 'Perso', 'Ausweis'. */
  synonyms: readonly string[];
  /** Ascending by date. */
  fees: readonly Fee[];
  texts: Readonly<Record<Locale, ServiceTexts>>;
}

export interface Municipality {
  id: number;
  slug: string;
  name: string;
  officeName: string;
  contactEmail: string | null;
  contactPhone: string | null;
  postalAddress: string;
  /** What its part of the imprint says besides, plain text; missing or empty: nothing. */
  imprint?: string;
  cardOnly: boolean;
  at: Coordinates;
  rules: BookingRules;
  /** Missing: as in NO_MESSAGES. */
  messages?: MessageRules;
}

/** How a municipality writes to citizens. */
export interface MessageRules {
  /** E-mail can be sent in its name. */
  sendsMail: boolean;
  sendsSms: boolean;
  /** Who books online with an e-mail address has to confirm it first. Only where mail is sent. */
  confirmsEmail: boolean;
  /** So long a time waits for that. */
  confirmMinutes: number;
  /** So long before the appointment people are reminded of it; 0: never. */
  reminderHours: number;
}

/** A municipality that writes to nobody. */
export const NO_MESSAGES: Readonly<MessageRules> = {
  sendsMail: false,
  sendsSms: false,
  confirmsEmail: false,
  confirmMinutes: 60,
  reminderHours: 0,
};

export interface Venue {
  id: number;
  slug: string;
  municipalityId: number;
  name: string;
  /** The place or Ortsteil people say it is in. */
  locality: string;
  street: string;
  postcode: string;
  city: string;
  at: Coordinates;
  stepFree: boolean;
  access: Readonly<Record<Locale, string | null>>;
  /** No new visits are planned there; those that were published still take place. */
  retired: boolean;
}

/** One service of an appointment, for so many persons. */
export interface Line {
  service: Service;
  persons: number;
}

/** The fee of a service on a day; undefined when none is on record for that day. */
export function feeOn(service: Pick<Service, 'fees'>, date: LocalDate): Fee | undefined {
  return service.fees.findLast((fee) => fee.validFrom <= date);
}

export interface Costs {
  /** Sum of the known fees in euro cents. */
  cents: number;
  /** True when a fee is set by the municipal statute and therefore not in the sum. */
  open: boolean;
}

/** What the services cost together on a day. */
export function costsOn(lines: readonly Line[], date: LocalDate): Costs {
  const fees = lines.map((line) => ({ fee: feeOn(line.service, date), persons: line.persons }));
  return {
    cents: fees.reduce((sum, { fee, persons }) => sum + (fee?.cents ?? 0) * persons, 0),
    open: fees.some(({ fee }) => fee === undefined || fee.cents === null),
  };
}

/** Everything about the office that changes slowly, as one consistent picture. */
export interface Directory {
  readonly municipalities: ReadonlyMap<number, Municipality>;
  readonly venues: ReadonlyMap<number, Venue>;
  /** Not retired, in the order of lists. */
  readonly services: readonly Service[];
  readonly servicesById: ReadonlyMap<number, Service>;
  readonly servicesBySlug: ReadonlyMap<string, Service>;
  /** Capabilities of the kits that are ready. */
  readonly kits: ReadonlyMap<number, readonly string[]>;
  /** Ids of the services a clerk is qualified for. */
  readonly clerks: ReadonlyMap<number, readonly number[]>;
  readonly places: PlaceIndex;
  readonly placesById: ReadonlyMap<number, PlaceIndex['places'][number]>;
}

/** The services of an appointment as the office offers them today; a retired one drops out. */
export function linesOf(
  directory: Pick<Directory, 'servicesById'>,
  appointment: { lines: readonly { serviceId: number; persons: number }[] },
): Line[] {
  return appointment.lines.flatMap(({ serviceId, persons }) => {
    const service = directory.servicesById.get(serviceId);
    return service === undefined ? [] : [{ service, persons }];
  });
}
