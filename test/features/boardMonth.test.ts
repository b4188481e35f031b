import { expect } from 'chai';
import { expectValidHtml, visibleText } from '../support/html.ts';
import { openOffice, type TourOffice } from '../support/tourOffice.ts';
import type { Answer, Visitor } from '../support/visitor.ts';

const MONTH = '/intern/monat?monat=2026-12';

const mainText = (page: Answer): string => visibleText(page.html, 'main').replaceAll('\u00A0', ' ');
const words = (text: string): string => text.replace(/\s+/g, ' ').trim();

describe('The board of a month', function () {
  this.timeout(20_000);
  let office: TourOffice;
  let planner: Visitor;

  before(async () => {
    office = await openOffice();
    planner = await office.signIn('planner');
  });
  after(() => office.close());

  it('shows each tour on its day, with kit, places and load', async () => {
    const page = await planner.get(MONTH);
    await expectValidHtml(page.html, 'board of a month');
    expect(page.$('h1').text()).to.equal('Dezember 2026');
    const day = page
      .$('.kt-month td')
      .filter((_, td) => words(page.$(td).find('.kt-month__day').text()) === 'Di 8.')
      .first();
    expect(words(day.text())).to.contain('Schönberg, Köthel noch nichts gebucht');
    expect(day.find('a').attr('href')).to.equal(`/intern/touren/${office.tourId}`);
    expect(mainText(page)).to.contain('Feiertag: 2. Weihnachtstag');
  });

  it('says of a published tour that it cannot take place, until what stands against it is gone', async () => {
    const { database } = office.app.office;
    const ofTour = (page: Answer): string =>
      words(page.$(`a[href="/intern/touren/${office.tourId}"]`).closest('li').text());
    expect(ofTour(await planner.get(MONTH))).not.to.contain('geht nicht');
    await database.writer('kits').where('id', office.kitId).update({ status: 'defect' });
    expect(ofTour(await planner.get(MONTH))).to.contain('geht nicht');
    await database.writer('kits').where('id', office.kitId).update({ status: 'ready' });
    expect(ofTour(await planner.get(MONTH))).not.to.contain('geht nicht');
  });

  it('has all days of the month, each once, and leads to its weeks', async () => {
    for (const [month, days, weeks] of [
      ['2026-12', 31, ['W49', 'W50', 'W51', 'W52', 'W53']],
      ['2027-01', 31, ['W53', 'W01', 'W02', 'W03', 'W04']],
      ['2027-02', 28, ['W05', 'W06', 'W07', 'W08']],
      ['2027-03', 31, ['W09', 'W10', 'W11', 'W12', 'W13']],
    ] as const) {
      const page = await planner.get(`/intern/monat?monat=${month}`);
      expect(page.$('.kt-month__day').length, month).to.equal(days);
      const links = page.$('.kt-month tbody th a').map((_, link) => page.$(link).attr('href')?.slice(-3));
      expect(links.get(), month).to.deep.equal(weeks);
    }
  });

  it('turns over the year, falls back to this month, and keeps the filter', async () => {
    const page = await planner.get(`${MONTH}&koffer=${office.kitId}`);
    const links = page.$('nav[aria-label="Blättern"] a').map((_, link) => page.$(link).attr('href'));
    expect(links.get()).to.deep.equal([
      `/intern/monat?monat=2026-11&koffer=${office.kitId}`,
      `/intern/monat?monat=2026-11&koffer=${office.kitId}`,
      `/intern/monat?monat=2027-01&koffer=${office.kitId}`,
    ]);
    expect((await planner.get('/intern/monat?monat=2026-13')).$('h1').text()).to.equal('November 2026');
    expect(mainText(await planner.get('/intern/monat?monat=2027-06'))).to.contain('Noch keine Tour in diesem Monat');
    expect(mainText(await planner.get(`${MONTH}&stand=entwurf`))).to.contain('Keine Tour passt zum Filter');
  });
});
