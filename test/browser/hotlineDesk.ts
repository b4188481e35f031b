import type { RunningApp } from '../support/app.ts';
import { newPage, type PageOptions, type TestPage } from '../support/chromium.ts';
import { insertUser, sessionCookie } from '../support/staff.ts';
import { SESSION_COOKIE } from '../../server/web/session.ts';

/** The workplace of an agent of the 115 hotline in a browser. */

export const DESK = '/intern/115';

/** A new agent, signed in, in a browser of their own; no page is open yet. */
export async function agentPage(app: RunningApp, now: number, options: Partial<PageOptions> = {}): Promise<TestPage> {
  const { database } = app.office;
  const { id } = await insertUser(database, ['hotline']);
  const page = await newPage({ origin: app.origin, width: 1280, height: 900, ...options });
  page.setDefaultTimeout(10_000);
  const [, value = ''] = (await sessionCookie(database, id, { now })).split(/=(.*)/s);
  await page.context().addCookies([{ name: SESSION_COOKIE, value, url: app.origin }]);
  return page;
}

/** Waits until the results belong to this text. */
export async function answered(page: TestPage, query: string): Promise<void> {
  await page.locator(`#ergebnis[data-kt-query="${query}"]`).waitFor();
}

/** Types into the search box and waits for the answer. */
export async function search(page: TestPage, query: string): Promise<void> {
  await page.locator('#suche').fill(query);
  await answered(page, query);
}

/** The keyboard with a counter: what an agent's hands do. */
export function countedKeys(page: TestPage) {
  let count = 0;
  return {
    get count(): number {
      return count;
    },
    async press(key: string): Promise<void> {
      count += 1;
      await page.keyboard.press(key);
    },
    async type(text: string): Promise<void> {
      count += text.length;
      await page.keyboard.type(text);
    },
    /** The caller's own name: the agent has to type it whatever the program is like. */
    async typeName(name: string): Promise<void> {
      await page.keyboard.type(name);
    },
  };
}

/** The sentence in the line at the foot. */
export function message(page: TestPage, text: string | RegExp) {
  return page.locator('[data-kt-call-message]', { hasText: text });
}
