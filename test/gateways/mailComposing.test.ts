import { expect } from 'chai';
import ICAL from 'ical.js';
import { simpleParser, type ParsedMail } from 'mailparser';
import type { WrittenMail } from '../../server/domain/messages/message.ts';
import { composeMail, type Letterhead } from '../../server/gateways/mail/compose.ts';
import { createMailer } from '../../server/gateways/mail/mailer.ts';
import { outgoingMessage } from '../support/outgoingMessage.ts';
import { startPeer, type Peer } from '../support/smtpPeer.ts';

const CALENDAR = [
  'BEGIN:VCALENDAR',
  'VERSION:2.0',
  'PRODID:-//Koffertour//DE',
  'METHOD:PUBLISH',
  'BEGIN:VEVENT',
  'UID:1@koffer.example.de',
  'DTSTAMP:20261202T120000Z',
  'DTSTART:20261203T080000Z',
  'SEQUENCE:2',
  'SUMMARY:Bürgerbüro kommt: Meldebestätigung',
  'END:VEVENT',
  'END:VCALENDAR',
  '',
].join('\r\n');

const TEXT = `Guten Tag Jörg Weiß,

${'Wort '.repeat(14)}Ende.
.
Adresse: https://koffer.example.de/termin/K7M2P9-0123456789abcdefghijklmnopqrstuv?weg=mail
=20 bleibt, wie es ist – auch „Anführungszeichen“.
`;

const MAIL: WrittenMail = {
  subject: 'Ihr Termin für „Anmeldung, Ummeldung“ am Donnerstag, 3. Dezember 2026, in Schönberg bei Meerane',
  text: TEXT,
  html: '<!doctype html><html lang="de"><body><p>Guten Tag Jörg Weiß,</p></body></html>',
  calendar: { method: 'PUBLISH', content: CALENDAR },
};

const HEAD: Letterhead = {
  from: { name: 'Bürgerbüro der Stadt Meerane, Außenstelle', address: 'buero@meerane.example' },
  replyTo: 'antwort@meerane.example',
  to: { name: 'Jörg Weiß', address: 'joerg@example.de' },
  messageId: 'Zm9vYmFyYmF6cXV4-_0123@koffer.example.de',
  locale: 'de',
  at: Date.parse('2026-12-02T12:00:00Z'),
};

describe('A mail', () => {
  let peer: Peer;
  before(async () => {
    peer = await startPeer({ security: 'none' });
  });
  after(() => peer.stop());

  /** Sends it through a real server and lets a program that others wrote read it. */
  async function arrives(
    mail: WrittenMail,
    changes: Parameters<typeof outgoingMessage>[0] = {},
    from = HEAD.from,
  ): Promise<{ raw: string; parsed: ParsedMail }> {
    const mailer = createMailer({
      relayOf: () => Promise.resolve(peer.relay({ from, replyTo: HEAD.replyTo })),
      host: 'koffer.example.de',
      log: { warn: () => undefined },
      now: () => HEAD.at,
    });
    expect(await mailer.send(outgoingMessage(changes), mail)).to.deep.equal({ kind: 'sent' });
    mailer.close();
    const raw = peer.messages.at(-1)?.raw ?? '';
    return { raw, parsed: await simpleParser(raw) };
  }

  const named = (firstName: string, familyName: string) => ({
    appointment: { ...outgoingMessage().appointment, firstName, familyName },
  });

  it('says whom it is from, whom to and what about, umlauts and all', async () => {
    const { raw, parsed } = await arrives(MAIL, named('Jörg', 'Weiß'));
    expect(parsed.subject).to.equal(MAIL.subject);
    expect(parsed.from?.value).to.deep.equal([HEAD.from]);
    expect(parsed.to).to.have.deep.nested.property('value', [
      { name: 'Jörg Weiß', address: 'erika.mustermann@example.de' },
    ]);
    expect(parsed.replyTo?.value[0]?.address).to.equal(HEAD.replyTo);
    expect(parsed.date?.getTime()).to.equal(HEAD.at);
    const head = raw.slice(0, raw.indexOf('\r\n\r\n'));
    expect(head, 'only ASCII in the headers').to.match(/^[\t\r\n\u0020-\u007e]+$/);
  });

  it('says that nobody wrote it by hand, in which language, and who it is', async () => {
    const { parsed } = await arrives(MAIL, { appointment: { ...outgoingMessage().appointment, locale: 'en' } });
    expect(parsed.headers.get('auto-submitted')).to.equal('auto-generated');
    expect(parsed.headers.get('x-auto-response-suppress')).to.equal('All');
    expect(parsed.headers.get('content-language')).to.equal('en');
    expect(parsed.messageId).to.equal('<Zm9vYmFyYmF6cXV4-_0123@koffer.example.de>');
    expect(parsed.headers.has('list-unsubscribe')).to.equal(false);
    expect(parsed.headers.has('bcc')).to.equal(false);
  });

  it('has the plain text first, word for word, then the same as HTML, then the calendar file', async () => {
    const { raw, parsed } = await arrives(MAIL);
    expect(parsed.text).to.equal(TEXT);
    expect(parsed.html).to.equal(MAIL.html);
    const types = [...raw.matchAll(/^Content-Type: ([^;\r]+)/gm)].map(([, type]) => type);
    expect(types).to.deep.equal([
      'multipart/mixed',
      'multipart/alternative',
      'text/plain',
      'text/html',
      'text/calendar',
    ]);
  });

  it('has no line that a server could break', async () => {
    const { raw } = await arrives(MAIL, named('Jörg'.repeat(20), 'Weiß'.repeat(30)));
    for (const line of raw.split('\r\n')) {
      expect(line.length, line).to.be.at.most(line.includes('<erika.mustermann') ? 998 : 78);
      expect(line).to.not.match(/[\r\n]/);
    }
  });

  for (const method of ['PUBLISH', 'CANCEL'] as const) {
    it(`brings its calendar file with the method ${method}, byte for byte`, async () => {
      const content = CALENDAR.replace('PUBLISH', method);
      const { raw, parsed } = await arrives({ ...MAIL, calendar: { method, content } });
      const [file] = parsed.attachments;
      expect(parsed.attachments).to.have.length(1);
      expect(file?.filename).to.equal('termin.ics');
      expect(file?.contentType).to.equal('text/calendar');
      expect(file?.contentDisposition).to.equal('attachment');
      expect(file?.content.toString('utf8')).to.equal(content);
      const [type = ''] = /^Content-Type: text\/calendar(?:.*\r\n[ \t])*.*/m.exec(raw) ?? [];
      const parameters = Object.fromEntries(
        [...type.matchAll(/;\s*([a-z]+)="?([^";\r]+)"?/g)].map(([, name = '', value = '']) => [name, value]),
      );
      expect(parameters).to.deep.equal({ charset: 'utf-8', method, name: 'termin.ics' });
      const calendar = new ICAL.Component(
        ICAL.parse(file?.content.toString('utf8') ?? '') as [string, unknown[], unknown[]],
      );
      expect(calendar.getFirstPropertyValue('method')).to.equal(method);
      expect(calendar.getFirstSubcomponent('vevent')?.getFirstPropertyValue('sequence')).to.equal(2);
    });
  }

  it('is plain text alone where it has neither HTML nor a calendar file', async () => {
    const { raw, parsed } = await arrives({ ...MAIL, html: null, calendar: null });
    expect(parsed.text).to.equal(TEXT);
    expect(parsed.html).to.equal(false);
    expect(raw).to.match(/^Content-Type: text\/plain; charset=utf-8\r$/m);
  });

  it('is the same for both tries of a message, but for its inner boundaries', async () => {
    const first = await arrives(MAIL);
    const second = await arrives(MAIL);
    expect(second.parsed.messageId).to.equal(first.parsed.messageId);
    const without = (raw: string) => raw.replace(/--_NmP-[^"\s]+/g, '');
    expect(without(second.raw)).to.equal(without(first.raw));
  });

  it('has no headers but its own, whatever somebody typed', async () => {
    const evil = 'x\r\nBcc: opfer@example.org\r\n\r\nHallo\u2028\u0085';
    const { raw, parsed } = await arrives(
      { ...MAIL, subject: evil },
      named(evil, `"Muster" <mann@example.org>, ${evil}`),
      { name: evil, address: 'buero@meerane.example' },
    );
    expect(peer.messages.at(-1)?.to).to.deep.equal(['erika.mustermann@example.de']);
    expect(parsed.headers.has('bcc')).to.equal(false);
    expect(raw.slice(0, raw.indexOf('\r\n\r\n'))).to.not.match(/^Bcc:/im);
    expect(parsed.subject).to.equal('x Bcc: opfer@example.org Hallo');
    expect(parsed.to).to.have.nested.property('value').that.has.length(1);
    expect(parsed.to).to.have.nested.property('value[0].address', 'erika.mustermann@example.de');
    expect(parsed.from?.value.map(({ address }) => address)).to.deep.equal(['buero@meerane.example']);
    expect(parsed.text).to.equal(TEXT);
  });

  it('fetches nothing for its contents', async () => {
    const raw = (
      await composeMail(HEAD, { ...MAIL, html: '<img src="https://example.org/a.png"><img src="file:///etc/passwd">' })
    ).toString('utf8');
    expect(raw).to.include('https://example.org/a.png').and.not.include('root:');
  });

  it('has nobody but an address where there is no name', async () => {
    const { parsed } = await arrives(MAIL, {
      appointment: { ...outgoingMessage().appointment, firstName: null, familyName: null },
    });
    expect(parsed.to).to.have.deep.nested.property('value', [{ name: '', address: 'erika.mustermann@example.de' }]);
  });
});
