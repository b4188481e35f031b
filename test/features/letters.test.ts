import { expect } from 'chai';
import { queueLetter } from '../../server/data/letterQueue.ts';
import type { Appointment } from '../../server/domain/booking/appointment.ts';
import { formatReference } from '../../server/domain/booking/reference.ts';
import { addressLines, recipientOf } from '../../server/features/letters/addressField.ts';
import { parseSeen } from '../../server/features/letters/markPrinted.ts';
import { expectValidHtml, visibleText } from '../support/html.ts';
import { insertLetter, insertNeighbour, type FixtureAddress } from '../support/letterFixture.ts';
import type { FixtureBooking } from '../support/officeFixture.ts';
import { openOffice, type TourOffice } from '../support/tourOffice.ts';
import type { Answer, Visitor } from '../support/visitor.ts';

const LETTERS = '/intern/briefe';
const MARK = 'form#gedruckt';

describe('The letter queue', function () {
  this.timeout(30_000);
  let office: TourOffice;
  let agent: Visitor;
  let printPage: string;
  let minute: number;

  beforeEach(async () => {
    office = await openOffice();
    agent = await office.signIn('hotline', { municipalities: [office.municipalityId], name: 'H. Lange' });
    printPage = `${LETTERS}/druck?kommune=${office.municipalityId}`;
    minute = 9 * 60;
  });
  afterEach(() => office.close());

  const database = () => office.app.office.database;
  const now = (): number => Date.parse('2026-11-24T08:00:00Z');

  async function booked(
    booking: Partial<FixtureBooking> = {},
    address: FixtureAddress & { kind?: 'confirmed' | 'moved' | 'cancelled' } = {},
  ): Promise<Appointment> {
    const appointment = await office.book({ minute, ...booking });
    minute += appointment.ticks * 5;
    if (address.kind === 'cancelled') {
      await database()
        .writer('appointments')
        .where('id', appointment.id)
        .update({ state: 'cancelled', cancelled_at: 1 });
    }
    await insertLetter(database(), appointment.id, now(), address);
    return appointment;
  }

  /** Sends the form of the print page with everything it has ticked. */
  const mark = (page: Answer): Promise<Answer> => agent.post('/intern/briefe/gedruckt', { brief: valuesOf(page) });

  const valuesOf = ({ $ }: Answer): string[] =>
    $('input[name="brief"][checked]')
      .map((_, box) => $(box).attr('value') ?? '')
      .get();

  const letterOf = (page: Answer, index = 0): string => visibleText(page.$.html(page.$('.kt-letter').eq(index)));

  it('says that nothing waits', async () => {
    const page = await agent.get(LETTERS);
    await expectValidHtml(page.html, LETTERS);
    expect(visibleText(page.html, 'main')).to.contain('Es warten keine Briefe.');
    const print = await agent.get(printPage);
    expect(print.status).to.equal(200);
    await expectValidHtml(print.html, printPage);
    expect(visibleText(print.html, 'main')).to.contain('Es warten keine Briefe.');
    expect(print.$('form').filter(MARK).length, 'nothing to mark').to.equal(0);
  });

  it('lists what waits by municipality, with references and without names', async () => {
    const { reference } = await booked({ familyName: 'Rosenzweig' });
    await booked({}, { kind: 'moved' });
    const page = await agent.get(LETTERS);
    await expectValidHtml(page.html, LETTERS);
    expect(page.headers['cache-control']).to.equal('no-store');
    const text = visibleText(page.html, 'main').replaceAll('\u00A0', ' ');
    expect(text).to.contain('Meerane 2 Briefe warten, der älteste seit 24. November, 9:00 Uhr.');
    expect(text).to.contain(`${formatReference(reference)} Bestätigung, Termin am 8. Dezember`);
    expect(text).to.contain('Änderung, Termin am 8. Dezember');
    expect(page.html).not.to.contain('Rosenzweig');
    expect(page.$(`main a[href="${printPage}"]`).length).to.equal(1);
  });

  it('warns of letters that may come too late', async () => {
    await booked();
    expect(visibleText((await agent.get(LETTERS)).html)).not.to.contain('zu spät');
    office.wait(12 * 86_400_000); // two days before
    const later = await office.signIn('hotline', { now: now() + 12 * 86_400_000 });
    expect(visibleText((await later.get(LETTERS)).html)).to.contain(
      'Bis zum Termin sind es noch 2 Tage: Der Brief kommt vielleicht zu spät.',
    );
  });

  it('prints a confirmation with all that a person needs', async () => {
    const { reference } = await booked(
      { firstName: 'Karin', familyName: 'Rosenzweig', services: [{ slug: 'personalausweis', persons: 2 }] },
      { extra: 'bei Schulze' },
    );
    const page = await agent.get(printPage);
    await expectValidHtml(page.html, printPage);
    expect(page.headers['cache-control']).to.equal('no-store');
    const text = letterOf(page).replaceAll('\u00A0', ' ');
    for (const words of [
      'Stadt Meerane, Bürgerbüro · Lörracher Platz 1 · 08393 Meerane',
      'Karin Rosenzweig bei Schulze Lindenstraße 4 08393 Schönberg',
      `Vorgangsnummer ${formatReference(reference)}`,
      'Datum 24. November 2026',
      'Ihr Termin am 8. Dezember um 9:00 Uhr in Schönberg',
      'Guten Tag Karin Rosenzweig,',
      'Ihr Termin beim Bürgerkoffer ist gebucht. Wir freuen uns auf Sie.',
      'Wann Dienstag, 8. Dezember 2026, 9:00 Uhr',
      'Wo Schönberg, Gemeindeamt Am Anger 2, 08393 Schönberg',
      'Zugang stufenfrei, Parkplatz am Haus',
      'Anliegen Personalausweis beantragen (2 Personen)',
      'Dauer etwa 40 Minuten',
      'Kosten 92,00 €, bitte mit der Bankkarte zahlen',
      'Bitte bringen Sie mit: Ihr bisheriger Personalausweis oder Reisepass',
      'Ihre Bankkarte, Bargeld nehmen wir nicht an',
      'rufen Sie bitte die 115 an',
      `Vorgangsnummer ${formatReference(reference)}.`,
      '/termin',
      'Mit freundlichen Grüßen Stadt Meerane, Bürgerbüro',
    ]) {
      expect(text).to.contain(words);
    }
    expect(page.$('title').text(), 'no personal data').to.match(/^Briefe für Meerane/);
    expect(page.$('.kt-letter').attr('lang')).to.equal('de');
  });

  it('tells in a letter about a change that only the new time holds', async () => {
    await booked({}, { kind: 'moved' });
    const text = letterOf(await agent.get(printPage));
    expect(text).to.contain('Ihr neuer Termin am');
    expect(text).to.contain('Was wir Ihnen vorher mitgeteilt haben, gilt nicht mehr.');
  });

  it('never confirms what is cancelled, whatever was queued', async () => {
    const { id } = await booked();
    await database().writer('appointments').where({ id }).update({ state: 'cancelled', cancelled_at: 1 });
    const page = await agent.get(printPage);
    const text = letterOf(page);
    expect(text).to.contain('Abgesagt: Ihr Termin am');
    expect(text).to.contain('Bitte kommen Sie an diesem Tag nicht.');
    expect(text).not.to.match(/ist gebucht|Bitte bringen|Kosten|verschieben/);
    expect(visibleText((await agent.get(LETTERS)).html)).to.contain('Absage, Termin am');

    await database().writer('call_list').insert({
      appointment_id: id,
      kind: 'cancelled',
      old_date: office.date,
      old_minute: 540,
      old_venue_id: office.firstVenueId,
      created_at: 1,
    });
    expect(letterOf(await agent.get(printPage))).to.contain('Das tut uns leid.');
  });

  it('writes in the language of the person, on the page of the agent', async () => {
    await booked({ locale: 'en', familyName: 'Smith' });
    await booked({ locale: 'de' });
    for (const [prefix, title] of [
      ['', 'Briefe für Meerane'],
      ['/en', 'Letters for Meerane'],
    ] as const) {
      const page = await agent.get(prefix + printPage);
      await expectValidHtml(page.html, prefix + printPage);
      expect(page.$('h1').text()).to.equal(title);
      expect(
        page
          .$('.kt-letter')
          .map((_, one) => page.$(one).attr('lang'))
          .get(),
      ).to.deep.equal(['en', 'de']);
      expect(letterOf(page, 0)).to.contain('Dear Karin Smith,');
      expect(letterOf(page, 0)).to.contain('Apply for an identity card');
      expect(letterOf(page, 0)).to.contain('/en/termin');
      expect(letterOf(page, 1)).to.contain('Guten Tag Karin Vogel,');
    }
  });

  it('says what the municipality worded itself, in the same words as its mails', async () => {
    await booked();
    await booked({}, { kind: 'moved' });
    const own = { municipality_id: office.municipalityId, locale: 'de', subject: null, intro: null, note: null };
    await database()
      .writer('message_texts')
      .insert([
        { ...own, kind: 'booked', subject: 'Meerane: {datum}', intro: 'Bis bald in {ort}.', note: 'Ihr {amt}.\nGruß' },
        { ...own, kind: 'moved', intro: 'Statt {datum-alt} jetzt {datum}.' }, // what was before is not known here
      ]);
    const page = await agent.get(printPage);
    await expectValidHtml(page.html, printPage);
    const text = letterOf(page).replaceAll('\u00A0', ' ');
    expect(text).to.match(
      /Meerane: Dienstag, 8\. Dezember 2026.*Bis bald in Schönberg\..*115.*Ihr Stadt Meerane, Bürgerbüro\. Gruß.*Mit freundlichen/,
    );
    expect(text).not.to.contain('ist gebucht');
    expect(letterOf(page, 1)).to.contain('ist verschoben').and.not.to.contain('Statt');

    await database().writer('message_texts').where('kind', 'booked').update({ note: 'Anders.' });
    const list = await agent.follow(await mark(page));
    expect(visibleText(list.html, '.kt-notice'), 'other words are another letter').to.contain('Inzwischen geändert');
  });

  it('marks what was printed, and says what has changed meanwhile', async () => {
    const changed = await booked();
    const gone = await booked();
    await booked();
    const page = await agent.get(printPage);
    expect(page.$('input[name="brief"]').length).to.equal(3);
    await database().unit(async (trx) => {
      await queueLetter(trx, changed.id, 'moved', now() + 1, 'office');
      await trx('appointments').where('id', gone.id).update({ state: 'cancelled', cancelled_at: 1 });
      await trx('letters').where('appointment_id', gone.id).delete();
    });
    const list = await agent.follow(await mark(page));
    expect(list.path).to.equal(LETTERS);
    const notice = visibleText(list.html, '.kt-notice');
    expect(notice).to.equal(
      `Ein Brief ist als gedruckt vermerkt. Inzwischen geändert hat sich ${formatReference(changed.reference)}. ` +
        `Bitte drucken Sie diesen Brief neu und vernichten Sie den alten. ` +
        `Nicht mehr gebraucht wird ${formatReference(gone.reference)}. Bitte vernichten Sie diesen Brief.`,
    );
    expect(visibleText(list.html, 'main')).to.contain('Ein Brief wartet');
    expect(visibleText(list.html, 'main')).to.contain('gedruckt von H. Lange');
    expect(visibleText((await agent.get(LETTERS)).html), 'once').not.to.contain('Inzwischen geändert');

    expect(visibleText((await agent.follow(await mark(page))).html, '.kt-notice'), 'sent twice').to.contain(
      'Ein Brief war schon vermerkt.',
    );
  });

  it('marks only what is ticked', async () => {
    await booked();
    await booked();
    const page = await agent.get(printPage);
    const [first = ''] = valuesOf(page);
    await agent.post('/intern/briefe/gedruckt', { brief: first });
    expect((await agent.get(printPage)).$('.kt-letter').length).to.equal(1);
    const nothing = await agent.follow(await agent.post('/intern/briefe/gedruckt', {}));
    expect(visibleText(nothing.html, '.kt-notice')).to.contain('Es war kein Brief ausgewählt.');
    const nonsense = await agent.post('/intern/briefe/gedruckt', { brief: ['x', '1.2.y', "1';--"] });
    expect(nonsense.status).to.equal(303);
    expect((await agent.get(printPage)).$('.kt-letter').length).to.equal(1);
  });

  it('prints a letter once more', async () => {
    const { reference } = await booked();
    const list = await agent.follow(await mark(await agent.get(printPage)));
    await expectValidHtml(list.html, LETTERS);
    const again = await agent.follow(await agent.submit(list, {}, 'main .kt-rows form'));
    expect(visibleText(again.html, '.kt-notice')).to.equal('Der Brief wartet wieder auf den Druck.');
    expect(visibleText(again.html, '.kt-panel')).to.contain(formatReference(reference));
    expect(again.$('main .kt-rows form').length, 'one waits already').to.equal(0);
  });

  it('is closed to those of other municipalities, as if there were nothing', async () => {
    await booked();
    const { municipalityId } = await insertNeighbour(database());
    const seen = valuesOf(await agent.get(printPage));
    await mark(await agent.get(printPage));
    const letter = parseSeen(seen[0] ?? '')?.id ?? 0;
    const neighbour = await office.signIn('hotline', { municipalities: [municipalityId] });
    expect((await neighbour.get(printPage)).status).to.equal(404);
    expect((await neighbour.post('/intern/briefe/gedruckt', { nochmal: String(letter) })).status).to.equal(404);
    expect(visibleText((await neighbour.get(LETTERS)).html)).to.contain('Es warten keine Briefe.');
    expect(visibleText((await neighbour.get(LETTERS)).html)).not.to.contain('H. Lange');
    for (const kommune of ['', '0', '-1', 'x', '99999', '1&kommune=2']) {
      expect((await agent.get(`${LETTERS}/druck?kommune=${kommune}`)).status, kommune).to.equal(404);
    }
    const clerk = await office.signIn('clerk', { municipalities: [office.municipalityId] });
    expect((await clerk.get(LETTERS)).status).to.equal(403);
    expect((await office.citizen().get(LETTERS)).status).to.equal(303);
  });

  it('says when the sender would be missing in the window', async () => {
    await booked();
    expect((await agent.get(printPage)).$('main .kt-notice--warning').length).to.equal(0);
    await database().writer('municipalities').update({ postal_address: '' });
    office.wait(2_000); // the picture of the office is a second old at most
    expect(visibleText((await agent.get(printPage)).html, '.kt-notice--warning')).to.contain(
      'Für Meerane ist keine Postanschrift eingetragen.',
    );
  });

  it('prints what a service no longer offered asked for and cost', async () => {
    await booked();
    await database().writer('services').update({ retired_at: 1 });
    office.wait(2_000);
    const text = letterOf(await agent.get(printPage)).replaceAll('\u00A0', ' ');
    expect(text).to.contain('Personalausweis beantragen');
    expect(text).to.contain('46,00 €');
    expect(text).to.contain('Ihr bisheriger Personalausweis');
  });

  it('copes with more than two hundred letters: a stack at a time, and a list that stays short', async () => {
    const first = await booked();
    const rows = Array.from({ length: 202 }, (_, n) => ({ n }));
    const row = (await database().reader<{ id: number }>('appointments').where('id', first.id).first()) as object;
    for (const { n } of rows) {
      const [copy] = await database()
        .writer<{ id: number }>('appointments')
        .insert({ ...row, id: undefined, reference: `R${String(n).padStart(8, '0')}`, secret: `s${n}` } as object, [
          'id',
        ]);
      await insertLetter(database(), copy?.id ?? 0, now() + n);
    }
    const list = await agent.get(LETTERS);
    expect(visibleText(list.html, 'main')).to.contain('203 Briefe warten');
    expect(list.$('.kt-more .kt-rows__item').length).to.equal(200);
    expect(visibleText(list.html, 'main')).to.contain('… und 3 weitere Briefe.');
    expect(list.$('details[open]').length).to.equal(0);
    const page = await agent.get(printPage);
    expect(page.$('.kt-letter').length).to.equal(200);
    expect(visibleText(page.html, '.kt-lead')).to.contain('die 200 ältesten Briefe');
    const marked = await agent.follow(await mark(page));
    expect(visibleText(marked.html, '.kt-notice')).to.equal('200 Briefe sind als gedruckt vermerkt.');
    expect((await agent.get(printPage)).$('.kt-letter').length).to.equal(3);
  });
});

describe('The address of a letter', () => {
  const address = { extra: null, street: 'Dorfstraße 18', postcode: '08393', city: 'Schönberg' };

  it('is set smaller when six lines are not enough', () => {
    expect(recipientOf('Karin Vogel', address)).to.deep.equal({
      lines: ['Karin Vogel', 'Dorfstraße 18', '08393\u00A0Schönberg'],
      small: false,
    });
    const six = { ...address, extra: 'c/o Familie Schmidt-Rottluff, Haus am Markt' }; // two lines
    expect(recipientOf('Annegret Freifrau von Wolfersdorff-Hohenleuben', six).small, 'six').to.equal(false);
    const seven = { ...six, street: 'Straße des Nationalen Aufbauwerkes 112' };
    expect(recipientOf('Annegret Freifrau von Wolfersdorff-Hohenleuben', seven).small, 'seven').to.equal(true);
    expect(recipientOf('W'.repeat(161), address).small, 'one word').to.equal(true);
  });

  it('names the office once', () => {
    const office = { officeName: 'Stadt Meerane, Bürgerbüro', postalAddress: 'Lörracher Platz 1\n08393 Meerane' };
    const lines = (change: object) => addressLines({ ...office, ...change } as never);
    expect(lines({})).to.deep.equal(['Stadt Meerane, Bürgerbüro', 'Lörracher Platz 1', '08393 Meerane']);
    expect(lines({ postalAddress: 'Lörracher Platz 1, 08393 Meerane' })).to.have.length(3);
    expect(lines({ postalAddress: 'Stadt Meerane, Bürgerbüro\nMarkt 1\n08393 Meerane' })).to.deep.equal([
      'Stadt Meerane, Bürgerbüro',
      'Markt 1',
      '08393 Meerane',
    ]);
    expect(lines({ postalAddress: '' })).to.deep.equal(['Stadt Meerane, Bürgerbüro']);
  });
});
