import type { Coordinates } from '../geo.ts';

/** What an import knows of addresses, and what a search answers. */

export type PlaceKind = 'city' | 'town' | 'village' | 'suburb' | 'hamlet';

/** A place with a name: town, village, part of a town. */
export interface KnownPlace extends Coordinates {
  name: string;
  kind: PlaceKind;
  /** The municipality it is or belongs to; null: not known. */
  municipality: string | null;
  /** Official key of the municipality, eight digits. */
  ags: string | null;
  postcode: string | null;
  population: number | null;
}

/** A street of one place; the same name in another place is another street. "Dorfstraße" without houses is one too. */
export interface KnownStreet extends Coordinates {
  name: string;
  /** The village or part of town; null: not known or the municipality itself. */
  place: string | null;
  municipality: string | null;
  ags: string | null;
  /** The one most houses have. */
  postcode: string | null;
  /** In the order of their numbers; may be empty. */
  houses: readonly KnownHouse[];
}

export interface KnownHouse extends Coordinates {
  /** As people write it: "10", "10 e", "1–4". */
  number: string;
  /** Where it differs from that of the street. */
  postcode: string | null;
}

export interface AddressBook {
  places: readonly KnownPlace[];
  streets: readonly KnownStreet[];
}

/** Something found. */
export interface AddressHit extends Coordinates {
  /** Stays the same until the next import: for links and hidden fields. */
  id: string;
  kind: 'place' | 'street' | 'house';
  /** "Hauptstraße 12", "Hauptstraße", "Schönberg". */
  name: string;
  /** "08393 Meerane, Ortsteil Seiferitz"; empty: nothing to add. */
  detail: string;
  street: string | null;
  number: string | null;
  postcode: string | null;
  place: string | null;
  municipality: string | null;
  /** True: there is no house of this number; it stands where the nearest one of the street is, or in its middle. */
  approximate: boolean;
}

/**
 * Answer to an address that was sent in: `several` = all of these are meant equally; `near` = nothing of that name, but
 * perhaps one of these; `unavailable` = no extract was imported.
 */
export type AddressAnswer =
  | { kind: 'one'; hit: AddressHit }
  | { kind: 'several'; hits: readonly AddressHit[] }
  | { kind: 'near'; hits: readonly AddressHit[] }
  | { kind: 'none' }
  | { kind: 'empty' }
  | { kind: 'unavailable' };

/** Search of addresses; server/data/addressRepository.ts. Never throws because of what was typed. */
export interface AddressSearch {
  /** False: no extract was imported, and nothing is found. */
  isAvailable(): Promise<boolean>;
  /** While typing: best first. @param near prefers what is closer, where two fit alike */
  suggest(text: string, limit: number, near?: Coordinates): Promise<AddressHit[]>;
  resolve(text: string, near?: Coordinates): Promise<AddressAnswer>;
  /** Null: no such hit (any more). */
  byId(id: string): Promise<AddressHit | null>;
}
