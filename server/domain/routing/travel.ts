import type { Coordinates } from '../geo.ts';

/** How long the way takes by car, and where it goes. Providers are behind this port: see server/gateways/travel. */

/** Travel between places in order of the list: `seconds[from][to]`, whole numbers, not symmetric. */
export interface TravelMatrix {
  seconds: readonly (readonly number[])[];
  metres: readonly (readonly number[])[];
}

/** A matrix with where its figures come from. */
export interface AskedTravel extends TravelMatrix {
  /** True where the figure is computed from the distance as the crow flies, not from roads. */
  estimated: readonly (readonly boolean[])[];
  /** True: roads were to be asked and did not answer, so that figures are estimated that should not be. */
  fellBack: boolean;
}

/** The way from one place to another. */
export interface Way {
  /** At least two, the first at or near the start, the last at or near the end; estimated: the straight line. */
  points: readonly Coordinates[];
  estimated: boolean;
  /** Streets in the order of the way; empty: not known. */
  streets: readonly WayStreet[];
}

/** A street, or a road outside of towns by its number, that a way leads along. */
export interface WayStreet {
  name: string;
  metres: number;
}

/** Driving between one place and others, in whole seconds, in the order of the others. */
export interface StarTravel {
  /** From each of them to the one. */
  to: readonly number[];
  /** From the one to each of them. */
  from: readonly number[];
}

/** Where somebody may live: what is asked for it is kept nowhere. */
export interface StarTimes {
  /** Only the ways between the one place and the others. Never rejects: it estimates instead. */
  star(place: Coordinates, others: readonly Coordinates[]): Promise<StarTravel>;
}

export interface TravelTimes {
  /** Of all ways between the places. Never rejects because of a provider that does not answer: it falls back. */
  matrix(places: readonly Coordinates[]): Promise<AskedTravel>;
  /** The ways from each place to the next one: one fewer than places. Never rejects either. */
  ways(places: readonly Coordinates[]): Promise<Way[]>;
}
