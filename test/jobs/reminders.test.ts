import { expect } from 'chai';
import type { Database } from '../../server/data/knex.ts';
import { createReminderRepository } from '../../server/data/reminderRepository.ts';
import { cancelAppointment, moveAppointment } from '../../server/features/booking/changeAppointment.ts';
import { queueReminders, type RemindersPort } from '../../server/jobs/reminders.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { createDesk, OFFICE_ZONE, seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';
import { openMigrated } from '../support/raceFixture.ts';

const HOUR = 60 * 60_000;
const WAYS = { mail: true, sms: true };

describeOnBothDatabases('Reminders', (open) => {
  let database: Database;
  let office: SmallOffice;
  let desk: ReturnType<typeof createDesk>;
  let now: number;

  /** An office whose visit is on this day, three weeks before it. */
  async function openOffice(date: string): Promise<void> {
    database = await openMigrated((await open()).config);
    office = await seedSmallOffice(database, { date });
    now = OFFICE_ZONE.instantAt(date, 0) - 21 * 24 * HOUR;
    desk = createDesk(database, () => now, WAYS);
  }
  afterEach(() => database.close());

  const remind = (at = now) => queueReminders(createReminderRepository(database, WAYS), at);
  const reminders = () =>
    database.reader('outbox').where('kind', 'reminder').orderBy('id').select<{ start_tick: number }[]>('start_tick');
  const book = (minute: number) => desk.book({ stopId: office.firstStopId, minute, contactKind: 'email' });

  // In March the clocks go forward in the night before the visit, in October back: 24 hours stay 24 hours.
  for (const [date, remindedAt] of [
    ['2026-12-08', '2026-12-07T09:00:00+01:00'],
    ['2027-03-28', '2027-03-27T08:00:00+01:00'],
    ['2026-10-25', '2026-10-24T10:00:00+02:00'],
  ] as const) {
    it(`of a visit on ${date} at 9:00 are due at ${remindedAt}, once`, async () => {
      await openOffice(date);
      const { startsAt } = await book(540);
      expect(startsAt - Date.parse(remindedAt)).to.equal(24 * HOUR);
      expect(await remind(startsAt - 24 * HOUR - 1)).to.deep.equal({ reminders: 0 });
      expect(await remind(startsAt - 24 * HOUR)).to.deep.equal({ reminders: 1 });
      expect(await remind(startsAt - 24 * HOUR)).to.deep.equal({ reminders: 0 });
      expect(await remind(startsAt - 1)).to.deep.equal({ reminders: 0 });
    });
  }

  it('come late rather than never when nothing ran at their time, but not after the start', async () => {
    await openOffice('2026-12-08');
    await book(540);
    const { startsAt } = await book(600);
    expect(await remind(startsAt - 1)).to.deep.equal({ reminders: 1 });
    expect(await reminders()).to.deep.equal([{ start_tick: 120 }]);
    expect(await remind(startsAt)).to.deep.equal({ reminders: 0 });
  });

  it('are not sent of what was booked or moved when the reminder was due already', async () => {
    await openOffice('2026-12-08');
    const moved = await book(540);
    now = moved.startsAt - 23 * HOUR;
    await book(600);
    await moveAppointment(desk.deps, moved.secret, { stopId: office.firstStopId, tick: 132 });
    expect(await remind()).to.deep.equal({ reminders: 0 });
  });

  it('tell of the new time when it was moved before, and again when it is moved after the reminder', async () => {
    await openOffice('2026-12-08');
    const { secret, startsAt } = await book(540);
    await moveAppointment(desk.deps, secret, { stopId: office.firstStopId, tick: 120 });
    now = startsAt - 22 * HOUR;
    expect(await remind()).to.deep.equal({ reminders: 1 });
    expect(await reminders()).to.deep.equal([{ start_tick: 120 }]);
  });

  it('are not sent of what is cancelled, over, without an address, or where the municipality wants none', async () => {
    await openOffice('2026-12-08');
    const { secret, startsAt } = await book(540);
    await cancelAppointment(desk.deps, secret);
    await desk.book({ stopId: office.firstStopId, minute: 600 });
    await desk.book({ stopId: office.firstStopId, minute: 630, contactKind: 'phone', contact: '0171 3920012' });
    now = startsAt - HOUR;
    expect(await remind()).to.deep.equal({ reminders: 0 });

    await database.writer('municipalities').update({ sends_sms: true });
    await database.writer('municipalities').update({ sends_reminders: false });
    expect(await remind()).to.deep.equal({ reminders: 0 });
    await database.writer('municipalities').update({ sends_reminders: true });
    expect(await remind(), 'by short message').to.deep.equal({ reminders: 1 });
  });

  it('are only due where there is a way out', async () => {
    await openOffice('2026-12-08');
    const { startsAt } = await book(540);
    const due = createReminderRepository(database, { mail: false, sms: false });
    expect(await due.due(startsAt - HOUR, null, 10)).to.deep.equal([]);
    await database.writer('municipality_relays').insert({
      municipality_id: office.municipalityId,
      host: 'mail.beispiel.example',
      port: 465,
      security: 'tls',
      from_name: 'Bürgerbüro',
      from_address: 'amt@beispiel.example',
    });
    expect(await due.due(startsAt - HOUR, null, 10)).to.have.length(1);
  });

  it('keep to the hours that each municipality has set', async () => {
    await openOffice('2026-12-08');
    const { startsAt } = await book(540);
    await database.writer('municipalities').update({ reminder_hours: 48 });
    expect(await remind(startsAt - 48 * HOUR - 1)).to.deep.equal({ reminders: 0 });
    expect(await remind(startsAt - 48 * HOUR)).to.deep.equal({ reminders: 1 });
  });

  it('are written once when two processes look at the same moment', async () => {
    await openOffice('2026-12-08');
    const { startsAt } = await book(540);
    for (const minute of [570, 600]) await book(minute);
    const found = await Promise.all([remind(startsAt - HOUR), remind(startsAt - HOUR)]);
    expect(found.reduce((sum, one) => sum + one.reminders, 0)).to.equal(3);
    expect(await reminders()).to.have.length(3);
  });
});

describe('Many reminders', () => {
  it('are written in batches, one after the other, until none is left or the process is to end', async () => {
    const asked: (number | null)[] = [];
    const batches: number[] = [];
    const stopping = new AbortController();
    const port = (left: number, end = Infinity): RemindersPort => ({
      due: (_now, after, limit) => {
        asked.push(after?.appointmentId ?? null);
        const first = (after?.appointmentId ?? 0) + 1;
        const ids = Array.from({ length: Math.min(limit, left - first + 1) }, (_, index) => first + index);
        return Promise.resolve(ids.map((appointmentId) => ({ appointmentId, startsAt: 5 })));
      },
      remind: (ids) => {
        batches.push(ids.length);
        if (batches.length === end) stopping.abort();
        return Promise.resolve(ids.length);
      },
    });
    expect(await queueReminders(port(450), 0)).to.deep.equal({ reminders: 450 });
    expect(batches).to.deep.equal([200, 200, 50]);
    expect(asked).to.deep.equal([null, 200, 400]);
    batches.length = 0;
    expect(await queueReminders(port(10_000, 2), 0, stopping.signal)).to.deep.equal({ reminders: 400 });
  });
});
