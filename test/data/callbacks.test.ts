import { expect } from 'chai';
import { createCallbackRepository } from '../../server/data/callbackRepository.ts';
import { createHousekeepingRepository } from '../../server/data/housekeepingRepository.ts';
import type { Database, DatabaseConfig } from '../../server/data/knex.ts';
import {
  finishCallback,
  giveBackCallback,
  reopenCallback,
  takeCallback,
  TAKEN_FOR,
  type ChangeOutcome,
} from '../../server/features/callbacks/changeCallback.ts';
import { noteCallback, SAME_NOTE } from '../../server/features/callbacks/noteCallback.ts';
import { purgePersonalData } from '../../server/jobs/retention.ts';
import { callbackDeps } from '../support/callbackFixture.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { OFFICE_ZONE, seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';
import { raceProcesses } from '../support/processes.ts';
import { countWhere, openMigrated } from '../support/raceFixture.ts';
import { insertUser } from '../support/staff.ts';
import { addNeighbour } from '../support/toursFixture.ts';
import type { RaceStep } from '../races/callbacks.worker.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

describeOnBothDatabases('A call-back', (open) => {
  let config: DatabaseConfig;
  let database: Database;
  let office: SmallOffice;
  let now: number;
  let anna: { userId: number; name: string };
  let bernd: { userId: number; name: string };

  beforeEach(async () => {
    now = OFFICE_ZONE.instantAt('2026-12-01', 10 * 60);
    ({ config } = await open());
    database = await openMigrated(config);
    office = await seedSmallOffice(database, { date: '2026-12-08' });
    const person = async (name: string) => ({ userId: (await insertUser(database, ['hotline'], { name })).id, name });
    anna = await person('Anna Winter');
    bernd = await person('Bernd Amt');
  });
  afterEach(() => database.close());

  const note = (phone: string, by = anna, reason = 'Wann kommt der Koffer?'): Promise<{ id: number; dueAt: number }> =>
    noteCallback(
      callbackDeps(database, () => now),
      by,
      { municipality: { id: office.municipalityId, holidayRegion: 'SN' }, name: 'Frau Vogel', phone, reason },
    );
  type Actor = typeof anna;
  const deps = () => callbackDeps(database, () => now);
  const caller = (actor: Actor) => ({ actor, scope: 'all' as const });
  const take = (id: number, by: Actor, seen: number | null = null) => takeCallback(deps(), caller(by), id, seen);
  const open1 = async () => (await createCallbackRepository(database.reader).open('all', 1)).callbacks[0];
  const kindOf = async (outcome: Promise<ChangeOutcome>): Promise<string> => (await outcome).kind;

  it('is noted with who noted it and until when it is due', async () => {
    const { id, dueAt } = await note('03764 4711');
    expect(dueAt).to.equal(OFFICE_ZONE.instantAt('2026-12-02', 10 * 60));
    expect(await createCallbackRepository(database.reader).open('all', 10)).to.deep.equal({
      total: 1,
      callbacks: [
        {
          id,
          municipalityId: office.municipalityId,
          name: 'Frau Vogel',
          phone: '03764 4711',
          reason: 'Wann kommt der Koffer?',
          createdAt: now,
          createdBy: 'Anna Winter',
          dueAt,
          taken: null,
          done: null,
        },
      ],
    });
  });

  it('is one when it is sent twice, and two when somebody calls again', async () => {
    const first = await note('03764 4711');
    now += SAME_NOTE;
    expect(await note('03764 4711')).to.deep.equal(first);
    expect((await note('03764 4711', bernd)).id).not.to.equal(first.id);
    expect((await note('03764 4711', anna, 'noch etwas')).id).not.to.equal(first.id);
    now += 1;
    expect((await note('03764 4711')).id).not.to.equal(first.id);
    expect(await countWhere(database, 'callbacks')).to.equal(4);
    expect(await countWhere(database, 'audit_entries', { action: 'created' })).to.equal(4);
  });

  it('is listed by when it is due, as many as are asked for, in the own municipalities only', async () => {
    const early = await note('03764 1111');
    const late = await note('03764 2222');
    const { municipalityId: elsewhere } = await addNeighbour(database);
    await database
      .writer('callbacks')
      .where('id', early.id)
      .update({ due_at: late.dueAt + 1 });
    const repository = createCallbackRepository(database.reader);
    const { callbacks, total } = await repository.open('all', 1);
    expect([callbacks.map(({ id }) => id), total]).to.deep.equal([[late.id], 2]);
    expect((await repository.open(new Set([office.municipalityId]), 5)).total).to.equal(2);
    expect(await repository.open(new Set([elsewhere]), 5)).to.deep.equal({ callbacks: [], total: 0 });
    expect(await repository.open(new Set(), 5)).to.deep.equal({ callbacks: [], total: 0 });
    expect(await kindOf(takeCallback(deps(), { actor: anna, scope: new Set([elsewhere]) }, late.id, null))).to.equal(
      'gone',
    );
    expect(await repository.waiting('all', late.dueAt)).to.deep.equal({ open: 2, overdue: 0 });
    expect(await repository.waiting('all', late.dueAt + 1)).to.deep.equal({ open: 2, overdue: 1 });
    expect(await repository.waiting(new Set([elsewhere]), late.dueAt + 1)).to.deep.equal({ open: 0, overdue: 0 });
  });

  it('is taken by one person at a time and given back', async () => {
    const { id } = await note('03764 4711');
    expect(await kindOf(take(id, anna))).to.equal('changed');
    expect(await kindOf(take(id, anna)), 'sent twice').to.equal('already');
    now += MINUTE;
    expect(await take(id, bernd)).to.deep.include({ kind: 'others' });
    expect((await open1())?.taken).to.deep.equal({ at: now - MINUTE, userId: anna.userId, name: 'Anna Winter' });
    expect(await kindOf(giveBackCallback(deps(), caller(bernd), id))).to.equal('others');
    expect(await kindOf(finishCallback(deps(), caller(bernd), id))).to.equal('others');
    expect(await kindOf(giveBackCallback(deps(), caller(anna), id))).to.equal('changed');
    expect(await kindOf(giveBackCallback(deps(), caller(anna), id)), 'sent twice').to.equal('already');
    expect(await kindOf(take(id, bernd))).to.equal('changed');
  });

  it('is taken over only by somebody who sees who has it, an hour later or once it is overdue', async () => {
    const { id, dueAt } = await note('03764 4711');
    await take(id, anna);
    const taken = now;
    now += TAKEN_FOR;
    expect(await kindOf(take(id, bernd, taken))).to.equal('others');
    now += 1;
    expect(await kindOf(take(id, bernd)), 'who thought it free').to.equal('others');
    expect(await kindOf(take(id, bernd, taken - 1)), 'who saw something older').to.equal('others');
    expect(await kindOf(take(id, bernd, taken))).to.equal('changed');
    expect(await kindOf(take(id, anna, taken))).to.equal('others');

    const taken2 = now;
    now = dueAt + 1;
    expect(await kindOf(take(id, anna, taken2))).to.equal('changed');
    const entries = await database
      .reader('audit_entries')
      .where('action', 'taken')
      .orderBy('id')
      .select<{ changes: string }[]>('changes');
    expect(entries.map(({ changes }) => JSON.parse(changes) as unknown)).to.deep.equal([
      [],
      [{ field: 'Bei', from: 'Anna Winter', to: 'Bernd Amt' }],
      [{ field: 'Bei', from: 'Bernd Amt', to: 'Anna Winter' }],
    ]);
  });

  it('is free again when the account of who has it is gone', async () => {
    const { id } = await note('03764 4711');
    await take(id, anna);
    await database.writer('users').where('id', anna.userId).delete();
    expect(await open1()).to.deep.include({ taken: null, createdBy: null });
    expect(await kindOf(take(id, bernd))).to.equal('changed');
  });

  it('is ticked off once, opened again, and then with who had it', async () => {
    const { id } = await note('03764 4711');
    await take(id, anna);
    expect(await kindOf(finishCallback(deps(), caller(anna), id))).to.equal('changed');
    expect(await kindOf(finishCallback(deps(), caller(anna), id)), 'sent twice').to.equal('already');
    expect(await kindOf(take(id, bernd))).to.equal('finished');
    expect(await kindOf(giveBackCallback(deps(), caller(anna), id))).to.equal('finished');
    const repository = createCallbackRepository(database.reader);
    expect((await repository.open('all', 5)).total).to.equal(0);
    expect((await repository.doneSince('all', now, 5)).map(({ done }) => done)).to.deep.equal([
      { at: now, userId: anna.userId, name: 'Anna Winter' },
    ]);
    expect(await repository.doneSince('all', now + 1, 5)).to.deep.equal([]);
    expect(await kindOf(reopenCallback(deps(), caller(anna), id))).to.equal('changed');
    expect(await kindOf(reopenCallback(deps(), caller(anna), id)), 'sent twice').to.equal('already');
    expect((await open1())?.taken?.name).to.equal('Anna Winter');

    await finishCallback(deps(), caller(anna), id);
    await reopenCallback(deps(), caller(bernd), id);
    expect((await open1())?.taken, 'opened by somebody else').to.equal(null);
  });

  it('stands in the history by its number only', async () => {
    const { id } = await note('03764 4711');
    await take(id, anna);
    await giveBackCallback(deps(), caller(anna), id);
    await finishCallback(deps(), caller(anna), id);
    await reopenCallback(deps(), caller(anna), id);
    const rows = await database.reader('audit_entries').orderBy('id').select<Record<string, unknown>[]>('*');
    expect(rows.map(({ action }) => action)).to.deep.equal(['created', 'taken', 'givenBack', 'done', 'changed']);
    for (const row of rows) {
      expect(row).to.include({ subject: 'callback', subject_id: id, subject_label: `Rückruf ${id}` });
      expect(row).to.include({ municipality_id: office.municipalityId, user_name: 'Anna Winter' });
    }
    expect(JSON.stringify(rows)).not.to.match(/4711|Vogel|Koffer\?/);
  });

  it('is deleted a day after it was done, and two weeks after it was due if nobody did it', async () => {
    const done = await note('03764 1111');
    await finishCallback(deps(), caller(anna), done.id);
    await note('03764 2222');
    const purge = async (at: number): Promise<number> =>
      (await purgePersonalData(createHousekeepingRepository(database), at)).callbacks;
    expect(await purge(now + DAY)).to.equal(0);
    expect(await purge(now + DAY + 1)).to.equal(1);
    expect((await open1())?.phone).to.equal('03764 2222');
    expect(await purge(done.dueAt + 14 * DAY)).to.equal(0);
    expect(await purge(done.dueAt + 14 * DAY + 1)).to.equal(1);
    expect(await countWhere(database, 'callbacks')).to.equal(0);
    const next = await note('03764 3333');
    expect(next.id, 'numbers in the history are used once').to.be.greaterThan(done.id + 1);
  });

  describe('for which several processes act at the same moment', function () {
    this.timeout(60_000);
    const race = (...steps: RaceStep[][]): Promise<string[][]> =>
      raceProcesses<string[]>(
        'callbacks.worker.ts',
        steps.map((own) => [config, own]),
      );

    it('goes to one of those who take it, and the others hear who', async () => {
      const { id } = await note('03764 4711');
      const users = await Promise.all(Array.from({ length: 4 }, () => insertUser(database, ['hotline'])));
      const takes = (user: number): RaceStep => ({
        kind: 'take',
        at: now,
        userId: users[user]?.id ?? 0,
        id,
        seenTakenAt: null,
      });
      const outcomes = await race([takes(0), takes(1)], [takes(2)], [takes(3)]);
      expect(outcomes.flat().sort()).to.deep.equal(['changed', 'others', 'others', 'others']);
      expect(await countWhere(database, 'audit_entries', { action: 'taken' })).to.equal(1);
    });

    it('is taken over by one of two', async () => {
      const { id } = await note('03764 4711');
      await take(id, anna);
      const seenTakenAt = now;
      const carla = await insertUser(database, ['hotline']);
      const at = now + TAKEN_FOR + 1;
      const over = (userId: number): RaceStep => ({ kind: 'take', at, userId, id, seenTakenAt });
      const outcomes = await race([over(bernd.userId)], [over(carla.id)]);
      expect(outcomes.flat().sort()).to.deep.equal(['changed', 'others']);
    });

    it('is ticked off once, and noted once', async () => {
      const { id } = await note('03764 4711');
      const finish: RaceStep = { kind: 'finish', at: now, userId: anna.userId, id };
      expect((await race([finish, finish], [finish])).flat().sort()).to.deep.equal(['already', 'already', 'changed']);
      const write: RaceStep = {
        kind: 'note',
        at: now,
        userId: anna.userId,
        municipalityId: office.municipalityId,
        phone: '03764 8888',
      };
      const ids = (await race([write, write], [write], [write])).flat();
      expect(new Set(ids).size).to.equal(1);
      expect(await countWhere(database, 'callbacks', { phone: '03764 8888' })).to.equal(1);
    });
  });
});
