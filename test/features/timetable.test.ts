import { expect } from 'chai';
import QRCode from 'qrcode';
import { drawQr } from '../../server/web/qr.ts';
import { startApp, startDemoApp, type RunningApp } from '../support/app.ts';
import { expectValidHtml, visibleText } from '../support/html.ts';
import { insertTour, OFFICE_ZONE, seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';
import { modulesOf } from '../support/qrModules.ts';
import { createVisitor, type Answer, type Visitor } from '../support/visitor.ts';

const DATE = '2026-12-08';
const NOW = OFFICE_ZONE.instantAt('2026-12-01', 8 * 60);

/** The text of the main part. */
function text(page: Answer): string {
  return visibleText(page.html, 'main').replace(/\u00A0/g, ' ');
}

describe('The QR code of a poster', () => {
  it('consists of the modules of its address, with four white ones around', () => {
    const address = 'https://koffertour.meerane.example/standorte/schoenberg-gemeindeamt';
    const { path, size } = drawQr(address);
    const { modules } = QRCode.create(address, { errorCorrectionLevel: 'M' });
    expect(size).to.equal(modules.size + 8);
    const dark = modulesOf(path, size);
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const inside = x >= 4 && y >= 4 && x < size - 4 && y < size - 4;
        expect(dark[y]?.[x], `${x} ${y}`).to.equal(inside && modules.get(y - 4, x - 4) === 1);
      }
    }
  });
});

describe('The timetable of the one municipality of an office', () => {
  let app: RunningApp;
  let office: SmallOffice;
  let citizen: Visitor;
  let now = NOW;

  before(async () => {
    app = await startApp({ now: () => now });
    office = await seedSmallOffice(app.office.database, { date: DATE });
    citizen = createVisitor(app.origin);
  });
  after(async () => {
    citizen.close();
    await app.stop();
  });
  // What is kept for a moment is forgotten, so that each test sees what it has changed.
  beforeEach(() => {
    now += 2_000;
  });

  async function addVisit(date: string): Promise<number> {
    const [id] = await insertTour(app.office.database, {
      date,
      municipalityId: office.municipalityId,
      kitId: office.kitId,
      clerkId: office.clerkId,
      stops: [{ venueId: office.firstVenueId, fromMinute: 9 * 60, toMinute: 12 * 60 }],
    });
    return id as number;
  }

  it('is where /fahrplan leads, in both languages', async () => {
    expect((await citizen.get('/fahrplan')).location).to.equal('/fahrplan/meerane');
    expect((await citizen.get('/en/fahrplan')).location).to.equal('/en/fahrplan/meerane');
    expect((await citizen.get('/fahrplan')).status).to.equal(303);
  });

  it('tells the visits by month and day, each with time, address, way in and a link to book', async () => {
    const page = await citizen.get('/fahrplan/meerane');
    expect(page.status).to.equal(200);
    await expectValidHtml(page.html, 'timetable');
    const { $ } = page;
    expect($('main h2').first().text()).to.equal('Dezember 2026');
    expect($('.kt-timetable__date').text()).to.equal('Dienstag, 8.\u00A0Dezember');
    const [first, second] = $('.kt-timetable__visit').toArray();
    const words = $(first).text().replace(/\s+/g, ' ');
    expect(words).to.contain('9 bis 12 Uhr');
    expect(words).to.contain('Schönberg, Gemeindeamt');
    expect(words).to.contain('Am Anger 2, 08393 Schönberg');
    expect(words).to.contain('stufenfrei');
    expect(words).to.contain('Termine frei');
    expect($(first).find('.kt-timetable__book a').attr('href')).to.equal(
      `/buchen/leistungen?halt=${office.firstStopId}`,
    );
    expect($(second).text()).to.contain('zwei Stufen am Eingang');
    expect($('main a[href="/fahrplan/meerane/aushang"]')).to.have.length(1);
    const booking = await citizen.get(`/buchen/leistungen?halt=${office.firstStopId}`);
    expect(booking.status).to.equal(200);
  });

  it('says from when a visit beyond the horizon of the booking may be booked', async () => {
    await app.office.database.writer('municipalities').update({ horizon_days: 30 });
    await addVisit('2027-01-12'); // 42 days ahead: bookable 30 days before, on 13 December
    now += 2_000;
    const page = await citizen.get('/fahrplan/meerane');
    expect(text(page)).to.contain('buchbar ab 13. Dezember');
    expect(page.$('main h2').last().text()).to.equal('Januar 2027');
    expect(page.$('.kt-timetable__visit').last().find('.kt-timetable__book')).to.have.length(0);
    await app.office.database.writer('municipalities').update({ horizon_days: 60 });
  });

  it('says when everything is taken', async () => {
    const { writer } = app.office.database;
    const ticks = Array.from({ length: 36 }, (_, index) => 108 + index); // 9:00 to 12:00
    await writer('counter_ticks').insert(
      ticks.map((tick) => ({ stop_id: office.firstStopId, counter: 1, tick, free_at: now + 60_000 })),
    );
    const page = await citizen.get('/fahrplan/meerane');
    const first = page.$('.kt-timetable__visit').first();
    expect(first.text()).to.contain('ausgebucht');
    expect(first.find('.kt-timetable__book')).to.have.length(0);
    await writer('counter_ticks').where('stop_id', office.firstStopId).delete();
  });

  it('shows no visit that is over, a draft or cancelled', async () => {
    const tours = app.office.database.writer('tours').where('date', DATE);
    await tours.clone().update({ state: 'cancelled' });
    expect(text(await citizen.get('/fahrplan/meerane'))).not.to.contain('8. Dezember');
    await tours.clone().update({ state: 'published' });
    const before = now;
    now = OFFICE_ZONE.instantAt(DATE, 12 * 60);
    const page = await citizen.get('/fahrplan/meerane');
    now = before;
    const today = page.$('.kt-timetable__day').first().find('.kt-timetable__hours');
    expect(today).to.have.length(1);
    expect(today.text()).to.contain('13:30');
  });

  it('does not exist for a municipality that nobody knows', async () => {
    for (const path of ['/fahrplan/nirgends', '/fahrplan/nirgends/aushang', '/standorte/nirgends/aushang']) {
      expect((await citizen.get(path)).status, path).to.equal(404);
    }
  });

  it('is found from the page of a venue and from the foot of every page', async () => {
    const { $ } = await citizen.get('/standorte/schoenberg-gemeindeamt');
    expect($('main a[href="/fahrplan/meerane"]').text()).to.equal('Fahrplan Meerane');
    expect($('main a[href="/standorte/schoenberg-gemeindeamt/aushang"]')).to.have.length(1);
    expect($('footer a[href="/fahrplan"]')).to.have.length(1);
  });

  describe('as the poster of a venue', () => {
    const path = '/standorte/schoenberg-gemeindeamt/aushang';

    it('says who comes where and when, what can be done, what to bring and how to book', async () => {
      const page = await citizen.get(path);
      expect(page.status).to.equal(200);
      await expectValidHtml(page.html, 'poster');
      const { $ } = page;
      expect($('h1').text().replace(/\s+/g, ' ')).to.equal('Der Bürgerkoffer kommt nach Schönberg');
      const words = visibleText(page.html, '.kt-poster').replace(/\u00A0/g, ' ');
      for (const part of [
        'Stadt Meerane, Bürgerbüro',
        'Gemeindeamt, Am Anger 2',
        'stufenfrei',
        'Dienstag, 8. Dezember',
        '9 bis 12 Uhr',
        'Personalausweis beantragen',
        'Führungszeugnis beantragen',
        'Personalausweis oder Reisepass',
        'Bankkarte, Bargeld nehmen wir nicht',
        '115 oder 03764 540',
        'Dort „Schönberg“ suchen.',
      ]) {
        expect(words).to.contain(part);
      }
      expect(words).not.to.contain('Köthel');
      expect($('link[rel="stylesheet"]').last().attr('href')).to.match(/kt-poster\.css$/);
    });

    it('asks for no bank card where cash is taken', async () => {
      const municipalities = app.office.database.writer('municipalities');
      await municipalities.clone().update({ card_only: false });
      now += 2_000;
      expect(text(await citizen.get(path))).not.to.contain('Bankkarte');
      await municipalities.clone().update({ card_only: true });
    });

    it('leads by its code to the page where this venue is booked, in the language of the poster', async () => {
      for (const prefix of ['', '/en']) {
        const { $ } = await citizen.get(prefix + path);
        const svg = $('svg.kt-poster__qr');
        expect(svg.attr('role')).to.equal('img');
        expect(svg.attr('aria-label')).to.contain('Schönberg, Gemeindeamt');
        const expected = drawQr(`${app.origin}${prefix}/standorte/schoenberg-gemeindeamt`);
        expect(svg.attr('viewBox')).to.equal(`0 0 ${expected.size} ${expected.size}`);
        expect(svg.find('.kt-poster__qr-dark').attr('d')).to.equal(expected.path);
        expect((await citizen.get(`${prefix}/standorte/schoenberg-gemeindeamt`)).status).to.equal(200);
      }
    });

    it('lists only what its tours announce', async () => {
      const { writer, reader } = app.office.database;
      const stop = await reader<{ id: number; tour_id: number }>('stops').where('id', office.firstStopId).first();
      await writer('stops').where('date', '>', DATE).update({ kind: 'block' }); // only the one visit
      await writer('tour_services').insert({ tour_id: stop!.tour_id, service_id: office.services.certificate });
      now += 2_000;
      const words = text(await citizen.get(path));
      expect(words).to.contain('Führungszeugnis beantragen');
      expect(words).not.to.contain('Personalausweis beantragen');
      await writer('tour_services').delete();
      await writer('stops').where('date', '>', DATE).update({ kind: 'public' });
    });

    it('tells six visits, of the others the dates, and what is not possible at each', async () => {
      const dates = ['2026-12-10', '2026-12-14', '2026-12-15', '2026-12-17', '2026-12-21', '2027-01-05', '2027-01-07'];
      for (const date of dates) await addVisit(date);
      const { writer, reader } = app.office.database;
      const tour = await reader<{ id: number; date: string }>('tours').where('date', '2026-12-10').first();
      await writer('tour_services').insert({ tour_id: tour!.id, service_id: office.services.certificate });
      now += 2_000;
      const page = await citizen.get(path);
      expect(page.$('.kt-poster__date')).to.have.length(6);
      const words = text(page);
      expect(words).to.contain('Weitere Termine: 5. Januar, 7. Januar, 12. Januar');
      expect(words).to.contain('Personalausweis beantragen (nicht immer)');
      expect(words).to.match(/Führungszeugnis beantragen (?!\(nicht immer\))/);
      await addVisit('2027-01-14');
      now += 2_000;
      expect(text(await citizen.get(path))).to.contain('Weitere Termine: 5. Januar, 7. Januar, 12. Januar und später');
    });

    it('is there as long as a visit is coming to a retired venue', async () => {
      const venue = app.office.database.writer('venues').where('id', office.secondVenueId);
      await venue.clone().update({ retired_at: now });
      now += 2_000;
      expect((await citizen.get('/standorte/koethel-feuerwehrhaus/aushang')).status).to.equal(200);
      expect(text(await citizen.get('/fahrplan/meerane'))).to.contain('Köthel, Feuerwehrhaus');
      const stop = app.office.database.writer('stops').where('id', office.secondStopId);
      await stop.clone().update({ kind: 'block' });
      now += 2_000;
      expect((await citizen.get('/standorte/koethel-feuerwehrhaus/aushang')).status).to.equal(404);
      await stop.clone().update({ kind: 'public' });
      await venue.clone().update({ retired_at: null });
    });
  });

  describe('as the poster of the municipality', () => {
    it('tells the place of each visit and leads by its code to the timetable', async () => {
      const page = await citizen.get('/fahrplan/meerane/aushang');
      expect(page.status).to.equal(200);
      await expectValidHtml(page.html, 'poster of a municipality');
      const words = text(page);
      expect(words).to.contain('Der Bürgerkoffer ist unterwegs in Meerane');
      expect(words).to.contain('Feuerwehrhaus, Dorfstraße 18');
      expect(page.$('.kt-poster__qr-dark').attr('d')).to.equal(drawQr(`${app.origin}/fahrplan/meerane`).path);
    });

    it('says that nothing is planned yet, and so does the timetable', async () => {
      const tours = app.office.database.writer('tours');
      await tours.clone().update({ state: 'draft' });
      now += 2_000;
      const poster = await citizen.get('/fahrplan/meerane/aushang');
      expect(text(poster)).to.contain('stehen noch nicht fest');
      await expectValidHtml(poster.html, 'poster without visits');
      const timetable = await citizen.get('/fahrplan/meerane');
      expect(text(timetable)).to.contain('Zurzeit ist kein Besuch geplant');
      await expectValidHtml(timetable.html, 'timetable without visits');
      await tours.clone().update({ state: 'published' });
    });
  });
});

describe('The timetables of several municipalities', () => {
  let app: RunningApp;
  let citizen: Visitor;

  before(async () => {
    app = await startDemoApp({ now: () => Date.parse('2026-11-22T10:00:00Z') });
    citizen = createVisitor(app.origin);
  });
  after(async () => {
    citizen.close();
    await app.stop();
  });

  it('are listed with the next visit of each', async () => {
    const page = await citizen.get('/fahrplan');
    expect(page.status).to.equal(200);
    await expectValidHtml(page.html, 'timetables');
    const { $ } = page;
    const links = $('.kt-municipality__link').toArray();
    expect(links.map((link) => $(link).attr('href'))).to.deep.equal(['/fahrplan/meerane', '/fahrplan/schoenberg']);
    for (const link of links) {
      const timetable = await citizen.get($(link).attr('href')!);
      const first = timetable.$('.kt-timetable__day').first();
      const next = $(link).closest('.kt-municipality').text();
      expect(next).to.contain(first.find('.kt-timetable__date').text());
      expect(next).to.contain(first.find('.kt-timetable__place').first().text());
    }
  });

  it('each tell the visits of their own venues, to everybody', async () => {
    const meerane = await citizen.get('/fahrplan/meerane');
    const schoenberg = await citizen.get('/fahrplan/schoenberg');
    expect(text(meerane)).to.contain('Stadtbibliothek');
    expect(text(meerane)).not.to.contain('Köthel');
    expect(text(schoenberg)).to.contain('Köthel');
    expect(text(schoenberg)).not.to.contain('Stadtbibliothek');
    expect(meerane.$('main a[href="/fahrplan"]')).to.have.length(1);
  });

  it('speak English under /en', async () => {
    const page = await citizen.get('/en/fahrplan/schoenberg/aushang');
    expect(text(page)).to.contain('The mobile citizens’ office visits Schönberg');
    expect(text(page)).not.to.match(/\b(Termin|Bitte|und)\b/);
    await expectValidHtml(page.html, 'English poster');
  });
});
