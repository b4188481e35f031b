import { expect } from 'chai';
import { startApp, type RunningApp } from '../support/app.ts';
import { expectValidHtml, visibleText } from '../support/html.ts';
import { seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';
import { signedIn } from '../support/staff.ts';
import { errorsOf, formOf, type Visitor } from '../support/visitor.ts';

const NOW = Date.parse('2026-11-23T08:00:00Z');

describe('The kits in the master data', function () {
  this.timeout(60_000);
  let app: RunningApp;
  let office: SmallOffice;
  let planner: Visitor;
  let admin: Visitor;
  let theirs: { municipality: number; depot: number; kit: number };

  before(async () => {
    app = await startApp({ now: () => NOW });
    office = await seedSmallOffice(app.office.database, { date: '2026-12-08' });
    const { writer } = app.office.database;
    const insert = async (table: string, row: object): Promise<number> => {
      const [inserted] = await writer<{ id: number }>(table).insert(row, ['id']);
      return inserted?.id ?? 0;
    };
    const municipality = await insert('municipalities', {
      slug: 'glauchau',
      name: 'Glauchau',
      ags: '14524080',
      office_name: 'Stadt Glauchau',
      lat: 50.82,
      lon: 12.54,
    });
    const depot = await insert('depots', { municipality_id: municipality, name: 'Bauhof', lat: 50.82, lon: 12.54 });
    const kit = await insert('kits', { municipality_id: municipality, name: 'Koffer 1', depot_id: depot });
    theirs = { municipality, depot, kit };
    planner = await signedIn(app, 'planner', { now: NOW, municipalities: [office.municipalityId] });
    admin = await signedIn(app, 'admin', { now: NOW, name: 'Anton Amt' });
  });
  after(async () => {
    planner.close();
    admin.close();
    await app.stop();
  });

  const kitRow = (id: number) =>
    app.office.database.reader('kits').where({ id }).first() as Promise<Record<string, unknown> | undefined>;
  const capabilitiesOf = async (id: number): Promise<string[]> =>
    (await app.office.database.reader('kit_capabilities').where({ kit_id: id }).orderBy('capability')).map(
      ({ capability }: { capability: string }) => capability,
    );
  const lastChanges = async (): Promise<unknown> => {
    const entry = (await app.office.database.reader('audit_entries').orderBy('id', 'desc').first()) as {
      changes: string;
    };
    return JSON.parse(entry.changes);
  };
  const create = (fields: Record<string, string | string[]>) =>
    planner
      .get('/intern/koffer/neu')
      .then((form) => planner.submit(form, { name: 'Koffer 2', depot: String(office.depotId), ...fields }));
  const idIn = (location: string | null): number => Number(/(\d+)$/.exec(location ?? '')?.[1]);

  it('are listed with their depot and state', async () => {
    const page = await planner.get('/intern/koffer');
    await expectValidHtml(page.html, 'kits');
    expect(visibleText(page.html)).to.contain('Koffer 1 steht im Depot Rathaus Meerane 2 Geräte');
    expect(visibleText((await planner.get('/intern/koffer?suche=koffer+9')).html)).to.contain('Nichts gefunden');
  });

  it('are created with what they can do; a capability without a name shows its code', async () => {
    const form = await planner.get('/intern/koffer/neu');
    await expectValidHtml(form.html, 'new kit');
    expect(visibleText(form.html)).to.contain('card-terminal');
    const saved = await create({ ausstattung: ['card-terminal'] });
    expect(saved.status, errorsOf(saved).join()).to.equal(303);
    const id = idIn(saved.location);
    expect(await kitRow(id)).to.include({ status: 'ready', depot_id: office.depotId, version: 1 });
    expect(await capabilitiesOf(id)).to.deep.equal(['card-terminal']);

    const page = await planner.follow(saved);
    const changed = await planner.submit(page, { ausstattung: ['card-terminal', 'fingerprint', 'made-up'] });
    expect(changed.status).to.equal(303);
    expect(await capabilitiesOf(id)).to.deep.equal(['card-terminal', 'fingerprint']);
    expect(await lastChanges()).to.deep.equal([
      { field: 'capabilities', from: 'card-terminal', to: 'card-terminal, fingerprint' },
    ]);
  });

  it('are refused without name, depot or state, and everything typed and ticked stays', async () => {
    const page = await create({ name: '', depot: '', zustand: 'kaputt', ausstattung: ['fingerprint'] });
    expect(page.status).to.equal(422);
    expect(
      page
        .$('#fehler a')
        .map((_, a) => page.$(a).attr('href'))
        .get(),
    ).to.deep.equal(['#name', '#depot', '#zustand']);
    expect(formOf(page).fields).to.include({ ausstattung: 'fingerprint' });
    await expectValidHtml(page.html, 'refused kit');
  });

  it('have names of their own within a municipality, not beyond it', async () => {
    const page = await create({ name: 'Koffer 1' });
    expect(page.status).to.equal(422);
    expect(errorsOf(page).join()).to.contain('Diesen Namen gibt es in der Kommune schon');
  });

  it('are not overwritten from an older version', async () => {
    const path = `/intern/koffer/${office.kitId}`;
    const mine = await planner.get(path);
    await admin.submit(await admin.get(path), { name: 'Koffer A' });
    const stale = await planner.submit(mine, { name: 'Koffer B' });
    expect(stale.status).to.equal(422);
    expect(visibleText(stale.html)).to.contain('Anton Amt').and.to.contain('Koffer A');
    expect(await kitRow(office.kitId)).to.include({ name: 'Koffer A' });
    await planner.submit(stale, { name: 'Koffer 1' });
    expect(await kitRow(office.kitId)).to.include({ name: 'Koffer 1' });
  });

  it('warn of the coming tours before and after they are set to defect', async () => {
    const path = `/intern/koffer/${office.kitId}`;
    const before = await planner.get(path);
    expect(visibleText(before.html, '#touren').replaceAll('\u00A0', ' ')).to.contain('8. Dezember 2026, 9 bis 16 Uhr');
    const after = await planner.follow(await planner.submit(before, { zustand: 'defect' }));
    const text = visibleText(after.html);
    expect(text)
      .to.contain('Betroffen ist 1 kommende Tour')
      .and.to.contain('1 kommende Tour hat einen defekten Koffer');
    await expectValidHtml(after.html, 'defect kit');
    expect(await lastChanges()).to.deep.equal([{ field: 'status', from: 'einsatzbereit', to: 'defekt' }]);
    expect(visibleText((await planner.get('/intern/koffer')).html)).to.contain('defekt');
  });

  it('that are on a tour are not deleted but can be retired and restored', async () => {
    const path = `/intern/koffer/${office.kitId}`;
    const page = await planner.get(`${path}/loeschung`);
    expect(visibleText(page.html)).to.contain('1 Tour mit diesem Koffer');
    const { version } = (await kitRow(office.kitId)) as { version: number };
    expect((await planner.post(`${path}/loeschung`, { version: String(version) })).status).to.equal(422);

    const ask = await planner.get(`${path}/stilllegung`);
    expect(visibleText(ask.html)).to.contain('1 kommende Tour ist mit diesem Koffer geplant');
    await planner.submit(ask);
    expect((await kitRow(office.kitId))?.['retired_at']).to.equal(NOW);
    await planner.submit(await planner.get(`${path}/stilllegung`));
    expect((await kitRow(office.kitId))?.['retired_at']).to.equal(null);
  });

  it('that were never used can be deleted, but not from an older version', async () => {
    const saved = await create({ name: 'Koffer 3', ausstattung: ['fingerprint'] });
    const id = idIn(saved.location);
    const ask = await planner.get(`/intern/koffer/${id}/loeschung`);
    await planner.submit(await planner.get(`/intern/koffer/${id}`), { zustand: 'defect' });
    const stale = await planner.submit(ask);
    expect(visibleText((await planner.follow(stale)).html)).to.contain('Das wurde inzwischen geändert');
    expect(await kitRow(id)).not.to.equal(undefined);
    await planner.submit(await planner.get(`/intern/koffer/${id}/loeschung`));
    expect(await kitRow(id)).to.equal(undefined);
  });

  it('of another municipality do not exist, take no change and give no depot', async () => {
    for (const path of ['', '/stilllegung', '/loeschung'].map((end) => `/intern/koffer/${theirs.kit}${end}`)) {
      expect((await planner.get(path)).status, path).to.equal(404);
      const answer = await planner.post(path, { name: 'X', version: '1', kommune: String(office.municipalityId) });
      expect(answer.status, `POST ${path}`).to.equal(404);
    }
    expect((await planner.get('/intern/koffer/neu')).$('main').html()).not.to.match(/Glauchau|Bauhof/);
    expect((await create({ name: 'K', kommune: String(theirs.municipality) })).status).to.equal(422);
    expect((await create({ name: 'K', depot: String(theirs.depot) })).status).to.equal(422);
    const moved = await planner.submit(await planner.get(`/intern/koffer/${office.kitId}`), {
      kommune: String(theirs.municipality),
    });
    expect(moved.status).to.equal(422);
    expect(await kitRow(office.kitId)).to.include({ municipality_id: office.municipalityId });
    expect(await kitRow(theirs.kit)).to.include({ name: 'Koffer 1', version: 1, retired_at: null });
  });

  it('are out of reach for hotline and clerks', async () => {
    for (const role of ['hotline', 'clerk'] as const) {
      const visitor = await signedIn(app, role, { now: NOW });
      expect((await visitor.get(`/intern/koffer/${office.kitId}`)).status).to.equal(403);
      expect((await visitor.post(`/intern/koffer/${office.kitId}`, { name: 'X' })).status).to.equal(403);
      visitor.close();
    }
  });
});
