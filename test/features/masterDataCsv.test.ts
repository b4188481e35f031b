import { expect } from 'chai';
import {
  planServices,
  SERVICE_COLUMNS,
  serviceCells,
  VENUE_COLUMNS,
} from '../../server/features/masterData/csvPlan.ts';
import {
  decode,
  guarded,
  readTable,
  unguarded,
  writeTable,
  type Table,
} from '../../server/features/masterData/csvTable.ts';
import type { ServiceRecord } from '../../server/features/masterData/servicePorts.ts';
import { translator } from '../../server/web/locale.ts';
import { startApp, startDemoApp, type RunningApp } from '../support/app.ts';
import { expectValidHtml, visibleText } from '../support/html.ts';
import { OFFICE_ZONE, seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';
import { signedIn } from '../support/staff.ts';
import { errorsOf, type Answer, type Visitor } from '../support/visitor.ts';

const HOUR = 3_600_000;
const t = translator('de');

/** Sends a file as a browser does. */
function upload(visitor: Visitor, path: string, content: string | Buffer, field = 'datei'): Promise<Answer> {
  const boundary = 'grenze-4711';
  const body = Buffer.concat([
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="${field}"; filename="x.csv"\r\nContent-Type: text/csv\r\n\r\n`,
    ),
    Buffer.from(content),
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  return visitor.ask(path, {
    method: 'POST',
    headers: {
      'Content-Type': `multipart/form-data; boundary=${boundary}`,
      'Content-Length': String(body.length),
    },
    body: body as unknown as string,
  });
}

function readable(table: Table): Extract<Table, { ok: true }> {
  if (!table.ok) throw new Error(JSON.stringify(table.problems));
  return table;
}

const VENUES = '/intern/import/standorte';
const SERVICES = '/intern/import/leistungen';

describe('Importing and exporting CSV files', function () {
  this.timeout(60_000);
  let app: RunningApp;
  let office: SmallOffice;
  let admin: Visitor;
  let planner: Visitor;
  let now = OFFICE_ZONE.instantAt('2026-11-24', 8 * 60);

  before(async () => {
    app = await startApp({ now: () => now });
    office = await seedSmallOffice(app.office.database, { date: '2026-12-08' });
    await app.office.database.writer('municipalities').insert({
      slug: 'glauchau',
      name: 'Glauchau',
      ags: '14524080',
      office_name: 'Stadt Glauchau',
      lat: 50.82,
      lon: 12.54,
    });
    const [other] = await app.office.database
      .writer('municipalities')
      .where('slug', 'glauchau')
      .select<{ id: number }[]>();
    await app.office.database.writer('venues').insert({
      municipality_id: other?.id,
      slug: 'glauchau-rathaus',
      name: 'Rathaus',
      locality: 'Glauchau',
      street: 'Markt 1',
      postcode: '08371',
      city: 'Glauchau',
      lat: 50.82,
      lon: 12.54,
      step_free: true,
    });
    admin = await signedIn(app, 'admin', { now });
    planner = await signedIn(app, 'planner', { now, municipalities: [office.municipalityId] });
  });

  after(async () => {
    admin.close();
    planner.close();
    await app.stop();
  });

  const database = () => app.office.database.reader;

  /** The page that says what a file would do. */
  async function preview(visitor: Visitor, path: string, content: string | Buffer): Promise<Answer> {
    return visitor.follow(await upload(visitor, path, content));
  }

  async function exported(visitor: Visitor, path: string): Promise<string> {
    return (await visitor.get(path)).html;
  }

  it('gives a file that a German spreadsheet opens, with what is in scope only', async () => {
    const answer = await planner.get('/intern/export/standorte.csv');
    expect(answer.headers['content-type']).to.include('text/csv');
    expect(answer.headers['content-disposition']).to.equal('attachment; filename="standorte.csv"');
    expect(answer.headers['cache-control']).to.equal('no-store');
    expect(answer.html.startsWith('\uFEFFkennung;ags;name;ort;')).to.equal(true);
    expect(answer.html.split('\r\n')).to.have.length(4); // columns, two venues, end
    expect(answer.html).to.include('schoenberg-gemeindeamt;14524190;Gemeindeamt;Schönberg').and.not.include('Glauchau');
    expect((await admin.get('/intern/export/standorte.csv')).html).to.include('Glauchau');
    expect((await planner.get('/intern/export/leistungen.csv')).html).to.include('Personalausweis beantragen');
  });

  it('says what a file would do before it does anything, and then does all of it', async () => {
    const file = await exported(planner, '/intern/export/standorte.csv');
    const lines = file.trimEnd().split('\r\n');
    const changed = (lines[1] ?? '').replace('zwei Stufen am Eingang', 'jetzt mit Rampe').replace(';nein;', ';ja;');
    const fresh = (lines[2] ?? '')
      .replace('schoenberg-gemeindeamt', '')
      .replace('Gemeindeamt', 'Alte Schule')
      .replace('Parkplatz am Haus', "'=1+1");
    const page = await preview(planner, VENUES, [lines[0], changed, lines[2], fresh].join('\n'));
    await expectValidHtml(page.html, 'preview');
    const text = visibleText(page.html, 'main');
    expect(text).to.include('1 neu').and.include('1 geändert').and.include('1 unverändert');
    expect(text).to.include('zugang: „zwei Stufen am Eingang“ wird „jetzt mit Rampe“');
    expect(await database()('venues').where('access_de', 'jetzt mit Rampe')).to.deep.equal([]);

    const done = await planner.submit(page);
    expect(visibleText((await planner.follow(done)).html)).to.include('2 Zeilen aus der Datei sind übernommen.');
    expect(await database()('venues').where('slug', 'koethel-feuerwehrhaus').first()).to.deep.include({
      access_de: 'jetzt mit Rampe',
      version: 2,
    });
    expect(await database()('venues').where('slug', 'schoenberg-alte-schule').first()).to.deep.include({
      municipality_id: office.municipalityId,
      access_de: '=1+1',
    });
    expect(await database()('audit_entries').where('subject', 'venue').orderBy('id').pluck('action')).to.have.members([
      'changed',
      'created',
      'imported',
    ]);

    const again = await planner.submit(page);
    expect(again.status).to.equal(422);
    expect(errorsOf(again).join()).to.include('kann nur einmal übernommen werden');
    expect(await database()('venues').where('name', 'Alte Schule')).to.have.length(1);
  });

  it('names line, column and reason of everything faulty, and takes over nothing of it', async () => {
    const file = await exported(planner, '/intern/export/standorte.csv');
    const [header = '', first = ''] = file.trimEnd().split('\r\n');
    const cells = first.split(';');
    const without = cells.slice(1);
    const rows = [
      header,
      first.replace('jetzt mit Rampe', '"zwei\nZeilen"'),
      ['gibt-es-nicht', ...without].join(';'),
      ['glauchau-rathaus', ...without].join(';'),
      first,
      ['', '14524080', ...cells.slice(2)].join(';'),
      ['', ...without].join(';').replace('08393', '8393').replace(';ja;', ';vielleicht;'),
      'zu;wenig',
    ];
    const page = await preview(planner, VENUES, rows.join('\r\n'));
    await expectValidHtml(page.html, 'faulty preview');
    const text = visibleText(page.html, 'main');
    expect(text).to.include('6 Zeilen sind fehlerhaft');
    expect(text).to.include('Zeile 4 Köthel, Feuerwehrhaus kennung: „gibt-es-nicht“ gibt es nicht');
    expect(text).to.include('kennung: „glauchau-rathaus“ gibt es nicht');
    expect(text).to.include('Zeile 6 Köthel, Feuerwehrhaus kennung: steht schon in Zeile 2.');
    expect(text).to.include('ags: „14524080“ ist keine Kommune');
    expect(text)
      .to.match(/Zeile 8 .*plz: /)
      .and.match(/stufenfrei: /);
    expect(text).to.include('Die Zeile hat 2 Felder');
    expect(page.$('main form').length).to.equal(0);
    const before = JSON.stringify(await database()('venues'));
    const forced = await planner.post(VENUES, {
      aktion: 'uebernehmen',
      vorschau: new URL(page.path, 'http://x').searchParams.get('vorschau') ?? '',
      stand: '',
    });
    expect(forced.status).to.equal(422);
    expect(JSON.stringify(await database()('venues'))).to.equal(before);
  });

  it('refuses files that are none, and says why', async () => {
    const header = VENUE_COLUMNS.join(';');
    const cases: [string | Buffer, string][] = [
      ['', 'Wählen Sie eine CSV-Datei aus.'],
      [' \n\n', 'Die Datei ist leer.'],
      [Buffer.from(`\uFEFF${header}`, 'utf16le'), 'Das ist keine CSV-Datei.'],
      [`${header.replace('ags;', '')};farbe`, 'Diese Spalte fehlt: ags.'],
      [`${header};farbe`, 'Diese Spalte kennt das Programm nicht: farbe.'],
      [`${header};name`, 'Diese Spalte kommt mehrmals vor: name.'],
      [`${header}\n"offen;`, 'Die Anführungszeichen in oder vor Zeile 2 passen nicht zusammen.'],
      [`${header}\n${'x\n'.repeat(2001)}`, 'Die Datei hat mehr als 2000 Zeilen.'],
    ];
    for (const [content, message] of cases) {
      const refused = await upload(planner, VENUES, content);
      expect(refused.status, message).to.equal(422);
      expect(errorsOf(refused).join(' | ')).to.include(message);
    }
    const wrongField = await upload(planner, VENUES, header, 'bild');
    expect(wrongField.status).to.equal(422);
    const large = await upload(planner, VENUES, Buffer.alloc(1024 * 1024 + 1, 'x'));
    expect(large.status).to.equal(413);
    expect(errorsOf(large)).to.include('Die Datei ist größer als 1 MB.');
    await expectValidHtml(large.html, 'too large');
    const torn = await planner.ask(VENUES, {
      method: 'POST',
      headers: { 'Content-Type': 'multipart/form-data; boundary=x' },
      body: '--x\r\nContent-Disposition: form-data; name="datei"; filename="a"\r\n\r\nabc',
    });
    expect(torn.status).to.equal(400);
  });

  it('reads commas, tabs and the old characters of Windows, and says so', async () => {
    const file = await exported(admin, '/intern/export/leistungen.csv');
    const table = readable(readTable(file, SERVICE_COLUMNS));
    for (const delimiter of [',', '\t']) {
      const text = [SERVICE_COLUMNS, ...table.rows.map((row) => SERVICE_COLUMNS.map((name) => row.cells[name] ?? ''))]
        .map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(delimiter))
        .join('\n');
      expect(visibleText((await preview(admin, SERVICES, text)).html)).to.include('2 unverändert');
    }
    const windows = Buffer.from(file.slice(1), 'latin1');
    const page = await preview(admin, SERVICES, windows);
    expect(visibleText(page.html)).to.include('2 unverändert').and.include('nicht in UTF-8 gespeichert');
  });

  it('keeps a file for its own user only, and for an hour', async () => {
    const file = (await exported(admin, '/intern/export/standorte.csv')).replace('Gemeindeamt', 'Altes Gemeindeamt');
    const sent = await upload(admin, VENUES, file);
    const path = sent.location ?? '';
    expect(path).to.match(/\?vorschau=[\w-]{22}$/);
    const page = await admin.get(path);
    const other = await signedIn(app, 'admin', { now });
    expect((await other.get(path)).status).to.equal(404);
    expect((await other.submit(page)).status).to.equal(422);
    other.close();
    expect((await admin.get(path.replace('standorte', 'leistungen'))).status, 'another subject').to.equal(404);
    now += HOUR / 2;
    expect((await admin.get(path)).status).to.equal(200);
    now += HOUR / 2 + 1;
    const fresh = await signedIn(app, 'admin', { now, email: 'spaet@beispiel.example' });
    fresh.close();
    admin = await signedIn(app, 'admin', { now });
    planner = await signedIn(app, 'planner', { now, municipalities: [office.municipalityId] });
    await upload(admin, VENUES, file);
    expect(await database()('csv_imports'), 'what has expired is forgotten').to.have.length(1);
  });

  it('says when a file has expired', async () => {
    const page = await preview(
      admin,
      VENUES,
      (await exported(admin, '/intern/export/standorte.csv')).replace('Rathaus;', 'Altes Rathaus;'),
    );
    await app.office.database.writer('csv_imports').update({ created_at: now - HOUR - 1 });
    const refused = await admin.submit(page);
    expect(refused.status).to.equal(422);
    expect(errorsOf(refused).join()).to.include('Diese Vorschau gibt es nicht mehr');
    expect((await admin.get(`${VENUES}?vorschau=quatsch`)).status).to.equal(404);
  });

  it('shows the preview once more when somebody has changed the same meanwhile', async () => {
    const file = await exported(admin, '/intern/export/leistungen.csv');
    const page = await preview(admin, SERVICES, file.replace('Führungszeugnis beantragen', 'Führungszeugnis holen'));
    await app.office.database
      .writer('services')
      .where('id', office.services.certificate)
      .update({ version: 7, minutes: 15 });
    const refused = await admin.submit(page);
    expect(refused.status).to.equal(422);
    expect(visibleText(refused.html)).to.include('Inzwischen hat sich etwas geändert').and.include('minuten_halt');
    expect((await admin.submit(refused)).status).to.equal(303);
    expect(
      await database()('service_texts').where({ service_id: office.services.certificate, locale: 'de' }).pluck('name'),
    ).to.deep.equal(['Führungszeugnis holen']);
  });

  it('takes over services with fees and documents, and names what is wrong with them', async () => {
    const file = await exported(admin, '/intern/export/leistungen.csv');
    const table = readable(readTable(file, SERVICE_COLUMNS));
    const [first] = table.rows;
    const fresh = {
      ...first?.cells,
      kennung: '',
      name_de: 'Neue Leistung',
      gebuehren: '01.01.2026: laut Satzung: Satzung | 1.7.2027: 12,50: Satzung: § 3',
      unterlagen_de: 'eins | zwei | drei',
      suchwoerter: ' Neues | neues |Ganz Neues',
    };
    const page = await preview(admin, SERVICES, writeTable(SERVICE_COLUMNS, [fresh]));
    expect((await admin.submit(page)).status).to.equal(303);
    const row = await database()('services').where('slug', 'neue-leistung').first<{ id: number; synonyms: string }>();
    const id = row?.id ?? 0;
    expect(row?.synonyms).to.equal('Neues\nGanz Neues');
    const again = readable(readTable(await exported(admin, '/intern/export/leistungen.csv'), SERVICE_COLUMNS));
    expect(again.rows.map(({ cells }) => cells['suchwoerter'])).to.include('Neues | Ganz Neues');
    expect(await database()('service_fees').where('service_id', id).orderBy('valid_from')).to.deep.equal([
      { service_id: id, valid_from: '2026-01-01', amount_cents: null, legal_basis: 'Satzung' },
      { service_id: id, valid_from: '2027-07-01', amount_cents: 1250, legal_basis: 'Satzung: § 3' },
    ]);
    expect(await database()('service_documents').where({ service_id: id, locale: 'de' })).to.have.length(3);
    const faulty = await preview(
      admin,
      SERVICES,
      writeTable(SERVICE_COLUMNS, [
        {
          ...fresh,
          gebuehren: '01.01.2026: viel: Satzung',
          bedarf: 'zauberstab',
          kategorie: 'Sonstiges',
          suchwoerter: 'Perso | ?!',
        },
        { ...fresh, leika: '99010001000000', name_de: 'A' },
        { ...fresh, leika: '99010001000000', name_de: 'B' },
      ]),
    );
    const text = visibleText(faulty.html);
    expect(text).to.include('gebuehren: 1. Gebühr: Geben Sie einen Betrag');
    expect(text).to.include('bedarf: Das kennt das Programm nicht: zauberstab.');
    expect(text).to.include('kategorie: Wählen Sie eine Gruppe');
    expect(text).to.include('suchwoerter: Ein Suchwort braucht Buchstaben oder Ziffern.');
    expect(text).to.include('leika: steht schon in Zeile 3.');
  });

  it('is open to those only who may change what is in the file', async () => {
    expect((await planner.get(SERVICES)).status).to.equal(403);
    expect((await upload(planner, SERVICES, 'x')).status).to.equal(403);
    const clerk = await signedIn(app, 'clerk', { now });
    for (const path of [VENUES, SERVICES, '/intern/export/standorte.csv', '/intern/export/leistungen.csv']) {
      expect((await clerk.get(path)).status, path).to.equal(403);
    }
    clerk.close();
    for (const path of [VENUES, SERVICES, `/en${VENUES}`, `/en${SERVICES}`]) {
      const page = await admin.get(path);
      expect(page.status).to.equal(200);
      await expectValidHtml(page.html, path);
    }
  });
});

describe('A CSV file that was exported', function () {
  this.timeout(60_000);

  it('changes nothing when it is imported again: the whole demonstration', async () => {
    const now = OFFICE_ZONE.instantAt('2026-11-24', 8 * 60);
    const app = await startDemoApp({ now: () => now });
    const admin = await signedIn(app, 'admin', { now });
    for (const [subject, path] of [
      ['standorte', VENUES],
      ['leistungen', SERVICES],
    ] as const) {
      const file = await admin.get(`/intern/export/${subject}.csv`);
      const page = await admin.follow(await upload(admin, path, file.html));
      const text = visibleText(page.html, 'main');
      expect(text).to.include('Alles in dieser Datei ist schon so gespeichert.');
      expect(text)
        .to.match(/\d+ unverändert/)
        .and.not.match(/\d+ (neu|geändert)/);
      expect(page.$('main form').length).to.equal(0);
    }
    admin.close();
    await app.stop();
  });

  /** The same numbers in each run, 0 to 1 (mulberry32). */
  function random(seed: number): () => number {
    return () => {
      seed = (seed + 0x6d2b79f5) | 0;
      let value = Math.imul(seed ^ (seed >>> 15), 1 | seed);
      value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
      return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
    };
  }

  const PIECES = [
    '"',
    '""',
    ';',
    ',',
    '\t',
    '\n',
    '=',
    '+',
    '-',
    '@',
    "'",
    "''",
    '|',
    ' | ',
    '\\',
    ':',
    'ä',
    '😀',
    'x',
    ' ',
  ];

  it('changes nothing, whatever odd texts are in it', () => {
    const next = random(4711);
    const odd = (): string =>
      Array.from({ length: 1 + Math.floor(next() * 8) }, () => PIECES[Math.floor(next() * PIECES.length)] ?? '').join(
        '',
      );
    for (let run = 0; run < 300; run += 1) {
      const texts = () => ({
        name: odd(),
        feeNote: next() < 0.5 ? null : odd(),
        note: odd(),
        documents: Array.from({ length: Math.floor(next() * 4) }, odd),
      });
      const service: ServiceRecord = {
        id: 1,
        slug: 'eins',
        version: 1,
        retiredAt: null,
        category: 'identity',
        position: 1,
        minutes: 10,
        homeMinutes: null,
        inPerson: true,
        combinable: false,
        maxPersons: 4,
        leikaKey: null,
        needs: ['printer'],
        forms: Array.from({ length: Math.floor(next() * 3) }, odd),
        synonyms: Array.from({ length: Math.floor(next() * 4) }, odd),
        fees: [{ validFrom: '2026-01-01', cents: 4600, legalBasis: odd() }],
        texts: { de: texts(), en: next() < 0.3 ? null : texts() },
      };
      const file = writeTable(SERVICE_COLUMNS, serviceCells([service]));
      const table = readable(readTable(file, SERVICE_COLUMNS));
      const plan = planServices(table, { services: [service], capabilities: ['printer'] }, t);
      expect(
        plan.lines.map((line) => line.kind),
        JSON.stringify(service),
      ).to.deep.equal(['same']);
      for (const cell of readTableRaw(file)) {
        expect(/^[=+\-@\t\r]/.test(cell), `a spreadsheet would run ${cell}`).to.equal(false);
      }
    }
  });

  /** Cells as a spreadsheet sees them, guards included. */
  function readTableRaw(file: string): string[] {
    return [...file.slice(1).matchAll(/(?:^|;|\r\n)(?:"((?:[^"]|"")*)"|([^;\r\n"]*))/g)].map(
      ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
    );
  }
});

describe('Cells of a CSV file', () => {
  it('get an apostrophe before what a spreadsheet would run, and lose it again', () => {
    const cells = ['=1+1', '+49 3764', '-5', '@x', "'=1", "''+", "'ruhig", 'a=b', '', '\tx'];
    expect(cells.map(guarded).map(unguarded)).to.deep.equal(cells);
    expect(cells.map(guarded)).to.deep.equal([
      "'=1+1",
      "'+49 3764",
      "'-5",
      "'@x",
      "''=1",
      "'''+",
      "'ruhig",
      'a=b',
      '',
      "'\tx",
    ]);
  });

  it('are read in UTF-8, else as old Windows programs write them', () => {
    expect(decode(Buffer.from('\uFEFFä'))).to.deep.equal({ text: 'ä', encoding: 'utf-8' });
    expect(decode(Buffer.from([0xe4, 0x80]))).to.deep.equal({ text: 'ä€', encoding: 'windows' });
    expect(decode(Buffer.from('ä', 'utf16le'))).to.equal(null);
  });
});
