import { expect } from 'chai';
import QRCode from 'qrcode';
import { startDemoApp, type RunningApp } from '../support/app.ts';
import { expectNoAxeViolations } from '../support/axe.ts';
import { newPage, type TestPage } from '../support/chromium.ts';
import { modulesOf } from '../support/qrModules.ts';
import { expectNoSidewaysScroll } from './citizen.ts';

/** Sunday, 22 November 2026, 11:00 in Meerane. */
const SUNDAY = Date.parse('2026-11-22T10:00:00Z');
/** What the paper has inside its margins of 8 mm, at 96 dpi: 194 and 281 mm. */
const SHEET = { width: 733, height: 1062 };

const VENUE_POSTER = '/standorte/meerane-stadtbibliothek/aushang';
const MUNICIPALITY_POSTER = '/fahrplan/meerane/aushang';
const PUBLIC_PAGES = ['/fahrplan', '/fahrplan/meerane', VENUE_POSTER, MUNICIPALITY_POSTER];

/** Pages of a PDF as Chromium writes it. */
function pagesOf(pdf: Buffer): number {
  return pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
}

/** The code as it stands on the page, read as a camera would: the outline, then the modules of what it should say. */
async function expectCodeLeadsTo(page: TestPage, address: string): Promise<void> {
  const svg = page.locator('svg.kt-poster__qr');
  const size = Number((await svg.getAttribute('viewBox'))?.split(' ')[2]);
  const dark = modulesOf((await svg.locator('.kt-poster__qr-dark').getAttribute('d')) ?? '', size);
  const { modules } = QRCode.create(address, { errorCorrectionLevel: 'M' });
  expect(size).to.equal(modules.size + 8);
  const expected = Array.from({ length: modules.size }, (_, y) =>
    Array.from({ length: modules.size }, (__, x) => modules.get(y, x) === 1),
  );
  expect(dark.slice(4, -4).map((row) => row.slice(4, -4))).to.deep.equal(expected);
}

/** Names of the parts that lie outside the sheet, or of which a line is cut. */
async function cutParts(page: TestPage): Promise<string[]> {
  await page.setViewportSize(SHEET);
  await page.emulateMedia({ media: 'print' });
  return page.withScriptsAllowed(() =>
    page.evaluate(() => {
      const bottom = document.querySelector('.kt-poster')!.getBoundingClientRect().bottom + 0.5;
      const parts = [...document.querySelectorAll('.kt-poster__body > *, .kt-poster__date, .kt-poster__call')];
      const outside = parts.filter((part) => part.getBoundingClientRect().bottom > bottom);
      const cut = [...document.querySelectorAll('.kt-bring__item')].filter((item) => {
        const lists = item.closest('.kt-poster__cols')!.getBoundingClientRect();
        return item.getBoundingClientRect().bottom > lists.bottom + 0.5;
      });
      return [...outside, ...cut].map((part) => `${part.className}: ${part.textContent.trim().slice(0, 40)}`);
    }),
  );
}

describe('Timetables and posters in the browser', function () {
  this.timeout(240_000);

  let app: RunningApp;
  let now = SUNDAY;

  before(async () => {
    app = await startDemoApp({ now: () => now });
  });
  after(() => app.stop());

  it('are accessible, light and dark, on a wide and on a narrow screen', async () => {
    for (const look of [
      { width: 1280, colorScheme: 'light' },
      { width: 320, colorScheme: 'dark' },
    ] as const) {
      const page = await newPage({ origin: app.origin, ...look });
      for (const path of PUBLIC_PAGES) {
        await page.goto(path);
        await expectNoAxeViolations(page, `${path}, ${look.colorScheme}`);
        await expectNoSidewaysScroll(page, path);
      }
      await page.close();
    }
  });

  it('print on exactly one page of A4, with everything on it', async () => {
    for (const path of [VENUE_POSTER, MUNICIPALITY_POSTER, '/standorte/dittrich-gemeinderaum/aushang']) {
      const page = await newPage({ origin: app.origin });
      await page.goto(path);
      for (const preferCSSPageSize of [true, false]) {
        const pdf = await page.pdf({ preferCSSPageSize, format: 'A4' });
        expect(pagesOf(pdf), path).to.equal(1);
      }
      expect(await cutParts(page), path).to.deep.equal([]);
      expect(await page.locator('.kt-header, .kt-footer, .kt-demo-banner, .kt-poster-bar').count()).to.equal(4);
      for (const frame of ['.kt-header', '.kt-footer', '.kt-demo-banner', '.kt-poster-bar']) {
        expect(await page.locator(frame).isVisible(), frame).to.equal(false);
      }
      for (const part of ['.kt-poster__title', '.kt-poster__date', '.kt-poster__qr', '.kt-poster__foot']) {
        expect(await page.locator(part).first().isVisible(), part).to.equal(true);
      }
      await page.close();
    }
  });

  it('bear a code that leads to the page where it is booked', async () => {
    const page = await newPage({ origin: app.origin, colorScheme: 'dark' });
    await page.goto(VENUE_POSTER);
    await expectCodeLeadsTo(page, `${app.origin}/standorte/meerane-stadtbibliothek`);
    const colours = await page.evaluate(() =>
      ['.kt-poster__qr-ground', '.kt-poster__qr-dark'].map(
        (part) => getComputedStyle(document.querySelector(part)!).fill,
      ),
    );
    expect(colours).to.deep.equal(['oklch(1 0 0)', 'oklch(0 0 0)']);
    await page.goto(MUNICIPALITY_POSTER);
    await expectCodeLeadsTo(page, `${app.origin}/fahrplan/meerane`);
    await page.close();
  });

  it('are reached by links that bring their stylesheet along', async () => {
    const page = await newPage({ origin: app.origin });
    await page.goto('/besuche');
    await page.locator('footer a[href="/fahrplan"]').click();
    await page.locator('a[href="/fahrplan/meerane"]').click();
    await page.locator('main a[href="/fahrplan/meerane/aushang"]').click();
    await page.locator('.kt-poster').waitFor();
    expect(await page.locator('.kt-poster').evaluate((one) => getComputedStyle(one).maxWidth)).to.equal('794px');
    expect(await page.locator('[data-kt-print]').isVisible()).to.equal(true);
    await page.close();
  });

  it('say without JavaScript how to print, and show no button that does nothing', async () => {
    const page = await newPage({ origin: app.origin, javaScript: false });
    await page.goto(VENUE_POSTER);
    expect(await page.locator('[data-kt-print]').isVisible()).to.equal(false);
    expect(await page.locator('.kt-poster-bar__how').textContent()).to.contain('Strg und P');
    await page.close();
  });

  it('stay one page with the longest names an office can have', async () => {
    const { writer } = app.office.database;
    await writer('venues').where('slug', 'meerane-stadtbibliothek').update({
      locality: 'Callenberg-Langenchursdorf im Erzgebirgsvorland',
      name: 'Dorfgemeinschaftshaus mit Freiwilliger Feuerwehr',
      street: 'Straße der Deutsch-Sowjetischen Freundschaft 117a',
      step_free: false,
      access_de: 'zwei Stufen am Haupteingang, Rampe hinter dem Haus, bitte beim Hausmeister klingeln',
    });
    await writer('municipalities').update({
      office_name: 'Verwaltungsverband Wildenfels-Hartenstein-Langenweißbach, Bürgerbüro und Einwohnermeldeamt',
      contact_phone: '037603 12345678',
    });
    const texts = await writer<{ service_id: number }>('service_texts').where('locale', 'de').select('service_id');
    for (const { service_id } of texts) {
      await writer('service_texts')
        .where({ service_id, locale: 'de' })
        .update({ name: `Verlängerung einer Aufenthaltsbescheinigung ${service_id}` });
    }
    now += 2_000;
    for (const path of [VENUE_POSTER, MUNICIPALITY_POSTER]) {
      const page = await newPage({ origin: app.origin });
      await page.goto(path);
      expect(pagesOf(await page.pdf({ preferCSSPageSize: true })), path).to.equal(1);
      expect(await cutParts(page), path).to.deep.equal([]);
      expect(await page.locator('.kt-poster__date').count(), path).to.be.greaterThan(1);
      expect(await page.locator('.kt-bring__item').count(), path).to.be.greaterThan(4);
      await page.close();
    }
  });
});
