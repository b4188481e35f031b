import { expect } from 'chai';
import { SESSION_COOKIE } from '../../server/web/session.ts';
import { startApp, type RunningApp } from '../support/app.ts';
import { expectNoAxeViolations } from '../support/axe.ts';
import { newPage, type TestPage } from '../support/chromium.ts';
import { addClerkUser } from '../support/crewFixture.ts';
import { createDesk, OFFICE_ZONE, seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';
import { sessionCookie } from '../support/staff.ts';
import { expectNoSidewaysScroll } from './citizen.ts';

const DATE = '2026-12-08';
const PAGE = `/intern/tag/${DATE}`;

describe("The clerk's day on a phone", function () {
  this.timeout(180_000);

  let app: RunningApp;
  let office: SmallOffice;
  let tourId: number;
  let now: number;
  let userId: number;
  const people: number[] = [];

  before(async () => {
    now = OFFICE_ZONE.instantAt('2026-11-30', 540);
    app = await startApp({ now: () => now });
    const { database } = app.office;
    office = await seedSmallOffice(database, { date: DATE });
    await database.writer('tours').update({ depot_id: office.depotId, note: 'Schlüssel beim Hausmeister' });
    tourId = (await database.reader<{ id: number }>('tours').first('id'))?.id ?? 0;
    const desk = createDesk(database, () => now);
    for (const [index, familyName] of ['Kühn', 'Petzold', 'Vogel', 'Fritzsche', 'Schubert', 'Gläser'].entries()) {
      const contact = { contactKind: 'phone' as const, contact: `03764 471${index}` };
      const minute = 9 * 60 + index * 20;
      people.push((await desk.book({ stopId: office.firstStopId, minute, familyName, ...contact })).id);
    }
    userId = await addClerkUser(database, office.clerkId);
    now = OFFICE_ZONE.instantAt(DATE, 9 * 60 + 3);
  });
  after(() => app.stop());

  async function pageFor(options: Partial<Parameters<typeof newPage>[0]> = {}): Promise<TestPage> {
    const page = await newPage({ origin: app.origin, width: 375, height: 740, ...options });
    const [, value = ''] = (await sessionCookie(app.office.database, userId, { now })).split(/=(.*)/s);
    await page.context().addCookies([{ name: SESSION_COOKIE, value, url: app.origin }]);
    return page;
  }

  it('has no barrier and nothing to scroll sideways, light and dark, with and without a script', async () => {
    const found: string[] = [];
    for (const [prefix, width, colorScheme, javaScript] of [
      ['', 320, 'light', false],
      ['', 320, 'dark', true],
      ['/en', 768, 'dark', false],
      ['', 1280, 'light', true],
    ] as const) {
      const page = await pageFor({ width, colorScheme, javaScript });
      for (const path of [
        PAGE,
        '/intern/tag/2026-12-09',
        '/intern/meine-woche',
        `/intern/halte/${office.firstStopId}/ohne-termin`,
        `/intern/touren/${tourId}/verspaetung?minuten=45`,
      ]) {
        const answer = await page.goto(prefix + path);
        const label = `${prefix}${path} ${width} ${colorScheme}`;
        expect(answer?.status(), label).to.equal(200);
        expect(await page.locator('h1').count(), label).to.equal(1);
        await expectNoSidewaysScroll(page, label).catch((error: Error) => found.push(error.message));
        await expectNoAxeViolations(page, label).catch((error: Error) => found.push(error.message));
      }
      await page.close();
    }
    expect(found.length, `\n${found.join('\n')}\n`).to.equal(0);
  });

  it('ticks in large type, and who is ticked in the list stays where it was', async () => {
    const page = await pageFor();
    await page.goto('/intern/tag');
    const card = page.locator('.kt-now');
    await card.getByRole('button', { name: /^Ist da/ }).click();
    await page.locator('.kt-now button[value="arrived"][aria-pressed="true"]').waitFor();
    await card.getByRole('button', { name: /^Bedient/ }).click();
    await page.locator('#jetzt', { hasText: 'Petzold' }).waitFor();

    const id = people[3] ?? 0;
    const entry = page.locator(`#termin-${id}`);
    await entry.locator('button[value="missed"]').scrollIntoViewIfNeeded();
    const before = (await entry.boundingBox())?.y ?? 0;
    await entry.locator('button[value="missed"]').click();
    await entry.locator('[data-kt-state="missed"]').waitFor();
    expect(Math.abs(((await entry.boundingBox())?.y ?? 0) - before), 'jumped so far').to.be.lessThan(60);
    await entry.getByRole('button', { name: /^Rückgängig/ }).click();
    await entry.locator('button[value="missed"]').waitFor();

    const state = await app.office.database
      .reader<{ state: string }>('appointments')
      .whereIn('id', people)
      .orderBy('id');
    expect(state.map((row) => row.state).slice(0, 4)).to.deep.equal(['served', 'confirmed', 'confirmed', 'confirmed']);
    await page.close();
  });

  it('takes somebody without an appointment, and tells of a delay', async () => {
    const page = await pageFor();
    await page.goto('/intern/tag');
    await page.locator('.kt-now').getByRole('link', { name: 'Ohne Termin' }).click();
    await page.getByLabel(/Führungszeugnis beantragen 10/).check();
    await page.getByRole('button', { name: 'Aufnehmen' }).click();
    await page.locator('.kt-appt', { hasText: 'Ohne Namen' }).first().waitFor();

    await page.locator('.kt-now').getByRole('link', { name: 'Wir sind später' }).click();
    await page.getByRole('link', { name: '30 Minuten' }).click();
    await page.getByRole('button', { name: /30.Minuten Verspätung melden/ }).click();
    await page.locator('#verspaetung').waitFor();
    expect(await page.locator('#verspaetung a[href^="tel:"]').count()).to.be.greaterThan(0);
    await page
      .locator('#verspaetung')
      .getByRole('button', { name: /^Rückgängig/ })
      .click();
    await page.locator('#verspaetung').waitFor({ state: 'detached' });
    await page.close();
  });

  it('can be ticked by the keyboard alone', async () => {
    const page = await pageFor();
    await page.goto('/intern/tag');
    await page.locator('.kt-now button[value="served"]').focus();
    await page.keyboard.press('Enter');
    await page.locator('.kt-appt [data-kt-state="served"]').nth(1).waitFor();
    await page.locator(`#termin-${people[4]} summary`).focus();
    await page.keyboard.press('Enter');
    expect(await page.locator(`#termin-${people[4]} a[href="tel:037644714"]`).isVisible()).to.equal(true);
    await page.close();
  });

  it('shows the route on a map with the stops by number', async () => {
    const page = await pageFor({ width: 1280, height: 900 });
    await page.goto(PAGE);
    const map = page.locator('#karte-tag');
    await map.locator('.kt-marker', { hasText: '2' }).waitFor();
    expect(await map.locator('.kt-marker--next').textContent()).to.equal('1');
    expect(await map.locator('.kt-route-line--done').count(), 'the way that is driven').to.equal(1);
    await map.locator('a.kt-marker', { hasText: '2' }).click();
    expect(new URL(page.url()).hash).to.equal(`#halt-${office.secondStopId}`);
    await page.close();
  });
});
