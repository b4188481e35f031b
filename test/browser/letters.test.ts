import { writeFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { expect } from 'chai';
import { pathsFor } from '../../server/paths.ts';
import { SESSION_COOKIE } from '../../server/web/session.ts';
import { startApp, type RunningApp } from '../support/app.ts';
import { expectNoAxeViolations } from '../support/axe.ts';
import { newPage, type TestPage } from '../support/chromium.ts';
import { insertLetter, type FixtureAddress } from '../support/letterFixture.ts';
import { createDesk, OFFICE_ZONE, seedSmallOffice, type FixtureBooking } from '../support/officeFixture.ts';
import { insertUser, sessionCookie } from '../support/staff.ts';
import { expectNoSidewaysScroll } from './citizen.ts';

const DATE = '2026-12-08';
const p = pathsFor('de');
/** A4 at 96 dpi. */
const SHEET = { width: 794, height: 1123 };
const PIXELS_PER_MM = 96 / 25.4;
/** Half a millimetre: what printers shift a sheet by. */
const TOLERANCE = 0.5;

const LONG_NAME = 'Freifrau von und zu Wolfersdorff-Hohenleuben-Oberlungwitz';

interface Case {
  booking: Partial<FixtureBooking>;
  address: FixtureAddress & { kind?: 'confirmed' | 'moved' | 'cancelled' };
}

/** A usual one, then what may be too long: names, streets, towns, words; each kind; English. */
const CASES: readonly Case[] = [
  { booking: { firstName: 'Werner', familyName: 'Gläser' }, address: {} },
  {
    booking: { firstName: 'Annegret-Charlotte', familyName: LONG_NAME },
    address: {
      extra: 'c/o Seniorenwohnanlage „Am Donaudampfschifffahrtsgesellschaftsgarten“, Haus 3, Wohnung 114',
      street: 'Straße des Nationalen Aufbauwerkes Karl-Marx-Stadt-Nord 112 a',
      postcode: '08393',
      city: 'Schönberg, Ortsteil Breitenbach-Niederwiera',
    },
  },
  {
    booking: { firstName: 'Wolfgang', familyName: 'W'.repeat(80) },
    address: { extra: 'X'.repeat(100), street: 'Y'.repeat(100), city: 'W'.repeat(100) },
  },
  {
    booking: { familyName: 'Smith', locale: 'en', services: [{ slug: 'personalausweis', persons: 2 }] },
    address: { kind: 'moved' },
  },
  { booking: { familyName: 'Vogel' }, address: { kind: 'cancelled' } },
];

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Pages of a PDF as Chromium writes it. */
function pagesOf(pdf: Buffer): number {
  return pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
}

/** Everything a PDF of Chromium says, with its compressed parts laid open. */
function openedPdf(pdf: Buffer): string {
  const text = pdf.toString('latin1');
  const parts = [...text.matchAll(/stream\r?\n([^]*?)\r?\nendstream/g)].map(([, data = '']) => {
    try {
      return inflateSync(Buffer.from(data, 'latin1')).toString('latin1');
    } catch {
      return '';
    }
  });
  return [text, ...parts].join('\n');
}

describe('Letters on paper, in the browser', function () {
  this.timeout(180_000);

  let app: RunningApp;
  let municipalityId: number;
  let cookie: { name: string; value: string; url: string };
  let path: string;

  before(async () => {
    const time = OFFICE_ZONE.instantAt('2026-11-24', 9 * 60);
    const now = (): number => time;
    app = await startApp({ now });
    const { database } = app.office;
    const office = await seedSmallOffice(database, { date: DATE });
    municipalityId = office.municipalityId;
    const desk = createDesk(database, now);
    for (const [index, { booking, address }] of CASES.entries()) {
      const { id } = await desk.book({ stopId: office.firstStopId, minute: 9 * 60 + index * 40, ...booking });
      if (address.kind === 'cancelled') {
        await database.writer('appointments').where({ id }).update({ state: 'cancelled', cancelled_at: time });
      }
      await insertLetter(database, id, time + index, address);
    }
    const { id } = await insertUser(database, ['hotline'], { municipalities: [municipalityId] });
    const [, value = ''] = (await sessionCookie(database, id, { now: time })).split(/=(.*)/s);
    cookie = { name: SESSION_COOKIE, value, url: app.origin };
    path = p.lettersPrint({ kommune: municipalityId });
  });
  after(() => app.stop());

  async function open(address: string, options: Partial<Parameters<typeof newPage>[0]> = {}): Promise<TestPage> {
    const page = await newPage({ origin: app.origin, ...SHEET, ...options });
    await page.context().addCookies([cookie]);
    await page.goto(address);
    return page;
  }

  /** Where something lies on its letter, in millimetres from the upper left corner of the sheet. */
  async function boxesOf(page: TestPage, selector: string, ofText = false): Promise<Box[]> {
    const boxes = await page.locator('.kt-letter').evaluateAll(
      (letters, { selector: wanted, ofText: asText }) =>
        letters.flatMap((letter) => {
          const sheet = letter.getBoundingClientRect();
          return [...letter.querySelectorAll(wanted)].map((element) => {
            const range = document.createRange();
            range.selectNodeContents(element);
            const box = (asText ? range : element).getBoundingClientRect();
            return {
              left: box.left - sheet.left,
              top: box.top - sheet.top,
              right: box.right - sheet.left,
              bottom: box.bottom - sheet.top,
            };
          });
        }),
      { selector, ofText },
    );
    const mm = (pixels: number): number => pixels / PIXELS_PER_MM;
    return boxes.map(({ left, top, right, bottom }) => ({
      left: mm(left),
      top: mm(top),
      right: mm(right),
      bottom: mm(bottom),
    }));
  }

  function expectAt(box: Box | undefined, measures: Partial<Box>, what: string): void {
    for (const [side, at] of Object.entries(measures) as [keyof Box, number][]) {
      expect(box?.[side], `${what}, ${side}`).to.be.closeTo(at, 0.15);
    }
  }

  function expectWithin(box: Box, frame: Box, what: string): void {
    expect(box.left, `${what}, left`).to.be.at.least(frame.left - 0.1);
    expect(box.top, `${what}, top`).to.be.at.least(frame.top - 0.1);
    expect(box.right, `${what}, right`).to.be.at.most(frame.right + 0.1);
    expect(box.bottom, `${what}, bottom`).to.be.at.most(frame.bottom + 0.1);
  }

  it('measure what DIN 5008 form B says', async () => {
    const page = await open(path);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.kt-letter').count()).to.equal(CASES.length);
    for (const box of await boxesOf(page, '.kt-letter__window')) {
      expectAt(box, { left: 20, top: 45, right: 105, bottom: 90 }, 'address field');
    }
    for (const box of await boxesOf(page, '.kt-letter__to:not(.kt-letter__to--small)')) {
      expectAt(box, { left: 25, top: 62.7, right: 105, bottom: 90 }, 'recipient');
    }
    expect(await page.locator('.kt-letter__to--small').count(), 'more than six lines').to.equal(2);
    for (const box of await boxesOf(page, '.kt-letter__info')) {
      expectAt(box, { left: 125, top: 50, right: 190 }, 'information block');
    }
    for (const [name, top] of [
      ['upper', 105],
      ['hole', 148.5],
      ['lower', 210],
    ] as const) {
      const boxes = await boxesOf(page, `.kt-letter__mark--${name}`);
      expect(boxes.length).to.equal(CASES.length);
      for (const box of boxes) {
        expectAt(box, { top }, `mark ${name}`);
        expect(box.right, 'beside the text').to.be.lessThan(20);
      }
    }
    for (const box of await boxesOf(page, '.kt-letter__subject')) {
      expectAt(box, { left: 25, top: 98.46, right: 190 }, 'subject');
    }
    await page.close();
  });

  it('keep every address in the window, however long it is', async () => {
    const page = await open(path);
    await page.emulateMedia({ media: 'print' });
    const lines = await boxesOf(page, '.kt-letter__to .kt-letter__line');
    expect(lines.length).to.equal(3 + 4 + 4 + 3 + 3);
    for (const [index, line] of lines.entries()) {
      expectWithin(line, { left: 25, top: 55.9, right: 105, bottom: 90 }, `line ${index}`);
    }
    const names = await boxesOf(page, '.kt-letter__from span', true);
    for (const [index, line] of names.entries()) {
      expectWithin(line, { left: 25, top: 45, right: 105, bottom: 62.7 }, 'return address');
      expect(line.bottom, 'above the recipient').to.be.at.most(
        (await boxesOf(page, '.kt-letter__to'))[index]?.top ?? 0,
      );
    }
    // nothing is cut but what no post office could read either
    const usual = page.locator('.kt-letter').first().locator('.kt-letter__to');
    expect(await usual.innerText()).to.equal('Werner Gläser\nLindenstraße 4\n08393\u00A0Schönberg');
    const cut = await page
      .locator('.kt-letter__to .kt-letter__line')
      .evaluateAll((all) => all.filter((one) => one.scrollHeight > one.clientHeight + 1).map((one) => one.textContent));
    expect(
      cut.every((text) => /^(Wolfgang W{80}|X{100}|Y{100}|08393\u00A0W{100})$/.test(text)),
      cut.join(' | '),
    ).to.equal(true);
    await page.close();
  });

  it('hold their words inside the margins and above the foot', async () => {
    const page = await open(path);
    await page.emulateMedia({ media: 'print' });
    for (const box of await boxesOf(page, '.kt-letter__text > *', true)) {
      expectWithin(box, { left: 25, top: 98.46, right: 190, bottom: 274 }, 'text');
    }
    for (const selector of ['.kt-letter__head', '.kt-letter__info', '.kt-letter__foot']) {
      for (const box of await boxesOf(page, selector, true)) {
        expectWithin(box, { left: 25, top: 10, right: 190, bottom: 292 }, selector);
      }
    }
    await page.close();
  });

  it('are one page of A4 each, without the frame, with their fonts and their words as text', async () => {
    for (const javaScript of [true, false]) {
      const page = await open(path, { javaScript });
      for (const preferCSSPageSize of [true, false]) {
        const pdf = await page.pdf({ preferCSSPageSize, format: 'A4' });
        expect(pagesOf(pdf)).to.equal(CASES.length);
        const inside = openedPdf(pdf);
        expect(inside, 'A4').to.match(/\/MediaBox\s*\[0 0 59[45]\S* 84[12]\S*\]/);
        expect(inside, 'fonts embedded').to.match(/\/FontFile[23]/);
        expect(inside, 'text can be taken out').to.contain('/ToUnicode');
        const wanted = process.env['KEEP_LETTERS'];
        if (wanted !== undefined) writeFileSync(wanted, pdf);
      }
      await page.close();
    }
  });

  it('flow on to a second sheet where there is much to bring, with the address on the first only', async () => {
    const page = await open(path);
    // As many documents as ten services may ask for.
    await page
      .locator('.kt-letter__bring')
      .first()
      .evaluate((list) => {
        const [first] = list.children;
        for (let n = 0; n < 40; n += 1) if (first !== undefined) list.append(first.cloneNode(true));
      });
    const pdf = await page.pdf({ preferCSSPageSize: true });
    expect(pagesOf(pdf)).to.equal(CASES.length + 1);
    if (process.env['KEEP_LETTERS'] !== undefined) writeFileSync(`${process.env['KEEP_LETTERS']}.long.pdf`, pdf);
    await page.close();
  });

  it('are accessible, light and dark, on a wide and on a narrow screen, and offer to print', async () => {
    for (const look of [
      { width: 1280, colorScheme: 'light' },
      { width: 1280, colorScheme: 'dark' },
      { width: 320, colorScheme: 'dark' },
    ] as const) {
      for (const address of [p.letters(), path]) {
        const page = await open(address, look);
        await expectNoAxeViolations(page, `${address}, ${look.colorScheme}`);
        await expectNoSidewaysScroll(page, address);
        await page.close();
      }
    }
    const page = await open(path);
    expect(await page.locator('[data-kt-print]').isVisible()).to.equal(true);
    expect(await page.title(), 'no personal data').to.contain('Briefe für Meerane');
    await page.close();
  });

  it('lie side by side as paper on a wide screen, and are ticked off without JavaScript', async () => {
    const page = await open(path, { width: 1600, javaScript: false });
    const [one, two] = await Promise.all([0, 1].map((n) => page.locator('.kt-letter').nth(n).boundingBox()));
    expect(one?.y).to.equal(two?.y);
    expect(two?.x).to.be.greaterThan((one?.x ?? 0) + (one?.width ?? 0));
    expect((one?.height ?? 0) / (one?.width ?? 1), 'A4').to.be.closeTo(297 / 210, TOLERANCE / 100);

    await page.getByLabel('ist gedruckt').last().uncheck();
    await page.getByRole('button', { name: 'Als gedruckt vermerken' }).click();
    await page.waitForURL(`**${p.letters()}`);
    expect(await page.locator('.kt-notice').innerText()).to.contain(
      `${CASES.length - 1} Briefe sind als gedruckt vermerkt`,
    );
    expect(await page.locator('.kt-panel .kt-rows__item').count(), 'still waiting').to.equal(1);
    await page.close();
  });
});
