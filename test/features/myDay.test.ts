import { expect } from 'chai';
import { addClerkUser } from '../support/crewFixture.ts';
import { expectValidHtml, visibleText } from '../support/html.ts';
import { insertTour, OFFICE_ZONE } from '../support/officeFixture.ts';
import { sessionCookie, signedIn } from '../support/staff.ts';
import { insertOneRow, openOffice, TUESDAY, type TourOffice } from '../support/tourOffice.ts';
import { errorsOf, createVisitor, type Answer, type Visitor } from '../support/visitor.ts';

const PAGE = `/intern/tag/${TUESDAY}`;
const START = Date.parse('2026-11-24T08:00:00Z');

describe("The clerk's day", function () {
  this.timeout(30_000);
  let office: TourOffice;
  let clerk: Visitor;
  let userId: number;
  let time: number;
  let first: number;
  let second: number;

  /** The clock goes on to that minute of that day; who was signed in for hours signs in again. */
  async function goTo(date: string, minute: number): Promise<void> {
    const then = OFFICE_ZONE.instantAt(date, minute);
    office.wait(then - time);
    time = then;
    const cookie = await sessionCookie(office.app.office.database, userId, { now: time });
    clerk?.close();
    clerk = createVisitor(office.app.origin, { cookies: [cookie] });
  }

  beforeEach(async () => {
    office = await openOffice();
    time = START;
    const { database } = office.app.office;
    userId = await addClerkUser(database, office.clerkId, { municipalities: [office.municipalityId] });
    first = (await office.book({ familyName: 'Rosenzweig', firstName: 'Karin' })).id;
    second = (
      await office.book({
        minute: 9 * 60 + 40,
        familyName: 'Abendroth',
        firstName: 'Ida',
        contactKind: 'phone',
        contact: '03764 4711',
        locale: 'en',
        services: [
          { slug: 'personalausweis', persons: 1 },
          { slug: 'fuehrungszeugnis', persons: 2 },
        ],
      })
    ).id;
  });
  afterEach(async () => {
    clerk.close();
    await office.close();
  });

  const text = (page: Answer, selector = 'main'): string => visibleText(page.html, selector).replaceAll('\u00A0', ' ');

  it('names people on the day before, the day and the day after, and on no other one', async () => {
    for (const [date, isNamed] of [
      ['2026-12-06', false],
      ['2026-12-07', true],
      ['2026-12-08', true],
      ['2026-12-09', true],
      ['2026-12-10', false],
    ] as const) {
      await goTo(date, 9 * 60);
      const page = await clerk.get(PAGE);
      expect(page.status, date).to.equal(200);
      expect(text(page), date).to.contain('Personalausweis beantragen, Führungszeugnis beantragen, 2 Personen');
      for (const word of ['Rosenzweig', 'Abendroth', '03764 4711', 'tel:037644711']) {
        expect(page.html.includes(word), `${word} on ${date}`).to.equal(isNamed);
      }
      expect(page.$('[name="stand"]').length > 0, `ticking on ${date}`).to.equal(
        ['2026-12-08', '2026-12-09'].includes(date),
      );
    }
  });

  it('shows what the hotline noted on the days on which it names people, and never to planners', async () => {
    await insertOneRow(office, 'appointment_notes', {
      appointment_id: first,
      text: 'kommt mit <Blindenhund>',
      at: START,
      user_id: null,
    });
    for (const [date, isShown] of [
      ['2026-12-06', false],
      ['2026-12-07', true],
      ['2026-12-08', true],
      ['2026-12-09', true],
      ['2026-12-10', false],
    ] as const) {
      await goTo(date, 8 * 60 + 59);
      const page = await clerk.get(PAGE);
      expect(page.html.includes('Blindenhund'), date).to.equal(isShown);
      if (!isShown) continue;
      expect(text(page, `#termin-${first}`), date).to.contain('Notiz: kommt mit <Blindenhund>');
      expect(text(page, `#termin-${second}`), date).not.to.contain('Notiz');
      await expectValidHtml(page.html, 'a day with a note');
    }
    await goTo(TUESDAY, 9 * 60);
    const turn = await clerk.get(PAGE);
    expect(text(turn, '.kt-now'), 'whose turn it is').to.contain('Rosenzweig').and.contain('Notiz: kommt mit');
    expect((await clerk.get(`/en${PAGE}`)).html).to.contain('Note: kommt mit');

    const planner = await signedIn(office.app, 'planner', { now: time });
    const { tourId, firstStopId } = office;
    for (const path of [
      ...['', '/absage', '/verlauf', '/reihenfolge', '/wiederholung'].map((part) => `/intern/touren/${tourId}${part}`),
      `/intern/halte/${firstStopId}/verschiebung`,
      `/intern/woche?datum=${TUESDAY}`,
      '/intern/anrufe',
    ]) {
      const page = await planner.get(path);
      expect(page.status, path).to.equal(200);
      expect(page.html, path).not.to.contain('Blindenhund');
    }
    planner.close();
  });

  it('is of the own tour only', async () => {
    await goTo(TUESDAY, 9 * 60);
    const stranger = await signedIn(office.app, 'clerk', { municipalities: [office.municipalityId], now: time });
    const page = await stranger.get(PAGE);
    expect(page.html).not.to.contain('Rosenzweig');
    expect(text(page)).to.contain('Ihr Zugang gehört noch zu keiner Person im Team');
    expect((await stranger.get(`/intern/halte/${office.firstStopId}/ohne-termin`)).status).to.equal(404);
    expect((await stranger.get(`/intern/touren/${office.tourId}/verspaetung`)).status).to.equal(404);
    expect((await clerk.get('/intern/halte/999/ohne-termin')).status).to.equal(404);
    stranger.close();
    const planner = await signedIn(office.app, 'planner', { now: time });
    expect((await planner.get(PAGE)).status).to.equal(403);
    planner.close();
  });

  it('tells the whole course of the day, and is valid', async () => {
    await goTo(TUESDAY, 8 * 60);
    const page = await clerk.get('/intern/tag');
    await expectValidHtml(page.html, 'the day');
    const titles = page
      .$('.kt-timeline__title')
      .map((_, element) => page.$(element).text().replaceAll('\u00A0', ' '))
      .get();
    expect(titles).to.deep.equal([
      'Abfahrt: Rathaus Meerane',
      'Fahrt nach Schönberg',
      'Aufbau',
      'Gemeindeamt Schönberg, bis 12:00',
      'Abbau',
      'Fahrt nach Köthel',
      'Wartezeit',
      'Pause',
      'Aufbau',
      'Feuerwehrhaus Köthel, bis 16:00',
      'Abbau',
      'Rückfahrt',
      'Zurück: Rathaus Meerane',
    ]);
    expect(page.$(`#termin-${second}`).text().replaceAll('\u00A0', ' '))
      .to.contain('72,00 €')
      .and.contain('auf Englisch gebucht');
    expect(page.$('a[href^="geo:50.86310,12.51510"]').length).to.be.greaterThan(0);
    expect(page.$('a[rel="noreferrer"]').attr('href')).to.match(/^https:\/\/www\.openstreetmap\.org\//);
    const map = JSON.parse(page.$('#karte-tag').attr('data-kt-map') ?? '') as {
      stops: { label: string; kind?: string }[];
      lines: { points: unknown[]; kind?: string }[];
    };
    expect(map.stops.map(({ label, kind }) => [label, kind])).to.deep.equal([
      ['1', 'ahead'],
      ['2', undefined],
    ]);
    expect(map.lines.map(({ kind }) => kind)).to.deep.equal(['estimated', 'estimated', 'estimated']);
  });

  it('is ticked from the first to the last person without a script, and taken back', async () => {
    await goTo(TUESDAY, 8 * 60 + 58);
    const tick = async (id: number, stand: string): Promise<Answer> => {
      const page = await clerk.get('/intern/tag');
      const answer = await clerk.submit(page, { stand }, `#termin-${id} form.kt-status`);
      expect(answer.location).to.equal(`${PAGE}#termin-${id}`);
      return clerk.follow(answer);
    };
    const heading = (page: Answer): string => text(page, '#jetzt');

    expect(heading(await clerk.get('/intern/tag'))).to.equal('Aufbau bis 9:00');
    expect(heading(await tick(first, 'arrived')), 'she is early').to.equal('Jetzt: 9:00 Karin Rosenzweig');
    await goTo(TUESDAY, 9 * 60 + 15);
    const served = await tick(first, 'served');
    expect(heading(served)).to.equal('Als Nächstes: 9:40 Ida Abendroth');
    expect(text(served, `#termin-${first} [data-kt-state]`)).to.equal('bedient');
    expect(served.$(`#termin-${first} form.kt-status`).length, 'nothing more to tick').to.equal(0);

    const undone = await clerk.follow(await clerk.submit(served, {}, `#termin-${first} form.kt-undo`));
    expect(heading(undone)).to.equal('Jetzt: 9:00 Karin Rosenzweig');
    await tick(first, 'served');
    await goTo(TUESDAY, 9 * 60 + 50);
    const missed = await tick(second, 'missed');
    expect(heading(missed)).to.equal('Keine weiteren Termine');
    expect(text(missed, `#termin-${second} form.kt-status`)).to.contain('Doch gekommen');
    await goTo(TUESDAY, 20 * 60);
    expect(text(await clerk.get('/intern/tag'), '.kt-now')).to.contain('1 bedient, 1 nicht gekommen.');
  });

  it('takes somebody without an appointment, and says what is missing', async () => {
    await goTo(TUESDAY, 10 * 60 + 12);
    const form = await clerk.get(`/intern/halte/${office.firstStopId}/ohne-termin`);
    await expectValidHtml(form.html, 'without an appointment');
    expect(text(form, '#schalter')).to.contain('Schalter 1, Sie').and.contain('frei ab 10:20');
    const refused = await clerk.submit(form, { nachname: 'Wanderer' });
    expect(refused.status).to.equal(422);
    expect(errorsOf(refused).length).to.be.greaterThan(1);
    expect(refused.$('title').text()).to.match(/^Fehler: /);
    expect(refused.$('#nachname').attr('value')).to.equal('Wanderer');
    const taken = await clerk.submit(refused, { leistungen: String(office.services.certificate) });
    expect(taken.location).to.match(/#termin-\d+$/);
    const page = await clerk.follow(taken);
    expect(text(page, '.kt-now')).to.contain('Wanderer').and.contain('13,00 €');
    const own = page.$('[data-kt-termin][id]').filter((_, element) => page.$(element).text().includes('Wanderer'));
    expect(own.text()).to.contain('ohne Termin gekommen');
    const gone = await clerk.follow(await clerk.submit(page, {}, `#${own.attr('id')} form.kt-undo`));
    expect(gone.html).not.to.contain('Wanderer');
  });

  it('shows whom a delay concerns before it is said, and how to reach them afterwards', async () => {
    await goTo(TUESDAY, 9 * 60 + 5);
    const choice = await clerk.get(`/intern/touren/${office.tourId}/verspaetung`);
    expect(choice.$('main form[method="post"]').length, 'nothing chosen yet').to.equal(0);
    const preview = await clerk.get(`/intern/touren/${office.tourId}/verspaetung?minuten=45`);
    await expectValidHtml(preview.html, 'a delay');
    expect(text(preview)).to.contain('9:40 → etwa 10:05 Ida Abendroth').and.contain('03764 4711');
    const page = await clerk.follow(await clerk.submit(preview, {}, 'main form[method="post"]'));
    await expectValidHtml(page.html, 'a late day');
    expect(text(page, '#verspaetung')).to.contain('45 Minuten später').and.contain('rufen Sie bitte an');
    expect(page.$('#verspaetung a[href="tel:037644711"]').length).to.equal(1);
    expect(text(page, `#termin-${second}`)).to.contain('erwartet 10:05');
    const undone = await clerk.follow(await clerk.submit(page, {}, '#verspaetung form.kt-undo'));
    expect(undone.$('#verspaetung').length).to.equal(0);

    const bad = await clerk.get(`/intern/touren/${office.tourId}/verspaetung?minuten=bald`);
    expect(bad.status).to.equal(422);
    expect(bad.$('#minuten').attr('value')).to.equal('bald');
  });

  it('keeps what is packed, and notes for the office with who wrote them', async () => {
    await goTo('2026-12-07', 16 * 60);
    const page = await clerk.get(PAGE);
    const item = page.$('input[name="gepackt"]').first().attr('value') ?? '';
    const packed = await clerk.follow(await clerk.submit(page, { gepackt: item }, 'form.kt-pack'));
    expect(packed.$('input[name="gepackt"][checked]').length).to.equal(1);
    expect(text(packed, '.kt-now')).to.match(/Packliste: 1 von \d gepackt/);
    const noted = await clerk.follow(await clerk.submit(packed, { notiz: 'Toner ist leer' }, '.kt-notes__form'));
    expect(text(noted, '#notizen')).to.contain('Toner ist leer').and.contain('16:00 Uhr, Anna Winter');
    const undone = await clerk.follow(await clerk.submit(noted, {}, '#notizen form.kt-undo'));
    expect(text(undone, '#notizen')).not.to.contain('Toner');
  });

  it('leads to other days and weeks', async () => {
    await goTo('2026-12-07', 12 * 60);
    const today = await clerk.get('/intern/tag');
    expect(text(today)).to.contain('Heute haben Sie keine Tour').and.contain('Dienstag, 8. Dezember');
    expect(today.$(`main a[href="${PAGE}"]`).length).to.be.greaterThan(0);
    expect((await clerk.get(`/intern/tag?datum=${TUESDAY}`)).location).to.equal(PAGE);
    for (const bad of ['2026-02-30', 'morgen', '9999-12-31']) {
      expect((await clerk.get(`/intern/tag/${bad}`)).status, bad).to.equal(404);
    }
    const week = await clerk.get('/intern/meine-woche');
    await expectValidHtml(week.html, 'the week');
    expect(text(week)).to.contain('Meine Woche 50').and.contain('Schönberg 9 bis 12 Uhr 2 Termine');
    expect(week.html).not.to.contain('Rosenzweig');
    expect(text(await clerk.get('/intern/meine-woche?ab=2026-W51'))).to.contain('14. Dezember bis 20. Dezember');
  });

  it('speaks English, too', async () => {
    await goTo(TUESDAY, 9 * 60 + 5);
    const page = await clerk.get(`/en${PAGE}`);
    await expectValidHtml(page.html, 'the day in English');
    expect(text(page)).to.contain('Now: 9:00 Karin Rosenzweig').and.contain('Apply for an identity card');
    expect(page.$(`#termin-${first} form.kt-status`).attr('action')).to.equal(`/en/intern/termine/${first}/stand`);
    for (const path of [
      'meine-woche',
      `halte/${office.firstStopId}/ohne-termin`,
      `touren/${office.tourId}/verspaetung?minuten=15`,
    ]) {
      await expectValidHtml((await clerk.get(`/en/intern/${path}`)).html, path);
    }
  });

  it('is where somebody begins who is only on tour', async () => {
    await goTo(TUESDAY, 9 * 60);
    expect((await clerk.get('/intern')).location).to.equal('/intern/tag');
    const both = await signedIn(office.app, ['clerk', 'planner'], { now: time });
    expect((await both.get('/intern')).location).to.equal('/intern/woche');
    both.close();
  });

  it('hides the keys of one form from the next: each form has its own', async () => {
    await goTo(TUESDAY, 9 * 60);
    const page = await clerk.get(PAGE);
    const keys = page
      .$('[name="schluessel"]')
      .map((_, input) => page.$(input).attr('value') ?? '')
      .get();
    expect(new Set(keys).size).to.equal(keys.length);
    expect(keys.every((key) => /^[0-9a-f-]{36}$/.test(key))).to.equal(true);
  });

  it('asks the database as often for a full day as for an empty one', async () => {
    await goTo(TUESDAY, 8 * 60);
    const { database } = office.app.office;
    await clerk.get(PAGE); // computes the times once
    const queries = async (): Promise<number> => {
      let count = 0;
      const listen = (): void => void (count += 1);
      database.reader.on('query', listen);
      await clerk.get(PAGE);
      database.reader.removeListener('query', listen);
      return count;
    };
    const few = await queries();
    for (const [index, letter] of [...'abcdefg'].entries()) {
      await office.book({
        stopId: office.secondStopId,
        minute: 13 * 60 + 30 + index * 20,
        familyName: `Gast${letter}`,
      });
    }
    expect(await queries()).to.equal(few);
  });

  it('says on an empty day when the next one is', async () => {
    await goTo(TUESDAY, 17 * 60);
    const kitId = await insertOneRow(office, 'kits', {
      municipality_id: office.municipalityId,
      name: 'Koffer 2',
      depot_id: office.depotId,
    });
    await insertTour(office.app.office.database, {
      ...office,
      kitId,
      date: '2026-12-16',
      stops: [{ venueId: office.secondVenueId, fromMinute: 540, toMinute: 720 }],
    });
    const page = await clerk.get('/intern/tag/2026-12-09');
    expect(text(page)).to.contain('An diesem Tag haben Sie keine Tour').and.contain('Mittwoch, 16. Dezember');
  });
});
