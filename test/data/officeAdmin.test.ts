import { expect } from 'chai';
import { createClosingDayRepository } from '../../server/data/closingDayRepository.ts';
import { createDepotAdminRepository } from '../../server/data/depotAdminRepository.ts';
import { createKitAdminRepository } from '../../server/data/kitAdminRepository.ts';
import { openDatabase, type Database } from '../../server/data/knex.ts';
import { migrateUp } from '../../server/data/migrate.ts';
import { createMunicipalityAdminRepository } from '../../server/data/municipalityAdminRepository.ts';
import { createOfficeRepository } from '../../server/data/officeRepository.ts';
import { createVenueAdminRepository } from '../../server/data/venueAdminRepository.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';

const VISIT = '2026-12-08';

const VENUE = {
  name: 'Bibliothek',
  locality: 'Tettau',
  street: 'Hauptstraße 5',
  postcode: '08393',
  city: 'Schönberg',
  at: { lat: 50.86, lon: 12.48 },
  stepFree: true,
  accessDe: null,
  accessEn: null,
  hasSocket: true,
  hasTable: false,
  hasSignal: null,
  checklistNote: null,
  windows: [
    { weekday: 1, fromMinute: 480, toMinute: 720 },
    { weekday: 1, fromMinute: 780, toMinute: 1020 },
  ],
  contactName: null,
  contactPhone: null,
  contactEmail: null,
};

describeOnBothDatabases('The repositories of the master data', (open) => {
  let database: Database;
  let office: SmallOffice;

  before(async function () {
    this.timeout(60_000);
    database = openDatabase((await open()).config);
    await migrateUp(database);
    office = await seedSmallOffice(database, { date: VISIT });
  });
  after(() => database.close());

  const saving = (label: string) => ({
    author: { userId: null, name: 'Petra Plan' },
    at: 1_000,
    municipalityId: office.municipalityId,
    label,
    changes: [{ field: 'name', from: null, to: label }],
  });
  const audits = async (subject: string): Promise<string[]> =>
    (await database.reader('audit_entries').where({ subject }).orderBy('id')).map(
      ({ action, subject_label }: { action: string; subject_label: string }) => `${action} ${subject_label}`,
    );

  it('keep a venue with its windows, give each its own address, and write its history with it', async () => {
    const venues = createVenueAdminRepository(database);
    const first = await venues.create(office.municipalityId, VENUE, 'tettau-bibliothek', saving('eins'));
    const elsewhere = { ...VENUE, street: 'Schulweg 1' };
    const second = await venues.create(office.municipalityId, elsewhere, 'tettau-bibliothek', saving('zwei'));
    expect((await venues.create(office.municipalityId, VENUE, 'x', saving('noch einmal'))).kind).to.equal('taken');
    const [one, two] = [first, second].map((outcome) => (outcome.kind === 'saved' ? outcome.id : 0)) as [
      number,
      number,
    ];
    expect(await venues.find(one)).to.deep.include({
      ...VENUE,
      slug: 'tettau-bibliothek',
      version: 1,
      retiredAt: null,
    });
    expect((await venues.find(two))?.slug).to.equal('tettau-bibliothek-2');

    const changed = { ...VENUE, windows: [], hasSignal: true };
    expect(await venues.update(one, 1, office.municipalityId, changed, saving('drei'))).to.deep.equal({
      kind: 'saved',
      id: one,
    });
    expect(await venues.find(one)).to.deep.include({ ...changed, version: 2 });
    expect(await venues.update(one, 1, office.municipalityId, VENUE, saving('vier'))).to.deep.equal({ kind: 'stale' });
    expect(await venues.retire(two, 1, 5_000, saving('zwei'))).to.equal('saved');
    expect(await venues.retire(two, 1, 5_000, saving('zwei'))).to.equal('stale');
    expect(await venues.remove(one, 1, saving('eins'))).to.equal('stale');
    expect(await venues.remove(one, 2, saving('eins'))).to.equal('deleted');
    expect(await audits('venue')).to.deep.equal([
      'created eins',
      'created zwei',
      'changed drei',
      'retired zwei',
      'deleted eins',
    ]);
  });

  it('do not delete a venue, kit or depot that a tour needs, and say where they are used', async () => {
    const venues = createVenueAdminRepository(database);
    const kits = createKitAdminRepository(database);
    const depots = createDepotAdminRepository(database);
    expect(await venues.remove(office.firstVenueId, 1, saving('x'))).to.equal('used');
    expect(await kits.remove(office.kitId, 1, saving('x'))).to.equal('used');
    expect(await depots.remove(office.depotId, 1, saving('x'))).to.equal('used');
    expect(await audits('kit')).to.deep.equal([]);

    expect(await venues.visits(office.firstVenueId, { limit: 5 })).to.deep.include({ total: 1 });
    const tours = await kits.tours(office.kitId, { from: VISIT, limit: 5 });
    expect(tours).to.deep.include({ total: 1 });
    expect(tours.first[0]).to.include({ date: VISIT, state: 'published', fromMinute: 540, toMinute: 960 });
    expect(await kits.tours(office.kitId, { from: '2026-12-09', limit: 5 })).to.deep.equal({ total: 0, first: [] });
    expect((await depots.kits(office.depotId, 5)).first).to.deep.equal([
      { id: office.kitId, municipalityId: office.municipalityId, name: 'Koffer 1' },
    ]);
    expect(await depots.clerks(office.depotId, 5)).to.deep.equal({ total: 0, first: [] });
  });

  it('answer a name that is taken, and leave nothing of the attempt', async () => {
    const kits = createKitAdminRepository(database);
    const depots = createDepotAdminRepository(database);
    const kit = { name: 'Koffer 1', depotId: office.depotId, status: 'ready' as const, capabilities: ['fingerprint'] };
    const taken = { kind: 'taken', field: 'name' };
    expect(await kits.create(office.municipalityId, kit, saving('x'))).to.deep.equal(taken);
    const depot = { name: 'Rathaus Meerane', address: '', at: { lat: 50.8, lon: 12.4 } };
    expect(await depots.create(office.municipalityId, depot, saving('x'))).to.deep.equal(taken);
    expect(await audits('depot')).to.deep.equal([]);
    expect(await kits.list('all')).to.have.length(1);
  });

  it('read only what is in scope', async () => {
    const nowhere = new Set<number>();
    const here = new Set([office.municipalityId]);
    const venues = createVenueAdminRepository(database);
    expect(await venues.list(nowhere)).to.deep.equal([]);
    expect((await venues.list(here)).length).to.equal((await venues.list('all')).length);
    expect(await createKitAdminRepository(database).list(nowhere)).to.deep.equal([]);
    expect(await createDepotAdminRepository(database).list(nowhere)).to.deep.equal([]);
    expect(await createMunicipalityAdminRepository(database).list(nowhere)).to.deep.equal([]);
    expect(await createClosingDayRepository(database).list(nowhere, null)).to.deep.equal([]);
    const counts = await createOfficeRepository(database.reader).counts(here);
    expect(counts).to.include({ municipalities: 1, kits: 1, clerks: 1, depots: 1 });
  });

  it('keep closing days once, and find the visits within them', async () => {
    const closings = createClosingDayRepository(database);
    const values = {
      municipalityId: office.municipalityId,
      venueId: null,
      fromDate: '2026-12-07',
      toDate: '2026-12-11',
      reason: 'Umbau',
    };
    const first = await closings.create(values, saving('Umbau'));
    expect(first.kind).to.equal('saved');
    expect(await closings.create(values, saving('Umbau'))).to.deep.equal({ kind: 'there', id: first.id });
    expect((await closings.visits(values, 1)).total).to.equal(2);
    expect((await closings.visits({ ...values, venueId: office.firstVenueId }, 5)).total).to.equal(1);
    expect(await closings.list('all', '2026-12-11')).to.have.length(1);
    expect(await closings.list('all', '2026-12-12')).to.have.length(0);
    await closings.remove(first.id, saving('Umbau'));
    await closings.remove(first.id, saving('Umbau'));
    expect(await audits('closingDay')).to.deep.equal(['created Umbau', 'deleted Umbau']);
  });

  it('keep a municipality and answer a key that is taken', async () => {
    const municipalities = createMunicipalityAdminRepository(database);
    const existing = await municipalities.find(office.municipalityId);
    if (existing === undefined) throw new Error('no municipality');
    const values = existing;
    expect(values).to.include({ cardOnly: true, holdMinutes: 10, imprint: '', holidayRegion: 'SN' });
    expect(await municipalities.create(values, 'meerane', saving('M'))).to.deep.equal({ kind: 'taken', field: 'ags' });
    const created = await municipalities.create({ ...values, ags: '14524320' }, 'meerane', saving('M'));
    if (created.kind !== 'saved') throw new Error(created.kind);
    expect(await municipalities.find(created.id)).to.include({ slug: 'meerane-2', ags: '14524320' });
    const changed = await municipalities.update(office.municipalityId, 1, { ...values, holdMinutes: 15 }, saving('M'));
    expect(changed.kind).to.equal('saved');
    expect((await municipalities.find(office.municipalityId))?.holdMinutes).to.equal(15);
    expect(await createOfficeRepository(database.reader).lastChange('municipality', created.id)).to.equal('Petra Plan');
  });
});
