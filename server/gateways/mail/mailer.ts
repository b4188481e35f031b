import { randomBytes } from 'node:crypto';
import type { MailServer } from '../../config.ts';
import type { Locale } from '../../domain/booking/office.ts';
import type { Delivery, OutgoingMessage, WrittenMail } from '../../domain/messages/message.ts';
import { composeMail, mailboxOf, type Letterhead } from './compose.ts';
import { faultOfOpening, faultOfSending, type SmtpError } from './faults.ts';
import { MAIL_TIMEOUTS, Session, type MailTimeouts, type SessionOptions } from './session.ts';

export interface MailerOptions {
  /** The server that sends for a municipality; null: none does. */
  relayOf: (municipalityId: number) => Promise<MailServer | null>;
  /** Host name of the installation: in Message-IDs, and what it calls itself. */
  host: string;
  log: { warn(fields: object, message: string): void };
  now: () => number;
  timeouts?: Partial<MailTimeouts>;
  /** Trusted instead of the authorities that Node.js knows; for tests. */
  ca?: string;
}

/** So long a connection is kept for the next message, in milliseconds. */
const KEPT = 15_000;

/** Some servers end a connection after a hundred messages. */
const MOST_PER_CONNECTION = 50;

export interface Mailer {
  /** Two tries of one message have the same Message-ID, by which mail systems know that it is one. */
  send: (message: OutgoingMessage, mail: WrittenMail) => Promise<Delivery>;
  /** Sends a mail on trial, over a connection of its own. A reason begins with a MailFault. */
  trial: (server: MailServer, to: string, mail: WrittenMail, locale?: Locale) => Promise<Delivery>;
  /** Ends the connections that are kept; messages under way are sent. */
  close: () => void;
}

/** Hands mails to the mail servers of municipalities. Never tries twice: that is for the outbox. */
export function createMailer({ relayOf, host, log, now, timeouts, ca }: MailerOptions): Mailer {
  const options: SessionOptions = {
    name: host,
    timeouts: { ...MAIL_TIMEOUTS, ...timeouts },
    ...(ca === undefined ? {} : { ca }),
  };
  /** One idle connection for each server, by all of its settings. */
  const idle = new Map<string, { session: Session; timer: NodeJS.Timeout }>();
  let closed = false;

  function take(key: string): Session | undefined {
    const kept = idle.get(key);
    idle.delete(key);
    clearTimeout(kept?.timer);
    return kept?.session;
  }

  function keep(key: string, session: Session): void {
    if (closed || session.over || session.sent >= MOST_PER_CONNECTION || idle.has(key)) {
      session.quit();
      return;
    }
    const timer = setTimeout(() => take(key)?.quit(), KEPT);
    timer.unref();
    idle.set(key, { session, timer });
  }

  async function deliver(
    server: MailServer,
    to: Letterhead['to'],
    mail: WrittenMail,
    head: { messageId: string; locale: Locale; fresh: boolean },
  ): Promise<Delivery> {
    const recipient = mailboxOf(to.address);
    const sender = mailboxOf(server.from.address);
    if (recipient === null) return { kind: 'refused', reason: 'recipient: the address cannot be one' };
    if (sender === null) return { kind: 'down', reason: 'sender: the address of the sender cannot be one' };
    const hidden = { password: server.login?.password ?? null, recipient: recipient.address };
    const { messageId, locale } = head;
    const raw = await composeMail(
      {
        from: { name: server.from.name, address: sender.address },
        replyTo: server.replyTo,
        to: { name: to.name, address: recipient.address },
        messageId,
        locale,
        at: now(),
      },
      mail,
    );

    const key = JSON.stringify(server);
    const leave = (used: Session): void => (head.fresh ? used.quit() : keep(key, used));
    let session = head.fresh ? undefined : take(key);
    // Closing it ends whatever is waited for below.
    const deadline = setTimeout(() => session?.close(), options.timeouts.total);
    try {
      try {
        await session?.reset();
      } catch {
        session?.close();
        session = undefined; // it had ended while nobody needed it
      }
      if (session === undefined) {
        session = new Session(server, options);
        try {
          await session.open();
        } catch (error) {
          session.close();
          return faultOfOpening(error as SmtpError, hidden);
        }
      }
      if (recipient.international && !session.international) {
        leave(session);
        return { kind: 'refused', reason: 'recipient: the mail server cannot send to this address (no SMTPUTF8)' };
      }
      try {
        await session.send({ from: sender.address, to: recipient.address }, raw);
      } catch (error) {
        const { responseCode } = error as SmtpError;
        if (responseCode === undefined || responseCode === 421) session.close();
        else leave(session);
        return faultOfSending(error as SmtpError, hidden, recipient.international);
      }
      leave(session);
      return { kind: 'sent' };
    } finally {
      clearTimeout(deadline);
    }
  }

  return {
    send: async (message, mail) => {
      const { municipalityId, recipient, appointment } = message;
      const server = await relayOf(municipalityId);
      if (server === null) return { kind: 'down', reason: 'connection: no mail server is set up' };
      const name = [appointment.firstName, appointment.familyName].filter((part) => part !== null).join(' ');
      const delivery = await deliver(server, { name, address: recipient }, mail, {
        messageId: `${message.key}@${domainOfIds(host)}`,
        locale: appointment.locale,
        fresh: false,
      });
      if (delivery.kind === 'down') {
        log.warn({ municipalityId, server: server.host, reason: delivery.reason }, 'mail server sends nothing');
      }
      return delivery;
    },

    trial: (server, to, mail, locale = 'de') => {
      const messageId = `${randomBytes(16).toString('base64url')}@${domainOfIds(host)}`;
      return deliver(server, { name: '', address: to.trim() }, mail, { messageId, locale, fresh: true });
    },

    close: () => {
      closed = true;
      for (const key of [...idle.keys()]) take(key)?.quit();
    },
  };
}

/** An IP address stands in brackets there (RFC 5322, domain-literal). */
function domainOfIds(host: string): string {
  return /^[\d.]+$/.test(host) ? `[${host}]` : host;
}
