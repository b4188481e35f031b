import { expect } from 'chai';
import { expectValidHtml, visibleText } from '../support/html.ts';
import { insertTour, OFFICE_ZONE } from '../support/officeFixture.ts';
import { insertOneRow, openOffice, TUESDAY, type TourOffice } from '../support/tourOffice.ts';
import { addClerk, addKit, addNeighbour, addPlanner, planOf, stopAt, tourDeps } from '../support/toursFixture.ts';
import { saveTour } from '../../server/features/tours/saveTour.ts';
import type { TourPlan } from '../../server/domain/tours/tour.ts';
import { errorsOf, formOf, type Answer, type Visitor } from '../support/visitor.ts';

const WEDNESDAY = '2026-12-09';
const NOW = Date.parse('2026-11-24T08:00:00Z');

/** A draft, made as a planner makes it. @returns its id */
async function addDraft(office: TourOffice, date: string, more: Partial<TourPlan> = {}): Promise<number> {
  const { database } = office.app.office;
  const planner = await addPlanner(database, 'P. Entwurf');
  const outcome = await saveTour(
    tourDeps(database, () => NOW),
    planner,
    { tourId: null, version: 0, plan: planOf(office, date, more), decisions: [] },
  );
  if (outcome.kind !== 'saved') throw new Error(`No draft: ${outcome.kind}`);
  return outcome.tourId;
}

async function stopsOf(office: TourOffice, tourId: number) {
  return office.app.office.database
    .reader<{ id: number; date: string; venue_id: number; starts_at: number }>('stops')
    .where('tour_id', tourId)
    .orderBy('position')
    .select('id', 'date', 'venue_id', 'starts_at');
}

async function tourRow(office: TourOffice, tourId: number) {
  const { reader } = office.app.office.database;
  const tour = await reader<{ date: string; version: number }>('tours').where('id', tourId).first('date', 'version');
  const kit = await reader<{ kit_id: number }>('tour_kits').where('tour_id', tourId).first('kit_id');
  return { date: tour?.date, version: tour?.version, kitId: kit?.kit_id };
}

const mainText = (page: Answer): string => visibleText(page.html, 'main').replaceAll('\u00A0', ' ');
/** The way to the board of a week: whatever it shows, the sentence is kept for it. */
const weekOf = (answer: Answer): string | null => answer.location;

describe('A planner who moves a tour', function () {
  this.timeout(20_000);
  let office: TourOffice;
  let planner: Visitor;

  beforeEach(async () => {
    office = await openOffice();
    planner = await office.signIn('planner', { name: 'Petra Seidel' });
  });
  afterEach(() => office.close());

  const move = (id: number) => `/intern/touren/${id}/verschiebung`;

  it('sees what it is now, and a form for another day and kit', async () => {
    const page = await planner.get(move(office.tourId));
    expect(page.status).to.equal(200);
    expect(mainText(page)).to.contain('Dienstag, 8. Dezember 2026').and.contain('Schönberg 9 bis 12 Uhr');
    expect(formOf(page).fields).to.deep.equal({ version: '1', datum: TUESDAY, koffer: '' });
    await expectValidHtml(page.html, 'moving a tour');
  });

  it('puts a draft on another day; all its stops go with it', async () => {
    const draft = await addDraft(office, WEDNESDAY);
    const page = await planner.get(move(draft));
    const answer = await planner.submit(page, { datum: '2026-12-16' });
    expect(answer.status).to.equal(303);
    expect(weekOf(answer)).to.equal('/intern/woche?woche=2026-W51');
    expect((await stopsOf(office, draft)).map(({ date }) => date)).to.deep.equal(['2026-12-16']);
    const next = await planner.get(`/intern/touren/${draft}`);
    expect(mainText(next)).to.contain(
      `Tour ${draft} steht jetzt am Mittwoch, 16. Dezember 2026 im Plan, mit Koffer 1.`,
    );
  });

  it('may send the form twice', async () => {
    const draft = await addDraft(office, WEDNESDAY);
    const page = await planner.get(move(draft));
    const first = await planner.submit(page, { datum: '2026-12-16' });
    const second = await planner.submit(page, { datum: '2026-12-16' });
    expect([first.status, second.status]).to.deep.equal([303, 303]);
    expect(await tourRow(office, draft)).to.include({ date: '2026-12-16', version: 2 });
  });

  it('gives it another kit and keeps the day', async () => {
    const kit = await addKit(office.app.office.database, office, 'Koffer 2');
    const draft = await addDraft(office, WEDNESDAY);
    const page = await planner.get(move(draft));
    expect(page.$(`#koffer option[value="${kit}"]`).text()).to.equal('Koffer 2');
    expect((await planner.submit(page, { koffer: String(kit) })).status).to.equal(303);
    expect(await tourRow(office, draft)).to.include({ date: WEDNESDAY, kitId: kit });
  });

  it('keeps the times on the wall when the clocks change', async () => {
    const draft = await addDraft(office, WEDNESDAY);
    for (const date of ['2027-03-28', '2026-10-25']) {
      const page = await planner.get(move(draft));
      expect((await planner.submit(page, { datum: date })).status, date).to.equal(303);
      const [stop] = await stopsOf(office, draft);
      expect(Number(stop?.starts_at), date).to.equal(OFFICE_ZONE.instantAt(date, 540));
    }
    expect(OFFICE_ZONE.instantAt('2027-03-28', 540)).to.equal(Date.parse('2027-03-28T07:00:00Z'));
  });

  it('hears what is wrong with a date, and of a kit that there is not', async () => {
    const page = await planner.get(move(office.tourId));
    for (const datum of ['', '2026-02-30', 'morgen']) {
      const refused = await planner.submit(page, { datum });
      expect(refused.status).to.equal(422);
      expect(refused.$('title').text()).to.match(/^Fehler: /);
      expect(visibleText(refused.html, '#datum-fehler')).to.equal('Bitte geben Sie ein Datum ein, das es gibt.');
      expect(formOf(refused).fields).to.include({ datum });
    }
    const neighbour = await addNeighbour(office.app.office.database);
    const theirs = await office.signIn('planner', { municipalities: [office.municipalityId] });
    for (const koffer of [String(neighbour.kitId), '999999', 'x']) {
      const refused = await theirs.submit(page, { koffer });
      expect(refused.status).to.equal(422);
      expect(visibleText(refused.html, '#koffer-fehler')).to.contain('nicht mehr da');
      expect(refused.html).not.to.contain('Nachbarkoffer');
    }
  });

  it('is told at the field who has the kit and the people that day', async () => {
    const draft = await addDraft(office, WEDNESDAY);
    const page = await planner.get(move(draft));
    const refused = await planner.submit(page, { datum: TUESDAY });
    expect(refused.status).to.equal(422);
    expect(errorsOf(refused).join(' ').replaceAll('\u00A0', ' '))
      .to.contain(`Koffer 1 ist am 8. Dezember schon auf Tour ${office.tourId}.`)
      .and.contain(`A. Beispiel ist am 8. Dezember schon auf Tour ${office.tourId}.`);
    expect(refused.$('#koffer').attr('aria-invalid')).to.equal('true');
    expect(refused.$('#datum').attr('aria-invalid')).to.equal('true');
    expect(formOf(refused).fields).to.include({ datum: TUESDAY });
    expect(await tourRow(office, draft)).to.include({ date: WEDNESDAY, version: 1 });
    await expectValidHtml(refused.html, 'a taken kit');
  });

  it('is told nothing about the tour of another municipality that has the kit', async () => {
    const { database } = office.app.office;
    const neighbour = await addNeighbour(database);
    const kit = await addKit(database, office, 'Koffer 2');
    const [lent = 0] = await insertTour(database, {
      date: '2026-12-16',
      municipalityId: neighbour.municipalityId,
      kitId: kit,
      clerkId: neighbour.clerkId,
      stops: [{ venueId: neighbour.venueId, fromMinute: 540, toMinute: 720 }],
    });
    expect(lent).to.be.greaterThan(0);
    const draft = await addDraft(office, WEDNESDAY, { kitId: kit });
    const theirs = await office.signIn('planner', { municipalities: [office.municipalityId] });
    const refused = await theirs.submit(await theirs.get(move(draft)), { datum: '2026-12-16' });
    expect(refused.status).to.equal(422);
    const text = visibleText(refused.html, '#koffer-fehler').replaceAll('\u00A0', ' ');
    expect(text).to.equal('Koffer 2 ist am 16. Dezember schon auf einer anderen Tour.');
  });

  it('is told who was faster, sees the new state, and can send it again', async () => {
    const draft = await addDraft(office, WEDNESDAY);
    const page = await planner.get(move(draft));
    const colleague = await office.signIn('planner', { name: 'Jens Flink' });
    await colleague.submit(page, { datum: '2026-12-10' });

    const refused = await planner.submit(page, { datum: '2026-12-16' });
    expect(refused.status).to.equal(422);
    expect(mainText(refused))
      .to.contain('Jens Flink hat diese Tour inzwischen geändert, am 24. November um 9:00 Uhr')
      .and.contain('Donnerstag, 10. Dezember 2026');
    expect(formOf(refused).fields).to.include({ datum: '2026-12-16', version: '2' });
    await expectValidHtml(refused.html, 'a stale move');
    expect((await planner.submit(refused)).status).to.equal(303);
    expect(await tourRow(office, draft)).to.include({ date: '2026-12-16' });
  });

  it('reads why a published tour could not take place there, with the way to the editor', async () => {
    const page = await planner.get(move(office.tourId));
    await insertOneRow(office, 'absences', {
      clerk_id: office.clerkId,
      from_date: WEDNESDAY,
      to_date: WEDNESDAY,
      kind: 'vacation',
    });
    const refused = await planner.submit(page, { datum: WEDNESDAY });
    expect(refused.status).to.equal(422);
    expect(refused.$('[data-kt-conflict]').attr('data-kt-conflict')).to.equal('clerkAbsent');
    expect(visibleText(refused.html, '#hindernisse')).to.contain('A. Beispiel');
    expect(refused.$('#hindernisse a').attr('href')).to.equal(`/intern/touren/${office.tourId}?datum=${WEDNESDAY}`);
    expect(await tourRow(office, office.tourId)).to.include({ date: TUESDAY, version: 1 });
    await expectValidHtml(refused.html, 'an impossible move');
  });

  it('moves a published tour on which nobody has booked', async () => {
    const page = await planner.get(move(office.tourId));
    expect((await planner.submit(page, { datum: WEDNESDAY })).status).to.equal(303);
    expect(await tourRow(office, office.tourId)).to.include({ date: WEDNESDAY });
  });

  it('decides in the editor, which knows the new day, where appointments are promised', async () => {
    await office.book();
    const page = await planner.get(move(office.tourId));
    const answer = await planner.submit(page, { datum: WEDNESDAY, koffer: String(office.kitId) });
    expect(answer.location).to.equal(`/intern/touren/${office.tourId}?datum=${WEDNESDAY}&koffer=${office.kitId}`);
    const editor = await planner.follow(answer);
    expect(mainText(editor)).to.contain('Noch nicht verschoben: Ein zugesagter Termin braucht eine Entscheidung.');
    expect(formOf(editor).fields).to.include({ datum: WEDNESDAY });
    expect(await tourRow(office, office.tourId)).to.include({ date: TUESDAY, version: 1 });
    const asked = await planner.submit(editor, { aktion: 'speichern' });
    expect(asked.status).to.equal(422);
    expect(mainText(asked)).to.contain('Was wird aus dem Termin?');
  });

  it('finds nothing of a cancelled tour, of one that is not there, and of one of others', async () => {
    const neighbour = await addNeighbour(office.app.office.database);
    const theirs = await office.signIn('planner', { municipalities: [neighbour.municipalityId] });
    await office.app.office.database.writer('tours').where('id', office.tourId).update({ state: 'cancelled' });
    for (const [visitor, id] of [
      [planner, office.tourId],
      [planner, 999_999],
      [theirs, await addDraft(office, WEDNESDAY)],
    ] as const) {
      expect((await visitor.get(move(id))).status).to.equal(404);
      expect((await visitor.post(move(id), { datum: '2026-12-16', version: '1' })).status).to.equal(404);
    }
  });

  it('is somebody who may plan: those who only read may not', async () => {
    for (const role of ['clerk', 'hotline'] as const) {
      const reader = await office.signIn(role);
      for (const path of [move(office.tourId), `/intern/halte/${office.firstStopId}/verschiebung`]) {
        expect((await reader.get(path)).status, role).to.equal(403);
        expect((await reader.post(path, { datum: WEDNESDAY, version: '1' })).status, role).to.equal(403);
      }
    }
    expect(await tourRow(office, office.tourId)).to.include({ date: TUESDAY });
  });

  it('can do it in English', async () => {
    const page = await planner.get(`/en/intern/touren/${office.tourId}/verschiebung`);
    expect(mainText(page)).to.contain(`Move tour ${office.tourId}`).and.contain('as before: Koffer 1');
    const answer = await planner.submit(page, { datum: WEDNESDAY });
    expect(answer.location).to.equal('/en/intern/woche?woche=2026-W50');
  });
});

describe('A planner who moves a stop', function () {
  this.timeout(20_000);
  let office: TourOffice;
  let planner: Visitor;
  /** Another tour of TUESDAY, as a draft, in the afternoon. */
  let draft: number;

  beforeEach(async () => {
    office = await openOffice();
    planner = await office.signIn('planner', { name: 'Petra Seidel' });
    const { database } = office.app.office;
    draft = await addDraft(office, TUESDAY, {
      kitId: await addKit(database, office, 'Koffer 2'),
      clerkIds: [await addClerk(database, office, 'B. Muster')],
      stops: [stopAt(office.firstVenueId, 600, 690)],
    });
  });
  afterEach(() => office.close());

  const move = (id: number) => `/intern/halte/${id}/verschiebung`;

  it('is offered the tours of that day and drafts of other days, each with its version', async () => {
    const other = await addDraft(office, WEDNESDAY);
    const tooFar = await addDraft(office, '2027-03-02');
    const page = await planner.get(move(office.secondStopId));
    expect(page.status).to.equal(200);
    expect(mainText(page)).to.contain('Halt verschieben: Köthel, Feuerwehrhaus').and.contain('B. Muster');
    const offered = page
      .$('input[name="ziel"]')
      .map((_, input) => page.$(input).attr('value'))
      .get();
    expect(offered).to.deep.equal([`${draft}.1`, `${other}.1`]);
    expect(offered).not.to.include(`${tooFar}.1`);
    await expectValidHtml(page.html, 'moving a stop');
  });

  it('puts it on the other tour, in the order of the day', async () => {
    const page = await planner.get(move(office.secondStopId));
    const answer = await planner.submit(page, { ziel: `${draft}.1` });
    expect(answer.location).to.equal('/intern/woche?woche=2026-W50');
    expect((await stopsOf(office, draft)).map(({ venue_id }) => venue_id)).to.deep.equal([
      office.firstVenueId,
      office.secondVenueId,
    ]);
    expect(await stopsOf(office, office.tourId)).to.have.length(1);
    const next = await planner.get(`/intern/touren/${draft}`);
    expect(mainText(next)).to.contain(`Der Halt Köthel, Feuerwehrhaus gehört jetzt zu Tour ${draft}`);
  });

  it('may send the form twice', async () => {
    const page = await planner.get(move(office.secondStopId));
    await planner.submit(page, { ziel: `${draft}.1` });
    const second = await planner.submit(page, { ziel: `${draft}.1` });
    expect(second.location).to.equal('/intern/woche?woche=2026-W50');
    expect(await stopsOf(office, draft)).to.have.length(2);
    expect(mainText(await planner.get(`/intern/touren/${draft}`))).to.contain('wahrscheinlich ist er schon verschoben');
  });

  it('has to choose a tour, one to which it can go', async () => {
    const page = await planner.get(move(office.secondStopId));
    const none = await planner.submit(page);
    expect(none.status).to.equal(422);
    expect(errorsOf(none)).to.include('Bitte wählen Sie die Tour, auf die der Halt kommt.');
    expect(none.$('#ziel').attr('aria-describedby')).to.equal('ziel-fehler');
    await expectValidHtml(none.html, 'no tour chosen');

    const same = await planner.submit(page, { ziel: `${office.tourId}.1` });
    expect(same.status).to.equal(422);
    expect(errorsOf(same).join()).to.contain('Dorthin geht es nicht');
    expect(await stopsOf(office, office.tourId)).to.have.length(2);
  });

  it('is told who was faster on either tour', async () => {
    const page = await planner.get(move(office.secondStopId));
    const colleague = await office.signIn('planner', { name: 'Jens Flink' });
    await colleague.submit(await colleague.get(`/intern/touren/${draft}/verschiebung`), { datum: '2026-12-10' });
    const refused = await planner.submit(page, { ziel: `${draft}.1` });
    expect(refused.status).to.equal(422);
    expect(mainText(refused)).to.contain('Jens Flink hat diese Tour inzwischen geändert');
    const fields = formOf(refused).fields;
    expect(fields).to.deep.equal({ version: '1', ziel: `${draft}.2` });
    expect((await planner.submit(refused)).status).to.equal(303);
  });

  it('reads why a published tour could not take place without it', async () => {
    const first = await planner.get(move(office.firstStopId));
    await planner.submit(first, { ziel: `${draft}.1` });
    const page = await planner.get(move(office.secondStopId));
    const refused = await planner.submit(page, { ziel: `${draft}.2` });
    expect(refused.status).to.equal(422);
    expect(refused.$('[data-kt-conflict]').attr('data-kt-conflict')).to.equal('noStops');
    expect(refused.$('#hindernisse a').length).to.equal(2);
    await expectValidHtml(refused.html, 'an impossible stop');
  });

  it('decides about each promised appointment first', async () => {
    const appointment = await office.book();
    const page = await planner.get(move(office.firstStopId));
    const asked = await planner.submit(page, { ziel: `${draft}.1` });
    expect(asked.status).to.equal(422);
    expect(mainText(asked)).to.contain('Karin Vogel').and.contain('Was wird aus dem Termin?');
    expect(await stopsOf(office, draft)).to.have.length(1);
    await expectValidHtml(asked.html, 'decisions for a stop');

    const open = await planner.submit(asked);
    expect(errorsOf(open).join()).to.contain('Bitte entscheiden Sie');
    const answer = await planner.submit(open, { [`termin-${appointment.id}`]: 'absagen' });
    expect(answer.status).to.equal(303);
    expect(await stopsOf(office, draft)).to.have.length(2);
    const { reader } = office.app.office.database;
    expect(await reader('call_list').where('appointment_id', appointment.id)).to.have.length(1);
  });

  it('finds nothing of a stop of others, nor one that is not there, and no tour of others', async () => {
    const neighbour = await addNeighbour(office.app.office.database);
    const theirs = await office.signIn('planner', { municipalities: [neighbour.municipalityId] });
    for (const [visitor, id] of [
      [theirs, office.firstStopId],
      [planner, 999_999],
    ] as const) {
      expect((await visitor.get(move(id))).status).to.equal(404);
      expect((await visitor.post(move(id), { ziel: `${draft}.1`, version: '1' })).status).to.equal(404);
    }
    const [foreign] = await insertTour(office.app.office.database, {
      date: TUESDAY,
      municipalityId: neighbour.municipalityId,
      kitId: neighbour.kitId,
      clerkId: neighbour.clerkId,
      stops: [{ venueId: neighbour.venueId, fromMinute: 540, toMinute: 720 }],
    });
    const { reader } = office.app.office.database;
    const row = await reader<{ tour_id: number }>('stops')
      .where('id', foreign ?? 0)
      .first('tour_id');
    const ours = await office.signIn('planner', { municipalities: [office.municipalityId] });
    const page = await ours.get(move(office.firstStopId));
    expect(mainText(page)).not.to.contain('Nachbar');
    expect((await ours.submit(page, { ziel: `${row?.tour_id}.1` })).status).to.equal(404);
  });
});
