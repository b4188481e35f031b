import { expect } from 'chai';
import { newPage, type TestPage } from '../support/chromium.ts';
import { bookATime, demoOffice, expectNoSidewaysScroll, holdATime, readyToBook, type DemoOffice } from './citizen.ts';

const LONGEST_WAY = 150;

/** Where the element with the focus lies, and what lies over it. */
const PLACE_OF_FOCUS = `(() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const shown = element.closest('label') ?? element;
  const { top, bottom, left, right } = shown.getBoundingClientRect();
  const [upper, lower] = [Math.max(0, top), Math.min(innerHeight, bottom)];
  const x = Math.min(innerWidth - 2, Math.max(1, (Math.max(0, left) + Math.min(innerWidth, right)) / 2));
  const over = document.elementFromPoint(x, (upper + lower) / 2);
  const sticky = over && !shown.contains(over) && !over.contains(shown)
    ? [over, ...function* () { for (let up = over; up; up = up.parentElement) yield up; }()]
        .find((part) => ['sticky', 'fixed'].includes(getComputedStyle(part).position))
    : undefined;
  return {
    name: element.id || element.outerHTML.slice(0, 100),
    seen: lower - upper >= Math.min(16, bottom - top),
    coveredBy: sticky ? sticky.className : '',
  };
})()`;

interface Place {
  name: string;
  seen: boolean;
  coveredBy: string;
}

describe('Text four times as large (320 × 256 CSS pixels are 1280 × 1024 at 400 %)', function () {
  this.timeout(60_000);

  let office: DemoOffice;
  let page: TestPage;

  before(async () => {
    office = await demoOffice();
    page = await newPage({ origin: office.origin, width: 320, height: 256 });
  });
  after(() => page.close());

  it('leaves every page usable: nothing to scroll sideways, the focus always in sight', async () => {
    const booked = await bookATime(office.origin);
    const services = '/buchen/leistungen?halt=9&place=5';
    const times = '/buchen/zeiten?leistung=personalausweis&place=5';
    const check = await readyToBook(office.origin);
    const paths = ['/', '/besuche?place=5', services, times, await holdATime(office.origin), check, '/termin', booked];
    for (const prefix of ['', '/en']) {
      for (const path of prefix === '' ? paths : paths.slice(0, 4)) {
        await page.goto(prefix + path);
        await expectNoSidewaysScroll(page, prefix + path);
        for (let presses = 0; presses < LONGEST_WAY; presses += 1) {
          await page.keyboard.press('Tab');
          const place = await page.evaluate<Place | null>(PLACE_OF_FOCUS);
          if (place === null) break;
          expect(place, `the focus on ${prefix}${path}`).to.deep.equal({ name: place.name, seen: true, coveredBy: '' });
        }
      }
    }
  });

  it('leaves the rest readable without scrolling sideways', async () => {
    const booked = await bookATime(office.origin);
    for (const path of [
      '/standorte/schoenberg-gemeindeamt',
      '/besuche?ort=berg',
      `${booked}/gebucht`,
      `${booked}/verschieben`,
      `${booked}/absage`,
      '/datenschutz',
      '/impressum',
      '/barrierefreiheit',
      '/leichte-sprache',
      '/gibt-es-nicht',
    ]) {
      await page.goto(path);
      await expectNoSidewaysScroll(page, path);
      await page.goto(`/en${path}`);
      await expectNoSidewaysScroll(page, `/en${path}`);
    }
  });
});
