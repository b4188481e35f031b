import { expect } from 'chai';
import { spell } from '../../server/domain/booking/spelling.ts';
import { startDemoApp, type RunningApp } from '../support/app.ts';
import { expectNoAxeViolations } from '../support/axe.ts';
import type { TestPage } from '../support/chromium.ts';
import { OFFICE_ZONE } from '../support/officeFixture.ts';
import { signedIn } from '../support/staff.ts';
import { DESK_DARK, DESK_LIGHT, expectNoSidewaysScroll, focused, PHONE_DARK, PHONE_LIGHT, show } from './citizen.ts';
import { agentPage, answered, countedKeys, DESK, message, search } from './hotlineDesk.ts';

const NOW = OFFICE_ZONE.instantAt('2026-11-24', 8 * 60);
const MOST_KEYS = 40;
const FAMILY_NAME = '[data-kt-say="familienname"]';

describe('The workplace of the hotline', function () {
  this.timeout(120_000);

  let app: RunningApp;
  const open: TestPage[] = [];

  before(async () => {
    const ahead = NOW - Date.now();
    app = await startDemoApp({ now: () => Date.now() + ahead });
  });
  after(() => app.stop());
  afterEach(async () => {
    for (const page of open.splice(0)) await page.close();
  });

  async function desk(options: Parameters<typeof agentPage>[2] = {}): Promise<TestPage> {
    const page = await agentPage(app, NOW, options);
    open.push(page);
    await page.goto(DESK);
    return page;
  }

  /** Holds the first time for a search. */
  async function hold(page: TestPage, query: string): Promise<void> {
    await search(page, query);
    await page.locator('#suche').press('Enter');
    await page.locator(FAMILY_NAME).waitFor();
  }

  /** @returns the reference without spaces */
  async function book(page: TestPage, query: string, caller: Record<string, string>): Promise<string> {
    await hold(page, query);
    for (const [id, text] of Object.entries(caller)) await page.locator(`#${id}`).fill(text);
    await page.locator(FAMILY_NAME).press('Enter');
    return referenceOn(page);
  }

  async function referenceOn(page: TestPage): Promise<string> {
    await page.locator('.kt-groups__symbols').first().waitFor();
    const groups = await page.locator('.kt-groups__symbols').allTextContents();
    return groups.join('').replace(/\s/g, '');
  }

  async function countBooked(): Promise<number> {
    const [row] = await app.office.database.reader('appointments').where('state', 'confirmed').count({ count: '*' });
    return Number(row?.['count']);
  }

  it(`books for a caller by keyboard alone, with at most ${MOST_KEYS} keys besides the name`, async function () {
    const before = await countBooked();
    const page = await desk();
    const keys = countedKeys(page);
    await page.locator('#suche:focus').waitFor();
    await keys.type('köthel perso');
    await answered(page, 'köthel perso');
    await keys.press('Enter');
    await page.locator('#vorname:focus').waitFor();
    await keys.typeName('Werner');
    await keys.press('Tab');
    await keys.typeName('Gläser');
    expect(await page.textContent('[data-kt-said="familienname"]')).to.equal('Gläser');
    await keys.press('Tab');
    expect(await focused(page)).to.equal('#weg-telefon');
    await keys.press('Tab');
    await keys.type('01713920012');
    await keys.press('Enter');
    await page.locator('#wiederholen:focus').waitFor();

    const said = ((await page.textContent('.kt-say--strong')) ?? '').replaceAll('\u00A0', ' ');
    expect(said).to.match(/^\s*„Ich wiederhole: Werner Gläser, am .+, um \d+ Uhr/);
    expect(said).to.contain('im Feuerwehrhaus Köthel, Dorfstraße 18.');
    expect(said).to.contain('Ihr Anliegen: Personalausweis beantragen. Stimmt das so?');
    const reference = await referenceOn(page);
    expect(reference).to.match(/^[A-Z2-9]{9}$/);
    const words = await page.locator('.kt-groups__words').allTextContents();
    expect(words.map((group) => group.replaceAll('\u00A0', ' ').trim())).to.deep.equal(
      spell(reference, 'de').map((group) =>
        group.map(({ symbol, word }) => (/\d/.test(symbol) ? word : `${symbol} wie ${word}`)).join(', '),
      ),
    );
    expect(await countBooked()).to.equal(before + 1);
    expect(keys.count, 'key presses besides the name').to.be.at.most(MOST_KEYS);
    if (this.test) this.test.title += `: ${keys.count}`;

    await page.keyboard.press('w');
    expect(await focused(page)).to.equal('#wiederholen');
    await page.keyboard.press('n');
    await page.locator('#suche:focus').waitFor();
    expect(await page.locator('#suche').inputValue()).to.equal('');
    expect(await page.textContent('main'), 'nothing of the last caller').to.not.contain('Gläser');
  });

  it('books the same without JavaScript', async () => {
    const before = await countBooked();
    const page = await desk({ javaScript: false });
    await page.fill('#suche', 'köthel perso');
    await page.click('#suchform button[type=submit]');
    expect(await page.inputValue('#suche')).to.equal('köthel perso');
    await page.click('[data-kt-call-times] button[name=zeit] >> nth=0');
    await page.fill('#vorname', 'Karla');
    await page.fill('#familienname', 'Petzold');
    await page.check('#weg-telefon');
    await page.fill('#telefon', '1');
    await page.click('#anruf .kt-actions button.kern-btn--primary');
    expect(await page.inputValue('#familienname'), 'a refused form keeps what was typed').to.equal('Petzold');
    expect(await page.locator('#telefon-fehler').count()).to.equal(1);
    await page.fill('#telefon', '03764 471123');
    await page.press('#telefon', 'Enter');
    expect(await page.textContent('.kt-say--strong')).to.contain('Karla Petzold');
    const reference = await referenceOn(page);
    expect(await countBooked()).to.equal(before + 1);
    await page.click('[data-kt-key~="Escape"]');
    expect(await page.inputValue('#suche')).to.equal('');

    await page.fill('#suche', reference);
    await page.click('#suchform button[type=submit]');
    await page.click('[data-kt-call-enter]');
    expect(await page.textContent('main')).to.contain('Karla Petzold');
  });

  it('opens an appointment by its reference, and moves it, by keyboard', async () => {
    const page = await desk();
    const reference = await book(page, 'köthel perso', {
      vorname: 'Ute',
      familienname: 'Kühn',
      telefon: '03764 47001',
    });
    await page.keyboard.press('n');
    await page.locator('#suche:focus').waitFor();
    await page.keyboard.type(reference.toLowerCase());
    await answered(page, reference.toLowerCase());
    await page.keyboard.press('Enter');
    await page.locator('#wiederholen:focus').waitFor();
    const before = await page.textContent('.kt-say--strong');
    await page.getByRole('link', { name: 'Verschieben' }).press('Enter');
    await page.locator('[data-kt-call-times] button').nth(1).waitFor();
    await page.locator('#suche').press('ArrowDown');
    await page.keyboard.press('2');
    await page.getByRole('button', { name: 'Ja, verschieben' }).press('Enter');
    await page.locator('#wiederholen:focus').waitFor();
    expect(await page.textContent('.kt-say--strong')).to.not.equal(before);
    expect(await referenceOn(page), 'the reference stays').to.equal(reference);
  });

  it('shows a loser the next times at once and loses nothing that was typed', async () => {
    const page = await desk();
    const query = 'tettau perso';
    await hold(page, query);
    await page.locator('#familienname').fill('Verlierer');
    await page.locator('#telefon').fill('03764 47002');
    const wanted = page.locator('[data-kt-call-times] button[name=zeit][aria-pressed=false]').first();
    const value = (await wanted.getAttribute('value')) ?? '';
    expect(await takeAllCounters(value, query), 'other agents who got it').to.be.greaterThan(0);
    await wanted.click();
    await page.getByText('Diese Zeit hat gerade jemand anderes genommen.').first().waitFor();
    expect(await page.inputValue('#suche')).to.equal(query);
    const offered = await page
      .locator('[data-kt-call-times] button[name=zeit]')
      .evaluateAll((buttons) => buttons.map((button) => (button as HTMLButtonElement).value));
    expect(offered, 'other times').to.not.be.empty;
    expect(offered, 'what is gone is not offered again').to.not.include(value);
    expect(await page.inputValue('#familienname')).to.equal('Verlierer');
    expect(await page.inputValue('#telefon')).to.equal('03764 47002');
  });

  /** Other agents hold this time until no counter has it free. @returns how many did */
  async function takeAllCounters(zeit: string, suche: string): Promise<number> {
    for (let count = 0; ; count += 1) {
      const agent = await signedIn(app, 'hotline', { now: NOW });
      try {
        const search = (await agent.get(DESK)).$('[data-kt-call-search]').attr('action') ?? '';
        const answer = await agent.post(search.replace(/suche$/, 'zeit'), { zeit, suche });
        if (answer.status !== 303) return count;
      } finally {
        agent.close();
      }
    }
  }

  it('has no barrier in any state, light and dark, wide and narrow', async () => {
    const page = await desk();
    const found: string[] = [];
    const look = async (state: string): Promise<void> => {
      for (const screen of [DESK_LIGHT, DESK_DARK, PHONE_LIGHT, PHONE_DARK]) {
        await show(page, screen);
        const label = `${state}, ${screen.width} px, ${screen.colorScheme}`;
        for (const check of [expectNoAxeViolations, expectNoSidewaysScroll]) {
          await check(page, label).catch((error: Error) => found.push(error.message));
        }
      }
      await show(page, DESK_LIGHT);
    };
    await look('empty');
    await search(page, 'schönberg');
    await look('only a place');
    await search(page, 'schönberg perso xyz');
    await look('results');
    await page.locator('[data-kt-key="?"]').click();
    await look('keys');
    await page.keyboard.press('Escape');
    await hold(page, 'schönberg perso');
    await look('held');
    await page.locator('#familienname').press('Enter');
    await page.locator('#familienname-fehler').waitFor();
    expect(await page.title()).to.match(/^Fehler: /);
    await look('refused');
    await page.locator('#familienname').fill('Vogel');
    await page.locator('#telefon').fill('03764 47003');
    await page.locator('#familienname').press('Enter');
    await page.locator('#wiederholen').waitFor();
    await look('booked');
    const reference = await referenceOn(page);
    await page.keyboard.press('n');
    await hold(page, 'schönberg perso');
    await page.locator('#familienname').fill('Vogel');
    await page.locator('#telefon').fill('03764 47003');
    await page.locator('#familienname').press('Enter');
    await page.locator('#aehnlich').waitFor();
    await look('similar');
    await page.goto(DESK);
    await search(page, reference);
    await look('reference');
    await page.locator('#suche').press('Enter');
    await page.locator('#wiederholen').waitFor();
    for (const part of await page.locator('details.kt-more').all()) await part.locator('summary').click();
    await look('managing');
    await page.getByRole('link', { name: 'Verschieben' }).click();
    await page.locator('[data-kt-call-times] button').first().click();
    await page.getByRole('button', { name: 'Ja, verschieben' }).waitFor();
    await look('moving');
    expect(found.length, `\n${found.join('\n')}\n`).to.equal(0);
  });

  it('puts the focus where the next thing is to be done', async () => {
    const page = await desk();
    await page.locator('#suche:focus').waitFor();
    await hold(page, 'schönberg perso');
    await page.locator('#vorname:focus').waitFor();
    await page.locator('#familienname').press('Enter');
    await page.locator('.kt-errors:focus').waitFor();
    await page.locator('#familienname').fill('Richter');
    await page.locator('#telefon').fill('03764 47004');
    await page.locator('#familienname').press('Enter');
    await page.locator('#wiederholen:focus').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('#suche:focus').waitFor();
    await search(page, 'schönberg perso freitag');
    const chip = page.locator('#ergebnis .kt-chip--found').last();
    await chip.press('Enter');
    await answered(page, 'schönberg perso');
    expect(await page.inputValue('#suche')).to.equal('schönberg perso');
    expect(await focused(page), 'never lost').to.not.equal('nothing');
    expect(await message(page, /./).count(), 'nothing went wrong').to.equal(0);
  });
});
