import type { Service } from '../booking/office.ts';
import type { Coordinates } from '../geo.ts';
import type { LocalDate, MinuteOfDay } from '../time.ts';

/** What an agent typed into the one search box, and what it means. */

/** A part of the text that was understood: a chip that can be taken away. */
export interface QueryPart {
  kind: 'place' | 'service' | 'persons' | 'date' | 'time' | 'stepFree' | 'reference';
  /** As it was typed. */
  typed: string;
  /**
   * The text without this part. A number of persons that is said of a service ("zwei Ausweise") goes with the service.
   */
  rest: string;
}

/** Where somebody lives or wants to go. */
export interface QueryPlace {
  /** As places are called: 'Schönberg'; a street with its place: 'Dorfstraße, Köthel'; a postcode: '08393'. */
  name: string;
  /** Tells it from others of the same name: its municipality or postcode; empty: not needed. */
  detail: string;
  at: Coordinates;
  /** Of the places of the office; null for a street. */
  placeId: number | null;
  /** False when a typing error was forgiven or another of the choices could be meant as well. */
  certain: boolean;
}

/** Another reading of a part. */
export interface Choice<T> {
  value: T;
  /** The text with the part replaced so that it means this and nothing else. */
  query: string;
}

export interface QueryService {
  service: Service;
  /** From 1; within what the service allows. */
  persons: number;
  /** For how many it was asked; more than `persons` where the service does not allow so many. */
  asked: number;
  /**
   * False when a typing error was forgiven or the words call another service just as much. A certain one can have
   * choices: "Ausweis" is the application, and occurs in the names of others.
   */
  certain: boolean;
  /** Other services the words could mean, best first. */
  choices: readonly Choice<Service>[];
}

export type QueryReference =
  | { kind: 'ok'; reference: string }
  /** As long as a reference, but a symbol is wrong or two are swapped. */
  | { kind: 'mistyped'; typed: string };

export interface CallQuery {
  /** As typed, without spaces around. */
  text: string;
  /** Null: none was understood. */
  place: QueryPlace | null;
  /** Other places the words could mean, best first. */
  places: readonly Choice<QueryPlace>[];
  services: readonly QueryService[];
  /**
   * Days on which the visit may be, both inclusive; null: any. "Ab Montag" ends OPEN_END_DAYS (400) after today. Days
   * before today only where they were written so.
   */
  dates: { from: LocalDate; to: LocalDate } | null;
  /** When the appointment may begin, local minutes, from inclusive, to exclusive; null: any. */
  minutes: { from: MinuteOfDay; to: MinuteOfDay } | null;
  /** Only venues without steps. */
  stepFree: boolean;
  reference: QueryReference | null;
  /**
   * What may be a family name: the word behind "Frau" or "Herr", else words that mean nothing else, else the words of a place when a single day is named
   * too ("waldenburg 8.12."); null: nothing.
   */
  name: string | null;
  /** Words that mean nothing here, in order. */
  unknown: readonly string[];
  /** In the order of the text. */
  parts: readonly QueryPart[];
}
