import { expect } from 'chai';
import { startDemoApp, type RunningApp } from '../support/app.ts';
import { seedDemonstration } from '../../server/demo/seed.ts';
import { createZone } from '../../server/zone.ts';

const zone = createZone('Europe/Berlin');

describe('The messages of the demonstration', function () {
  this.timeout(60_000);
  const now = zone.instantAt('2026-11-24', 10 * 60 + 17);
  let app: RunningApp;

  before(async () => {
    app = await startDemoApp({ now: () => now });
  });
  after(() => app.stop());

  const states = async (): Promise<string[]> =>
    (await app.office.database.reader<{ state: string }>('outbox').orderBy('id')).map(({ state }) => state);

  it('wait for some invented people, at addresses nobody can have; one could not be delivered', async () => {
    const found = await states();
    expect(found.filter((state) => state === 'waiting')).to.have.length(11);
    expect(found.filter((state) => state === 'failed')).to.have.length(1);
    const contacts = await app.office.database
      .reader<{ contact: string }>('appointments')
      .where('contact_kind', 'email')
      .select('contact');
    expect(contacts).to.have.length(12);
    for (const { contact } of contacts) expect(contact).to.match(/^[a-z.-]+@beispiel\.example$/);
  });

  it('are "sent" by the job, worded as they would be, without leaving the machine', async () => {
    const job = app.office.jobs.find(({ name }) => name === 'outbox');
    await job?.run(now, new AbortController().signal);
    expect((await states()).filter((state) => state === 'sent')).to.have.length(11);
    const [first] = await app.office.database
      .reader<{ body: string; calendar: string }>('outbox')
      .where('state', 'sent')
      .orderBy('id');
    expect(first?.body).to.match(/^Guten Tag|^Hello/);
    expect(first?.calendar).to.contain('BEGIN:VEVENT');
  });

  it('are not made again when the demonstration is refreshed', async () => {
    const before = await states();
    await seedDemonstration(app.office.database, now + 6 * 3_600_000, zone);
    expect(await states()).to.deep.equal(before);
  });
});
