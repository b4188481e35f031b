import { expect } from 'chai';
import { createHousekeepingRepository } from '../../server/data/housekeepingRepository.ts';
import type { Delivery } from '../../server/domain/messages/message.ts';
import { createOutboxRepository } from '../../server/data/outboxRepository.ts';
import { LEASE, sendMessages } from '../../server/jobs/outbox.ts';
import { purgePersonalData } from '../../server/jobs/retention.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { OFFICE_ZONE } from '../support/officeFixture.ts';
import { countWhere } from '../support/raceFixture.ts';
import { DAY, HOUR, MINUTE, openOutboxOffice, type OutboxOffice } from './outboxOffice.ts';

const LATER: Delivery = { kind: 'later', reason: '451 4.7.1 Greylisted, karin.vogel@beispiel.example' };
const REFUSED: Delivery = { kind: 'refused', reason: '550 5.1.1 <karin.vogel@beispiel.example> unknown' };
const DOWN: Delivery = { kind: 'down', reason: 'connect ECONNREFUSED' };

describeOnBothDatabases('The messages on their way out', (open) => {
  let o: OutboxOffice;
  beforeEach(async () => {
    o = await openOutboxOffice((await open()).config);
  });
  afterEach(() => o.database.close());

  const nothing = { sent: 0, later: 0, failed: 0, superseded: 0 };

  it('are sent once, in the order in which they came, with everything that is needed to word them', async () => {
    const first = await o.book(540);
    o.clock.now += 1;
    await o.book(600);
    expect(await o.run()).to.deep.equal({ ...nothing, sent: 2 });
    expect(await o.run()).to.deep.equal(nothing);
    expect(o.sent.map(({ kind, time }) => `${kind} ${time.startTick}`)).to.deep.equal(['booked 108', 'booked 120']);
    const [message] = o.sent;
    expect(message).to.deep.include({
      channel: 'email',
      changedBy: 'person',
      recipient: 'karin.vogel@beispiel.example',
      before: null,
      expectedAt: null,
      attempts: 0,
      sequence: 0,
      expiresAt: first.startsAt,
    });
    expect(message?.time).to.deep.equal({
      date: DAY,
      startTick: 108,
      ticks: 4,
      startsAt: first.startsAt,
      endsAt: first.endsAt,
      venueId: o.office.firstVenueId,
    });
    expect(message?.appointment).to.deep.equal({
      id: first.id,
      reference: first.reference,
      secret: first.secret,
      locale: 'de',
      state: 'confirmed',
      sequence: 0,
      firstName: 'Karin',
      familyName: 'Vogel',
      originPlaceId: null,
      lines: first.lines,
    });
  });

  it('are kept as they were sent, for those who may see them', async () => {
    await o.book();
    await o.run();
    expect((await o.rows())[0]).to.include({
      state: 'sent',
      attempts: 1,
      done_at: o.clock.now,
      claimed_by: null,
      subject: 'About booked',
      body: 'booked at 108',
      calendar: 'SEQUENCE:0',
      error: null,
    });
  });

  it('go with the personal data of their appointment', async () => {
    await o.book();
    await o.run();
    o.clock.now = OFFICE_ZONE.instantAt(DAY, 1_000) + 24 * HOUR;
    await purgePersonalData(createHousekeepingRepository(o.database), o.clock.now);
    expect(await o.rows()).to.deep.equal([]);
  });

  it('leave in the order of their appointment, also when the first has to be tried again', async () => {
    const { secret } = await o.book(540);
    await o.book(660);
    o.answers.push(LATER);
    expect(await o.run()).to.deep.equal({ ...nothing, sent: 1, later: 1 });
    await o.cancel(secret);
    expect(await o.states(), 'the confirmation was taken back').to.deep.equal([
      'booked superseded',
      'booked sent',
      'cancelled waiting',
    ]);
    await o.database.writer('outbox').where('kind', 'booked').update({ state: 'waiting', done_at: null });
    await o.database.writer('outbox').update({ next_at: o.clock.now + 60_000 });
    await o.database.writer('outbox').where('kind', 'cancelled').update({ next_at: o.clock.now });
    expect(await o.run(), 'an older one waits').to.deep.equal(nothing);
    o.clock.now += 60_000;
    await o.run();
    expect(await o.states()).to.deep.equal(['booked superseded', 'booked sent', 'cancelled sent']);
  });

  it('are not sent when the appointment was changed meanwhile, and the next one tells from what was known', async () => {
    const { secret } = await o.book(540);
    await o.run();
    await o.move(secret, 600);
    // A process has claimed the first move when the second comes, and is told to come later.
    expect(await o.outbox.claim('there', o.clock.now, LEASE)).to.have.property('kind', 'send');
    await o.move(secret, 660);
    const [, first] = await o.rows();
    await o.outbox.retry(first?.id ?? 0, 'there', o.clock.now, 'busy', true);
    expect(await o.run()).to.deep.equal({ ...nothing, sent: 1, superseded: 1 });
    expect(await o.states()).to.deep.equal(['booked sent', 'moved superseded', 'moved sent']);
    expect(o.sent.at(-1)).to.deep.include({ before: { date: DAY, startTick: 108, venueId: o.office.firstVenueId } });
    expect(o.sent.at(-1)?.time.startTick).to.equal(132);
  });

  it('are not sent to somebody whose data is deleted', async () => {
    const { id } = await o.book();
    await o.database.writer('appointments').where({ id }).update({
      purged_at: 1,
      reference: null,
      secret: null,
      first_name: null,
      family_name: null,
      family_key: null,
      contact: null,
    });
    expect(await o.run()).to.deep.equal({ ...nothing, superseded: 1 });
  });

  it('are tried again after 1, 5, 15, 30 minutes and so on, and given up after 48 hours', async () => {
    await o.book();
    const start = o.clock.now;
    const tries: number[] = [];
    for (;;) {
      o.answers.push(LATER);
      const counts = await o.run();
      const [row] = await o.rows();
      tries.push((o.clock.now - start) / MINUTE);
      if (row?.state === 'failed') {
        expect(counts).to.deep.equal({ ...nothing, failed: 1 });
        expect(row).to.include({ attempts: tries.length, done_at: o.clock.now, error: '451 4.7.1 Greylisted, …' });
        break;
      }
      expect(counts).to.deep.equal({ ...nothing, later: 1 });
      o.clock.now = row?.next_at ?? 0;
    }
    expect(tries).to.deep.equal([0, 1, 6, 21, 51, 111, 231, 471, 951, 1431, 1911, 2391, 2871, 2880]);
    expect(await o.calls(), 'the person booked it: they know').to.deep.equal([]);
    expect(await o.run()).to.deep.equal(nothing);
  });

  it('are given up at once when they are refused, and whom the office owes the news comes to the call list', async () => {
    const { id } = await o.book(540);
    await o.book(600);
    o.answers.push(REFUSED);
    expect(await o.run()).to.deep.equal({ ...nothing, sent: 1, failed: 1 });
    expect((await o.rows())[0]).to.include({ state: 'failed', attempts: 1, error: '550 5.1.1 <…> unknown' });
    expect(await o.calls()).to.deep.equal([]);

    await o.cancelByOffice(id, 540);
    o.answers.push(REFUSED);
    await o.run();
    expect(await o.calls()).to.deep.equal([{ appointment_id: id, kind: 'cancelled', old_date: DAY, old_minute: 540 }]);
  });

  it('that come too late for the visit are given up without a try', async () => {
    await o.book();
    const { id } = await o.book(600);
    await o.moveByOffice(id, 600);
    o.clock.now = OFFICE_ZONE.instantAt(DAY, 600);
    expect(await o.run()).to.deep.equal({ ...nothing, failed: 2 });
    expect((await o.rows()).map(({ state, error }) => `${state} ${error}`)).to.deep.equal([
      'failed zu spät',
      'superseded null',
      'failed zu spät',
    ]);
    expect(
      (await o.calls()).map(({ appointment_id }) => appointment_id),
      'or they come in vain',
    ).to.deep.equal([id]);
  });

  it('wait for one mail server that is down while those of other municipalities and short messages go on', async () => {
    await o.book(540);
    await o.book(600);
    await o.book(660);
    const [neighbour] = await o.database.writer<{ id: number }>('municipalities').insert(
      {
        slug: 'nebenan',
        name: 'Nebenan',
        ags: '14524999',
        office_name: 'Nebenan',
        lat: 50,
        lon: 12,
      } as object,
      ['id'],
    );
    const [, other, short] = await o.rows();
    await o.database
      .writer('outbox')
      .where('id', other?.id ?? 0)
      .update({ municipality_id: neighbour?.id });
    await o.database
      .writer('outbox')
      .where('id', short?.id ?? 0)
      .update({ channel: 'sms' });
    await o.database
      .writer('appointments')
      .where('start_tick', 132)
      .update({ contact_kind: 'phone', contact: '0171 3920012' });
    o.answers.push(DOWN);
    expect(await o.run()).to.deep.equal({ ...nothing, sent: 2, later: 1 });
    expect(o.sent.map(({ recipient, channel }) => `${channel} ${recipient}`)).to.deep.equal([
      'email karin.vogel@beispiel.example',
      'sms 0171 3920012',
    ]);
  });

  it('wait without counting a try while their mail server is down, in pauses that grow', async () => {
    await o.book(540);
    await o.book(600);
    o.answers.push(DOWN);
    expect(await o.run()).to.deep.equal({ ...nothing, later: 1 });
    expect((await o.rows()).map(({ state, attempts }) => `${state} ${attempts}`)).to.deep.equal([
      'waiting 0',
      'waiting 0',
    ]);
    expect(o.logged.filter((line) => line.includes('messages cannot be sent'))).to.have.length(1);
    expect(await o.run(), 'not before the pause is over').to.deep.equal(nothing);
    for (const minutes of [1, 2, 5, 10, 10]) {
      o.clock.now += minutes * MINUTE - 1;
      expect(await o.run(), `${minutes} minutes are not over`).to.deep.equal(nothing);
      o.clock.now += 1;
      o.answers.push(DOWN);
      expect(await o.run(), `${minutes} minutes are over`).to.deep.equal({ ...nothing, later: 1 });
    }
    o.clock.now += 10 * MINUTE;
    expect(await o.run(), 'it is there again').to.deep.equal({ ...nothing, sent: 2 });
  });

  it('that wait for a mail server that is down are given up in time for a call', async () => {
    const { id } = await o.book(540);
    await o.book(660);
    await o.run();
    o.clock.now = OFFICE_ZONE.instantAt(DAY, 480);
    await o.cancelByOffice(id, 540);
    o.answers.push(DOWN);
    await o.run();
    expect(await o.calls()).to.deep.equal([]);
    o.clock.now += 30 * MINUTE;
    o.answers.push(DOWN);
    expect(await o.run()).to.deep.equal({ ...nothing, failed: 1 });
    expect((await o.calls()).map(({ appointment_id }) => appointment_id)).to.deep.equal([id]);
  });

  it('are not stopped by one that cannot be worded or breaks the way out', async () => {
    await o.book(540);
    await o.book(600);
    await o.book(660);
    o.answers.push(new Error('fault in the gateway'));
    const write = o.deps.write;
    const counts = await o.run({
      write: (message) => (message.time.startTick === 120 ? Promise.reject(new Error('fault')) : write(message)),
    });
    expect(counts).to.deep.equal({ ...nothing, sent: 1, later: 2 });
    expect((await o.rows()).map(({ attempts, state }) => `${state} ${attempts}`)).to.deep.equal([
      'waiting 1',
      'waiting 1',
      'sent 1',
    ]);
    expect(o.logged.join('\n')).to.not.contain('beispiel.example');
  });

  it('are begun no more when the process is to end, and at most so many in one run', async () => {
    for (const minute of [540, 600, 660]) await o.book(minute);
    expect(await o.run({ most: 1 })).to.deep.equal({ ...nothing, sent: 1 });
    const stopping = new AbortController();
    const { send } = o.deps;
    const counts = await o.run({
      stopping: stopping.signal,
      send: (message, written) => {
        stopping.abort();
        return send(message, written);
      },
    });
    expect(counts, 'what was begun is finished').to.deep.equal({ ...nothing, sent: 1 });
    expect(await countWhere(o.database, 'outbox', { state: 'waiting' })).to.equal(1);
  });

  it('of a process that died are taken over when its claim has ended, not before', async () => {
    await o.book();
    expect(await o.outbox.claim('dead', o.clock.now, LEASE)).to.have.property('kind', 'send');
    o.clock.now += LEASE - 1;
    expect(await o.run()).to.deep.equal(nothing);
    o.clock.now += 1;
    expect(await o.run()).to.deep.equal({ ...nothing, sent: 1 });
  });

  it('of a process that slept too long are not touched by it any more', async () => {
    await o.book();
    const step = await o.outbox.claim('slow', o.clock.now, LEASE);
    const id = step?.kind === 'send' ? step.message.id : 0;
    o.clock.now += LEASE;
    expect(await o.outbox.claim('fast', o.clock.now, LEASE)).to.have.property('kind', 'send');
    const claimed = await o.rows();
    const written = { channel: 'sms', text: 'x' } as const;
    expect(await o.outbox.sent(id, 'slow', o.clock.now, written)).to.equal(false);
    expect(await o.outbox.retry(id, 'slow', o.clock.now, 'x', true)).to.equal(false);
    expect(await o.outbox.fail(id, 'slow', o.clock.now, 'x')).to.equal(false);
    expect(await o.outbox.giveUpWaiting(id, 'x', o.clock.now)).to.equal(false);
    expect(await o.rows()).to.deep.equal(claimed);
    expect(await o.outbox.sent(id, 'fast', o.clock.now, written)).to.equal(true);
    expect(await o.outbox.sent(id, 'fast', o.clock.now, written), 'twice').to.equal(false);
  });

  it('are noted as sent even when the database is busy at that moment', async () => {
    await o.book();
    let failures = 2;
    const port = {
      ...o.outbox,
      sent: (...args: Parameters<typeof o.outbox.sent>) =>
        failures-- > 0 ? Promise.reject(new Error('SQLITE_BUSY')) : o.outbox.sent(...args),
    };
    expect(await sendMessages(port, o.deps)).to.deep.equal({ ...nothing, sent: 1 });
    expect(o.sent).to.have.length(1);
  });

  it('cost no transaction where there are none, on SQLite', async () => {
    if (o.database.kind !== 'sqlite') return;
    let units = 0;
    const watched = createOutboxRepository({
      ...o.database,
      unit: (work) => {
        units++;
        return o.database.unit(work);
      },
    });
    expect(await watched.claim('here', o.clock.now, LEASE)).to.equal(null);
    expect(units).to.equal(0);
  });
});
