import { expect } from 'chai';
import type { Role } from '../../server/domain/access.ts';
import { cancelAppointment } from '../../server/features/booking/changeAppointment.ts';
import { startApp, startDemoApp, type RunningApp } from '../support/app.ts';
import { expectValidHtml, visibleText } from '../support/html.ts';
import { createDesk, OFFICE_ZONE, seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';
import { startPeer, type Peer, type PeerBehaviour } from '../support/smtpPeer.ts';
import { signedIn } from '../support/staff.ts';
import type { Answer, Visitor } from '../support/visitor.ts';
import { insertNeighbour } from './masterDataNeighbour.ts';

const MAIL = { mail: true, sms: false };
const MINUTE = 60_000;
const LIST = '/intern/nachrichten';
/** Of whoever booked: nothing of it may stand in a list. */
const PERSONAL = /Vogel|Karin|beispiel\.example/;

describe('The page on which staff see what citizens are told', function () {
  this.timeout(60_000);
  let app: RunningApp;
  let peer: Peer;
  let small: SmallOffice;
  let now: number;
  let desk: ReturnType<typeof createDesk>;

  beforeEach(() => {
    now = OFFICE_ZONE.instantAt('2026-12-01', 8 * 60);
  });
  afterEach(async () => {
    await app.stop();
    await peer.stop();
  });

  /** @param mail false: the office has no way to send */
  async function open(behaviour: PeerBehaviour = {}, mail = true): Promise<void> {
    peer = await startPeer({ ...behaviour, security: 'none' });
    app = await startApp({
      now: () => now,
      settings: mail ? { mail: peer.relay({ security: 'none' }) } : {},
    });
    small = await seedSmallOffice(app.office.database, { date: '2026-12-08' });
    desk = createDesk(app.office.database, () => now, MAIL);
  }
  const as = (roles: Role | Role[], municipalities: number[] | 'all' = 'all') =>
    signedIn(app, roles, { municipalities, now });
  const book = (minute = 540) =>
    desk.book({ stopId: small.firstStopId, minute, contactKind: 'email', contact: `p${minute}@beispiel.example` });
  const writer = (table: string) => app.office.database.writer(table);
  const job = (name: string) => {
    const found = app.office.jobs.find((one) => one.name === name);
    if (found === undefined) throw new Error(`No job ${name}`);
    return found;
  };
  const run = (name: string) => job(name).run(now, new AbortController().signal);
  const lastId = async () =>
    (await app.office.database.reader<{ id: number }>('outbox').orderBy('id', 'desc').first('id'))?.id ?? 0;
  const counts = ({ $ }: Answer): string[] =>
    $('.kt-filters__link')
      .toArray()
      .map((link) => $(link).text());
  const rows = ({ $ }: Answer): string[] =>
    $('#liste ~ .kt-rows .kt-rows__main')
      .toArray()
      .map((row) => visibleText($.html(row)));
  const flash = ({ html }: Answer): string => visibleText(html, '.kt-notice[data-kt-announce]');
  /** Presses "Noch einmal senden" of the first message of a list. */
  const again = async (visitor: Visitor, query: string): Promise<Answer> => {
    const page = await visitor.get(LIST + query);
    return visitor.follow(await visitor.submit(page, {}, 'form[action$="/wiederholung"]'));
  };

  it('tells waiting, sent and undeliverable ones apart, and begins with those that need somebody', async () => {
    await open({ onRecipient: (address) => (address.startsWith('p600') ? '550 5.1.1 User unknown' : undefined) });
    const keeper = await as('hotline');
    await book(540);
    let page = await keeper.get(LIST);
    expect(counts(page)).to.deep.equal(['Nicht zustellbar (0)', 'Wartet (1)', 'Gesendet (0)']);
    expect(rows(page)[0]).to.match(
      /^Buchungsbestätigung \S{3} \S{3} \S{3} · Termin: Dienstag, 8\. Dezember, 9:00 Uhr E-Mail · wartet seit 8:00 Uhr$/,
    );
    await run('outbox');
    expect(rows(await keeper.get(LIST))[0]).to.match(/gesendet 8:00 Uhr$/);

    await book(600);
    await run('outbox');
    page = await keeper.get(LIST);
    expect(counts(page)).to.deep.equal(['Nicht zustellbar (1)', 'Wartet (0)', 'Gesendet (1)']);
    expect(visibleText(page.html, '[aria-current="page"].kt-filters__link')).to.equal('Nicht zustellbar (1)');
    expect(rows(page)).to.have.length(1);
    expect(rows(page)[0])
      .to.contain('Die Adresse gibt es nicht, oder sie nimmt nichts an.')
      .and.contain('User unknown');
    expect(visibleText((await keeper.get(`${LIST}?stand=wartet`)).html)).to.contain('Es wartet nichts.');
    expect(rows(await keeper.get(`${LIST}?stand=gesendet`))).to.have.length(1);
    for (const stand of ['nicht-zustellbar', 'wartet', 'gesendet', 'unsinn']) {
      expect(visibleText((await keeper.get(`${LIST}?stand=${stand}`)).html, 'main')).not.to.match(PERSONAL);
    }
  });

  it('is said kindly while there is nothing, in valid HTML and in both languages', async () => {
    await open();
    const keeper = await as(['hotline', 'admin']);
    const empty = await keeper.get(LIST);
    expect(visibleText(empty.html, 'main')).to.contain('Es ist noch nichts gesendet.');
    await book();
    await run('outbox');
    for (const [path, title, words] of [
      [LIST, 'Nachrichten', 'Termin: Dienstag, 8. Dezember, 9:00 Uhr'],
      [`/en${LIST}`, 'Messages', 'Appointment: Tuesday, 8 December, 9:00'],
      [`${LIST}/${await lastId()}`, 'Buchungsbestätigung', 'Guten Tag Karin Vogel,'],
      [`/en${LIST}/${await lastId()}`, 'Confirmation of a booking', 'Guten Tag Karin Vogel,'],
    ] as const) {
      const page = await keeper.get(path);
      expect(page.status, path).to.equal(200);
      expect(page.$('h1').text()).to.equal(title);
      expect(visibleText(page.html, 'main')).to.contain(words);
      await expectValidHtml(page.html, path);
    }
    await expectValidHtml(empty.html, 'empty');
  });

  it('shows fifty at a time, each once', async () => {
    await open();
    const keeper = await as('planner');
    await book();
    await run('outbox');
    const row = (await app.office.database.reader('outbox').first()) as { id: number };
    for (let number = 1; number <= 70; number++) {
      await writer('outbox').insert({ ...row, id: row.id + number, key: `copy-${number}`, done_at: now + number });
    }
    const first = await keeper.get(`${LIST}?stand=gesendet`);
    const older = first.$('.kt-pager__link--later').attr('href') ?? '';
    const second = await keeper.get(older);
    expect([rows(first).length, rows(second).length]).to.deep.equal([50, 21]);
    const shown = [first, second].flatMap(({ $ }) =>
      $('form[action$="/wiederholung"]')
        .toArray()
        .map((form) => $(form).attr('action')),
    );
    expect(new Set(shown).size).to.equal(71);
    expect(second.$('.kt-pager__link--later').length, 'nothing is older').to.equal(0);
    const back = await keeper.get(second.$('.kt-pager__link').attr('href') ?? '');
    expect(rows(back)).to.deep.equal(rows(first));
    for (const page of ['0', '-1', '1.5', 'zwei', '99999999999']) {
      expect((await keeper.get(`${LIST}?stand=gesendet&seite=${page}`)).status, page).to.equal(200);
    }
  });

  it('warns while nothing leaves, says since when and why, and shows the way to the settings to those who may change them', async () => {
    await open();
    await peer.stop();
    await book();
    await run('outbox');
    now += 18 * 60 * MINUTE;
    const admin = await as('admin');
    const warning = visibleText((await admin.get(LIST)).html, '.kt-notice--warning');
    expect(warning).to.contain('Meerane kann gerade keine E-Mails senden');
    expect(warning).to.contain('Der Server, über den gesendet wird, war nicht zu erreichen.');
    expect(warning).to.contain('Seit gestern, 8:00 Uhr wartet etwas.').and.contain('bis zu zwei Tage');
    expect(warning).to.contain('ECONNREFUSED').and.contain('Einstellungen ansehen');
    const planner = await as('planner');
    expect(visibleText((await planner.get(LIST)).html, '.kt-notice--warning')).not.to.contain('Einstellungen');
    expect(visibleText((await planner.get(`/en${LIST}`)).html, '.kt-notice--warning')).to.contain(
      'Meerane cannot send e-mails at the moment',
    );
    await expectValidHtml((await admin.get(LIST)).html, 'stuck');
  });

  it('says which municipality writes to nobody', async () => {
    await open({}, false);
    const admin = await as('admin');
    const notice = visibleText((await admin.get(LIST)).html, '.kt-notice--info');
    expect(notice).to.contain('Meerane sendet keine E-Mails.').and.contain('Einstellungen ansehen');
  });

  it('shows what a message says to an agent of the municipality alone, and keeps a record of it', async () => {
    await open();
    const { municipality: neighbour } = await insertNeighbour(app);
    await book();
    await run('outbox');
    const path = `${LIST}/${await lastId()}`;
    const agent = await as('hotline', [small.municipalityId]);
    const page = await agent.get(path);
    expect(visibleText(page.html, 'main')).to.contain('Ihr Termin am 8. Dezember um 9:00 Uhr in Schönberg');
    expect(page.html).to.contain('BEGIN:VCALENDAR');
    expect(page.headers['cache-control']).to.contain('no-store');
    const record = await app.office.database
      .reader('audit_entries')
      .where({ subject: 'message', action: 'lookedUp' })
      .first<object>();
    expect(record).to.include({ user_id: agent.user.id, municipality_id: small.municipalityId });
    expect(JSON.stringify(record)).not.to.match(PERSONAL);

    const planner = await as('planner');
    expect((await planner.get(LIST)).html).not.to.contain(`href="${path}"`);
    expect((await planner.get(path)).status).to.be.oneOf([403, 404]);
    const stranger = await as('hotline', [neighbour]);
    expect((await stranger.get(path)).status).to.equal(404);
    expect((await stranger.post(`${path}/wiederholung`, {})).status).to.equal(404);
    expect(rows(await stranger.get(LIST))).to.deep.equal([]);
    for (const id of ['0', '-1', '1e1', 'x', '99999999999', '999999']) {
      expect((await agent.get(`${LIST}/${id}`)).status, id).to.equal(404);
    }
    const records = await app.office.database.reader('audit_entries').where({ subject: 'message' });
    expect(records, 'nobody else has seen it').to.have.length(1);
  });

  it('tells the time from before only where it is another one', async () => {
    await open();
    await book();
    await run('outbox');
    const agent = await as('hotline');
    const facts = async (old_tick: number): Promise<string> => {
      await writer('outbox').update({ old_date: '2026-12-08', old_tick });
      return visibleText((await agent.get(`${LIST}/${await lastId()}`)).html, '.kt-message-facts');
    };
    expect(await facts(120)).to.contain('Termin vorher Dienstag, 8. Dezember, 10:00 Uhr');
    expect(await facts(108))
      .to.contain('9:00 Uhr')
      .and.not.to.contain('vorher');
  });

  it('says of a waiting one that its text is still to come', async () => {
    await open();
    await book();
    const page = await (await as('hotline')).get(`${LIST}/${await lastId()}`);
    expect(visibleText(page.html, 'main')).to.contain('Der Text entsteht erst beim Senden');
    expect(page.$('form[action$="/wiederholung"]').length).to.equal(0);
  });

  it('sends once more what could not be delivered', async () => {
    await open({ onRecipient: (_address, times) => (times === 0 ? '550 5.1.1 User unknown' : undefined) });
    const planner = await as('planner');
    await book();
    await run('outbox');
    expect(flash(await again(planner, ''))).to.equal('Die Nachricht wird noch einmal gesendet.');
    await run('outbox');
    expect(peer.messages.map(({ to }) => to)).to.deep.equal([['p540@beispiel.example']]);
    expect(counts(await planner.get(LIST))).to.deep.equal(['Nicht zustellbar (0)', 'Wartet (0)', 'Gesendet (1)']);
  });

  it('sends no second one while one is on its way, and none of what is over', async () => {
    await open();
    const planner = await as('planner');
    const { secret } = await book();
    await run('outbox');
    expect(flash(await again(planner, '?stand=gesendet'))).to.contain('wird noch einmal gesendet');
    expect(flash(await again(planner, '?stand=gesendet'))).to.equal(
      'Zu diesem Termin ist schon eine Nachricht unterwegs.',
    );
    await run('outbox');
    expect(peer.messages).to.have.length(2);
    await cancelAppointment(desk.deps, secret);
    await run('outbox');
    now += 8 * 24 * 60 * MINUTE;
    const later = await as('planner');
    expect(flash(await again(later, '?stand=gesendet'))).to.contain('Dazu gibt es nichts mehr mitzuteilen');
    const english = await later.get(`/en${LIST}?stand=gesendet`);
    const answer = await later.submit(english, {}, 'form[action$="/wiederholung"]');
    expect(flash(await later.follow(answer))).to.contain('There is nothing left to tell');
    expect(await run('outbox')).to.include({ sent: 0 });
  });

  it('offers no reminder a second time', async () => {
    await open();
    await book();
    await writer('outbox').update({ kind: 'reminder' });
    await run('outbox');
    const page = await (await as('planner')).get(LIST);
    expect(rows(page)[0]).to.match(/^Erinnerung /);
    expect(page.$('form[action$="/wiederholung"]').length).to.equal(0);
  });

  it('tells an administrator, and nobody else, what the program did by itself, in words', async () => {
    await open();
    await book();
    await run('outbox');
    await run('reminders');
    const what = 'Was das Programm von selbst erledigt';
    const page = visibleText((await (await as('admin')).get(LIST)).html, 'main');
    expect(page).to.contain(what).and.contain('Nachrichten senden gesendet: 1').and.contain('Es war nichts zu tun.');
    expect(visibleText((await (await as('planner')).get(LIST)).html, 'main')).not.to.contain(what);
    expect(visibleText((await (await as('admin')).get(`/en${LIST}`)).html, 'main')).to.contain('Send messages sent: 1');
  });

  it('is for those who look after messages', async () => {
    await open();
    expect((await (await as('clerk')).get(LIST)).status).to.equal(403);
  });
});

describe('What the demonstration does by itself', function () {
  this.timeout(60_000);
  let app: RunningApp;
  before(async () => {
    app = await startDemoApp();
  });
  after(() => app.stop());

  it('has a name in both languages, and so has all that it counts', async () => {
    const at = Date.now();
    for (const { name } of app.office.jobs) {
      await app.office.database
        .writer('job_runs')
        .insert({ name, started_at: at, ended_at: at, counts: '{"someNewCount":1}', error: null });
    }
    const admin = await signedIn(app, 'admin');
    for (const prefix of ['', '/en']) {
      const { $ } = await admin.get(prefix + LIST);
      const names = $('details .kt-rows__name')
        .toArray()
        .map((name) => $(name).text());
      expect(names.length).to.equal(app.office.jobs.length);
      expect(names.join(' '), 'no key instead of a name').not.to.match(/notifications|signInTraces|tourTimes/);
      expect($('details').text(), 'no key instead of a word').not.to.contain('someNewCount');
    }
  });

  it('says that nothing leaves the house, and lets agents read what would have', async () => {
    const outbox = app.office.jobs.find(({ name }) => name === 'outbox');
    await outbox?.run(Date.now(), new AbortController().signal);
    const agent = await signedIn(app, 'hotline');
    const list = await agent.get(`${LIST}?stand=gesendet`);
    expect(visibleText(list.html, 'main')).to.contain('Hier wird nichts verschickt.');
    const letter = await agent.get(list.$('.kt-message-actions a').attr('href') ?? '');
    expect(visibleText(letter.html, '.kt-message-text')).to.match(/^Guten Tag .*Freundliche Grüße/s);
  });
});
