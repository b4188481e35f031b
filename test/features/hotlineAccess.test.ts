import { expect } from 'chai';
import { DEMO_CLERKS } from '../../server/demo/crew.ts';
import { ROUTES } from '../../server/paths.ts';
import { createZone } from '../../server/zone.ts';
import { startDemoApp, type RunningApp } from '../support/app.ts';
import { signedIn } from '../support/staff.ts';
import type { Visitor } from '../support/visitor.ts';

const NOW = createZone('Europe/Berlin').instantAt('2026-11-24', 10 * 60 + 17);

/** Everything below /intern that an agent may open or send to; whatever else there is, now or later, is closed. */
const OPEN_TO_AGENTS = [
  '/intern',
  '/intern/115',
  '/intern/115/gespraech/:call',
  '/intern/115/gespraech/:call/absage',
  '/intern/115/gespraech/:call/bestaetigung',
  '/intern/115/gespraech/:call/ende',
  '/intern/115/gespraech/:call/notiz',
  '/intern/115/gespraech/:call/statt-neu',
  '/intern/115/gespraech/:call/suche',
  '/intern/115/gespraech/:call/termin',
  '/intern/115/gespraech/:call/verlaengerung',
  '/intern/115/gespraech/:call/verschiebung',
  '/intern/115/gespraech/:call/zeit',
  '/intern/abmelden',
  '/intern/anmelden',
  '/intern/anmelden/code',
  '/intern/anmelden/kennwort',
  '/intern/anmelden/sso',
  '/intern/anmelden/sso/zurueck',
  '/intern/anmelden/zweiter-faktor',
  '/intern/anrufe',
  '/intern/anrufe/:id/erledigung',
  '/intern/briefe',
  '/intern/briefe/druck',
  '/intern/briefe/gedruckt',
  '/intern/konto',
  '/intern/konto/ersatzcodes',
  '/intern/konto/kennwort',
  '/intern/konto/sitzungen/:id/ende',
  '/intern/konto/sitzungen/ende',
  '/intern/konto/zweiter-faktor',
  '/intern/nachrichten',
  '/intern/nachrichten/:id',
  '/intern/nachrichten/:id/wiederholung',
  '/intern/rueckrufe',
  '/intern/rueckrufe/:id/erledigung',
  '/intern/rueckrufe/:id/uebernahme',
];

describe('An agent of the hotline', function () {
  this.timeout(60_000);
  let app: RunningApp;
  let agent: Visitor;
  /** Of the first tour: whatever has an id has one with the id 1. */
  let date: string;

  before(async () => {
    app = await startDemoApp({ now: () => NOW });
    agent = await signedIn(app, 'hotline', { now: NOW, name: 'Hanna Hotline' });
    const tour = await app.office.database.reader('tours').where('id', 1).first<{ date: string } | undefined>('date');
    date = tour?.date ?? '';
  });
  after(async () => {
    agent.close();
    await app.stop();
  });

  const inside = Object.values(ROUTES).filter((path) => /^\/intern(\/|$)/.test(path));
  const addressOf = (path: string): string =>
    path.replace(':id', '1').replace(':date', date).replace(':call', 'a'.repeat(22));

  it('has a list of what is open that names nothing else than there is', () => {
    const there: readonly string[] = inside;
    expect(OPEN_TO_AGENTS.filter((path) => !there.includes(path))).to.deep.equal([]);
  });

  it('sees no clerk’s day, no board, no tour, no master data and no history: nothing but this list', async () => {
    expect(inside.length - OPEN_TO_AGENTS.length, 'closed addresses').to.be.greaterThan(50);
    for (const path of inside) {
      for (const prefix of ['', '/en']) {
        const answer = await agent.get(prefix + addressOf(path));
        const isRefused = answer.status === 403;
        expect(isRefused, `${prefix}${path} answered ${answer.status}`).to.equal(!OPEN_TO_AGENTS.includes(path));
        expect(answer.status, path).to.be.lessThan(500);
        if (!isRefused) continue;
        for (const { name } of DEMO_CLERKS) expect(answer.html, path).not.to.contain(name);
      }
    }
  });

  it('changes nothing there either', async () => {
    const count = async (): Promise<unknown> => await app.office.database.reader('audit_entries').count({ n: '*' });
    const before = await count();
    for (const path of inside.filter((one) => !OPEN_TO_AGENTS.includes(one))) {
      expect((await agent.post(addressOf(path), { version: '1', stand: 'served' })).status, path).to.equal(403);
    }
    expect(await count()).to.deep.equal(before);
  });

  it('begins at the workplace of the 115, whose menu leads to nothing else', async () => {
    const home = await agent.get('/intern');
    expect(home.status).to.equal(303);
    expect(home.location).to.equal('/intern/115');
    expect((await agent.get('/en/intern')).location).to.equal('/en/intern/115');
    const page = await agent.get('/intern/115');
    expect(page.status).to.equal(200);
    const links = page
      .$('#kopf .kt-nav__link')
      .map((_, link) => page.$(link).attr('href'))
      .get();
    expect(links).to.deep.equal([
      '/intern/115',
      '/intern/anrufe',
      '/intern/rueckrufe',
      '/intern/briefe',
      '/intern/nachrichten',
    ]);
    for (const link of page.$('main a[href^="/intern"], #kopf a[href^="/intern"]').toArray()) {
      const href = page.$(link).attr('href') ?? '';
      expect((await agent.get(href)).status, href).to.be.lessThan(400);
    }
  });

  it('finds the call-backs and letters of the demonstration', async () => {
    expect((await agent.get('/intern/rueckrufe')).html)
      .to.contain('Rosa Platzhalter')
      .and.contain('030 23125 114');
    const letters = await agent.get('/intern/briefe');
    expect(letters.status).to.equal(200);
    expect(letters.html).to.contain('Schönberg');
  });

  it('who works in one municipality only sees the call-backs of that one', async () => {
    const { database } = app.office;
    const row = await database
      .reader('municipalities')
      .where('slug', 'schoenberg')
      .first<{ id: number } | undefined>('id');
    const local = await signedIn(app, 'hotline', { now: NOW, municipalities: [row?.id ?? 0] });
    const page = await local.get('/intern/rueckrufe');
    expect(page.html).to.contain('Otto Niemand').and.not.contain('Rosa Platzhalter');
    local.close();
  });
});
