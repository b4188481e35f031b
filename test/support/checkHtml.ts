import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { htmlProblems, load } from './html.ts';
import { cleanUp } from './rootHooks.ts';

/** Pages visited for each start; more would only be further dates and places of pages seen before. */
const pagesPerStart = 80;

export interface SiteReport {
  /** Path and query of every page looked at. */
  readonly pages: readonly string[];
  /** What is wrong, beginning with the page it is wrong on. */
  readonly findings: readonly string[];
}

/**
 * Visits a site as a citizen without JavaScript would, following links from each start, and validates every page.
 *
 * Links that differ in digits only (`/visits/17`, `/visits/18`) or in the values of their query count as one page.
 *
 * @param origin such as `http://127.0.0.1:4321`
 * @param starts a path for each language, with the language its pages must declare
 * @param cookie of somebody who has signed in; without it as a citizen
 */
export async function checkSite(
  origin: string,
  starts: readonly { path: string; language: string }[],
  cookie?: string,
): Promise<SiteReport> {
  const pages: string[] = [];
  const findings: string[] = [];
  const seen = new Set<string>();
  const startOf = (url: URL): string | undefined =>
    starts
      .map(({ path }) => path)
      .filter((path) => `${url.pathname}/`.startsWith(path))
      .sort((one, other) => other.length - one.length)[0];

  for (const { path, language } of starts) {
    const start = new URL(path, origin);
    const queue = [{ url: start, from: 'the start' }];
    seen.add(patternOf(start));
    let visited = 0;

    for (let next = queue.shift(); next !== undefined && visited < pagesPerStart; next = queue.shift()) {
      visited += 1;
      const here = next.url.pathname + next.url.search;
      pages.push(here);

      const response = await fetch(next.url, {
        headers: { accept: 'text/html', ...(cookie === undefined ? {} : { cookie }) },
      });
      const text = await response.text();
      if (response.status >= 400) findings.push(`${here}: status ${response.status} (linked from ${next.from})`);
      if (!(response.headers.get('content-type') ?? '').startsWith('text/html')) continue;
      if (new URL(response.url).origin !== origin) continue;

      findings.push(...(await htmlProblems(text)).map((problem) => `${here}: ${problem}`));
      const $ = load(text);
      if ($('html').attr('lang') !== language) {
        findings.push(`${here}: <html lang> is "${$('html').attr('lang') ?? ''}", not "${language}"`);
      }
      for (const link of $('a[href]').toArray()) {
        const href = $(link).attr('href') ?? '';
        if (!URL.canParse(href, response.url)) {
          findings.push(`${here}: the link "${href}" is no address`);
          continue;
        }
        const url = new URL(href, response.url);
        if (url.origin !== origin) continue;
        // Pages in the other language are found from their own start.
        if (startOf(url) !== path) continue;
        url.hash = '';
        if (seen.has(patternOf(url))) continue;
        seen.add(patternOf(url));
        queue.push({ url, from: here });
      }
    }
  }
  return { pages, findings };
}

function patternOf(url: URL): string {
  return `${url.pathname.replace(/\d+/g, '0')}?${[...new Set(url.searchParams.keys())].sort().join('&')}`;
}

async function run(): Promise<void> {
  const { startDemoApp } = await import('./app.ts');
  const app = await startDemoApp();
  try {
    const { pages, findings } = await checkSite(app.origin, [
      { path: '/', language: 'de' },
      { path: '/en/', language: 'en' },
    ]);
    const { joinFirstCrew, signedIn } = await import('./staff.ts');
    const { cookie, user } = await signedIn(app, ['admin', 'planner', 'clerk', 'hotline']);
    await joinFirstCrew(app.office.database, user.id);
    const staff = await checkSite(
      app.origin,
      [
        { path: '/intern', language: 'de' },
        { path: '/en/intern', language: 'en' },
      ],
      cookie,
    );
    const all = { pages: [...pages, ...staff.pages], findings: [...findings, ...staff.findings] };
    for (const finding of all.findings) console.error(finding);
    console.log(`HTML: ${all.pages.length} pages, ${all.findings.length} findings`);
    if (all.findings.length > 0) process.exitCode = 1;
  } finally {
    await app.stop();
    await cleanUp();
  }
}

const isRunDirectly = process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url);
if (isRunDirectly) {
  run().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
