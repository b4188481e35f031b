import { expect } from 'chai';
import type { SmallOffice } from '../support/officeFixture.ts';
import { OFFICE_ZONE, seedSmallOffice } from '../support/officeFixture.ts';
import { startApp, type RunningApp } from '../support/app.ts';
import { expectValidHtml, visibleText } from '../support/html.ts';
import { signedIn } from '../support/staff.ts';
import { addNeighbour } from '../support/toursFixture.ts';
import { errorsOf, formOf, type Answer, type Visitor } from '../support/visitor.ts';

const PATH = '/intern/rueckrufe';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A Friday. */
const NOW = OFFICE_ZONE.instantAt('2026-11-27', 16 * 60 + 40);
const TYPED = { telefon: '03764 54321', name: 'Frau Vogel', anliegen: 'Wo hält der Koffer?' };

describe('The call-backs', function () {
  this.timeout(20_000);
  let now: number;
  let app: RunningApp;
  let office: SmallOffice;
  let anna: Visitor & { user: { id: number } };
  let bernd: Visitor & { user: { id: number } };
  const visitors: Visitor[] = [];

  beforeEach(async () => {
    now = NOW;
    app = await startApp({ now: () => now });
    office = await seedSmallOffice(app.office.database, { date: '2026-12-08' });
    anna = await person('Anna Winter');
    bernd = await person('Bernd Amt');
  });
  afterEach(async () => {
    visitors.splice(0).forEach((visitor) => visitor.close());
    await app.stop();
  });

  async function person(name: string, role: 'hotline' | 'clerk' = 'hotline', municipalities = [office.municipalityId]) {
    const visitor = await signedIn(app, role, { municipalities, name, now });
    visitors.push(visitor);
    return visitor;
  }

  async function insert(row: object = {}): Promise<number> {
    const [inserted] = await app.office.database.writer<{ id: number }>('callbacks').insert(
      {
        municipality_id: office.municipalityId,
        name: 'Herr Lang',
        phone: '03764 1111',
        reason: 'Reisepass',
        created_at: NOW - 2 * HOUR,
        created_by: anna.user.id,
        due_at: NOW + 30 * HOUR,
        ...row,
      } as object,
      ['id'],
    );
    return inserted?.id ?? 0;
  }
  const rows = (): Promise<Record<string, unknown>[]> => app.office.database.reader('callbacks').orderBy('id');
  const noticeOf = ({ $ }: Answer): string => $('.kt-notice').text().replace(/\s+/g, ' ').trim();
  const buttonsOf = ({ $ }: Answer, id: number): string[] =>
    $(`#rueckruf-${id} button`)
      .map((_, button) => $(button).text().trim())
      .get();
  const textOf = ({ html }: Answer, id: number): string =>
    visibleText(html, `#rueckruf-${id}`).replaceAll('\u00A0', ' ');
  /** Presses the button of a call-back with this text. */
  async function press(visitor: Visitor, page: Answer, id: number, text: string): Promise<Answer> {
    const { $ } = page;
    const index = buttonsOf(page, id).indexOf(text);
    const form = $(`#rueckruf-${id} form`).eq(index);
    const fields = Object.fromEntries(form.serializeArray().map(({ name, value }) => [name, value]));
    return visitor.follow(await visitor.post(form.attr('action') ?? '', fields));
  }

  it('say that nobody waits, and what to do when somebody does', async () => {
    const page = await anna.get(PATH);
    await expectValidHtml(page.html, 'no call-backs');
    expect(visibleText(page.html, 'main')).to.contain('Niemand wartet auf einen Rückruf');
    expect(page.$('details.kt-callback-new').attr('open')).to.equal(undefined);
    expect(page.headers['cache-control']).to.equal('no-store');
  });

  it('are noted with number and matter, and due by the same time on the next working day', async () => {
    const saved = await anna.submit(await anna.get(`${PATH}?neu=1`), TYPED);
    expect(saved.location).to.equal(PATH);
    const page = await anna.follow(saved);
    await expectValidHtml(page.html, 'one call-back');
    expect(noticeOf(page)).to.equal('Notiert. Rückruf bis Montag, 16:40 Uhr.');
    const [row] = await rows();
    expect(row).to.include({ phone: '03764 54321', name: 'Frau Vogel', created_by: anna.user.id, created_at: NOW });
    expect(row?.['due_at']).to.equal(OFFICE_ZONE.instantAt('2026-11-30', 16 * 60 + 40));
    const id = Number(row?.['id']);
    expect(textOf(page, id)).to.equal(
      '03764 54321 Frau Vogel Wo hält der Koffer? notiert heute, 16:40 Uhr, von Anna Winter ' +
        'Montag bis 16:40 Uhr noch frei Übernehmen',
    );
    expect(page.$(`#rueckruf-${id} h3 a`).attr('href')).to.equal('tel:0376454321');

    await anna.submit(await anna.get(`${PATH}?neu=1`), TYPED);
    expect(await rows(), 'sent twice').to.have.length(1);
  });

  it('need number and matter; what was typed stays', async () => {
    const page = await anna.get(`${PATH}?neu=1`);
    expect(page.$('details.kt-callback-new').attr('open')).not.to.equal(undefined);
    const typed = { telefon: 'abc', name: 'http://x', anliegen: 'x'.repeat(501) };
    const refused = await anna.submit(page, typed);
    expect(refused.status).to.equal(422);
    await expectValidHtml(refused.html, 'refused call-back');
    expect(refused.$('title').text()).to.match(/^Fehler: /);
    expect(errorsOf(refused).slice(1)).to.deep.equal([
      'Geben Sie die Telefonnummer mit Vorwahl ein, nur mit Ziffern, zum Beispiel 03764 54321.',
      'Der Name enthält Zeichen, die in Namen nicht vorkommen.',
      'Das Anliegen ist zu lang. Bitte kürzen Sie es auf 500 Zeichen.',
    ]);
    expect(formOf(refused).fields).to.include({ telefon: 'abc', name: 'http://x' });
    const empty = await anna.post(PATH, {});
    expect(errorsOf(empty).slice(1)).to.deep.equal([
      'Geben Sie die Telefonnummer ein, unter der zurückgerufen wird.',
      'Schreiben Sie, worum es geht.',
    ]);
    expect(await rows()).to.have.length(0);
  });

  it('belong to one municipality: chosen where there are several, filled in from the call, never a foreign one', async () => {
    const { municipalityId: elsewhere } = await addNeighbour(app.office.database);
    expect((await anna.get(`${PATH}?neu=1`)).$('#kommune'), 'only one').to.have.length(0);
    await anna.post(PATH, { ...TYPED, kommune: String(elsewhere) });
    expect((await rows())[0]).to.include({ municipality_id: office.municipalityId });

    const both = await person('Carla Zwei', 'hotline', [office.municipalityId, elsewhere]);
    const page = await both.get(`${PATH}?neu=1&kommune=${elsewhere}&grund=Reisepass&telefon=03764`);
    expect(formOf(page).fields).to.deep.equal({
      telefon: '',
      name: '',
      anliegen: 'Reisepass',
      kommune: String(elsewhere),
    });
    const refused = await both.post(PATH, { ...TYPED, kommune: '999' });
    expect(errorsOf(refused).slice(1)).to.deep.equal(['Wählen Sie die Kommune, um die es geht.']);
    await both.submit(page, { ...TYPED, name: '' });
    const [, row] = await rows();
    expect(row).to.include({ municipality_id: elsewhere, name: null });
    expect(textOf(await both.get(PATH), Number(row?.['id']))).to.contain('Nachbarort');
    expect((await anna.get(PATH)).$('.kt-callback'), 'of another municipality').to.have.length(1);
  });

  it('show first what is overdue, in words', async () => {
    const later = await insert({ due_at: NOW + 72 * HOUR });
    const soon = await insert({ due_at: NOW + 25 * MINUTE });
    const hours = await insert({ due_at: NOW - 2 * HOUR - MINUTE });
    const days = await insert({ due_at: NOW - 25 * HOUR });
    const atOnce = await insert({ due_at: NOW });
    const page = await anna.get(PATH);
    expect(
      page
        .$('.kt-callback')
        .map((_, item) => page.$(item).attr('id'))
        .get(),
    ).to.deep.equal([days, hours, atOnce, soon, later].map((id) => `rueckruf-${id}`));
    expect(textOf(page, days)).to.contain('seit einem Tag überfällig Zusage: gestern bis 15:40 Uhr');
    expect(textOf(page, hours)).to.contain('seit 2 Stunden überfällig Zusage: heute bis 14:39 Uhr');
    expect(textOf(page, soon)).to.contain('heute bis 17:05 Uhr noch 25 Minuten');
    expect(textOf(page, later)).to.contain('Montag bis 16:40 Uhr');
    expect(visibleText(page.html, 'main')).to.contain('5 Menschen warten auf einen Rückruf. 2 sind überfällig.');
    expect(
      page
        .$('h2')
        .map((_, heading) => page.$(heading).text())
        .get(),
    ).to.deep.equal(['Überfällig (2)', 'Noch in der Frist (3)']);
  });

  it('are a hundred at most, with the number of the others', async () => {
    for (let index = 0; index < 102; index++) await insert({ due_at: NOW + HOUR + index });
    const page = await anna.get(PATH);
    expect(page.$('.kt-callback')).to.have.length(100);
    expect(visibleText(page.html, 'main')).to.contain('2 weitere Rückrufe sind später fällig.');
  });

  it('are taken by one person, who ticks them off or gives them back', async () => {
    const id = await insert();
    const seenByBoth = await anna.get(PATH);
    expect(buttonsOf(seenByBoth, id)).to.deep.equal(['Übernehmen']);
    const annas = await press(anna, seenByBoth, id, 'Übernehmen');
    expect(noticeOf(annas)).to.equal('Sie haben den Rückruf übernommen.');
    expect(textOf(annas, id)).to.contain('bei Ihnen seit 16:40 Uhr');
    expect(buttonsOf(annas, id)).to.deep.equal(['Erledigt', 'Zurückgeben']);
    expect(annas.$('.kt-callbacks__mine a').attr('href')).to.equal(`#rueckruf-${id}`);
    await expectValidHtml(annas.html, 'taken');

    const bernds = await press(bernd, seenByBoth, id, 'Übernehmen');
    expect(noticeOf(bernds)).to.equal('Dieser Rückruf ist bei Anna Winter, seit 16:40 Uhr.');
    expect(textOf(bernds, id)).to.contain('bei Anna Winter seit 16:40 Uhr');
    expect(buttonsOf(bernds, id)).to.deep.equal([]);

    const free = await press(anna, annas, id, 'Zurückgeben');
    expect(noticeOf(free)).to.equal('Der Rückruf ist wieder frei.');
    expect(textOf(free, id)).to.contain('noch frei');
  });

  it('may be taken over an hour later, or once they are overdue', async () => {
    const id = await insert({ taken_by: anna.user.id, taken_at: NOW });
    now += HOUR;
    const carla = await person('Carla Spät');
    expect(buttonsOf(await carla.get(PATH), id)).to.deep.equal([]);
    now += 1;
    const page = await carla.get(PATH);
    expect(buttonsOf(page, id)).to.deep.equal(['Trotzdem übernehmen']);
    expect(textOf(await press(carla, page, id, 'Trotzdem übernehmen'), id)).to.contain('bei Ihnen seit 17:40 Uhr');

    const late = await insert({ taken_by: anna.user.id, taken_at: now - MINUTE, due_at: now - MINUTE });
    expect(buttonsOf(await carla.get(PATH), late)).to.deep.equal(['Trotzdem übernehmen']);
  });

  it('are done with one press, stay to be opened again for a day, and then are gone from the page', async () => {
    const id = await insert({ taken_by: anna.user.id, taken_at: NOW });
    const page = await press(anna, await anna.get(PATH), id, 'Erledigt');
    await expectValidHtml(page.html, 'done');
    expect(noticeOf(page)).to.equal('Der Rückruf ist erledigt.');
    const text = visibleText(page.html, 'main').replaceAll('\u00A0', ' ');
    expect(text).to.contain('Niemand wartet').and.contain('Ein Rückruf in den letzten 24 Stunden erledigt');
    expect(text).to.contain('erledigt heute, 16:40 Uhr, von Anna Winter');

    const open = await anna.follow(await anna.submit(page, {}, '.kt-callback--done form'));
    expect(noticeOf(open)).to.equal('Der Rückruf ist wieder offen.');
    expect(buttonsOf(open, id)).to.deep.equal(['Erledigt', 'Zurückgeben']);
    await press(anna, open, id, 'Erledigt');
    const answer = await bernd.follow(await bernd.post(`${PATH}/${id}/uebernahme`, {}));
    expect(noticeOf(answer)).to.equal('Dieser Rückruf ist schon erledigt, von Anna Winter, 16:40 Uhr.');
    now += 24 * HOUR + 1;
    const tomorrow = await person('Doris Morgen');
    expect((await tomorrow.get(PATH)).$('.kt-callback')).to.have.length(0);
  });

  it('write into the history without number, name and matter', async () => {
    await anna.submit(await anna.get(`${PATH}?neu=1`), TYPED);
    const [row] = await rows();
    await press(anna, await anna.get(PATH), Number(row?.['id']), 'Übernehmen');
    const admin = await signedIn(app, 'admin', { municipalities: [office.municipalityId], now });
    visitors.push(admin);
    const { html } = await admin.get('/intern/verlauf');
    expect(visibleText(html, 'main'))
      .to.contain(`Rückruf ${String(row?.['id'])}`)
      .and.contain('übernommen');
    expect(html).not.to.match(/54321|Vogel|Wo hält/);
  });

  it('are not there for clerks, and unknown ones for nobody', async () => {
    const clerk = await person('Karl Schalter', 'clerk');
    expect((await clerk.get(PATH)).status).to.equal(403);
    expect((await anna.post(`${PATH}/999/uebernahme`, {})).status).to.equal(404);
    expect((await anna.post(`${PATH}/x/erledigung`, {})).status).to.equal(404);
  });

  it('speak English', async () => {
    const id = await insert({ due_at: NOW - 61 * MINUTE, taken_by: bernd.user.id, taken_at: NOW - 5 * MINUTE });
    await insert({ done_at: NOW, done_by: anna.user.id, reason: 'x', name: null });
    const page = await anna.get(`/en${PATH}?neu=1`);
    await expectValidHtml(page.html, 'English');
    expect(textOf(page, id)).to.equal(
      '03764 1111 Herr Lang Reisepass noted today, 14:40, by Anna Winter overdue for one hour ' +
        'promise: today by 15:39 with Bernd Amt since 16:35 Take over anyway',
    );
    const saved = await anna.follow(await anna.submit(page, TYPED));
    expect(saved.path).to.equal(`/en${PATH}`);
    expect(noticeOf(saved)).to.equal('Noted. Call back by Monday, 16:40.');
  });
});
