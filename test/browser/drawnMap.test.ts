import { expect } from 'chai';
import { SESSION_COOKIE } from '../../server/web/session.ts';
import { expectNoAxeViolations } from '../support/axe.ts';
import { newPage, type TestPage } from '../support/chromium.ts';
import { sketchFile } from '../support/extracts.ts';
import { openImportedOffice, type ImportedOffice } from '../support/importedOffice.ts';
import { encodePbf } from '../support/osmEncoder.ts';
import { insertUser, sessionCookie } from '../support/staff.ts';
import { village } from '../support/village.ts';
import { expectNoSidewaysScroll } from './citizen.ts';

/** Different colours of the canvases that are drawn on. */
const COLOURS = `(() => {
  const found = new Set();
  for (const canvas of document.querySelectorAll('.leaflet-tile-pane canvas.leaflet-tile-loaded')) {
    if (canvas.width === 0) continue;
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 255) found.add(data[i] << 16 | data[i + 1] << 8 | data[i + 2]);
  }
  return found.size;
})()`;

const NEAR_VILLAGE = '/besuche?lat=50.843&lon=12.465';

describe('With an extract of OpenStreetMap', function () {
  this.timeout(60_000);

  let office: ImportedOffice;
  let page: TestPage;

  before(async () => {
    office = await openImportedOffice(await sketchFile(encodePbf(village('Dorfstraße'))), { moved: false });
  });
  after(() => office.stop());
  afterEach(() => page.close());

  for (const [colorScheme, width] of [
    ['light', 1280],
    ['dark', 320],
  ] as const) {
    it(`the map is drawn from our own tiles, without barriers: ${colorScheme}, ${width} px`, async () => {
      page = await newPage({ origin: office.app.origin, colorScheme, width });
      await page.goto(NEAR_VILLAGE);
      const map = page.locator('.kt-map').first();
      await map.scrollIntoViewIfNeeded();
      await map.locator('canvas.leaflet-tile-loaded').first().waitFor({ state: 'attached' });
      const zoomIn = map.locator('.leaflet-control-zoom-in');
      for (let level = 0; level < 8 && (await page.evaluate<number>(COLOURS)) < 8; level++) {
        await zoomIn.click();
        await map.locator('canvas.leaflet-tile-loaded').first().waitFor({ state: 'attached' });
      }
      expect(await page.evaluate<number>(COLOURS)).to.be.at.least(8);
      await map.getByText('© OpenStreetMap-Mitwirkende').waitFor();
      expect(page.foreignRequests).to.deep.equal([]);
      await expectNoSidewaysScroll(page, NEAR_VILLAGE);
      await expectNoAxeViolations(page, NEAR_VILLAGE);
    });
  }

  it('what draws the map is fetched when a map comes near the screen, and never before the list', async () => {
    page = await newPage({ origin: office.app.origin, width: 320, height: 480 });
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.goto('/');
    await page.waitForLoadState('networkidle');
    expect(asked.filter((path) => /vectorMap\.|leaflet|\.mvt/.test(path))).to.deep.equal([]);
    await page.goto(NEAR_VILLAGE);
    await page.locator('.kt-map').first().scrollIntoViewIfNeeded();
    await page.locator('.kt-map canvas.leaflet-tile-loaded').first().waitFor({ state: 'attached' });
    expect(asked.filter((path) => path.endsWith('.mvt'))).to.not.deep.equal([]);
  });

  it('a map without its tiles keeps the stops', async () => {
    page = await newPage({ origin: office.app.origin, allowProblems: [/mvt/] });
    await page.route('**/*.mvt*', (route) => route.abort());
    await page.goto(NEAR_VILLAGE);
    const map = page.locator('.kt-map').first();
    await map.scrollIntoViewIfNeeded();
    await map.locator('.kt-marker').first().waitFor({ state: 'attached' });
    expect(await map.locator('.kt-marker').count()).to.be.greaterThan(1);
    expect(await page.evaluate<number>(COLOURS)).to.equal(0);
  });

  describe('the form of a venue', () => {
    async function venueForm(javaScript: boolean): Promise<void> {
      page = await newPage({ origin: office.app.origin, javaScript });
      const { database } = office.app.office;
      const { id } = await insertUser(database, ['planner']);
      const [, value = ''] = (await sessionCookie(database, id)).split(/=(.*)/s);
      await page.context().addCookies([{ name: SESSION_COOKIE, value, url: office.app.origin }]);
      await page.goto('/intern/standorte/neu');
    }
    const value = (name: string): Promise<string> => page.locator(`[name="${name}"]`).first().inputValue();

    it('fills in address and position from the suggestion chosen with the keyboard', async () => {
      await venueForm(true);
      const street = page.locator('[name="strasse"]');
      await street.focus();
      await page.keyboard.type('Dorfstr. 7');
      const option = page.getByRole('option', { name: 'Dorfstraße 7' });
      await option.waitFor();
      expect(await street.getAttribute('aria-expanded')).to.equal('true');
      await expectNoAxeViolations(page, 'the form of a venue with its suggestions');
      await page.keyboard.press('ArrowDown');
      expect(await street.getAttribute('aria-activedescendant')).to.equal(await option.getAttribute('id'));
      await page.keyboard.press('Enter');
      expect(await street.inputValue()).to.equal('Dorfstraße 7');
      expect([await value('plz'), await value('stadt')]).to.deep.equal(['08393', 'Meerane']);
      expect([await value('breite'), await value('laenge')]).to.deep.equal(['50,84010', '12,46050']);
      expect(await street.getAttribute('aria-expanded')).to.equal('false');
      expect(await page.evaluate('document.activeElement.name')).to.equal('strasse');
    });

    it('closes its suggestions with Escape and keeps what was typed', async () => {
      await venueForm(true);
      const street = page.locator('[name="strasse"]');
      await street.focus();
      await page.keyboard.type('Dorfst');
      const list = page.getByRole('listbox', { name: 'Vorschläge' });
      await list.getByRole('option').first().waitFor();
      await page.keyboard.press('Escape');
      expect(await list.isVisible()).to.equal(false);
      expect(await street.inputValue()).to.equal('Dorfst');
    });

    it('finds the position without JavaScript too, when it is sent', async () => {
      await venueForm(false);
      await page.locator('[name="name"]').fill('Gasthof');
      await page.locator('[name="strasse"]').fill('Dorfstraße 7');
      await page.locator('[name="plz"]').fill('08393');
      await page.locator('[name="stadt"]').fill('Meerane');
      await page.locator('main form button[type="submit"]').last().click();
      expect([await value('breite'), await value('laenge')]).to.deep.equal(['50,8401', '12,4605']);
      await page.getByText('aus der Adresse ermittelt').first().waitFor();
      await page.withScriptsAllowed(() => expectNoAxeViolations(page, 'the form of a venue, shown again'));
    });
  });
});
