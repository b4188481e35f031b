import type { Coordinates } from '../../domain/geo.ts';
import type { WayStreet } from '../../domain/routing/travel.ts';
import type { Instant } from '../../domain/time.ts';

/** Driving from one place to another as a provider says it, from the first metre to the last; nothing for parking. */
export interface RoadFigures {
  /** Whole seconds, at least 0. */
  seconds: number;
  /** Whole metres, at least 0. */
  metres: number;
}

/** The way from one place to another on the map. */
export interface RoadLine {
  /** At least two. */
  points: readonly Coordinates[];
  /** In the order of the way; empty: the provider does not say. */
  streets: readonly WayStreet[];
}

/**
 * Somebody who knows the roads. All there is to write for another one: cache, blocks, fallback and pauses are those of
 * `createRoadTravel`.
 */
export interface RoadProvider {
  /** Kept with every cached figure: at most ten characters, another one for figures that differ. */
  readonly name: string;
  /** So many places `table` takes at most, each counted once, whether it is source, destination or both; at least 2. */
  readonly maxPlaces: number;
  /**
   * `[source][destination]`; null where no road leads. Answers within a time of its own.
   * @throws RequestRefused where only this request is wrong; anything else where nobody can be asked for now
   */
  table(sources: readonly Coordinates[], destinations: readonly Coordinates[]): Promise<(RoadFigures | null)[][]>;
  /** The line of the way; null where no road leads. Throws as `table` does. */
  line(from: Coordinates, to: Coordinates): Promise<RoadLine | null>;
}

/** The provider works, but does not answer this. The message may be logged: it names no places. */
export class RequestRefused extends Error {}

/** The provider cannot be asked for now. The message may be logged: it names no places. */
export class ProviderFailed extends Error {}

/** Between two places by their keys, see `placeKey`. */
export interface Pair {
  from: string;
  to: string;
}

export type CachedFigures = Pair & RoadFigures & { askedAt: Instant };

/** A line of a way as an encoded polyline. */
export type CachedLine = Pair & { line: string; streets: readonly WayStreet[]; askedAt: Instant };

/** What was asked before, for all processes of the office; server/data/travelRepository.ts. */
export interface TravelCache {
  /** All that is known from one of `from` to one of `to` and was asked at `since` or later. */
  figures(provider: string, from: readonly string[], to: readonly string[], since: Instant): Promise<CachedFigures[]>;
  lines(provider: string, from: readonly string[], to: readonly string[], since: Instant): Promise<CachedLine[]>;
  /** Newer figures take the place of older ones. Each pair at most once. */
  keepFigures(provider: string, figures: readonly CachedFigures[]): Promise<void>;
  keepLines(provider: string, lines: readonly CachedLine[]): Promise<void>;
}

/** Rounded to five decimals, about a metre: places nearer than that are one. */
export function roundedPlace({ lat, lon }: Coordinates): Coordinates {
  return { lat: rounded(lat), lon: rounded(lon) };
}

/** A rounded place as text, "lat,lon", at most 20 characters. */
export function placeKey({ lat, lon }: Coordinates): string {
  return `${lat.toFixed(5)},${lon.toFixed(5)}`;
}

function rounded(degrees: number): number {
  return Math.round(degrees * 1e5) / 1e5 + 0; // + 0: there is no -0
}
