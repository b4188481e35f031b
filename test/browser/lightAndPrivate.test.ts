import { expect } from 'chai';
import { newPage, type TestPage } from '../support/chromium.ts';
import { bookATime, demoOffice, holdATime, readyToBook, type DemoOffice } from './citizen.ts';

/** Bytes over the wire on a first visit; 150 kB as browsers count them. */
const MOST_BYTES = 150_000;

describe('What a citizen’s browser has to fetch and to keep', function () {
  this.timeout(60_000);

  let office: DemoOffice;
  let page: TestPage;

  before(async () => {
    office = await demoOffice();
  });
  beforeEach(async () => {
    page = await newPage({ origin: office.origin, width: 1280 });
  });
  afterEach(() => page.close());

  it('is asked of our own origin only, and leaves no cookie and nothing stored', async () => {
    const booked = await bookATime(office.origin);
    const paths = [
      '/',
      '/besuche?place=5',
      '/besuche?ort=berg',
      '/standorte/schoenberg-gemeindeamt',
      '/buchen/zeiten?leistung=personalausweis&place=5',
      await holdATime(office.origin),
      await readyToBook(office.origin),
      `${booked}/gebucht`,
      booked,
      `${booked}/verschieben`,
      `${booked}/absage`,
      '/termin',
      '/datenschutz',
      '/impressum',
      '/barrierefreiheit',
      '/leichte-sprache',
      '/gibt-es-nicht',
    ];
    for (const path of paths) {
      await page.goto(path);
      if (await page.locator('.kt-map').count()) {
        await page.locator('.kt-map').scrollIntoViewIfNeeded();
        await page.locator('.kt-marker').first().waitFor({ state: 'attached' });
      }
      expect(page.foreignRequests, path).to.deep.equal([]);
      expect(page.problems, path).to.deep.equal([]);
    }
    expect(await page.context().cookies()).to.deep.equal([]);
    expect(await page.evaluate('localStorage.length')).to.equal(0);
    for (const kept of await page.evaluate<string[]>('Object.keys(sessionStorage)')) {
      expect(await page.evaluate(`sessionStorage.getItem(${JSON.stringify(kept)})`), kept).to.not.contain('Vogel');
    }
  });

  it('weighs little on a first visit', async () => {
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Network.setCacheDisabled', { cacheDisabled: true });
    const urls = new Map<string, string>();
    let bytes = new Map<string, number>();
    session.on('Network.requestWillBeSent', ({ requestId, request }) => void urls.set(requestId, request.url));
    session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      const url = new URL(urls.get(requestId) ?? 'about:blank');
      bytes.set(url.pathname, encodedDataLength);
    });
    const halt = new URL(await firstBookable(), office.origin).search;
    for (const path of [
      '/',
      '/besuche?place=5',
      `/buchen/leistungen${halt}`,
      `/buchen/zeiten${halt}&leistung=personalausweis`,
    ]) {
      bytes = new Map();
      await page.goto(path);
      await page.waitForLoadState('networkidle');
      const counted = [...bytes].filter(([url]) => !url.includes('leaflet'));
      const total = counted.reduce((sum, [, size]) => sum + size, 0);
      const list = counted.map(([url, size]) => `${size} ${url}`).join('\n');
      expect(total, `${path}\n${list}`).to.be.within(10_000, MOST_BYTES);
    }
  });

  async function firstBookable(): Promise<string> {
    await page.goto('/besuche?place=5&frei=1&leistung=personalausweis');
    return (
      (await page.locator('ol.kt-visits a.kt-visit__link[href*="/leistungen"]').first().getAttribute('href')) ?? ''
    );
  }
});
