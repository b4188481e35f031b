import { expect } from 'chai';
import { createLateMessages } from '../../server/data/lateMessages.ts';
import type { Database } from '../../server/data/knex.ts';
import { queueMessage } from '../../server/data/outboxQueue.ts';
import { createTourUnit } from '../../server/data/tourRepository.ts';
import { cancelAppointment, moveAppointment } from '../../server/features/booking/changeAppointment.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { createDesk, seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';
import { openMigrated } from '../support/raceFixture.ts';

const DAY = '2026-12-01';
const MAIL = { mail: true, sms: false };

interface Row {
  kind: string;
  state: string;
  changed_by: string;
  channel: string;
  sequence: number;
  start_tick: number;
  old_date: string | null;
  old_tick: number | null;
  key: string;
  expected_at: number | null;
}

describeOnBothDatabases('What is put into the outbox', (open) => {
  let now: number;
  let database: Database;
  let office: SmallOffice;
  let ways: { mail: boolean; sms: boolean };
  let desk: ReturnType<typeof createDesk>;

  beforeEach(async () => {
    now = Date.parse('2026-11-20T08:00:00Z');
    database = await openMigrated((await open()).config);
    office = await seedSmallOffice(database, { date: DAY });
    ways = { ...MAIL };
    desk = createDesk(database, () => now, ways);
  });
  afterEach(() => database.close());

  const outbox = (): Promise<Row[]> => database.reader<Row>('outbox').orderBy('id');
  const told = async () => (await outbox()).map(({ kind, state, changed_by }) => `${kind} ${state} ${changed_by}`);
  const move = (secret: string, minute: number) =>
    moveAppointment(desk.deps, secret, { stopId: office.firstStopId, tick: minute / 5 });
  const sendAll = () => database.writer('outbox').where('state', 'waiting').update({ state: 'sent', done_at: now });
  const planned = (appointmentId: number, kind: 'changed' | 'moved' | 'cancelled', minute: number) =>
    database.unit((trx) =>
      createTourUnit(trx, MAIL).tell(
        { appointmentId, kind, promised: { date: DAY, minute, venueId: office.firstVenueId } },
        now,
      ),
    );

  const byMail = () => desk.book({ stopId: office.firstStopId, minute: 540, contactKind: 'email' });

  it('is the confirmation of a booking with an e-mail address, in the same transaction', async () => {
    await byMail();
    const [row] = await outbox();
    expect(row).to.include({ kind: 'booked', state: 'waiting', changed_by: 'person', channel: 'email', sequence: 0 });
    expect(row?.key).to.match(/^[\w-]{22}$/);
  });

  it('is nothing without an address, with a number where no short messages are sent, and where no mail is sent', async () => {
    await desk.book({ stopId: office.firstStopId, minute: 540 });
    await desk.book({ stopId: office.firstStopId, minute: 600, contactKind: 'phone', contact: '0171 3920012' });
    ways.mail = false;
    await desk.book({ stopId: office.firstStopId, minute: 660, contactKind: 'email' });
    expect(await outbox()).to.deep.equal([]);
  });

  it('is a mail where only the municipality has a relay', async () => {
    await database.writer('municipality_relays').insert({
      municipality_id: office.municipalityId,
      host: 'mail.beispiel.example',
      port: 465,
      security: 'tls',
      from_name: 'Bürgerbüro',
      from_address: 'amt@beispiel.example',
    });
    ways.mail = false;
    await byMail();
    expect(await told()).to.deep.equal(['booked waiting person']);
  });

  it('is a short message to a mobile number where the municipality wants it', async () => {
    ways.sms = true;
    await desk.book({ stopId: office.firstStopId, minute: 540, contactKind: 'phone', contact: '0171 3920012' });
    expect(await told()).to.deep.equal([]);
    await database.writer('municipalities').update({ sends_sms: true });
    await desk.book({ stopId: office.firstStopId, minute: 600, contactKind: 'phone', contact: '0171 3920013' });
    await desk.book({ stopId: office.firstStopId, minute: 660, contactKind: 'phone', contact: '03764 4711' });
    expect((await outbox()).map(({ channel, start_tick }) => `${channel} ${start_tick}`)).to.deep.equal(['sms 120']);
  });

  it('tells of a move with the time before, and takes back what had not been sent yet', async () => {
    const { secret } = await byMail();
    await move(secret, 600);
    expect(await told()).to.deep.equal(['booked superseded person', 'moved waiting person']);
    expect((await outbox())[1]).to.include({ old_date: DAY, old_tick: 108, start_tick: 120, sequence: 1 });
  });

  it('tells of several moves as one: from what was known to what is', async () => {
    const { secret } = await byMail();
    await sendAll();
    await move(secret, 600);
    await move(secret, 660);
    expect(await told()).to.deep.equal(['booked sent person', 'moved superseded person', 'moved waiting person']);
    expect((await outbox())[2]).to.include({ old_tick: 108, start_tick: 132, sequence: 2 });
  });

  it('tells of a cancellation whatever was sent before', async () => {
    const { secret } = await byMail();
    await cancelAppointment(desk.deps, secret);
    await cancelAppointment(desk.deps, secret);
    expect(await told()).to.deep.equal(['booked superseded person', 'cancelled waiting person']);
  });

  it('tells what planners changed instead of putting people on the call list', async () => {
    const { id } = await byMail();
    await sendAll();
    await planned(id, 'moved', 540);
    expect((await told()).at(-1)).to.equal('moved waiting office');
    expect(await database.reader('call_list')).to.deep.equal([]);

    const { id: byPhone } = await desk.book({
      stopId: office.firstStopId,
      minute: 600,
      contactKind: 'phone',
      contact: '03764 4711',
    });
    await planned(byPhone, 'cancelled', 600);
    expect(await database.reader('call_list').select('appointment_id', 'kind')).to.deep.equal([
      { appointment_id: byPhone, kind: 'cancelled' },
    ]);
  });

  it('tells of the last delay only', async () => {
    const { id } = await byMail();
    await sendAll();
    const late = createLateMessages(database, MAIL, () => now);
    expect(await late.tell(1, [{ appointmentId: id, expectedAt: now + 60_000 }])).to.deep.equal([id]);
    await late.tell(1, [{ appointmentId: id, expectedAt: now + 120_000 }]);
    const rows = (await outbox()).filter(({ kind }) => kind === 'late');
    expect(rows.map(({ state, expected_at }) => `${state} ${expected_at}`)).to.deep.equal([
      `superseded ${now + 60_000}`,
      `waiting ${now + 120_000}`,
    ]);
    const nobody = await desk.book({ stopId: office.firstStopId, minute: 660 });
    expect(await late.tell(1, [{ appointmentId: nobody.id, expectedAt: now }])).to.deep.equal([]);
  });

  it('is nothing but the question itself while nobody has confirmed the address', async () => {
    const { id } = await byMail();
    await sendAll();
    const { writer } = database;
    const tell = (kind: 'booked' | 'moved' | 'cancelled' | 'reminder' | 'verify') =>
      database.unit((trx) => queueMessage(trx, MAIL, { appointmentId: id, kind, changedBy: 'person' }, now));
    await writer('appointments').update({ state: 'pending', hold_until: now + 3_600_000 });
    expect(await tell('verify')).to.not.equal(null);
    for (const kind of ['booked', 'moved', 'reminder'] as const) expect(await tell(kind), kind).to.equal(null);
    expect(await createLateMessages(database, MAIL, () => now).tell(1, [{ appointmentId: id, expectedAt: now }])).to.be
      .empty;
    // Cancelled before it was confirmed; the question that has not left yet is taken back.
    await tell('verify');
    await writer('appointments').update({ state: 'cancelled', cancelled_at: now });
    expect(await tell('cancelled')).to.equal(null);
    expect((await told()).slice(1)).to.deep.equal(['verify superseded person', 'verify superseded person']);
  });
});
