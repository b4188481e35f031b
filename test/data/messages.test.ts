import { expect } from 'chai';
import type { Actor, Scope } from '../../server/domain/access.ts';
import type { Database } from '../../server/data/knex.ts';
import { createMessageRepository, createMessageUnit } from '../../server/data/messageRepository.ts';
import { moveAppointment } from '../../server/features/booking/changeAppointment.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { createDesk, seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';
import { openMigrated } from '../support/raceFixture.ts';

const DAY = '2026-12-01';
const MAIL = { mail: true, sms: false };
const HOUR = 3_600_000;

describeOnBothDatabases('Messages as staff see them', (open) => {
  let now: number;
  let database: Database;
  let office: SmallOffice;
  let desk: ReturnType<typeof createDesk>;
  let actor: Actor;

  beforeEach(async () => {
    now = Date.parse('2026-11-20T08:00:00Z');
    database = await openMigrated((await open()).config);
    office = await seedSmallOffice(database, { date: DAY });
    desk = createDesk(database, () => now, MAIL);
    const [user] = await database
      .writer<{ id: number }>('users')
      .insert({ email: 'a@amt.example', name: 'A. Amt', created_at: now } as object, ['id']);
    actor = { userId: user?.id ?? 0, name: 'A. Amt', email: 'a@amt.example', grants: [] };
  });
  afterEach(() => database.close());

  const messages = () => createMessageRepository(database.reader);
  const book = (minute = 540) => desk.book({ stopId: office.firstStopId, minute, contactKind: 'email' });
  const set = (id: number, row: object) => database.writer('outbox').where({ id }).update(row);
  const sent = (id: number) =>
    set(id, { state: 'sent', done_at: now, attempts: 1, body: 'Guten Tag', subject: 'Termin' });
  const failed = (id: number) =>
    set(id, { state: 'failed', done_at: now, attempts: 3, error: 'recipient: 550 no such user' });
  const again = (id: number, scope: Scope = 'all') =>
    database.unit((trx) => createMessageUnit(trx, MAIL).again({ actor, scope }, id, now));
  const states = async () =>
    (await database.reader<{ kind: string; state: string; id: number }>('outbox').orderBy('id')).map(
      ({ id, kind, state }) => `${id} ${kind} ${state}`,
    );
  const elsewhere = new Set([0]);

  it('are listed by what became of them, without names and addresses', async () => {
    const booked = await book();
    await book(600);
    await book(660);
    await sent(1);
    now += 1_000;
    await failed(2);
    expect(await messages().counts('all')).to.deep.equal({ waiting: 1, sent: 1, failed: 1 });
    expect(await messages().counts(elsewhere)).to.deep.equal({ waiting: 0, sent: 0, failed: 0 });
    const [one, ...others] = await messages().list('all', 'sent', 10, 0);
    expect(others).to.deep.equal([]);
    expect(one).to.include({ id: 1, kind: 'booked', state: 'sent', reference: booked.reference, attempts: 1 });
    expect(JSON.stringify(await messages().list('all', 'failed', 10, 0))).to.not.match(/Vogel|@|Guten Tag/);
    expect(await messages().list(elsewhere, 'sent', 10, 0)).to.deep.equal([]);
    expect(await messages().list('all', 'sent', 10, 1)).to.deep.equal([]);
  });

  it('are gone with the data of the person', async () => {
    const { id } = await book();
    await database.writer('appointments').where('id', id).update({
      purged_at: now,
      reference: null,
      secret: null,
      first_name: null,
      family_name: null,
      family_key: null,
      contact: null,
    });
    expect(await messages().counts('all')).to.deep.equal({ waiting: 0, sent: 0, failed: 0 });
    expect(await again(1)).to.equal(null);
  });

  it('that wait because nothing leaves at all are told apart from one that was refused', async () => {
    await book();
    await book(600);
    expect(await messages().stuck('all')).to.deep.equal([]);
    await set(1, { error: 'connection: ECONNREFUSED' });
    await set(2, { error: 'message: 451 later', attempts: 1 });
    expect(await messages().stuck('all')).to.deep.equal([
      { municipalityId: office.municipalityId, channel: 'email', since: now, error: 'connection: ECONNREFUSED' },
    ]);
    expect(await messages().stuck(elsewhere)).to.deep.equal([]);
  });

  it('are opened by somebody, which stands in the history without the address', async () => {
    await book();
    await sent(1);
    const opened = await database.unit((trx) => createMessageUnit(trx, MAIL).open({ actor, scope: 'all' }, 1, now));
    expect(opened).to.include({ subject: 'Termin', body: 'Guten Tag', locale: 'de' });
    const entries = await database.reader('audit_entries').where({ subject: 'message' });
    expect(entries).to.have.length(1);
    expect(entries[0]).to.include({ action: 'lookedUp', subject_id: 1, user_name: 'A. Amt' });
    expect(JSON.stringify(entries)).to.not.match(/Vogel|@beispiel/);
    const hidden = await database.unit((trx) => createMessageUnit(trx, MAIL).open({ actor, scope: elsewhere }, 1, now));
    expect(hidden).to.equal(null);
    expect(await database.reader('audit_entries').where({ subject: 'message' })).to.have.length(1);
  });

  describe('are sent again', () => {
    it('where they were given up: the same message, once, however often it is asked for', async () => {
      await book();
      await failed(1);
      now += HOUR;
      expect(await again(1)).to.equal('queued');
      expect(await again(1)).to.equal('waits');
      expect(await states()).to.deep.equal(['1 booked waiting']);
      const [row] = await database.reader<{ attempts: number; created_at: number; done_at: null }>('outbox');
      expect(row).to.include({ attempts: 0, created_at: now, done_at: null });
    });

    it('where they were sent: a new one that says how things stand now', async () => {
      const { secret } = await book();
      await sent(1);
      await moveAppointment(desk.deps, secret, { stopId: office.firstStopId, tick: 126 });
      await sent(2);
      expect(await again(1)).to.equal('queued');
      expect(await states()).to.deep.equal(['1 booked sent', '2 moved sent', '3 booked waiting']);
      const [, , newest] = await database.reader<{ start_tick: number }>('outbox').orderBy('id');
      expect(newest?.start_tick).to.equal(126);
    });

    it('where the time has changed since: not the old one', async () => {
      const { secret } = await book();
      await failed(1);
      await moveAppointment(desk.deps, secret, { stopId: office.firstStopId, tick: 126 });
      await failed(2);
      expect(await again(1)).to.equal('queued');
      expect(await states()).to.deep.equal(['1 booked failed', '2 moved failed', '3 booked waiting']);
    });

    it('by two at once: one of them', async () => {
      await book();
      await sent(1);
      expect((await Promise.all([again(1), again(1)])).sort()).to.deep.equal(['queued', 'waits']);
    });

    it('to an address nobody has confirmed: a few times, while the time is kept, and not once it is confirmed', async () => {
      const { id } = await book();
      const appointment = (row: object) => database.writer('appointments').where('id', id).update(row);
      await appointment({ state: 'pending', hold_until: now + HOUR });
      await set(1, { kind: 'verify' });
      await sent(1);
      const outcomes: (string | null)[] = [];
      for (let round = 2; round <= 6; round++) {
        const outcome = await again(1);
        outcomes.push(outcome);
        if (outcome === 'queued') await sent(round);
      }
      expect(outcomes).to.deep.equal(['queued', 'queued', 'queued', 'no', 'no']);
      await database.writer('outbox').where('id', '>', 1).delete();
      await failed(1);
      now += 2 * HOUR;
      expect(await again(1), 'nobody waits any more').to.equal('no');
      await appointment({ state: 'confirmed', hold_until: null });
      await set(1, { expires_at: now + HOUR });
      expect(await again(1)).to.equal('queued');
      expect((await states()).at(-1)).to.match(/ booked waiting$/);
    });

    it('not when there is nothing to tell any more, and not elsewhere', async () => {
      await book();
      await sent(1);
      expect(await again(1, elsewhere)).to.equal(null);
      expect(await again(99)).to.equal(null);
      await set(1, { kind: 'reminder' });
      expect(await again(1)).to.equal('no');
      await set(1, { kind: 'booked' });
      now = Date.parse('2026-12-02T08:00:00Z');
      expect(await again(1)).to.equal('no');
    });
  });
});
