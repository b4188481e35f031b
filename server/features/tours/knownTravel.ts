import type { Coordinates } from '../../domain/geo.ts';
import { estimateTravel } from '../../domain/routing/travelEstimate.ts';
import type { AskedTravel } from '../../domain/routing/travel.ts';
import type { TravelTimes } from './ports.ts';

/**
 * Travel that was asked for before a transaction begins. Inside of one nothing else is possible: to ask then would hold
 * it open for as long as a road server takes, and on SQLite, where the answer is kept in the same database, for ever.
 */
export interface KnownTravel {
  /** Of all ways between the places; estimated, and marked so, for a way that nobody has asked for. */
  matrix(places: readonly Coordinates[]): AskedTravel;
}

/** Places nearer than that are one: about a metre. */
const DECIMALS = 5;

function keyOf({ lat, lon }: Coordinates): string {
  return `${lat.toFixed(DECIMALS)},${lon.toFixed(DECIMALS)}`;
}

interface Asked {
  /** Key of a place → index in the matrix. */
  index: ReadonlyMap<string, number>;
  travel: AskedTravel;
}

/**
 * Asks for all ways within each group of places, once for each group, and answers them from then on.
 * @param groups places of which ways lead to each other; the fewer are in one, the fewer ways are asked for
 */
export async function knowTravel(
  travel: Pick<TravelTimes, 'matrix'>,
  groups: readonly (readonly Coordinates[])[],
): Promise<KnownTravel> {
  const asked = await Promise.all(
    groups.map(async (group): Promise<Asked> => {
      const places = new Map(group.map((place) => [keyOf(place), place]));
      const index = new Map([...places.keys()].map((key, position) => [key, position]));
      return { index, travel: places.size === 0 ? NOTHING : await travel.matrix([...places.values()]) };
    }),
  );
  return { matrix: (places) => matrixOf(asked, places) };
}

const NOTHING: AskedTravel = { seconds: [], metres: [], estimated: [], fellBack: false };

/** For what needs no travel. */
export const NO_TRAVEL: KnownTravel = { matrix: (places) => matrixOf([], places) };

function matrixOf(asked: readonly Asked[], places: readonly Coordinates[]): AskedTravel {
  const stands = places.map((place) => ({ place, key: keyOf(place) }));
  // Mostly all places are of one group, which then need not be looked for way by way.
  const own = asked.filter(({ index }) => stands.every(({ key }) => index.has(key))).slice(0, 1);
  const groups = own.length > 0 ? own : asked;
  const ways = stands.map((from) => stands.map((to) => wayBetween(groups, from, to)));
  return {
    seconds: ways.map((row) => row.map(({ seconds }) => seconds)),
    metres: ways.map((row) => row.map(({ metres }) => metres)),
    estimated: ways.map((row) => row.map(({ estimated }) => estimated)),
    fellBack: groups.some(({ travel }) => travel.fellBack),
  };
}

interface Stand {
  place: Coordinates;
  key: string;
}

function wayBetween(
  groups: readonly Asked[],
  from: Stand,
  to: Stand,
): { seconds: number; metres: number; estimated: boolean } {
  if (from.key === to.key) return { seconds: 0, metres: 0, estimated: false };
  for (const { index, travel } of groups) {
    const [row, column] = [index.get(from.key) ?? -1, index.get(to.key) ?? -1];
    const seconds = travel.seconds[row]?.[column];
    const metres = travel.metres[row]?.[column];
    if (seconds !== undefined && metres !== undefined) {
      return { seconds, metres, estimated: travel.estimated[row]?.[column] ?? false };
    }
  }
  return { ...estimateTravel(from.place, to.place), estimated: true };
}
