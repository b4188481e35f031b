import { expect } from 'chai';
import type { MailServer } from '../../server/config.ts';
import type { WrittenMail } from '../../server/domain/messages/message.ts';
import { createMailer, type MailerOptions } from '../../server/gateways/mail/mailer.ts';
import { outgoingMessage } from '../support/outgoingMessage.ts';
import { PEER_CA, STRANGER_CA, startPeer, type Peer, type PeerBehaviour } from '../support/smtpPeer.ts';

const MAIL: WrittenMail = { subject: 'Ihr Termin', text: 'Guten Tag,\n\nIhr Termin.\n', html: null, calendar: null };
const LOGIN = { username: 'buero', password: 'streng-geheim' };

describe('The mail gateway', () => {
  const peers: Peer[] = [];
  const mailers: { close(): void }[] = [];

  afterEach(async () => {
    for (const mailer of mailers.splice(0)) mailer.close();
    await Promise.all(peers.splice(0).map((peer) => peer.stop()));
  });

  async function peerThat(behaviour: PeerBehaviour = {}): Promise<Peer> {
    const peer = await startPeer(behaviour);
    peers.push(peer);
    return peer;
  }

  /** One that trusts the peer's certificate and sends through it. */
  function mailerTo(relay: MailServer | null, changes: Partial<MailerOptions> = {}) {
    const warnings: object[] = [];
    const mailer = createMailer({
      relayOf: () => Promise.resolve(relay),
      host: 'koffer.example.de',
      log: { warn: (fields) => warnings.push(fields) },
      now: () => Date.parse('2026-12-02T12:00:00Z'),
      ca: PEER_CA,
      ...changes,
    });
    mailers.push(mailer);
    return { ...mailer, warnings };
  }

  describe('towards a mail server', () => {
    it('sends over STARTTLS, after signing in, in its own name', async () => {
      const peer = await peerThat({ users: { buero: LOGIN.password } });
      const { send } = mailerTo(peer.relay({ login: LOGIN }));
      expect(await send(outgoingMessage(), MAIL)).to.deep.equal({ kind: 'sent' });
      expect(peer.messages).to.have.length(1);
      expect(peer.messages[0]).to.deep.include({
        from: 'buergerbuero@meerane.example',
        to: ['erika.mustermann@example.de'],
        client: 'koffer.example.de',
        secure: true,
        user: 'buero',
      });
      expect(peer.passwords).to.deep.equal([{ password: LOGIN.password, secure: true }]);
      expect(peer.commands.slice(0, 3).map((line) => line.split(' ')[0])).to.deep.equal(['EHLO', 'STARTTLS', 'EHLO']);
    });

    it('sends over TLS from the first byte', async () => {
      const peer = await peerThat({ security: 'tls', users: { buero: LOGIN.password } });
      const { send } = mailerTo(peer.relay({ login: LOGIN }));
      expect(await send(outgoingMessage(), MAIL)).to.deep.equal({ kind: 'sent' });
      expect(peer.messages[0]).to.deep.include({ secure: true, user: 'buero' });
    });

    it('sends without TLS on the same machine only', async () => {
      const peer = await peerThat({ security: 'none' });
      expect(await mailerTo(peer.relay()).send(outgoingMessage(), MAIL)).to.deep.equal({ kind: 'sent' });
      const elsewhere = await mailerTo(peer.relay({ host: '127.0.0.2' })).send(outgoingMessage(), MAIL);
      expect(elsewhere).to.deep.equal({ kind: 'down', reason: 'tls: No encryption to another machine' });
      expect(peer.connections()).to.equal(1);
    });

    it('sends several messages over one connection, and after it has ended over another', async () => {
      const peer = await peerThat();
      const { send } = mailerTo(peer.relay());
      for (let id = 1; id <= 3; id++) await send(outgoingMessage({ id }), MAIL);
      expect(peer.connections()).to.equal(1);
      peer.hangUp();
      expect(await send(outgoingMessage({ id: 4 }), MAIL)).to.deep.equal({ kind: 'sent' });
      expect(peer.connections()).to.equal(2);
      expect(peer.messages).to.have.length(4);
    });

    it('sends messages at the same time, each once', async () => {
      const peer = await peerThat();
      const { send } = mailerTo(peer.relay());
      const keys = Array.from({ length: 8 }, (_, index) => `key-number-${index}-0123456`);
      const deliveries = await Promise.all(keys.map((key) => send(outgoingMessage({ key }), MAIL)));
      expect(deliveries).to.deep.equal(keys.map(() => ({ kind: 'sent' })));
      const ids = peer.messages.map(({ raw }) => /^Message-ID: <([^@]+)@/im.exec(raw)?.[1]);
      expect(ids.sort()).to.deep.equal(keys);
    });

    it('uses no connection that belongs to other settings', async () => {
      const peer = await peerThat({ users: { buero: LOGIN.password, amt: 'anders' } });
      let login = LOGIN;
      const { send } = mailerTo(null, { relayOf: () => Promise.resolve(peer.relay({ login })) });
      await send(outgoingMessage(), MAIL);
      login = { username: 'amt', password: 'anders' };
      await send(outgoingMessage(), MAIL);
      expect(peer.messages.map(({ user }) => user)).to.deep.equal(['buero', 'amt']);
    });

    it('ends the connections it keeps when the program ends', async () => {
      const peer = await peerThat();
      const mailer = mailerTo(peer.relay());
      await mailer.send(outgoingMessage(), MAIL);
      expect(peer.commands.at(-1)).to.equal('DATA');
      mailer.close();
      await peer.idle();
      expect(peer.commands.at(-1)).to.equal('QUIT');
    });
  });

  describe('that is refused something', () => {
    async function answers(
      behaviour: PeerBehaviour,
      recipient = 'erika.mustermann@example.de',
    ): Promise<{ delivery: { kind: string; reason?: string }; peer: Peer }> {
      const peer = await peerThat(behaviour);
      return { delivery: await mailerTo(peer.relay()).send(outgoingMessage({ recipient }), MAIL), peer };
    }

    it('gives up a recipient that does not exist, and goes on with the next', async () => {
      const peer = await peerThat({
        onRecipient: (address) =>
          address.startsWith('erika') ? '550 5.1.1 <erika.mustermann@example.de>: User unknown' : undefined,
      });
      const { send, warnings } = mailerTo(peer.relay());
      expect(await send(outgoingMessage(), MAIL)).to.deep.equal({
        kind: 'refused',
        reason: 'recipient: 550 5.1.1 <…>: User unknown',
      });
      expect(await send(outgoingMessage({ recipient: 'max@example.de' }), MAIL)).to.deep.equal({ kind: 'sent' });
      expect(peer.connections()).to.equal(1);
      expect(warnings).to.deep.equal([]);
    });

    it('never repeats whose mailbox it was, with or without the domain', async () => {
      for (const words of [
        'Mailbox Erika.Mustermann is full',
        'no erika.mustermann@example.de',
        '<erika.mustermann>?',
      ]) {
        const { delivery } = await answers({ onRecipient: () => `552 5.2.2 ${words}` });
        expect(delivery.kind).to.equal('refused');
        expect(delivery.reason)
          .to.match(/^recipient: 552 5\.2\.2 /)
          .and.not.match(/mustermann/i);
      }
    });

    for (const [what, behaviour, kind, fault] of [
      ['a recipient not now (greylisting)', { onRecipient: () => '451 4.7.1 Try again later' }, 'later', 'recipient'],
      ['a full mailbox, perhaps for now', { onRecipient: () => '452 4.2.2 Mailbox full' }, 'later', 'recipient'],
      ['a full mailbox for good', { onRecipient: () => '552 5.2.2 Mailbox full' }, 'refused', 'recipient'],
      ['the message itself', { onMessage: () => '554 5.6.0 Looks like spam' }, 'refused', 'message'],
      ['the message for now', { onMessage: () => '451 4.3.0 Temporary failure' }, 'later', 'message'],
      ['the sender', { onSender: () => '553 5.7.1 Sender address rejected' }, 'down', 'sender'],
      ['the sender for now', { onSender: () => '450 4.1.8 Domain not found' }, 'later', 'sender'],
      ['everybody without a login', { onSender: () => '530 5.7.0 Authentication required' }, 'down', 'login'],
      ['to relay', { onRecipient: () => '554 5.7.1 Relay access denied' }, 'later', 'login'],
      ['everything, since it closes', { onRecipient: () => '421 4.3.2 Shutting down' }, 'later', 'connection'],
      ['everything from the first word', { greeting: '554 5.3.2 No service here' }, 'down', 'connection'],
      ['everything from the first word for now', { greeting: '421 4.3.2 Too many' }, 'down', 'connection'],
    ] as const satisfies readonly (readonly [string, PeerBehaviour, string, string])[]) {
      it(`says what it means when the server refuses ${what}`, async () => {
        for (const without of [[], ['PIPELINING']] as const) {
          const { delivery, peer } = await answers({ ...behaviour, without });
          expect(delivery.kind, delivery.reason).to.equal(kind);
          expect(delivery.reason).to.match(new RegExp(`^${fault}: `));
          expect(peer.messages).to.deep.equal([]);
        }
      });
    }

    it('is taken at the next try after a "not now"', async () => {
      const peer = await peerThat({ onRecipient: (_address, times) => (times === 0 ? '451 Try again' : undefined) });
      const { send } = mailerTo(peer.relay());
      expect((await send(outgoingMessage(), MAIL)).kind).to.equal('later');
      expect((await send(outgoingMessage(), MAIL)).kind).to.equal('sent');
    });

    it('refuses addresses that cannot be some without asking anybody', async () => {
      const peer = await peerThat();
      const { send } = mailerTo(peer.relay());
      for (const recipient of [
        'erika',
        'erika@localhost',
        '@example.de',
        'a@b@example.de',
        'erika@example.de>\r\nRCPT TO:<x@y.de',
        'erika@example.de\r\nBcc: x@y.de',
        'erika@192.168.0.1',
        `${'x'.repeat(65)}@example.de`,
      ]) {
        expect(await send(outgoingMessage({ recipient }), MAIL), recipient).to.deep.equal({
          kind: 'refused',
          reason: 'recipient: the address cannot be one',
        });
      }
      expect(peer.connections()).to.equal(0);
    });

    it('writes domains with umlauts as servers know them', async () => {
      const peer = await peerThat();
      await mailerTo(peer.relay()).send(outgoingMessage({ recipient: 'erika@Müller.example' }), MAIL);
      expect(peer.commands).to.include('RCPT TO:<erika@xn--mller-kva.example>');
    });

    it('sends to addresses with umlauts before the @ only where the server knows such', async () => {
      const recipient = 'jörg@example.de';
      const knowing = await answers({}, recipient);
      expect(knowing.delivery).to.deep.equal({ kind: 'sent' });
      expect(knowing.peer.messages[0]?.to).to.deep.equal([recipient]);
      expect(knowing.peer.commands.find((line) => line.startsWith('MAIL'))).to.include(' SMTPUTF8');
      const ignorant = await answers({ without: ['SMTPUTF8'] }, recipient);
      expect(ignorant.delivery).to.deep.equal({
        kind: 'refused',
        reason: 'recipient: the mail server cannot send to this address (no SMTPUTF8)',
      });
      expect(ignorant.peer.commands.some((line) => line.startsWith('MAIL'))).to.equal(false);
    });
  });

  describe('when something breaks', () => {
    it('tries later what broke off in the middle: it may have arrived', async () => {
      const peer = await peerThat({ dropsWithin: 1 });
      const { send } = mailerTo(peer.relay());
      const delivery = await send(outgoingMessage(), MAIL);
      expect(delivery)
        .to.deep.include({ kind: 'later' })
        .and.to.have.property('reason')
        .that.matches(/^connection: /);
      expect(await send(outgoingMessage(), MAIL)).to.deep.equal({ kind: 'sent' });
      expect(peer.messages).to.have.length(1);
    });

    it('tries later what the server took without saying so, with the same Message-ID', async () => {
      const taken: string[] = [];
      const peer = await peerThat({
        onMessage: (raw, times) => {
          taken.push(raw);
          return times === 0 ? 'drop' : undefined;
        },
      });
      const { send } = mailerTo(peer.relay());
      expect((await send(outgoingMessage(), MAIL)).kind).to.equal('later');
      expect((await send(outgoingMessage(), MAIL)).kind).to.equal('sent');
      const ids = taken.map((raw) => /^Message-ID: (.+)\r$/im.exec(raw)?.[1]);
      expect(ids).to.deep.equal(Array(2).fill('<Zm9vYmFyYmF6cXV4-_0123@koffer.example.de>'));
    });

    it('tries later when the server hangs up at a recipient: others may go', async () => {
      const peer = await peerThat({ onRecipient: (_address, times) => (times === 0 ? 'drop' : undefined) });
      const { send } = mailerTo(peer.relay());
      expect((await send(outgoingMessage(), MAIL)).kind).to.equal('later');
      expect((await send(outgoingMessage(), MAIL)).kind).to.equal('sent');
    });

    it('waits only so long for a greeting', async () => {
      const peer = await peerThat({ greeting: 'silent' });
      const { send, warnings } = mailerTo(peer.relay(), { timeouts: { greeting: 40 } });
      const delivery = await send(outgoingMessage(), MAIL);
      expect(delivery).to.deep.equal({ kind: 'down', reason: 'connection: Greeting never received' });
      expect(warnings).to.deep.equal([
        { municipalityId: 1, server: '127.0.0.1', reason: 'connection: Greeting never received' },
      ]);
    });

    it('waits only so long for a connection to stand, whatever the server does', async () => {
      const peer = await peerThat({ greeting: 'silent' });
      const delivery = await mailerTo(peer.relay(), { timeouts: { total: 40 } }).send(outgoingMessage(), MAIL);
      expect(delivery).to.deep.equal({ kind: 'down', reason: 'connection: The connection was closed' });
    });

    it('waits only so long for an answer', async () => {
      for (const timeouts of [{ socket: 300 }, { total: 300 }]) {
        const peer = await peerThat({
          security: 'none',
          onMessage: (_raw, times) => (times === 0 ? undefined : new Promise<undefined>(() => undefined)),
        });
        const { send } = mailerTo(peer.relay(), { timeouts });
        expect((await send(outgoingMessage(), MAIL)).kind).to.equal('sent');
        expect((await send(outgoingMessage(), MAIL)).kind).to.equal('later');
      }
    });

    it('says that a server is not there', async () => {
      const peer = await peerThat();
      const relay = peer.relay();
      await peer.stop();
      const delivery = await mailerTo(relay).send(outgoingMessage(), MAIL);
      expect(delivery)
        .to.deep.include({ kind: 'down' })
        .and.to.have.property('reason')
        .that.matches(/ECONNREFUSED/);
      const nobody = await mailerTo(null).send(outgoingMessage(), MAIL);
      expect(nobody).to.deep.equal({ kind: 'down', reason: 'connection: no mail server is set up' });
    });
  });

  describe('that keeps its secrets', () => {
    for (const security of ['starttls', 'tls'] as const) {
      it(`says nothing to a server whose certificate nobody vouches for (${security})`, async () => {
        const peer = await peerThat({ security, users: { buero: LOGIN.password } });
        const { send } = mailerTo(peer.relay({ login: LOGIN }), { ca: STRANGER_CA });
        const delivery = await send(outgoingMessage(), MAIL);
        expect(delivery)
          .to.deep.include({ kind: 'down' })
          .and.to.have.property('reason')
          .that.matches(/^tls: /);
        expect(peer.passwords).to.deep.equal([]);
        expect(peer.commands.filter((line) => !/^(EHLO|STARTTLS)/.test(line))).to.deep.equal([]);
      });

      it(`says nothing to a server with the certificate of another (${security})`, async () => {
        const peer = await peerThat({ security, certificate: 'stranger', users: { buero: LOGIN.password } });
        const { send } = mailerTo(peer.relay({ login: LOGIN }), { ca: STRANGER_CA });
        const delivery = await send(outgoingMessage(), MAIL);
        expect(delivery)
          .to.deep.include({ kind: 'down' })
          .and.to.have.property('reason')
          .that.matches(/^tls: /);
        expect(peer.passwords).to.deep.equal([]);
        expect(peer.messages).to.deep.equal([]);
      });
    }

    it('sends neither password nor mail where STARTTLS is not to be had', async () => {
      const peer = await peerThat({ security: 'none', users: { buero: LOGIN.password } });
      const { send } = mailerTo(peer.relay({ security: 'starttls', login: LOGIN }));
      const delivery = await send(outgoingMessage(), MAIL);
      expect(delivery)
        .to.deep.include({ kind: 'down' })
        .and.to.have.property('reason')
        .that.matches(/^tls: /);
      expect(peer.passwords).to.deep.equal([]);
      expect(peer.commands.map((line) => line.split(' ')[0])).to.deep.equal(['EHLO', 'STARTTLS']);
    });

    it('says that user or password is wrong, and neither of them', async () => {
      const peer = await peerThat({ users: { buero: 'anders' } });
      const { send, warnings } = mailerTo(peer.relay({ login: LOGIN }));
      const delivery = await send(outgoingMessage(), MAIL);
      expect(delivery).to.deep.equal({ kind: 'down', reason: 'login: 535 5.7.8 Error: authentication failed' });
      expect(JSON.stringify(warnings)).to.not.include(LOGIN.password).and.not.include('erika');
    });

    it('never repeats a password that the server says back', async () => {
      const sent = Buffer.from(LOGIN.password).toString('base64');
      const peer = await peerThat({
        users: { buero: LOGIN.password },
        onSender: () => `550 You said ${LOGIN.password} or ${sent}`,
      });
      const delivery = await mailerTo(peer.relay({ login: LOGIN })).send(outgoingMessage(), MAIL);
      expect(delivery).to.deep.equal({ kind: 'down', reason: 'sender: 550 You said … or …' });
    });

    it('signs in with no empty password, as one that cannot be unsealed is', async () => {
      const peer = await peerThat({ users: { buero: '' } });
      const { send } = mailerTo(peer.relay({ login: { username: 'buero', password: '' } }));
      const delivery = await send(outgoingMessage(), MAIL);
      expect(delivery)
        .to.deep.include({ kind: 'down' })
        .and.to.have.property('reason')
        .that.matches(/^login: /);
      expect(peer.passwords).to.deep.equal([]);
    });
  });

  describe('on trial', () => {
    it('sends over a connection of its own, and leaves none behind', async () => {
      const peer = await peerThat();
      const { send, trial, close } = mailerTo(peer.relay());
      await send(outgoingMessage(), MAIL);
      expect(await trial(peer.relay(), ' admin@example.de ', MAIL)).to.deep.equal({ kind: 'sent' });
      expect(peer.connections()).to.equal(2);
      expect(peer.messages[1]?.to).to.deep.equal(['admin@example.de']);
      close();
      await peer.idle();
      expect(peer.commands.filter((line) => line === 'QUIT')).to.have.length(2);
    });

    it('says where it failed', async () => {
      const peer = await peerThat({ users: { buero: 'anders' } });
      const { trial } = mailerTo(null);
      const faultOf = async (relay: MailServer, to = 'admin@example.de') => {
        const delivery = await trial(relay, to, MAIL);
        return delivery.kind === 'sent' ? 'sent' : delivery.reason.split(':')[0];
      };
      expect(await faultOf(peer.relay({ login: LOGIN }))).to.equal('login');
      expect(await faultOf(peer.relay({ security: 'tls' }))).to.equal('tls');
      expect(await faultOf(peer.relay(), 'admin')).to.equal('recipient');
      expect(await faultOf(peer.relay({ from: { name: '', address: 'amt' } }))).to.equal('sender');
      expect(await faultOf(peer.relay({ host: 'mail.invalid' }))).to.equal('connection');
    });
  });
});
