import { domainToASCII } from 'node:url';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { MailServer } from '../../config.ts';
import type { Locale } from '../../domain/booking/office.ts';
import type { WrittenMail } from '../../domain/messages/message.ts';

/** An address as servers take it. */
export interface Mailbox {
  address: string;
  /** The part before the @ is not ASCII: only a server with SMTPUTF8 (RFC 6531) knows what to do with it. */
  international: boolean;
}

/** The address with its domain in ASCII (müller.de → xn--mller-kva.de); null: no server would take it. */
export function mailboxOf(address: string): Mailbox | null {
  const [, local, domain] = /^([^@]+)@([^@]+)$/.exec(address) ?? [];
  const ascii = domainToASCII(domain ?? '');
  if (local === undefined || local.length > 64 || !/^([a-z0-9_-]+\.)+[a-z][a-z0-9-]*$/i.test(ascii)) return null;
  if (/[\s<>"(),:;\\[\]\u0000-\u001f\u007f]/.test(local)) return null;
  return { address: `${local}@${ascii}`, international: /[^\u0021-\u007e]/.test(local) };
}

export interface Letterhead {
  from: MailServer['from'];
  replyTo: string | null;
  to: { name: string; address: string };
  /** Without < and >. */
  messageId: string;
  locale: Locale;
  /** Epoch milliseconds. */
  at: number;
}

/**
 * The mail as it goes over the wire: plain text, the same as HTML if there is any, and the calendar file attached.
 *
 * The calendar file is an attachment and not a third alternative: Outlook shows an alternative text/calendar of METHOD
 * PUBLISH instead of the words. Its type names the method, as RFC 6047 wants.
 */
export function composeMail(head: Letterhead, mail: WrittenMail): Promise<Buffer> {
  const { calendar } = mail;
  const composer = new MailComposer({
    from: { name: oneLine(head.from.name), address: head.from.address },
    to: { name: oneLine(head.to.name), address: head.to.address },
    ...(head.replyTo === null ? {} : { replyTo: { name: '', address: oneLine(head.replyTo) } }),
    subject: oneLine(mail.subject),
    date: new Date(head.at),
    messageId: `<${head.messageId}>`,
    headers: {
      // RFC 3834: nobody's out-of-office note is to answer it.
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'Content-Language': head.locale,
    },
    text: mail.text,
    ...(mail.html === null ? {} : { html: mail.html }),
    textEncoding: 'quoted-printable',
    attachments:
      calendar === null
        ? []
        : [
            {
              filename: 'termin.ics',
              contentType: `text/calendar; charset=utf-8; method=${calendar.method}`,
              content: Buffer.from(calendar.content, 'utf8'),
              contentTransferEncoding: 'base64',
            },
          ],
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}

/** As one line, so that it can be no second header. */
function oneLine(words: string): string {
  return words.replace(/[\u0000-\u001f\u007f\u0085\u2028\u2029]+/g, ' ').trim();
}
