import { expect } from 'chai';
import { parseBoardQuery } from '../../server/features/tours/board/query.ts';
import { expectValidHtml, visibleText } from '../support/html.ts';
import { insertTour } from '../support/officeFixture.ts';
import { insertOneRow, openOffice, TUESDAY, type TourOffice } from '../support/tourOffice.ts';
import { addClerk, addKit, addNeighbour } from '../support/toursFixture.ts';
import type { Answer, Visitor } from '../support/visitor.ts';

const WEEK = '/intern/woche?woche=2026-W50';
const MONTH = '/intern/monat?monat=2026-12';
const WEDNESDAY = '2026-12-09';

const mainText = (page: Answer): string => visibleText(page.html, 'main').replaceAll('\u00A0', ' ');
const words = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Texts of the first column of the board. */
function rowsOf({ $ }: Answer): string[] {
  return $('.kt-board')
    .first()
    .find('tbody th')
    .map((_, row) => words($(row).contents().first().text()))
    .get();
}

function columnsOf({ $ }: Answer): string[] {
  return $('.kt-board')
    .first()
    .find('thead th')
    .map((_, head) => words($(head).contents().first().text()))
    .get();
}

/** Text of a cell: of the row that begins with `row`, on that date. */
function cellOf({ $ }: Answer, row: string, column: number): string {
  const line = $('.kt-board')
    .first()
    .find('tbody tr')
    .filter((_, tr) => words($(tr).find('th').contents().first().text()) === row);
  return words(line.find('td').eq(column).text()).replaceAll('\u00A0', ' ');
}

const chipOf = ({ $ }: Answer, tourId: number): string => words($(`[data-kt-tour="${tourId}"]`).first().text());

function changesOn({ $ }: Answer): string[] {
  return $('main a, main form, main [data-kt-move], main [data-kt-move-stop]')
    .map((_, one) => $(one).attr('data-kt-move') ?? $(one).attr('href') ?? $(one).attr('action') ?? '')
    .get()
    .filter((address) => /verschiebung|touren\/neu|absage|loeschung/.test(address));
}

async function addDraft(office: TourOffice, date: string, more: { kitId?: number; clerkId?: number } = {}) {
  const { writer } = office.app.office.database;
  const id = await insertOneRow(office, 'tours', {
    municipality_id: office.municipalityId,
    date,
    state: 'draft',
    created_at: 0,
    depot_id: office.depotId,
  });
  if (more.kitId !== undefined) await writer('tour_kits').insert({ tour_id: id, date, kit_id: more.kitId });
  if (more.clerkId !== undefined) await writer('tour_clerks').insert({ tour_id: id, date, clerk_id: more.clerkId });
  return id;
}

describe('The board of a week', function () {
  this.timeout(20_000);
  let office: TourOffice;
  let planner: Visitor;

  beforeEach(async () => {
    office = await openOffice();
    planner = await office.signIn('planner', { name: 'Petra Seidel' });
  });
  afterEach(() => office.close());

  const insert = (table: string, row: object) => insertOneRow(office, table, row);

  it('shows each tour in the row of its kit, under its day', async () => {
    const page = await planner.get(WEEK);
    expect(page.status).to.equal(200);
    await expectValidHtml(page.html, 'board of a week');
    expect(words(page.$('h1').text()).replaceAll('\u00A0', ' ')).to.equal('7. bis 11. Dezember 2026');
    expect(columnsOf(page)).to.deep.equal(['Montag', 'Dienstag', 'Mittwoch', 'Donnerstag', 'Freitag']);
    const chip = chipOf(page, office.tourId);
    expect(cellOf(page, rowsOf(page)[0] ?? '', 1)).to.contain(chip);
    expect(chip).to.contain('veröffentlicht');
    expect(chip).to.contain('Schönberg 9–12');
    expect(chip).to.contain('Köthel 13:30–16');
    expect(chip).to.contain('A. Beispiel');
    expect(chip).to.match(/\d+:\d\d – \d+:\d\d/);
    expect(page.$(`[data-kt-tour="${office.tourId}"] .kt-tour__link`).attr('href')).to.equal(
      `/intern/touren/${office.tourId}`,
    );
  });

  it('says how much is booked, in words beside the bar', async () => {
    expect(chipOf(await planner.get(WEEK), office.tourId)).to.contain('noch nichts gebucht');
    await office.book(); // 20 of 330 minutes
    const page = await planner.get(WEEK);
    expect(chipOf(page, office.tourId)).to.contain('6 % belegt');
    const bar = page.$(`[data-kt-tour="${office.tourId}"] progress`);
    expect([bar.attr('value'), bar.attr('max')]).to.deep.equal(['20', '330']);
    expect(mainText(page)).to.contain('1 Tour · 6 % belegt');
  });

  it('shows this week unless another one is named, and leads to the ones beside it', async () => {
    const page = await planner.get('/intern/woche');
    expect(mainText(page)).to.contain('Kalenderwoche 48').and.to.contain('heute');
    const links = page
      .$('nav[aria-label="Blättern"] a')
      .map((_, link) => page.$(link).attr('href'))
      .get();
    expect(links).to.deep.equal(['/intern/woche?woche=2026-W47', '/intern/woche?woche=2026-W49']);
    for (const odd of ['2026-W54', '2025-W53', '2026-50', 'x', '2026-W00']) {
      expect(mainText(await planner.get(`/intern/woche?woche=${odd}`)), odd).to.contain('Kalenderwoche 48');
    }
  });

  it('knows week 53 and goes over the turn of the year', async () => {
    const page = await planner.get('/intern/woche?woche=2026-W53');
    expect(words(page.$('h1').text()).replaceAll('\u00A0', ' ')).to.equal('28. Dezember 2026 bis 1. Januar 2027');
    expect(mainText(page)).to.contain('Feiertag: Neujahr');
    expect(page.$('nav[aria-label="Blättern"] a').last().attr('href')).to.equal('/intern/woche?woche=2027-W01');
    const january = await planner.get('/intern/woche?woche=2027-W01');
    expect(january.$('nav[aria-label="Blättern"] a').first().attr('href')).to.equal('/intern/woche?woche=2026-W53');
  });

  for (const [clocks, week, sunday] of [
    ['forward', '2027-W12', '2027-03-28'],
    ['back', '2027-W43', '2027-10-31'],
  ] as const) {
    it(`has the Sunday on which the clocks go ${clocks}, with the times on the wall`, async () => {
      const [stopId] = await insertTour(office.app.office.database, {
        date: sunday,
        municipalityId: office.municipalityId,
        kitId: office.kitId,
        clerkId: office.clerkId,
        stops: [{ venueId: office.firstVenueId, fromMinute: 9 * 60, toMinute: 12 * 60 }],
      });
      const page = await planner.get(`/intern/woche?woche=${week}`);
      expect(columnsOf(page).slice(4)).to.deep.equal(['Freitag', 'Sonntag']);
      const chip = page.$(`[data-kt-stop="${stopId}"]`).closest('td');
      expect(chip.attr('data-kt-date')).to.equal(sunday);
      expect(words(chip.text())).to.contain('Schönberg 9–12');
    });
  }

  it('shows the weekend when there is a tour, or when asked', async () => {
    await addDraft(office, '2026-12-12');
    expect(columnsOf(await planner.get(WEEK)).slice(5)).to.deep.equal(['Samstag']);
    const asked = await planner.get('/intern/woche?woche=2026-W51&wochenende=1');
    expect(columnsOf(asked)).to.have.length(7);
    expect(asked.$('nav[aria-label="Blättern"] a').first().attr('href')).to.contain('wochenende=1');
  });

  it('has a row for what has no kit yet, and does not sound an alarm about a draft', async () => {
    const draft = await addDraft(office, WEDNESDAY);
    const page = await planner.get(WEEK);
    expect(rowsOf(page).at(-1)).to.equal('Noch ohne Koffer');
    expect(cellOf(page, 'Noch ohne Koffer', 2)).to.contain(chipOf(page, draft));
    expect(chipOf(page, draft)).to.contain('Entwurf').and.to.contain('Noch kein Koffer');
    expect(page.$('.kt-conflicts').length).to.equal(0);
  });

  it('asks for a decision where a published tour cannot take place', async () => {
    await office.book();
    await insert('absences', { clerk_id: office.clerkId, from_date: TUESDAY, to_date: TUESDAY, kind: 'vacation' });
    const page = await planner.get(WEEK);
    expect(chipOf(page, office.tourId)).to.contain('geht nicht').and.to.contain('A. Beispiel ist im Urlaub');
    const decision = words(page.$('.kt-conflicts').text()).replaceAll('\u00A0', ' ');
    expect(decision).to.contain(`Tour ${office.tourId} am Dienstag, 8. Dezember: A. Beispiel ist im Urlaub`);
    expect(decision).to.contain('Ein Termin ist gebucht.');
    expect(page.$('.kt-conflicts a').first().attr('href')).to.equal(`/intern/touren/${office.tourId}`);
    expect(words(page.$('.kt-board--crew').text())).to.contain('nicht da');
    await expectValidHtml(page.html, 'board with a conflict');

    const clerk = await office.signIn('clerk');
    const seen = await clerk.get(WEEK);
    expect(chipOf(seen, office.tourId)).to.contain('geht nicht');
    expect(seen.$('.kt-conflicts').length, 'who may not decide is not asked').to.equal(0);
  });

  it('shows what is cancelled apart, and says no more against it', async () => {
    const { writer } = office.app.office.database;
    await writer('tour_kits').where('tour_id', office.tourId).delete();
    await writer('tours').where('id', office.tourId).update({ state: 'cancelled', cancelled_at: 1 });
    const page = await planner.get(WEEK);
    expect(rowsOf(page).at(-1)).to.equal('Abgesagt');
    expect(chipOf(page, office.tourId)).to.contain('abgesagt').and.not.to.contain('Noch kein Koffer');
    expect(mainText(page)).not.to.contain('noch ohne Koffer');
    expect(page.$('[data-kt-move]').length).to.equal(0);
  });

  it('names holidays and days on which the whole municipality is closed', async () => {
    const { municipalityId: municipality_id } = office;
    await insert('closing_days', { municipality_id, from_date: WEDNESDAY, to_date: WEDNESDAY, reason: 'Ausflug' });
    const one = { municipality_id, venue_id: office.firstVenueId, reason: 'Maler' };
    await insert('closing_days', { ...one, from_date: TUESDAY, to_date: TUESDAY });
    const page = await planner.get(WEEK);
    expect(words(page.$('.kt-board').first().find('thead th').eq(2).text())).to.contain('geschlossen: Ausflug');
    expect(page.$('thead').text()).not.to.contain('Maler');
    expect(cellOf(page, rowsOf(page)[0] ?? '', 2), 'no tour is offered there').to.contain('frei');
    const christmas = await planner.get('/intern/woche?woche=2026-W52');
    expect(mainText(christmas)).to.contain('Feiertag: 1. Weihnachtstag');
  });

  it('lists the team: who is where, who is free, how many hours of how many', async () => {
    await addClerk(office.app.office.database, office, 'B. Muster');
    const hours = { clerk_id: office.clerkId, weekday: 2, from_minute: 480, to_minute: 1080 };
    await office.app.office.database.writer('clerk_hours').insert(hours);
    const page = await planner.get(WEEK);
    const crew = page.$('.kt-board--crew tbody tr');
    expect(words(crew.eq(0).find('th').text())).to.match(/^A\. Beispiel[\d,]+ von 10 Std\.$/);
    expect(words(crew.eq(0).find('td').eq(1).text())).to.contain(`Tour ${office.tourId}`);
    expect(words(crew.eq(0).find('td').eq(2).text())).to.contain('kein Arbeitstag');
    expect(words(crew.eq(1).find('th').text())).to.equal('B. Muster0 Std. geplant');
    expect(words(crew.eq(1).find('td').eq(1).text())).to.contain('frei');
  });

  it('has rows for the team as well, and then shows the kit of each tour', async () => {
    const page = await planner.get(`${WEEK}&zeilen=team`);
    await expectValidHtml(page.html, 'board by team');
    expect(rowsOf(page)).to.deep.equal(['A. Beispiel']);
    const { reader } = office.app.office.database;
    const kit = await reader<{ name: string }>('kits').first('name');
    expect(chipOf(page, office.tourId)).to.contain(kit?.name);
    expect(page.$('[data-kt-move]').length, 'a tour is dragged from kit to kit').to.equal(0);
    expect(page.$('nav[aria-label="Blättern"] a').first().attr('href')).to.contain('zeilen=team');
  });

  it('leaves out what the filter does not want, in board and table, and keeps it in the links', async () => {
    const { database } = office.app.office;
    const kitId = await addKit(database, office, 'Koffer 2');
    const clerkId = await addClerk(database, office, 'B. Muster');
    const draft = await addDraft(office, WEDNESDAY, { kitId, clerkId });
    const shownBy = async (filter: string): Promise<number[]> => {
      const page = await planner.get(`${WEEK}&${filter}`);
      const links = page.$('.kt-table tbody tr td:first-child a').map((_, link) => Number(page.$(link).text()));
      const chips = page.$('[data-kt-tour]').map((_, chip) => Number(page.$(chip).attr('data-kt-tour')));
      expect(chips.get().sort(), filter).to.deep.equal(links.get().sort());
      expect(page.$('nav[aria-label="Blättern"] a').first().attr('href'), filter).to.contain(filter);
      return links.get();
    };
    expect(await shownBy(`koffer=${kitId}`)).to.deep.equal([draft]);
    expect(await shownBy(`person=${office.clerkId}`)).to.deep.equal([office.tourId]);
    expect(await shownBy(`standort=${office.secondVenueId}`)).to.deep.equal([office.tourId]);
    expect(await shownBy('stand=entwurf')).to.deep.equal([draft]);
    expect(await shownBy(`kommune=${office.municipalityId}`)).to.deep.equal([office.tourId, draft]);

    const nothing = await planner.get(`${WEEK}&stand=abgesagt`);
    expect(mainText(nothing)).to.contain('Keine Tour passt zum Filter');
    expect(mainText(nothing), 'who is on a hidden tour is not free').to.contain(`auf Tour ${office.tourId}`);
    expect(nothing.$('#filter-stand').val()).to.equal('abgesagt');
  });

  it('says what to do where there is no tour yet', async () => {
    const page = await planner.get('/intern/woche?woche=2027-W10');
    expect(mainText(page)).to.contain('Noch keine Tour in dieser Woche').and.to.contain('Legen Sie eine Tour an');
    const add = page.$('.kt-board__add').first();
    expect(add.attr('href')).to.equal(
      `/intern/touren/neu?datum=2027-03-08&koffer=${office.kitId}&kommune=${office.municipalityId}`,
    );
    expect(add.attr('aria-label')).to.contain('Montag, 8. März'.replace('8. ', '8.\u00A0'));
    const reader = await office.signIn('clerk');
    expect(mainText(await reader.get('/intern/woche?woche=2027-W10'))).not.to.contain('Legen Sie');
  });

  it('offers nothing that changes to those who only look', async () => {
    await addDraft(office, WEDNESDAY);
    const clerk = await office.signIn('clerk');
    const agent = await office.signIn('hotline');
    for (const path of [WEEK, `${WEEK}&zeilen=team`, MONTH]) {
      const page = await clerk.get(path);
      expect(page.status).to.equal(200);
      expect(changesOn(page), path).to.deep.equal([]);
      expect(page.html).to.contain(`/intern/touren/${office.tourId}"`);
      expect((await agent.get(path)).status, `an agent of the hotline: ${path}`).to.equal(403);
    }
    expect(changesOn(await planner.get(WEEK))).not.to.deep.equal([]);
  });

  it('shows nothing of another municipality but that a kit is out', async () => {
    const { database } = office.app.office;
    const neighbour = await addNeighbour(database);
    // The neighbour drives with our kit on Wednesday.
    const [stopId] = await insertTour(database, {
      date: WEDNESDAY,
      municipalityId: neighbour.municipalityId,
      kitId: office.kitId,
      clerkId: neighbour.clerkId,
      stops: [{ venueId: neighbour.venueId, fromMinute: 540, toMinute: 720 }],
    });
    const ours = await office.signIn('planner', { municipalities: [office.municipalityId] });
    for (const path of [WEEK, `${WEEK}&zeilen=team`, `${WEEK}&kommune=${neighbour.municipalityId}`, MONTH]) {
      const page = await ours.get(path);
      const text = mainText(page);
      for (const word of ['Nachbarort', 'Nachbarkoffer', 'N. Nachbar', 'Schule']) {
        expect(text, path).not.to.contain(word);
      }
      expect(page.$(`[data-kt-stop="${stopId}"]`).length).to.equal(0);
    }
    const page = await ours.get(WEEK);
    expect(cellOf(page, rowsOf(page)[0] ?? '', 2)).to.contain('auf einer Tour einer anderen Kommune');
    expect(mainText(page)).to.contain('1 Tour ·');

    const theirs = await office.signIn('planner', { municipalities: [neighbour.municipalityId] });
    const seen = await theirs.get(WEEK);
    expect(seen.$(`[data-kt-stop="${stopId}"]`).length).to.equal(1);
    expect(mainText(seen)).not.to.contain('Schönberg').and.not.to.contain('A. Beispiel');
  });

  it('lets a planner change only where they plan, though they see more', async () => {
    const { database } = office.app.office;
    const neighbour = await addNeighbour(database);
    const [stopId] = await insertTour(database, {
      date: WEDNESDAY,
      municipalityId: neighbour.municipalityId,
      kitId: neighbour.kitId,
      clerkId: neighbour.clerkId,
      stops: [{ venueId: neighbour.venueId, fromMinute: 540, toMinute: 720 }],
    });
    const both = await office.signIn('planner', { municipalities: [office.municipalityId] });
    const { reader, writer } = database;
    const user = await reader<{ user_id: number }>('user_roles').orderBy('user_id', 'desc').first('user_id');
    await writer('user_roles').insert({
      user_id: user?.user_id,
      role: 'clerk',
      municipality_id: neighbour.municipalityId,
    });
    const page = await both.get(WEEK);
    const theirs = page.$(`[data-kt-stop="${stopId}"]`).closest('[data-kt-tour]');
    expect(theirs.length).to.equal(1);
    expect(theirs.attr('data-kt-move')).to.equal(undefined);
    expect(theirs.text()).not.to.contain('Verschieben');
    expect(page.$(`[data-kt-tour="${office.tourId}"]`).attr('data-kt-move')).to.contain('verschiebung');
  });

  it('escapes what people have typed', async () => {
    const { writer } = office.app.office.database;
    await writer('kits').update({ name: '<b>Koffer</b> & "x"' });
    await writer('venues').where('id', office.firstVenueId).update({ locality: '<i>Schönberg</i>' });
    for (const path of [WEEK, MONTH]) {
      const page = await planner.get(path);
      expect(page.$('main b, main i').length, path).to.equal(0);
      expect(mainText(page), path).to.contain('<b>Koffer</b> & "x"').and.to.contain('<i>Schönberg</i>');
    }
  });

  it('speaks English', async () => {
    const page = await planner.get(`/en${WEEK}`);
    await expectValidHtml(page.html, 'board in English');
    expect(words(page.$('h1').text()).replaceAll('\u00A0', ' ')).to.equal('7 to 11 December 2026');
    expect(mainText(page)).to.contain('nothing booked yet').and.to.contain('The team this week');
  });
});

describe('The week a planner sees first', () => {
  it('is this one, and at the weekend the coming one', () => {
    const shown = ['2026-11-20', '2026-11-21', '2026-11-22', '2026-11-23'].map((day) => parseBoardQuery({}, day).week);
    expect(shown).to.deep.equal(['2026-11-16', '2026-11-23', '2026-11-23', '2026-11-23']);
    expect(parseBoardQuery({ woche: '2026-W47' }, '2026-11-22').week).to.equal('2026-11-16');
  });
});
