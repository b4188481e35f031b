import { expect } from 'chai';
import type { Request } from 'playwright-core';
import { startDemoApp, type RunningApp } from '../support/app.ts';
import type { TestPage } from '../support/chromium.ts';
import { OFFICE_ZONE } from '../support/officeFixture.ts';
import { focused } from './citizen.ts';
import { agentPage, answered, DESK, message, search } from './hotlineDesk.ts';

const NOW = OFFICE_ZONE.instantAt('2026-11-24', 8 * 60);
const ASK = 'Gespräch beenden? Noch einmal Esc drücken.';

describe('The keys of the hotline', function () {
  this.timeout(60_000);

  let app: RunningApp;
  let page: TestPage;
  /** Forms that were sent, by the last part of their address; /gespraech/TOKEN itself is 'buchen'. */
  let sent: string[];

  before(async () => {
    const ahead = NOW - Date.now();
    app = await startDemoApp({ now: () => Date.now() + ahead });
  });
  after(() => app.stop());

  beforeEach(async () => {
    page = await agentPage(app, NOW);
    sent = [];
    page.on('request', (request: Request) => {
      if (request.method() !== 'POST') return;
      const last = new URL(request.url()).pathname.split('/').at(-1) ?? '';
      sent.push(last.length > 20 ? 'buchen' : last);
    });
    await page.goto(DESK);
  });
  afterEach(() => page.close());

  /** Keeps answers to searches until they are let go, in any order. */
  async function slowSearches(): Promise<{ arrived(count: number): Promise<void>; letGo(nth: number): void }> {
    const waiting: (() => void)[] = [];
    const watching: (() => void)[] = [];
    await page.route('**/suche', async (route) => {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        for (const look of watching) look();
      });
      await route.continue().catch(() => undefined); // given up meanwhile
    });
    return {
      arrived: (count) =>
        new Promise((resolve) => {
          const look = (): void => {
            if (waiting.length >= count) resolve();
          };
          watching.push(look);
          look();
        }),
      letGo: (nth) => waiting[nth - 1]?.(),
    };
  }

  async function holdFirst(): Promise<void> {
    await search(page, 'köthel perso');
    await page.locator('#suche').press('Enter');
    await page.locator('[data-kt-say="familienname"]').waitFor();
  }

  it('search while somebody types, and begin in the search box', async () => {
    await page.locator('#suche:focus').waitFor();
    const answer = page.waitForResponse('**/suche');
    await page.keyboard.type('köthel perso');
    expect((await answer).status()).to.equal(200);
    expect(await (await answer).text(), 'the results alone').to.not.contain('<html');
    await answered(page, 'köthel perso');
    expect(await focused(page), 'an answer takes the focus from nobody').to.equal('#suche');
    expect(await page.locator('[data-kt-call-times] button').count()).to.be.greaterThan(0);
  });

  it('hold with Enter only a time that belongs to what is typed', async () => {
    await search(page, 'köthel perso');
    const searches = await slowSearches();
    await page.locator('#suche').pressSequentially(' x');
    await page.keyboard.press('Enter');
    await searches.arrived(1);
    expect(sent, 'asked at once, held nothing').to.not.include('zeit');
    searches.letGo(1);
    await page.unroute('**/suche');
    await search(page, 'köthel perso freitag');
    await search(page, 'köthel perso');
    await page.keyboard.press('Enter');
    await page.locator('[data-kt-say="familienname"]').waitFor();
    expect(sent.filter((form) => form === 'zeit')).to.have.length(1);
  });

  it('answer again when somebody goes back to what was asked before', async () => {
    await search(page, 'köthel perso');
    await page.locator('#suche').fill('tettau perso');
    await page.keyboard.press('Enter'); // at once, before the pause is over
    await answered(page, 'tettau perso');
    await search(page, 'köthel perso');
    expect(sent).to.deep.equal(['suche', 'suche', 'suche']);
  });

  it('show the latest answer, whatever order they come in', async () => {
    const searches = await slowSearches();
    await page.locator('#suche').pressSequentially('köthel');
    await searches.arrived(1);
    const givenUp = page.waitForEvent('requestfailed');
    await page.locator('#suche').pressSequentially(' perso');
    await searches.arrived(2);
    expect((await givenUp).postData(), 'nobody waits for the first any more').to.match(/^suche=k%C3%B6thel(&|$)/);
    searches.letGo(2);
    await answered(page, 'köthel perso');
    searches.letGo(1);
    await page.unroute('**/suche');
    await page.locator('#suche').press('ArrowDown');
    expect(await page.getAttribute('#ergebnis', 'data-kt-query')).to.equal('köthel perso');
    expect(await page.locator('#suche').inputValue()).to.equal('köthel perso');
  });

  for (const [what, status] of [
    ['the network is gone', 0],
    ['the office has an error', 500],
  ] as const) {
    it(`keep the last results, marked as old, when ${what}`, async () => {
      page = await replaced(page, [/request failed/, /status 500/, /Failed to fetch/, /console/]);
      await search(page, 'köthel perso');
      const before = await page.locator('[data-kt-call-times] button').allTextContents();
      await page.route('**/suche', (route) =>
        status === 0
          ? route.abort('connectionfailed')
          : route.fulfill({
              status,
              // As the office puts its message elsewhere when a part of a page fails.
              headers: { 'HX-Retarget': '#meldungen', 'HX-Reswap': 'innerHTML' },
              contentType: 'text/html',
              body: '<p>Fehler</p>',
            }),
      );
      await page.locator('#suche').pressSequentially(' freitag');
      await message(page, 'Die Suche antwortet nicht.').waitFor();
      expect(await page.locator('[data-kt-call-times] button').allTextContents()).to.deep.equal(before);
      expect(await page.textContent('[data-kt-call-old]')).to.contain('„köthel perso“');
      expect(await focused(page)).to.equal('#suche');
      await page.keyboard.press('Enter');
      expect(sent, 'old times are not held by Enter').to.not.include('zeit');
      await page.unroute('**/suche');
      await page.keyboard.press('Enter');
      await answered(page, 'köthel perso freitag');
      expect(await page.locator('[data-kt-call-old]').count()).to.equal(0);
      expect(await message(page, 'Die Suche antwortet nicht.').count()).to.equal(0);
    });
  }

  it('leave in the search box what was searched for, also when the same part is taken away twice', async () => {
    for (const time of ['first', 'second']) {
      await search(page, 'köthel perso');
      await page.locator('.kt-chip--found').first().click();
      await answered(page, 'perso');
      expect(await page.locator('#suche').inputValue(), time).to.equal('perso');
    }
  });

  it('choose one of the times that were asked for in addition at once', async () => {
    await search(page, 'köthel perso');
    await page.locator('#suche').press('ArrowDown');
    await page.keyboard.press('m');
    await page.locator('[data-kt-key="9"]').waitFor();
    expect(await page.evaluate<string>('document.activeElement.dataset.ktKey')).to.equal('4');
    await page.keyboard.press('5');
    await page.locator('[data-kt-say="familienname"]').waitFor();
    expect(await page.getAttribute('[aria-pressed="true"]', 'data-kt-key')).to.equal('5');
  });

  it('lead from the search box into the results and back', async () => {
    await search(page, 'köthel perso');
    const values = await page
      .locator('[data-kt-call-times] button')
      .evaluateAll((buttons) => buttons.map((button) => (button as HTMLButtonElement).value));
    const valueInFocus = () => page.evaluate<string>('document.activeElement.value');
    await page.locator('#suche').press('ArrowDown');
    expect(await valueInFocus()).to.equal(values[0]);
    await page.keyboard.press('ArrowDown');
    expect(await valueInFocus()).to.equal(values[1]);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    expect(await focused(page)).to.equal('#suche');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('s');
    expect(await focused(page), 's for Suche').to.equal('#suche');
  });

  it('are letters where somebody types, and nothing together with Ctrl, Alt or Meta', async () => {
    await search(page, 'köthel perso');
    await page.locator('#suche').press('End');
    await page.keyboard.type(' 9');
    expect(await page.locator('#suche').inputValue()).to.equal('köthel perso 9');
    await search(page, 'köthel perso');
    await page.locator('#suche').press('ArrowDown');
    for (const key of ['Control+2', 'Alt+2', 'Meta+2', 'Control+s', 'Alt+s']) await page.keyboard.press(key);
    expect(await focused(page)).to.contain('button');
    expect(sent).to.not.include('zeit');
    await page.keyboard.press('2');
    await page.locator('[data-kt-say="familienname"]').fill('123 ?smwrn');
    expect(await page.locator('[data-kt-say="familienname"]').inputValue()).to.equal('123 ?smwrn');
    expect(sent.filter((form) => form !== 'suche')).to.deep.equal(['zeit']);
  });

  it('send one form, however long a key is held down', async () => {
    await search(page, 'köthel perso');
    await page.locator('#suche').focus();
    for (let i = 0; i < 8; i += 1) await page.keyboard.down('Enter');
    await page.locator('[data-kt-say="familienname"]').waitFor();
    for (let i = 0; i < 8; i += 1) await page.keyboard.down('Enter');
    await page.keyboard.up('Enter');
    expect(sent.filter((form) => form !== 'suche')).to.deep.equal(['zeit']);
    await page
      .locator('h1')
      .focus()
      .catch(() => undefined);
    for (let i = 0; i < 4; i += 1) await page.keyboard.down('Escape');
    await page.keyboard.up('Escape');
    await page.locator('[data-kt-say="familienname"]').waitFor({ state: 'detached' });
    expect(sent.filter((form) => form !== 'suche')).to.deep.equal(['zeit', 'ende']);
  });

  it('end a call with Escape: at once without a caller, else after a question', async () => {
    await holdFirst();
    await page.locator('[data-kt-say="familienname"]').fill('Gläser');
    await page.keyboard.press('Escape');
    await message(page, ASK).waitFor();
    expect(sent).to.not.include('ende');
    await page.keyboard.press('Tab'); // goes on working: the question is withdrawn
    expect(await message(page, ASK).count()).to.equal(0);
    await page.keyboard.press('Escape');
    await message(page, ASK).waitFor();
    expect(sent).to.not.include('ende');
    await page.keyboard.press('Escape');
    await page.locator('[data-kt-say="familienname"]').waitFor({ state: 'detached' });
    expect(sent.filter((form) => form === 'ende')).to.have.length(1);
    await page.locator('#suche:focus').waitFor();
    expect(await page.locator('#suche').inputValue(), 'nothing of the last call is left').to.equal('');

    await holdFirst();
    expect(await page.locator('[data-kt-say="familienname"]').inputValue()).to.equal('');
    await page.keyboard.press('Escape');
    await page.locator('[data-kt-say="familienname"]').waitFor({ state: 'detached' });
    expect(sent.filter((form) => form === 'ende')).to.have.length(2);

    await search(page, 'köthel perso');
    await page.keyboard.press('Escape'); // nothing is held: the next call begins
    await answered(page, '');
    expect(await page.locator('#suche').inputValue()).to.equal('');
  });

  it('are explained by a dialog that has the keys to itself, and can be switched off for good', async () => {
    await search(page, 'köthel perso');
    await page.locator('#suche').press('ArrowDown');
    await page.keyboard.press('?');
    const dialog = page.locator('dialog#tasten[open]');
    await dialog.waitFor();
    await page.keyboard.press('2');
    await page.locator('[data-kt-keys-switch]').uncheck();
    await message(page, 'Einzelne Tasten sind ausgeschaltet.').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await focused(page), 'the browser gives the focus back').to.contain('value=');
    for (const key of ['2', 's', 'm', '?']) await page.keyboard.press(key);
    expect(await focused(page)).to.contain('value=');
    expect(
      sent.filter((form) => form !== 'suche'),
      'neither in the dialog nor switched off',
    ).to.deep.equal([]);

    await page.goto(DESK);
    await search(page, 'köthel perso');
    await page.locator('#suche').press('ArrowDown');
    await page.keyboard.press('2');
    expect(sent, 'it is remembered').to.not.include('zeit');
    await page.locator('[data-kt-key="?"]').click();
    expect(await page.locator('[data-kt-keys-switch]').isChecked()).to.equal(false);
    await page.locator('[data-kt-keys-switch]').check();
    await page.keyboard.press('Escape');
    await page.locator('#suche').press('ArrowDown');
    await page.keyboard.press('2');
    await page.locator('[data-kt-say="familienname"]').waitFor();
  });

  it('let the read-back follow what is typed', async () => {
    await holdFirst();
    await page.locator('[data-kt-say="vorname"]').fill('Werner');
    await page.locator('[data-kt-say="familienname"]').fill(' Gläser ');
    expect(await page.locator('[data-kt-said="vorname"]').first().textContent()).to.equal('Werner');
    expect(await page.locator('[data-kt-said="familienname"]').first().textContent()).to.equal('Gläser');
  });

  /** The same agent's place in a browser that may have these problems. */
  async function replaced(old: TestPage, allowProblems: readonly RegExp[]): Promise<TestPage> {
    await old.close();
    const other = await agentPage(app, NOW, { allowProblems });
    other.on('request', (request: Request) => {
      if (request.method() === 'POST') sent.push(new URL(request.url()).pathname.split('/').at(-1) ?? '');
    });
    await other.goto(DESK);
    return other;
  }
});
