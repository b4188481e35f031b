import { expect } from 'chai';
import {
  blocksOf,
  presentEasyLanguage,
  presentImprint,
  presentPrivacy,
  telephoneHref,
} from '../../server/features/info/presenter.ts';
import { readDirectory } from '../../server/data/directoryRepository.ts';
import { startApp, startDemoApp, type RunningApp } from '../support/app.ts';
import { expectNoAxeViolations } from '../support/axe.ts';
import { newPage } from '../support/chromium.ts';
import { expectValidHtml, load, visibleText } from '../support/html.ts';

const PAGES = ['/impressum', '/datenschutz', '/barrierefreiheit', '/leichte-sprache'];

async function read(app: RunningApp, path: string): Promise<string> {
  const response = await fetch(app.origin + path);
  expect(response.status, path).to.equal(200);
  return response.text();
}

describe('The pages an office owes its citizens', function () {
  this.timeout(60_000);
  let app: RunningApp;

  before(async () => {
    app = await startDemoApp();
  });

  after(() => app.stop());

  it('are valid pages with one heading that says what the title says, in both languages', async () => {
    for (const prefix of ['', '/en']) {
      for (const path of PAGES) {
        const html = await read(app, prefix + path);
        await expectValidHtml(html, prefix + path);
        const $ = load(html);
        expect($('html').attr('lang')).to.equal(prefix === '' ? 'de' : 'en');
        expect($('h1').length, path).to.equal(1);
        expect($('h1').attr('tabindex')).to.equal('-1');
        expect(
          $('title')
            .text()
            .startsWith(`${$('h1').text().trim()} –`),
          $('title').text(),
        ).to.equal(true);
        expect($('main h2').length, path).to.be.greaterThan(3);
      }
    }
  });

  it('are linked from the footer of each other', async () => {
    for (const prefix of ['', '/en']) {
      const $ = load(await read(app, `${prefix}/impressum`));
      const links = $('footer a')
        .toArray()
        .map((link) => $(link).attr('href'));
      expect(links).to.include.members(PAGES.map((path) => prefix + path));
    }
  });

  it('set no cookie and may be indexed', async () => {
    for (const path of PAGES) {
      const response = await fetch(app.origin + path);
      expect(response.headers.get('set-cookie'), path).to.equal(null);
      expect(response.headers.get('x-robots-tag'), path).to.equal(null);
    }
  });

  it('name every municipality with address, phone and e-mail', async () => {
    for (const path of ['/impressum', '/datenschutz', '/barrierefreiheit']) {
      const html = await read(app, path);
      const $ = load(html);
      expect(
        $('main h3')
          .toArray()
          .map((one) => $(one).text()),
      ).to.deep.equal(['Meerane', 'Schönberg']);
      expect(visibleText(html, 'main')).to.contain('Musterplatz 1 08393 Meerane');
      expect($('main a[href="mailto:buergerkoffer@meerane.example"]').length, path).to.equal(1);
      expect($('main a[href="tel:115"]').length, path).to.equal(2);
    }
  });

  it('say under data protection all that Art. 13 of the GDPR asks for', async () => {
    const text = visibleText(await read(app, '/datenschutz'), 'main');
    for (const part of [
      'Wer ist verantwortlich?',
      'Datenschutzbeauftragte',
      'Art. 6 Abs. 1 Buchstabe e',
      'Nur Beschäftigte der Verwaltung',
      'bis 24 Stunden nach dem Ende des Termins',
      'keine Cookies',
      'Art. 15',
      'Art. 16',
      'Art. 17',
      'Art. 18',
      'Art. 21',
      'Art. 22',
      'Sächsische Datenschutz- und Transparenzbeauftragte',
    ]) {
      expect(text).to.contain(part.replaceAll('\u00A0', ' '));
    }
  });

  it('explain booking in Leichte Sprache: one short statement a line', async () => {
    const $ = load(await read(app, '/leichte-sprache'));
    const lines = $('main .kt-prose__text, main .kt-prose__list li')
      .toArray()
      .map((line) => $(line).text());
    expect(lines.length).to.be.greaterThan(50);
    const tooLong = lines.filter((line) => line.split(/[ \u00A0]/).length > 12);
    expect(tooLong).to.deep.equal([]);
    const statements = lines.filter(
      (line) => (line.match(/[.?!](?= \p{Lu})/gu) ?? []).length > 0 && !/^\d\. Schritt/.test(line),
    );
    expect(statements).to.deep.equal([]);
  });

  it('have no barrier that axe finds, in both languages, light and dark, on a phone', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await newPage({ origin: app.origin, width: 320, colorScheme });
      for (const path of PAGES.flatMap((one) => [one, `/en${one}`])) {
        await page.goto(path);
        await expectNoAxeViolations(page, `${path} ${colorScheme}`);
        const wider = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
        expect(wider, `${path} scrolls sideways`).to.equal(false);
      }
      await page.close();
    }
  });
});

describe('An office in which nothing is entered yet', function () {
  this.timeout(60_000);

  it('still has its imprint, privacy, accessibility and easy pages, and names the 115', async () => {
    const app = await startApp();
    try {
      for (const path of PAGES.flatMap((one) => [one, `/en${one}`])) {
        const html = await read(app, path);
        await expectValidHtml(html, path);
        expect(load(html)('main a[href="tel:115"]').length, path).to.be.greaterThan(0);
      }
    } finally {
      await app.stop();
    }
  });
});

describe('What the info pages say', function () {
  this.timeout(60_000);
  let app: RunningApp;

  before(async () => {
    app = await startDemoApp();
  });

  after(() => app.stop());

  async function directoryWith(change: object) {
    const directory = await readDirectory(app.office.database.reader);
    const [first, ...others] = [...directory.municipalities.values()];
    const changed = [{ ...first!, ...change }, ...others];
    return { ...directory, municipalities: new Map(changed.map((one) => [one.id, one])) };
  }

  it('names the whole range when municipalities keep data for different times', async () => {
    const directory = await readDirectory(app.office.database.reader);
    const [first] = [...directory.municipalities.values()];
    const page = presentPrivacy(await directoryWith({ rules: { ...first!.rules, retentionHours: 72 } }), 'de');
    expect(page.lead).to.contain('24 bis\u00A072\u00A0Stunden (je nach Kommune)');
  });

  it('says that cash is not taken only where no municipality takes it', async () => {
    const ids = (page: { before: readonly { id: string }[] }) => page.before.map(({ id }) => id);
    expect(ids(presentEasyLanguage(await directoryWith({}), 'de'))).to.include('cardOnly');
    expect(ids(presentEasyLanguage(await directoryWith({ cardOnly: false }), 'de'))).to.include('money');
  });

  it('puts the name of the office above an address that does not begin with it', async () => {
    const changed = await directoryWith({
      officeName: 'Stadt Meerane',
      postalAddress: 'Lörracher Platz 1\n08393 Meerane',
    });
    expect(presentImprint(changed, 'de').contact?.offices[0]?.addressLines).to.deep.equal([
      'Stadt Meerane',
      'Lörracher Platz 1',
      '08393\u00A0Meerane',
    ]);
  });

  it('leaves out the phone or e-mail address that an office does not have', async () => {
    const page = presentImprint(await directoryWith({ contactPhone: null, contactEmail: null }), 'de');
    expect(page.contact?.offices[0]).to.include({ phone: null, email: null });
  });

  it('reads paragraphs and lists from plain lines', () => {
    expect(blocksOf('One.\n- a\n- b\nTwo.\n\nThree.')).to.deep.equal([
      { kind: 'text', text: 'One.', apart: false },
      { kind: 'list', items: ['a', 'b'] },
      { kind: 'text', text: 'Two.', apart: false },
      { kind: 'text', text: 'Three.', apart: true },
    ]);
  });

  it('dials a number as it is written', () => {
    expect(telephoneHref('115')).to.equal('tel:115');
    expect(telephoneHref('03764 / 54-0')).to.equal('tel:03764540');
    expect(telephoneHref('+49 (0)3764 540')).to.equal('tel:+493764540');
  });
});
