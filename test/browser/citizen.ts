import { expect } from 'chai';
import type { Response } from 'playwright-core';
import type { Instant } from '../../server/domain/time.ts';
import { startDemoApp, type RunningApp } from '../support/app.ts';
import { expectNoAxeViolations } from '../support/axe.ts';
import type { TestPage } from '../support/chromium.ts';
import { expectValidHtml } from '../support/html.ts';
import { OFFICE_ZONE } from '../support/officeFixture.ts';
import { closeAtEnd } from '../support/rootHooks.ts';
import { createVisitor } from '../support/visitor.ts';

/** The office as the journeys see it: the demonstration on a Tuesday morning, with a clock that tests can put forward. */
export interface DemoOffice extends RunningApp {
  /** @param milliseconds how much later it is all at once */
  wait(milliseconds: number): void;
  /** Appointments somebody can come to. */
  countBooked(): Promise<number>;
  /** Has somebody else hold a time for an identity card until every counter has it taken. */
  takeTime(time: string): Promise<void>;
}

const TUESDAY_MORNING = OFFICE_ZONE.instantAt('2026-11-24', 8 * 60);
const COUNTERS = 3;
/** After so many milliseconds every page shows what was booked meanwhile. */
const ALL_PAGES_FRESH = 1_001;

let office: Promise<DemoOffice> | undefined;

/** One office for all journeys of this process, closed after the last test. */
export function demoOffice(): Promise<DemoOffice> {
  office ??= open();
  return office;
}

/** So that no page shows a time which an earlier test has taken. */
export async function freshPages(): Promise<void> {
  (await demoOffice()).wait(ALL_PAGES_FRESH);
}

async function open(): Promise<DemoOffice> {
  let ahead = TUESDAY_MORNING - Date.now();
  const now = (): Instant => Date.now() + ahead;
  const wait = (milliseconds: number): void => void (ahead += milliseconds);
  const app = await startDemoApp({ now });
  const visitor = createVisitor(app.origin);
  closeAtEnd(async () => {
    visitor.close();
    await app.stop();
  });
  return {
    ...app,
    wait,
    async countBooked() {
      const [row] = await app.office.database.reader('appointments').where('state', 'confirmed').count({ count: '*' });
      return Number(row?.['count']);
    },
    async takeTime(time) {
      const [halt] = time.split('.');
      for (let counter = 1; counter <= COUNTERS; counter += 1) {
        await visitor.post(`/buchen/zeiten?leistung=personalausweis&halt=${halt ?? ''}`, { zeit: time });
      }
      wait(ALL_PAGES_FRESH);
    },
  };
}

/** What a page may need to be right, on every screen. */
export interface Screen {
  width: number;
  height: number;
  colorScheme: 'light' | 'dark';
}

export const PHONE_LIGHT: Screen = { width: 320, height: 640, colorScheme: 'light' };
export const PHONE_DARK: Screen = { width: 320, height: 640, colorScheme: 'dark' };
export const DESK_LIGHT: Screen = { width: 1280, height: 900, colorScheme: 'light' };
export const DESK_DARK: Screen = { width: 1280, height: 900, colorScheme: 'dark' };

export async function show(page: TestPage, { width, height, colorScheme }: Screen): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.setViewportSize({ width, height });
}

/** Nothing stands out on the right: elements that scroll by themselves are left out. */
export async function expectNoSidewaysScroll(page: TestPage, label: string): Promise<void> {
  const found = await page.withScriptsAllowed(() =>
    page.evaluate<{ excess: number; widest: string[] }>(`(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      const widest = [...document.querySelectorAll('body *')]
        .filter((element) => element.getBoundingClientRect().right > clientWidth + 1)
        .map((element) => element.tagName + '.' + element.className).slice(0, 8);
      return { excess: scrollWidth - clientWidth, widest: scrollWidth > clientWidth ? widest : [] };
    })()`),
  );
  expect(found, `"${label}" scrolls sideways at ${page.viewportSize()?.width ?? 0} px`).to.deep.equal({
    excess: 0,
    widest: [],
  });
}

/** A title of its own, exactly one h1, the language of its text; on every screen no scrolling sideways and no barrier. */
export async function expectSoundPage(
  page: TestPage,
  label: string,
  screens: readonly Screen[],
  locale: 'de' | 'en' = 'de',
): Promise<void> {
  const office = locale === 'de' ? 'Bürgerkoffer Meerane und Schönberg' : 'Bürgerkoffer Meerane and Schönberg';
  const headings = await page.locator('h1').allTextContents();
  expect(headings, `h1 of "${label}"`).to.have.length(1);
  const [title = '', owner] = (await page.title()).split(' – ');
  expect(title.trim(), `title of "${label}"`).to.not.equal('');
  expect(owner, `title of "${label}"`).to.equal(office);
  expect(await page.getAttribute('html', 'lang'), `language of "${label}"`).to.equal(locale);
  for (const screen of screens) {
    await show(page, screen);
    const where = `${label}, ${locale}, ${screen.width} px, ${screen.colorScheme}`;
    await expectNoSidewaysScroll(page, where);
    await expectNoAxeViolations(page, where);
  }
}

/** The page as the server sends it: scripts add what validators frown upon. */
export async function expectValidAnswer(page: TestPage, label: string): Promise<void> {
  const answer = await fetch(page.url());
  await expectValidHtml(await answer.text(), label);
}

/**
 * Does something that changes the page without loading it anew, and waits until the new content stands.
 *
 * @throws Error when the whole page is loaded instead
 */
export async function boosted(page: TestPage, act: () => Promise<unknown>): Promise<void> {
  await page.evaluate(`void (window.ktSwapped = new Promise((resolve) => {
    document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
      requestAnimationFrame(() => setTimeout(() => resolve(ctx.response?.raw?.status ?? 0), 0));
    }, { once: true });
  }))`);
  await act();
  await page.evaluate(`window.ktSwapped`);
}

/** What has the focus: `h1`, `#fehler`, `a.kt-chip` … */
export function focused(page: TestPage): Promise<string> {
  return page.evaluate<string>(`(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return 'nothing';
    return element.id ? '#' + element.id : element.tagName.toLowerCase() === 'h1' ? 'h1' : element.outerHTML.slice(0, 120);
  })()`);
}

/** Answers to forms as the server sends them. */
export function answersOf(page: TestPage): { last(status: number): Promise<string> } {
  const answers: Response[] = [];
  page.on('response', (response) => {
    if (response.request().method() === 'POST') answers.push(response);
  });
  return {
    async last(status) {
      const answer = answers.at(-1);
      expect(answer?.status(), answer?.url()).to.equal(status);
      return (await answer?.text()) ?? '';
    },
  };
}

/** Values of the times that a page offers. */
export function offeredTimes(page: TestPage): Promise<string[]> {
  return page
    .locator('.kt-slot input[name=zeit]')
    .evaluateAll((inputs) => inputs.map((input) => (input as HTMLInputElement).value));
}

/** Holds a time for an identity card without a browser. @returns the path of the page that asks for the details */
export async function holdATime(origin: string, prefix: '' | '/en' = '', stop = 0): Promise<string> {
  const visitor = createVisitor(origin);
  await freshPages();
  try {
    const visits = await visitor.get(`${prefix}/besuche?place=5&frei=1&leistung=personalausweis`);
    const href = visits.$('ol.kt-visits a.kt-visit__link[href*="/leistungen"]').eq(stop).attr('href') ?? '';
    const halt = new URL(href, origin).searchParams.get('halt') ?? '';
    const times = await visitor.get(`${prefix}/buchen/zeiten?leistung=personalausweis&halt=${halt}&place=5`);
    const time = times.$('.kt-slot input[name=zeit]').first().attr('value') ?? '';
    const held = await visitor.submit(times, { zeit: time });
    expect(held.status, `holding ${time} of ${href}`).to.equal(303);
    await freshPages();
    return held.location ?? '';
  } finally {
    visitor.close();
  }
}

/** As far as the page that asks to check. @returns its path */
export async function readyToBook(origin: string, prefix: '' | '/en' = ''): Promise<string> {
  const details = await holdATime(origin, prefix);
  const visitor = createVisitor(origin);
  try {
    const saved = await visitor.post(details, { vorname: 'Karin', nachname: 'Vogel', weg: 'ohne' });
    expect(saved.status).to.equal(303);
    return saved.location ?? '';
  } finally {
    visitor.close();
  }
}

/** Books. @returns the path of the booked appointment, `/termin/REFERENCE-secret` */
export async function bookATime(origin: string, prefix: '' | '/en' = ''): Promise<string> {
  const check = await readyToBook(origin, prefix);
  const visitor = createVisitor(origin);
  try {
    const booked = await visitor.post(check, {});
    expect(booked.status).to.equal(303);
    return (booked.location ?? '').replace(/\/gebucht$/, '');
  } finally {
    visitor.close();
  }
}
