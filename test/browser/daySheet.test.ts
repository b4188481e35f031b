import { expect } from 'chai';
import { pathsFor } from '../../server/paths.ts';
import { SESSION_COOKIE } from '../../server/web/session.ts';
import { startApp, type RunningApp } from '../support/app.ts';
import { expectNoAxeViolations } from '../support/axe.ts';
import { newPage, type TestPage } from '../support/chromium.ts';
import { createDesk, insertTour, OFFICE_ZONE, seedSmallOffice } from '../support/officeFixture.ts';
import { insertUser, sessionCookie } from '../support/staff.ts';
import { expectNoSidewaysScroll } from './citizen.ts';

const DATE = '2026-12-08';
const p = pathsFor('de');

/** Pages of a PDF as Chromium writes it. */
function pagesOf(pdf: Buffer): number {
  return pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
}

describe('The day on paper, in the browser', function () {
  this.timeout(180_000);

  let app: RunningApp;
  let stops: number[];
  let cookie: { name: string; value: string; url: string };

  before(async () => {
    // it is booked two weeks before, and printed the day before
    let time = OFFICE_ZONE.instantAt('2026-11-24', 9 * 60);
    const now = (): number => time;
    app = await startApp({ now });
    const { database } = app.office;
    const office = await seedSmallOffice(database, { date: '2026-12-15' });
    const { municipalityId, kitId, clerkId, firstVenueId, secondVenueId } = office;
    stops = await insertTour(database, {
      date: DATE,
      municipalityId,
      kitId,
      clerkId,
      stops: [
        { venueId: firstVenueId, fromMinute: 8 * 60, toMinute: 11 * 60 },
        { venueId: secondVenueId, fromMinute: 12 * 60, toMinute: 14 * 60 + 30 },
        { venueId: firstVenueId, fromMinute: 15 * 60 + 30, toMinute: 18 * 60 },
      ],
    });
    await database.writer('tours').where('date', DATE).update({
      depot_id: office.depotId,
      note: 'Schlüssel für das Gemeindeamt beim Hausmeister, Telefon 03764 5555. Bitte das Plakat austauschen.',
    });
    const { id } = await insertUser(database, ['clerk'], { municipalities: [municipalityId] });
    await database.writer('clerks').where('id', clerkId).update({ user_id: id });
    const desk = createDesk(database, now);
    // 7, 7 and 6 appointments; every third one for two services, every fourth with a long name
    for (const [index, stopId] of stops.entries()) {
      const from = [8 * 60, 12 * 60, 15 * 60 + 30][index] ?? 0;
      for (let n = 0; n < (index === 2 ? 6 : 7); n += 1) {
        await desk.book({
          stopId,
          minute: from + n * 20,
          familyName: n % 4 === 3 ? 'Freifrau von Wolfersdorff-Hohenleuben' : `Vogel${'abcdefg'[n] ?? ''}`,
          contactKind: 'phone',
          contact: `+49 3764 12345${index}${n}`,
          services:
            n % 3 === 2
              ? [{ slug: 'fuehrungszeugnis', persons: 2 }]
              : [{ slug: n % 3 === 1 ? 'fuehrungszeugnis' : 'personalausweis', persons: 1 }],
        });
      }
    }
    time = OFFICE_ZONE.instantAt('2026-12-07', 15 * 60);
    const [, value = ''] = (await sessionCookie(database, id, { now: time })).split(/=(.*)/s);
    cookie = { name: SESSION_COOKIE, value, url: app.origin };
  });
  after(() => app.stop());

  async function open(path: string, options: Partial<Parameters<typeof newPage>[0]> = {}): Promise<TestPage> {
    const page = await newPage({ origin: app.origin, ...options });
    await page.context().addCookies([cookie]);
    await page.goto(path);
    return page;
  }

  it('is one page of A4 for three stops with twenty appointments, without the frame', async () => {
    const page = await open(p.daySheet(DATE));
    expect(await page.locator('.kt-sheet__table tbody tr').count()).to.equal(20);
    for (const preferCSSPageSize of [true, false]) {
      const pdf = await page.pdf({ preferCSSPageSize, format: 'A4' });
      expect(pagesOf(pdf)).to.equal(1);
    }
    await page.emulateMedia({ media: 'print' });
    for (const frame of ['.kt-header', '.kt-footer', '.kt-sheet-bar']) {
      expect(await page.locator(frame).first().isVisible(), frame).to.equal(false);
    }
    await page.close();
  });

  it('hangs at the venue on one page too', async () => {
    const page = await open(p.stopNotice(stops[0] ?? 0));
    expect(pagesOf(await page.pdf({ preferCSSPageSize: true }))).to.equal(1);
    await page.emulateMedia({ media: 'print' });
    const size = await page
      .locator('.kt-hang__sign')
      .first()
      .evaluate((one) => parseFloat(getComputedStyle(one).fontSize));
    expect(size, 'read from two metres away: 8 mm').to.be.greaterThan(28);
    await page.close();
  });

  it('is accessible, light and dark, on a wide and on a narrow screen, and offers to print', async () => {
    for (const look of [
      { width: 1280, colorScheme: 'light' },
      { width: 320, colorScheme: 'dark' },
    ] as const) {
      for (const path of [p.daySheet(DATE), p.stopNotice(stops[0] ?? 0)]) {
        const page = await open(path, look);
        await expectNoAxeViolations(page, `${path}, ${look.colorScheme}`);
        await expectNoSidewaysScroll(page, path);
        expect(await page.locator('[data-kt-print]').isVisible()).to.equal(true);
        await page.close();
      }
    }
  });
});
