import { expect } from 'chai';
import { expectNoAxeViolations } from '../support/axe.ts';
import { newPage, type TestPage } from '../support/chromium.ts';
import { demoOffice, expectNoSidewaysScroll, freshPages, offeredTimes, type DemoOffice } from './citizen.ts';

describe('The citizen’s way without JavaScript', function () {
  this.timeout(60_000);

  let office: DemoOffice;
  let page: TestPage;

  beforeEach(freshPages);

  before(async () => {
    office = await demoOffice();
    page = await newPage({ origin: office.origin, javaScript: false, width: 320, height: 640 });
    page.setDefaultTimeout(10_000);
  });
  after(() => page.close());

  async function arrived(path: RegExp, label: string): Promise<void> {
    expect(new URL(page.url()).pathname, label).to.match(path);
    await expectNoSidewaysScroll(page, label);
    await expectNoAxeViolations(page, label);
  }

  it('leads to an appointment that can be moved and cancelled', async () => {
    await page.goto('/');
    expect(await page.locator('[data-kt-locate]').isVisible(), 'a button that could do nothing').to.equal(false);
    await page.fill('#ort', 'Schönberg');
    await page.click('.kt-search__button');
    await arrived(/^\/besuche$/, 'visits');
    expect(await page.locator('.kt-map').isVisible(), 'an empty map').to.equal(false);

    await page.locator('.kt-chip--filter', { has: page.locator('[name=stufenfrei]') }).click();
    await page.locator('.kt-chip--filter', { has: page.locator('[name=frei]') }).click();
    await page.selectOption('#leistung', 'personalausweis');
    await page.click('.kt-filter button');
    expect(page.url()).to.contain('stufenfrei=1').and.contain('place=');
    await page.click('ol.kt-visits .kt-visit:not(.kt-visit--full) a.kt-visit__link[href*="/leistungen"]');
    await arrived(/^\/buchen\/leistungen$/, 'services');
    await page.check('#personalausweis');
    await page.click('main .kt-actions button');
    await arrived(/^\/buchen\/zeiten$/, 'times');

    const [wanted = ''] = await offeredTimes(page);
    await office.takeTime(wanted);
    await page.check(`.kt-slot input[value="${wanted}"]`);
    await page.click('main .kt-form > .kt-actions button');
    await arrived(/^\/buchen\/zeiten$/, 'times, just taken');
    await page.check('#naechste-0');
    await page.click('main .kt-errors button');
    await arrived(/^\/buchen\/[^/]+\/angaben$/, 'details');

    await page.fill('#vorname', 'Karin');
    await page.click('.kt-hold__extend button[name=von]');
    expect(await page.inputValue('#vorname'), 'typed before the time was extended').to.equal('Karin');
    await page.click('main .kt-form .kt-actions button');
    await arrived(/angaben$/, 'details with errors');
    expect(await page.inputValue('#vorname')).to.equal('Karin');
    await page.fill('#nachname', 'Ohneskript');
    await page.check('#weg-telefon');
    await page.fill('#telefon', '03764 12345');
    await page.click('main .kt-form .kt-actions button');
    await arrived(/pruefen$/, 'check');

    await page.click('#buchen-form .kt-actions button.kern-btn--primary');
    await arrived(/^\/termin\/[^/]+\/gebucht$/, 'booked');
    expect(await page.locator('[data-kt-print], [data-kt-copy]').evaluateAll((all) => all.length)).to.equal(2);
    expect(await page.locator('[data-kt-print]').isVisible(), 'a button that could do nothing').to.equal(false);
    expect(await page.locator('[data-kt-copy]').isVisible(), 'a button that could do nothing').to.equal(false);
    const reference = (await page.locator('.kt-ticket__ref').innerText()).replace(/\s+/g, ' ').trim();

    await page.goto('/termin');
    await page.fill('#vorgangsnummer', reference.toLowerCase());
    await page.fill('#familienname', 'ohneskript');
    await page.click('main .kt-actions button');
    await arrived(/^\/termin\/[^/]+$/, 'appointment');

    await page.click('main a[href$="/verschieben"]');
    await arrived(/verschieben$/, 'move');
    const [, other = ''] = await offeredTimes(page);
    await page.check(`.kt-slot input[value="${other}"]`);
    await page.click('main .kt-form > .kt-actions button');
    expect(page.url()).to.contain('verschoben=1');
    await arrived(/^\/termin\/[^/]+$/, 'moved');
    expect((await page.locator('.kt-ticket__ref').innerText()).replace(/\s+/g, ' ').trim()).to.equal(reference);

    await page.click('main a[href$="/absage"]');
    await arrived(/absage$/, 'cancellation');
    await page.click('main form .kern-btn--primary');
    expect(page.url()).to.contain('abgesagt=1');
    await arrived(/^\/termin\/[^/]+$/, 'cancelled');
  });
});
