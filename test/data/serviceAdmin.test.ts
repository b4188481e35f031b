import { expect } from 'chai';
import { createCsvImportRepository } from '../../server/data/csvImportRepository.ts';
import { openDatabase, type Database } from '../../server/data/knex.ts';
import { migrateUp } from '../../server/data/migrate.ts';
import { createServiceAdminRepository } from '../../server/data/serviceAdminRepository.ts';
import { Refusal } from '../../server/domain/refusal.ts';
import { cellsOfService } from '../../server/features/masterData/serviceFields.ts';
import type { ServiceInput } from '../../server/features/masterData/servicePorts.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';
import { insertUser } from '../support/staff.ts';

const INPUT: ServiceInput = {
  category: 'certificates',
  position: 5,
  minutes: 15,
  homeMinutes: 25,
  inPerson: false,
  combinable: false,
  maxPersons: 2,
  leikaKey: '99010001000000',
  needs: ['card-terminal', 'fingerprint'],
  forms: ['Antrag', 'Merkblatt'],
  synonyms: ['beglaubigen', 'amtliche Kopie'],
  fees: [
    { validFrom: '2026-01-01', cents: 0, legalBasis: 'Satzung' },
    { validFrom: '2027-01-01', cents: null, legalBasis: 'Satzung' },
  ],
  texts: { de: { name: 'Beglaubigung', feeNote: null, note: 'Hinweis', documents: ['eins', 'zwei'] }, en: null },
};

describeOnBothDatabases('The rows of services', function (open) {
  let database: Database;
  let office: SmallOffice;
  let services: ReturnType<typeof createServiceAdminRepository>;
  let userId: number;

  before(async function () {
    this.timeout(60_000);
    database = openDatabase((await open()).config);
    await migrateUp(database);
    office = await seedSmallOffice(database, { date: '2026-12-08' });
    services = createServiceAdminRepository(database);
    userId = (await insertUser(database, ['admin'])).id;
  });

  after(() => database.close());

  const change = () => ({ author: { userId, name: 'Ada' }, at: 4711, picture: cellsOfService });

  it('hold what was entered, in any order of writing', async () => {
    const outcome = await services.create(INPUT, 'beglaubigung', change());
    expect(outcome.kind).to.equal('saved');
    const id = outcome.kind === 'saved' ? outcome.id : 0;
    expect(await services.find(id)).to.deep.equal({ ...INPUT, id, slug: 'beglaubigung', version: 1, retiredAt: null });
    expect((await services.all()).map((one) => one.slug)).to.deep.equal([
      'beglaubigung',
      'personalausweis',
      'fuehrungszeugnis',
    ]);
    expect(await services.create(INPUT, 'beglaubigung', change()), 'sent twice').to.deep.equal(outcome);
  });

  it('get a free address, and no key of the catalogue twice', async () => {
    const other = { ...INPUT, minutes: 20, leikaKey: null };
    expect((await services.create(other, 'beglaubigung', change())).kind).to.equal('saved');
    expect((await services.all()).map((one) => one.slug)).to.include('beglaubigung-2');
    expect(await services.create({ ...INPUT, minutes: 30 }, 'x', change())).to.deep.equal({ kind: 'leikaTaken' });
    expect(await services.save(office.services.idCard, 1, { ...INPUT, minutes: 30 }, change())).to.deep.equal({
      kind: 'leikaTaken',
    });
  });

  it('are changed by one of two who try at once', async () => {
    const before = await services.find(office.services.certificate);
    if (before === undefined) throw new Error('no service');
    const outcomes = await Promise.all(
      [11, 12].map((minutes) => services.save(before.id, before.version, { ...before, minutes }, change())),
    );
    expect(outcomes.map(({ kind }) => kind).sort()).to.deep.equal(['saved', 'stale']);
    expect(outcomes.find(({ kind }) => kind === 'stale')).to.deep.equal({ kind: 'stale', by: 'Ada' });
    expect(await services.save(4711, 1, INPUT, change())).to.deep.equal({ kind: 'gone' });
  });

  it('stay as long as something uses them', async () => {
    const { idCard } = office.services;
    const outcome = await services.remove(idCard, 1, change());
    expect(outcome.kind).to.equal('used');
    expect((await services.uses(idCard)).clerks.map(({ name }) => name)).to.deep.equal(['A. Beispiel']);
    expect(await services.setRetired(idCard, 2, true, change()), 'not the version that was seen').to.equal('stale');
    expect(await services.setRetired(idCard, 1, true, change())).to.equal('saved');
    expect(await services.setRetired(idCard, 1, true, change()), 'sent twice').to.equal('saved');
    expect((await services.find(idCard))?.retiredAt).to.equal(4711);
    const spare = (await services.all()).find((one) => one.slug === 'beglaubigung-2');
    expect((await services.remove(spare?.id ?? 0, 2, change())).kind).to.equal('stale');
    expect((await services.remove(spare?.id ?? 0, 1, change())).kind).to.equal('removed');
    expect((await services.remove(spare?.id ?? 0, 1, change())).kind, 'sent twice').to.equal('removed');
  });

  it('are taken over from a file as a whole or not at all, and once', async () => {
    const csv = createCsvImportRepository(database);
    const file = { id: 'a'.repeat(22), userId, subject: 'services' as const, content: 'x;"ä\n' };
    await csv.keep({ ...file, id: 'b'.repeat(22) }, 10, 0);
    await csv.keep(file, 100, 50);
    const wanted = { ...file, since: 100 };
    expect(await csv.content(wanted)).to.equal(file.content);
    for (const none of [
      { since: 101 },
      { userId: userId + 1 },
      { subject: 'venues' as const },
      { id: 'b'.repeat(22), since: 0 },
    ]) {
      expect(await csv.content({ ...wanted, ...none })).to.equal(undefined);
    }
    const before = (await services.all()).length;
    const refused = await csv.unit(async (unit) => {
      expect(await unit.take(wanted)).to.equal(file.content);
      await unit.insertService({ ...INPUT, leikaKey: null, minutes: 40 }, 'aus-der-datei', change());
      throw new Refusal({ kind: 'stale' as const });
    });
    expect(refused).to.deep.equal({ kind: 'stale' });
    expect((await services.all()).length).to.equal(before);
    const taken = await Promise.all([1, 2].map(() => csv.unit((unit) => unit.take(wanted))));
    expect(taken.filter((one) => one !== undefined)).to.deep.equal([file.content]);
    expect((await csv.reading.venues(new Set([office.municipalityId]))).length).to.equal(2);
    expect(await csv.reading.venues(new Set())).to.deep.equal([]);
    expect(await csv.unit((unit) => unit.municipalities('all'))).to.deep.equal([
      { id: office.municipalityId, name: 'Meerane', ags: '14524190' },
    ]);
  });
});
