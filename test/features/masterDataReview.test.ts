import { expect } from 'chai';
import { VENUE_COLUMNS } from '../../server/features/masterData/csvPlan.ts';
import { readTable } from '../../server/features/masterData/csvTable.ts';
import { composed, spreadPosition } from '../../server/features/masterData/listFields.ts';
import { startApp, type RunningApp } from '../support/app.ts';
import { seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';
import { insertUser, signedIn } from '../support/staff.ts';
import { errorsOf, formOf, type Answer, type Fields, type Visitor } from '../support/visitor.ts';
import { insertNeighbour } from './masterDataNeighbour.ts';

const NOW = Date.parse('2026-11-23T08:00:00Z');

describe('Forms of the master data, filled in oddly', function () {
  this.timeout(60_000);
  let app: RunningApp;
  let office: SmallOffice;
  let neighbour: Awaited<ReturnType<typeof insertNeighbour>>;
  let planner: Visitor;

  before(async () => {
    app = await startApp({ now: () => NOW });
    office = await seedSmallOffice(app.office.database, { date: '2026-12-08' });
    neighbour = await insertNeighbour(app);
    const municipalities = [office.municipalityId, neighbour.municipality];
    planner = await signedIn(app, 'planner', { now: NOW, municipalities });
  });
  after(async () => {
    planner.close();
    await app.stop();
  });

  const change = (page: Answer, fields: Fields): Promise<Answer> => planner.submit(page, fields);
  const clerkRow = async () =>
    (await app.office.database.reader('clerks').where('id', office.clerkId).first()) as Record<string, unknown>;

  it('refuse words that mean something to the program only as an answer', async () => {
    for (const word of ['constructor', '__proto__', 'hasownproperty']) {
      for (const field of ['steckdose', 'stufenfrei']) {
        const page = await planner.get(`/intern/standorte/${office.firstVenueId}`);
        const refused = await change(page, { [field]: word });
        expect(refused.status, `${field} ${word}`).to.equal(422);
        expect(refused.html).to.contain(`id="${field}-fehler"`);
      }
    }
  });

  it('take a closing day at the end of time', async () => {
    const fuer = `k${office.municipalityId}`;
    const spans = [
      { von: '9999-12-31', bis: '' },
      { von: '9999-12-30', bis: '9999-12-31' },
    ];
    for (const span of spans) {
      const saved = await planner.post('/intern/schliesstage', { fuer, grund: 'Weltuntergang', ...span });
      expect(saved.status, span.von).to.equal(303);
    }
    const long = { fuer, grund: 'zu lang', von: '2026-01-01', bis: '2027-02-06' };
    expect((await planner.post('/intern/schliesstage', long)).status).to.equal(422);
    expect((await planner.post('/intern/schliesstage', { ...long, bis: '2027-02-05' })).status).to.equal(303);
  });

  it('move a clerk to another depot, and to another user, of the same name', async () => {
    const { writer } = app.office.database;
    const depots: number[] = [];
    for (const municipality_id of [office.municipalityId, neighbour.municipality]) {
      const row = { municipality_id, name: 'Gleicher Name', lat: 50.8, lon: 12.4 };
      const [depot] = await writer<{ id: number }>('depots').insert(row as object, ['id']);
      depots.push(depot?.id ?? 0);
    }
    const where = { municipalities: [office.municipalityId], name: 'Anna Müller' };
    const users = [
      await insertUser(app.office.database, ['clerk'], where),
      await insertUser(app.office.database, ['clerk'], where),
    ];
    for (const index of [0, 1]) {
      const page = await planner.get(`/intern/sachbearbeitung/${office.clerkId}`);
      const wanted = { depot: String(depots[index]), nutzer: String(users[index]?.id) };
      expect((await change(page, wanted)).status).to.equal(303);
      const { depot_id, user_id } = await clerkRow();
      expect({ depot_id, user_id }).to.deep.equal({ depot_id: depots[index], user_id: users[index]?.id });
    }
  });

  it('save a clerk twice as once', async () => {
    const page = await planner.get(`/intern/sachbearbeitung/${office.clerkId}`);
    const { action, fields } = formOf(page);
    const sent = { ...fields, name: 'Neuer Name' };
    expect((await planner.post(action, sent)).status).to.equal(303);
    const { version } = await clerkRow();
    expect((await planner.post(action, sent)).status).to.equal(303);
    expect((await clerkRow())['version']).to.equal(version);
  });

  for (const [path, table] of [
    ['standorte', 'venues'],
    ['depots', 'depots'],
    ['koffer', 'kits'],
  ] as const) {
    it(`save what stands below /intern/${path} twice as once, with one line in the history`, async () => {
      const { reader } = app.office.database;
      const id = (await reader<{ id: number }>(table).orderBy('id').first('id'))?.id ?? 0;
      const { action, fields } = formOf(await planner.get(`/intern/${path}/${id}`));
      const sent = { ...fields, name: `Neuer Name ${table}` };
      const lines = async () => (await reader('audit_entries').where('subject_label', 'like', '%Neuer Name%')).length;
      const before = await lines();
      for (let times = 1; times <= 2; times += 1) {
        const answer = await planner.post(action, sent);
        expect(answer.status, errorsOf(answer).join(' | ')).to.equal(303);
      }
      expect(await lines()).to.equal(before + 1);
    });
  }
});

describe('Texts of absurd length', () => {
  const HEADER = VENUE_COLUMNS.join(';');

  it('are no file: a megabyte of empty rows is refused before it is read to its end', () => {
    for (const row of ['\n', ' \n', ';\n']) {
      const table = readTable(HEADER + '\n' + row.repeat(400_000), VENUE_COLUMNS);
      expect(table).to.deep.equal({ ok: false, problems: [{ kind: 'tooManyRows', max: 2000 }] });
    }
    expect(readTable(HEADER + '\n' + '\n'.repeat(15_000), VENUE_COLUMNS).ok, 'some are read over').to.equal(true);
  });

  it('are no position, and their accents are left as they are', () => {
    const fields = { breite: `50.8${' '.repeat(200_000)}x`, laenge: '' };
    expect(spreadPosition(fields)).to.equal(fields);
    expect(spreadPosition({ breite: '50.849 12.464' })).to.deep.equal({ breite: '50.849', laenge: '12.464' });
    const accents = `a${'\u0301\u0323'.repeat(100_000)}`;
    expect(composed(accents)).to.equal(accents);
    expect(composed('a\u0308')).to.equal('ä');
  });
});
