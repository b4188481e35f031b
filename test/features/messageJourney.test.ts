import { expect } from 'chai';
import { simpleParser, type ParsedMail } from 'mailparser';
import { startApp, type RunningApp } from '../support/app.ts';
import { CalendarStore } from '../support/calendarStore.ts';
import { OFFICE_ZONE } from '../support/officeFixture.ts';
import { seedRace, type RaceStop } from '../support/raceFixture.ts';
import { startPeer, type Peer } from '../support/smtpPeer.ts';
import { createVisitor, timesOf, type Visitor } from '../support/visitor.ts';

const DATE = '2026-12-08';
const PERSON = { vorname: 'Karin', nachname: 'Vögel', weg: 'email', email: 'karin.voegel@beispiel.example' };
const ORIGIN = 'https://koffer.beispiel.example';

/** From the page of a citizen to her mailbox and her calendar: the program, a mail server, a mail reader, a calendar. */
describe('What a citizen does reaches her mailbox and her calendar', function () {
  this.timeout(60_000);
  let app: RunningApp;
  let peer: Peer;
  let visitor: Visitor;
  let stop: RaceStop;
  let now: number;

  beforeEach(async () => {
    now = OFFICE_ZONE.instantAt('2026-12-01', 8 * 60);
    peer = await startPeer({ security: 'none' });
    app = await startApp({ now: () => now, settings: { mail: peer.relay({ security: 'none' }), publicUrl: ORIGIN } });
    ({ stop } = await seedRace(app.office.database, { date: DATE, fromMinute: 540, toMinute: 660, counters: 1 }));
    visitor = createVisitor(app.origin);
  });
  afterEach(async () => {
    visitor.close();
    await app.stop();
    await peer.stop();
  });

  /** Runs jobs as the server does, so many minutes later. */
  async function runJobs(minutes: number, ...names: string[]): Promise<void> {
    now += minutes * 60_000;
    for (const name of names) {
      const job = app.office.jobs.find((one) => one.name === name);
      if (job === undefined) throw new Error(`No job ${name}`);
      await job.run(now, new AbortController().signal);
    }
  }

  const mails = (): Promise<ParsedMail[]> => Promise.all(peer.messages.map(({ raw }) => simpleParser(raw)));
  const calendarOf = (mail: ParsedMail | undefined) => {
    const file = mail?.attachments.find(({ contentType }) => contentType === 'text/calendar');
    return file?.content.toString('utf8') ?? null;
  };
  const linkIn = (mail: ParsedMail | undefined, pattern: RegExp): string => {
    const link = [...(mail?.text ?? '').matchAll(/https:\/\/\S+/g)]
      .map(([url]) => url)
      .find((url) => pattern.test(url));
    if (link === undefined) throw new Error(`No link ${pattern} in\n${mail?.text}`);
    return link.replace(ORIGIN, '');
  };

  async function book(): Promise<string> {
    const times = await visitor.get(`/buchen/zeiten?halt=${stop.stopId}&leistung=personalausweis:1`);
    const details = await visitor.follow(await visitor.submit(times, { zeit: `${stop.stopId}.108` }));
    const check = await visitor.follow(await visitor.submit(details, PERSON));
    const booked = await visitor.follow(await visitor.submit(check));
    return booked.path.replace(/\/gebucht$/, '');
  }

  it('books, moves, is reminded, cancels: each once, and the calendar follows', async () => {
    const calendar = new CalendarStore();
    const path = await book();
    await runJobs(1, 'outbox', 'reminders', 'outbox');
    let [last] = (await mails()).slice(-1);
    expect(peer.messages).to.have.length(1);
    expect(last?.subject).to.contain('8. Dezember').and.contain('9:00');
    expect(last?.text).to.contain('Guten Tag Karin Vögel,');
    expect(calendar.apply(calendarOf(last) ?? '')).to.deep.equal(['added']);
    const link = linkIn(last, /\/termin\//);
    expect((await visitor.get(link)).status).to.equal(200);

    const move = await visitor.get(`${path}/verschieben`);
    expect((await visitor.submit(move, { zeit: `${stop.stopId}.114` })).status).to.equal(303);
    await runJobs(1, 'outbox');
    [last] = (await mails()).slice(-1);
    expect(peer.messages).to.have.length(2);
    expect(calendar.apply(calendarOf(last) ?? '')).to.deep.equal(['updated']);
    expect(calendar.events()[0]).to.include({ sequence: 1, cancelled: false });

    // An hour and a half after the reminder for 9:30 was due: nothing had run meanwhile.
    now = OFFICE_ZONE.instantAt('2026-12-07', 11 * 60);
    await runJobs(0, 'reminders', 'outbox', 'reminders', 'outbox');
    expect(peer.messages).to.have.length(3);
    [last] = (await mails()).slice(-1);
    const cancelPage = await visitor.get(linkIn(last, /\/absage$/));
    expect(cancelPage.status).to.equal(200);

    await visitor.submit(cancelPage, {}, 'main form');
    await runJobs(1, 'outbox', 'outbox');
    [last] = (await mails()).slice(-1);
    expect(peer.messages).to.have.length(4);
    expect(calendar.apply(calendarOf(last) ?? '')).to.deep.equal(['cancelled']);
    expect(calendar.events()).to.have.length(1);
    expect(new Set((await mails()).map(({ messageId }) => messageId)).size, 'identities').to.equal(4);
  });

  it('confirms an address first where the municipality wants it', async () => {
    await app.office.database.writer('municipalities').update({ confirm_email: true });
    now += 2_000; // what changes slowly is read anew
    await book();
    await runJobs(1, 'outbox');
    const [asked] = await mails();
    expect(calendarOf(asked)).to.equal(null);
    const page = await visitor.get(linkIn(asked, /\/bestaetigung\?/));
    expect(page.status).to.equal(200);
    expect(await states()).to.deep.equal(['pending']);

    await visitor.follow(await visitor.submit(page));
    expect(await states()).to.deep.equal(['confirmed']);
    await runJobs(1, 'outbox');
    const [, booked] = await mails();
    expect(new CalendarStore().apply(calendarOf(booked) ?? '')).to.deep.equal(['added']);
  });

  it('gives a time free that nobody confirmed', async () => {
    await app.office.database.writer('municipalities').update({ confirm_email: true });
    now += 2_000;
    await book();
    await runJobs(1, 'outbox');
    const [asked] = await mails();
    await runJobs(61, 'expiry');
    expect(await states()).to.deep.equal(['expired']);
    const page = await visitor.get(linkIn(asked, /\/bestaetigung\?/));
    expect(page.html).to.contain('/buchen/');
    const times = await visitor.get(`/buchen/zeiten?halt=${stop.stopId}&leistung=personalausweis:1`);
    expect(timesOf(times)).to.include(`${stop.stopId}.108`);
  });

  const states = async (): Promise<string[]> =>
    (await app.office.database.reader<{ state: string }>('appointments').orderBy('id')).map(({ state }) => state);
});
