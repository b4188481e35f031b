import { expect } from 'chai';
import type { Appointment } from '../../server/domain/booking/appointment.ts';
import { createHousekeepingRepository } from '../../server/data/housekeepingRepository.ts';
import { expireHolds } from '../../server/jobs/expiry.ts';
import { startApp, type RunningApp } from '../support/app.ts';
import { confirmationPath, demandConfirmation, proofOf } from '../support/confirmingOffice.ts';
import { expectValidHtml, visibleText } from '../support/html.ts';
import { createDesk, OFFICE_ZONE, seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';
import { createVisitor, formOf, timesOf, type Answer, type Visitor } from '../support/visitor.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const EMAIL = 'karin.vogel@beispiel.example';
const DETAILS = { vorname: 'Karin', nachname: 'Vogel', weg: 'email', email: EMAIL, telefon: '' };

/** Words that each page says, in both languages. */
const WORDS = {
  de: {
    pending: 'Fast fertig: Bitte bestätigen Sie Ihre E-Mail-Adresse',
    ask: 'Möchten Sie diesen Termin bestätigen?',
    booked: 'Ihr Termin ist gebucht',
    expired: 'Dieser Termin wurde leider nicht rechtzeitig bestätigt',
    cancelled: 'Ihr Termin ist abgesagt',
    off: 'Dieser Besuch findet nicht statt',
  },
  en: {
    pending: 'Almost done: please confirm your e-mail address',
    ask: 'Do you want to confirm this appointment?',
    booked: 'Your appointment is booked',
    expired: 'Unfortunately this appointment was not confirmed in time',
    cancelled: 'Your appointment is cancelled',
    off: 'This visit does not take place',
  },
} as const;

const mainText = ({ html }: Answer): string => visibleText(html, 'main');

describe('Whoever books by e-mail where addresses are to be confirmed', () => {
  let clock: { now: number };
  let app: RunningApp;
  let small: SmallOffice;
  let desk: ReturnType<typeof createDesk>;
  let visitor: Visitor;

  beforeEach(async () => {
    clock = { now: OFFICE_ZONE.instantAt('2026-12-01', 8 * 60) };
    app = await startApp({ now: () => clock.now });
    small = await seedSmallOffice(app.office.database, { date: '2026-12-08' });
    await demandConfirmation(app.office.database, small.municipalityId);
    desk = createDesk(app.office.database, () => clock.now);
    visitor = createVisitor(app.origin);
  });
  afterEach(async () => {
    visitor.close();
    await app.stop();
  });

  const book = (minute = 540) => desk.book({ stopId: small.firstStopId, minute, contactKind: 'email', contact: EMAIL });
  const keyOf = ({ reference, secret }: Appointment): string => `${reference}-${secret}`;
  const dump = async () =>
    JSON.stringify([
      await app.office.database.reader('appointments').orderBy('id'),
      await app.office.database.reader('counter_ticks').orderBy(['stop_id', 'counter', 'tick']),
      await app.office.database.reader('contact_slots').orderBy('contact_key'),
      await app.office.database.reader('outbox').orderBy('id'),
    ]);
  const proof = (appointment: Pick<Appointment, 'secret' | 'contact'>) => proofOf(app.office.database, appointment);
  const sendAll = () =>
    app.office.database.writer('outbox').where('state', 'waiting').update({ state: 'sent', done_at: clock.now });
  const kinds = async (): Promise<string[]> =>
    (await app.office.database.reader<{ kind: string }>('outbox').orderBy('id')).map(({ kind }) => kind);

  it('is told so beforehand, waits for the mail, confirms by a button and has the appointment', async () => {
    const times = await visitor.get(`/buchen/zeiten?halt=${small.firstStopId}&leistung=personalausweis:1`);
    const details = await visitor.follow(await visitor.submit(times, { zeit: timesOf(times)[0]! }));
    expect(mainText(details)).to.contain('Wir schicken Ihnen eine E-Mail mit einem Link.');
    const check = await visitor.follow(await visitor.submit(details, DETAILS));
    expect(mainText(check)).to.match(/Bestätigen Sie damit den Termin innerhalb von (1 Stunde|60.Minuten)/);

    const answer = await visitor.submit(check);
    const pending = await visitor.follow(await visitor.follow(answer));
    expect(pending.status).to.equal(200);
    const text = mainText(pending);
    expect(text)
      .to.contain(WORDS.de.pending)
      .and.contain(EMAIL)
      .and.match(/Bis 9:00.Uhr halten wir die Zeit/);
    expect(pending.html).to.not.contain('termin.ics');
    expect(pending.$('a[href$="/bestaetigung"]').length, 'the proof is the mail').to.equal(0);
    const file = await visitor.get(`${pending.path}/termin.ics`);
    expect([file.status, file.location]).to.deep.equal([303, pending.path]);

    const withoutMail = `${pending.path}/bestaetigung`;
    expect((await visitor.get(withoutMail)).location, 'whoever has not read the mail').to.equal(pending.path);
    for (const nachweis of ['', 'x'.repeat(22)]) {
      expect((await visitor.post(withoutMail, { nachweis })).location).to.equal(pending.path);
    }
    expect(await kinds()).to.deep.equal(['verify']);

    const secret = pending.path.replace(/^[^-]*-/, '');
    const asked = await visitor.get(`${withoutMail}?nachweis=${await proof({ secret, contact: EMAIL })}`);
    expect(mainText(asked))
      .to.contain(WORDS.de.ask)
      .and.contain('Schönberg')
      .and.match(/bis 9:00.Uhr/);
    const confirmed = await visitor.submit(asked);
    expect(confirmed.location).to.equal(`${pending.path}/gebucht`);
    const booked = await visitor.follow(confirmed);
    expect(mainText(booked)).to.contain(WORDS.de.booked).and.contain(`Die E-Mail geht an ${EMAIL}`);
    expect(booked.html).to.contain('termin.ics');
    expect(await kinds()).to.deep.equal(['verify', 'booked']);

    const again = await visitor.submit(asked);
    expect(again.location).to.equal(`${pending.path}/gebucht`);
    expect((await visitor.get(`${pending.path}/bestaetigung`)).location).to.equal(`${pending.path}/gebucht`);
    expect(await kinds()).to.have.length(2);
  });

  it('changes nothing by looking: not by GET, not by HEAD, not by whoever opens every link of a mail', async () => {
    const appointment = await book();
    const before = await dump();
    const asked = `/bestaetigung?nachweis=${await proof(appointment)}`;
    for (const method of ['GET', 'HEAD', 'OPTIONS']) {
      for (const path of ['', asked, '/bestaetigung', '/gebucht', '/termin.ics', '/verschieben', '/absage']) {
        await visitor.ask(`/termin/${keyOf(appointment)}${path}`, { method });
      }
    }
    expect(await dump()).to.equal(before);
  });

  for (const [locale, prefix] of [
    ['de', ''],
    ['en', '/en'],
  ] as const) {
    it(`sees in every state what to do (${locale === 'de' ? 'German' : 'English'})`, async () => {
      const words = WORDS[locale];
      const expectPage = async (path: string, word: string, status = 200): Promise<Answer> => {
        let page = await visitor.get(path);
        while (page.status === 303) page = await visitor.follow(page);
        expect(page.status, path).to.equal(status);
        expect(mainText(page), path).to.contain(word);
        expect(page.$('h1').length, path).to.equal(1);
        expect(page.headers['cache-control']).to.equal('no-store');
        await expectValidHtml(page.html, path);
        return page;
      };
      const pending = await book();
      const at = `${prefix}/termin/${keyOf(pending)}`;
      await expectPage(at, words.pending);
      await expectPage(`${at}/gebucht`, words.pending);
      await expectPage(`${at}/bestaetigung`, words.pending);
      await expectPage(`${at}/bestaetigung?nachweis=${await proof(pending)}`, words.ask);
      await expectPage(`${at}/verschieben`, locale === 'de' ? 'Termin verschieben' : 'Move appointment');
      await expectPage(
        `${at}/absage`,
        locale === 'de' ? 'Möchten Sie diesen Termin absagen?' : 'Do you want to cancel',
      );
      for (const said of ['ja', 'spaeter', 'genug']) await expectPage(`${at}?erneut=${said}`, words.pending);

      // The visit is called off, then on again.
      await app.office.database.writer('tours').update({ state: 'cancelled' });
      await expectPage(at, words.off);
      await expectPage(`${at}/bestaetigung`, words.off);
      expect((await visitor.post(`${at}/bestaetigung`, {})).location).to.equal(at);
      await app.office.database.writer('tours').update({ state: 'published' });

      await visitor.post(`${at}/absage`, {});
      const cancelled = await expectPage(`${at}/bestaetigung`, words.cancelled);
      expect(cancelled.html).to.not.contain('termin.ics');
      expect(mainText(cancelled)).to.not.contain(EMAIL);
      expect((await visitor.post(`${at}/bestaetigung`, {})).location).to.equal(at);

      const late = await book(600);
      const then = `${prefix}/termin/${keyOf(late)}`;
      clock.now += HOUR;
      for (const path of ['', '/gebucht', '/bestaetigung', '/verschieben', '/absage', '/termin.ics']) {
        await expectPage(then + path, words.expired, 410);
      }
      expect((await visitor.post(`${then}/bestaetigung`, {})).status).to.equal(410);
      await expireHolds(createHousekeepingRepository(app.office.database), clock.now);
      const expired = await expectPage(`${then}/bestaetigung`, words.expired, 410);
      const again = expired.$('main a.kern-btn--primary').attr('href') ?? '';
      expect(again).to.contain('leistung=personalausweis').and.contain(`halt=${small.firstStopId}`);
      const times = await visitor.get(again);
      expect(timesOf(times)).to.contain(`${small.firstStopId}.120`);

      const confirmed = await book(660);
      const good = `${prefix}/termin/${keyOf(confirmed)}`;
      await visitor.post(`${good}/bestaetigung`, { nachweis: await proof(confirmed) });
      await expectPage(`${good}/bestaetigung`, words.booked);
      await visitor.post(`${good}/absage`, {});
      const told = await expectPage(`${good}?abgesagt=1`, words.cancelled);
      expect(mainText(told)).to.contain(EMAIL);
      expect(told.html).to.contain('termin.ics');
    });
  }

  it('can have the mail once more, once a minute and a few times', async () => {
    const appointment = await book();
    const at = `/termin/${keyOf(appointment)}`;
    const press = async () => {
      const page = await visitor.follow(await visitor.submit(await visitor.get(at)));
      return page.$('.kt-notice__title').first().text();
    };
    expect(await press()).to.equal('Die E-Mail ist gerade erst unterwegs');
    for (let round = 0; round < 3; round++) {
      await sendAll();
      clock.now += MINUTE;
      expect(await press()).to.equal('Wir schicken die E-Mail noch einmal');
    }
    await sendAll();
    clock.now += MINUTE;
    expect(await press()).to.equal('Noch eine E-Mail schicken wir nicht');
    expect(await kinds()).to.deep.equal(['verify', 'verify', 'verify', 'verify']);
    const page = await visitor.get(`${at}?erneut=genug`);
    expect(() => formOf(page)).to.throw('has no form');
    await visitor.post(`${at}/bestaetigung`, { nachweis: await proof(appointment) });
    const done = await visitor.post(`${at}/bestaetigung`, { erneut: 'ja' });
    expect(done.location).to.equal(at);
    expect(await kinds()).to.have.length(5);
  });

  it('can move it meanwhile, still has to confirm it, and is told of later changes by mail with a calendar file', async () => {
    const appointment = await book();
    const at = `/termin/${keyOf(appointment)}`;
    const zeit = `${small.firstStopId}.120`;
    const moved = await visitor.follow(await visitor.post(`${at}/verschieben`, { zeit }));
    expect(mainText(moved))
      .to.contain(WORDS.de.pending)
      .and.match(/Neue Zeit: .*10:00/);
    await visitor.post(`${at}/bestaetigung`, { nachweis: await proof(appointment) });
    const after = await visitor.follow(await visitor.post(`${at}/verschieben`, { zeit: `${small.firstStopId}.126` }));
    expect(mainText(after)).to.contain(`Wir schicken Ihnen eine E-Mail an ${EMAIL}. Darin ist eine Kalenderdatei`);
  });

  it('is found by reference and name while it waits, and not once it has run out', async () => {
    const appointment = await book();
    const asked = { vorgangsnummer: appointment.reference, familienname: 'Vogel' };
    expect((await visitor.post('/termin', asked)).location).to.equal(`/termin/${keyOf(appointment)}`);
    clock.now += HOUR;
    expect((await visitor.post('/termin', asked)).status).to.equal(422);
    await expireHolds(createHousekeepingRepository(app.office.database), clock.now);
    expect((await visitor.post('/termin', asked)).status).to.equal(422);
  });

  it('is not helped by a wrong link, and too many wrong ones have to wait', async () => {
    const appointment = await book();
    const wrong = `/termin/${appointment.reference}-${'x'.repeat(22)}/bestaetigung`;
    const answers: number[] = [];
    for (let round = 0; round < 12; round++) answers.push((await visitor.post(wrong, {})).status);
    expect(answers[0]).to.equal(404);
    expect(answers.at(-1)).to.equal(429);
    const right = await confirmationPath(app.office.database, appointment);
    expect((await visitor.get(right)).status).to.equal(200);
  });

  it('is promised no mail where none is sent, and none to a number', async () => {
    await app.office.database.writer('municipality_relays').delete();
    const byMail = await book();
    const page = await visitor.get(`/termin/${keyOf(byMail)}/gebucht`);
    expect(mainText(page)).to.contain(WORDS.de.booked).and.not.contain('E-Mail');
    const phone = { contactKind: 'phone' as const, contact: '0171 3920012' };
    const byPhone = await desk.book({ stopId: small.firstStopId, minute: 600, ...phone });
    expect(mainText(await visitor.get(`/termin/${keyOf(byPhone)}/gebucht`))).to.not.contain('SMS');
  });
});

describe('Whoever books in the demonstration', () => {
  it('is told where the message can be read', async () => {
    const app = await startApp({ demonstration: true });
    const visitor = createVisitor(app.origin);
    const times = await visitor.get('/buchen/zeiten?leistung=personalausweis:1');
    const details = await visitor.follow(await visitor.submit(times, { zeit: timesOf(times)[0]! }));
    const check = await visitor.follow(await visitor.submit(details, DETAILS));
    let page = await visitor.submit(check);
    while (page.status === 303) page = await visitor.follow(page);
    expect(page.status).to.equal(200);
    expect(page.$('main a[href="/intern/nachrichten"]').length).to.equal(1);
    visitor.close();
    await app.stop();
  }).timeout(60_000);
});
