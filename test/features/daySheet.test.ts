import { expect } from 'chai';
import { pathsFor } from '../../server/paths.ts';
import { expectValidHtml, visibleText } from '../support/html.ts';
import { openOffice, TUESDAY, type TourOffice } from '../support/tourOffice.ts';
import type { Visitor } from '../support/visitor.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** The office opens its book on 24 November; the tour is on 8 December. */
const UNTIL_THE_DAY_BEFORE = 13 * DAY;

const p = pathsFor('de');

describe('The day on paper', () => {
  let office: TourOffice;
  let clerk: Visitor & { user: { id: number } };
  let reference: string;

  beforeEach(async () => {
    office = await openOffice();
    const { writer } = office.app.office.database;
    clerk = (await office.signIn('clerk', { municipalities: [office.municipalityId] })) as typeof clerk;
    await writer('clerks').where('id', office.clerkId).update({ user_id: clerk.user.id });
    const booked = await office.book({
      familyName: 'Vogel',
      contactKind: 'phone',
      contact: '03764 1234',
      services: [
        { slug: 'personalausweis', persons: 1 },
        { slug: 'fuehrungszeugnis', persons: 2 },
      ],
    });
    reference = booked.reference;
    await office.book({ minute: 10 * 60, firstName: 'Heinz', familyName: 'Kühn', contactKind: 'email' });
    office.wait(UNTIL_THE_DAY_BEFORE);
    // the session of two weeks ago has ended
    clerk.close();
    clerk = (await office.signIn('clerk', { municipalities: [office.municipalityId] })) as typeof clerk;
    await writer('clerks').where('id', office.clerkId).update({ user_id: clerk.user.id });
  });
  afterEach(() => office.close());

  it('has the times, the ways, the appointments and what to pack', async () => {
    const page = await clerk.get(p.daySheet(TUESDAY));
    expect(page.status).to.equal(200);
    await expectValidHtml(page.html, 'day sheet');
    const { $ } = page;
    const text = visibleText(page.html);
    expect(visibleText(page.html, 'h1')).to.equal('Dienstag, 8. Dezember');
    expect(text).to.contain('Abfahrt: Rathaus Meerane');
    expect(text).to.match(/Fahrt: Schönberg, \d+ Min\., [\d,]+ km \(geschätzt\)/);
    expect(text).to.contain('8:40 Aufbau, 20 Min.');
    expect(text).to.contain('12:00 Abbau, 15 Min.');
    expect(text).to.contain('Zurück: Rathaus Meerane');
    const rows = $('.kt-sheet__table tbody tr')
      .map((_, row) => $(row).text().replace(/\s+/g, ' ').trim())
      .get();
    expect(rows).to.deep.equal([
      '9:00 Karin Vogel 03764 1234 Personalausweis beantragen, 2 × Führungszeugnis beantragen',
      '10:00 Heinz Kühn Personalausweis beantragen',
    ]);
    expect($('.kt-sheet__table tbody tr').first().find('.kt-sheet__box')).to.have.length(3);
    expect($('.kt-sheet__list li').text()).to.match(/fingerprint, für 2 Termine/);
    expect(text, 'an e-mail address helps nobody on the way').not.to.contain('beispiel.example');
    expect(page.headers['cache-control']).to.equal('no-store');
    expect($(`a[href="${p.myDayOn(TUESDAY)}"]`)).to.have.length(1);
    expect($(`a[href="${p.stopNotice(office.firstStopId)}"]`)).to.have.length(1);
  });

  it('says what the hotline noted beside the services', async () => {
    const { reader, writer } = office.app.office.database;
    const { id = 0 } = (await reader('appointments').where('reference', reference).first<{ id: number }>('id')) ?? {};
    await writer('appointment_notes').insert([
      { appointment_id: id, text: 'kommt mit Rollator', at: 1, user_id: null },
      { appointment_id: id, text: 'hört schwer', at: 2, user_id: null },
    ]);
    const sheet = await clerk.get(p.daySheet(TUESDAY));
    await expectValidHtml(sheet.html, 'day sheet with notes');
    const [first = '', second = ''] = sheet
      .$('.kt-sheet__what')
      .map((_, cell) => sheet.$(cell).html() ?? '')
      .get();
    expect(first).to.contain('<div>Notiz: kommt mit Rollator</div><div>Notiz: hört schwer</div>');
    expect(second).not.to.contain('Notiz');
    expect((await clerk.get(p.stopNotice(office.firstStopId))).html, 'anybody reads it').not.to.contain('Rollator');
    office.wait(3 * DAY);
    const later = (await office.signIn('clerk', { municipalities: [office.municipalityId] })) as typeof clerk;
    await writer('clerks').where('id', office.clerkId).update({ user_id: later.user.id });
    expect((await later.get(p.daySheet(TUESDAY))).html, 'two days after')
      .to.contain('Personalausweis')
      .and.not.to.contain('Rollator');
  });

  it('names nobody on other days than the day before, the day and the day after', async () => {
    const { writer } = office.app.office.database;
    office.wait(4 * DAY);
    const late = (await office.signIn('clerk', { municipalities: [office.municipalityId] })) as typeof clerk;
    await writer('clerks').where('id', office.clerkId).update({ user_id: late.user.id });
    const sheet = await late.get(p.daySheet(TUESDAY));
    expect(sheet.status).to.equal(200);
    expect(sheet.html).not.to.match(/Vogel|Kühn|03764 1234/);
    expect(sheet.html).to.contain('Personalausweis beantragen');
    expect(visibleText(sheet.html)).to.contain('Namen und Telefonnummern erscheinen am Tag vor der Tour');
    const notice = await late.get(p.stopNotice(office.firstStopId));
    expect(notice.status).to.equal(200);
    expect(notice.html).not.to.contain(reference.slice(-3));
  });

  it('hangs at the venue without names, services and whole references', async () => {
    const page = await clerk.get(p.stopNotice(office.firstStopId));
    expect(page.status).to.equal(200);
    await expectValidHtml(page.html, 'notice');
    const { $ } = page;
    expect($('h1').text()).to.equal('Schönberg');
    expect(visibleText(page.html)).to.contain('Dienstag, 8. Dezember, 9 bis 12 Uhr');
    expect($('.kt-hang__table tbody tr').first().text().replace(/\s+/g, ' ').trim()).to.equal(
      `9:00 … ${reference.slice(-3)}`,
    );
    const all = $('main').html() ?? '';
    expect(all).not.to.match(/Vogel|Karin|Kühn|Heinz|03764 1234|Personalausweis|Führungszeugnis|beispiel\.example/);
    expect(all, 'the first groups of a reference').not.to.contain(reference.slice(0, 3));
    expect($('.kt-hang__table tbody tr')).to.have.length(2);
  });

  it('leaves out of the list who came without an appointment', async () => {
    const { writer } = office.app.office.database;
    await writer('appointments').where('family_name', 'Kühn').update({ channel: 'walk-in' });
    const page = await clerk.get(p.stopNotice(office.firstStopId));
    expect(page.$('.kt-hang__table tbody tr')).to.have.length(1);
  });

  it('speaks English', async () => {
    const en = pathsFor('en');
    const sheet = visibleText((await clerk.get(en.daySheet(TUESDAY))).html);
    expect(sheet).to.contain('Tuesday, 8 December');
    expect(sheet).to.contain('Set up, 20 min');
    expect(sheet).to.contain('2 × Apply for a certificate of conduct');
    const notice = visibleText((await clerk.get(en.stopNotice(office.firstStopId))).html);
    expect(notice).to.contain('Your sign is the last three symbols of your reference.');
  });

  it('is there for nobody but the own crew, and for no day without a tour', async () => {
    const other = await office.signIn('clerk', { municipalities: [office.municipalityId] });
    for (const path of [p.daySheet(TUESDAY), p.stopNotice(office.firstStopId)]) {
      expect((await other.get(path)).status, path).to.equal(404);
    }
    for (const path of [
      p.daySheet('2026-12-09'),
      p.daySheet('morgen'),
      p.daySheet('2026-02-30'),
      p.stopNotice('0'),
      p.stopNotice('999999'),
      p.stopNotice('1a'),
    ]) {
      expect((await clerk.get(path)).status, path).to.equal(404);
    }
    const planner = await office.signIn('planner', { municipalities: [office.municipalityId] });
    expect((await planner.get(p.daySheet(TUESDAY))).status).to.equal(403);
  });
});
