import { expect } from 'chai';
import { newPage, type PageOptions, type TestPage } from '../support/chromium.ts';
import { boosted, demoOffice, bookATime, focused, holdATime, readyToBook, type DemoOffice } from './citizen.ts';

const BOOK = '#buchen-form .kt-actions button.kern-btn--primary';

describe('What JavaScript adds for citizens', function () {
  this.timeout(30_000);

  let office: DemoOffice;
  const pages: TestPage[] = [];

  before(async () => {
    office = await demoOffice();
  });
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.close();
  });

  async function open(path: string, options: Partial<PageOptions> = {}): Promise<TestPage> {
    const page = await blank(options);
    await page.goto(path);
    return page;
  }

  async function blank(options: Partial<PageOptions> = {}): Promise<TestPage> {
    const page = await newPage({ origin: office.origin, ...options });
    pages.push(page);
    page.setDefaultTimeout(10_000);
    return page;
  }

  const spoken = (page: TestPage): Promise<string> =>
    page.evaluate<string>(`document.querySelector('#meldungen [data-kt-announcement]')?.textContent ?? ''`);

  describe('the time held', () => {
    it('is counted down, and said at five, two and one minutes and at the end only', async () => {
      const path = await holdATime(office.origin);
      const page = await blank();
      await page.clock.install();
      await page.goto(path);
      const left = page.locator('[data-kt-countdown]');
      await page.clock.runFor(2_000);
      expect(await left.textContent()).to.match(/^Noch\s(10:00|9:5\d)\sMinuten$/);
      await page.clock.runFor(60_000);
      expect(await left.textContent()).to.match(/^Noch\s8:5\d\sMinuten$/);
      expect(await spoken(page)).to.equal('');
      await page.clock.runFor(4 * 60_000);
      expect(await spoken(page)).to.equal('Ihre Zeit ist noch 5 Minuten reserviert.');
      await page.clock.runFor(3 * 60_000);
      expect(await spoken(page)).to.equal('Ihre Zeit ist noch 2 Minuten reserviert.');
      await page.clock.runFor(60_000);
      expect(await spoken(page)).to.equal('Ihre Zeit ist noch eine Minute reserviert.');
      expect(await page.locator('[data-kt-countdown-expired]').isVisible()).to.equal(false);
      await page.clock.runFor(60_000);
      expect(await spoken(page)).to.equal('Ihre Reservierung ist abgelaufen.');
      expect(await left.textContent()).to.equal('Die Zeit ist abgelaufen.');
      expect(await page.locator('[data-kt-countdown-expired]').isVisible()).to.equal(true);
    });

    it('is held longer at one click, and what was typed stays', async () => {
      const page = await open(await holdATime(office.origin));
      await page.fill('#vorname', 'Karin');
      await page.fill('#nachname', 'Vogel');
      await page.check('#weg-email');
      await page.fill('#email', 'karin@');
      const before = await page.getAttribute('[data-kt-countdown]', 'data-kt-countdown');
      office.wait(4 * 60_000);
      await boosted(page, () => page.click('.kt-hold__extend button[name=von]'));
      const after = await page.getAttribute('[data-kt-countdown]', 'data-kt-countdown');
      expect(Date.parse(after ?? '') - Date.parse(before ?? '')).to.be.within(4 * 60_000, 5 * 60_000);
      expect(await page.inputValue('#vorname')).to.equal('Karin');
      expect(await page.inputValue('#nachname')).to.equal('Vogel');
      expect(await page.isChecked('#weg-email')).to.equal(true);
      expect(await page.inputValue('#email')).to.equal('karin@');
      expect(await page.locator('.kt-notice--success').isVisible()).to.equal(true);
      const said = page.locator('#meldungen [data-kt-announcement]', { hasText: 'für Sie frei gehalten' });
      await said.waitFor({ state: 'attached' });
      expect(await said.count()).to.equal(1);
    });
  });

  it('the sum is told while somebody chooses', async () => {
    const page = await open('/besuche?leistung=personalausweis&frei=1');
    await boosted(page, () => page.click('ol.kt-visits a.kt-visit__link[href*="/leistungen"]'));
    const sum = page.locator('[data-kt-sum]');
    expect(await sum.getAttribute('role')).to.equal('status');
    await page.check('#personalausweis');
    const one = await sum.innerText();
    expect(one).to.contain('46,00');
    await page.selectOption('#personen-personalausweis', '2');
    expect(await sum.innerText()).to.contain('92,00');
    await page.uncheck('#personalausweis');
    expect(await sum.isVisible()).to.equal(false);
  });

  describe('booking', () => {
    it('happens once when somebody clicks twice', async () => {
      const page = await open(await readyToBook(office.origin));
      const before = await office.countBooked();
      let sent = 0;
      page.on('request', (request) => (sent += request.method() === 'POST' ? 1 : 0));
      await boosted(page, () => page.dblclick(BOOK));
      expect(page.url()).to.match(/\/gebucht$/);
      expect(await office.countBooked()).to.equal(before + 1);
      expect(sent, 'requests').to.equal(1);
    });

    for (const javaScript of [true, false]) {
      it(`happens once when somebody goes back and presses again, ${javaScript ? 'with' : 'without'} JavaScript`, async () => {
        const check = await readyToBook(office.origin);
        const page = await open(check, { javaScript });
        const before = await office.countBooked();
        await page.click(BOOK);
        await page.waitForURL(/\/gebucht$/);
        const booked = page.url();
        const reference = await page.locator('.kt-ticket__ref').innerText();
        if (javaScript) await boosted(page, () => page.goBack());
        else await page.goBack();
        // Either the page to check stands there once more, or at once the appointment it led to.
        await page.locator(`${BOOK}, .kt-ticket__ref`).waitFor();
        if (await page.locator(BOOK).isVisible()) {
          await page.click(BOOK);
          await page.waitForURL(booked);
        }
        expect(await page.locator('.kt-ticket__ref').innerText()).to.equal(reference);
        expect(await office.countBooked()).to.equal(before + 1);
      });
    }

    it('happens once from two tabs, and both show the same appointment', async () => {
      const check = await readyToBook(office.origin);
      const tabs = [await open(check), await open(check)] as const;
      const before = await office.countBooked();
      await Promise.all(tabs.map((tab) => boosted(tab, () => tab.click(BOOK))));
      for (const tab of tabs) expect(tab.url()).to.match(/\/gebucht$/);
      expect(tabs[0].url()).to.equal(tabs[1].url());
      expect(await office.countBooked()).to.equal(before + 1);
    });
  });

  describe('moving about', () => {
    it('brings the title and the mark of the menu up to date without loading the page anew', async () => {
      const page = await open('/');
      await page.evaluate('window.ktSamePage = true');
      const marked = page.locator('.kt-nav [aria-current]');
      expect(await marked.count()).to.equal(0);
      await boosted(page, () => page.click('.kt-nav a >> nth=0'));
      expect(await page.title()).to.match(/^Alle Besuche – /);
      expect(await marked.allInnerTexts()).to.deep.equal(['Besuche']);
      await boosted(page, () => page.click('.kt-nav a >> nth=1'));
      expect(await marked.allInnerTexts()).to.deep.equal(['Mein Termin']);
      expect(await page.getAttribute('.kt-lang a', 'href')).to.equal('/en/termin');
      await boosted(page, () => page.goBack());
      expect(await page.title()).to.match(/^Alle Besuche – /);
      expect(await marked.allInnerTexts()).to.deep.equal(['Besuche']);
      expect(await page.evaluate('window.ktSamePage')).to.equal(true);
    });

    it('keeps the page when the language is changed', async () => {
      const page = await open('/besuche?place=5&stufenfrei=1');
      await page.click('.kt-lang a');
      await page.waitForURL('**/en/besuche?place=5&stufenfrei=1');
      expect(await page.getAttribute('html', 'lang')).to.equal('en');
      expect(await page.isChecked('[name=stufenfrei]')).to.equal(true);
      await page.goto(await holdATime(office.origin));
      const path = new URL(page.url()).pathname;
      await page.click('.kt-lang a');
      await page.waitForURL(`**/en${path}`);
      expect(await page.textContent('h1')).to.not.equal('');
    });
  });

  describe('the map', () => {
    it('shows the visits on neutral ground when there are no tiles, and leads to the list', async () => {
      const page = await open('/besuche?place=5', { width: 1280 });
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      const marker = page.locator('a.kt-marker').first();
      await marker.waitFor();
      await page.waitForLoadState('networkidle');
      expect(asked.filter((url) => url.includes('/tiles/'))).to.deep.equal([]);
      const target = (await marker.getAttribute('href')) ?? '';
      await marker.focus();
      await page.keyboard.press('Enter');
      expect(await page.evaluate(`document.activeElement.closest('.kt-visit')?.id`)).to.equal(target.slice(1));
    });

    it('names places only where the whole name is seen, on a phone too', async () => {
      for (const width of [320, 768, 1280]) {
        const page = await open('/besuche?place=5', { width });
        await page.locator('.kt-map').scrollIntoViewIfNeeded();
        await page.locator('a.kt-marker').first().waitFor();
        const cutOff = await page.evaluate<string[]>(`(() => {
          const map = document.querySelector('.kt-map').getBoundingClientRect();
          return [...document.querySelectorAll('.kt-place:not(.kt-place--hidden)')].filter((name) => {
            const { left, right } = name.getBoundingClientRect();
            return left < map.left - 1 || right > map.right + 1;
          }).map((name) => name.textContent);
        })()`);
        expect(cutOff, `${width} px`).to.deep.equal([]);
      }
    });

    it('shows the visits of the new list after a filter', async () => {
      const page = await open('/besuche?place=5', { width: 1280 });
      await page.locator('a.kt-marker').first().waitFor();
      await page.locator('.kt-chip--filter', { has: page.locator('[name=tageszeit]') }).click();
      await boosted(page, () => page.click('.kt-filter button'));
      await page.locator('a.kt-marker').first().waitFor();
      expect(await page.locator('.kt-map').count()).to.equal(1);
      const labels = (await page.locator('a.kt-marker').allInnerTexts()).flatMap((label) => label.split(', '));
      const listed = await page.locator('ol.kt-visits .kt-visit').count();
      expect(labels.map(Number).sort((a, b) => a - b)).to.deep.equal(Array.from({ length: listed }, (_, i) => i + 1));
    });
  });

  describe('the booked appointment', () => {
    it('can be printed, and its number copied', async () => {
      const page = await blank();
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await page.goto(`${await bookATime(office.origin)}/gebucht`);
      expect(await page.locator('[data-kt-print]').isVisible()).to.equal(true);
      await page.evaluate('window.print = () => { window.ktPrinted = true; }');
      await page.click('[data-kt-print]');
      expect(await page.evaluate('window.ktPrinted')).to.equal(true);
      await page.click('[data-kt-copy]');
      await page.locator('[data-kt-announcement]', { hasText: 'kopiert' }).waitFor({ state: 'attached' });
      const shown = (await page.locator('.kt-ticket__ref').innerText()).replace(/\s+/g, ' ').trim();
      expect(await page.evaluate('navigator.clipboard.readText()')).to.equal(shown);
    });
  });

  describe('the field for the place', () => {
    it('suggests what was meant in spite of a typing error', async () => {
      const page = await open('/');
      await page.locator('#ort').pressSequentially('Schnöberg');
      await page.waitForSelector('.kt-suggest__option');
      expect(await page.locator('.kt-suggest__option').first().innerText()).to.contain('Schönberg');
      await page.keyboard.press('Escape');
      expect(await page.locator('.kt-suggest__list').isVisible()).to.equal(false);
      expect(await page.inputValue('#ort')).to.equal('Schnöberg');
    });

    it('is not needed by those who allow their position', async () => {
      const page = await blank();
      await page.context().grantPermissions(['geolocation']);
      await page.context().setGeolocation({ latitude: 50.8631, longitude: 12.5151 });
      await page.goto('/');
      await page.click('[data-kt-locate]');
      await page.waitForURL(/\/besuche\?/);
      expect(await page.locator('ol.kt-visits .kt-visit').count()).to.be.greaterThan(0);
      expect(await page.locator('.kt-nearest').innerText()).to.contain('Schönberg');
    });

    it('is pointed out to those who do not', async () => {
      const page = await open('/');
      await page.context().clearPermissions();
      await page.click('[data-kt-locate]');
      const denied = await page.getAttribute('[data-kt-locate]', 'data-error-denied');
      await page.locator('#standort-meldung', { hasText: denied ?? '' }).waitFor();
      expect(await focused(page)).to.not.equal('nothing');
    });
  });
});
