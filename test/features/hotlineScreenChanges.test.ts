import { expect } from 'chai';
import { startApp, type RunningApp } from '../support/app.ts';
import { expectValidHtml, visibleText } from '../support/html.ts';
import { OFFICE_ZONE, seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';
import { signedIn } from '../support/staff.ts';
import { encode, errorsOf, formOf, type Answer, type Visitor } from '../support/visitor.ts';

const DATE = '2026-12-08';
const NOW = OFFICE_ZONE.instantAt('2026-12-01', 8 * 60);

/** What happens when the agent changes their mind on the way, or types something wrong beside the main way. */
describe('The screen of the hotline, when something is changed on the way,', function () {
  this.timeout(20_000);

  let now: number;
  let app: RunningApp;
  let office: SmallOffice;
  let agent: Visitor;

  beforeEach(async () => {
    now = NOW;
    app = await startApp({ now: () => now });
    office = await seedSmallOffice(app.office.database, { date: DATE });
    agent = await signedIn(app, 'hotline', { now: NOW });
  });
  afterEach(async () => {
    agent.close();
    await app.stop();
  });

  async function search(text: string, more: Record<string, string> = {}): Promise<Answer> {
    return agent.follow(await agent.submit(await agent.get('/intern/115'), { suche: text, ...more }, '#suchform'));
  }

  /** The results alone, as htmx asks for them while somebody types. */
  async function typeInto(page: Answer, text: string): Promise<Answer> {
    const body = encode({ suche: text });
    return agent.ask(formOf(page, '#suchform').action, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        'Content-Length': String(Buffer.byteLength(body)),
        'HX-Request': 'true',
        'HX-Request-Type': 'partial',
        'HX-Target': 'div#ergebnis',
      },
      body,
    });
  }

  /** Presses the button of a time; with the results that htmx has put into the page meanwhile. */
  async function choose(page: Answer, which = 0, results = page): Promise<Answer> {
    const button = results.$('button[name="zeit"]').eq(which);
    const selector = `#${button.attr('form') ?? 'zeiten-form'}`;
    const { action, fields } = formOf(button.attr('form') === undefined ? results : page, selector);
    const besides = results.$(`input[form="${selector.slice(1)}"]`).serializeArray();
    return agent.follow(
      await agent.post(button.attr('formaction') ?? action, {
        ...fields,
        ...Object.fromEntries(besides.map(({ name, value }) => [name, value])),
        zeit: button.attr('value') ?? '',
      }),
    );
  }

  const timesOf = ({ $ }: Answer): string[] =>
    $('button[name="zeit"]')
      .map((_, button) => $(button).attr('value') ?? '')
      .get();

  const servicesHeld = async (): Promise<number[]> =>
    (await app.office.database.reader<{ service_id: number }>('appointment_services').select('service_id')).map(
      ({ service_id }) => service_id,
    );

  it('holds another time for the service it was offered for, not for the one that was searched first', async () => {
    const held = await choose(await search('schönberg perso'));
    expect(await servicesHeld()).to.deep.equal([office.services.idCard]);
    const results = await typeInto(held, 'schönberg führungszeugnis');
    expect(timesOf(results)).to.have.length(3);
    const other = await choose(held, 1, results);
    expect(await servicesHeld()).to.deep.equal([office.services.certificate]);
    expect(other.$('#suche').attr('value')).to.equal('schönberg führungszeugnis');
    expect(visibleText(other.$('.kt-say--strong').html() ?? '')).to.contain('Führungszeugnis');
  });

  it('leads to the times that were asked for in addition, and keeps showing them when one is held', async () => {
    const page = await search('schönberg perso', { weitere: '1' });
    expect(timesOf(page)).to.have.length(9);
    expect(page.$('[autofocus]')).to.have.length(1);
    expect(page.$('[autofocus]').attr('data-kt-key')).to.equal('4');
    const held = await choose(page, 4);
    expect(timesOf(held)).to.have.length(9);
    expect(held.$('[aria-pressed="true"]').attr('data-kt-key')).to.equal('5');
    expect(held.$('[autofocus]').attr('id'), 'now the caller is asked').to.equal('vorname');
    const another = await choose(held, 7);
    expect(another.$('[aria-pressed="true"]').attr('data-kt-key')).to.equal('8');
  });

  it('keeps what was searched for when nobody of this name comes on this day', async () => {
    const results = await search('gläser 8.12.');
    const page = await agent.submit(results, {}, 'form:has([name="gesucht"][type="hidden"])');
    expect(page.status).to.equal(422);
    await expectValidHtml(page.html, page.path);
    expect(page.$('.kt-notice').text()).to.contain('Dazu gibt es keinen Termin.');
    expect(page.$('#suche').attr('value')).to.equal('gläser 8.12.');
    expect(page.$('.kt-hotline__lookup').attr('open')).to.not.equal(undefined);
    expect(page.$('#gesucht').attr('value')).to.equal('gläser');
    expect(page.$('#tag').attr('value')).to.equal(DATE);
  });

  it('asks about an appointment the caller has already before anything else', async () => {
    const caller = { vorname: 'Werner', familienname: 'Gläser', weg: 'telefon', telefon: '0171 3920012' };
    await agent.submit(await choose(await search('schönberg perso')), caller, '#anruf');
    const page = await agent.submit(await choose(await search('schönberg perso')), caller, '#anruf');
    expect(page.status).to.equal(422);
    expect(page.$('[data-kt-autofocus]').attr('id')).to.equal('aehnlich');
    expect(page.$('[autofocus]')).to.have.length(0);
  });

  it('says beside the field why a note is not saved, and keeps its text', async () => {
    const booked = await agent.follow(
      await agent.submit(
        await choose(await search('schönberg perso')),
        { familienname: 'Vogel', weg: 'ohne' },
        '#anruf',
      ),
    );
    const form = 'form:has(#notiz)';
    const empty = await agent.submit(booked, { notiz: ' ' }, form);
    expect(empty.status).to.equal(422);
    expect(empty.$('title').text()).to.match(/^Fehler: /);
    expect(errorsOf(empty)).to.include('Schreiben Sie die Notiz, bevor Sie sie speichern.');

    const text = `Kommt mit Begleitung. ${'x'.repeat(300)}`;
    const long = await agent.submit(booked, { notiz: text }, form);
    expect(long.status).to.equal(422);
    await expectValidHtml(long.html, long.path);
    expect(long.$('#notiz-fehler').text()).to.contain('höchstens 300 Zeichen');
    expect(long.$('#notiz').text().trim()).to.equal(text);
    expect(long.$('details:has(#notiz)').attr('open')).to.not.equal(undefined);
    expect(await app.office.database.reader('appointment_notes')).to.have.length(0);
  });

  it('leads to a new call-back from wherever the call has come to', async () => {
    const fresh = await agent.get('/intern/115');
    const place = await search('schönberg');
    const held = await choose(await search('schönberg perso'));
    const booked = await agent.follow(await agent.submit(held, { familienname: 'Vogel', weg: 'ohne' }, '#anruf'));
    for (const page of [fresh, place, held, booked]) {
      const link = page.$('#stand [data-kt-key="r"]');
      expect(link.attr('href'), page.path).to.contain('/intern/rueckrufe?neu=1');
      expect(link.attr('target'), 'the call stays open beside it').to.equal('_blank');
    }
  });

  const CALLER = { vorname: 'Werner', familienname: 'Gläser', weg: 'telefon', telefon: '0171 3920012' };

  const sayOf = (page: Answer): string => visibleText(page.$('.kt-say--strong').html() ?? '');

  it('loses nothing of half an address when another time is chosen or the time is held longer', async () => {
    const held = await choose(await search('schönberg perso', { weitere: '1' }));
    const half = {
      vorname: 'Werner',
      familienname: 'Gläser',
      weg: 'brief',
      strasse: 'Am Anger 2',
      plz: '083',
      ort: '',
    };
    const button = held.$('button[name="zeit"]').eq(1);
    const { fields } = formOf(held, '#anruf');
    const zeit = button.attr('value') ?? '';
    const other = await agent.post(button.attr('formaction') ?? '', { ...fields, ...half, zeit });
    expect(other.$('button[aria-pressed="true"]').attr('value')).to.equal(zeit);
    const action = other.$('button[formaction$="/verlaengerung"]').attr('formaction') ?? '';
    const longer = await agent.post(action, { ...formOf(other, '#anruf').fields });
    expect(longer.$('.kt-notice').text()).to.contain('Die Zeit wird länger gehalten.');
    for (const page of [other, longer]) {
      expect(page.status).to.equal(200);
      await expectValidHtml(page.html, page.path);
      expect(formOf(page, '#anruf').fields).to.include(half);
      expect(page.$('#vorname').attr('autofocus'), 'the next thing to do').to.not.equal(undefined);
    }
  });

  it('leads back to the call when an answer is loaded anew or read in the other language', async () => {
    const held = await choose(await search('schönberg perso'));
    for (const where of ['suche', 'zeit', 'verlaengerung', 'statt-neu', 'termin', 'verschiebung', 'absage', 'notiz']) {
      for (const [language, path] of [['de', held.path] as const, ['en', `/en${held.path}`] as const]) {
        const page = await agent.follow(await agent.get(`${path}/${where}`));
        expect(page.path).to.equal(path);
        expect(page.$('html').attr('lang')).to.equal(language);
        expect(page.$('#anruf')).to.have.length(1);
      }
    }
  });

  it('says that the call has ended when it was ended in another tab', async () => {
    const held = await choose(await search('schönberg perso'));
    await agent.submit(held, {}, '#ende-form');
    const late = await agent.follow(await agent.submit(held, CALLER, '#anruf'));
    expect(late.path).to.equal('/intern/115');
    expect(late.$('.kt-notice').text()).to.contain('Dieses Gespräch ist schon beendet.');
    expect(await app.office.database.reader('appointments')).to.have.length(0);
  });

  it('keeps what was searched for when another time for an appointment is chosen', async () => {
    const booked = await agent.follow(
      await agent.submit(await choose(await search('schönberg perso')), CALLER, '#anruf'),
    );
    const moving = await agent.get(booked.$('a:contains("Verschieben")').attr('href') ?? '');
    const page = await choose(await agent.follow(await agent.submit(moving, { suche: 'schönberg' }, '#suchform')), 1);
    expect(page.$('#suche').attr('value')).to.equal('schönberg');
    expect(sayOf(page)).to.contain('Ich verschiebe den Termin von Werner Gläser.');
    expect(page.path).to.match(/^[^?]*\?verschieben=1&zeit=[\d.]+$/);
  });

  it('repeats no appointment for confirmation that is cancelled, and says how it was booked', async () => {
    const booked = await agent.follow(
      await agent.submit(await choose(await search('schönberg perso')), CALLER, '#anruf'),
    );
    expect(sayOf(booked)).to.contain('Ich wiederhole: Werner Gläser');
    const cancelled = await agent.follow(await agent.submit(booked, {}, 'form[action$="/absage"]'));
    expect(sayOf(cancelled)).to.match(/^„Dieser Termin ist abgesagt: Werner Gläser, am\s.*Am Anger\s2\.“$/);
    expect(visibleText(cancelled.$('.kt-hotline__facts').html() ?? '')).to.match(
      /Stand\s*abgesagt\s*Gebucht\s*am Telefon/,
    );
  });

  it('says that an appointment cannot be moved whose service is not offered any more', async () => {
    const booked = await agent.follow(
      await agent.submit(await choose(await search('schönberg perso')), CALLER, '#anruf'),
    );
    await app.office.database.unit((trx) => trx('services').update({ retired_at: NOW }));
    now += 60_000; // the picture of the office is that old at most
    const page = await agent.get(booked.$('a:contains("Verschieben")').attr('href') ?? '');
    expect(page.$('.kt-empty__title').text()).to.equal('Diese Leistung wird nicht mehr angeboten.');
    expect(page.$('button[name="zeit"]')).to.have.length(0);
  });

  it('says “in your place” only of the place that was named', async () => {
    const own = await search('schönberg perso');
    expect(visibleText(own.$('.kt-spoken__btn').first().html() ?? '')).to.contain('in Ihrem Ort');
    await app.office.database.unit((trx) => trx('venues').update({ locality: 'Köthel' }));
    now += 60_000;
    const next = await search('schönberg perso');
    expect(visibleText(next.$('.kt-hotline__times').html() ?? '')).to.not.contain('in Ihrem Ort');
  });

  it('says when fewer persons than were asked for fit into one appointment', async () => {
    const many = await search('schönberg perso 9 personen');
    expect(many.$('.kt-hotline__note').text()).to.match(/„Personalausweis beantragen“ geht für höchstens \d Personen/);
    expect((await search('schönberg perso 2 personen')).$('.kt-hotline__note')).to.have.length(0);
  });

  it('does not call a name unknown by which somebody can be looked for', async () => {
    const page = await search('gläser 8.12.');
    expect(page.$('form:has([name="gesucht"][type="hidden"])')).to.have.length(1);
    expect(page.$('.kt-hotline__note').text()).to.equal('');
  });
});
