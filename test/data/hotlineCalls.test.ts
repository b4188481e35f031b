import { expect } from 'chai';
import { createDeskRepository, createWaitingRepository } from '../../server/data/deskRepository.ts';
import { createHotlineCallRepository } from '../../server/data/hotlineCallRepository.ts';
import { createHousekeepingRepository } from '../../server/data/housekeepingRepository.ts';
import { openDatabase } from '../../server/data/knex.ts';
import { purgePersonalData } from '../../server/jobs/retention.ts';
import { byLetter, caller, DAY, MINUTE, openDeskOffice, type DeskOffice } from '../features/hotlineDeskOffice.ts';
import { describeOnBothDatabases, type TestDatabase } from '../support/databases.ts';
import { OFFICE_ZONE } from '../support/officeFixture.ts';
import { countWhere, newSecret } from '../support/raceFixture.ts';

const HOUR = 60 * MINUTE;

describeOnBothDatabases('What is kept of the calls of the hotline', (open) => {
  let opened: TestDatabase;
  let desk: DeskOffice;
  let calls: ReturnType<typeof createHotlineCallRepository>;

  beforeEach(async () => {
    opened = await open();
    desk = await openDeskOffice(opened.config);
    calls = createHotlineCallRepository(desk.database);
  });
  afterEach(async () => {
    await desk.database.close();
    await opened.dispose();
  });

  const callOf = (userId: number, more: object = {}) => ({
    token: 'abcdefghijklmnopqrstuv',
    userId,
    purpose: 'booking' as const,
    secret: null,
    query: 'schönberg perso',
    ...more,
  });

  describe('A call', () => {
    it('begins with what is kept of it first, and remembers what has changed', async () => {
      const call = callOf(desk.anna.userId);
      expect(await calls.call(call.token, call.userId)).to.equal(undefined);
      const startedAt = desk.clock.now;
      expect(await calls.keep(call, startedAt)).to.equal(true);
      expect(await calls.keep(call, startedAt + MINUTE)).to.equal(true);
      expect(await calls.call(call.token, call.userId)).to.deep.equal({ ...call, startedAt });
      const later = callOf(desk.anna.userId, { purpose: 'managing', secret: newSecret(), query: 'x'.repeat(250) });
      expect(await calls.keep(later, startedAt + MINUTE)).to.equal(true);
      expect(await calls.call(call.token, call.userId)).to.deep.equal({ ...later, query: 'x'.repeat(200), startedAt });
      expect(await countWhere(desk.database, 'hotline_calls')).to.equal(1);
    });

    it('names the one time that is held in it, however many ask at once', async () => {
      const { token, userId, query } = callOf(desk.anna.userId);
      const asked = [newSecret(), newSecret(), newSecret()];
      const got = await Promise.all(
        asked.map((secret) => calls.beginHold({ token, userId, secret, query }, desk.clock.now)),
      );
      expect(new Set(got).size).to.equal(1);
      expect(asked).to.include(got[0]);
      expect(await calls.call(token, userId)).to.include({ secret: got[0], purpose: 'booking' });
      const theirs = { token, userId: desk.ben.userId, secret: newSecret(), query };
      expect(await calls.beginHold(theirs, desk.clock.now)).to.equal(null);
      await calls.end(token, userId, desk.clock.now);
      expect(await calls.beginHold({ token, userId, secret: newSecret(), query }, desk.clock.now)).to.equal(null);
    });

    it('is of no use to another agent, who can neither read, change nor end it', async () => {
      const call = callOf(desk.anna.userId, { secret: newSecret() });
      await calls.keep(call, desk.clock.now);
      expect(await calls.call(call.token, desk.ben.userId)).to.equal(undefined);
      expect(await calls.keep({ ...call, userId: desk.ben.userId, query: 'fremd' }, desk.clock.now)).to.equal(false);
      expect(await calls.end(call.token, desk.ben.userId, desk.clock.now)).to.equal(null);
      expect(await calls.call(call.token, call.userId)).to.deep.equal({ ...call, startedAt: desk.clock.now });
    });

    it('ends once, and what was typed is forgotten at once; nothing begins it again', async () => {
      const call = callOf(desk.anna.userId, { secret: newSecret(), query: 'vogel 8.12.' });
      await calls.keep(call, desk.clock.now);
      const end = (userId: number, at: number) => calls.end(call.token, userId, at);
      expect(await end(call.userId, desk.clock.now + MINUTE), 'its hold is to be given up').to.equal(call.secret);
      expect(await end(call.userId, desk.clock.now + 2 * MINUTE)).to.equal(null);
      expect(await calls.call(call.token, call.userId)).to.equal(undefined);
      expect(await calls.keep(call, desk.clock.now + 3 * MINUTE)).to.equal(false);
      expect(await desk.database.reader('hotline_calls')).to.deep.equal([
        {
          token: call.token,
          user_id: call.userId,
          purpose: 'booking',
          secret: null,
          query: '',
          started_at: desk.clock.now,
          ended_at: desk.clock.now + MINUTE,
        },
      ]);
    });

    it('that ended before anything was kept of it is not begun by a request that comes late', async () => {
      const call = callOf(desk.anna.userId);
      await calls.end(call.token, call.userId, desk.clock.now);
      expect(await calls.keep(call, desk.clock.now)).to.equal(false);
      expect(await calls.call(call.token, call.userId)).to.equal(undefined);
    });

    it('belongs to one of two agents whose browsers made the same token at the same moment', async () => {
      const other = openDatabase(opened.config);
      const [here, there] = await Promise.all([
        calls.keep(callOf(desk.anna.userId), desk.clock.now),
        createHotlineCallRepository(other).keep(callOf(desk.ben.userId), desk.clock.now),
      ]);
      await other.close();
      expect([here, there].filter(Boolean)).to.have.length(1);
    });

    it('is forgotten a day after it began, ended or not', async () => {
      const startedAt = desk.clock.now;
      await calls.keep(callOf(desk.anna.userId), startedAt);
      await calls.end('z'.repeat(22), desk.ben.userId, startedAt + 1);
      const purge = async (at: number) =>
        (await purgePersonalData(createHousekeepingRepository(desk.database), at)).hotlineCalls;
      expect(await purge(startedAt + 24 * HOUR)).to.equal(0);
      expect(await purge(startedAt + 24 * HOUR + 1)).to.equal(1);
      expect(await purge(startedAt + 24 * HOUR + 2)).to.equal(1);
      expect(await countWhere(desk.database, 'hotline_calls')).to.equal(0);
    });
  });

  it('tells what belongs to an appointment: channel, address, notes with who wrote them, the last letter', async () => {
    const repository = createDeskRepository(desk.database.reader);
    const citizen = await desk.citizens.book({ stopId: desk.office.firstStopId, minute: 600 });
    expect(await repository.extras(citizen.id)).to.deep.equal({
      channel: 'online',
      address: null,
      notes: [],
      letter: null,
    });

    const address = { extra: 'bei Groß', street: 'Am Anger 7', postcode: '08393', city: 'Schönberg' };
    const booked = await desk.book(desk.anna, desk.office.firstStopId, 540, byLetter({ address }));
    const { now } = desk.clock;
    await desk.print();
    await desk.desk.addNote(desk.anna, booked.secret, 'erste');
    await desk.desk.addNote(desk.ben, booked.secret, 'zweite');
    expect(await repository.extras(booked.id)).to.deep.equal({
      channel: 'hotline',
      address,
      notes: [
        { text: 'erste', at: now, by: 'Anna Anruf' },
        { text: 'zweite', at: now, by: 'Ben Beispiel' },
      ],
      letter: { kind: 'confirmed', createdAt: now, printedAt: now },
    });
    await desk.database.writer('users').where('id', desk.ben.userId).delete();
    desk.clock.now += MINUTE;
    await desk.desk.confirmAgain(desk.anna, booked.secret);
    const after = await repository.extras(booked.id);
    expect(after.notes[1]).to.deep.equal({ text: 'zweite', at: now, by: null });
    expect(after.letter).to.deep.equal({ kind: 'confirmed', createdAt: desk.clock.now, printedAt: null });
  });

  it('tells where a stop is, also one that is not published', async () => {
    const repository = createDeskRepository(desk.database.reader);
    await desk.database.writer('tours').update({ state: 'cancelled' });
    expect(await repository.placeOfStop(desk.office.firstStopId)).to.deep.equal({
      venueId: desk.office.firstVenueId,
      date: DAY,
      municipalityId: desk.office.municipalityId,
    });
    expect(await repository.placeOfStop(99_999)).to.equal(undefined);
  });

  it('counts what waits in the municipalities of an agent: call-backs, those overdue, letters', async () => {
    const waiting = createWaitingRepository(desk.database.reader);
    const { now } = desk.clock;
    const callback = { phone: '03764 4711', reason: 'Frage', created_at: now, due_at: now };
    const here = desk.office.municipalityId;
    const elsewhere = desk.neighbour.municipalityId;
    await desk.database.writer('callbacks').insert([
      { ...callback, municipality_id: here },
      { ...callback, municipality_id: here, due_at: now - 1 },
      { ...callback, municipality_id: here, due_at: now - 1, done_at: now },
      { ...callback, municipality_id: elsewhere, due_at: now - 1 },
    ]);
    await desk.book(desk.anna, desk.office.firstStopId, 540, byLetter());
    await desk.book(desk.anna, desk.neighbour.stopId, 540, byLetter());
    for (const [scope, open, overdue, letters] of [
      ['all', 3, 2, 2],
      [new Set([here]), 2, 1, 1],
      [new Set([elsewhere]), 1, 1, 1],
      [new Set<number>(), 0, 0, 0],
    ] as const) {
      expect(await waiting.callbacks(scope, now)).to.deep.equal({ open, overdue });
      expect(await waiting.letters(scope, desk.clock.now)).to.equal(letters);
    }
    await desk.print();
    expect(await waiting.letters('all', desk.clock.now)).to.equal(0);
  });

  it('forgets address and notes with the name, and keeps them of those who come later', async () => {
    const gone = await desk.book(desk.anna, desk.office.firstStopId, 540, byLetter());
    const later = await desk.book(desk.anna, desk.nextStopId, 540, byLetter({ familyName: 'Später' }));
    for (const { secret } of [gone, later]) await desk.desk.addNote(desk.anna, secret, 'geheimnisvoll');
    const held = await desk.hold(desk.anna, desk.nextStopId, 600);
    await desk.desk.saveDraft(held.secret, byLetter());

    desk.clock.now = OFFICE_ZONE.instantAt(DAY, 560) + 24 * HOUR;
    const purge = () => purgePersonalData(createHousekeepingRepository(desk.database), desk.clock.now);
    expect((await purge()).appointments).to.equal(1);
    const kept = await desk.read(held);
    for (const [table, ids] of [
      ['letter_addresses', [later.id, kept.id]],
      ['appointment_notes', [later.id]],
    ] as const) {
      const left = await desk.database.reader<{ appointment_id: number }>(table).orderBy('appointment_id');
      expect(
        left.map((row) => row.appointment_id),
        table,
      ).to.deep.equal(ids);
    }
    expect(await desk.letters(gone)).to.deep.equal(['confirmed']);
    expect(await createWaitingRepository(desk.database.reader).letters('all', desk.clock.now)).to.equal(1);
    const asked = { by: 'reference', reference: gone.reference } as const;
    expect(await desk.desk.lookUp(desk.anna, asked)).to.deep.equal({ kind: 'none' });
    expect((await desk.desk.book(desk.anna, gone.secret, caller(), true)).kind).to.equal('unknown');
    expect((await purge()).appointments).to.equal(0);
  });
});
