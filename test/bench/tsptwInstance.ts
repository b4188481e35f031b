import type { Objective, RoutingProblem } from '../../server/domain/routing/problem.ts';

export interface TsptwInstance {
  /** With the depot. */
  nodes: number;
  /** As published. */
  matrix: number[][];
  windows: { earliest: number; latest: number }[];
  /** The same in whole numbers: published figures times `scale`. */
  problem: RoutingProblem;
  scale: number;
  decimals: number;
}

/** Whole numbers of 32 bits, with room for sums. */
const LARGEST = 1.2e8;

/**
 * `n`, n × n figures, n lines of earliest and latest start of service; `#` begins a comment; node 0 is the depot, whose
 * window is the shift. Null: the text is none of this form.
 */
export function readInstance(text: string): TsptwInstance | null {
  const words = text
    .replace(/#.*/g, '')
    .split(/[\s,;]+/)
    .filter((word) => word !== '');
  const figures = words.map(Number);
  const nodes = figures[0] ?? NaN;
  if (!Number.isInteger(nodes) || nodes < 1 || figures.length < 1 + nodes * nodes + 2 * nodes) return null;
  if (figures.some((figure) => !Number.isFinite(figure))) return null;
  const matrix = Array.from({ length: nodes }, (_, row) => figures.slice(1 + row * nodes, 1 + (row + 1) * nodes));
  const first = 1 + nodes * nodes;
  // Open ends as 1e9 say no more than the latest that a day can last.
  const longest = matrix.reduce((sum, row) => sum + Math.max(...row), 0);
  const begins = Array.from({ length: nodes }, (_, node) => figures[first + 2 * node]!);
  const horizon = Math.max(...begins) + longest;
  const windows = begins.map((earliest, node) => ({ earliest, latest: figures[first + 2 * node + 1]! }));

  let decimals = Math.min(6, Math.max(...words.map(decimalsOf)));
  while (decimals > 0 && horizon * 10 ** decimals > LARGEST) decimals--;
  const scale = 10 ** decimals;
  const whole = (figure: number): number => Math.round(Math.min(figure, horizon) * scale);
  const span = ({ earliest, latest }: { earliest: number; latest: number }): { from: number; to: number } => ({
    from: whole(earliest),
    to: whole(latest),
  });
  const [depot, ...stops] = windows;
  const rows = matrix.map((row) => row.map(whole));
  const problem: RoutingProblem = {
    travel: [...rows.map((row) => [...row, row[0]!]), [...rows[0]!, 0]],
    stops: stops.map((window) => ({ serviceSeconds: 0, windows: [span(window)] })),
    shift: span(depot!),
    break: null,
  };
  return { nodes, matrix, windows, problem, scale, decimals };
}

function decimalsOf(word: string): number {
  const point = word.indexOf('.');
  return point === -1 ? 0 : word.length - point - 1;
}

/**
 * The value of an order (0 is node 1) in the published figures, worked out here and nowhere else; null: a stop is
 * missing or twice, or a window is missed by more than rounding.
 */
export function checkOrder(
  { nodes, matrix, windows, scale, decimals }: TsptwInstance,
  order: readonly number[],
  objective: Objective,
): number | null {
  const visited = new Set(order);
  if (order.length !== nodes - 1 || visited.size !== order.length) return null;
  if (order.some((stop) => !Number.isInteger(stop) || stop < 0 || stop >= nodes - 1)) return null;
  const rounding = (nodes * 0.5) / scale / (decimals === 0 ? 1e9 : 1) + 1e-6;
  let now = windows[0]!.earliest;
  let travel = 0;
  // As late as the departure may be.
  let latest = windows[0]!.latest;
  let here = 0;
  for (const stop of [...order, -1]) {
    const node = stop + 1;
    const way = matrix[here]![node]!;
    travel += way;
    now = Math.max(now + way, node === 0 ? -Infinity : windows[node]!.earliest);
    if (now > windows[node]!.latest + rounding) return null;
    latest = Math.min(latest, windows[node]!.latest - travel);
    here = node;
  }
  switch (objective) {
    case 'travelTime':
      return travel;
    case 'makespan':
      return now;
    case 'duration':
      return Math.max(travel, now - latest);
  }
}
