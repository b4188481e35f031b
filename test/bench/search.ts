import { findTimes } from '../../server/features/booking/findTimes.ts';
import { findVisits } from '../../server/features/booking/visits/findVisits.ts';
import type { Line } from '../../server/domain/booking/office.ts';
import { NOW, seedState, seedWeeks, VENUES_EACH } from './state.ts';
import {
  createRandom,
  KINDS,
  officeDeps,
  openBench,
  printTable,
  quantile,
  short,
  timed,
  type Kind,
} from './support.ts';

/*
 * "Free times for these services near this place" in the data of a whole state: 400 municipalities with five venues
 * each, visited every week. One citizen after the other, random places and services, the directory read anew every
 * second as in the running program.
 */

const MUNICIPALITIES = 400;
const PLACES_EACH = 12;
const WEEKS = [13, 26, 52] as const;
/** The same again where the next weeks are nearly full: what everybody wants is hard to find. */
const FULL_WEEKS = 4;
const QUESTIONS = 1_000;

interface Measured {
  kind: Kind;
  weeks: number;
  fullWeeks: number;
  stops: number;
  seeded: number;
  times: number[];
  visits: number[];
  everywhere: number[];
}

async function measure(kind: Kind, plan: readonly number[], fullWeeks: number): Promise<Measured[]> {
  const bench = await openBench(kind);
  const { database } = bench;
  const measured: Measured[] = [];
  try {
    let seeded = await timed(() =>
      seedState(database, { municipalities: MUNICIPALITIES, horizonDays: 364, placesEach: PLACES_EACH }),
    );
    for (const [index, weeks] of plan.entries()) {
      seeded += await timed(() => seedWeeks(database, plan[index - 1] ?? 0, weeks, true, fullWeeks));
      const deps = officeDeps(database, NOW);
      const directory = await deps.directory();
      const { places } = directory.places;
      const random = createRandom(weeks);
      const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
      const someLines = (): Line[] => {
        const one = { service: pick(directory.services), persons: random() < 0.2 ? 2 : 1 };
        const other = { service: pick(directory.services), persons: 1 };
        return random() < 0.3 && other.service !== one.service ? [one, other] : [one];
      };
      const ask = (from: { lat: number; lon: number } | null) =>
        findTimes(deps, { from, lines: someLines(), stopId: null, allTimes: false, offset: 0 });
      const look = (from: { lat: number; lon: number } | null) =>
        findVisits(deps, {
          from,
          service: random() < 0.5 ? pick(directory.services) : null,
          stepFree: false,
          within: null,
          afternoon: false,
          free: false,
          page: 1,
        });
      for (let warm = 0; warm < 100; warm++) {
        await ask(pick(places));
        await look(pick(places));
      }
      const many = async (count: number, work: () => Promise<unknown>): Promise<number[]> => {
        const took: number[] = [];
        for (let n = 0; n < count; n++) {
          took.push(await timed(work));
        }
        return took;
      };
      measured.push({
        kind,
        weeks,
        fullWeeks,
        stops: MUNICIPALITIES * VENUES_EACH * weeks,
        seeded: seeded / 1000,
        times: await many(QUESTIONS, () => ask(pick(places))),
        visits: await many(QUESTIONS / 2, () => look(pick(places))),
        everywhere: await many(QUESTIONS / 10, () => ask(null)),
      });
    }
  } finally {
    await bench.close();
  }
  return measured;
}

export async function run(): Promise<string> {
  const only = process.argv[3];
  const all: Measured[] = [];
  for (const kind of KINDS.filter((one) => only === undefined || one === only)) {
    all.push(...(await measure(kind, WEEKS, 0)), ...(await measure(kind, [52], FULL_WEEKS)));
  }
  printTable(
    [
      'database',
      'weeks',
      'full',
      'stops',
      'seeded s',
      'times p50 ms',
      'p95',
      'p99',
      'visits p50',
      'p95',
      'no place p50',
      'p95',
    ],
    all.map(({ kind, weeks, fullWeeks, stops, seeded, times, visits, everywhere }) => [
      kind,
      String(weeks),
      String(fullWeeks),
      String(stops),
      short(seeded),
      ...[quantile(times, 0.5), quantile(times, 0.95), quantile(times, 0.99)].map(short),
      ...[quantile(visits, 0.5), quantile(visits, 0.95)].map(short),
      ...[quantile(everywhere, 0.5), quantile(everywhere, 0.95)].map(short),
    ]),
  );
  return all
    .filter(({ weeks, fullWeeks }) => weeks === 52 && fullWeeks === 0)
    .map(({ kind, times }) => `${kind} p95 ${short(quantile(times, 0.95))} ms`)
    .join(', ');
}
