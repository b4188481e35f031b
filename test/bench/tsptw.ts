import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Objective } from '../../server/domain/routing/problem.ts';
import { solve } from '../../server/domain/routing/solve.ts';
import { checkOrder, readInstance, type TsptwInstance } from './tsptwInstance.ts';

const OBJECTIVES: Readonly<Record<string, Objective>> = {
  travel_time: 'travelTime',
  makespan: 'makespan',
  duration: 'duration',
};

/** Best known values are published with four decimals. */
const ROUNDED = 0.5e-4 + 1e-9;

interface Row {
  value: number | null;
  proved: boolean;
  best: number | null;
  seconds: number;
}

/**
 * One route with time windows, beside the best known values: `npm run -s bench -- tsptw --dir DIR --best FILE.csv
 * --objective travel_time|makespan|duration --seconds S [--match REGEX]`. DIR holds instances or folders of them; the
 * regular expression is looked for in `folder/file`. A row's seconds are all that it takes but reading the file.
 */
export function run(): Promise<string> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: {
      dir: { type: 'string' },
      best: { type: 'string' },
      objective: { type: 'string', default: 'travel_time' },
      seconds: { type: 'string', default: '5' },
      match: { type: 'string', default: '' },
    },
  });
  const objective = OBJECTIVES[values.objective];
  if (values.dir === undefined || objective === undefined) {
    throw new Error(
      'bench tsptw --dir DIR [--best FILE.csv] [--objective travel_time|makespan|duration] [--seconds S]',
    );
  }
  const best = values.best === undefined ? new Map<string, number>() : readBest(values.best, values.objective);
  const match = new RegExp(values.match);
  console.log('set,instance,n,objective,value,bound,proved,best_known,gap_percent,seconds');
  const rows: Row[] = [];
  for (const path of instanceFiles(values.dir)) {
    const set = basename(dirname(path));
    const name = basename(path);
    if (!match.test(`${set}/${name}`)) continue;
    const instance = readInstance(readFileSync(path, 'utf8'));
    if (instance === null) continue;
    const row = measure(
      instance,
      objective,
      Number(values.seconds),
      best.get(`${set}/${name}`) ?? best.get(name) ?? null,
    );
    rows.push(row);
    const gap = gapOf(row);
    console.log(
      [
        set,
        name,
        instance.nodes - 1,
        values.objective,
        row.value === null ? '' : figure(row.value, instance),
        Number.isFinite(row.bound) ? figure(row.bound, instance) : row.bound > 0 ? 'infeasible' : '',
        row.proved,
        row.best ?? '',
        gap === null ? '' : gap.toFixed(3),
        row.seconds.toFixed(3),
      ].join(','),
    );
  }
  return Promise.resolve(summary(rows));
}

function measure(
  instance: TsptwInstance,
  objective: Objective,
  seconds: number,
  best: number | null,
): Row & { bound: number } {
  const begin = performance.now();
  const end = begin + seconds * 1000;
  const found = solve(instance.problem, { objective, seed: 1, stop: () => performance.now() > end });
  const taken = (performance.now() - begin) / 1000;
  const value = found.order === null ? null : checkOrder(instance, found.order, objective);
  if (found.order !== null && value === null) console.error('An order that does not keep the windows does not count.');
  const isProved = found.proved && (found.order === null || value !== null);
  return { value, bound: found.bound / instance.scale, proved: isProved, best, seconds: taken };
}

function gapOf({ value, best }: Row): number | null {
  if (value === null || best === null) return null;
  return value <= best + ROUNDED
    ? Math.min(0, ((value + ROUNDED < best ? value - best : 0) / best) * 100)
    : ((value - best) / best) * 100;
}

function summary(rows: readonly Row[]): string {
  const known = rows.filter(({ best }) => best !== null);
  const gaps = rows.map(gapOf).filter((gap) => gap !== null);
  const hit = known.filter((row) => (gapOf(row) ?? 1) <= 0).length;
  const proved = rows.filter((row) => row.proved).length;
  const seconds = rows.map((row) => row.seconds).sort((one, other) => one - other);
  const middle = seconds.length >> 1;
  const median =
    seconds.length % 2 === 1 ? seconds[middle]! : ((seconds[middle - 1] ?? 0) + (seconds[middle] ?? 0)) / 2;
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / Math.max(1, gaps.length);
  return `hit ${hit}/${known.length} proved ${proved}/${rows.length} mean-gap ${mean.toFixed(3)}% median-seconds ${median.toFixed(3)} max-seconds ${(seconds.at(-1) ?? 0).toFixed(3)}`;
}

function figure(value: number, { decimals }: TsptwInstance): string {
  return String(Number(value.toFixed(decimals)));
}

/** Everything below the folder but tables and texts. */
function instanceFiles(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(csv|md|json|gz|zip)$|^\./i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Columns by their names in the first line: set, instance, objective, value. Under `set/instance` and `instance`. */
function readBest(path: string, objective: string): Map<string, number> {
  const [head = '', ...lines] = readFileSync(path, 'utf8').trim().split(/\r?\n/);
  const columns = head.split(',').map((column) => column.trim());
  const best = new Map<string, number>();
  for (const line of lines) {
    const cells = line.split(',');
    const cell = (name: string): string => (cells[columns.indexOf(name)] ?? '').trim();
    if (cell('objective') !== objective || cell('value') === '') continue;
    best.set(`${cell('set')}/${cell('instance')}`, Number(cell('value')));
    best.set(cell('instance'), Number(cell('value')));
  }
  return best;
}
