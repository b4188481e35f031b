import { expect } from 'chai';
import { joinTexts, parseAmount, parseDay, splitTexts } from '../../server/features/masterData/serviceFields.ts';
import { startApp, type RunningApp } from '../support/app.ts';
import { expectValidHtml, visibleText } from '../support/html.ts';
import { OFFICE_ZONE, seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';
import { signedIn } from '../support/staff.ts';
import { errorsOf, formOf, type Visitor } from '../support/visitor.ts';

const NOW = OFFICE_ZONE.instantAt('2026-11-24', 8 * 60);

const NEW_SERVICE = {
  aktion: 'speichern',
  name_de: 'Beglaubigung von Kopien',
  name_en: 'Certified copies',
  unterlagen_de: 'das Original\nIhr Personalausweis',
  unterlagen_en: 'the original',
  kategorie: 'Bescheinigungen',
  reihenfolge: '30',
  minuten_halt: '15',
  personen: '2',
  kombinierbar: 'ja',
  hausbesuch: 'ja',
  minuten_hausbesuch: '25',
  bedarf: ['card-terminal'],
  vordrucke: ' Antrag auf Beglaubigung\n\nQuittung\nQuittung ',
  'gebuehr-1-ab': '2026-01-01',
  'gebuehr-1-betrag': '5,50',
  'gebuehr-1-grundlage': 'Kostensatzung § 2',
};

describe('The services in the master data', function () {
  this.timeout(60_000);
  let app: RunningApp;
  let office: SmallOffice;
  let admin: Visitor;
  let planner: Visitor;

  before(async () => {
    app = await startApp({ now: () => NOW });
    office = await seedSmallOffice(app.office.database, { date: '2026-12-08' });
    admin = await signedIn(app, 'admin', { now: NOW, name: 'Ada Admin' });
    planner = await signedIn(app, 'planner', { now: NOW, municipalities: [office.municipalityId] });
  });

  after(async () => {
    admin.close();
    planner.close();
    await app.stop();
  });

  const database = () => app.office.database.reader;
  const pathOf = (id: number): string => `/intern/leistungen/${id}`;

  it('stand in a list that can be searched, with their fee of today', async () => {
    const page = await admin.get('/intern/leistungen');
    await expectValidHtml(page.html, 'services');
    expect(visibleText(page.html)).to.include('Führungszeugnis beantragen').and.include('46,00 €');
    const found = await admin.get('/intern/leistungen?suche=zeugnis');
    expect(visibleText(found.html, 'main')).to.include('Führungszeugnis').and.not.include('Personalausweis beantragen');
  });

  it('are valid pages in both languages, the form and the questions too', async () => {
    for (const prefix of ['', '/en']) {
      for (const path of ['', '/neu', `/${office.services.idCard}`, `/${office.services.idCard}/stilllegung`]) {
        const page = await admin.get(`${prefix}/intern/leistungen${path}`);
        expect(page.status, path).to.equal(200);
        await expectValidHtml(page.html, `${prefix}${path}`);
      }
    }
  });

  it('are entered with everything that belongs to them, sent twice only once', async () => {
    const page = await admin.get('/intern/leistungen/neu');
    expect((await admin.submit(page, NEW_SERVICE)).status).to.equal(303);
    const answer = await admin.submit(page, NEW_SERVICE);
    const list = await admin.follow(answer);
    expect(visibleText(list.html)).to.include('„Beglaubigung von Kopien“ ist gespeichert.');
    expect(await database()('service_texts').where('name', NEW_SERVICE.name_de)).to.have.length(1);
    const row = await database()('services').where('slug', 'beglaubigung-von-kopien').first<{
      id: number;
      category: string;
      home_minutes: number;
      version: number;
    }>();
    expect(row).to.deep.include({
      category: 'certificates',
      home_minutes: 25,
      forms: 'Antrag auf Beglaubigung\nQuittung',
      version: 1,
    });
    const id = row?.id ?? 0;
    expect(
      await database()('service_documents').where({ service_id: id, locale: 'de' }).orderBy('position').pluck('text'),
    ).to.deep.equal(['das Original', 'Ihr Personalausweis']);
    expect(await database()('service_fees').where('service_id', id).first()).to.deep.include({
      amount_cents: 550,
      valid_from: '2026-01-01',
    });
    expect(await database()('service_needs').where('service_id', id).pluck('capability')).to.deep.equal([
      'card-terminal',
    ]);
    const entry = await database()('audit_entries').where({ subject: 'service', subject_id: id }).first<{
      action: string;
      user_name: string;
      changes: string;
    }>();
    expect(entry).to.deep.include({ action: 'created', user_name: 'Ada Admin' });
    expect(JSON.parse(entry?.changes ?? '[]')).to.deep.include({
      field: 'Gebühren',
      from: null,
      to: '01.01.2026: 5,50: Kostensatzung § 2',
    });

    const form = await admin.get(pathOf(id));
    const sent = { name_de: 'Beglaubigte Kopien' };
    expect((await admin.submit(form, sent)).status).to.equal(303);
    expect((await admin.submit(form, sent)).status, 'the same once more').to.equal(303);
    expect(await database()('services').where('id', id).first()).to.deep.include({
      version: 2,
      slug: 'beglaubigung-von-kopien', // an address that is linked stays as it is
    });
  });

  it('name paper forms that fit on the packing list', async () => {
    const page = await admin.get('/intern/leistungen/neu');
    const refused = async (vordrucke: string): Promise<string[]> =>
      errorsOf(await admin.submit(page, { ...NEW_SERVICE, name_de: 'Mit Vordruck', vordrucke })).slice(1);
    expect(await refused('x'.repeat(76))).to.deep.equal(['Der Name eines Vordrucks darf höchstens 75 Zeichen haben.']);
    const many = Array.from({ length: 7 }, (_, index) => String(index) + 'x'.repeat(74)).join('\n');
    expect(await refused(many)).to.deep.equal([
      'Das sind zu viele Vordrucke. Alle Namen zusammen dürfen höchstens 500 Zeichen haben.',
    ]);
  });

  it('keep the words callers use, each once, in the history too', async () => {
    const path = pathOf(office.services.idCard);
    const saved = await admin.submit(await admin.get(path), {
      suchwoerter: ' Perso \n\nAusweis\nperso\nneuer  Ausweis',
    });
    expect(saved.status, errorsOf(saved).join()).to.equal(303);
    const { idCard: id } = office.services;
    expect(await database()('services').where('id', id).first()).to.deep.include({
      synonyms: 'Perso\nAusweis\nneuer Ausweis',
    });
    const entry = await database()('audit_entries')
      .where({ subject: 'service', subject_id: id })
      .orderBy('id', 'desc')
      .first<{ changes: string }>();
    expect(JSON.parse(entry?.changes ?? '[]')).to.deep.equal([
      { field: 'Suchwörter', from: '', to: 'Perso | Ausweis | neuer Ausweis' },
    ]);
    const form = await admin.get(path);
    expect(formOf(form).fields['suchwoerter']).to.equal('Perso\r\nAusweis\r\nneuer Ausweis');
    expect(visibleText(form.html)).to.include('So nennen Anrufende diese Leistung');
    expect(visibleText((await planner.get(path)).html))
      .to.include('Suchwörter')
      .and.include('neuer Ausweis');
    const found = visibleText((await planner.get('/intern/leistungen?suche=perso')).html, 'main');
    expect(found).to.include('Personalausweis beantragen').and.not.include('Führungszeugnis');
  });

  it('refuse words too long, too many, or without a letter, and keep what was typed', async () => {
    const path = pathOf(office.services.certificate);
    const refused = async (suchwoerter: string): Promise<string[]> => {
      const page = await admin.submit(await admin.get(path), { suchwoerter });
      expect(page.status).to.equal(422);
      expect(formOf(page).fields['suchwoerter']).to.equal(suchwoerter.replaceAll('\n', '\r\n'));
      return errorsOf(page).slice(1);
    };
    expect(await refused('x'.repeat(61))).to.deep.equal(['Ein Suchwort darf höchstens 60 Zeichen haben.']);
    expect(await refused('Zeugnis\n„!“')).to.deep.equal(['Ein Suchwort braucht Buchstaben oder Ziffern.']);
    const many = Array.from({ length: 17 }, (_, index) => String(index).padEnd(60, 'x')).join('\n');
    expect(await refused(many)).to.deep.equal([
      'Das sind zu viele Suchwörter. Alle zusammen dürfen höchstens 1000 Zeichen haben.',
    ]);
    const most = Array.from({ length: 16 }, (_, index) => String(index).padEnd(60, 'x')).join('\n');
    expect((await admin.submit(await admin.get(path), { suchwoerter: most })).status).to.equal(303);
    expect(await database()('services').where('id', office.services.certificate).first()).to.deep.include({
      synonyms: most,
    });
  });

  it('are saved with a warning when another service has the same word', async () => {
    const path = pathOf(office.services.certificate);
    const saved = await admin.submit(await admin.get(path), { suchwoerter: 'AUSWEIS\nLeumundszeugnis' });
    expect(saved.status).to.equal(303);
    expect(visibleText((await admin.follow(saved)).html)).to.include(
      'Ein Suchwort hat auch eine andere Leistung: AUSWEIS (Personalausweis beantragen).',
    );
    const cleared = await admin.submit(await admin.get(path), { suchwoerter: '' });
    expect(visibleText((await admin.follow(cleared)).html))
      .to.include('ist gespeichert.')
      .and.not.include('Suchwort');
    expect(await database()('services').where('id', office.services.certificate).first()).to.deep.include({
      synonyms: null,
    });
  });

  it('get rows for fees by buttons, which save nothing', async () => {
    const page = await admin.get('/intern/leistungen/neu');
    const more = await admin.submit(page, { ...NEW_SERVICE, name_de: 'Noch nicht da', aktion: 'gebuehr-dazu' });
    expect(more.status).to.equal(200);
    expect(more.$('input[name="gebuehr-1-betrag"]').attr('value')).to.equal('5,50');
    expect(more.$('input[name="gebuehr-2-ab"]').length).to.equal(1);
    const less = await admin.submit(more, { aktion: 'gebuehr-weg-1' });
    expect(less.$('input[name^="gebuehr-"]').length).to.equal(3);
    expect(less.$('input[name="gebuehr-1-betrag"]').attr('value')).to.equal('');
    expect(less.$('input[name="name_de"]').attr('value')).to.equal('Noch nicht da');
    expect(await database()('service_texts').where('name', 'Noch nicht da')).to.deep.equal([]);
  });

  it('keep everything that was typed when something is wrong, with fees that are not saved yet', async () => {
    const page = await admin.get('/intern/leistungen/neu');
    const refused = await admin.submit(page, {
      ...NEW_SERVICE,
      name_de: '',
      leika: '123',
      minuten_hausbesuch: '',
      'gebuehr-1-betrag': 'viel',
      'gebuehr-2-ab': '2026-01-01',
      'gebuehr-2-betrag': 'laut Satzung',
      'gebuehr-2-grundlage': '',
    });
    expect(refused.status).to.equal(422);
    await expectValidHtml(refused.html, 'refused service');
    expect(errorsOf(refused)).to.include.members([
      'Geben Sie den Namen auf Deutsch ein.',
      'Der LeiKa-Schlüssel hat 14 Ziffern.',
      'Geben Sie die Minuten beim Hausbesuch ein, 5 bis 480.',
      'Geben Sie einen Betrag wie „46,00“ ein oder „laut Satzung“.',
      'An diesem Tag beginnt schon eine andere Gebühr.',
      'Geben Sie die Rechtsgrundlage ein.',
    ]);
    expect(refused.$('title').text()).to.match(/^Fehler: /);
    const { fields } = formOf(refused);
    expect(fields).to.deep.include({
      'gebuehr-1-betrag': 'viel',
      'gebuehr-2-betrag': 'laut Satzung',
      leika: '123',
      bedarf: 'card-terminal',
      unterlagen_de: 'das Original\r\nIhr Personalausweis', // as browsers send lines
      hausbesuch: 'ja',
    });
    for (const link of refused.$('#fehler a').toArray()) {
      expect(refused.$(refused.$(link).attr('href') ?? '#nothing').length, refused.$(link).text()).to.equal(1);
    }
  });

  it('are not overwritten when somebody else has changed them meanwhile', async () => {
    const form = await admin.get(pathOf(office.services.certificate));
    const other = await signedIn(app, 'admin', { now: NOW, name: 'Otto Ander' });
    await other.submit(await other.get(pathOf(office.services.certificate)), { minuten_halt: '12' });
    other.close();
    const stale = await admin.submit(form, { minuten_halt: '25' });
    expect(stale.status).to.equal(422);
    expect(visibleText(stale.html)).to.include('Otto Ander hat das inzwischen geändert').and.include('jetzt „12“');
    expect(formOf(stale).fields['minuten_halt']).to.equal('25');
    expect((await admin.submit(stale)).status, 'looked at and sent again').to.equal(303);
    expect(await database()('services').where('id', office.services.certificate).first()).to.deep.include({
      minutes: 25,
    });
  });

  it('share no key of the catalogue', async () => {
    const key = '99010001000000';
    expect((await admin.submit(await admin.get(pathOf(office.services.idCard)), { leika: key })).status).to.equal(303);
    const refused = await admin.submit(await admin.get(pathOf(office.services.certificate)), { leika: key });
    expect(refused.status).to.equal(422);
    expect(errorsOf(refused)).to.include('Diesen LeiKa-Schlüssel hat schon eine andere Leistung.');
  });

  it('are retired and brought back, and deleted only where nothing uses them', async () => {
    const { idCard } = office.services;
    const refused = await admin.post(`${pathOf(idCard)}/loeschung`, {
      version: String((await database()('services').where('id', idCard).first<{ version: number }>())?.version),
    });
    expect(refused.status).to.equal(422);
    expect(visibleText(refused.html)).to.include('A. Beispiel');
    await expectValidHtml(refused.html, 'deletion refused');

    const question = await admin.get(`${pathOf(idCard)}/stilllegung`);
    expect((await admin.submit(question)).status).to.equal(303);
    expect((await admin.submit(question)).status, 'sent twice').to.equal(303);
    expect(
      (await database()('services').where('id', idCard).first<{ retired_at: unknown }>())?.retired_at,
    ).not.to.equal(null);
    await admin.submit(await admin.get(`${pathOf(idCard)}/stilllegung`));
    expect((await database()('services').where('id', idCard).first<{ retired_at: unknown }>())?.retired_at).to.equal(
      null,
    );

    await admin.submit(await admin.get('/intern/leistungen/neu'), { ...NEW_SERVICE, name_de: 'Kann weg' });
    const row = await database()('services').where('slug', 'kann-weg').first<{ id: number }>();
    const deleted = await admin.submit(await admin.get(`${pathOf(row?.id ?? 0)}/loeschung`));
    expect(visibleText((await admin.follow(deleted)).html)).to.include('Kann weg');
    expect(await database()('services').where('slug', 'kann-weg')).to.deep.equal([]);
    expect((await admin.get(pathOf(row?.id ?? 0))).status).to.equal(404);
  });

  it('are read by planners, and by nobody else but admins of everything changed', async () => {
    const page = await planner.get(pathOf(office.services.idCard));
    expect(page.status).to.equal(200);
    await expectValidHtml(page.html, 'facts');
    expect(page.$('main form').length).to.equal(0);
    expect(visibleText(page.html)).to.include('46,00 €').and.include('ein Foto vom Fotogeschäft als Code');
    expect(visibleText((await planner.get('/intern/leistungen')).html, 'main')).not.to.include('Neue Leistung');
    const local = await signedIn(app, 'admin', { now: NOW, municipalities: [office.municipalityId] });
    for (const visitor of [planner, local]) {
      for (const path of [`${pathOf(office.services.idCard)}`, '/intern/leistungen/neu']) {
        expect((await visitor.post(path, NEW_SERVICE)).status, path).to.equal(403);
      }
      for (const path of ['stilllegung', 'loeschung']) {
        expect((await visitor.post(`${pathOf(office.services.idCard)}/${path}`, {})).status, path).to.equal(403);
      }
      expect((await visitor.get('/intern/leistungen/neu')).status).to.equal(403);
    }
    local.close();
    expect((await admin.get('/intern/leistungen/4711')).status).to.equal(404);
    expect((await admin.post('/intern/leistungen/4711/loeschung', {})).status).to.equal(404);
  });
});

describe('What is typed about a service', () => {
  it('is an amount as people write it', () => {
    const typed = ['46,00', '46', '46.00 €', '1.234,50', 'laut Satzung', 'umsonst', '46,0', '-5'];
    expect(typed.map(parseAmount)).to.deep.equal([4600, 4600, 4600, 123450, null, undefined, undefined, undefined]);
  });

  it('is a day as people or a date control write it', () => {
    expect(['2026-02-28', '1.2.2026', '30.02.2026', 'bald'].map(parseDay)).to.deep.equal([
      '2026-02-28',
      '2026-02-01',
      null,
      null,
    ]);
  });

  it('comes back from one cell as the same texts, whatever bars and backslashes are in them', () => {
    const odd = ['a | b', 'c\\', '|', '\\|', 'd\\ | e', '= 1', 'ganz normal'];
    expect(splitTexts(joinTexts(odd))).to.deep.equal(odd);
    expect(splitTexts('')).to.deep.equal([]);
    expect(splitTexts(' a |b| ')).to.deep.equal(['a', 'b']);
  });
});
