import { expect } from 'chai';
import { insertOneRow, openOffice, TUESDAY, type TourOffice } from '../support/tourOffice.ts';
import { expectValidHtml, visibleText } from '../support/html.ts';
import { errorsOf, formOf, type Answer, type Visitor } from '../support/visitor.ts';

/** What a planner types for a sound tour on a free day. */
function soundTour(office: TourOffice): Record<string, string> {
  return {
    datum: '2026-12-09',
    depot: String(office.depotId),
    koffer: String(office.kitId),
    'team-1': String(office.clerkId),
    halte: '1',
    'halt-1-standort': String(office.firstVenueId),
    'halt-1-von': '9',
    'halt-1-bis': '12.30',
    'halt-1-schalter': '1',
    'halt-1-aufbau': '20',
    'halt-1-abbau': '15',
  };
}

const conflictsOf = ({ $ }: Answer): string[] =>
  $('[data-kt-conflict]')
    .map((_, element) => $(element).attr('data-kt-conflict'))
    .get();

const verdictOf = ({ $ }: Answer): string => $('[data-kt-verdict]').text();

describe('A planner who makes a tour', function () {
  this.timeout(20_000);
  let office: TourOffice;
  let planner: Visitor;

  beforeEach(async () => {
    office = await openOffice();
    planner = await office.signIn('planner');
  });
  afterEach(() => office.close());

  it('finds a form that already knows the day, the depot and how long set-up takes', async () => {
    const page = await planner.get(`/intern/touren/neu?datum=2026-12-09&koffer=${office.kitId}`);
    const { fields } = formOf(page);
    expect(fields).to.include({
      datum: '2026-12-09',
      koffer: String(office.kitId),
      depot: String(office.depotId),
      'halt-1-aufbau': '20',
    });
    expect(conflictsOf(page), 'nothing is held against an empty form').to.deep.equal([]);
    await expectValidHtml(page.html, 'a new tour');
  });

  it('reads on the page of the tour what the crew wrote on the way', async () => {
    const reader = await office.signIn('clerk');
    const now = Date.parse('2026-11-24T08:00:00Z');
    const row = { tour_id: office.tourId, kind: 'note', at: now, recorded_at: now };
    await office.app.office.database.writer('tour_actions').insert([
      { ...row, key: 'a', text: 'Der Schlüssel klemmt.' },
      { ...row, key: 'b', text: 'Ein Irrtum.', undo_key: 'c', undone_at: now },
    ]);
    for (const visitor of [planner, reader]) {
      const page = await visitor.get(`/intern/touren/${office.tourId}`);
      const notes = visibleText(page.html, '.kt-waynotes');
      expect(notes).to.contain('Der Schlüssel klemmt.').and.to.match(/Uhr$/);
      expect(notes).not.to.contain('Irrtum');
      await expectValidHtml(page.html, 'a tour with a note');
    }
  });

  it('checks, saves and publishes it, and a citizen sees the visit at once', async () => {
    const empty = await planner.get('/intern/touren/neu?datum=2026-12-09');
    const checked = await planner.submit(empty, { ...soundTour(office), aktion: 'pruefen' });
    expect(checked.status).to.equal(200);
    expect(verdictOf(checked)).to.equal('So kann die Tour fahren');
    expect(visibleText(checked.html, '.kt-stops')).to.contain('Ankunft 8:40 · offen 9 bis 12:30 Uhr · Abbau bis 12:45');

    const saved = await planner.submit(checked, { aktion: 'speichern' });
    const draft = await planner.follow(saved);
    expect(visibleText(draft.html, 'main')).to.contain('Der Entwurf ist gespeichert.').and.contain('Entwurf');
    const guest = office.citizen();
    const visits = '/standorte/schoenberg-gemeindeamt';
    expect(visibleText((await guest.get(visits)).html, 'main')).not.to.contain('9. Dezember');

    const published = await planner.follow(await planner.submit(draft, { aktion: 'veroeffentlichen' }));
    expect(visibleText(published.html, 'main')).to.contain('Ihre Zeiten können ab jetzt gebucht werden.');
    office.wait(2_000);
    expect(visibleText((await guest.get(visits)).html, 'main')).to.contain('9. Dezember');
  });

  it('is told what is missing, beside the field, and nothing typed is lost', async () => {
    const empty = await planner.get('/intern/touren/neu');
    const typed = { ...soundTour(office), 'halt-1-von': 'früh', notiz: 'Schlüssel beim Nachbarn' };
    const refused = await planner.submit(empty, { ...typed, aktion: 'speichern' });
    expect(refused.status).to.equal(422);
    expect(refused.$('title').text()).to.match(/^Fehler: /);
    expect(errorsOf(refused)).to.contain('Halt 1: Bitte geben Sie eine Uhrzeit ein, zum Beispiel 9 oder 9:30.');
    expect(refused.$('#halt-1-von').attr('aria-invalid')).to.equal('true');
    expect(formOf(refused).fields).to.include(typed);
    await expectValidHtml(refused.html, 'a refused tour');
  });

  it('adds, swaps and removes stops without a script; times move along', async () => {
    const empty = await planner.get('/intern/touren/neu');
    const two = await planner.submit(empty, { ...soundTour(office), aktion: 'halt-neu' });
    expect(two.status).to.equal(200);
    expect(two.$('[data-kt-autofocus]').text()).to.contain('Halt 2');
    const filled = {
      'halt-2-standort': String(office.secondVenueId),
      'halt-2-von': '14:00',
      'halt-2-bis': '16:00',
      'halt-2-schalter': '1',
    };
    const swapped = await planner.submit(two, { ...filled, aktion: 'halt-hoch-2' });
    expect(formOf(swapped).fields).to.include({
      'halt-1-standort': String(office.secondVenueId),
      'halt-1-von': '9:00',
      'halt-1-bis': '11:00',
      'halt-2-standort': String(office.firstVenueId),
      'halt-2-von': '12:30',
      'halt-2-bis': '16:00',
    });
    const one = await planner.submit(swapped, { aktion: 'halt-weg-1' });
    expect(formOf(one).fields).to.include({ halte: '1', 'halt-1-standort': String(office.firstVenueId) });
  });

  it('may save what cannot take place as a draft, but not publish it', async () => {
    const empty = await planner.get('/intern/touren/neu?datum=2026-12-09');
    const without = { ...soundTour(office), koffer: '' };
    const refused = await planner.submit(empty, { ...without, aktion: 'veroeffentlichen' });
    expect(refused.status).to.equal(422);
    expect(conflictsOf(refused)).to.include('noKit');
    expect(errorsOf(refused).join()).to.contain('Veröffentlichen geht erst, wenn die Tour fahren kann.');
    expect((await planner.submit(refused, { aktion: 'speichern' })).status).to.equal(303);
  });

  it('takes a proposal over by its button', async () => {
    const empty = await planner.get('/intern/touren/neu?datum=2026-12-09');
    const checked = await planner.submit(empty, { ...soundTour(office), koffer: '', aktion: 'pruefen' });
    const fix = checked.$('[data-kt-conflict="noKit"] button').first().attr('value') ?? '';
    expect(fix).to.equal(`uebernehmen-koffer-${office.kitId}`);
    const mended = await planner.submit(checked, { aktion: fix });
    expect(formOf(mended).fields).to.include({ koffer: String(office.kitId) });
    expect(verdictOf(mended)).to.equal('So kann die Tour fahren');
  });

  it('hears of a kit that somebody else has just taken, and keeps what was typed', async () => {
    const empty = await planner.get(`/intern/touren/neu?datum=${TUESDAY}`);
    const refused = await planner.submit(empty, { ...soundTour(office), datum: TUESDAY, aktion: 'speichern' });
    expect(refused.status).to.equal(422);
    expect(visibleText(refused.html, '#koffer-fehler')).to.contain('an eine andere Tour vergeben');
    expect(formOf(refused).fields).to.include({ koffer: String(office.kitId), 'halt-1-bis': '12.30' });
  });

  it('makes one tour, however often the form is sent', async () => {
    const empty = await planner.get('/intern/touren/neu');
    const sent = { ...soundTour(office), aktion: 'speichern' };
    const first = await planner.submit(empty, sent);
    const second = await planner.submit(empty, sent);
    expect([first.status, second.status]).to.deep.equal([303, 303]);
    expect(second.location).to.equal(first.location);
  });

  it('gets only the check when a script asks for it', async () => {
    const empty = await planner.get('/intern/touren/neu');
    const { fields } = formOf(empty);
    const body = new URLSearchParams({
      ...(fields as Record<string, string>),
      ...soundTour(office),
      aktion: 'pruefen',
    });
    const part = await planner.ask('/intern/touren/neu', {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        'HX-Request-Type': 'partial',
        'HX-Target': 'div#tour-check',
      },
      body: body.toString(),
    });
    expect(part.status).to.equal(200);
    expect(part.$('#tour-check')).to.have.length(1);
    expect(part.$('#halt-1-stand[hx-swap-oob]').text()).to.contain('Ankunft 8:40');
    expect(part.$('input'), 'no field is sent back').to.have.length(0);
    await expectValidHtml(part.html, 'a check alone');
  });

  it('copies a tour to another day', async () => {
    const copy = await planner.get(`/intern/touren/neu?vorlage=${office.tourId}&datum=2026-12-15`);
    expect(formOf(copy).fields).to.include({
      datum: '2026-12-15',
      koffer: String(office.kitId),
      'halt-2-standort': String(office.secondVenueId),
      'halt-2-id': '',
    });
  });

  it('deletes a draft after a question, and nothing else', async () => {
    const empty = await planner.get('/intern/touren/neu?datum=2026-12-09');
    const draft = (await planner.submit(empty, { ...soundTour(office), aktion: 'speichern' })).location ?? '';
    const question = await planner.get(`${draft}/loeschung`);
    expect(visibleText(question.html, 'h1')).to.equal('Entwurf löschen?');
    expect((await planner.submit(question)).status).to.equal(303);
    expect((await planner.get(draft)).status).to.equal(404);
    await planner.post(`/intern/touren/${office.tourId}/loeschung`, { version: '1' });
    expect((await planner.get(`/intern/touren/${office.tourId}`)).status).to.equal(200);
  });

  it('writes what was changed into the history, from what to what', async () => {
    const tour = `/intern/touren/${office.tourId}`;
    const page = await planner.get(tour);
    await planner.follow(await planner.submit(page, { notiz: 'Schlüssel mitnehmen', aktion: 'speichern' }));
    const history = await planner.get(`${tour}/verlauf`);
    expect(visibleText(history.html, 'main'))
      .to.contain('Tour geändert')
      .and.contain('P. Beispiel')
      .and.contain('Schlüssel mitnehmen');
    await expectValidHtml(history.html, 'history');
  });
});

describe('Two planners with the same tour', function () {
  this.timeout(20_000);
  let office: TourOffice;
  before(async () => (office = await openOffice()));
  after(() => office.close());

  it('are told of each other, see both versions, and lose nothing', async () => {
    const one = await office.signIn('planner', { name: 'Petra Seidel' });
    const other = await office.signIn('planner', { name: 'Jonas Berg' });
    const tour = `/intern/touren/${office.tourId}`;
    const [pageOfOne, pageOfOther] = [await one.get(tour), await other.get(tour)];
    expect((await one.submit(pageOfOne, { notiz: 'von Petra', aktion: 'speichern' })).status).to.equal(303);

    const stale = await other.submit(pageOfOther, { notiz: 'von Jonas', aktion: 'speichern' });
    expect(stale.status).to.equal(422);
    const text = visibleText(stale.html, '.kt-stale');
    expect(text).to.match(/Petra Seidel hat diese Tour inzwischen geändert, am .* um .* Uhr/);
    expect(text).to.contain('Notiz von Petra von Jonas');
    expect(formOf(stale).fields).to.include({ notiz: 'von Jonas' });
    await expectValidHtml(stale.html, 'a stale tour');

    const again = await other.submit(stale, { aktion: 'speichern' });
    expect(again.status).to.equal(303);
    expect(formOf(await one.get(tour)).fields).to.include({ notiz: 'von Jonas' });
  });
});

describe('Those who may only see tours', function () {
  this.timeout(20_000);
  let office: TourOffice;
  before(async () => {
    office = await openOffice();
    await office.book({ familyName: 'Vogelsang', contact: 'vogelsang@beispiel.example', contactKind: 'email' });
  });
  after(() => office.close());

  it('see the day of a tour without buttons and without the names of citizens', async () => {
    const clerk = await office.signIn('clerk');
    const page = await clerk.get(`/intern/touren/${office.tourId}`);
    expect(page.status).to.equal(200);
    expect(visibleText(page.html, 'main')).to.contain('Schönberg, Gemeindeamt').and.contain('Koffer 1');
    expect(page.$('main button, main input, main select, main form')).to.have.length(0);
    expect(page.html).not.to.contain('Vogelsang').and.not.to.contain('vogelsang@');
    await expectValidHtml(page.html, 'a tour to read');
    const refused = await clerk.post(`/intern/touren/${office.tourId}`, { aktion: 'speichern' });
    expect(refused.status).to.equal(403);
  });

  it('find nothing of another municipality, on any of the addresses', async () => {
    const elsewhere = await insertOneRow(office, 'municipalities', {
      slug: 'anderswo',
      name: 'Anderswo',
      ags: '14524000',
      office_name: 'Stadt Anderswo',
      contact_email: 'x@anderswo.example',
      contact_phone: '115',
      postal_address: 'Anderswo',
      lat: 50,
      lon: 12,
    });
    const stranger = await office.signIn('planner', { municipalities: [elsewhere] });
    const tour = `/intern/touren/${office.tourId}`;
    for (const path of ['', '/verlauf', '/absage', '/loeschung', '/wiederholung', '/veroeffentlichung']) {
      expect((await stranger.get(tour + path)).status, `GET ${path}`).to.equal(404);
    }
    for (const path of ['', '/absage', '/loeschung', '/wiederholung', '/veroeffentlichung']) {
      const sent = { version: '1', aktion: 'speichern', wochen: '1', tag: '2', bis: '2027-01-31' };
      expect((await stranger.post(tour + path, sent)).status, `POST ${path}`).to.equal(404);
    }
    expect((await stranger.get(`/intern/touren/neu?vorlage=${office.tourId}`)).status).to.equal(404);
    const empty = await stranger.get('/intern/touren/neu');
    expect(empty.html).not.to.contain('Koffer 1').and.not.to.contain('Gemeindeamt');
    const foreign = await stranger.submit(empty, { ...soundTour(office), aktion: 'speichern' });
    expect(foreign.status).to.equal(422);
    const tours = await office.app.office.database.reader('tours');
    expect(tours).to.have.length(1);
  });
});
