import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { pino } from 'pino';
import { composeOffice } from '../../server/compose.ts';
import { parseConfig } from '../../server/config.ts';
import { createRelayRepository } from '../../server/data/relayRepository.ts';
import { createSeal } from '../../server/data/seal.ts';
import { hostOf } from '../../server/features/notifications/settings/relayFields.ts';
import { createTrialLimit } from '../../server/features/notifications/settings/trialLimit.ts';
import { startDemoApp, type RunningApp } from '../support/app.ts';
import { expectValidHtml } from '../support/html.ts';
import { seedSmallOffice } from '../support/officeFixture.ts';
import { startPeer, type Peer, type PeerAnswer } from '../support/smtpPeer.ts';
import { signedIn } from '../support/staff.ts';
import { createTempDir } from '../support/tempDir.ts';
import { errorsOf, type Answer, type Visitor } from '../support/visitor.ts';

const NOW = Date.parse('2026-11-23T08:00:00Z');
const KEY = 'a key of an installation, long enough';
const PASSWORD = ' Geheim & wichtig ';

/** The program as an office has it that can send: not the demonstration. */
async function startOffice(env: Readonly<Record<string, string>>, now: () => number): Promise<RunningApp> {
  const dir = createTempDir('messages');
  const config = parseConfig({
    HOST: '127.0.0.1',
    TILES_URL: 'none',
    LOG_LEVEL: 'silent',
    DATABASE_FILE: dir.file('office.sqlite'),
    ...env,
  });
  const office = await composeOffice(config, { now, log: pino({ level: 'silent' }) });
  const server = office.app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    office,
    stop: async () => {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      await office.close();
      dir.remove();
    },
  };
}

const RELAY = {
  absendername: 'Stadt Meerane, Bürgerbüro',
  absender: 'termine@meerane.example',
  server: 'Mail.Meerane.example',
  port: '465',
  verschluesselung: 'tls',
  benutzer: 'termine',
  kennwort: PASSWORD,
};
const FORM = '#form-postausgang';
const RULES = '#form-regeln';

describe('How a municipality writes', function () {
  this.timeout(60_000);
  let app: RunningApp;
  let peer: Peer;
  let answer: PeerAnswer;
  let admin: Awaited<ReturnType<typeof signedIn>>;
  let id: number;
  let path: string;
  let now = NOW;

  before(async () => {
    peer = await startPeer({ security: 'none', onRecipient: () => answer });
    app = await startOffice(
      {
        SMTP_URL: `smtp://127.0.0.1:${peer.port}`,
        MAIL_FROM: 'Gemeinsam <gemeinsam@amt.example>',
        PUBLIC_URL: 'https://termine.example',
        SECRET_KEY: KEY,
      },
      () => now,
    );
    id = (await seedSmallOffice(app.office.database, { date: '2026-12-08' })).municipalityId;
    admin = await signedIn(app, 'admin', { municipalities: [id], now: NOW, email: 'petra@meerane.example' });
    path = `/intern/kommunen/${id}/nachrichten`;
  });
  after(async () => {
    admin.close();
    await app.stop();
    await peer.stop();
  });
  beforeEach(async () => {
    answer = undefined;
    now += 120_000;
    await app.office.database.writer('municipality_relays').delete();
    await app.office.database.writer('audit_entries').delete();
  });

  const page = (): Promise<Answer> => admin.get(path);
  const relays = () => createRelayRepository(app.office.database, createSeal(KEY));
  const setUp = async (): Promise<void> => {
    const answered = await admin.submit(await page(), RELAY, FORM);
    expect(answered.status, errorsOf(answered).join(' ')).to.equal(303);
  };
  const history = async (): Promise<string> => JSON.stringify(await app.office.database.reader('audit_entries'));

  it('is one click away from the municipality, and said in both languages', async () => {
    const municipality = await admin.get(`/intern/kommunen/${id}`);
    expect(municipality.$(`a[href="${path}"]`).text()).to.equal('Nachrichten einrichten');
    expect(municipality.html).not.to.contain('erst, wenn Nachrichten');
    for (const prefix of ['', '/en']) {
      const shown = await admin.get(prefix + path);
      expect(shown.status).to.equal(200);
      await expectValidHtml(shown.html, shown.path);
      expect(shown.$('main').text()).to.contain('gemeinsam@amt.example');
    }
  });

  it('is for admins of that municipality', async () => {
    const planner = await signedIn(app, 'planner', { municipalities: [id], now: NOW });
    expect((await planner.get(path)).status).to.equal(403);
    planner.close();
    expect((await admin.get('/intern/kommunen/999/nachrichten')).status).to.equal(404);
    expect((await admin.post('/intern/kommunen/999/nachrichten', { teil: 'regeln' })).status).to.equal(404);
    expect((await admin.post('/intern/kommunen/999/probenachricht', { an: 'a@b.example' })).status).to.equal(404);
  });

  it('keeps an own mail server, and shows everything of it but the password', async () => {
    await setUp();
    expect(await relays().relayOf(id)).to.deep.equal({
      host: 'mail.meerane.example',
      port: 465,
      security: 'tls',
      login: { username: 'termine', password: PASSWORD },
      from: { name: RELAY.absendername, address: RELAY.absender },
      replyTo: null,
    });
    const shown = await page();
    await expectValidHtml(shown.html, shown.path);
    expect(shown.$('main').text()).to.contain('eigenen Postausgang mail.meerane.example');
    expect(shown.$('#kennwort').attr('value')).to.equal('');
    expect(shown.html).not.to.contain('Geheim');
    expect(await history())
      .to.contain('geändert')
      .and.not.to.contain('Geheim');
  });

  it('keeps the password when its field is left empty, and saves nothing twice', async () => {
    await setUp();
    const before = await page();
    const entries = (await app.office.database.reader('audit_entries')).length;
    expect((await admin.submit(before, {}, FORM)).status).to.equal(303);
    expect(await app.office.database.reader('audit_entries')).to.have.length(entries);
    expect((await admin.submit(before, { port: '587', verschluesselung: 'starttls' }, FORM)).status).to.equal(303);
    expect((await admin.submit(before, { port: '587', verschluesselung: 'starttls' }, FORM)).status).to.equal(303);
    expect((await relays().relayOf(id))?.login?.password).to.equal(PASSWORD);
    await admin.submit(await page(), { kennwort_loeschen: '1' }, FORM);
    expect((await relays().stored(id))?.password).to.equal('none');
  });

  it('sends a kept password to no other server', async () => {
    await setUp();
    for (const other of [{ server: 'mail.woanders.example' }, { benutzer: 'jemand' }]) {
      const refused = await admin.submit(await page(), other, FORM);
      expect(refused.status).to.equal(422);
      expect(refused.$('#kennwort-fehler').text()).to.contain('Bitte geben Sie auch das Kennwort ein');
    }
    expect(await relays().stored(id)).to.include({ host: 'mail.meerane.example', username: 'termine' });
  });

  it('says what is wrong with a mail server, and keeps what was typed except the password', async () => {
    const refused = await admin.submit(
      await page(),
      { ...RELAY, absender: 'kein@', server: '127.0.0.1', port: '70000', verschluesselung: 'keine' },
      FORM,
    );
    expect(refused.status).to.equal(422);
    await expectValidHtml(refused.html, refused.path);
    expect(refused.$('title').text()).to.match(/^Fehler: /);
    for (const field of ['absender', 'server', 'port', 'verschluesselung']) {
      expect(refused.$(`#${field}-fehler`).length, field).to.equal(1);
    }
    expect(refused.$('#absendername').attr('value')).to.equal(RELAY.absendername);
    expect(refused.$('#server').attr('value')).to.equal('127.0.0.1');
    expect(refused.html).not.to.contain('Geheim');
    expect(await relays().stored(id)).to.equal(null);
    const alone = await admin.submit(await page(), { ...RELAY, benutzer: '' }, FORM);
    expect(alone.$('#kennwort-fehler').text()).to.contain('gehört ein Benutzername');
  });

  it('takes names of servers only, in the spelling of certificates', () => {
    expect(hostOf('Mail.Bürgeramt.de')).to.equal('mail.xn--brgeramt-65a.de');
    for (const text of ['localhost', '127.0.0.1', '2130706433', '0x7f.1', '[::1]', 'mail', 'a b.de', 'x@mail.de']) {
      expect(hostOf(text), text).to.equal(null);
    }
    for (const text of ['mail.de/x', 'mail.de:25', 'mail.localhost', '-a.de', 'a..de', '']) {
      expect(hostOf(text), text).to.equal(null);
    }
  });

  it('tells who opened the form earlier that somebody else has changed it', async () => {
    await setUp();
    const early = await page();
    await admin.submit(await page(), { port: '587', kennwort: '' }, FORM);
    const stale = await admin.submit(early, { absendername: 'Anders' }, FORM);
    expect(stale.status).to.equal(422);
    expect(stale.$('main').text()).to.contain('hat das inzwischen geändert');
    expect(stale.$('.kt-stored').text()).to.contain('587');
    expect(stale.$('#absendername').attr('value')).to.equal('Anders');
    expect((await admin.submit(stale, {}, FORM)).status).to.equal(303);
    expect((await relays().stored(id))?.fromName).to.equal('Anders');
  });

  it('gives up its own mail server when that is meant', async () => {
    await setUp();
    const shown = await page();
    expect((await admin.submit(shown, {}, '#form-entfernen')).status).to.equal(422);
    expect((await admin.submit(shown, { sicher: '1' }, '#form-entfernen')).status).to.equal(303);
    expect((await admin.submit(shown, { sicher: '1' }, '#form-entfernen')).status, 'twice').to.equal(303);
    expect(await relays().stored(id)).to.equal(null);
    expect((await page()).$('#form-entfernen').length).to.equal(0);
  });

  it('decides what is sent', async () => {
    const shown = await page();
    expect(shown.$('main').text())
      .to.contain('nach 60 Minuten verfällt er')
      .and.to.contain('24 Stunden vor dem Termin');
    expect(shown.$('#sms-hinweis').text()).to.contain('erst, wenn die Installation');
    const saved = await admin.submit(shown, { bestaetigen: '1', sms: '1', erinnern: '' }, RULES);
    expect(saved.status).to.equal(303);
    expect(await relays().rules(id)).to.include({ confirmsEmail: true, sendsReminders: false, sendsSms: true });
    expect(await history()).to.contain('Vor dem Termin erinnern');
    const stale = await admin.submit(shown, { erinnern: '1' }, RULES);
    expect(stale.status).to.equal(422);
    expect(stale.$('.kt-stored').text()).to.contain('E-Mail-Adresse bestätigen');
    expect((await admin.submit(stale, {}, RULES)).status).to.equal(303);
    expect(await relays().rules(id)).to.include({ confirmsEmail: false, sendsReminders: true, sendsSms: false });
  });

  describe('on trial', () => {
    const trial = async (to?: string): Promise<Answer> =>
      admin.submit(await page(), to === undefined ? {} : { an: to }, '#form-probe');

    it('sends to the one who asks', async () => {
      const sent = await trial();
      expect(sent.status).to.equal(303);
      expect((await admin.follow(sent)).$('main').text()).to.contain('Probenachricht an petra@meerane.example');
      expect(peer.messages.at(-1)?.to).to.deep.equal(['petra@meerane.example']);
    });

    it('says what went wrong, with the words of the server', async () => {
      answer = '550 5.1.1 No such user here';
      const failed = await trial('niemand@meerane.example');
      expect(failed.status).to.equal(422);
      await expectValidHtml(failed.html, failed.path);
      expect(failed.$('#probe [role="alert"]').text()).to.contain('nimmt diesen Empfänger nicht an');
      expect(failed.$('#probe [role="alert"]').is('[autofocus][data-kt-autofocus]'), 'far below: led there').to.equal(
        true,
      );
      expect(failed.$('#probe details').text()).to.contain('550 5.1.1 No such user here');
      expect(failed.$('#an').attr('value')).to.equal('niemand@meerane.example');
      answer = '451 4.7.1 Try again later';
      expect((await trial()).$('#probe [role="alert"]').text()).to.contain('im Moment nicht');
      const led = await admin.get(`/intern/kommunen/${id}/probenachricht`);
      expect(led.location).to.equal(path);
    });

    it('wants an address', async () => {
      const refused = await trial('petra');
      expect(refused.status).to.equal(422);
      expect(refused.$('#an-fehler').length).to.equal(1);
    });

    it('is for five mails a minute', async () => {
      const before = peer.messages.length;
      for (let count = 0; count < 5; count += 1) expect((await trial()).status).to.equal(303);
      expect((await trial()).$('#probe [role="alert"]').text()).to.contain('warten Sie eine Minute');
      expect(peer.messages.length).to.equal(before + 5);
      now += 60_000;
      expect((await trial()).status).to.equal(303);
      const limit = createTrialLimit();
      expect([1, 2, 3, 4, 5, 6].map(() => limit.take(1, NOW))).to.deep.equal([true, true, true, true, true, false]);
      expect(limit.take(2, NOW), 'somebody else').to.equal(true);
    });
  });
});

describe('How a municipality of the demonstration writes', function () {
  this.timeout(60_000);

  it('keeps no password and sends no trial', async () => {
    const app = await startDemoApp({ now: () => NOW });
    const admin: Visitor = await signedIn(app, 'admin', { now: NOW });
    const found = await app.office.database.reader<{ id: number }>('municipalities').first('id');
    const id = found?.id ?? 0;
    const page = await admin.get(`/intern/kommunen/${id}/nachrichten`);
    await expectValidHtml(page.html, page.path);
    expect(page.$('main').text()).to.contain('In der Vorführung wird nichts verschickt');
    expect(page.$('#form-probe').length).to.equal(0);
    const refused = await admin.submit(page, RELAY, FORM);
    expect(refused.$('#kennwort-fehler').text()).to.contain('kein Kennwort gespeichert');
    const trial = await admin.post(`/intern/kommunen/${id}/probenachricht`, { an: 'a@b.example' });
    expect(trial.status).to.equal(422);
    admin.close();
    await app.stop();
  });
});
