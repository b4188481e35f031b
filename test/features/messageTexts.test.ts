import { expect } from 'chai';
import { createMessageTextRepository } from '../../server/data/messageTextRepository.ts';
import { TEXT_KINDS } from '../../server/domain/messages/message.ts';
import { placeholdersOf } from '../../server/domain/messages/placeholders.ts';
import { startApp, type RunningApp } from '../support/app.ts';
import { expectValidHtml } from '../support/html.ts';
import { seedSmallOffice } from '../support/officeFixture.ts';
import { signedIn } from '../support/staff.ts';
import { errorsOf, type Answer, type Visitor } from '../support/visitor.ts';

const NOW = Date.parse('2026-11-23T08:00:00Z');

describe('The words of a municipality on their pages', function () {
  this.timeout(60_000);
  let app: RunningApp;
  let admin: Visitor;
  let id: number;

  before(async () => {
    app = await startApp({ now: () => NOW });
    id = (await seedSmallOffice(app.office.database, { date: '2026-12-08' })).municipalityId;
    admin = await signedIn(app, 'admin', { municipalities: [id], now: NOW });
  });
  after(async () => {
    admin.close();
    await app.stop();
  });
  beforeEach(() => app.office.database.writer('message_texts').delete());

  const at = (kind: string, language = 'de'): string => `/intern/kommunen/${id}/texte/${kind}?sprache=${language}`;
  const form = (kind = 'booked', language = 'de'): Promise<Answer> => admin.get(at(kind, language));
  const stored = (kind: 'booked' | 'moved' = 'booked') =>
    createMessageTextRepository(app.office.database).pieces(id, kind, 'de');
  const preview = ({ $ }: Answer): string => $('#vorschau').text();

  it('are listed: eight texts in two languages', async () => {
    for (const prefix of ['', '/en']) {
      const list = await admin.get(`${prefix}/intern/kommunen/${id}/texte`);
      await expectValidHtml(list.html, list.path);
      expect(list.$('.kt-texts a').length).to.equal(16);
    }
    await admin.submit(await form(), { betreff: 'Eigener Betreff' });
    const list = await admin.get(`/intern/kommunen/${id}/texte`);
    expect(list.$('.kt-texts strong').text()).to.equal('eigener Text');
  });

  for (const kind of TEXT_KINDS) {
    it(`begin with those of the program, beside a preview: ${kind}`, async () => {
      for (const language of ['de', 'en']) {
        const page = await form(kind, language);
        expect(page.status).to.equal(200);
        await expectValidHtml(page.html, page.path);
        expect(page.$('#betreff').attr('value')).not.to.equal('');
        expect(page.$('#einleitung').text()).not.to.equal('');
        expect(page.$('#hinweis').text().trim()).to.equal('');
        expect(preview(page))
          .to.contain('Karin Vogel')
          .and.not.to.match(/\{[a-z-]+\}/);
        expect(page.$('.kt-placeholders dt').length).to.equal(placeholdersOf(kind).length);
        expect((await admin.submit(page)).status, 'saved as it is').to.equal(303);
      }
      expect(await app.office.database.reader('message_texts')).to.have.length(0);
    });
  }

  it('are kept, shown and put back', async () => {
    const saved = await admin.submit(await form(), {
      betreff: 'Am {datum} in {ort}',
      hinweis: 'Bauarbeiten!\nBitte früh kommen.',
    });
    expect(saved.status).to.equal(303);
    expect(await stored()).to.deep.equal({
      subject: 'Am {datum} in {ort}',
      intro: null,
      note: 'Bauarbeiten!\nBitte früh kommen.',
    });
    const page = await admin.follow(saved);
    expect(page.$('main').text()).to.contain('selbst formuliert');
    expect(preview(page))
      .to.contain('Bauarbeiten!')
      .and.to.match(/Am .*Dezember/);
    const reset = await admin.submit(page, { aktion: 'zuruecksetzen' });
    expect(reset.status).to.equal(303);
    expect((await admin.follow(reset)).$('main').text()).to.contain('mitgelieferte Text');
    expect(await stored()).to.deep.equal({ subject: null, intro: null, note: null });
    const entries = JSON.stringify(await app.office.database.reader('audit_entries').orderBy('id'));
    expect(entries).to.contain('Buchungsbestätigung, Deutsch: Betreff').and.to.contain('Am {datum} in {ort}');
  });

  it('are shown in a preview without being kept', async () => {
    const shown = await admin.submit(await form(), { hinweis: 'Nur zum Ansehen', aktion: 'vorschau' });
    expect(shown.status).to.equal(200);
    expect(preview(shown)).to.contain('Nur zum Ansehen').and.to.contain('noch nicht gespeichert');
    expect(shown.$('#hinweis').text().trim()).to.equal('Nur zum Ansehen');
    expect(await app.office.database.reader('message_texts')).to.have.length(0);
    expect((await admin.submit(shown)).status).to.equal(303);
    expect((await stored()).note).to.equal('Nur zum Ansehen');
  });

  it('never become part of the page itself', async () => {
    const shown = await admin.submit(await form(), { hinweis: '<b id="fremd">fett</b>', aktion: 'vorschau' });
    expect(shown.$('#fremd').length).to.equal(0);
    expect(preview(shown)).to.contain('<b id="fremd">fett</b>');
  });

  it('are checked: placeholders that do not exist, do not belong there or are not closed', async () => {
    const said = async (fields: Record<string, string>): Promise<string> => {
      const refused = await admin.submit(await form(), fields);
      expect(refused.status).to.equal(422);
      await expectValidHtml(refused.html, refused.path);
      for (const [field, text] of Object.entries(fields)) {
        const control = refused.$(`#${field}`);
        expect((control.attr('value') ?? control.text()).trim(), field).to.equal(text);
      }
      expect(preview(refused)).to.contain('sobald der Text keine Fehler');
      return errorsOf(refused).join(' | ');
    };
    expect(await said({ einleitung: 'Am {datun} ist es so weit.' })).to.contain('Meinen Sie {datum}?');
    expect(await said({ einleitung: 'Am {xyzzy}' })).to.contain('{xyzzy} gibt es nicht');
    expect(await said({ betreff: 'Für {nachname}' })).to.contain('darf nicht im Betreff');
    expect(await said({ hinweis: 'Bis {frist}' })).to.contain('gibt es in dieser Nachricht nicht');
    expect(await said({ hinweis: 'Am {datum' })).to.contain('Klammer steht allein');
    expect(await said({ betreff: 'x'.repeat(121) })).to.contain('höchstens 120 Zeichen');
    expect(await app.office.database.reader('message_texts')).to.have.length(0);
  });

  it('tell who opened the form earlier that somebody else has changed them', async () => {
    const early = await form();
    await admin.submit(await form(), { betreff: 'Zuerst' });
    const stale = await admin.submit(early, { betreff: 'Danach' });
    expect(stale.status).to.equal(422);
    await expectValidHtml(stale.html, stale.path);
    expect(stale.$('.kt-stored').text()).to.contain('Zuerst');
    expect(stale.$('#betreff').attr('value')).to.equal('Danach');
    expect((await admin.submit(stale)).status).to.equal(303);
    expect((await stored()).subject).to.equal('Danach');
    expect((await admin.submit(stale)).status, 'sent twice').to.equal(303);
  });

  it('exist for the kinds that there are, in municipalities of one’s own', async () => {
    for (const path of [at('constructor'), at('gibtesnicht'), at('booked').replace(`/${id}/`, '/999/')]) {
      expect((await admin.get(path)).status, path).to.equal(404);
      expect((await admin.post(path, { betreff: 'x' })).status, path).to.equal(404);
    }
    const planner = await signedIn(app, 'planner', { municipalities: [id], now: NOW });
    expect((await planner.get(at('booked'))).status).to.equal(403);
    planner.close();
  });
});
