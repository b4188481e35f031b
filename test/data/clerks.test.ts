import { expect } from 'chai';
import { createClerkRepository } from '../../server/data/clerkRepository.ts';
import { openDatabase, type Database } from '../../server/data/knex.ts';
import { migrateUp } from '../../server/data/migrate.ts';
import type { ClerkInput } from '../../server/features/masterData/clerkPorts.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';
import { insertUser } from '../support/staff.ts';

describeOnBothDatabases('The rows of clerks', function (open) {
  let database: Database;
  let office: SmallOffice;
  let clerks: ReturnType<typeof createClerkRepository>;
  let input: ClerkInput;

  before(async function () {
    this.timeout(60_000);
    database = openDatabase((await open()).config);
    await migrateUp(database);
    office = await seedSmallOffice(database, { date: '2026-12-08' });
    clerks = createClerkRepository(database);
    const user = await insertUser(database, ['clerk'], { municipalities: [office.municipalityId], name: 'B' });
    input = {
      name: 'Berta Beispiel',
      municipalityId: office.municipalityId,
      depotId: office.depotId,
      userId: user.id,
      qualifications: [office.services.idCard, office.services.certificate].sort((a, b) => a - b),
      hours: [
        { weekday: 1, fromMinute: 480, toMinute: 960 },
        { weekday: 5, fromMinute: 480, toMinute: 720 },
      ],
    };
  });

  after(() => database.close());

  const change = {
    author: { userId: null, name: 'Petra' },
    at: 4711,
    picture: (clerk: ClerkInput) => ({ name: clerk.name, rest: JSON.stringify([clerk.hours, clerk.userId]) }),
  };
  const scope = () => new Set([office.municipalityId]);

  it('hold what was entered', async () => {
    const outcome = await clerks.create(input, change);
    const id = outcome.kind === 'saved' ? outcome.id : 0;
    expect(await clerks.find(id)).to.deep.equal({ ...input, id, version: 1, retiredAt: null });
    expect(await clerks.create(input, change), 'sent twice').to.deep.equal(outcome);
    expect((await clerks.all(scope())).map(({ name }) => name)).to.deep.equal(['A. Beispiel', 'Berta Beispiel']);
    expect(await clerks.all(new Set())).to.deep.equal([]);
  });

  it('are one clerk for each account', async () => {
    expect(await clerks.create({ ...input, name: 'C' }, change)).to.deep.equal({ kind: 'userTaken' });
    const clerk = await clerks.find(office.clerkId);
    if (clerk === undefined) throw new Error('no clerk');
    expect(await clerks.save(clerk.id, 1, { ...clerk, userId: input.userId }, change)).to.deep.equal({
      kind: 'userTaken',
    });
  });

  it('offer only accounts whose roles lie in the scope, and one’s own', async () => {
    const inside = await insertUser(database, ['clerk'], { municipalities: [office.municipalityId], name: 'Innen' });
    await insertUser(database, ['planner'], { name: 'Überall' });
    await insertUser(database, [], { name: 'Ohne Rolle' });
    const own = (await clerks.all('all')).find(({ userId }) => userId === input.userId)?.id ?? 0;
    expect((await clerks.choices(scope(), null)).users.map(({ name }) => name)).to.deep.equal(['Innen']);
    expect((await clerks.choices(scope(), own)).users.map(({ name }) => name)).to.deep.equal(['B', 'Innen']);
    expect((await clerks.choices('all', null)).users.map(({ name }) => name)).to.have.members([
      'Innen',
      'Überall',
      'Ohne Rolle',
    ]);
    const elsewhere = await clerks.choices(new Set([4711]), own);
    expect(elsewhere.municipalities).to.deep.equal([]);
    expect(elsewhere.depots.map(({ id }) => id)).to.deep.equal([office.depotId]); // the one they have
    expect(inside.id).to.be.greaterThan(0);
  });

  it('are changed by one of two who try at once', async () => {
    const before = await clerks.find(office.clerkId);
    if (before === undefined) throw new Error('no clerk');
    const outcomes = await Promise.all(
      ['D', 'E'].map((name) => clerks.save(before.id, before.version, { ...before, name }, change)),
    );
    expect(outcomes.map(({ kind }) => kind).sort()).to.deep.equal(['saved', 'stale']);
    expect(await clerks.save(4711, 1, input, change)).to.deep.equal({ kind: 'gone' });
  });

  it('know their absences and tours', async () => {
    const absence = {
      clerkId: office.clerkId,
      fromDate: '2026-12-08',
      toDate: '2026-12-09',
      kind: 'training' as const,
    };
    await Promise.all([clerks.addAbsence(absence, change), clerks.addAbsence(absence, change)]);
    const [first, ...more] = await clerks.absences([office.clerkId], '2026-12-09');
    expect(more).to.deep.equal([]);
    expect(first).to.deep.include(absence);
    expect(await clerks.absences([office.clerkId], '2026-12-10')).to.deep.equal([]);
    expect(await clerks.findAbsence(first?.id ?? 0)).to.deep.equal(first);
    await Promise.all([clerks.removeAbsence(first?.id ?? 0, change), clerks.removeAbsence(first?.id ?? 0, change)]);
    expect(await clerks.findAbsence(first?.id ?? 0)).to.equal(undefined);
    const told = await database
      .reader('audit_entries')
      .where({ subject: 'clerk', subject_id: office.clerkId })
      .orderBy('id');
    expect(
      told.map(({ changes }: { changes: string }) => changes).filter((one) => one.includes('Abwesenheit')),
    ).to.have.length(2);
    expect((await clerks.tours(office.clerkId)).map(({ date }) => date)).to.deep.equal(['2026-12-08']);
    expect(await clerks.tours(office.clerkId, '2026-12-09')).to.deep.equal([]);
  });
});
