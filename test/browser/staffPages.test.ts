import { expect } from 'chai';
import { startDemoApp, type RunningApp } from '../support/app.ts';
import { expectNoAxeViolations } from '../support/axe.ts';
import { newPage, type TestPage } from '../support/chromium.ts';
import { SESSION_COOKIE } from '../../server/web/session.ts';
import { insertUser, joinFirstCrew, sessionCookie, type OwnTour } from '../support/staff.ts';
import { expectNoSidewaysScroll } from './citizen.ts';

/** Every page below /intern once, as somebody who may do everything sees it. */
async function pathsOf({ office }: RunningApp, own: OwnTour): Promise<string[]> {
  const idIn = async (table: string, where: object = {}): Promise<number> =>
    (await office.database.reader<{ id: number }>(table).where(where).orderBy('id').first('id'))?.id ?? 0;
  const published = await idIn('tours', { state: 'published' });
  const draft = await idIn('tours', { state: 'draft' });
  const inside = [
    '/woche',
    '/monat',
    '/touren/neu',
    `/touren/${published}`,
    `/touren/${draft}`,
    `/touren/${published}/absage`,
    `/touren/${published}/wiederholung`,
    `/touren/${published}/verschiebung`,
    `/touren/${published}/verlauf`,
    `/touren/${published}/reihenfolge`,
    `/touren/${draft}/reihenfolge`,
    '/tag',
    `/tag/${own.date}`,
    `/tag/${own.date}/tagesblatt`,
    `/halte/${own.stopId}/ohne-termin`,
    `/halte/${own.stopId}/aushang`,
    `/touren/${own.tourId}/verspaetung`,
    '/meine-woche',
    '/115',
    '/anrufe',
    '/briefe',
    `/briefe/druck?kommune=${await idIn('municipalities')}`,
    '/nachrichten',
    '/nachrichten?stand=wartet',
    '/nachrichten?stand=gesendet',
    `/nachrichten/${await idIn('outbox', { state: 'sent' })}`,
    `/nachrichten/${await idIn('outbox', { state: 'failed' })}`,
    '/rueckrufe',
    '/rueckrufe?neu=1',
    '/stammdaten',
    '/kommunen',
    `/kommunen/${await idIn('municipalities')}`,
    `/kommunen/${await idIn('municipalities')}/nachrichten`,
    `/kommunen/${await idIn('municipalities')}/texte`,
    `/kommunen/${await idIn('municipalities')}/texte/movedByOffice?sprache=en`,
    '/standorte',
    `/standorte/${await idIn('venues')}`,
    '/standorte/neu',
    '/import/standorte',
    '/leistungen',
    `/leistungen/${await idIn('services')}`,
    '/import/leistungen',
    '/depots',
    '/depots/neu',
    '/koffer',
    `/koffer/${await idIn('kits')}`,
    '/sachbearbeitung',
    `/sachbearbeitung/${await idIn('clerks')}`,
    '/schliesstage',
    '/nutzer',
    '/nutzer/neu',
    '/verlauf',
    '/konto',
    '/kalender',
    '/kartendaten',
  ];
  return inside.map((path) => `/intern${path}`);
}

describe('The pages for those who work with the program', function () {
  this.timeout(240_000);

  let app: RunningApp;
  let paths: string[];
  let cookie: { name: string; value: string; url: string };

  before(async () => {
    app = await startDemoApp();
    const outbox = app.office.jobs.find(({ name }) => name === 'outbox');
    await outbox?.run(Date.now(), new AbortController().signal);
    const { id } = await insertUser(app.office.database, ['hotline', 'clerk', 'planner', 'admin']);
    paths = await pathsOf(app, await joinFirstCrew(app.office.database, id));
    const [, value = ''] = (await sessionCookie(app.office.database, id)).split(/=(.*)/s);
    cookie = { name: SESSION_COOKIE, value, url: app.origin };
  });
  after(() => app.stop());

  async function pageFor(options: Partial<Parameters<typeof newPage>[0]>): Promise<TestPage> {
    const page = await newPage({ origin: app.origin, ...options });
    await page.context().addCookies([cookie]);
    return page;
  }

  for (const [prefix, width, colorScheme, javaScript] of [
    ['', 1280, 'light', true],
    ['', 320, 'dark', true],
    ['', 320, 'light', false],
    ['/en', 1280, 'dark', false],
  ] as const) {
    const how = `${prefix === '' ? 'in German' : 'in English'}, ${width} px, ${colorScheme}, ${javaScript ? 'with' : 'without'} JavaScript`;

    it(`have no barrier, one heading and nothing to scroll sideways: ${how}`, async () => {
      const page = await pageFor({ width, colorScheme, javaScript });
      const found: string[] = [];
      for (const path of paths) {
        const answer = await page.goto(prefix + path);
        expect(answer?.status(), prefix + path).to.equal(200);
        expect(await page.locator('h1').count(), `headings of ${prefix + path}`).to.equal(1);
        await expectNoSidewaysScroll(page, prefix + path).catch((error: Error) => found.push(error.message));
        await expectNoAxeViolations(page, prefix + path).catch((error: Error) => found.push(error.message));
      }
      expect(found.length, `\n${found.join('\n')}\n`).to.equal(0);
      await page.close();
    });
  }

  it('keep the figures of a better order inside their frame, however wide the screen is', async () => {
    const drafts = await app.office.database
      .reader<{ id: number; state: string }>('tours')
      .where({ state: 'draft' })
      .select('id');
    const path = `/intern/touren/${Math.max(...drafts.map(({ id }) => id))}/reihenfolge`;
    for (const width of [320, 600, 768, 991, 992, 1280]) {
      const page = await pageFor({ width });
      await page.goto(path);
      const frame = await page.locator('.kt-order__result').boundingBox();
      const figures = await page.locator('.kt-order__figures').boundingBox();
      if (frame === null || figures === null) throw new Error(`${path} proposes nothing`);
      expect(figures.x + figures.width, `right edge at ${width} px`).to.be.at.most(frame.x + frame.width);
      await page.close();
    }
  });

  it('have none where one signs in, and lead there by the keyboard alone', async () => {
    for (const [width, colorScheme] of [
      [320, 'dark'],
      [1280, 'light'],
    ] as const) {
      const page = await newPage({ origin: app.origin, width, colorScheme });
      await page.goto('/intern');
      expect(new URL(page.url()).pathname).to.equal('/intern/anmelden');
      await expectNoSidewaysScroll(page, '/intern/anmelden');
      await expectNoAxeViolations(page, '/intern/anmelden');
      await page.locator('main input[type="email"]').first().focus();
      await page.keyboard.type('planung@koffertour.example');
      await page.keyboard.press('Tab');
      await page.keyboard.type('Linde-Wagen-Brot-41');
      await page.keyboard.press('Enter');
      await page.waitForURL('**/intern/woche**');
      expect(await page.locator('h1').count()).to.equal(1);
      await page.close();
    }
  });
});
