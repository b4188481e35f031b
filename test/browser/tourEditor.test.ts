import { expect } from 'chai';
import { newPage, type TestPage } from '../support/chromium.ts';
import { openOffice, type TourOffice } from '../support/tourOffice.ts';
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

const SCREENS = [PHONE_LIGHT, PHONE_DARK, DESK_LIGHT, DESK_DARK];

describe('A planner in front of the screen', function () {
  this.timeout(60_000);
  let office: TourOffice;
  let page: TestPage;

  before(async () => {
    office = await openOffice();
    const { database } = office.app.office;
    await office.book({ contactKind: 'phone', contact: '03764 4711' });
    const user = await insertUser(database, ['planner'], { name: 'Petra Seidel' });
    const cookie = await sessionCookie(database, user.id, { now: Date.parse('2026-11-24T08:00:00Z') });
    page = await newPage({ origin: office.app.origin, width: 1280, height: 900 });
    page.setDefaultTimeout(10_000);
    const [name = '', value = ''] = cookie.split('=');
    await page.context().addCookies([{ name, value, url: office.app.origin }]);
  });
  after(async () => {
    await page.close();
    await office.close();
  });

  async function expectSound(label: string): Promise<void> {
    for (const screen of SCREENS) {
      await show(page, screen);
      const where = `${label}, ${screen.width} px, ${screen.colorScheme}`;
      await expectNoSidewaysScroll(page, where);
      await expectNoAxeViolations(page, where);
    }
    await show(page, DESK_LIGHT);
  }

  /** Changes a field and waits for the answer of the check. */
  const checkedAfter = (act: () => Promise<unknown>): Promise<void> => boosted(page, act);

  it('sees at once what a change does, while the fields stay as they are', async () => {
    await page.goto('/intern/touren/neu?datum=2026-12-09');
    await checkedAfter(() => page.selectOption('#koffer', { label: 'Koffer 1' }));
    await checkedAfter(() => page.selectOption('#team-1', { label: 'A. Beispiel' }));
    expect(await page.locator('[data-kt-crew] select').count(), 'one more free place').to.equal(2);
    await checkedAfter(() => page.selectOption('#halt-1-standort', { label: 'Schönberg, Gemeindeamt' }));
    await page.fill('#halt-1-von', '9');
    await checkedAfter(() => page.press('#halt-1-von', 'Tab'));
    expect(await focused(page), 'the focus goes on').to.equal('#halt-1-bis');
    await page.keyboard.type('12.30');
    await checkedAfter(() => page.keyboard.press('Tab'));
    expect(await page.textContent('[data-kt-verdict]')).to.equal('So kann die Tour fahren');
    expect(await page.textContent('#halt-1-stand')).to.contain('Ankunft 8:40');
    expect(await page.inputValue('#halt-1-von'), 'as it was typed').to.equal('9');
    await page.getByRole('status').filter({ hasText: 'So kann die Tour fahren' }).waitFor({ state: 'attached' }); // said aloud
    await expectSound('a new tour');
  });

  it('adds a stop by keyboard, swaps and saves', async () => {
    await page.focus('button[value="halt-neu"]');
    await boosted(page, () => page.keyboard.press('Enter'));
    expect(await focused(page)).to.contain('kt-stop__title');
    await checkedAfter(() => page.selectOption('#halt-2-standort', { label: 'Köthel, Feuerwehrhaus' }));
    await page.fill('#halt-2-von', '14');
    await page.fill('#halt-2-bis', '16');
    await checkedAfter(() => page.press('#halt-2-bis', 'Tab'));
    await boosted(page, () => page.click('button[value="halt-hoch-2"]'));
    expect(await page.textContent('#halt-1-stand')).to.contain('Köthel');
    expect(await page.locator('#halt-1-standort option:checked').textContent()).to.contain('Köthel');
    expect(await page.inputValue('#halt-1-von')).to.equal('9:00');
    await boosted(page, () => page.click('.kt-savebar button[value="speichern"]'));
    expect(await page.textContent('.kt-notice')).to.contain('Der Entwurf ist gespeichert.');
    await boosted(page, () => page.click('.kt-savebar button[value="veroeffentlichen"]'));
    expect(await page.textContent('#tour-zustand')).to.contain('veröffentlicht');
    await expectSound('a published tour');
  });

  it('decides for those who have booked', async () => {
    await page.goto(`/intern/touren/${office.tourId}`);
    await page.fill('#halt-1-von', '10');
    await checkedAfter(() => page.press('#halt-1-von', 'Tab'));
    await boosted(page, () => page.click('.kt-savebar button[value="speichern"]'));
    expect(await page.textContent('h1')).to.contain('braucht eine Entscheidung');
    await page.check('input[value="verschieben"]');
    await expectSound('decisions');
    await page.selectOption('select', { index: 1 });
    await boosted(page, () => page.click('button[value="speichern"]'));
    expect(await page.textContent('.kt-notice')).to.contain('gilt sofort');
    for (const [path, label] of [
      ['/intern/anrufe', 'calls'],
      [`/intern/touren/${office.tourId}/verlauf`, 'history'],
      [`/intern/touren/${office.tourId}/wiederholung?wochen=1&tag=2&bis=2027-01-31&als=entwurf`, 'repetition'],
    ] as const) {
      await page.goto(path);
      await expectSound(label);
    }
  });
});
