import type { Coordinates } from '../../domain/geo.ts';
import { estimateTravel, GETTING_AWAY_SECONDS } from '../../domain/routing/travelEstimate.ts';
import type { AskedTravel, StarTravel, Way } from '../../domain/routing/travel.ts';
import type { Instant } from '../../domain/time.ts';
import { blocksToAsk } from './cover.ts';
import { createGate, createMemory } from './keeping.ts';
import { decodePolyline, encodePolyline } from './polyline.ts';
import {
  placeKey,
  ProviderFailed,
  RequestRefused,
  roundedPlace,
  type CachedFigures,
  type RoadFigures,
  type RoadLine,
  type RoadProvider,
  type TravelCache,
} from './provider.ts';

/** Roads change: what was asked longer ago than this is asked again, and deleted by a job. In milliseconds. */
export const TRAVEL_KEPT = 90 * 24 * 60 * 60_000;

/** "No road leads there" is remembered by this process only, so that a corrected venue need not wait. */
const NO_ROAD_KEPT = 60 * 60_000;

/** So long the ways to somebody who looks for a visit at home are remembered. */
const STAR_KEPT = 30 * 60_000;

/** A provider that failed is left alone so long, that not every page waits for it in vain. In milliseconds. */
const PAUSE = 30_000;

/** Requests at once; the rest waits. */
const PARALLEL = 2;

const MAX_REMEMBERED_FIGURES = 20_000;
const MAX_REMEMBERED_LINES = 500;

export interface RoadTravelOptions {
  provider: RoadProvider;
  cache: TravelCache;
  now: () => Instant;
  log: { warn(fields: object, message: string): void };
}

/**
 * Travel times of a provider that knows the roads: asks only for what no process of the office asked before, and where
 * there is no answer, estimates and says so (docs/adr/0013). Seconds are those of the provider and, as in the estimate,
 * GETTING_AWAY_SECONDS for getting in, out and parked, so that both can stand in one matrix. Neither call rejects, and
 * neither waits for the cache to be written: it may be called wherever a transaction is open.
 */
export function createRoadTravel({ provider, cache, now, log }: RoadTravelOptions) {
  const gate = createGate(PARALLEL);
  const figuresOf = createMemory<RoadFigures | null>(MAX_REMEMBERED_FIGURES, now);
  const linesOf = createMemory<RoadLine | null>(MAX_REMEMBERED_LINES, now);
  const writes = new Set<Promise<void>>();
  let failedAt: Instant | null = null;

  function isPaused(): boolean {
    return failedAt !== null && now() >= failedAt && now() < failedAt + PAUSE;
  }

  /** Null: in vain, or not even asked. */
  function ask<T>(work: () => Promise<T>): Promise<{ answer: T } | null> {
    return gate(async () => {
      if (isPaused()) return null;
      try {
        return { answer: await work() };
      } catch (error) {
        const refused = error instanceof RequestRefused;
        const reason = refused || error instanceof ProviderFailed ? error.message : (error as Error).name;
        if (refused) {
          log.warn({ provider: provider.name, reason }, 'travel is estimated: roads refused a request');
        } else if (!isPaused()) {
          failedAt = now();
          log.warn({ provider: provider.name, reason, pauseMs: PAUSE }, 'travel is estimated: roads do not answer');
        }
        return null;
      }
    });
  }

  /** The cache is a help: without it pages are slower, not wrong. */
  async function fromCache<T>(read: () => Promise<T[]>): Promise<T[]> {
    try {
      return await read();
    } catch (error) {
      log.warn({ err: error }, 'cached travel cannot be read');
      return [];
    }
  }

  function toCache(write: () => Promise<void>): void {
    const writing = write()
      .catch((error: unknown) => log.warn({ err: error }, 'travel cannot be cached'))
      .finally(() => writes.delete(writing));
    writes.add(writing);
  }

  /** From each of some to each of others, a side having one place only; null where there is no road or no answer. */
  async function tableOf(
    sources: readonly Coordinates[],
    destinations: readonly Coordinates[],
  ): Promise<(RoadFigures | null)[]> {
    const many = sources.length > 1 ? sources : destinations;
    const size = Math.max(1, provider.maxPlaces - 1);
    const parts = Array.from({ length: Math.ceil(many.length / size) }, (_, index) =>
      many.slice(index * size, (index + 1) * size),
    );
    const answers = await Promise.all(
      parts.map(async (part) => {
        const asked = await ask(() =>
          many === sources ? provider.table(part, destinations) : provider.table(sources, part),
        );
        return part.map((_, index) => {
          const row = many === sources ? asked?.answer[index] : asked?.answer[0];
          return row?.[many === sources ? 0 : index] ?? null;
        });
      }),
    );
    return answers.flat();
  }

  /** Remembered for as long as this process thinks of it, never in the database: it may be somebody's home. */
  async function star(place: Coordinates, others: readonly Coordinates[]): Promise<StarTravel> {
    const centre = roundedPlace(place);
    const all = new Map(others.map(roundedPlace).map((other) => [placeKey(other), other]));
    all.delete(placeKey(centre));
    const missing = (pair: (key: string) => string): [string, Coordinates][] =>
      [...all].filter(([key]) => figuresOf.recall(pair(key)) === undefined);
    const into = (key: string): string => pairKey(key, placeKey(centre));
    const out = (key: string): string => pairKey(placeKey(centre), key);
    for (const pair of [into, out]) {
      const some = missing(pair);
      if (some.length === 0) continue;
      const places = some.map(([, other]) => other);
      const found = await (pair === into ? tableOf(places, [centre]) : tableOf([centre], places));
      some.forEach(([key], index) => {
        const figures = found[index];
        if (figures !== null && figures !== undefined) figuresOf.remember(pair(key), figures, now() + STAR_KEPT);
      });
    }
    const seconds = (pair: (key: string) => string, from: Coordinates, to: Coordinates, other: Coordinates): number => {
      const key = placeKey(roundedPlace(other));
      if (key === placeKey(centre)) return 0;
      const figures = figuresOf.recall(pair(key)) ?? null;
      return figures === null ? estimateTravel(from, to).seconds : figures.seconds + GETTING_AWAY_SECONDS;
    };
    return {
      to: others.map((other) => seconds(into, other, place, other)),
      from: others.map((other) => seconds(out, place, other, other)),
    };
  }

  /** What is known between different places; null: no road. A pair that is not there has to be asked for. */
  async function knownFigures(keys: readonly string[]): Promise<Map<string, RoadFigures | null>> {
    const known = new Map<string, RoadFigures | null>();
    const unknownFrom = new Set<string>();
    const unknownTo = new Set<string>();
    for (const from of keys) {
      for (const to of keys) {
        if (from === to) continue;
        const pair = pairKey(from, to);
        const remembered = figuresOf.recall(pair);
        if (remembered !== undefined) {
          known.set(pair, remembered);
        } else {
          unknownFrom.add(from);
          unknownTo.add(to);
        }
      }
    }
    if (unknownFrom.size > 0) {
      const since = now() - TRAVEL_KEPT;
      const rows = await fromCache(() => cache.figures(provider.name, [...unknownFrom], [...unknownTo], since));
      for (const { from, to, seconds, metres, askedAt } of rows) {
        known.set(pairKey(from, to), { seconds, metres });
        figuresOf.remember(pairKey(from, to), { seconds, metres }, askedAt + TRAVEL_KEPT);
      }
    }
    return known;
  }

  /** Asks for what `known` lacks and adds it. @returns false: some of it is still unknown */
  async function askForGaps(places: readonly Coordinates[], known: Map<string, RoadFigures | null>): Promise<boolean> {
    const keys = places.map(placeKey);
    const pairAt = (from: number, to: number): string => pairKey(keys[from] as string, keys[to] as string);
    const pick = (some: readonly number[]): Coordinates[] => some.map((index) => places[index] as Coordinates);

    const blocks = blocksToAsk(places.length, (from, to) => !known.has(pairAt(from, to)), provider.maxPlaces);
    const answers = await Promise.all(
      blocks.map(({ sources, destinations }) => ask(() => provider.table(pick(sources), pick(destinations)))),
    );

    const askedAt = now();
    const fresh: CachedFigures[] = [];
    blocks.forEach(({ sources, destinations }, index) => {
      const table = answers[index]?.answer;
      if (table === undefined) return;
      sources.forEach((from, row) => {
        destinations.forEach((to, column) => {
          const pair = pairAt(from, to);
          if (from === to || known.has(pair)) return;
          const figures = table[row]?.[column] ?? null;
          known.set(pair, figures);
          figuresOf.remember(pair, figures, askedAt + (figures === null ? NO_ROAD_KEPT : TRAVEL_KEPT));
          if (figures !== null) fresh.push({ from: keys[from] as string, to: keys[to] as string, ...figures, askedAt });
        });
      });
    });
    if (fresh.length > 0) toCache(() => cache.keepFigures(provider.name, fresh));
    return answers.every((answer) => answer !== null);
  }

  async function matrix(places: readonly Coordinates[]): Promise<AskedTravel> {
    const rounded = new Map(places.map(roundedPlace).map((place) => [placeKey(place), place]));
    const known = await knownFigures([...rounded.keys()]);
    const complete = await askForGaps([...rounded.values()], known);

    const keys = places.map((place) => placeKey(roundedPlace(place)));
    const legs = places.map((from, row) =>
      places.map((to, column) => {
        const pair = pairKey(keys[row] as string, keys[column] as string);
        if (keys[row] === keys[column]) return { seconds: 0, metres: 0, estimated: false };
        const figures = known.get(pair) ?? null;
        return figures === null
          ? { ...estimateTravel(from, to), estimated: true }
          : { seconds: figures.seconds + GETTING_AWAY_SECONDS, metres: figures.metres, estimated: false };
      }),
    );
    return {
      seconds: legs.map((row) => row.map(({ seconds }) => seconds)),
      metres: legs.map((row) => row.map(({ metres }) => metres)),
      estimated: legs.map((row) => row.map(({ estimated }) => estimated)),
      fellBack: !complete,
    };
  }

  /** Lines that are known; null: no road. A leg that is not there has to be asked for. */
  async function knownLines(legs: readonly Leg[]): Promise<Map<string, RoadLine | null>> {
    const known = new Map<string, RoadLine | null>();
    for (const { pair } of legs) {
      const remembered = linesOf.recall(pair);
      if (remembered !== undefined) known.set(pair, remembered);
    }
    const unknown = legs.filter(({ pair }) => !known.has(pair));
    if (unknown.length === 0) return known;

    const [from, to] = [unknown.map((leg) => leg.from), unknown.map((leg) => leg.to)];
    for (const row of await fromCache(() => cache.lines(provider.name, from, to, now() - TRAVEL_KEPT))) {
      const points = decodePolyline(row.line);
      if (points === null || points.length < 2) continue;
      const line = { points, streets: row.streets };
      known.set(pairKey(row.from, row.to), line);
      linesOf.remember(pairKey(row.from, row.to), line, row.askedAt + TRAVEL_KEPT);
    }
    return known;
  }

  async function askForLine({ pair, from, to, start, end }: Leg): Promise<RoadLine | null> {
    const asked = await ask(() => provider.line(start, end));
    if (asked === null) return null;

    const found = asked.answer;
    const askedAt = now();
    linesOf.remember(pair, found, askedAt + (found === null ? NO_ROAD_KEPT : TRAVEL_KEPT));
    if (found !== null) {
      const { points, streets } = found;
      toCache(() => cache.keepLines(provider.name, [{ from, to, line: encodePolyline(points), streets, askedAt }]));
    }
    return found;
  }

  async function ways(places: readonly Coordinates[]): Promise<Way[]> {
    const legs = legsOf(places);
    const driven = [...new Map(legs.filter(({ from, to }) => from !== to).map((leg) => [leg.pair, leg])).values()];
    const lines = await knownLines(driven);
    await Promise.all(
      driven
        .filter(({ pair }) => !lines.has(pair))
        .map(async (leg) => {
          lines.set(leg.pair, await askForLine(leg));
        }),
    );
    return legs.map(({ from, to, pair, straight }) => {
      const line = lines.get(pair) ?? null;
      return line === null ? { points: straight, estimated: from !== to, streets: [] } : { ...line, estimated: false };
    });
  }

  return {
    /** Not all of it. */
    estimated: false,
    matrix,
    ways,
    star,
    /** Resolves when what was asked for is in the cache. */
    async close(): Promise<void> {
      await Promise.all(writes);
    },
  };
}

/** From one place to the next one of a list. */
interface Leg {
  from: string;
  to: string;
  pair: string;
  start: Coordinates;
  end: Coordinates;
  /** As the list has the two places. */
  straight: readonly Coordinates[];
}

function legsOf(places: readonly Coordinates[]): Leg[] {
  return places.slice(1).map((to, index) => {
    const from = places[index] as Coordinates;
    const [start, end] = [roundedPlace(from), roundedPlace(to)];
    const keys = { from: placeKey(start), to: placeKey(end) };
    return { ...keys, pair: pairKey(keys.from, keys.to), start, end, straight: [from, to] };
  });
}

function pairKey(from: string, to: string): string {
  return `${from}>${to}`;
}
