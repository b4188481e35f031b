import { expect } from 'chai';
import { newPage, type TestPage } from '../support/chromium.ts';
import { expectValidHtml } from '../support/html.ts';
import {
  answersOf,
  boosted,
  demoOffice,
  DESK_DARK,
  DESK_LIGHT,
  expectSoundPage,
  expectValidAnswer,
  focused,
  freshPages,
  holdATime,
  offeredTimes,
  PHONE_DARK,
  PHONE_LIGHT,
  show,
  type DemoOffice,
  type Screen,
} from './citizen.ts';

const EVERY_SCREEN: readonly Screen[] = [PHONE_LIGHT, PHONE_DARK, DESK_DARK, DESK_LIGHT];

const LANGUAGES = [
  { locale: 'de', prefix: '', screens: EVERY_SCREEN, language: 'German' },
  { locale: 'en', prefix: '/en', screens: [PHONE_DARK], language: 'English' },
] as const;

describe('The citizen’s way in a browser', function () {
  this.timeout(90_000);

  let office: DemoOffice;
  let page: TestPage;

  beforeEach(freshPages);

  before(async () => {
    office = await demoOffice();
  });

  for (const { locale, prefix, screens, language } of LANGUAGES) {
    describe(`in ${language}`, () => {
      let answers: ReturnType<typeof answersOf>;

      before(async () => {
        page = await newPage({ origin: office.origin, locale: locale === 'de' ? 'de-DE' : 'en-GB' });
        page.setDefaultTimeout(10_000);
        answers = answersOf(page);
      });
      after(() => page.close());

      /** A page somebody has reached by a link or a form. */
      async function arrived(label: string, focus = 'h1'): Promise<void> {
        expect(await focused(page), `focus on "${label}"`).to.equal(focus);
        await expectSoundPage(page, label, screens, locale);
        await show(page, DESK_LIGHT);
      }

      async function reached(label: string, path: string): Promise<void> {
        const answer = await page.goto(prefix + path);
        await expectSoundPage(page, label, screens, locale);
        await expectValidHtml((await answer?.text()) ?? '', label);
        await show(page, DESK_LIGHT);
      }

      it('leads from the place to the booked appointment, which can be moved and cancelled', async () => {
        await reached('start', '/');
        await page.fill('#ort', 'Schönberg');
        await boosted(page, () => page.click('.kt-search__button'));
        await arrived('visits');
        await expectValidAnswer(page, 'visits');

        await page.selectOption('#leistung', 'personalausweis');
        await page.locator('.kt-chip--filter', { has: page.locator('[name=frei]') }).click();
        await boosted(page, () => page.click('.kt-filter button'));
        expect(new URL(page.url()).searchParams.get('leistung')).to.equal('personalausweis');
        await expectSoundPage(page, 'visits for a service', screens, locale);
        await show(page, DESK_LIGHT);
        await boosted(page, () =>
          page.click('ol.kt-visits .kt-visit:not(.kt-visit--full) a.kt-visit__link[href*="/leistungen"]'),
        );
        await arrived('services');
        await expectValidAnswer(page, 'services');
        await page.uncheck('#personalausweis');
        await boosted(page, () => page.click('main .kt-actions button'));
        await arrived('services, nothing chosen', '#fehler');
        await expectValidHtml(await answers.last(422), 'services, nothing chosen');
        await page.check('#personalausweis');
        await boosted(page, () => page.click('main .kt-actions button'));
        await arrived('times');
        await expectValidAnswer(page, 'times');

        await boosted(page, () => page.click('main .kt-form > .kt-actions button'));
        await arrived('times, nothing chosen', '#fehler');
        await expectValidHtml(await answers.last(422), 'times, nothing chosen');
        const [wanted = ''] = await offeredTimes(page);
        await office.takeTime(wanted);
        await page.check(`.kt-slot input[value="${wanted}"]`);
        await boosted(page, () => page.click('main .kt-form > .kt-actions button'));
        await arrived('times, just taken', '#fehler');
        await expectValidHtml(await answers.last(409), 'times, just taken');
        expect(await page.locator('.kt-slot__radio:checked').count(), 'times chosen instead of the lost one').to.equal(
          0,
        );
        await page.check('#naechste-0');
        await boosted(page, () => page.click('main .kt-errors button'));
        await arrived('details');
        await expectValidAnswer(page, 'details');

        await page.fill('#vorname', 'Karin');
        await page.check('#weg-email');
        await page.fill('#email', 'karin@');
        await boosted(page, () => page.click('main .kt-form .kt-actions button'));
        await arrived('details with errors', '#fehler');
        expect(await page.inputValue('#vorname')).to.equal('Karin');
        expect(await page.inputValue('#email')).to.equal('karin@');
        await expectValidHtml(await answers.last(422), 'details with errors');
        await page.fill('#nachname', 'Vogel');
        await page.fill('#email', `karin.vogel.${locale}@beispiel.example`);
        await boosted(page, () => page.click('main .kt-form .kt-actions button'));
        await arrived('check');
        await expectValidAnswer(page, 'check');

        await boosted(page, () => page.click('#buchen-form .kt-actions button.kern-btn--primary'));
        await arrived('booked');
        await expectValidAnswer(page, 'booked');
        const bookedPath = new URL(page.url()).pathname;
        expect(bookedPath).to.match(/\/gebucht$/);

        await boosted(page, () => page.click(`main a[href="${bookedPath.replace('/gebucht', '')}"]`));
        await arrived('appointment');
        await expectValidAnswer(page, 'appointment');
        await boosted(page, () => page.click('main a[href$="/verschieben"]'));
        await arrived('move');
        await expectValidAnswer(page, 'move');
        await boosted(page, () => page.click('main .kt-form > .kt-actions button'));
        await arrived('move, nothing chosen', '#fehler');
        await expectValidHtml(await answers.last(422), 'move, nothing chosen');
        const [first = ''] = await offeredTimes(page);
        await office.takeTime(first);
        await page.check(`.kt-slot input[value="${first}"]`);
        await boosted(page, () => page.click('main .kt-form > .kt-actions button'));
        await arrived('move, just taken', '#fehler');
        await expectValidHtml(await answers.last(409), 'move, just taken');
        const free = (await offeredTimes(page)).at(-1) ?? '';
        await page.check(`.kt-slot input[value="${free}"]`);
        await boosted(page, () => page.click('main .kt-form > .kt-actions button'));
        await arrived('moved');
        await expectValidAnswer(page, 'moved');

        await boosted(page, () => page.click('main a[href$="/absage"]'));
        await arrived('cancellation');
        await expectValidAnswer(page, 'cancellation');
        await boosted(page, () => page.click('main form .kern-btn--primary'));
        await arrived('cancelled');
        await expectValidAnswer(page, 'cancelled');
      });

      it('has no barrier beside the way', async () => {
        await reached('venue', '/standorte/schoenberg-gemeindeamt');
        await reached('choice of places', '/besuche?ort=berg');
        await reached('unknown place', '/besuche?ort=xqzwv');
        await reached('place left out', '/besuche?ort=');
        await reached(
          'no visit fits',
          '/besuche?place=5&umkreis=1&tageszeit=nachmittag&stufenfrei=1&frei=1&leistung=eid',
        );
        await reached('lookup', '/termin');
        await boosted(page, () => page.click('main .kt-actions button'));
        await arrived('lookup with errors', '#fehler');
        await expectValidHtml(await answers.last(422), 'lookup with errors');
        await reached('privacy', '/datenschutz');
        await reached('imprint', '/impressum');
        await reached('accessibility', '/barrierefreiheit');
        await reached('easy language', '/leichte-sprache');
        await reached('not found', '/gibt-es-nicht');
        await reached('gone', `/buchen/${'x'.repeat(22)}/angaben`);

        await page.goto(await holdATime(office.origin, prefix));
        await page.fill('#vorname', 'Karin');
        await page.fill('#nachname', 'Vogel');
        await page.check('#weg-ohne');
        await boosted(page, () => page.click('main .kt-form .kt-actions button'));
        await boosted(page, () => page.click('#buchen-form button[formaction]'));
        await arrived('given back');
        await expectValidAnswer(page, 'given back');
      });
    });
  }
});
