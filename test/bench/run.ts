import { cleanUp } from '../support/rootHooks.ts';

/** Prints a table and answers the figure of its last line. */
type Bench = () => Promise<string>;

const BENCHES: Readonly<Record<string, () => Promise<{ run: Bench }>>> = {
  booking: () => import('./booking.ts'),
  contention: () => import('./contention.ts'),
  search: () => import('./search.ts'),
  pages: () => import('./pages.ts'),
  board: () => import('./board.ts'),
  routeday: () => import('./routeday.ts'),
  hotline: () => import('./hotline.ts'),
  feeds: () => import('./feeds.ts'),
  roads: () => import('./roads.ts'),
  addresses: () => import('./addresses.ts'),
  tiles: () => import('./tiles.ts'),
  windows: () => import('./windows.ts'),
  tsptw: () => import('./tsptw.ts'),
};

/** `npm run bench -- NAME`: what docs/benchmarks.md reports, measured here and now. */
async function main(): Promise<void> {
  const [, , name = ''] = process.argv;
  const load = BENCHES[name];
  if (load === undefined) {
    console.error(`Which one? npm run bench -- ${Object.keys(BENCHES).join(' | ')}`);
    process.exitCode = 2;
    return;
  }
  const { run } = await load();
  try {
    const figure = await run();
    console.log(`\n${name}: ${figure}`);
  } finally {
    await cleanUp();
  }
}

await main();
