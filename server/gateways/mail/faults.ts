import { safeReason } from '../../domain/messages/delivery.ts';
import type { Delivery } from '../../domain/messages/message.ts';

/**
 * Where sending failed. It stands at the beginning of a reason: 'recipient: 550 5.1.1 User unknown'.
 * connection: the server cannot be reached or hangs up; tls: no encryption or a certificate that is not trusted; login:
 * user or password; sender: it does not send for this sender; recipient: not to this one; message: not this one.
 */
export type MailFault = 'connection' | 'tls' | 'login' | 'sender' | 'recipient' | 'message';

/** What nodemailer adds to an error. */
export interface SmtpError extends Error {
  code?: string;
  originalCode?: string;
  /** The whole reply. */
  response?: string;
  responseCode?: number;
  /** 'MAIL FROM', 'RCPT TO', 'DATA'. */
  command?: string;
}

type Failed = Exclude<Delivery, { kind: 'sent' }>;

/** What must not be in a reason. */
export interface Hidden {
  password: string | null;
  /** Null: nobody's yet. */
  recipient: string | null;
}

const TLS_TROUBLE = /CERT|TLS|SSL|SIGNED|UNABLE_TO|EPROTO$/;

/** The server wants a login first (RFC 4954). */
const LOGIN_CODES = [530, 534, 535, 538];

/** A server that sends for others only after a login, or not at all. */
const NO_RELAY =
  /relay(ing)?\s+(access\s+)?(is\s+)?(denied|not (permitted|allowed)|prohibited)|(unable|not permitted|not allowed) to relay|authentication (is )?required/i;

/** Before the session stands nothing about a message has been said: it is no fault of it. */
export function faultOfOpening(error: SmtpError, hidden: Hidden): Failed {
  const codes = [error.code, error.originalCode].filter((code) => code !== undefined);
  const fault: MailFault = codes.some((code) => TLS_TROUBLE.test(code))
    ? 'tls'
    : error.code === 'EAUTH'
      ? 'login'
      : 'connection';
  return { kind: 'down', reason: reasonOf(fault, error, hidden) };
}

/**
 * What a reply to a message means. 5xx: the message or its recipient is refused, but a refused sender or a missing login
 * is the same for all messages. 4xx, also 421: later. A connection that breaks off: later, since a message at which the
 * server always stumbles would else stop all others; it may have arrived, and will come again with its Message-ID.
 * @param international the recipient's address needs SMTPUTF8
 */
export function faultOfSending(error: SmtpError, hidden: Hidden, international: boolean): Failed {
  const { responseCode: code, command } = error;
  const failed = (kind: Failed['kind'], fault: MailFault): Failed => ({ kind, reason: reasonOf(fault, error, hidden) });
  const about: MailFault = command === 'MAIL FROM' ? 'sender' : command === 'RCPT TO' ? 'recipient' : 'message';
  if (code === undefined) {
    // Refused on our side, before a word was said.
    return error.command === 'API' && error.code === 'EENVELOPE'
      ? failed('refused', 'recipient')
      : failed('later', 'connection');
  }
  if (code < 500 || code > 599) return failed('later', code === 421 ? 'connection' : about);
  if (LOGIN_CODES.includes(code)) return failed('down', 'login');
  if (about === 'sender') return international ? failed('refused', 'recipient') : failed('down', 'sender');
  // Perhaps the server takes only some recipients, perhaps the login is missing: others may go, there is time to mend it.
  if (about === 'recipient' && NO_RELAY.test(error.response ?? '')) return failed('later', 'login');
  return failed('refused', about);
}

function reasonOf(fault: MailFault, error: SmtpError, { password, recipient }: Hidden): string {
  let words = error.response ?? error.message;
  if (password !== null && password !== '') {
    words = words.replaceAll(password, '…').replaceAll(Buffer.from(password).toString('base64'), '…');
  }
  // Servers also name the mailbox without its domain: as a word of its own.
  const local = recipient?.slice(0, recipient.lastIndexOf('@')) ?? '';
  if (local.length > 2) {
    const escaped = local.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
    words = words.replace(new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'giu'), '…');
  }
  return safeReason(`${fault}: ${words}`);
}
