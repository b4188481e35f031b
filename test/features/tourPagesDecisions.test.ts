import { expect } from 'chai';
import { openOffice, TUESDAY, type TourOffice } from '../support/tourOffice.ts';
import { expectValidHtml, visibleText } from '../support/html.ts';
import { errorsOf, formOf, type Answer, type Visitor } from '../support/visitor.ts';

describe('A change that would break a promise', function () {
  this.timeout(20_000);
  let office: TourOffice;
  let planner: Visitor;
  let id: number;
  let question: Answer;

  beforeEach(async () => {
    office = await openOffice();
    planner = await office.signIn('planner');
    ({ id } = await office.book({ familyName: 'Vogel', contactKind: 'phone', contact: '03764 4711' }));
    const page = await planner.get(`/intern/touren/${office.tourId}`);
    question = await planner.submit(page, { 'halt-1-von': '10', notiz: 'erst um zehn', aktion: 'speichern' });
  });
  afterEach(() => office.close());

  const rowOf = async (): Promise<{ state: string; start_tick: number }> => {
    const { reader } = office.app.office.database;
    const row = await reader<{ id: number; state: string; start_tick: number }>('appointments').where({ id }).first();
    return { state: row?.state ?? '', start_tick: row?.start_tick ?? 0 };
  };

  it('asks what becomes of each appointment, with nothing chosen and nothing saved', async () => {
    expect(question.status).to.equal(422);
    const text = visibleText(question.html, 'main');
    expect(text).to.contain('Ein Termin braucht eine Entscheidung');
    expect(text).to.contain('Karin Vogel').and.contain('03764 4711').and.contain('9:00 Uhr');
    expect(text).to.contain('Die Zeit liegt nicht mehr in der Öffnungszeit des Halts.').and.contain('Anrufliste');
    expect(question.$('input[type=radio][checked]')).to.have.length(0);
    expect(errorsOf(question), 'a question is no mistake').to.deep.equal([]);
    await expectValidHtml(question.html, 'decisions');
    const page = await planner.get(`/intern/touren/${office.tourId}`);
    expect(formOf(page).fields).to.include({ 'halt-1-von': '9:00' });
  });

  it('says whose answer is missing', async () => {
    const again = await planner.submit(question, { aktion: 'speichern' });
    expect(again.status).to.equal(422);
    expect(errorsOf(again)).to.include('Bitte entscheiden Sie, was aus dem Termin von Karin Vogel wird.');
    const half = await planner.submit(question, { aktion: 'speichern', [`termin-${id}`]: 'verschieben' });
    expect(errorsOf(half).join()).to.contain('Bitte wählen Sie eine Zeit');
    expect(half.$(`#termin-${id}-verschieben`).attr('checked')).to.equal('checked');
    await expectValidHtml(half.html, 'decisions with a mistake');
  });

  it('moves the appointment and saves the rest of what was typed', async () => {
    const target = question.$(`#ziel-${id} option`).eq(1).attr('value') ?? '';
    const saved = await planner.submit(question, {
      aktion: 'speichern',
      [`termin-${id}`]: 'verschieben',
      [`ziel-${id}`]: target,
    });
    const page = await planner.follow(saved);
    expect(formOf(page).fields).to.include({ 'halt-1-von': '10:00', notiz: 'erst um zehn' });
    expect(await rowOf()).to.deep.equal({ state: 'confirmed', start_tick: Number(target.split('.')[1]) });
    const calls = await planner.get('/intern/anrufe');
    expect(visibleText(calls.html, 'main')).to.contain('Karin Vogel').and.contain('03764 4711');
  });

  it('cancels the appointment, if that is the answer', async () => {
    const saved = await planner.submit(question, { aktion: 'speichern', [`termin-${id}`]: 'absagen' });
    expect(saved.status).to.equal(303);
    expect((await rowOf()).state).to.equal('cancelled');
  });

  it('leads back to the tour with everything that was typed', async () => {
    const back = await planner.submit(question, { aktion: 'pruefen' });
    expect(back.status).to.equal(200);
    expect(formOf(back).fields).to.include({ 'halt-1-von': '10', notiz: 'erst um zehn' });
  });

  it('refuses a time that somebody else has taken meanwhile, and asks again', async () => {
    const [stop, tick] = (question.$(`#ziel-${id} option`).eq(1).attr('value') ?? '').split('.').map(Number);
    await office.book({ stopId: stop ?? 0, minute: (tick ?? 0) * 5, familyName: 'Schnell' });
    const refused = await planner.submit(question, {
      aktion: 'speichern',
      [`termin-${id}`]: 'verschieben',
      [`ziel-${id}`]: `${stop}.${tick}`,
    });
    expect(refused.status).to.equal(422);
    expect(errorsOf(refused).join()).to.contain('Karin Vogel');
    expect((await rowOf()).state).to.equal('confirmed');
  });
});

describe('Cancelling a tour', function () {
  this.timeout(20_000);
  let office: TourOffice;
  let planner: Visitor;
  beforeEach(async () => {
    office = await openOffice();
    planner = await office.signIn('planner');
  });
  afterEach(() => office.close());

  it('shows whom it concerns before anything happens; the people land on the call list', async () => {
    const { id } = await office.book({ contactKind: 'phone', contact: '03764 4711' });
    const tour = `/intern/touren/${office.tourId}`;
    const question = await planner.get(`${tour}/absage`);
    expect(question.status).to.equal(200);
    expect(visibleText(question.html, 'main')).to.contain('Die Tour fällt aus.').and.contain('Karin Vogel');
    expect(visibleText((await planner.get(tour)).html, '.kt-state'), 'looking changes nothing').to.equal(
      'veröffentlicht',
    );

    const cancelled = await planner.follow(await planner.submit(question, { [`termin-${id}`]: 'absagen' }));
    expect(visibleText(cancelled.html, 'main')).to.contain('Die Tour ist abgesagt.');
    expect(cancelled.$('main button'), 'nothing can be changed any more').to.have.length(0);
    expect((await planner.submit(question, { [`termin-${id}`]: 'absagen' })).status, 'twice').to.equal(303);

    const calls = await planner.get('/intern/anrufe');
    expect(visibleText(calls.html, 'main')).to.contain('„Ihr Termin am Dienstag, 8. Dezember 2026, 9:00 Uhr');
  });

  it('needs one button where nobody has booked', async () => {
    const question = await planner.get(`/intern/touren/${office.tourId}/absage`);
    expect(visibleText(question.html, 'main')).to.contain('kein Termin gebucht');
    await expectValidHtml(question.html, 'cancellation');
    const page = await planner.follow(await planner.submit(question));
    expect(visibleText(page.html, '.kt-state')).to.equal('abgesagt');
  });

  it('does nothing when somebody has changed the tour since', async () => {
    const question = await planner.get(`/intern/touren/${office.tourId}/absage`);
    const page = await planner.get(`/intern/touren/${office.tourId}`);
    await planner.submit(page, { notiz: 'neu', aktion: 'speichern' });
    const after = await planner.follow(await planner.submit(question));
    expect(visibleText(after.html, '.kt-notice--warning')).to.contain('inzwischen geändert');
    expect(visibleText(after.html, '.kt-state')).to.equal('veröffentlicht');
  });
});

describe('Repeating a tour', function () {
  this.timeout(20_000);
  let office: TourOffice;
  let planner: Visitor;
  beforeEach(async () => {
    office = await openOffice();
    planner = await office.signIn('planner');
  });
  afterEach(() => office.close());

  it('goes over New Year, and says before which days are left out and why', async () => {
    await office.app.office.database.writer('closing_days').insert({
      municipality_id: office.municipalityId,
      from_date: '2026-12-21',
      to_date: '2026-12-31',
      reason: 'Betriebsferien',
    });
    const address = `/intern/touren/${office.tourId}/wiederholung`;
    const preview = await planner.get(`${address}?wochen=2&tag=2&bis=2027-01-20&als=veroeffentlicht`);
    expect(preview.status).to.equal(200);
    const rows = preview
      .$('.kt-preview tbody tr')
      .map((_, row) => preview.$(row).text().replace(/\s+/g, ' ').trim())
      .get();
    expect(rows).to.have.length(3);
    expect(rows[0])
      .to.match(/^Dienstag, 22\. Dezember 2026/)
      .and.contain('Betriebsferien');
    expect(rows[1]).to.match(/^Dienstag, 5\. Januar 2027 ?wird angelegt$/);
    expect(rows[2]).to.match(/^Dienstag, 19\. Januar 2027 ?wird angelegt$/);
    await expectValidHtml(preview.html, 'repetition');

    const made = await planner.submit(preview, {}, 'form[method=post].kt-form');
    expect(visibleText((await planner.follow(made)).html, '.kt-notice')).to.equal(
      '2 Touren sind angelegt. Ein Tag wurde ausgelassen.',
    );
    const tours = await office.app.office.database.reader('tours').orderBy('date').select('date', 'state');
    expect(tours).to.deep.equal([
      { date: TUESDAY, state: 'published' },
      { date: '2027-01-05', state: 'published' },
      { date: '2027-01-19', state: 'published' },
    ]);
    const again = await planner.submit(preview, {}, 'form[method=post].kt-form');
    expect(again.status, 'sent twice, nothing is left to make').to.equal(422);
  });

  it('asks for what is missing', async () => {
    const refused = await planner.get(`/intern/touren/${office.tourId}/wiederholung?wochen=2&bis=2026-12-01`);
    expect(refused.status).to.equal(422);
    expect(errorsOf(refused)).to.include.members([
      'Bitte wählen Sie mindestens einen Wochentag.',
      'Bitte geben Sie ein Datum nach dem Tag der Tour ein.',
    ]);
    await expectValidHtml(refused.html, 'refused repetition');
  });
});

describe('The call list', function () {
  this.timeout(20_000);
  let office: TourOffice;
  before(async () => {
    office = await openOffice();
    const { id } = await office.book({ contactKind: 'phone', contact: '03764 4711' });
    const planner = await office.signIn('planner');
    const question = await planner.get(`/intern/touren/${office.tourId}/absage`);
    await planner.submit(question, { [`termin-${id}`]: 'absagen' });
  });
  after(() => office.close());

  it('is nobody’s business elsewhere', async () => {
    const stranger = await office.signIn('hotline', { municipalities: [] });
    expect((await stranger.get('/intern/anrufe')).status).to.equal(403);
    const clerk = await office.signIn('clerk');
    expect((await clerk.get('/intern/anrufe')).status).to.equal(403);
  });

  it('ticks a call off, once or twice, and keeps it among those done', async () => {
    const hotline = await office.signIn('hotline', { name: 'Sina Roth' });
    const page = await hotline.get('/intern/anrufe');
    expect(visibleText(page.html, 'main')).to.contain('Karin Vogel').and.contain('Der Termin fällt aus');
    await expectValidHtml(page.html, 'calls');
    const done = await hotline.submit(page, {}, '.kt-call form');
    const after = await hotline.follow(done);
    expect(visibleText(after.html, 'main'))
      .to.contain('Niemand wartet auf einen Anruf')
      .and.contain('erledigt von Sina Roth');
    await expectValidHtml(after.html, 'no calls');
    expect((await hotline.submit(page, {}, '.kt-call form')).status).to.equal(303);
    expect((await hotline.post('/intern/anrufe/4711/erledigung', {})).status).to.equal(404);
  });
});
