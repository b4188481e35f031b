import { expect } from 'chai';
import { expectNoAxeViolations } from '../support/axe.ts';
import { newPage, type TestPage } from '../support/chromium.ts';
import { insertUser, sessionCookie } from '../support/staff.ts';
import { insertOneRow, openOffice, TUESDAY, type TourOffice } from '../support/tourOffice.ts';
import { addClerk, addKit } from '../support/toursFixture.ts';
import {
  boosted,
  DESK_DARK,
  DESK_LIGHT,
  expectNoSidewaysScroll,
  focused,
  PHONE_DARK,
  PHONE_LIGHT,
  show,
} from './citizen.ts';

const WEEK = '/intern/woche?woche=2026-W50';
const MONTH = '/intern/monat?monat=2026-12';
const LONGEST_WAY = 60;

describe('The board on every screen', function () {
  this.timeout(60_000);
  let office: TourOffice;
  let page: TestPage;
  let draft: number;

  /** A tour that cannot take place, a draft, a closing day, a kit that is free: everything the board can show. */
  before(async () => {
    office = await openOffice();
    const { database } = office.app.office;
    const { municipalityId: municipality_id } = office;
    await office.book();
    await addKit(database, office, 'Koffer 2');
    await addClerk(database, office, 'Bernhard Muster-Langenbach');
    const days = { from_date: TUESDAY, to_date: TUESDAY };
    await insertOneRow(office, 'absences', { clerk_id: office.clerkId, ...days, kind: 'training' });
    const closed = { from_date: '2026-12-10', to_date: '2026-12-10', reason: 'Personalversammlung' };
    await insertOneRow(office, 'closing_days', { municipality_id, ...closed });
    const row = { municipality_id, date: '2026-12-09', state: 'draft', created_at: 0, depot_id: office.depotId };
    draft = await insertOneRow(office, 'tours', row);
  });
  after(() => office.close());

  async function open(path: string, javaScript = true): Promise<void> {
    const { database } = office.app.office;
    const user = await insertUser(database, ['planner'], { name: 'Petra Seidel' });
    const cookie = await sessionCookie(database, user.id, { now: Date.parse('2026-11-24T08:00:00Z') });
    page = await newPage({ origin: office.app.origin, width: 1280, height: 900, javaScript });
    page.setDefaultTimeout(10_000);
    const [name = '', value = ''] = cookie.split('=');
    await page.context().addCookies([{ name, value, url: office.app.origin }]);
    await page.goto(path);
  }
  afterEach(() => page.close());

  for (const [label, path] of [
    ['the week by kits', WEEK],
    ['the week by team, filtered', `${WEEK}&zeilen=team&stand=veroeffentlicht&wochenende=1`],
    ['a week without tours', '/intern/woche?woche=2027-W10'],
    ['the month', `${MONTH}&koffer=1`],
  ] as const) {
    it(`has no barrier: ${label}`, async () => {
      await open(path);
      for (const screen of [PHONE_LIGHT, PHONE_DARK, DESK_LIGHT, DESK_DARK]) {
        await show(page, screen);
        const where = `${label}, ${screen.width} px, ${screen.colorScheme}`;
        await expectNoSidewaysScroll(page, where);
        await expectNoAxeViolations(page, where);
      }
    });
  }

  it('is a list on a phone: each tour says its day, free days are left out', async () => {
    await open(WEEK);
    await show(page, PHONE_LIGHT);
    const cell = page.locator(`td:has([data-kt-tour="${office.tourId}"])`);
    expect(await cell.locator('.kt-board__which').isVisible()).to.equal(true);
    expect(await cell.locator('.kt-board__which').textContent()).to.equal('Di 8.');
    expect(await page.locator('.kt-board td.kt-board__free').first().isVisible()).to.equal(false);
    await show(page, DESK_LIGHT);
    expect(await cell.locator('.kt-board__which').isVisible()).to.equal(false);
  });

  it('leads by keyboard from a tour to the page that moves it', async () => {
    await open(WEEK);
    const link = page.locator(`[data-kt-tour="${draft}"] a[href$="/verschiebung"]`);
    const handle = await link.elementHandle();
    let presses = 0;
    while (!(await handle?.evaluate((element) => element === document.activeElement))) {
      expect((presses += 1), 'presses of the Tab key').to.be.lessThan(LONGEST_WAY);
      await page.keyboard.press('Tab');
    }
    await boosted(page, () => page.keyboard.press('Enter'));
    expect(await page.textContent('h1')).to.equal(`Tour ${draft} verschieben`);
  });

  it('turns to the next week in place, with the focus on its heading', async () => {
    await open(WEEK);
    await boosted(page, () => page.click('nav[aria-label="Blättern"] a >> nth=-1'));
    expect(page.url()).to.contain('woche=2026-W51');
    expect(await page.textContent('.kt-label')).to.equal('Kalenderwoche 51');
    expect(await focused(page)).to.match(/h1/i);
  });

  it('is filtered without JavaScript too', async () => {
    await open(WEEK, false);
    await page.click('.kt-board-filter summary');
    await page.selectOption('#filter-stand', 'entwurf');
    await page.click('.kt-board-filter button[type="submit"]');
    expect(page.url()).to.contain('stand=entwurf').and.to.contain('woche=2026-W50');
    expect(await page.locator('[data-kt-tour]').count()).to.equal(1);
    expect(await page.locator('.kt-board-filter[open]').count()).to.equal(1);
  });
});
