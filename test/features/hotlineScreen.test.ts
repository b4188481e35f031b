import { expect } from 'chai';
import type { SmallOffice } from '../support/officeFixture.ts';
import { createDesk, OFFICE_ZONE, seedSmallOffice } from '../support/officeFixture.ts';
import { startApp, type RunningApp } from '../support/app.ts';
import { expectValidHtml, visibleText } from '../support/html.ts';
import { signedIn } from '../support/staff.ts';
import { addNeighbour } from '../support/toursFixture.ts';
import { errorsOf, formOf, type Answer, type Visitor } from '../support/visitor.ts';

const DATE = '2026-12-08';
const NOW = OFFICE_ZONE.instantAt('2026-12-01', 9 * 60);
const MINUTE = 60_000;

describe('The screen of the hotline', function () {
  this.timeout(20_000);
  let now: number;
  let app: RunningApp;
  let office: SmallOffice;
  let agent: Visitor;
  const visitors: Visitor[] = [];

  beforeEach(async () => {
    now = NOW;
    app = await startApp({ now: () => now });
    office = await seedSmallOffice(app.office.database, { date: DATE });
    agent = await somebody();
  });
  afterEach(async () => {
    visitors.splice(0).forEach((visitor) => visitor.close());
    await app.stop();
  });

  async function somebody(options: { municipalities?: readonly number[] } = {}): Promise<Visitor> {
    const visitor = await signedIn(app, 'hotline', { now, ...options });
    visitors.push(visitor);
    return visitor;
  }

  const rows = (table: string): Promise<Record<string, unknown>[]> => app.office.database.reader(table);
  const appointments = () => rows('appointments');

  /** Types into the search box and presses Enter, without script. */
  async function search(text: string, visitor = agent, from?: Answer): Promise<Answer> {
    const page = from ?? (await visitor.get('/intern/115'));
    return visitor.follow(await visitor.submit(page, { suche: text }, '#suchform'));
  }

  const timesOf = ({ $ }: Answer): string[] =>
    $('button[name="zeit"]')
      .map((_, button) => $(button).attr('value') ?? '')
      .get();

  /** Presses the button of a time. */
  async function choose(page: Answer, visitor = agent, which = 0): Promise<Answer> {
    const button = page.$('button[name="zeit"]').eq(which);
    const form = formOf(page, `#${button.attr('form') ?? 'zeiten-form'}`);
    const value = button.attr('value') ?? '';
    return visitor.post(button.attr('formaction') ?? form.action, { ...form.fields, zeit: value });
  }

  async function hold(text = 'schönberg personalausweis', visitor = agent): Promise<Answer> {
    return visitor.follow(await choose(await search(text, visitor), visitor));
  }

  const CALLER = { vorname: 'Werner', familienname: 'Gläser', weg: 'telefon', telefon: '0171 3920012' };

  async function book(fields: Record<string, string> = CALLER, page?: Answer): Promise<Answer> {
    return agent.submit(page ?? (await hold()), fields, '#anruf');
  }

  it('is where an agent begins, with an empty search box and nothing kept', async () => {
    const start = await agent.follow(await agent.get('/intern'));
    expect(start.path).to.equal('/intern/115');
    await expectValidHtml(start.html, start.path);
    expect(start.$('#suche').attr('value')).to.equal('');
    expect(start.$('#suche').attr('autofocus')).to.not.equal(undefined);
    expect(start.$('h1').text()).to.equal('Buchen für Anrufende');
    expect(await rows('hotline_calls')).to.deep.equal([]);
  });

  it('says what was understood and reads the next times aloud', async () => {
    const page = await search('schönberg perso');
    expect(page.path).to.match(/^\/intern\/115\/gespraech\/[\w-]{22}$/); // nothing of it stands in the address
    await expectValidHtml(page.html, page.path);
    const chips = page
      .$('.kt-chip--found')
      .map((_, chip) => page.$(chip).text().replace(/\s+/g, ' ').trim())
      .get();
    expect(chips[0]).to.equal('Ort Schönberg entfernen');
    expect(chips[1]).to.contain('Leistung Personalausweis beantragen, 20');
    const first = visibleText(page.$('.kt-spoken__btn').first().html() ?? '');
    expect(first).to.match(
      /„Am\sDienstag, dem 8\.\sDezember, um 9\sUhr im Gemeindeamt Schönberg, Am Anger\s2, in Ihrem Ort\.“/,
    );
    expect(page.$('.kt-near__item').first().text()).to.contain('Schönberg, Gemeindeamt');
    const say = visibleText(page.$('.kt-hotline__say').html() ?? '');
    expect(say).to.contain('Bringen Sie bitte mit: Ihr bisheriger Personalausweis oder Reisepass');
    expect(say).to.match(/Die Gebühr ist 46\sEuro, wir können nur Karte nehmen\./);
  });

  it('takes a chip away by its button', async () => {
    const page = await search('schönberg perso');
    const rest = page.$('.kt-chip--found').first().attr('value') ?? '';
    const without = await search(rest, agent, page);
    expect(without.$('#suche').attr('value')).to.equal('perso');
    expect(without.$('.kt-chip--found')).to.have.length(1);
    expect(without.path).to.equal(page.path); // the same call
  });

  it('answers only the results to htmx, and keeps nothing then', async () => {
    const page = await agent.get('/intern/115');
    const { action } = formOf(page, '#suchform');
    const body = new URLSearchParams({ suche: 'köthel fuehrungszeugnis' }).toString();
    const answer = await agent.ask(action, {
      method: 'POST',
      body,
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        'Content-Length': String(body.length),
        'HX-Request-Type': 'partial',
        'HX-Target': 'div#ergebnis',
      },
    });
    expect(answer.status).to.equal(200);
    expect(answer.html.trim()).to.match(/^<div id="ergebnis"/);
    expect(answer.$('#ergebnis').attr('data-kt-query')).to.equal('köthel fuehrungszeugnis');
    expect(answer.$('#suchform')).to.have.length(0);
    expect(await rows('hotline_calls')).to.deep.equal([]);
  });

  it('offers the usual services where none was named', async () => {
    const page = await search('köthel');
    expect(timesOf(page)).to.deep.equal([]);
    const button = page.$('[data-kt-call-times] button').first();
    const chosen = await search(button.attr('value') ?? '', agent, page);
    expect(timesOf(chosen)).to.have.length.greaterThan(0);
  });

  it('says why nothing is free, and what to do', async () => {
    const page = await search('schönberg perso sonntag');
    expect(timesOf(page)).to.deep.equal([]);
    expect(page.$('.kt-empty__title').text()).to.equal('An diesen Tagen oder zu dieser Uhrzeit ist nichts frei.');
    expect(page.$('a[data-kt-key="r"]').attr('href')).to.contain('/intern/rueckrufe?neu=1');
  });

  it('offers up to nine times', async () => {
    const page = await search('schönberg perso');
    expect(timesOf(page)).to.have.length(3);
    const more = await agent.follow(
      await agent.post(formOf(page, '#suchform').action, { suche: 'schönberg perso', weitere: '1' }),
    );
    expect(timesOf(more)).to.have.length(9);
    expect(more.$('[data-kt-key="m"]')).to.have.length(0);
  });

  it('holds a time once, however often it is sent, and another one instead', async () => {
    const page = await search('schönberg perso');
    const [first, second] = await Promise.all([choose(page), choose(page)]);
    expect([first.status, second.status]).to.deep.equal([303, 303]);
    expect((await appointments()).length).to.equal(1);
    const held = await agent.follow(first);
    await expectValidHtml(held.html, held.path);
    expect(held.$('.kt-spoken__btn[aria-pressed="true"]').attr('value')).to.equal(timesOf(page)[0]);
    expect(held.$('.kt-statusline').text().replace(/\s+/g, ' ')).to.contain('Gehalten bis 9:10');
    expect(held.$('#vorname').attr('autofocus')).to.not.equal(undefined);

    const other = await agent.follow(await choose(held, agent, 1));
    expect((await appointments()).length).to.equal(1);
    expect(other.$('.kt-spoken__btn[aria-pressed="true"]').attr('value')).to.equal(timesOf(page)[1]);
  });

  it('keeps what was typed about the caller when another time is chosen', async () => {
    const held = await hold();
    const button = held.$('button[name="zeit"]').eq(1);
    const form = formOf(held, '#anruf');
    const answer = await agent.post(button.attr('formaction') ?? '', {
      ...form.fields,
      ...CALLER,
      zeit: button.attr('value') ?? '',
    });
    const page = await agent.follow(answer);
    expect(page.$('#familienname').attr('value')).to.equal('Gläser');
    expect(page.$('#telefon').attr('value')).to.equal('0171 3920012');
  });

  it('books, repeats the appointment and spells the reference', async () => {
    const page = await agent.follow(await book());
    await expectValidHtml(page.html, page.path);
    const [appointment] = await appointments();
    expect(appointment).to.include({
      state: 'confirmed',
      channel: 'hotline',
      family_name: 'Gläser',
      contact_kind: 'phone',
    });
    const said = visibleText(page.$('.kt-say--strong').html() ?? '');
    expect(said).to.match(
      /Ich wiederhole: Werner Gläser, am\sDienstag, dem 8\.\sDezember, um 9\sUhr im Gemeindeamt Schönberg/,
    );
    const groups = page
      .$('.kt-groups__symbols')
      .map((_, group) => page.$(group).text())
      .get();
    expect(groups.join('')).to.equal(appointment?.['reference']);
    expect(page.$('.kt-groups__words').first().text()).to.match(/wie|eins|zwo|drei|vier|fünf|sechs|sieben|acht|neun/);
    expect(page.$('#wiederholen').attr('tabindex')).to.equal('-1');
    expect(page.$('h1').text()).to.equal('Termin gebucht');
  });

  it('books once when it is sent twice', async () => {
    const held = await hold();
    const answers = await Promise.all([book(CALLER, held), book(CALLER, held)]);
    expect(answers.map(({ status }) => status)).to.deep.equal([303, 303]);
    expect((await appointments()).length).to.equal(1);
  });

  it('says beside the fields what is missing, and loses nothing', async () => {
    const page = await book({
      vorname: 'Werner',
      familienname: '',
      weg: 'brief',
      strasse: '',
      plz: '83',
      ort: 'Meerane',
    });
    expect(page.status).to.equal(422);
    await expectValidHtml(page.html, page.path);
    expect(page.$('title').text()).to.match(/^Fehler: /);
    expect(errorsOf(page)).to.deep.equal([
      'Bitte prüfen Sie 3\u00A0Angaben',
      'Geben Sie den Familiennamen ein.',
      'Geben Sie Straße und Hausnummer ein.',
      'Die Postleitzahl hat fünf Ziffern.',
    ]);
    expect(page.$('#vorname').attr('value')).to.equal('Werner');
    expect(page.$('#plz').attr('aria-invalid')).to.equal('true');
    expect(page.$('#weg-brief').attr('checked')).to.not.equal(undefined);
    expect((await appointments())[0]).to.include({ state: 'held' });
  });

  it('has a letter written to somebody with neither telephone nor e-mail', async () => {
    const letter = { familienname: 'Gläser', weg: 'brief', strasse: 'Am Anger 2', plz: '08393', ort: 'Schönberg' };
    const page = await agent.follow(await book(letter));
    expect(visibleText(page.$('.kt-hotline__facts').html() ?? '')).to.contain('Brief an: Am Anger 2, 08393 Schönberg');
    expect(await rows('letters')).to.have.length(1);
    expect(page.$('.kt-statusline').text()).to.contain('Ein Brief zu drucken');
  });

  it('points out what the caller has already, and moves it instead', async () => {
    const first = await agent.follow(await book());
    await agent.submit(first, {}, '#ende-form');
    const page = await book(CALLER, await hold('dorfstraße perso'));
    expect(page.status).to.equal(422);
    await expectValidHtml(page.html, page.path);
    expect(page.$('#aehnlich').text()).to.contain('Dienstag, 8.');
    const [before] = await appointments();
    const button = page.$('#aehnlich button[name="termin"]');
    const moved = await agent.follow(
      await agent.post(button.attr('formaction') ?? '', { termin: button.attr('value') ?? '' }),
    );
    expect(moved.$('.kt-notice').text()).to.contain('Der Termin ist verschoben.');
    const all = await appointments();
    expect(all.length).to.equal(1);
    expect(all[0]).to.include({ id: before?.['id'], stop_id: office.secondStopId });
  });

  it('books all the same when that is wanted', async () => {
    await book();
    const refused = await book(CALLER, await hold('dorfstraße perso'));
    const page = await agent.follow(await agent.submit(refused, { trotzdem: '1' }, '#anruf'));
    expect(page.$('h1').text()).to.equal('Termin gebucht');
    expect((await appointments()).length).to.equal(2);
  });

  it('shows the loser of a race the next times at once', async () => {
    const other = await somebody();
    const mine = await search('schönberg perso');
    const theirs = await search('schönberg perso', other);
    await choose(theirs, other);
    const lost = await choose(mine);
    expect(lost.status).to.equal(409);
    expect(lost.$('.kt-notice').text()).to.contain('hat gerade jemand anderes genommen');
    expect(timesOf(lost)).to.have.length(3);
    expect(timesOf(lost)).to.not.include(timesOf(mine)[0]);
  });

  it('keeps what was typed when the hold has run out and somebody else has the time', async () => {
    const held = await hold();
    now += 11 * MINUTE;
    const other = await somebody();
    await choose(await search('schönberg perso', other), other);
    const page = await book(CALLER, held);
    expect(page.status).to.equal(409);
    expect(page.$('#familienname').attr('value')).to.equal('Gläser');
    expect(timesOf(page).length).to.be.greaterThan(0);
    const again = await choose(page);
    expect(again.status).to.equal(303);
  });

  it('holds nothing for a call that ends while the time is being held', async () => {
    const page = await search('schönberg personalausweis');
    await app.office.database.writer.raw(
      'create trigger esc after insert on appointments begin update hotline_calls set ended_at = 1, secret = null; end',
    );
    expect((await choose(page)).location).to.equal('/intern/115');
    expect(await appointments()).to.deep.equal([]);
  });

  it('ends the call with all that is only held', async () => {
    const held = await hold();
    const end = await agent.submit(held, {}, '#ende-form');
    expect(end.location).to.equal('/intern/115');
    expect(await appointments()).to.deep.equal([]);
    // The address of the call leads nowhere any more, and what comes late begins nothing.
    expect((await agent.get(held.path)).location).to.equal('/intern/115');
    expect((await choose(held)).location).to.equal('/intern/115');
    expect((await agent.submit(held, {}, '#ende-form')).status).to.equal(303);
  });

  it('belongs to one agent', async () => {
    const held = await hold();
    const other = await somebody();
    expect((await other.get(held.path)).location).to.equal('/intern/115');
    expect((await other.submit(held, CALLER, '#anruf')).location).to.equal('/intern/115');
    expect((await choose(held, other, 1)).location).to.equal('/intern/115');
    expect((await other.submit(held, {}, '#ende-form')).status).to.equal(303);
    expect((await appointments())[0]).to.include({ state: 'held' });
    for (const path of ['/intern/115/gespraech/kurz', '/intern/115/gespraech/kurz/zeit']) {
      expect((await agent.ask(path, { method: path.endsWith('zeit') ? 'POST' : 'GET' })).status).to.equal(404);
    }
  });

  it('shows nothing of municipalities whose calls the agent does not take', async () => {
    const foreigner = await somebody({ municipalities: [(await addNeighbour(app.office.database)).municipalityId] });
    const page = await search('schönberg perso', foreigner);
    expect(timesOf(page)).to.deep.equal([]);
    expect(page.$('.kt-near__item')).to.have.length(0);
    const token = page.path.split('/').at(-1) ?? '';
    const answer = await foreigner.post(`/intern/115/gespraech/${token}/zeit`, {
      suche: 'schönberg perso',
      zeit: `${office.firstStopId}.108`,
    });
    expect(answer.status).to.equal(409);
    expect(await appointments()).to.deep.equal([]);
  });

  describe('with an appointment that exists', () => {
    let reference: string;
    beforeEach(async () => {
      const desk = createDesk(app.office.database, () => now);
      const booked = await desk.book({
        stopId: office.firstStopId,
        minute: 9 * 60,
        familyName: 'Gläser',
        firstName: 'Werner',
      });
      reference = booked.reference;
    });

    async function lookUp(fields: Record<string, string>, visitor = agent): Promise<Answer> {
      return visitor.submit(await visitor.get('/intern/115'), fields, '.kt-hotline__lookup form');
    }

    it('opens it by the reference that was typed into the search box', async () => {
      const spaced = `${reference.slice(0, 3)} ${reference.slice(3, 6)} ${reference.slice(6)}`.toLowerCase();
      const results = await search(spaced);
      const page = await agent.follow(await agent.submit(results, {}, 'form:has([data-kt-call-enter])'));
      await expectValidHtml(page.html, page.path);
      expect(page.$('h1').text()).to.equal('Termin gefunden');
      expect(visibleText(page.$('.kt-hotline__facts').html() ?? '')).to.contain('Werner Gläser');
      const entry = await app.office.database
        .reader<Record<string, unknown>>('audit_entries')
        .where('action', 'lookedUp')
        .first();
      expect(entry).to.include({ subject: 'appointment' });
      expect(JSON.stringify(entry)).to.not.contain('Gläser');
    });

    it('opens it by family name and day, both', async () => {
      const found = await agent.follow(await lookUp({ gesucht: 'glaeser', tag: DATE }));
      expect(found.$('h1').text()).to.equal('Termin gefunden');
      const half = await lookUp({ gesucht: 'Gläser' });
      expect(half.status).to.equal(422);
      expect(errorsOf(half)).to.include('Geben Sie auch den Tag des Besuchs ein.');
      const none = await lookUp({ gesucht: 'Glaser', tag: '2026-12-09' });
      expect(none.status).to.equal(422);
      expect(none.$('.kt-notice').text()).to.contain('Dazu gibt es keinen Termin.');
      expect(none.$('#gesucht').attr('value')).to.equal('Glaser');
    });

    it('asks to be more exact where several have the name', async () => {
      const desk = createDesk(app.office.database, () => now + 1);
      await app.office.database.writer('appointments').update({ secret: 'another', reference: 'ACDEFGHJK' });
      await desk.book({ stopId: office.firstStopId, minute: 10 * 60, familyName: 'Gläser' });
      const page = await lookUp({ gesucht: 'Gläser', tag: DATE });
      expect(page.status).to.equal(422);
      expect(page.$('.kt-notice').text()).to.contain('Bitte genauer');
      expect(page.html).to.not.contain('ACD EFG HJK');
    });

    it('offers to look for a person where a name and a day were typed, and does so only when asked', async () => {
      const results = await search('gläser 8.12.');
      expect(await app.office.database.reader('audit_entries').where('action', 'lookedUp')).to.deep.equal([]);
      const page = await agent.follow(await agent.submit(results, {}, 'form:has([name="gesucht"][type="hidden"])'));
      expect(page.$('h1').text()).to.equal('Termin gefunden');
    });

    it('moves it: another time is chosen, read back, and then changed', async () => {
      const found = await agent.follow(await lookUp({ nummer: reference }));
      const href = found.$('a:contains("Verschieben")').attr('href') ?? '';
      const offers = await agent.get(href);
      expect(offers.$('h1').text()).to.equal('Termin verschieben');
      const value = await (async () => {
        const searched = await agent.follow(
          await agent.post(formOf(offers, '#suchform').action, { suche: '', weitere: '1', verschieben: '1' }),
        );
        return timesOf(searched).find((time) => time.startsWith(`${office.secondStopId}.`)) ?? '';
      })();
      const chosen = await agent.get(`${found.path}?verschieben=1&zeit=${value}`);
      await expectValidHtml(chosen.html, chosen.path);
      expect(visibleText(chosen.$('.kt-say--strong').html() ?? '')).to.contain(
        'Ich verschiebe den Termin von Werner Gläser.',
      );
      expect((await appointments())[0]).to.include({ stop_id: office.firstStopId }); // nothing has happened yet
      const moved = await agent.follow(await agent.submit(chosen, {}, 'form:has(input[name="zeit"])'));
      expect(moved.$('.kt-notice').text()).to.contain('Der Termin ist verschoben.');
      expect((await appointments())[0]).to.include({ stop_id: office.secondStopId, state: 'confirmed' });
    });

    it('cancels it, notes something, and says when nothing can be changed any more', async () => {
      const found = await agent.follow(await lookUp({ nummer: reference }));
      const noted = await agent.follow(
        await agent.submit(found, { notiz: 'kommt mit Begleitung' }, 'form:has(#notiz)'),
      );
      expect(visibleText(noted.$('.kt-hotline__facts').html() ?? '')).to.contain('„kommt mit Begleitung“');
      const form = 'form[action$="/absage"]';
      const cancelled = await agent.follow(await agent.submit(noted, {}, form));
      expect(cancelled.$('.kt-notice').text()).to.contain('Der Termin ist abgesagt.');
      expect(cancelled.$(form)).to.have.length(0);
      expect((await appointments())[0]).to.include({ state: 'cancelled' });
      const actions = (await app.office.database.reader('audit_entries')).map(
        ({ action }: { action: string }) => action,
      );
      expect(actions).to.deep.equal(['lookedUp', 'noted', 'cancelled']);
    });

    it('gives a cancelled time to the next caller at once', async () => {
      const found = await agent.follow(await lookUp({ nummer: reference }));
      await agent.submit(found, {}, 'form[action$="/absage"]');
      const page = await search('schönberg perso');
      expect(timesOf(page)).to.include(`${office.firstStopId}.108`);
    });

    it('is not found by an agent of another municipality', async () => {
      const foreigner = await somebody({ municipalities: [(await addNeighbour(app.office.database)).municipalityId] });
      for (const fields of [{ nummer: reference }, { gesucht: 'Gläser', tag: DATE }]) {
        const page = await lookUp(fields, foreigner);
        expect(page.status).to.equal(422);
        expect(page.html).to.not.contain('Werner');
      }
    });
  });

  it('speaks English too', async () => {
    const page = await agent.follow(
      await agent.submit(await agent.get('/en/intern/115'), { suche: 'schönberg id card tuesday' }, '#suchform'),
    );
    await expectValidHtml(page.html, page.path);
    expect(page.$('html').attr('lang')).to.equal('en');
    expect(visibleText(page.$('.kt-spoken__btn').first().html() ?? '')).to.contain(
      'on Tuesday, 8 December'.slice(3, 10),
    );
  });
});
