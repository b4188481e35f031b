import { expect } from 'chai';
import { newPage, type TestPage } from '../support/chromium.ts';
import { insertOneRow, openOffice, TUESDAY, type TourOffice } from '../support/tourOffice.ts';
import { addClerk, addKit } from '../support/toursFixture.ts';
import { insertUser, sessionCookie } from '../support/staff.ts';
import { expectNoAxeViolations } from '../support/axe.ts';
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

const BOARD = '/intern/woche?woche=2026-W50';
const WEDNESDAY = '2026-12-09';
const FRIDAY = '2026-12-11';
/** Below it are the stops, which are dragged alone. */
const BY_ITS_HEAD = { x: 30, y: 12 };

describe('A planner at the board', function () {
  this.timeout(60_000);
  let office: TourOffice;
  let page: TestPage;
  /** A draft on Wednesday with kit and crew of its own. */
  let draft: number;
  let secondKit: number;

  beforeEach(async () => {
    office = await openOffice();
    const { database } = office.app.office;
    secondKit = await addKit(database, office, 'Koffer 2');
    const clerk = await addClerk(database, office, 'B. Muster');
    draft = await insertOneRow(office, 'tours', {
      municipality_id: office.municipalityId,
      date: WEDNESDAY,
      state: 'draft',
      created_at: 0,
      depot_id: office.depotId,
    });
    await database.writer('tour_kits').insert({ tour_id: draft, date: WEDNESDAY, kit_id: secondKit });
    await database.writer('tour_clerks').insert({ tour_id: draft, date: WEDNESDAY, clerk_id: clerk });

    const user = await insertUser(database, ['planner'], { name: 'Petra Seidel' });
    const cookie = await sessionCookie(database, user.id, { now: Date.parse('2026-11-24T08:00:00Z') });
    page = await newPage({ origin: office.app.origin, width: 1280, height: 900 });
    page.setDefaultTimeout(10_000);
    const [name = '', value = ''] = cookie.split('=');
    await page.context().addCookies([{ name, value, url: office.app.origin }]);
  });
  afterEach(async () => {
    await page.close();
    await office.close();
  });

  const chip = (tourId: number) => page.locator(`[data-kt-tour="${tourId}"]`);
  const cell = (kitId: number, date: string) => page.locator(`[data-kt-date="${date}"][data-kt-kit="${kitId}"]`);
  const tourOn = async (tourId: number) => {
    const { reader } = office.app.office.database;
    const tour = await reader<{ date: string; version: number }>('tours').where('id', tourId).first('date', 'version');
    const kit = await reader<{ kit_id: number }>('tour_kits').where('tour_id', tourId).first('kit_id');
    return { date: tour?.date, version: tour?.version, kitId: kit?.kit_id };
  };

  /** Takes something with the mouse and holds it over something else. */
  async function drag(from: ReturnType<TestPage['locator']>, to: ReturnType<TestPage['locator']>): Promise<void> {
    await from.hover();
    await page.mouse.down();
    await to.hover();
    await to.hover(); // browsers send the first "dragover" with the second move
  }

  it('drags a draft to another day; the page says it and shows it there', async () => {
    await page.goto(BOARD);
    await boosted(page, () => chip(draft).dragTo(cell(secondKit, FRIDAY)));
    expect(await tourOn(draft)).to.deep.equal({ date: FRIDAY, version: 2, kitId: secondKit });
    expect(await page.textContent('.kt-notice')).to.contain(`Tour ${draft} steht jetzt am Freitag`);
    expect(await cell(secondKit, FRIDAY).locator(`[data-kt-tour="${draft}"]`).count()).to.equal(1);
    await page.locator('#meldungen', { hasText: 'steht jetzt am Freitag' }).waitFor({ state: 'attached' });

    // what came in by a swap can be dragged too
    await boosted(page, () => chip(draft).dragTo(cell(office.kitId, FRIDAY)));
    expect(await tourOn(draft)).to.deep.equal({ date: FRIDAY, version: 3, kitId: office.kitId });
  });

  it('sees where a tour can go, and where its kit is taken', async () => {
    await page.goto(BOARD);
    await drag(chip(draft), cell(office.kitId, WEDNESDAY));
    await page.waitForSelector('[data-kt-drop]');
    const taken = cell(office.kitId, TUESDAY);
    expect(await taken.getAttribute('data-kt-drop')).to.equal('taken');
    expect(await taken.locator('.kt-drop-mark').textContent()).to.equal('belegt');
    expect(await cell(secondKit, FRIDAY).getAttribute('data-kt-drop')).to.equal('possible');
    expect(await cell(secondKit, WEDNESDAY).getAttribute('data-kt-drop'), 'its own place').to.equal(null);

    await page.keyboard.press('Escape');
    await page.mouse.up();
    await page.locator('[data-kt-drop]').first().waitFor({ state: 'detached' });
    expect(await page.locator('.kt-drop-mark').count()).to.equal(0);
    expect(await tourOn(draft)).to.deep.equal({ date: WEDNESDAY, version: 1, kitId: secondKit });
  });

  it('changes nothing by a drop on its own place or on a taken one', async () => {
    await page.goto(BOARD);
    const sent: string[] = [];
    page.on('request', (request) => request.method() === 'POST' && sent.push(request.url()));
    await chip(draft).dragTo(cell(secondKit, WEDNESDAY), { targetPosition: { x: 5, y: 5 } });
    await chip(draft).dragTo(cell(office.kitId, TUESDAY));
    await page.reload();
    expect(sent).to.deep.equal([]);
    expect(await tourOn(draft)).to.include({ date: WEDNESDAY, version: 1 });
  });

  it('drags a stop to a draft', async () => {
    await page.goto(BOARD);
    const stop = page.locator(`[data-kt-stop="${office.secondStopId}"]`);
    const from = await stop.boundingBox();
    const to = await chip(draft).boundingBox();
    if (from === null || to === null) throw new Error('Nothing to be seen');
    await page.mouse.move(from.x + 30, from.y + from.height / 2);
    await page.mouse.down();
    await page.mouse.move(to.x + 20, to.y + 10, { steps: 4 });
    await page.waitForSelector('[data-kt-tour][data-kt-drop="possible"]');
    await page.mouse.move(to.x + 24, to.y + 14);
    await boosted(page, () => page.mouse.up());
    expect(await page.textContent('.kt-notice')).to.contain(`gehört jetzt zu Tour ${draft}`);
    const { reader } = office.app.office.database;
    expect(await reader('stops').where('tour_id', draft)).to.have.length(1);
  });

  it('reads as a page why it can not be dropped there', async () => {
    await insertOneRow(office, 'closing_days', {
      municipality_id: office.municipalityId,
      from_date: FRIDAY,
      to_date: FRIDAY,
      reason: 'Betriebsausflug',
    });
    await page.goto(BOARD);
    await boosted(page, () => chip(office.tourId).dragTo(cell(office.kitId, FRIDAY), { sourcePosition: BY_ITS_HEAD }));
    expect(await page.textContent('h1')).to.equal(`Tour ${office.tourId} verschieben`);
    expect(await page.textContent('#hindernisse')).to.contain('Betriebsausflug');
    expect(await focused(page)).to.contain('fehler');
    expect(await tourOn(office.tourId)).to.include({ date: TUESDAY, version: 1 });
  });

  it('does the same by keyboard, on pages that are sound on every screen', async () => {
    await page.goto(BOARD);
    const link = page.locator(`#main a[href$="/touren/${draft}/verschiebung"]`).first();
    await link.focus();
    await boosted(page, () => page.keyboard.press('Enter'));
    expect(await page.textContent('h1')).to.equal(`Tour ${draft} verschieben`);
    for (const path of [`/intern/touren/${draft}/verschiebung`, `/intern/halte/${office.firstStopId}/verschiebung`]) {
      await page.goto(path);
      for (const screen of [PHONE_LIGHT, PHONE_DARK, DESK_LIGHT, DESK_DARK]) {
        await show(page, screen);
        const label = `${path}, ${screen.width} px, ${screen.colorScheme}`;
        await expectNoSidewaysScroll(page, label);
        await expectNoAxeViolations(page, label);
      }
      await show(page, DESK_LIGHT);
    }
    await page.goto(`/intern/touren/${draft}/verschiebung`);
    await page.fill('#datum', FRIDAY);
    await page.focus('#datum');
    await boosted(page, () => page.keyboard.press('Enter'));
    expect(await page.textContent('.kt-notice')).to.contain(`Tour ${draft} steht jetzt am Freitag`);
    expect(await tourOn(draft)).to.include({ date: FRIDAY });
  });
});
