import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { pathsFor } from '../../server/paths.ts';
import { SESSION_COOKIE } from '../../server/web/session.ts';
import { startApp, type RunningApp } from '../support/app.ts';
import { expectNoAxeViolations } from '../support/axe.ts';
import { newPage, type TestPage } from '../support/chromium.ts';
import { openLine, type CutLine } from '../support/cutLine.ts';
import { createDesk, OFFICE_ZONE, seedSmallOffice } from '../support/officeFixture.ts';
import { insertUser, sessionCookie } from '../support/staff.ts';
import { createVisitor } from '../support/visitor.ts';
import { expectNoSidewaysScroll } from './citizen.ts';

const DAY = 24 * 3_600_000;
const p = pathsFor('de');
/** What has to go wrong on a page without a signal. */
const NO_SIGNAL = [/request failed/, /status 50\d/, /net::ERR/, /Failed to fetch/];

describe('The day without a signal', function () {
  this.timeout(120_000);

  // The service worker has a clock of its own, so the tour is today.
  const today = OFFICE_ZONE.local(Date.now()).date;
  let app: RunningApp;
  let line: CutLine;
  let page: TestPage;
  let userId: number;
  let appointments: number[];

  beforeEach(async () => {
    app = await startApp();
    line = await openLine(app.origin);
    const { database } = app.office;
    const office = await seedSmallOffice(database, { date: today });
    await database.writer('tours').update({ depot_id: office.depotId });
    const desk = createDesk(database, () => Date.now() - 3 * DAY);
    appointments = [];
    for (const [index, familyName] of ['Vogel', 'Kühn', 'Petzold'].entries()) {
      const { id } = await desk.book({ stopId: office.firstStopId, minute: 9 * 60 + index * 20, familyName });
      appointments.push(id);
    }
    userId = (await insertUser(database, ['clerk'], { municipalities: [office.municipalityId] })).id;
    await database.writer('clerks').update({ user_id: userId });
    page = await newPage({ origin: line.origin, width: 375, height: 740, allowProblems: NO_SIGNAL });
    await signIn();
  });
  afterEach(async () => {
    await page.close();
    await line.close();
    await app.stop();
  });

  async function signIn(): Promise<void> {
    const [, value = ''] = (await sessionCookie(app.office.database, userId)).split(/=(.*)/s);
    await page.context().addCookies([{ name: SESSION_COOKIE, value, url: line.origin }]);
  }

  /** Opens a page with a signal, and waits until it is kept. */
  async function openKept(path: string): Promise<void> {
    await page.goto(path);
    await kept(page, path);
  }

  async function signal(is: 'there' | 'gone'): Promise<void> {
    line.set(is === 'there' ? 'open' : 'cut');
    await page.context().setOffline(is === 'gone');
  }

  function button(id: number, stand: string, on: Page = page) {
    return on.locator(`#termin-${id} button[name=stand][value=${stand}]`);
  }

  /** The state as the server has it. */
  function inState(id: number, state: string) {
    return page.locator(`#termin-${id} [data-kt-state="${state}"]:not(.kt-queue__replaced)`);
  }

  const queue = (on: Page = page) => on.locator('#warteschlange');

  async function actions(): Promise<{ appointment_id: number; kind: string }[]> {
    return app.office.database
      .reader<{ appointment_id: number; kind: string }>('tour_actions')
      .orderBy('at')
      .select('appointment_id', 'kind');
  }

  async function stateOf(id: number): Promise<string | undefined> {
    const rows = await app.office.database.reader<{ state: string }>('appointments').where('id', id).select('state');
    return rows[0]?.state;
  }

  it('is readable as it was, styles and fonts included, and says since when', async () => {
    await openKept(p.myDay());
    const before = await page.locator('main').innerText();
    await signal('gone');
    await page.reload();
    await queue().getByText('Ohne Netz. Diese Seite zeigt den Stand von').waitFor();
    expect(await page.locator('h1').innerText()).to.equal(before.match(/\S+, \d+\.\s\S+/)?.[0]);
    expect(await page.locator(`#termin-${appointments[1]}`).innerText()).to.contain('Kühn');
    expect(await page.locator('h1').evaluate((h1) => getComputedStyle(h1).fontFamily)).to.contain('Fira');
    expect(
      await page.evaluate('document.fonts.ready.then(() => [...document.fonts].some((f) => f.status === "loaded"))'),
    ).to.equal(true);
    const colour = await page.locator('.kt-header').evaluate((header) => getComputedStyle(header).borderBottomWidth);
    expect(colour, 'our own styles').not.to.equal('0px');
    await expectNoSidewaysScroll(page, 'without a signal');
    await expectNoAxeViolations(page, 'without a signal');
  });

  it('is there under its date as well, and other pages say what can be read', async () => {
    await openKept(p.myDayOn(today));
    await signal('gone');
    await page.goto(p.myDay());
    await page.locator(`#termin-${appointments[0]}`).waitFor();
    await page.goto(p.account());
    expect(await page.locator('h1').innerText()).to.equal('Ohne Netz');
    await expectNoAxeViolations(page, 'another page without a signal');
    await page.locator(`main a[href="${p.myDayOn(today)}"]`).click();
    await page.locator(`#termin-${appointments[0]}`).waitFor();
    await page.goto(p.myDayOn('2020-01-01'));
    expect(await page.locator('h1').innerText()).to.equal('Ohne Netz');
  });

  it('shows the kept page when an answer does not come', async () => {
    await openKept(p.myDay());
    line.set('silent');
    await page.goto(p.myDay());
    await queue().getByText('Diese Seite zeigt den Stand von').waitFor();
  });

  it('keeps what is ticked and sends it once when the signal is back', async () => {
    const [first = 0, second = 0] = appointments;
    await openKept(p.myDay());
    await signal('gone');
    await button(first, 'arrived').click();
    await queue().getByText('1 Eintragung wartet auf Netz').waitFor();
    expect(await button(first, 'arrived').getAttribute('aria-pressed')).to.equal('true');
    await page.locator(`#termin-${first}`).getByText('Ist da, wartet auf Netz').waitFor();
    await button(first, 'arrived').click(); // in doubt once more
    await button(second, 'missed').click();
    await queue().getByText('2 Eintragungen warten auf Netz').waitFor();
    const text = await queue().innerText();
    expect(text).to.contain('9:00 Ist da');
    expect(text).to.contain('9:20 Fehlt');
    expect(text, 'the list names nobody').not.to.match(/Vogel|Kühn/);
    await expectNoAxeViolations(page, 'two entries waiting');
    await expectNoSidewaysScroll(page, 'two entries waiting');
    await page.reload();
    await queue().getByText('2 Eintragungen warten auf Netz').waitFor();
    expect(await actions()).to.deep.equal([]);

    await signal('there');
    await queue().waitFor({ state: 'hidden' });
    expect(await actions()).to.deep.equal([
      { appointment_id: first, kind: 'arrived' },
      { appointment_id: second, kind: 'missed' },
    ]);
    await page.reload();
    await page.locator(`#termin-${second}`).waitFor();
    expect(await stateOf(second)).to.equal('missed');
    expect(await actions()).to.have.length(2);
  });

  it('sends after the tab was closed and opened again, from one of two tabs', async () => {
    const [first = 0, second = 0] = appointments;
    await openKept(p.myDay());
    await signal('gone');
    await button(first, 'arrived').click();
    await button(first, 'served').click();
    await button(second, 'arrived').click();
    await queue().getByText('3 Eintragungen warten auf Netz').waitFor();
    await page.goto('about:blank');
    await signal('there');
    const other = await page.context().newPage();
    await Promise.all([page.goto(p.myDay()), other.goto(`${line.origin}${p.myDayOn(today)}`)]);
    await inState(first, 'served').waitFor();
    await inState(second, 'arrived').waitFor();
    await queue().waitFor({ state: 'hidden' });
    await queue(other).waitFor({ state: 'hidden' });
    expect((await actions()).map(({ kind }) => kind)).to.deep.equal(['arrived', 'served', 'arrived']);
    expect(await stateOf(first)).to.equal('served');
    await other.close();
  });

  it('takes back what has not been sent', async () => {
    const [first = 0] = appointments;
    await openKept(p.myDay());
    await signal('gone');
    await button(first, 'missed').click();
    await queue()
      .getByRole('button', { name: /Zurücknehmen/ })
      .click();
    await queue().getByText('wartet auf Netz').waitFor({ state: 'hidden' });
    await signal('there');
    await page.reload();
    await page.locator(`#termin-${first}`).waitFor();
    expect(await actions()).to.deep.equal([]);
    expect(await stateOf(first)).to.equal('confirmed');
  });

  it('swallows no tick on a phone that lets the page keep nothing', async () => {
    const [first = 0] = appointments;
    await page.addInitScript(`
      IDBFactory.prototype.open = () => { throw new DOMException('not allowed', 'SecurityError'); };
      Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };
    `);
    await openKept(p.myDay());
    await signal('gone');
    await button(first, 'arrived').click();
    await queue().getByText('1 Eintragung wartet auf Netz').waitFor();
    await signal('there');
    await inState(first, 'arrived').waitFor();
    expect(await actions()).to.have.length(1);
  });

  it('leaves no names on the screen of another tab after signing out', async () => {
    await openKept(p.myDay());
    const other = await page.context().newPage();
    await other.goto(p.myDay());
    await other.locator('.kt-user__out').click();
    await other.locator('h1').getByText('Anmelden').waitFor();
    await page.locator('h1').getByText('Anmelden').waitFor();
    expect(await keptPages(page)).to.deep.equal([]);
  });

  it('leaves nothing to read where the next one signs in, in the other language too', async () => {
    await openKept(p.myDay());
    await app.office.database.writer('sessions').delete();
    await page.goto(pathsFor('en').signIn());
    await page.locator('h1').getByText('Sign in').waitFor();
    expect(await keptPages(page)).to.deep.equal([]);
  });

  it('says what the server refuses because somebody else was faster', async () => {
    const [first = 0] = appointments;
    await openKept(p.myDay());
    await signal('gone');
    await button(first, 'missed').click();
    await queue().getByText('1 Eintragung wartet').waitFor();
    const colleague = createVisitor(app.origin, { cookies: [await sessionCookie(app.office.database, userId)] });
    for (const stand of ['arrived', 'served']) {
      const ticked = await colleague.post(p.tourTick(first), { schluessel: `kollegin-${stand}`, stand });
      expect(ticked.status).to.equal(303);
    }
    colleague.close();
    await signal('there');
    await queue().getByText('Nicht übernommen').waitFor();
    expect(await queue().innerText()).to.contain('9:00 Fehlt');
    await queue()
      .getByRole('button', { name: /Verstanden/ })
      .click();
    await queue().waitFor({ state: 'hidden' });
    expect(await stateOf(first)).to.equal('served');
  });

  it('asks to sign in again when the session is over, and keeps what waits', async () => {
    const [first = 0] = appointments;
    await openKept(p.myDay());
    await app.office.database.writer('sessions').delete();
    await button(first, 'arrived').click();
    await queue().getByText('Bitte neu anmelden, dann wird gesendet.').waitFor();
    await queue().getByRole('link').click();
    await page.locator('h1').getByText('Anmelden').waitFor();
    expect(await keptPages(page), 'nobody is signed in').to.deep.equal([]);
    await signIn();
    await page.goto(p.myDay());
    await inState(first, 'arrived').waitFor();
    expect(await actions()).to.have.length(1);
  });

  it('leaves nothing to read after signing out, and warns of what has not been sent', async () => {
    const [first = 0] = appointments;
    await openKept(p.myDay());
    expect(await keptPages(page)).to.deep.equal([p.myDay()]);
    await signal('gone');
    await button(first, 'arrived').click();
    await queue().getByText('1 Eintragung wartet').waitFor();
    line.set('open'); // the phone itself still believes that there is no signal
    await page.locator('.kt-user__out').click();
    await page.locator('#kt-abmelden').getByText('1 Eintragung ist noch nicht gesendet.').waitFor();
    await page.context().setOffline(false);
    await queue().waitFor({ state: 'hidden' });
    await page.locator('.kt-user__out').click();
    await page.locator('h1').getByText('Anmelden').waitFor();
    expect(await keptPages(page)).to.deep.equal([]);
    await signal('gone');
    await page.goto(p.myDay());
    expect(await page.locator('main').innerText()).not.to.match(/Vogel|Kühn|Petzold/);
    expect(await page.locator('h1').innerText()).to.equal('Ohne Netz');
  });

  it('takes a tick with a signal at once, stays where it was, and keeps the page as it is then', async () => {
    const [, , third = 0] = appointments;
    await openKept(p.myDay());
    await button(third, 'arrived').scrollIntoViewIfNeeded();
    const before = await page.evaluate<number>('scrollY');
    await button(third, 'arrived').click();
    await inState(third, 'arrived').waitFor();
    expect(await queue().isVisible()).to.equal(false);
    const place = await page.evaluate<{ top: number; bottom: number; height: number }>(`(() => {
      const { top, bottom } = document.getElementById('termin-${third}').getBoundingClientRect();
      return { top, bottom, height: innerHeight };
    })()`);
    expect(place.bottom, 'the appointment is still on the screen').to.be.greaterThan(0);
    expect(place.top, 'the appointment is still on the screen').to.be.lessThan(place.height);
    expect(await page.evaluate<number>('scrollY'), 'not back at the top').to.be.greaterThan(before / 2);
    const focus = await page.evaluate<string>(`document.activeElement.closest('[data-kt-termin]')?.id ?? ''`);
    expect(focus).to.equal(`termin-${third}`);
    expect(await actions()).to.deep.equal([{ appointment_id: third, kind: 'arrived' }]);
    await signal('gone');
    await page.reload();
    await inState(third, 'arrived').waitFor();
  });

  it('keeps a note for the office too', async () => {
    await openKept(p.myDay());
    await signal('gone');
    await page.locator('#notiz').fill('Der Schlüssel passt nicht mehr.');
    await page.locator('#notizen form button').click();
    await queue().getByText('1 Eintragung wartet').waitFor();
    expect(await page.locator('#notiz').inputValue()).to.equal('');
    await signal('there');
    await page.locator('#notizen').getByText('Der Schlüssel passt nicht mehr.').waitFor();
    expect(await actions()).to.have.length(1);
  });

  it('says at forms that need a signal that nothing was sent, and leaves what was typed', async () => {
    await openKept(p.myDay());
    await page.locator('a[href$="/ohne-termin"]').first().click();
    await page.locator('main form input[name=nachname]').fill('Ohnesorg');
    await signal('gone');
    await page.locator('main form.kt-form button[type=submit]').click();
    await page.locator('#kt-nicht-gesendet').getByText('Es wurde nichts gesendet').waitFor();
    expect(await page.locator('main form input[name=nachname]').inputValue()).to.equal('Ohnesorg');
  });

  it('speaks English', async () => {
    const en = pathsFor('en');
    await openKept(en.myDay());
    await signal('gone');
    await page.reload();
    await queue().getByText('No signal. This page is as of').waitFor();
    await page.goto(en.account());
    expect(await page.locator('h1').innerText()).to.equal('No signal');
  });
});

/** Waits until the service worker is at work and keeps this page. */
async function kept(page: Page, path: string): Promise<void> {
  await page.evaluate(async (name) => {
    await navigator.serviceWorker.ready;
    for (;;) {
      const found = await (await caches.open('kt-days')).match(name);
      if (found && navigator.serviceWorker.controller) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }, path);
}

function keptPages(page: Page): Promise<string[]> {
  return page.evaluate(async () =>
    (await (await caches.open('kt-days')).keys()).map((request) => new URL(request.url).pathname),
  );
}
