import { spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  existsSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir, userInfo } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type CDPSession, type Page } from 'playwright-core';
import { checkAfterEachTest, closeAtEnd } from './rootHooks.ts';

export interface PageOptions {
  /** The origin of the app, such as `http://127.0.0.1:4321`; `page.goto('/')` then starts there. */
  origin: string;
  /** Default true. */
  javaScript?: boolean;
  /** CSS pixels; default 1200 × 900. */
  width?: number;
  height?: number;
  /** Default light. */
  colorScheme?: 'light' | 'dark';
  /** Default de-DE. The time zone of the browser is Europe/Berlin. */
  locale?: string;
  /** Problems a test provokes on purpose; one that matches does not fail the test. */
  allowProblems?: readonly RegExp[];
}

/** A page that fails the test in which something goes wrong on it. */
export type TestPage = Page & {
  /** URLs outside the app's origin which the page asked for. None is ever reached: the browser resolves no names. */
  readonly foreignRequests: readonly string[];
  /** Console errors (CSP violations among them), uncaught exceptions, broken or foreign requests, as sentences. */
  readonly problems: readonly string[];
  /** @throws Error listing the problems since the last call; runs by itself at the end of every test */
  expectNoProblems(): Promise<void>;
  /** Lets `inspect` run scripts with timers on a page without JavaScript; the page's own scripts stay unread. */
  withScriptsAllowed<T>(inspect: () => Promise<T>): Promise<T>;
};

const launchArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
  // No test depends on, or tells anything to, a server that is not ours.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
];

let browser: Promise<Browser> | undefined;
const openPages = new Set<TestPage>();

/** The browser of this process, started by the first call and closed after the last test. */
export function openBrowser(): Promise<Browser> {
  browser ??= launch();
  return browser;
}

async function launch(): Promise<Browser> {
  const { executablePath, env } = findBrowser();
  const launched = await chromium.launch({ executablePath, env, args: launchArguments });
  closeAtEnd(() => launched.close());
  return launched;
}

checkAfterEachTest(async () => {
  for (const page of openPages) await page.expectNoProblems();
});

/** A page with cookies and storage of its own. Close it with `page.close()`, which also closes its context. */
export async function newPage(options: PageOptions): Promise<TestPage> {
  const contextOptions: BrowserContextOptions = {
    baseURL: options.origin,
    javaScriptEnabled: options.javaScript ?? true,
    viewport: { width: options.width ?? 1200, height: options.height ?? 900 },
    colorScheme: options.colorScheme ?? 'light',
    locale: options.locale ?? 'de-DE',
    timezoneId: 'Europe/Berlin',
    reducedMotion: 'reduce',
  };
  const context = await (await openBrowser()).newContext(contextOptions);
  const page = await context.newPage();

  const foreignRequests: string[] = [];
  const problems: string[] = [];
  let reported = 0;
  const allowed = options.allowProblems ?? [];
  const note = (problem: string): void => {
    if (!allowed.some((pattern) => pattern.test(problem))) problems.push(problem);
  };
  const noteIfForeign = (url: string): void => {
    if (!/^(https?|wss?):/.test(url)) return;
    if (new URL(url).host === new URL(options.origin).host) return;
    foreignRequests.push(url);
    note(`asked another origin: ${url}`);
  };

  context.on('weberror', (event) => note(`uncaught exception: ${event.error().message}`));
  context.on('console', (message) => {
    if (message.type() !== 'error') return;
    // Chromium says this of every answer from 400 on, a form shown again with 422 included; 'response' below is precise.
    if (message.text().startsWith('Failed to load resource')) return;
    note(`console: ${message.text()} (${message.location().url})`);
  });
  context.on('request', (request) => noteIfForeign(request.url()));
  page.on('websocket', (socket) => noteIfForeign(socket.url()));
  context.on('response', (response) => {
    const isPart = !['document', 'fetch', 'xhr'].includes(response.request().resourceType());
    if (response.status() >= 500 || (isPart && response.status() >= 400)) {
      note(`status ${response.status()}: ${response.request().method()} ${response.url()}`);
    }
  });
  context.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? 'unknown reason';
    if (reason === 'net::ERR_ABORTED' || foreignRequests.includes(request.url())) return;
    note(`request failed: ${request.method()} ${request.url()}: ${reason}`);
  });

  let debuggerSession: CDPSession | undefined;
  const testPage: TestPage = Object.assign(page, {
    foreignRequests,
    problems,
    async withScriptsAllowed<T>(inspect: () => Promise<T>): Promise<T> {
      if (options.javaScript !== false) return inspect();
      // What the parser meets while scripts are allowed would run: let it come to its end first.
      await page.waitForLoadState('load');
      debuggerSession ??= await context.newCDPSession(page);
      const session = debuggerSession;
      // The switch belongs to the page, but a session ignores "off" unless it was the one to say "on".
      await session.send('Emulation.setScriptExecutionDisabled', { value: true });
      await session.send('Emulation.setScriptExecutionDisabled', { value: false });
      try {
        return await inspect();
      } finally {
        // The session stays attached: its end would switch scripts on again.
        await session.send('Emulation.setScriptExecutionDisabled', { value: true });
      }
    },
    async expectNoProblems(): Promise<void> {
      // One round trip, so that events already under way have arrived.
      if (!page.isClosed()) await page.evaluate('0').catch(() => undefined);
      const fresh = problems.slice(reported);
      reported = problems.length;
      if (fresh.length > 0) {
        throw new Error(`Problems in the browser on ${page.url()}:\n${fresh.map((line) => `  - ${line}`).join('\n')}`);
      }
    },
  });
  openPages.add(testPage);
  const closePage = page.close.bind(page);
  page.close = async (closeOptions) => {
    await page.evaluate('0').catch(() => undefined);
    await closePage(closeOptions);
    await context.close();
    // Its problems are still reported at the end of the test that closed it.
    if (problems.length === reported) openPages.delete(testPage);
  };
  return testPage;
}

/**
 * The browser to test with: CHROMIUM_PATH, else a Chromium or Chrome of the system, else the one that the npm package
 * `@sparticuz/chromium` brings along (Linux on x64).
 *
 * @throws Error that says what to do when there is none
 */
export function findBrowser(): { executablePath: string; env: Record<string, string> } {
  const env = Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const named = process.env['CHROMIUM_PATH'];
  if (named !== undefined && named !== '') {
    if (!isExecutable(named)) throw new Error(`CHROMIUM_PATH=${named} is not a program that can be started.`);
    return { executablePath: named, env };
  }
  const installed = systemBrowsers().find(isExecutable);
  if (installed !== undefined) return { executablePath: installed, env };
  if (process.platform === 'linux' && process.arch === 'x64') return packedBrowser(env);
  throw new Error('No Chromium or Chrome found: install one, or name its program in CHROMIUM_PATH.');
}

function systemBrowsers(): string[] {
  if (process.platform === 'darwin') {
    return [
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    ];
  }
  if (process.platform === 'win32') {
    return ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
      .flatMap((name) => process.env[name] ?? [])
      .flatMap((dir) => [
        join(dir, 'Google', 'Chrome', 'Application', 'chrome.exe'),
        join(dir, 'Chromium', 'Application', 'chrome.exe'),
      ]);
  }
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const dirs = (process.env['PATH'] ?? '').split(delimiter).filter((dir) => dir !== '');
  return names.flatMap((name) => dirs.map((dir) => join(dir, name)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Unpacks the packed Chromium once per version and user (200 MB below the temporary directory, kept for the next run).
 *
 * The package would unpack straight into /tmp, where two processes starting together see half a file. So a child
 * process unpacks into a directory of its own, which then gets its final name in one step. The child is told that it
 * runs on AWS Lambda because only then the package also unpacks the libraries (NSS, expat) a bare system lacks.
 */
function packedBrowser(env: Record<string, string>): { executablePath: string; env: Record<string, string> } {
  const require = createRequire(import.meta.url);
  const packageDir = join(dirname(require.resolve('@sparticuz/chromium')), '..', '..');
  const { version } = require(join(packageDir, 'package.json')) as { version: string };
  const temp = realpathSync(tmpdir());
  const home = join(temp, `chromium-for-tests-${version}-${userInfo().uid}`);

  if (!existsSync(home)) {
    const staging = mkdtempSync(join(temp, 'chromium-unpacking-'));
    try {
      const script = "import('@sparticuz/chromium').then((chromium) => chromium.default.executablePath())";
      const unpacking = spawnSync(process.execPath, ['-e', script], {
        cwd: packageDir,
        env: { ...env, NODE_OPTIONS: '', TMPDIR: staging, AWS_LAMBDA_JS_RUNTIME: 'nodejs20.x' },
        encoding: 'utf8',
      });
      if (unpacking.status !== 0) throw new Error(`Chromium could not be unpacked:\n${unpacking.stderr}`);
      writeFileSync(join(staging, 'fonts.conf'), fontsConfiguration(home));
      renameSync(staging, home);
    } catch (error) {
      rmSync(staging, { recursive: true, force: true });
      // Another process was quicker: its copy is as good as ours.
      if (!existsSync(home)) throw error;
    }
  }

  const executablePath = join(home, 'chromium');
  const missesLibraries = spawnSync(executablePath, ['--version']).status !== 0;
  const libraries = [join(home, 'al2023', 'lib'), env['LD_LIBRARY_PATH']].filter((path) => path !== undefined);
  return {
    executablePath,
    env: {
      ...env,
      FONTCONFIG_FILE: join(home, 'fonts.conf'),
      ...(missesLibraries ? { LD_LIBRARY_PATH: libraries.join(':') } : {}),
    },
  };
}

/** The fonts of the system where there are some, and the packed Open Sans, so that text shows everywhere. */
function fontsConfiguration(home: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${join(home, 'fonts')}</dir>
  <cachedir>${join(home, 'fonts-cache')}</cachedir>
</fontconfig>
`;
}
