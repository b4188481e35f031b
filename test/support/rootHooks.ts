/**
 * Cleaning up what the support files start (a database server, a browser, temporary directories).
 *
 * Twice, because a run can end in two ways: Mocha's root hook `after` closes everything gently, and should the process
 * be stopped earlier (Ctrl+C, SIGTERM, an exception outside a test), the `exit` listener does it without waiting.
 */

const atEnd: (() => Promise<void> | void)[] = [];
const atExit: (() => void)[] = [];
const checksAfterEachTest: (() => Promise<void>)[] = [];

/**
 * Registers `close`, run once after the last test of this process, in reverse order of registration.
 *
 * Outside Mocha (scripts such as `checkHtml.ts`) call `cleanUp()` yourself.
 */
export function closeAtEnd(close: () => Promise<void> | void): void {
  atEnd.unshift(close);
}

/**
 * Registers `close`, run synchronously when the process exits, also on SIGINT, SIGTERM and SIGHUP.
 *
 * It must do no harm when `closeAtEnd` has closed everything before.
 */
export function closeAtExit(close: () => void): void {
  atExit.unshift(close);
}

/** Runs `check` at the end of every test; what it throws fails this very test, not a hook. Only works inside Mocha. */
export function checkAfterEachTest(check: () => Promise<void>): void {
  checksAfterEachTest.push(check);
}

/** Closes everything registered by `closeAtEnd`; the first error is thrown after all have been tried. */
export async function cleanUp(): Promise<void> {
  const errors: unknown[] = [];
  for (const close of atEnd.splice(0)) {
    try {
      await close();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}

process.on('exit', () => {
  for (const close of atExit.splice(0)) {
    try {
      close();
    } catch (error) {
      console.error(error);
    }
  }
});

const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };
for (const [signal, code] of Object.entries(exitCodes)) {
  process.once(signal, () => process.exit(code));
}

async function runChecks(): Promise<void> {
  for (const check of checksAfterEachTest) await check();
}

if (typeof globalThis.after === 'function') {
  const wrapped = new WeakSet<object>();

  globalThis.beforeEach(function () {
    const test = this.currentTest;
    const run = test?.fn as ((this: unknown) => unknown) | undefined;
    if (test === undefined || run === undefined || run.length > 0 || wrapped.has(test)) return;
    wrapped.add(test);
    test.fn = async function (this: unknown) {
      try {
        await run.call(this);
      } catch (error) {
        // What the check finds often is the cause, and must not fall on the next test.
        const alsoFound = await runChecks().then(
          () => '',
          (found: unknown) => `\n\n${String(found)}`,
        );
        if (error instanceof Error) error.message += alsoFound;
        throw error;
      }
      await runChecks();
    };
  });

  globalThis.after('closing what the tests started', async function () {
    this.timeout(60_000);
    await cleanUp();
  });
}
